package pdfium

import (
	"encoding/json"
	"errors"
	"image"
	"io"
	"math"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"tearline/internal/pdftext"
)

// draw writes how large the pictures are, and the pictures.
func draw(lib pdfium.Pdfium, doc references.FPDF_DOCUMENT, ask pdftext.Request, out io.Writer) error {
	n, err := lib.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc})
	if err != nil {
		return err
	}
	head := pdftext.Sizes{Pages: n.PageCount}
	if n.PageCount > maxPages {
		head.Problem = pdftext.TooLong
		return json.NewEncoder(out).Encode(head)
	}
	var pictures []*image.Gray
	for i := ask.First; i < min(ask.First+ask.Count, n.PageCount); i++ {
		p, err := picture(lib, doc, i, ask.DPI)
		if err != nil {
			continue // one page that is damaged is no reason to lose the others
		}
		pictures = append(pictures, p)
		head.Sizes = append(head.Sizes, [3]int{i, p.Rect.Dx(), p.Rect.Dy()})
	}
	if err := json.NewEncoder(out).Encode(head); err != nil {
		return err
	}
	for _, p := range pictures {
		for y := range p.Rect.Dy() {
			if _, err := out.Write(p.Pix[y*p.Stride : y*p.Stride+p.Rect.Dx()]); err != nil {
				return err
			}
		}
	}
	return nil
}

var errSize = errors.New("a page without a size")

// picture draws a page in grey.
func picture(lib pdfium.Pdfium, doc references.FPDF_DOCUMENT, i, dpi int) (*image.Gray, error) {
	size, err := lib.FPDF_GetPageSizeByIndex(&requests.FPDF_GetPageSizeByIndex{Document: doc, Index: i})
	if err != nil {
		return nil, err
	}
	area := size.Width * size.Height / (72 * 72) // square inches
	if !(area > 0) || math.IsInf(area, 0) {
		return nil, errSize
	}
	if most := int(math.Sqrt(0.98 * pdftext.MaxPixels / area)); most < dpi {
		dpi = max(most, 1)
	}
	r, err := lib.RenderPageInDPI(&requests.RenderPageInDPI{
		Page: requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: i}},
		DPI:  dpi, ImageFormat: requests.RenderImageFormatGrayscale,
	})
	if err != nil {
		return nil, err
	}
	defer r.Cleanup()
	drawn, ok := r.Result.RenderedImage.(*image.Gray)
	if !ok || drawn.Rect.Empty() || drawn.Rect.Dx()*drawn.Rect.Dy() > pdftext.MaxPixels {
		return nil, errSize
	}
	own := image.NewGray(image.Rect(0, 0, drawn.Rect.Dx(), drawn.Rect.Dy()))
	for y := range own.Rect.Dy() { // the library's memory ends with Cleanup
		copy(own.Pix[y*own.Stride:][:own.Stride], drawn.Pix[y*drawn.Stride:][:own.Stride])
	}
	return own, nil
}
