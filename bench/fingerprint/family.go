package main

import (
	"fmt"
	"sync"

	"tearline/bench/kit"
	"tearline/leak/fingerprint/bound"
	"tearline/leak/fingerprint/simulate"
)

// families are the bounds at which false names are counted: that any copy at
// all is falsely named has at most this probability.
var families = [...]float64{1e-2, 1e-3, 1e-4}

// benchFamily counts the leaks by three sources in which any other copy is
// named, in any round.
func benchFamily(b *bench) error {
	for _, flips := range noises {
		for k, attack := range simulate.Attacks {
			if err := b.familyOf(attack, flips, uint64(k)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bench) familyOf(attack simulate.Attack, flips float64, stream uint64) error {
	const batch = 500
	p := plan(simulate.Nuida, attack, 3, points, flips)
	p.Recipients, p.Bound = 20, families[0]
	var falsely [len(families)]int
	var lock sync.Mutex
	batches := b.family / batch
	err := b.parallel(batches, func(i int) error {
		d := newDice(77_000+1000*stream+uint64(1000*flips), uint64(i)) //nolint:gosec // small numbers
		for range batch {
			w, err := simulate.NewWorld(d.Rand, p)
			if err != nil {
				return err
			}
			named, err := innocentNamed(w, p.Coalition)
			if err != nil {
				return err
			}
			lock.Lock()
			for k, yes := range named {
				if yes {
					falsely[k]++
				}
			}
			lock.Unlock()
		}
		return nil
	})
	if err != nil {
		return err
	}
	n := batches * batch
	for k, most := range families {
		b.Add(fmt.Sprintf("%s, %s, 3 of 20 copies are sources: leaks with a copy falsely named, bound %v, observed of that", attack, noiseName(flips), most), "%",
			kit.One(100*float64(falsely[k])/(float64(n)*most)), kit.AtMost(100*limit(n, most)))
	}
	return nil
}

// innocentNamed says at which bounds a copy is named that is no source. Where
// none at all is named at the widest, none is at a narrower one.
func innocentNamed(w simulate.World, sources int) (named [len(families)]bool, err error) {
	for k, most := range families {
		f, err := bound.Decode(w.Marks, w.Copies, bound.Params{Bound: most})
		if err != nil || len(f.Named) == 0 {
			return named, err
		}
		for _, c := range f.Named {
			named[k] = named[k] || c.Copy >= sources
		}
	}
	return named, nil
}
