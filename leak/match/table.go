package match

// A table maps hashes to small numbers. Most lookups miss, and a bitmap that
// fits the processor's cache answers those.
type table struct {
	filter []uint64
	keys   []uint64 // 0 is free
	vals   []int
	shift  uint // of a scrambled hash, to an index of keys
	bit    uint // of a scrambled hash, to a bit of filter
	mask   uint64
}

// newTable makes a table for at most n entries.
func newTable(n int) *table {
	size := uint(4)
	for 1<<size < 2*n {
		size++
	}
	return &table{
		filter: make([]uint64, max(1<<(size+2)/64, 1)),
		keys:   make([]uint64, 1<<size),
		vals:   make([]int, 1<<size),
		shift:  64 - size,
		bit:    64 - size - 2,
		mask:   1<<size - 1,
	}
}

// spread makes a hash an index: the high bits depend on all bits.
func spread(h uint64) uint64 { return scramble(h) * hashBase }

// add enters h with val unless it is there, and returns the value it has.
func (t *table) add(h uint64, val int) int {
	h |= 1 // no key is 0; two hashes in 2⁶⁴ become one
	s := spread(h)
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

// get returns the value of h, or -1.
func (t *table) get(h uint64) int {
	h |= 1
	s := spread(h)
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

// A sketch counts hashes in fixed memory (count-min): never too few, rarely
// too many. It tells how common the words of a portion are that the leak does
// not have.
type sketch []uint32

const sketchBits = 19

func newSketch() sketch { return make(sketch, 2<<sketchBits) }

func (s sketch) cells(h uint64) (a, b uint64) {
	h = spread(h)
	return h >> (64 - sketchBits), 1<<sketchBits + h&(1<<sketchBits-1)
}

func (s sketch) add(h uint64) {
	a, b := s.cells(h)
	s[a]++
	s[b]++
}

func (s sketch) count(h uint64) uint32 {
	a, b := s.cells(h)
	return min(s[a], s[b])
}
