package column

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestColumn: what is found in a column is what there is, of few classes and of
// more than a narrow one has numbers for, after changes.
func TestColumn(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		classes := rapid.SampledFrom([]int{3, 700, 5000, narrow + 9}).Draw(rt, "classes")
		var c Column
		var plain []uint32
		next := uint32(rapid.IntRange(1, 1<<20).Draw(rt, "seed"))
		random := func(n int) uint32 { // a linear congruence: many, quickly
			next = next*1664525 + 1013904223
			return uint32(uint64(next) * uint64(n) >> 32)
		}
		c.Grow(1)
		n := rapid.IntRange(1, 5*superSize/2).Draw(rt, "portions")
		for i := range n {
			k := random(classes * (i + 1) / n)
			c.Grow(int(k) + 1)
			c.Append(k)
			plain = append(plain, k)
		}
		c.Grow(classes)
		for range rapid.IntRange(0, 50).Draw(rt, "changes") {
			ord, k := random(n), random(classes)
			c.Set(ord, k)
			plain[ord] = k
		}
		if rapid.Bool().Draw(rt, "cleaned") {
			c.Clean()
		}
		set := make([]uint64, (classes+63)/64)
		for range rapid.IntRange(0, 5).Draw(rt, "wanted") {
			k := random(classes)
			set[k>>6] |= 1 << (k & 63)
		}
		below, most := random(n+1), 1+int(random(60))
		var want []uint32
		sum := 0
		for i, k := range slices.Backward(plain) {
			if set[k>>6]>>(k&63)&1 == 0 {
				continue
			}
			sum++
			if uint32(i) < below && len(want) < most {
				want = append(want, uint32(i))
			}
		}
		if got := c.Scan(nil, below, set, c.Fold(set), most); !slices.Equal(got, want) {
			rt.Fatalf("%v, want %v", got, want)
		}
		if got := c.Sum(set); got != sum {
			rt.Fatalf("%d, want %d", got, sum)
		}
		if got := popcount(c.Dense(set)); got != sum {
			rt.Fatalf("%d in all, want %d", got, sum)
		}
	})
}

func popcount(b Bitset) (n int) {
	for i := b.Before(len(b) << 6); i >= 0; i = b.Before(i) {
		n++
	}
	return n
}

// TestPostings: what was pushed is found where it is.
func TestPostings(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ords := rapid.SliceOfNDistinct(rapid.Uint32Range(0, 5*blockSize), 0, 200, rapid.ID[uint32]).Draw(rt, "ordinals")
		slices.Sort(ords)
		var p Postings
		for i, ord := range ords {
			p.Push(ord, uint32(i%3))
		}
		p.Done()
		p.All(func(i int, ord uint32) {
			if ords[i] != ord || p.At(i) != ord || p.Find(ord) != i || p.State(i) != uint32(i%3) {
				rt.Fatalf("%d at %d: %d, found at %d in state %d", ord, i, p.At(i), p.Find(ord), p.State(i))
			}
		})
		for _, x := range rapid.SliceOfN(rapid.Uint32Range(0, 7*blockSize), 1, 50).Draw(rt, "asked") {
			at, found := slices.BinarySearch(ords, x)
			if p.Below(x) != at || (p.Find(x) >= 0) != found {
				rt.Fatalf("%d: %d below, at %d; want %d, %t", x, p.Below(x), p.Find(x), at, found)
			}
		}
	})
}
