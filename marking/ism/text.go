package ism

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"tearline/marking"
)

// Parse reads an attribute string: attributes as an XML tag has them, with or
// without the prefix "ism:" (see the package comment). The error is a
// [marking.Faults] with all that is wrong.
func Parse(s string) (Attributes, error) {
	r := reader{s: s}
	if len(s) > MaxLength {
		r.fault(0, len(s), marking.Fault{Rule: "ism.length", Text: fmt.Sprintf("the attributes are longer than %d bytes", MaxLength)})
		return r.done()
	}
	for r.skip(); r.at < len(s) && len(r.out) <= MaxAttributes; r.skip() {
		if !r.attribute() {
			break // what follows cannot be told apart
		}
	}
	return r.done()
}

// A reader reads an attribute string.
type reader struct {
	builder
	s  string
	at int
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func (r *reader) skip() {
	for r.at < len(r.s) && blank(r.s[r.at]) {
		r.at++
	}
}

// attribute reads one attribute, and reports whether there is sense in going on.
func (r *reader) attribute() bool {
	start := r.at
	for r.at < len(r.s) && r.s[r.at] != '=' && !blank(r.s[r.at]) {
		r.at++
	}
	end := r.at
	x, ok := named(r.s[start:end])
	if !ok {
		r.fault(start, end-start, marking.Fault{
			Rule: "ism.name", Text: quote(r.s[start:end]) + " is no name of an attribute", Hint: `write classification="S" ownerProducer="USA"`,
		})
		return false
	}
	if r.skip(); r.at >= len(r.s) || r.s[r.at] != '=' {
		r.fault(start, end-start, marking.Fault{Rule: "ism.value", Text: quote(r.s[start:end]) + " has no value", Hint: "write = and the value in quotes"})
		return false
	}
	r.at++
	if r.skip(); r.at >= len(r.s) || r.s[r.at] != '"' && r.s[r.at] != '\'' {
		r.fault(start, end-start, marking.Fault{Rule: "ism.value", Text: "the value of " + quote(r.s[start:end]) + " is not in quotes"})
		return false
	}
	from := r.at + 1
	n := strings.IndexByte(r.s[from:], r.s[r.at])
	if n < 0 {
		r.fault(from, 0, marking.Fault{Rule: "ism.value", Text: "the value of " + quote(r.s[start:end]) + " has no closing quote"})
		return false
	}
	x.Value = r.unescape(from, from+n)
	r.at = from + n + 1
	r.add(start, end-start, x)
	if r.at < len(r.s) && !blank(r.s[r.at]) {
		r.fault(r.at, 0, marking.Fault{Rule: "ism.value", Text: "there is no blank after the value of " + quote(r.s[start:end])})
	}
	return true
}

var entities = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}

// unescape returns the value between two places, its references resolved.
func (r *reader) unescape(lo, hi int) string {
	if strings.IndexByte(r.s[lo:hi], '<') >= 0 {
		r.fault(lo+strings.IndexByte(r.s[lo:hi], '<'), 1, marking.Fault{Rule: "ism.value", Text: "a value cannot have < in it", Hint: "write &lt;"})
	}
	var b strings.Builder
	for lo < hi {
		i := strings.IndexByte(r.s[lo:hi], '&')
		if i < 0 {
			break
		}
		b.WriteString(r.s[lo : lo+i])
		lo += i
		c, n := reference(r.s[lo:min(hi, lo+maxReference)])
		if n == 0 {
			r.fault(lo, 1, marking.Fault{Rule: "ism.value", Text: "this & begins no reference", Hint: "write &amp;"})
			n = 1
		}
		b.WriteString(c)
		lo += n
	}
	return b.String() + r.s[lo:hi]
}

// maxReference is the length in bytes of the longest reference that is read.
const maxReference = len("&#x10FFFF;")

// reference returns what the reference at the head of s stands for, and its
// length, 0 if there is none.
func reference(s string) (string, int) {
	end := strings.IndexByte(s, ';')
	if end < 0 {
		return "", 0
	}
	name := s[1:end]
	if c, ok := entities[name]; ok {
		return c, end + 1
	}
	digits, ok := strings.CutPrefix(name, "#")
	if !ok {
		return "", 0
	}
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 21)
	if err != nil || !utf8.ValidRune(rune(n)) {
		return "", 0
	}
	return string(rune(n)), end + 1
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;", "\t", "&#9;", "\n", "&#10;", "\r", "&#13;")

// String returns the attribute string, without prefixes: what [Parse] reads as
// the same attributes.
func (a Attributes) String() string {
	var b strings.Builder
	for i, x := range a {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(x.qualified() + `="` + escaper.Replace(x.Value) + `"`)
	}
	return b.String()
}
