package layout

import (
	"math"
	"slices"

	"tearline"
	"tearline/codec/pdf"
)

// When a reading is one.
const (
	minWords   = 12   // in their places
	minShare   = 0.6  // of the words that were laid beside runs
	minSteady  = 0.6  // of the lines that were found
	maxOff     = 1    // points, root mean square
	maxSpread  = 0.25 // points: above it a shift cannot be told
	least      = 0.06 // points: a displacement below it is none
	plainBelow = 0.15 // points: half of all displacements are, if nothing is shifted
	minCarry   = 16   // carriers, to say that none is
	minMargin  = 6    // by which an alternative must be better than the others
)

// read reads the picture beside one version. The score tells versions apart.
func (s *seen) read(g *lattice) (Reading, float64, bool) {
	widths, scale, ok := s.byWidths(g)
	if !ok {
		return Reading{}, 0, false
	}
	c := newChain(g, len(s.lines), func(i, e int) float64 { return float64(widths[i*len(g.edges)+e]) })
	f, ok := s.place(c, scale)
	if !ok {
		return Reading{}, 0, false
	}
	// How the page lies is known now: which alternatives stand there is read
	// again by places.
	places := s.byPlaces(g, f, s.usual(c, f, scale), widths)
	c = newChain(g, len(s.lines), func(i, e int) float64 { return float64(places[i*len(g.edges)+e]) })
	if f, ok = s.place(c, scale); !ok {
		return Reading{}, 0, false
	}
	heights, _ := s.heights(c, scale)
	return s.result(c, f, heights)
}

// heights returns how far down each line of a chain is that was found, in
// points from the first: as the reference has it, unless the picture says
// otherwise by far, as a line that was missed must not move those below it.
// Steady is the share of the lines at which both agree.
func (s *seen) heights(c *chain, scales ramp) (out []float64, steady float64) {
	out = make([]float64, len(c.links))
	all, good := 0, 0
	down, last := 0.0, -1
	for i, l := range c.links {
		e := &c.g.edges[l.edge]
		down += e.down - middle*e.size
		if l.seen >= 0 {
			if last >= 0 {
				y := s.lines[l.seen].y
				seen := (y - s.lines[c.links[last].seen].y) / scales.of(y)
				all++
				if d := seen / down; d > 0.75 && d < 1.33 {
					good++
				} else {
					down = seen
				}
				out[i] = out[last] + down
			}
			last, down = i, 0
		}
		down += middle * e.size
	}
	return out, float64(good) / float64(max(all, 1))
}

// usual is how much ink words on a chain have, over what they should.
func (s *seen) usual(c *chain, f *fit, scales ramp) float64 {
	heights, _ := s.heights(c, scales)
	return usualInk(s.spots(c, f, heights))
}

// place fits the page to the picture by the words of a chain.
func (s *seen) place(c *chain, scales ramp) (*fit, bool) {
	heights, steady := s.heights(c, scales)
	if steady < minSteady {
		return nil, false
	}
	var list []match
	var a aligner
	for i, l := range c.links {
		if l.seen < 0 {
			continue
		}
		line, e := &s.lines[l.seen], &c.g.edges[l.edge]
		for _, p := range a.pairs(line.runs, e.words, scales.of(line.y)) {
			first, last := &e.words[p.first], &e.words[p.last]
			x := (first.X + first.Ink.Left + last.X + last.Ink.Right) / 2
			px := (line.runs[p.run].from + line.runs[p.lastRun].to) / 2
			list = append(list, match{x, heights[i], px, s.height(px, line.y)})
		}
	}
	if len(list) < minWords {
		return nil, false
	}
	f := &fit{
		unit: float64(max(s.w, s.h)) / 2, midX: float64(s.w) / 2, midY: float64(s.h) / 2,
		baseX: 300, baseY: list[len(list)/2].y,
	}
	inliers := f.robust(list, scales)
	if len(inliers) < minWords || float64(len(inliers)) < minShare*float64(len(list)) {
		return nil, false
	}
	return f, true
}

// refine fits the page to the ink of its words.
func (s *seen) refine(f *fit, list []spot) bool {
	for range 3 {
		var m []match
		for i := range list {
			p := &list[i]
			if !p.ok {
				continue
			}
			px, py := f.pixel(p.x+p.off, p.y)
			m = append(m, match{p.x, p.y, px, py})
		}
		if len(m) < minWords || !f.solve(m, distinctRows(m) < 5) {
			return false
		}
		s.remeasure(f, list)
	}
	return true
}

// result measures the words and reads the marks.
func (s *seen) result(c *chain, f *fit, heights []float64) (Reading, float64, bool) {
	list := s.spots(c, f, heights)
	if !s.refine(f, list) {
		return Reading{}, 0, false
	}
	var r Reading
	doubtful := c.points(&r)
	for i := range list { // an alternative in doubt may move what follows it
		if from, ok := doubtful[list[i].link]; ok && list[i].word >= from {
			list[i].ok = false
		}
	}
	r.Spread = displace(list)
	sum := 0.0
	for i := range list {
		if p := &list[i]; p.ok {
			r.Words++
			sum += p.off * p.off
		}
	}
	for _, l := range c.links {
		if l.seen >= 0 {
			r.Lines++
		}
	}
	if r.Words < minWords || r.Lines < minLines {
		return Reading{}, 0, false
	}
	r.Residual = math.Sqrt(sum / float64(r.Words))
	if r.Residual > maxOff {
		return Reading{}, 0, false
	}
	xx, yx, _, _ := f.jacobian(f.baseX, f.baseY)
	r.DPI = 72 * math.Hypot(xx, yx)
	r.carriers(list)
	return r, c.total, true
}

// A spotted point is one of a portion's points, or of the title's.
type spottedPoint struct {
	portion tearline.PortionID
	title   bool
	point   int
}

// worths returns, for each point on a chain, what the best way through each of
// its alternatives is worth.
func (c *chain) worths() map[spottedPoint]map[int]float64 {
	out := map[spottedPoint]map[int]float64{}
	for _, l := range c.links {
		e := &c.g.edges[l.edge]
		for _, k := range e.choices {
			out[spottedPoint{e.portion, e.title, k.Point}] = map[int]float64{}
		}
	}
	for i := range c.g.edges {
		e := &c.g.edges[i]
		for _, k := range e.choices {
			worth := out[spottedPoint{e.portion, e.title, k.Point}]
			if worth == nil {
				continue
			}
			v := c.through(i)
			if was, ok := worth[k.Alternative]; !ok || v > was {
				worth[k.Alternative] = v
			}
		}
	}
	return out
}

// points reads the alternatives on a chain, and returns the links at which one
// is in doubt, with the word at which it is.
func (c *chain) points(r *Reading) map[int]int {
	worths := c.worths()
	doubtful := map[int]int{}
	for i, l := range c.links {
		e := &c.g.edges[l.edge]
		for _, k := range e.choices {
			seen := k.Alternative
			for other, v := range worths[spottedPoint{e.portion, e.title, k.Point}] {
				if other != k.Alternative && v > c.total-minMargin {
					seen = Erased
				}
			}
			if _, ok := doubtful[i]; seen == Erased && !ok {
				doubtful[i] = k.Word
			}
			r.Points = append(r.Points, Point{e.portion, k.Point, seen})
		}
	}
	return doubtful
}

// carriers reads the marks.
func (r *Reading) carriers(list []spot) {
	var moved []float64
	for i := range list {
		p := &list[i]
		if !p.carrier {
			continue
		}
		c := Carrier{Portion: p.edge.portion, Word: p.pdfWord().Fixed}
		if p.known {
			c.Displacement = p.moved
			moved = append(moved, math.Abs(p.moved))
			c.Value, c.Class = value(p.moved, r.Spread)
		}
		r.Carriers = append(r.Carriers, c)
	}
	slices.Sort(moved)
	if n := len(moved); n >= minCarry && moved[n/2] < plainBelow {
		r.Plain = true
		for i := range r.Carriers {
			r.Carriers[i].Value, r.Carriers[i].Class = 0, ClassErased
		}
	}
}

// value decides on a displacement.
func value(moved, spread float64) (int8, Class) {
	size := math.Abs(moved)
	if !(spread <= maxSpread) || size < least || size > pdf.Shift+4*spread+0.1 {
		return 0, ClassErased
	}
	v := int8(1)
	if moved < 0 {
		v = -1
	}
	// The odds that a shift to one side is seen there, rather than one to the
	// other, if displacements err as the normal law does.
	switch odds := 2 * pdf.Shift * size / (spread * spread); {
	case odds > 6:
		return v, ClassStrong
	case odds > 3:
		return v, ClassFair
	}
	return v, ClassWeak
}
