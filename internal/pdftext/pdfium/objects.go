package pdfium

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
)

// objects are those of a file as PDFium writes it anew: not encrypted, not
// packed in streams, no more than one revision.
type objects struct {
	byNumber map[int]object
	root     map[string]object
	info     object
	budget   int
}

// An object is one value of a PDF.
type object struct {
	kind  byte // 'd'ictionary, 'a'rray, 's'tring, 'n'ame, 'r'eference, 'v'alue
	text  string
	dict  map[string]object
	list  []object
	data  []byte // of a stream, as the file has it
	whole int    // of a reference
}

const (
	maxObjects = 2_000_000 // values of one file
	maxDepth   = 60        // of one value, and of what is followed
	maxString  = 64 << 10  // bytes of one string that are kept
)

var errObjects = errors.New("objects cannot be read")

// parseObjects reads the objects of a file one after the other.
func parseObjects(b []byte) (*objects, error) {
	o := &objects{byNumber: map[int]object{}, budget: maxObjects}
	s := scanner{b: b, o: o}
	for s.at < len(b) {
		word := s.word()
		switch {
		case word == "":
			s.at++
		case word == "trailer":
			t, err := s.value(0)
			if err != nil {
				return nil, err
			}
			o.trailer(t)
		case isNumber(word):
			if err := s.indirect(word); err != nil {
				return nil, err
			}
		}
	}
	if o.root == nil {
		return nil, errObjects
	}
	return o, nil
}

func (o *objects) trailer(t object) {
	if root := o.follow(t.dict["Root"]); root.dict != nil {
		o.root, o.info = root.dict, o.follow(t.dict["Info"])
	}
}

// follow returns what a reference means.
func (o *objects) follow(v object) object {
	for range maxDepth {
		if v.kind != 'r' {
			return v
		}
		v = o.byNumber[v.whole]
	}
	return object{}
}

// str returns a string's text, or a name.
func (o *objects) str(v object) string {
	v = o.follow(v)
	if v.kind == 's' {
		return decodeText(v.text)
	}
	return v.text
}

// decodeText reads a text string: UTF-16 or UTF-8 with a mark, or bytes.
func decodeText(s string) string {
	switch {
	case strings.HasPrefix(s, "\xfe\xff"):
		var u []uint16
		for i := 2; i+1 < len(s); i += 2 {
			u = append(u, uint16(s[i])<<8|uint16(s[i+1]))
		}
		return string(utf16.Decode(u))
	case strings.HasPrefix(s, "\xef\xbb\xbf"):
		return strings.ToValidUTF8(s[3:], "\ufffd")
	}
	r := make([]rune, len(s))
	for i := range len(s) {
		r[i] = rune(s[i])
	}
	return string(r)
}

type scanner struct {
	b  []byte
	at int
	o  *objects
}

func white(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isNumber(s string) bool {
	_, err := strconv.Atoi(s)
	return err == nil && len(s) < 11
}

// space skips white space and comments.
func (s *scanner) space() {
	for s.at < len(s.b) {
		switch c := s.b[s.at]; {
		case white(c):
			s.at++
		case c == '%':
			n := bytes.IndexAny(s.b[s.at:], "\r\n")
			if n < 0 {
				n = len(s.b) - s.at
			}
			s.at += n
		default:
			return
		}
	}
}

// word takes letters and digits up to the next delimiter; "" at one.
func (s *scanner) word() string {
	s.space()
	start := s.at
	for s.at < len(s.b) && !white(s.b[s.at]) && strings.IndexByte("()<>[]{}/%", s.b[s.at]) < 0 {
		s.at++
	}
	return string(s.b[start:min(s.at, start+64)])
}

// indirect takes "N G obj VALUE endobj", if that is what follows the number.
func (s *scanner) indirect(number string) error {
	back := s.at
	if gen, obj := s.word(), s.word(); !isNumber(gen) || obj != "obj" {
		s.at = back
		return nil
	}
	v, err := s.value(0)
	if err != nil {
		return err
	}
	back = s.at
	if s.word() == "stream" {
		v.data = s.stream(v)
	} else {
		s.at = back
	}
	n, err := strconv.Atoi(number)
	if err != nil {
		return errObjects
	}
	s.o.byNumber[n] = v
	if v.dict["Type"].text == "XRef" {
		s.o.trailer(v)
	}
	return nil
}

// stream takes the bytes of a stream, whose length is told, or found.
func (s *scanner) stream(v object) []byte {
	if s.at < len(s.b) && s.b[s.at] == '\r' {
		s.at++
	}
	if s.at < len(s.b) && s.b[s.at] == '\n' {
		s.at++
	}
	rest := s.b[s.at:]
	n, err := strconv.Atoi(v.dict["Length"].text)
	if err != nil || n < 0 || n > len(rest) || !bytes.HasPrefix(bytes.TrimLeft(rest[n:], "\r\n "), []byte("endstream")) {
		if n = bytes.Index(rest, []byte("endstream")); n < 0 {
			n = len(rest)
		}
	}
	s.at += n
	return rest[:n]
}

// value takes the next value.
func (s *scanner) value(depth int) (object, error) {
	if s.o.budget--; s.o.budget < 0 || depth > maxDepth {
		return object{}, errTooLong
	}
	s.space()
	if s.at >= len(s.b) {
		return object{}, errObjects
	}
	rest := s.b[s.at:]
	switch {
	case bytes.HasPrefix(rest, []byte("<<")):
		s.at += 2
		return s.dictionary(depth)
	case rest[0] == '<':
		return s.hex(), nil
	case rest[0] == '(':
		return s.literal(), nil
	case rest[0] == '[':
		s.at++
		return s.array(depth)
	case rest[0] == '/':
		return object{kind: 'n', text: s.name()}, nil
	}
	word := s.word()
	if word == "" {
		return object{}, errObjects
	}
	if isNumber(word) { // perhaps of a reference
		back := s.at
		if gen := s.word(); isNumber(gen) && s.word() == "R" {
			n, err := strconv.Atoi(word)
			return object{kind: 'r', whole: n}, err
		}
		s.at = back
	}
	return object{kind: 'v', text: word}, nil
}

func (s *scanner) name() string {
	s.at++
	start := s.at
	for s.at < len(s.b) && !white(s.b[s.at]) && strings.IndexByte("()<>[]{}/%", s.b[s.at]) < 0 {
		s.at++
	}
	raw := string(s.b[start:min(s.at, start+256)])
	var out strings.Builder
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) {
			if c, err := strconv.ParseUint(raw[i+1:i+3], 16, 8); err == nil {
				out.WriteByte(byte(c))
				i += 2
				continue
			}
		}
		out.WriteByte(raw[i])
	}
	return out.String()
}

func (s *scanner) dictionary(depth int) (object, error) {
	v := object{kind: 'd', dict: map[string]object{}}
	for {
		s.space()
		rest := s.b[s.at:]
		switch {
		case bytes.HasPrefix(rest, []byte(">>")):
			s.at += 2
			return v, nil
		case len(rest) == 0 || rest[0] != '/':
			return v, errObjects
		}
		key := s.name()
		e, err := s.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.dict[key] = e
	}
}

func (s *scanner) array(depth int) (object, error) {
	v := object{kind: 'a'}
	for {
		s.space()
		if s.at < len(s.b) && s.b[s.at] == ']' {
			s.at++
			return v, nil
		}
		e, err := s.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.list = append(v.list, e)
	}
}

func (s *scanner) hex() object {
	var digits []byte
	for s.at++; s.at < len(s.b) && s.b[s.at] != '>'; s.at++ {
		if c := s.b[s.at]; !white(c) && len(digits) < 2*maxString {
			digits = append(digits, c)
		}
	}
	s.at = min(s.at+1, len(s.b))
	if len(digits)%2 == 1 {
		digits = append(digits, '0')
	}
	out := make([]byte, 0, len(digits)/2)
	for i := 0; i < len(digits); i += 2 {
		c, err := strconv.ParseUint(string(digits[i:i+2]), 16, 8)
		if err != nil {
			c = '?'
		}
		out = append(out, byte(c))
	}
	return object{kind: 's', text: string(out)}
}

// literal takes a string in parentheses.
func (s *scanner) literal() object {
	s.at++
	var out []byte
	for depth := 1; s.at < len(s.b); s.at++ {
		c := s.b[s.at]
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				s.at++
				return object{kind: 's', text: string(out)}
			}
		case '\\':
			c = s.escaped()
		}
		if len(out) < maxString {
			out = append(out, c)
		}
	}
	return object{kind: 's', text: string(out)}
}

// escaped takes what follows a backslash, and stays on its last byte.
func (s *scanner) escaped() byte {
	if s.at+1 >= len(s.b) {
		return '\\'
	}
	s.at++
	c := s.b[s.at]
	if i := strings.IndexByte("nrtbf", c); i >= 0 {
		return "\n\r\t\b\f"[i]
	}
	if c < '0' || c > '7' {
		return c
	}
	n := int(c - '0')
	for range 2 {
		if s.at+1 >= len(s.b) || s.b[s.at+1] < '0' || s.b[s.at+1] > '7' {
			break
		}
		s.at++
		n = n*8 + int(s.b[s.at]-'0')
	}
	return byte(n & 0xff)
}
