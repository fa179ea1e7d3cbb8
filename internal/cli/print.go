package cli

import (
	"fmt"
	"strings"
	"time"

	"tearline"
	"tearline/internal/text"
)

// A printer writes text for people: tables, wrapped lines, a little colour.
type printer struct {
	b      strings.Builder
	colour bool
}

func (p *printer) f(format string, args ...any) { fmt.Fprintf(&p.b, format, args...) }

// Styles.
const (
	bold   = text.Bold
	dim    = text.Dim
	red    = text.Red
	green  = text.Green
	yellow = text.Yellow
)

func (p *printer) style(code, s string) string { return text.Style(code, s, p.colour) }

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

// wrap writes text in lines: the first begins with first, the others with
// rest.
func (p *printer) wrap(first, rest, words string) {
	p.b.Write(text.Wrap(nil, first, rest, words))
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
			widths[i] = max(widths[i], text.Columns(cell))
		}
	}
	for _, row := range rows {
		indent := 0
		var first strings.Builder
		for i, cell := range row[:len(row)-1] {
			first.WriteString(cell + strings.Repeat(" ", widths[i]-text.Columns(cell)+2))
			indent += widths[i] + 2
		}
		last := row[len(row)-1]
		switch {
		case indent+text.Columns(last) <= text.Width:
			p.b.WriteString(strings.TrimRight(first.String()+last, " ") + "\n")
		case indent > text.Width/2:
			p.b.WriteString(strings.TrimRight(first.String(), " ") + "\n")
			p.wrap("    ", "    ", last)
		default:
			p.wrap(first.String(), strings.Repeat(" ", indent), last)
		}
	}
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
