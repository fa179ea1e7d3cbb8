package bound

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// mostTests is how many scores a copy is weighed by at most.
const mostTests = 3

// A class is all marks at which an innocent copy agrees equally often and gains
// the same by every score. At how many of them it agrees is binomial.
type class struct {
	u     float64 // how often an innocent copy agrees
	gains [mostTests]int32
}

// A tally is a class, how many marks it has, and the law of how many of them
// agree.
type tally struct {
	class
	n   int
	law []float64
}

// tallies sorts the marks at some places into classes, the largest last. The
// law is that of an innocent copy, or of the only source, misread so often, if
// flips is above 0.
func tallies(marks []Mark, at []int, tests []test, flips float64) []tally {
	index := make(map[class]int)
	var out []tally
	for _, i := range at {
		c := class{u: marks[i].innocent()}
		if flips > 0 {
			c.u = marks[i].source(flips)
		}
		for t := range tests {
			c.gains[t] = tests[t].gains[i]
		}
		if c.gains == [mostTests]int32{} {
			continue // it says nothing
		}
		k, ok := index[c]
		if !ok {
			k = len(out)
			index[c] = k
			out = append(out, tally{class: c})
		}
		out[k].n++
	}
	slices.SortStableFunc(out, func(a, b tally) int { return cmp.Compare(a.n, b.n) })
	for k := range out {
		out[k].law = tosses(out[k].n, out[k].u)
	}
	return out
}

// leastTerm is what a product may be left out below: all that is left out
// together is far less than what roundUp adds.
const leastTerm = 1e-320

// tosses is the law of how many of n marks agree, each with probability u. A
// term goes through three roundings for each mark at most.
func tosses(n int, u float64) []float64 {
	law := make([]float64, n+1)
	law[0] = 1
	low, high := 0, 0 // where there is anything
	for range n {
		high++
		for a := high; a > low; a-- {
			law[a] = float64(law[a]*(1-u)) + float64(law[a-1]*u)
		}
		law[low] *= 1 - u
		for ; law[high] < leastTerm; high-- {
			law[high] = 0
		}
		for ; law[low] < leastTerm; low++ {
			law[low] = 0
		}
	}
	return law
}

// scoreLaw is the law of one score, from 0 to the most there can be.
func scoreLaw(of []tally, test int) []float64 {
	law := []float64{1}
	for k := range of {
		if g := int(of[k].gains[test]); g > 0 {
			law = convolve(law, of[k].law, g)
		}
	}
	return law
}

// convolve is the law of a sum: a score, and a gain for each that agrees.
func convolve(law, agree []float64, gain int) []float64 {
	out := make([]float64, len(law)+gain*(len(agree)-1))
	for s, p := range law {
		if p < leastTerm {
			continue
		}
		low, high, least := 0, len(agree)-1, leastTerm/p
		for low <= high && agree[low] < least {
			low++
		}
		for low <= high && agree[high] < least {
			high--
		}
		for a, q := range agree[low : high+1] {
			out[s+(low+a)*gain] += float64(p * q)
		}
	}
	return out
}

// tailOf sums a law from the top: how probable it is to reach each value.
func tailOf(law []float64) []float64 {
	tail := slices.Clone(law)
	for s := len(tail) - 2; s >= 0; s-- {
		tail[s] += tail[s+1]
	}
	return tail
}

// A panel weighs copies that had the same marks, by some tests at once.
type panel struct {
	of []tally
	// tails has, for each test, the p-value of each score, by the test's share.
	tails [][]float64
	// share is the smallest that a test has.
	share float64
	// over is how often so many of the last class agree, or more.
	over []float64
	// counts is in how many ways all classes but the last can agree.
	counts int
	marks  int
	union  map[float64]float64 // what was computed before
}

// tie is how near two p-values are that count as one, by a part of them: they
// may differ by their last bits alone.
const tie = 1e-9

// mostCounts keeps counts from overflowing.
const mostCounts = 1 << 40

func newPanel(marks []Mark, at []int, tests []test) *panel {
	p := &panel{of: tallies(marks, at, tests, 0), counts: 1, share: 1, marks: len(at), union: make(map[float64]float64)}
	for t := range tests {
		p.share = min(p.share, tests[t].share)
		tail := tailOf(scoreLaw(p.of, t))
		for s := range tail {
			tail[s] = roundUp(tail[s], 6*p.marks+len(tail)) / tests[t].share
		}
		p.tails = append(p.tails, tail)
	}
	if len(p.of) == 0 {
		return p
	}
	last := len(p.of) - 1
	p.over = tailOf(p.of[last].law)
	for k := range p.of[:last] {
		p.counts = min(p.counts*(p.of[k].n+1), mostCounts)
	}
	return p
}

// least is the smallest of the tests' p-values, each divided by the test's
// share. An innocent copy's is no larger than x with a probability of x at
// most: that is the sum, over the tests, of their shares of x. It may be above 1.
func (p *panel) least(scores []int32) float64 {
	least := math.Inf(1)
	for t, s := range scores {
		least = min(least, p.tails[t][s])
	}
	return least
}

// lowest is what exact may come to at the lowest.
func (p *panel) lowest(least float64) float64 { return least * p.share }

// exact is how often least is no larger for an innocent copy: the probability
// that it reaches, by any of the tests, a score that makes it so. As the tests
// resemble each other, that is less than least. It takes as many steps as there
// are counts.
func (p *panel) exact(least float64) float64 {
	if len(p.tails) == 1 || len(p.of) == 0 {
		return least
	}
	if u, ok := p.union[least]; ok {
		return u
	}
	var reach [mostTests]int32
	tied := least * (1 + tie)
	for t, tail := range p.tails {
		reach[t] = int32(sort.Search(len(tail), func(s int) bool { return tail[s] <= tied })) //nolint:gosec // at most scores
	}
	u := min(least, roundUp(p.any(0, reach), 6*p.marks+len(p.over)))
	p.union[least] = u
	return u
}

// any is how often, with the classes from k on, at least one of the tests
// gains what is still to be reached by it.
func (p *panel) any(k int, reach [mostTests]int32) float64 {
	c := &p.of[k]
	if k == len(p.of)-1 {
		least := c.n + 1
		for t := range p.tails {
			switch {
			case reach[t] <= 0:
				return 1
			case c.gains[t] > 0:
				least = min(least, int((reach[t]+c.gains[t]-1)/c.gains[t]))
			}
		}
		if least > c.n {
			return 0
		}
		return p.over[least]
	}
	sum := 0.0
	for _, q := range c.law {
		if q > 0 {
			sum += float64(q * p.any(k+1, reach))
		}
		for t := range p.tails {
			reach[t] -= c.gains[t]
		}
	}
	return sum
}
