package bound_test

import (
	"fmt"
	"maps"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tearline/leak/fingerprint/bound"
)

const (
	lo = bound.NuidaLow
	hi = bound.NuidaHigh
)

// bits makes marks of two alternatives.
func bits(p float64, ys ...uint8) []bound.Mark {
	var out []bound.Mark
	for _, y := range ys {
		out = append(out, bound.Mark{Arity: 2, P: p, Y: y})
	}
	return out
}

// near says whether got is what it should be, or above it by less than one part
// in 10⁹.
func near(got, want float64) bool { return got >= want*(1-1e-13) && got <= want*(1+1e-9) }

// TestMost: the most marks, and the most copies, that there may be.
func TestMost(t *testing.T) {
	marks := bits(.5, make([]byte, bound.MaxMarks)...)
	if _, err := bound.Weigh(marks, [][]byte{make([]byte, len(marks))}); err != nil {
		t.Error(err)
	}
	if f, err := bound.Decode(nil, make([][]byte, bound.MaxCopies), bound.Params{}); err != nil || len(f.Narrowed.Copies) != bound.MaxCopies {
		t.Errorf("%v", err)
	}
	// What counts for nothing is not looked at.
	odd := []bound.Mark{{Arity: 3, P: math.NaN(), Y: 1}, {Arity: 3, P: math.NaN(), Y: 1}, {Arity: 2, P: .5}}
	same := []bound.Mark{{Arity: 3, Y: 1}, {Arity: 3, Y: 1}, {Arity: 2, P: .5}}
	words, _ := allWords(same)
	got, err := bound.Weigh(odd, words)
	want, err2 := bound.Weigh(same, words)
	if err != nil || err2 != nil || !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestNodes: the biases are the roots of 6x² − 6x + 1.
func TestNodes(t *testing.T) {
	for _, x := range []float64{lo, hi} {
		if math.Abs(6*x*x-6*x+1) > 1e-15 {
			t.Errorf("%v is no root", x)
		}
	}
	if lo >= hi || bound.Half != .5 {
		t.Errorf("%v, %v, %v", lo, hi, bound.Half)
	}
}

// small are worlds of which all words can be counted.
var small = map[string][]bound.Mark{
	"half":               bits(.5, 1, 0, 1, 1, 0, 0, 1, 1),
	"half, mostly ones":  bits(.5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
	"two-point":          slices.Concat(bits(lo, 1, 0, 0, 1, 0), bits(hi, 1, 1, 0, 1, 0)),
	"two-point, ones":    slices.Concat(bits(lo, 1, 1, 1, 1, 1), bits(hi, 1, 1, 1, 1, 1)),
	"two-point, zeros":   slices.Concat(bits(lo, 0, 0, 0, 0, 0), bits(hi, 0, 0, 0, 0, 0)),
	"two-point, common":  slices.Concat(bits(lo, 0, 0, 0, 0, 0), bits(hi, 1, 1, 1, 1, 1)),
	"two-point, rare":    slices.Concat(bits(lo, 1, 1, 1, 1, 1), bits(hi, 0, 0, 0, 0, 0)),
	"one bias, rare":     bits(lo, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
	"one bias, spread":   bits(lo, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0),
	"three biases":       slices.Concat(bits(.1127, 1, 0, 0), bits(.5, 1, 0), bits(.8873, 1, 1, 0)),
	"of three, four":     {{Arity: 3, Y: 2}, {Arity: 4}, {Arity: 2, P: lo, Y: 1}, {Arity: 2, P: hi, Y: 1}, {Arity: 3, Y: 1}},
	"of 60":              {{Arity: 60, Y: 7}, {Arity: 2, P: .5}, {Arity: 2, P: .25, Y: 1}},
	"read softly":        {{Arity: 2, P: .5, Y: 1, Flip: .01}, {Arity: 2, P: .5, Flip: .2}, {Arity: 2, P: .5, Y: 1, Flip: .4}, {Arity: 2, P: lo, Y: 1, Flip: .1}, {Arity: 2, P: hi, Y: 1, Flip: .25}, {Arity: 3, Flip: .3}},
	"of three, softly":   {{Arity: 3, Y: 2, Flip: .5}, {Arity: 3}, {Arity: 2, P: lo, Flip: .5}, {Arity: 64, Flip: .5}},
	"of five, softly":    {{Arity: 5, Y: 3, Flip: .5}, {Arity: 5, Flip: .5}, {Arity: 2, P: .5}, {Arity: 2, P: .5, Y: 1}},
	"nothing to be read": {{Arity: 2, P: .5, Y: 1, Flip: .5}, {Arity: 2, P: .5, Flip: .5}},
	"one":                bits(lo, 1),
	"none":               nil,
	"far from half":      bits(.001, 0, 1, 0),
}

// TestEveryWord: p-values are those of all words there can be, for each score
// of the page and for all together.
func TestEveryWord(t *testing.T) {
	for name, marks := range small {
		t.Run(name, func(t *testing.T) {
			words, chance := allWords(marks)
			got, err := bound.Weigh(marks, words)
			if err != nil {
				t.Fatal(err)
			}
			adaptive, _ := oracleAdaptive(marks)
			symmetric := bySum(marks, oracleSymmetric(marks), words, chance)
			interleaving := bySum(marks, oracleInterleaving(marks, 3), words, chance)
			adapted := bySum(marks, adaptive, words, chance)
			least := make([]float64, len(words))
			for k := range words {
				least[k] = min(symmetric[k], interleaving[k], adapted[k])
			}
			for k, g := range got {
				// How often is the smallest so small? By words, not by scores.
				any := 0.0
				for other, p := range chance {
					if least[other] <= least[k]*(1+1e-9) {
						any += p
					}
				}
				want := bound.PValues{Symmetric: symmetric[k], Interleaving: interleaving[k], Adaptive: adapted[k], P: any}
				if !near(g.Symmetric, want.Symmetric) || !near(g.Interleaving, want.Interleaving) || !near(g.Adaptive, want.Adaptive) || !near(g.P, want.P) {
					t.Fatalf("word %v: %v, want %v", words[k], g, want)
				}
			}
		})
	}
}

// TestModel: what is taken for likely is what the page says.
func TestModel(t *testing.T) {
	seen := make(map[string]bool)
	worlds := maps.Clone(small)
	names := []string{"interleave", "majority", "minority", "all ones", "all zeros", "coin"}
	// y as often 1 as colluders by each attack would show it.
	for _, attack := range names {
		for c := 1; c <= 6; c++ {
			var marks []bound.Mark
			for _, p := range []float64{.07, lo, .35, .5, .6, hi, .9} {
				one := shownBy(attack, bound.Mark{P: p, Y: 1}, c, -1)
				for i := range 15 {
					y := uint8(0)
					if float64(i) < 15*one {
						y = 1
					}
					marks = append(marks, bound.Mark{Arity: 2, P: p, Y: y})
				}
			}
			worlds[fmt.Sprint(attack, c)] = marks
		}
	}
	// Where a coin not quite fair, or another price, would change it.
	for _, ones := range [][2]int{{48, 66}, {38, 66}, {30, 43}, {16, 65}, {33, 52}} {
		ys := func(n int) []uint8 { return append(slices.Repeat([]uint8{1}, n), make([]uint8, 100-n)...) }
		worlds[fmt.Sprint("any, ", ones)] = slices.Concat(bits(lo, ys(ones[0])...), bits(.6, ys(ones[1])...))
	}
	// And by chance, so that it is a near thing here and there.
	r := rand.New(rand.NewPCG(61, 62))
	for k := range 150 {
		attack, c := names[r.IntN(len(names))], 1+r.IntN(6)
		marks := make([]bound.Mark, 10+r.IntN(100))
		for i := range marks {
			marks[i] = bound.Mark{Arity: 2, P: []float64{lo, .5, .6}[i%3], Y: 1}
			if r.Float64() > shownBy(attack, marks[i], c, -1) {
				marks[i].Y = 0
			}
		}
		worlds[fmt.Sprint("any", k)] = marks
	}
	for name, marks := range worlds {
		word := make([]byte, len(marks))
		for i := range word {
			if word[i] = uint8(i % 2); i%3 > 0 {
				word[i] = marks[i].Y
			}
		}
		f, err := bound.Decode(marks, [][]byte{word, word, word}, bound.Params{})
		gains, want := oracleAdaptive(marks)
		if err != nil || f.Model != want {
			t.Errorf("%s: %v, %v, want %v", name, f.Model, err, want)
		}
		seen[fmt.Sprint(want)] = true
		if strings.HasPrefix(name, "any") {
			continue
		}
		ps, err := bound.Weigh(marks, [][]byte{word})
		if p := pOf(marks, gains, word); err != nil || !near(ps[0].Adaptive, p) {
			t.Errorf("%s: %v, want %v", name, ps, p)
		}
	}
	if len(seen) < 14 {
		t.Errorf("only %d different ones", len(seen))
	}
}

// exactTail is P[Bin(r, u) + Bin(c, 1−u) ≥ least], to a hundred figures.
func exactTail(r, c, least int, u float64) *big.Float {
	num := func(x float64) *big.Float { return new(big.Float).SetPrec(400).SetFloat64(x) }
	toss := func(n int, p *big.Float) []*big.Float {
		q := new(big.Float).Sub(num(1), p)
		out := make([]*big.Float, n+1)
		for k := range out {
			x := new(big.Float).SetPrec(400).SetInt(new(big.Int).Binomial(int64(n), int64(k)))
			for range k {
				x.Mul(x, p)
			}
			for range n - k {
				x.Mul(x, q)
			}
			out[k] = x
		}
		return out
	}
	p := num(u)
	sum := num(0)
	common := toss(c, new(big.Float).Sub(num(1), p))
	for i, x := range toss(r, p) {
		for k, y := range common {
			if i+k >= least {
				sum.Add(sum, new(big.Float).Mul(x, y))
			}
		}
	}
	return sum
}

func TestPValueSymmetric(t *testing.T) {
	for _, c := range []struct {
		rare, of, common, from int
		bias, u                float64
	}{
		{41, 44, 0, 0, .5, .5}, // 8.1e-10, as the page has it
		{0, 0, 41, 44, .5, .5},
		{20, 22, 21, 22, .5, .5},
		{10, 10, 39, 39, lo, lo},
		{10, 10, 39, 39, hi, lo},
		{20, 50, 95, 100, lo, lo},
		{0, 7, 0, 9, lo, lo},
		{100, 100, 90, 100, .3, .3},
		{90, 100, 100, 100, .7, 1 - .7},
		{430, 440, 0, 0, lo, lo}, // 1e-270
		{600, 600, 0, 0, .5, .5}, // 2.4e-181
		{100, 101, 0, 0, .001, .001},
		{0, 0, 0, 0, lo, lo},
		{10, 10, 1, 2, .51, 1 - .51},
	} {
		got, err := bound.PValueSymmetric(c.rare, c.of, c.common, c.from, c.bias)
		if err != nil {
			t.Fatal(err)
		}
		want := exactTail(c.of, c.from, c.rare+c.common, c.u)
		ratio, _ := new(big.Float).Quo(new(big.Float).SetFloat64(got), want).Float64()
		if ratio < 1 && got < 1 || ratio > 1+1e-9 {
			t.Errorf("%v: %v, which is %v of %v", c, got, ratio, want)
		}
	}
	if p, _ := bound.PValueSymmetric(41, 44, 0, 0, .5); fmt.Sprintf("%.1e", p) != "8.1e-10" {
		t.Errorf("%v", p)
	}
	// To the last bit, on every machine: 72 roundings.
	if p, _ := bound.PValueSymmetric(1, 1, 0, 0, .5); p != .5*(1+72*0x1p-52)+1e-310 {
		t.Errorf("%v", p)
	}
	if p, _ := bound.PValueSymmetric(0, 0, 0, 0, .5); p != 1 {
		t.Errorf("%v", p)
	}
	// Nothing is smaller than what rounding can be answered for.
	for _, n := range []int{997, 1000, 2000, 8192} {
		if p, err := bound.PValueSymmetric(n, n, 0, 0, .5); p != 1e-300 || err != nil {
			t.Errorf("%d tosses: %v, %v", n, p, err)
		}
	}
	if p, err := bound.PValueSymmetric(996, 996, 0, 0, .5); p != 0x1p-996*(1+7037*0x1p-52)+1e-310 || err != nil {
		t.Errorf("%v, %v", p, err)
	}
	for _, c := range []struct {
		rare, of, common, from int
		bias                   float64
		want                   string
	}{
		{-1, 0, 0, 0, .5, "-1 of 0 rare"},
		{2, 1, 0, 0, .5, "2 of 1 rare"},
		{0, 8193, 0, 0, .5, "0 of 8193 rare"},
		{0, 0, -1, 0, .5, "-1 of 0 common"},
		{0, 0, 3, 2, .5, "3 of 2 common"},
		{0, 0, 0, 8193, .5, "0 of 8193 common"},
		{1, 1, 0, 0, .0009, "bias 0.0009: want 0.001 to 0.999"},
		{1, 1, 0, 0, .9991, "bias 0.9991"},
		{1, 1, 0, 0, math.NaN(), "bias NaN"},
	} {
		if p, err := bound.PValueSymmetric(c.rare, c.of, c.common, c.from, c.bias); err == nil || p != 0 || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v", c, err)
		}
	}
	if p, err := bound.PValueSymmetric(0, 0, 8192, 8192, lo); p != 1e-300 || err != nil {
		t.Errorf("%v, %v", p, err)
	}
	for _, bias := range []float64{.001, .999} {
		if _, err := bound.PValueSymmetric(1, 1, 0, 0, bias); err != nil {
			t.Error(err)
		}
	}
}

// TestManyMarks: with thousands of marks p-values are what the table of
// binomials says, and time and memory stay small.
func TestManyMarks(t *testing.T) {
	marks := slices.Concat(bits(lo, slices.Repeat([]uint8{1}, 1500)...), bits(lo, slices.Repeat([]uint8{0}, 1500)...))
	word := make([]byte, len(marks))
	for i := range word {
		word[i] = marks[i].Y
		if i%2 == 0 {
			word[i] = 1 - word[i]
		}
	}
	got, err := bound.Weigh(marks, [][]byte{word})
	want, _ := bound.PValueSymmetric(750, 1500, 750, 1500, lo)
	if err != nil || got[0].Symmetric != want {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
	// Of 3,000 marks none gains more than 43.
	rare := int(math.Round(43 * oracleInterleaving(marks[1500:1501], 3)[0] / oracleInterleaving(marks[:1], 3)[0]))
	over := make([]float64, 1502) // how often so many agree where most copies do
	for c := 1500; c >= 0; c-- {
		over[c] = over[c+1] + exactly(1500, c, hi)
	}
	sum := 0.0
	for a := range 1501 {
		sum += exactly(1500, a, lo) * over[min(1501, max(0, (750*(43+rare)-a*43+rare-1)/rare))]
	}
	if math.Abs(got[0].Interleaving/sum-1) > 1e-8 {
		t.Errorf("%v, want %v", got[0], sum)
	}
	// Read softly, each in its own way: the scores are still small numbers.
	r := rand.New(rand.NewPCG(1, 2))
	for i := range marks {
		marks[i].Flip = r.Float64() / 2
	}
	if _, err = bound.Weigh(marks[:600], [][]byte{word[:600]}); err != nil {
		t.Error(err)
	}
}

// aWorld is marks, and words of some copies.
type aWorld struct {
	marks []bound.Mark
	words [][]byte
}

func anyMark(t *rapid.T) bound.Mark {
	m := bound.Mark{Arity: rapid.SampledFrom([]int{2, 2, 2, 2, 3, 5}).Draw(t, "arity"), Flip: rapid.SampledFrom([]float64{0, 0, 0, .01, .13, .4}).Draw(t, "flip")}
	if m.Arity == 2 {
		m.P = rapid.SampledFrom([]float64{lo, hi, .5, .3}).Draw(t, "p")
	}
	m.Y = uint8(rapid.IntRange(0, m.Arity-1).Draw(t, "y"))
	return m
}

func anyWorld(t *rapid.T) aWorld {
	w := aWorld{marks: rapid.SliceOfN(rapid.Custom(anyMark), 1, 60).Draw(t, "marks")}
	for range rapid.IntRange(1, 6).Draw(t, "copies") {
		word := make([]byte, len(w.marks))
		for i, m := range w.marks {
			word[i] = byte(rapid.IntRange(-1, m.Arity-1).Draw(t, "x"))
		}
		w.words = append(w.words, word)
	}
	return w
}

func weigh(t *rapid.T, marks []bound.Mark, words [][]byte) []bound.PValues {
	got, err := bound.Weigh(marks, words)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestMoreAgreement: agreeing at one more mark raises no p-value.
func TestMoreAgreement(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := anyWorld(t)
		word := w.words[0]
		i := rapid.IntRange(0, len(word)-1).Draw(t, "mark")
		if word[i] == bound.Absent {
			return
		}
		better := slices.Clone(word)
		better[i] = w.marks[i].Y
		got := weigh(t, w.marks, [][]byte{word, better})
		if b, a := got[0], got[1]; a.Symmetric > b.Symmetric || a.Interleaving > b.Interleaving || a.Adaptive > b.Adaptive || a.P > b.P {
			t.Fatalf("%v, with one more %v", b, a)
		}
	})
}

// TestOrder: in which order marks and copies come is no matter, and neither are
// marks that a copy never had, where they are not needed to choose the model.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := anyWorld(t)
		want := weigh(t, w.marks, w.words)
		order := rapid.Permutation(slices.Collect(func(yield func(int) bool) {
			for i := range w.marks {
				if !yield(i) {
					return
				}
			}
		})).Draw(t, "order")
		var marks []bound.Mark
		words := make([][]byte, len(w.words))
		for _, i := range order {
			marks = append(marks, w.marks[i])
			for j, word := range w.words {
				words[len(words)-1-j] = append(words[len(words)-1-j], word[i])
			}
		}
		got := weigh(t, marks, words)
		for j := range got {
			a, b := want[j], got[len(got)-1-j]
			for _, p := range [][2]float64{{a.Symmetric, b.Symmetric}, {a.Interleaving, b.Interleaving}, {a.P, b.P}} {
				if !near(p[0], p[1]) && !near(p[1], p[0]) {
					t.Fatalf("%v, in another order %v", a, b)
				}
			}
		}
	})
}

// TestAbsent: the law is over the marks that the copy had.
func TestAbsent(t *testing.T) {
	marks := slices.Concat(bits(lo, 1, 0, 0, 1, 0), bits(hi, 1, 1, 0, 1, 0))
	had := []int{1, 2, 4, 6, 7, 9}
	var some []bound.Mark
	for _, i := range had {
		some = append(some, marks[i])
	}
	words, _ := allWords(some)
	for k := range words {
		with := slices.Repeat([]byte{bound.Absent}, len(marks))
		for n, i := range had {
			with[i] = words[k][n]
		}
		got, err := bound.Weigh(marks, [][]byte{with})
		want, err2 := bound.Weigh(some, [][]byte{words[k]})
		if err != nil || err2 != nil || got[0].Symmetric != want[0].Symmetric || got[0].Interleaving != want[0].Interleaving {
			t.Fatalf("%v: %v, want %v", words[k], got, want)
		}
	}
}

// TestFlips: rates of misreading are told apart in steps, and what is between
// two of them counts as the higher.
func TestFlips(t *testing.T) {
	steps := []float64{.001, .003, .01, .02, .05, .1, .15, .2, .25, .3, .35, .4, .45, .5}
	at := func(flip float64) []bound.PValues {
		// Half of the marks have that rate, half the usual one.
		marks := slices.Concat(bits(lo, 1, 0, 1), bits(.5, 1, 0), []bound.Mark{{Arity: 5}}, bits(lo, 1, 0, 1), bits(.5, 1), []bound.Mark{{Arity: 5}})
		for i := range 6 {
			marks[i].Flip = flip
		}
		all, _ := allWords(marks)
		var words [][]byte
		for k := 0; k < len(all); k += 11 {
			words = append(words, all[k])
		}
		got, err := bound.Weigh(marks, words)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	before := at(1e-12)
	if !slices.Equal(before, at(steps[0])) {
		t.Error("the lowest step is not the lowest")
	}
	for k, step := range steps[1:] {
		here := at(step)
		if slices.Equal(here, before) || !slices.Equal(here, at(steps[k]*1.01)) || !slices.Equal(here, at(step*.99)) {
			t.Errorf("%v is no step", step)
		}
		before = here
	}
	if !slices.Equal(at(0), at(bound.DefaultFlip)) {
		t.Error("the usual rate is not the usual rate")
	}
}

// TestRoundedUp: how much p-values are rounded up is fixed to the last bit, so
// that they are the same on every machine.
func TestRoundedUp(t *testing.T) {
	marks := small["two-point"]
	word := []byte{1, 0, 0, 1, 1, 1, 1, 0, 1, 1}
	got, err := bound.Weigh(marks, [][]byte{word})
	if err != nil || got[0] != (bound.PValues{Symmetric: 0.06056042871373506, Interleaving: 0.020636478445383275, Adaptive: 0.06056042871373506, P: 0.020636478445381332}) {
		t.Errorf("%+v, %v", got, err)
	}
}
