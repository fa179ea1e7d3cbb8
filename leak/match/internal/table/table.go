// Package table holds what package match looks hashes up in: a table of numbers
// by hash, made once and read often, most of the time in vain. It may not know
// what is hashed.
package table

// A Table maps hashes to small numbers. Most lookups miss, and a bitmap that
// fits the processor's cache answers those.
type Table struct {
	filter []uint64
	keys   []uint64 // 0 is free
	vals   []int
	shift  uint // of a scrambled hash, to an index of keys
	bit    uint // of a scrambled hash, to a bit of filter
	mask   uint64
}

// New makes a table for at most n entries.
func New(n int) *Table {
	size := uint(4)
	for 1<<size < 2*n {
		size++
	}
	return &Table{
		filter: make([]uint64, max(1<<(size+2)/64, 1)),
		keys:   make([]uint64, 1<<size),
		vals:   make([]int, 1<<size),
		shift:  64 - size,
		bit:    64 - size - 2,
		mask:   1<<size - 1,
	}
}

// Spread makes a hash an index: the high bits depend on all bits.
func Spread(h uint64) uint64 { return Scramble(h) * 0x9E3779B97F4A7C15 }

// keyOf returns what a hash is kept as, and its index. No key is 0. What is
// hashed alike but for the last letter differs in the lowest bits of the hash
// alone: only when they are scrambled can one be done without.
func keyOf(h uint64) (key, spread uint64) { return Scramble(h) | 1, Spread(h) }

// Add enters h with val unless it is there, and returns the value it has.
func (t *Table) Add(h uint64, val int) int {
	h, s := keyOf(h)
	b := s >> t.bit
	t.filter[b/64] |= 1 << (b % 64)
	for i := s >> t.shift; ; i = (i + 1) & t.mask {
		switch t.keys[i] {
		case h:
			return t.vals[i]
		case 0:
			t.keys[i], t.vals[i] = h, val
			return val
		}
	}
}

// Get returns the value of h, or -1.
func (t *Table) Get(h uint64) int {
	h, s := keyOf(h)
	b := s >> t.bit
	if t.filter[b/64]&(1<<(b%64)) == 0 {
		return -1
	}
	for i := s >> t.shift; ; i = (i + 1) & t.mask {
		switch t.keys[i] {
		case h:
			return t.vals[i]
		case 0:
			return -1
		}
	}
}

// Scramble spreads a polynomial hash over all 64 bits, for use as an index.
func Scramble(h uint64) uint64 {
	h ^= h >> 32
	h *= 0xD6E8FEB86659FD93
	return h ^ h>>32
}
