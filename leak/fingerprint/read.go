package fingerprint

import (
	"cmp"
	"slices"
	"strings"

	"tearline"
)

// Bounds that keep reading linear in the length of wording and text: a wording
// is read in blocks of fixed length, each against few stretches of the text.
const (
	blockItems = 128 // of which the middle half is read, ends apart
	wholeText  = 512 // words of a text that is not cut into stretches
	bucket     = 64  // words of text that are voted for together
	mostPlaces = 64  // a word at more places of the text says nothing
	stretches  = 3
	mostCombos = 4096 // of the alternatives of one group
)

// What must surround a point for its place to be certain: words that agree
// without a gap, and their letters. One side alone needs more.
const (
	aroundWords, aroundLetters = 3, 12
	besideWords, besideLetters = 4, 16
)

// Read returns what a text shows at each point of a wording: the alternative's
// index, or [Erased], or [Altered]. The text may quote a part of the portion
// only, within anything else, and with changes; where that leaves more than
// one reading, the point is Erased. Two quotations that disagree erase it too.
//
// A point is read if the words on both sides of it agree and what stands
// between them is one of the alternatives; an empty alternative only so. With
// one side gone, a longer stretch on the other side does, provided that the
// alternative cannot be taken for another or for the words around it. Case,
// quotation marks, dashes, spaces, other punctuation and accents are not
// looked at, so alternatives that differ in these alone are never read.
func Read(w tearline.Wording, text string) []int {
	seen := make([]int, w.Points())
	for i := range seen {
		seen[i] = Erased
	}
	if len(seen) == 0 {
		return seen
	}
	t := newText(text)
	all := items(w)
	votes := make([]vote, len(seen))
	for from := 0; ; from += blockItems / 2 {
		to := min(from+blockItems, len(all))
		b := block{items: all[from:to], text: t}
		if slices.ContainsFunc(b.items, func(it item) bool { return it.group != nil }) {
			for _, s := range b.stretches() {
				b.read(s, votes)
			}
		}
		if to == len(all) {
			break
		}
	}
	for i, v := range votes {
		seen[i] = v.result()
	}
	return seen
}

// A vote gathers what was read at one point.
type vote struct {
	value   int
	any     bool // a value was read
	clash   bool // and another one elsewhere
	altered bool
}

func (v *vote) add(seen int) {
	switch {
	case seen == Altered:
		v.altered = true
	case seen < 0:
	case v.any && v.value != seen:
		v.clash = true
	default:
		v.value, v.any = seen, true
	}
}

// addBoth adds what two equally good alignments read: nothing if only one of
// them reads the point, a clash if they read it differently.
func (v *vote) addBoth(x, y int) {
	if x == y || x >= 0 && y >= 0 {
		v.add(x)
		v.add(y)
	}
}

func (v *vote) result() int {
	switch {
	case v.clash:
		return Erased
	case v.any:
		return v.value
	case v.altered:
		return Altered
	}
	return Erased
}

// A leaked is a text as words, and where each word stands.
type leaked struct {
	words  []string
	places map[string][]int
}

func newText(text string) *leaked {
	t := &leaked{words: fold(text)}
	if len(t.words) <= wholeText {
		return t
	}
	t.places = make(map[string][]int)
	for i, w := range t.words {
		if p := t.places[w]; len(p) <= mostPlaces {
			t.places[w] = append(p, i)
		}
	}
	return t
}

// A block is some items of a wording that are read together.
type block struct {
	items []item
	text  *leaked
}

// stretches returns where in the text the block may be quoted, as [from, to)
// of its words.
func (b *block) stretches() [][2]int {
	n := len(b.text.words)
	if n <= wholeText {
		return [][2]int{{0, n}}
	}
	votes := map[int]int{}
	told := map[string]bool{}
	for _, it := range b.items {
		places := b.text.places[it.word]
		if it.group != nil || told[it.word] || len(places) > mostPlaces {
			continue
		}
		told[it.word] = true
		last := -1
		for _, p := range places {
			if k := p / bucket; k != last {
				votes[k] += len(it.word)
				last = k
			}
		}
	}
	keys := make([]int, 0, len(votes))
	for k := range votes {
		if votes[k]+votes[k+1] >= aroundLetters {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(x, y int) int {
		return cmp.Or(cmp.Compare(votes[y]+votes[y+1], votes[x]+votes[x+1]), cmp.Compare(x, y))
	})
	var out [][2]int
	for _, k := range keys {
		s := [2]int{max(k*bucket-blockItems, 0), min((k+2)*bucket+blockItems, n)}
		if slices.ContainsFunc(out, func(o [2]int) bool { return o[0] <= k*bucket && k*bucket < o[1]-bucket }) {
			continue
		}
		if out = append(out, s); len(out) == stretches {
			break
		}
	}
	return out
}

// read aligns the block with a stretch of the text and votes on its points;
// and again with what the first quotation left.
func (b *block) read(s [2]int, votes []vote) {
	words := slices.Clone(b.text.words[s[0]:s[1]])
	for range 2 {
		a := align(b.items, words)
		early, late := a.trace(false), a.trace(true)
		if early.matched == 0 {
			return
		}
		for i, it := range b.items {
			if it.group == nil {
				continue
			}
			x, y := b.at(i, words, early.word), b.at(i, words, late.word)
			for k := range x {
				votes[it.group.first+k].addBoth(x[k], y[k])
			}
		}
		for _, j := range early.word {
			if j >= 0 {
				words[j] = ""
			}
		}
	}
}

// at reads the group at item i, given the word of the text at which each item
// stands (-1 for none).
func (b *block) at(i int, words []string, word []int) []int {
	g := b.items[i].group
	seen := make([]int, len(g.points))
	for k := range seen {
		seen[k] = Erased
	}
	left, leftLetters := b.context(i, -1, word)
	right, rightLetters := b.context(i, +1, word)
	switch {
	case left > 0 && right > 0:
		if left+right < aroundWords || leftLetters+rightLetters < aroundLetters {
			return seen
		}
		between := words[word[i-1]+1 : word[i+1]]
		if len(between) <= g.most+aroundWords {
			g.between(letters(between), seen)
		}
	case left >= besideWords && leftLetters >= besideLetters && len(g.points) == 1:
		seen[0] = b.beside(i, words[word[i-1]+1:], true)
	case right >= besideWords && rightLetters >= besideLetters && len(g.points) == 1:
		seen[0] = b.beside(i, words[:word[i+1]], false)
	}
	return seen
}

// context counts the words beside item i, in direction d, that agree without
// a gap, and their letters.
func (b *block) context(i, d int, word []int) (count, size int) {
	for k := i + d; k >= 0 && k < len(b.items); k += d {
		if b.items[k].group != nil || word[k] < 0 || count > 0 && word[k] != word[k-d]+d {
			break
		}
		count++
		size += len(b.items[k].word)
	}
	return count, size
}

// between reads all points of the group from what stands between the words
// around it: the combination of alternatives that it is.
func (g *group) between(text string, seen []int) {
	combos := 1
	for _, p := range g.points {
		if combos *= len(p.alternatives); combos > mostCombos {
			return
		}
	}
	found := false
	choice := make([]int, len(g.points))
	for n := range combos {
		rest, ok := text, true
		for k, p := range g.points {
			choice[k] = n % len(p.alternatives)
			n /= len(p.alternatives)
			if rest, ok = strings.CutPrefix(rest, letters(p.alternatives[choice[k]])); !ok {
				break
			}
		}
		if !ok || rest != "" {
			continue
		}
		for k := range seen {
			switch {
			case !found:
				seen[k] = choice[k]
			case seen[k] != choice[k]:
				seen[k] = Erased
			}
		}
		found = true
	}
	if !found && len(g.points) == 1 {
		seen[0] = Altered
	}
}

// beside reads a single point from the text on one side of it only: after the
// words on its left (after), or before those on its right. The alternative
// must be there in full, and neither it nor what stands there may be taken for
// another alternative or for the fixed words beyond.
func (b *block) beside(i int, text []string, after bool) int {
	starts := func(x, y []string) bool {
		if len(x) > len(y) {
			return false
		}
		if after {
			return slices.Equal(x, y[:len(x)])
		}
		return slices.Equal(x, y[len(y)-len(x):])
	}
	seen := Erased
	alternatives := b.items[i].group.points[0].alternatives
	for k, a := range alternatives {
		if len(a) == 0 || !starts(a, text) {
			continue
		}
		if seen != Erased || b.takenFor(i, a, after) {
			return Erased
		}
		seen = k
	}
	return seen
}

// takenFor reports whether the alternative could be the fixed word beyond the
// point, had the point been left out.
func (b *block) takenFor(i int, a []string, after bool) bool {
	if after {
		return i+1 < len(b.items) && b.items[i+1].word == a[0]
	}
	return i > 0 && b.items[i-1].word == a[len(a)-1]
}
