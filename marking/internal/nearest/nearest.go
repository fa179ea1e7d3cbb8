// Package nearest finds the word that was meant by one that is not known, for
// the hints of faults: the candidate that differs least from it, if it differs
// little. It may not decide what a word means; whoever wrote it does.
package nearest

import "iter"

// To returns the candidate that differs least from s, "" if none is near
// enough to be meant. Of several it is the first in the alphabet.
func To(s string, candidates iter.Seq[string]) string {
	if s == "" || len(s) > 48 {
		return ""
	}
	best, least := "", min(2, len(s)/2)
	for c := range candidates {
		if d := distance(s, c, least+1); d < least || d == least && (best == "" || c < best) {
			best, least = c, d
		}
	}
	return best
}

// distance is the number of letters put in, left out, changed or swapped with
// their neighbour between a and b; limit or more is answered as limit.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	two, one, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range one {
		one[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(one[j]+1, row[j-1]+1, one[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], two[j-2]+1)
			}
		}
		two, one, row = one, row, two
	}
	return min(one[len(b)], limit)
}
