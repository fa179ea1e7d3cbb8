package copies

import (
	"fmt"

	"tearline"
	"tearline/codec"
	"tearline/codec/article"
	"tearline/codec/docx"
	"tearline/codec/hypertext"
	"tearline/codec/look"
	"tearline/codec/pdf"
	"tearline/leak/fingerprint"
	"tearline/sanitize"
)

// A FormatName names a way of writing copies.
type FormatName string

// The formats. Markdown is "" in what is stored.
const (
	Markdown FormatName = ""
	PDF      FormatName = "pdf"
	Word     FormatName = "docx"
	HTML     FormatName = "html"
)

// A Format is how copies are written, and read back by another path than the one
// that writes them. The zero Format is Markdown.
type Format struct {
	Name FormatName
	// Read reads a PDF in a process of its own; for PDFs alone.
	Read article.PDFReader
	// Fonts are TrueType fonts for letters in PDFs that the built-in ones lack.
	Fonts [][]byte
}

// Of is the format of one reader's copy. With secrets, the words of a PDF are
// shifted in a way of its own; nil leaves them in their places. How a PDF was
// set is kept in the copy's spec.
func (f Format) Of(s *Secrets, r fingerprint.Reader, c *Spec) (*sanitize.Format, error) {
	switch f.Name {
	case Markdown:
		return nil, nil //nolint:nilnil // nil is Markdown, for sanitize
	case Word:
		return &sanitize.Format{
			MediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Render: docx.Render, ReadBack: look.DOCX,
		}, nil
	case HTML:
		return &sanitize.Format{MediaType: "text/html; charset=utf-8", Render: hypertext.Render, ReadBack: look.HTML}, nil
	case PDF:
		c.Set = &Set{}
		return &sanitize.Format{
			MediaType: "application/pdf",
			Render:    func(p codec.Page) ([]byte, error) { return f.pdf(s, r, c.Set, p) },
			ReadBack:  func(b []byte) ([]string, error) { return look.PDF(b, f.shown) },
		}, nil
	}
	return nil, &tearline.Error{
		Op: "release", Kind: tearline.Invalid, Public: fmt.Sprintf("no copies are written as %q", f.Name), Hint: "known are md, docx, pdf and html",
	}
}

// pdf sets a page, and keeps how.
func (f Format) pdf(s *Secrets, r fingerprint.Reader, set *Set, p codec.Page) ([]byte, error) {
	if len(p.Items) > 0 {
		*set = setOf(p)
	}
	if s == nil {
		return pdf.Render(p, nil, f.Fonts...)
	}
	marks, err := s.shifts(p, r)
	if err != nil {
		return nil, err
	}
	return pdf.Render(p, marks, f.Fonts...)
}

// shown is what the pages of a PDF show.
func (f Format) shown(b []byte) ([]string, error) {
	pages, err := f.Read(b)
	if err != nil {
		return nil, err
	}
	return []string{pages.Title, pages.Author, textOf(pages)}, nil
}
