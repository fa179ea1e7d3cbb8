package leakindex_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"tearline/internal/leakindex"
	"tearline/internal/warrant/shards"
)

// A world is a store and two processes that index it in one directory.
type world struct {
	t     *rapid.T
	dir   string
	store *store
	ix    []*leakindex.Index
	fresh []bool // updated since the last filing
}

func (w *world) open(i int) {
	ix, err := leakindex.Open(w.dir, secret)
	if err != nil {
		w.t.Fatal(err)
	}
	ix.Limit(50, rapid.SampledFrom([]int{8, 1000}).Draw(w.t, "worth"))
	w.ix[i], w.fresh[i] = ix, false
}

func (w *world) which() int { return rapid.IntRange(0, len(w.ix)-1).Draw(w.t, "which") }

func (w *world) file(n int) {
	for range n {
		var of []shards.Shard
		for range rapid.IntRange(0, 3).Draw(w.t, "portions") {
			of = append(of, someShards[rapid.IntRange(0, len(someShards)-1).Draw(w.t, "shard")])
		}
		w.store.file(w.t, of...)
	}
	for i := range w.fresh {
		w.fresh[i] = false
	}
}

// update brings an index up with the store; a second time if a search says
// that it is damaged.
func (w *world) update(i int) {
	if err := w.ix[i].Update(w.t.Context(), w.store.source(), nil); err != nil {
		w.t.Fatal(err)
	}
	w.fresh[i] = true
	for again := range 4 {
		diff, err := look(w.ix[i], w.store, all)
		if err == nil {
			if diff != "" {
				w.t.Fatalf("after an update: %.2000s", diff)
			}
			return
		}
		if again == 3 || !w.ix[i].Damaged(err) {
			w.t.Fatal(err)
		}
		if err := w.ix[i].Update(w.t.Context(), w.store.source(), nil); err != nil {
			w.t.Fatal(err)
		}
	}
}

// files are all in the directory but the lock.
func (w *world) files() []string {
	list, err := os.ReadDir(w.dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		w.t.Fatal(err)
	}
	var out []string
	for _, d := range list {
		if d.Name() != "lock" {
			out = append(out, filepath.Join(w.dir, d.Name()))
		}
	}
	return out
}

// damage changes a file while nobody has it open: a file that is shortened
// while it is mapped ends the process.
func (w *world) damage() {
	files := w.files()
	if len(files) == 0 {
		return
	}
	for i, ix := range w.ix {
		if err := ix.Close(); err != nil {
			w.t.Fatal(err)
		}
		defer w.open(i)
	}
	path := rapid.SampledFrom(files).Draw(w.t, "file")
	text, err := os.ReadFile(path)
	if err != nil {
		w.t.Fatal(err)
	}
	switch rapid.IntRange(0, 4).Draw(w.t, "how") {
	case 0:
		text = text[:rapid.IntRange(0, len(text)).Draw(w.t, "length")]
	case 1:
		for range rapid.IntRange(1, 5).Draw(w.t, "bytes") {
			if len(text) > 0 {
				text[rapid.IntRange(0, len(text)-1).Draw(w.t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(w.t, "by"))
			}
		}
	case 2:
		text = append(text, 0)
	case 3: // what another file has
		if text, err = os.ReadFile(rapid.SampledFrom(files).Draw(w.t, "other")); err != nil {
			w.t.Fatal(err)
		}
	case 4:
		if err := os.Remove(path); err != nil {
			w.t.Fatal(err)
		}
		return
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// TestModel: whatever is filed, updated, merged, made anew, opened and damaged
// in whatever order: after an update each portion is there once, in its shard,
// and nothing else; before it, nothing is there that is not in the store.
func TestModel(t *testing.T) {
	dirs := quickDir(t)
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		w := &world{t: t, dir: filepath.Join(dirs, fmt.Sprint(n)), store: &store{}, ix: make([]*leakindex.Index, 2), fresh: make([]bool, 2)}
		for i := range w.ix {
			w.open(i)
		}
		defer func() {
			for _, ix := range w.ix {
				if err := ix.Close(); err != nil {
					t.Error(err)
				}
			}
		}()
		t.Repeat(map[string]func(*rapid.T){
			"few": func(t *rapid.T) { w.t = t; w.file(rapid.IntRange(1, 3).Draw(t, "reports")) },
			"many": func(t *rapid.T) {
				w.t = t
				w.store.fill(t, rapid.IntRange(8, 120).Draw(t, "reports"), someShards[:2]...)
				w.fresh = make([]bool, 2)
			},
			"update": func(t *rapid.T) { w.t = t; w.update(w.which()) },
			"merge": func(t *rapid.T) {
				w.t = t
				if err := w.ix[w.which()].Merge(t.Context()); err != nil {
					t.Fatal(err)
				}
			},
			"rebuild": func(t *rapid.T) {
				w.t = t
				i := w.which()
				if err := w.ix[i].Rebuild(t.Context(), w.store.source(), nil); err != nil {
					t.Fatal(err)
				}
				w.fresh[i] = true
			},
			"reopen": func(t *rapid.T) {
				w.t = t
				i := w.which()
				if err := w.ix[i].Close(); err != nil {
					t.Fatal(err)
				}
				w.open(i)
			},
			"damage": func(t *rapid.T) { w.t = t; w.damage() },
			"": func(t *rapid.T) {
				for i, ix := range w.ix {
					if !w.fresh[i] {
						continue
					}
					for _, covers := range []func(shards.Shard) bool{all, only(someShards[1])} {
						if diff, err := look(ix, w.store, covers); err != nil || diff != "" {
							t.Fatalf("process %d: %v\n%.2000s", i, err, diff)
						}
					}
				}
			},
		})
	})
}
