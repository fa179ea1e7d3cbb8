package pdftext

import (
	"context"
	"time"

	"tearline/codec/article"
)

// Read runs the process within a time of the test's.
func Read(ctx context.Context, program, cache string, b []byte, limit time.Duration) (article.Pages, error) {
	var a Answer
	if err := asked(ctx, program, cache, Request{Text: true}, b, &a, limit); err != nil {
		return article.Pages{}, err
	}
	return a.Pages, a.Problem.Err()
}
