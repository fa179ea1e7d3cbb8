package match

import (
	"iter"

	"tearline/leak/match/internal/words"
)

// Stems yields the stems of a text's words in order, as texts are compared
// here: without case, accents, punctuation and invisible characters, English
// endings off. Whoever looks for words in portions finds what a leak of them
// would.
func Stems(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		var f folder
		f.fold(s, 0)
		for _, t := range f.tokens {
			if !yield(words.Stem(f.letters[t.lo:t.hi])) {
				return
			}
		}
	}
}
