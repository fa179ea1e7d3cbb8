package bound_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline/leak/fingerprint/bound"
)

// drawn draws words from marks' biases.
func drawn(r *rand.Rand, marks []bound.Mark, n int) [][]byte {
	words := make([][]byte, n)
	for j := range words {
		words[j] = make([]byte, len(marks))
		for i, m := range marks {
			switch {
			case m.Arity > 2:
				words[j][i] = byte(r.IntN(m.Arity))
			case r.Float64() < m.P:
				words[j][i] = 1
			}
		}
	}
	return words
}

// twoPoint is so many marks of the two-point code, in turn.
func twoPoint(n int) []bound.Mark {
	marks := make([]bound.Mark, n)
	for i := range marks {
		marks[i] = bound.Mark{Arity: 2, P: []float64{lo, hi}[i%2]}
	}
	return marks
}

// show makes the marks show what a mixture of words has, and some misread.
func show(r *rand.Rand, marks []bound.Mark, flips float64, words ...[]byte) {
	for i := range marks {
		marks[i].Y = words[r.IntN(len(words))][i]
		if r.Float64() < flips {
			marks[i].Y = 1 - marks[i].Y
		}
	}
}

// hex writes a word by its bits, and back.
func word(s string) []byte {
	out := make([]byte, len(s))
	for i := range s {
		out[i] = s[i] - '0'
		if s[i] == '-' {
			out[i] = bound.Absent
		}
	}
	return out
}

func decode(tb testing.TB, marks []bound.Mark, words [][]byte, p bound.Params) bound.Finding {
	tb.Helper()
	f, err := bound.Decode(marks, words, p)
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

// TestNamed is decoding by the numbers: at p = 1/2 a copy that agrees at all of
// m marks has a p-value of 2⁻ᵐ, by whatever score.
func TestNamed(t *testing.T) {
	ones := func(n int) string { return strings.Repeat("1", n) }
	zeros := func(n int) string { return strings.Repeat("0", n) }
	half := func(n int) []bound.Mark { return bits(.5, word(strings.Repeat("10", n))[:n]...) }
	agree := func(n, k int) []byte {
		w := make([]byte, n)
		for i, m := range half(n) {
			if w[i] = m.Y; i >= k {
				w[i] = 1 - m.Y
			}
		}
		return w
	}
	others := func(n, copies int) [][]byte { return slices.Repeat([][]byte{agree(n, n/2)}, copies) }
	gone := slices.Clone(agree(30, 30))
	for i := range 10 {
		gone[i] = bound.Absent
	}
	tests := map[string]struct {
		marks  []bound.Mark
		copies [][]byte
		params bound.Params
		reason bound.Reason
		named  []bound.Named
	}{
		"1,000 copies, 30 points": {
			half(30), append(others(30, 999), agree(30, 30)),
			bound.Params{},
			"",
			[]bound.Named{{Copy: 999, Round: 1, Points: 30, Agree: 30, P: 0x1p-30, Adjusted: 1000 * 0x1p-30}},
		},
		"29 are too few for 1,000": {half(29), append(others(29, 999), agree(29, 29)), bound.Params{}, bound.WithinChance, nil},
		"one look more":            {half(30), append(others(30, 999), agree(30, 30)), bound.Params{Looks: 2}, bound.WithinChance, nil},
		"a wider bound":            {half(29), append(others(29, 999), agree(29, 29)), bound.Params{Bound: 2e-6}, "", []bound.Named{{Copy: 999, Round: 1, Points: 29, Agree: 29, P: 0x1p-29, Adjusted: 1000 * 0x1p-29}}},
		"a stricter bound":         {half(30), append(others(30, 999), agree(30, 30)), bound.Params{Bound: 9e-7}, bound.WithinChance, nil},
		"41 of 44, the page's": {
			half(44), append(others(44, 999), agree(44, 41)),
			bound.Params{},
			"",
			[]bound.Named{{Copy: 999, Round: 1, Points: 44, Agree: 41, P: 8.091660674836612e-10, Adjusted: 8.091660674836612e-7}},
		},
		"20 points":            {half(20), append(others(20, 2), agree(20, 20)), bound.Params{Bound: 1e-5}, "", []bound.Named{{Copy: 2, Round: 1, Points: 20, Agree: 20, P: 0x1p-20, Adjusted: 3 * 0x1p-20}}},
		"19 points":            {half(19), append(others(19, 2), agree(19, 19)), bound.Params{Bound: 1e-5}, bound.TooFewPoints, nil},
		"20 points, by chance": {half(20), append(others(20, 2), agree(20, 20)), bound.Params{}, bound.WithinChance, nil},
		"more are asked for":   {half(20), append(others(20, 2), agree(20, 20)), bound.Params{Bound: 1e-5, MinPoints: 21}, bound.TooFewPoints, nil},
		"two copies":           {half(40), [][]byte{agree(40, 40), agree(40, 20)}, bound.Params{}, bound.TooFewCopies, nil},
		"three copies":         {half(40), [][]byte{agree(40, 20), agree(40, 40), agree(40, 20)}, bound.Params{}, "", []bound.Named{{Copy: 1, Round: 1, Points: 40, Agree: 40, P: 0x1p-40, Adjusted: 3 * 0x1p-40}}},
		"no copies":            {half(40), nil, bound.Params{}, bound.TooFewCopies, nil},
		"no marks":             {nil, [][]byte{{}, {}, {}}, bound.Params{}, bound.TooFewPoints, nil},
		"it had two thirds":    {half(30), append(others(30, 2), gone), bound.Params{Bound: 1e-5}, "", []bound.Named{{Copy: 2, Round: 1, Points: 20, Agree: 20, P: 0x1p-20, Adjusted: 3 * 0x1p-20}}},
		"of four": {
			slices.Repeat([]bound.Mark{{Arity: 4, Y: 3}}, 20),
			[][]byte{word(zeros(20)), word(strings.Repeat("3", 20)), word(ones(20))},
			bound.Params{},
			"",
			[]bound.Named{{Copy: 1, Round: 1, Points: 20, Agree: 20, P: 0x1p-40, Adjusted: 3 * 0x1p-40}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := decode(t, test.marks, test.copies, test.params)
			if f.Reason != test.reason || len(f.Named) != len(test.named) {
				t.Fatalf("%+v", f)
			}
			for k, got := range f.Named {
				want := test.named[k]
				if !near(got.P, want.P) || !near(got.Adjusted, want.Adjusted) {
					t.Errorf("%v, %v, want %v, %v", got.P, got.Adjusted, want.P, want.Adjusted)
				}
				got.P, got.Adjusted = want.P, want.Adjusted
				if got != want {
					t.Errorf("%+v, want %+v", got, want)
				}
			}
			if (f.Narrowed == nil) != (f.Reason == "" || f.Reason == bound.TooFewCopies) {
				t.Errorf("narrowed: %+v", f.Narrowed)
			}
		})
	}
}

// TestFinding: a finding is stable, plain, and the same again.
func TestFinding(t *testing.T) {
	marks := bits(.5, word(strings.Repeat("1100", 10))...)
	copies := [][]byte{word(strings.Repeat("1010", 10)), word(strings.Repeat("1100", 10)), word(strings.Repeat("0110", 10))}
	f := decode(t, marks, copies, bound.Params{Looks: 4})
	got, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"copies":3,"points":40,"bound":0.000001,"looks":4,"min_points":20,"threshold":8.333333333333333e-8,` +
		`"model":{"attack":"interleave","colluders":1},"named":[{"copy":1,"round":1,"points":40,"agree":40,"p":9.094947017729`
	if !strings.HasPrefix(string(got), want) {
		t.Errorf("%s", got)
	}
	var again bound.Finding
	if err := json.Unmarshal(got, &again); err != nil || !cmp.Equal(again, f) || !cmp.Equal(decode(t, marks, copies, again.Params), f) {
		t.Errorf("%v: %s", err, cmp.Diff(again, f))
	}
	// Nothing that was given is changed.
	before := slices.Clone(marks)
	marks[0].Flip, before[0].Flip = .07, .07
	decode(t, marks, copies, bound.Params{})
	if !slices.Equal(marks, before) {
		t.Error("the marks were changed")
	}
}

// furtherP is the p-value in a further round: over all counts of agreement at
// marks that are alike.
func furtherP(marks []bound.Mark, of []byte, named ...[]byte) float64 {
	c := float64(len(named))
	gains := [2][]int{on(oracleInterleaving(marks, c+1, named...)), on(oracleInterleaving(marks, c+2, named...))}
	type kind struct {
		u float64
		g [2]int
	}
	count := make(map[kind]int)
	for i, m := range marks {
		count[kind{math.Round(innocent(m)*1e12) / 1e12, [2]int{gains[0][i], gains[1][i]}}]++
	}
	law := map[[2]int]float64{{}: 1}
	for k, n := range count {
		next := make(map[[2]int]float64)
		for a := 0; a <= n; a++ {
			q := exactly(n, a, k.u)
			for s, p := range law {
				next[[2]int{s[0] + a*k.g[0], s[1] + a*k.g[1]}] += p * q
			}
		}
		law = next
	}
	var tails [2][]float64
	for k := range tails {
		tails[k] = make([]float64, 64*len(marks)+2)
		for s, p := range law {
			tails[k][s[k]] += p
		}
		for s := len(tails[k]) - 2; s >= 0; s-- {
			tails[k][s] += tails[k][s+1]
		}
	}
	least, sum := min(tails[0][scoreOf(marks, gains[0], of)], tails[1][scoreOf(marks, gains[1], of)]), 0.0
	for s, p := range law {
		if min(tails[0][s[0]], tails[1][s[1]]) <= least*(1+1e-9) {
			sum += p
		}
	}
	return sum
}

// TestFurtherRounds: once a copy is named, others are weighed by what it does
// not explain, and that p-value is exact as well.
func TestFurtherRounds(t *testing.T) {
	const most = 1e-5
	r := rand.New(rand.NewPCG(3, 4))
	rounds := make(map[int]int)
	for range 8 {
		marks := twoPoint(150)
		words := drawn(r, marks, 3)
		// The first shows most of it, another the rest.
		show(r, marks, 0, words[0], words[0], words[1])
		words[1][5], words[0][7] = bound.Absent, bound.Absent
		f := decode(t, marks, words, bound.Params{Bound: 2 * most, Looks: 2})
		for _, c := range f.Named {
			rounds[c.Round]++
			var before [][]byte
			for _, other := range f.Named {
				if other.Round < c.Round {
					before = append(before, words[other.Copy])
				}
			}
			if len(before) == 0 {
				if !near(c.Adjusted, 6*c.P) || c.Adjusted > 2*most {
					t.Errorf("%+v", c)
				}
				continue
			}
			had := func(word []byte) (out []byte) {
				for i, x := range word {
					if words[c.Copy][i] != bound.Absent {
						out = append(out, x)
					}
				}
				return out
			}
			some := make([]bound.Mark, 0, len(marks))
			for i, m := range marks {
				if words[c.Copy][i] != bound.Absent {
					some = append(some, m)
				}
			}
			for k := range before {
				before[k] = had(before[k])
			}
			if want := furtherP(some, had(words[c.Copy]), before...); math.Abs(c.P-want) > 1e-7*want || !near(c.Adjusted, 18*c.P) || c.Adjusted > 2*most {
				t.Errorf("%+v, want %v", c, want)
			}
		}
	}
	if rounds[1] < 5 || rounds[2] < 3 {
		t.Errorf("named by round: %v", rounds)
	}
}

// togetherP is the p-value of a word by all three scores of the first round, over
// all counts of agreement at marks that are alike, of which there are few kinds.
func togetherP(marks []bound.Mark, word []byte) float64 {
	adaptive, _ := oracleAdaptive(marks)
	gains := [][]int{on(oracleInterleaving(marks, 3)), on(oracleSymmetric(marks)), on(adaptive)}
	type kind struct {
		u float64
		g [3]int
	}
	count := make(map[kind]int)
	for i, m := range marks {
		count[kind{math.Round(innocent(m)*1e12) / 1e12, [3]int{gains[0][i], gains[1][i], gains[2][i]}}]++
	}
	law := map[[3]int]float64{{}: 1}
	for k, n := range count {
		next := make(map[[3]int]float64)
		for a := 0; a <= n; a++ {
			q := exactly(n, a, k.u)
			for s, p := range law {
				next[[3]int{s[0] + a*k.g[0], s[1] + a*k.g[1], s[2] + a*k.g[2]}] += p * q
			}
		}
		law = next
	}
	tails := make([][]float64, 3)
	for k := range tails {
		tails[k] = make([]float64, 64*len(marks)+2)
		for s, p := range law {
			tails[k][s[k]] += p
		}
		for s := len(tails[k]) - 2; s >= 0; s-- {
			tails[k][s] += tails[k][s+1]
		}
	}
	least := func(s [3]int) float64 { return min(tails[0][s[0]], tails[1][s[1]], tails[2][s[2]]) }
	var own [3]int
	for k := range own {
		own[k] = scoreOf(marks, gains[k], word)
	}
	sum := 0.0
	for s, p := range law {
		if least(s) <= least(own)*(1+1e-9) {
			sum += p
		}
	}
	return sum
}

// TestLongWork: a copy that might be named is given an exact p-value even where
// that takes long; without, it is the smallest of three, by their shares.
func TestLongWork(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	marks := slices.Concat(twoPoint(32), bits(.5, make([]uint8, 16)...))
	words := drawn(r, marks, 12)
	for i := range marks { // all ones, of two
		marks[i].Y = max(words[0][i], words[1][i])
	}
	ps, err := bound.Weigh(marks, words)
	if err != nil {
		t.Fatal(err)
	}
	for j, p := range ps {
		if want := min(1, 3*min(p.Symmetric, p.Interleaving, p.Adaptive)); !near(p.P, want) {
			t.Errorf("copy %d: %v, want %v of %+v", j, p.P, want, p)
		}
	}
	exact := togetherP(marks, words[0])
	if exact > .95*ps[0].P {
		t.Fatalf("%v, %v: too near each other", exact, ps[0].P)
	}
	// Just within the bound, by the exact one alone.
	limit := 12 * exact * (1 + 1e-7)
	f := decode(t, marks, words, bound.Params{Bound: limit})
	k := slices.IndexFunc(f.Named, func(c bound.Named) bool { return c.Copy == 0 })
	if k < 0 || math.Abs(f.Named[k].P-exact) > 1e-8*exact {
		t.Errorf("%+v, want %v", f, exact)
	}
	f = decode(t, marks, words, bound.Params{Bound: 12 * exact * (1 - 1e-7)})
	if slices.ContainsFunc(f.Named, func(c bound.Named) bool { return c.Copy == 0 && c.Round == 1 }) {
		t.Errorf("%+v, with less than %v", f, exact)
	}
}

// TestWork: how many counts are gone through, for every copy and for one that
// might be named.
func TestWork(t *testing.T) {
	// So many marks of each class, that all differ.
	world := func(sizes ...int) (marks []bound.Mark) {
		for k, n := range sizes {
			p := []float64{.2, .3, .35, .4, .1, .45}[k/2]
			marks = append(marks, bits(p, slices.Repeat([]uint8{uint8(k % 2)}, n)...)...)
		}
		return marks
	}
	r := rand.New(rand.NewPCG(41, 42))
	for _, c := range []struct {
		marks       []bound.Mark
		quick, long bool // exact for all; for one that might be named
	}{
		{world(3, 3, 3, 3, 3, 3, 20), true, true},                 // 4⁶
		{world(3, 3, 3, 3, 3, 4, 20), false, true},                // a little more
		{world(3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 6), false, true},  // 4¹¹
		{world(4, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 6), false, false}, // a little more
	} {
		words := drawn(r, c.marks, 6)
		for i, m := range c.marks {
			if words[0][i] = m.Y; i%9 == 1 {
				words[0][i] = 1 - m.Y
			}
		}
		ps, err := bound.Weigh(c.marks, words)
		if err != nil {
			t.Fatal(err)
		}
		for j, p := range ps {
			if bonferroni := min(1, 3*min(p.Symmetric, p.Interleaving, p.Adaptive)); near(p.P, bonferroni) == c.quick || p.P > 1 {
				t.Errorf("%d marks, copy %d: %+v", len(c.marks), j, p)
			}
		}
		f := decode(t, c.marks, words, bound.Params{Bound: .01})
		if len(f.Named) == 0 || f.Named[0].Copy != 0 || near(f.Named[0].P, ps[0].P) == (c.long && !c.quick) {
			t.Errorf("%d marks: %+v, weighed %v", len(c.marks), f.Named, ps[0])
		}
	}
}

// TestShares: where many marks were read, the interleaving score has the larger
// share.
func TestShares(t *testing.T) {
	for points, others := range map[int]float64{384: 1. / 3, 768: 1. / 12} {
		r := rand.New(rand.NewPCG(31, 32))
		marks := twoPoint(points)
		words := drawn(r, marks, 4)
		for i := range marks {
			marks[i].Y = max(words[0][i], words[1][i], words[2][i], words[3][i])
		}
		ps, err := bound.Weigh(marks, words)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range ps {
			if want := min(1, p.Interleaving/(1-2*others), p.Symmetric/others, p.Adaptive/others); !near(p.P, want) {
				t.Errorf("%d points: %v, want %v of %+v", points, p.P, want, p)
			}
		}
	}
}

// TestManyAreNamed: what is named in one round explains what the next one sees,
// up to all sources.
func TestManyAreNamed(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	marks := twoPoint(1200)
	words := drawn(r, marks, 40)
	show(r, marks, .05, words[:3]...)
	f := decode(t, marks, words, bound.Params{})
	var named []int
	for _, c := range f.Named {
		named = append(named, c.Copy)
	}
	slices.Sort(named)
	if !slices.Equal(named, []int{0, 1, 2}) {
		t.Errorf("%+v", f.Named)
	}
}

// chance is how often a binomial of n with probability p is as much or more.
func chance(n, least int, p float64) float64 {
	sum := 0.0
	for k := least; k <= n; k++ {
		sum += exactly(n, k, p)
	}
	return sum
}

// exactly is how often it is that much.
func exactly(n, k int, p float64) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return math.Exp(a - b - c + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
}

// TestBoundHolds: innocent copies are named no more often than the bound says,
// whatever the text is: by nobody's copy, or by some that are named before.
func TestBoundHolds(t *testing.T) {
	const most = .01
	trials := 800
	if testing.Short() {
		trials = 500
	}
	for name, sources := range map[string]int{"text of no copy": 0, "one source": 1, "two sources": 2} {
		r := rand.New(rand.NewPCG(11, 12))
		falsely := 0
		for range trials {
			marks := twoPoint(60)
			text := drawn(r, marks, 1)
			words := drawn(r, marks, 4)
			if sources > 0 {
				text = words[:sources]
			}
			show(r, marks, .02, text...)
			f := decode(t, marks, words, bound.Params{Bound: most})
			if slices.ContainsFunc(f.Named, func(c bound.Named) bool { return c.Copy >= sources }) {
				falsely++
			}
		}
		if chance(trials, falsely, most) < 1e-4 {
			t.Errorf("%s: %d of %d trials", name, falsely, trials)
		}
		// The test would see a bound that is far from what is spent.
		if sources == 0 && float64(falsely) < float64(trials)*most/4 {
			t.Errorf("%s: only %d of %d trials", name, falsely, trials)
		}
	}
}

// tilted are words that agree more often than innocent ones do, drawn by one or
// another of some tilts, and by how much each is to be counted less.
func tilted(r *rand.Rand, marks []bound.Mark, draws int, tilts [][]float64) (words [][]byte, weight []float64) {
	words, weight = make([][]byte, draws), make([]float64, draws)
	for j := range words {
		words[j] = make([]byte, len(marks))
		by := tilts[r.IntN(len(tilts))]
		ratios := slices.Repeat([]float64{1}, len(tilts)) // of probabilities, to an innocent copy's
		for i, m := range marks {
			agrees := r.Float64() < by[i]
			if words[j][i] = m.Y; !agrees {
				words[j][i] = 1 - m.Y
			}
			u := innocent(m)
			for k, v := range tilts {
				if agrees {
					ratios[k] *= v[i] / u
				} else {
					ratios[k] *= (1 - v[i]) / (1 - u)
				}
			}
		}
		sum := 0.0
		for _, x := range ratios {
			sum += x / float64(len(tilts))
		}
		weight[j] = 1 / sum
	}
	return words, weight
}

// tilt makes agreement likelier by the gains, as far as a probability of level
// is from what is usual.
func tilt(marks []bound.Mark, gains []float64, level float64) []float64 {
	v := make([]float64, len(marks))
	for far, by := 0.0, 0.0; far < -math.Log(level); by += .01 {
		far = 0
		for i, m := range marks {
			u := innocent(m)
			odds := math.Exp(by*gains[i]) * u / (1 - u)
			v[i] = odds / (1 + odds)
			far += v[i]*math.Log(v[i]/u) + (1-v[i])*math.Log((1-v[i])/(1-u))
		}
	}
	return v
}

// TestTails: by importance sampling deep in the tail. It checks p-values without
// any law of a score.
func TestTails(t *testing.T) {
	const draws = 10_000
	r := rand.New(rand.NewPCG(5, 6))
	marks := twoPoint(100)
	show(r, marks, 0, drawn(r, marks, 1)...)
	all := [][]float64{oracleSymmetric(marks), oracleInterleaving(marks, 3)}
	for name, test := range map[string]struct {
		seed  uint64
		gains [][]float64
		of    func(bound.PValues) float64
	}{
		"symmetric":    {1, all[:1], func(p bound.PValues) float64 { return p.Symmetric }},
		"interleaving": {2, all[1:], func(p bound.PValues) float64 { return p.Interleaving }},
		"together":     {3, all, func(p bound.PValues) float64 { return p.P }},
	} {
		r := rand.New(rand.NewPCG(5, test.seed))
		for _, level := range []float64{1e-6, 1e-10} {
			var tilts [][]float64
			for _, g := range test.gains {
				tilts = append(tilts, tilt(marks, g, level))
			}
			words, weight := tilted(r, marks, draws, tilts)
			ps, err := bound.Weigh(marks, words)
			if err != nil {
				t.Fatal(err)
			}
			// The largest p-value within the level is its own probability.
			want, sum, square := 0.0, 0.0, 0.0
			for j := range ps {
				if p := test.of(ps[j]); p <= level {
					want = max(want, p)
					sum += weight[j]
					square += weight[j] * weight[j]
				}
			}
			got, off := sum/draws, math.Sqrt(square)/draws
			if math.Abs(got-want) > 4.5*off || off > .04*want {
				t.Errorf("%s, %v: %v ± %v, want %v", name, level, got, off, want)
			}
		}
	}
}

// TestPrice: one more copy or look never lowers what is told, and never adds a
// name to the first round.
func TestPrice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		marks := twoPoint(rapid.IntRange(20, 120).Draw(t, "points"))
		words := drawn(r, marks, rapid.IntRange(3, 12).Draw(t, "copies"))
		show(r, marks, rapid.SampledFrom([]float64{0, .1, .3}).Draw(t, "flips"), words[:2]...)
		params := bound.Params{Bound: 1e-3, Looks: rapid.IntRange(1, 5).Draw(t, "looks")}
		before, err := bound.Decode(marks, words, params)
		if err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "a look") {
			params.Looks++
		} else {
			// One that differs everywhere is not named.
			words = append(words, drawn(r, marks, 1)...)
			for i, m := range marks {
				words[len(words)-1][i] = 1 - m.Y
			}
		}
		after, err := bound.Decode(marks, words, params)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range after.Named {
			if a.Round > 1 {
				continue // what others explain has become less
			}
			k := slices.IndexFunc(before.Named, func(b bound.Named) bool { return a.Copy == b.Copy })
			if k < 0 || before.Named[k].Round > 1 || a.Adjusted <= before.Named[k].Adjusted {
				t.Fatalf("%+v, with more %+v", before, after)
			}
		}
	})
}

// TestNarrowed: what is left has the source nearly always, and innocent copies
// no more often than it says.
func TestNarrowed(t *testing.T) {
	const trials, n = 300, 400
	r := rand.New(rand.NewPCG(8, 9))
	for _, points := range []int{8, 15, 25} {
		kept, innocent, expected := 0, 0, 0.0
		for range trials {
			marks := twoPoint(points)
			words := drawn(r, marks, n)
			show(r, marks, .1, words[0])
			f := decode(t, marks, words, bound.Params{})
			if f.Narrowed == nil {
				kept++ // it was named
				continue
			}
			expected += f.Narrowed.Expected
			if f.Narrowed.Alpha < 1./n || f.Narrowed.Expected > f.Narrowed.Alpha*n*(1+1e-12) || !slices.IsSorted(f.Narrowed.Copies) {
				t.Fatalf("%+v", f.Narrowed)
			}
			for _, j := range f.Narrowed.Copies {
				if j == 0 {
					kept++
				} else {
					innocent++
				}
			}
		}
		if chance(trials, kept, .95) > 1-1e-4 || float64(innocent) > expected*1.1 || float64(innocent) < expected*.1 {
			t.Errorf("%d points: the source is kept in %d of %d; %d innocent copies, at most %.0f expected", points, kept, trials, innocent, expected)
		}
	}
}

// TestLadder: by the number of points, at p = 1/2, and with as many copies as
// there are.
func TestLadder(t *testing.T) {
	alpha := func(points, copies int) float64 {
		marks := bits(.5, slices.Repeat([]uint8{1, 0}, points)[:points]...)
		w := make([]byte, points)
		f := decode(t, marks, slices.Repeat([][]byte{w}, copies), bound.Params{})
		if f.Narrowed.Expected != f.Narrowed.Alpha*float64(copies) {
			t.Errorf("%+v", f.Narrowed)
		}
		return f.Narrowed.Alpha
	}
	for _, c := range []struct {
		points, copies int
		want           float64
	}{
		// By hand: Bin(m, .9) is at least k in 95 %, and Bin(m, ½) is so in …
		{0, 1000, 1},       // nothing was read
		{4, 1000, 1},       // 2 of 4 (99.6 %): .69; 3 of 4 only in 94.8 %
		{7, 1000, .3},      // 5 of 7 (97.4 %): .227
		{10, 1000, .3},     // 7 of 10 (98.7 %): .172
		{20, 1000, .01},    // 16 of 20 (95.7 %): .0059
		{30, 1000, .001},   // 24 of 30 (97.4 %): .0007
		{60, 1000, .001},   // no fewer than one innocent copy
		{60, 1001, .001},   // just above
		{60, 999, .003},    // 1/999 is more than .001
		{60, 3, 1},         // of three
		{60, 100, .01},     // of a hundred
		{60, 40, .03},      // of forty
		{60, 15, .1},       // of fifteen
		{60, 4, .3},        // of four
		{60, 5000, 3e-4},   // of five thousand
		{60, 20_000, 1e-4}, // of many
		{27, 1000, .001},   // 22 of 27 (95.3 %): .0008
		{25, 20_000, .003}, // 20 of 25 (96.7 %): .002
	} {
		if got := alpha(c.points, c.copies); got != c.want {
			t.Errorf("%d points, %d copies: %v, want %v", c.points, c.copies, got, c.want)
		}
	}
}

// TestLadderOfMany: with very many copies, at points of 64 alternatives each.
func TestLadderOfMany(t *testing.T) {
	marks := slices.Repeat([]bound.Mark{{Arity: 64}}, 12)
	word := slices.Repeat([]byte{1}, len(marks))
	for copies, want := range map[int]float64{1_000_000: 1e-6, 400_000: 3e-6, 120_000: 1e-5, 40_000: 3e-5} {
		if f := decode(t, marks, slices.Repeat([][]byte{word}, copies), bound.Params{}); f.Narrowed.Alpha != want || len(f.Narrowed.Copies) != 0 {
			t.Errorf("%d copies: %v", copies, f.Narrowed.Alpha)
		}
	}
}

// TestThirdRound: rounds go on as long as they name one.
func TestThirdRound(t *testing.T) {
	rounds := make(map[int]int)
	for seed := range uint64(9) {
		r := rand.New(rand.NewPCG(seed, 51))
		marks := twoPoint(600)
		words := drawn(r, marks, 4)
		show(r, marks, 0, words[0], words[0], words[0], words[0], words[0], words[0], words[1], words[1], words[1], words[2], words[2])
		f := decode(t, marks, words, bound.Params{Bound: 1e-9})
		for _, c := range f.Named {
			rounds[c.Round]++
			if c.Copy == 3 {
				t.Errorf("%+v", f)
			}
		}
	}
	if rounds[3] < 2 {
		t.Errorf("named by round: %v", rounds)
	}
}

func TestMinPoints(t *testing.T) {
	for _, c := range []struct {
		copies             int
		bound, bias, flips float64
		want               int
	}{
		{1000, 1e-6, .5, 0, 30},
		{100, 1e-6, .5, 0, 27},
		{10_000, 1e-6, .5, 0, 34},
		{1_000_000, 1e-6, .5, 0, 40},
		{100, 1e-3, .5, 0, 20}, // 17 would do by chance alone
		{1000, 1e-6, lo, 0, 49},
		{1000, 1e-6, hi, 0, 49},
		{1000, 1e-6, .5, .1, 69},
		{1000, 1e-6, lo, .1, 104},
		{3, .01, .5, 0, 20},
		{1 << 20, .01, .5, 0, 27},
	} {
		if got, err := bound.MinPoints(c.copies, c.bound, c.bias, c.flips); got != c.want || err != nil {
			t.Errorf("%v: %d, %v", c, got, err)
		}
	}
	for _, c := range []struct {
		copies             int
		bound, bias, flips float64
		want               string
	}{
		{2, 1e-6, .5, 0, "2 copies"},
		{1<<20 + 1, 1e-6, .5, 0, "1048577 copies"},
		{3, 0, .5, 0, "bound 0: want more than 0, at most 0.01"},
		{3, .011, .5, 0, "bound 0.011"},
		{3, 1e-6, .0001, 0, "bias 0.0001: want 0.001 to 0.999"},
		{3, 1e-6, .001, 0, "more than 640 points"},
		{3, 1e-6, .999, 0, "more than 640 points"},
		{3, 1e-6, .5, .251, "flips at a rate of 0.251: want 0 to 0.25"},
		{3, 1e-6, .9999, 0, "bias 0.9999"},
		{3, 1e-6, .5, -.1, "flips at a rate of -0.1"},
		{3, 1e-6, .5, .26, "flips at a rate of 0.26"},
		{1000, 1e-250, lo, .25, "more than 640 points"},
	} {
		if got, err := bound.MinPoints(c.copies, c.bound, c.bias, c.flips); err == nil || got != 0 || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %d, %v", c, got, err)
		}
	}
}

func TestFaults(t *testing.T) {
	ok := bound.Mark{Arity: 2, P: .5}
	words := [][]byte{{0}, {1}, {bound.Absent}}
	many := make([]bound.Mark, 1025)
	patterns := make([][]byte, 1025)
	for i := range many {
		many[i] = ok
		patterns[i] = make([]byte, 1025)
		patterns[i][i] = bound.Absent
	}
	for name, test := range map[string]struct {
		marks  []bound.Mark
		words  [][]byte
		params bound.Params
		want   string
	}{
		"one alternative":         {[]bound.Mark{{Arity: 1, P: .5}}, words, bound.Params{}, "mark 0: 1 alternatives: want 2 to 64"},
		"65 alternatives":         {[]bound.Mark{{Arity: 65}}, words, bound.Params{}, "mark 0: 65 alternatives"},
		"no probability":          {[]bound.Mark{{Arity: 2}}, words, bound.Params{}, "mark 0: probability 0: want 0.001 to 0.999"},
		"certain":                 {[]bound.Mark{{Arity: 2, P: .9991}}, words, bound.Params{}, "mark 0: probability 0.9991"},
		"not a number":            {[]bound.Mark{{Arity: 2, P: math.NaN()}}, words, bound.Params{}, "mark 0: probability NaN"},
		"no such alternative":     {[]bound.Mark{{Arity: 2, P: .5, Y: 2}}, words, bound.Params{}, "mark 0: alternative 2 of 2"},
		"misread below 0":         {[]bound.Mark{{Arity: 2, P: .5, Flip: -.1}}, words, bound.Params{}, "mark 0: misread at a rate of -0.1"},
		"misread above half":      {[]bound.Mark{{Arity: 2, P: .5, Flip: .51}}, words, bound.Params{}, "mark 0: misread at a rate of 0.51"},
		"all faults":              {[]bound.Mark{{}, {}}, words, bound.Params{}, "mark 1: 0 alternatives: want 2 to 64\ncopy 0: a word of 1 for 2 marks"},
		"a short word":            {[]bound.Mark{ok}, [][]byte{{0}, {}}, bound.Params{}, "copy 1: a word of 0 for 1 marks"},
		"a long word":             {[]bound.Mark{ok}, [][]byte{{0, 1}}, bound.Params{}, "copy 0: a word of 2 for 1 marks"},
		"it cannot have that":     {[]bound.Mark{ok}, [][]byte{{0}, {2}}, bound.Params{}, "copy 1: mark 0: alternative 2 of 2"},
		"a bound below 0":         {[]bound.Mark{ok}, words, bound.Params{Bound: -1}, "bound -1: want more than 0, at most 0.01"},
		"a bound that is none":    {[]bound.Mark{ok}, words, bound.Params{Bound: .0101}, "bound 0.0101"},
		"fewer looks than one":    {[]bound.Mark{ok}, words, bound.Params{Looks: -1}, "-1 looks: want 1 to 1048576"},
		"too many looks":          {[]bound.Mark{ok}, words, bound.Params{Looks: 1<<20 + 1}, "1048577 looks"},
		"fewer points than 20":    {[]bound.Mark{ok}, words, bound.Params{MinPoints: 19}, "19 points at least: want 20 to 8192"},
		"more points than marks":  {[]bound.Mark{ok}, words, bound.Params{MinPoints: 8193}, "8193 points at least"},
		"too many marks":          {make([]bound.Mark, 8193), words, bound.Params{}, "3 copies at 8193 marks: at most 1048576 at 8192"},
		"too many copies":         {nil, make([][]byte, 1<<20+1), bound.Params{}, "1048577 copies at 0 marks"},
		"too many sets of marks":  {many, patterns, bound.Params{}, "copies with more than 1024 different sets of marks"},
		"too many tables to make": {many, patterns[:1024], bound.Params{}, "1024 different sets of 1025 marks: at most 1048576 in all"},
	} {
		if _, err := bound.Decode(test.marks, test.words, test.params); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
		if test.params == (bound.Params{}) {
			if _, err := bound.Weigh(test.marks, test.words); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: weighed: %v", name, err)
			}
		}
	}
	// What is just allowed.
	edge := []bound.Mark{{Arity: 64, Y: 63, Flip: .5}, {Arity: 2, P: .001, Y: 1}, {Arity: 2, P: .999, Flip: 1e-9}}
	if f := decode(t, edge, [][]byte{{63, 1, 0}, {63, 0, 1}, {0, bound.Absent, 1}}, bound.Params{Bound: .01, Looks: 1 << 20, MinPoints: 8192}); f.Reason != bound.TooFewPoints {
		t.Errorf("%+v", f)
	}
}

// FuzzDecode: whatever is given, it is refused or weighed, and probabilities are
// probabilities.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("\x02\x80\x01\x00\x02\x40\x00\x30\x03\x00\x02\x10"), []byte{0, 1, 2, 1, 0, 255, 1, 1, 1}, 1e-3, 1)
	f.Add([]byte{}, []byte{}, 0., 0)
	f.Fuzz(func(t *testing.T, raw, xs []byte, most float64, looks int) {
		var marks []bound.Mark
		for ; len(raw) >= 4 && len(marks) < 200; raw = raw[4:] {
			marks = append(marks, bound.Mark{Arity: int(raw[0]), P: float64(raw[1]) / 256, Y: raw[2], Flip: float64(raw[3]) / 500})
		}
		var words [][]byte
		for n := len(marks); n > 0 && len(xs) >= n && len(words) < 50; xs = xs[n:] {
			words = append(words, xs[:n])
		}
		params := bound.Params{Bound: most, Looks: looks}
		found, err := bound.Decode(marks, words, params)
		if err != nil {
			return
		}
		for _, c := range found.Named {
			if !(c.P > 0 && c.P <= c.Adjusted && c.Adjusted <= found.Bound) || c.Points < bound.LeastPoints || c.Agree > c.Points {
				t.Errorf("%+v", c)
			}
		}
		ps, err := bound.Weigh(marks, words)
		for _, p := range ps {
			if !(p.P > 0 && p.P <= 1 && p.Symmetric > 0 && p.Symmetric <= 1) {
				t.Errorf("%+v", p)
			}
		}
		if err != nil || (found.Reason == "") == (len(found.Named) == 0) {
			t.Errorf("%+v, %v", found, err)
		}
	})
}

func Example() {
	// Of 24 points that were read, all with equally likely alternatives, copy 1 of
	// four agrees at all.
	var marks []bound.Mark
	copies := make([][]byte, 4)
	for i := range 24 {
		marks = append(marks, bound.Mark{Arity: 2, P: bound.Half, Y: byte(i % 2)})
		for j := range copies {
			copies[j] = append(copies[j], byte(i>>(j+1)%2))
		}
		copies[1][i] = byte(i % 2)
	}
	f, err := bound.Decode(marks, copies, bound.Params{Bound: 1e-5})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range f.Named {
		fmt.Printf("copy %d agrees at %d of %d points: p ≤ %.1e, for all %d copies %.1e\n", c.Copy, c.Agree, c.Points, c.P, f.Copies, c.Adjusted)
	}
	// Output: copy 1 agrees at 24 of 24 points: p ≤ 6.0e-08, for all 4 copies 2.4e-07
}
