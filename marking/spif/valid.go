package spif

import (
	"slices"
	"strings"
)

// MaxLabel is how many categories a label may have.
const MaxLabel = 4096

// Rules about labels.
const (
	rulePolicy    = "spif.policy"
	ruleClass     = "spif.class"
	ruleCategory  = "spif.category"
	ruleTwice     = "spif.twice"
	ruleExcluded  = "spif.excluded-class"
	ruleRequires  = "spif.required-class"
	ruleRequired  = "spif.required-category"
	ruleExcludes  = "spif.excluded-category"
	ruleSelection = "spif.selection"
	ruleObsolete  = "spif.obsolete"
	ruleWindow    = "spif.window"
	ruleInput     = "spif.user-input"
	rulePrivacy   = "spif.privacy-mark"
)

// A sheet is a label held against its policy.
type sheet struct {
	class int // -1 if unknown
	cats  []int
	has   map[Category]bool
	kinds map[Category]bool // without lacv: whether there is any of the set and type
}

// hold resolves a label, and reports what the policy does not know.
func (p *Policy) hold(l Label, r *report) sheet {
	s := sheet{class: -1, has: map[Category]bool{}, kinds: map[Category]bool{}}
	if l.Policy != p.id {
		r.rule(rulePolicy, "securityPolicyId", "", "the label is of policy %s, and not of %s %s", quote(l.Policy), p.name, p.id)
		return s
	}
	if i, ok := p.byClass[l.Classification]; ok {
		s.class = i
	} else {
		r.rule(ruleClass, "securityClassification", "", "%s has no classification with lacv %s", p.name, quote(l.Classification))
	}
	if len(l.Categories) > MaxLabel {
		r.rule(ruleLimit, "tagCategory", "", "the label has more than %d categories", MaxLabel)
		return s
	}
	for _, c := range l.Categories {
		i, ok := p.byCat[c]
		switch {
		case !ok:
			r.rule(ruleCategory, "tagCategory", "", "%s has no category %s", p.name, quote(c.String()))
		case s.has[c]:
			r.rule(ruleTwice, "tagCategory", "name it once", "category %s is there twice", quote(p.cats[i].name))
		default:
			s.has[c], s.kinds[Category{c.TagSet, c.Type, ""}] = true, true
			s.cats = append(s.cats, i)
		}
	}
	slices.Sort(s.cats)
	return s
}

// label returns what a sheet says, in the order of the file.
func (p *Policy) label(s sheet, privacy string) Label {
	l := Label{Policy: p.id, Classification: p.classes[s.class].lacv, PrivacyMark: privacy}
	for _, i := range s.cats {
		l.Categories = append(l.Categories, p.cats[i].key)
	}
	return l
}

// Valid reports whether the policy allows a label: nil, or all that is wrong
// as [marking.Faults]. Values that the policy calls obsolete are allowed: labels
// that have them exist. See [Policy.ValidNew].
func (p *Policy) Valid(l Label) error {
	var r report
	p.judge(l, &r)
	return r.err()
}

// ValidNew is [Policy.Valid] for a label that is made now: obsolete values are
// faults, too.
func (p *Policy) ValidNew(l Label) error {
	var r report
	s := p.judge(l, &r)
	if s.class >= 0 && p.classes[s.class].obsolete {
		r.rule(ruleObsolete, "securityClassification", "", "classification %s is obsolete", p.classes[s.class].name)
	}
	for _, i := range s.cats {
		if p.cats[i].obsolete {
			r.rule(ruleObsolete, "tagCategory", "", "category %s is obsolete", quote(p.cats[i].name))
		}
	}
	if m := p.privacyMark(l.PrivacyMark); m != nil && m.obsolete {
		r.rule(ruleObsolete, "privacyMark", "", "privacy mark %s is obsolete", quote(m.name))
	}
	return r.err()
}

// judge holds a label against every rule.
func (p *Policy) judge(l Label, r *report) sheet {
	s := p.hold(l, r)
	if l.Policy != p.id {
		return s
	}
	if !p.window.open() && (p.now.IsZero() || !p.window.holds(p.now)) {
		r.rule(ruleWindow, "SPIF", "ask Policy.At for the time that matters", "the policy is valid for a time only, and not known to be valid now")
	}
	if l.PrivacyMark != "" && p.privacyMark(l.PrivacyMark) == nil {
		r.rule(rulePrivacy, "privacyMark", "", "%s has no privacy mark %s", p.name, quote(l.PrivacyMark))
	}
	if s.class >= 0 {
		p.required(s, "classification "+p.classes[s.class].name, p.classes[s.class].required, r)
	}
	for _, i := range s.cats {
		p.judgeCategory(s, i, r)
	}
	p.judgeSelections(s, r)
	return s
}

// judgeCategory holds a label against the rules of one of its categories.
func (p *Policy) judgeCategory(s sheet, i int, r *report) {
	c := &p.cats[i]
	what := "category " + quote(c.name)
	if slices.Contains(c.excluded, s.class) {
		r.rule(ruleExcluded, "excludedClass", "", "%s may not be with classification %s", what, p.classes[s.class].name)
	}
	if c.needs >= 0 && s.class >= 0 && c.needs != s.class {
		r.rule(ruleRequires, "requiredClass", "", "%s needs classification %s", what, p.classes[c.needs].name)
	}
	if !c.window.open() && (p.now.IsZero() || !c.window.holds(p.now)) {
		r.rule(ruleWindow, "tagCategory", "ask Policy.At for the time that matters", "%s is valid for a time only, and not known to be valid now", what)
	}
	if c.userInput {
		r.rule(ruleInput, "tagCategory", "", "%s needs a value that a user enters, and labels do not carry it", what)
	}
	for _, x := range c.excludes {
		if p.meets(s, x, i) {
			r.rule(ruleExcludes, "excludedCategory", "", "%s may not be with %s", what, p.says(x))
		}
	}
	p.required(s, what, c.required, r)
}

// meets reports whether a label has what a ref stands for; except is a
// category that does not count, or -1. A category does not exclude itself.
func (p *Policy) meets(s sheet, x ref, except int) bool {
	id := p.setID[x.set]
	if x.lacv != "" {
		key := Category{id, x.kind, x.lacv}
		return s.has[key] && (except < 0 || p.cats[except].key != key)
	}
	if except < 0 || p.cats[except].key.TagSet != id || p.cats[except].key.Type != x.kind {
		return s.kinds[Category{id, x.kind, ""}]
	}
	for _, i := range s.cats {
		if k := p.cats[i].key; i != except && k.TagSet == id && k.Type == x.kind {
			return true
		}
	}
	return false
}

// required holds a label against what a classification or category requires.
func (p *Policy) required(s sheet, what string, all []requirement, r *report) {
	for _, q := range all {
		met := 0
		var missing []string
		for _, g := range q.groups {
			if p.meets(s, g, -1) {
				met++
			} else if len(missing) < 8 {
				missing = append(missing, p.says(g))
			}
		}
		switch {
		case q.op == opOnlyOne && met > 1:
			r.rule(ruleRequired, "requiredCategory", "keep one", "%s needs only one of %d groups of categories, and %d are there", what, len(q.groups), met)
		case q.op == opAll && met < len(q.groups):
			r.rule(ruleRequired, "requiredCategory", "", "%s needs %s", what, strings.Join(missing, " and "))
		case met == 0:
			r.rule(ruleRequired, "requiredCategory", "", "%s needs %s", what, strings.Join(missing, " or "))
		}
	}
}

// judgeSelections counts the categories of each tag.
func (p *Policy) judgeSelections(s sheet, r *report) {
	count := make([]int, len(p.tags))
	for _, i := range s.cats {
		count[p.cats[i].tag]++
	}
	for i := range p.tags {
		t := &p.tags[i]
		if t.max > 0 && count[i] > t.max {
			r.rule(ruleSelection, "securityCategoryTag", "", "tag %s may have %d categories, and has %d", quote(t.name), t.max, count[i])
		}
		if count[i] < t.min {
			r.rule(ruleSelection, "securityCategoryTag", "", "tag %s must have %d categories, and has %d", quote(t.name), t.min, count[i])
		}
	}
}

func (p *Policy) privacyMark(name string) *privacyMark {
	for i := range p.privacy {
		if p.privacy[i].name == name && name != "" {
			return &p.privacy[i]
		}
	}
	return nil
}
