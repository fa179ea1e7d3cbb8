package pagepicture

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"io"

	"tearline/internal/pdftext"
)

// one decodes a picture, after a look at how large it says it is.
func one(b []byte, config func(io.Reader) (image.Config, error), decode func(io.Reader) (image.Image, error)) ([]Picture, error) {
	c, err := config(bytes.NewReader(b))
	if err != nil {
		return nil, refuse("a picture that is damaged", "save it anew", err)
	}
	if c.Width < 1 || c.Height < 1 || c.Width > MaxPixels/c.Height {
		return nil, refuse(fmt.Sprintf("a picture of %d × %d pixels", c.Width, c.Height), "make it smaller: 300 pixels to an inch are plenty", nil)
	}
	img, err := decode(bytes.NewReader(b))
	if err != nil {
		return nil, refuse("a picture that is damaged", "save it anew", err)
	}
	return []Picture{{Page: 1, Image: img}}, nil
}

// pages draws all pages of a PDF.
func pages(ctx context.Context, b []byte, draw Drawer) ([]Picture, error) {
	var out []Picture
	for first := 0; ; first += pdftext.MostPages {
		list, n, err := draw(ctx, b, pdftext.Request{First: first, Count: pdftext.MostPages, DPI: dpi})
		if err != nil {
			return nil, err
		}
		if n > MaxPages {
			return nil, refuse(fmt.Sprintf("a PDF of %d pages", n), fmt.Sprintf("take at most %d of them", MaxPages), nil)
		}
		for _, p := range list {
			out = append(out, Picture{Page: p.Page + 1, Image: p.Image})
		}
		if first+pdftext.MostPages >= n {
			break
		}
	}
	if len(out) == 0 {
		return nil, refuse("a PDF none of whose pages can be drawn", "save its pages as pictures", nil)
	}
	return out, nil
}
