package opc

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// The limits of the trees. A part is a tree only while it is read, but the
// budget is for all parts together: it bounds the time as well.
const (
	maxDepth  = 200
	maxWeight = 64 << 20 // bytes that all trees take, about
	maxSpace  = 120      // bytes of a namespace that is not known, in a name
)

// budget counts what trees take.
type budget int

func (b *budget) spend(n int) error {
	if *b += budget(n); *b > maxWeight {
		return fmt.Errorf("a tree of %d bytes: %w", int(*b), ErrTooMuch)
	}
	return nil
}

// Node is an element, or text if its name is empty. Names have the prefixes of
// the table below, whatever the file calls its namespaces.
type Node struct {
	Name  string
	Text  string // of text
	Attrs []Attr
	Kids  []*Node
	Seen  bool // a w:t: its text was read, or is in a fault
}

// Attr is an attribute of an element, its name with a prefix as well.
type Attr struct{ Name, Value string }

// prefixes are the namespaces that are known, in both dialects of the standard
// (transitional and strict). An element of another keeps its namespace's name,
// so that no list can have it.
var prefixes = map[string]string{
	"http://schemas.openxmlformats.org/wordprocessingml/2006/main":              "w",
	"http://purl.oclc.org/ooxml/wordprocessingml/main":                          "w",
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships":       "r",
	"http://purl.oclc.org/ooxml/officeDocument/relationships":                   "r",
	"http://schemas.openxmlformats.org/drawingml/2006/main":                     "a",
	"http://purl.oclc.org/ooxml/drawingml/main":                                 "a",
	"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing":    "wp",
	"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing":                "wp",
	"http://schemas.openxmlformats.org/drawingml/2006/picture":                  "pic",
	"http://purl.oclc.org/ooxml/drawingml/picture":                              "pic",
	"http://schemas.openxmlformats.org/officeDocument/2006/math":                "m",
	"http://purl.oclc.org/ooxml/officeDocument/math":                            "m",
	"http://schemas.openxmlformats.org/markup-compatibility/2006":               "mc",
	"urn:schemas-microsoft-com:vml":                                             "v",
	"urn:schemas-microsoft-com:office:office":                                   "o",
	"urn:schemas-microsoft-com:office:word":                                     "w10",
	"http://schemas.microsoft.com/office/word/2010/wordprocessingShape":         "wps",
	"http://schemas.microsoft.com/office/word/2010/wordprocessingGroup":         "wpg",
	"http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas":        "wpc",
	"http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing":       "wp14",
	"http://schemas.microsoft.com/office/word/2010/wordml":                      "w14",
	"http://schemas.microsoft.com/office/word/2012/wordml":                      "w15",
	"http://schemas.microsoft.com/office/word/2015/wordml/symex":                "w16se",
	"http://schemas.microsoft.com/office/word/2020/wordml/sdtdatahash":          "w16",
	"http://schemas.microsoft.com/office/word/2018/wordml":                      "w16",
	"http://schemas.microsoft.com/office/word/2023/wordml/word16du":             "w16",
	"http://schemas.microsoft.com/office/drawing/2010/main":                     "a14",
	"http://schemas.microsoft.com/office/drawing/2014/main":                     "a16",
	"http://schemas.microsoft.com/office/drawing/2017/decorative":               "adec",
	"http://schemas.openxmlformats.org/package/2006/relationships":              "rel",
	"http://schemas.openxmlformats.org/package/2006/content-types":              "ct",
	"http://schemas.openxmlformats.org/package/2006/metadata/core-properties":   "cp",
	"http://purl.org/dc/elements/1.1/":                                          "dc",
	"http://purl.org/dc/terms/":                                                 "dcterms",
	"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties": "ep",
	"http://purl.oclc.org/ooxml/officeDocument/extendedProperties":              "ep",
	"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties":   "cust",
	"http://purl.oclc.org/ooxml/officeDocument/customProperties":                "cust",
	"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes":      "vt",
	"http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes":                  "vt",
	"http://www.w3.org/XML/1998/namespace":                                      "xml",
}

func canonical(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	if p, ok := prefixes[n.Space]; ok {
		return p + ":" + n.Local
	}
	if n.Space == "xml" {
		return "xml:" + n.Local
	}
	return "{" + n.Space[:min(len(n.Space), maxSpace)] + "}" + n.Local
}

// parser builds one tree.
type parser struct {
	root     *Node
	open     []*Node
	names    map[string]string // one copy of each name
	comments bool
	budget   *budget
}

// parse reads XML, and reports whether it holds comments or instructions that
// its text does not show.
func parse(r io.Reader, b *budget) (*Node, bool, error) {
	d := xml.NewDecoder(r)
	p := &parser{names: map[string]string{}, budget: b}
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = p.token(t)
		}
		if err != nil {
			return nil, false, err
		}
	}
	if p.root == nil || len(p.open) > 0 {
		return nil, false, io.ErrUnexpectedEOF
	}
	return p.root, p.comments, nil
}

func (p *parser) token(t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		return p.start(t)
	case xml.EndElement:
		p.open = p.open[:len(p.open)-1]
	case xml.CharData:
		return p.chars(string(t))
	case xml.Comment:
		p.comments = p.comments || strings.ContainsFunc(string(t), unicode.IsLetter)
	case xml.ProcInst:
		p.comments = p.comments || t.Target != "xml"
	case xml.Directive:
		return errors.New("a document type declaration, which no Word file has")
	}
	return nil
}

func (p *parser) start(t xml.StartElement) error {
	n := &Node{Name: p.intern(canonical(t.Name))}
	weight := 120 + len(n.Name)
	for _, a := range t.Attr {
		if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" || strings.HasPrefix(a.Name.Local, "rsid") {
			continue
		}
		n.Attrs = append(n.Attrs, Attr{p.intern(canonical(a.Name)), p.intern(a.Value)})
		weight += 40 + len(a.Value)
	}
	if err := p.budget.spend(weight); err != nil {
		return err
	}
	switch {
	case len(p.open) >= maxDepth:
		return fmt.Errorf("elements nested %d deep: %w", len(p.open), ErrTooMuch)
	case len(p.open) > 0:
		up := p.open[len(p.open)-1]
		up.Kids = append(up.Kids, n)
	case p.root != nil:
		return errors.New("two roots")
	default:
		p.root = n
	}
	p.open = append(p.open, n)
	return nil
}

func (p *parser) chars(s string) error {
	if len(p.open) == 0 {
		if strings.TrimSpace(strings.TrimPrefix(s, "\ufeff")) != "" {
			return errors.New("text outside of all elements")
		}
		return nil
	}
	up := p.open[len(p.open)-1]
	if s == "" || strings.TrimSpace(s) == "" && up.Name != "w:t" && up.Name != "w:delText" {
		return nil
	}
	if err := p.budget.spend(120 + len(s)); err != nil {
		return err
	}
	up.Kids = append(up.Kids, &Node{Text: s})
	return nil
}

// intern keeps one copy of short strings.
func (p *parser) intern(s string) string {
	if len(s) > 80 {
		return s
	}
	if c, ok := p.names[s]; ok {
		return c
	}
	if len(p.names) < 10_000 {
		p.names[s] = s
	}
	return s
}

// Attr returns the value of an attribute, "" if there is none. It may be
// called on nil.
func (n *Node) Attr(name string) string {
	if n != nil {
		for _, a := range n.Attrs {
			if a.Name == name {
				return a.Value
			}
		}
	}
	return ""
}

// Kid returns the first child of a name, nil if there is none. It may be called
// on nil.
func (n *Node) Kid(name string) *Node {
	if n != nil {
		for _, k := range n.Kids {
			if k.Name == name {
				return k
			}
		}
	}
	return nil
}

// Find returns the first element of a name in n or below, nil if there is none.
// It may be called on nil.
func (n *Node) Find(name string) *Node {
	var found *Node
	n.Each(func(k *Node) {
		if found == nil && k.Name == name {
			found = k
		}
	})
	return found
}

// Each calls do for n and all elements below it. It may be called on nil.
func (n *Node) Each(do func(*Node)) {
	if n == nil || n.Name == "" {
		return
	}
	do(n)
	for _, k := range n.Kids {
		k.Each(do)
	}
}

// Take marks all text in n and below it as seen: a fault tells of it.
func (n *Node) Take() {
	n.Each(func(k *Node) { k.Seen = true })
}

// Left returns the first text in n or below that nothing has read.
func (n *Node) Left() string {
	text := ""
	n.Each(func(k *Node) {
		if text == "" && k.Name == "w:t" && !k.Seen {
			text = Squeeze(k.Own())
		}
	})
	return text
}

// Own returns the text that stands in n itself. It may be called on nil.
func (n *Node) Own() string {
	if n == nil {
		return ""
	}
	if len(n.Kids) == 1 {
		return n.Kids[0].Text
	}
	var b strings.Builder
	for _, k := range n.Kids {
		b.WriteString(k.Text)
	}
	return b.String()
}

// placing are the elements whose text is a number or a word of the format.
var placing = map[string]bool{
	"wp:posOffset": true, "wp:align": true, "wp14:pctWidth": true, "wp14:pctHeight": true,
	"wp14:pctPosHOffset": true, "wp14:pctPosVOffset": true,
}

// Stray returns all text in n and below it, whatever it is for, with the lines
// and tabs that it is set with as blanks. It may be called on nil.
func (n *Node) Stray() string {
	var b strings.Builder
	n.Each(func(k *Node) {
		switch k.Name {
		case "w:p", "w:tab", "w:br", "w:cr", "vt:lpstr", "vt:lpwstr":
			b.WriteByte(' ')
		case "w16se:symEx":
			b.WriteString(Symbol(k.Attr("w16se:char")))
		case "w:sym":
			b.WriteString("sym " + k.Attr("w:font") + k.Attr("w:char"))
		}
		if !placing[k.Name] || strings.ContainsFunc(k.Own(), unicode.IsSpace) || len(k.Own()) > 20 {
			b.WriteString(k.Own())
		}
	})
	return Squeeze(b.String())
}

// Squeeze returns s with each white space one blank, and none at its ends.
func Squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// On reads an element that is a switch: there without a value, it is on.
func On(n *Node) bool {
	return n != nil && Truth(n.Attr("w:val"))
}

// Truth reads the value of a switch. One that is not known is on, so that what
// it hides is not passed over.
func Truth(value string) bool {
	return value != "0" && value != "false" && value != "off"
}

// Number reads a whole number, 0 if there is none. A number of points, as the
// strict dialect has them, is in twentieths of a point.
func Number(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		f, err := strconv.ParseFloat(strings.TrimSuffix(s, "pt"), 64)
		if err != nil || math.IsNaN(f) || f < -1e9 || f > 1e9 {
			return 0
		}
		if strings.HasSuffix(s, "pt") {
			return int(f * 20)
		}
		return int(f)
	}
	return n
}

// Clip shortens a text to n characters.
func Clip(s string, n int) string {
	s = Squeeze(s)
	if r := []rune(s); len(r) > n {
		return strings.TrimSpace(string(r[:n-1])) + "…"
	}
	return s
}

// Words counts the words of a name, which may be parted by case and underlines.
func Words(s string) int {
	count, in, lower := 0, false, false
	for _, c := range s {
		switch {
		case !unicode.IsLetter(c):
			in = false
			continue
		case !in, lower && unicode.IsUpper(c):
			count++
		}
		in, lower = true, unicode.IsLower(c)
	}
	return count
}

// All returns the children. It may be called on nil, which has none.
func (n *Node) All() []*Node {
	if n == nil {
		return nil
	}
	return n.Kids
}

// Without returns the children that have none of the names.
func Without(n *Node, names ...string) []*Node {
	var out []*Node
	for _, k := range n.Kids {
		if !slices.Contains(names, k.Name) {
			out = append(out, k)
		}
	}
	return out
}

// Symbol returns the character of a hexadecimal number, "" if it is none.
func Symbol(code string) string {
	n, err := strconv.ParseInt(code, 16, 32)
	if err != nil || n < 0x20 || n > 0x10ffff {
		return ""
	}
	return string(rune(n))
}
