package match

import (
	"fmt"
	"sort"
	"strings"
)

// MaxLeak is the longest leaked text, in bytes, that [Prepare] takes.
const MaxLeak = 4 << 20

// A Leak is a leaked text prepared for searching: its words, where its stems
// stand, and the fingerprints of its letters. It does not change and is safe
// for concurrent use.
type Leak struct {
	words   []word
	letters []byte
	grams   *table  // of each run of gram letters, to where it first begins
	stems   *table  // of each stem, to its number
	plain   []bool  // by stem: whether it is a function word
	blocks  [][]int // by stem: the blocks that it stands in
	pairs   *table  // of two stems side by side, to their number
	nPairs  int
}

// A word is a token of the leak with the number of its stem, and of the pair
// that it makes with the word before (-1 for the first).
type word struct {
	token
	stem, pair int
}

const (
	// gram is how many letters in a row count as a fingerprint: three or
	// four words. What is shorter is found by its stems alone.
	gram = 16
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
	return l, nil
}

// number gives stems and pairs their numbers.
func (l *Leak) number(f *folder) {
	l.stems, l.pairs = newTable(len(f.tokens)), newTable(len(f.tokens))
	st := newStemmer()
	var before uint64
	for i, t := range f.tokens {
		hash := st.stemHash(t, f.letters)
		stem := l.stems.add(hash, len(l.blocks))
		if stem == len(l.blocks) {
			l.blocks = append(l.blocks, nil)
		}
		at := i / block
		if b := l.blocks[stem]; len(b) <= manyBlocks && (len(b) == 0 || b[len(b)-1] != at) {
			l.blocks[stem] = append(b, at)
		}
		l.words[i] = word{token: t, stem: stem, pair: -1}
		if i > 0 {
			pair := l.pairs.add(pairHash(before, hash), l.nPairs)
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
	for w := range strings.FieldsSeq(plainWords) {
		if stem := l.stems.get(hashOf(stemOf([]byte(w)))); stem >= 0 {
			l.plain[stem] = true
		}
	}
}

// pairHash tells pairs of stems apart.
func pairHash(first, second uint64) uint64 { return spread(first) ^ second }

func (l *Leak) fingerprint() {
	l.grams = newTable(max(len(l.letters)-gram+1, 0))
	roll := newRoller()
	for i, c := range l.letters {
		if h, ok := roll.next(l.letters, i, c); ok {
			l.grams.add(h, i-gram+1)
		}
	}
}

// wordAt returns the index of the word whose letters include the i-th.
func (l *Leak) wordAt(i int) int {
	return sort.Search(len(l.words), func(k int) bool { return l.words[k].hi > i })
}

// A roller computes the hash of each run of gram letters.
type roller struct {
	h, drop uint64
	n       int
}

func newRoller() roller {
	r := roller{drop: 1}
	for range gram {
		r.drop *= hashBase
	}
	return r
}

// next takes the letter c at s[i], and returns the hash of the gram letters
// that end there; not ok while there are too few.
func (r *roller) next(s []byte, i int, c byte) (uint64, bool) {
	r.h = extend(r.h, c)
	if r.n++; r.n > gram {
		r.h -= (uint64(s[i-gram]) + 1) * r.drop
	}
	return r.h, r.n >= gram
}
