package main

import (
	"math/rand/v2"
	"runtime"
	"sync"

	"tearline/bench/kit"
	"tearline/leak/fingerprint/bound"
	"tearline/leak/fingerprint/simulate"
)

// An amount is how much is done.
type amount struct {
	effort    kit.Effort
	innocents int // copies that had no part in it, of each kind of leak
	batch     int // of them against one leak
	sampled   int // words by importance sampling
	leaks     int // to count false names in
	family    int // leaks of a kind, with 17 innocent copies each
	trials    int // of what takes longest; more of others
	nearest   int // trials
	copies    int // to decode, at 500 points
}

var (
	full = amount{
		effort: kit.Effort{Reps: 7, Slot: 1e8, Long: 2e9, Few: 3}, innocents: 10_000_000, batch: 10_000, sampled: 300_000, leaks: 200_000, family: 50_000, trials: 400, nearest: 300, copies: 10_000,
	}
	short = amount{
		effort: kit.Effort{Reps: 3, Slot: 1e7, Long: 1e9, Few: 1}, innocents: 200_000, batch: 10_000, sampled: 50_000, leaks: 5_000, family: 2_000, trials: 20, nearest: 50, copies: 10_000,
	}
)

// A bench is what all benchmarks of one run work on.
type bench struct {
	*kit.Bench
	amount
}

func newBench(k *kit.Bench, a amount) *bench {
	k.Effort = a.effort
	return &bench{Bench: k, amount: a}
}

// Close has nothing to give up.
func (b *bench) Close() error { return nil }

// dice are random numbers from a seed: worlds are the same each time.
type dice struct{ *rand.Rand } //nolint:forbidigo // as is said

func newDice(seed, stream uint64) dice {
	return dice{rand.New(rand.NewPCG(seed, stream))} //nolint:forbidigo,gosec // as is said
}

// chance is true with probability p.
func (d dice) chance(p float64) bool { return d.Float64() < p }

// parallel calls do with 0 to n-1, on all processors, until one fails.
func (b *bench) parallel(n int, do func(i int) error) error {
	var lock sync.Mutex
	var failed error
	next := 0
	take := func() (int, bool) {
		lock.Lock()
		defer lock.Unlock()
		next++
		if failed == nil {
			failed = b.Ctx.Err()
		}
		return next - 1, next <= n && failed == nil
	}
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i, ok := take(); ok; i, ok = take() {
				if err := do(i); err != nil {
					lock.Lock()
					failed = err
					lock.Unlock()
				}
			}
		})
	}
	group.Wait()
	return failed
}

// innocent is how often a copy that had no part in it agrees at a mark.
func innocent(m bound.Mark) float64 {
	if m.Y == 1 {
		return m.P
	}
	return 1 - m.P
}

// noises are the rates of misreading that are tried.
var noises = []float64{0, .1}

func noiseName(flips float64) string {
	if flips == 0 {
		return "no flips"
	}
	return kit.Number(100*flips) + " % flips"
}

// plan is a leak of the usual kind: 1,000 copies, one in a million.
func plan(bias simulate.Bias, attack simulate.Attack, sources, points int, flips float64) simulate.Plan {
	return simulate.Plan{Recipients: 1000, Points: points, Coalition: sources, Attack: attack, Bias: bias, Flips: flips, Bound: 1e-6}
}
