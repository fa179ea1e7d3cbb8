package look

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tearline/codec/word/internal/opc"
)

// Style is one of styles.xml.
type Style struct {
	Name            string    // in small letters
	Table           *opc.Node // the whole element, of a table style
	id, kind, based string
	run, para       *opc.Node // rPr, pPr
	runs, paras     props     // with those of the styles that it is based on
}

// maxProps is the most properties of one style: more than there are. The reader
// has a fault for each that is not known.
const maxProps = 256

// props are properties by the names of their elements.
type props map[string]*opc.Node

func (p props) with(n *opc.Node) props {
	out := props{}
	maps.Copy(out, p)
	if n != nil {
		for _, k := range n.Kids {
			if len(out) == maxProps {
				break
			}
			out[k.Name] = k
		}
	}
	return out
}

// Styles are those of a file. They are for one goroutine.
type Styles struct {
	ByID     map[string]*Style
	Named    map[string]bool // the names that styles have, in small letters
	Standard string          // the paragraph style of paragraphs that name none
	defaults props           // rPr of docDefaults
	space    props           // pPr of docDefaults
}

// NewStyles returns no styles, as a document without a part of them has.
func NewStyles() *Styles { return &Styles{ByID: map[string]*Style{}, Named: map[string]bool{}} }

// Read takes the styles of a part, beside those that are there.
func (s *Styles) Read(root *opc.Node) {
	for _, k := range root.Kids {
		switch k.Name {
		case "w:docDefaults":
			s.defaults = props{}.with(k.Kid("w:rPrDefault").Kid("w:rPr"))
			s.space = props{}.with(k.Kid("w:pPrDefault").Kid("w:pPr"))
		case "w:style":
			st := &Style{
				id: k.Attr("w:styleId"), Name: strings.ToLower(k.Kid("w:name").Attr("w:val")), kind: k.Attr("w:type"),
				based: k.Kid("w:basedOn").Attr("w:val"), run: k.Kid("w:rPr"), para: k.Kid("w:pPr"), Table: k,
			}
			s.ByID[st.id], s.Named[st.Name] = st, true
			if v := k.Attr("w:default"); st.kind == "paragraph" && v != "" && opc.Truth(v) {
				s.Standard = st.id
			}
		}
	}
}

// Chain returns a style and those that it is based on, nearest first: none for an
// id that no style has, and at most 32.
func (s *Styles) Chain(id string) []*Style {
	var out []*Style
	for st := s.ByID[id]; st != nil && len(out) < 32; st = s.ByID[st.based] {
		out = append(out, st)
	}
	return out
}

// runs returns the properties of runs in a style.
func (s *Styles) runs(id string) props {
	return s.whole(id, func(st *Style) (*props, *opc.Node) { return &st.runs, st.run })
}

// Paras returns the properties of paragraphs in a style, by the names of their
// elements.
func (s *Styles) Paras(id string) map[string]*opc.Node {
	return s.whole(id, func(st *Style) (*props, *opc.Node) { return &st.paras, st.para })
}

func (s *Styles) whole(id string, of func(*Style) (*props, *opc.Node)) props {
	chain := s.Chain(id)
	if len(chain) == 0 {
		return nil
	}
	kept, _ := of(chain[0])
	if *kept == nil {
		p := props{}
		for _, st := range slices.Backward(chain) {
			_, own := of(st)
			p = p.with(own)
		}
		*kept = p
	}
	return *kept
}

var headingName = regexp.MustCompile(`^heading ([1-9])$`)

// Heading returns the level of a heading in a style, from 1 to 9, 0 if it is none.
func (s *Styles) Heading(id string) int {
	for _, st := range s.Chain(id) {
		if m := headingName.FindStringSubmatch(st.Name); m != nil {
			n, _ := strconv.Atoi(m[1]) // it is a digit
			return n
		}
		if st.Name == "title" {
			return 1
		}
		if v := st.para.Kid("w:outlineLvl").Attr("w:val"); v != "" {
			if n := opc.Number(v); n >= 0 && n < 9 {
				return n + 1
			}
			return 0
		}
	}
	return 0
}

// Caption reports whether a style is that of captions, or based on it.
func (s *Styles) Caption(id string) bool {
	for _, st := range s.Chain(id) {
		if st.Name == "caption" {
			return true
		}
	}
	return false
}

// Cell returns the colour behind the cells of a table in a style, under if the
// style has none; first says that it is the first row.
func (s *Styles) Cell(id string, first bool, under string) string {
	for _, st := range s.Chain(id) {
		for _, k := range st.Table.Kids {
			if k.Name == "w:tblStylePr" && k.Attr("w:type") == "firstRow" && first {
				if c := Shade(k.Kid("w:tcPr").Kid("w:shd"), under); c != "" {
					return c
				}
			}
		}
		if c := Shade(st.Table.Kid("w:tcPr").Kid("w:shd"), under); c != "" {
			return c
		}
	}
	return under
}
