package codec

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds the nesting of values that are skipped.
const maxDepth = 64

// A jsonReader reads one JSON text, strictly: it takes nothing for the same
// that is not written the same, where encoding/json folds the case of names,
// lets the last of two values win, and mends what is no UTF-8. Whoever reads a
// line after us, with another library, must read the same report. Its first
// syntax error ends the reading; everything after it would be a guess.
type jsonReader struct {
	s   string
	pos int
	err error // of syntax, at errAt
	// errAt is the byte at fault.
	errAt int
}

// fail notes the first syntax error.
func (r *jsonReader) fail(format string, args ...any) {
	if r.err == nil {
		r.err, r.errAt = fmt.Errorf(format, args...), min(r.pos, len(r.s))
	}
	r.pos = len(r.s)
}

// peek skips white space and returns the next byte, 0 at the end.
func (r *jsonReader) peek() byte {
	for r.pos < len(r.s) {
		switch c := r.s[r.pos]; c {
		case ' ', '\t', '\n', '\r':
			r.pos++
		default:
			return c
		}
	}
	return 0
}

// expect takes one byte.
func (r *jsonReader) expect(c byte) bool {
	if r.peek() != c {
		r.fail("want %q, got %s", string(c), r.describe())
		return false
	}
	r.pos++
	return true
}

// describe says what stands next.
func (r *jsonReader) describe() string {
	switch c := r.peek(); {
	case r.pos >= len(r.s):
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
		c, _ := utf8.DecodeRuneInString(r.s[r.pos:])
		return strconv.QuoteRune(c)
	}
}

// value reports whether a value can follow; the end of the line cannot.
func (r *jsonReader) value() bool {
	if r.peek(); r.pos >= len(r.s) {
		r.fail("the line ends where a value should stand")
		return false
	}
	return true
}

// object reads an object and calls field at each value, which it must read.
func (r *jsonReader) object(field func(name string, at int)) {
	if !r.expect('{') {
		return
	}
	if r.peek() == '}' {
		r.pos++
		return
	}
	for r.err == nil {
		r.peek()
		at := r.pos
		name := r.str()
		if r.err != nil || !r.expect(':') {
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

// array reads a list and calls element at each value, which it must read.
func (r *jsonReader) array(element func()) {
	if !r.expect('[') {
		return
	}
	if r.peek() == ']' {
		r.pos++
		return
	}
	for r.err == nil {
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
func (r *jsonReader) more(end byte) bool {
	if r.err != nil {
		return false
	}
	switch r.peek() {
	case ',':
		r.pos++
		return true
	case end:
		r.pos++
		return false
	}
	r.fail(`want "," or %q, got %s`, string(end), r.describe())
	return false
}

// str reads a string. One without escapes is a part of the line and costs
// nothing.
func (r *jsonReader) str() string {
	if !r.expect('"') {
		return ""
	}
	start := r.pos
	for r.pos < len(r.s) {
		switch c := r.s[r.pos]; {
		case c == '"':
			r.pos++
			return r.s[start : r.pos-1]
		case c == '\\':
			return r.escaped(start)
		case c < ' ':
			r.fail("control character %U in a string", c)
			return ""
		}
		r.pos++
	}
	r.fail("a string that does not end")
	return ""
}

// escaped reads the rest of a string that began at start and has an escape at
// the present byte.
func (r *jsonReader) escaped(start int) string {
	var b strings.Builder
	b.WriteString(r.s[start:r.pos])
	for r.pos < len(r.s) {
		c := r.s[r.pos]
		switch {
		case c == '"':
			r.pos++
			return b.String()
		case c < ' ':
			r.fail("control character %U in a string", c)
			return ""
		case c == '\\':
			r.escape(&b)
		default:
			b.WriteByte(c)
			r.pos++
		}
	}
	r.fail("a string that does not end")
	return ""
}

// escape reads one escape.
func (r *jsonReader) escape(b *strings.Builder) {
	if r.pos+1 >= len(r.s) {
		r.fail("a string that does not end")
		return
	}
	const from, to = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	c := r.s[r.pos+1]
	if i := strings.IndexByte(from, c); i >= 0 {
		b.WriteByte(to[i])
		r.pos += 2
		return
	}
	u, ok := r.unit()
	if !ok {
		r.fail("no such escape in a string")
		return
	}
	if utf16.IsSurrogate(u) {
		r.pos += 6
		low, ok := r.unit()
		if u = utf16.DecodeRune(u, low); !ok || u == utf8.RuneError {
			r.pos -= 6
			r.fail("half of a surrogate pair in a string")
			return
		}
	}
	b.WriteRune(u)
	r.pos += 6
}

// unit reads the four digits of a \u escape without taking them.
func (r *jsonReader) unit() (rune, bool) {
	if r.pos+6 > len(r.s) || r.s[r.pos] != '\\' || r.s[r.pos+1] != 'u' {
		return 0, false
	}
	var u rune
	for _, c := range []byte(r.s[r.pos+2 : r.pos+6]) {
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

// skip reads over a value of any kind.
func (r *jsonReader) skip(depth int) {
	if depth > maxDepth {
		r.fail("values nested deeper than %d", maxDepth)
		return
	}
	switch c := r.peek(); {
	case c == '"':
		r.str()
	case c == '{':
		r.object(func(string, int) { r.skip(depth + 1) })
	case c == '[':
		r.array(func() { r.skip(depth + 1) })
	case c == '-' || c >= '0' && c <= '9':
		r.number()
	default:
		for _, word := range []string{"true", "false", "null"} {
			if strings.HasPrefix(r.s[r.pos:], word) {
				r.pos += len(word)
				return
			}
		}
		r.fail("want a value, got %s", r.describe())
	}
}

// number reads over a number.
func (r *jsonReader) number() {
	digits := func() {
		start := r.pos
		for r.pos < len(r.s) && r.s[r.pos] >= '0' && r.s[r.pos] <= '9' {
			r.pos++
		}
		if r.pos == start {
			r.fail("a number without digits")
		}
	}
	has := func(set string) bool {
		if r.pos < len(r.s) && strings.IndexByte(set, r.s[r.pos]) >= 0 {
			r.pos++
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
