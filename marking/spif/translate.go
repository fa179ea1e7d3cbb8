package spif

import (
	"slices"
)

// Rules about translations.
const ruleEquivalence = "spif.equivalence"

// Policies are policies that know of each other. They may be used from several
// goroutines.
type Policies struct {
	byID map[string]*Policy
}

// NewPolicies returns a collection. Two policies of it may not have one
// identifier.
func NewPolicies(all ...*Policy) (*Policies, error) {
	var r report
	ps := &Policies{byID: map[string]*Policy{}}
	for _, p := range all {
		if p == nil {
			r.rule(rulePolicy, "securityPolicyId", "", "there is a policy that is none")
			continue
		}
		if other, ok := ps.byID[p.id]; ok {
			r.rule(ruleDuplicate, "securityPolicyId", "", "%s and %s have one identifier, %s", other.name, p.name, p.id)
		}
		ps.byID[p.id] = p
	}
	if err := r.err(); err != nil {
		return nil, err
	}
	return ps, nil
}

// Lookup returns the policy with that object identifier.
func (ps *Policies) Lookup(id string) (*Policy, bool) {
	p, ok := ps.byID[id]
	return p, ok
}

// Translate returns the label of the policy to that stands for l, by what l's
// own policy says of labels that go out (applied encrypt or both): the
// equivalent classification and categories, and the categories that they and
// the policy require. It fails, with [marking.Faults], for what has no
// equivalent, for a requirement that leaves a choice, and if l or what comes of
// it is not valid. Nothing is left out, but informative categories that the
// policy says to discard.
func (ps *Policies) Translate(l Label, to string) (Label, error) {
	return ps.translate(l, l.Policy, to)
}

// Receive returns the label of the policy to that stands for l, by what the
// policy to says of labels that come in (applied decrypt or both): the
// classification and categories of its own whose equivalent l has. It fails as
// [Policies.Translate] does, and where several of its own could be meant.
func (ps *Policies) Receive(l Label, to string) (Label, error) {
	return ps.translate(l, to, to)
}

// translate translates by the tables of one of the two policies.
func (ps *Policies) translate(l Label, by, to string) (Label, error) {
	var r report
	from, target, table := ps.byID[l.Policy], ps.byID[to], ps.byID[by]
	if from == nil || target == nil {
		for _, id := range []string{l.Policy, to} {
			if ps.byID[id] == nil {
				r.rule(rulePolicy, "securityPolicyId", "", "there is no policy %s", quote(id))
			}
		}
		return Label{}, r.err()
	}
	s := from.judge(l, &r)
	if err := r.err(); err != nil {
		return Label{}, err
	}
	if l.PrivacyMark != "" {
		r.rule(ruleEquivalence, "privacyMark", "", "privacy mark %s has no equivalent", quote(l.PrivacyMark))
	}
	t := translation{report: &r, from: from, to: target, has: map[Category]bool{}}
	if table == from {
		t.out(s)
	} else {
		t.in(s)
	}
	if err := r.err(); err != nil {
		return Label{}, err
	}
	return t.finish()
}

// A translation is a label in the making.
type translation struct {
	*report

	from, to *Policy
	class    string
	has      map[Category]bool
	required []requirement
}

// named returns what a policy calls another, and what it says of it.
func (t *translation) named(p, other *Policy) (equivPolicy, bool) {
	for _, e := range p.equiv {
		if e.id == other.id {
			return e, true
		}
	}
	t.rule(ruleEquivalence, "equivalentPolicy", "", "%s knows of no equivalence with %s", p.name, other.name)
	return equivPolicy{}, false
}

// out translates by the table of the label's own policy.
func (t *translation) out(s sheet) {
	other, ok := t.named(t.from, t.to)
	if !ok {
		return
	}
	class := &t.from.classes[s.class]
	var found []equivClass
	for _, e := range class.equiv {
		if e.policy == other.name && e.encrypt {
			found = append(found, e)
		}
	}
	if t.single(len(found), "classification "+class.name, t.to.name) {
		t.class = found[0].lacv
		t.required = append(t.required, found[0].required...)
	}
	for _, i := range s.cats {
		c := &t.from.cats[i]
		mapped := false
		for _, e := range c.equiv {
			if e.policy == other.name && e.encrypt {
				mapped = true
				t.take(c, e)
			}
		}
		if !mapped {
			t.single(0, "category "+quote(c.name), t.to.name)
		}
	}
	t.required = append(t.required, other.required...)
}

// take adds the equivalent of a category. What decides on access is never
// discarded, whatever the file says.
func (t *translation) take(c *category, e equivCategory) {
	if !e.discard {
		t.has[e.key] = true
		return
	}
	if c.key.Type != TagInformative {
		t.rule(ruleEquivalence, "equivalentSecCategoryTag", "give it an equivalent",
			"%s category %s is to be discarded, and would let in whom it keeps out", c.key.Type, quote(c.name))
	}
}

// in translates by the table of the policy that receives the label.
func (t *translation) in(s sheet) {
	other, ok := t.named(t.to, t.from)
	if !ok {
		return
	}
	class := &t.from.classes[s.class]
	var found []string
	for _, c := range t.to.classes {
		for _, e := range c.equiv {
			if e.policy == other.name && e.decrypt && e.lacv == class.lacv {
				found = append(found, c.lacv)
			}
		}
	}
	if t.single(len(found), "classification "+class.name, t.to.name) {
		t.class = found[0]
	}
	for _, i := range s.cats {
		c := &t.from.cats[i]
		own := t.own(other.name, c.key)
		if t.single(len(own), "category "+quote(c.name), t.to.name) {
			t.has[own[0]] = true
		}
	}
}

// own returns the categories of the receiving policy that stand for one of
// another.
func (t *translation) own(policy string, key Category) []Category {
	var out []Category
	for i := range t.to.cats {
		for _, e := range t.to.cats[i].equiv {
			if e.policy == policy && e.decrypt && !e.discard && e.key == key {
				out = append(out, t.to.cats[i].key)
			}
		}
	}
	return out
}

// single reports that something has no equivalent, or several.
func (t *translation) single(n int, what, to string) bool {
	switch {
	case n == 0:
		t.rule(ruleEquivalence, "equivalentClassification", "", "%s has no equivalent in %s", what, to)
	case n > 1:
		t.rule(ruleEquivalence, "equivalentClassification", "", "%s has %d equivalents in %s", what, n, to)
	}
	return n == 1
}

// finish adds what is required, and holds the label against its policy.
func (t *translation) finish() (Label, error) {
	for _, q := range t.required {
		t.require(q)
	}
	l := Label{Policy: t.to.id, Classification: t.class}
	for c := range t.has {
		l.Categories = append(l.Categories, c)
	}
	l.Categories = sorted(l.Categories)
	s := t.to.judge(l, t.report)
	if err := t.err(); err != nil {
		return Label{}, err
	}
	return t.to.label(s, ""), nil
}

// require adds the categories that a requirement names, where it leaves no
// choice. What it leaves to choose must be there already.
func (t *translation) require(q requirement) {
	met := func(g ref) bool {
		for c := range t.has {
			if c.TagSet == t.to.setID[g.set] && c.Type == g.kind && (g.lacv == "" || g.lacv == c.Lacv) {
				return true
			}
		}
		return false
	}
	if q.op != opAll && slices.ContainsFunc(q.groups, met) {
		return // that there is only one, the policy itself requires
	}
	if q.op != opAll && len(q.groups) > 1 {
		t.rule(ruleEquivalence, "requiredCategory", "", "%s requires a category, and leaves to choose which", t.from.name)
		return
	}
	for _, g := range q.groups {
		switch {
		case met(g):
		case g.lacv == "":
			t.rule(ruleEquivalence, "requiredCategory", "", "%s requires a category, and leaves to choose which", t.from.name)
		default:
			t.has[Category{t.to.setID[g.set], g.kind, g.lacv}] = true
		}
	}
}
