package look

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
)

// A member is one file of a package.
type member struct {
	name                     string
	flags, method            uint16
	stamp, crc, packed, size uint32
	at                       uint32
	data                     []byte
}

var le = binary.LittleEndian

// Signatures, and how long their records are at least.
const (
	localSign, localLen     = 0x04034b50, 30
	centralSign, centralLen = 0x02014b50, 46
	endSign, endLen         = 0x06054b50, 22
	dataSign, dataLen       = 0x08074b50, 16
)

// unzip reads a package from its raw bytes: the members follow each other from
// the first byte without a gap, the directory follows them and says the same as
// they do, and it ends the file.
func (g *gather) unzip(b []byte) []member {
	end := bytes.LastIndex(b, []byte("PK\x05\x06"))
	if end < 0 || len(b)-end < endLen {
		g.stray("that are no package", b)
		return nil
	}
	g.stray("after the end of the package", b[end+endLen:])
	e := b[end:]
	from, size, count := uint64(le.Uint32(e[16:])), uint64(le.Uint32(e[12:])), int(le.Uint16(e[10:]))
	if le.Uint32(e[4:]) != 0 || int(le.Uint16(e[8:])) != count || le.Uint16(e[20:]) != 0 {
		g.foreign("the end of the package counts other than its directory, or has a comment")
	}
	if from+size != uint64(end) || count > maxMembers {
		g.foreign("the directory of the package does not lie before its end")
		g.stray("that are no package", b)
		return nil
	}
	list := g.directory(b[from:end], count)
	slices.SortStableFunc(list, func(x, y member) int { return int(int64(x.at) - int64(y.at)) })
	at := uint64(0)
	for i := range list {
		m := &list[i]
		if uint64(m.at) < at {
			g.foreign("member %q lies in another", m.name)
			break
		}
		if uint64(m.at) > at {
			g.stray(fmt.Sprintf("before member %q", m.name), b[min(at, from):max(min(at, from), min(uint64(m.at), from))])
		}
		if at = g.local(b[:from], m); at == 0 {
			break
		}
		if i > 0 && slices.ContainsFunc(list[:i], func(o member) bool { return o.name == m.name }) {
			g.foreign("member %q twice", m.name)
		}
	}
	g.stray("before the directory", b[min(at, from):from])
	return list
}

// directory reads the central directory.
func (g *gather) directory(b []byte, count int) []member {
	var out []member
	for range count {
		if len(b) < centralLen || le.Uint32(b) != centralSign {
			break
		}
		name, extra, comment := int(le.Uint16(b[28:])), int(le.Uint16(b[30:])), int(le.Uint16(b[32:]))
		if len(b) < centralLen+name+extra+comment {
			break
		}
		m := member{
			name: string(b[centralLen : centralLen+name]), flags: le.Uint16(b[8:]), method: le.Uint16(b[10:]),
			stamp: le.Uint32(b[12:]), crc: le.Uint32(b[16:]), packed: le.Uint32(b[20:]), size: le.Uint32(b[24:]), at: le.Uint32(b[42:]),
		}
		g.keep(m.name)
		g.stray("beside the name in the directory", b[centralLen+name:centralLen+name+extra+comment])
		if le.Uint16(b[34:]) != 0 || le.Uint16(b[36:]) != 0 || le.Uint32(b[38:]) != 0 {
			g.foreign("member %q has attributes", m.name)
		}
		out = append(out, m)
		b = b[centralLen+name+extra+comment:]
	}
	if len(out) != count {
		g.foreign("%d members in the directory, and it says %d", len(out), count)
	}
	g.stray("behind the directory", b)
	return out
}

// Bits of a member's flags: sizes follow the data; the name is UTF-8.
const flagFollows, flagUTF8 = 1 << 3, 1 << 11

// local reads a member where it lies, compares it with the directory, and
// returns where it ends, 0 if it cannot be read.
func (g *gather) local(b []byte, m *member) uint64 {
	at := uint64(m.at)
	if at+localLen > uint64(len(b)) || le.Uint32(b[at:]) != localSign {
		g.foreign("member %q is not where the directory says", m.name)
		return 0
	}
	h := b[at:]
	name, extra := uint64(le.Uint16(h[26:])), uint64(le.Uint16(h[28:]))
	start := localLen + name + extra
	if start+uint64(m.packed) > uint64(len(h)) {
		g.foreign("member %q is cut short", m.name)
		return 0
	}
	if local := string(h[localLen : localLen+name]); local != m.name {
		g.foreign("member %q is called %q in its place", m.name, local)
		g.keep(local)
	}
	g.stray("beside the name of a member", h[localLen+name:start])
	end := start + uint64(m.packed)
	if le.Uint16(h[6:]) != m.flags || m.flags&^(flagFollows|flagUTF8) != 0 || le.Uint16(h[8:]) != m.method || le.Uint32(h[10:]) != m.stamp {
		g.foreign("member %q and the directory do not say the same of it", m.name)
	}
	if m.stamp != 0 {
		g.foreign("member %q has a time", m.name)
	}
	g.unpack(h[start:end], m)
	return at + end + g.sums(h, h[end:], m)
}

// sums checks a member's sum and sizes, in its head or behind its data, and
// returns how many bytes they take there.
func (g *gather) sums(head, behind []byte, m *member) uint64 {
	said, n := head[14:26], uint64(0)
	if m.flags&flagFollows != 0 && bytes.Equal(said, make([]byte, 12)) {
		if len(behind) < dataLen || le.Uint32(behind) != dataSign {
			g.foreign("member %q lacks what follows it", m.name)
			return 0
		}
		said, n = behind[4:dataLen], dataLen
	}
	if le.Uint32(said) != m.crc || le.Uint32(said[4:]) != m.packed || le.Uint32(said[8:]) != m.size {
		g.foreign("the sizes of member %q are not those of the directory", m.name)
	}
	return n
}

// unpack inflates a member, all of it and nothing more.
func (g *gather) unpack(packed []byte, m *member) {
	switch m.method {
	case 0:
		m.data = packed
	case 8:
		r := bytes.NewReader(packed)
		data, err := g.inflate(flate.NewReader(r))
		if m.data = data; err != nil {
			g.foreign("member %q: %v", m.name, err)
			g.print(packed)
			return
		}
		g.stray(fmt.Sprintf("behind the data of member %q", m.name), packed[len(packed)-r.Len():])
	default:
		g.foreign("member %q is packed in a way of its own", m.name)
		g.print(packed)
		return
	}
	if uint64(len(m.data)) != uint64(m.size) || crc32.ChecksumIEEE(m.data) != m.crc {
		g.foreign("member %q is not what the directory says", m.name)
	}
}

// inflate reads all of r, for as long as there is room.
func (g *gather) inflate(r io.Reader) ([]byte, error) {
	var b bytes.Buffer
	n, err := b.ReadFrom(io.LimitReader(r, int64(g.room)+1))
	if g.room -= int(n); g.room < 0 {
		g.room = 0
		return nil, fmt.Errorf("more than %d bytes are packed in the file", maxInflated)
	}
	return b.Bytes(), err
}
