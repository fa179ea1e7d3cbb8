// Package whole asks the process of package pdftext for all that a PDF holds:
// what its pages show, where and in what type, and what they do not. It is for
// PDFs that are to be filed as reports; it may not judge what it is told.
package whole

import (
	"context"

	"tearline/codec/pages"
	"tearline/internal/pdftext"
)

// An Answer is what the process says.
type Answer struct {
	Problem  pdftext.Problem `json:"problem,omitempty"`
	Document pages.Document  `json:"document"`
}

// Reader makes a reader of PDFs that are reports, as [pdftext.Reader] makes one
// of articles, with the same program and folder and within the same time.
func Reader(ctx context.Context, program, cache string) pages.Reader {
	ask := pdftext.Asker(ctx, program, cache)
	return func(b []byte) (pages.Document, error) {
		var a Answer
		if err := ask(pdftext.Request{Document: true}, b, &a); err != nil {
			return pages.Document{}, err
		}
		return a.Document, a.Problem.Err()
	}
}
