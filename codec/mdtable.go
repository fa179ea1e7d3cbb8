package codec

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"tearline"
)

// delimiterRow finds the second line of a table.
var delimiterRow = regexp.MustCompile(`^\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?$|^\|\s*:?-+:?\s*\|$`)

// table reads a paragraph that is a table, with each cell a portion, and
// reports whether it is one: a row of cells, a row of dashes, and rows, each
// on its line.
//
//	| (U) Place | (U) Date      |
//	|-----------|---------------|
//	| (S) Ostia | (C) 4 March   |
//
// A cell without text is empty, and no portion. "\|" is a stroke within one.
func (m *markdownReader) table(n ast.Node) bool {
	lines := segments(n)
	at := -1
	for i := range lines {
		if delimiterRow.MatchString(m.join(lines[i : i+1]).s) {
			at = i
			break
		}
	}
	if at < 0 {
		return false
	}
	if at != 1 || n.Kind() == ast.KindHeading {
		m.at(m.place(lines[at].Start), "leave a blank line before a table", "a row of dashes that is not the second line of a table")
		return true
	}
	m.tables++
	columns := len(m.cells(lines[1]))
	row := 0
	for i, line := range lines {
		if i == 1 {
			continue
		}
		row++
		cells := m.cells(line)
		if len(cells) != columns {
			m.at(m.place(line.Start), "", "a row of %d cells in a table of %d columns", len(cells), columns)
			continue
		}
		for k, cell := range cells {
			if cell.s != "" && !m.full {
				m.add(n, cell, tearline.Form{Shape: tearline.Cell, Table: m.tables, Row: row, Column: k + 1})
			}
		}
	}
	m.last = -1 // a quote below a table would speak of one cell alone
	return true
}

// cells parts a row.
func (m *markdownReader) cells(line text.Segment) []value {
	v := m.join([]text.Segment{line})
	s := strings.TrimPrefix(v.s, "|")
	from := len(v.s) - len(s)
	var out []value
	for i := from; i < len(v.s); i++ {
		switch {
		case v.s[i] == '\\' && i+1 < len(v.s) && v.s[i+1] == '|':
			i++
		case v.s[i] == '|' && !insidePoint(v.s[from:i]):
			out = append(out, v.cut(from, i))
			from = i + 1
		}
	}
	if strings.TrimSpace(v.s[from:]) != "" {
		out = append(out, v.cut(from, len(v.s)))
	}
	for i := range out {
		if strings.Contains(out[i].s, `\|`) {
			out[i].s = strings.ReplaceAll(out[i].s, `\|`, "|")
			out[i].spots = nil
		}
	}
	return out
}

// insidePoint reports whether a cell so far opens alternatives that do not end:
// the strokes between them part no cells.
func insidePoint(s string) bool {
	return strings.LastIndexByte(s, '{') > strings.LastIndexByte(s, '}')
}
