package command

import (
	"fmt"
	"strings"

	"tearline"
	"tearline/internal/text"
)

// A Printer writes text for people: tables, wrapped lines, a little colour.
type Printer struct {
	// Colour says that there are colours.
	Colour bool
	b      strings.Builder
}

// F writes formatted text.
func (p *Printer) F(format string, args ...any) { fmt.Fprintf(&p.b, format, args...) }

// Style is text in one of the styles of package text, where there are colours.
func (p *Printer) Style(code, s string) string { return text.Style(code, s, p.Colour) }

// Outcome is an outcome in its colour; the word says it all by itself.
func (p *Printer) Outcome(o tearline.Outcome) string {
	switch o {
	case tearline.Release:
		return p.Style(text.Green, "release")
	case tearline.Refer:
		return p.Style(text.Yellow, "refer")
	case tearline.Deny:
	}
	return p.Style(text.Red, "deny")
}

// Basis is a basis in words.
func (p *Printer) Basis(b tearline.Basis) string {
	switch b {
	case tearline.ByNothing:
		return p.Style(text.Red, "NO BASIS")
	case tearline.ByDiscretion:
		return p.Style(text.Yellow, "discretion")
	case tearline.ByStandingConsent:
		return "standing consent"
	case tearline.ByMarking, tearline.ByAgreement, tearline.ByDeclassification, tearline.ByConsent:
	}
	return string(b)
}

// Wrap writes text in lines: the first begins with first, the others with
// rest.
func (p *Printer) Wrap(first, rest, words string) {
	p.b.Write(text.Wrap(nil, first, rest, words))
}

// Table writes rows in columns, each as wide as its widest cell; the last
// column wraps.
func (p *Printer) Table(rows [][]string) {
	p.b.Write(text.Table(nil, rows))
}

// String is all that was written.
func (p *Printer) String() string { return p.b.String() }
