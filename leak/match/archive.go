package match

import (
	"cmp"
	"fmt"
	"math"

	"tearline/leak/segment"
	"tearline/leak/weights"
)

// An Archive is what one search covers: segments, all under one key. What is
// in no segment of it has no influence on an answer, not on a number either.
// It does not change and is safe for concurrent use.
type Archive struct {
	key      *segment.Key
	segments []*segment.Segment
	n        int // documents
	weights  *weights.Weights
	factor   float64
}

// NewArchive makes an archive of segments, with the weights that come with the
// program.
func NewArchive(key *segment.Key, segments ...*segment.Segment) *Archive {
	a := &Archive{key: key, segments: segments, weights: weights.Default(), factor: 1}
	for _, s := range segments {
		a.n += s.Len()
	}
	return a
}

// Fits errs on weights that are for other kinds of evidence.
func Fits(w *weights.Weights) error {
	if len(w.Model.Terms) != features {
		return fmt.Errorf("weights of %d kinds of evidence; this program has %d", len(w.Model.Terms), features)
	}
	for i, t := range w.Model.Terms {
		if want := evidenceKinds[i].Name; t.Name != want {
			return fmt.Errorf("weights of %q where this program has %q", t.Name, want)
		}
	}
	return nil
}

// With returns the archive with other weights, nil for those it has, and with a
// factor by which chance does better in it than they say; see package train. Of
// weights it is known that they fit: see [Fits].
func (a *Archive) With(w *weights.Weights, factor float64) *Archive {
	b := *a
	b.weights, b.factor = cmp.Or(w, a.weights), factor
	return &b
}

// Chances are what chance has with a text in the archive; see [weights.Chance].
func (a *Archive) Chances(l *Leak) weights.Text {
	return weights.Text{Words: len(l.words), Portions: a.n + priorUnits}
}

// expect is the E-value of so many bits.
func (a *Archive) expect(t weights.Text, bits float64) float64 {
	return min(a.factor*a.weights.Chance.Expect(t, bits), float64(max(a.n, 1)))
}

// Len returns how many documents there are: portions, and pieces of long ones.
func (a *Archive) Len() int { return a.n }

// A term is a stem of the leak with where it stands in the archive.
type term struct {
	df    int
	bits  float32
	lists []segment.List // by segment
}

// look finds the leak's stems in the archive.
func (s *Searcher) look() error {
	l, a := s.leak, s.archive
	s.terms = make([]term, len(l.blocks))
	lists := make([]segment.List, len(l.blocks)*len(a.segments))
	for i := range s.terms {
		t := &s.terms[i]
		t.lists, lists = lists[:len(a.segments)], lists[len(a.segments):]
		hidden := s.hidden.term(l.hashes[i])
		for k, seg := range a.segments {
			list, err := seg.Term(hidden)
			if err != nil {
				return err
			}
			t.lists[k] = list
			t.df += list.N
		}
		prior := float64(priorOther)
		if l.plain[i] {
			prior = priorPlain
		}
		t.bits = s.bitsOf(float64(t.df) + prior)
	}
	return nil
}

const (
	// An archive too small to know how common words are is filled up with
	// imagined portions of plain English,
	priorUnits = 1024
	priorPlain = 256 // of which so many have any given function word,
	priorOther = 2   // and so many any given other word.
	// A pair of words that stands in more portions than these is a phrase;
	// in fewer it may be a text that was filed several times.
	phraseFrom = 10
	// How far a pair's own count is believed before that of its second word.
	pairPrior = 2
)

// bitsOf is what it tells that a text has a word that so many portions have.
func (s *Searcher) bitsOf(df float64) float32 {
	return float32(max(0, math.Log2(float64(s.archive.n+priorUnits)/df)))
}

// pairBits is the bits of a stem right after another: little within a phrase
// that many portions have.
func (s *Searcher) pairBits(first, second word) float32 {
	alone := s.terms[second.stem].bits
	n, ok := s.paired[second.pair]
	if !ok {
		hidden := s.archive.key.Hide(segment.Pairs, pairHash(s.leak.hashes[first.stem], s.leak.hashes[second.stem]))
		for _, seg := range s.archive.segments {
			k, err := seg.Pair(hidden)
			s.fail(err)
			n += k
		}
		s.paired[second.pair] = n
	}
	after := max(0, float64(n)-phraseFrom)
	of := max(after, float64(s.terms[first.stem].df)-phraseFrom)
	p := (after + pairPrior*math.Exp2(-float64(alone))) / (of + pairPrior)
	return float32(min(float64(alone), -math.Log2(p)))
}

// fail remembers the first error of a search.
func (s *Searcher) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}
