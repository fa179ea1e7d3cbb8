package word

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tearline/codec/document"
	"tearline/codec/word/internal/look"
	"tearline/codec/word/internal/opc"
)

// choose returns what is read of content that is there in several forms: the
// first. The others, for older programs, must say and show the same.
func (s *story) choose(n *opc.Node, fault func(text, hint string)) []*opc.Node {
	var forms []*opc.Node
	for _, k := range n.Kids {
		switch k.Name {
		case "mc:Choice", "mc:Fallback":
			forms = append(forms, k)
		default:
			fault(unknown(k), hintFlat)
		}
	}
	if len(forms) == 0 {
		return nil
	}
	first := forms[0]
	text, shows, says := first.Stray(), setOf(s.shownBy(first)), setOf(saidBy(first))
	for _, other := range forms[1:] {
		if len(other.Kids) == 0 {
			continue
		}
		if t := other.Stray(); t != text {
			fault("content that other programs show with other words", hintFlat)
		}
		for _, target := range s.shownBy(other) {
			if !shows[target] {
				fault("content that other programs show with another picture", hintFlat)
			}
		}
		for _, t := range saidBy(other) {
			if !says[t] && t != text {
				fault("an alternative text that other programs show", hintFlat)
			}
		}
		s.useAll(other)
		other.Take()
	}
	return first.Kids
}

func setOf(list []string) map[string]bool {
	out := make(map[string]bool, len(list))
	for _, s := range list {
		out[s] = true
	}
	return out
}

// shownBy returns the parts that the pictures in n are.
func (s *story) shownBy(n *opc.Node) []string {
	var out []string
	n.Each(func(k *opc.Node) {
		if k.Name != "a:blip" && k.Name != "v:imagedata" && k.Name != "v:fill" && k.Name != "o:OLEObject" {
			return
		}
		for _, a := range []string{"r:embed", "r:id", "r:link", "r:pict"} {
			if id := k.Attr(a); id != "" {
				target := id
				if rel := s.rels.ByID[id]; rel != nil {
					target = rel.Target
				}
				out = append(out, target)
			}
		}
	})
	return out
}

// useAll marks the pictures of a form that is not read: they are compared.
func (s *story) useAll(n *opc.Node) {
	for _, t := range s.shownBy(n) {
		if s.Files[t] != nil {
			s.Used[t] = true
		}
	}
}

// saidBy returns the alternative texts in n, and drawn letters.
func saidBy(n *opc.Node) []string {
	var out []string
	n.Each(func(k *opc.Node) {
		for _, a := range []string{"descr", "title", "alt", "string", "o:title"} {
			if t := opc.Squeeze(k.Attr(a)); t != "" {
				out = append(out, t)
			}
		}
	})
	return out
}

// drawn is what is said of one drawing.
type drawn struct {
	props        *opc.Node // docPr or cNvPr
	tiny, hidden bool
}

// alt returns the alternative text of a drawing. It may stand in two places.
func (d drawn) alt(fault func(text, hint string), more ...*opc.Node) string {
	alt := ""
	for _, n := range append([]*opc.Node{d.props}, more...) {
		for _, a := range []string{"descr", "title"} {
			switch t := opc.Squeeze(n.Attr(a)); {
			case t == "" || t == alt:
			case alt == "":
				alt = t
			case opc.Words(t) < 3 && a == "descr" && n != d.props:
				// Programs put the name of the picture's file there.
			default:
				fault("two different alternative texts of one picture", "keep one of them")
			}
		}
		if opc.Words(n.Attr("name")) > 3 {
			fault(fmt.Sprintf("a drawing whose name is a text, %q", opc.Clip(n.Attr("name"), nearest)), "in Word: Selection Pane, rename it")
		}
	}
	return alt
}

// layout are the children of a drawing that only place it.
var layout = set("wp:simplePos", "wp:positionH", "wp:positionV", "wp:extent", "wp:effectExtent", "wp:wrapNone", "wp:wrapSquare",
	"wp:wrapTight", "wp:wrapThrough", "wp:wrapTopAndBottom", "wp:cNvGraphicFramePr", "wp14:sizeRelH", "wp14:sizeRelV", "wp:docPr", "a:graphic")

// drawing reads a drawing of today's kind.
func (s *story) drawing(p *paragraph, n *opc.Node, l look.Face) {
	for _, in := range n.Kids {
		if in.Name != "wp:inline" && in.Name != "wp:anchor" {
			p.fault(unknown(in), hintPicture)
			continue
		}
		d := drawn{props: in.Kid("wp:docPr")}
		s.placing(p, in, &d)
		if l.Hidden != "" && l.Hidden != "struck text" && !strings.HasPrefix(l.Hidden, "text in the colour") {
			d.hidden = true
		}
		if d.hidden {
			in.Take()
			p.fault("a hidden drawing", "in Word: Selection Pane, show it, or remove it")
			continue
		}
		s.pointed(p, d.props)
		for _, g := range in.Kid("a:graphic").All() {
			if g.Name != "a:graphicData" {
				p.fault(unknown(g), hintPicture)
				continue
			}
			for _, k := range g.Kids {
				s.graphic(p, k, d)
			}
		}
	}
}

// placing looks at where a drawing is: on the sheet, and large enough.
func (s *story) placing(p *paragraph, in *opc.Node, d *drawn) {
	kids := in.Kids
	for i := 0; i < len(kids); i++ {
		k := kids[i]
		if k.Name == "mc:AlternateContent" {
			kids = append(slices.Clone(kids), s.choose(k, p.fault)...)
			continue
		}
		if !layout[k.Name] {
			p.fault(unknown(k), hintPicture)
		}
		if strings.HasPrefix(k.Name, "wp:position") {
			if v := opc.Number(k.Kid("wp:posOffset").Own()); v < -12_000_000 || v > 20_000_000 {
				p.fault("a drawing set off the sheet", "move it onto the sheet")
			}
		}
	}
	if h := in.Attr("hidden") + d.props.Attr("hidden"); h == "1" || h == "true" || h == "11" {
		d.hidden = true
	}
	const point = 12700
	ext := in.Kid("wp:extent")
	d.tiny = opc.Number(ext.Attr("cx")) < 3*point || opc.Number(ext.Attr("cy")) < 3*point
}

// pointed looks at a link on a drawing.
func (s *story) pointed(p *paragraph, props *opc.Node) {
	for _, k := range props.All() {
		if k.Name == "a:hlinkClick" || k.Name == "a:hlinkHover" {
			if id := k.Attr("r:id"); id != "" {
				s.link(p, id)
			}
			if strings.TrimSpace(k.Attr("tooltip")) != "" {
				p.fault("a link with a text that is shown only when it is pointed at", "remove the link's ScreenTip")
			}
		}
	}
}

// graphic reads what is drawn.
func (s *story) graphic(p *paragraph, k *opc.Node, d drawn) {
	if !s.down() {
		return
	}
	defer s.up()
	switch k.Name {
	case "pic:pic":
		s.picture(p, k, d)
	case "wps:wsp":
		s.shape(p, k, d)
	case "wpg:wgp", "wpc:wpc":
		// Its pieces may be of any size, and lie on each other.
		k.Take()
		s.useAll(k)
		p.fault("a group of drawings", "ungroup it, or put it in as one picture (PNG) with a caption")
	default:
		p.fault(fmt.Sprintf("a drawing of a kind that a report cannot hold (%s)", opc.Clip(k.Name, 2*nearest)), hintPicture)
	}
}

var shapeParts = set("wps:cNvPr", "wps:cNvSpPr", "wps:cNvCnPr", "wps:spPr", "wps:style", "wps:txbx", "wps:bodyPr", "wps:extLst", "wps:linkedTxbx")

// shape reads a drawn shape: the text in it, if there is any.
func (s *story) shape(p *paragraph, k *opc.Node, d drawn) {
	checkKids(p, k, shapeParts, "wps:txbx")
	box := k.Kid("wps:txbx").Kid("w:txbxContent")
	alt := d.alt(p.fault, k.Kid("wps:cNvPr"))
	geometry := k.Kid("wps:spPr").Kid("a:prstGeom").Attr("prst")
	text := box.Stray()
	switch {
	case alt != "" && alt != text:
		p.fault("an alternative text of a drawn shape, which nobody sees", "clear it")
	case k.Kid("wps:spPr").Find("a:blip") != nil:
		p.fault("a drawn shape that is filled with a picture", hintPicture)
	case text == "" && (geometry == "line" || strings.Contains(geometry, "onnector")):
		s.note("drawn lines are left out")
	case text == "" && box.Find("w:drawing") == nil && box.Find("w:pict") == nil:
		p.fault("a drawn shape, which may cover something", hintPicture)
	}
	if d.tiny && text != "" {
		p.fault("a text box too small to be read", "make it larger")
	}
	if box != nil {
		s.box(p, box, look.Fill(k.Kid("wps:spPr"), s.back))
	}
}

// checkKids has a fault for each child that a list does not have, and for text
// in any but one of them.
func checkKids(p *paragraph, k *opc.Node, list map[string]bool, texts string) {
	for _, x := range k.Kids {
		if !list[x.Name] || x.Name != texts && x.Stray() != "" {
			p.fault(unknown(x), hintPicture)
		}
	}
}

// box puts the text of a text box behind the paragraph that it hangs on.
func (s *story) box(p *paragraph, content *opc.Node, back string) {
	if s.boxes >= 8 {
		p.fault("text boxes within text boxes", hintFlat)
		return
	}
	inner := *s
	p.below = append(p.below, func(where string, f *flow) {
		b := inner
		b.fields, b.inCell, b.inNote, b.back = nil, false, false, back
		b.place = "text box in the " + where
		if b.zone == document.Body {
			b.place = "text box " + at(strings.TrimPrefix(where, "text box at "))
		}
		b.boxes++
		b.blocks(content.Kids, f)
		b.boxes--
		b.close(b.place)
	})
}

// at puts what hangs on a paragraph at its place.
func at(where string) string {
	if strings.HasPrefix(where, "after ") || strings.HasPrefix(where, "before ") {
		return where
	}
	return "at " + where
}

// pictKids are elements of a drawing of the old kind that show nothing new.
var pictKids = set("v:shapetype", "v:stroke", "v:shadow", "v:path", "v:formulas", "v:f", "v:handles", "v:h", "o:lock", "w10:wrap",
	"w10:anchorlock", "w10:bordertop", "w10:borderbottom", "w10:borderleft", "w10:borderright", "o:extrusion", "o:callout", "o:complex")

var pictShapes = set("v:shape", "v:rect", "v:roundrect", "v:oval", "v:line", "v:polyline", "v:arc", "v:curve")

// pict reads a drawing of the old kind.
func (s *story) pict(p *paragraph, n *opc.Node, l look.Face) {
	if !s.down() {
		return
	}
	defer s.up()
	if l.Hidden == "hidden text" {
		p.fault("a hidden drawing", hintRemove)
		return
	}
	for _, k := range n.Kids {
		switch {
		case k.Name == "w:control" || k.Name == "o:OLEObject" || k.Name == "w:movie":
			p.fault(traps[k.Name].text, traps[k.Name].hint)
		case k.Name == "v:group":
			k.Take()
			s.useAll(k)
			p.fault("a group of drawings", "ungroup it, or put it in as one picture (PNG) with a caption")
		case pictShapes[k.Name]:
			s.oldShape(p, k)
		case !pictKids[k.Name] || k.Stray() != "":
			p.fault(unknown(k), hintPicture)
		}
	}
}

// oldKids are what stands in a shape of the old kind.
var oldKids = set("v:textbox", "v:textpath", "v:imagedata", "v:fill", "v:stroke", "v:shadow", "v:path", "v:formulas", "v:handles",
	"o:lock", "w10:wrap", "w10:anchorlock", "w10:bordertop", "w10:borderbottom", "w10:borderleft", "w10:borderright", "o:extrusion",
	"o:callout", "o:complex")

var oldHiding = []string{"visibility:hidden", "display:none", "mso-hide:all", "opacity:0;"}

func (s *story) oldShape(p *paragraph, k *opc.Node) {
	style := strings.ReplaceAll(strings.ToLower(k.Attr("style")), " ", "")
	if slices.ContainsFunc(oldHiding, func(bad string) bool { return strings.Contains(style, bad) }) {
		p.fault("a hidden drawing", hintRemove)
		return
	}
	oldPlace(p, style)
	alt := cmp.Or(opc.Squeeze(k.Attr("alt")), opc.Squeeze(k.Attr("title")))
	if h := k.Attr("href"); h != "" {
		p.note("the address of a link is left out, %s: " + opc.Clip(h, maxQuoted))
	}
	checkKids(p, k, oldKids, "v:textbox")
	says, shows := k.Stray(), k.Kid("v:textpath") != nil || k.Kid("v:imagedata") != nil
	for _, x := range k.Kids {
		switch x.Name {
		case "v:textbox":
			checkKids(p, x, set("w:txbxContent"), "w:txbxContent")
			shows = shows || says != ""
			if c := x.Kid("w:txbxContent"); c != nil {
				s.box(p, c, look.OldFill(k, s.back))
			}
		case "v:textpath":
			s.lettering(p, x.Attr("string"))
			says += opc.Squeeze(x.Attr("string"))
		case "v:imagedata":
			s.oldPicture(p, x, alt)
			says = alt
		case "v:fill":
			if x.Attr("r:id")+x.Attr("o:title") != "" {
				p.fault("a drawn shape that is filled with a picture", hintPicture)
			}
		}
	}
	if alt != "" && alt != says {
		p.fault("an alternative text of a drawn shape, which nobody sees", "clear it")
	}
	s.bare(p, k, shows)
}

var oldMeasure = regexp.MustCompile(`(?:^|;)(width|height|left|top|margin-left|margin-top):(-?[0-9]*\.?[0-9]+)(pt|px|in|mm|cm)?`)

// oldPlace looks at where a shape of the old kind is: on the sheet, and large
// enough.
func oldPlace(p *paragraph, style string) {
	points := map[string]float64{"": 0.75, "px": 0.75, "pt": 1, "in": 72, "mm": 2.83, "cm": 28.3}
	for _, m := range oldMeasure.FindAllStringSubmatch(style, -1) {
		v, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			continue
		}
		v *= points[m[3]]
		if size := m[1] == "width" || m[1] == "height"; size && v < 3 {
			p.fault("a drawing too small to be seen", "make it larger, or remove it")
		} else if !size && (v < -1000 || v > 1600) {
			p.fault("a drawing set off the sheet", "move it onto the sheet")
		}
	}
}

// bare looks at a shape of the old kind that has neither words nor pictures.
func (s *story) bare(p *paragraph, k *opc.Node, shows bool) {
	if shows {
		return
	}
	if k.Name == "v:line" || k.Attr("o:hr") == "t" || k.Attr("o:connectortype") == "straight" {
		s.note("drawn lines are left out")
		return
	}
	p.fault("a drawn shape, which may cover something", hintPicture)
}

// lettering takes words that are drawn, as watermarks are.
func (s *story) lettering(p *paragraph, text string) {
	p.below = append(p.below, func(where string, f *flow) {
		b := &piece{}
		b.Where = "watermark in the " + where
		if s.zone == document.Body {
			b.Where = "drawn letters " + at(where)
		}
		b.Text = opc.Squeeze(text)
		s.add(f, b)
	})
}
