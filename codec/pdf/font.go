package pdf

import (
	"fmt"
	"math"
	"sync"
	"unicode/utf8"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Ink is where the black of a word lies: from where its X is, in points, to
// the right.
type Ink struct {
	// Left and Right are its edges, Center is its centroid.
	Left, Right, Center float64
	// Area is how much of it there is, in square points.
	Area float64
}

// add puts the ink of a glyph, or of what else is at a place, into i.
func (i Ink) add(g Ink, x float64) Ink {
	switch {
	case g.Area <= 0:
		return i
	case i.Area <= 0:
		return Ink{x + g.Left, x + g.Right, x + g.Center, g.Area}
	}
	sum := i.Area + g.Area
	return Ink{
		math.Min(i.Left, x+g.Left), math.Max(i.Right, x+g.Right),
		(i.Center*i.Area + (x+g.Center)*g.Area) / sum, sum,
	}
}

// A glyph is one character at a size of 1 point.
type glyph struct {
	advance float64
	ink     Ink
}

// A face is one of the two fonts of a page. It looks glyphs up once; it is not
// for several goroutines.
type face struct {
	name   string
	font   *sfnt.Font
	buf    sfnt.Buffer
	glyphs map[rune]glyph
}

// parsed are the fonts, which are safe for several goroutines.
var parsed = sync.OnceValues(func() (fonts [2]*sfnt.Font, err error) {
	for i, b := range [][]byte{goregular.TTF, gobold.TTF} {
		if fonts[i], err = sfnt.Parse(b); err != nil {
			return fonts, fmt.Errorf("font: %w", err)
		}
	}
	return fonts, nil
})

// newFaces returns the regular and the bold face.
func newFaces() ([2]*face, error) {
	fonts, err := parsed()
	if err != nil {
		return [2]*face{}, err
	}
	return [2]*face{
		{name: "Go Regular", font: fonts[0], glyphs: map[rune]glyph{}},
		{name: boldName, font: fonts[1], glyphs: map[rune]glyph{}},
	}, nil
}

// glyph returns a character's glyph. What the font lacks is an error: a box in
// its place would be a text that nobody wrote.
func (f *face) glyph(r rune) (glyph, error) {
	if g, ok := f.glyphs[r]; ok {
		return g, nil
	}
	index, err := f.font.GlyphIndex(&f.buf, r)
	if err != nil {
		return glyph{}, fmt.Errorf("%s: %U: %w", f.name, r, err)
	}
	if index == 0 || r > 0xffff {
		return glyph{}, fmt.Errorf("the font %s has no character %q (%U): write it otherwise", f.name, r, r)
	}
	units := f.font.UnitsPerEm()
	em := fixed.I(int(units))
	advance, err := f.font.GlyphAdvance(&f.buf, index, em, font.HintingNone)
	if err != nil {
		return glyph{}, fmt.Errorf("%s: %U: %w", f.name, r, err)
	}
	outline, err := f.font.LoadGlyph(&f.buf, index, em, nil)
	if err != nil {
		return glyph{}, fmt.Errorf("%s: %U: %w", f.name, r, err)
	}
	// A PDF has widths in whole thousandths: what is shown goes by them.
	thousandths := math.Round(1000 * float64(advance) / float64(em))
	g := glyph{advance: thousandths / 1000, ink: inkOf(outline, 1/float64(em))}
	f.glyphs[r] = g
	return g, nil
}

// text returns how wide a text is at a size, and its ink.
func (f *face) text(s string, size float64) (width float64, ink Ink, err error) {
	for _, r := range s {
		if r == utf8.RuneError {
			return 0, Ink{}, fmt.Errorf("text is not UTF-8")
		}
		g, err := f.glyph(r)
		if err != nil {
			return 0, Ink{}, err
		}
		ink = ink.add(g.ink, width)
		width += g.advance
	}
	ink.Left, ink.Right, ink.Center, ink.Area = ink.Left*size, ink.Right*size, ink.Center*size, ink.Area*size*size
	return width * size, ink, nil
}

// A point of an outline.
type xy struct{ x, y float64 }

// inkOf integrates the area within an outline, and its first moment, along the
// outline (Green's theorem).
func inkOf(outline sfnt.Segments, scale float64) Ink {
	ink := Ink{Left: math.Inf(1), Right: math.Inf(-1)}
	var start, at xy
	area, moment := 0.0, 0.0
	to := func(p fixed.Point26_6) xy { return xy{float64(p.X) * scale, float64(p.Y) * scale} }
	curve := func(c [4]xy) {
		a, m := along(c)
		area, moment, at = area+a, moment+m, c[3]
	}
	for _, s := range outline {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			curve(straight(at, start))
			at = to(s.Args[0])
			start = at
		case sfnt.SegmentOpLineTo:
			curve(straight(at, to(s.Args[0])))
		case sfnt.SegmentOpQuadTo:
			curve(quadratic(at, to(s.Args[0]), to(s.Args[1])))
		case sfnt.SegmentOpCubeTo:
			curve([4]xy{at, to(s.Args[0]), to(s.Args[1]), to(s.Args[2])})
		}
		ink.Left, ink.Right = math.Min(ink.Left, at.x), math.Max(ink.Right, at.x)
	}
	curve(straight(at, start))
	if math.Abs(area) < 1e-9 {
		return Ink{}
	}
	ink.Area, ink.Center = math.Abs(area), moment/area
	return ink
}

// straight is a line as a cubic curve.
func straight(a, b xy) [4]xy {
	return [4]xy{a, {(2*a.x + b.x) / 3, (2*a.y + b.y) / 3}, {(a.x + 2*b.x) / 3, (a.y + 2*b.y) / 3}, b}
}

// quadratic is a quadratic curve as a cubic one.
func quadratic(a, c, b xy) [4]xy {
	return [4]xy{a, {(a.x + 2*c.x) / 3, (a.y + 2*c.y) / 3}, {(b.x + 2*c.x) / 3, (b.y + 2*c.y) / 3}, b}
}

// along integrates x dy and x²/2 dy along a curve. Both integrands are
// polynomials of degree 8 at most in the curve's parameter, so that five points
// (Gauss and Legendre) are exact.
func along(c [4]xy) (area, moment float64) {
	nodes := [...][2]float64{
		{0.5, 0.28444444444444444},
		{0.23076534494715845, 0.23931433524968323},
		{0.7692346550528415, 0.23931433524968323},
		{0.04691007703066800, 0.11846344252809454},
		{0.953089922969332, 0.11846344252809454},
	}
	for _, n := range nodes {
		t, u := n[0], 1-n[0]
		x := u*u*u*c[0].x + 3*u*u*t*c[1].x + 3*u*t*t*c[2].x + t*t*t*c[3].x
		dy := 3 * (u*u*(c[1].y-c[0].y) + 2*u*t*(c[2].y-c[1].y) + t*t*(c[3].y-c[2].y))
		area += n[1] * x * dy
		moment += n[1] * x * x / 2 * dy
	}
	return area, moment
}
