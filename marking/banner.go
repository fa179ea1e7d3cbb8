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
	d := document{p: p, ps: parser{p: p, s: banner, b: body{policy: p}, record: true}}
	out := Checked{Banner: d.read(banner)}
	dated, wrong := p.readPortions(portions)
	if wrong != nil {
		out.Portions = wrong
		d.form()
		out.Faults = d.ps.faults
		return out
	}
	r, want, faults := p.roll(dated)
	d.r, d.want = r, &want
	foreign := d.ps.b.kind != policies.OwnerNation && !slices.ContainsFunc(dated, func(x Dated) bool { return x.Marking != out.Banner })
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
		out.Expected = intern(&want)
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
func (p *Policy) readPortions(portions []Written) (dated []Dated, wrong []Faults) {
	dated = make([]Dated, len(portions))
	for i, w := range portions {
		b, _, faults := p.parse(w.Mark)
		if len(faults) == 0 {
			dated[i] = Dated{Marking: intern(&b), Date: w.Date}
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
	want *body
	hint string

	unread bool // not even the level could be read
	lost   bool // something could not be read: what seems missing may be there

	any     policies.TokenSet // of the portions
	levels  policies.LevelSet // as they roll up
	told    policies.TokenSet // there is a fault about these
	leveled bool              // there is one about the level
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
			if l := d.p.t.Tokens[t].Codes; l.Nation.Rule == f.Rule && ps.b.tokens.Has(t) && ps.b.rel.Next(ps.b.rel.Next(0)+1) < 0 {
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
	return intern(&ps.b)
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
	for i := range d.r.shares {
		d.any.Union(&d.r.shares[i].tokens)
		d.levels |= 1 << d.r.shares[i].level
	}
	d.ofDocument(policies.ScopeDocument, SeverityError)
	d.ofDocument(policies.ScopeAdvice, SeverityAdvice)
	for i := range d.p.t.Checks {
		c := &d.p.t.Checks[i]
		about, what, broken := d.broken(c, &d.ps.b, d.lost)
		if _, _, anyway := d.broken(c, d.want, false); broken && !anyway {
			d.told.Union(&about)
			d.leveled = d.leveled || about.Empty()
			d.fault(about, c.Rule, c.Cites, c.Text, what)
		}
	}
	d.rest()
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

// applies reports whether the conditions of a check hold for a banner.
func (d *document) applies(c *policies.BuiltCheck, b *body) bool {
	return c.AtLevels>>b.level&1 != 0 &&
		(c.When.Empty() || d.any.Meets(&c.When)) && !d.any.Meets(&c.Without) &&
		(c.WhenLevels == 0 || d.levels&c.WhenLevels != 0) &&
		(c.WithBanner.Empty() || b.tokens.Meets(&c.WithBanner)) && !b.tokens.Meets(&c.WithoutBanner)
}

// broken reports whether a banner breaks a check, by which tokens, and what of
// it: names or codes. Of what was lost in reading it is not missed.
func (d *document) broken(c *policies.BuiltCheck, b *body, lost bool) (about policies.TokenSet, what string, broken bool) {
	switch {
	case !d.applies(c, b):
		return about, "", false
	case c.Never:
		return c.About, "", true
	case c.NeedsLevels != 0:
		return c.About, "", d.levels&c.NeedsLevels == 0
	case !c.OnlyOf.Empty():
		about, what = d.lacking(&c.OnlyOf, &b.tokens, &d.any, b.free, d.r.free)
		return about, what, what != ""
	case !c.EveryAny.Empty():
		return c.About, "", !d.every(c)
	case lost:
		return about, "", false
	case c.List != "":
		what, broken = d.list(c, b)
		return c.About, what, broken
	case !c.NeedsAny.Empty():
		return c.About, "", !b.tokens.Meets(&c.NeedsAny)
	}
	about, what = d.lacking(&c.EachOf, &d.any, &b.tokens, d.r.free, b.free)
	return about, what, what != ""
}

// lacking returns those of some tokens that are in one set and not in another,
// and their names with those that the policy does not list.
func (d *document) lacking(of, from, in *policies.TokenSet, fromFree, inFree string) (about policies.TokenSet, what string) {
	t := &d.p.t
	about = from.And(of)
	about.Minus(in)
	var names []string
	for i := about.Next(0); i >= 0; i = about.Next(i + 1) {
		if !t.Hidden.Has(i) && !t.Tokens[i].Below.Meets(&about) {
			names = append(names, t.Cats[t.Tokens[i].Category].Lead+t.Tokens[i].Full)
		}
	}
	for entry := range strings.SplitSeq(fromFree, freeSeparator) {
		if entry == "" || coversFree(inFree, entry) {
			continue
		}
		for cat := range t.Cats {
			free := of.And(&t.Cats[cat].Mask)
			free = free.And(&t.Hidden)
			if !free.Empty() && entry[0] == freeMark(cat) {
				about.Union(&free)
				names = append(names, t.Cats[cat].Lead+entry[1:])
			}
		}
	}
	return about, strings.Join(names, ", ")
}

// every reports whether every portion has one of the tokens, but unclassified
// ones that are not involved. What others may have without saying so they have.
func (d *document) every(c *policies.BuiltCheck) bool {
	rel := d.p.t.Release
	for i := range d.r.shares {
		s := &d.r.shares[i]
		has := s.tokens
		switch {
		case s.level == 0 && !has.Meets(&c.InvolvedTokens):
			continue
		case s.part == partList && !has.Meets(&d.p.t.ReleaseMask):
			has.Add(rel.List)
		case s.part == partRecent:
			has.Add(rel.Official)
		}
		if !has.Meets(&c.EveryAny) {
			return false
		}
	}
	return true
}

// list reports whether a list is not as it should be, and its codes.
func (d *document) list(c *policies.BuiltCheck, b *body) (what string, broken bool) {
	r := d.r
	// Portions that say something else have no code in common with the others.
	common := r.count[partList] > 0 && r.count[partNo]+r.count[partOfficial] == 0 && !d.any.Meets(&d.p.t.NoForeign)
	have, want := d.p.expanded(&b.rel), policies.CodeSet{}
	switch c.List {
	case "release":
		if common {
			want = r.releaseAll
		}
		return d.differ(&have, &want), want.Empty() || have != want
	case "display":
		if common {
			want = r.audienceAll
		}
		display := d.p.expanded(&b.display)
		have.Union(&display)
		return d.differ(&have, &want), want.Empty() || have != want
	case "concealed":
		return d.differ(&b.source, &want), r.concealed && (!b.tokens.Has(d.p.t.Owners.Source) || !b.source.Empty())
	}
	want = c.SourceCodes
	have = policies.CodeSet{}
	for i := range r.shares {
		portion := r.shares[i].dated.Marking.body()
		have.Union(&portion.source)
		want.Minus(&portion.owner)
	}
	want.Intersect(&have)
	want.Minus(&b.source)
	return d.differ(&policies.CodeSet{}, &want), !want.Empty()
}

// differ says which codes are too many and which are missing.
func (d *document) differ(have, want *policies.CodeSet) string {
	more, fewer := *have, *want
	more.Minus(want)
	fewer.Minus(have)
	var parts []string
	if !more.Empty() {
		parts = append(parts, "leave out "+strings.Join(d.p.t.AppendCodes(nil, &more), ", "))
	}
	if !fewer.Empty() {
		parts = append(parts, "add "+strings.Join(d.p.t.AppendCodes(nil, &fewer), ", "))
	}
	return strings.Join(parts, ", ")
}

// rest reports the differences that broke no rule of the policy's.
func (d *document) rest() {
	b, t := &d.ps.b, &d.p.t
	if b.level != d.want.level && !d.leveled {
		text := "the banner is marked too low: the portions come to " + t.Levels[d.want.level].Name
		if b.level > d.want.level {
			text = "the banner is marked too high: the portions come to " + t.Levels[d.want.level].Name
		}
		d.fault(policies.TokenSet{}, "rollup.level", t.LevelCites, text, "")
	}
	if b.kind != policies.OwnerNation {
		d.fault(policies.TokenSet{}, "rollup.owner", t.Owners.Cites, "the banner is another owner's, and not all portions are", "")
	}
	apart := d.told
	apart.Union(&t.ReleaseMask)
	if t.Owners != nil && t.Owners.Source >= 0 {
		if !d.told.Has(t.Owners.Source) {
			d.source(t.Owners.Source)
		}
		apart.Add(t.Owners.Source)
	}
	if t.Release != nil && !d.told.Meets(&t.ReleaseMask) {
		d.release()
	}
	for i := range t.Cats {
		of := t.Cats[i].Mask
		of.Minus(&apart)
		if about, what := d.lacking(&of, &d.want.tokens, &b.tokens, d.want.free, b.free); what != "" && !d.lost {
			d.fault(about, "rollup.missing", t.Cats[i].Cites, "missing from the banner", what)
		}
		if about, what := d.lacking(&of, &b.tokens, &d.want.tokens, b.free, d.want.free); what != "" {
			d.fault(about, "rollup.extra", t.Cats[i].Cites, "the portions do not come to this", what)
		}
	}
}

// source reports foreign sources that the line hides, leaves out or invents
// (CAPCO 2016 §H.7).
func (d *document) source(token int) {
	b, want := &d.ps.b, d.want
	has, wants := b.tokens.Has(token), want.tokens.Has(token)
	var text string
	switch {
	case has && !wants:
		text = "no portion has a foreign source"
	case d.lost || has == wants && b.source == want.source:
		return
	case wants && !has:
		text = "the foreign sources of the portions are missing"
	case b.source.Empty():
		text = "the banner conceals sources that the portions name"
	default:
		text = "the banner names other sources than the portions"
	}
	var about policies.TokenSet
	about.Add(token)
	d.fault(about, "rollup.source", d.p.t.SourceCites, text, d.differ(&b.source, &want.source))
}

// release reports that the line says something else of foreign disclosure and
// release than the portions come to. The same nations by other codes are the
// same (CAPCO 2016 §D.2).
func (d *document) release() {
	b, want, rel := &d.ps.b, d.want, d.p.t.Release
	ours, right := b.tokens.And(&d.p.t.ReleaseMask), want.tokens.And(&d.p.t.ReleaseMask)
	same := ours == right && d.p.expanded(&b.rel) == d.p.expanded(&want.rel) && d.p.expanded(&b.display) == d.p.expanded(&want.display)
	if same || d.lost && ours.Empty() {
		return
	}
	reason := "unmarked"
	for _, x := range []struct {
		token int
		name  string
	}{{rel.None, "none"}, {rel.Official, "official"}, {rel.Display, "display"}, {rel.Eyes, "list"}, {rel.List, "list"}} {
		if right.Has(x.token) {
			reason = x.name
		}
	}
	text := "the portions come to " + want.phrase(&right) + ", the banner says " + b.phrase(&ours)
	about := ours
	if about.Empty() {
		about = right
	}
	d.fault(about, "rollup.release", rel.Cites[reason], text, "")
}

// phrase writes some tokens of a banner, with their lists.
func (b *body) phrase(tokens *policies.TokenSet) string {
	if tokens.Empty() {
		return "nothing of release"
	}
	return string(b.category(nil, tokens, b.policy.t.Tokens[tokens.Next(0)].Category, false))
}

// fault reports a fault about some tokens, or about the level if there are
// none.
func (d *document) fault(about policies.TokenSet, rule, cites, text, what string) {
	if what != "" {
		text += ": " + what
	}
	lo, hi := d.place(&about)
	if rule == "rollup.extra" && slices.ContainsFunc(d.ps.faults, func(f Fault) bool { return f.Offset == lo && f.Length == hi-lo }) {
		return // it is at fault already
	}
	d.ps.fault(lo, hi, Fault{Rule: rule, Cites: cites, Text: text, Hint: d.hint})
}

// place returns where the first of the tokens stands, or else, with no length,
// where it belongs; without tokens it returns where the level stands.
func (d *document) place(about *policies.TokenSet) (lo, hi int) {
	s := d.ps.s
	lo, hi = trim(s, 0, len(s))
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
