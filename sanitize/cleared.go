package sanitize

import (
	"bytes"
	"fmt"
	"slices"

	"tearline"
	"tearline/codec"
)

// clear finds anew, from the decision and the report, what may be in the copy:
// the last look must not believe the version that the copy was made of. It
// returns what on the page is of another portion, or stands so that a gap
// shows.
func (l *look) clear() []error {
	v := l.version
	l.out = map[tearline.PortionID]bool{}
	var errs []error
	var pictures [][]byte
	cut, whole := v.cut(l.spec), true
	for i := range v.of.Portions {
		p := &v.of.Portions[i]
		key, wording := p.ID, p.Wording
		basis, ok := v.decision.May(key)
		if whole = whole && ok; ok && p.Form.Picture != nil {
			pictures = append(pictures, p.Form.Picture.PNG)
		}
		if !ok && p.Tear != nil {
			key, wording = tearline.TearOf(p.ID), p.Tear.Wording
			basis, ok = v.decision.May(key)
		}
		if !ok {
			continue
		}
		text, err := wording.Render(l.choices[key])
		if err != nil {
			errs = append(errs, fmt.Errorf("%w: portion %s in a wording of its own: %w", ErrSurvives, key, err))
		}
		verdict, _ := v.decision.Verdict(key)
		mark := v.effective(verdict.Marking, basis)
		if len(cut) > 0 {
			mark = v.without(mark, cut)
		}
		l.out[key] = true
		l.texts, l.marks = append(l.texts, text), append(l.marks, mark)
	}
	if l.titled = whole; whole && v.of.Title != "" {
		l.texts = slices.Insert(l.texts, 0, v.of.Title)
	}
	return append(errs, l.strangers(pictures)...)
}

// strangers are what on the page is of no portion that may go out.
func (l *look) strangers(pictures [][]byte) []error {
	var errs []error
	items := l.page.Items
	if l.page.Title != nil {
		items = append([]codec.Item{*l.page.Title}, items...)
	}
	for i := range items {
		it := &items[i]
		if it.Portion != "" && !l.out[it.Portion] {
			errs = append(errs, fmt.Errorf("%w: portion %s, which may not go out", ErrSurvives, it.Portion))
		}
		same := func(b []byte) bool { return bytes.Equal(b, it.Form.Picture.PNG) }
		if it.Form.Picture != nil && !slices.ContainsFunc(pictures, same) {
			errs = append(errs, fmt.Errorf("%w: the picture of portion %s", ErrSurvives, it.Portion))
		}
		if len(it.Below) > 0 {
			errs = append(errs, fmt.Errorf("%w: lines under portion %s, which no copy has", ErrSurvives, it.Portion))
		}
	}
	if len(l.page.Head) > 0 {
		errs = append(errs, fmt.Errorf("%w: lines at the head, which no copy has", ErrSurvives))
	}
	return slices.Concat(errs, gaps(l.page.Items), l.holes(items))
}

// holes are the tables of the page in which a cell is missing between others,
// because it may not go out.
func (l *look) holes(items []codec.Item) []error {
	cells := map[tearline.PortionID]bool{}
	for i := range items {
		id, _ := items[i].Portion.IsTear()
		cells[id] = items[i].Form.Shape == tearline.Cell
	}
	// The rows and columns of each table of the report that the page has.
	type line struct{ table, row, column int }
	there := map[line]bool{}
	portions := l.version.of.Portions
	for i := range portions {
		if f := &portions[i].Form; cells[portions[i].ID] {
			there[line{f.Table, f.Row, 0}], there[line{f.Table, 0, f.Column}] = true, true
		}
	}
	var errs []error
	for i := range portions {
		p := &portions[i]
		f := &p.Form
		if may := l.out[p.ID] || l.out[tearline.TearOf(p.ID)]; !may && there[line{f.Table, f.Row, 0}] && there[line{f.Table, 0, f.Column}] {
			errs = append(errs, fmt.Errorf("%w: a hole where portion %s was", ErrSurvives, p.ID))
		}
	}
	return errs
}

// gaps are the rows and columns of tables in which nothing stands: they would
// show that something did.
func gaps(items []codec.Item) []error {
	var errs []error
	for len(items) > 0 {
		n := 1
		if items[0].Form.Shape == tearline.Cell {
			var rows, columns int
			n, rows, columns = codec.TableOf(items)
			filled := map[[2]int]bool{}
			for i := range items[:n] {
				filled[[2]int{items[i].Form.Row, 0}], filled[[2]int{0, items[i].Form.Column}] = true, true
			}
			if len(filled) != rows+columns {
				errs = append(errs, fmt.Errorf("%w: a row or a column of table %d with nothing in it", ErrSurvives, items[0].Form.Table))
			}
		}
		items = items[n:]
	}
	return errs
}
