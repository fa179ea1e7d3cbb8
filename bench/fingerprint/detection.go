package main

import (
	"fmt"

	"tearline/bench/kit"
	"tearline/leak/fingerprint/simulate"
)

// benchDetection measures how often any source is named where the goals are: 1
// in a million among all copies, at 90 % or more.
func benchDetection(b *bench) error {
	type cell struct {
		bias                        simulate.Bias
		attack                      simulate.Attack
		sources, points, recipients int
		flips                       float64
	}
	cells := []cell{
		{simulate.Half, simulate.Interleave, 1, 30, 1000, 0},
		{simulate.Half, simulate.Interleave, 1, 75, 1000, .1},
		{simulate.Nuida, simulate.Interleave, 1, 49, 1000, 0},
		{simulate.Nuida, simulate.Interleave, 1, 103, 1000, .1},
		{simulate.Nuida, simulate.Interleave, 2, 195, 1000, 0},
		{simulate.Nuida, simulate.Interleave, 2, 350, 1000, .1},
		{simulate.Nuida, simulate.Interleave, 3, 390, 1000, 0},
		{simulate.Nuida, simulate.Interleave, 3, 660, 1000, .1},
		{simulate.Nuida, simulate.Interleave, 5, 900, 1000, 0},
		{simulate.Nuida, simulate.Interleave, 5, 1550, 1000, .1},
		{simulate.Half, simulate.Interleave, 1, 34, 10_000, 0},
		{simulate.Half, simulate.Interleave, 1, 83, 10_000, .1},
		{simulate.Nuida, simulate.Interleave, 1, 56, 10_000, 0},
		{simulate.Nuida, simulate.Interleave, 1, 120, 10_000, .1},
	}
	for _, c := range []struct{ sources, points int }{{2, 230}, {3, 520}, {5, 1100}} {
		for _, attack := range []simulate.Attack{simulate.Interleave, simulate.Majority, simulate.Minority, simulate.AllOnes, simulate.Reword} {
			cells = append(cells, cell{simulate.Nuida, attack, c.sources, c.points, 1000, 0})
		}
	}
	for _, c := range cells {
		trials := b.trials
		switch {
		case c.sources == 1:
			trials *= 10
		case c.flips > 0:
			trials *= 5 // where it is a near thing
		}
		p := plan(c.bias, c.attack, c.sources, c.points, c.flips)
		p.Recipients = c.recipients
		got, err := simulate.Run(b.Ctx, p, trials, 1, nil)
		if err != nil {
			return err
		}
		what := fmt.Sprintf("%s copies, %s, %d sources, %s, %s, %s points, %d trials", kit.Number(float64(c.recipients)), c.bias, c.sources, c.attack,
			noiseName(c.flips), kit.Number(float64(c.points)), trials)
		b.Add(what+": a source named", "%", kit.One(100*float64(got.Detected)/float64(trials)), kit.AtLeast(90))
		if got.FalseAccusations > 0 {
			b.Add(what+": an innocent copy named", "%", kit.One(100*float64(got.FalseAccusations)/float64(trials)), kit.AtMost(1e-4))
		}
	}
	return nil
}
