package marking

import "tearline/marking/policies"

// ReadAnyway reads a mark as far as it can be read, whatever rules it breaks,
// and returns what it says and the ids of all the rules that it breaks, advice
// included: vectors are mostly of marks that are wrong.
func ReadAnyway(p *Policy, s string) (banner, portion string, rules []string) {
	b, _, faults := p.parse(s)
	p.check(&b, policies.ScopeDocument, false, &faults)
	p.check(&b, policies.ScopeAlone, false, &faults)
	p.check(&b, policies.ScopeAdvice, false, &faults)
	for _, f := range faults {
		rules = append(rules, f.Rule)
	}
	return string(b.Append(nil, policies.StyleBanner)), "(" + string(b.Append(nil, policies.StylePortion)) + ")", rules
}

// Rules returns the ids of all the rules of the policy.
func (p *Policy) Rules() map[string]bool {
	ids := map[string]bool{}
	for _, r := range p.t.Rules {
		ids[r.Rule.Rule] = true
	}
	for _, t := range p.t.Tokens {
		if l := t.Codes; l != nil {
			ids[l.Empty.Rule], ids[l.Alone.Rule], ids[l.Nation.Rule] = true, true, true
		}
	}
	return ids
}

// CodesOf returns all the codes that the policy knows.
func (p *Policy) CodesOf() []string {
	var all []string
	for _, c := range p.t.Codes {
		all = append(all, c.Code.Code)
	}
	return all
}

// DominatesSlowly compares by rolling up, always.
func (m Marking) DominatesSlowly(o Marking) bool {
	a, b := m.h.Value(), o.h.Value()
	return a.policy == b.policy && (m == o || a.dominates(&b))
}
