package label

import (
	"encoding/xml"
	"strconv"
	"strings"
)

const xmlNamespace = "http://www.w3.org/XML/1998/namespace"

// XML writes a label, valid or not, with everything in it. It fails, with
// [marking.Faults], for what XML cannot carry, and for an unknown element that
// is none.
func (l *Label) XML() ([]byte, error) {
	var w writer
	if l.Kind == KindUnknown || l.Kind == KindSuccessor || int(l.Kind) >= len(kinds) {
		w.fault(ruleStructure, "App. 1", "", "the label does not say what it is")
		return nil, w.err()
	}
	w.label(l, Attr{Name: "xmlns", Value: Namespace})
	if w.b.Len() > MaxSize {
		w.fault(ruleLimit, "App. 1", "", "the label is longer than %d bytes", MaxSize)
	}
	if err := w.err(); err != nil {
		return nil, err
	}
	return []byte(w.b.String()), nil
}

type writer struct {
	report

	b     strings.Builder
	depth int
}

// open writes a start tag. Attributes that are empty are left out.
func (w *writer) open(name string, extra *Extra, attrs ...Attr) {
	w.b.WriteString(strings.Repeat("  ", w.depth) + "<" + name)
	for _, a := range attrs {
		if a.Value != "" {
			w.attr(a.Name, a.Value)
		}
	}
	for i, a := range extra.Attrs {
		if !isName(a.Name) || a.Space == "xmlns" {
			w.fault(ruleXML, "App. 1", "", "attribute name %s is none", quote(a.Name))
			continue
		}
		switch a.Space {
		case "":
			w.attr(a.Name, a.Value)
		case xmlNamespace:
			w.attr("xml:"+a.Name, a.Value)
		default:
			prefix := "n" + strconv.Itoa(i)
			w.attr("xmlns:"+prefix, a.Space)
			w.attr(prefix+":"+a.Name, a.Value)
		}
	}
	w.b.WriteString(">")
	w.depth++
}

func (w *writer) attr(name, value string) {
	w.b.WriteString(" " + name + `="` + w.escape(value) + `"`)
}

func (w *writer) escape(s string) string {
	if !writable(s) {
		w.fault(ruleXML, "App. 1", "", "%s has characters that XML cannot carry", quote(s))
	}
	return escape(s)
}

// close writes the unknown elements and the end tag of an element with
// elements in it.
func (w *writer) close(name string, extra *Extra) {
	for _, e := range extra.Elements {
		if n, err := parse([]byte(e)); err != nil || n.start != 0 || n.end != len(e) {
			w.fault(ruleXML, "App. 1", "", "%s is no element", quote(e))
			continue
		}
		w.b.WriteString(e + "\n")
	}
	w.depth--
	w.b.WriteString(strings.Repeat("  ", w.depth) + "</" + name + ">\n")
}

// field writes an element with text in it.
func (w *writer) field(name, text string, extra *Extra, attrs ...Attr) {
	if len(extra.Elements) > 0 {
		w.fault(ruleStructure, "App. 1", "", "%s cannot have elements in it", name)
	}
	w.open(name, extra, attrs...)
	w.depth--
	w.b.WriteString(w.escape(text) + "</" + name + ">\n")
}

func (w *writer) label(l *Label, attrs ...Attr) {
	name := l.Kind.String()
	w.open(name, &l.Extra, append(attrs, Attr{Name: "Id", Value: l.ID}, Attr{Name: "ReviewDateTime", Value: l.ReviewDateTime})...)
	w.b.WriteString("\n")
	w.information(&l.Information)
	if o := l.OriginatorID; o != nil {
		w.field("OriginatorID", o.Text, &o.Extra, Attr{Name: "IDType", Value: o.IDType})
	}
	if f := l.CreationDateTime; f != nil {
		w.field("CreationDateTime", f.Text, &f.Extra)
	}
	if s := l.Succession; s != nil {
		if s.Successor.Kind != KindSuccessor || s.Successor.Succession != nil {
			w.fault(ruleStructure, "App. 1", "", "what succeeds a label is a successor, and has none")
			return
		}
		w.open("SuccessionHandling", &s.Extra)
		w.b.WriteString("\n")
		w.field("SuccessionDateTime", s.DateTime.Text, &s.DateTime.Extra)
		w.label(&s.Successor)
		w.close("SuccessionHandling", &s.Extra)
	}
	w.close(name, &l.Extra)
}

func (w *writer) information(x *Information) {
	w.open("ConfidentialityInformation", &x.Extra)
	w.b.WriteString("\n")
	w.field("PolicyIdentifier", x.Policy.Text, &x.Policy.Extra, Attr{Name: "URI", Value: x.Policy.URI})
	w.field("Classification", x.Classification.Text, &x.Classification.Extra, Attr{Name: "URI", Value: x.Classification.URI})
	if m := x.PrivacyMark; m != nil {
		w.field("PrivacyMark", m.Text, &m.Extra)
	}
	for i := range x.Categories {
		c := &x.Categories[i]
		w.open("Category", &c.Extra, Attr{Name: "Type", Value: c.Type}, Attr{Name: "TagName", Value: c.TagName}, Attr{Name: "URI", Value: c.URI})
		w.b.WriteString("\n")
		for j := range c.Values {
			v := &c.Values[j]
			if !lists(forms, v.Form) {
				w.fault(ruleStructure, "App. 1 Table 8", "", "form %s of a value is none", quote(v.Form))
				continue
			}
			w.field(v.Form, v.Text, &v.Extra)
		}
		w.close("Category", &c.Extra)
	}
	w.close("ConfidentialityInformation", &x.Extra)
}

// isName reports whether s can be the name of an attribute as it is.
func isName(s string) bool {
	n, err := parse([]byte("<a " + s + `=""/>`))
	return err == nil && len(n.attrs) == 1 && n.attrs[0].Name == xml.Name{Local: s}
}
