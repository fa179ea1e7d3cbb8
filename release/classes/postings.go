package classes

import (
	"math/bits"
	"slices"
	"sort"
)

// A bitset has a bit for each of what is numbered, as far as it goes.
type bitset []uint64

func (b bitset) has(i uint32) bool {
	w := int(i >> 6)
	return w < len(b) && b[w]>>(i&63)&1 != 0
}

func (b *bitset) add(i uint32) {
	w := int(i >> 6)
	if w >= len(*b) {
		*b = append(*b, make([]uint64, w+1-len(*b))...)
	}
	(*b)[w] |= 1 << (i & 63)
}

// before returns the highest member below i, -1 if there is none.
func (b bitset) before(i int) int {
	if most := len(b) << 6; i > most {
		i = most
	}
	if i <= 0 {
		return -1
	}
	w := (i - 1) >> 6
	word := b[w] << (63 - (i-1)&63) >> (63 - (i-1)&63)
	for word == 0 {
		if w--; w < 0 {
			return -1
		}
		word = b[w]
	}
	return w<<6 + 63 - bits.LeadingZeros64(word)
}

// Postings are the portions that consents to one recipient bear on, ascending,
// and the state of each: two bytes a portion while all are of one state.
type postings struct {
	starts []uint32 // of each block of ordinals, and the end
	lows   []uint16 // of the ordinals
	states []uint32 // nil if all are 0
}

// find returns where a portion is, -1 if it is not there.
func (p *postings) find(ord uint32) int {
	b := int(ord >> blockBits)
	if b+1 >= len(p.starts) {
		return -1
	}
	from, to := int(p.starts[b]), int(p.starts[b+1])
	low := uint16(ord) //nolint:gosec // the block has the rest
	for from < to {
		if mid := int(uint(from+to) >> 1); p.lows[mid] < low { //nolint:gosec // no overflow
			from = mid + 1
		} else {
			to = mid
		}
	}
	if from < int(p.starts[b+1]) && p.lows[from] == low {
		return from
	}
	return -1
}

// state returns the state of the one at a place.
func (p *postings) state(i int) uint32 {
	if p.states == nil {
		return 0
	}
	return p.states[i]
}

// below returns how many portions are below an ordinal.
func (p *postings) below(ord uint32) int {
	b := int(ord >> blockBits)
	if b+1 >= len(p.starts) {
		return len(p.lows)
	}
	from := int(p.starts[b])
	i, _ := slices.BinarySearch(p.lows[from:p.starts[b+1]], uint16(ord)) //nolint:gosec // the block has the rest
	return from + i
}

// at returns the portion at a place.
func (p *postings) at(i int) uint32 {
	b := sort.Search(len(p.starts), func(b int) bool { return int(p.starts[b]) > i }) - 1
	return uint32(b)<<blockBits | uint32(p.lows[i]) //nolint:gosec // a block of ordinals
}

// all calls f for each portion, ascending.
func (p *postings) all(f func(i int, ord uint32)) {
	for b := range max(len(p.starts)-1, 0) {
		for i := p.starts[b]; i < p.starts[b+1]; i++ {
			f(int(i), uint32(b)<<blockBits|uint32(p.lows[i])) //nolint:gosec // a block of ordinals
		}
	}
}

// push adds a portion above all others.
func (p *postings) push(ord, state uint32) {
	for b := int(ord >> blockBits); len(p.starts) <= b; {
		p.starts = append(p.starts, uint32(len(p.lows))) //nolint:gosec // no more than portions
	}
	if state != 0 && p.states == nil {
		p.states = make([]uint32, len(p.lows), cap(p.lows))
	}
	p.lows = append(p.lows, uint16(ord)) //nolint:gosec // the block has the rest
	if p.states != nil {
		p.states = append(p.states, state)
	}
}

// done ends the last block.
func (p *postings) done() { p.starts = append(p.starts, uint32(len(p.lows))) } //nolint:gosec // no more than portions
