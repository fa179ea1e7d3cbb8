package match

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tearline"
	"tearline/leak/match/internal/letters"
	"tearline/leak/match/internal/table"
)

// A row is one node of a portion's lattice of words: either a token, or a
// junction at which the alternatives of a point meet again. Every path from
// the first row to the last is one wording of the portion.
type row struct {
	token
	stem uint64
	id   int // of the stem in the leak, or -1
	from int // the row before; the first of ins for a junction
	// ins are all the rows that a junction joins; nil for a token.
	ins  []int
	glue bool // the row before is the token before in the same text
	// point is true within alternatives.
	point bool
}

// A lattice is a portion, or a piece of one, as words with alternatives.
// Row 0 is the start, a junction that joins nothing.
type lattice struct {
	rows   []row
	pieces []piece
}

// A piece is the letters of one segment, as ranges in the folder's buffer: one
// of fixed text, one for each alternative of a point.
type piece [][2]int

// A unit is a piece of a portion that is searched and aligned as one.
type unit struct{ segs []part }

// A part is fixed text or a point. Unlike in [tearline.Segment], a point
// takes in the parts of words that touch it, so that no word straddles its
// border.
type part struct {
	text         string
	alternatives []string
	start, end   int
}

// Bounds of a unit, in bytes of source. Long portions are cut at the end of a
// sentence, else of a word, so that the cost of aligning stays linear.
const (
	unitGoal = 1 << 10
	unitMost = 2 << 10
)

// units cuts a wording.
func units(w tearline.Wording) []unit {
	segs := widen(w.Segments())
	if len(w.Source()) <= unitMost {
		return []unit{{segs}}
	}
	var c cutter
	for _, s := range segs {
		switch {
		case s.alternatives == nil:
			c.text(s)
		case s.end-s.start > unitMost:
			c.huge(s)
		default:
			c.add(s)
		}
	}
	c.end()
	return c.units
}

// A cutter gathers segments into units.
type cutter struct {
	units []unit
	cur   unit
	size  int
}

func (c *cutter) end() {
	if len(c.cur.segs) > 0 {
		c.units = append(c.units, c.cur)
		c.cur, c.size = unit{}, 0
	}
}

// add takes a segment whole.
func (c *cutter) add(s part) {
	c.cur.segs = append(c.cur.segs, s)
	if c.size += s.end - s.start; c.size > unitGoal && s.alternatives != nil {
		c.end()
	}
}

// text takes fixed text, cut where it must be.
func (c *cutter) text(s part) {
	for c.size+len(s.text) > unitMost {
		n := cut(s.text, max(unitGoal-c.size, 1), max(unitMost-c.size, 1))
		c.add(part{text: s.text[:n], start: s.start, end: s.start + n})
		s.text, s.start = s.text[n:], s.start+n
		c.end()
	}
	c.add(s)
}

// huge takes a point that is longer than a unit: each alternative by itself.
func (c *cutter) huge(s part) {
	for _, a := range s.alternatives {
		for a != "" {
			c.end()
			n := cut(a, unitGoal, unitMost)
			c.cur.segs = append(c.cur.segs, part{alternatives: []string{a[:n]}, start: s.start, end: s.end})
			a = a[n:]
		}
	}
	c.end()
}

// cut returns where to cut s: after the last sentence that ends in [goal,
// most), else after the last word, else at most.
func cut(s string, goal, most int) int {
	if most >= len(s) {
		return len(s)
	}
	if i := strings.LastIndexAny(s[goal-1:most], ".!?\n"); i >= 0 && goal+i < len(s) && s[goal+i] == ' ' {
		return goal + i
	}
	if i := strings.LastIndexByte(s[:most], ' '); i > 0 {
		return i + 1
	}
	for most > 1 && !utf8.RuneStart(s[most]) {
		most--
	}
	return most
}

// widen moves the parts of words that touch a point into its alternatives:
// "colo{u|}r" becomes "{colour|color}". Points that touch each other stay as
// they are; there a word may count as several.
func widen(in []tearline.Segment) []part {
	out := make([]part, 0, len(in))
	for _, s := range in {
		out = append(out, part{s.Text, s.Alternatives, s.Start, s.End})
	}
	for i := range out {
		if out[i].alternatives == nil {
			continue
		}
		if i > 0 && out[i-1].alternatives == nil && out[i-1].end == out[i].start {
			widenLeft(&out[i-1], &out[i])
		}
		if i+1 < len(out) && out[i+1].alternatives == nil && out[i+1].start == out[i].end {
			widenRight(&out[i], &out[i+1])
		}
	}
	return out
}

func widenLeft(fixed, point *part) {
	n := len(fixed.text) - len(strings.TrimRightFunc(fixed.text, wordRune))
	if n == 0 || n > maxToken {
		return
	}
	at := len(fixed.text) - n
	prefixed := make([]string, len(point.alternatives))
	for i, a := range point.alternatives {
		prefixed[i] = fixed.text[at:] + a
	}
	point.alternatives, point.start = prefixed, point.start-n
	fixed.text, fixed.end = fixed.text[:at], fixed.end-n
}

func widenRight(point, fixed *part) {
	n := len(fixed.text) - len(strings.TrimLeftFunc(fixed.text, wordRune))
	if n == 0 || n > maxToken {
		return
	}
	suffixed := make([]string, len(point.alternatives))
	for i, a := range point.alternatives {
		suffixed[i] = a + fixed.text[:n]
	}
	point.alternatives, point.end = suffixed, point.end+n
	fixed.text, fixed.start = fixed.text[n:], fixed.start+n
}

func wordRune(r rune) bool {
	return unicode.In(r, unicode.L, unicode.N, unicode.M) || letters.Invisible(r)
}

// A reader makes the lattice of one unit after the other, in the same memory.
type reader struct {
	folder  folder
	stemmer *stemmer
	stems   *table.Table // the leak's
	lattice
}

// read makes the lattice of u.
func (r *reader) read(u unit) {
	r.folder.reset()
	r.rows, r.pieces = append(r.rows[:0], row{ins: []int{}, id: -1}), r.pieces[:0]
	for i := range u.segs {
		s := &u.segs[i]
		at := len(r.rows) - 1
		if s.alternatives != nil {
			r.readPoint(at, s)
			continue
		}
		toks, run := r.fold(s.text, s.start)
		r.add(at, toks, nil)
		r.pieces = append(r.pieces, piece{run})
	}
}

// fold returns the tokens of a text, and where their letters are.
func (r *reader) fold(text string, start int) ([]token, [2]int) {
	n, lo := len(r.folder.tokens), len(r.folder.letters)
	r.folder.fold(text, start)
	return r.folder.tokens[n:], [2]int{lo, len(r.folder.letters)}
}

// add appends the tokens as rows after the row at, and returns the last. The
// span of a word within alternatives is that of the whole point.
func (r *reader) add(at int, toks []token, point *part) int {
	glue := point == nil && at > 0 && r.rows[at].ins == nil
	for _, t := range toks {
		stem := r.stemmer.stemHash(t, r.folder.letters)
		n := row{token: t, stem: stem, id: r.stems.Get(stem), from: at, glue: glue}
		if glue = true; point != nil {
			n.start, n.end, n.point = point.start, point.end, true
		}
		at = len(r.rows)
		r.rows = append(r.rows, n)
	}
	return at
}

// readPoint appends the rows of all alternatives, and the junction after them.
func (r *reader) readPoint(at int, s *part) {
	ends := make([]int, 0, len(s.alternatives))
	p := make(piece, 0, len(s.alternatives))
	skip := false
	for _, a := range s.alternatives {
		toks, run := r.fold(a, s.start)
		p = append(p, run)
		switch last := r.add(at, toks, s); {
		case last != at:
			ends = append(ends, last)
		case !skip:
			ends, skip = append(ends, at), true
		}
	}
	r.rows = append(r.rows, row{from: ends[0], ins: ends, id: -1})
	r.pieces = append(r.pieces, p)
}

// streams calls yield with the letters of the unit: once if it has no points,
// else as often as it takes to show each alternative beside its neighbours.
func (l *lattice) streams(all []byte, yield func([]byte)) {
	most := 1
	for _, p := range l.pieces {
		most = max(most, len(p))
	}
	if most == 1 {
		yield(all)
		return
	}
	var buf []byte
	for k := range most {
		buf = buf[:0]
		for _, p := range l.pieces {
			at := p[min(k, len(p)-1)]
			buf = append(buf, all[at[0]:at[1]]...)
		}
		yield(buf)
	}
}
