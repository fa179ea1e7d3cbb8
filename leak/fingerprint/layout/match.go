package layout

import (
	"math"
	"slices"

	"tearline/codec/pdf"
)

// Gains and costs of laying the runs of a line beside the words of an edge.
const (
	gainWord  = 2.6
	gainShort = 1.1 // of a word that is hardly wider than some others
	short     = 7   // points
	lose      = 2   // a run or word that has no partner
	join      = 0.7 // one run is two words, or two runs one word
	worst     = -2
)

// wordGain says how well a run of some width is a word of another, in points.
func wordGain(seen, want float64) float64 {
	gain := gainWord
	if want < short {
		gain = gainShort
	}
	z := (seen - want) / (0.5 + 0.018*want)
	return max(gain-z*z/2, worst)
}

// A pair is a run and the words from first to last that it shows, or runs and a
// word.
type pair struct{ run, lastRun, first, last int }

// An aligner lays widths beside widths: the best local alignment.
type aligner struct {
	score []float64
	cols  int
}

func (a *aligner) at(i, j int) *float64 { return &a.score[i*a.cols+j] }

// fill fills the table and returns the best score and where it is. Runs are in
// pixels, of which there are scale to a point.
func (a *aligner) fill(runs []run, words []pdf.Word, scale float64) (best float64, bi, bj int) {
	a.cols = len(words) + 1
	a.score = slices.Grow(a.score[:0], (len(runs)+1)*a.cols)[:(len(runs)+1)*a.cols]
	clear(a.score)
	for i := 1; i <= len(runs); i++ {
		for j := 1; j <= len(words); j++ {
			s := a.steps(runs, words, scale, i, j)
			v := max(s[0], s[1], s[2], s[3], s[4], 0)
			*a.at(i, j) = v
			if v > best {
				best, bi, bj = v, i, j
			}
		}
	}
	return best, bi, bj
}

// steps returns what each step to a cell comes to: a run is a word, two words,
// two runs are a word, a run or a word is left out.
func (a *aligner) steps(runs []run, words []pdf.Word, scale float64, i, j int) [5]float64 {
	r, w := runs[i-1], &words[j-1]
	seen, want := r.width()/scale, w.Ink.Right-w.Ink.Left
	s := [5]float64{*a.at(i-1, j-1) + wordGain(seen, want), 0, 0, *a.at(i-1, j) - lose, *a.at(i, j-1) - lose}
	if j > 1 && seen > want {
		b := &words[j-2]
		s[1] = *a.at(i-1, j-2) + wordGain(seen, w.X+w.Ink.Right-b.X-b.Ink.Left) - join
	}
	if i > 1 && seen < want {
		s[2] = *a.at(i-2, j-1) + wordGain((r.to-runs[i-2].from)/scale, want) - join
	}
	return s
}

// pairs traces the best alignment.
func (a *aligner) pairs(runs []run, words []pdf.Word, scale float64) []pair {
	_, i, j := a.fill(runs, words, scale)
	var out []pair
	for i > 0 && j > 0 && *a.at(i, j) > 0 {
		v := *a.at(i, j)
		s := a.steps(runs, words, scale, i, j)
		switch v {
		case s[0]:
			out = append(out, pair{i - 1, i - 1, j - 1, j - 1})
			i, j = i-1, j-1
		case s[1]:
			out = append(out, pair{i - 1, i - 1, j - 2, j - 1})
			i, j = i-1, j-2
		case s[2]:
			out = append(out, pair{i - 2, i - 1, j - 1, j - 1})
			i, j = i-2, j-1
		case s[3]:
			i--
		default:
			j--
		}
	}
	return out
}

// leastLine is the score that a line must have to be one: as much as chance
// gives.
const leastLine = 5

// byPlaces scores every line of the picture beside every edge when it is known
// how the page lies, as far as the widths leave it open; usual is how much ink
// words have.
func (s *seen) byPlaces(g *lattice, f *fit, usual float64, widths []float32) []float32 {
	const near = 40 // of what scores so much less than the best, ink is not looked at
	out := make([]float32, len(widths))
	early, late := s.bias(g, f, widths)
	for i := range s.lines {
		row := out[i*len(g.edges) : (i+1)*len(g.edges)]
		top := 0.0
		for e := range row {
			if widths[i*len(g.edges)+e] > 0 {
				v := s.byEdges(f, i, &g.edges[e], early, late)
				row[e] = float32(v)
				top = math.Max(top, v)
			}
		}
		for e := range row {
			if v := float64(row[e]); v > 0 && v > top-near {
				row[e] = float32(v - s.byInk(f, i, &g.edges[e], usual))
			}
		}
	}
	return out
}

// bias returns how far after its place, in points, half of all words begin to
// be seen, and end: blur makes them longer.
func (s *seen) bias(g *lattice, f *fit, widths []float32) (early, late float64) {
	var begins, ends []float64
	for i := range s.lines {
		row := widths[i*len(g.edges) : (i+1)*len(g.edges)]
		best := 0
		for e, v := range row {
			if v > row[best] {
				best = e
			}
		}
		if row[best] <= leastLine {
			continue
		}
		for _, r := range s.lines[i].runs {
			x0, x1 := s.places(f, i, r)
			begin, end, _ := nearest(g.edges[best].words, x0, x1)
			if math.Abs(begin) < 2 && math.Abs(end) < 2 {
				begins, ends = append(begins, begin), append(ends, end)
			}
		}
	}
	if len(begins) == 0 {
		return 0, 0
	}
	slices.Sort(begins)
	slices.Sort(ends)
	return begins[len(begins)/2], ends[len(ends)/2]
}

// places returns where on the page a run of a line begins and ends, in points.
func (s *seen) places(f *fit, i int, r run) (x0, x1 float64) {
	y := s.lines[i].y
	x0, _ = f.inverse(r.from, s.height(r.from, y))
	x1, _ = f.inverse(r.to, s.height(r.to, y))
	return x0, x1
}

// byEdges scores a line of the picture beside an edge by where words begin and
// end; those of all are early and late by so much.
func (s *seen) byEdges(f *fit, i int, e *edge, early, late float64) float64 {
	const gain, most, missing = 3, 9, 2.5
	xx, _, _, _ := f.jacobian(f.baseX, f.baseY)
	sigma := math.Hypot(0.45, 0.4/xx) // what shifts and pixels do
	l := &s.lines[i]
	left, _ := f.inverse(0, s.height(0, l.y))
	right, _ := f.inverse(float64(s.w), s.height(float64(s.w), l.y))
	total := 0.0
	hit := make([]bool, len(e.words))
	for _, r := range l.runs {
		x0, x1 := s.places(f, i, r)
		begin, end, at := nearest(e.words, x0-early, x1-late)
		if math.Abs(begin) < 4*sigma {
			hit[at] = true
		}
		// What the picture's edge cuts begins or ends nowhere.
		if x0 < left+3 {
			begin = 0
		}
		if x1 > right-3 {
			end = 0
		}
		total += gain - math.Min(begin*begin/(2*sigma*sigma), most) - math.Min(end*end/(2*sigma*sigma), most)
	}
	for k := range e.words {
		w := &e.words[k]
		if !hit[k] && w.X+w.Ink.Left > left+3 && w.X+w.Ink.Right < right-3 {
			total -= missing
		}
	}
	return total
}

// nearest returns how far after the nearest beginning of a word a run begins,
// and after the nearest end it ends, and which word it is that begins there.
func nearest(words []pdf.Word, x0, x1 float64) (begin, end float64, at int) {
	begin, end = math.Inf(1), math.Inf(1)
	for k := range words {
		w := &words[k]
		if d := x0 - w.X - w.Ink.Left; math.Abs(d) < math.Abs(begin) {
			begin, at = d, k
		}
		if d := x1 - w.X - w.Ink.Right; math.Abs(d) < math.Abs(end) {
			end = d
		}
	}
	return begin, end, at
}

// byInk says what speaks against an edge: words that have more ink than they
// should, or less, or have it elsewhere.
func (s *seen) byInk(f *fit, i int, e *edge, usual float64) float64 {
	const sigma, share, most = 0.35, 0.15, 5
	if usual <= 0 {
		return 0
	}
	_, y := f.inverse(float64(s.w)/2, s.lines[i].y)
	total := 0.0
	for k := range e.words {
		p := spot{edge: e, word: k, x: e.words[k].X + e.words[k].Ink.Center, y: y}
		if s.measure(f, &p); p.ok {
			z := (p.ink/usual - 1) / share
			total += math.Min(p.off*p.off/(2*sigma*sigma), most) + math.Min(z*z/2, most)
		}
	}
	return total
}
