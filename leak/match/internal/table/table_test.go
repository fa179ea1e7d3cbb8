package table_test

import (
	"testing"

	"pgregory.net/rapid"

	"tearline/leak/match/internal/table"
)

// A table is a map that keeps what was entered first; hashes that differ in
// their last bit alone are two.
func TestPropertyTableIsAMap(t *testing.T) {
	t.Parallel()
	hashes := rapid.OneOf(rapid.Uint64Range(0, 20), rapid.Uint64(), rapid.Map(rapid.Uint64Range(0, 9), func(n uint64) uint64 { return n << 60 }))
	rapid.Check(t, func(t *rapid.T) {
		room := rapid.IntRange(0, 200).Draw(t, "room")
		tab, want := table.New(room), map[uint64]int{}
		for i := range rapid.IntRange(0, room).Draw(t, "entries") {
			h := hashes.Draw(t, "hash")
			if _, ok := want[h]; !ok {
				want[h] = i
			}
			if got := tab.Add(h, i); got != want[h] {
				t.Fatalf("Add(%x, %d) = %d, want %d", h, i, got, want[h])
			}
		}
		ask := func(h uint64) {
			v, ok := want[h]
			if !ok {
				v = -1
			}
			if got := tab.Get(h); got != v {
				t.Fatalf("Get(%x) = %d, want %d", h, got, v)
			}
		}
		for h := range want {
			ask(h)
			ask(h ^ 1)
		}
		for range 20 {
			ask(hashes.Draw(t, "other"))
		}
	})
}

func TestEmpty(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 100_000} {
		if got := table.New(n).Get(42); got != -1 {
			t.Errorf("of a table of %d: %d", n, got)
		}
	}
}

// Hashes that differ are scrambled into such as differ, also in the high bits
// by which they are looked up.
func TestSpread(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := rapid.Uint64().Draw(t, "x"), rapid.Uint64().Draw(t, "y")
		if (x == y) != (table.Scramble(x) == table.Scramble(y)) || (x == y) != (table.Spread(x) == table.Spread(y)) {
			t.Fatalf("%x and %x", x, y)
		}
	})
	const n = 1 << 12
	for name, hash := range map[string]func(i uint64) uint64{
		"in a row":  func(i uint64) uint64 { return i },
		"far apart": func(i uint64) uint64 { return i << 40 },
	} {
		seen := map[uint64]int{}
		for i := range uint64(n) {
			seen[table.Spread(hash(i))>>52]++
		}
		// By chance, 63 in 100 of as many places are taken.
		if len(seen) < n/2 {
			t.Errorf("%s: %d hashes fall into %d places", name, n, len(seen))
		}
	}
}
