package pages

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tearline"
	"tearline/codec/document"
)

// blocks makes blocks of the paragraphs: what each is in its report, and where.
func (r *reading) blocks() {
	r.captions()
	body := r.bodySize()
	levels := r.headings(body)
	items, counted := r.lists()
	tables := map[*table]int{}
	for _, p := range r.paras {
		if p.table != nil && tables[p.table] == 0 {
			tables[p.table] = len(tables) + 1
		}
	}
	count := map[int]int{}
	for _, p := range r.paras {
		b := document.Block{Text: strings.TrimSpace(p.text), Form: tearline.Form{Styles: p.styles}}
		switch {
		case p.pic != nil:
			count[p.page]++
			r.figure(p, &b, count[p.page])
			continue
		case p.table != nil:
			b.Form.Shape, b.Form.Table, b.Form.Row, b.Form.Column = tearline.Cell, tables[p.table], p.row+1, p.column+1
			b.Where = fmt.Sprintf("page %d, table %d, row %d, column %d", p.page+1, b.Form.Table, b.Form.Row, b.Form.Column)
			b.Text, b.Form.Styles = relabelled(p, b.Text)
		default:
			count[p.page]++
			b.Where = fmt.Sprintf("page %d, paragraph %d", p.page+1, count[p.page])
			r.shape(p, &b, body, levels, items, counted)
		}
		if b.Text == "" && p.label == "" {
			continue
		}
		if b.Text == "" { // a number alone is text of its own
			b.Text = p.label
		}
		if b.Form.Shape == tearline.Heading || p.bold {
			b.Form.Styles = plainOf(b.Form.Styles, b.Form.Shape == tearline.Heading)
		}
		b.Form.Styles = within(b.Form.Styles, len(b.Text))
		if err := r.fits(&b); err != nil {
			r.faultAt(b.Where, err.Error(), "divide the table or the document")
			continue
		}
		r.out.Blocks = append(r.out.Blocks, b)
	}
}

// fits refuses a form that no report can have.
func (r *reading) fits(b *document.Block) error {
	f := &b.Form
	if f.Table > tearline.MaxTables || f.Row > tearline.MaxRows || f.Column > tearline.MaxColumn {
		return fmt.Errorf("a table with more than %d rows or %d columns, or the last of more than %d", tearline.MaxRows, tearline.MaxColumn, tearline.MaxTables)
	}
	return nil
}

// shape says what a paragraph is.
func (r *reading) shape(p *para, b *document.Block, body float64, levels map[int]int, items []float64, counted bool) {
	f := &b.Form
	numbered := p.label != "" && !strings.ContainsAny(p.label, bullets) && p.label != "-"
	level, heading := levels[scale(p)]
	heading = heading && p.heading(body)
	switch {
	case p.note || r.small(p, body):
		f.Shape = tearline.Note
		if m := noteMark.FindString(b.Text); m != "" && p.label == "" {
			b.Text, f.Styles = drop(b.Text, f.Styles, len(m))
		}
	case heading:
		f.Shape, f.Level = tearline.Heading, level
		if numbered {
			b.Text, f.Styles = relabelled(p, b.Text)
		}
	case p.label == "":
	case numbered && counted && math.Abs(p.labelX-items[0]) < 6:
	default:
		f.Shape, f.Ordered, f.Level = tearline.ListItem, numbered, depth(p, items, counted)
	}
}

// depth is how deep an item stands in lists.
func depth(p *para, places []float64, counted bool) int {
	level := 1
	for i, x := range places {
		if p.labelX > x-6 {
			level = i + 1
		}
	}
	if counted && level > 1 {
		level-- // the first place is that of the paragraphs
	}
	return min(level, tearline.MaxLevel)
}

// small reports whether a paragraph is in small type at the foot of its page.
func (r *reading) small(p *para, body float64) bool {
	s := &r.doc.Sheets[p.page]
	return p.size < 0.88*body && p.Y > 0.6*s.Height && noteMark.MatchString(p.text)
}

// relabelled puts the label back before the text: that of a heading or a cell
// is part of what it says.
func relabelled(p *para, text string) (string, []tearline.Style) {
	if p.label == "" {
		return text, p.styles
	}
	styles := slices.Clone(p.styles)
	for i := range styles {
		styles[i].From += len(p.label) + 1
		styles[i].To += len(p.label) + 1
	}
	return strings.TrimSpace(p.label + " " + text), styles
}

// drop takes bytes off the beginning.
func drop(text string, styles []tearline.Style, n int) (string, []tearline.Style) {
	var out []tearline.Style
	for _, s := range styles {
		s.From, s.To = max(s.From-n, 0), s.To-n
		if s.To > s.From {
			out = append(out, s)
		}
	}
	return text[n:], out
}

// plainOf leaves out what is the type of the whole: the weight of a heading.
func plainOf(styles []tearline.Style, heading bool) []tearline.Style {
	var out []tearline.Style
	for _, s := range styles {
		s.Bold = s.Bold && !heading
		if s.Bold || s.Italic || s.Underline {
			out = append(out, s)
		}
	}
	return out
}

// within cuts stretches to a text.
func within(styles []tearline.Style, n int) []tearline.Style {
	var out []tearline.Style
	for _, s := range styles {
		if s.To = min(s.To, n); s.From < s.To {
			out = append(out, s)
		}
	}
	return out
}

// scale is the size of a paragraph's type in steps of half a point.
func scale(p *para) int { return int(math.Round(2 * p.size)) }

// bodySize is the size in which most letters are set.
func (r *reading) bodySize() float64 {
	n := map[int]int{}
	for _, p := range r.paras {
		n[scale(p)] += len(p.text)
	}
	best := 0
	for k, v := range n {
		if best == 0 || v > n[best] || v == n[best] && k < best {
			best = k
		}
	}
	return float64(best) / 2
}

// heading reports whether a paragraph is set as one: in larger type, or bold
// throughout, and short.
func (p *para) heading(body float64) bool {
	const most = 240 // letters
	large := p.size >= 1.15*body
	return p.pic == nil && p.table == nil && !p.note && p.lines <= 3 && utf8.RuneCountInString(p.text) <= most && (large || p.bold && p.size > 0.9*body)
}

// headings are the levels of headings by the size of their type.
func (r *reading) headings(body float64) map[int]int {
	var sizes []int
	for _, p := range r.paras {
		if p.heading(body) {
			sizes = append(sizes, scale(p))
		}
	}
	slices.Sort(sizes)
	slices.Reverse(sizes)
	out := map[int]int{}
	level, last := 0, 0
	for _, s := range sizes {
		if level == 0 || float64(last) > 1.04*float64(s) {
			level, last = min(level+1, tearline.MaxLevel), s
		}
		if out[s] == 0 {
			out[s] = level
		}
	}
	return out
}

// lists returns the places of labels, from the left, and whether the numbers at
// the first of them count the paragraphs of the document.
func (r *reading) lists() (places []float64, counted bool) {
	left := math.Inf(1)
	for _, p := range r.paras {
		if !p.running() {
			continue
		}
		left = min(left, p.X)
		if p.label != "" {
			places = append(places, p.labelX)
		}
	}
	slices.Sort(places)
	places = slices.CompactFunc(places, func(a, b float64) bool { return math.Abs(b-a) < 6 })
	if len(places) == 0 || places[0] > left+6 {
		return places, false
	}
	next := 1
	for _, p := range r.paras {
		if p.label == "" || !p.running() || math.Abs(p.labelX-places[0]) >= 6 {
			continue
		}
		n, err := strconv.Atoi(strings.Trim(p.label, "(.)"))
		if err != nil || n != next || !mark.MatchString(strings.TrimSpace(p.text)) {
			return places, false
		}
		next++
	}
	return places, next > 1
}

// running reports whether a paragraph is running text.
func (p *para) running() bool { return p.pic == nil && p.table == nil && !p.note && p.lines > 0 }

// captions finds the text below each picture that belongs to it.
func (r *reading) captions() {
	body := r.bodySize()
	for i := 0; i < len(r.paras); i++ {
		p := r.paras[i]
		if p.pic == nil || i+1 >= len(r.paras) {
			continue
		}
		q := r.paras[i+1]
		near := q.running() && q.page == p.page && q.Y > p.bottom()-4 && q.Y-p.bottom() < 2.5*max(q.size, body)
		if near && q.label == "" && (mark.MatchString(q.text) || q.lines <= 6 && (q.size < 0.93*body || strings.HasPrefix(q.text, "Figure"))) {
			p.text, p.styles, p.lines = q.text, q.styles, 0
			r.paras = slices.Delete(r.paras, i+1, i+2)
		}
	}
}

// figure makes a block of a picture, or tells what it lacks.
func (r *reading) figure(p *para, b *document.Block, n int) {
	s := &r.doc.Sheets[p.page]
	b.Where = fmt.Sprintf("page %d, picture %d", p.page+1, n)
	switch {
	case p.pic.W*p.pic.H >= 0.8*s.Width*s.Height:
		r.faultAt(b.Where, "a picture behind the whole page", "make the PDF anew without it")
	case len(p.pic.PNG) == 0 || p.pic.Width < 1 || p.pic.Height < 1:
		r.faultAt(b.Where, "a picture that is too large to be kept", "make it smaller")
	case b.Text == "":
		r.faultAt(b.Where, "a picture without a caption", "put a marked caption right below it")
	default:
		b.Form.Shape = tearline.Figure
		b.Form.Picture = &tearline.Picture{PNG: p.pic.PNG, Width: p.pic.Width, Height: p.pic.Height}
		r.out.Blocks = append(r.out.Blocks, *b)
	}
}
