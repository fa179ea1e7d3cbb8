package hypertext

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tearline"
	"tearline/codec"
)

// check refuses a page that cannot be shown as it is.
func check(p *codec.Page) error {
	if err := p.Check(); err != nil {
		return err
	}
	if p.Title != nil {
		it := *p.Title
		if it.Mark == "" {
			it.Mark = "(-)" // a title may be without one, and is an item otherwise
		}
		title := codec.Page{Banner: p.Banner, Items: []codec.Item{it}}
		if err := title.Check(); err != nil {
			return fmt.Errorf("title: %w", err)
		}
		if s := it.Form.Shape; s != tearline.Paragraph && s != tearline.Heading {
			return fmt.Errorf("title: it is a %s", s)
		}
	}
	for _, s := range texts(p) {
		if err := letters(s); err != nil {
			return err
		}
	}
	return tables(p.Items)
}

// texts returns all texts of a page.
func texts(p *codec.Page) []string {
	all := slices.Concat([]string{p.Banner, string(p.Copy), p.Recipient, p.Date}, p.Caveats)
	for _, l := range slices.Concat(p.Head, p.Authority) {
		all = append(all, l.Name, l.Value)
	}
	items := p.Items
	if p.Title != nil {
		items = append([]codec.Item{*p.Title}, items...)
	}
	for i := range items {
		all = append(append(all, items[i].Mark, items[i].Text), items[i].Below...)
	}
	return all
}

// letters refuses characters that HTML cannot hold, and a return that ends no
// line.
func letters(s string) error {
	if strings.Contains(strings.ReplaceAll(s, "\r\n", "\n"), "\r") {
		return errors.New("a carriage return that ends no line")
	}
	for _, r := range s {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return fmt.Errorf("character %U, which a web page cannot hold", r)
		}
	}
	return nil
}

// tables refuses a table whose cells stand apart, and grids that are too large.
func tables(items []codec.Item) error {
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
		n := length(items[i:])
		rows, columns := grid(items[i : i+n])
		if cells += rows * columns; cells > maxCells {
			return fmt.Errorf("item %d: tables of more than %d cells, with those that are empty", i+1, maxCells)
		}
		i += n - 1
	}
	return nil
}

// length is how many of the items that begin with a cell are of its table.
func length(items []codec.Item) int {
	for n := range items {
		if f := &items[n].Form; f.Shape != tearline.Cell || f.Table != items[0].Form.Table {
			return n
		}
	}
	return len(items)
}

// grid returns how many rows and columns a table has.
func grid(cells []codec.Item) (rows, columns int) {
	for i := range cells {
		rows, columns = max(rows, cells[i].Form.Row), max(columns, cells[i].Form.Column)
	}
	return rows, columns
}
