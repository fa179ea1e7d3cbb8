// Package match finds the held portions that a leaked text draws on: a
// sentence, a passage, or a whole article in which one sentence is leaked; and
// says how sure that is, and why.
//
// A text is read once ([Prepare]) and looked up in an [Archive] of segments,
// which a [Filer] made of portions. Cost grows with the text, and much slower
// than the archive.
//
// # How
//
// Both texts are normalised: what leaks do to text (case, typography, accents,
// invisible or look-alike characters, hyphens at the ends of lines) is gone,
// while byte offsets into the originals are kept. A portion is a lattice of
// words, in which the alternatives of a point are equal: whatever a recipient
// read, it is that portion.
//
// Candidates are found for each sentence of the text, for two and four in a row,
// by rare stems, and by fingerprints of letters: who shares 31 letters in a row
// is found for certain, unless more than 64 portions have them. The best are
// read, aligned with the text word by word, and measured: see [Kinds]. What
// each measure tells, in bits, is a curve in package weights; they add up to the
// score. A word is worth minus the binary logarithm of the share of portions
// that have its stem; right after another, less if the two are a phrase; within
// a name of several words, a quarter.
//
// # What it means
//
// Of a score, package weights knows how many portions reach it in an unrelated
// text of this length, in an archive of this size: the E-value. Up to [MostE] a
// portion matches, in one of four kinds; above, it is a weak match, for a person
// to look at, unless it has next to nothing in common with the text. What is
// measured of this is in bench/leak.
//
// # What it may not do
//
// It names nobody: a match is between two texts. It says nothing of how a
// match came about: independent reports of one event share names and figures,
// and often whole phrases; where they share little else, the kind says so.
// Rewording by a person who keeps few of the words is often missed, and so is a
// sentence that sums up a page. Stems and function words are English; other
// languages match by their words as they stand.
package match

import "tearline"

// A Portion is one held portion as it is offered to a search.
type Portion struct {
	Ref     tearline.PortionRef
	Wording tearline.Wording
}

// A Kind says how closely a leaked text follows a portion.
type Kind string

// The kinds, from the closest.
const (
	// Verbatim: the passage is the portion's text after normalisation, any
	// alternative at each point: eight words in a row without any difference,
	// worth 38 bits, or a whole sentence of five, worth 32.
	Verbatim Kind = "verbatim"
	// Edited: the portion's text with small changes: eight words that agree,
	// four of them in a row, worth 60 bits, and at least 70 % of all the words
	// that the passage takes in.
	Edited Kind = "edited"
	// Reworded: its content in other words.
	Reworded Kind = "reworded"
	// SameEvent: what both have are mostly names and figures, or they
	// contradict each other: the same matter, perhaps from somebody else.
	SameEvent Kind = "same event"
	// Weak: chance does as well in more than one unrelated text of ten, or what
	// both have is worth less than 30 bits. Such a match is there to be looked
	// at by a person.
	Weak Kind = "weak"
)

// A Span is a passage in both texts, as UTF-8 byte offsets [from, to). It
// begins and ends with words that agree, or, where the text follows the
// portion loosely, with the sentences of the leak that hold them.
type Span struct {
	// Leak is in the leaked text.
	Leak [2]int
	// Portion is in the wording's Source. A word of an alternative stands for
	// the whole point, its braces included.
	Portion [2]int
}

// A Match is one portion that the leaked text draws on, or may.
type Match struct {
	Ref  tearline.PortionRef
	Kind Kind
	// EValue is the expected number of portions that match as well in an
	// unrelated text of this length, in an archive of this size. Above 0.
	EValue float64
	// Score is what the evidence tells, in bits: the logarithm of the odds
	// that the text draws on the portion, among the candidates of the texts
	// that the weights were fitted to. It ranks; the E-value decides.
	Score float64
	// Spans, at least one, are in the order of the leak and do not overlap there.
	Spans []Span
	// Words are the words that stand for each other, in the order of the leak.
	Words []Pair
	// Evidence adds up to Score.
	Evidence []Evidence
	Details  Details
	// Shared are the rarest words that both have, the rarest first.
	Shared []Shared
}

// A Pair is two words that stand for each other.
type Pair struct {
	Leak, Portion [2]int // byte offsets, as in a [Span]
	How           How
	Bits          float64 // 0 for words that were changed
}

// How two words stand for each other.
type How string

// The ways.
const (
	Same    How = "same"
	Stem    How = "stem"
	Changed How = "changed"
)

// BeforeLooking is the first evidence: what is held of any candidate.
const BeforeLooking = "before looking"

// Evidence is what one property of a match tells.
type Evidence struct {
	Term  string
	Value float64 // of the property, in units of its own
	Bits  float64
}

// Details are names and figures of the portion that at most three documents of
// the archive have.
type Details struct {
	Of         int // how many there are
	Reproduced []Reproduced
	Altered    []Altered
	Missing    []Span // where in the portion; nothing in the leak
}

// A Reproduced detail stands in the leak as well.
type Reproduced struct {
	Leak, Portion [2]int
	In            int // documents of the archive, this one included
}

// An Altered detail stands in the leak as another word.
type Altered struct{ Leak, Portion [2]int }

// A Shared word stands in the leak there, and in so many documents.
type Shared struct {
	Leak   [2]int
	In, Of int
	Bits   float64
}
