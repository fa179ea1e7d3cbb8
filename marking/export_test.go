package marking

import "tearline/marking/policies"

// ReadAnyway reads a mark as far as it can be read, whatever rules it breaks,
// and returns what it says and the ids of all the rules that it breaks, advice
// included: vectors are mostly of marks that are wrong.
func ReadAnyway(p *Policy, s string) (banner, portion string, rules []string) {
	b, _, faults := p.parse(s, nil)
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

// Draw returns a valid mark of any policy, or the lowest: a level, tokens, lists
// and names as the dice fall.
func (p *Policy) Draw(dice func(n int) int) Marking {
	t := &p.t
	b := policies.Body{T: t, Level: uint8(dice(len(t.Levels)))}
	if t.Levels[b.Level].Owned {
		b.Level = 0
	}
	codes := []string{"GBR", "FRA", "DEU", "JPN", "UKR", "NATO", "FVEY", "EU", "BANK-A", "BANK-B", "COUNSEL", "ADVISERS"}
	var lists policies.CodeSet
	for range dice(4) {
		if i, ok := t.CodeIndex[codes[dice(len(codes))]]; ok && i != t.NationCode {
			lists.Add(i)
		}
	}
	b.Rel, b.Display, b.Source = lists, lists, lists
	best, _ := p.Parse(string(b.Append(nil, policies.StyleBanner)))
	if best.IsZero() {
		best = p.lowest
	}
	for range dice(6) {
		if len(t.Tokens) == 0 {
			break
		}
		next := b
		p.drawToken(&next, dice)
		if m, err := p.Parse(string(next.Append(nil, policies.StyleBanner))); err == nil {
			b, best = next, m
		}
	}
	return best
}

func (p *Policy) drawToken(b *policies.Body, dice func(n int) int) {
	i := dice(len(p.t.Tokens))
	if tok := &p.t.Tokens[i]; tok.Hidden {
		names := []string{"AB", "CDE", "XYZW", "14", "20", "LEI", "AIV"}
		name := names[dice(len(names))]
		if tok.Parent >= 0 {
			parent := &p.t.Tokens[tok.Parent]
			name = parent.Full + policies.Joint(parent.Depth+1) + name
		}
		b.Free = policies.JoinFree(b.Free, string(policies.FreeMark(tok.Category))+name)
	}
	for ; i >= 0; i = p.t.Tokens[i].Parent {
		b.Tokens.Add(i)
	}
}
