package column

import (
	"math/bits"
	"slices"
	"sort"
)

// A Bitset has a bit for each of what is numbered, as far as it goes.
type Bitset []uint64

// Has reports whether i is a member.
func (b Bitset) Has(i uint32) bool {
	w := int(i >> 6)
	return w < len(b) && b[w]>>(i&63)&1 != 0
}

// Add makes i a member.
func (b *Bitset) Add(i uint32) {
	w := int(i >> 6)
	if w >= len(*b) {
		*b = append(*b, make([]uint64, w+1-len(*b))...)
	}
	(*b)[w] |= 1 << (i & 63)
}

// Before returns the highest member below i, -1 if there is none.
func (b Bitset) Before(i int) int {
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
type Postings struct {
	starts []uint32 // of each block of ordinals, and the end
	lows   []uint16 // of the ordinals
	states []uint32 // nil if all are 0
}

// Find returns where a portion is, -1 if it is not there.
func (p *Postings) Find(ord uint32) int {
	b := int(ord >> blockBits)
	if b+1 >= len(p.starts) {
		return -1
	}
	from, to := int(p.starts[b]), int(p.starts[b+1])
	low := uint16(ord) //nolint:gosec // the block has the rest
	for from < to {
		if mid := int(uint(from+to) >> 1); p.lows[mid] < low {
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

// State returns the state of the one at a place.
func (p *Postings) State(i int) uint32 {
	if p.states == nil {
		return 0
	}
	return p.states[i]
}

// Below returns how many portions are below an ordinal.
func (p *Postings) Below(ord uint32) int {
	b := int(ord >> blockBits)
	if b+1 >= len(p.starts) {
		return len(p.lows)
	}
	from := int(p.starts[b])
	i, _ := slices.BinarySearch(p.lows[from:p.starts[b+1]], uint16(ord)) //nolint:gosec // the block has the rest
	return from + i
}

// At returns the portion at a place.
func (p *Postings) At(i int) uint32 {
	b := sort.Search(len(p.starts), func(b int) bool { return int(p.starts[b]) > i }) - 1
	return uint32(b)<<blockBits | uint32(p.lows[i]) //nolint:gosec // a block of ordinals
}

// All calls f for each portion, ascending.
func (p *Postings) All(f func(i int, ord uint32)) {
	for b := range max(len(p.starts)-1, 0) {
		for i := p.starts[b]; i < p.starts[b+1]; i++ {
			f(int(i), uint32(b)<<blockBits|uint32(p.lows[i]))
		}
	}
}

// Push adds a portion above all others.
func (p *Postings) Push(ord, state uint32) {
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

// Done ends the last block.
func (p *Postings) Done() { p.starts = append(p.starts, uint32(len(p.lows))) } //nolint:gosec // no more than portions

// NewPostings returns postings with room for so many portions up to an ordinal.
func NewPostings(n int, last uint32) Postings {
	return Postings{lows: make([]uint16, 0, n), starts: make([]uint32, 0, last>>blockBits+2)}
}

// Len returns how many portions there are.
func (p *Postings) Len() int { return len(p.lows) }

// Size returns what they take in bytes.
func (p *Postings) Size() int64 { return int64(cap(p.starts)*4 + cap(p.lows)*2 + cap(p.states)*4) }
