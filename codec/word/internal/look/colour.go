package look

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"tearline/codec/word/internal/opc"
)

// Colour reads a colour of an element, as RRGGBB, from the attribute value or, as
// one of the theme, from the attribute scheme: "" for one that the program picks.
func Colour(n *opc.Node, value, scheme string) string {
	c := strings.ToUpper(strings.TrimPrefix(n.Attr(value), "#"))
	if hex(c) {
		return c
	}
	return theme(n.Attr(scheme))
}

// theme returns a colour of the theme that is never anything else.
func theme(name string) string {
	switch name {
	case "background1", "light1", "bg1", "lt1":
		return "FFFFFF"
	case "text1", "dark1", "tx1", "dk1":
		return "000000"
	}
	return ""
}

func hex(c string) bool {
	_, err := strconv.ParseUint(c, 16, 32)
	return err == nil && len(c) == 6
}

// Shade returns the colour of shading that lies on the colour under, "" if it has
// none; n may be nil.
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

// contrast returns how far two colours are apart, from 1 to 21, as the Web
// Content Accessibility Guidelines 2 measure it.
func contrast(a, b string) float64 {
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

// Hides reports whether a style of tables hides text on the colour under, in any
// of its rows.
func Hides(st *opc.Node, under string) bool {
	bad := st.Find("w:vanish") != nil
	base := cmp.Or(Shade(st.Kid("w:tcPr").Kid("w:shd"), under), under)
	st.Each(func(k *opc.Node) {
		if k.Name != "w:style" && k.Name != "w:tblStylePr" {
			return
		}
		back := cmp.Or(Shade(k.Kid("w:tcPr").Kid("w:shd"), base), base)
		rpr := k.Kid("w:rPr")
		if c := rpr.Kid("w:color"); c != nil {
			text := Colour(c, "w:val", "w:themeColor")
			bad = bad || text != "" && contrast(text, back) < 1.3
		}
		if z := rpr.Kid("w:sz"); z != nil {
			bad = bad || opc.Number(z.Attr("w:val")) <= 6
		}
	})
	return bad
}

// Fill returns the colour of a shape with the properties pr, which may be nil,
// that lies on the colour under: a grey for one that is not known.
func Fill(pr *opc.Node, under string) string {
	solid := pr.Kid("a:solidFill")
	switch {
	case pr.Kid("a:noFill") != nil:
		return under
	case solid.Kid("a:srgbClr") != nil && hex(solid.Kid("a:srgbClr").Attr("val")):
		return strings.ToUpper(solid.Kid("a:srgbClr").Attr("val"))
	case solid.Kid("a:schemeClr") != nil && theme(solid.Kid("a:schemeClr").Attr("val")) != "":
		return theme(solid.Kid("a:schemeClr").Attr("val"))
	case pr == nil || solid == nil && pr.Kid("a:gradFill") == nil && pr.Kid("a:pattFill") == nil:
		return under
	}
	return "808080"
}

// OldFill returns the colour of a shape of the old kind (VML), as Fill does.
func OldFill(k *opc.Node, under string) string {
	c := strings.ToUpper(strings.TrimPrefix(strings.Split(k.Attr("fillcolor")+" ", " ")[0], "#"))
	switch {
	case k.Attr("filled") == "f" || k.Attr("filled") == "false":
		return under
	case hex(c):
		return c
	case c == "" || c == "WHITE":
		return "FFFFFF"
	}
	return "808080"
}
