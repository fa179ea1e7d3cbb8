package cli

import (
	"fmt"
	"strings"

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
	p.b.Write(text.Table(nil, rows))
}
