package leakindex_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tearline/internal/leakindex"
	"tearline/leak/match"
)

func TestSmallStaysInMemory(t *testing.T) {
	dir, s := filepath.Join(t.TempDir(), "leak-index", "XHA"), &store{}
	ix := open(t, dir)
	same(t, ix, s)
	for range 3 {
		s.file(t, someShards...)
		s.file(t, someShards[0])
		update(t, ix, s)
		same(t, ix, s)
	}
	if st := ix.Stats(); st.Documents != 15 || st.Pending != 15 || st.Segments != 0 || st.Shards != 4 {
		t.Errorf("%+v", st)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("something was written: %v", err)
	}
}

func TestLargeIsWritten(t *testing.T) {
	dir, s := t.TempDir(), &store{}
	s.fill(t, 1000, someShards...)
	ix := open(t, dir)
	var last [2]int64
	if err := ix.Update(t.Context(), s.source(), func(done, total int64) { last = [2]int64{done, total} }); err != nil {
		t.Fatal(err)
	}
	if last != [2]int64{1000, 1000} {
		t.Errorf("progress ended with %v", last)
	}
	same(t, ix, s)
	if st := ix.Stats(); st.Documents != 1000 || st.Pending != 0 || st.Segments != 4 || st.Bytes < st.Mapped || st.PerDocument() < 50 {
		t.Errorf("%+v", st)
	}
	again := open(t, dir)
	same(t, again, s)
	s.reads = 0
	update(t, again, s)
	if s.reads != 1 {
		t.Errorf("%d reports were read again, not just the newest", s.reads)
	}
	same(t, again, s)
}

func TestSearch(t *testing.T) {
	dir, s := t.TempDir(), &store{}
	s.fill(t, 900, someShards...)
	ix := open(t, dir)
	update(t, ix, s)
	s.fill(t, 40, someShards...)
	update(t, ix, s)
	for _, n := range []int{0, 500, 899, 900, 939} {
		f := s.reports[n][0]
		leak, err := match.Prepare(f.Portion.Wording.Source())
		if err != nil {
			t.Fatal(err)
		}
		snap := ix.Snapshot(only(f.Shard))
		found, err := snap.Archive().NewSearcher().Search(leak)
		if err != nil || len(found) == 0 || found[0].Ref != f.Portion.Ref {
			t.Errorf("%v: %v, %.200v", f.Portion.Ref, err, found)
		}
		other := ix.Snapshot(only(someShards[(n+1)%4]))
		found, err = other.Archive().NewSearcher().Search(leak)
		for _, m := range found {
			if m.Ref == f.Portion.Ref {
				t.Errorf("%v was found in another shard", m.Ref)
			}
		}
		for _, s := range []*leakindex.Snapshot{snap, other} {
			s.Release()
		}
		if err != nil {
			t.Error(err)
		}
	}
}

func TestMerge(t *testing.T) {
	dir, s := t.TempDir(), &store{}
	ix := open(t, dir)
	for range 9 {
		s.fill(t, 600, someShards[0], someShards[2])
		update(t, ix, s)
	}
	before := ix.Snapshot(all)
	if st := ix.Stats(); st.Segments != 18 {
		t.Errorf("%+v", st)
	}
	if err := ix.Merge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if st := ix.Stats(); st.Segments != 4 || st.Documents != 5400 {
		t.Errorf("%+v", st)
	}
	same(t, ix, s)
	if got, err := refs(ix.Segments(before)); err != nil || len(got) != 5400 {
		t.Errorf("the snapshot has %d documents, %v", len(got), err)
	}
	before.Release()
	if list, err := filepath.Glob(filepath.Join(dir, "*.seg")); err != nil || len(list) != 4 {
		t.Errorf("%v, %v", list, err)
	}
	same(t, open(t, dir), s)
}

func TestRebuild(t *testing.T) {
	dir, s := t.TempDir(), &store{}
	s.fill(t, 700, someShards...)
	ix := open(t, dir)
	update(t, ix, s)
	old := ix.Files(someShards[0])
	s.fill(t, 10, someShards...)
	update(t, ix, s)
	snap := ix.Snapshot(all)
	if err := ix.Rebuild(t.Context(), s.source(), nil); err != nil {
		t.Fatal(err)
	}
	same(t, ix, s)
	if st := ix.Stats(); st.Segments != 4 || st.Pending != 0 || st.Documents != 710 || st.Rebuilding {
		t.Errorf("%+v", st)
	}
	if now := ix.Files(someShards[0]); len(now) != 1 || now[0] == old[0] {
		t.Errorf("%v was not made anew", now)
	}
	if got, err := refs(ix.Segments(snap)); err != nil || len(got) != 710 {
		t.Errorf("the snapshot has %d documents, %v", len(got), err)
	}
	snap.Release()
	same(t, open(t, dir), s)
}

// TestLittleStaysBehind: of what is written in between, a small shard is no
// part; who comes next reads it again, and nothing else.
func TestLittleStaysBehind(t *testing.T) {
	dir, s := t.TempDir(), &store{}
	s.fill(t, 3, someShards[1])
	s.fill(t, 60, someShards[0])
	s.fill(t, 3, someShards[2])
	ix := open(t, dir)
	ix.Limit(50, 1000)
	update(t, ix, s)
	same(t, ix, s)
	if st := ix.Stats(); st.Segments != 1 || st.Pending != 6 {
		t.Errorf("%+v", st)
	}
	again := open(t, dir)
	sound(t, again, s)
	update(t, again, s)
	same(t, again, s)
	if st := again.Stats(); st.Segments != 1 || st.Pending != 6 {
		t.Errorf("%+v", st)
	}
}

// TestOtherStore: a store that was put back from a backup and went on from
// there has other reports under the same marks.
func TestOtherStore(t *testing.T) {
	for _, more := range []int{0, 5, 900} {
		dir, s := t.TempDir(), &store{name: "a"}
		s.fill(t, 800, someShards...)
		ix := open(t, dir)
		update(t, ix, s)
		other := &store{name: "b"}
		other.fill(t, more, someShards[1:]...)
		update(t, ix, other)
		same(t, ix, other)
		again := open(t, dir)
		update(t, again, other)
		same(t, again, other)
	}
}

// TestOtherKey: without the key nothing is found, and all is made anew.
func TestOtherKey(t *testing.T) {
	dir, s := t.TempDir(), &store{}
	s.fill(t, 700, someShards...)
	update(t, open(t, dir), s)
	ix, err := leakindex.Open(dir, [32]byte{9})
	if err != nil {
		t.Fatal(err)
	}
	if st := ix.Stats(); st.Documents != 0 || !st.Rebuilding {
		t.Errorf("%+v", st)
	}
	update(t, ix, s)
	same(t, ix, s)
	if err := ix.Close(); err != nil {
		t.Error(err)
	}
}

// TestNothingToRead: whoever has the directory reads neither words nor
// references.
func TestNothingToRead(t *testing.T) {
	dir, s := t.TempDir(), &store{}
	s.fill(t, 700, someShards...)
	ix := open(t, dir)
	update(t, ix, s)
	if err := ix.SetCalibration([]byte("figures")); err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadDir(dir)
	if err != nil || len(list) != 7 {
		t.Fatalf("%v, %v", list, err)
	}
	for _, d := range list {
		text, err := os.ReadFile(filepath.Join(dir, d.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range []string{"quay", "crates", "R123", word("v", 123), word("wa", 123), strings.TrimSuffix(word("v", 5), "ka")} {
			if strings.Contains(strings.ToLower(string(text)), strings.ToLower(w)) {
				t.Errorf("%s has %q in it", d.Name(), w)
			}
		}
		if info, err := d.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", d.Name(), info.Mode(), err)
		}
	}
}

func TestCalibration(t *testing.T) {
	dir := t.TempDir()
	ix := open(t, dir)
	if _, ok := ix.Calibration(); ok {
		t.Error("there is one before it was made")
	}
	if err := ix.SetCalibration([]byte(`{"factor":77}`)); err != nil {
		t.Fatal(err)
	}
	data, ok := open(t, dir).Calibration()
	if string(data) != `{"factor":77}` || !ok {
		t.Errorf("%q, %v", data, ok)
	}
	path := filepath.Join(dir, "calibration.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), "Ojc3fQ", "Ojc4fQ", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, ok := ix.Calibration(); ok {
		t.Error("other figures than were given")
	}
	if err := ix.SetCalibration(make([]byte, leakindex.MaxCalibration+1)); err == nil {
		t.Error("too long, and no error")
	}
}
