// Package bound names a copy of which a leaked text shows the wording, if and
// only if chance could hardly have made an innocent copy agree as well, and
// says how hardly.
//
// What was read of a leak are [Mark]s; what a copy has at them is its word.
// [Decode] weighs all copies that there are and gives a [Finding]: the copies
// named, with the bound for each, or the set to which the copies are narrowed,
// with how many innocent ones are to be expected in it. A Finding is plain
// data, and calling Decode again with the same arguments gives the same one.
//
// # Why the bound is exact
//
// The words of different copies are drawn independently, by a key nobody
// outside knew. So whoever made the leaked text, by whatever means, from
// whatever copies: the word of a copy that had no part in it is independent of
// what was read. Everything here is conditional on what was read and on the
// probabilities by which words were drawn. An innocent copy agrees at a mark
// with a known probability, at all of them independently; a score is the sum of
// whole-numbered gains over the marks at which it agrees; hence the law of its
// score is a convolution that is computed in full, with no approximation and no
// model of the attack. Noise, erasure and collusion decide how often a source
// is found, never how often an innocent copy is named.
//
// # What it may not do
//
// It speaks of copies, never of persons: a copy can be stolen, lent or read
// over a shoulder. It gives no probability that a copy is the source, and no
// "best match": below the bound nothing is named. It draws no random numbers,
// reads no clock and no file, and works with no approximation by normal laws or
// saddle points. Whether the marks were read blind, and how often somebody
// looked, it must be told.
package bound

import (
	"errors"
	"fmt"
	"slices"
)

// The biases of the two-point code for up to four colluders: the nodes of
// Gauss and Legendre's quadrature, (3 ∓ √3)/6. Words must be drawn with exactly
// these; NuidaLow + NuidaHigh = 1. Half is best for one source or two, and
// blind to three who show the rarer of their variants.
const (
	NuidaLow  = 0.211324865405187117745425609749021272
	NuidaHigh = 0.788675134594812882254574390250978728
	Half      = 0.5
)

// Absent stands in a copy's word for a mark that the copy never had, as its
// tear line is another. The law of its score is over the marks it had.
const Absent = 0xff

// What a mark may be.
const (
	MaxArity = 64
	// DefaultFlip is assumed where a mark's Flip is 0.
	DefaultFlip = .05
	// leastP keeps gains finite, and is far below any bias in use.
	leastP = 1e-3
)

// flips are the rates of misreading that are told apart: what is between two of
// them counts as the higher. So there are few classes of marks, and one that is
// surely read does not outweigh all others.
var flips = [...]float64{.001, .003, .01, .02, .05, .1, .15, .2, .25, .3, .35, .4, .45, .5}

// The most that is decoded at once. What it costs is a look at each copy at each
// mark, and a table of scores for each pattern: the set of marks that some
// copies had.
const (
	MaxMarks    = 1 << 13
	MaxCopies   = 1 << 20
	MaxPatterns = 1 << 10
	// MaxTables bounds marks × patterns, which is what tables cost.
	MaxTables = 1 << 20
)

// A Mark is one point that was read in a leaked text. It says nothing about any
// copy, and must not depend on one.
type Mark struct {
	// Arity is how many alternatives the point has, 2 to MaxArity.
	Arity int `json:"arity"`
	// P is the probability with which a copy was given alternative 1, for an
	// Arity of 2; it lies between 0.001 and 0.999. Of more than two, each was
	// equally likely, and P is ignored.
	P float64 `json:"p"`
	// Y is the alternative that was read, from 0.
	Y uint8 `json:"y"`
	// Flip is how often such a reading is wrong, as the scores assume it: from 0,
	// which is DefaultFlip, to 0.5, in a few steps. It may depend on how the mark
	// was read, and on nothing else. If it is far from true the source is found
	// less often, and an innocent copy is named no more often.
	Flip float64 `json:"flip,omitempty"`
}

// innocent is the probability that an innocent copy has what was read.
func (m *Mark) innocent() float64 {
	switch {
	case m.Arity > 2:
		return 1 / float64(m.Arity)
	case m.Y == 1:
		return m.P
	case m.P == NuidaHigh:
		return NuidaLow // 1 - m.P is rounded to something else
	}
	return 1 - m.P
}

// shown is the probability that Y is read, if p is the probability that it
// stands there; a misreading makes any other alternative of it.
func (m *Mark) shown(p float64) float64 {
	return float64(p*(1-m.Flip)) + float64((1-p)*m.Flip)/float64(m.Arity-1)
}

// clean returns marks as scores want them: with a rate of misreading that is one
// of flips.
func clean(marks []Mark) []Mark {
	out := slices.Clone(marks)
	for i := range out {
		m := &out[i]
		if m.Flip == 0 {
			m.Flip = DefaultFlip
		}
		k, _ := slices.BinarySearch(flips[:], m.Flip)
		m.Flip = flips[k]
	}
	return out
}

func (m *Mark) check() error {
	switch {
	case m.Arity < 2 || m.Arity > MaxArity:
		return fmt.Errorf("%d alternatives: want 2 to %d", m.Arity, MaxArity)
	case m.Arity == 2 && !(m.P >= leastP && m.P <= 1-leastP):
		return fmt.Errorf("probability %v: want %v to %v", m.P, leastP, 1-leastP)
	case int(m.Y) >= m.Arity:
		return fmt.Errorf("alternative %d of %d", m.Y, m.Arity)
	case !(m.Flip >= 0 && m.Flip <= .5):
		return fmt.Errorf("misread at a rate of %v: want 0 to 0.5", m.Flip)
	}
	return nil
}

// check returns everything that is wrong with marks and words.
func check(marks []Mark, copies [][]byte) error {
	if len(marks) > MaxMarks || len(copies) > MaxCopies {
		return fmt.Errorf("%d copies at %d marks: at most %d at %d", len(copies), len(marks), MaxCopies, MaxMarks)
	}
	var faults []error
	for i := range marks {
		if err := marks[i].check(); err != nil {
			faults = append(faults, fmt.Errorf("mark %d: %w", i, err))
		}
	}
	for j, word := range copies {
		if err := checkWord(marks, word); err != nil {
			faults = append(faults, fmt.Errorf("copy %d: %w", j, err))
		}
	}
	return errors.Join(faults...)
}

func checkWord(marks []Mark, word []byte) error {
	if len(word) != len(marks) {
		return fmt.Errorf("a word of %d for %d marks", len(word), len(marks))
	}
	for i, x := range word {
		if x != Absent && int(x) >= marks[i].Arity {
			return fmt.Errorf("mark %d: alternative %d of %d", i, x, marks[i].Arity)
		}
	}
	return nil
}

// minP is the smallest probability that is told: below it rounding is no
// longer controlled, and no assumption would hold so far anyway.
const minP = 1e-300

// roundUp bounds from above a sum of products that was computed with so many
// roundings on the way to any of its terms, every term being positive: each
// rounding is off by one part in 2⁵³ at most, and what was left out as too
// small, or lost in subnormal numbers, is far below 1e-310 in all. The result
// is never below the true value, above it by less than 1e-9 of it, and never
// below minP.
func roundUp(p float64, roundings int) float64 {
	return min(1, max(minP, float64(p*(1+float64(roundings+64)*0x1p-52))+1e-310))
}
