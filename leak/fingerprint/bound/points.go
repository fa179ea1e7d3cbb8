package bound

import "fmt"

// PValueSymmetric is the symmetric test alone, for marks of two alternatives
// drawn with one bias and its complement: how often an innocent copy agrees at
// as many of them or more, if rareTotal of them show the rarer alternative and
// commonTotal the commoner. Whoever has a table of binomials can check it: it is
// P[Bin(rareTotal, u) + Bin(commonTotal, 1−u) ≥ rareAgree + commonAgree], where u
// is bias or 1 − bias, whichever is less. It is never below the true value, above
// it by less than 1e-9 of it, and never below 1e-300.
//
// The error is about the arguments: numbers out of order, more than MaxMarks, or
// a bias not between 0.001 and 0.999.
func PValueSymmetric(rareAgree, rareTotal, commonAgree, commonTotal int, bias float64) (float64, error) {
	switch {
	case rareAgree < 0 || rareTotal < rareAgree || rareTotal > MaxMarks:
		return 0, fmt.Errorf("%d of %d rare: want 0 to %d, and no more that agree than there are", rareAgree, rareTotal, MaxMarks)
	case commonAgree < 0 || commonTotal < commonAgree || commonTotal > MaxMarks:
		return 0, fmt.Errorf("%d of %d common: want 0 to %d, and no more that agree than there are", commonAgree, commonTotal, MaxMarks)
	case !(bias >= leastP && bias <= 1-leastP):
		return 0, fmt.Errorf("bias %v: want %v to %v", bias, leastP, 1-leastP)
	}
	tail := tailOf(convolve(tosses(rareTotal, rarer(bias)), tosses(commonTotal, 1-rarer(bias)), 1))
	return roundUp(tail[rareAgree+commonAgree], 6*(rareTotal+commonTotal)+len(tail)), nil
}

// rarer is the probability of the rarer alternative.
func rarer(bias float64) float64 {
	switch {
	case bias == NuidaHigh:
		return NuidaLow // 1 - bias is rounded to something else
	case bias > .5:
		return 1 - bias
	}
	return bias
}

// What MinPoints counts on.
const (
	foundAtLeast = .9
	mostFlips    = .25
	leastChance  = 1e-12 // what need not be counted of a probability of being found
)

// MinPoints is how many points of two alternatives must be read so that a copy
// that is the only source is named, among so many copies at this bound and by
// one look, with a probability of 0.9 or more: for authors, who want to know how
// long a quotation must be. Points are drawn with the bias or its complement, of
// the code in use; flips is how often a point is misread. The symmetric test
// alone is counted on. It is LeastPoints at least.
//
// The error is about the arguments: fewer than LeastCopies copies, a bound as
// Decode would not have it, a bias not between 0.001 and 0.999, flips not from 0
// to 0.25; or more than 640 points would be needed.
func MinPoints(copies int, bound, bias, flips float64) (int, error) {
	switch {
	case copies < LeastCopies || copies > MaxCopies:
		return 0, fmt.Errorf("%d copies: want %d to %d", copies, LeastCopies, MaxCopies)
	case !(bound > 0 && bound <= mostBound):
		return 0, fmt.Errorf("bound %v: want more than 0, at most %v", bound, mostBound)
	case !(bias >= leastP && bias <= 1-leastP):
		return 0, fmt.Errorf("bias %v: want %v to %v", bias, leastP, 1-leastP)
	case !(flips >= 0 && flips <= mostFlips):
		return 0, fmt.Errorf("flips at a rate of %v: want 0 to %v", flips, mostFlips)
	}
	threshold, u := bound/float64(copies), rarer(bias)
	found := func(m int) bool { return foundAt(m, threshold, u, flips) >= foundAtLeast }
	// It grows with the points but for steps between whole numbers.
	low, high := LeastPoints-1, LeastPoints
	for ; !found(high); low, high = high, 2*high {
		if high > MaxMarks/16 {
			return 0, fmt.Errorf("more than %d points", high)
		}
	}
	for high-low > 1 {
		if mid := (low + high) / 2; found(mid) {
			high = mid
		} else {
			low = mid
		}
	}
	return high, nil
}

// foundAt is how often a copy that is the only source is named if m points are
// read, over all that may be read.
func foundAt(m int, threshold, u, flips float64) float64 {
	common := Mark{Arity: 2, P: 1 - u, Y: 1}
	rare := Mark{Arity: 2, P: u, Y: 1}
	sum := 0.0
	for r, chance := range tosses(m, float64(u*(1-flips))+float64((1-u)*flips)) {
		if chance < leastChance {
			continue
		}
		innocent := tailOf(convolve(tosses(r, u), tosses(m-r, 1-u), 1))
		source := tailOf(convolve(tosses(r, rare.source(flips)), tosses(m-r, common.source(flips)), 1))
		for agree, p := range innocent {
			if roundUp(p, 6*m+len(innocent)) <= threshold {
				sum += float64(chance * source[agree])
				break
			}
		}
	}
	return sum
}

// source is the probability that the only source has Y, if Y was read and so
// many readings are wrong.
func (m *Mark) source(flips float64) float64 {
	u := m.innocent()
	right := u * (1 - flips)
	return right / (right + float64((1-u)*flips)/float64(m.Arity-1))
}
