// Package simulate plays leaks in made-up worlds and counts how often a source
// is found, and how often a copy that had no part in it is named. It is how one
// learns beforehand what so many points can do, and how the bound of package
// bound is put to the test.
//
// In a world the words of all copies are drawn from the biases as they would be
// for real; some copies' holders make a text of theirs by one of the attacks,
// some of it is lost or misread, and what is left is decoded. Nothing here is
// used when a real leak is decoded, and nothing here may know more of a word
// than a leak would show. All randomness comes from the seeds that it is given.
package simulate

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"tearline/leak/fingerprint/bound"
)

// An Attack is how several sources make one text of theirs. Where all have the
// same alternative, they show it.
type Attack string

// The attacks, at a point where they differ.
const (
	Interleave Attack = "interleave" // the alternative of one of them, drawn anew for each point
	Majority   Attack = "majority"   // what most of them have; of a tie either
	Minority   Attack = "minority"   // what fewest of them have; of a tie either
	AllOnes    Attack = "all-ones"   // always alternative 1
	Reword     Attack = "reword"     // neither: the point is erased
	Coin       Attack = "coin"       // either
)

// Attacks are all of them.
var Attacks = []Attack{Interleave, Majority, Minority, AllOnes, Reword, Coin}

// A Bias is how the probabilities of alternative 1 are drawn.
type Bias string

// The biases.
const (
	Nuida Bias = "nuida" // either node of the two-point code
	Half  Bias = "half"  // one half
)

// A Plan is one kind of leak.
type Plan struct {
	Recipients int // copies, one each: 1 to 100,000
	Points     int // of the copies in the excerpt: 1 to bound.MaxMarks
	Coalition  int // sources, 0 to Recipients; of 0, the text is drawn like a copy of its own
	Attack     Attack
	Bias       Bias
	Flips      float64 // how often a point is misread: from 0, below 0.5
	Erasures   float64 // how often a point is lost: from 0, below 1
	Bound      float64 // on naming any innocent copy: above 0, at most 0.01
}

// What is simulated at most.
const (
	MaxRecipients = 100_000
	MaxTrials     = 100_000_000
	mostBound     = .01
)

// Check says what is wrong with a plan, if anything.
func (p *Plan) Check() error {
	rate := func(x float64) bool { return x >= 0 && x < 1 }
	switch {
	case p.Recipients < 1 || p.Recipients > MaxRecipients:
		return fmt.Errorf("%d recipients: want 1 to %d", p.Recipients, MaxRecipients)
	case p.Points < 1 || p.Points > bound.MaxMarks:
		return fmt.Errorf("%d points: want 1 to %d", p.Points, bound.MaxMarks)
	case p.Coalition < 0 || p.Coalition > p.Recipients:
		return fmt.Errorf("a coalition of %d: want 0 to %d", p.Coalition, p.Recipients)
	case !slices.Contains(Attacks, p.Attack):
		return fmt.Errorf("attack %q: want one of %q", p.Attack, Attacks)
	case p.Bias != Nuida && p.Bias != Half:
		return fmt.Errorf("bias %q: want %q or %q", p.Bias, Nuida, Half)
	case !rate(2 * p.Flips):
		return fmt.Errorf("flips at a rate of %v: want 0 or more, less than 0.5", p.Flips)
	case !rate(p.Erasures):
		return fmt.Errorf("erasures at a rate of %v: want 0 or more, less than 1", p.Erasures)
	case !(p.Bound > 0 && p.Bound <= mostBound):
		return fmt.Errorf("bound %v: want more than 0, at most %v", p.Bound, mostBound)
	}
	return nil
}

// A Trial is what became of one leak.
type Trial struct {
	// Sources and Innocent are how many copies were named of either kind.
	Sources, Innocent int
	// Finding is what was found. Copies 0 to Coalition-1 are the sources.
	Finding bound.Finding
}

// A World is one leak, before anybody compares copies.
type World struct {
	Marks  []bound.Mark
	Copies [][]byte
}

// NewWorld draws one. The random numbers are those of r, and no others; the
// first copies are the sources. The error is about the plan.
func NewWorld(r *rand.Rand, p Plan) (World, error) { //nolint:forbidigo // the caller's seed: nothing here is secret
	if err := p.Check(); err != nil {
		return World{}, err
	}
	d := dice{r}
	biases := make([]float64, p.Points)
	for i := range biases {
		if biases[i] = bound.Half; p.Bias == Nuida {
			biases[i] = [...]float64{bound.NuidaLow, bound.NuidaHigh}[d.below(2)]
		}
	}
	words := make([][]byte, p.Recipients)
	for j := range words {
		words[j] = d.word(biases)
	}
	sources := words[:p.Coalition]
	if p.Coalition == 0 {
		sources = [][]byte{d.word(biases)}
	}
	var w World
	var kept []int
	for i := range biases {
		y, ok := p.Attack.shows(d, sources, i)
		if !ok || d.chance(p.Erasures) {
			continue
		}
		if d.chance(p.Flips) {
			y = 1 - y
		}
		kept = append(kept, i)
		w.Marks = append(w.Marks, bound.Mark{Arity: 2, P: biases[i], Y: y})
	}
	for _, word := range words {
		for k, i := range kept {
			word[k] = word[i]
		}
		w.Copies = append(w.Copies, word[:len(kept)])
	}
	return w, nil
}

// dice are random numbers in the forms that are needed.
type dice struct{ *rand.Rand } //nolint:forbidigo // as above

// chance is true with probability p, below 1.
func (d dice) chance(p float64) bool { return d.Uint64() < uint64(math.Ldexp(p, 64)) }

// below is a number from 0 to n-1.
func (d dice) below(n int) int { return d.IntN(n) }

// word draws the word of a copy.
func (d dice) word(biases []float64) []byte {
	word := make([]byte, len(biases))
	for i, p := range biases {
		if d.chance(p) {
			word[i] = 1
		}
	}
	return word
}

// shows is what the sources show at a point, if anything.
func (a Attack) shows(d dice, sources [][]byte, i int) (y byte, ok bool) {
	ones := 0
	for _, word := range sources {
		ones += int(word[i])
	}
	switch {
	case ones == 0:
		return 0, true
	case ones == len(sources):
		return 1, true
	}
	coin := byte(d.below(2)) //nolint:gosec // 0 or 1
	more := coin             // what most have
	switch {
	case 2*ones > len(sources):
		more = 1
	case 2*ones < len(sources):
		more = 0
	}
	switch a {
	case Interleave:
		return sources[d.below(len(sources))][i], true
	case Majority:
		return more, true
	case Minority:
		return 1 - more, true
	case AllOnes:
		return 1, true
	case Coin:
		return coin, true
	case Reword:
	}
	return 0, false
}

// Play draws a world and decodes it. The random numbers are those of r.
func Play(r *rand.Rand, p Plan) (Trial, error) { //nolint:forbidigo // as above
	w, err := NewWorld(r, p)
	if err != nil {
		return Trial{}, err
	}
	f, err := bound.Decode(w.Marks, w.Copies, bound.Params{Bound: p.Bound})
	if err != nil {
		return Trial{}, err
	}
	t := Trial{Finding: f}
	for _, c := range f.Named {
		if c.Copy < p.Coalition {
			t.Sources++
		} else {
			t.Innocent++
		}
	}
	return t, nil
}

// A Result sums up trials.
type Result struct {
	Trials int `json:"trials"`
	// Detected is in how many any source was named, FalseAccusations in how many
	// any other copy was.
	Detected         int `json:"detected"`
	FalseAccusations int `json:"false_accusations"`
	// Points is how many points of the copies were in the excerpt.
	Points int `json:"points"`
	// ThresholdP is what a copy's p-value must not be above, to be named by itself.
	ThresholdP float64 `json:"threshold_p"`
}

// Run plays a number of trials, on all processors. The result depends on the
// plan, the number and the seed, and on nothing else. progress may be nil; it is
// called with the number of trials done, by one goroutine at a time.
func Run(ctx context.Context, p Plan, trials int, seed uint64, progress func(done int)) (Result, error) {
	if trials < 1 || trials > MaxTrials {
		return Result{}, fmt.Errorf("%d trials: want 1 to %d", trials, MaxTrials)
	}
	if err := p.Check(); err != nil {
		return Result{}, err
	}
	out := Result{Trials: trials, Points: p.Points}
	var lock sync.Mutex
	var failed error
	next, done := 0, 0
	take := func() (int, bool) {
		lock.Lock()
		defer lock.Unlock()
		next++
		return next - 1, next <= trials && failed == nil && ctx.Err() == nil
	}
	add := func(t Trial, err error) {
		lock.Lock()
		defer lock.Unlock()
		if err != nil {
			failed = err
			return
		}
		if done++; t.Sources > 0 {
			out.Detected++
		}
		if t.Innocent > 0 {
			out.FalseAccusations++
		}
		out.ThresholdP = max(out.ThresholdP, t.Finding.Threshold)
		if progress != nil {
			progress(done)
		}
	}
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i, ok := take(); ok; i, ok = take() {
				add(Play(rand.New(rand.NewPCG(seed, uint64(i))), p)) //nolint:forbidigo,gosec // a seed for each trial; i counts from 0
			}
		})
	}
	group.Wait()
	if failed = cmp.Or(failed, ctx.Err()); failed != nil {
		return Result{}, failed
	}
	return out, nil
}
