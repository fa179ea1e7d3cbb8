package word

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"tearline"
	"tearline/codec/word/internal/kinds"
	"tearline/codec/word/internal/look"
	"tearline/codec/word/internal/opc"
)

func (r *reader) readStyles(root *opc.Node) {
	if root.Stray() != "" {
		r.fault("", "the part of the styles holds text", kinds.HintInspect)
	}
	for _, k := range root.Kids {
		switch k.Name {
		case "w:docDefaults":
			r.styles.Defaults = look.Props{}.With(k.Kid("w:rPrDefault").Kid("w:rPr"))
			r.styles.Space = look.Props{}.With(k.Kid("w:pPrDefault").Kid("w:pPr"))
		case "w:style":
			s := &look.Style{
				Id: k.Attr("w:styleId"), Name: strings.ToLower(k.Kid("w:name").Attr("w:val")), Kind: k.Attr("w:type"),
				Based: k.Kid("w:basedOn").Attr("w:val"), Run: k.Kid("w:rPr"), Para: k.Kid("w:pPr"), Table: k,
			}
			r.styles.ByID[s.Id] = s
			if s.Kind == "paragraph" && opc.On(&opc.Node{Attrs: []opc.Attr{{Name: "w:val", Value: k.Attr("w:default")}}}) && k.Attr("w:default") != "" {
				r.styles.Standard = s.Id
			}
			r.known(s.Run, kinds.RunProps, fmt.Sprintf("style %q", opc.Clip(s.Id, opc.Nearest)))
			r.known(s.Para, kinds.ParaPropNames, fmt.Sprintf("style %q", opc.Clip(s.Id, opc.Nearest)))
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
			r.fault(where, fmt.Sprintf("a property %q, which is not known here", opc.Clip(k.Name, opc.Nearest)), "clear the formatting there")
		}
	}
}

type numbering struct{ lists map[string]*list }

type list struct{ levels map[int]*level }

type level struct{ format, label string }

func (r *reader) readNumbering(root *opc.Node) {
	if root.Stray() != "" {
		r.fault("", "the part of the lists holds text", kinds.HintInspect)
	}
	abstract, linked := map[string]*opc.Node{}, map[string]*opc.Node{}
	for _, k := range root.Kids {
		if k.Name == "w:abstractNum" {
			abstract[k.Attr("w:abstractNumId")] = k
			if link := k.Kid("w:styleLink").Attr("w:val"); link != "" {
				linked[link] = k
			}
		}
	}
	for _, k := range root.Kids {
		if k.Name != "w:num" {
			continue
		}
		l := &list{levels: map[int]*level{}}
		base := abstract[k.Kid("w:abstractNumId").Attr("w:val")]
		if link := base.Kid("w:numStyleLink").Attr("w:val"); link != "" {
			l.read(linked[link])
		}
		l.read(base)
		for _, o := range k.Kids {
			if o.Name == "w:lvlOverride" {
				l.read(o)
			}
		}
		r.nums.lists[k.Attr("w:numId")] = l
	}
}

func (l *list) read(n *opc.Node) {
	if n == nil {
		return
	}
	for _, k := range n.Kids {
		if k.Name != "w:lvl" {
			continue
		}
		format := k.Find("w:numFmt").Attr("w:val")
		if format == "" {
			format = "decimal"
		}
		l.levels[opc.Number(k.Attr("w:ilvl"))] = &level{format: format, label: k.Kid("w:lvlText").Attr("w:val")}
	}
}

var placeholder = regexp.MustCompile(`%[1-9]`)

// item sets the form of a paragraph that stands in a list.
func (r *reader) item(p *paragraph, f *tearline.Form) {
	num := p.prop("w:numPr")
	if num == nil {
		return
	}
	id, depth := num.Kid("w:numId").Attr("w:val"), opc.Number(num.Kid("w:ilvl").Attr("w:val"))
	if id == "" { // a style's, at another level
		if st := r.styles.Paras(p.style)["w:numPr"]; st != nil {
			id = st.Kid("w:numId").Attr("w:val")
		}
	}
	if id == "" || id == "0" {
		return
	}
	lv := &level{format: "bullet"}
	if l := r.nums.lists[id]; l != nil && l.levels[depth] != nil {
		lv = l.levels[depth]
	}
	r.label(p, lv)
	if lv.format == "none" {
		return
	}
	if f.Shape == tearline.Paragraph {
		f.Shape, f.Level, f.Ordered = tearline.ListItem, min(max(depth, 0)+1, tearline.MaxLevel), lv.format != "bullet"
	}
}

// label looks at what Word puts before an item by itself.
func (r *reader) label(p *paragraph, lv *level) {
	s := placeholder.ReplaceAllString(lv.label, "")
	letters := 0
	for _, c := range s {
		if unicode.IsLetter(c) {
			letters++
		}
	}
	if strings.HasPrefix(lv.format, "upper") && strings.Contains(lv.label, "(%") {
		r.note("a list whose numbers are capitals in parentheses: they look like portion marks, and are left out")
	}
	switch n := opc.Words(s); {
	case letters < 2:
	case n > 2 || strings.Contains(s, "("):
		p.fault(fmt.Sprintf("Word puts %q before the item by itself", opc.Clip(s, opc.Nearest)), "type it as text, or take another list style")
	default:
		r.note("the label %q before items is left out", opc.Clip(s, opc.Nearest))
	}
}
