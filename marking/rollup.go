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
	r := roller{Sum: policies.Sum{T: &p.t}, p: p, of: make([]int, 0, len(portions)), shares: make([]share, 0, min(manySorts, len(portions))), sorts: make([]Dated, 0, min(manySorts, len(portions)))}
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
	b = r.Result()
	if r.Nobody {
		faults.add(Fault{
			Rule: "rollup.nobody", Cites: r.p.t.Release.Cites["empty"], Text: "nobody may have all of the portions, and the policy has no words for that",
			Hint: "part them into documents",
		})
	}
	if r.Owned || !r.p.t.Closes {
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
	alone := policies.Sum{T: &c.policy.t}
	alone.Add(&a, "")
	both := alone
	both.Add(&b, "")
	x, y := alone.Result(), both.Result()
	return x == y && !both.Nobody
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

// A share is what of a portion is kept to say why.
type share struct {
	policies.Share
	dated Dated
	hit   bool // scratch of those
}

// A roller rolls portions up.
type roller struct {
	policies.Sum
	p      *Policy
	sorts  []Dated // the portions that differ, the first of them at least
	shares []share // by sort
	of     []int   // by portion: its share
}

// manySorts is how many sorts of portions are looked through for one that is
// the same again: a document has many portions and few sorts of them.
const manySorts = 64

// portion takes a portion.
func (r *roller) portion(d Dated) {
	for i := range r.sorts {
		if r.sorts[i].Marking == d.Marking && r.sorts[i].Date == d.Date {
			r.of = append(r.of, i)
			return
		}
	}
	b := d.Marking.body()
	if len(r.shares) < manySorts {
		r.sorts = append(r.sorts, d)
	}
	r.of = append(r.of, len(r.shares))
	r.shares = append(r.shares, share{Share: r.Add(&b, d.Date), dated: d})
}

// why says why each token is in the banner.
func (r *roller) why(b *policies.Body) []Why {
	p := r.p
	out := make([]Why, 0, 8)
	out = append(out, Why{
		Token: p.t.Levels[b.Level].Name, Rule: p.t.LevelCites,
		Portions: r.those(func(s *share) bool { return s.Level == b.Level }),
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
		w.Portions = r.those(func(s *share) bool { return policies.CoversFree(s.Free, entry) })
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
		w.Portions = r.those(func(s *share) bool { return s.Source && s.Concealed == r.Concealed })
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
		if r.Applied>>i&1 != 0 && e.AddSet.Has(token) {
			from.Union(&e.When)
			if rule := e.Rule + ": " + e.Cites; !slices.Contains(rules, rule) {
				rules = append(rules, rule)
			}
		}
	}
	if rules != nil {
		w.Rule = strings.Join(rules, "; ")
	}
	w.Portions = r.those(func(s *share) bool { return s.Tokens.Meets(&from) })
}

// whyRelease says which portions decide who else may have it.
func (r *roller) whyRelease(w *Why, token int) {
	rel := r.p.t.Release
	lists, officials := r.Count[policies.PartList], r.Count[policies.PartOfficial]+r.Count[policies.PartRecent]
	said := r.Count[policies.PartNo]+lists+r.Count[policies.PartOfficial] > 0
	because := func(reason string, of ...policies.Part) {
		w.Rule = "rollup." + reason + ": " + rel.Cites[reason]
		w.Portions = r.those(func(s *share) bool { return slices.Contains(of, s.Part) })
	}
	switch {
	case token == rel.Official:
		because("official", policies.PartOfficial, policies.PartRecent, policies.PartList)
	case token == rel.Display:
		because("display", policies.PartList)
	case token != rel.None:
		because("list", policies.PartList)
	case r.Count[policies.PartNo] > 0:
		because("none", policies.PartNo)
	case r.Count[policies.PartForeign] > 0:
		because("foreign", policies.PartForeign)
	case said && r.Count[policies.PartUnmarked] > 0:
		because("unmarked", policies.PartUnmarked)
	case said && lists > 0 && officials > 0:
		because("mixed", policies.PartList, policies.PartOfficial, policies.PartRecent)
	case lists > 0 && r.AudienceAll.Empty():
		because("empty", policies.PartList)
	default:
		r.whyToken(w, token)
	}
}
