package marking

// check appends a fault for each rule of the scope that the body breaks. Of a
// mark that was read only in part, rules that ask for more are not asked.
func (p *Policy) check(b *body, scope ruleScope, partial bool, faults *Faults) {
	about := p.ruleSets[len(p.tokens)]
	for t := b.tokens.next(0); t >= 0; t = b.tokens.next(t + 1) {
		about.union(&p.ruleSets[t])
	}
	for i := about.next(0); i >= 0; i = about.next(i + 1) {
		r := &p.rules[i]
		if r.scope != scope || r.owners>>b.kind&1 == 0 || r.on>>b.level&1 == 0 {
			continue
		}
		if r.broken(b, partial) {
			faults.add(Fault{Rule: r.Rule.Rule, Cites: r.Cites, Text: r.Text, Hint: r.Hint})
		}
	}
	if scope == scopeMark && !partial {
		p.checkChildren(b, faults)
	}
}

func (r *rule) broken(b *body, partial bool) bool {
	if r.levels>>b.level&1 == 0 || b.tokens.meets(&r.excludes) {
		return true
	}
	if !r.needs.empty() && !partial && !b.tokens.meets(&r.needs) {
		return true
	}
	if r.oneOf.empty() {
		return false
	}
	both := b.tokens.and(&r.oneOf)
	return both.count() > 1
}

// checkChildren looks for names that may not stand without one below them.
func (p *Policy) checkChildren(b *body, faults *Faults) {
	alone := b.tokens.and(&p.needChild)
	for i := alone.next(0); i >= 0; i = alone.next(i + 1) {
		t := &p.tokens[i]
		if !b.tokens.meets(&t.below) {
			faults.add(Fault{
				Rule: "form.compartment", Cites: t.NeedsChild, Text: t.name + " may not stand alone",
				Hint: "write its compartment: " + quote(t.name+"-…"),
			})
		}
	}
}
