package match

import (
	"encoding/binary"
	"errors"
	"fmt"

	"tearline"
	"tearline/leak/match/internal/letters"
	"tearline/leak/match/internal/table"
	"tearline/leak/segment"
)

// Folding numbers the way in which texts are folded to stems and letters. What was
// filed under another number cannot be searched.
const Folding = 1

// A Filer turns portions into what the index keeps of them. It reuses its
// memory and is not safe for concurrent use.
type Filer struct {
	key *segment.Key
	reader
	hidden hider
	record []byte
}

// NewFiler makes a filer for an archive with that key.
func NewFiler(key *segment.Key) *Filer {
	return &Filer{key: key, reader: reader{stemmer: newStemmer(), stems: table.New(0)}, hidden: newHider(key)}
}

// Documents calls yield with the documents of a portion: one, or several of a
// long one. What it is given is valid during the call.
func (f *Filer) Documents(p Portion, yield func(segment.Document) error) error {
	var d segment.Document
	for _, u := range units(p.Wording) {
		f.read(u)
		d.Terms, d.Pairs, d.Grams, d.Size = d.Terms[:0], d.Pairs[:0], d.Grams[:0], 0
		before := uint64(0)
		for i := range f.rows {
			r := &f.rows[i]
			if r.ins != nil {
				before = 0
				continue
			}
			d.Size++
			term := f.hidden.term(r.stem)
			d.Terms = append(d.Terms, term)
			if before != 0 && r.glue {
				d.Pairs = append(d.Pairs, f.key.Hide(segment.Pairs, pairHash(before, r.stem)))
			}
			before = r.stem
		}
		f.streams(f.folder.letters, func(run []byte) {
			letters.Winnow(run, func(h uint64, _ int) { d.Grams = append(d.Grams, f.key.Hide(segment.Grams, h)) })
		})
		f.record = encode(f.record[:0], p.Ref, u)
		d.Record = f.record
		if err := yield(d); err != nil {
			return err
		}
	}
	return nil
}

// A hider hides stems and remembers the latest.
type hider struct {
	key    *segment.Key
	stem   []uint64
	hidden []uint64
}

func newHider(key *segment.Key) hider {
	return hider{key: key, stem: make([]uint64, stemCache), hidden: make([]uint64, stemCache)}
}

func (h *hider) term(stem uint64) uint64 {
	i := table.Scramble(stem) & (stemCache - 1)
	if h.stem[i] != stem || h.hidden[i] == 0 {
		h.stem[i], h.hidden[i] = stem, h.key.Hide(segment.Terms, stem)
	}
	return h.hidden[i]
}

var errRecord = errors.New("a record of the leak index does not read")

// encode appends a unit of a portion as the index keeps it.
func encode(b []byte, ref tearline.PortionRef, u unit) []byte {
	b = appendString(b, string(ref.Report))
	b = appendString(b, string(ref.Portion))
	for _, s := range u.segs {
		b = binary.AppendUvarint(b, uint64(len(s.alternatives)))
		b = binary.AppendUvarint(b, uint64(s.start))       //nolint:gosec // not negative
		b = binary.AppendUvarint(b, uint64(s.end-s.start)) //nolint:gosec // not negative
		if s.alternatives == nil {
			b = appendString(b, s.text)
		}
		for _, a := range s.alternatives {
			b = appendString(b, a)
		}
	}
	return b
}

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// A decoder reads a record.
type decoder struct {
	s   string
	bad bool
}

func (d *decoder) number() int {
	var n uint64
	for shift := 0; shift < 63 && len(d.s) > 0; shift += 7 {
		c := d.s[0]
		d.s = d.s[1:]
		n |= uint64(c&0x7F) << shift
		if c < 0x80 {
			return int(min(n, 1<<40))
		}
	}
	d.bad = true
	return 0
}

func (d *decoder) string() string {
	n := d.number()
	if n > len(d.s) {
		d.bad = true
		return ""
	}
	s := d.s[:n]
	d.s = d.s[n:]
	return s
}

// decode reads a record that [encode] wrote.
func decode(record []byte) (ref tearline.PortionRef, u unit, err error) {
	d := decoder{s: string(record)}
	ref = tearline.PortionRef{Report: tearline.ReportID(d.string()), Portion: tearline.PortionID(d.string())}
	for len(d.s) > 0 && !d.bad {
		n := d.number()
		s := part{start: d.number()}
		s.end = s.start + d.number()
		if n > len(d.s) {
			return ref, u, fmt.Errorf("%w: %d alternatives", errRecord, n)
		}
		if n == 0 {
			s.text = d.string()
		}
		for range n {
			s.alternatives = append(s.alternatives, d.string())
		}
		u.segs = append(u.segs, s)
	}
	if d.bad {
		return ref, u, errRecord
	}
	return ref, u, nil
}
