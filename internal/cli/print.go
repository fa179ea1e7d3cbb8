package cli

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"tearline"
)

// width is how many columns the text output keeps to.
const width = 80

// A printer writes text for people: tables, wrapped lines, a little colour.
type printer struct {
	b      strings.Builder
	colour bool
}

func (p *printer) f(format string, args ...any) { fmt.Fprintf(&p.b, format, args...) }

// Styles, as ANSI codes.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

func (p *printer) style(code, s string) string {
	if !p.colour || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// outcome is an outcome in its colour; the word says it all by itself.
func (p *printer) outcome(o tearline.Outcome) string {
	switch o {
	case tearline.Release:
		return p.style(green, "release")
	case tearline.Refer:
		return p.style(yellow, "refer")
	case tearline.Deny:
	}
	return p.style(red, "deny")
}

// basis is a basis in words.
func (p *printer) basis(b tearline.Basis) string {
	switch b {
	case tearline.ByNothing:
		return p.style(red, "NO BASIS")
	case tearline.ByDiscretion:
		return p.style(yellow, "discretion")
	case tearline.ByStandingConsent:
		return "standing consent"
	case tearline.ByMarking, tearline.ByAgreement, tearline.ByDeclassification, tearline.ByConsent:
	}
	return string(b)
}

// wrap writes text in lines of at most width columns: the first begins with
// first, the others with rest.
func (p *printer) wrap(first, rest, text string) {
	line, empty := first, true
	for word := range strings.FieldsSeq(text) {
		if !empty && columns(line)+1+columns(word) > width {
			p.b.WriteString(strings.TrimRight(line, " ") + "\n")
			line, empty = rest, true
		}
		if !empty {
			line += " "
		}
		line += word
		empty = false
	}
	p.b.WriteString(strings.TrimRight(line, " ") + "\n")
}

// table writes rows in columns, each as wide as its widest cell; the last
// column wraps.
func (p *printer) table(rows [][]string) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], columns(cell))
		}
	}
	for _, row := range rows {
		indent := 0
		var first strings.Builder
		for i, cell := range row[:len(row)-1] {
			first.WriteString(cell + strings.Repeat(" ", widths[i]-columns(cell)+2))
			indent += widths[i] + 2
		}
		last := row[len(row)-1]
		switch {
		case indent+columns(last) <= width:
			p.b.WriteString(strings.TrimRight(first.String()+last, " ") + "\n")
		case indent > width/2:
			p.b.WriteString(strings.TrimRight(first.String(), " ") + "\n")
			p.wrap("    ", "    ", last)
		default:
			p.wrap(first.String(), strings.Repeat(" ", indent), last)
		}
	}
}

// columns counts the columns of a cell, styles left out.
func columns(s string) int {
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

// stamp is a time for a reader.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// list joins names with commas.
func list[T ~string](names []T) string {
	s := make([]string, len(names))
	for i, n := range names {
		s[i] = string(n)
	}
	return strings.Join(s, ", ")
}

// count says how many of a thing there are.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%s %s", thousands(n), many)
}

// thousands writes a number with separators.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
