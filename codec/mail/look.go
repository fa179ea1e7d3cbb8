package mail

import (
	"image/color"
	"math"
	"strconv"
	"strings"

	"golang.org/x/image/colornames"
)

// A look is how letters look at some place of a page.
type look struct {
	size         float64 // pixels
	ink, paper   color.RGBA
	unseen       bool // visibility
	bold, italic bool
	underline    bool
	pre          bool // white space stands as it is
}

// plainLook is that of a page which says nothing.
func plainLook() look {
	return look{size: 16, ink: color.RGBA{0, 0, 0, 255}, paper: color.RGBA{255, 255, 255, 255}}
}

// hides says why letters that look so cannot be read, "" if they can.
func (l *look) hides() string {
	switch {
	case l.unseen:
		return "hidden text"
	case l.size <= 3:
		return "text in letters too small to read"
	case l.ink.A < 50:
		return "transparent text"
	case contrast(l.ink, l.paper) < 1.3:
		return "text in the colour of its background"
	}
	return ""
}

// apply gives a look what an element orders.
func (l *look) apply(o orders) {
	l.font(bare(o["font"]))
	l.fontSize(bare(o["font-size"]))
	l.face(o)
	if c, ok := parseColour(bare(o["color"])); ok {
		l.ink = c
	}
	if c, ok := parseColour(bare(o["-webkit-text-fill-color"])); ok {
		l.ink = c
	}
	for _, k := range []string{"background", "background-color"} {
		l.background(bare(o[k]))
	}
	if v := bare(o["visibility"]); v != "" && v != "inherit" {
		l.unseen = v == "hidden" || v == "collapse"
	}
	if v := bare(o["white-space"]); v != "" {
		l.pre = v == "pre" || v == "pre-wrap" || v == "pre-line" || v == "break-spaces"
	}
}

// font reads a whole font: its size stands before the height of the lines.
func (l *look) font(v string) {
	if v == "" || v == "inherit" {
		return
	}
	for w := range strings.FieldsSeq(v) {
		s, _, _ := strings.Cut(w, "/")
		if _, unit, ok := length(s, l.size); ok && (unit != "" || s == "0") {
			l.fontSize(s)
			break
		}
	}
	l.bold, l.italic = strings.Contains(v, "bold"), strings.Contains(v, "italic")
}

// face reads what is bold, italic and underlined.
func (l *look) face(o orders) {
	if v := bare(o["font-weight"]); v != "" && v != "inherit" {
		n, err := strconv.Atoi(v)
		l.bold = strings.HasPrefix(v, "bold") || err == nil && n >= 600
	}
	if v := bare(o["font-style"]); v != "" && v != "inherit" {
		l.italic = v == "italic" || v == "oblique"
	}
	if v := o["text-decoration"] + o["text-decoration-line"]; strings.Contains(v, "underline") {
		l.underline = true
	}
}

func (l *look) fontSize(v string) {
	switch v {
	case "", "inherit":
	case "xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large", "smaller", "larger", "initial":
		l.size = 16
	default:
		if px, unit, ok := length(v, l.size); ok && (unit != "" || px == 0) {
			l.size = px
		}
	}
}

func (l *look) background(v string) {
	if strings.HasPrefix(v, "rgb") || strings.HasPrefix(v, "hsl") {
		v = strings.ReplaceAll(v, " ", "")
	}
	for w := range strings.FieldsSeq(v) {
		if c, ok := parseColour(w); ok {
			if c.A >= 128 {
				l.paper = c
			}
			return
		}
	}
}

// parseColour reads a colour as pages name it. One that is not known says
// nothing.
func parseColour(v string) (color.RGBA, bool) {
	if v == "transparent" {
		return color.RGBA{}, true
	}
	if c, ok := colornames.Map[v]; ok {
		return c, true
	}
	if h, ok := strings.CutPrefix(v, "#"); ok {
		return hex(h)
	}
	name, rest, ok := strings.Cut(strings.TrimSuffix(v, ")"), "(")
	if !ok || name != "rgb" && name != "rgba" {
		return color.RGBA{}, false
	}
	f := strings.FieldsFunc(rest, func(r rune) bool { return r == ',' || r == ' ' || r == '/' })
	if len(f) < 3 {
		return color.RGBA{}, false
	}
	out := [4]uint8{3: 255}
	for i, s := range f[:min(len(f), 4)] {
		n, err := strconv.ParseFloat(strings.TrimSuffix(s, "%"), 64)
		switch {
		case err != nil:
			return color.RGBA{}, false
		case strings.HasSuffix(s, "%"):
			n *= 2.55
		case i == 3:
			n *= 255
		}
		out[i] = uint8(math.Max(0, math.Min(255, n)))
	}
	return color.RGBA{out[0], out[1], out[2], out[3]}, true
}

// hex reads a colour of three, four, six or eight digits.
func hex(h string) (color.RGBA, bool) {
	if len(h) == 3 || len(h) == 4 {
		var long strings.Builder
		for _, c := range []byte(h) {
			long.Write([]byte{c, c})
		}
		h = long.String()
	}
	if len(h) == 6 {
		h += "ff"
	}
	n, err := strconv.ParseUint(h, 16, 32)
	if err != nil || len(h) != 8 {
		return color.RGBA{}, false
	}
	return color.RGBA{uint8(n >> 24 & 255), uint8(n >> 16 & 255), uint8(n >> 8 & 255), uint8(n & 255)}, true
}

// contrast is that of WCAG 2.2, from 1 for none to 21.
func contrast(a, b color.RGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(c color.RGBA) float64 {
	part := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
}
