package policies

import (
	"math/bits"
)

// The sets of a marking are fixed arrays of bits, so that a marking is one
// comparable value, and the lattice operations are a few machine words.

// TokenSet is a set of tokens of one policy; the bit is the token's place in
// canonical order.
type TokenSet [MaxTokens / 64]uint64

// Add adds a member.
func (s *TokenSet) Add(i int) { s[i>>6] |= 1 << (i & 63) }

// Drop removes a member.
func (s *TokenSet) Drop(i int) { s[i>>6] &^= 1 << (i & 63) }

// Has reports whether i is a member; -1 never is.
func (s *TokenSet) Has(i int) bool { return i >= 0 && s[i>>6]>>(i&63)&1 != 0 }

// Meets reports whether the sets have a member in common.
func (s *TokenSet) Meets(o *TokenSet) bool { return s[0]&o[0]|s[1]&o[1] != 0 }

// Empty reports whether it has no member.
func (s *TokenSet) Empty() bool { return s[0]|s[1] == 0 }

// Count counts the members.
func (s *TokenSet) Count() int { return bits.OnesCount64(s[0]) + bits.OnesCount64(s[1]) }

// Union adds the members of another set.
func (s *TokenSet) Union(o *TokenSet) { s[0] |= o[0]; s[1] |= o[1] }

// Minus removes the members of another set.
func (s *TokenSet) Minus(o *TokenSet) { s[0] &^= o[0]; s[1] &^= o[1] }

// And returns what both have.
func (s TokenSet) And(o *TokenSet) TokenSet { return TokenSet{s[0] & o[0], s[1] & o[1]} }

// Next returns the first member at or after i, or -1.
func (s *TokenSet) Next(i int) int { return next(s[:], i) }

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

// CodeSet is a set of codes of one policy (nations, coalitions); the bit is
// the code's place in canonical order.
type CodeSet [MaxCodes / 64]uint64

// Add adds a member.
func (s *CodeSet) Add(i int) { s[i>>6] |= 1 << (i & 63) }

// Drop removes a member.
func (s *CodeSet) Drop(i int) { s[i>>6] &^= 1 << (i & 63) }

// Has reports whether i is a member; -1 never is.
func (s *CodeSet) Has(i int) bool { return i >= 0 && s[i>>6]>>(i&63)&1 != 0 }

// Empty reports whether it has no member.
func (s *CodeSet) Empty() bool { return *s == CodeSet{} }

// Union adds the members of another set.
func (s *CodeSet) Union(o *CodeSet) {
	for i := range s {
		s[i] |= o[i]
	}
}

// Intersect keeps the members that both have.
func (s *CodeSet) Intersect(o *CodeSet) {
	for i := range s {
		s[i] &= o[i]
	}
}

// Minus removes the members of another set.
func (s *CodeSet) Minus(o *CodeSet) {
	for i := range s {
		s[i] &^= o[i]
	}
}

// Meets reports whether the sets have a member in common.
func (s *CodeSet) Meets(o *CodeSet) bool {
	var m uint64
	for i := range s {
		m |= s[i] & o[i]
	}
	return m != 0
}

// Next returns the first member at or after i, or -1.
func (s *CodeSet) Next(i int) int { return next(s[:], i) }

type (
	// RuleSet is a set of rules.
	RuleSet = TokenSet
	// LevelSet is a set of levels.
	LevelSet uint16
)
