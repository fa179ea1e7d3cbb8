package layout

import (
	"math"
	"slices"

	"tearline/codec/pdf"
)

// middle is how far the middle of small letters is above the baseline, in parts
// of the type's size.
const middle = 0.265

// A spot is a word of the reference that is within the picture.
type spot struct {
	edge    *edge
	link    int
	word    int // of the edge
	x, y    float64
	ink     float64 // found, over what there should be
	off     float64 // of the ink's centroid from its place, in points
	ok      bool
	carrier bool
	moved   float64 // off, less what the words around it are off
	known   bool    // moved is
}

func (s *spot) pdfWord() *pdf.Word { return &s.edge.words[s.word] }

// A window is the part of the page in which a word's ink is looked for: from
// and to say how far to the left and right of its centroid, up how far above and
// below.
type window struct{ from, to, up float64 }

// windowOf is all that is nearer to a word than to the words beside it.
func windowOf(p *spot) window {
	const reach = 2.2 // points, of a word at a line's end
	w := p.pdfWord()
	from, to := w.Ink.Left-reach, w.Ink.Right+reach
	if p.word > 0 {
		b := &p.edge.words[p.word-1]
		from = max(from, (b.X+b.Ink.Right-w.X+w.Ink.Left)/2)
	}
	if p.word < len(p.edge.words)-1 {
		a := &p.edge.words[p.word+1]
		to = min(to, (a.X+a.Ink.Left-w.X+w.Ink.Right)/2)
	}
	return window{from - w.Ink.Center, to - w.Ink.Center, 0.52 * p.edge.size}
}

func (v window) corners() [4][2]float64 {
	return [4][2]float64{{v.from, -v.up}, {v.from, v.up}, {v.to, -v.up}, {v.to, v.up}}
}

// leastScale is how many pixels a square point must have for words to be seen.
const leastScale = 0.05

// measure finds the ink of a word: where its centroid is, in points right of its
// place, and how much there is. A word that the picture's edge cuts is not ok.
func (s *seen) measure(f *fit, p *spot) {
	p.ok = false
	v := windowOf(p)
	cx, cy := f.pixel(p.x, p.y)
	xx, yx, xy, yy := f.jacobian(p.x, p.y)
	det := xx*yy - xy*yx
	if !(math.Abs(det) > leastScale) {
		return
	}
	minX, maxX, minY, maxY := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, c := range v.corners() {
		x, y := cx+c[0]*xx+c[1]*xy, cy+c[0]*yx+c[1]*yy
		minX, maxX, minY, maxY = min(minX, x), max(maxX, x), min(minY, y), max(maxY, y)
	}
	if !(minX >= 1 && minY >= 1 && maxX <= float64(s.w)-2 && maxY <= float64(s.h)-2) {
		return
	}
	sum, moment := 0.0, 0.0
	for y := int(minY); y <= int(maxY)+1; y++ {
		row := s.ink[y*s.w : (y+1)*s.w]
		dy := float64(y) + 0.5 - cy
		for x := int(minX); x <= int(maxX)+1; x++ {
			if row[x] < floor {
				continue
			}
			dx := float64(x) + 0.5 - cx
			right, down := (dx*yy-dy*xy)/det, (dy*xx-dx*yx)/det
			if right >= v.from && right <= v.to && math.Abs(down) <= v.up {
				sum += float64(row[x])
				moment += float64(row[x]) * right
			}
		}
	}
	if area := p.pdfWord().Ink.Area; sum > 0 && area > 0 {
		p.ink = sum / 255 / math.Abs(det) / area
		p.off, p.ok = moment/sum, true
	}
}

// spots lists the words of a chain that stand where they should, from the first
// line that was found to the last.
func (s *seen) spots(c *chain, f *fit, heights []float64) []spot {
	var out []spot
	for i, l := range c.links {
		e := &c.g.edges[l.edge]
		if l.seen < 0 {
			continue
		}
		for k := range e.words {
			w := &e.words[k]
			px, py := f.pixel(w.X+w.Ink.Center, heights[i])
			if px < 0 || py < 0 || px > float64(s.w) || py > float64(s.h) {
				continue
			}
			out = append(out, spot{
				edge: e, link: i, word: k, x: w.X + w.Ink.Center, y: heights[i],
				carrier: w.Carrier && !e.title,
			})
		}
	}
	s.remeasure(f, out)
	return out
}

// remeasure finds the ink of all words, and leaves out those that have far more
// of it, or far less, than the others.
func (s *seen) remeasure(f *fit, list []spot) {
	for i := range list {
		s.measure(f, &list[i])
	}
	usual := usualInk(list)
	for i := range list {
		p := &list[i]
		p.ok = p.ok && p.ink > 0.6*usual && p.ink < 1.6*usual && math.Abs(p.off) < 2
	}
}

// usualInk is how much ink half of the words have at most, over what they
// should have: print and lenses make it more or less.
func usualInk(list []spot) float64 {
	var inks []float64
	for i := range list {
		if list[i].ok {
			inks = append(inks, list[i].ink)
		}
	}
	if len(inks) == 0 {
		return 0
	}
	slices.Sort(inks)
	return inks[len(inks)/2]
}

// How far words tell of the place of others, in points.
const (
	reachX = 90
	reachY = 12
)

// around returns how much the unshifted words around a spot are off: a plane
// through them, the near ones weighing more. The words at which skip is true
// are left out.
func around(list []spot, p *spot, skip func(*spot) bool) (off float64, ok bool) {
	var m [8][9]float64
	count := 0
	for i := range list {
		q := &list[i]
		dx, dy := (q.x-p.x)/reachX, (q.y-p.y)/reachY
		if q == p || !q.ok || q.carrier || math.Abs(dx) > 2.5 || math.Abs(dy) > 2.5 || skip(q) {
			continue
		}
		weight := math.Exp(-(dx*dx+dy*dy)/2) * math.Min(q.edge.words[q.word].Ink.Area, 40)
		row := [4]float64{1, dx, dy, q.off}
		for a := range 3 {
			for b := range 3 {
				m[a][b] += weight * row[a] * row[b]
			}
			m[a][8] += weight * row[a] * row[3]
		}
		count++
	}
	if count < 4 {
		return 0, false
	}
	m[1][1] += 0.02 * m[0][0]
	m[2][2] += 0.02 * m[0][0]
	v, ok := gauss(&m, 3)
	return v[0], ok
}

// displace says how far each carrier is from where its neighbours have it, and
// returns the standard error of that: what the unshifted words are from where
// theirs have them.
func displace(list []spot) (spread float64) {
	none := func(*spot) bool { return false }
	off := make(map[*spot]float64)
	var rest []float64
	for i := range list {
		p := &list[i]
		if !p.ok || p.carrier {
			continue
		}
		if v, ok := around(list, p, none); ok {
			off[p] = p.off - v
			if n := len(p.edge.words); p.word > 0 && p.word < n-1 {
				rest = append(rest, math.Abs(p.off-v))
			}
		}
	}
	if len(rest) < minWords {
		return math.Inf(1)
	}
	slices.Sort(rest)
	spread = math.Max(1.4826*rest[len(rest)/2], 0.01)
	wild := func(q *spot) bool { return math.Abs(off[q]) > 4*spread }
	for i := range list {
		p := &list[i]
		if !p.ok || !p.carrier {
			continue
		}
		if v, ok := around(list, p, wild); ok {
			p.moved, p.known = p.off-v, true
		}
	}
	return spread
}
