package pdfium

import (
	"bytes"
	"image"
	"image/png"
	"math"
	"slices"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"

	"tearline/codec/pages"
)

var identity = structs.FPDF_FS_MATRIX{A: 1, D: 1}

// times puts one matrix behind another.
func times(m, by structs.FPDF_FS_MATRIX) structs.FPDF_FS_MATRIX {
	return structs.FPDF_FS_MATRIX{
		A: m.A*by.A + m.B*by.C, B: m.A*by.B + m.B*by.D,
		C: m.C*by.A + m.D*by.C, D: m.C*by.B + m.D*by.D,
		E: m.E*by.A + m.F*by.C + by.E, F: m.E*by.B + m.F*by.D + by.F,
	}
}

func through(m structs.FPDF_FS_MATRIX, x, y float32) (float64, float64) {
	return float64(m.A*x + m.C*y + m.E), float64(m.B*x + m.D*y + m.F)
}

// object takes one object of the page, whose space is seen through m.
func (p *sheetPage) object(o references.FPDF_PAGEOBJECT, m structs.FPDF_FS_MATRIX, depth int) error {
	if p.shapes++; p.shapes > maxShapes || depth > maxNested {
		return errTooLong
	}
	kind, err := p.lib.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: o})
	if err != nil {
		return err
	}
	if err := p.marks(o); err != nil {
		return err
	}
	switch kind.Type {
	case enums.FPDF_PAGEOBJ_TEXT:
		p.texts = append(p.texts, o)
		return p.invisible(o)
	case enums.FPDF_PAGEOBJ_FORM:
		return p.form(o, m, depth)
	case enums.FPDF_PAGEOBJ_PATH:
		return p.path(o, m)
	case enums.FPDF_PAGEOBJ_IMAGE:
	case enums.FPDF_PAGEOBJ_SHADING, enums.FPDF_PAGEOBJ_UNKNOWN:
		p.anywhere = true // a shading that is not clipped has no bounds, and fills the page
	}
	b, err := p.lib.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: o})
	if err != nil {
		p.anywhere = true
		return nil //nolint:nilerr // it covers nothing that is known
	}
	box := p.cornered(m, b.Left, b.Bottom, b.Right, b.Top)
	p.other(box)
	p.drawn = append(p.drawn, pages.Picture{Box: box, Image: kind.Type != enums.FPDF_PAGEOBJ_SHADING})
	return nil
}

// other notes where something that is no letter is drawn.
func (p *sheetPage) other(b pages.Box) {
	const most = 2000 // each letter is held against them
	if p.anywhere = p.anywhere || len(p.others) == most; !p.anywhere {
		p.others = append(p.others, b)
	}
}

// cornered is the box on the page of one in an object's space.
func (p *sheetPage) cornered(m structs.FPDF_FS_MATRIX, left, bottom, right, top float32) pages.Box {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, c := range [][2]float32{{left, bottom}, {left, top}, {right, bottom}, {right, top}} {
		x, y := through(m, c[0], c[1])
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
	}
	return p.box(x0, y0, x1, y1)
}

// form takes the objects inside a form.
func (p *sheetPage) form(o references.FPDF_PAGEOBJECT, m structs.FPDF_FS_MATRIX, depth int) error {
	own, err := p.lib.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: o})
	if err != nil {
		return err
	}
	n, err := p.lib.FPDFFormObj_CountObjects(&requests.FPDFFormObj_CountObjects{PageObject: o})
	if err != nil {
		p.anywhere = true
		return nil //nolint:nilerr // an empty one, as far as is known
	}
	for i := range n.Count {
		inner, err := p.lib.FPDFFormObj_GetObject(&requests.FPDFFormObj_GetObject{PageObject: o, Index: uint64(i)})
		if err != nil {
			return err
		}
		if err := p.object(inner.PageObject, times(own.Matrix, m), depth+1); err != nil {
			return err
		}
	}
	return nil
}

// path takes lines and boxes as rules, and other shapes as drawings.
func (p *sheetPage) path(o references.FPDF_PAGEOBJECT, m structs.FPDF_FS_MATRIX) error {
	b, err := p.lib.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: o})
	if err != nil {
		p.anywhere = true
		return nil //nolint:nilerr // it covers nothing that is known
	}
	mode, err := p.lib.FPDFPath_GetDrawMode(&requests.FPDFPath_GetDrawMode{PageObject: o})
	if err != nil {
		return err
	}
	filled := mode.FillMode != enums.FPDF_FILLMODE_NONE
	if !filled && !mode.Stroke {
		return nil // it only clips
	}
	box := p.cornered(m, b.Left, b.Bottom, b.Right, b.Top)
	p.other(box)
	own, err := p.lib.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: o})
	if err != nil {
		return err
	}
	if filled && min(box.W, box.H) <= 3 && max(box.W, box.H) > 6 {
		p.rule(box)
		return nil
	}
	if max(box.W, box.H) < smallest {
		return nil
	}
	straight, err := p.edges(o, times(own.Matrix, m), box, mode.Stroke)
	if err == nil && !straight {
		p.drawn = append(p.drawn, pages.Picture{Box: box})
	}
	return err
}

func (p *sheetPage) rule(b pages.Box) {
	if len(p.rules) < pages.MaxRules {
		p.rules = append(p.rules, b)
	}
}

// edges takes the lines of a path as rules; false if it has others than
// upright and level ones, but for round corners.
func (p *sheetPage) edges(o references.FPDF_PAGEOBJECT, m structs.FPDF_FS_MATRIX, box pages.Box, stroked bool) (bool, error) {
	n, err := p.lib.FPDFPath_CountSegments(&requests.FPDFPath_CountSegments{PageObject: o})
	if err != nil {
		return false, err
	}
	const most = 64
	if n.Count > most {
		return false, nil
	}
	var x0, y0 float64
	var found []pages.Box
	corner := min(roundCorner, max(box.W, box.H)/3)
	for i := range n.Count {
		s, err := p.lib.FPDFPath_GetPathSegment(&requests.FPDFPath_GetPathSegment{PageObject: o, Index: i})
		if err != nil {
			return false, err
		}
		at, err := p.lib.FPDFPathSegment_GetPoint(&requests.FPDFPathSegment_GetPoint{PathSegment: s.PathSegment})
		if err != nil {
			return false, err
		}
		kind, err := p.lib.FPDFPathSegment_GetType(&requests.FPDFPathSegment_GetType{PathSegment: s.PathSegment})
		if err != nil {
			return false, err
		}
		x, y := through(m, at.X, at.Y)
		dx, dy := math.Abs(x-x0), math.Abs(y-y0)
		switch {
		case kind.Type == enums.FPDF_SEGMENT_MOVETO:
		case min(dx, dy) > 1 && max(dx, dy) > corner:
			return false, nil
		case min(dx, dy) <= 1 && max(dx, dy) > 6:
			found = append(found, p.box(x0, y0, x, y))
		}
		x0, y0 = x, y
	}
	if stroked {
		for _, f := range found {
			p.rule(f)
		}
	}
	return true, nil
}

// sight is where letters are seen: the page drawn with them and, as soon as one
// stands where something else may be drawn, without them.
type sight struct {
	page          *sheetPage
	with, without *image.RGBA
	scale         float64           // pixels to a point
	others        []image.Rectangle // pixels in which something else may be drawn
	mixed         bool              // something else may be drawn anywhere
	err           error
}

// look draws the page with its letters.
func (p *sheetPage) look() (*sight, error) {
	if len(p.texts) == 0 {
		return &sight{}, nil
	}
	with, white, err := p.drawAt(seenDPI, &p.with)
	if err != nil {
		return nil, err
	}
	// Annotations are drawn as well, and are no objects of the page.
	n, err := p.lib.FPDFPage_GetAnnotCount(&requests.FPDFPage_GetAnnotCount{Page: p.page})
	if err != nil {
		return nil, err
	}
	s := &sight{page: p, with: with, scale: float64(with.Rect.Dx()) / p.width}
	s.mixed = p.anywhere || !white || n.Count > 0
	for _, b := range p.others {
		const blurred = 2 // pixels: edges are smoothed
		s.others = append(s.others, s.pixels(b.X, b.Y, b.W, b.H).Inset(-blurred))
	}
	return s, nil
}

// bare draws the page without its letters. Their text is loaded by now: hidden
// ones would not be.
func (s *sight) bare() {
	p := s.page
	if s.err = p.hide(); s.err != nil {
		return
	}
	if s.without, _, s.err = p.drawAt(seenDPI, &p.without); s.err == nil && s.without.Rect != s.with.Rect {
		s.err = errSize
	}
}

// hide lets the letters be drawn no longer.
func (p *sheetPage) hide() error {
	if p.hidden {
		return nil
	}
	p.hidden = true
	for _, o := range p.texts {
		if _, err := p.lib.FPDFPageObj_SetIsActive(&requests.FPDFPageObj_SetIsActive{PageObject: o, Active: false}); err != nil {
			return err
		}
	}
	return nil
}

// drawAt draws the page, as fine as it may be, into pixels that may be used
// again; white reports whether it was white before.
func (p *sheetPage) drawAt(dpi int, into *[]byte) (own *image.RGBA, white bool, err error) {
	if most := int(math.Sqrt(maxSeen / (p.width * p.height / (72 * 72)))); most < dpi {
		dpi = max(most, 1)
	}
	r, err := p.lib.RenderPageInDPI(&requests.RenderPageInDPI{Page: p.page, DPI: dpi})
	if err != nil {
		return nil, false, err
	}
	defer r.Cleanup()
	drawn, ok := r.Result.RenderedImage.(*image.RGBA)
	if !ok || drawn.Rect.Empty() || drawn.Rect.Dx()*drawn.Rect.Dy() > 2*maxSeen {
		return nil, false, errSize
	}
	own = &image.RGBA{Stride: 4 * drawn.Rect.Dx(), Rect: image.Rect(0, 0, drawn.Rect.Dx(), drawn.Rect.Dy())}
	*into = slices.Grow((*into)[:0], own.Stride*own.Rect.Dy())[:own.Stride*own.Rect.Dy()]
	own.Pix = *into
	for y := range own.Rect.Dy() { // the library's memory ends with Cleanup
		copy(own.Pix[y*own.Stride:][:own.Stride], drawn.Pix[y*drawn.Stride:][:own.Stride])
	}
	return own, !r.Result.HasTransparency, nil
}

// pixels are those of a box on the page.
func (s *sight) pixels(x, y, w, h float64) image.Rectangle {
	return image.Rect(int(x*s.scale), int(y*s.scale), int(math.Ceil((x+w)*s.scale)), int(math.Ceil((y+h)*s.scale)))
}

// at reports whether letters are seen in a box.
func (s *sight) at(b pages.Box) bool {
	if s.with == nil || s.err != nil {
		return false
	}
	r := s.pixels(b.X+0.05*b.W, b.Y+0.1*b.H, 0.9*b.W, 0.8*b.H).Intersect(s.with.Rect)
	if s.without == nil && (s.mixed || slices.ContainsFunc(s.others, r.Overlaps)) {
		if s.bare(); s.err != nil {
			return false
		}
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		from, to := s.with.PixOffset(r.Min.X, y), s.with.PixOffset(r.Max.X, y)
		var below []byte
		if s.without != nil {
			below = s.without.Pix[from:to]
		}
		if differ(s.with.Pix[from:to], below) {
			return true
		}
	}
	return false
}

// differ reports whether one of the pixels is visibly another than that below
// it, which is white if there is none.
func differ(pixels, below []byte) bool {
	const faint = 40 // of all three colours together
	for i := 0; i+4 <= len(pixels); i += 4 {
		d := 0
		for k := i; k < i+3; k++ {
			was := 0xff
			if below != nil {
				was = int(below[k])
			}
			d += max(int(pixels[k])-was, was-int(pixels[k]))
		}
		if d > faint {
			return true
		}
	}
	return false
}

// pictures cuts what is seen of images and drawings out of the page, which
// has no letters from then on. Those that touch are one.
func (p *sheetPage) pictures() ([]pages.Picture, error) {
	list := merged(p.drawn)
	var kept []pages.Picture
	for _, d := range list {
		x, y := max(d.X, 0), max(d.Y, 0)
		d.W, d.H, d.X, d.Y = min(d.X+d.W, p.width)-x, min(d.Y+d.H, p.height)-y, x, y
		if d.W > 0 && d.H > 0 && (d.Image || max(d.W, d.H) >= smallest) {
			kept = append(kept, d)
		}
	}
	if len(kept) == 0 {
		return nil, nil
	}
	if err := p.hide(); err != nil {
		return nil, err
	}
	whole, _, err := p.drawAt(pictureDPI, new([]byte))
	if err != nil {
		return nil, err
	}
	scale := float64(whole.Rect.Dx()) / p.width
	for i := range kept {
		d := &kept[i]
		r := image.Rect(int(d.X*scale), int(d.Y*scale), int(math.Ceil((d.X+d.W)*scale)), int(math.Ceil((d.Y+d.H)*scale))).Intersect(whole.Rect)
		if r.Empty() {
			continue
		}
		var b bytes.Buffer
		if err := png.Encode(&b, whole.SubImage(r)); err != nil {
			return nil, err
		}
		if p.bytes+b.Len() > maxPNG {
			continue
		}
		p.bytes += b.Len()
		d.PNG, d.Width, d.Height = b.Bytes(), r.Dx(), r.Dy()
	}
	return kept, nil
}

// merged makes one of those that overlap or nearly touch.
func merged(list []pages.Picture) []pages.Picture {
	const gap = 4
	if len(list) > 5000 {
		whole := list[0]
		for i := range list {
			widen(&whole, &list[i])
		}
		return []pages.Picture{whole}
	}
	var out []pages.Picture
	for _, d := range list {
		for again := true; again; {
			again = false
			for i := range out {
				e := &out[i]
				if d.X-gap < e.X+e.W && e.X-gap < d.X+d.W && d.Y-gap < e.Y+e.H && e.Y-gap < d.Y+d.H {
					widen(&d, e)
					out = append(out[:i], out[i+1:]...)
					again = true
					break
				}
			}
		}
		out = append(out, d)
	}
	return out
}

func widen(d, by *pages.Picture) {
	right, bottom := max(d.X+d.W, by.X+by.W), max(d.Y+d.H, by.Y+by.H)
	d.X, d.Y = min(d.X, by.X), min(d.Y, by.Y)
	d.W, d.H, d.Image = right-d.X, bottom-d.Y, d.Image || by.Image
}
