package look

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
)

// What a PDF is made of. A stream has its dictionary and its bytes as they are
// in the file; the other kinds are Go's: bool, float64, nil.
type (
	pdfName   string
	pdfText   string // the bytes of a string
	pdfRef    int
	pdfDict   map[pdfName]any
	pdfList   []any
	pdfWord   string // an operator, or a keyword
	pdfStream struct {
		dict pdfDict
		raw  []byte
	}
)

// A lexer reads the tokens of a PDF, or of what is drawn on a page.
type lexer struct {
	b     []byte
	at    int
	depth int
	count int
	// comment is told of text behind a per cent sign.
	comment func(string)
}

const (
	pdfSpace   = "\x00\t\n\f\r "
	pdfDelimit = "()<>[]{}/%"
)

func (l *lexer) skip() {
	for l.at < len(l.b) {
		switch c := l.b[l.at]; {
		case strings.IndexByte(pdfSpace, c) >= 0:
			l.at++
		case c == '%':
			end := bytes.IndexAny(l.b[l.at:], "\r\n")
			if end < 0 {
				end = len(l.b) - l.at
			}
			l.comment(string(l.b[l.at : l.at+end]))
			l.at += end
		default:
			return
		}
	}
}

// value reads one value; at the end it is nil, with ok false.
func (l *lexer) value() (v any, ok bool, err error) {
	l.skip()
	if l.at >= len(l.b) {
		return nil, false, nil
	}
	l.depth++
	if l.count++; l.depth > maxDepth || l.count > maxValues {
		return nil, false, fmt.Errorf("more than %d values, or more than %d deep", maxValues, maxDepth)
	}
	defer func() { l.depth-- }()
	rest := l.b[l.at:]
	switch {
	case rest[0] == '/':
		v = l.name()
	case rest[0] == '(':
		v, err = l.literal()
	case bytes.HasPrefix(rest, []byte("<<")):
		v, err = l.dict()
	case rest[0] == '<':
		v, err = l.hex()
	case rest[0] == '[':
		v, err = l.list()
	default:
		v, err = l.word()
	}
	return v, err == nil, err
}

func (l *lexer) name() pdfName {
	l.at++
	start := l.at
	l.run()
	raw := string(l.b[start:l.at])
	if !strings.Contains(raw, "#") {
		return pdfName(raw)
	}
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) {
			if n, err := strconv.ParseUint(raw[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(raw[i])
	}
	return pdfName(b.String())
}

// run goes to the end of a token.
func (l *lexer) run() {
	for l.at < len(l.b) && strings.IndexByte(pdfSpace+pdfDelimit, l.b[l.at]) < 0 {
		l.at++
	}
}

func (l *lexer) literal() (pdfText, error) {
	var b strings.Builder
	depth := 0
	for ; l.at < len(l.b); l.at++ {
		c := l.b[l.at]
		switch c {
		case '(':
			if depth++; depth == 1 {
				continue
			}
		case ')':
			if depth--; depth == 0 {
				l.at++
				return pdfText(b.String()), nil
			}
		case '\\':
			l.escaped(&b)
			continue
		}
		b.WriteByte(c)
	}
	return "", fmt.Errorf("a string without an end")
}

// escaped reads what a backslash begins, and stays on its last byte.
func (l *lexer) escaped(b *strings.Builder) {
	l.at++
	if l.at >= len(l.b) {
		return
	}
	c := l.b[l.at]
	if i := strings.IndexByte("nrtbf", c); i >= 0 {
		b.WriteByte("\n\r\t\b\f"[i])
		return
	}
	if c == '\n' {
		return
	}
	if c < '0' || c > '7' {
		b.WriteByte(c)
		return
	}
	n := 0
	for i := 0; i < 3 && l.at < len(l.b) && l.b[l.at] >= '0' && l.b[l.at] <= '7'; i++ {
		n = n*8 + int(l.b[l.at]-'0')
		l.at++
	}
	l.at--
	b.WriteByte(byte(n)) //nolint:gosec // the format drops what is above a byte
}

func (l *lexer) hex() (pdfText, error) {
	end := bytes.IndexByte(l.b[l.at:], '>')
	if end < 0 {
		return "", fmt.Errorf("a string without an end")
	}
	digits := l.b[l.at+1 : l.at+end]
	l.at += end + 1
	out := make([]byte, 0, len(digits)/2)
	half, have := byte(0), false
	for _, c := range digits {
		n := strings.IndexByte("0123456789abcdef", c|0x20)
		switch {
		case n < 0 && strings.IndexByte(pdfSpace, c) >= 0:
		case n < 0 || c < '0':
			return "", fmt.Errorf("a string of hexadecimal digits with %q in it", c)
		case have:
			out, have = append(out, half<<4|byte(n)), false //nolint:gosec // below 16
		default:
			half, have = byte(n), true //nolint:gosec // below 16
		}
	}
	if have {
		out = append(out, half<<4)
	}
	return pdfText(out), nil
}

func (l *lexer) list() (pdfList, error) {
	l.at++
	out := pdfList{}
	for {
		l.skip()
		if l.at < len(l.b) && l.b[l.at] == ']' {
			l.at++
			return out, nil
		}
		v, ok, err := l.value()
		if err != nil || !ok {
			return nil, orEnd(err)
		}
		out = refer(out, v)
	}
}

func orEnd(err error) error {
	if err == nil {
		return fmt.Errorf("a value without an end")
	}
	return err
}

// refer appends a value, and makes "5 0 R" one.
func refer(to pdfList, v any) pdfList {
	if n := len(to); v == pdfWord("R") && n >= 2 {
		object, ok := to[n-2].(float64)
		if zero := to[n-1] == 0.0; ok && zero && object > 0 && object <= maxObjects {
			return append(to[:n-2], pdfRef(int(object)))
		}
	}
	return append(to, v)
}

func (l *lexer) dict() (pdfDict, error) {
	l.at += 2
	var all pdfList
	for {
		l.skip()
		if bytes.HasPrefix(l.b[l.at:], []byte(">>")) {
			l.at += 2
			break
		}
		v, ok, err := l.value()
		if err != nil || !ok {
			return nil, orEnd(err)
		}
		all = refer(all, v)
	}
	out := pdfDict{}
	if len(all)%2 != 0 {
		return nil, fmt.Errorf("a dictionary with a key and no value")
	}
	for i := 0; i < len(all); i += 2 {
		key, ok := all[i].(pdfName)
		if _, twice := out[key]; !ok || twice {
			return nil, fmt.Errorf("a dictionary with the key %v, which is no name or is there twice", all[i])
		}
		out[key] = all[i+1]
	}
	return out, nil
}

// word reads a number, a keyword or an operator.
func (l *lexer) word() (any, error) {
	start := l.at
	l.run()
	if l.at == start { // a delimiter that begins nothing
		return nil, fmt.Errorf("%q where a value should be", l.b[l.at])
	}
	s := string(l.b[start:l.at])
	switch s {
	case "true", "false":
		return s == "true", nil
	case "null":
		return pdfWord(s), nil
	}
	if strings.Trim(s, "+-.0123456789") == "" && len(s) < 32 {
		if n, err := strconv.ParseFloat(s, 64); err == nil {
			return n, nil
		}
	}
	return pdfWord(s), nil
}

// text decodes a string that says something: UTF-16 with its mark, or UTF-8, or
// Latin letters.
func (t pdfText) text() string {
	s := string(t)
	if rest, ok := strings.CutPrefix(s, "\xfe\xff"); ok {
		return fromUTF16(rest)
	}
	if rest, ok := strings.CutPrefix(s, "\xef\xbb\xbf"); ok {
		return rest
	}
	if valid := strings.ToValidUTF8(s, ""); valid == s {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}

func fromUTF16(s string) string {
	u := make([]uint16, 0, len(s)/2)
	for i := 0; i+1 < len(s); i += 2 {
		u = append(u, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return string(utf16.Decode(u))
}
