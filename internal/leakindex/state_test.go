package leakindex_test

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"tearline/internal/leakindex"
	"tearline/internal/warrant/shards"
)

// TestSwappedFiles: a whole segment under another's name does not stand for it.
func TestSwappedFiles(t *testing.T) {
	dir, s := t.TempDir(), &store{}
	a, b := shards.Shard{Originators: "XHA", Policy: "us", Level: "SECRET"}, shards.Shard{Originators: "XHB", Policy: "us", Level: "SECRET"}
	s.fill(t, 600, a)
	for i := range s.reports {
		twin := s.reports[i][0]
		twin.Shard = b
		s.reports[i] = append(s.reports[i], twin)
	}
	ix := open(t, dir)
	update(t, ix, s)
	first, second := filepath.Join(dir, ix.Files(a)[0]), filepath.Join(dir, ix.Files(b)[0])
	for _, rename := range [][2]string{{first, first + "x"}, {second, first}, {first + "x", second}} {
		if err := os.Rename(rename[0], rename[1]); err != nil {
			t.Fatal(err)
		}
	}
	if x, err := os.Stat(first); err != nil || x.Size() != ix.Stats().Bytes/2 {
		t.Fatalf("they can be told apart by their size: %v", err)
	}
	again := open(t, dir)
	if st := again.Stats(); st.Documents != 0 || !st.Rebuilding {
		t.Errorf("%+v", st)
	}
	update(t, again, s)
	same(t, again, s)
	if st := again.Stats(); st.Documents != 1200 || st.Rebuilding {
		t.Errorf("%+v", st)
	}
}

// TestNothingVanishes: what readers have once been shown stays, while what
// another process wrote is taken over and the rest is read again.
func TestNothingVanishes(t *testing.T) {
	dir, less, more := t.TempDir(), &store{}, &store{}
	less.fill(t, 20, someShards[0])
	more.fill(t, 30, someShards[0])
	ix, other := open(t, dir), open(t, dir)
	update(t, ix, more)
	other.Limit(100, 5)
	update(t, other, less)
	same(t, other, less)
	gone := errors.New("the store is gone")
	broken := leakindex.Source{
		Reports: more.source().Reports,
		After: func(int64) iter.Seq2[leakindex.Filed, error] {
			return func(yield func(leakindex.Filed, error) bool) { yield(leakindex.Filed{}, gone) }
		},
	}
	if err := ix.Update(t.Context(), broken, nil); !errors.Is(err, gone) {
		t.Error(err)
	}
	same(t, ix, more)
	update(t, ix, more)
	same(t, ix, more)
	if st := ix.Stats(); st.Segments != 1 || st.Pending != 10 {
		t.Errorf("%+v", st)
	}
}

// TestMergedForNothing: what is given up while it is merged does not come back.
func TestMergedForNothing(t *testing.T) {
	dir, s := t.TempDir(), &store{name: "a"}
	ix := open(t, dir)
	ix.Limit(100, 5)
	for range 8 {
		s.fill(t, 8, someShards[0])
		update(t, ix, s)
	}
	other := &store{name: "b"}
	other.fill(t, 10, someShards[0])
	once := false
	ix.Fail(func(what, name string) error {
		if what == "create" && strings.HasSuffix(name, ".seg") && !once {
			once = true
			return ix.Update(t.Context(), other.source(), nil)
		}
		return nil
	})
	if err := ix.Merge(t.Context()); err != nil || !once {
		t.Errorf("%v, merged %v", err, once)
	}
	same(t, ix, other)
	same(t, open(t, dir), other)
}

// TestMergeOfDamage: what is found damaged when it is merged is made anew.
func TestMergeOfDamage(t *testing.T) {
	dir, s := t.TempDir(), &store{}
	ix := open(t, dir)
	ix.Limit(100, 5)
	for range 8 {
		s.fill(t, 8, someShards[0])
		update(t, ix, s)
	}
	path := filepath.Join(dir, ix.Files(someShards[0])[3])
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text[100] ^= 1 // in place: it is mapped
	if err := os.WriteFile(path+"x", text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+"x", path); err != nil {
		t.Fatal(err)
	}
	again := open(t, dir)
	again.Limit(100, 5)
	if err := again.Merge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if st := again.Stats(); !st.Rebuilding {
		t.Errorf("%+v", st)
	}
	update(t, again, s)
	same(t, again, s)
	if st := again.Stats(); st.Segments != 1 || st.Rebuilding {
		t.Errorf("%+v", st)
	}
}

// TestTogether: readers, updates, merges and a rebuild at once.
func TestTogether(t *testing.T) {
	dir, s := quickDir(t), &store{}
	ix := open(t, dir)
	ix.Limit(60, 10)
	var group sync.WaitGroup
	var stop atomic.Bool
	check := func(err error) {
		if err != nil {
			t.Error(err)
		}
	}
	for range 2 {
		group.Go(func() {
			for !stop.Load() {
				before := s.want(all)
				check(ix.Update(t.Context(), s.source(), nil))
				snap := ix.Snapshot(all)
				got, err := refs(ix.Segments(snap))
				check(err)
				after := s.want(all)
				if len(got) < len(before) || len(got) > len(after) {
					t.Errorf("%d documents after an update, of %d to %d", len(got), len(before), len(after))
				}
				snap.Release()
				snap.Release()
				ix.Stats()
			}
		})
	}
	group.Go(func() {
		for !stop.Load() {
			check(ix.Merge(t.Context()))
		}
	})
	group.Go(func() {
		for range 3 {
			check(ix.Rebuild(t.Context(), s.source(), nil))
		}
	})
	for range 60 {
		s.fill(t, 7, someShards...)
	}
	check(ix.Rebuild(t.Context(), s.source(), nil))
	stop.Store(true)
	group.Wait()
	update(t, ix, s)
	same(t, ix, s)
	same(t, open(t, dir), s)
}

// TestBadSources: a source that errs, goes back or has no marks is told so, and
// a context that ends stops an update; nothing is there twice afterwards.
func TestBadSources(t *testing.T) {
	s := &store{}
	s.fill(t, 900, someShards...)
	one := func(marks ...int64) leakindex.Source {
		return leakindex.Source{Reports: s.source().Reports, After: func(int64) iter.Seq2[leakindex.Filed, error] {
			return func(yield func(leakindex.Filed, error) bool) {
				for i, m := range marks {
					f := s.reports[i][0]
					f.Mark = m
					if !yield(f, nil) {
						return
					}
				}
			}
		}}
	}
	for _, marks := range [][]int64{{0}, {-1}, {2, 1}, {1, 2, 1}} {
		ix := open(t, t.TempDir())
		if err := ix.Update(t.Context(), one(marks...), nil); err == nil || !strings.Contains(err.Error(), "the store yields report") {
			t.Errorf("%v: %v", marks, err)
		}
	}
	ix := open(t, t.TempDir())
	ix.Limit(100, 5)
	ctx, cancel := context.WithCancel(t.Context())
	err := ix.Update(ctx, s.source(), func(done, _ int64) {
		if done > 300 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	sound(t, ix, s)
	if st := ix.Stats(); st.Documents == 0 || st.Documents == 900 {
		t.Errorf("%+v", st)
	}
	update(t, ix, s)
	same(t, ix, s)
}

// TestUnreadable: what cannot be read at all is an error, not an empty index.
func TestUnreadable(t *testing.T) {
	if os.Getuid() == 0 {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "manifest.json"), 0o700); err != nil {
			t.Fatal(err)
		}
		if _, err := leakindex.Open(dir, secret); err == nil {
			t.Error("a manifest that is a directory")
		}
		return
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "manifest.json"), []byte("{}"), 0o000); err != nil {
		t.Fatal(err)
	}
	if _, err := leakindex.Open(dir, secret); !errors.Is(err, os.ErrPermission) {
		t.Error(err)
	}
}

// TestClosed: an index that is closed says so, rather than that nothing is held.
func TestClosed(t *testing.T) {
	s := &store{}
	s.fill(t, 600, someShards...)
	ix := open(t, t.TempDir())
	update(t, ix, s)
	snap := ix.Snapshot(all)
	if err := errors.Join(ix.Close(), ix.Close()); err != nil {
		t.Error(err)
	}
	if got, err := refs(ix.Segments(snap)); err != nil || len(got) != 600 {
		t.Errorf("%d, %v", len(got), err)
	}
	snap.Release()
	defer func() {
		if recover() == nil {
			t.Error("an empty snapshot")
		}
	}()
	ix.Snapshot(all)
}

// FuzzManifest: what reads as a manifest is written as it was, and whatever the
// bytes, an index opens and can be updated.
func FuzzManifest(f *testing.F) {
	dir, s := f.TempDir(), &store{}
	s.fill(f, 600, someShards...)
	ix, err := leakindex.Open(dir, secret)
	if err != nil {
		f.Fatal(err)
	}
	if err := ix.Update(f.Context(), s.source(), nil); err != nil {
		f.Fatal(err)
	}
	if err := ix.Close(); err != nil {
		f.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"format":1,"sha256":"","index":{}}`))
	f.Add([]byte(`{"format":1,"sha256":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","index":{}}`))
	f.Add([]byte(strings.Repeat("[", 100000)))
	few := &store{}
	few.fill(f, 3, someShards...)
	f.Fuzz(func(t *testing.T, text []byte) {
		if out, err := leakindex.Format(text); err == nil {
			if again, err := leakindex.Format(out); err != nil || string(again) != string(out) {
				t.Errorf("%v:\n%s\n%s", err, out, again)
			}
		}
		dir := quickDir(t)
		if err := os.WriteFile(filepath.Join(dir, "manifest.json"), text, 0o600); err != nil {
			t.Fatal(err)
		}
		ix := open(t, dir)
		sound(t, ix, few)
		update(t, ix, few)
		same(t, ix, few)
	})
}
