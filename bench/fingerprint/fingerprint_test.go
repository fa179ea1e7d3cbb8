package main

import (
	"math"
	"testing"

	"tearline/bench/kit"
	"tearline/bench/kit/kittest"
	"tearline/leak/fingerprint/bound"
	"tearline/leak/fingerprint/simulate"
)

// TestAll: every benchmark gives results.
func TestAll(t *testing.T) {
	p := program
	p.Full = amount{effort: kit.Effort{Reps: 1, Slot: 1e6, Long: 1e9, Few: 1}, innocents: 4000, batch: 1000, sampled: 500, leaks: 20, trials: 1, nearest: 2, copies: 60}
	kittest.All(t, &p)
}

// TestTilted: what is counted less is counted right, over all words.
func TestTilted(t *testing.T) {
	marks := []bound.Mark{{Arity: 2, P: bound.NuidaLow, Y: 1}, {Arity: 2, P: bound.NuidaHigh, Y: 1}, {Arity: 2, P: bound.NuidaLow}}
	tilts := []tilt{tiltBy(marks, agreement, .3), tiltBy(marks, interleaved, .3)}
	d := newDice(1, 2)
	const draws = 50_000
	var all, agree float64
	for range draws {
		word, weight := tilted(d, marks, tilts)
		all += weight
		if word[0] == 1 && word[1] == 1 && word[2] == 0 {
			agree += weight
		}
	}
	want := bound.NuidaLow * bound.NuidaHigh * bound.NuidaHigh
	if math.Abs(all/draws-1) > .02 || math.Abs(agree/draws-want) > .02*want {
		t.Errorf("%v and %v, want 1 and %v", all/draws, agree/draws, want)
	}
}

func TestNearest(t *testing.T) {
	w := simulate.World{
		Marks:  []bound.Mark{{Y: 1}, {Y: 1}, {Y: 0}},
		Copies: [][]byte{{0, 1, 0}, {1, 0, 0}, {0, 0, 0}},
	}
	if got := nearest(w); got != 1 {
		t.Errorf("copy %d", got)
	}
}
