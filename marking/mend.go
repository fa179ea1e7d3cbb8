package marking

import (
	"slices"
	"strings"

	"tearline/marking/policies"
)

// Mended is a mark with what can be mended in it mended.
type Mended struct {
	// Marking is what the mark says then; zero if something is left.
	Marking Marking
	// Text is how it is written, in the form in which the mark was; empty if
	// something is left.
	Text string
	// Done are the faults that were mended, Left those that somebody has to
	// decide on. Offsets are in the mark as it was.
	Done, Left Faults
}

// Mend reads a mark as Parse does, and mends what can be mended without
// admitting anybody whom the mark as it stands would not: case, separators,
// what is there twice, the nation's place on a list, and what the policy's
// rules say how to (a control that another one covers is dropped, one that is
// missing is added, a level raised).
func (p *Policy) Mend(s string) Mended {
	b, form, faults := p.parse(s, nil)
	var out Mended
	for _, f := range faults {
		if p.mendable(&f) {
			out.Done.add(f)
		} else {
			out.Left.add(f)
		}
	}
	if len(out.Left) > 0 {
		out.Done = nil
		return out
	}
	for range len(p.t.Rules) {
		broken := p.broken(&b)
		if len(broken) == 0 {
			break
		}
		for _, r := range broken {
			p.repair(&b, r)
		}
	}
	text := b.Line()
	if form == FormPortion {
		text = string(b.Append(nil, policies.StylePortion))
	}
	if strings.Contains(s, "(") {
		text = "(" + text + ")"
	}
	if m, err := p.Parse(text); err == nil {
		out.Marking, out.Text = m, text
		return out
	}
	return Mended{Left: faults}
}

// formRules are the faults of form that reading gets over, for nothing is lost
// by them.
var formRules = []string{"form.case", "form.twice", "form.empty-category", "form.empty-item", "form.separator", "form.category-twice"}

func (p *Policy) mendable(f *Fault) bool {
	if slices.Contains(formRules, f.Rule) {
		return true
	}
	for _, t := range p.lists() {
		if l := p.t.Tokens[t].Codes; l.Nation.Rule == f.Rule && l.Alone.Rule != f.Rule {
			return true // the nation has it anyway
		}
	}
	return slices.ContainsFunc(p.t.Rules, func(r policies.BuiltRule) bool {
		return r.Rule.Rule == f.Rule && r.Text == f.Text && r.Repair != ""
	})
}

// broken returns the rules about marks that b breaks.
func (p *Policy) broken(b *policies.Body) []*policies.BuiltRule {
	var faults Faults
	p.check(b, policies.ScopeMark, false, &faults)
	var out []*policies.BuiltRule
	for i := range p.t.Rules {
		r := &p.t.Rules[i]
		if slices.ContainsFunc(faults, func(f Fault) bool { return f.Rule == r.Rule.Rule && f.Text == r.Text }) {
			out = append(out, r)
		}
	}
	return out
}

// repair does what a rule says that mends a breach of it.
func (p *Policy) repair(b *policies.Body, r *policies.BuiltRule) {
	switch r.Repair {
	case "drop":
		b.Tokens.Minus(&r.When)
	case "add":
		if !b.Tokens.Meets(&r.NeedsAny) {
			b.Tokens.Add(r.First)
		}
	case "raise":
		for i := int(b.Level); i < len(p.t.Levels); i++ {
			if r.RightLevels>>i&1 != 0 {
				b.Level = uint8(i) //nolint:gosec // the loader bounds the levels
				return
			}
		}
	}
}

// Lint reads a mark as Parse does, and returns all that can be said of it: what
// is wrong; of [SeverityForm] what is right and written otherwise than it
// should be; of [SeverityAdvice] what the document that bears it has to see to
// (see [Marking.Advice]).
func (p *Policy) Lint(s string) Faults {
	d := document{p: p, ps: parser{p: p, s: s, b: policies.Body{T: &p.t}, record: true}}
	m := d.read(s)
	switch {
	case m.IsZero():
	case d.kind == FormBanner && !p.t.Phrases:
		d.form()
	default:
		d.whole(m)
	}
	for _, f := range m.Advice() {
		f.Length = len(s)
		f.Severity = SeverityAdvice
		d.ps.faults.add(f)
	}
	return d.ps.faults
}

// whole reports a mark that is written otherwise than it should be as a whole.
func (d *document) whole(m Marking) {
	s := d.ps.s
	lo, hi := policies.Trim(s, 0, len(s))
	right := m.Banner()
	if d.kind == FormPortion {
		right = m.Portion()
		if lo < hi && s[lo] != '(' {
			right = strings.Trim(right, "()")
		}
	}
	if policies.Squeeze(s[lo:hi]) != right {
		d.ps.fault(lo, hi, Fault{Rule: "form.order", Cites: d.p.t.Line.Cites, Text: "it is written otherwise", Hint: "write " + quoteAll(right), Severity: SeverityForm})
	}
}
