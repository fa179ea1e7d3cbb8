package main

import (
	"fmt"
	"sync"

	"tearline/bench/kit"
	"tearline/leak/fingerprint/bound"
	"tearline/leak/fingerprint/simulate"
)

// benchNearest names the copy that agrees at most points, as one does without a
// bound, and counts how often it had no part in the text; and the same of what
// is named here.
func benchNearest(b *bench) error {
	for _, points := range []int{20, 40, 80, 150} {
		for _, sources := range []int{0, 1, 2, 3, 5} {
			var innocent, wrong, right int
			var lock sync.Mutex
			err := b.parallel(b.nearest, func(i int) error {
				p := plan(simulate.Half, simulate.Interleave, sources, points, .1)
				w, err := simulate.NewWorld(newDice(uint64(points*10+sources), uint64(i)).Rand, p) //nolint:gosec // small numbers
				if err != nil {
					return err
				}
				f, err := bound.Decode(w.Marks, w.Copies, bound.Params{Bound: p.Bound})
				near := nearest(w)
				lock.Lock()
				defer lock.Unlock()
				if near >= sources {
					innocent++
				}
				some := false
				for _, c := range f.Named {
					some = some || c.Copy < sources
					if c.Copy >= sources {
						wrong++
					}
				}
				if some {
					right++
				}
				return err
			})
			if err != nil {
				return err
			}
			share := func(n int) kit.Spread { return kit.One(100 * float64(n) / float64(b.nearest)) }
			what := fmt.Sprintf("%d points, %d sources, half, interleave, 10 %% flips: ", points, sources)
			b.Add(what+"the nearest copy is innocent", "%", share(innocent), kit.Goal{})
			b.Add(what+"an innocent copy is named here", "%", share(wrong), kit.AtMost(1e-4))
			b.Add(what+"a source is named here", "%", share(right), kit.Goal{})
		}
	}
	return nil
}

// nearest is the copy that agrees at most points, the last of several: not the
// sources, which come first.
func nearest(w simulate.World) int {
	best, most := 0, -1
	for j, word := range w.Copies {
		agree := 0
		for i := range w.Marks {
			if word[i] == w.Marks[i].Y {
				agree++
			}
		}
		if agree >= most {
			best, most = j, agree
		}
	}
	return best
}
