package policies

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Blank reports whether c is one.
func Blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// Trim returns the bounds of s[lo:hi] without blanks at its ends.
func Trim(s string, lo, hi int) (int, int) {
	for lo < hi && Blank(s[lo]) {
		lo++
	}
	for lo < hi && Blank(s[hi-1]) {
		hi--
	}
	return lo, hi
}

// Squeeze returns s, which has no blanks at its ends, with one blank for
// several. Marks are mostly written so, and s is then returned as it is.
func Squeeze(s string) string {
	for i := range len(s) {
		if c := s[i]; c != ' ' && Blank(c) || c == ' ' && Blank(s[i+1]) {
			return string(bytes.Join(bytes.Fields([]byte(s)), []byte(" ")))
		}
	}
	return s
}

// Quote quotes what is shown in a fault, and shortens what is long.
func Quote(s string) string {
	const limit = 60
	if len(s) > limit {
		s = strings.ToValidUTF8(s[:limit], "") + "…"
	}
	return fmt.Sprintf("%q", s)
}

// Words returns the words of a text in an order of its own.
func Words(text string) string {
	w := Split(text)
	slices.Sort(w)
	return strings.Join(w, " ")
}

// Split returns the words of a text, or of a list.
func Split(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t,/-", r) })
}

// IsDate reports whether s is a date, YYYY-MM-DD.
func IsDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// Upper returns s with its letters in upper case, those left out whose upper
// case is of another length in bytes, so that places in it stay what they were;
// and from where to where there were others, -1 if there were none.
func Upper(s string) (upper string, first, last int) {
	first, last = -1, -1
	for i := range len(s) {
		if c := s[i]; c >= 'a' && c <= 'z' || c >= utf8.RuneSelf {
			first = i
			break
		}
	}
	if first < 0 {
		return s, -1, -1
	}
	out := []byte(s[:first])
	from := -1
	for i, r := range s[first:] {
		u := unicode.ToUpper(r)
		if u != r && utf8.RuneLen(u) == utf8.RuneLen(r) {
			if from < 0 {
				from = first + i
			}
			last = first + i + utf8.RuneLen(r)
			r = u
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out), from, last
}
