package match

import "math"

// A weigher knows how much it tells that a text has a word: the word's bits
// are minus the binary logarithm of the share of units (portions, or pieces of
// long ones) that have its stem. An archive too small to know is filled up
// with priorUnits imagined units of plain English.
type weigher struct {
	units  int
	df     []uint32 // of the leak's stems, by number
	plain  []bool   // whether the stem is a function word
	pairs  []uint32 // of the leak's pairs of stems that stand side by side
	others sketch   // of all stems
}

const (
	priorUnits = 1024
	priorPlain = 256 // of which have any given function word
	priorOther = 2   // of which have any given other word
	// A pair of words that stands in more portions than these is a phrase;
	// in fewer it may be a text that was filed several times.
	phraseFrom = 10
	// How far a pair's own count is believed before that of its second word.
	pairPrior = 2
)

// stemBits is the bits of a stem of the leak.
func (w *weigher) stemBits(stem int) float32 {
	prior := priorOther
	if w.plain[stem] {
		prior = priorPlain
	}
	return w.bits(float64(w.df[stem]) + float64(prior))
}

// hashBits is the bits of any stem.
func (w *weigher) hashBits(h uint64) float32 {
	return w.bits(float64(w.others.count(h)) + priorOther)
}

func (w *weigher) bits(df float64) float32 {
	return float32(max(0, math.Log2(float64(w.units+priorUnits)/df)))
}

// pairBits is the bits of a stem right after another, which the pair's number
// stands for: little within a phrase that many portions have.
func (w *weigher) pairBits(first, second, pair int) float32 {
	alone := float64(w.stemBits(second))
	after := max(0, float64(w.pairs[pair])-phraseFrom)
	of := max(after, float64(w.df[first])-phraseFrom)
	p := (after + pairPrior*math.Exp2(-alone)) / (of + pairPrior)
	return float32(min(alone, -math.Log2(p)))
}

// plainWords are the function words of English: they say nothing about what a
// text draws on, however few portions there are to learn that from.
const plainWords = `a about after again against all also am an and any are as at be because been before being between both but by
can could did do does down during each either few first for from had has have he her here him his how however i if in into is it its
last made make many may me might more most much must my near new no nor not now of off on once one only or other our out over own per said same
say says she should since so some still such than that the their them then there these they this those through to too two under
until up upon us very was we were what when where whether which while who whom whose why will with within without would year years yet you your`
