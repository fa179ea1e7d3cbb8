// Package text lays out words for people: lines that are wrapped, cells in
// columns, a little colour. It knows nothing of what the words say, writes
// nowhere, and has no terminal: whoever prints says whether there are colours.
package text

import (
	"strings"
	"unicode/utf8"
)

// Width is how many columns the text output keeps to.
const Width = 80

// Styles, as ANSI codes.
const (
	Bold   = "1"
	Dim    = "2"
	Red    = "31"
	Green  = "32"
	Yellow = "33"
)

// Style returns s in a style, if there are colours.
func Style(code, s string, colour bool) string {
	if !colour || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// Columns counts the columns of a text, styles left out.
func Columns(s string) int {
	if strings.IndexByte(s, 0x1b) < 0 {
		return utf8.RuneCountInString(s)
	}
	n := 0
	for s != "" {
		if s[0] == 0x1b {
			if i := strings.IndexByte(s, 'm'); i >= 0 {
				s = s[i+1:]
				continue
			}
		}
		_, size := utf8.DecodeRuneInString(s)
		s = s[size:]
		n++
	}
	return n
}

// Wrap appends text in lines of at most [Width] columns, if its words let it:
// the first begins with first, the others with rest. It looks at each word
// once, for there may be a million lines.
func Wrap(dst []byte, first, rest, text string) []byte {
	from := len(dst)
	dst = append(dst, first...)
	column, empty, indent := Columns(first), true, Columns(rest)
	for word := range strings.FieldsSeq(text) {
		n := Columns(word)
		switch {
		case empty:
		case column+1+n > Width:
			dst = append(append(dst, '\n'), rest...)
			column = indent
		default:
			dst = append(dst, ' ')
			column++
		}
		dst = append(dst, word...)
		column, empty = column+n, false
	}
	if empty {
		dst = append(dst[:from], strings.TrimRight(first, " ")...)
	}
	return append(dst, '\n')
}
