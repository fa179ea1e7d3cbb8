package segment_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline/leak/segment"
)

var key = segment.NewKey([32]byte{7, 7, 7})

// A doc is a document before anything is hidden.
type doc struct {
	Terms, Pairs, Grams []uint64
	Size                int
	Record              []byte
}

func hide(s segment.Space, hashes []uint64) []uint64 {
	out := make([]uint64, len(hashes))
	for i, h := range hashes {
		out[i] = key.Hide(s, h)
	}
	return out
}

func (d doc) hidden() segment.Document {
	return segment.Document{
		Terms: hide(segment.Terms, d.Terms), Pairs: hide(segment.Pairs, d.Pairs), Grams: hide(segment.Grams, d.Grams),
		Size: d.Size, Record: d.Record,
	}
}

type failer interface {
	Helper()
	Fatal(args ...any)
}

// build makes a segment of documents.
func build(t failer, salt byte, docs []doc) []byte {
	t.Helper()
	b := segment.NewBuilder(key, [16]byte{salt})
	for _, d := range docs {
		if err := b.Add(d.hidden()); err != nil {
			t.Fatal(err)
		}
	}
	if b.Len() != len(docs) {
		t.Fatal(b.Len())
	}
	var out bytes.Buffer
	if err := b.WriteTo(&out, "label"); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func open(t failer, data []byte) *segment.Segment {
	t.Helper()
	s, err := segment.Open(data, key)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Verify(); err != nil {
		t.Fatal(err)
	}
	return s
}

// few are hashes of which many are equal.
func few(most uint64) *rapid.Generator[[]uint64] {
	return rapid.SliceOfN(rapid.Uint64Range(1, most), 0, 30)
}

var docs = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) doc {
	return doc{
		Terms: few(60).Draw(t, "terms"), Pairs: few(200).Draw(t, "pairs"), Grams: few(300).Draw(t, "grams"),
		Size: rapid.IntRange(0, 70000).Draw(t, "size"), Record: rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "record"),
	}
}), 0, 40)

// have returns which documents have a hash.
func have(docs []doc, of func(doc) []uint64, hash uint64) []int {
	var out []int
	for i, d := range docs {
		if slices.Contains(of(d), hash) {
			out = append(out, i)
		}
	}
	return out
}

func term(t failer, s *segment.Segment, hash uint64) []int {
	t.Helper()
	l, err := s.Term(key.Hide(segment.Terms, hash))
	if err != nil {
		t.Fatal(err)
	}
	var out []int
	if err := l.Each(s.Len(), func(d int) { out = append(out, d) }); err != nil {
		t.Fatal(err)
	}
	if len(out) != l.N {
		t.Fatal(fmt.Sprint(l.N, out))
	}
	return out
}

// check compares a segment with the documents it was made of. Exactly says
// that pairs were counted over all of them at once.
func check(t *rapid.T, s *segment.Segment, docs []doc, exactly bool) {
	if s.Len() != len(docs) || s.Mapped() <= 0 {
		t.Fatalf("%d documents, not %d", s.Len(), len(docs))
	}
	sizes, err := s.Sizes()
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range docs {
		record, err := s.Record([]byte("x"), i)
		if err != nil || !bytes.Equal(record, append([]byte("x"), d.Record...)) {
			t.Fatalf("record %d: %q, %v, not %q", i, record, err, d.Record)
		}
		if n := binary.LittleEndian.Uint16(sizes[2*i:]); int(n) != min(d.Size, 65535) {
			t.Fatalf("size %d: %d, not %d", i, n, d.Size)
		}
	}
	for hash := range uint64(310) {
		if diff := cmp.Diff(have(docs, func(d doc) []uint64 { return d.Terms }, hash), term(t, s, hash)); diff != "" {
			t.Fatalf("term %d: %s", hash, diff)
		}
		grams, err := s.Gram(nil, key.Hide(segment.Grams, hash))
		if diff := cmp.Diff(have(docs, func(d doc) []uint64 { return d.Grams }, hash), grams); err != nil || diff != "" {
			t.Fatalf("gram %d: %v %s", hash, err, diff)
		}
		want := len(have(docs, func(d doc) []uint64 { return d.Pairs }, hash))
		got, err := s.Pair(key.Hide(segment.Pairs, hash))
		if want < 2 {
			want = 0
		}
		if err != nil || got > want || exactly && got != want {
			t.Fatalf("pair %d: in %d, not %d, %v", hash, got, want, err)
		}
	}
	for _, bad := range []int{-1, s.Len()} {
		if _, err := s.Record(nil, bad); !errors.Is(err, segment.ErrDamaged) {
			t.Fatalf("record %d: %v", bad, err)
		}
	}
}

func TestBuilderIsTheTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := docs.Draw(t, "docs")
		check(t, open(t, build(t, 1, list)), list, true)
	})
}

// TestBuilderGoesOn: a builder that was written can take more and be written
// again.
func TestBuilderGoesOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := docs.Draw(t, "docs")
		cut := rapid.IntRange(0, len(list)).Draw(t, "cut")
		b := segment.NewBuilder(key, [16]byte{3})
		var first, second bytes.Buffer
		for i := range len(list) + 1 {
			if i == cut {
				if err := b.WriteTo(&first, "label"); err != nil {
					t.Fatal(err)
				}
			}
			if i < len(list) {
				if err := b.Add(list[i].hidden()); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := b.WriteTo(&second, "label"); err != nil {
			t.Fatal(err)
		}
		check(t, open(t, first.Bytes()), list[:cut], true)
		if !bytes.Equal(second.Bytes(), build(t, 3, list)) {
			t.Fatal("not as if written once")
		}
	})
}

func TestMergeIsTheTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []doc
		var from []*segment.Segment
		for i := range rapid.IntRange(0, 4).Draw(t, "segments") {
			list := docs.Draw(t, "docs")
			all = append(all, list...)
			from = append(from, open(t, build(t, byte(i), list)))
		}
		var out bytes.Buffer
		if err := segment.Merge(&out, key, [16]byte{9}, "merged", from...); err != nil {
			t.Fatal(err)
		}
		s := open(t, out.Bytes())
		if s.Label() != "merged" {
			t.Fatal(s.Label())
		}
		check(t, s, all, false)
	})
}

// TestManyTerms: more than one skip, bucket and block.
func TestManyTerms(t *testing.T) {
	list := make([]doc, 3000)
	for i := range list {
		n := uint64(i)
		list[i] = doc{Terms: []uint64{n, n / 2, n / 1000, 7}, Grams: []uint64{n * 3, n*3 + 1, n / 10}, Record: fmt.Appendf(nil, "record %d %0200d", i, i)}
	}
	data := build(t, 1, list)
	if len(data) < 10*64<<10 {
		t.Fatalf("%d bytes only", len(data))
	}
	s := open(t, data)
	for i, d := range list {
		if record, err := s.Record(nil, i); err != nil || !bytes.Equal(record, d.Record) {
			t.Fatalf("%d: %q, %v", i, record, err)
		}
		if diff := cmp.Diff(have(list, func(d doc) []uint64 { return d.Terms }, uint64(i)), term(t, s, uint64(i))); i%50 == 0 && diff != "" {
			t.Fatalf("term %d: %s", i, diff)
		}
		if grams, err := s.Gram(nil, key.Hide(segment.Grams, uint64(3*i+1))); err != nil || !slices.Contains(grams, i) {
			t.Fatalf("gram of %d: %v, %v", i, grams, err)
		}
	}
	if got := term(t, s, 99999); got != nil {
		t.Errorf("a term that is not there: %v", got)
	}
}

// TestSecrecy: neither a record nor an unhidden hash is in the bytes; equal
// records differ; another key opens nothing.
func TestSecrecy(t *testing.T) {
	word := []byte("the barge left the quay at dawn")
	hash := uint64(0x1122334455667788)
	d := doc{Terms: []uint64{hash}, Grams: []uint64{hash}, Pairs: []uint64{hash}, Record: word}
	data := build(t, 1, []doc{d, d, d})
	low := binary.LittleEndian.AppendUint64(nil, hash)
	for _, clear := range [][]byte{word, word[:8], low[:5], low[3:]} {
		if bytes.Contains(data, clear) {
			t.Errorf("%q can be read", clear)
		}
	}
	if a, b := data[16:16+len(word)], data[16+len(word):16+2*len(word)]; bytes.Equal(a, b) {
		t.Error("equal records look alike")
	}
	if bytes.Contains(build(t, 2, []doc{d}), data[16:16+len(word)]) {
		t.Error("a record looks the same in two segments")
	}
	for _, other := range [][32]byte{{8}, {7, 7, 8}} {
		if _, err := segment.Open(data, segment.NewKey(other)); !errors.Is(err, segment.ErrKey) {
			t.Errorf("another key: %v", err)
		}
	}
	if key.Hide(segment.Terms, hash) == key.Hide(segment.Grams, hash) {
		t.Error("one hash in two spaces")
	}
}

// TestEveryByteCounts: whichever byte is another, or cut off, somebody notices.
func TestEveryByteCounts(t *testing.T) {
	data := build(t, 1, []doc{{Terms: []uint64{1, 2}, Grams: []uint64{3}, Record: []byte("r")}})
	wrong := func(data []byte) error {
		s, err := segment.Open(data, key)
		if err == nil {
			err = s.Verify()
		}
		return err
	}
	if err := wrong(data); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(data); i++ {
		if i == 600 { // buckets, all alike
			i = len(data) - 600
		}
		mutant := slices.Clone(data)
		mutant[i] ^= 0x10
		if wrong(mutant) == nil {
			t.Errorf("byte %d of %d", i, len(data))
		}
		if wrong(data[:i]) == nil {
			t.Errorf("cut off at %d", i)
		}
	}
	if wrong(append(slices.Clone(data), 0)) == nil {
		t.Error("a byte more")
	}
}

// FuzzOpen: whatever the bytes, every method errs or answers.
func FuzzOpen(f *testing.F) {
	d := doc{Terms: []uint64{1, 2, 3}, Pairs: []uint64{4, 5}, Grams: []uint64{6, 7}, Size: 9, Record: []byte("record")}
	valid := build(f, 1, []doc{d, d, {Terms: []uint64{1}, Grams: []uint64{8}}})
	f.Add(valid, 0, byte(0), 0, byte(0), false)
	f.Add(valid, 20, byte(1), 30, byte(255), true)
	f.Add(valid[:len(valid)/2], 5, byte(1), 7, byte(2), false)
	f.Add([]byte("tearline-leak-1\n"), 0, byte(0), 0, byte(0), false)
	f.Add([]byte{}, 0, byte(0), 0, byte(0), false)
	f.Fuzz(func(t *testing.T, data []byte, at int, by byte, at2 int, by2 byte, mend bool) {
		if len(data) > 1<<20 {
			return
		}
		data = slices.Clone(data)
		for _, m := range []struct {
			at int
			by byte
		}{{at, by}, {at2, by2}} {
			if m.at >= 0 && m.at < len(data) {
				data[m.at] ^= m.by
			}
		}
		if mend {
			segment.Mend(data)
		}
		s, err := segment.Open(data, key)
		if err != nil {
			if !errors.Is(err, segment.ErrDamaged) && !errors.Is(err, segment.ErrKey) {
				t.Fatalf("neither damage nor key: %v", err)
			}
			return
		}
		exercise(t, s)
	})
}

// exercise calls all there is; what errs must be damage.
func exercise(t *testing.T, s *segment.Segment) {
	t.Helper()
	must := func(err error) {
		if err != nil && !errors.Is(err, segment.ErrDamaged) {
			t.Fatalf("no damage: %v", err)
		}
	}
	for i := range min(s.Len(), 100) {
		_, err := s.Record(nil, i)
		must(err)
	}
	sizes, err := s.Sizes()
	must(err)
	if err == nil && len(sizes) != 2*s.Len() {
		t.Fatalf("%d sizes", len(sizes))
	}
	for hash := range uint64(12) {
		l, err := s.Term(key.Hide(segment.Terms, hash))
		must(err)
		must(l.Each(s.Len(), func(d int) {
			if d < 0 || d >= s.Len() {
				t.Fatalf("document %d of %d", d, s.Len())
			}
		}))
		_, err = s.Pair(key.Hide(segment.Pairs, hash))
		must(err)
		_, err = s.Gram(nil, key.Hide(segment.Grams, hash))
		must(err)
	}
	_ = s.Label()
	if s.Mapped() < 0 {
		t.Fatal(s.Mapped())
	}
	must(s.Verify())
	var out bytes.Buffer
	must(segment.Merge(&out, key, [16]byte{5}, "again", s, s))
}
