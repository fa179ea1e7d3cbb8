// Package jsonread reads one JSON text strictly: it takes nothing for the same
// that is not written the same, where encoding/json folds the case of names,
// lets the last of two values win, and mends what is no UTF-8. Whoever reads a
// text after us, with another library, must read the same. It knows nothing of
// what the values mean, and may not read anything but the text it is given.
package jsonread

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds the nesting of values that are skipped.
const maxDepth = 64

// A Reader reads one JSON text from its beginning. Its first syntax error ends
// the reading; everything after it would be a guess. It is not for several
// goroutines.
type Reader struct {
	S   string
	Pos int   // of the next byte
	Err error // of syntax, at ErrAt
	// ErrAt is the byte at fault.
	ErrAt int
}

// Fail notes the first syntax error.
func (r *Reader) Fail(format string, args ...any) {
	if r.Err == nil {
		r.Err, r.ErrAt = fmt.Errorf(format, args...), min(r.Pos, len(r.S))
	}
	r.Pos = len(r.S)
}

// Peek skips white space and returns the next byte, 0 at the end.
func (r *Reader) Peek() byte {
	for r.Pos < len(r.S) {
		switch c := r.S[r.Pos]; c {
		case ' ', '\t', '\n', '\r':
			r.Pos++
		default:
			return c
		}
	}
	return 0
}

// expect takes one byte.
func (r *Reader) expect(c byte) bool {
	if r.Peek() != c {
		r.Fail("want %q, got %s", string(c), r.Describe())
		return false
	}
	r.Pos++
	return true
}

// Describe says what stands next.
func (r *Reader) Describe() string {
	switch c := r.Peek(); {
	case r.Pos >= len(r.S):
		return "the end of the line"
	case c == '"':
		return "a string"
	case c == '{':
		return "an object"
	case c == '[':
		return "a list"
	case c == 't' || c == 'f':
		return "a boolean"
	case c == 'n':
		return "null"
	case c == '-' || c >= '0' && c <= '9':
		return "a number"
	default:
		c, _ := utf8.DecodeRuneInString(r.S[r.Pos:])
		return strconv.QuoteRune(c)
	}
}

// value reports whether a value can follow; the end of the line cannot.
func (r *Reader) value() bool {
	if r.Peek(); r.Pos >= len(r.S) {
		r.Fail("the line ends where a value should stand")
		return false
	}
	return true
}

// Object reads an object and calls field at each value, which it must read.
func (r *Reader) Object(field func(name string, at int)) {
	if !r.expect('{') {
		return
	}
	if r.Peek() == '}' {
		r.Pos++
		return
	}
	for r.Err == nil {
		r.Peek()
		at := r.Pos
		name := r.Str()
		if r.Err != nil || !r.expect(':') {
			return
		}
		if !r.value() {
			return
		}
		field(name, at)
		if !r.more('}') {
			return
		}
	}
}

// Array reads a list and calls element at each value, which it must read.
func (r *Reader) Array(element func()) {
	if !r.expect('[') {
		return
	}
	if r.Peek() == ']' {
		r.Pos++
		return
	}
	for r.Err == nil {
		if !r.value() {
			return
		}
		element()
		if !r.more(']') {
			return
		}
	}
}

// more takes the comma before another member, or the end of the list.
func (r *Reader) more(end byte) bool {
	if r.Err != nil {
		return false
	}
	switch r.Peek() {
	case ',':
		r.Pos++
		return true
	case end:
		r.Pos++
		return false
	}
	r.Fail(`want "," or %q, got %s`, string(end), r.Describe())
	return false
}

// Str reads a string. One without escapes is a part of the line and costs
// nothing.
func (r *Reader) Str() string {
	if !r.expect('"') {
		return ""
	}
	start := r.Pos
	for r.Pos < len(r.S) {
		switch c := r.S[r.Pos]; {
		case c == '"':
			r.Pos++
			return r.S[start : r.Pos-1]
		case c == '\\':
			return r.escaped(start)
		case c < ' ':
			r.Fail("control character %U in a string", c)
			return ""
		}
		r.Pos++
	}
	r.Fail("a string that does not end")
	return ""
}

// escaped reads the rest of a string that began at start and has an escape at
// the present byte.
func (r *Reader) escaped(start int) string {
	var b strings.Builder
	b.WriteString(r.S[start:r.Pos])
	for r.Pos < len(r.S) {
		c := r.S[r.Pos]
		switch {
		case c == '"':
			r.Pos++
			return b.String()
		case c < ' ':
			r.Fail("control character %U in a string", c)
			return ""
		case c == '\\':
			r.escape(&b)
		default:
			b.WriteByte(c)
			r.Pos++
		}
	}
	r.Fail("a string that does not end")
	return ""
}

// escape reads one escape.
func (r *Reader) escape(b *strings.Builder) {
	if r.Pos+1 >= len(r.S) {
		r.Fail("a string that does not end")
		return
	}
	const from, to = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	c := r.S[r.Pos+1]
	if i := strings.IndexByte(from, c); i >= 0 {
		b.WriteByte(to[i])
		r.Pos += 2
		return
	}
	u, ok := r.unit()
	if !ok {
		r.Fail("no such escape in a string")
		return
	}
	if utf16.IsSurrogate(u) {
		r.Pos += 6
		low, ok := r.unit()
		if u = utf16.DecodeRune(u, low); !ok || u == utf8.RuneError {
			r.Pos -= 6
			r.Fail("half of a surrogate pair in a string")
			return
		}
	}
	b.WriteRune(u)
	r.Pos += 6
}

// unit reads the four digits of a \u escape without taking them.
func (r *Reader) unit() (rune, bool) {
	if r.Pos+6 > len(r.S) || r.S[r.Pos] != '\\' || r.S[r.Pos+1] != 'u' {
		return 0, false
	}
	var u rune
	for _, c := range []byte(r.S[r.Pos+2 : r.Pos+6]) {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		u = u<<4 | rune(c)
	}
	return u, true
}

// Skip reads over a value of any kind.
func (r *Reader) Skip(depth int) {
	if depth > maxDepth {
		r.Fail("values nested deeper than %d", maxDepth)
		return
	}
	switch c := r.Peek(); {
	case c == '"':
		r.Str()
	case c == '{':
		r.Object(func(string, int) { r.Skip(depth + 1) })
	case c == '[':
		r.Array(func() { r.Skip(depth + 1) })
	case c == '-' || c >= '0' && c <= '9':
		r.number()
	default:
		for _, word := range []string{"true", "false", "null"} {
			if strings.HasPrefix(r.S[r.Pos:], word) {
				r.Pos += len(word)
				return
			}
		}
		r.Fail("want a value, got %s", r.Describe())
	}
}

// number reads over a number.
func (r *Reader) number() {
	digits := func() {
		start := r.Pos
		for r.Pos < len(r.S) && r.S[r.Pos] >= '0' && r.S[r.Pos] <= '9' {
			r.Pos++
		}
		if r.Pos == start {
			r.Fail("a number without digits")
		}
	}
	has := func(set string) bool {
		if r.Pos < len(r.S) && strings.IndexByte(set, r.S[r.Pos]) >= 0 {
			r.Pos++
			return true
		}
		return false
	}
	has("-")
	if !has("0") {
		digits()
	}
	if has(".") {
		digits()
	}
	if has("eE") {
		has("+-")
		digits()
	}
}
