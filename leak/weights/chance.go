package weights

import (
	"errors"
	"fmt"
	"math"
)

// Chance is how many portions an unrelated text is expected to match as well,
// as a formula: e to the power of
//
//	Base + Words·ln(words) + Archive·ln(portions) + Bits·b + Curve·b²/10
//
// where b is what the evidence tells, in bits.
type Chance struct {
	Base    float64 `json:"base"`
	Words   float64 `json:"words"`
	Archive float64 `json:"archive"`
	Bits    float64 `json:"bits"`
	Curve   float64 `json:"curve"`
}

// A Text is what a text of unknown origin is, as far as chance is concerned.
type Text struct {
	Words    int // of the text
	Portions int // of the archive
}

// leastBits: below, all that is told is that there is nothing.
const leastBits = -10

// Expect returns the expected number of portions with so many bits or more in
// an unrelated text; above 0, and at most the number of portions.
func (c *Chance) Expect(t Text, bits float64) float64 {
	e := math.Exp(c.exponent(t, bits))
	return max(min(e, float64(max(t.Portions, 1))), math.SmallestNonzeroFloat64)
}

func (c *Chance) exponent(t Text, bits float64) float64 {
	x := c.columns(t, bits)
	return c.Base*x[0] + c.Words*x[1] + c.Archive*x[2] + c.Bits*x[3] + c.Curve*x[4]
}

func (c *Chance) columns(t Text, bits float64) [5]float64 {
	b := max(bits, leastBits)
	return [5]float64{
		1, math.Log(float64(max(t.Words, 1))), math.Log(float64(max(t.Portions, 1))), b, b * b / 10,
	}
}

// check errs unless more evidence is always less to be expected.
func (c *Chance) check() error {
	if !sound(c.Base) || !sound(c.Words) || !sound(c.Archive) {
		return errors.New("weights: the formula of chance has numbers beyond all sense")
	}
	// The slope is linear in the bits, so its ends suffice.
	for _, b := range []float64{leastBits, 100} {
		if slope := c.Bits + c.Curve*b/5; !(slope < 0) || !sound(slope) {
			return errors.New("weights: by their formula, chance does better the more there is to explain")
		}
	}
	return nil
}

// An Unrelated text is one that draws on nothing, and what it scored.
type Unrelated struct {
	Text
	Bits []float64 // of its best portions, best first
}

// wordsWeight is how chance grows with the length of a text. Fitted, it would
// be twice that, from sentences to articles; among articles, it grows less.
const wordsWeight = 0.25

// FitChance fits the formula to texts that draw on nothing: a Poisson
// regression of how many portions reach each of a range of bits. What reaches
// more than reuse bits is a text that does draw on something, and left out.
func FitChance(texts []Unrelated, reuse float64) (Chance, error) {
	if len(texts) < leastTexts {
		return Chance{}, fmt.Errorf("fewer than %d texts that draw on nothing: too few to say how often chance does as well", leastTexts)
	}
	c := fitChance(texts, reuse, true)
	if c.check() != nil {
		// A few texts do not say how the tail bends.
		c = fitChance(texts, reuse, false)
	}
	if c.check() != nil {
		return c, errors.New("of the texts that draw on nothing too few come near: there is no saying how often chance does as well")
	}
	return c, nil
}

// leastTexts is how many say anything of chance.
const leastTexts = 100

// fitChance fits with or without a curve.
func fitChance(texts []Unrelated, reuse float64, curved bool) Chance {
	c := Chance{Bits: -0.7, Words: wordsWeight}
	free := []*float64{&c.Base, &c.Archive, &c.Bits, &c.Curve}
	if !curved {
		free = free[:3]
	}
	n := len(free)
	for range 100 {
		h, g := make([]float64, n*n), make([]float64, n)
		for i := range n {
			h[i*n+i] = 1e-3
		}
		for _, t := range texts {
			for from := -7.0; from <= 1; from += 0.5 {
				all := c.columns(t.Text, from)
				x := []float64{all[0], all[2], all[3], all[4]}
				mu := min(math.Exp(c.exponent(t.Text, from)), 50)
				w := 1 / (1 + 1.5*mu) // counts vary more than by chance alone
				off := t.reach(from, reuse) - mu
				for i := range n {
					g[i] += w * off * x[i]
					for k := range n {
						h[i*n+k] += w * mu * x[i] * x[k]
					}
				}
			}
		}
		step := solve(h, g)
		for i, p := range free {
			*p += max(-0.5, min(0.5, step[i]))
		}
	}
	return c
}

// reach is how many portions reach so many bits, but not those of reuse.
func (t *Unrelated) reach(from, reuse float64) (n float64) {
	for _, b := range t.Bits {
		if b >= from && b < reuse {
			n++
		}
	}
	return n
}

// solve solves h·x = g for a symmetric, positive definite h (Gauss).
func solve(h, g []float64) []float64 {
	n := len(g)
	for i := range n {
		for r := range n {
			if r == i {
				continue
			}
			f := h[r*n+i] / h[i*n+i]
			for k := i; k < n; k++ {
				h[r*n+k] -= f * h[i*n+k]
			}
			g[r] -= f * g[i]
		}
	}
	x := make([]float64, n)
	for i := range n {
		x[i] = g[i] / h[i*n+i]
	}
	return x
}
