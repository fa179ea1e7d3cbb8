package label

import (
	"encoding/xml"
	"fmt"
	"strings"

	"tearline/marking"
)

// Read reads a label: one of the standard's elements for labels, by itself.
// What the standard does not know is kept, and makes the label invalid; what
// cannot be told apart (two classifications, text beside elements) is an error,
// [marking.Faults] with all of it.
func Read(data []byte) (*Label, error) {
	var r reader
	r.data = data
	root, err := parse(data)
	if err != nil {
		r.add(marking.Fault{Rule: ruleXML, Text: "no XML document: " + err.Error()})
		return nil, r.err()
	}
	kind := KindUnknown
	for k := KindOriginator; k <= KindPlain; k++ {
		if root.name == (xml.Name{Space: Namespace, Local: k.String()}) {
			kind = k
		}
	}
	if kind == KindUnknown {
		r.wrong(root, "no label of "+Namespace)
		return nil, r.err()
	}
	l := r.label(root, kind)
	if err := r.err(); err != nil {
		return nil, err
	}
	return &l, nil
}

type reader struct {
	report

	data  []byte
	alone int // bytes of unknown elements
}

// wrong reports what a label cannot be read with.
func (r *reader) wrong(n *node, format string, args ...any) {
	r.add(marking.Fault{
		Offset: n.start, Length: n.end - n.start, Rule: ruleStructure, Cites: "ADatP-4774 App. 1 Annex A",
		Text: n.name.Local + ": " + fmt.Sprintf(format, args...),
	})
}

// split sorts the parts of an element: known attributes by name, known
// children, and the rest.
func (r *reader) split(n *node, attrs, children string) (known map[string]string, kids []*node, extra Extra) {
	known = map[string]string{}
	for _, a := range n.attrs {
		if a.Name.Space == "" && lists(attrs, a.Name.Local) {
			known[a.Name.Local] = a.Value
		} else {
			extra.Attrs = append(extra.Attrs, Attr{Space: a.Name.Space, Name: a.Name.Local, Value: a.Value})
		}
	}
	if children != "" && strings.TrimSpace(n.text) != "" {
		r.wrong(n, "there is text, %s, beside elements", quote(n.text))
	}
	for _, k := range n.kids {
		switch {
		case k.name.Space == Namespace && lists(children, k.name.Local):
			kids = append(kids, k)
		case children == "":
			r.wrong(n, "there is an element where text belongs")
		default:
			extra.Elements = append(extra.Elements, r.keep(k))
		}
	}
	return known, kids, extra
}

// keep keeps an unknown element.
func (r *reader) keep(n *node) string {
	if r.alone > MaxSize {
		return ""
	}
	s := n.alone(r.data)
	if r.alone += len(s); r.alone > MaxSize {
		r.add(marking.Fault{Offset: n.start, Rule: ruleLimit, Text: "the elements that the standard does not know are too long"})
	}
	return s
}

// once reports elements that are there more than once, and returns each by
// name.
func (r *reader) once(kids []*node, many string) map[string]*node {
	out := map[string]*node{}
	for _, k := range kids {
		if lists(many, k.name.Local) {
			continue
		}
		if out[k.name.Local] != nil {
			r.wrong(k, "there is another one")
		}
		out[k.name.Local] = k
	}
	return out
}

func (r *reader) label(n *node, kind Kind) Label {
	children := "ConfidentialityInformation OriginatorID CreationDateTime"
	if kind != KindSuccessor {
		children += " SuccessionHandling"
	}
	attrs, kids, extra := r.split(n, "Id ReviewDateTime", children)
	l := Label{Kind: kind, ID: attrs["Id"], ReviewDateTime: attrs["ReviewDateTime"], Extra: extra}
	one := r.once(kids, "")
	if k := one["ConfidentialityInformation"]; k != nil {
		l.Information = r.information(k)
	} else {
		r.wrong(n, "there is no ConfidentialityInformation")
	}
	if k := one["OriginatorID"]; k != nil {
		known, _, rest := r.split(k, "IDType", "")
		l.OriginatorID = &Originator{IDType: known["IDType"], Text: k.text, Extra: rest}
	}
	if k := one["CreationDateTime"]; k != nil {
		f := r.field(k, false)
		l.CreationDateTime = &f
	}
	if k := one["SuccessionHandling"]; k != nil {
		s := r.succession(k)
		l.Succession = &s
	}
	return l
}

func (r *reader) succession(n *node) Succession {
	_, kids, extra := r.split(n, "", "SuccessionDateTime SuccessorConfidentialityLabel")
	one := r.once(kids, "")
	s := Succession{Extra: extra}
	at, next := one["SuccessionDateTime"], one["SuccessorConfidentialityLabel"]
	if at == nil || next == nil {
		r.wrong(n, "there is no SuccessionDateTime, or no SuccessorConfidentialityLabel")
		return s
	}
	s.DateTime = r.field(at, false)
	s.Successor = r.label(next, KindSuccessor)
	return s
}

func (r *reader) information(n *node) Information {
	_, kids, extra := r.split(n, "", "PolicyIdentifier Classification PrivacyMark Category")
	one := r.once(kids, "Category")
	x := Information{Extra: extra}
	for name, f := range map[string]*Field{"PolicyIdentifier": &x.Policy, "Classification": &x.Classification} {
		if k := one[name]; k != nil {
			*f = r.field(k, true)
		}
	}
	for _, name := range []string{"PolicyIdentifier", "Classification"} {
		if one[name] == nil {
			r.wrong(n, "there is no %s", name)
		}
	}
	if k := one["PrivacyMark"]; k != nil {
		_, _, rest := r.split(k, "", "")
		x.PrivacyMark = &Field{Text: k.text, Extra: rest}
	}
	for _, k := range kids {
		if k.name.Local == "Category" {
			x.Categories = append(x.Categories, r.category(k))
		}
	}
	return x
}

// field reads an element with text, whose blanks are of no account.
func (r *reader) field(n *node, uri bool) Field {
	attrs := ""
	if uri {
		attrs = "URI"
	}
	known, _, extra := r.split(n, attrs, "")
	return Field{Text: strings.Join(strings.Fields(n.text), " "), URI: known["URI"], Extra: extra}
}

// forms are the elements that stand for CategoryValue.
const forms = "GenericValue IntegerValue BitStringValue"

func (r *reader) category(n *node) Category {
	known, kids, extra := r.split(n, "Type TagName URI", forms)
	c := Category{TagName: known["TagName"], Type: known["Type"], URI: known["URI"], Extra: extra}
	for _, k := range kids {
		_, _, rest := r.split(k, "", "")
		c.Values = append(c.Values, Value{Form: k.name.Local, Text: k.text, Extra: rest})
	}
	return c
}
