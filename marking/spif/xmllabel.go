package spif

import (
	"tearline/marking"
	"tearline/marking/internal/xmltree"
)

// labelNamespace is that of the plain label and clearance files: a root with
// policy, classification and tag elements.
const labelNamespace = "http://surevine.com/xmlns/spiffy"

// Rules about label and clearance files.
const ruleLabel = "spif.label"

// ReadLabel reads a label file of the plain form: a label element of the
// namespace http://surevine.com/xmlns/spiffy with one policy (id), one
// classification (lacv) and any number of tag elements (type, id, lacv). The
// text in the elements is for people, and is not read. Whether a policy knows
// what it names is for [Policy.Valid].
func ReadLabel(data []byte) (Label, error) {
	var r report
	policy, classes, cats := r.plain(data, "label")
	if len(r.faults) == 0 && len(classes) != 1 {
		r.add(marking.Fault{Rule: ruleLabel, Text: "a label has one classification"})
	}
	if err := r.err(); err != nil {
		return Label{}, err
	}
	return Label{Policy: policy, Classification: classes[0], Categories: cats}, nil
}

// ReadClearance reads a clearance file of the plain form, which is that of
// [ReadLabel] with a clearance element and any number of classifications.
func ReadClearance(data []byte) (Clearance, error) {
	var r report
	policy, classes, cats := r.plain(data, "clearance")
	if err := r.err(); err != nil {
		return Clearance{}, err
	}
	return Clearance{Policy: policy, Classifications: classes, Categories: cats}, nil
}

// plain reads a file of the plain form.
func (r *report) plain(data []byte, local string) (policy string, classes []string, cats []Category) {
	root, err := xmltree.Parse(data)
	if err != nil {
		r.add(marking.Fault{Rule: ruleXML, Text: "no XML document: " + err.Error()})
		return "", nil, nil
	}
	if root.Name.Local != local || root.Name.Space != labelNamespace {
		r.label(root, "the root is "+local+" of namespace "+labelNamespace, "no "+local)
		return "", nil, nil
	}
	r.only(root)
	policies := 0
	for _, c := range root.Children {
		switch name := c.Name.Local; {
		case c.Name.Space != labelNamespace || !lists("policy classification tag", name):
			r.label(c, "what a reader does not know could change the meaning of the rest", "there is no such element in a "+local)
			continue
		case len(c.Children) > 0:
			r.label(c, "", "there are elements in it")
		case name == "policy":
			r.only(c, "id")
			policy, _ = attr(c, "id")
			policies++
		case name == "classification":
			r.only(c, "lacv")
			classes = append(classes, r.number(c))
		case name == "tag":
			r.only(c, "type", "id", "lacv")
			cats = append(cats, r.plainTag(c))
		}
	}
	if policies != 1 || policy == "" {
		r.label(root, "", "there must be one policy, with an id")
	}
	if len(cats) > MaxLabel {
		r.label(root, "", "there are too many categories")
	}
	return policy, classes, cats
}

func (r *report) plainTag(n *xmltree.Node) Category {
	var c Category
	c.TagSet, _ = attr(n, "id")
	if !isOID(c.TagSet) {
		r.label(n, "", "the id is no object identifier")
	}
	kind, _ := attr(n, "type")
	for t := TagRestrictive; t <= TagInformative; t++ {
		if t.String() == kind {
			c.Type = t
		}
	}
	if c.Type == TagUnknown {
		r.label(n, "", "type "+quote(kind)+" is none")
	}
	c.Lacv = r.number(n)
	return c
}

func (r *report) number(n *xmltree.Node) string {
	s, _ := attr(n, "lacv")
	v, ok := lacv(s)
	if !ok {
		r.label(n, "", "lacv "+quote(s)+" is no number")
	}
	return v
}

// only reports attributes that are not of those names.
func (r *report) only(n *xmltree.Node, names ...string) {
	seen := map[string]bool{}
	for _, a := range n.Attrs {
		known := false
		for _, name := range names {
			known = known || a.Name.Space == "" && a.Name.Local == name
		}
		if !known || seen[a.Name.Local] {
			r.label(n, "", "attribute "+quote(a.Name.Local)+" is none, or there twice")
		}
		seen[a.Name.Local] = true
	}
}

func (r *report) label(n *xmltree.Node, hint, text string) {
	r.add(marking.Fault{Offset: n.Offset, Rule: ruleLabel, Text: n.Name.Local + ": " + text, Hint: hint})
}
