package main

import (
	"math"
	"slices"
	"testing"
)

// invented are times as they come: mostly alike, some much longer; those of
// what is there longer by a shift.
func invented(d *dice, n int, shift float64) (times [2][]float64) {
	for range n {
		x := 10_000 + 300*(d.unit()+d.unit()+d.unit())
		if d.chance(0.05) {
			x += 50_000 * d.unit()
		}
		class := d.under(2)
		times[class] = append(times[class], x+shift*float64(class))
	}
	return times
}

// A difference of half a hundredth is found among times of which one in twenty
// is far off; where there is none, none is found.
func TestDudect(t *testing.T) {
	const n, runs = 10_000, 40
	found := 0
	for seed := range uint64(runs) {
		d := &dice{seed}
		if x, _ := dudect(invented(d, n, 0)); x > tMost {
			t.Errorf("seed %d: |t| is %.2f of times without a difference", seed, x)
		}
		if x, _ := dudect(invented(d, n, 50)); x > tMost {
			found++
		}
	}
	if found != runs {
		t.Errorf("a difference is found in %d of %d runs", found, runs)
	}
}

// Welch's t of two small samples, worked out by hand: means 2 and 5, variances
// 1 and 4 of three each.
func TestWelch(t *testing.T) {
	times := [2][]float64{absent: {1, 2, 3}, there: {3, 5, 7}}
	x, e := welch(times, math.Inf(1), 1)
	if want := math.Sqrt(5.0 / 3); math.Abs(e-want) > 1e-9 || math.Abs(x-3/want) > 1e-9 {
		t.Errorf("|t| %v, standard error %v; want %v and %v", x, e, 3/want, want)
	}
	if x, _ := welch([2][]float64{{1}, {2}}, math.Inf(1), 1); x != 0 {
		t.Errorf("|t| %v of single times", x)
	}
}

// Times that differ in nothing but how far they scatter are told apart, too.
func TestScatter(t *testing.T) {
	d := &dice{1}
	var times [2][]float64
	for range 10_000 {
		times[absent] = append(times[absent], 100+10*d.unit())
		times[there] = append(times[there], 95+20*d.unit())
	}
	if x, _ := welch(times, math.Inf(1), 2); x < tMost {
		t.Errorf("|t| of the squares is %.2f", x)
	}
}

// Questions have names of their own.
func TestQuestions(t *testing.T) {
	var names []string
	for _, q := range questions() {
		if slices.Contains(names, q.what) {
			t.Errorf("%s twice", q.what)
		}
		names = append(names, q.what)
	}
	if len(names) != 28 {
		t.Errorf("%d questions", len(names))
	}
}
