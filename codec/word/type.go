package word

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"tearline"
	"tearline/codec/word/internal/look"
	"tearline/codec/word/internal/opc"
)

// The styles that codec/docx gives what Word has no style for.
const (
	noteStyle     = "Note"
	numberedStyle = "NumberedParagraph" // a paragraph, though a list counts it
)

// readStyles reads the part of the styles.
func (r *reader) readStyles(root *opc.Node) {
	if root.Stray() != "" {
		r.fault("", "the part of the styles holds text", hintInspect)
	}
	r.styles.Read(root)
	for _, k := range root.Kids {
		if k.Name == "w:style" {
			where := fmt.Sprintf("style %q", opc.Clip(k.Attr("w:styleId"), nearest))
			r.known(k.Kid("w:rPr"), runProps, where)
			r.known(k.Kid("w:pPr"), paraPropNames, where)
		}
	}
}

// known has a fault for each child of n that a list does not have.
func (r *reader) known(n *opc.Node, list map[string]bool, where string) {
	if n == nil {
		return
	}
	for _, k := range n.Kids {
		if k.Name != "" && (!list[k.Name] || otherLook(k)) {
			r.fault(where, fmt.Sprintf("a property %q, which is not known here", opc.Clip(k.Name, nearest)), "clear the formatting there")
		}
	}
}

// readNumbering reads the part of the lists.
func (r *reader) readNumbering(root *opc.Node) {
	if root.Stray() != "" {
		r.fault("", "the part of the lists holds text", hintInspect)
	}
	r.nums.Read(root)
}

var placeholder = regexp.MustCompile(`%[1-9]`)

// item sets the form of a paragraph that stands in a list.
func (r *reader) item(p *paragraph, f *tearline.Form) {
	num := p.Prop("w:numPr")
	if num == nil {
		return
	}
	id, depth := num.Kid("w:numId").Attr("w:val"), opc.Number(num.Kid("w:ilvl").Attr("w:val"))
	if id == "" { // a style's, at another level
		if st := r.styles.Paras(p.Style)["w:numPr"]; st != nil {
			id = st.Kid("w:numId").Attr("w:val")
		}
	}
	if id == "" || id == "0" {
		return
	}
	lv := r.nums.Level(id, depth)
	r.label(p, lv)
	if lv.Format == "none" || p.Style == numberedStyle {
		return
	}
	if f.Shape == tearline.Paragraph {
		f.Shape, f.Level, f.Ordered = tearline.ListItem, min(max(depth, 0)+1, tearline.MaxLevel), lv.Format != "bullet"
	}
}

// label looks at what Word puts before an item by itself.
func (r *reader) label(p *paragraph, lv *look.Level) {
	s := placeholder.ReplaceAllString(lv.Label, "")
	letters := 0
	for _, c := range s {
		if unicode.IsLetter(c) {
			letters++
		}
	}
	if strings.HasPrefix(lv.Format, "upper") && strings.Contains(lv.Label, "(%") {
		r.note("a list whose numbers are capitals in parentheses: they look like portion marks, and are left out")
	}
	switch n := opc.Words(s); {
	case letters > 0 && strings.ContainsAny(s, "(（"):
		p.fault(fmt.Sprintf("Word puts %q before the item by itself", opc.Clip(s, nearest)), "type it as text, or take another list style")
	case letters < 2:
	case n > 2:
		p.fault(fmt.Sprintf("Word puts %q before the item by itself", opc.Clip(s, nearest)), "type it as text, or take another list style")
	default:
		r.note("the label %q before items is left out", opc.Clip(s, nearest))
	}
}
