package marks

import (
	"bytes"
	"hash/maphash"

	"tearline/marking"
)

// Bounds of what a run remembers: most files have few marks, and those again
// and again. Lines and answers that are longer are not kept.
const (
	tableSets   = 4 << 10
	maxMemoLine = 256
	maxMemo     = 2 << 10
)

// A table keeps what has been made for keys, by their hashes. Of the keys that
// fall on a pair the two latest are kept, and none is before it has come twice
// in a while: a file in which no line comes again costs next to nothing.
type table[V any] struct {
	sets   [tableSets]pair
	values []V
}

// A pair has no pointers: what collects garbage need not look at it.
type pair struct {
	once uint64 // the hash that came last and was not kept
	hash [2]uint64
	at   [2]int32 // from 1; 0 is empty
}

// find returns what is kept of a key, nil if that is nothing. The hash says
// where to look, is whether it is the key's. It is good until the next call.
func (t *table[V]) find(hash uint64, is func(*V) bool) *V {
	s := &t.sets[hash%tableSets]
	for i := range s.at {
		if s.at[i] == 0 || s.hash[i] != hash {
			continue
		}
		if v := &t.values[s.at[i]-1]; is(v) {
			s.hash[0], s.hash[i] = s.hash[i], s.hash[0]
			s.at[0], s.at[i] = s.at[i], s.at[0]
			return v
		}
	}
	return nil
}

// room returns where to keep what has been made of a key that find does not
// know, over what was there; nil if it is not to be kept.
func (t *table[V]) room(hash uint64) *V {
	s := &t.sets[hash%tableSets]
	if s.once != hash {
		s.once = hash
		return nil
	}
	if s.at[1] == 0 {
		t.values = append(t.values, *new(V))
		s.at[1] = int32(len(t.values)) //nolint:gosec // two for each pair at most
	}
	s.hash[0], s.hash[1] = hash, s.hash[0]
	s.at[0], s.at[1] = s.at[1], s.at[0]
	return &t.values[s.at[0]-1]
}

// remembered is a line and its answer.
type remembered struct {
	line, answer []byte
	ok           bool
}

// remembering answers lines as fresh does, and those that came before from
// memory. The answer to a line must be the same each time.
func remembering(fresh Answer) Answer {
	seed, known := maphash.MakeSeed(), &table[remembered]{}
	return func(dst, line []byte) ([]byte, bool) {
		if len(line) == 0 || len(line) > maxMemoLine {
			return fresh(dst, line)
		}
		hash := maphash.Bytes(seed, line)
		if r := known.find(hash, func(r *remembered) bool { return bytes.Equal(r.line, line) }); r != nil {
			return append(dst, r.answer...), r.ok
		}
		from := len(dst)
		dst, ok := fresh(dst, line)
		if answer := dst[from:]; len(answer) <= maxMemo {
			if r := known.room(hash); r != nil {
				*r = remembered{append(r.line[:0], line...), append(r.answer[:0], answer...), ok}
			}
		}
		return dst, ok
	}
}

// A memo keeps what has been made of markings.
type memo[V any] struct {
	seed  maphash.Seed
	known table[made[V]]
	spare V
}

type made[V any] struct {
	of    marking.Marking
	value V
}

func newMemo[V any]() *memo[V] { return &memo[V]{seed: maphash.MakeSeed()} }

// of returns what fresh makes of m, which may use the bytes of the value that it
// is to replace. It is good until the next call.
func (c *memo[V]) of(m marking.Marking, fresh func(old V, m marking.Marking) V) *V {
	if m.IsZero() {
		c.spare = fresh(c.spare, m)
		return &c.spare
	}
	hash := maphash.Comparable(c.seed, m)
	if e := c.known.find(hash, func(e *made[V]) bool { return e.of == m }); e != nil {
		return &e.value
	}
	if e := c.known.room(hash); e != nil {
		e.of, e.value = m, fresh(e.value, m)
		return &e.value
	}
	c.spare = fresh(c.spare, m)
	return &c.spare
}
