package layout_test

import (
	"image"
	"math"
	"testing"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	"tearline/codec/pdf"
)

// A view says how a sheet of paper lies in a picture.
type view struct {
	w, h int     // pixels
	dpi  float64 // near the middle
	// angle is how much the sheet is turned, in degrees; tilt how much its
	// right side, and its foot, are farther away, a share of a share.
	angle, tiltX, tiltY float64
	// midX and midY are what lies in the middle of the picture, in points.
	midX, midY float64
}

// whole is the view of a whole sheet.
func whole(dpi float64) view {
	return view{w: int(595 * dpi / 72), h: int(842 * dpi / 72), dpi: dpi, midX: 297.5, midY: 421}
}

// upper is the view of its upper half.
func upper(dpi float64) view {
	v := whole(dpi)
	v.h, v.midY = v.h/2, 421/2
	return v
}

// pixel says where on the picture a place of the sheet is.
func (v view) pixel(x, y float64) (px, py float64) {
	x, y = (x-v.midX)*v.dpi/72, (y-v.midY)*v.dpi/72
	sin, cos := math.Sincos(v.angle * math.Pi / 180)
	x, y = cos*x-sin*y, sin*x+cos*y
	d := 1 + v.tiltX*x/1000 + v.tiltY*y/1000
	return float64(v.w)/2 + x/d, float64(v.h)/2 + y/d
}

// A painter draws sheets without a PDF: the outlines of the letters, as they
// are.
type painter struct {
	fonts [2]*sfnt.Font
	buf   sfnt.Buffer
}

func newPainter(tb testing.TB) *painter {
	tb.Helper()
	p := &painter{}
	for i, b := range [][]byte{goregular.TTF, gobold.TTF} {
		f, err := sfnt.Parse(b)
		if err != nil {
			tb.Fatal(err)
		}
		p.fonts[i] = f
	}
	return p
}

// draw draws a sheet in black on white.
func (p *painter) draw(tb testing.TB, s *pdf.Sheet, v view, marks pdf.Marks) *image.Gray {
	tb.Helper()
	out := image.NewGray(image.Rect(0, 0, v.w, v.h))
	for i := range out.Pix {
		out.Pix[i] = 255
	}
	for i := range s.Lines {
		l := &s.Lines[i]
		for k, w := range l.Words {
			p.word(tb, out, v, w.Text, w.X+l.ShiftOf(k, marks), l.Y, l.Size, l.Bold)
		}
	}
	return out
}

func (p *painter) word(tb testing.TB, out *image.Gray, v view, text string, x, y, size float64, bold bool) {
	tb.Helper()
	f := p.fonts[0]
	if bold {
		f = p.fonts[1]
	}
	em := fixed.I(int(f.UnitsPerEm()))
	for _, r := range text {
		index, err := f.GlyphIndex(&p.buf, r)
		if err != nil {
			tb.Fatal(err)
		}
		advance, err := f.GlyphAdvance(&p.buf, index, em, 0)
		if err != nil {
			tb.Fatal(err)
		}
		outline, err := f.LoadGlyph(&p.buf, index, em, nil)
		if err != nil {
			tb.Fatal(err)
		}
		place := func(q fixed.Point26_6) (float64, float64) {
			return v.pixel(x+size*float64(q.X)/float64(em), y+size*float64(q.Y)/float64(em))
		}
		fill(out, outline, place)
		x += size * math.Round(1000*float64(advance)/float64(em)) / 1000
	}
}

// fill blackens what is within an outline.
func fill(out *image.Gray, outline sfnt.Segments, place func(fixed.Point26_6) (float64, float64)) {
	minX, minY, maxX, maxY := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, s := range outline {
		n := map[sfnt.SegmentOp]int{sfnt.SegmentOpQuadTo: 2, sfnt.SegmentOpCubeTo: 3}[s.Op]
		for _, q := range s.Args[:max(n, 1)] {
			a, b := place(q)
			minX, maxX, minY, maxY = math.Min(minX, a), math.Max(maxX, a), math.Min(minY, b), math.Max(maxY, b)
		}
	}
	box := image.Rect(int(minX)-1, int(minY)-1, int(maxX)+2, int(maxY)+2)
	if !(maxX > minX) || box.Intersect(out.Rect) != box {
		return
	}
	z := vector.NewRasterizer(box.Dx(), box.Dy())
	at := func(q fixed.Point26_6) (float32, float32) {
		a, b := place(q)
		return float32(a - float64(box.Min.X)), float32(b - float64(box.Min.Y))
	}
	for _, s := range outline {
		a, b := at(s.Args[0])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			z.ClosePath()
			z.MoveTo(a, b)
		case sfnt.SegmentOpLineTo:
			z.LineTo(a, b)
		case sfnt.SegmentOpQuadTo:
			c, d := at(s.Args[1])
			z.QuadTo(a, b, c, d)
		case sfnt.SegmentOpCubeTo:
			c, d := at(s.Args[1])
			e, f := at(s.Args[2])
			z.CubeTo(a, b, c, d, e, f)
		}
	}
	z.ClosePath()
	z.Draw(out, box, image.Black, image.Point{})
}
