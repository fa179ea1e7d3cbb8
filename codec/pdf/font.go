package pdf

import (
	"bytes"
	"fmt"
	"math"
	"sync"
	"unicode"

	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gobolditalic"
	"golang.org/x/image/font/gofont/goitalic"
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
	advance   float64
	ink       Ink
	top, foot float64 // of its ink, from the baseline up
}

// A face is one font at its work. It looks glyphs up once; it is not for several
// goroutines.
type face struct {
	name   string
	key    int // its place among the fonts
	font   *sfnt.Font
	ttf    []byte
	buf    sfnt.Buffer
	glyphs map[rune]glyph
}

// The type of a stretch of text.
const (
	bold byte = 1 << iota
	italic
	underlined
)

// own are the fonts that the package brings, and the first four of them by the
// type that they are.
var own = [...]struct {
	name string
	ttf  []byte
}{
	0:             {"Go Regular", goregular.TTF},
	bold:          {boldName, gobold.TTF},
	italic:        {"Go Italic", goitalic.TTF},
	bold | italic: {"Go Bold Italic", gobolditalic.TTF},
	wide:          {"DejaVu Sans", dejavusans.TTF},
	wide + 1:      {"DejaVu Sans Bold", dejavusansbold.TTF},
}

// wide is the font that has most characters; its bold one follows it.
const wide = 4

// parsed are the own fonts, each parsed when it is first needed; they are safe
// for several goroutines.
var parsed = func() (list [len(own)]func() (*sfnt.Font, error)) {
	for i := range list {
		list[i] = sync.OnceValues(func() (*sfnt.Font, error) { return sfnt.Parse(own[i].ttf) })
	}
	return list
}()

// fonts are those of one page: our own, and the caller's, which have what ours
// lack. It is not for several goroutines.
type fonts struct{ list []*face }

// maxFonts is the most fonts of a caller's.
const maxFonts = 16

// newFonts returns our own fonts and the caller's.
func newFonts(extra [][]byte) (*fonts, error) {
	if len(extra) > maxFonts {
		return nil, fmt.Errorf("%d fonts: at most %d", len(extra), maxFonts)
	}
	s := &fonts{}
	for i := range own {
		s.list = append(s.list, &face{name: own[i].name, key: i, ttf: own[i].ttf, glyphs: map[rune]glyph{}})
	}
	for i, b := range extra {
		f, err := parseExtra(b)
		if err != nil {
			return nil, fmt.Errorf("font %d of those given: %w", i+1, err)
		}
		s.list = append(s.list, &face{name: fmt.Sprintf("%d of those given", i+1), key: len(s.list), font: f, ttf: b, glyphs: map[rune]glyph{}})
	}
	return s, nil
}

// parseExtra parses a caller's font, which must be one that a PDF can embed as
// it is.
func parseExtra(b []byte) (*sfnt.Font, error) {
	if !bytes.HasPrefix(b, []byte{0, 1, 0, 0}) && !bytes.HasPrefix(b, []byte("true")) {
		return nil, fmt.Errorf("not a TrueType font")
	}
	f, err := sfnt.Parse(b)
	if err != nil {
		return nil, fmt.Errorf("not a TrueType font: %w", err)
	}
	if err := embeddable(b); err != nil {
		return nil, err
	}
	return f, nil
}

// of returns the font for a type, whatever it has.
func (s *fonts) of(kind byte) *face { return s.list[kind&(bold|italic)] }

// find returns the font for a character: that of its type if it has it,
// otherwise the first that does. What no font has is an error: a box in its
// place would be a text that nobody wrote.
func (s *fonts) find(r rune, kind byte) (*face, glyph, error) {
	other := wide
	if kind&bold != 0 {
		other++
	}
	try := append([]*face{s.of(kind), s.list[other]}, s.list[len(own):]...)
	for _, f := range try {
		g, ok, err := f.glyph(r)
		if ok || err != nil {
			return f, g, err
		}
	}
	return nil, glyph{}, fmt.Errorf("no font has the character %q (%U): write it otherwise, or give a font that has it", r, r)
}

// glyph returns a character's glyph, false if the font has none.
func (f *face) glyph(r rune) (glyph, bool, error) {
	if g, ok := f.glyphs[r]; ok {
		return g, true, nil
	}
	if f.font == nil {
		var err error
		if f.font, err = parsed[f.key](); err != nil {
			return glyph{}, false, fmt.Errorf("font %s: %w", f.name, err)
		}
	}
	index, err := f.font.GlyphIndex(&f.buf, r)
	if err != nil {
		return glyph{}, false, fmt.Errorf("font %s: %U: %w", f.name, r, err)
	}
	if index == 0 || r > 0xffff {
		return glyph{}, false, nil
	}
	units := f.font.UnitsPerEm()
	em := fixed.I(int(units))
	advance, err := f.font.GlyphAdvance(&f.buf, index, em, font.HintingNone)
	if err != nil {
		return glyph{}, false, fmt.Errorf("font %s: %U: %w", f.name, r, err)
	}
	outline, err := f.font.LoadGlyph(&f.buf, index, em, nil)
	if err != nil {
		return glyph{}, false, fmt.Errorf("font %s: %U: %w", f.name, r, err)
	}
	bounds := outline.Bounds()
	// A PDF has widths in whole thousandths: what is shown goes by them.
	thousandths := math.Round(1000 * float64(advance) / float64(em))
	g := glyph{
		advance: thousandths / 1000, ink: inkOf(outline, 1/float64(em)),
		top: -float64(bounds.Min.Y) / float64(em), foot: -float64(bounds.Max.Y) / float64(em),
	}
	f.glyphs[r] = g
	return g, true, nil
}

// text returns how wide a text is at a size, and its ink; false if the font
// lacks any of it, or it has letters that are not set one after the other.
func (f *face) text(s string, size float64) (width float64, ink Ink, ok bool, err error) {
	for _, r := range s {
		g, ok, err := f.glyph(r)
		if !ok || err != nil || r >= 0x300 && unicode.In(r, unicode.Mn, unicode.Me) {
			return 0, Ink{}, false, err
		}
		ink = ink.add(g.ink, width)
		width += g.advance
	}
	ink.Left, ink.Right, ink.Center, ink.Area = ink.Left*size, ink.Right*size, ink.Center*size, ink.Area*size*size
	return width * size, ink, true, nil
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
