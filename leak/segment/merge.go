package segment

import (
	"crypto/cipher"
	"encoding/binary"
	"fmt"
	"io"
)

// A merger makes one segment of several, document after document.
type merger struct {
	w      *writer
	from   []*Segment
	base   []int // the number of the first document of each
	cipher cipher.Block
	total  int
}

// Merge writes the documents of several segments, in order, as one. What it
// reads is checked; damage ends the merge with [ErrDamaged].
func Merge(out io.Writer, key *Key, salt [16]byte, label string, from ...*Segment) error {
	m := &merger{from: from, cipher: key.records(salt[:])}
	grams := 0
	for _, s := range from {
		m.base = append(m.base, m.total)
		m.total += s.Len()
		grams += len(s.grams) / (restBytes(s.head.Bits) + 3)
	}
	if m.total > MostDocuments {
		return fmt.Errorf("a segment holds at most %d documents, not %d", MostDocuments, m.total)
	}
	m.w = newWriter(out, head{Format: format, Label: label, Salt: salt[:], Check: key.check, Documents: m.total})
	for _, part := range []func() error{m.documents, m.terms, m.pairs, func() error { return m.grams(grams) }, m.w.close} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

func (m *merger) documents() error {
	var ends, sizes, buf []byte
	at := uint64(0)
	for i, s := range m.from {
		for doc := range s.Len() {
			var err error
			if buf, err = s.Record(buf[:0], doc); err != nil {
				return err
			}
			seal(m.cipher, m.base[i]+doc, buf, buf)
			m.w.write(buf)
			at += uint64(len(buf))
			ends = binary.LittleEndian.AppendUint64(ends, at)
		}
		own, err := s.Sizes()
		if err != nil {
			return err
		}
		sizes = append(sizes, own...)
	}
	m.w.section("records")
	m.w.write(ends)
	m.w.section("ends")
	m.w.write(sizes)
	m.w.section("sizes")
	return m.w.err
}

// ordered walks several tables of hashes in order: it calls visit for each
// hash once, with the segments that have it and where in their tables.
func (m *merger) ordered(which section, table func(*Segment) []byte, size int, visit func(hash uint64, at []int) error) error {
	next := make([]int, len(m.from))
	at := make([]int, len(m.from))
	for {
		least := uint64(1) << hashBits
		for i, s := range m.from {
			t := table(s)
			if next[i] == len(t)/size {
				continue
			}
			if err := s.sound(which, next[i]*size, (next[i]+1)*size); err != nil {
				return err
			}
			least = min(least, get5(t[next[i]*size:]))
		}
		if least == 1<<hashBits {
			return m.w.err
		}
		for i, s := range m.from {
			at[i] = -1
			if t := table(s); next[i] < len(t)/size && get5(t[next[i]*size:]) == least {
				at[i] = next[i]
				next[i]++
			}
		}
		if err := visit(least, at); err != nil {
			return err
		}
	}
}

func (m *merger) terms() error {
	t := termWriter{w: m.w}
	err := m.ordered(inTerms, func(s *Segment) []byte { return s.terms }, termBytes, func(hash uint64, at []int) error {
		t.begin(hash)
		for i, s := range m.from {
			if at[i] < 0 {
				continue
			}
			l, err := s.list(at[i])
			if err == nil {
				err = l.Each(s.Len(), func(doc int) { t.document(m.base[i] + doc) })
			}
			if err != nil {
				return err
			}
		}
		t.end()
		return nil
	})
	if err != nil {
		return err
	}
	return t.close()
}

// pairsFor is in how many documents of a segment of that size a pair must be
// to be kept: what matters is whether it is a phrase of many.
func pairsFor(documents int) int { return leastPairs + documents>>18 }

func (m *merger) pairs() error {
	least := pairsFor(m.total)
	err := m.ordered(inPairs, func(s *Segment) []byte { return s.pairs }, pairBytes, func(hash uint64, at []int) error {
		n := 0
		for i, s := range m.from {
			if at[i] >= 0 {
				n += get3(s.pairs[at[i]*pairBytes+5:])
			}
		}
		if n >= least {
			m.w.pair(hash, n)
		}
		return nil
	})
	m.w.section("pairs")
	return err
}

// A gramReader walks the fingerprints of a segment in order.
type gramReader struct {
	s      *Segment
	bucket int
	at, to int // bytes
	kept   uint64
	doc    int
}

// next moves to the next fingerprint; not ok after the last.
func (g *gramReader) next() (ok bool, err error) {
	bits := g.s.head.Bits
	n := restBytes(bits)
	for g.at >= g.to {
		if g.bucket++; g.bucket >= 1<<bits {
			return false, nil
		}
		if g.at, g.to, err = g.s.bucket(g.bucket); err != nil {
			return false, err
		}
	}
	p := g.s.grams[g.at:]
	g.kept = uint64(g.bucket)<<(gramBits-bits) | uint64(getRest(p, n)) //nolint:gosec // not negative
	g.doc = get3(p[n:])
	g.at += n + 3
	return true, nil
}

func (m *merger) grams(n int) error {
	g := newGramWriter(m.w, n)
	readers := make([]*gramReader, 0, len(m.from))
	base := make([]int, 0, len(m.from))
	for i, s := range m.from {
		r := &gramReader{s: s, bucket: -1}
		ok, err := r.next()
		if err != nil {
			return err
		}
		if ok {
			readers, base = append(readers, r), append(base, m.base[i])
		}
	}
	for len(readers) > 0 {
		least := 0
		for i, r := range readers {
			if r.kept < readers[least].kept {
				least = i
			}
		}
		r := readers[least]
		g.add(r.kept, base[least]+r.doc)
		ok, err := r.next()
		if err != nil {
			return err
		}
		if !ok {
			readers = append(readers[:least], readers[least+1:]...)
			base = append(base[:least], base[least+1:]...)
		}
	}
	g.close()
	return m.w.err
}
