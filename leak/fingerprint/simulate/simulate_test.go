package simulate_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline/leak/fingerprint/bound"
	"tearline/leak/fingerprint/simulate"
)

func plan() simulate.Plan {
	return simulate.Plan{Recipients: 50, Points: 40, Coalition: 1, Attack: simulate.Interleave, Bias: simulate.Half, Bound: 1e-6}
}

// TestRun: one copy, without noise, is always found where 2⁻ᵐ × copies is within
// the bound, and never where it is not.
func TestRun(t *testing.T) {
	for points, want := range map[int]int{26: 40, 25: 0} {
		p := plan()
		p.Points = points
		got, err := simulate.Run(t.Context(), p, 40, 7, nil)
		if err != nil || !cmp.Equal(got, simulate.Result{Trials: 40, Detected: want, Points: points, ThresholdP: 1e-6 / 50}) {
			t.Errorf("%d points: %+v, %v", points, got, err)
		}
	}
}

// TestSeeds: a result depends on the seed, and not on how many processors there
// are.
func TestSeeds(t *testing.T) {
	p := plan()
	p.Coalition, p.Points, p.Flips, p.Bias = 2, 110, .05, simulate.Nuida
	results := make(map[simulate.Result]bool)
	for seed := range uint64(6) {
		var all []simulate.Result
		for _, processors := range []int{1, 3} {
			before := runtime.GOMAXPROCS(processors)
			calls := 0
			got, err := simulate.Run(t.Context(), p, 30, seed, func(done int) {
				if calls++; done != calls {
					t.Errorf("progress %d after %d calls", done, calls)
				}
			})
			runtime.GOMAXPROCS(before)
			if err != nil || calls != 30 || got.Detected == 0 || got.Detected == 30 {
				t.Fatalf("%+v after %d calls, %v", got, calls, err)
			}
			all = append(all, got)
		}
		if all[0] != all[1] {
			t.Errorf("seed %d: %+v", seed, all)
		}
		results[all[0]] = true
	}
	if len(results) < 2 {
		t.Errorf("every seed gives %v", results)
	}
}

// TestFalseAccusations: they are counted, at the rate of the bound.
func TestFalseAccusations(t *testing.T) {
	p := plan()
	p.Coalition, p.Recipients, p.Bound, p.Points = 0, 5, .01, 30
	got, err := simulate.Run(t.Context(), p, 4000, 3, nil)
	if err != nil || got.Detected != 0 || got.FalseAccusations < 5 || got.FalseAccusations > 70 {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestAttacks sees what each attack shows where sources differ, and that all
// show what the sources have alike.
func TestAttacks(t *testing.T) {
	const points = 8000
	// How often a 1 is shown where so many of three, or of two, have one.
	want := map[simulate.Attack][3]float64{
		simulate.Interleave: {1. / 3, 2. / 3, .5},
		simulate.Majority:   {0, 1, .5},
		simulate.Minority:   {1, 0, .5},
		simulate.AllOnes:    {1, 1, 1},
		simulate.Coin:       {.5, .5, .5},
	}
	for _, attack := range simulate.Attacks {
		for coalition := 2; coalition <= 3; coalition++ {
			p := simulate.Plan{Recipients: 4, Points: points, Coalition: coalition, Attack: attack, Bias: simulate.Nuida, Bound: 1e-6}
			w, err := simulate.NewWorld(rand.New(rand.NewPCG(1, uint64(coalition))), p)
			if err != nil {
				t.Fatal(err)
			}
			var shown, of [4]float64
			for i, m := range w.Marks {
				ones := 0
				for _, word := range w.Copies[:coalition] {
					ones += int(word[i])
				}
				of[ones]++
				shown[ones] += float64(m.Y)
			}
			if shown[0] != 0 || shown[coalition] != of[coalition] || of[0] == 0 || of[coalition] == 0 {
				t.Errorf("%s of %d: %v of %v where all have the same", attack, coalition, shown, of)
			}
			for ones := 1; ones < coalition; ones++ {
				k := ones - 1
				if coalition == 2 {
					k = 2
				}
				if attack == simulate.Reword {
					if of[ones] != 0 {
						t.Errorf("reworded, and read all the same: %v", of)
					}
				} else if got := shown[ones] / of[ones]; math.Abs(got-want[attack][k]) > .05 {
					t.Errorf("%s, %d of %d: %v", attack, ones, coalition, got)
				}
			}
		}
	}
}

// TestNoise: words are drawn by the biases, and as much is lost and misread as
// was asked for.
func TestNoise(t *testing.T) {
	p := simulate.Plan{Recipients: 3, Points: 16_000 / 2, Coalition: 1, Attack: simulate.Interleave, Bias: simulate.Nuida, Flips: .2, Erasures: .25, Bound: 1e-6}
	w, err := simulate.NewWorld(rand.New(rand.NewPCG(2, 3)), p)
	if err != nil {
		t.Fatal(err)
	}
	var ones, of [2]float64
	wrong := 0.0
	for i, m := range w.Marks {
		k := 0
		if m.P == bound.NuidaHigh {
			k = 1
		} else if m.P != bound.NuidaLow {
			t.Fatalf("bias %v", m.P)
		}
		of[k]++
		ones[k] += float64(w.Copies[1][i])
		if m.Y != w.Copies[0][i] {
			wrong++
		}
	}
	n := float64(len(w.Marks))
	for what, c := range map[string][3]float64{
		"read":    {n, 6000, 160},
		"misread": {wrong / n, .2, .02},
		"low":     {ones[0] / of[0], bound.NuidaLow, .03},
		"high":    {ones[1] / of[1], bound.NuidaHigh, .03},
		"biases":  {of[0] / n, .5, .03},
	} {
		if math.Abs(c[0]-c[1]) > c[2] {
			t.Errorf("%s: %v, want about %v", what, c[0], c[1])
		}
	}
	for _, word := range w.Copies {
		if len(word) != len(w.Marks) {
			t.Errorf("a word of %d", len(word))
		}
	}
}

func TestFaults(t *testing.T) {
	for want, change := range map[string]func(*simulate.Plan){
		"0 recipients: want 1 to 100000":                        func(p *simulate.Plan) { p.Recipients = 0 },
		"100001 recipients":                                     func(p *simulate.Plan) { p.Recipients = 100_001 },
		"0 points: want 1 to 8192":                              func(p *simulate.Plan) { p.Points = 0 },
		"8193 points":                                           func(p *simulate.Plan) { p.Points = 8193 },
		"a coalition of -1: want 0 to 50":                       func(p *simulate.Plan) { p.Coalition = -1 },
		"a coalition of 51":                                     func(p *simulate.Plan) { p.Coalition = 51 },
		`attack "theft": want one of ["interleave" `:            func(p *simulate.Plan) { p.Attack = "theft" },
		`bias "none": want "nuida" or "half"`:                   func(p *simulate.Plan) { p.Bias = "none" },
		"flips at a rate of 0.5: want 0 or more, less than 0.5": func(p *simulate.Plan) { p.Flips = .5 },
		"flips at a rate of -1":                                 func(p *simulate.Plan) { p.Flips = -1 },
		"erasures at a rate of 1: want 0 or more, less ":        func(p *simulate.Plan) { p.Erasures = 1 },
		"erasures at a rate of -1":                              func(p *simulate.Plan) { p.Erasures = -1 },
		"bound 0.5: want more than 0":                           func(p *simulate.Plan) { p.Bound = .5 },
	} {
		p := plan()
		change(&p)
		if got, err := simulate.Run(t.Context(), p, 2, 1, nil); err == nil || !strings.Contains(err.Error(), want) || got != (simulate.Result{}) {
			t.Errorf("want %q: %+v, %v", want, got, err)
		}
	}
	for _, trials := range []int{0, 100_000_001} {
		if _, err := simulate.Run(t.Context(), plan(), trials, 1, nil); err == nil || !strings.HasPrefix(err.Error(), fmt.Sprint(trials, " trials")) {
			t.Error(err)
		}
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := simulate.Run(ended, plan(), 100, 1, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func Example() {
	// How often is one copy of 1,000 found by 40 points, of which one in twenty is
	// misread?
	p := simulate.Plan{Recipients: 1000, Points: 40, Coalition: 1, Attack: simulate.Interleave, Bias: simulate.Half, Flips: .05, Bound: 1e-6}
	got, err := simulate.Run(context.Background(), p, 50, 1, nil)
	fmt.Println(got.Trials, got.Detected > 20, got.FalseAccusations, err)
	// Output: 50 true 0 <nil>
}
