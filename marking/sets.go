package marking

import (
	"math/bits"

	"tearline/marking/policies"
)

// The sets of a marking are fixed arrays of bits, so that a marking is one
// comparable value, and the lattice operations are a few machine words.

// tokenSet is a set of tokens of one policy; the bit is the token's place in
// canonical order.
type tokenSet [policies.MaxTokens / 64]uint64

func (s *tokenSet) add(i int)              { s[i>>6] |= 1 << (i & 63) }
func (s *tokenSet) has(i int) bool         { return i >= 0 && s[i>>6]>>(i&63)&1 != 0 }
func (s *tokenSet) meets(o *tokenSet) bool { return s[0]&o[0]|s[1]&o[1] != 0 }
func (s *tokenSet) empty() bool            { return s[0]|s[1] == 0 }
func (s *tokenSet) count() int             { return bits.OnesCount64(s[0]) + bits.OnesCount64(s[1]) }

func (s *tokenSet) union(o *tokenSet) { s[0] |= o[0]; s[1] |= o[1] }
func (s *tokenSet) minus(o *tokenSet) { s[0] &^= o[0]; s[1] &^= o[1] }

func (s tokenSet) and(o *tokenSet) tokenSet { return tokenSet{s[0] & o[0], s[1] & o[1]} }

// next returns the first member at or after i, or -1.
func (s *tokenSet) next(i int) int { return next(s[:], i) }

func next(words []uint64, i int) int {
	for w := i >> 6; w < len(words); w++ {
		word := words[w]
		if w == i>>6 {
			word &= ^uint64(0) << (i & 63)
		}
		if word != 0 {
			return w<<6 + bits.TrailingZeros64(word)
		}
	}
	return -1
}

// codeSet is a set of codes of one policy (nations, coalitions); the bit is
// the code's place in canonical order.
type codeSet [policies.MaxCodes / 64]uint64

func (s *codeSet) add(i int)      { s[i>>6] |= 1 << (i & 63) }
func (s *codeSet) drop(i int)     { s[i>>6] &^= 1 << (i & 63) }
func (s *codeSet) has(i int) bool { return i >= 0 && s[i>>6]>>(i&63)&1 != 0 }
func (s *codeSet) empty() bool    { return *s == codeSet{} }

func (s *codeSet) union(o *codeSet) {
	for i := range s {
		s[i] |= o[i]
	}
}

func (s *codeSet) intersect(o *codeSet) {
	for i := range s {
		s[i] &= o[i]
	}
}

func (s *codeSet) minus(o *codeSet) {
	for i := range s {
		s[i] &^= o[i]
	}
}

func (s *codeSet) meets(o *codeSet) bool {
	var m uint64
	for i := range s {
		m |= s[i] & o[i]
	}
	return m != 0
}

// next returns the first member at or after i, or -1.
func (s *codeSet) next(i int) int { return next(s[:], i) }

// ruleSet is a set of rules, levelSet one of levels.
type (
	ruleSet  = tokenSet
	levelSet uint16
)
