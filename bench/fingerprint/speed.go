package main

import (
	"fmt"
	"runtime"

	"tearline/bench/kit"
	"tearline/leak/fingerprint/bound"
	"tearline/leak/fingerprint/simulate"
)

// benchSpeed takes the processor time of decodings, on one core.
func benchSpeed(b *bench) error {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, c := range []struct {
		name     string
		attack   simulate.Attack
		sources  int
		patterns int
	}{
		{"from no copy", simulate.Interleave, 0, 1},
		{"two sources", simulate.Interleave, 2, 1},
		{"three sources, all ones", simulate.AllOnes, 3, 1},
		{"two sources, 30 tear lines", simulate.Interleave, 2, 30},
	} {
		p := plan(simulate.Nuida, c.attack, c.sources, 500, .05)
		p.Recipients = b.copies
		w, err := simulate.NewWorld(newDice(3, 4).Rand, p)
		if err != nil {
			return err
		}
		for j, word := range w.Copies {
			if k := j % c.patterns; k > 0 {
				// Each tear line lacks a tenth of the text, another one.
				for i := range word {
					if (i+17*k)%500 < 50 {
						word[i] = bound.Absent
					}
				}
			}
		}
		took, err := b.Cost(kit.CPU, func() error {
			_, err := bound.Decode(w.Marks, w.Copies, bound.Params{})
			return err
		})
		if err != nil {
			return err
		}
		b.Add(fmt.Sprintf("%s copies, 500 points, %s, CPU", kit.Number(float64(b.copies)), c.name), "ms", took.Times(1e-6), kit.AtMost(1000))
	}
	took, err := b.Cost(kit.CPU, func() error {
		_, err := bound.MinPoints(1000, 1e-6, bound.NuidaLow, .1)
		return err
	})
	if err == nil {
		b.Add("how many points 1,000 copies need, two-point, 10 % flips, CPU", "ms", took.Times(1e-6), kit.Goal{})
	}
	return err
}
