package main

import (
	"fmt"
	"math"
	"math/bits"
	"sync"

	"tearline/bench/kit"
	"tearline/leak/fingerprint/bound"
	"tearline/leak/fingerprint/simulate"
)

// benchExactness counts how often innocent copies have p-values as small as are
// said to be so rare.
func benchExactness(b *bench) error {
	for _, flips := range noises {
		for k, attack := range simulate.Attacks {
			if err := b.innocentsOf(attack, flips, uint64(k)); err != nil {
				return err
			}
		}
	}
	return b.falseNames()
}

// benchDeep holds p-values near 1e-10 against importance sampling.
func benchDeep(b *bench) error {
	for _, attack := range simulate.Attacks {
		if err := b.deep(attack); err != nil {
			return err
		}
	}
	return nil
}

// The p-values of a copy.
var (
	weighed = [...]string{"symmetric", "interleaving", "adaptive", "together"}
	levels  = [...]float64{1e-2, 1e-3, 1e-4}
)

func each(p bound.PValues) [len(weighed)]float64 {
	return [...]float64{p.Symmetric, p.Interleaving, p.Adaptive, p.P}
}

// points of the leaks of which exactness is measured.
const points = 80

// limit is how far a share may be above nominal by chance, in parts of it: of n,
// once in 30,000 times.
func limit(n int, nominal float64) float64 { return 1 + 4/math.Sqrt(float64(n)*nominal) }

// innocentsOf weighs copies drawn anew against leaks by three sources.
func (b *bench) innocentsOf(attack simulate.Attack, flips float64, stream uint64) error {
	var count [len(weighed)][len(levels)]int
	var lock sync.Mutex
	batches := b.innocents / b.batch
	err := b.parallel(batches, func(i int) error {
		d := newDice(1000*stream+uint64(1000*flips), uint64(i)) //nolint:gosec // small numbers
		p := plan(simulate.Nuida, attack, 3, points, flips)
		p.Recipients = 3
		w, err := simulate.NewWorld(d.Rand, p)
		if err != nil {
			return err
		}
		ps, err := bound.Weigh(w.Marks, drawn(d, w.Marks, b.batch))
		lock.Lock()
		defer lock.Unlock()
		for _, p := range ps {
			for k, x := range each(p) {
				for l, level := range levels {
					if x <= level {
						count[k][l]++
					}
				}
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	n := batches * b.batch
	for k, name := range weighed {
		for l, level := range levels {
			b.Add(fmt.Sprintf("%s, %s, %s: p ≤ %v, observed of that", attack, noiseName(flips), name, level), "%",
				kit.One(100*float64(count[k][l])/(float64(n)*level)), kit.AtMost(100*limit(n, level)))
		}
	}
	return nil
}

// drawn draws words.
func drawn(d dice, marks []bound.Mark, n int) [][]byte {
	words := make([][]byte, n)
	all := make([]byte, n*len(marks))
	for j := range words {
		words[j], all = all[:len(marks):len(marks)], all[len(marks):]
		for i := range marks {
			if d.chance(marks[i].P) {
				words[j][i] = 1
			}
		}
	}
	return words
}

// A tilt is how often words agree at each mark that are drawn so that they
// agree more often than innocent ones.
type tilt []float64

// tiltBy makes agreement likelier by some gains, until that is as far from what
// is usual as a probability of level.
func tiltBy(marks []bound.Mark, gain func(bound.Mark) float64, level float64) tilt {
	v := make(tilt, len(marks))
	for far, by := 0.0, 0.0; far < -math.Log(level); by += .01 {
		far = 0
		for i, m := range marks {
			u := innocent(m)
			odds := math.Exp(by*gain(m)) * u / (1 - u)
			v[i] = odds / (1 + odds)
			far += v[i]*math.Log(v[i]/u) + (1-v[i])*math.Log((1-v[i])/(1-u))
		}
	}
	return v
}

// agreement gains the same everywhere; interleaved as by the score for three.
func agreement(bound.Mark) float64 { return 1 }

func interleaved(m bound.Mark) float64 {
	u := innocent(m)
	shown := func(p float64) float64 { return p*(1-bound.DefaultFlip) + (1-p)*bound.DefaultFlip }
	return math.Log(shown((1+2*u)/3) / shown(2*u/3))
}

// modelled gains what the adaptive score does, by playing the attack with every
// word that a coalition may have.
func modelled(model bound.Model) func(bound.Mark) float64 {
	shows := func(ones int) float64 {
		c := model.Colluders
		more := map[bool]float64{true: 1}[2*ones > c]
		if 2*ones == c {
			more = .5
		}
		switch {
		case ones == 0 || ones == c || model.Attack == "interleave":
			return float64(ones) / float64(c)
		case model.Attack == "majority":
			return more
		case model.Attack == "minority":
			return 1 - more
		case model.Attack == "all ones":
			return 1
		case model.Attack == "all zeros":
			return 0
		}
		return .5
	}
	return func(m bound.Mark) float64 {
		var read [2]float64 // if one of them has 0, or 1
		for has := range read {
			one := 0.0
			for others := range 1 << (model.Colluders - 1) {
				ones, p := bits.OnesCount(uint(others)), 1.0
				for j := range model.Colluders - 1 {
					if others>>j&1 == 1 {
						p *= m.P
					} else {
						p *= 1 - m.P
					}
				}
				one += p * shows(ones+has)
			}
			if m.Y == 0 {
				one = 1 - one
			}
			read[has] = one*(1-bound.DefaultFlip) + (1-one)*bound.DefaultFlip
		}
		return max(0, math.Log(read[m.Y]/read[1-m.Y]))
	}
}

// deep holds p-values near 1e-10 against importance sampling, which knows no
// law of any score: words are drawn by one of three tilts, and count by how
// much likelier they were made.
func (b *bench) deep(attack simulate.Attack) error {
	const level = 1e-10
	d := newDice(7, uint64(len(attack)))
	p := plan(simulate.Nuida, attack, 3, 2*points, 0)
	if attack == simulate.Reword {
		p.Points *= 3 // most are lost
	}
	p.Recipients = 3
	w, err := simulate.NewWorld(d.Rand, p)
	if err != nil {
		return err
	}
	f, err := bound.Decode(w.Marks, w.Copies, bound.Params{})
	if err != nil {
		return err
	}
	var tilts []tilt
	for _, gain := range []func(bound.Mark) float64{agreement, interleaved, modelled(f.Model)} {
		tilts = append(tilts, tiltBy(w.Marks, gain, level))
	}
	words, weights := make([][]byte, b.sampled), make([]float64, b.sampled)
	for j := range words {
		words[j], weights[j] = tilted(d, w.Marks, tilts)
	}
	ps, err := bound.Weigh(w.Marks, words)
	if err != nil {
		return err
	}
	for k, name := range weighed {
		// The largest p-value within the level is its own probability.
		said, sum := 0.0, 0.0
		for j := range ps {
			if x := each(ps[j])[k]; x <= level {
				said = max(said, x)
				sum += weights[j]
			}
		}
		b.Add(fmt.Sprintf("%s, %s: p = %.3g off from importance sampling", attack, name, said), "%",
			kit.One(100*math.Abs(sum/float64(b.sampled)/said-1)), kit.AtMost(2))
	}
	return nil
}

// tilted draws a word by one of the tilts, and says by how much it counts less.
func tilted(d dice, marks []bound.Mark, tilts []tilt) (word []byte, weight float64) {
	word = make([]byte, len(marks))
	by := tilts[d.IntN(len(tilts))]
	ratios := make([]float64, len(tilts)) // logarithms
	for i, m := range marks {
		agrees := d.chance(by[i])
		if word[i] = m.Y; !agrees {
			word[i] = 1 - m.Y
		}
		u := innocent(m)
		for k, v := range tilts {
			if agrees {
				ratios[k] += math.Log(v[i] / u)
			} else {
				ratios[k] += math.Log((1 - v[i]) / (1 - u))
			}
		}
	}
	sum := 0.0
	for _, x := range ratios {
		sum += math.Exp(x) / float64(len(tilts))
	}
	return word, 1 / sum
}

// falseNames counts leaks in which a copy is named that had no part in it, in
// any round, at the widest bound there is.
func (b *bench) falseNames() error {
	const most = .01
	for sources := range 4 {
		p := plan(simulate.Nuida, simulate.Interleave, sources, 120, .02)
		p.Recipients, p.Bound = 8, most
		got, err := simulate.Run(b.Ctx, p, b.leaks, uint64(sources), nil)
		if err != nil {
			return err
		}
		b.Add(fmt.Sprintf("%d of 8 copies are sources: leaks with a copy falsely named, bound %v, observed of that", sources, most), "%",
			kit.One(100*float64(got.FalseAccusations)/(float64(b.leaks)*most)), kit.AtMost(100*limit(b.leaks, most)))
	}
	return nil
}
