package segment

import (
	"bufio"
	"crypto/cipher"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
)

// A head says what a segment is.
type head struct {
	Format    int              `json:"format"`
	Label     string           `json:"label"`
	Salt      []byte           `json:"salt"`
	Check     uint64           `json:"check"`
	Documents int              `json:"documents"`
	Bits      int              `json:"bits"`
	Sections  map[string]int64 `json:"sections"` // where each ends
}

const format = 1

// The sections, in their order.
var sections = [...]string{"records", "ends", "sizes", "lists", "terms", "skips", "pairs", "grams", "buckets"}

// A section is its place among them.
type section int

const (
	inRecords section = iota
	inEnds
	inSizes
	inLists
	inTerms
	inSkips
	inPairs
	inGrams
	inBuckets
)

const (
	block      = 64 << 10 // what one checksum covers
	termBytes  = 12
	pairBytes  = 8
	skipEvery  = 64
	perBucket  = 32
	gramBits   = 36 // bits of a fingerprint's hash that are kept
	leastBits  = 12 // of them, those that number its bucket
	mostBits   = 20
	docBits    = 24
	docMask    = 1<<docBits - 1
	leastPairs = 2 // a pair in fewer documents of a segment is not kept
	tailBytes  = 16
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// A writer writes sections and sums what it writes.
type writer struct {
	w    *bufio.Writer
	n    int64
	sum  uint32
	sums []byte
	head head
	err  error
}

func newWriter(w io.Writer, h head) *writer {
	out := &writer{w: bufio.NewWriterSize(w, 1<<20), head: h}
	out.head.Sections = map[string]int64{}
	out.write([]byte(magic))
	return out
}

func (w *writer) write(p []byte) {
	for len(p) > 0 && w.err == nil {
		n := min(int(block-w.n%block), len(p))
		w.sum = crc32.Update(w.sum, castagnoli, p[:n])
		if _, w.err = w.w.Write(p[:n]); w.err != nil {
			return
		}
		w.n += int64(n)
		p = p[n:]
		if w.n%block == 0 {
			w.cut()
		}
	}
}

func (w *writer) cut() {
	w.sums = binary.LittleEndian.AppendUint32(w.sums, w.sum)
	w.sum = 0
}

func (w *writer) section(name string) { w.head.Sections[name] = w.n }

// close writes what follows the sections.
func (w *writer) close() error {
	if w.n%block != 0 {
		w.cut()
	}
	h, err := json.Marshal(w.head)
	if err != nil {
		return err
	}
	at := w.n + int64(len(w.sums))
	end := append(w.sums, h...)
	end = binary.LittleEndian.AppendUint64(end, uint64(at))     //nolint:gosec // a length
	end = binary.LittleEndian.AppendUint32(end, uint32(len(h))) //nolint:gosec // a head is short
	end = binary.LittleEndian.AppendUint32(end, crc32.Checksum(slices.Concat(w.sums, h), castagnoli))
	if w.err == nil {
		_, w.err = w.w.Write(end)
	}
	if w.err == nil {
		w.err = w.w.Flush()
	}
	return w.err
}

// A Builder gathers documents for a segment. It is not safe for concurrent use.
type Builder struct {
	key     *Key
	salt    []byte
	cipher  cipher.Block
	records []byte
	ends    []byte
	sizes   []byte
	terms   []uint64 // hash and document
	pairs   []uint64 // hash, once a document
	grams   []uint64 // hash and document
	own     []uint64
	n       int
}

// NewBuilder makes a builder. The salt, 16 bytes never used for another
// segment under this key, keeps records of segments apart.
func NewBuilder(key *Key, salt [16]byte) *Builder {
	return &Builder{key: key, salt: salt[:], cipher: key.records(salt[:])}
}

// Len returns how many documents there are.
func (b *Builder) Len() int { return b.n }

// Bytes returns about how much memory they take.
func (b *Builder) Bytes() int {
	return cap(b.records) + 8*(cap(b.terms)+cap(b.pairs)+cap(b.grams)) + cap(b.ends) + cap(b.sizes)
}

// Add appends a document. It errs when the segment is full.
func (b *Builder) Add(d Document) error {
	if b.n >= MostDocuments {
		return fmt.Errorf("a segment holds at most %d documents", MostDocuments)
	}
	doc := uint64(b.n) //nolint:gosec // not negative
	for _, t := range b.distinct(d.Terms) {
		b.terms = append(b.terms, t<<docBits|doc)
	}
	b.pairs = append(b.pairs, b.distinct(d.Pairs)...)
	for _, g := range b.distinct(d.Grams) {
		b.grams = append(b.grams, g>>(hashBits-gramBits)<<docBits|doc)
	}
	from := len(b.records)
	b.records = append(b.records, d.Record...)
	seal(b.cipher, b.n, b.records[from:], b.records[from:])
	b.ends = binary.LittleEndian.AppendUint64(b.ends, uint64(len(b.records)))
	b.sizes = binary.LittleEndian.AppendUint16(b.sizes, uint16(min(d.Size, 1<<16-1))) //nolint:gosec // bounded
	b.n++
	return nil
}

// distinct returns the hashes in order, each once; valid until the next call.
func (b *Builder) distinct(hashes []uint64) []uint64 {
	b.own = append(b.own[:0], hashes...)
	slices.Sort(b.own)
	return slices.Compact(b.own)
}

// WriteTo writes the segment. The label is kept in it, readable by anybody who
// has the file. More can be added, and written again.
func (b *Builder) WriteTo(out io.Writer, label string) error {
	w := newWriter(out, head{Format: format, Label: label, Salt: b.salt, Check: b.key.check, Documents: b.n})
	w.write(b.records)
	w.section("records")
	w.write(b.ends)
	w.section("ends")
	w.write(b.sizes)
	w.section("sizes")
	slices.Sort(b.terms)
	t := termWriter{w: w}
	for i := 0; i < len(b.terms); {
		hash := b.terms[i] >> docBits
		t.begin(hash)
		for ; i < len(b.terms) && b.terms[i]>>docBits == hash; i++ {
			t.document(int(b.terms[i] & docMask))
		}
		t.end()
	}
	if err := t.close(); err != nil {
		return err
	}
	slices.Sort(b.pairs)
	for i := 0; i < len(b.pairs); {
		from := i
		for i < len(b.pairs) && b.pairs[i] == b.pairs[from] {
			i++
		}
		if i-from >= leastPairs {
			w.pair(b.pairs[from], i-from)
		}
	}
	w.section("pairs")
	slices.Sort(b.grams)
	g := newGramWriter(w, len(b.grams))
	for _, x := range b.grams {
		g.add(x>>docBits, int(x&docMask))
	}
	g.close()
	return w.close()
}

// put5 puts a hash where it is kept, in five bytes.
func put5(p []byte, hash uint64) {
	binary.LittleEndian.PutUint32(p, uint32(hash)) //nolint:gosec // the lower part
	p[4] = byte(hash >> 32)                        //nolint:gosec // a hash has forty bits
}

func put3(p []byte, n int) {
	p[0], p[1], p[2] = byte(n), byte(n>>8), byte(n>>16) //nolint:gosec // the three lowest
}

// pair writes a pair that n documents have.
func (w *writer) pair(hash uint64, n int) {
	var p [pairBytes]byte
	put5(p[:], hash)
	put3(p[5:], min(n, docMask))
	w.write(p[:])
}

// A termWriter writes terms with the documents of each.
type termWriter struct {
	w     *writer
	terms []byte
	skips []byte
	list  []byte
	at    int64 // bytes of lists
	n     int   // terms
	hash  uint64
	docs  int
	last  int
}

func (t *termWriter) begin(hash uint64) { t.hash, t.docs, t.last, t.list = hash, 0, -1, t.list[:0] }

func (t *termWriter) document(doc int) {
	t.list = binary.AppendUvarint(t.list, uint64(doc-t.last-1)) //nolint:gosec // in order
	t.last = doc
	t.docs++
}

func (t *termWriter) end() {
	if t.n%skipEvery == 0 {
		t.skips = binary.LittleEndian.AppendUint64(t.skips, uint64(t.at)) //nolint:gosec // a length
	}
	var p [termBytes]byte
	put5(p[:], t.hash)
	put3(p[5:], t.docs)
	binary.LittleEndian.PutUint32(p[8:], uint32(len(t.list))) //nolint:gosec // at most 4 bytes a document
	t.terms = append(t.terms, p[:]...)
	t.w.write(t.list)
	t.at += int64(len(t.list))
	t.n++
}

func (t *termWriter) close() error {
	t.w.section("lists")
	t.w.write(t.terms)
	t.w.section("terms")
	t.w.write(t.skips)
	t.w.section("skips")
	return t.w.err
}

// A gramWriter writes fingerprints in order.
type gramWriter struct {
	w       *writer
	bits    int
	buckets []byte
	n       uint32
	at      uint64 // buckets that are complete
}

func newGramWriter(w *writer, n int) *gramWriter {
	bits := leastBits
	for n>>bits > perBucket && bits < mostBits {
		bits++
	}
	w.head.Bits = bits
	return &gramWriter{w: w, bits: bits}
}

// restBytes is how many bytes hold what follows a bucket's bits.
func restBytes(bits int) int { return (gramBits - bits + 7) / 8 }

// add takes the kept bits of a fingerprint, and its document.
func (g *gramWriter) add(kept uint64, doc int) {
	rest := gramBits - g.bits
	g.fill(kept >> rest)
	var p [8]byte
	n := restBytes(g.bits)
	put3(p[:], int(kept&(1<<rest-1))) //nolint:gosec // at most 24 bits
	put3(p[n:], doc)
	g.w.write(p[:n+3])
	g.n++
}

// fill ends all buckets before one.
func (g *gramWriter) fill(before uint64) {
	for ; g.at < before; g.at++ {
		g.buckets = binary.LittleEndian.AppendUint32(g.buckets, g.n)
	}
}

func (g *gramWriter) close() {
	g.fill(1 << g.bits)
	g.w.section("grams")
	g.w.write(g.buckets)
	g.w.section("buckets")
}
