package article

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

func readText(name string, b []byte) (Article, error) {
	s, err := decode(b)
	if err != nil {
		return Article{}, refuse(name, err.Error(), "save it as UTF-8 text and try again", err)
	}
	return Article{Text: s}, nil
}

var (
	errBinary   = errors.New("is no text, or of a format that is not read here")
	errEncoding = errors.New("its encoding is not certain, and a guess could mangle it")
)

// decode makes UTF-8 of a text in an encoding that is certain: marked at its
// beginning, valid UTF-8, UTF-16 by its zeros, or Windows-1252, of which
// Latin-1 is a part, by how its letters stand.
func decode(b []byte) (string, error) {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		b = b[3:]
		if !utf8.Valid(b) {
			return "", errEncoding
		}
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return decode16(b[2:], binary.LittleEndian)
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return decode16(b[2:], binary.BigEndian)
	}
	if order := zeros(b); order != nil {
		return decode16(b, order)
	}
	if n := controls(b); n > len(b)/200 || bytes.IndexByte(b, 0) >= 0 {
		return "", errBinary
	}
	if utf8.Valid(b) {
		return string(b), nil
	}
	if !western(b) {
		return "", errEncoding
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return "", fmt.Errorf("windows-1252: %w", err)
	}
	return string(out), nil
}

// decode16 reads UTF-16; a unit without its partner makes it no text.
func decode16(b []byte, order binary.ByteOrder) (string, error) {
	if len(b)%2 != 0 {
		return "", errEncoding
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i += 2 {
		r := rune(order.Uint16(b[i:]))
		if utf16.IsSurrogate(r) {
			if i+4 > len(b) {
				return "", errEncoding
			}
			r = utf16.DecodeRune(r, rune(order.Uint16(b[i+2:])))
			i += 2
			if r == utf8.RuneError {
				return "", errEncoding
			}
		}
		if r == 0 {
			return "", errBinary
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out), nil
}

// zeros tells UTF-16 without a mark: of what is written with Latin letters,
// every other byte is zero.
func zeros(b []byte) binary.ByteOrder {
	b = b[:min(len(b), 4096)&^1]
	var at [2]int
	for i, c := range b {
		if c == 0 {
			at[i%2]++
		}
	}
	const few, most = 50, 70 // of a hundred
	half := len(b) / 2
	switch {
	case half < 4:
		return nil
	case at[1]*100 > half*most && at[0]*few <= half:
		return binary.LittleEndian
	case at[0]*100 > half*most && at[1]*few <= half:
		return binary.BigEndian
	}
	return nil
}

// controls counts bytes that no text has.
func controls(b []byte) int {
	n := 0
	for _, c := range b {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b || c == 0x7f {
			n++
		}
	}
	return n
}

// western tells Windows-1252 from the other encodings of one byte a letter:
// in it accents are few and mostly stand alone among plain letters, while of
// Greek, Cyrillic or Arabic whole words are bytes above 127.
func western(b []byte) bool {
	high, letters, run := 0, 0, 0
	for _, c := range b {
		switch {
		case c == 0x81 || c == 0x8d || c == 0x8f || c == 0x90 || c == 0x9d:
			return false // no character of Windows-1252
		case c >= 0xc0:
			high++
			run++
			if run > 2 {
				return false
			}
			continue
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			letters++
		}
		run = 0
	}
	return high*5 <= letters
}

// plainHead makes a head in UTF-16 readable enough to tell what it is.
func plainHead(b []byte) []byte {
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")) || zeros(b) != nil {
		b = bytes.ReplaceAll(bytes.Trim(b, "\xff\xfe"), []byte{0}, nil)
	}
	return b
}
