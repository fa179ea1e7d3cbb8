package marking

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tearline/marking/policies"
)

// A Dated is a portion's marking with the date of its source; zero if unknown.
// The date decides how a portion without a foreign disclosure and release
// marking counts: it must be written YYYY-MM-DD, and what is not counts as
// unknown.
type Dated struct {
	Marking Marking
	Date    string // YYYY-MM-DD
}

// Rolled is a banner and why each token is in it.
type Rolled struct {
	Banner Marking
	// Why has an entry for each token of the banner, in its order: the level,
	// then every name, and each list with its codes.
	Why []Why
	// Faults say why there is no banner; they are the error, too.
	Faults Faults
}

// A Why says which portions put a token into a banner, by what rule.
type Why struct {
	Token    string
	Portions []int  // indices, from 0, ascending
	Rule     string // with its clause
}

// RollUp returns the banner of portions: the least marking that is at least
// as restrictive as each of them, and not more. The order of the portions
// makes no difference. The banner is a mark of the policy's own nation: what
// others own in it becomes foreign government information.
//
// Without portions, with a zero marking among them, with one of another
// policy, or when what another nation may write cannot stand in a mark of this
// one, there is no banner; Rolled.Faults is then the error.
func (p *Policy) RollUp(portions []Dated) (Rolled, error) {
	r := roller{p: p, of: make([]int, 0, len(portions))}
	b, faults := r.roll(portions)
	if len(faults) > 0 {
		return Rolled{Faults: faults}, faults
	}
	return Rolled{Banner: p.intern(&b), Why: r.why(&b)}, nil
}

// roll rolls portions up into a body, and keeps what it needed for that.
func (r *roller) roll(portions []Dated) (b policies.Body, faults Faults) {
	if len(portions) == 0 {
		faults.add(Fault{Rule: "rollup.empty", Text: "nothing has no banner"})
	}
	for i, d := range portions {
		if f, ok := r.p.foreign(d.Marking); ok {
			f.Text = "portion " + strconv.Itoa(i) + ": " + f.Text
			faults.add(f)
			continue
		}
		r.portion(d)
	}
	if len(faults) > 0 {
		return b, faults
	}
	b = r.result()
	if r.nobody {
		faults.add(Fault{
			Rule: "rollup.nobody", Cites: r.p.t.Release.Cites["empty"], Text: "nobody may have all of the portions, and the policy has no words for that",
			Hint: "part them into documents",
		})
	}
	if r.owned || !r.p.t.Closes {
		r.p.check(&b, policies.ScopeMark, false, &faults)
	}
	return b, faults
}

// foreign returns a fault for a marking that is none of the policy.
func (p *Policy) foreign(m Marking) (Fault, bool) {
	switch {
	case m.IsZero():
		return Fault{Rule: "rollup.zero", Text: "there is no marking"}, true
	case m.Policy() != p:
		return Fault{
			Rule: "rollup.policy",
			Text: policies.Quote(m.Banner()) + " is a marking of policy " + m.Policy().t.ID + ", not of " + p.t.ID,
		}, true
	}
	return Fault{}, false
}

// Join returns the banner of two portions of unknown date. Join is
// commutative and associative; the join of a marking with itself is that
// marking, also where another nation owns it.
func Join(a, b Marking) (Marking, error) {
	if a == b && !a.IsZero() {
		return a, nil
	}
	p := cmp.Or(a.Policy(), b.Policy())
	if p == nil {
		return Marking{}, Faults{{Rule: "rollup.zero", Text: "there is no marking"}}
	}
	rolled, err := p.RollUp([]Dated{{Marking: a}, {Marking: b}})
	return rolled.Banner, err
}

// Dominates reports whether m is at least as restrictive as o: whether a
// document whose banner is m may have a portion of unknown date that is marked
// o. It is false where either is zero, or their policies differ.
func (m Marking) Dominates(o Marking) bool {
	if m.IsZero() || o.IsZero() {
		return false
	}
	if m == o {
		return true
	}
	a, b := m.h.Value(), o.h.Value()
	if a.policy != b.policy {
		return false
	}
	if answer, plain := a.dominatesPlainly(&b); plain {
		return answer
	}
	return a.dominates(&b)
}

// dominates compares by rolling up.
func (c *core) dominates(o *core) bool {
	a, b := c.body(), o.body()
	alone := roller{p: c.policy}
	alone.add(&a, "")
	both := alone
	both.add(&b, "")
	x, y := alone.result(), both.result()
	return x == y && !both.nobody
}

// dominatesPlainly compares what can be compared without rolling up: marks of
// the nation alone whose tokens no effect of a roll-up drops or adds. It
// reports whether they are such.
func (c *core) dominatesPlainly(o *core) (answer, plain bool) {
	p, rel := c.policy, c.policy.t.Release
	if c.level < o.level && p.t.Levels[c.level].As < p.t.Levels[o.level].As {
		return false, true
	}
	all := c.tokens
	all.Union(&o.tokens)
	if c.kind != policies.OwnerNation || o.kind != policies.OwnerNation || rel == nil || all.Meets(&p.t.Intricate) {
		return false, false
	}
	more := o.tokens
	more.Minus(&c.tokens)
	more.Minus(&p.t.ReleaseMask)
	switch {
	case !more.Empty():
		return false, true
	case o.level == 0 && o.tokens.Empty() && !p.t.Closed:
		return true, true // a plain portion takes no part
	case c.tokens.Has(rel.None):
		return true, true // nobody else may have it, whoever the portion names
	case o.tokens.Has(rel.None):
		return false, true
	case c.tokens.Has(rel.List) && o.tokens.Has(rel.List):
		return c.namesNoMore(o), true
	}
	return false, false
}

// namesNoMore reports whether the codes that the lists of c and o have in
// common are those of c: what o does not name as written must be nations that
// a group of o names, and no group of both.
func (c *core) namesNoMore(o *core) bool {
	if c.rel == o.rel {
		return true
	}
	both, theirs := c.list(), o.list()
	rest := both
	rest.Minus(&theirs)
	if rest.Empty() {
		return true
	}
	if rest.Meets(&c.policy.t.Groups) {
		return false
	}
	both.Intersect(&theirs)
	if both.Meets(&c.policy.t.Expand) {
		if twice := c.policy.t.Expanded(&both); rest.Meets(&twice) {
			return false
		}
	}
	named := c.policy.t.Expanded(&theirs)
	rest.Minus(&named)
	return rest.Empty()
}

// A part is how a portion takes part in what the banner says of foreign
// disclosure and release.
type part uint8

const (
	partNone     part = iota // not at all: a plain unclassified portion
	partNo                   // it says that there is none: NOFORN
	partList                 // it has a list
	partOfficial             // an official may release it: RELIDO
	partForeign              // foreign information that says nothing: NOFORN by itself
	partUnmarked             // it says nothing, and counts as NOFORN beside others that do
	partRecent               // it says nothing, and counts as RELIDO beside others that do
	parts
)

// A share is what of a portion is kept to say why.
type share struct {
	dated     Dated
	hit       bool // scratch of those
	tokens    policies.TokenSet
	free      string
	level     uint8
	part      part
	source    bool
	concealed bool
}

// A roller rolls portions up.
type roller struct {
	p      *Policy
	shares []share // of the portions that differ
	of     []int   // by portion: its share

	tokens    policies.TokenSet // the union, without what says who else may have it
	free      string
	level     uint8
	source    policies.CodeSet
	concealed bool
	owned     bool
	nobody    bool // the lists have nobody in common, and there is no word for it

	count [parts]int
	// Of the portions with a list, so far: the codes that all name as written,
	// all that all name, of the release lists and of all lists together.
	eyes, official        bool
	release, releaseAll   policies.CodeSet
	audience, audienceAll policies.CodeSet
	applied               uint64 // effects
}

// manySorts is how many sorts of portions are looked through for one that is
// the same again: a document has many portions and few sorts of them.
const manySorts = 16

// portion takes a portion.
func (r *roller) portion(d Dated) {
	for i := range r.shares[:min(manySorts, len(r.shares))] {
		if r.shares[i].dated == d {
			r.of = append(r.of, i)
			return
		}
	}
	b := d.Marking.body()
	s := r.add(&b, d.Date)
	s.dated = d
	r.of = append(r.of, len(r.shares))
	r.shares = append(r.shares, s)
}

// add takes what a portion says.
func (r *roller) add(b *policies.Body, date string) share {
	p := r.p
	s := share{tokens: b.Tokens, free: b.Free, level: uint8(p.t.Levels[b.Level].As)} //nolint:gosec // the loader bounds the levels
	r.level = max(r.level, s.level)
	tokens := b.Tokens
	tokens.Minus(&p.t.ReleaseMask)
	r.tokens.Union(&tokens)
	if b.Free != "" && b.Free != r.free {
		r.free = policies.JoinFree(r.free, b.Free)
	}
	r.addSource(b, &s)
	if p.t.Release != nil {
		s.part = r.addRelease(b, date)
		r.count[s.part]++
	}
	return s
}

// addSource notes whose information it is: the foreign owner of a portion is a
// source of the document, and one concealed source conceals all (CAPCO 2016
// §D.2, §H.7; of joint marks §H.3).
func (r *roller) addSource(b *policies.Body, s *share) {
	o := r.p.t.Owners
	if o == nil || o.Source < 0 {
		return
	}
	from := b.Source
	switch b.Kind {
	case policies.OwnerNation:
		s.source = b.Tokens.Has(o.Source)
		s.concealed = s.source && b.Source.Empty()
	case policies.OwnerConcealed:
		s.source, s.concealed, r.owned = true, true, true
	case policies.OwnerOther:
		s.source, r.owned = true, true
		from.Union(&b.Owner)
	case policies.OwnerJoint:
		s.source, r.owned = true, true
		s.concealed = b.Tokens.Has(o.Source) && b.Source.Empty()
		owners := b.Owner
		owners.Drop(r.p.t.NationCode)
		from.Union(&owners)
	}
	if s.source {
		r.tokens.Add(o.Source)
		r.concealed = r.concealed || s.concealed
		r.source.Union(&from)
	}
}

// addRelease notes what the portion says of foreign disclosure and release
// (CAPCO 2016 §B.3 Table 2, §D.2 Table 3).
func (r *roller) addRelease(b *policies.Body, date string) part {
	rel := r.p.t.Release
	list, ok := b.Named()
	switch {
	case !rel.Always.Empty() && b.Level == 0 && b.Tokens.Empty() && !r.p.t.Closed:
		return partNone
	case b.Tokens.Has(rel.None):
		return partNo
	case ok || b.Tokens.Has(rel.Display):
		r.addLists(b, &list, ok)
		return partList
	case b.Tokens.Has(rel.Official):
		return partOfficial
	}
	return r.silent(b, date)
}

// silent is the part of a portion that says nothing of foreign disclosure and
// release.
func (r *roller) silent(b *policies.Body, date string) part {
	p := r.p
	switch since := p.t.Release.Since; {
	case b.Level == 0 && b.Kind == policies.OwnerNation && b.Tokens.Empty() && !p.t.Closed:
		return partNone
	case b.Kind != policies.OwnerNation || p.t.Owners != nil && b.Tokens.Has(p.t.Owners.Source):
		return partForeign
	case b.Level > 0 && !b.Tokens.Meets(&p.t.Caveats) && since != "" && date >= since && policies.IsDate(date):
		return partRecent
	}
	return partUnmarked
}

// addLists narrows the lists to what this portion names too. Codes that all
// portions name stay as written; only the others are replaced by their
// members (CAPCO 2016 §D.2 Table 3 rows 21-23). Who may have a thing may see
// it, so the audience of a portion is both its lists (row 26).
func (r *roller) addLists(b *policies.Body, list *policies.CodeSet, released bool) {
	rel := r.p.t.Release
	if !released {
		list = &policies.CodeSet{}
	}
	audience := *list
	audience.Union(&b.Display)
	all, audienceAll := r.p.t.Expanded(list), r.p.t.Expanded(&audience)
	eyes, official := b.Tokens.Has(rel.Eyes), b.Tokens.Has(rel.Official)
	if r.count[partList] == 0 {
		r.release, r.releaseAll, r.audience, r.audienceAll = *list, all, audience, audienceAll
		r.eyes, r.official = eyes, official
		return
	}
	r.release.Intersect(list)
	r.releaseAll.Intersect(&all)
	r.audience.Intersect(&audience)
	r.audienceAll.Intersect(&audienceAll)
	r.eyes, r.official = r.eyes && eyes, r.official && official
}

// result returns the banner.
func (r *roller) result() policies.Body {
	b := policies.Body{T: &r.p.t, Tokens: r.tokens, Level: r.level}
	b.Free = r.free
	if !r.concealed {
		b.Source = r.source
	}
	if r.p.t.Release != nil {
		r.resultRelease(&b)
	}
	for i := range r.p.t.Effects {
		e := &r.p.t.Effects[i]
		if !b.Tokens.Meets(&e.When) {
			continue
		}
		if e.Unconditional || e.AboveLevel >= 0 && int(b.Level) > e.AboveLevel || b.Tokens.Meets(&e.BesideAny) {
			b.Tokens.Minus(&e.DropSet)
			b.Tokens.Union(&e.AddSet)
			b.Free = e.MoveFree(b.Free)
			r.applied |= 1 << i
		}
	}
	if rel := r.p.t.Release; rel != nil && b.Tokens.Has(rel.None) {
		b.Refuse()
	}
	return b
}

// resultRelease decides what the banner says of foreign disclosure and release.
func (r *roller) resultRelease(b *policies.Body) {
	rel := r.p.t.Release
	lists, officials := r.count[partList], r.count[partOfficial]+r.count[partRecent]
	switch {
	case r.count[partNo]+r.count[partForeign]+lists+r.count[partOfficial] == 0:
		// No portion says anything: neither does the banner (CAPCO 2016 §B.3.i).
	case r.count[partNo]+r.count[partForeign]+r.count[partUnmarked] > 0 || lists > 0 && officials > 0:
		b.Refuse()
	case lists == 0:
		b.Tokens.Add(rel.Official)
	default:
		r.resultLists(b)
	}
}

func (r *roller) resultLists(b *policies.Body) {
	rel := r.p.t.Release
	b.Rel = r.p.common(&r.release, &r.releaseAll)
	// What all may see: that of the audience which is not on the release list,
	// by itself or as a member of a group on it.
	groups := r.audience
	groups.Intersect(&r.p.t.Expand)
	groups.Minus(&b.Rel)
	covered, shown := r.p.t.Expanded(&b.Rel), r.p.t.Expanded(&groups)
	b.Display = r.audienceAll
	b.Display.Minus(&covered)
	b.Display.Minus(&shown)
	b.Display.Union(&groups)
	if !rel.Always.Empty() {
		r.resultAlways(b)
		return
	}
	if b.Rel.Empty() && b.Display.Empty() {
		b.Refuse()
		return
	}
	if !b.Display.Empty() {
		b.Tokens.Add(rel.Display)
	}
	if b.Rel.Empty() {
		return
	}
	if r.eyes || rel.List < 0 {
		b.Tokens.Add(rel.Eyes)
	} else {
		b.Tokens.Add(rel.List)
	}
	if r.official && b.Display.Empty() {
		b.Tokens.Add(rel.Official)
	}
}

// resultAlways writes the list, of all whom the banner names, where every mark
// names some without writing them.
func (r *roller) resultAlways(b *policies.Body) {
	rel := r.p.t.Release
	lacking := rel.Always
	lacking.Minus(&b.Rel)
	switch {
	case lacking.Empty():
		b.Rel.Minus(&rel.Always)
		if !b.Rel.Empty() {
			b.Tokens.Add(rel.List)
		}
	case b.Rel.Empty() || rel.Eyes < 0:
		r.nobody = true
	default:
		b.Tokens.Add(rel.Eyes)
	}
}

// common returns the codes that all lists name as written, and of the others
// the nations that are on all of them.
func (p *Policy) common(written, all *policies.CodeSet) policies.CodeSet {
	out := *all
	covered := p.t.Expanded(written)
	out.Minus(&covered)
	out.Union(written)
	return out
}

// why says why each token is in the banner.
func (r *roller) why(b *policies.Body) []Why {
	p := r.p
	out := make([]Why, 0, 8)
	out = append(out, Why{
		Token: p.t.Levels[b.Level].Name, Rule: p.t.LevelCites,
		Portions: r.those(func(s *share) bool { return s.level == b.Level }),
	})
	for i := range p.t.Cats {
		if !b.Tokens.Meets(&p.t.Cats[i].Mask) {
			continue
		}
		names := b.Names(i)
		for j, n := range names {
			if j+1 < len(names) && names[j+1].Depth > n.Depth {
				continue // it is named in full below
			}
			out = append(out, r.whyName(b, i, n))
		}
	}
	return out
}

// those returns the indices of the portions for which it is so.
func (r *roller) those(so func(*share) bool) []int {
	for i := range r.shares {
		r.shares[i].hit = so(&r.shares[i])
	}
	n := 0
	for _, i := range r.of {
		if r.shares[i].hit {
			n++
		}
	}
	out := make([]int, 0, n)
	for portion, i := range r.of {
		if r.shares[i].hit {
			out = append(out, portion)
		}
	}
	return out
}

func (r *roller) whyName(b *policies.Body, cat int, n policies.Name) Why {
	p := r.p
	w := Why{Token: p.t.Cats[cat].Lead + n.Full, Rule: p.t.Cats[cat].Cites}
	if n.Token < 0 {
		entry := string(policies.FreeMark(cat)) + n.Full
		w.Portions = r.those(func(s *share) bool { return policies.CoversFree(s.free, entry) })
		return w
	}
	t := &p.t.Tokens[n.Token]
	w.Rule = t.Clause
	if t.Codes != nil {
		w.Token = b.Written(n.Token, policies.StyleBanner)
	}
	switch {
	case t.Codes != nil && t.Codes.Sort == policies.ListSource:
		w.Rule = p.t.SourceCites
		w.Portions = r.those(func(s *share) bool { return s.source && s.concealed == r.concealed })
	case p.t.ReleaseMask.Has(n.Token):
		r.whyRelease(&w, n.Token)
	default:
		r.whyToken(&w, n.Token)
	}
	return w
}

// whyToken says which portions have a token, or what became it.
func (r *roller) whyToken(w *Why, token int) {
	var from policies.TokenSet
	from.Add(token)
	var rules []string
	for i := range r.p.t.Effects {
		e := &r.p.t.Effects[i]
		if r.applied>>i&1 != 0 && e.AddSet.Has(token) {
			from.Union(&e.When)
			if rule := e.Rule + ": " + e.Cites; !slices.Contains(rules, rule) {
				rules = append(rules, rule)
			}
		}
	}
	if rules != nil {
		w.Rule = strings.Join(rules, "; ")
	}
	w.Portions = r.those(func(s *share) bool { return s.tokens.Meets(&from) })
}

// whyRelease says which portions decide who else may have it.
func (r *roller) whyRelease(w *Why, token int) {
	rel := r.p.t.Release
	lists, officials := r.count[partList], r.count[partOfficial]+r.count[partRecent]
	said := r.count[partNo]+lists+r.count[partOfficial] > 0
	because := func(reason string, of ...part) {
		w.Rule = "rollup." + reason + ": " + rel.Cites[reason]
		w.Portions = r.those(func(s *share) bool { return slices.Contains(of, s.part) })
	}
	switch {
	case token == rel.Official:
		because("official", partOfficial, partRecent, partList)
	case token == rel.Display:
		because("display", partList)
	case token != rel.None:
		because("list", partList)
	case r.count[partNo] > 0:
		because("none", partNo)
	case r.count[partForeign] > 0:
		because("foreign", partForeign)
	case said && r.count[partUnmarked] > 0:
		because("unmarked", partUnmarked)
	case said && lists > 0 && officials > 0:
		because("mixed", partList, partOfficial, partRecent)
	case lists > 0 && r.audienceAll.Empty():
		because("empty", partList)
	default:
		r.whyToken(w, token)
	}
}
