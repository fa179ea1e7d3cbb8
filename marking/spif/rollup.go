package spif

import "slices"

// Rules about roll-ups.
const (
	ruleEmpty  = "spif.rollup.empty"
	ruleNobody = "spif.rollup.nobody"
	ruleMarks  = "spif.rollup.privacy-mark"
)

// RollUp returns the label of what is made of parts: whoever may have it may
// have each part, if their clearance names every class below the highest that
// it names. It fails, with [marking.Faults], without parts, for a part that is
// not valid, for permissive categories of one tag of which the parts share
// none (nobody may have both), for different privacy marks, and where the
// roll-up itself is not valid. The order of the parts makes no difference.
func (p *Policy) RollUp(parts ...Label) (Label, error) {
	var r report
	if len(parts) == 0 {
		r.rule(ruleEmpty, "securityClassification", "", "there is nothing to roll up")
	}
	var up sheet
	var mark string
	for i, l := range parts {
		s := p.judge(l, &r)
		if r.err() != nil {
			continue
		}
		if i == 0 {
			up, mark = s, l.PrivacyMark
			continue
		}
		up = p.merge(up, s, &r)
		switch {
		case mark == "":
			mark = l.PrivacyMark
		case l.PrivacyMark != "" && l.PrivacyMark != mark:
			r.rule(ruleMarks, "privacyMark", "", "a label has one privacy mark, and there are %s and %s", quote(mark), quote(l.PrivacyMark))
		}
	}
	if err := r.err(); err != nil {
		return Label{}, err
	}
	l := p.label(up, mark)
	p.judge(l, &r)
	if err := r.err(); err != nil {
		return Label{}, err
	}
	return l, nil
}

// merge is the least label that is as strict as both.
func (p *Policy) merge(a, b sheet, r *report) sheet {
	inA, inB := permissive(p, a), permissive(p, b)
	out := sheet{class: max(a.class, b.class)} // classes are in the order of their hierarchy
	all := slices.Concat(a.cats, b.cats)
	slices.Sort(all)
	left := map[int]bool{}
	for _, i := range slices.Compact(all) {
		c := &p.cats[i]
		shared := inA[c.tag] && inB[c.tag]
		if shared && (!a.has[c.key] || !b.has[c.key]) {
			continue
		}
		left[c.tag] = true
		out.cats = append(out.cats, i)
	}
	for t := range p.tags {
		if inA[t] && inB[t] && !left[t] {
			r.rule(ruleNobody, "securityCategoryTag", "keep the parts apart",
				"the parts share no category of tag %s: nobody may have them together", quote(p.tags[t].name))
		}
	}
	out.has = map[Category]bool{}
	for _, i := range out.cats {
		out.has[p.cats[i].key] = true
	}
	return out
}

// permissive returns the tags of which a label has permissive categories.
func permissive(p *Policy, s sheet) map[int]bool {
	out := map[int]bool{}
	for _, i := range s.cats {
		if p.cats[i].key.Type.Permissive() {
			out[p.cats[i].tag] = true
		}
	}
	return out
}
