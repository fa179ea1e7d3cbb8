package marking

import "tearline/marking/policies"

// check appends a fault for each rule of the scope that the body breaks. Of a
// mark that was read only in part, rules that ask for more are not asked.
func (p *Policy) check(b *policies.Body, scope policies.Scope, partial bool, faults *Faults) {
	about := p.t.RuleSets[len(p.t.Tokens)]
	for t := b.Tokens.Next(0); t >= 0; t = b.Tokens.Next(t + 1) {
		about.Union(&p.t.RuleSets[t])
	}
	owned := b.OwnedBy()
	for i := about.Next(0); i >= 0; i = about.Next(i + 1) {
		r := &p.t.Rules[i]
		if r.Kind != scope || r.OwnedBy&owned == 0 || r.AtLevels>>b.Level&1 == 0 {
			continue
		}
		if applies(r, b) && broken(r, b, partial) {
			faults.add(Fault{Rule: r.Rule.Rule, Cites: r.Cites, Text: r.Text, Hint: r.Hint})
		}
	}
	if scope == policies.ScopeMark && !partial {
		p.checkChildren(b, faults)
	}
}

// applies reports whether the conditions of a rule hold that few rules have.
func applies(r *policies.BuiltRule, b *policies.Body) bool {
	return !b.Tokens.Meets(&r.UnlessAny) && (r.SourceCodes.Empty() || b.Source.Meets(&r.SourceCodes))
}

func broken(r *policies.BuiltRule, b *policies.Body, partial bool) bool {
	if r.CountCat >= 0 && len(b.Names(r.CountCat)) > r.Most || r.RightLevels>>b.Level&1 == 0 || b.Tokens.Meets(&r.ExcludesAny) {
		return true
	}
	if !r.NeedsAny.Empty() && !partial && !b.Tokens.Meets(&r.NeedsAny) {
		return true
	}
	if r.AtMostOne.Empty() {
		return false
	}
	both := b.Tokens.And(&r.AtMostOne)
	return both.Count() > 1
}

// checkChildren looks for names that may not stand without one below them.
func (p *Policy) checkChildren(b *policies.Body, faults *Faults) {
	alone := b.Tokens.And(&p.t.NeedChild)
	for i := alone.Next(0); i >= 0; i = alone.Next(i + 1) {
		t := &p.t.Tokens[i]
		if !b.Tokens.Meets(&t.Below) {
			faults.add(Fault{
				Rule: "form.compartment", Cites: t.NeedsChild, Text: t.Full + " may not stand alone",
				Hint: "write its compartment: " + policies.Quote(t.Full+"-…"),
			})
		}
	}
}
