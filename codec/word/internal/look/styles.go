package look

import (
	"maps"
	"regexp"
	"slices"
	"strconv"

	"tearline/codec/word/internal/opc"
)

// Style is one of styles.xml.
type Style struct {
	Id, Name, Kind, Based string
	Run, Para             *opc.Node // rPr, pPr
	Table                 *opc.Node // the whole element, of a table style
	runs, paras           Props     // with those of the styles that it is based on
}

// Props are properties by the names of their elements.
type Props map[string]*opc.Node

// With returns the properties with those of an element in the place of theirs.
func (p Props) With(n *opc.Node) Props {
	out := Props{}
	maps.Copy(out, p)
	if n != nil {
		for _, k := range n.Kids {
			out[k.Name] = k
		}
	}
	return out
}

// Styles are all of styles.xml.
type Styles struct {
	ByID     map[string]*Style
	Standard string // the paragraph style of paragraphs that name none
	Defaults Props  // rPr of docDefaults
	Space    Props  // pPr of docDefaults
}

// Chain returns a style and those that it is based on, nearest first.
func (s *Styles) Chain(id string) []*Style {
	var out []*Style
	for st := s.ByID[id]; st != nil && len(out) < 32; st = s.ByID[st.Based] {
		out = append(out, st)
	}
	return out
}

// runs returns the properties of runs in a style.
func (s *Styles) runs(id string) Props {
	return s.whole(id, func(st *Style) (*Props, *opc.Node) { return &st.runs, st.Run })
}

// Paras returns the properties of paragraphs in a style.
func (s *Styles) Paras(id string) Props {
	return s.whole(id, func(st *Style) (*Props, *opc.Node) { return &st.paras, st.Para })
}

func (s *Styles) whole(id string, of func(*Style) (*Props, *opc.Node)) Props {
	chain := s.Chain(id)
	if len(chain) == 0 {
		return nil
	}
	kept, _ := of(chain[0])
	if *kept == nil {
		p := Props{}
		for _, st := range slices.Backward(chain) {
			_, own := of(st)
			p = p.With(own)
		}
		*kept = p
	}
	return *kept
}

var headingName = regexp.MustCompile(`^heading ([1-9])$`)

// Heading returns the level of a heading in a style, 0 if it is none.
func (s *Styles) Heading(id string) int {
	for _, st := range s.Chain(id) {
		if m := headingName.FindStringSubmatch(st.Name); m != nil {
			n, _ := strconv.Atoi(m[1]) // it is a digit
			return n
		}
		if st.Name == "title" {
			return 1
		}
		if v := st.Para.Kid("w:outlineLvl").Attr("w:val"); v != "" {
			if n := opc.Number(v); n >= 0 && n < 9 {
				return n + 1
			}
			return 0
		}
	}
	return 0
}

// Caption reports whether a style is that of captions.
func (s *Styles) Caption(id string) bool {
	for _, st := range s.Chain(id) {
		if st.Name == "caption" {
			return true
		}
	}
	return false
}

// numbering is how lists are numbered.
