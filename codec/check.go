package codec

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tearline"
	"tearline/marking"
	"tearline/marking/authority"
)

// maxMark bounds what is tried as a mark where none is expected, in bytes.
const maxMark = 512

// dateLayout is how dates are written.
const dateLayout = "2006-01-02"

// A checker turns a draft into a report, or into all of its faults. Markdown
// and JSON Lines share it, so that neither lets in what the other refuses.
type checker struct {
	faultList
	marks  *markCache
	policy *marking.Policy // nil if unknown: then no mark can be read
	draft  *draft
	report tearline.Report
	// own are the sources of the whole report.
	own []tearline.PortionRef
	// pictures are the bytes of all pictures so far.
	pictures int
}

// check returns the draft as a report, or the faults: those already found and
// its own.
func check(d *draft, marks *markCache, found faultList) (*tearline.Report, error) {
	c := &checker{faultList: found, marks: marks, draft: d}
	c.head()
	c.own = c.sources(nil, d.sources)
	c.title()
	if len(d.portions) == 0 && len(c.list) == 0 {
		c.at(d.portionsPlace(), "", "a report has at least one portion")
	}
	c.report.Portions = slices.Grow(c.report.Portions, len(d.portions))
	for i := range d.portions {
		c.report.Portions = append(c.report.Portions, c.portion(&d.portions[i]))
	}
	c.names()
	c.cells()
	c.circles()
	c.banner()
	if err := c.err(); err != nil {
		return nil, err
	}
	return &c.report, nil
}

// portionsPlace is where a missing portion would stand.
func (d *draft) portionsPlace() place {
	p := d.id.at
	p.portion = -1
	if p.where != "" {
		p.where = "the document"
	}
	if p.field != "" {
		p.field = "portions"
	}
	return p
}

// head checks what the report says of itself.
func (c *checker) head() {
	d, r := c.draft, &c.report
	if c.given(d.id, "id") {
		id, err := tearline.ParseReportID(d.id.s)
		c.bad(d.id, err)
		r.ID = id
	}
	if c.given(d.originator, "originator") {
		id, err := tearline.ParsePartyID(d.originator.s)
		c.bad(d.originator, err)
		r.Originator = id
	}
	if c.given(d.policy, "policy") {
		p, ok := marking.Lookup(d.policy.s)
		if !ok {
			c.at(d.policy.at, "known are "+strings.Join(marking.Policies(), ", "), "unknown policy %q", clip(d.policy.s))
		} else {
			c.policy, r.Policy = p, p.ID()
		}
	}
	if c.given(d.date, "date") {
		r.Date = c.day(d.date, "date")
	}
	c.authority()
	if v := d.declassify; v.set && !v.broken {
		if r.DeclassifyOn = c.day(v, "declassify_on"); !r.DeclassifyOn.IsZero() && !r.DeclassifyOn.After(r.Date) {
			c.at(v.at, "file it declassified", "declassify_on %s is not after the report's date", v.s)
		}
	}
}

// authority reads the classification authority block. Its date is that of the
// report's own portions, unless it comes with anything else.
func (c *checker) authority() {
	v := c.draft.authority
	if !v.set || v.broken || strings.TrimSpace(v.s) == "" {
		return
	}
	b, err := authority.Parse(v.s)
	if err != nil {
		c.hidden(v)
		for _, f := range faultsOf(err) {
			x := v.at.fault("authority block: " + f.Text)
			x.Rule, x.Cites, x.Hint = f.Rule, f.Cites, f.Hint
			c.add(x)
		}
		return
	}
	c.report.Authority = strings.TrimSpace(b.String())
	on, d := b.Declassify, &c.draft.declassify
	switch plain := on == (authority.Instruction{Date: on.Date}); {
	case d.set && !d.broken && on.Date != "" && d.s != on.Date:
		c.at(d.at, "let both say the same", "declassify_on %s, and the authority block says %s", clip(d.s), on.Date)
	case !d.set && plain && on.Date != "":
		*d = value{s: on.Date, at: v.at, set: true}
	}
}

// day reads a date.
func (c *checker) day(v value, name string) time.Time {
	t, err := time.Parse(dateLayout, v.s)
	if err != nil {
		c.at(v.at, "write it as 2026-03-04", "%s %q is no day in the form YYYY-MM-DD", name, clip(v.s))
	}
	return t
}

// given reports whether a value that every report has is there.
func (c *checker) given(v value, name string) bool {
	if !v.set {
		hint := ""
		if v.at.where != "" {
			hint = fmt.Sprintf("write %q above the first portion, or give --%s", headName[name]+": …", name)
		}
		c.at(v.at, hint, "the report's %s is missing", name)
	}
	return v.set && !v.broken
}

// headName is how documents without front matter name what a report says of
// itself.
var headName = map[string]string{"id": "Report", "originator": "Originator", "policy": "Policy", "date": "Date"}

// bad adds an error about a value, if there is one.
func (c *checker) bad(v value, err error) {
	if err != nil {
		c.at(v.at, "", "%v", err)
	}
}

// title reads the title. One that begins with a portion mark is a portion.
func (c *checker) title() {
	t := c.draft.title
	c.hidden(t)
	if i := strings.IndexAny(t.s, "\n\r"); i >= 0 {
		c.at(t.place(i), "", "a title is one line")
	}
	mark, rest, ok := splitMark(t)
	if !ok || c.policy == nil {
		c.report.Title = t.s
		return
	}
	m := c.marks.mark(c.policy, mark.s)
	switch {
	case len(m.faults) == 0:
		p := tearline.Portion{ID: tearline.TitleID, Originator: c.report.Originator, Marking: m.marking, Sources: c.own}
		p.Wording = c.wording(rest, "the title")
		c.strayMarks(rest, m.marking)
		c.report.Portions = append(c.report.Portions, p)
	case strings.Contains(mark.s, "//") || c.otherPolicy(mark.s) != "":
		c.markFaults(mark, m.faults)
	default: // "(Re)insurance of airliners" begins with no mark
		c.report.Title = t.s
	}
}

// splitMark parts "(MARK) text"; false if v does not begin with a parenthesis
// that ends.
func splitMark(v value) (mark, rest value, ok bool) {
	i := strings.IndexByte(v.s, ')')
	if i < 0 || v.s[0] != '(' || i > 1<<16 {
		return value{}, value{}, false
	}
	return v.cut(0, i+1), v.cut(i+1, len(v.s)), true
}

// portion checks one portion and returns what there is of it.
func (c *checker) portion(d *draftPortion) tearline.Portion {
	p := tearline.Portion{Originator: c.report.Originator, Unmarked: d.unmarked}
	if d.id.set && !d.id.broken {
		id, err := tearline.ParsePortionID(d.id.s)
		c.bad(d.id, err)
		if id == tearline.TitleID {
			c.at(d.id.at, "put it into the report's title, with its mark before it", "the id %q is kept for the title", id)
		}
		p.ID = id
	}
	if d.originator.set && !d.originator.broken {
		o, err := tearline.ParsePartyID(d.originator.s)
		c.bad(d.originator, err)
		p.Originator = o
	}
	p.Marking = c.mark(d.mark)
	if !d.faulty {
		p.Wording = c.wording(d.text, "the portion")
		c.strayMarks(d.text, p.Marking)
	}
	p.Form = c.form(d, p.Wording)
	p.Sources = c.sources(c.own, d.sources)
	if d.tearText.set && d.tearMark.set {
		p.Tear = &tearline.Tear{Marking: c.mark(d.tearMark), Wording: c.wording(d.tearText, "the tear-line wording")}
		c.strayMarks(d.tearText, p.Tear.Marking)
		if t, m := p.Tear.Marking, p.Marking; !t.IsZero() && !m.IsZero() && t.Level().Rank > m.Level().Rank {
			c.at(d.tearMark.at, "", "the tear-line wording is marked %s, above its portion %s", t.Portion(), m.Portion())
		}
	}
	return p
}

// mark reads a mark under the report's policy and lists its faults.
func (c *checker) mark(v value) marking.Marking {
	if !v.set || v.broken || c.policy == nil {
		return marking.Marking{}
	}
	r := c.marks.mark(c.policy, v.s)
	if len(r.faults) > 0 {
		c.markFaults(v, r.faults)
	}
	return r.marking
}

// markFaults adds the faults of one mark, or says of which policy it is.
func (c *checker) markFaults(v value, fs marking.Faults) {
	if other := c.otherPolicy(v.s); other != "" {
		c.at(v.at, "a report is marked under one policy throughout",
			"%s is a mark of the policy %q, and the report's is %q", v.s, other, c.policy.ID())
		return
	}
	for _, f := range fs {
		x := v.place(f.Offset).fault(f.Text)
		x.Rule, x.Cites, x.Hint = f.Rule, f.Cites, f.Hint
		c.add(x)
	}
}

// otherPolicy returns the first policy but the report's that knows a mark.
func (c *checker) otherPolicy(mark string) string {
	for _, id := range marking.Policies() {
		p, ok := marking.Lookup(id)
		if !ok || id == c.policy.ID() {
			continue
		}
		if m, err := p.Parse(mark); err == nil && !m.IsZero() {
			return id
		}
	}
	return ""
}

// wording reads a text with its alternatives.
func (c *checker) wording(v value, what string) tearline.Wording {
	if v.broken {
		return tearline.Wording{}
	}
	if strings.TrimSpace(v.s) == "" {
		c.at(v.at, "", "%s has no text", what)
		return tearline.Wording{}
	}
	c.hidden(v)
	w, err := tearline.ParseWording(v.s)
	if err != nil {
		text := err.Error()
		off := 0
		// The wording's errors begin with the byte at fault; in Markdown
		// that is a line and a column.
		if n, err := fmt.Sscanf(text, "byte %d:", &off); n == 1 && err == nil && v.at.field == "" {
			_, text, _ = strings.Cut(text, ": ")
		}
		c.at(v.place(min(off, len(v.s))), "", "%s", text)
	}
	return w
}

// strayMarks refuses a text that begins with a mark other than its own, and one
// in which a later line begins with any: without the blank line between two
// portions, the second would go out under the first one's mark.
func (c *checker) strayMarks(text value, own marking.Marking) {
	if c.policy == nil || own.IsZero() {
		return
	}
	if mark, _, ok := splitMark(text); ok {
		if r := c.marks.mark(c.policy, mark.s); len(r.faults) == 0 && !r.marking.Equal(own) {
			c.at(mark.at, "", "a portion marked %s begins with the mark %s", own.Portion(), mark.s)
		}
	}
	for _, s := range text.spots {
		if s.off > text.offset {
			c.strayMark(text, s.off-text.offset)
		}
	}
	for i := strings.IndexByte(text.s, '\n'); i >= 0 && i < len(text.s); {
		i++
		c.strayMark(text, i)
		n := strings.IndexByte(text.s[i:], '\n')
		if n < 0 {
			break
		}
		i += n
	}
}

// strayMark refuses a mark at the beginning of the line at i of a text.
func (c *checker) strayMark(text value, i int) {
	if i >= len(text.s) || text.s[i] != '(' {
		return
	}
	mark, _, ok := splitMark(text.cut(i, len(text.s)))
	if !ok || len(mark.s) > maxMark {
		return
	}
	if r := c.marks.mark(c.policy, mark.s); len(r.faults) == 0 || strings.Contains(mark.s, "//") {
		c.at(mark.at, "leave a blank line before a portion", "a line inside a portion begins like a portion mark, %s", clip(mark.s))
	}
}

// hidden refuses characters that no reader sees: they could carry text out, or
// part a word so that a search for it misses.
func (c *checker) hidden(v value) {
	for i := 0; i < len(v.s); i++ {
		b := v.s[i]
		if b >= ' ' && b < 0x7f || b == '\n' || b == '\t' {
			continue
		}
		r, n := utf8.DecodeRuneInString(v.s[i:])
		if invisible(r) || r == '\r' && !strings.HasPrefix(v.s[i:], "\r\n") {
			c.at(v.place(i), "take it out: text that hides is not filed", "hidden character %U", r)
			return // one a text is enough to find them
		}
		i += n - 1
	}
}

// shown are the format characters that scripts need or that are seen: joiners
// and marks of direction. Overrides of the direction, which make a line read
// as another, are not among them.
var shown = &unicode.RangeTable{
	R16: []unicode.Range16{{Lo: 0x061c, Hi: 0x061c, Stride: 1}, {Lo: 0x200c, Hi: 0x200f, Stride: 1}},
}

// unseen are the characters beside those that control and format which show
// nothing: grapheme joiner, fillers, line separators that only some programs
// know, tags and supplementary selectors.
var unseen = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x034f, Hi: 0x034f, Stride: 1},
		{Lo: 0x115f, Hi: 0x1160, Stride: 1},
		{Lo: 0x2028, Hi: 0x2029, Stride: 1},
		{Lo: 0x3164, Hi: 0x3164, Stride: 1},
		{Lo: 0xffa0, Hi: 0xffa0, Stride: 1},
	},
	R32: []unicode.Range32{{Lo: 0xe0000, Hi: 0xe0fff, Stride: 1}},
}

// invisible reports whether a character shows nothing and is needed by no
// script.
func invisible(r rune) bool {
	switch {
	case r == '\n' || r == '\t' || r == '\r' || unicode.Is(shown, r):
		return false
	case unicode.Is(unseen, r) || unicode.Is(unicode.Cc, r):
		return true
	}
	return unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

// sources reads a list of what something rests on, added to those of the whole
// report; each once.
func (c *checker) sources(own []tearline.PortionRef, list []value) []tearline.PortionRef {
	if len(list) == 0 {
		return own
	}
	if len(list) > MaxSources {
		c.at(list[MaxSources].at, "", "%d sources: at most %d", len(list), MaxSources)
		return own
	}
	refs := make([]tearline.PortionRef, len(own), len(own)+len(list))
	copy(refs, own)
	for _, v := range list {
		if v.broken {
			continue
		}
		ref, err := tearline.ParsePortionRef(v.s)
		if err != nil {
			f := v.at.fault(fmt.Sprintf("source: %v", err))
			f.Hint = "write it as REPORT/PORTION"
			c.add(f)
			continue
		}
		if !slices.Contains(refs, ref) {
			refs = append(refs, ref)
		}
	}
	return refs
}

// DefaultID is the name of the n-th portion, from 1, that is given no other; a
// title does not count.
func DefaultID(n int) tearline.PortionID { return tearline.PortionID(fmt.Sprintf("p%d", n)) }

// names gives the portions without one a name by their place, and refuses
// names that stand twice.
func (c *checker) names() {
	first := len(c.report.Portions) - len(c.draft.portions)
	seen := make(map[tearline.PortionID]int, len(c.draft.portions))
	for i := range c.draft.portions {
		p, d := &c.report.Portions[first+i], &c.draft.portions[i]
		if !d.id.set {
			p.ID = DefaultID(i + 1)
		}
		if p.ID == "" {
			continue // already at fault
		}
		j, twice := seen[p.ID]
		if !twice {
			seen[p.ID] = i
			continue
		}
		at := d.at
		if d.id.set {
			at = d.id.at
		}
		if o := c.draft.portions[j].at; o.where != "" {
			c.at(at, "", "the portion id %q stands twice; first in %s", p.ID, o.where)
		} else if o.field == "" {
			c.at(at, "", "the portion id %q stands twice; first on line %d", p.ID, o.line)
		} else {
			c.at(at, "", "the portion id %q stands twice; first in portions[%d]", p.ID, j)
		}
	}
}

// circles refuses portions that rest on themselves, at once or by way of
// others, and sources within the report that are not there.
func (c *checker) circles() {
	index := map[tearline.PortionID]int{}
	for i := range c.report.Portions {
		index[c.report.Portions[i].ID] = i
	}
	within := make([][]int, len(c.report.Portions))
	any := false
	for i := range c.report.Portions {
		for _, s := range c.report.Portions[i].Sources {
			if s.Report != c.report.ID {
				continue
			}
			of, tear := s.Portion.IsTear()
			j, ok := index[of]
			if !ok || tear && c.report.Portions[j].Tear == nil {
				c.at(c.placeOf(i), "", "%s rests on %s, which this report does not have", c.report.Portions[i].ID, s)
				continue
			}
			within[i] = append(within[i], j)
			any = true
		}
	}
	if any {
		c.walk(within)
	}
}

// walk follows the sources within the report, depth first, and names each
// circle once.
func (c *checker) walk(within [][]int) {
	const (
		unseen = iota
		open
		done
	)
	state := make([]uint8, len(within))
	var path []int
	var visit func(i int)
	visit = func(i int) {
		state[i] = open
		path = append(path, i)
		for _, j := range within[i] {
			switch state[j] {
			case unseen:
				visit(j)
			case open:
				c.circle(path[slices.Index(path, j):])
			}
		}
		path = path[:len(path)-1]
		state[i] = done
	}
	for i := range within {
		if state[i] == unseen {
			visit(i)
		}
	}
}

// circle adds the fault of one circle.
func (c *checker) circle(path []int) {
	var b strings.Builder
	for _, i := range path {
		b.WriteString(string(c.report.Portions[i].ID) + " → ")
	}
	b.WriteString(string(c.report.Portions[path[0]].ID))
	c.at(c.placeOf(path[0]), "", "the sources go round in a circle: %s", b.String())
}

// placeOf is where the report's portion i stands.
func (c *checker) placeOf(i int) place {
	first := len(c.report.Portions) - len(c.draft.portions)
	if i < first {
		return c.draft.title.at
	}
	return c.draft.portions[i-first].at
}

// banner rolls the portions up, and compares with the banner declared.
func (c *checker) banner() {
	if c.policy == nil || c.report.Date.IsZero() || len(c.report.Portions) == 0 {
		return
	}
	for i := range c.report.Portions {
		if c.report.Portions[i].Marking.IsZero() {
			return // its fault is listed; a roll-up without it would mislead
		}
	}
	r := c.marks.rollUp(c.policy, c.report.Portions, c.draft.date.s)
	if len(r.faults) > 0 {
		at := c.draft.banner.at
		for _, f := range r.faults {
			x := at.fault("roll-up: " + f.Text)
			x.Rule, x.Cites, x.Hint = f.Rule, f.Cites, f.Hint
			c.add(x)
		}
		return
	}
	c.report.Banner = r.marking
	b := c.draft.banner
	if !b.set {
		return
	}
	declared := c.mark(b)
	if declared.IsZero() || declared.Equal(r.marking) {
		return
	}
	c.at(b.at, "declare the roll-up, or leave the banner out", "the banner %s is not the roll-up of the portions, which is %s%s",
		declared.Banner(), r.marking.Banner(), c.because(r.why))
}

// because says which portions force which token into the roll-up.
func (c *checker) because(why []marking.Why) string {
	var b strings.Builder
	for i, w := range why {
		sep := "; "
		if i == 0 {
			sep = ": "
		}
		var ids []string
		for _, p := range w.Portions {
			if p >= 0 && p < len(c.report.Portions) && len(ids) < 8 {
				ids = append(ids, string(c.report.Portions[p].ID))
			}
		}
		if len(w.Portions) > len(ids) {
			ids = append(ids, "…")
		}
		fmt.Fprintf(&b, "%s%s from %s", sep, w.Token, strings.Join(ids, ", "))
	}
	return b.String()
}

// clip shortens foreign text for a message.
func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
