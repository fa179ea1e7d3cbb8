// Package text lays out words for people: lines that are wrapped, cells in
// columns, a little colour. It knows nothing of what the words say, writes
// nowhere, and has no terminal: whoever prints says whether there are colours.
package text

import (
	"fmt"
	"strings"
	"time"
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

// Table appends rows in columns, each as wide as its widest cell; the last
// column wraps. Every row has at least one cell.
func Table(dst []byte, rows [][]string) []byte {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], Columns(cell))
		}
	}
	for _, row := range rows {
		indent := 0
		var first strings.Builder
		for i, cell := range row[:len(row)-1] {
			first.WriteString(cell + strings.Repeat(" ", widths[i]-Columns(cell)+2))
			indent += widths[i] + 2
		}
		last := row[len(row)-1]
		switch {
		case indent+Columns(last) <= Width:
			dst = append(dst, strings.TrimRight(first.String()+last, " ")+"\n"...)
		case indent > Width/2:
			dst = append(dst, strings.TrimRight(first.String(), " ")+"\n"...)
			dst = Wrap(dst, "    ", "    ", last)
		default:
			dst = Wrap(dst, first.String(), strings.Repeat(" ", indent), last)
		}
	}
	return dst
}

// Stamp is a time for a reader.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// List joins names with commas.
func List[T ~string](names []T) string {
	s := make([]string, len(names))
	for i, n := range names {
		s[i] = string(n)
	}
	return strings.Join(s, ", ")
}

// Count says how many of a thing there are.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%s %s", Thousands(n), many)
}

// Thousands writes a number with separators.
func Thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
