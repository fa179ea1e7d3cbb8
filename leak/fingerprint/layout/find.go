package layout

import (
	"math"
	"slices"

	"tearline/codec/pdf"
)

// Three words in a row are looked up by how wide each is beside the next: that
// is the same however near the page was, and however it was tilted.
const (
	cell      = 0.12 // of a logarithm: what widths err by
	cells     = 128
	sameScale = 0.05 // by how much, of itself, the scale of one line may differ
	fewWords  = 4    // lines that have no more are laid beside every line
)

// trio is the place of three words, by two quotients.
func trio(a, b, c float64) (x, y float64) {
	return math.Log(a/b) / cell, math.Log(b/c) / cell
}

// A threesome is three words in a row of an edge.
type threesome struct {
	edge  int32
	width float64 // of all three, in points
	x, y  float64
}

// An index has the threesomes of a lattice by cell.
type index map[int32][]threesome

func cellOf(x, y int) int32 {
	return int32(min(max(x+cells/2, 0), cells-1)*cells + min(max(y+cells/2, 0), cells-1))
}

func newIndex(g *lattice) index {
	out := index{}
	for e := range g.edges {
		w := g.edges[e].words
		for k := 0; k+2 < len(w); k++ {
			a, b, c := inkWidth(&w[k]), inkWidth(&w[k+1]), inkWidth(&w[k+2])
			if !(a > 0 && b > 0 && c > 0) {
				continue
			}
			x, y := trio(a, b, c)
			at := cellOf(int(math.Floor(x)), int(math.Floor(y)))
			out[at] = append(out[at], threesome{int32(e), a + b + c, x, y})
		}
	}
	return out
}

func inkWidth(w *pdf.Word) float64 { return w.Ink.Right - w.Ink.Left }

// A sighting is an edge three words of which a line of the picture may have,
// and how many pixels there are to a point then.
type sighting struct {
	edge  int
	scale float64
}

// sightings looks up the words of a line, three by three.
func (x index) sightings(l *seenLine) []sighting {
	var out []sighting
	for k := 0; k+2 < len(l.runs); k++ {
		a, b, c := l.runs[k].width(), l.runs[k+1].width(), l.runs[k+2].width()
		u, v := trio(a, b, c)
		i, j := int(math.Floor(u)), int(math.Floor(v))
		for du := -1; du <= 1; du++ {
			for dv := -1; dv <= 1; dv++ {
				for _, t := range x[cellOf(i+du, j+dv)] {
					if math.Abs(t.x-u) < 1 && math.Abs(t.y-v) < 1 {
						out = append(out, sighting{int(t.edge), (a + b + c) / t.width})
					}
				}
			}
		}
		if len(out) > maxSightings {
			break
		}
	}
	slices.SortFunc(out, func(a, b sighting) int {
		if a.edge != b.edge {
			return a.edge - b.edge
		}
		return int(math.Copysign(1, a.scale-b.scale))
	})
	return out
}

// maxSightings bounds what one line may be compared with.
const maxSightings = 200_000

// A sized line says which scale a line of the picture has, if it is the edge
// that it shares most words with.
type sized struct{ y, scale, support float64 }

// size finds the scale that most sightings of one edge agree on.
func size(y float64, list []sighting) sized {
	best := sized{y: y}
	for from := 0; from < len(list); {
		to := from
		for to < len(list) && list[to].edge == list[from].edge {
			to++
		}
		mid := list[(from+to)/2].scale
		n, sum := 0, 0.0
		for _, s := range list[from:to] {
			if math.Abs(s.scale/mid-1) < sameScale {
				n++
				sum += s.scale
			}
		}
		if v := float64(n); v > best.support {
			best.support, best.scale = v, sum/v
		}
		from = to
	}
	return best
}

// A ramp says how many pixels there are to a point along a line: at height 0,
// and how much more with every pixel down.
type ramp struct{ at, by float64 }

func (r ramp) of(y float64) float64 { return r.at + r.by*y }

// scales finds the ramp that most lines agree on, of those that share at least
// three times three words with an edge.
func scales(list []sized) (ramp, bool) {
	list = slices.DeleteFunc(list, func(s sized) bool { return s.support < 3 })
	best, top := ramp{}, 0.0
	try := func(r ramp) {
		sum := 0.0
		for _, s := range list {
			if math.Abs(r.of(s.y)/s.scale-1) < sameScale/2 {
				sum += math.Min(s.support, 8)
			}
		}
		if sum > top {
			best, top = r, sum
		}
	}
	for i, a := range list {
		try(ramp{at: a.scale})
		for _, b := range list[:i] {
			if a.y-b.y < 1 {
				continue
			}
			by := (a.scale - b.scale) / (a.y - b.y)
			if math.Abs(by)*1000 < 0.15*a.scale {
				try(ramp{a.scale - by*a.y, by})
			}
		}
	}
	return best, top >= 6
}

// byWidths scores every line of the picture beside every edge with which it
// shares three words, or either of which has few; 0 is for all others.
func (s *seen) byWidths(g *lattice) (scores []float32, r ramp, ok bool) {
	x := newIndex(g)
	found := make([][]sighting, len(s.lines))
	var list []sized
	for i := range s.lines {
		found[i] = x.sightings(&s.lines[i])
		list = append(list, size(s.lines[i].y, found[i]))
	}
	if r, ok = scales(list); !ok {
		return nil, r, false
	}
	scores = make([]float32, len(s.lines)*len(g.edges))
	var a aligner
	for i := range s.lines {
		l, row := &s.lines[i], scores[i*len(g.edges):(i+1)*len(g.edges)]
		scale := r.of(l.y)
		if !(scale*72 > minDPI) {
			continue
		}
		score := func(e int) {
			if row[e] == 0 {
				v, _, _ := a.fill(l.runs, g.edges[e].words, scale)
				row[e] = float32(v - leastLine)
			}
		}
		for _, t := range found[i] {
			if math.Abs(t.scale/scale-1) < sameScale {
				score(t.edge)
			}
		}
		for e := range row {
			if len(l.runs) <= fewWords || len(g.edges[e].words) <= fewWords {
				score(e)
			}
			row[e] = max(row[e], 0)
		}
	}
	return scores, r, true
}
