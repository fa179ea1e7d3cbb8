package match

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"tearline/leak/match/internal/letters"
	"tearline/leak/match/internal/table"
	"tearline/leak/match/internal/words"
)

// MaxLeak is the longest leaked text, in bytes, that [Prepare] takes.
const MaxLeak = 4 << 20

// A Leak is a leaked text prepared for searching: its words, where its stems
// stand, and the fingerprints of its letters. It does not change and is safe
// for concurrent use.
type Leak struct {
	words     []word
	letters   []byte
	grams     *table.Table // of each run of gram letters, to where it first begins
	hashes    []uint64     // by stem
	sentences []sentence
	winnowed  []uint64     // the fingerprints that an index would have
	stems     *table.Table // of each stem, to its number
	plain     []bool       // by stem: whether it is a function word
	blocks    [][]int      // by stem: the blocks that it stands in
	pairs     *table.Table // of two stems side by side, to their number
	nPairs    int
}

// A sentence of the leak.
type sentence struct {
	from, to int   // words
	stems    []int // each once, in order
}

// A word is a token of the leak with the number of its stem, and of the pair
// that it makes with the word before (-1 for the first).
type word struct {
	token
	stem, pair int
}

const (
	// block is how many words of a leak are looked at together when rare
	// stems are counted; a passage is expected within two of them.
	block = 32
	// manyBlocks: a stem in more blocks than that says nothing about where.
	manyBlocks = 64
)

// Prepare reads a leaked text. It errs on a text longer than [MaxLeak].
func Prepare(text string) (*Leak, error) {
	if len(text) > MaxLeak {
		return nil, fmt.Errorf("leaked text of %d bytes: at most %d", len(text), MaxLeak)
	}
	var f folder
	f.fold(text, 0)
	l := &Leak{letters: f.letters, words: make([]word, len(f.tokens))}
	l.number(&f)
	l.fingerprint()
	l.cut()
	return l, nil
}

// number gives stems and pairs their numbers.
func (l *Leak) number(f *folder) {
	l.stems, l.pairs = table.New(len(f.tokens)), table.New(len(f.tokens))
	st := newStemmer()
	var before uint64
	for i, t := range f.tokens {
		hash := st.stemHash(t, f.letters)
		stem := l.stems.Add(hash, len(l.blocks))
		if stem == len(l.blocks) {
			l.blocks = append(l.blocks, nil)
			l.hashes = append(l.hashes, hash)
		}
		at := i / block
		if b := l.blocks[stem]; len(b) <= manyBlocks && (len(b) == 0 || b[len(b)-1] != at) {
			l.blocks[stem] = append(b, at)
		}
		l.words[i] = word{token: t, stem: stem, pair: -1}
		if i > 0 {
			pair := l.pairs.Add(pairHash(before, hash), l.nPairs)
			l.words[i].pair = pair
			l.nPairs = max(l.nPairs, pair+1)
		}
		before = hash
	}
	for i, b := range l.blocks {
		if len(b) > manyBlocks {
			l.blocks[i] = nil
		}
	}
	l.plain = make([]bool, len(l.blocks))
	for w := range strings.FieldsSeq(words.Plain) {
		if stem := l.stems.Get(letters.Of(words.Stem([]byte(w)))); stem >= 0 {
			l.plain[stem] = true
		}
	}
}

// pairHash tells pairs of stems apart.
func pairHash(first, second uint64) uint64 { return table.Spread(first) ^ second }

func (l *Leak) fingerprint() {
	l.grams = table.New(max(len(l.letters)-letters.Gram+1, 0))
	roll := letters.NewRoller()
	for i, c := range l.letters {
		if h, ok := roll.Next(l.letters, i, c); ok {
			l.grams.Add(h, i-letters.Gram+1)
		}
	}
	letters.Winnow(l.letters, func(h uint64, _ int) { l.winnowed = append(l.winnowed, h) })
	slices.Sort(l.winnowed)
	l.winnowed = slices.Compact(l.winnowed)
}

// cut finds the sentences.
func (l *Leak) cut() {
	for i, w := range l.words {
		n := len(l.sentences)
		if n == 0 || l.words[i-1].sentence != w.sentence {
			l.sentences = append(l.sentences, sentence{from: i})
			n++
		}
		s := &l.sentences[n-1]
		s.to = i + 1
		if !slices.Contains(s.stems, w.stem) {
			s.stems = append(s.stems, w.stem)
		}
	}
}

// windows returns the windows that are looked at together, as sentences [from,
// to): each one, two and, at every other place, four in a row, and all of a
// short text.
func (l *Leak) windows() [][2]int {
	n := len(l.sentences)
	var out [][2]int
	for i := range n {
		out = append(out, [2]int{i, i + 1})
		if i+2 <= n {
			out = append(out, [2]int{i, i + 2})
		}
		if i%2 == 0 && i+2 < n {
			out = append(out, [2]int{i, min(i+4, n)})
		}
	}
	if n > 4 && n <= wholeText {
		out = append(out, [2]int{0, n})
	}
	return out
}

// wholeText is the most sentences of a text that is looked at as a whole.
const wholeText = 12

// wordAt returns the index of the word whose letters include the i-th.
func (l *Leak) wordAt(i int) int {
	return sort.Search(len(l.words), func(k int) bool { return l.words[k].hi > i })
}
