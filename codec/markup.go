package codec

import (
	"errors"
	"fmt"
	"strings"

	"tearline"
)

// maxCells bounds the cells of all tables together, the empty ones included: a
// table of two cells in far corners has millions.
const maxCells = 1 << 18

// CheckMarkup refuses a page that a Word file or a web page cannot show as it is:
// one that [Page.Check] refuses, with characters that markup cannot hold, or
// with tables that are not whole or larger than can be shown.
func (p *Page) CheckMarkup() error {
	if err := p.Check(); err != nil {
		return err
	}
	texts, items := p.lines(), p.Items
	if p.Title != nil {
		items = append([]Item{*p.Title}, items...)
	}
	for _, it := range items {
		texts = append(append(texts, it.Mark, it.Text), it.Below...)
	}
	for _, s := range texts {
		if err := markupLetters(s); err != nil {
			return err
		}
	}
	return p.tables()
}

// markupLetters refuses characters that XML and HTML cannot hold, and a return that ends no
// line.
func markupLetters(s string) error {
	if strings.Contains(strings.ReplaceAll(s, "\r\n", "\n"), "\r") {
		return errors.New("a carriage return that ends no line")
	}
	for _, r := range s {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return fmt.Errorf("character %U, which markup cannot hold", r)
		}
	}
	return nil
}

// tables refuses a table whose cells stand apart, and grids that are too large.
func (p *Page) tables() error {
	items := p.Items
	seen, cells := map[int]bool{}, 0
	for i := 0; i < len(items); i++ {
		f := &items[i].Form
		if f.Shape != tearline.Cell {
			continue
		}
		if seen[f.Table] {
			return fmt.Errorf("item %d: the cells of table %d do not follow each other", i+1, f.Table)
		}
		seen[f.Table] = true
		n, rows, columns := TableOf(items[i:])
		if cells += rows * columns; cells > maxCells {
			return fmt.Errorf("item %d: tables of more than %d cells, with those that are empty", i+1, maxCells)
		}
		i += n - 1
	}
	return nil
}

// TableOf returns of how many items the table consists that begins with the
// first of them, which is a cell, and how many rows and columns it has.
func TableOf(items []Item) (n, rows, columns int) {
	for n < len(items) && items[n].Form.Shape == tearline.Cell && items[n].Form.Table == items[0].Form.Table {
		rows, columns = max(rows, items[n].Form.Row), max(columns, items[n].Form.Column)
		n++
	}
	return n, rows, columns
}
