package spif

import "strings"

// A Decision is whether a clearance admits to what a label is on, and why.
// The zero Decision is no.
type Decision struct {
	Admitted bool
	Reasons  []Reason // one a condition, all of which must be met
}

// A Reason is one condition of a label.
type Reason struct {
	Met bool
	// Rule is "admits.label", "admits.policy", "admits.class",
	// "admits.restrictive" or "admits.permissive".
	Rule string
	// Tag is the name of the tag that the condition comes from; "" if none.
	Tag  string
	Text string
}

// Admits decides whether a clearance admits to what a label is on: the label
// is valid, both are of this policy, the clearance names the classification,
// has every restrictive category, and of every tag with permissive categories
// one. Every condition is looked at. What of a clearance is unknown grants
// nothing.
func (p *Policy) Admits(l Label, c Clearance) Decision {
	var r, unknown report
	s := p.judge(l, &r)
	if len(r.faults) > 0 {
		var d Decision
		for _, f := range r.faults {
			d.Reasons = append(d.Reasons, Reason{Rule: "admits.label", Text: f.Text + " [" + f.Rule + "]"})
		}
		return d
	}
	held := p.cleared(c, &unknown)
	d := Decision{Reasons: []Reason{
		{Met: c.Policy == p.id, Rule: "admits.policy", Text: "the clearance is of policy " + quote(c.Policy)},
		p.admitsClass(s, held),
	}}
	for i := range p.tags {
		d.Reasons = append(d.Reasons, p.admitsTag(s, held, i)...)
	}
	d.Admitted = true
	for _, x := range d.Reasons {
		d.Admitted = d.Admitted && x.Met
	}
	return d
}

func (p *Policy) admitsClass(s sheet, held holding) Reason {
	x := Reason{Met: held.classes[s.class], Rule: "admits.class"}
	x.Text = "the clearance " + has(x.Met) + " classification " + p.classes[s.class].name
	return x
}

// admitsTag looks at the categories of one tag: every restrictive one is a
// condition, and the permissive ones are one together.
func (p *Policy) admitsTag(s sheet, held holding, tag int) []Reason {
	t := &p.tags[tag]
	var out []Reason
	var one, names []string
	for _, i := range s.cats {
		c := &p.cats[i]
		switch {
		case c.tag != tag:
		case t.kind.Restrictive():
			out = append(out, Reason{
				Met: held.cats[i], Rule: "admits.restrictive", Tag: t.name,
				Text: "the clearance " + has(held.cats[i]) + " " + t.kind.String() + " category " + quote(c.name),
			})
		case t.kind.Permissive():
			names = append(names, quote(c.name))
			if held.cats[i] {
				one = append(one, quote(c.name))
			}
		}
	}
	if len(names) > 0 {
		x := Reason{Met: len(one) > 0, Rule: "admits.permissive", Tag: t.name}
		if x.Met {
			x.Text = "the clearance has " + t.kind.String() + " category " + one[0]
		} else {
			x.Text = "the clearance has none of the " + t.kind.String() + " categories " + strings.Join(names[:min(len(names), 8)], ", ")
		}
		out = append(out, x)
	}
	return out
}

func has(met bool) string {
	if met {
		return "has"
	}
	return "does not have"
}

// A holding is a clearance held against its policy.
type holding struct{ classes, cats map[int]bool }

// cleared resolves a clearance, and reports what the policy does not know. A
// clearance of another policy holds nothing.
func (p *Policy) cleared(c Clearance, r *report) holding {
	held := holding{classes: map[int]bool{}, cats: map[int]bool{}}
	if c.Policy != p.id {
		r.rule(rulePolicy, "securityPolicyId", "", "the clearance is of policy %s, and not of %s %s", quote(c.Policy), p.name, p.id)
		return held
	}
	for _, s := range c.Classifications {
		if i, ok := p.byClass[s]; ok {
			held.classes[i] = true
		} else {
			r.rule(ruleClass, "securityClassification", "", "%s has no classification with lacv %s", p.name, quote(s))
		}
	}
	for _, k := range c.Categories {
		if i, ok := p.byCat[k]; ok {
			held.cats[i] = true
		} else {
			r.rule(ruleCategory, "tagCategory", "", "%s has no category %s", p.name, quote(k.String()))
		}
	}
	return held
}
