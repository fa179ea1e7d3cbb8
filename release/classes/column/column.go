// Package column keeps one small number for each of millions of ordinals, and
// finds quickly the highest ordinals whose number is in a set. It is for package
// classes, whose numbers are release classes and whose ordinals are portions; it
// may not know what either means. Nothing in it may be used by several goroutines
// while one of them changes it.
package column

import (
	"math/bits"
	"slices"
)

// Sizes of what the column is made of, as powers of two.
const (
	blockBits = 16              // ordinals in a block of memory
	chunkBits = 10              // ordinals that have a set of their classes
	superBits = 14              // ordinals that have a set of those sets
	minWords  = 8               // of a set, at first
	maxWords  = 256             // at most: 2 bytes a portion; beyond, classes share bits
	narrow    = 1 << blockBits  // classes that a narrow column has numbers for
	blockSize = 1 << blockBits  // ordinals
	chunkSize = 1 << chunkBits  // ordinals
	superSize = 1 << superBits  // ordinals
	ordMask   = blockSize - 1   //
	perSuper  = superSize >> 10 // chunks
)

// A Column has the class of each portion by ordinal, how many there are of
// each class, and where: sets of classes, a bit for each, of each chunk and of
// each super. A set may have a class too many until it is made anew; none is
// missing.
type Column struct {
	n      uint32
	small  []*[blockSize]uint16 // while classes fit
	wide   []*[blockSize]uint32
	counts []uint32 // by class

	words  int        // of a set
	chunks [][]uint64 // sets of the chunks of a super, one after the other
	supers []uint64   // sets of the supers, one after the other
	dirty  map[uint32]struct{}
}

// At returns the class of an ordinal.
func (c *Column) At(ord uint32) uint32 {
	if c.wide != nil {
		return c.wide[ord>>blockBits][ord&ordMask]
	}
	return uint32(c.small[ord>>blockBits][ord&ordMask])
}

// Grow makes room for the numbers of that many classes.
func (c *Column) Grow(classes int) {
	for len(c.counts) < classes {
		c.counts = append(c.counts, 0)
	}
	if classes > narrow && c.wide == nil {
		c.wide = make([]*[blockSize]uint32, 0, len(c.small))
		for _, from := range c.small {
			to := new([blockSize]uint32)
			for i, x := range from {
				to[i] = uint32(x)
			}
			c.wide = append(c.wide, to)
		}
		c.small = nil
	}
	words := max(c.words, minWords)
	for words < maxWords && words*64 < classes {
		words *= 2
	}
	if words != c.words {
		c.words = words
		c.rebuild()
	}
}

// Append adds a portion of a class. There must be room for the class.
func (c *Column) Append(class uint32) {
	ord := c.n
	c.n++
	if ord&ordMask == 0 {
		if c.wide != nil {
			c.wide = append(c.wide, new([blockSize]uint32))
		} else {
			c.small = append(c.small, new([blockSize]uint16))
		}
	}
	if ord&(superSize-1) == 0 {
		c.chunks = append(c.chunks, make([]uint64, perSuper*c.words))
		c.supers = append(c.supers, make([]uint64, c.words)...)
	}
	c.put(ord, class)
	c.counts[class]++
}

func (c *Column) put(ord, class uint32) {
	if c.wide != nil {
		c.wide[ord>>blockBits][ord&ordMask] = class
	} else {
		c.small[ord>>blockBits][ord&ordMask] = uint16(class) //nolint:gosec // grow has seen to it
	}
	c.mark(ord, class)
}

// mark notes that a class is where the ordinal is.
func (c *Column) mark(ord, class uint32) {
	word, bit := int(class>>6)&(c.words-1), uint64(1)<<(class&63)
	super := int(ord >> superBits)
	c.chunks[super][int(ord>>chunkBits)%perSuper*c.words+word] |= bit
	c.supers[super*c.words+word] |= bit
}

// Set gives a portion another class.
func (c *Column) Set(ord, class uint32) {
	c.counts[c.At(ord)]--
	c.counts[class]++
	c.put(ord, class)
	if c.dirty == nil {
		c.dirty = make(map[uint32]struct{})
	}
	c.dirty[ord>>superBits] = struct{}{}
}

// Clean makes the sets anew of which classes may have left.
func (c *Column) Clean() {
	for super := range c.dirty {
		clear(c.chunks[super])
		clear(c.supers[int(super)*c.words : int(super+1)*c.words])
		for ord := super << superBits; ord < min(c.n, (super+1)<<superBits); ord++ {
			c.mark(ord, c.At(ord))
		}
	}
	c.dirty = nil
}

// rebuild makes all sets anew.
func (c *Column) rebuild() {
	supers := (int(c.n) + superSize - 1) / superSize
	c.supers = make([]uint64, supers*c.words)
	c.chunks = make([][]uint64, supers)
	for i := range c.chunks {
		c.chunks[i] = make([]uint64, perSuper*c.words)
	}
	for ord := range c.n {
		c.mark(ord, c.At(ord))
	}
	c.dirty = nil
}

// Len returns how many ordinals there are.
func (c *Column) Len() uint32 { return c.n }

// Classes returns for how many classes there is room.
func (c *Column) Classes() int { return len(c.counts) }

// Words returns how long a folded set is.
func (c *Column) Words() int { return c.words }

// Fold brings a set of classes to the form of the column's own sets.
func (c *Column) Fold(set []uint64) []uint64 {
	out := make([]uint64, c.words)
	for i, w := range set {
		out[i&(c.words-1)] |= w
	}
	return out
}

// meets reports whether two sets of one length have a member in common.
func meets(a, b []uint64) bool {
	b = b[:len(a)]
	for i, w := range a {
		if w&b[i] != 0 {
			return true
		}
	}
	return false
}

// Scan appends the highest ordinals below one whose class is in a set, at most
// so many, from the top. Folded is the set as the column folds it.
func (c *Column) Scan(to []uint32, below uint32, set, folded []uint64, most int) []uint32 {
	for below > 0 && most > 0 {
		top := below - 1
		super := int(top >> superBits)
		if !meets(folded, c.supers[super*c.words:(super+1)*c.words]) {
			below = uint32(super) << superBits
			continue
		}
		chunk := int(top >> chunkBits)
		at := chunk % perSuper * c.words
		start := top &^ (chunkSize - 1)
		if meets(folded, c.chunks[super][at:at+c.words]) {
			before := len(to)
			if c.wide != nil {
				to = scanChunk(to, c.wide[start>>blockBits][start&ordMask:][:below-start], start, set, most)
			} else {
				to = scanChunk(to, c.small[start>>blockBits][start&ordMask:][:below-start], start, set, most)
			}
			most -= len(to) - before
		}
		below = start
	}
	return to
}

// scanChunk is scan within classes that lie together, the first of which is
// that of the ordinal start.
func scanChunk[T uint16 | uint32](to []uint32, classes []T, start uint32, set []uint64, most int) []uint32 {
	for i, class := range slices.Backward(classes) {
		k := int(class)
		if w := k >> 6; w < len(set) && set[w]>>(k&63)&1 != 0 {
			to = append(to, start+uint32(i)) //nolint:gosec // below the size of a chunk
			if most--; most == 0 {
				break
			}
		}
	}
	return to
}

// Dense sets the bits of all ordinals whose class is in a set.
func (c *Column) Dense(set []uint64) []uint64 {
	out := make([]uint64, (int(c.n)+63)/64)
	for ord := range c.n {
		k := c.At(ord)
		out[ord>>6] |= set[k>>6] >> (k & 63) & 1 << (ord & 63)
	}
	return out
}

// Sum counts the portions whose class is in a set.
func (c *Column) Sum(set []uint64) int {
	n := 0
	for i, w := range set {
		for ; w != 0; w &= w - 1 {
			n += int(c.counts[i<<6+bits.TrailingZeros64(w)])
		}
	}
	return n
}

// Size is what it takes in bytes.
func (c *Column) Size() int64 {
	n := len(c.small)*blockSize*2 + len(c.wide)*blockSize*4
	n += len(c.chunks)*perSuper*c.words*8 + cap(c.supers)*8 + cap(c.counts)*4
	return int64(n)
}
