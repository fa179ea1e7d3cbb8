package docx

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"tearline/codec"
)

// table writes the cells of one table, each in its place; those that are not
// there are empty.
func (w *writer) table(cells []codec.Item) {
	_, rows, columns := codec.TableOf(cells)
	wide := widths(cells, columns)
	b := &w.body
	// Programs put the text of the first column, not its border, at the indent:
	// this one is the width of a cell's margin.
	fmt.Fprintf(b, `<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/><w:tblW w:w="%d" w:type="dxa"/><w:tblInd w:w="108" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`, textWidth)
	for _, n := range wide {
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, n)
	}
	b.WriteString(`</w:tblGrid>`)
	for row := 1; row <= rows; row++ {
		b.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
		for column := 1; column <= columns; column++ {
			fmt.Fprintf(b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>`, wide[column-1])
			if f := cells; len(f) > 0 && f[0].Form.Row == row && f[0].Form.Column == column {
				w.paragraph(portion(&f[0], "Cell"))
				w.below(&f[0])
				cells = f[1:]
			} else {
				w.paragraph(paragraph{style: "Cell"})
			}
			b.WriteString(`</w:tc>`)
		}
		b.WriteString(`</w:tr>`)
	}
	b.WriteString(`</w:tbl>`)
	// Two tables without a paragraph between them would be one.
	w.paragraph(paragraph{style: "Gap"})
}

// Characters that a column's width follows: one with less text is not
// narrower, one with more not wider.
const (
	leastWide = 8
	mostWide  = 48
)

// widths parts the text's width among the columns, by their longest texts.
func widths(cells []codec.Item, columns int) []int {
	out := make([]int, columns)
	for i := range out {
		out[i] = leastWide
	}
	for i := range cells {
		n := &out[cells[i].Form.Column-1]
		for line := range strings.SplitSeq(cells[i].Text, "\n") {
			*n = max(*n, min(utf8.RuneCountInString(cells[i].Mark)+1+utf8.RuneCountInString(line), mostWide))
		}
	}
	sum, left := 0, textWidth
	for _, n := range out {
		sum += n
	}
	for i, n := range out {
		out[i] = n * textWidth / sum
		left -= out[i]
	}
	out[columns-1] += left
	return out
}
