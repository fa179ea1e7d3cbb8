package match

import (
	"cmp"
	"slices"

	"tearline/leak/match/internal/letters"
)

const (
	// mostWindows is how many stretches of the leak a unit is aligned with.
	mostWindows = 6
	// margin is how many words more than the unit has they may take in on
	// either side.
	margin = 16
)

// everywhere returns all stretches of the leak that the unit is aligned with:
// around the longest runs of letters, then where most rare stems are.
func (s *Searcher) everywhere() [][2]int {
	n := len(s.rows) + margin
	var out [][2]int
	add := func(from, to int) {
		w := [2]int{max(from-n, 0), min(to+n, len(s.leak.words))}
		for i, o := range out {
			if w[0] < o[1] && o[0] < w[1] {
				if w[1]-w[0] <= 4*n+2*block {
					out[i] = [2]int{min(w[0], o[0]), max(w[1], o[1])}
				}
				return
			}
		}
		if len(out) < mostWindows {
			out = append(out, w)
		}
	}
	for _, r := range s.longestRuns() {
		add(s.leak.wordAt(r.at), s.leak.wordAt(r.at+r.n-1)+1)
	}
	for _, b := range s.closestBlocks() {
		add(b*block, (b+2)*block)
	}
	return out
}

// A hit is a run of letters that the unit shares with the leak.
type hit struct{ at, n int }

// longestRuns returns the longest runs of letters, longest first.
func (s *Searcher) longestRuns() []hit {
	var hits []hit
	s.streams(s.folder.letters, func(run []byte) {
		var cur hit
		roll := letters.NewRoller()
		for i, c := range run {
			h, ok := roll.Next(run, i, c)
			at := int(-1)
			if ok {
				at = s.leak.grams.Get(h)
			}
			if at >= 0 && cur.n > 0 && at == cur.at+cur.n-letters.Gram+1 {
				cur.n++
				continue
			}
			if cur.n > 0 {
				hits = append(hits, cur)
			}
			if cur = (hit{}); at >= 0 {
				cur = hit{at, letters.Gram}
			}
		}
		if cur.n > 0 {
			hits = append(hits, cur)
		}
	})
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.at, b.at)) })
	return hits[:min(len(hits), mostWindows)]
}

// closestBlocks returns the blocks of the leak that share most bits with the unit,
// each with the block after it, best first.
func (s *Searcher) closestBlocks() []int {
	near := map[int]float32{}
	seen := map[int]bool{}
	for _, r := range s.rows {
		if r.id < 0 || seen[r.id] {
			continue
		}
		seen[r.id] = true
		for _, b := range s.leak.blocks[r.id] {
			near[b] += s.terms[r.id].bits
		}
	}
	var blocks []int
	for b := range near {
		blocks = append(blocks, b)
	}
	slices.SortFunc(blocks, func(a, b int) int {
		return cmp.Or(cmp.Compare(near[b]+near[b+1], near[a]+near[a+1]), cmp.Compare(a, b))
	})
	return blocks[:min(len(blocks), mostWindows)]
}
