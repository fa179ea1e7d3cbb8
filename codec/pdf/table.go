package pdf

import (
	"math"
	"slices"

	"tearline/codec"
)

// table sets the cells of a table, row by row. Rows and columns without a cell
// are not there: a gap would say that there was something. If it fails, n is
// the index of the item that is at fault.
func (c *composer) table(items []codec.Item, first int) (n int, err error) {
	var columns []int
	for i := range items {
		columns = append(columns, items[i].Form.Column)
	}
	slices.Sort(columns)
	columns = slices.Compact(columns)
	for part := range slices.Chunk(columns, maxColumns) {
		if n, err := c.band(items, first, part); err != nil {
			return n, err
		}
	}
	return 0, nil
}

// band sets some columns of a table.
func (c *composer) band(items []codec.Item, first int, columns []int) (n int, err error) {
	edges, n, err := c.widths(items, first, columns)
	if err != nil {
		return n, err
	}
	c.y = c.under() + gap
	for from := 0; from < len(items); {
		end := from
		row := make([][]SetLine, len(columns))
		for end < len(items) && items[end].Form.Row == items[from].Form.Row {
			if k := slices.Index(columns, items[end].Form.Column); k >= 0 {
				lines, err := c.cell(items[end], first+end, edges[k]+cellPad, edges[k+1]-cellPad)
				if err != nil {
					return first + end, err
				}
				row[k] = append(row[k], lines...)
			}
			end++
		}
		if err := c.row(row, edges); err != nil {
			return first + from, err
		}
		from = end
	}
	c.y -= descent // to the line's own height
	return 0, nil
}

// cell breaks a cell into its lines.
func (c *composer) cell(it codec.Item, index int, left, right float64) ([]SetLine, error) {
	p, lines, err := c.broken(it, index, "", func(p *Paragraph) { p.box, p.left, p.right = left, left, right })
	if err != nil {
		return nil, err
	}
	var out []SetLine
	for i := range lines {
		out = append(out, p.line(&lines[i]))
	}
	for _, text := range it.Below {
		lines, err := c.lines(text, smallSize, left, right, 0)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			out = append(out, SetLine{Size: smallSize, Item: Frame, Words: l.Words, visual: l.visual})
		}
	}
	return out, nil
}

// widths divides the width of the page among columns: each has what its longest
// line needs if there is room for all, otherwise at least its longest word, or
// its equal share if it needs that, and a part of the rest.
func (c *composer) widths(items []codec.Item, first int, columns []int) (edges []float64, n int, err error) {
	const left, all = margin, pageWidth - 2*margin
	wish, need := make([]float64, len(columns)), make([]float64, len(columns))
	for i := range columns {
		wish[i], need[i] = minColumn, minColumn
	}
	for i, it := range items {
		k := slices.Index(columns, it.Form.Column)
		if k < 0 {
			continue
		}
		lines, err := c.cell(it, first+i, 0, math.MaxInt32)
		if err != nil {
			return nil, first + i, err
		}
		for _, l := range lines {
			line := Line{Words: l.Words}
			_, w := line.extent()
			wish[k] = math.Max(wish[k], w+2*cellPad+0.1)
			for _, word := range l.Words {
				need[k] = math.Max(need[k], math.Min(word.Width, all/2)+2*cellPad+0.1)
			}
			need[k] = math.Max(need[k], math.Min(wish[k], all/float64(len(columns))))
		}
	}
	wishes, needs := sum(wish), sum(need)
	widths := wish
	switch {
	case wishes <= all:
	case needs <= all:
		for i := range widths {
			widths[i] = need[i] + (all-needs)*(wish[i]-need[i])/(wishes-needs)
		}
	default:
		least := minColumn * float64(len(columns))
		for i := range widths {
			widths[i] = minColumn + (all-least)*(need[i]-minColumn)/(needs-least)
		}
	}
	edges = []float64{left}
	for i := range widths {
		edges = append(edges, edges[i]+widths[i])
	}
	return edges, 0, nil
}

func sum(list []float64) (total float64) {
	for _, v := range list {
		total += v
	}
	return total
}

// row sets a row. It is kept together, unless no sheet has room for it: then it
// goes on. Its top is at c.y.
func (c *composer) row(cells [][]SetLine, edges []float64) error {
	most := 0
	for i := range cells {
		most = max(most, len(cells[i]))
	}
	foot := c.bottom + descent
	high := func(lines int) float64 { return float64(lines)*cellLead + cellPad }
	for at := 0; at < most; {
		n := int((foot - c.y - cellPad) / cellLead)
		if n < most-at && (n < 1 || high(most) <= foot-c.top+ascent && at == 0) {
			if err := c.sheet(); err != nil {
				return err
			}
			c.y = c.top - ascent
			continue
		}
		n = min(n, most-at)
		s := c.last()
		for i := range cells {
			s.box(edges[i], c.y, edges[i+1], c.y+high(n))
			for k := at; k < min(at+n, len(cells[i])); k++ {
				line := cells[i][k]
				line.Y = c.y + float64(k-at+1)*cellLead - descent/2 + 0.5
				s.Lines = append(s.Lines, line)
			}
		}
		c.y += high(n)
		at += n
	}
	return nil
}
