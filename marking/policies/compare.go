package policies

import "strings"

// Said is what a mark says, as far as marks are compared.
type Said struct {
	Tokens                      TokenSet
	Rel, Display, Source, Owner CodeSet
	Free                        string // names that the file does not list; see FreeSeparator
	Level                       uint8
	Kind                        OwnerKind
}

// A Portion is what a portion says. Its level is that as which it rolls up.
type Portion struct {
	Said
	Counts TokenSet // its tokens, and those that it counts as having without saying so
}

// A Document is a declared banner, its portions, and the banner that they come
// to.
type Document struct {
	Table    *Table
	Line     Said
	Want     Said
	Portions []Portion
	// Lost: something of the line could not be read, so that what seems to be
	// missing may be there.
	Lost bool
	// Released and Audience are the codes, groups expanded, that all portions
	// have in common which say anything of release: of the release lists, and
	// of all lists together.
	Released, Audience CodeSet
	Concealed          bool // a portion conceals its source

	any    TokenSet // of the portions
	levels LevelSet
	told   TokenSet // there is a difference about these
	level  bool     // there is one about the level
	found  []Difference
}

// A Difference is one between a declared banner and what it should be. What it
// is about is where it stands in the line: the level, if there are no tokens.
type Difference struct {
	About             TokenSet
	Rule, Cites, Text string
}

// Compare returns the differences: by the checks that the line breaks and the
// right banner does not, then all others by the clauses of the roll-up.
func (d *Document) Compare() []Difference {
	for i := range d.Portions {
		d.any.Union(&d.Portions[i].Tokens)
		d.levels |= 1 << d.Portions[i].Level
	}
	for i := range d.Table.Checks {
		c := &d.Table.Checks[i]
		about, what, broken := d.broken(c, &d.Line, d.Lost)
		if _, _, anyway := d.broken(c, &d.Want, false); broken && !anyway {
			d.told.Union(&about)
			d.level = d.level || about.Empty()
			d.note(about, c.Rule, c.Cites, c.Text, what)
		}
	}
	d.rest()
	return d.found
}

func (d *Document) note(about TokenSet, rule, cites, text, what string) {
	if what != "" {
		text += ": " + what
	}
	d.found = append(d.found, Difference{about, rule, cites, text})
}

// applies reports whether the conditions of a check hold for a banner.
func (d *Document) applies(c *BuiltCheck, b *Said) bool {
	return c.AtLevels>>b.Level&1 != 0 &&
		(c.When.Empty() || d.any.Meets(&c.When)) && !d.any.Meets(&c.Without) &&
		(c.WhenLevels == 0 || d.levels&c.WhenLevels != 0) &&
		(c.WithBanner.Empty() || b.Tokens.Meets(&c.WithBanner)) && !b.Tokens.Meets(&c.WithoutBanner)
}

// broken reports whether a banner breaks a check, by which tokens, and what of
// it: names or codes. Of what was lost in reading it is not missed.
func (d *Document) broken(c *BuiltCheck, b *Said, lost bool) (about TokenSet, what string, broken bool) {
	switch {
	case !d.applies(c, b):
		return about, "", false
	case c.Never:
		return c.About, "", true
	case c.NeedsLevels != 0:
		return c.About, "", d.levels&c.NeedsLevels == 0
	case !c.OnlyOf.Empty():
		about, what = d.lacking(&c.OnlyOf, &b.Tokens, &d.any, b.Free, d.Want.Free)
		return about, what, what != ""
	case !c.EveryAny.Empty():
		return c.About, "", !d.every(c)
	case lost:
		return about, "", false
	case c.List != "":
		what, broken = d.list(c, b)
		return c.About, what, broken
	case !c.NeedsAny.Empty():
		return c.About, "", !b.Tokens.Meets(&c.NeedsAny)
	}
	about, what = d.lacking(&c.EachOf, &d.any, &b.Tokens, d.Want.Free, b.Free)
	return about, what, what != ""
}

// lacking returns those of some tokens that are in one set and not in another,
// and their names with those that the policy does not list.
func (d *Document) lacking(of, from, in *TokenSet, fromFree, inFree string) (about TokenSet, what string) {
	t := d.Table
	about = from.And(of)
	about.Minus(in)
	var names []string
	for i := about.Next(0); i >= 0; i = about.Next(i + 1) {
		if !t.Hidden.Has(i) && !t.Tokens[i].Below.Meets(&about) {
			names = append(names, t.Cats[t.Tokens[i].Category].Lead+t.Tokens[i].Full)
		}
	}
	for entry := range strings.SplitSeq(fromFree, FreeSeparator) {
		if entry == "" || CoversFree(inFree, entry) {
			continue
		}
		for cat := range t.Cats {
			free := of.And(&t.Cats[cat].Mask)
			free = free.And(&t.Hidden)
			if !free.Empty() && entry[0] == FreeMark(cat) {
				about.Union(&free)
				names = append(names, t.Cats[cat].Lead+entry[1:])
			}
		}
	}
	return about, strings.Join(names, ", ")
}

// every reports whether every portion has one of the tokens, but unclassified
// ones that are not involved.
func (d *Document) every(c *BuiltCheck) bool {
	for i := range d.Portions {
		p := &d.Portions[i]
		if p.Counts.Meets(&c.EveryAny) || p.Level == 0 && !p.Tokens.Meets(&c.InvolvedTokens) {
			continue
		}
		return false
	}
	return true
}

// list reports whether a list is not as it should be, and its codes.
func (d *Document) list(c *BuiltCheck, b *Said) (what string, broken bool) {
	have, want := d.Table.Expanded(&b.Rel), CodeSet{}
	switch c.List {
	case "release":
		return d.Table.differ(&have, &d.Released), d.Released.Empty() || have != d.Released
	case "display":
		display := d.Table.Expanded(&b.Display)
		have.Union(&display)
		return d.Table.differ(&have, &d.Audience), d.Audience.Empty() || have != d.Audience
	case "concealed":
		return d.Table.differ(&b.Source, &want), d.Concealed && (!b.Tokens.Has(d.Table.Owners.Source) || !b.Source.Empty())
	}
	want, have = c.SourceCodes, CodeSet{}
	for i := range d.Portions {
		have.Union(&d.Portions[i].Source)
		want.Minus(&d.Portions[i].Owner)
	}
	want.Intersect(&have)
	want.Minus(&b.Source)
	return d.Table.differ(&CodeSet{}, &want), !want.Empty()
}

// differ says which codes are too many and which are missing.
func (t *Table) differ(have, want *CodeSet) string {
	more, fewer := *have, *want
	more.Minus(want)
	fewer.Minus(have)
	var parts []string
	if !more.Empty() {
		parts = append(parts, "leave out "+strings.Join(t.AppendCodes(nil, &more), ", "))
	}
	if !fewer.Empty() {
		parts = append(parts, "add "+strings.Join(t.AppendCodes(nil, &fewer), ", "))
	}
	return strings.Join(parts, ", ")
}

// rest reports the differences that broke no rule of the policy's.
func (d *Document) rest() {
	b, t := &d.Line, d.Table
	if b.Level != d.Want.Level && !d.level {
		text := "the banner is marked too low: the portions come to " + t.Levels[d.Want.Level].Name
		if b.Level > d.Want.Level {
			text = "the banner is marked too high: the portions come to " + t.Levels[d.Want.Level].Name
		}
		d.note(TokenSet{}, "rollup.level", t.LevelCites, text, "")
	}
	if b.Kind != OwnerNation {
		d.note(TokenSet{}, "rollup.owner", t.Owners.Cites, "the banner is another owner's, and not all portions are", "")
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
		if about, what := d.lacking(&of, &d.Want.Tokens, &b.Tokens, d.Want.Free, b.Free); what != "" && !d.Lost {
			d.note(about, "rollup.missing", t.Cats[i].Cites, "missing from the banner", what)
		}
		if about, what := d.lacking(&of, &b.Tokens, &d.Want.Tokens, b.Free, d.Want.Free); what != "" {
			d.note(about, "rollup.extra", t.Cats[i].Cites, "the portions do not come to this", what)
		}
	}
}

// source reports foreign sources that the line hides, leaves out or invents
// (CAPCO 2016 §H.7).
func (d *Document) source(token int) {
	b, want := &d.Line, &d.Want
	has, wants := b.Tokens.Has(token), want.Tokens.Has(token)
	var text string
	switch {
	case has && !wants:
		text = "no portion has a foreign source"
	case d.Lost || has == wants && b.Source == want.Source:
		return
	case wants && !has:
		text = "the foreign sources of the portions are missing"
	case b.Source.Empty():
		text = "the banner conceals sources that the portions name"
	default:
		text = "the banner names other sources than the portions"
	}
	var about TokenSet
	about.Add(token)
	d.note(about, "rollup.source", d.Table.SourceCites, text, d.Table.differ(&b.Source, &want.Source))
}

// release reports that the line says something else of foreign disclosure and
// release than the portions come to. The same nations by other codes are the
// same (CAPCO 2016 §D.2).
func (d *Document) release() {
	b, want, rel := &d.Line, &d.Want, d.Table.Release
	ours, right := b.Tokens.And(&d.Table.ReleaseMask), want.Tokens.And(&d.Table.ReleaseMask)
	same := ours == right && d.Table.Expanded(&b.Rel) == d.Table.Expanded(&want.Rel) && d.Table.Expanded(&b.Display) == d.Table.Expanded(&want.Display)
	if same || d.Lost && ours.Empty() {
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
	about := ours
	if about.Empty() {
		about = right
	}
	d.note(about, "rollup.release", rel.Cites[reason], "the banner says otherwise who may have it", "")
}

// Expanded returns the set with the groups that a roll-up may replace replaced
// by their members, without the nation.
func (t *Table) Expanded(set *CodeSet) CodeSet {
	out := *set
	groups := *set
	groups.Intersect(&t.Expand)
	for i := groups.Next(0); i >= 0; i = groups.Next(i + 1) {
		out.Drop(i)
		out.Union(&t.Codes[i].Nations)
	}
	if t.NationCode >= 0 {
		out.Drop(t.NationCode)
	}
	return out
}
