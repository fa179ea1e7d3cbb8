package label

import (
	"strings"
	"time"

	"tearline/marking/spif"
)

// urn begins the URI of an object identifier.
const urn = "urn:oid:"

// ToSPIF returns what a label says as a label of a policy file, by the names of
// the policy (ADatP-4774.1 §3.10.2). It fails, with [marking.Faults], for a
// label that is not valid, by the standard or by the policy, or names what the
// policy does not have.
func ToSPIF(l *Label, p *spif.Policy) (spif.Label, error) {
	if err := l.Valid(); err != nil {
		return spif.Label{}, err
	}
	var r report
	x := &l.Information
	if !strings.EqualFold(x.Policy.Text, p.Name()) || x.Policy.URI != "" && x.Policy.URI != urn+p.ID() {
		r.fault(rulePolicy, "App. 1 Table 5", "", "the label is of policy %s %s, and not of %s %s", quote(x.Policy.Text), x.Policy.URI, p.Name(), p.ID())
		return spif.Label{}, r.err()
	}
	out := spif.Label{Policy: p.ID()}
	found := 0
	for _, c := range p.Classifications() {
		if strings.EqualFold(c.Name, x.Classification.Text) {
			out.Classification = c.Lacv
			found++
		}
	}
	if found != 1 {
		r.fault(ruleClass, "App. 1 Table 6", "", "%s has %d classifications %s", p.Name(), found, quote(x.Classification.Text))
	}
	tags := p.Tags()
	for i := range x.Categories {
		out.Categories = append(out.Categories, r.categories(&x.Categories[i], tags)...)
	}
	if m := x.PrivacyMark; m != nil {
		out.PrivacyMark = m.Text
	}
	if err := r.err(); err != nil {
		return spif.Label{}, err
	}
	if err := p.Valid(out); err != nil {
		return spif.Label{}, err
	}
	return out, nil
}

// typeOf returns the Type of a tag (ADatP-4774.1 §3.3.4).
func typeOf(t spif.TagType) string {
	switch {
	case t.Restrictive():
		return TypeRestrictive
	case t.Permissive():
		return TypePermissive
	}
	return TypeInformative
}

// categories finds the values of a category among the tags of a policy.
func (r *report) categories(c *Category, tags []spif.Tag) []spif.Category {
	var out []spif.Category
	for _, v := range c.Values {
		var found []spif.Category
		for _, t := range tags {
			if !strings.EqualFold(t.TagSet, c.TagName) || typeOf(t.Type) != c.Type || c.URI != "" && c.URI != urn+t.TagSetID {
				continue
			}
			for _, k := range t.Categories {
				if strings.EqualFold(k.Name, v.Text) {
					found = append(found, k.Category)
				}
			}
		}
		if len(found) != 1 {
			r.fault(ruleCategory, "App. 1 Table 8", "", "the policy has %d %s categories %s of %s", len(found), c.Type, quote(v.Text), quote(c.TagName))
			continue
		}
		out = append(out, found[0])
	}
	return out
}

// FromSPIF returns a label of a policy file as an originator's label made and
// to be reviewed at those times; a zero time of review is left out. It fails,
// with [marking.Faults], for a label that is not valid, and for one that cannot
// be told by names.
func FromSPIF(l spif.Label, p *spif.Policy, created, review time.Time) (*Label, error) {
	if err := p.Valid(l); err != nil {
		return nil, err
	}
	out := made(created, review)
	out.Information.Policy = Field{Text: p.Name(), URI: urn + p.ID()}
	for _, c := range p.Classifications() {
		if c.Lacv == l.Classification {
			out.Information.Classification.Text = c.Name
		}
	}
	if l.PrivacyMark != "" {
		out.Information.PrivacyMark = &Field{Text: l.PrivacyMark}
	}
	has := map[spif.Category]bool{}
	for _, c := range l.Categories {
		has[c] = true
	}
	for _, t := range p.Tags() {
		for _, c := range t.Categories {
			if has[c.Category] {
				out.Information.put(t.TagSet, typeOf(t.Type), urn+t.TagSetID, c.Name)
			}
		}
	}
	back, err := ToSPIF(out, p)
	if err != nil {
		return nil, err
	}
	if !back.Equal(l) {
		var r report
		r.fault(ruleEquivalent, "App. 1", "", "the names of %s do not tell this label", p.Name())
		return nil, r.err()
	}
	return out, nil
}

// made returns an originator's label that says nothing yet.
func made(created, review time.Time) *Label {
	l := &Label{Kind: KindOriginator, CreationDateTime: &Field{Text: written(created)}}
	if !review.IsZero() {
		l.ReviewDateTime = written(review)
	}
	return l
}

// put adds a value to the category of its tag.
func (x *Information) put(tag, kind, uri, value string) {
	for i := range x.Categories {
		if c := &x.Categories[i]; c.TagName == tag && c.Type == kind && c.URI == uri {
			c.Values = append(c.Values, Value{Form: generic, Text: value})
			return
		}
	}
	x.Categories = append(x.Categories, Category{TagName: tag, Type: kind, URI: uri, Values: []Value{{Form: generic, Text: value}}})
}
