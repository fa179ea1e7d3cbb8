package ism

import (
	"fmt"
	"strings"

	"tearline/marking"
	"tearline/marking/internal/xmltree"
)

// An Element is the start tag of an XML element: its name and all its
// attributes. What is in the element is not kept.
type Element struct {
	Space      string // the namespace's URI, "" for none
	Name       string // without prefix
	Attributes Attributes
}

// xmlSpace is the namespace that the prefix xml always has, and no other may.
const xmlSpace = "http://www.w3.org/XML/1998/namespace"

// ParseXML reads an element and its attributes, those of ISM by their
// namespace whatever the prefix. What is in the element must be well-formed
// and is passed over. The error is a [marking.Faults] with all that is wrong.
func ParseXML(data []byte) (Element, error) {
	n, err := xmltree.Parse(data)
	if err != nil {
		return Element{}, marking.Faults{{Rule: "ism.xml", Text: err.Error()}}
	}
	e := Element{Space: n.Name.Space, Name: n.Name.Local}
	b := builder{faults: e.writable()}
	for _, a := range n.Attrs {
		x := Attribute{Space: a.Name.Space, Name: a.Name.Local, Value: a.Value}
		switch x.Space {
		case Namespace:
			x.Space = ""
		case "":
			x.Space = Unqualified
		case Unqualified:
			b.fault(n.Offset, 0, marking.Fault{Rule: "ism.xml", Text: quote(x.Space) + " is no namespace"})
		}
		b.add(n.Offset, 0, x)
	}
	if e.Attributes, err = b.done(); err != nil {
		return Element{}, err
	}
	return e, nil
}

func (e Element) writable() marking.Faults {
	if isName(e.Name) && isSpace(e.Space) {
		return nil
	}
	return marking.Faults{{Rule: "ism.xml", Text: quote(e.Name) + " is no name of an element that can be written"}}
}

// XML writes the element, empty, with the namespaces of its attributes: what
// [ParseXML] reads as the same element. It fails, with [marking.Faults], for
// what no form can write.
func (e Element) XML() ([]byte, error) {
	if faults := append(e.writable(), e.Attributes.writable()...); len(faults) > 0 {
		return nil, faults
	}
	prefixes := map[string]string{Unqualified: "", xmlSpace: "xml:", "": "ism:"}
	declared := ` xmlns:ism="` + Namespace + `"`
	prefix := func(space string) string {
		if p, ok := prefixes[space]; ok {
			return p
		}
		p := fmt.Sprintf("n%d", len(prefixes))
		declared += " xmlns:" + p + `="` + escaper.Replace(space) + `"`
		prefixes[space] = p + ":"
		return p + ":"
	}
	name := e.Name
	switch e.Space {
	case "":
	case Namespace:
		name = "ism:" + name
	case Unqualified: // an element may be in a namespace of that name
		name, declared = "e:"+name, declared+` xmlns:e="`+Unqualified+`"`
	default:
		name = prefix(e.Space) + name
	}
	var b strings.Builder
	for _, x := range e.Attributes {
		b.WriteString(" " + prefix(x.Space) + x.Name + `="` + escaper.Replace(x.Value) + `"`)
	}
	return []byte("<" + name + declared + b.String() + "/>"), nil
}
