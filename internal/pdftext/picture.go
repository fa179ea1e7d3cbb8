package pdftext

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"time"
)

// Sizes is what the process says before the pictures: of each, its page from 0,
// width and height in pixels. The pixels follow, a byte each, 0 black.
type Sizes struct {
	Problem Problem `json:"problem,omitempty"`
	// Pages is how many the file has.
	Pages int      `json:"pages"`
	Sizes [][3]int `json:"sizes"`
}

// A Picture is what a page looks like, in grey. Page counts from 0.
type Picture struct {
	Page  int
	Image *image.Gray
}

// maxPictures is how many bytes the pictures of one request may have.
const maxPictures = 256 << 20

// Pictures draws pages of a PDF as the [Request] says, and says how many pages
// the file has. Pages that it does not have, or that cannot be drawn, are left
// out. The program and the folder are those of [Reader].
func Pictures(ctx context.Context, program, cache string, b []byte, r Request) (pictures []Picture, pages int, err error) {
	return draw(ctx, program, cache, b, r, timeLimit)
}

func draw(ctx context.Context, program, cache string, b []byte, r Request, limit time.Duration) ([]Picture, int, error) {
	r.Text, r.Document = false, false
	out, err := run(ctx, program, cache, r, b, limit, maxPictures)
	if err != nil {
		return nil, 0, err
	}
	head, rest, _ := bytes.Cut(out, []byte{'\n'})
	var s Sizes
	if err := json.Unmarshal(head, &s); err != nil {
		return nil, 0, broken(err)
	}
	a := Answer{Problem: s.Problem}
	if err := a.Problem.Err(); err != nil {
		return nil, 0, err
	}
	if len(s.Sizes) > r.Count || s.Pages < 0 {
		return nil, 0, broken(fmt.Errorf("%d pictures of %d", len(s.Sizes), r.Count))
	}
	var list []Picture
	for _, size := range s.Sizes {
		page, w, h := size[0], size[1], size[2]
		if w < 1 || h < 1 || w > MaxPixels || h > MaxPixels/w || w*h > len(rest) {
			return nil, 0, broken(fmt.Errorf("a picture of %d × %d pixels", w, h))
		}
		list = append(list, Picture{page, &image.Gray{Pix: rest[: w*h : w*h], Stride: w, Rect: image.Rect(0, 0, w, h)}})
		rest = rest[w*h:]
	}
	if len(rest) > 0 {
		return nil, 0, broken(fmt.Errorf("%d bytes too many", len(rest)))
	}
	return list, s.Pages, nil
}
