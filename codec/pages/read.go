package pages

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"

	"tearline"
	"tearline/codec/document"
	"tearline/codec/internal/sentence"
)

// Read makes blocks of a PDF: d is what a [Reader] found in raw. Its errors are
// *tearline.Error of kind Invalid, for files that cannot be read at all: those
// that are too large, and pages that are pictures of text. All else that a
// report cannot hold is in the reading's faults, each with its page.
func Read(d Document, raw []byte) (document.Reading, error) {
	if err := check(&d, raw); err != nil {
		return document.Reading{}, err
	}
	r := reading{doc: &d}
	if err := r.scans(); err != nil {
		return document.Reading{}, err
	}
	r.hidden()
	r.found(raw)
	r.compose()
	if len(r.out.Blocks) > document.MaxBlocks {
		return document.Reading{}, refuse(fmt.Sprintf("a PDF of more than %d paragraphs", document.MaxBlocks), "divide it")
	}
	return r.out, nil
}

func refuse(public, hint string) error {
	return &tearline.Error{Op: "pages.read", Kind: tearline.Invalid, Public: public, Hint: hint}
}

// check refuses what is too large, and numbers that are none.
func check(d *Document, raw []byte) error {
	runs, text, most := 0, 0, 0
	for i := range d.Sheets {
		s := &d.Sheets[i]
		runs, most = runs+len(s.Runs), max(most, len(s.Runs))
		if !finite(s.Width, s.Height) || s.Width < 1 || s.Height < 1 {
			s.Width, s.Height = 612, 792 // a page that cannot be read, and is a fault
		}
		text += s.tidy()
		s.Rules = slices.DeleteFunc(s.Rules, func(b Box) bool { return !b.sane() })
		s.Pictures = slices.DeleteFunc(s.Pictures, func(p Picture) bool { return !p.sane() })
		if len(s.Rules) > 2000 {
			s.Rules = s.Rules[:2000] // a drawing, not tables
		}
	}
	if len(raw) > document.MaxInput || len(d.Sheets) > MaxSheets || runs > MaxRuns || most > MaxOnPage || text > maxText || len(d.Found) > MaxFinds {
		return refuse(fmt.Sprintf("a PDF of %d pages and %d bytes, more than is read", len(d.Sheets), len(raw)), "divide it")
	}
	return nil
}

// tidy takes out runs without text, and moves those without a place to where
// they are a fault. It returns how many bytes of text there are.
func (s *Sheet) tidy() int {
	text := 0
	for k := range s.Runs {
		text += len(s.Runs[k].Text)
		s.Runs[k].Text = strings.ToValidUTF8(s.Runs[k].Text, "\ufffd")
	}
	s.Runs = slices.DeleteFunc(s.Runs, func(r Run) bool { return !r.sane() && strings.TrimSpace(r.Text) == "" })
	for k := range s.Runs {
		if r := &s.Runs[k]; !r.sane() {
			r.Box, r.Unseen = Box{}, true
		}
	}
	return text
}

func (b *Box) sane() bool { return finite(b.X, b.Y, b.W, b.H) && b.W >= 0 && b.H >= 0 }

func finite(list ...float64) bool {
	for _, f := range list {
		if math.IsNaN(f) || math.Abs(f) > 1e6 {
			return false
		}
	}
	return true
}

// reading is a document as it is read.
type reading struct {
	doc   *Document
	out   document.Reading
	shown string // what all pages say, in bare letters
	c     composer
	f     furniture
	paras []*para
}

func (r *reading) fault(page int, text, hint string) {
	where := ""
	if page > 0 {
		where = fmt.Sprintf("page %d", page)
	}
	r.faultAt(where, text, hint)
}

func (r *reading) faultAt(where, text, hint string) {
	const most = 1000
	f := tearline.Fault{Where: where, Text: text, Hint: hint}
	if len(r.out.Faults) < most && !slices.Contains(r.out.Faults, f) {
		r.out.Faults = append(r.out.Faults, f)
	}
}

func (r *reading) note(format string, args ...any) {
	const most = 1000
	n := fmt.Sprintf(format, args...)
	if len(r.out.Notes) < most && !slices.Contains(r.out.Notes, n) {
		r.out.Notes = append(r.out.Notes, n)
	}
}

// scans refuses pages that are pictures of text.
func (r *reading) scans() error {
	for i := range r.doc.Sheets {
		s := &r.doc.Sheets[i]
		whole := Box{W: s.Width, H: s.Height}
		covered := 0.0
		for k := range s.Pictures {
			if p := &s.Pictures[k]; p.Image {
				covered += p.shared(&whole)
			}
		}
		if covered < 0.5*s.Width*s.Height {
			continue
		}
		seen := slices.ContainsFunc(s.Runs, func(r Run) bool { return !r.Unseen })
		switch {
		case len(s.Runs) == 0:
			return refuse(fmt.Sprintf("page %d is a scan: it has no text layer", i+1), "run a text recognition over it, check and mark its text, and file that")
		case !seen:
			r.fault(i+1, "text recognised from a picture cannot be checked against it", "check and mark the text, and file that instead of the picture")
			s.Runs = nil
		}
	}
	return nil
}

// compose makes the blocks.
func (r *reading) compose() {
	lines := make([][]line, len(r.doc.Sheets))
	for i := range r.doc.Sheets {
		lines[i] = linesOf(&r.doc.Sheets[i], i)
	}
	r.f.count(r.doc, lines)
	r.c.sheets = r.doc.Sheets
	items := make([][]item, len(lines))
	var plain [][]line
	var heads, feet []document.Block
	between := 0.0
	for i := range lines {
		s := &r.doc.Sheets[i]
		head, body, foot := r.f.zones(s, lines[i])
		heads = append(heads, r.f.blocks(document.Header, i, head)...)
		feet = append(feet, r.f.blocks(document.Footer, i, foot)...)
		items[i] = itemsOf(s, body, &between)
		var ordered []line
		for _, it := range items[i] {
			if it.line != nil {
				ordered = append(ordered, *it.line)
			}
		}
		plain = append(plain, ordered)
	}
	if r.f.numbers {
		r.note("numbers of pages are left out")
	}
	r.c.learn(plain)
	for i := range items {
		r.references(i, items[i])
		r.page(i, items[i])
	}
	r.notesBehind()
	r.out.Blocks = append(r.out.Blocks, heads...)
	r.blocks()
	r.out.Blocks = append(r.out.Blocks, feet...)
}

// itemsOf puts what stands on a page in the order of reading. between is the
// corridor between the columns of the page before, and of this one after it; 0
// if there is none.
func itemsOf(s *Sheet, body []line, between *float64) []item {
	ruled, rest := grids(s, body)
	free, rest := unruled(rest)
	var items []item
	for _, t := range append(ruled, free...) {
		items = append(items, item{Box: t.Box, table: t})
	}
	for i := range s.Pictures {
		const least = 24 // points
		if p := &s.Pictures[i]; p.W >= least && p.H >= least && (p.W*p.H < 0.8*s.Width*s.Height || p.Image) {
			items = append(items, item{Box: p.Box, picture: p})
		}
	}
	for i := range rest {
		items = append(items, item{Box: rest[i].Box, line: &rest[i]})
	}
	before := *between
	*between, _ = corridor(items)
	return inOrder(items, before, 0)
}

// page makes paragraphs of what stands on a page, and goes on with the last of
// the page before.
func (r *reading) page(number int, items []item) {
	s := &r.doc.Sheets[number]
	from := notesFrom(s)
	tables := 0
	for i := range items {
		it := &items[i]
		switch {
		case it.table != nil:
			tables++
			r.cells(number, it.table)
		case it.picture != nil:
			r.paras = append(r.paras, &para{Box: it.Box, pic: it.picture, page: number})
		default:
			r.line(it.line, it.Y > from)
		}
	}
}

// references takes out of the lines of a page the raised numbers that its
// notes bear.
func (r *reading) references(number int, items []item) {
	from := notesFrom(&r.doc.Sheets[number])
	notes := map[string]bool{}
	for i := range items {
		if it := &items[i]; it.line != nil && it.Y > from {
			if m := strings.TrimSpace(noteMark.FindString(it.line.text)); m != "" {
				notes[m] = true
			}
		}
	}
	if len(notes) == 0 {
		return
	}
	for i := range items {
		it := &items[i]
		if it.line == nil || it.Y > from {
			continue
		}
		l := it.line
		l.spans = slices.DeleteFunc(l.spans, func(s span) bool {
			n := strings.TrimSpace(s.text)
			if s.raised && notes[n] {
				l.refs = append(l.refs, n)
			}
			return s.raised && notes[n]
		})
		l.finish()
	}
}

// notesBehind puts each note behind the paragraph that refers to it.
func (r *reading) notesBehind() {
	var out, notes []*para
	for _, p := range r.paras {
		if p.note && slices.ContainsFunc(r.paras, func(q *para) bool { return q.refers(p) }) {
			notes = append(notes, p)
			continue
		}
		out = append(out, p)
	}
	if len(notes) == 0 {
		return
	}
	r.paras = nil
	for _, p := range out {
		r.paras = append(r.paras, p)
		for _, n := range notes {
			if p.refers(n) {
				r.paras = append(r.paras, n)
			}
		}
	}
}

// refers reports whether a paragraph has the number of a note on its page.
func (p *para) refers(note *para) bool {
	return !p.note && p.end != nil && (p.page == note.page || p.end.page == note.page) &&
		slices.Contains(p.refs, strings.TrimSpace(noteMark.FindString(note.text)))
}

// line puts a line into the paragraph that it belongs to.
func (r *reading) line(l *line, note bool) {
	var p *para
	// Pictures, notes and furniture may stand between the parts of a paragraph.
	for k := len(r.paras) - 1; k >= 0 && k >= len(r.paras)-8; k-- {
		q := r.paras[k]
		if q.pic == nil && q.table == nil && (q.note == note || q.page == l.page) {
			p = q
			break
		}
		if q.page == l.page && q.table != nil {
			break
		}
	}
	far := p != nil && (p.end.page != l.page || l.Y < p.end.Y-p.end.H)
	if p == nil || p.note != note || r.c.begins(p, p.end, l, far) {
		p = r.c.paragraph(l)
		p.note = note
		r.paras = append(r.paras, p)
		return
	}
	r.c.add(p, l)
}

// cells makes paragraphs of a table's cells.
func (r *reading) cells(number int, t *table) {
	places := make([][2]int, 0, len(t.cells))
	for at := range t.cells {
		places = append(places, at)
	}
	slices.SortFunc(places, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	for _, at := range places {
		lines := t.cells[at]
		slices.SortStableFunc(lines, func(a, b line) int { return int(math.Round(a.bottom() - b.bottom())) })
		var p *para
		for i := range lines {
			l := &lines[i]
			l.page = number
			if p == nil || mark.MatchString(l.text) && sentence.Ends(p.text) {
				p = r.c.paragraph(l)
				p.table, p.row, p.column = t, at[0], at[1]
				r.paras = append(r.paras, p)
				continue
			}
			r.c.add(p, l)
		}
	}
}

// notesFrom is the height of the short rule above the notes of a page; below
// the page if there is none.
func notesFrom(s *Sheet) float64 {
	from := math.Inf(1)
	for i := range s.Rules {
		b := &s.Rules[i]
		if !s.short(b) {
			continue
		}
		alone := !slices.ContainsFunc(s.Rules, func(o Box) bool { return o.Y > b.Y+3 && o.Y < 0.93*s.Height })
		joins := slices.ContainsFunc(s.Rules, func(o Box) bool { // an edge of a cell
			return o.W <= 3 && o.H > 6 && o.X > b.X-4 && o.X < b.right()+4 && o.Y < b.Y+4 && o.bottom() > b.Y-4
		})
		if alone && !joins {
			from = b.Y
		}
	}
	return from
}

// short reports whether a rule is of the length and at the place of one above
// notes.
func (s *Sheet) short(b *Box) bool {
	return b.H <= 3 && b.W > 0.08*s.Width && b.W < 0.45*s.Width && b.X < 0.3*s.Width && b.Y > s.Height/2 && b.Y < 0.93*s.Height
}

// revisions counts the states that the file has been in. A file that is laid
// out for reading over a network has an end more, which points nowhere.
func revisions(raw []byte) int {
	n := 0
	for rest := raw; ; {
		i := bytes.Index(rest, []byte("startxref"))
		if i < 0 {
			return n
		}
		rest = rest[i+len("startxref"):]
		if f := bytes.Fields(rest[:min(len(rest), 40)]); len(f) > 0 && string(f[0]) != "0" {
			n++
		}
	}
}
