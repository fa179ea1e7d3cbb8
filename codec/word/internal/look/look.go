// Package look says how a run of text is seen: its type beyond that of its
// paragraph, whether anybody can see it at all, which signs a font of signs
// shows, and what the styles of a document add to each other. It reads parts
// that are open already, and may judge nothing but what an eye could see.
package look

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"tearline/codec/word/internal/opc"
)

// Look is how a run is seen.
type Look struct {
	Bold, Italic, Underline bool
	Vertical                string // superscript or subscript
	Font                    string // if its letters show as other signs
	Hidden                  string // why nobody sees it, "" if it is seen
}

// Direct are properties of one run, before those of its styles.
type Direct struct {
	Styles *Styles
	// style is the paragraph's, back and shading are what lies behind it.
	Style   string
	Back    string
	Shading *opc.Node
	Run     *opc.Node // rPr; may be nil
}

// levels returns the places where a property may be set, nearest first: the
// run, its character style, the paragraph's style, the document's standard.
func (d Direct) levels(name string) [4]*opc.Node {
	s := d.Styles
	var out [4]*opc.Node
	out[0] = d.Run.Kid(name)
	if id := d.Run.Kid("w:rStyle").Attr("w:val"); id != "" {
		out[1] = s.runs(id)[name]
	}
	out[2] = s.runs(d.Style)[name]
	out[3] = s.Defaults[name]
	return out
}

// nearest returns the property that counts of those that are no switches.
func (d Direct) nearest(name string) *opc.Node {
	for _, n := range d.levels(name) {
		if n != nil {
			return n
		}
	}
	return nil
}

// toggle returns whether a switch of type, which styles turn over (ISO/IEC
// 29500-1, 17.7.3), is on for the run and not for its paragraph: what a whole
// paragraph has from its style is that paragraph's look.
func (d Direct) toggle(name string) bool {
	l := d.levels(name)
	paragraph := opc.On(l[3]) || opc.On(l[2])
	if l[0] != nil {
		return opc.On(l[0]) && !paragraph
	}
	return opc.On(l[1]) && !paragraph
}

// any reports whether a switch that hides is set anywhere and the run itself
// does not turn it off. Programs differ on two styles that both set it.
func (d Direct) any(name string) bool {
	l := d.levels(name)
	if l[0] != nil {
		return opc.On(l[0])
	}
	return opc.On(l[1]) || opc.On(l[2]) || opc.On(l[3])
}

// Look is how the run is seen.
func (d Direct) Look() Look {
	of := d.levels("w:u")
	paragraph := line(of[2]) || of[2] == nil && line(of[3])
	l := Look{
		Bold:      d.toggle("w:b"),
		Italic:    d.toggle("w:i"),
		Underline: line(d.nearest("w:u")) && !paragraph,
		Vertical:  d.nearest("w:vertAlign").Attr("w:val"),
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
func (d Direct) hidden() string {
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
	if text != "" && Contrast(text, back) < 1.3 {
		return fmt.Sprintf("text in the colour %s on %s", text, back)
	}
	return ""
}

// squeezed looks for text too small to be read, or moved away.
func (d Direct) squeezed() string {
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
func (d Direct) filled() string {
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
			c = Theme(k.Attr("w14:val"))
		}
		if Hex(c) && Contrast(c, back) < 1.3 {
			why = fmt.Sprintf("text in the colour %s on %s", c, back)
		}
	})
	return why
}

// colours returns the colours of the text and of what is behind it. The
// text's is "" if the program picks one that can be read.
func (d Direct) colours() (string, string) {
	// What is set nearer lies on what is set farther. A paragraph style's
	// shading of runs counts as well.
	back, l := d.Back, d.levels("w:shd")
	for _, n := range []*opc.Node{d.Shading, l[3], l[2], l[1], l[0]} {
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

// Colour reads a colour of an element, "" for one that the program picks.
func Colour(n *opc.Node, value, scheme string) string {
	c := strings.ToUpper(strings.TrimPrefix(n.Attr(value), "#"))
	if Hex(c) {
		return c
	}
	return Theme(n.Attr(scheme))
}

// Theme returns a colour of the theme that is never anything else.
func Theme(name string) string {
	switch name {
	case "background1", "light1", "bg1", "lt1":
		return "FFFFFF"
	case "text1", "dark1", "tx1", "dk1":
		return "000000"
	}
	return ""
}

// Hex reports whether a colour is written in hexadecimal digits.
func Hex(c string) bool {
	_, err := strconv.ParseUint(c, 16, 32)
	return err == nil && len(c) == 6
}

// Shade returns the colour of shading, "" if it has none.
func Shade(n *opc.Node, under string) string {
	if n == nil {
		return ""
	}
	fill, front, kind := Colour(n, "w:fill", "w:themeFill"), Colour(n, "w:color", "w:themeColor"), n.Attr("w:val")
	switch {
	case kind == "solid":
		if front == "" {
			front = "000000"
		}
		return front
	case strings.HasPrefix(kind, "pct"):
		if fill == "" {
			fill = under
		}
		if front == "" {
			front = "000000"
		}
		return mix(front, fill, float64(opc.Number(kind[3:]))/100)
	}
	return fill
}

func rgb(c string) [3]float64 {
	n, _ := strconv.ParseUint(c, 16, 32) // callers have asked hex
	return [3]float64{float64(n >> 16 & 255), float64(n >> 8 & 255), float64(n & 255)}
}

func mix(front, back string, part float64) string {
	f, b := rgb(front), rgb(back)
	var c [3]int
	for i := range f {
		c[i] = int(math.Round(min(max(f[i]*part+b[i]*(1-part), 0), 255)))
	}
	return fmt.Sprintf("%02X%02X%02X", c[0], c[1], c[2])
}

// Contrast returns how far two colours are apart, from 1 to 21, as the Web
// Content Accessibility Guidelines 2 measure it.
func Contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c string) float64 {
	v := rgb(c)
	for i := range v {
		if v[i] /= 255; v[i] <= 0.04045 {
			v[i] /= 12.92
		} else {
			v[i] = math.Pow((v[i]+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*v[0] + 0.7152*v[1] + 0.0722*v[2]
}

// line reports whether an element underlines.
func line(u *opc.Node) bool { return u != nil && u.Attr("w:val") != "none" }
