package pages

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// An item stands on a page: a line, a table or a picture.
type item struct {
	Box
	line    *line
	table   *table
	picture *Picture
}

// inOrder puts the items of a page in the order in which they are read. Where a
// corridor divides them, the left column comes before the right, and what goes
// across both ends the columns above it. before is the corridor of the page
// before, 0 if there is none: the last lines of a column may be too few to tell.
func inOrder(items []item, before float64, depth int) []item {
	slices.SortStableFunc(items, func(a, b item) int {
		return cmp.Or(cmp.Compare(math.Round(a.bottom()), math.Round(b.bottom())), cmp.Compare(a.X, b.X))
	})
	at, ok := corridor(items)
	if !ok {
		at, ok = before, goesOn(items, before)
	}
	if !ok || depth > 4 {
		return items
	}
	var out, left, right []item
	flush := func() {
		out = append(out, inOrder(left, 0, depth+1)...)
		out = append(out, inOrder(right, 0, depth+1)...)
		left, right = nil, nil
	}
	for _, it := range items {
		switch {
		case it.right() <= at:
			left = append(left, it)
		case it.X >= at-1:
			right = append(right, it)
		default:
			flush()
			out = append(out, it)
		}
	}
	flush()
	return out
}

// goesOn reports whether a few items stand on both sides of the corridor of the
// page before, and begin behind it where its column did.
func goesOn(items []item, at float64) bool {
	left, begin := 0, math.Inf(1)
	for i := range items {
		switch it := &items[i]; {
		case it.right() <= at-1:
			left++
		case it.X >= at-1:
			begin = min(begin, it.X)
		default:
			return false
		}
	}
	return at > 0 && len(items) < 2*fewest && left > 0 && begin < at+3
}

// fewest is how many items a column has by which it is found.
const fewest = 3

// corridor finds a place that few lines cross and that has columns on both
// sides.
func corridor(items []item) (float64, bool) {
	const most = 200
	if len(items) < 2*fewest {
		return 0, false
	}
	best, score := 0.0, -1
	tried := map[int]bool{}
	for i := range items {
		at := items[i].X
		if tried[int(at)] || len(tried) > most {
			continue
		}
		tried[int(at)] = true
		if n := divides(items, at); n > score {
			best, score = at, n
		}
	}
	return best, score >= 0
}

// divides counts the lines on the smaller side of a corridor; -1 if it is none.
func divides(items []item, at float64) int {
	var left, right, across int
	var words [2]int
	lo, hi := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	height := 0.0
	for i := range items {
		it := &items[i]
		side := 0
		switch {
		case it.right() <= at-1:
			left++
		case it.X >= at-1:
			right++
			side = 1
		default:
			across++
			continue
		}
		if it.line != nil {
			words[side] += strings.Count(it.line.text, " ") + 1
			height = max(height, it.H)
		}
		lo[side], hi[side] = min(lo[side], it.Y), max(hi[side], it.bottom())
	}
	together := min(hi[0], hi[1]) - max(lo[0], lo[1])
	if left < fewest || right < fewest || across > left+right || words[0] < 2*left || words[1] < 2*right || words[0]+words[1] < 3*(left+right) || together < 2.5*height {
		return -1
	}
	if beside(items, at) < fewest {
		return -1 // they take turns, and are no columns
	}
	return min(left, right)
}

// beside counts the items before a corridor that stand at the height of one
// behind it.
func beside(items []item, at float64) int {
	var behind []*item
	for i := range items {
		if items[i].X >= at-1 {
			behind = append(behind, &items[i])
		}
	}
	slices.SortFunc(behind, func(a, b *item) int { return cmp.Compare(a.bottom(), b.bottom()) })
	highest := make([]float64, len(behind)+1) // of those from one on
	highest[len(behind)] = math.Inf(1)
	for i, b := range slices.Backward(behind) {
		highest[i] = min(b.Y, highest[i+1])
	}
	n := 0
	for i := range items {
		a := &items[i]
		from, _ := slices.BinarySearchFunc(behind, a.Y, func(b *item, y float64) int {
			if b.bottom() > y {
				return 1
			}
			return -1
		})
		if a.right() <= at-1 && highest[from] < a.bottom() {
			n++
		}
	}
	return n
}
