package weights_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline/leak/weights"
)

// some are weights that read.
const some = `{"format": 1, "from": "made up",
	"model": {"base": -9.5, "terms": [{"name": "words", "knots": [0, 1.5, 4], "bits": [0, 2, 2]}]},
	"chance": {"base": -3, "words": 0.25, "archive": 0.5, "bits": -0.7, "curve": 0.01}}`

func TestRead(t *testing.T) {
	t.Parallel()
	w, err := weights.Read(strings.NewReader(some))
	if err != nil {
		t.Fatal(err)
	}
	want := &weights.Weights{
		Format: 1, From: "made up",
		Model:  weights.Model{Base: -9.5, Terms: []weights.Term{{Name: "words", Knots: []float64{0, 1.5, 4}, Bits: []float64{0, 2, 2}}}},
		Chance: weights.Chance{Base: -3, Words: 0.25, Archive: 0.5, Bits: -0.7, Curve: 0.01},
	}
	if diff := cmp.Diff(want, w); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for name, tc := range map[string]struct{ old, new, want string }{
		"nothing":                   {some, "", "weights: "},
		"no JSON":                   {some, "knots", "weights: "},
		"two values":                {some, some + some, "weights: "},
		"another format":            {`"format": 1`, `"format": 2`, "weights of format 2; this program reads 1"},
		"no format":                 {`"format": 1, `, "", "weights of format 0"},
		"knots that stand":          {"[0, 1.5, 4]", "[0, 1.5, 1.5]", `weights of "words": knots must rise`},
		"knots that fall":           {"[0, 1.5, 4]", "[0, 1.5, 1]", `weights of "words": knots must rise`},
		"a knot that is no number":  {"[0, 1.5, 4]", "[0, NaN, 4]", "weights: "},
		"a value that is none":      {"[0, 2, 2]", "[0, NaN, 2]", "weights: "},
		"a value beyond all":        {"[0, 2, 2]", "[0, 1e999, 2]", "weights: "},
		"a value beyond sense":      {"[0, 2, 2]", "[0, 1e7, 2]", `weights of "words": knots must rise`},
		"a chance beyond sense":     {`"base": -3`, `"base": -1e7`, "numbers beyond all sense"},
		"a slope beyond sense":      {`"bits": -0.7`, `"bits": -1e7`, "chance does better"},
		"knots without values":      {`"bits": [0, 2, 2]`, `"bits": [0, 2]`, `weights of "words": 3 knots and 2 values`},
		"no values":                 {`, "bits": [0, 2, 2]`, "", `weights of "words": 3 knots and 0 values`},
		"chance grows":              {`"bits": -0.7`, `"bits": 0.7`, "chance does better the more there is to explain"},
		"chance stands":             {`"bits": -0.7, "curve": 0.01`, `"bits": 0, "curve": 0`, "chance does better the more there is to explain"},
		"chance grows in the end":   {`"curve": 0.01`, `"curve": 0.04`, "chance does better the more there is to explain"},
		"chance grows at the start": {`"curve": 0.01`, `"curve": -0.4`, "chance does better the more there is to explain"},
		"no chance":                 {`"chance": {"base": -3, "words": 0.25, "archive": 0.5, "bits": -0.7, "curve": 0.01}`, `"chance": {}`, "chance does better the more there is to explain"},
	} {
		text := strings.Replace(some, tc.old, tc.new, 1)
		if text == some {
			t.Fatalf("%s: nothing was changed", name)
		}
		if _, err := weights.Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
	}
}

// What is too long is refused for that, whatever it is.
func TestReadIsBounded(t *testing.T) {
	t.Parallel()
	full := some + strings.Repeat(" ", weights.MaxFile-len(some))
	if _, err := weights.Read(strings.NewReader(full)); err != nil {
		t.Errorf("as long as may be: %v", err)
	}
	if _, err := weights.Read(strings.NewReader(full + " ")); err == nil || !strings.Contains(err.Error(), "more than 1048576 bytes") {
		t.Errorf("a byte more: %v", err)
	}
}

func TestDefault(t *testing.T) {
	t.Parallel()
	w := weights.Default()
	if w != weights.Default() || len(w.Model.Terms) == 0 || w.From == "" {
		t.Fatalf("%+v", w)
	}
	var b bytes.Buffer
	if err := w.Write(&b); err != nil {
		t.Fatal(err)
	}
	again, err := weights.Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w, again); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// Ten more bits are much less to be expected, and a longer text and a larger
	// archive have more of them.
	few, many := weights.Text{Words: 20, Portions: 1000}, weights.Text{Words: 2000, Portions: 1_000_000}
	for b := -10.0; b <= 60; b += 10 {
		if at, more := w.Chance.Expect(few, b), w.Chance.Expect(few, b+10); !(more < at) {
			t.Errorf("%v bits: %v expected, 10 more: %v", b, at, more)
		}
		if x, y := w.Chance.Expect(few, b), w.Chance.Expect(many, b); !(x < y) {
			t.Errorf("%v bits: %v expected of few words, %v of many", b, x, y)
		}
	}
}

func numbers(low, high float64) *rapid.Generator[float64] { return rapid.Float64Range(low, high) }

// draw makes weights that read.
func draw(t *rapid.T) *weights.Weights {
	w := &weights.Weights{Format: 1, From: rapid.String().Draw(t, "from")}
	w.Model.Base = numbers(-100, 100).Draw(t, "base")
	for range rapid.IntRange(1, 5).Draw(t, "terms") {
		knots := rapid.SliceOfNDistinct(numbers(-50, 50), 0, 7, rapid.ID[float64]).Draw(t, "knots")
		slices.Sort(knots)
		w.Model.Terms = append(w.Model.Terms, weights.Term{
			Name: rapid.String().Draw(t, "name"), Knots: knots, Bits: rapid.SliceOfN(numbers(-50, 50), len(knots), len(knots)).Draw(t, "bits"),
		})
	}
	w.Chance = weights.Chance{
		Base: numbers(-20, 20).Draw(t, "chance"), Words: numbers(0, 2).Draw(t, "words"), Archive: numbers(0, 2).Draw(t, "archive"),
		Bits: numbers(-3, -0.5).Draw(t, "slope"), Curve: numbers(-0.2, 0.02).Draw(t, "curve"),
	}
	return w
}

// What is written reads as it was.
func TestPropertyWriteRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := draw(t)
		var b bytes.Buffer
		if err := w.Write(&b); err != nil {
			t.Fatal(err)
		}
		got, err := weights.Read(&b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(w, got); diff != "" {
			t.Fatalf("(-want +got)\n%s", diff)
		}
	})
}

// naive reads a curve piece by piece.
func naive(t *weights.Term, x float64) float64 {
	n := len(t.Knots)
	switch {
	case n == 0:
		return 0
	case x <= t.Knots[0]:
		return t.Bits[0]
	}
	for i := 1; i < n; i++ {
		from, to := t.Knots[i-1], t.Knots[i]
		if from <= x && x <= to {
			return (t.Bits[i-1]*(to-x) + t.Bits[i]*(x-from)) / (to - from)
		}
	}
	return t.Bits[n-1]
}

// A curve is of straight pieces and level beyond its ends, and what all kinds
// of evidence tell is what they tell one by one.
func TestPropertyBits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := &draw(t).Model
		sum := m.Base
		var x []float64
		for k := range m.Terms {
			term := &m.Terms[k]
			v := numbers(-70, 70).Draw(t, "value")
			if n := len(term.Knots); n > 0 && rapid.Bool().Draw(t, "at a knot") {
				i := rapid.IntRange(0, n-1).Draw(t, "knot")
				if v = term.Knots[i]; term.At(v) != term.Bits[i] {
					t.Fatalf("%+v at knot %d: %v", term, i, term.At(v))
				}
			}
			if got, want := term.At(v), naive(term, v); math.Abs(got-want) > 1e-6 {
				t.Fatalf("%+v at %v: %v, want %v", term, v, got, want)
			}
			x = append(x, v)
			sum += term.At(v)
		}
		if got := m.Bits(x); math.Abs(got-sum) > 1e-9 {
			t.Fatalf("%v bits, want %v", got, sum)
		}
	})
}

// Whatever is expected is above none, never more than there are portions, and
// never more of what tells more.
func TestPropertyExpect(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := draw(t).Chance
		text := weights.Text{Words: rapid.IntRange(0, 1e6).Draw(t, "words"), Portions: rapid.IntRange(0, 1e7).Draw(t, "portions")}
		b := numbers(-50, 99).Draw(t, "bits")
		more := min(b+numbers(0, 50).Draw(t, "more"), 100)
		at, then := c.Expect(text, b), c.Expect(text, more)
		if !(at > 0) || at > float64(max(text.Portions, 1)) || then > at {
			t.Fatalf("of %+v, %v with %v bits and %v with %v", text, at, b, then, more)
		}
	})
}

// What tells one from the other is learned, whatever else there is.
func TestTrainFindsWhatTells(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	var examples []weights.Example
	for range 2000 {
		x := []float64{10 * rng.Float64(), 10 * rng.Float64(), 10 * rng.Float64()}
		examples = append(examples, weights.Example{X: x, Draws: x[0]-x[1] > 2, Weight: 1})
	}
	m, err := weights.Train([]weights.Kind{{Name: "for", Sign: +1}, {Name: "against", Sign: -1}, {Name: "nothing"}}, examples)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range examples {
		if far := math.Abs(e.X[0]-e.X[1]-2) > 1; far && e.Draws != (m.Bits(e.X) > 0) {
			t.Errorf("%v: %v bits, and it is %v", e.X, m.Bits(e.X), e.Draws)
		}
	}
	span := func(k int) float64 { return slices.Max(m.Terms[k].Bits) - slices.Min(m.Terms[k].Bits) }
	if span(2) > span(0)/10 || span(2) > span(1)/10 {
		t.Errorf("what tells nothing spans %v bits, the others %v and %v", span(2), span(0), span(1))
	}
	if got := []string{m.Terms[0].Name, m.Terms[1].Name, m.Terms[2].Name}; !slices.Equal(got, []string{"for", "against", "nothing"}) {
		t.Errorf("terms %q", got)
	}
	if _, err := weights.Train([]weights.Kind{{Name: "for", Sign: +1}}, nil); err == nil {
		t.Error("learned from nothing")
	}
}

// A kind of evidence that speaks for it never speaks against it, even if the
// examples say so, and Train is deterministic.
func TestPropertyTrainKeepsSigns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		kinds := []weights.Kind{{Name: "up", Sign: +1}, {Name: "down", Sign: -1}, {Name: "either"}}
		turn := rapid.SampledFrom([]float64{-1, 0, 1}).Draw(t, "turn")
		var examples []weights.Example
		for range rapid.IntRange(1, 150).Draw(t, "examples") {
			x := []float64{rng.NormFloat64(), float64(rng.IntN(3)), rng.ExpFloat64()}
			examples = append(examples, weights.Example{X: x, Draws: turn*(x[0]-x[1])+rng.NormFloat64() > 0, Weight: 0.1 + rng.Float64()})
		}
		m, err := weights.Train(kinds, examples)
		if err != nil {
			t.Fatal(err)
		}
		for k, kind := range kinds {
			for i, b := range m.Terms[k].Bits {
				if math.IsNaN(b) || i > 0 && float64(kind.Sign)*(b-m.Terms[k].Bits[i-1]) < 0 {
					t.Fatalf("%s: %v", kind.Name, m.Terms[k].Bits)
				}
			}
		}
		again, err := weights.Train(kinds, examples)
		if diff := cmp.Diff(m, again); err != nil || diff != "" {
			t.Fatalf("%v\n%s", err, diff)
		}
		var b bytes.Buffer
		w := weights.Weights{Model: *m, Chance: weights.Chance{Bits: -1}}
		if err := w.Write(&b); err != nil {
			t.Fatal(err)
		}
		if _, err := weights.Read(&b); err != nil {
			t.Fatalf("what was learned does not read: %v", err)
		}
	})
}

// poisson draws a number of which mu is the mean.
func poisson(rng *rand.Rand, mu float64) int {
	n := 0
	for p := rng.Float64(); p > math.Exp(-mu); p *= rng.Float64() {
		n++
	}
	return n
}

// unrelated makes up texts whose portions score by chance as a formula says,
// from -7 bits on.
func unrelated(rng *rand.Rand, n int, c weights.Chance) []weights.Unrelated {
	var out []weights.Unrelated
	log := func(n int) float64 { return math.Log(float64(n)) }
	k := c.Curve / 10
	for i := range n {
		u := weights.Unrelated{Text: weights.Text{Words: 50 + rng.IntN(500), Portions: []int{1000, 8000, 60_000}[i%3]}}
		least := -7*c.Bits + 49*k
		for range poisson(rng, math.Exp(c.Base+c.Words*log(u.Words)+c.Archive*log(u.Portions)+least)) {
			// So many bits that no more than a random share have more.
			share := math.Log(1-rng.Float64()) + least
			u.Bits = append(u.Bits, (-c.Bits-math.Sqrt(c.Bits*c.Bits+4*k*share))/(2*k))
		}
		slices.Sort(u.Bits)
		slices.Reverse(u.Bits)
		out = append(out, u)
	}
	return out
}

func TestFitChance(t *testing.T) {
	t.Parallel()
	truth := weights.Chance{Base: -6, Words: 0.25, Archive: 0.3, Bits: -0.7, Curve: -0.1}
	rng := rand.New(rand.NewPCG(3, 4))
	texts := unrelated(rng, 600, truth)
	c, err := weights.FitChance(texts, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, portions := range []int{1000, 8000, 60_000} {
		for b := -6.0; b <= 1; b++ {
			text := weights.Text{Words: 200, Portions: portions}
			want := truth.Expect(text, b)
			if got := c.Expect(text, b); got > want*1.3 || got < want/1.3 {
				t.Errorf("%d portions, %v bits: %v expected, %v were made", portions, b, got, want)
			}
		}
	}
	// A text that does draw on something makes no difference.
	for i := range 40 {
		texts[i].Bits = append([]float64{50}, texts[i].Bits...)
	}
	with, err := weights.FitChance(texts, 45)
	if diff := cmp.Diff(c, with); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	if _, err := weights.FitChance(texts[:99], 1000); err == nil || !strings.Contains(err.Error(), "fewer than 100 texts") {
		t.Errorf("of 99 texts: %v", err)
	}
}

// Texts that say nothing of how bits and chance go together give no formula
// by which chance grows.
func TestFitChanceFailsClosed(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 6))
	texts := make([]weights.Unrelated, 200)
	for i := range texts {
		texts[i] = weights.Unrelated{Text: weights.Text{Words: 100, Portions: 1000}, Bits: []float64{2.5, 2 + rng.Float64()/2}}
	}
	c, err := weights.FitChance(texts, 3)
	if err == nil && !(c.Expect(texts[0].Text, 20) < c.Expect(texts[0].Text, 0)) {
		t.Errorf("%+v", c)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(some))
	f.Add([]byte(`{"format":1,"model":{"terms":[{}]},"chance":{"bits":-1}}`))
	f.Add([]byte(`{"format":1,"chance":{"base":1e308,"archive":1e308,"bits":-1e308,"curve":1e300}}`))
	f.Add([]byte(`{"format":1,"model":{"base":0,"terms":[{"knots":[0,1e-320,1e308],"bits":[1e308,-1e308,0]}]},"chance":{"bits":-1e-9}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		w, err := weights.Read(bytes.NewReader(b))
		if err != nil {
			return
		}
		for i := range w.Model.Terms {
			for _, x := range []float64{-1e9, -1, 0, 0.5, 3, 1e9} {
				if got := w.Model.Terms[i].At(x); math.IsNaN(got) {
					t.Fatalf("%+v at %v is no number", w.Model.Terms[i], x)
				}
			}
		}
		for _, text := range []weights.Text{{}, {Words: 300, Portions: 1_000_000}} {
			last := math.Inf(1)
			for b := -20.0; b <= 100; b += 5 {
				e := w.Chance.Expect(text, b)
				if !(e > 0) || e > float64(max(text.Portions, 1)) || e > last {
					t.Fatalf("%+v: %v expected of %v bits, %v of fewer", w.Chance, e, b, last)
				}
				last = e
			}
		}
		var first, second bytes.Buffer
		if err := w.Write(&first); err != nil {
			t.Fatal(err)
		}
		again, err := weights.Read(bytes.NewReader(first.Bytes()))
		if err == nil {
			err = again.Write(&second)
		}
		if err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Fatalf("what was written reads as something else: %v", err)
		}
	})
}
