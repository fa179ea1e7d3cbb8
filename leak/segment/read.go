package segment

import (
	"bytes"
	"crypto/cipher"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"math/bits"
	"sync/atomic"
)

// A Segment reads a segment where its bytes lie. They must not change.
type Segment struct {
	data    []byte
	head    head
	cipher  cipher.Block
	records []byte
	ends    []byte
	sizes   []byte
	lists   []byte
	terms   []byte
	skips   []byte
	pairs   []byte
	grams   []byte
	buckets []byte
	at      [len(sections)]int64 // where each section begins
	body    int64                // where the last ends
	sums    []byte
	checked []atomic.Uint64 // a bit for each block whose sum was right
}

// Open reads what a segment is. It errs with [ErrDamaged] or [ErrKey]. What
// the segment holds is checked as it is read.
func Open(data []byte, key *Key) (*Segment, error) {
	s := &Segment{data: data}
	if err := s.open(); err != nil {
		return nil, err
	}
	if s.head.Check != key.check {
		return nil, ErrKey
	}
	s.cipher = key.records(s.head.Salt)
	return s, nil
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...))
}

func (s *Segment) open() error {
	n := int64(len(s.data))
	if n < int64(len(magic))+tailBytes || !bytes.HasPrefix(s.data, []byte(magic)) {
		return damaged("not a segment of this format")
	}
	tail := s.data[n-tailBytes:]
	at, size := binary.LittleEndian.Uint64(tail), int64(binary.LittleEndian.Uint32(tail[8:]))
	if at > uint64(n) || int64(at)+size != n-tailBytes { //nolint:gosec // not negative, and bounded before
		return damaged("cut off, or with something after its end")
	}
	from := int64(at) //nolint:gosec // bounded above
	h := s.data[from : from+size]
	if err := json.Unmarshal(h, &s.head); err != nil {
		return damaged("its head: %v", err)
	}
	if !s.head.sound() {
		return damaged("its head is of another format")
	}
	body := s.head.Sections[sections[len(sections)-1]]
	blocks := (body + block - 1) / block
	if body < 0 || body > from || from-body != 4*blocks {
		return damaged("its checksums are not all there")
	}
	s.body, s.sums = body, s.data[body:from]
	if crc32.Checksum(s.data[body:from+size], castagnoli) != binary.LittleEndian.Uint32(tail[12:]) {
		return damaged("its head does not add up")
	}
	s.checked = make([]atomic.Uint64, (blocks+63)/64)
	return s.cut()
}

func (h *head) sound() bool {
	return h.Format == format && len(h.Salt) == 16 && 0 <= h.Documents && h.Documents <= MostDocuments && leastBits <= h.Bits && h.Bits <= mostBits
}

// cut finds the sections, and that each has the size that it must have.
func (s *Segment) cut() error {
	from := int64(len(magic))
	parts := []*[]byte{&s.records, &s.ends, &s.sizes, &s.lists, &s.terms, &s.skips, &s.pairs, &s.grams, &s.buckets}
	for i, name := range sections {
		to := s.head.Sections[name]
		if to < from || to > int64(len(s.data)) {
			return damaged("its %s are not where they should be", name)
		}
		s.at[i] = from
		*parts[i] = s.data[from:to]
		from = to
	}
	n := s.head.Documents
	terms := len(s.terms) / termBytes
	switch {
	case len(s.ends) != 8*n || len(s.sizes) != 2*n:
		return damaged("it should hold %d documents", n)
	case len(s.terms)%termBytes != 0 || len(s.skips) != 8*((terms+skipEvery-1)/skipEvery) || len(s.pairs)%pairBytes != 0:
		return damaged("its terms are not whole")
	case len(s.grams)%(restBytes(s.head.Bits)+3) != 0 || len(s.buckets) != 4<<s.head.Bits:
		return damaged("its fingerprints are not whole")
	}
	return nil
}

// sound checks the bytes [from, to) of a section, once.
func (s *Segment) sound(which section, from, to int) error {
	base := s.at[which]
	return s.check(base+int64(from), base+int64(to))
}

func (s *Segment) check(from, to int64) error {
	for b := from / block; b*block < to; b++ {
		word, bit := &s.checked[b/64], uint64(1)<<(b%64)
		if word.Load()&bit != 0 {
			continue
		}
		end := min((b+1)*block, s.body)
		if crc32.Checksum(s.data[b*block:end], castagnoli) != binary.LittleEndian.Uint32(s.sums[4*b:]) {
			return damaged("a block at %d does not add up", b*block)
		}
		word.Or(bit)
	}
	return nil
}

// Verify checks every byte.
func (s *Segment) Verify() error { return s.check(0, s.body) }

// Label returns what the segment was called when it was written.
func (s *Segment) Label() string { return s.head.Label }

// Len returns how many documents there are.
func (s *Segment) Len() int { return s.head.Documents }

// Mapped returns how many bytes of the segment a search looks things up in:
// all but the records.
func (s *Segment) Mapped() int { return len(s.data) - len(s.records) }

// Record appends a document's record to dst.
func (s *Segment) Record(dst []byte, doc int) ([]byte, error) {
	from, to, err := s.span(doc)
	if err != nil {
		return dst, err
	}
	if err := s.sound(inRecords, from, to); err != nil {
		return dst, err
	}
	n := len(dst)
	dst = append(dst, s.records[from:to]...)
	seal(s.cipher, doc, dst[n:], dst[n:])
	return dst, nil
}

// span returns where a document's record lies.
func (s *Segment) span(doc int) (from, to int, err error) {
	if doc < 0 || doc >= s.head.Documents {
		return 0, 0, damaged("document %d of %d", doc, s.head.Documents)
	}
	first := max(doc-1, 0)
	if err := s.sound(inEnds, 8*first, 8*(doc+1)); err != nil {
		return 0, 0, err
	}
	var begin uint64
	if doc > 0 {
		begin = binary.LittleEndian.Uint64(s.ends[8*(doc-1):])
	}
	end := binary.LittleEndian.Uint64(s.ends[8*doc:])
	if begin > end || end > uint64(len(s.records)) {
		return 0, 0, damaged("the record of document %d is not there", doc)
	}
	return int(begin), int(end), nil //nolint:gosec // within the records
}

// Sizes returns the words of each document, two bytes each, little endian.
func (s *Segment) Sizes() ([]byte, error) { return s.sizes, s.sound(inSizes, 0, len(s.sizes)) }

// A List is the documents of one term, in order.
type List struct {
	// N is how many there are.
	N    int
	gaps []byte
}

// Each calls yield with each document; all are below most. It errs if the list
// is not what it should be.
func (l List) Each(most int, yield func(doc int)) error {
	doc := -1
	p := l.gaps
	for range l.N {
		var gap uint64
		if len(p) > 0 && p[0] < 0x80 {
			gap, p = uint64(p[0]), p[1:]
		} else {
			g, n := binary.Uvarint(p)
			if n <= 0 {
				return damaged("a list of documents is cut off")
			}
			gap, p = g, p[n:]
		}
		if gap >= uint64(most-doc-1) { //nolint:gosec // doc is below most
			return damaged("a list of documents goes beyond the last")
		}
		doc += int(gap) + 1 //nolint:gosec // bounded above
		yield(doc)
	}
	return nil
}

// get5 reads a hash of five bytes.
func get5(p []byte) uint64 {
	return uint64(binary.LittleEndian.Uint32(p)) | uint64(p[4])<<32
}

func get3(p []byte) int { return int(p[0]) | int(p[1])<<8 | int(p[2])<<16 }

// find returns the index of the first entry of size bytes whose hash is not
// below, by interpolation: hashes are spread evenly.
func (s *Segment) find(which section, table []byte, size int, hash uint64) (int, error) {
	lo, hi := 0, len(table)/size // the answer is in [lo, hi]
	loHash, hiHash := uint64(0), uint64(1)<<hashBits
	for lo < hi {
		mid := lo + (hi-lo)/2
		if hi-lo > 16 && hiHash > loHash {
			up, down := bits.Mul64(hash-loHash, uint64(hi-lo)) //nolint:gosec // lo is below hi
			q, _ := bits.Div64(up, down, hiHash-loHash)
			mid = min(lo+int(q), hi-1) //nolint:gosec // at most hi-lo
		}
		if err := s.sound(which, mid*size, (mid+1)*size); err != nil {
			return 0, err
		}
		switch at := get5(table[mid*size:]); {
		case at < loHash || at > hiHash:
			return 0, damaged("its %s are not in order", sections[which])
		case at < hash:
			lo, loHash = mid+1, at
		case at > hash:
			hi, hiHash = mid, at
		default:
			return mid, nil
		}
	}
	return lo, nil
}

// Term returns the documents that have a term; none is no error.
func (s *Segment) Term(hash uint64) (List, error) {
	i, err := s.find(inTerms, s.terms, termBytes, hash)
	if err != nil || i*termBytes >= len(s.terms) || get5(s.terms[i*termBytes:]) != hash {
		return List{}, err
	}
	return s.list(i)
}

// list returns the documents of the i-th term.
func (s *Segment) list(i int) (List, error) {
	first := i / skipEvery * skipEvery
	if err := s.sound(inTerms, first*termBytes, (i+1)*termBytes); err != nil {
		return List{}, err
	}
	if err := s.sound(inSkips, i/skipEvery*8, i/skipEvery*8+8); err != nil {
		return List{}, err
	}
	from := binary.LittleEndian.Uint64(s.skips[i/skipEvery*8:])
	for k := first; k < i; k++ {
		from += uint64(binary.LittleEndian.Uint32(s.terms[k*termBytes+8:]))
	}
	entry := s.terms[i*termBytes:]
	to := from + uint64(binary.LittleEndian.Uint32(entry[8:]))
	if to > uint64(len(s.lists)) || from > to {
		return List{}, damaged("a list of documents is not there")
	}
	l := List{N: get3(entry[5:]), gaps: s.lists[from:to]}
	if err := s.sound(inLists, int(from), int(to)); err != nil { //nolint:gosec // within the lists
		return List{}, err
	}
	if l.N > len(l.gaps) {
		return List{}, damaged("a list of documents is cut off")
	}
	return l, nil
}

// Pair returns how many documents have a pair of terms, 0 for fewer than two.
func (s *Segment) Pair(hash uint64) (int, error) {
	i, err := s.find(inPairs, s.pairs, pairBytes, hash)
	if err != nil || i*pairBytes >= len(s.pairs) || get5(s.pairs[i*pairBytes:]) != hash {
		return 0, err
	}
	return get3(s.pairs[i*pairBytes+5:]), nil
}

// Gram appends the documents that have a fingerprint. A few may be others,
// whose fingerprints look alike: about one in a thousand lookups.
func (s *Segment) Gram(dst []int, hash uint64) ([]int, error) {
	kept := hash >> (hashBits - gramBits)
	rest := gramBits - s.head.Bits
	from, to, err := s.bucket(int(kept >> rest)) //nolint:gosec // few bits
	if err != nil {
		return dst, err
	}
	want := int(kept & (1<<rest - 1)) //nolint:gosec // at most 24 bits
	n := restBytes(s.head.Bits)
	for p := s.grams[from:to]; len(p) > 0; p = p[n+3:] {
		if x := getRest(p, n); x == want {
			dst = append(dst, get3(p[n:]))
		} else if x > want {
			break
		}
	}
	return dst, nil
}

func getRest(p []byte, n int) int {
	if n == 2 {
		return int(p[0]) | int(p[1])<<8
	}
	return get3(p)
}

// bucket returns where the fingerprints of a bucket lie, in bytes.
func (s *Segment) bucket(i int) (from, to int, err error) {
	if i < 0 || i >= len(s.buckets)/4 {
		return 0, 0, damaged("bucket %d of %d", i, len(s.buckets)/4)
	}
	first := max(i-1, 0)
	if err := s.sound(inBuckets, 4*first, 4*(i+1)); err != nil {
		return 0, 0, err
	}
	size := restBytes(s.head.Bits) + 3
	if i > 0 {
		from = size * int(binary.LittleEndian.Uint32(s.buckets[4*(i-1):]))
	}
	to = size * int(binary.LittleEndian.Uint32(s.buckets[4*i:]))
	if from > to || to > len(s.grams) {
		return 0, 0, damaged("a bucket of fingerprints is not there")
	}
	return from, to, s.sound(inGrams, from, to)
}
