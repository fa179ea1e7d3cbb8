package fingerprint

// Prices of an alignment. A fixed word that agrees gains its letters, up to
// gainMost; words between the fixed ones at a group cost little, elsewhere
// more, so that the alternatives do not decide where their place is.
const (
	gainMost     = 8
	priceChange  = 4
	priceGap     = 3
	priceAtGroup = 1
)

// What a step does.
const (
	stop = 1 << iota // the alignment begins here
	take             // the word agrees with the item
	swap             // another word in its place
	skip             // the item is not in the text
	pass             // the word is not in the wording
)

// An alignment of items with words: the best local one (Smith and Waterman),
// with all equally good steps kept, to tell whether it is the only one.
type alignment struct {
	items int
	width int
	score []int32
	steps []uint8 // by item and word, a set
	top   int32
}

// align fills the tables. A word "" agrees with nothing.
func align(items []item, words []string) *alignment {
	ids := make(map[string]int, len(items))
	for _, it := range items {
		if _, ok := ids[it.word]; !ok && it.group == nil {
			ids[it.word] = len(ids) + 1
		}
	}
	numbers := make([]int, len(words))
	for j, w := range words {
		numbers[j] = ids[w]
	}
	width := len(words) + 1
	size := width * (len(items) + 1)
	a := &alignment{items: len(items), width: width, score: make([]int32, size), steps: make([]uint8, size)}
	for i, it := range items {
		if it.group != nil {
			a.groupRow(i)
		} else {
			a.wordRow(i, ids[it.word], gain(it.word), numbers)
		}
	}
	return a
}

// groupRow fills the row of a group, which may take in any words.
func (a *alignment) groupRow(i int) {
	above, out, steps := a.row(i)
	for j := 1; j < a.width; j++ {
		best, set := above[j], uint8(skip)
		switch s := out[j-1] - priceAtGroup; {
		case s > best:
			best, set = s, pass
		case s == best:
			set |= pass
		}
		if best <= 0 {
			best, set = 0, stop
		}
		out[j], steps[j] = best, set
	}
}

// wordRow fills the row of a fixed word.
func (a *alignment) wordRow(i, id int, gain int32, numbers []int) {
	above, out, steps := a.row(i)
	for j := 1; j < a.width; j++ {
		best, set := above[j-1]-priceChange, uint8(swap)
		if numbers[j-1] == id {
			best, set = above[j-1]+gain, take
		}
		switch s := above[j] - priceGap; {
		case s > best:
			best, set = s, skip
		case s == best:
			set |= skip
		}
		switch s := out[j-1] - priceGap; {
		case s > best:
			best, set = s, pass
		case s == best:
			set |= pass
		}
		if best <= 0 {
			best, set = 0, stop
		}
		out[j], steps[j] = best, set
		a.top = max(a.top, best)
	}
}

// row returns the scores of the item before item i, and its own row.
func (a *alignment) row(i int) (above, out []int32, steps []uint8) {
	at := (i + 1) * a.width
	return a.score[at-a.width : at], a.score[at : at+a.width], a.steps[at : at+a.width]
}

func gain(word string) int32 { return 2 + int32(min(len(word), gainMost)) }

// A path says at which word of the text each item stands, -1 for none.
type path struct {
	word    []int
	matched int
}

// trace follows one of the best alignments: the one that ends first and keeps
// to the left where there is a choice, or the one that ends last and keeps to
// the right.
func (a *alignment) trace(late bool) path {
	p := path{word: make([]int, a.items)}
	for i := range p.word {
		p.word[i] = -1
	}
	if a.top == 0 {
		return p
	}
	at := 0
	for k, s := range a.score {
		if s == a.top {
			if at = k; !late {
				break
			}
		}
	}
	order := [...]uint8{take, swap, skip, pass}
	if late {
		order = [...]uint8{pass, skip, swap, take}
	}
	for a.score[at] > 0 {
		step := uint8(stop)
		for _, o := range order {
			if a.steps[at]&o != 0 {
				step = o
				break
			}
		}
		switch step {
		case take:
			p.word[at/a.width-1] = at%a.width - 1
			p.matched++
			at -= a.width + 1
		case swap:
			at -= a.width + 1
		case skip:
			at -= a.width
		case pass:
			at--
		case stop:
			return p
		}
	}
	return p
}
