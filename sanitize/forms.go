package sanitize

import "tearline"

// forms returns how the items stand in the version. What is left must not show
// that something is missing: lists number themselves anew, tables lose the rows
// and columns that nothing is left of, and those that would have a hole become
// paragraphs; levels go down by one at a time.
func (v *Version) forms() []tearline.Form {
	out := make([]tearline.Form, len(v.items))
	for i := range v.items {
		it := &v.items[i]
		out[i] = it.portion.Form
		if it.Replaced {
			out[i].Styles, out[i].Picture = nil, nil
			if out[i].Shape == tearline.Figure {
				out[i].Shape = tearline.Paragraph
			}
		}
	}
	levels(out)
	kept := map[tearline.PortionID]int{}
	for i := range v.items {
		kept[v.items[i].Portion] = i
	}
	table := 0
	for from := 0; from < len(v.of.Portions); {
		f := &v.of.Portions[from].Form
		to := from + 1
		if f.Shape == tearline.Cell {
			for to < len(v.of.Portions) && v.of.Portions[to].Form.Table == f.Table {
				to++
			}
			if retable(v.of.Portions[from:to], kept, out, table+1) {
				table++
			}
		}
		from = to
	}
	return out
}

// levels has each heading at most one level below the one before it, and each
// item of a list likewise.
func levels(forms []tearline.Form) {
	heading, item := 0, 0
	for i := range forms {
		f := &forms[i]
		if f.Shape != tearline.ListItem {
			item = 0
		}
		switch f.Shape {
		case tearline.Heading:
			f.Level = min(f.Level, heading+1)
			heading = f.Level
		case tearline.ListItem:
			f.Level = min(f.Level, item+1)
			item = f.Level
		case tearline.Paragraph, tearline.Cell, tearline.Note, tearline.Figure:
		}
	}
}

// retable gives the cells of one table that are kept their places in a table of
// some number, and reports whether it remains one. Rows and columns without any
// go. If a cell is withheld where both its row and its column remain, the hole
// would show: all cells become paragraphs.
func retable(cells []tearline.Portion, kept map[tearline.PortionID]int, out []tearline.Form, number int) bool {
	rows, columns := map[int]int{}, map[int]int{} // as they were, and as they are
	for i := range cells {
		if _, ok := kept[cells[i].ID]; ok {
			rows[cells[i].Form.Row], columns[cells[i].Form.Column] = 0, 0
		}
	}
	if len(rows) == 0 {
		return false
	}
	renumber(rows)
	renumber(columns)
	whole := true
	for i := range cells {
		f := &cells[i].Form
		if _, ok := kept[cells[i].ID]; !ok && rows[f.Row] > 0 && columns[f.Column] > 0 {
			whole = false
		}
	}
	for i := range cells {
		at, ok := kept[cells[i].ID]
		if !ok {
			continue
		}
		f := &out[at]
		if whole {
			f.Table, f.Row, f.Column = number, rows[f.Row], columns[f.Column]
		} else {
			f.Shape, f.Table, f.Row, f.Column = tearline.Paragraph, 0, 0, 0
		}
	}
	return whole
}

// renumber gives the places that are there numbers from 1, in their order.
func renumber(places map[int]int) {
	most := 0
	for p := range places {
		most = max(most, p)
	}
	n := 0
	for p := 1; p <= most; p++ {
		if _, ok := places[p]; ok {
			n++
			places[p] = n
		}
	}
}
