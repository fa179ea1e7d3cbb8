package look

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"io"
)

const (
	pngSign   = "\x89PNG\r\n\x1a\n"
	maxPixels = 1 << 24
)

var be = binary.BigEndian

// chunks are the pieces of a picture: behind which others they stand, and how
// long they are.
var chunks = map[string]struct {
	behind      map[string]bool
	least, most uint64
}{
	"IHDR": {map[string]bool{"": true}, 13, 13},
	"PLTE": {list("IHDR"), 3, 768},
	"tRNS": {list("IHDR PLTE"), 1, 256},
	"IDAT": {list("IHDR PLTE tRNS IDAT"), 0, maxFile},
	"IEND": {list("IDAT"), 0, 0},
}

// png checks a picture: a head, a palette, what is transparent, the pixels,
// the end, and nothing else.
func (g *gather) png(where string, b []byte) {
	rest, ok := bytes.CutPrefix(b, []byte(pngSign))
	if !ok {
		g.foreign("%s is no PNG", where)
		g.keep(string(b[:min(len(b), 1<<16)]))
		g.print(b)
		return
	}
	var head, pixels []byte
	last := ""
	for len(rest) >= 12 && last != "IEND" {
		n := uint64(be.Uint32(rest))
		kind := string(rest[4:8])
		if n+12 > uint64(len(rest)) {
			break
		}
		data := rest[8 : 8+n]
		if crc32.ChecksumIEEE(rest[4:8+n]) != be.Uint32(rest[8+n:]) {
			g.foreign("%s: the sum of chunk %q is wrong", where, kind)
			g.print(rest[8+n : 12+n])
		}
		rest = rest[12+n:]
		c := chunks[kind]
		switch {
		case !c.behind[last] || n < c.least || n > c.most:
			g.foreign("%s: a chunk %q of %d bytes behind %q", where, kind, n, last)
			g.keep(string(data[:min(n, 1<<16)]))
			g.print(data)
		case kind == "IHDR":
			head = data
		case kind == "IDAT":
			pixels = append(pixels, data...)
		default:
			g.print(data)
		}
		last = kind
	}
	g.stray("behind the picture "+where, rest)
	if last != "IEND" || head == nil {
		g.foreign("%s is cut short", where)
		return
	}
	g.pixels(where, head, pixels)
}

// pixels unpacks a picture's rows: as many bytes as its head says, and none
// behind them.
func (g *gather) pixels(where string, head, packed []byte) {
	w, h := uint64(be.Uint32(head)), uint64(be.Uint32(head[4:]))
	channels := map[byte]uint64{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[head[9]]
	if w == 0 || h == 0 || w > maxPixels/h || channels == 0 || head[8] > 8 || !bytes.Equal(head[10:], []byte{0, 0, 0}) {
		g.foreign("%s has a head that no picture of ours has", where)
		g.print(head)
		return
	}
	row := (w*channels*uint64(head[8]) + 7) / 8
	g.packedRows(where, packed, (row+1)*h)
}

// packedRows unpacks rows of pixels, and keeps what can be read in them.
func (g *gather) packedRows(where string, packed []byte, size uint64) {
	if size > uint64(g.rows) { //nolint:gosec // never below 0
		g.foreign("%s: the pictures are larger than any copy's", where)
		g.print(packed)
		return
	}
	g.rows -= int(size) //nolint:gosec // at most maxRows
	r := bytes.NewReader(packed)
	z, err := zlib.NewReader(r)
	if err != nil {
		g.foreign("%s: %v", where, err)
		g.print(packed)
		return
	}
	p := &printed{keep: g.keep}
	n, err := io.Copy(p, io.LimitReader(z, int64(size)+1)) //nolint:gosec // at most 4 bytes a pixel
	p.end()
	if err != nil || uint64(n) != size { //nolint:gosec // a count is positive
		g.foreign("%s has other than the %d bytes of its rows", where, size)
	}
	g.stray("behind the pixels of "+where, packed[len(packed)-r.Len():])
}
