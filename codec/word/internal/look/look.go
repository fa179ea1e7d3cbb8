// Package look says how the text of a Word file is seen: in what type, on what
// colour, as which letters, in which style or list, and why nobody sees it. It
// goes by the properties of runs and paragraphs and by the styles they are in.
// The package may not read text, report faults or know of portions.
package look

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tearline/codec/word/internal/opc"
)

// Face is how a run is seen.
type Face struct {
	// Bold, Italic and Underline are what the run has beyond its paragraph:
	// what all of a paragraph has from its style is the look of the paragraph,
	// as a heading's is.
	Bold, Italic, Underline bool
	Font                    string // in small letters, if its letters show as other signs
	Hidden                  string // why nobody sees it, "" if it is seen
	vertical                string // superscript or subscript
}

// Setting is what the look of a paragraph depends on.
type Setting struct {
	Styles *Styles   // of the file
	Style  string    // the id of the paragraph's
	Own    *opc.Node // pPr; may be nil
	Back   string    // the colour behind the paragraph, as RRGGBB
}

// direct are properties of one run, before those of its styles.
type direct struct {
	paragraph *Setting
	run       *opc.Node // rPr; may be nil
}

// levels returns the places where a property may be set, nearest first: the
// run, its character style, the paragraph's style, the document's standard.
func (d direct) levels(name string) [4]*opc.Node {
	s := d.paragraph.Styles
	var out [4]*opc.Node
	out[0] = d.run.Kid(name)
	if id := d.run.Kid("w:rStyle").Attr("w:val"); id != "" {
		out[1] = s.runs(id)[name]
	}
	out[2] = s.runs(d.paragraph.Style)[name]
	out[3] = s.defaults[name]
	return out
}

// nearest returns the property that counts of those that are no switches.
func (d direct) nearest(name string) *opc.Node {
	for _, n := range d.levels(name) {
		if n != nil {
			return n
		}
	}
	return nil
}

// beyond reports whether a run itself or its character style sets a switch. That
// the paragraph's style or the document's standard does is the look of the
// paragraph. Styles turn switches over (ISO/IEC 29500-1, 17.7.3): set in both
// styles it is off.
func (d direct) beyond(name string) bool {
	l := d.levels(name)
	if l[0] != nil {
		return opc.On(l[0])
	}
	return opc.On(l[1]) && !opc.On(l[2])
}

// underlined reports whether a run itself or its character style underlines it.
func (d direct) underlined() bool {
	l := d.levels("w:u")
	u := cmp.Or(l[0], l[1])
	return u != nil && u.Attr("w:val") != "none"
}

// any reports whether a switch that hides is set anywhere and the run itself
// does not turn it off. Programs differ on two styles that both set it.
func (d direct) any(name string) bool {
	l := d.levels(name)
	if l[0] != nil {
		return opc.On(l[0])
	}
	return opc.On(l[1]) || opc.On(l[2]) || opc.On(l[3])
}

// Face returns how a run with the properties rPr is seen; it may have none (nil).
func (s *Setting) Face(rpr *opc.Node) Face {
	d := direct{s, rpr}
	l := Face{
		Bold:      d.beyond("w:b"),
		Italic:    d.beyond("w:i"),
		Underline: d.underlined(),
		vertical:  d.nearest("w:vertAlign").Attr("w:val"),
		Hidden:    d.hidden(),
	}
	fonts := d.nearest("w:rFonts")
	for _, a := range []string{"w:ascii", "w:hAnsi"} {
		if f := strings.ToLower(fonts.Attr(a)); symbolFonts[f] {
			l.Font = f
		}
	}
	return l
}

var symbolFonts = map[string]bool{
	"symbol": true, "wingdings": true, "wingdings 2": true, "wingdings 3": true, "webdings": true,
	"zapfdingbats": true, "marlett": true,
}

// hidden says why nobody sees the run.
func (d direct) hidden() string {
	if slices.ContainsFunc([]string{"w:vanish", "w:webHidden", "w:specVanish"}, d.any) {
		return "hidden text"
	}
	if d.any("w:strike") || d.any("w:dstrike") {
		return "struck text"
	}
	if why := d.squeezed(); why != "" {
		return why
	}
	if why := d.filled(); why != "" {
		return why
	}
	text, back := d.colours()
	if text != "" && contrast(text, back) < 1.3 {
		return fmt.Sprintf("text in the colour %s on %s", text, back)
	}
	return ""
}

// squeezed looks for text too small to be read, or moved away.
func (d direct) squeezed() string {
	for _, name := range []string{"w:sz", "w:szCs"} {
		if n := d.nearest(name); n != nil && opc.Number(n.Attr("w:val")) <= 6 {
			return "text too small to be read"
		}
	}
	if n := d.nearest("w:w"); n != nil && opc.Number(strings.TrimSuffix(n.Attr("w:val"), "%")) <= 10 {
		return "text too narrow to be read"
	}
	if n := d.nearest("w:spacing"); n != nil && opc.Number(n.Attr("w:val")) <= -60 {
		return "text whose letters stand on each other"
	}
	if n := d.nearest("w:fitText"); n != nil && opc.Number(n.Attr("w:val")) < 200 {
		return "text too narrow to be read"
	}
	if n := d.nearest("w:position"); n != nil && (opc.Number(n.Attr("w:val")) > 200 || opc.Number(n.Attr("w:val")) < -200) {
		return "text moved off its line"
	}
	return ""
}

// filled looks at fills of letters, which newer programs have.
func (d direct) filled() string {
	n := d.nearest("w14:textFill")
	if n == nil {
		return ""
	}
	_, back := d.colours()
	switch {
	case n.Kid("w14:solidFill") == nil && n.Kid("w14:gradFill") == nil:
		return "text without a colour"
	case n.Find("w14:alpha") != nil:
		return "text that is transparent"
	}
	why := ""
	n.Each(func(k *opc.Node) {
		c := ""
		switch k.Name {
		case "w14:srgbClr":
			c = strings.ToUpper(k.Attr("w14:val"))
		case "w14:schemeClr":
			c = theme(k.Attr("w14:val"))
		}
		if hex(c) && contrast(c, back) < 1.3 {
			why = fmt.Sprintf("text in the colour %s on %s", c, back)
		}
	})
	return why
}

// colours returns the colours of the text and of what is behind it. The
// text's is "" if the program picks one that can be read.
func (d direct) colours() (string, string) {
	// What is set nearer lies on what is set farther. A paragraph style's
	// shading of runs counts as well.
	back, l := d.paragraph.Back, d.levels("w:shd")
	for _, n := range []*opc.Node{d.paragraph.Prop("w:shd"), l[3], l[2], l[1], l[0]} {
		if c := Shade(n, back); c != "" {
			back = c
		}
	}
	if h := d.nearest("w:highlight"); h != nil {
		if c := highlights[strings.ToLower(h.Attr("w:val"))]; c != "" {
			back = c
		}
	}
	n := d.nearest("w:color")
	if n == nil {
		return "", back
	}
	return Colour(n, "w:val", "w:themeColor"), back
}

var highlights = map[string]string{
	"black": "000000", "blue": "0000FF", "cyan": "00FFFF", "darkblue": "00008B", "darkcyan": "008B8B", "darkgray": "A9A9A9",
	"darkgreen": "006400", "darkmagenta": "800080", "darkred": "8B0000", "darkyellow": "808000", "green": "00FF00",
	"lightgray": "D3D3D3", "magenta": "FF00FF", "red": "FF0000", "white": "FFFFFF", "yellow": "FFFF00",
}

// Prop returns a property of the paragraph or of its styles, nil if none sets it.
func (s *Setting) Prop(name string) *opc.Node {
	if n := s.Own.Kid(name); n != nil {
		return n
	}
	if n := s.Styles.Paras(s.Style)[name]; n != nil {
		return n
	}
	return s.Styles.space[name]
}
