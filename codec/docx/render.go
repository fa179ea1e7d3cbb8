package docx

import (
	"fmt"
	"strings"

	"tearline"
	"tearline/codec"
)

// individually is the line on a copy whose wording is its own.
const individually = "Individually worded copy: the wording differs from copy to copy."

// Render writes a page as a Word file. The same page gives the same bytes,
// whatever the machine. Paragraphs and ordered lists are numbered by the
// program that shows the file, as [codec.Page.Labels] numbers them. A page that
// [codec.Page.Check] refuses is an error, and so is one with a line, a form or
// a picture that cannot be shown as it is.
func Render(page codec.Page) ([]byte, error) {
	if err := page.CheckMarkup(); err != nil {
		return nil, fmt.Errorf("docx: %w", err)
	}
	w := writer{labels: page.Labels()}
	w.head(&page)
	for i := 0; i < len(page.Items); {
		if page.Items[i].Form.Shape == tearline.Cell {
			n, _, columns := codec.TableOf(page.Items[i:])
			if columns > maxColumns {
				return nil, fmt.Errorf("docx: item %d: a table of %d columns: Word shows at most %d", i+1, columns, maxColumns)
			}
			w.table(page.Items[i : i+n])
			i += n
			continue
		}
		w.item(&page.Items[i], w.labels[i])
		i++
	}
	w.foot(&page)
	b, err := pack(w.parts(&page))
	if err != nil {
		return nil, fmt.Errorf("docx: %w", err)
	}
	return b, nil
}

// A writer writes the body of a document.
type writer struct {
	body     strings.Builder
	labels   []string
	lists    lists
	pictures [][]byte
}

// head writes what stands above the items.
func (w *writer) head(p *codec.Page) {
	lines := []codec.Line{{Name: "Copy", Value: string(p.Copy)}, {Name: "For", Value: p.Recipient}, {Name: "Date", Value: p.Date}}
	for _, l := range lines {
		if l.Value != "" {
			w.line("Head", l, false)
		}
	}
	for _, l := range p.Head {
		w.line("Head", l, false)
	}
	if p.Individual {
		w.paragraph(paragraph{style: "Individual", runs: run(individually, face{})})
	}
	if p.Title != nil {
		w.paragraph(portion(p.Title, "Title"))
		w.below(p.Title)
	}
}

// foot writes what stands below the items.
func (w *writer) foot(p *codec.Page) {
	if len(p.Caveats) > 0 {
		w.paragraph(paragraph{style: "Caveats", runs: run("Caveats:", face{})})
		for _, c := range p.Caveats {
			w.paragraph(paragraph{style: "ListBullet", num: w.lists.bullet(), runs: text(c, nil), bidi: rightToLeft(c)})
		}
	}
	if len(p.Authority) > 0 {
		w.paragraph(paragraph{style: "Gap", keep: true})
	}
	for i, l := range p.Authority {
		w.line("Authority", l, i < len(p.Authority)-1)
	}
}

// line writes "Name: value".
func (w *writer) line(style string, l codec.Line, keep bool) {
	w.paragraph(paragraph{
		style: style, keep: keep,
		runs: run(l.Name+": ", face{bold: true}) + text(l.Value, nil),
	})
}

// item writes all that is not a cell.
func (w *writer) item(it *codec.Item, label string) {
	f := &it.Form
	p := portion(it, "Paragraph")
	switch f.Shape {
	case tearline.Heading:
		p.style = fmt.Sprintf("Heading%d", f.Level)
	case tearline.ListItem:
		p.level = f.Level - 1
		if p.style, p.num = "ListBullet", 0; f.Ordered {
			p.style, p.num = "ListNumber", w.lists.ordered(p.level, label == "1.")
		} else {
			p.num = w.lists.bullet()
		}
	case tearline.Note:
		p.style = "Note"
	case tearline.Figure:
		w.picture(f.Picture)
		p.style = "Caption"
	case tearline.Paragraph, tearline.Cell:
		if label != "" {
			p.style, p.num = "NumberedParagraph", w.lists.paragraph()
		}
	}
	w.paragraph(p)
	w.below(it)
}

// below writes the lines of small type under an item.
func (w *writer) below(it *codec.Item) {
	for _, s := range it.Below {
		w.paragraph(paragraph{style: "Below", runs: text(s, nil), bidi: rightToLeft(s)})
	}
}
