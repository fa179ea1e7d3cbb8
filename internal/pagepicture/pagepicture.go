// Package pagepicture makes pictures of pages of whatever a leak arrives in: a
// photograph or a scan as PNG or JPEG, or a PDF, be it one of ours or a scan in
// that form. A PDF is drawn by the process of package pdftext.
//
// What a file is, its bytes decide, never its name. How large a picture is, is
// known before it is decoded, and what is too large, or has too many pages, is
// refused with what to do about it. The package reads no text and judges
// nothing: package leak/fingerprint/layout reads where the words stand.
package pagepicture

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"

	"tearline"
	"tearline/internal/pdftext"
)

// Limits.
const (
	// MaxFile is the largest file, in bytes.
	MaxFile = 64 << 20
	// MaxPixels is the most pixels of one picture.
	MaxPixels = pdftext.MaxPixels
	// MaxPages is the most pages of a PDF.
	MaxPages = 64

	dpi = 220 // of a PDF's pages
)

// A Picture is what one page looks like. Page counts from 1; that of a PNG or a
// JPEG is 1.
type Picture struct {
	Page  int
	Image image.Image
}

// A Drawer draws pages of a PDF, as [pdftext.Pictures] does.
type Drawer func(ctx context.Context, b []byte, r pdftext.Request) (pictures []pdftext.Picture, pages int, err error)

// Child draws in a process of its own: program and cache are those of
// [pdftext.Reader].
func Child(program, cache string) Drawer {
	return func(ctx context.Context, b []byte, r pdftext.Request) ([]pdftext.Picture, int, error) {
		return pdftext.Pictures(ctx, program, cache, b, r)
	}
}

// Is reports whether a file is one that Read makes pictures of.
func Is(b []byte) bool { return kindOf(b) != none }

// A kind is what a file is.
type kind int

const (
	none kind = iota
	pngFile
	jpegFile
	pdfFile
)

func kindOf(b []byte) kind {
	switch {
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return pngFile
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return jpegFile
	case bytes.Contains(b[:min(len(b), 1024)], []byte("%PDF-")):
		return pdfFile
	}
	return none
}

// Read makes pictures of a file, page by page. Pages of a PDF that cannot be
// drawn are left out. Errors are [tearline.Error]s of kind Invalid, or the
// context's.
func Read(ctx context.Context, b []byte, draw Drawer) ([]Picture, error) {
	if len(b) > MaxFile {
		return nil, refuse(fmt.Sprintf("a file of more than %d MiB", MaxFile>>20), "divide it", nil)
	}
	switch kindOf(b) {
	case pngFile:
		return one(b, png.DecodeConfig, png.Decode)
	case jpegFile:
		return one(b, jpeg.DecodeConfig, jpeg.Decode)
	case pdfFile:
		return pages(ctx, b, draw)
	case none:
	}
	return nil, refuse("neither a PNG, nor a JPEG, nor a PDF", "save the picture as PNG", nil)
}

func refuse(what, hint string, err error) *tearline.Error {
	return &tearline.Error{Op: "picture", Kind: tearline.Invalid, Public: what, Hint: hint, Err: err}
}
