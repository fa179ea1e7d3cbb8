package assemble

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"tearline/codec"
	"tearline/codec/document"
	"tearline/codec/internal/pagenumber"
	"tearline/marking"
)

// findPolicy finds the policy under which the marks are read.
func (a *assembler) findPolicy(blocks []document.Block) {
	if a.draft.Policy.Text == "" {
		for i := range blocks {
			for line := range strings.SplitSeq(blocks[i].Text, "\n") {
				if name, value, ok := headLine(line); ok && name == "policy" {
					a.draft.Policy = codec.Found{Text: value, Where: blocks[i].Where}
				}
			}
			if a.draft.Policy.Text != "" || looksMarked(blocks[i].Text) && blocks[i].Zone == document.Body {
				break
			}
		}
	}
	if a.draft.Policy.Text != "" {
		a.policy, _ = marking.Lookup(a.draft.Policy.Text)
		return
	}
	var can []string
	for _, id := range marking.Policies() {
		if p, ok := marking.Lookup(id); ok && knowsAll(p, blocks) {
			can = append(can, id)
		}
	}
	switch len(can) {
	case 0:
	case 1:
		a.draft.Policy = codec.Found{Text: can[0], Where: "the marks"}
		a.policy, _ = marking.Lookup(can[0])
		a.note("the marks are of the policy %q", can[0])
	default:
		a.draft.Policy = codec.Found{Text: strings.Join(can, " or "), Where: "the marks"}
		a.fault("the document", "give --policy", "the marks could be of the policies %s", strings.Join(can, ", "))
	}
}

func looksMarked(text string) bool {
	mark, _, ok := splitMark(strings.TrimSpace(text))
	return ok && looksLikeMark(mark)
}

// knowsAll reports whether a policy knows every mark of the document, of which
// there is one at least, and no banner stands in its headers that it does not.
func knowsAll(p *marking.Policy, blocks []document.Block) bool {
	n := 0
	for i := range blocks {
		text := strings.TrimSpace(blocks[i].Text)
		mark, _, ok := splitMark(text)
		if blocks[i].Zone != document.Body || !ok || !looksLikeMark(mark) {
			continue
		}
		if m, err := p.Parse(mark); err != nil || m.IsZero() {
			return false
		}
		n++
	}
	for i := range blocks {
		text := strings.TrimSpace(blocks[i].Text)
		if blocks[i].Zone == document.Header && bannerLike.MatchString(text) {
			if m, err := p.Parse(text); err != nil || m.IsZero() {
				return false
			}
		}
	}
	return n > 0
}

// bannerLike finds what can only be a banner.
var bannerLike = regexp.MustCompile(`^[A-Z][A-Z -]{3,}(//[A-Z0-9 ,/-]+)+$|^TLP:[A-Z+]+$`)

// banner takes a line that is a banner by itself.
func (a *assembler) banner(where, text string) bool {
	if a.policy == nil || strings.Contains(text, "\n") || strings.HasPrefix(text, "(") || len(text) > maxMark {
		return false
	}
	m, err := a.policy.Parse(text)
	if err != nil || m.IsZero() || !written(text, m) {
		if bannerLike.MatchString(text) && err != nil {
			a.fault(where, "", "%q is no banner: %v", text, err)
			return true
		}
		return false
	}
	was := a.draft.Banner
	if was.Text == "" {
		a.draft.Banner = codec.Found{Text: text, Where: where}
		return true
	}
	if old, err := a.policy.Parse(was.Text); err == nil && !old.Equal(m) {
		a.fault(where, "let all banners be the roll-up of the portions", "the banner %s, where the %s has %s", text, was.Where, was.Text)
	}
	return true
}

// written reports whether a line is a marking as banners are written, and not a
// word that an abbreviation happens to be.
func written(text string, m marking.Marking) bool {
	fold := func(s string) string { return strings.ToUpper(strings.Join(strings.Fields(s), "")) }
	return fold(text) == fold(m.Banner()) || strings.Contains(text, "//") || len(text) > 4 && text == strings.ToUpper(text)
}

var copyNumber = regexp.MustCompile(`(?i)^copy\s+(no\.?\s*)?[A-Z0-9-]{1,40}(\s+of\s+\d+)?(\s+page\s+\d+\s*(/|of)\s*\d+)?$`)

// furniture takes what stands in a header or footer line by line, and reports
// whether that was all of it; what is left is a portion like any other text.
func (a *assembler) furniture(b *document.Block) bool {
	lines := slices.DeleteFunc(strings.FieldsFunc(b.Text, func(r rune) bool { return r == '\n' || r == '\t' }), func(line string) bool {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || pagenumber.Is(line):
			return true
		case copyNumber.MatchString(line):
			a.note("%s: left out: %s", b.Where, line)
			return true
		}
		return a.banner(b.Where, line) || a.isAuthority(line)
	})
	b.Text = strings.Join(lines, "\n")
	if len(lines) == 0 {
		return true
	}
	b.Form.Styles = nil
	return false
}

// frames reports whether a block says what every copy says.
func frames(text string) bool {
	return strings.HasPrefix(text, "Individually worded copy: ") || strings.HasPrefix(text, "Individual copy: ")
}

// authorityLabels begin the lines of a classification authority block.
var authorityLabels = regexp.MustCompile(`(?i)^(derivatively )?(classified by|derived from|declassify on|reason( for classification)?|classification reason)\s*:`)

// isAuthority takes a block whose lines are those of an authority block.
func (a *assembler) isAuthority(text string) bool {
	lines := strings.Split(text, "\n")
	for _, line := range lines {
		if !authorityLabels.MatchString(strings.TrimSpace(line)) {
			return false
		}
	}
	if len(lines) == 1 && len(a.draft.Portions) == 0 {
		if name, _, ok := headLine(lines[0]); ok && name == "declassify_on" && len(a.authority) == 0 {
			return false // a line of the head
		}
	}
	for _, line := range lines {
		if line = strings.TrimSpace(line); !slices.Contains(a.authority, line) { // on each sheet
			a.authority = append(a.authority, line)
		}
	}
	return true
}

// heads are the lines of a report's head.
var heads = map[string]string{
	"report": "id", "report id": "id", "report no": "id", "report number": "id", "originator": "originator", "policy": "policy", "date": "date",
	"date of report": "dated", "declassify on": "declassify_on", "sources": "sources", "title": "title", "subject": "title", "banner": "banner",
	"classification": "banner", "copy": "copy", "for": "for",
}

// headLine reads a line of the head.
func headLine(line string) (name, value string, ok bool) {
	label, value, ok := strings.Cut(line, ":")
	if !ok {
		return "", "", false
	}
	name, ok = heads[strings.ToLower(strings.Trim(label, " \t.*"))]
	return name, strings.TrimSpace(value), ok && strings.TrimSpace(value) != ""
}

// headLines takes a block of lines of the head.
func (a *assembler) headLines(b *document.Block, text string) bool {
	lines := strings.Split(text, "\n")
	for _, line := range lines {
		if _, _, ok := headLine(line); !ok {
			return false
		}
	}
	for _, line := range lines {
		name, value, _ := headLine(line)
		a.headLine(b, name, value)
	}
	return true
}

func (a *assembler) headLine(b *document.Block, name, value string) {
	if a.ofCopy(b, name) {
		return
	}
	d := &a.draft
	dst := map[string]*codec.Found{
		"id": &d.ID, "originator": &d.Originator, "policy": &d.Policy, "date": &d.Date, "dated": &d.Date, "declassify_on": &d.DeclassifyOn, "title": &d.Title,
	}[name]
	switch name {
	case "id", "originator", "policy":
		value = hyphens.Replace(value)
	case "date", "dated", "declassify_on":
		value = day(hyphens.Replace(value))
	case "banner":
		if !a.banner(b.Where, value) {
			dst = &d.Banner
		}
	case "title":
		if value == "none" {
			a.untitled = true
			return
		}
	case "sources":
		for s := range strings.SplitSeq(hyphens.Replace(value), ",") {
			d.Sources = append(d.Sources, codec.Found{Text: strings.TrimSpace(s), Where: b.Where})
		}
	}
	switch {
	case dst == nil:
	case dst.Text == "":
		*dst = codec.Found{Text: value, Where: b.Where}
	case dst.Text != value:
		a.note("%s says %q; %s says %q, and that is taken", b.Where, value, dst.Where, dst.Text)
	}
}

// ofCopy takes a line that tells of a copy and not of the report: which one it
// is, for whom, and when it was made out.
func (a *assembler) ofCopy(b *document.Block, name string) bool {
	switch {
	case name == "copy":
		a.copied = true
	case name == "for":
	case name == "date" && a.copied:
		a.copied = false // a second one is the report's
	default:
		return false
	}
	a.note("%s: left out: %s", b.Where, strings.ReplaceAll(b.Text, "\n", "; "))
	return true
}

// hyphens are those that typesetters put in the place of the one on keyboards.
var hyphens = strings.NewReplacer("\u2010", "-", "\u2011", "-")

// dayForms are how documents write days.
var dayForms = []string{"2006-01-02", "20060102", "2 January 2006", "January 2, 2006", "2 Jan 2006", "02 JAN 2006", "Jan 2, 2006", "2.1.2006"}

// day writes a date as reports do; what is none stays as it is, and is a fault.
func day(s string) string {
	for _, form := range dayForms {
		if t, err := time.Parse(form, s); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	return s
}
