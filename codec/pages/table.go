package pages

import (
	"math"
	"slices"
)

// A table is a grid of cells on one page.
type table struct {
	Box
	rows, columns []float64 // the upper edges, the left edges
	cells         map[[2]int][]line
}

// put puts a line into its cell.
func (t *table) put(l line) {
	at := [2]int{last(t.rows, l.Y+l.H/2), last(t.columns, l.X+2)}
	t.cells[at] = append(t.cells[at], l)
}

// last is the last of the edges that is not behind a place.
func last(edges []float64, at float64) int {
	n, _ := slices.BinarySearch(edges, at)
	return max(n-1, 0)
}

// grids finds the tables that are ruled on all sides, and takes the lines in
// them out of the list.
func grids(s *Sheet, lines []line) (tables []*table, rest []line) {
	const touch = 3
	groups := slices.Clone(s.Rules)
	groups = slices.DeleteFunc(groups, func(b Box) bool { return b.W > 3 && b.H > 3 })
	// Rules that touch, directly or through others, make one grid.
	var merged [][]Box
	for _, b := range groups {
		group := []Box{b}
		merged = slices.DeleteFunc(merged, func(g []Box) bool {
			if !slices.ContainsFunc(g, func(c Box) bool {
				return b.X-touch < c.right() && c.X-touch < b.right() && b.Y-touch < c.bottom() && c.Y-touch < b.bottom()
			}) {
				return false
			}
			group = append(group, g...)
			return true
		})
		merged = append(merged, group)
	}
	for _, g := range merged {
		if t := gridOf(g); t != nil {
			tables = append(tables, t)
		}
	}
	for _, l := range lines {
		i := slices.IndexFunc(tables, func(t *table) bool {
			return l.X > t.X-touch && l.X < t.right() && l.Y+l.H/2 > t.Y && l.Y+l.H/2 < t.bottom()
		})
		if i < 0 {
			rest = append(rest, l)
			continue
		}
		tables[i].put(l)
	}
	tables = slices.DeleteFunc(tables, func(t *table) bool { return len(t.cells) == 0 })
	return tables, rest
}

// gridOf makes a table of rules that touch; nil if they make no more than one
// cell.
func gridOf(rules []Box) *table {
	t := &table{Box: rules[0], cells: map[[2]int][]line{}}
	for _, r := range rules {
		t.join(r)
		if r.H <= 3 && r.W > 6 {
			t.rows = append(t.rows, r.Y)
		}
		if r.W <= 3 && r.H > 6 {
			t.columns = append(t.columns, r.X)
		}
	}
	t.rows, t.columns = edges(t.rows), edges(t.columns)
	if len(t.rows) < 2 || len(t.columns) < 2 || (len(t.rows)-1)*(len(t.columns)-1) < 2 {
		return nil
	}
	return t
}

// edges sorts places, and makes one of those that are as good as the same.
func edges(list []float64) []float64 {
	slices.Sort(list)
	return slices.CompactFunc(list, func(a, b float64) bool { return math.Abs(a-b) < 5 })
}

// unruled finds the tables without rules: rows in which several cells, each
// with a mark, begin at one height, at places that the next row has as well.
func unruled(lines []line) (tables []*table, rest []line) {
	used := make([]bool, len(lines))
	for i := 0; i < len(lines); {
		t, n := tableAt(lines, i)
		if t == nil {
			i++
			continue
		}
		for k := i; k < i+n; k++ {
			used[k] = true
		}
		tables = append(tables, t)
		i += n
	}
	for i, l := range lines {
		if !used[i] {
			rest = append(rest, l)
		}
	}
	return tables, rest
}

// tableAt takes the table that begins with a line, and how many lines it has.
func tableAt(lines []line, i int) (*table, int) {
	t := &table{Box: lines[i].Box, columns: rowAt(lines, i), cells: map[[2]int][]line{}}
	if len(t.columns) < 2 {
		return nil, 0
	}
	end := i
	for end < len(lines) {
		l := &lines[end]
		at := slices.IndexFunc(t.columns, func(x float64) bool { return math.Abs(x-l.X) < 4 })
		if at < 0 || l.Y > t.bottom()+2*l.H || at == 0 && mark.MatchString(l.text) && len(rowAt(lines, end)) < 2 || !t.take(l, at) {
			break
		}
		end++
	}
	if len(t.rows) < 2 {
		return nil, 0
	}
	return t, end - i
}

// take puts a line at one of the columns into its cell; false if it is not of
// the table.
func (t *table) take(l *line, at int) bool {
	marked := mark.MatchString(l.text)
	if at == 0 && marked {
		t.rows = append(t.rows, l.Y-1)
	}
	cell := [2]int{len(t.rows) - 1, at}
	if cell[0] < 0 || !marked && len(t.cells[cell]) == 0 {
		return false
	}
	t.cells[cell] = append(t.cells[cell], *l)
	t.join(l.Box)
	return true
}

// rowAt returns where the cells of a row begin that begins with a line: marked
// lines at one height, in the order of the file, with no more than the wrapped
// lines of a cell between.
func rowAt(lines []line, i int) []float64 {
	const most = 64
	var at []float64
	for k := i; k < len(lines) && k < i+most; k++ {
		l := &lines[k]
		switch marked := mark.MatchString(l.text); {
		case marked && math.Abs(l.Y-lines[i].Y) < 0.4*l.H && (len(at) == 0 || l.X > at[len(at)-1]+l.H):
			at = append(at, l.X)
		case !marked && len(at) > 0 && math.Abs(l.X-at[len(at)-1]) < 4 && l.Y > lines[k-1].Y && l.Y < lines[k-1].bottom()+l.H:
		default:
			return at
		}
	}
	return at
}
