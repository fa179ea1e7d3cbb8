package policies

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Phrase is what stands for one thing in a line of phrases.
type Phrase struct {
	Text  string
	Sort  PhraseSort
	Index int // of a token, or of a code
}

// A PhraseSort is what a phrase stands for.
type PhraseSort uint8

// The sorts of phrases.
const (
	PhraseToken PhraseSort = iota
	PhraseList             // the words before a list
	PhraseEyes             // the words after one
	PhraseCode
)

// Divides reports whether c parts phrases.
func Divides(c byte) bool { return Blank(c) || strings.IndexByte(",/-", c) >= 0 }

// wordByte reports whether c is of a word, so that no phrase ends before it.
func wordByte(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= utf8.RuneSelf || c == '_'
}

// WordEnd returns where the word at that place ends.
func WordEnd(s string, at int) int {
	for at < len(s) && !Divides(s[at]) {
		at++
	}
	return at
}

// NextWord returns where the next word begins.
func NextWord(s string, at int) int {
	for at < len(s) && Divides(s[at]) {
		at++
	}
	return at
}

// MatchAt reports whether the text goes on with the phrase, and where that ends.
// One blank in the phrase is any number in the text.
func MatchAt(s string, at int, phrase string) (end int, ok bool) {
	for i := range len(phrase) {
		if at >= len(s) {
			return at, false
		}
		if phrase[i] == ' ' && Blank(s[at]) {
			for at < len(s) && Blank(s[at]) {
				at++
			}
			continue
		}
		if s[at] != phrase[i] {
			return at, false
		}
		at++
	}
	return at, true
}

// wholeAt is MatchAt for a phrase that ends with a word.
func wholeAt(s string, at int, phrase string) (end int, ok bool) {
	end, ok = MatchAt(s, at, phrase)
	return end, ok && (end == len(s) || !wordByte(s[end]) || !wordByte(phrase[len(phrase)-1]))
}

// PhraseAt returns the longest phrase with which the text goes on.
func (t *Table) PhraseAt(s string, at int) (x Phrase, end int, ok bool) {
	if at >= len(s) {
		return Phrase{}, at, false
	}
	for _, x := range t.PhraseIndex[s[at]] {
		if end, ok := wholeAt(s, at, x.Text); ok {
			return x, end, true
		}
	}
	return Phrase{}, at, false
}

// LevelAt returns the level with whose words, which begin with what is given
// and is not in the text, the text goes on: the longest.
func (t *Table) LevelAt(given, s string, at int) (level, end int, ok bool) {
	if given != "" {
		at = NextWord(s, at)
	}
	for _, x := range t.LevelPhrases {
		rest, of := strings.CutPrefix(x.Text, given)
		if end, whole := wholeAt(s, at, rest); of && rest != "" && whole {
			return x.Index, end, true
		}
	}
	return 0, at, false
}

// phrases enters the phrases of a line without separators.
func (b *builder) phrases() {
	p := b.p
	if !p.Phrases {
		return
	}
	var all []Phrase
	for i, t := range p.Tokens {
		sort := PhraseToken
		if t.Codes != nil {
			sort = PhraseList
			if t.Codes.Sort == ListEyes {
				sort = PhraseEyes
			}
		}
		for _, w := range t.Spellings() {
			all = append(all, Phrase{w, sort, i})
		}
	}
	for w, i := range p.CodeIndex {
		all = append(all, Phrase{w, PhraseCode, i})
	}
	longest := func(x, y Phrase) int {
		return cmp.Or(cmp.Compare(len(y.Text), len(x.Text)), strings.Compare(x.Text, y.Text), cmp.Compare(x.Sort, y.Sort))
	}
	slices.SortFunc(all, longest)
	p.PhraseIndex = map[byte][]Phrase{}
	for _, x := range all {
		p.PhraseIndex[x.Text[0]] = append(p.PhraseIndex[x.Text[0]], x)
	}
	for w, i := range p.LevelWords {
		p.LevelPhrases = append(p.LevelPhrases, Phrase{w, PhraseToken, i})
	}
	slices.SortFunc(p.LevelPhrases, longest)
}
