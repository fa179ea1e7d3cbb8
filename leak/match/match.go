// Package match finds the held portions that a leaked text draws on: a
// sentence, a passage, or a whole article in which one sentence is leaked.
//
// The leak is read once ([Prepare]); the archive is then streamed past it
// once ([Leak.Search]), in time proportional to its size and in memory that
// does not grow with it. There is no index to keep, and so none to protect.
//
// # How
//
// Both texts are normalised: what leaks do to text (case, typography, accents,
// invisible or look-alike characters, hyphens at the ends of lines) is gone,
// while byte offsets into the originals are kept. A portion is a lattice of
// words, in which the alternatives of a point are equal: whatever a recipient
// read, it is that portion. A cheap test keeps the portions that share a long
// run of letters with the leak, or rare stems close together. Only those are
// aligned, word by word, with the stretches of the leak that look likest.
//
// What an agreement tells is counted in bits: minus the binary logarithm of
// the share of the archive's portions that have the word's stem. A word right
// after another is worth less within a phrase that more than ten portions
// have, and nothing the second time it agrees in a passage; differences are
// subtracted. So bits depend on the archive that was streamed. They rank and
// explain; they are no probability, and this package states none.
//
// # What counts
//
// Thresholds are fixed. A passage is
//
//   - [Verbatim]: 8 words in a row without any difference, worth 38 bits; or a
//     whole sentence of the portion, of 5 words, worth 32 bits.
//   - [Edited]: 8 words that agree (4 of them in a row), worth 60 bits, and at
//     least 70 % of all the words that the passage takes in.
//   - [Reworded]: 7 words that agree, worth 45 bits, and at least 40 % (by
//     bits) of the sentences it touches, in either text.
//
// A portion with less than that to tell matches nothing, whoever quotes it. A
// name alone is not enough, nor is a set phrase.
//
// Measured on development data (other people's news and books, no part of the
// program): the share of texts for which the right portion matched, as
// Verbatim or Edited, and in any kind. The thresholds were set on some of the
// same texts, so the figures flatter a little; n is 60 to 118 a line at 10,000
// portions, and 15 to 118 at 100,000.
//
//	                                            10,000 portions   100,000
//	a verbatim sentence in an article of 350 words  1.00 / 1.00   1.00 / 1.00
//	lightly edited, alone and in an article         1.00 / 1.00   1.00 / 1.00
//	several sentences out of a story                 .92 / .92    1.00 / 1.00
//	60 % of the words replaced, in an article        .37 / .83     .53 / .87
//	one sentence put differently by a person         .52 / .72     .45 / .80
//	the same in an article                           .63 / .83     .55 / .80
//	one sentence thoroughly reworded by a person     .35 / .55     .35 / .45
//	the same in an article                           .18 / .40     .20 / .45
//	nothing to find: news articles (1)               .008 / .025   .017 / .085
//	nothing to find: other articles and sentences     0 / .003    .005 / .015
//	nothing to find, but the same event reported     .15 / .25     .55 / .60
//
// (1) All that fired as Edited, here and in the next line, reported the same matter in part in the same
// words; the newswire that they and the archive come from does reuse its text.
//
// # What it may not do
//
// It names nobody: a match is between two texts. It says nothing of how a
// match came about: independent reports of one event share names and figures,
// and often whole phrases, and nothing here can tell them from a leak. Rewording
// by a person who keeps few of the words is often missed; a summary mostly is.
// Stems and function words are English; other languages match by their words
// as they stand.
package match

import (
	"iter"

	"tearline"
)

// A Portion is one held portion as it is offered to a search.
type Portion struct {
	Ref     tearline.PortionRef
	Wording tearline.Wording
}

// A Kind says how closely a leaked text follows a portion. The package comment
// says exactly what each takes.
type Kind string

// The kinds, from the closest.
const (
	// Verbatim: the passage is the portion's text after normalisation, any
	// alternative at each point.
	Verbatim Kind = "verbatim"
	// Edited: the portion's text with small changes.
	Edited Kind = "edited"
	// Reworded: the portion's rare words in its order, among others.
	Reworded Kind = "reworded"
)

// A Span is a passage in both texts, as UTF-8 byte offsets [from, to). It
// begins and ends with words that agree; within, words may differ.
type Span struct {
	// Leak is in the leaked text.
	Leak [2]int
	// Portion is in the wording's Source. A word of an alternative stands for
	// the whole point, its braces included.
	Portion [2]int
}

// A Match is one portion that the leaked text draws on.
type Match struct {
	Ref tearline.PortionRef
	// Kind is that of the closest passage.
	Kind Kind
	// Score is what all passages tell together, in bits; above 30. It is
	// comparable within one search only.
	Score float64
	// Spans are in the order of the leak and do not overlap there.
	Spans []Span
}

// Search streams the portions past the leak once and returns the matches, best
// first, those of equal score by reference; empty if there are none. Portions
// with the same words all match. The same portions in the same order give the
// same answer. An error of the stream ends the search and is returned.
//
// Of a very large number of portions that pass the cheap test, only the best
// 200 (or one for every 12 words of the leak, up to 20,000) by each of its two
// parts are looked at.
func (l *Leak) Search(portions iter.Seq2[Portion, error]) ([]Match, error) {
	s := newSearch(l)
	for p, err := range portions {
		if err != nil {
			return nil, err
		}
		s.offer(p)
	}
	s.settle()
	return s.matches(), nil
}
