package weights

import (
	"errors"
	"math"
	"slices"
)

// A Model says how much each kind of evidence tells, in bits. It does not
// change and is safe for concurrent use.
type Model struct {
	// Base is what it tells that a candidate was found at all: little, so it
	// is well below zero.
	Base float64 `json:"base"`
	// Terms are the kinds of evidence, in the order in which their values are
	// given.
	Terms []Term `json:"terms"`
}

// A Term is what one kind of evidence tells, depending on its value: a curve
// of straight pieces between the knots.
type Term struct {
	Name  string    `json:"name"`
	Knots []float64 `json:"knots"`
	Bits  []float64 `json:"bits"` // at each knot
}

// At is what a value of this evidence tells, in bits. Beyond the outer knots
// it tells no more.
func (t *Term) At(x float64) float64 {
	n := len(t.Knots)
	i, found := slices.BinarySearch(t.Knots, x)
	switch {
	case n == 0:
		return 0
	case found || i == 0:
		return t.Bits[min(i, n-1)]
	case i == n:
		return t.Bits[n-1]
	}
	share := (x - t.Knots[i-1]) / (t.Knots[i] - t.Knots[i-1])
	return t.Bits[i-1] + share*(t.Bits[i]-t.Bits[i-1])
}

// An Example is a candidate of which it is known whether the leak drew on it.
type Example struct {
	X      []float64
	Draws  bool
	Weight float64
}

// knots is how many knots a term has at most.
const knots = 7

// A Kind is one kind of evidence.
type Kind struct {
	Name string
	// Sign is +1 if more of it never tells less, -1 if it never tells more, 0
	// if it is as it comes.
	Sign int
}

// Train fits a model: a logistic regression whose every term is a curve of
// straight pieces that rises, or falls, throughout where its sign says so.
// Deterministic.
func Train(kinds []Kind, examples []Example) (*Model, error) {
	if len(examples) == 0 {
		return nil, errors.New("nothing to learn from")
	}
	m := &Model{Terms: make([]Term, len(kinds))}
	var at []int // of each term, its first column
	f := fit{signs: []int{0}}
	f.widths = []float64{0}
	for k, kind := range kinds {
		kn := quantiles(examples, k)
		m.Terms[k] = Term{Name: kind.Name, Knots: kn}
		at = append(at, len(f.signs))
		for i := 1; i < len(kn); i++ {
			f.signs = append(f.signs, kind.Sign)
			f.widths = append(f.widths, (kn[i]-kn[i-1])/(kn[len(kn)-1]-kn[0]))
		}
	}
	f.at = at
	f.columns = len(f.signs)
	f.weights = make([]float64, f.columns)
	for _, e := range examples {
		f.rows = append(f.rows, expand(m, at, e.X))
	}
	f.newton(examples)
	m.Base = f.weights[0] / math.Ln2
	for k := range m.Terms {
		t := &m.Terms[k]
		t.Bits = make([]float64, len(t.Knots))
		for i := 1; i < len(t.Knots); i++ {
			t.Bits[i] = t.Bits[i-1] + f.weights[at[k]+i-1]/math.Ln2
		}
	}
	return m, nil
}

// quantiles spreads the knots of the k-th term over its values.
func quantiles(examples []Example, k int) []float64 {
	var pos, all []float64
	for _, e := range examples {
		all = append(all, e.X[k])
		if e.Draws {
			pos = append(pos, e.X[k])
		}
	}
	slices.Sort(all)
	slices.Sort(pos)
	var out []float64
	for _, list := range [][]float64{all, pos} {
		for i := range (knots + 1) / 2 {
			if len(list) > 0 {
				q := []float64{.02, .35, .75, .98}[i]
				out = append(out, list[int(q*float64(len(list)-1))])
			}
		}
	}
	slices.Sort(out)
	span := out[len(out)-1] - out[0]
	kept := out[:1]
	for _, v := range out[1:] {
		if v-kept[len(kept)-1] > span/20 {
			kept = append(kept, v)
		}
	}
	return kept
}

// An entry is one number of a sparse row.
type entry struct {
	column int
	value  float64
}

// expand writes a candidate's evidence as columns: how far it climbed each
// piece of each curve.
func expand(m *Model, at []int, x []float64) []entry {
	row := []entry{{0, 1}}
	for k := range m.Terms {
		kn := m.Terms[k].Knots
		for i := 1; i < len(kn) && x[k] > kn[i-1]; i++ {
			row = append(row, entry{at[k] + i - 1, min(1, (x[k]-kn[i-1])/(kn[i]-kn[i-1]))})
		}
	}
	return row
}

// A fit is a logistic regression under way.
type fit struct {
	columns int
	signs   []int // by column: of its weight, 0 for either
	rows    [][]entry
	weights []float64
	widths  []float64 // by column: of its piece, as a share of the curve
	at      []int     // by term: its first column
}

const (
	ridge  = 1.0 // keeps what few examples speak of small
	rounds = 25
	bend   = 0.05 // keeps curves straight
	sweeps = 400
)

// newton climbs by Newton's method, within what the signs allow.
func (f *fit) newton(examples []Example) {
	for range rounds {
		h, g := f.slopes(examples)
		if f.step(h, g) < 1e-4 {
			return
		}
	}
}

// step goes to the top of the parabola that the slopes describe, coordinate by
// coordinate, and returns the longest way that a weight went.
func (f *fit) step(h, g []float64) (most float64) {
	n := f.columns
	was := slices.Clone(f.weights)
	for range sweeps {
		far := 0.0
		for i := range n {
			slope := g[i]
			for k := range n {
				slope -= h[i*n+k] * (f.weights[k] - was[k])
			}
			to := f.weights[i] + slope/h[i*n+i]
			if float64(f.signs[i])*to < 0 {
				to = 0
			}
			to = max(was[i]-4, min(was[i]+4, to))
			far = max(far, math.Abs(to-f.weights[i]))
			f.weights[i] = to
		}
		if far < 1e-6 {
			break
		}
	}
	for i, w := range f.weights {
		most = max(most, math.Abs(w-was[i]))
	}
	return most
}

// slopes returns the second and first derivatives.
func (f *fit) slopes(examples []Example) (h, g []float64) {
	n := f.columns
	h, g = make([]float64, n*n), make([]float64, n)
	for i := range n {
		r := ridge
		if i == 0 {
			r = 1e-6
		}
		h[i*n+i], g[i] = r, -r*f.weights[i]
	}
	for k, a := range f.at {
		end := n
		if k+1 < len(f.at) {
			end = f.at[k+1]
		}
		for i := a; i+1 < end; i++ {
			u, v := 1/f.widths[i], 1/f.widths[i+1]
			d := f.weights[i]*u - f.weights[i+1]*v
			h[i*n+i] += bend * u * u
			h[(i+1)*n+i+1] += bend * v * v
			h[i*n+i+1] -= bend * u * v
			h[(i+1)*n+i] -= bend * u * v
			g[i] -= bend * d * u
			g[i+1] += bend * d * v
		}
	}
	for i, row := range f.rows {
		e := &examples[i]
		p := f.probability(row)
		y := 0.0
		if e.Draws {
			y = 1
		}
		d, w := e.Weight*(y-p), e.Weight*max(p*(1-p), 1e-9)
		for _, a := range row {
			g[a.column] += d * a.value
			for _, b := range row {
				h[a.column*n+b.column] += w * a.value * b.value
			}
		}
	}
	return h, g
}

func (f *fit) probability(row []entry) float64 {
	var z float64
	for _, e := range row {
		z += f.weights[e.column] * e.value
	}
	return 1 / (1 + math.Exp(-z))
}

// Bits is what all the evidence together tells.
func (m *Model) Bits(x []float64) float64 {
	z := m.Base
	for k := range m.Terms {
		z += m.Terms[k].At(x[k])
	}
	return z
}
