package marking

import "tearline/marking/policies"

// check appends a fault for each rule of the scope that the body breaks. Of a
// mark that was read only in part, rules that ask for more are not asked.
func (p *Policy) check(b *body, scope policies.Scope, partial bool, faults *Faults) {
	about := p.t.RuleSets[len(p.t.Tokens)]
	for t := b.tokens.Next(0); t >= 0; t = b.tokens.Next(t + 1) {
		about.Union(&p.t.RuleSets[t])
	}
	for i := about.Next(0); i >= 0; i = about.Next(i + 1) {
		r := &p.t.Rules[i]
		if r.Kind != scope || r.OwnedBy>>b.kind&1 == 0 || r.AtLevels>>b.level&1 == 0 {
			continue
		}
		if broken(r, b, partial) {
			faults.add(Fault{Rule: r.Rule.Rule, Cites: r.Cites, Text: r.Text, Hint: r.Hint})
		}
	}
	if scope == policies.ScopeMark && !partial {
		p.checkChildren(b, faults)
	}
}

func broken(r *policies.BuiltRule, b *body, partial bool) bool {
	if r.RightLevels>>b.level&1 == 0 || b.tokens.Meets(&r.ExcludesAny) {
		return true
	}
	if !r.NeedsAny.Empty() && !partial && !b.tokens.Meets(&r.NeedsAny) {
		return true
	}
	if r.AtMostOne.Empty() {
		return false
	}
	both := b.tokens.And(&r.AtMostOne)
	return both.Count() > 1
}

// checkChildren looks for names that may not stand without one below them.
func (p *Policy) checkChildren(b *body, faults *Faults) {
	alone := b.tokens.And(&p.t.NeedChild)
	for i := alone.Next(0); i >= 0; i = alone.Next(i + 1) {
		t := &p.t.Tokens[i]
		if !b.tokens.Meets(&t.Below) {
			faults.add(Fault{
				Rule: "form.compartment", Cites: t.NeedsChild, Text: t.Full + " may not stand alone",
				Hint: "write its compartment: " + policies.Quote(t.Full+"-…"),
			})
		}
	}
}
