package marking

import (
	"cmp"
	"slices"
	"strings"

	"tearline/marking/policies"
)

// A Written is a portion mark as a document has it.
type Written struct {
	Mark string
	Date string // of its source, YYYY-MM-DD; zero if unknown, see [Dated]
}

// Checked is what a declared banner is worth beside its portions.
type Checked struct {
	// Banner is what the line says; zero if it breaks a rule about marks.
	Banner Marking
	// Expected is what the portions roll up to; zero if they have no banner.
	Expected Marking
	// Faults are those of the line: of itself, and beside its portions.
	// Offsets are in the line; of what is missing, where it belongs.
	Faults Faults
	// Portions are the faults of the portions by index, offsets in each; nil if
	// none has any.
	Portions []Faults
}

// OK reports whether nothing is wrong.
func (c Checked) OK() bool { return len(c.Faults) == 0 && c.Portions == nil }

// Check holds the banner line that a document declares against its portions:
// whether it is marked too low or too high, leaves out or invents a control, a
// source or a country, and is written as banners are. Rules come from the
// policy's rollup.checks; what differs from the roll-up and breaks none of them
// is reported by the clause of the roll-up (rules "rollup.…"), and what is only
// written wrongly as of [SeverityForm] (CAPCO 2016 §D.1-2).
//
// Rules about the document (ISM-ID-00119) are reported where the right banner
// would keep them. If a portion has a fault there is nothing to compare with:
// only faults of marks are reported then, and the check is not OK.
func (p *Policy) Check(banner string, portions []Written) Checked {
	d := document{p: p, ps: parser{p: p, s: banner, b: policies.Body{T: &p.t}, record: true}}
	out := Checked{Banner: d.read(banner)}
	dated, wrong := p.readPortions(portions, out.Banner)
	if wrong != nil {
		out.Portions = wrong
		d.form()
		out.Faults = d.ps.faults
		return out
	}
	d.r = &roller{Sum: policies.Sum{T: &p.t}, p: p}
	want, faults := d.r.roll(dated)
	d.want = &want
	foreign := d.ps.b.Kind != policies.OwnerNation && !slices.ContainsFunc(dated, func(x Dated) bool { return x.Marking != out.Banner })
	switch {
	case len(faults) > 0:
		for _, f := range faults {
			f.Text = "the portions have no banner: " + f.Text
			f.Length = len(banner)
			d.ps.faults.add(f)
		}
	case foreign && !out.Banner.IsZero():
		out.Expected = out.Banner // a document that is wholly another's bears the owner's mark
	default:
		out.Expected = d.p.intern(&want)
		d.hint = "write " + quoteAll(out.Expected.Banner())
		d.compare()
	}
	d.form()
	for i := range d.ps.faults {
		d.ps.faults[i].Hint = cmp.Or(d.ps.faults[i].Hint, d.hint)
	}
	out.Faults = d.ps.faults
	return out
}

// readPortions reads the portion marks. The faults are nil if there are none.
func (p *Policy) readPortions(portions []Written, banner Marking) (dated []Dated, wrong []Faults) {
	dated = make([]Dated, len(portions))
	for i, w := range portions {
		m, err := p.ParseUnder(w.Mark, banner)
		faults, _ := err.(Faults) //nolint:errorlint // it returns no other
		if len(faults) == 0 {
			dated[i] = Dated{Marking: m, Date: w.Date}
			continue
		}
		if wrong == nil {
			wrong = make([]Faults, len(portions))
		}
		wrong[i] = faults
	}
	return dated, wrong
}

// A document is a declared banner beside what its portions come to.
type document struct {
	p    *Policy
	ps   parser // of the declared line
	kind Form
	r    *roller
	want *policies.Body
	hint string

	unread bool // not even the level could be read
	lost   bool // something could not be read: what seems missing may be there
}

// read reads the line, and returns the zero Marking if it is no mark.
func (d *document) read(line string) Marking {
	ps := &d.ps
	d.kind = ps.mark()
	ps.settle()
	for _, f := range ps.faults {
		d.lose(f.Rule)
	}
	for _, f := range ps.faults {
		// A list of one code that is not the nation's is also a list of one code.
		for _, t := range d.p.lists() {
			if l := d.p.t.Tokens[t].Codes; l.Nation.Rule == f.Rule && ps.b.Tokens.Has(t) && ps.b.Rel.Next(ps.b.Rel.Next(0)+1) < 0 {
				ps.faults.add(Fault{Offset: f.Offset, Length: f.Length, Rule: l.Alone.Rule, Cites: l.Alone.Cites, Hint: l.Alone.Hint, Text: "the list has one code only"})
			}
		}
	}
	before := len(ps.faults)
	d.p.check(&ps.b, policies.ScopeMark, d.lost, &ps.faults)
	ps.locate(ps.faults[before:])
	if len(ps.faults) > 0 || len(line) == 0 {
		return Marking{}
	}
	return d.p.intern(&ps.b)
}

// lists returns the tokens that carry a release list.
func (p *Policy) lists() []int {
	if p.t.Release == nil {
		return nil
	}
	return slices.DeleteFunc([]int{p.t.Release.List, p.t.Release.Eyes}, func(t int) bool { return t < 0 })
}

// lose notes what a fault of reading means for the rest.
func (d *document) lose(rule string) {
	switch rule {
	case "form.case", "form.twice", "form.separator", "form.category-twice", "form.empty-category", "form.empty-item":
	case "form.level", "form.owner", "form.joint", "form.parentheses", "form.empty", "form.length", "form.utf8":
		d.unread, d.lost = true, true
	default:
		read := slices.ContainsFunc(d.p.lists(), func(t int) bool {
			l := d.p.t.Tokens[t].Codes
			return rule == l.Nation.Rule || rule == l.Alone.Rule
		})
		d.lost = d.lost || !read
	}
}

// compare reports how the line differs from what it should be. A rule that
// the right banner breaks too is none that the line breaks.
func (d *document) compare() {
	if d.unread {
		return
	}
	d.ofDocument(policies.ScopeDocument, SeverityError)
	d.ofDocument(policies.ScopeAdvice, SeverityAdvice)
	b, r, t := &d.ps.b, d.r, &d.p.t
	doc := policies.Document{Table: t, Line: said(b), Want: said(d.want), Lost: d.lost, Concealed: r.Concealed}
	clash := r.Count[policies.PartNo]+r.Count[policies.PartOfficial] > 0
	for i := range r.shares {
		portion := r.shares[i].said(t)
		clash = clash || portion.Tokens.Meets(&t.NoForeign)
		doc.Portions = append(doc.Portions, portion)
	}
	if r.Count[policies.PartList] > 0 && !clash {
		// Portions that say something else have no code in common with the others.
		doc.Released, doc.Audience = r.ReleaseAll, r.AudienceAll
	}
	for _, x := range doc.Compare() {
		if x.Rule == "rollup.release" {
			x.Text = "the portions come to " + phrase(d.want) + ", the banner says " + phrase(b)
		}
		lo, hi := d.place(&x.About)
		if x.Rule == "rollup.extra" && slices.ContainsFunc(d.ps.faults, func(f Fault) bool { return f.Offset == lo && f.Length == hi-lo }) {
			continue // it is at fault already
		}
		d.ps.fault(lo, hi, Fault{Rule: x.Rule, Cites: x.Cites, Text: x.Text, Hint: d.hint})
	}
}

// said returns what is compared of a body.
func said(b *policies.Body) policies.Said {
	return policies.Said{
		Tokens: b.Tokens, Rel: b.Rel, Display: b.Display, Source: b.Source, Owner: b.Owner, Free: b.Free, Level: b.Level, Kind: b.Kind,
	}
}

// said returns what is compared of a portion. Who owns jointly is released to
// without saying so, what is recent counts as RELIDO.
func (s *share) said(t *policies.Table) policies.Portion {
	b := s.dated.Marking.body()
	out := policies.Portion{Said: said(&b), Counts: b.Tokens}
	out.Level = s.Level
	switch {
	case s.Part == policies.PartList && !b.Tokens.Meets(&t.ReleaseMask):
		out.Counts.Add(t.Release.List)
	case s.Part == policies.PartRecent:
		out.Counts.Add(t.Release.Official)
	}
	return out
}

// ofDocument reports the rules of a scope that the line breaks and the right
// banner does not.
func (d *document) ofDocument(scope policies.Scope, severity Severity) {
	var ours, right Faults
	d.p.check(&d.ps.b, scope, d.lost, &ours)
	d.p.check(d.want, scope, false, &right)
	before := len(d.ps.faults)
	for _, f := range ours {
		if !slices.Contains(right, f) {
			f.Severity = severity
			d.ps.faults.add(f)
		}
	}
	d.ps.locate(d.ps.faults[before:])
}

// phrase writes what a banner says of release.
func phrase(b *policies.Body) string {
	tokens := b.Tokens.And(&b.T.ReleaseMask)
	if tokens.Empty() {
		return "nothing of release"
	}
	return b.Phrase(&tokens)
}

// place returns where the first of the tokens stands, or else, with no length,
// where it belongs; without tokens it returns where the level stands.
func (d *document) place(about *policies.TokenSet) (lo, hi int) {
	s := d.ps.s
	lo, hi = policies.Trim(s, 0, len(s))
	if lo < hi && s[lo] == '(' {
		lo++
	}
	if strings.HasPrefix(s[lo:hi], "//") {
		lo += 2
	}
	if i := strings.Index(s[lo:hi], "//"); i >= 0 {
		hi = lo + i
	}
	first := about.Next(0)
	if first < 0 {
		return lo, hi
	}
	for _, span := range d.ps.spans {
		if about.Has(span.token) {
			return span.lo, span.hi
		}
	}
	for _, span := range d.ps.spans {
		if d.p.t.Tokens[span.token].Category <= d.p.t.Tokens[first].Category {
			hi = max(hi, span.hi)
		}
	}
	return hi, hi
}
