// Package onfile writes reports as their holder keeps them: whole, with all that
// they say of themselves, so that reading the document gives the same report.
// [Page] is for Word files, PDFs and HTML; [Markdown] is a form that package
// codec reads.
//
// What it writes is for the holder, and for nobody else: copies for others are
// made by package sanitize. It may not read files, the clock or the network, or
// decide anything.
package onfile

import (
	"strings"
	"time"

	"tearline"
	"tearline/codec"
)

// Page returns a report as a page: its head in lines above the first portion,
// below each portion what is said of it beside its text, the text with all its
// alternatives as they were filed.
func Page(r *tearline.Report) codec.Page {
	p := codec.Page{Banner: r.Banner.Banner(), Head: head(r), Unnumbered: true}
	switch t, ok := r.Portion(tearline.TitleID); {
	case ok:
		p.Title = &codec.Item{Mark: t.Marking.Portion(), Text: t.Wording.Source()}
	case r.Title != "":
		p.Title = &codec.Item{Text: r.Title}
	}
	n := 0
	for i := range r.Portions {
		x := &r.Portions[i]
		if x.ID == tearline.TitleID {
			continue
		}
		n++
		p.Items = append(p.Items, codec.Item{Mark: x.Marking.Portion(), Text: x.Wording.Source(), Form: x.Form, Below: attributes(r, x, n)})
	}
	for line := range strings.Lines(r.Authority) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		p.Authority = append(p.Authority, codec.Line{Name: name, Value: strings.TrimSpace(value)})
	}
	return p
}

// head are the lines that a report says of itself.
func head(r *tearline.Report) []codec.Line {
	lines := []codec.Line{
		{Name: "Report", Value: string(r.ID)},
		{Name: "Originator", Value: string(r.Originator)},
		{Name: "Policy", Value: r.Policy},
		{Name: "Date", Value: r.Date.Format(time.DateOnly)},
	}
	if !r.DeclassifyOn.IsZero() {
		lines = append(lines, codec.Line{Name: "Declassify On", Value: r.DeclassifyOn.Format(time.DateOnly)})
	}
	t, titled := r.Portion(tearline.TitleID)
	if titled && len(t.Sources) > 0 { // a title rests on what the whole report does
		lines = append(lines, codec.Line{Name: "Sources", Value: list(t.Sources)})
	}
	if !titled && r.Title == "" {
		// A reader takes a heading that comes first for the title.
		lines = append(lines, codec.Line{Name: "Title", Value: "none"})
	}
	return lines
}

// attributes are what is said of the n-th portion beside its text, where it is
// not what it would be anyway.
func attributes(r *tearline.Report, p *tearline.Portion, n int) []string {
	var out []string
	if p.ID != codec.DefaultID(n) {
		out = append(out, "id: "+string(p.ID))
	}
	if p.Originator != r.Originator {
		out = append(out, "originator: "+string(p.Originator))
	}
	if len(p.Sources) > 0 {
		out = append(out, "sources: "+list(p.Sources))
	}
	if p.Tear != nil {
		out = append(out, "tear "+p.Tear.Marking.Portion()+": "+p.Tear.Wording.Source())
	}
	return out
}

func list(refs []tearline.PortionRef) string {
	out := make([]string, len(refs))
	for i, r := range refs {
		out[i] = r.String()
	}
	return strings.Join(out, ", ")
}
