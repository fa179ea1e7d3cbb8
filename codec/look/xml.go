package look

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// An element is one that is open.
type element struct {
	name  string // with the prefix that this package knows its namespace by
	attrs map[string]string
}

// spaces are the namespaces of a copy's parts, each by a prefix of ours.
var spaces = map[string]string{
	"http://schemas.openxmlformats.org/wordprocessingml/2006/main":           "w",
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships":    "r",
	"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp",
	"http://schemas.openxmlformats.org/drawingml/2006/main":                  "a",
	"http://schemas.openxmlformats.org/drawingml/2006/picture":               "pic",
	"http://schemas.openxmlformats.org/package/2006/relationships":           "rel",
	"http://schemas.openxmlformats.org/package/2006/content-types":           "ct",
	"http://www.w3.org/XML/1998/namespace":                                   "xml",
}

// A part is one XML file of a package while it is read.
type part struct {
	*gather
	name  string
	open  []element
	texts []*strings.Builder // of the paragraphs that are open
	// elements are what the part may hold, and the attributes of each.
	elements map[string]map[string]bool
	// begin judges an element, text what stands in one.
	begin func(*part, element)
	// ids are the relations that the part speaks of, targets those that it
	// lists, by their names.
	ids     map[string]bool
	targets map[string]string
}

// read reads a part to its end, whatever is in it.
func (p *part) read(b []byte) {
	if bytes.Contains(b, []byte("<![")) {
		p.foreign("%s: a section that is not read", p.name)
	}
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		before := d.InputOffset()
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err == nil && len(p.open) > maxDepth {
			err = fmt.Errorf("more than %d elements deep", maxDepth)
		}
		if err != nil {
			p.foreign("%s: %v", p.name, err)
			p.keep(string(b[min(before, int64(len(b))):]))
			return
		}
		p.token(t, b[before:d.InputOffset()])
	}
}

// token takes one piece of a part.
func (p *part) token(t xml.Token, raw []byte) {
	switch t := t.(type) {
	case xml.StartElement:
		p.start(t)
	case xml.EndElement:
		p.end()
	case xml.CharData:
		p.chars(string(t))
	case xml.ProcInst:
		if inst := strings.TrimSpace(string(t.Inst)); t.Target != "xml" || len(p.open) > 0 || !plainHead[inst] {
			p.foreign("%s: an instruction %q", p.name, t.Target)
			p.keep(string(raw))
		}
	case xml.Comment:
		p.foreign("%s: a comment", p.name)
		p.keep(string(t))
	case xml.Directive:
		p.foreign("%s: a directive", p.name)
		p.keep(string(t))
	}
}

// plainHead are the ways in which a part begins.
var plainHead = map[string]bool{
	`version="1.0" encoding="UTF-8"`: true, `version="1.0" encoding="UTF-8" standalone="yes"`: true,
}

func (p *part) start(t xml.StartElement) {
	e := element{name: p.known(t.Name), attrs: map[string]string{}}
	allowed, ok := p.elements[e.name]
	if !ok {
		p.foreign("%s: an element %s", p.name, e.name)
		p.keep(t.Name.Local)
	}
	for _, a := range t.Attr {
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			p.space(a)
			continue
		}
		name := p.known(a.Name)
		if !allowed[name] {
			p.foreign("%s: an attribute %s of %s", p.name, name, e.name)
			p.keep(a.Name.Local)
		}
		if _, twice := e.attrs[name]; twice {
			p.foreign("%s: an attribute %s twice", p.name, name)
		}
		e.attrs[name] = a.Value
		if e.name != "w:pStyle" || !styleNames[a.Value] {
			p.value(a.Value)
		}
	}
	p.open = append(p.open, e)
	switch e.name {
	case "w:p":
		p.texts = append(p.texts, &strings.Builder{})
	case "w:tab":
		p.write("\t")
	case "w:br", "w:cr":
		p.write("\n")
	case "w:noBreakHyphen":
		p.write("-")
	}
	p.begin(p, e)
}

// space judges a declaration of a namespace.
func (p *part) space(a xml.Attr) {
	if _, ok := spaces[a.Value]; !ok {
		p.foreign("%s: a namespace %q", p.name, a.Value)
	}
	if len(a.Name.Local) > len("xmlns") {
		p.foreign("%s: a prefix %q", p.name, a.Name.Local)
		p.keep(a.Name.Local)
	}
	p.value(a.Value)
}

// value keeps the value of an attribute, unless it can tell nothing: a number,
// a switch.
func (p *part) value(s string) {
	if _, ok := spaces[s]; ok || numeric(s) || switches[s] {
		return
	}
	p.legible(s)
	p.keep(s)
}

// switches are values that can tell nothing.
var switches = list(`true false auto none nil clear single double default preserve paragraph character table numbering left right center both start end
dxa pct fixed atLeast exact multilevel singleLevel hybridMultilevel decimal bullet tab space nothing rect landscape portrait`)

// styleNames are the styles of paragraphs of ours.
var styleNames = list(`Normal Banner Sheet Head Individual Title Heading1 Heading2 Heading3 Heading4 Heading5 Heading6 Heading7 Heading8 Heading9
Paragraph NumberedParagraph ListNumber ListBullet Note Figure Caption Cell Gap Below Caveats Authority`)

// numeric reports whether s is a short number, with a unit perhaps.
func numeric(s string) bool {
	s = strings.TrimPrefix(s, "-")
	for _, unit := range []string{"%", "pt", "px", "cm", "mm", "em", "rem", "in"} {
		s = strings.TrimSuffix(s, unit)
	}
	digits := strings.Count(s, "") - 1 - strings.Count(s, ".")
	return s != "" && digits <= 7 && strings.Trim(s, "0123456789.") == ""
}

func (p *part) end() {
	e := p.open[len(p.open)-1]
	p.open = p.open[:len(p.open)-1]
	if n := len(p.texts) - 1; e.name == "w:p" && n >= 0 {
		p.show(p.texts[n].String())
		p.texts = p.texts[:n]
	}
}

// chars takes text: of a run it is shown, elsewhere it must not be.
func (p *part) chars(s string) {
	in := ""
	if n := len(p.open); n > 0 {
		in = p.open[n-1].name
	}
	switch {
	case in == "w:t" && len(p.texts) > 0:
		p.write(s)
	case strings.Trim(s, " \t\r\n") != "":
		p.foreign("%s: text in %q", p.name, in)
		p.keep(s)
	}
}

func (p *part) write(s string) {
	if n := len(p.texts); n > 0 {
		_, _ = p.texts[n-1].WriteString(s)
	}
}

// known is a name with the prefix of ours.
func (p *part) known(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	if prefix := spaces[n.Space]; prefix != "" {
		return prefix + ":" + n.Local
	}
	p.keep(n.Space)
	return "?:" + n.Local
}
