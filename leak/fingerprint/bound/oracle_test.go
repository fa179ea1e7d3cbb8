package bound_test

import (
	"math"

	"tearline/leak/fingerprint/bound"
)

// The oracle is the page's formulas, written down a second time and in the
// slowest way: attacks are played for every word of every coalition, and laws
// are sums over all words. It has scores of its own for marks of two
// alternatives, and for more of them where the page has any.

// innocent is how often an innocent copy has what was read.
func innocent(m bound.Mark) float64 {
	if m.Arity > 2 {
		return 1 / float64(m.Arity)
	}
	if m.Y == 1 {
		return m.P
	}
	return 1 - m.P
}

func flipOf(m bound.Mark) float64 {
	if m.Flip == 0 {
		return .05
	}
	return m.Flip
}

// misread is the probability that a mark is read as it is, or as another.
func misread(m bound.Mark, p float64) float64 {
	return p*(1-flipOf(m)) + (1-p)*flipOf(m)/float64(m.Arity-1)
}

func oracleSymmetric(marks []bound.Mark) []float64 {
	out := make([]float64, len(marks))
	for i, m := range marks {
		u := innocent(m)
		agree, differ := math.Sqrt((1-u)/u), -math.Sqrt(u/(1-u))
		k := float64(m.Arity)
		out[i] = (agree - differ) * max(0, 1-flipOf(m)*k/(k-1))
	}
	return out
}

// oracleInterleaving is ln P(y | x) for the x that agrees, less that for one
// that does not.
func oracleInterleaving(marks []bound.Mark, c float64, named ...[]byte) []float64 {
	out := make([]float64, len(marks))
	for i, m := range marks {
		unknown, have := c-1, 0.0
		for _, w := range named {
			if w[i] != bound.Absent {
				unknown--
			}
			if w[i] == m.Y {
				have++
			}
		}
		p := func(x float64) float64 { return (x + have + unknown*innocent(m)) / c }
		out[i] = max(0, math.Log(misread(m, p(1))/misread(m, p(0))))
	}
	return out
}

// played is how often colluders show a 1, by their words.
func played(attack string, word []int) float64 {
	ones := 0
	for _, x := range word {
		ones += x
	}
	c := len(word)
	if ones == 0 {
		return 0
	}
	if ones == c {
		return 1
	}
	tie := map[bool]float64{true: .5}[2*ones == c]
	switch attack {
	case "interleave":
		return float64(ones) / float64(c)
	case "majority":
		return tie + map[bool]float64{true: 1}[2*ones > c]
	case "minority":
		return tie + map[bool]float64{true: 1}[2*ones < c]
	case "all ones":
		return 1
	case "all zeros":
		return 0
	}
	return .5
}

// shownBy is how often Y is shown by c colluders of whom the first has x, or
// anything if x is below 0. What was computed is kept.
func shownBy(attack string, m bound.Mark, c, x int) float64 {
	m.Flip = 0
	key := shownKey{attack, m, c, x}
	if _, ok := shown[key]; !ok {
		shown[key] = shownByAll(attack, m, c, x)
	}
	return shown[key]
}

type shownKey struct {
	attack string
	m      bound.Mark
	c, x   int
}

var shown = make(map[shownKey]float64) // no test here is parallel

func shownByAll(attack string, m bound.Mark, c, x int) float64 {
	sum := 0.0
	for all := range 1 << c {
		word, p := make([]int, c), 1.0
		for j := range word {
			word[j] = all >> j & 1
			switch {
			case j == 0 && x >= 0 && word[j] != x:
				p = 0
			case j == 0 && x >= 0:
			case word[j] == 1:
				p *= m.P
			default:
				p *= 1 - m.P
			}
		}
		one := played(attack, word)
		if m.Y == 0 {
			one = 1 - one
		}
		sum += p * one
	}
	return sum
}

func oracleAdaptive(marks []bound.Mark) ([]float64, bound.Model) {
	count := make(map[bound.Mark]float64)
	for _, m := range marks {
		if m.Arity == 2 {
			count[m]++
		}
	}
	best, top := bound.Model{}, math.Inf(-1)
	for _, attack := range []string{"interleave", "majority", "minority", "all ones", "all zeros", "coin"} {
		for c := 1; c <= 6; c++ {
			fit := -.3 * float64(c)
			if attack != "interleave" {
				fit -= 2
			}
			for m, n := range count {
				fit += n * math.Log(misread(m, shownBy(attack, m, c, -1)))
			}
			if fit > top+1e-9 {
				best, top = bound.Model{Attack: attack, Colluders: c}, fit
			}
		}
	}
	out := oracleInterleaving(marks, float64(best.Colluders))
	for i, m := range marks {
		if m.Arity == 2 {
			y := int(m.Y)
			out[i] = max(0, math.Log(misread(m, shownBy(best.Attack, m, best.Colluders, y))/misread(m, shownBy(best.Attack, m, best.Colluders, 1-y))))
		}
	}
	return out, best
}

// on puts gains on the lattice: the most is 64.
func on(gains []float64) []int {
	most := 0.0
	for _, g := range gains {
		most = max(most, g)
	}
	out := make([]int, len(gains))
	for i, g := range gains {
		if most > 0 {
			out[i] = int(math.Round(64 * g / most))
		}
	}
	return out
}

// allWords are all that there can be, with the probability of each.
func allWords(marks []bound.Mark) (words [][]byte, chance []float64) {
	words, chance = [][]byte{{}}, []float64{1}
	for _, m := range marks {
		var w2 [][]byte
		var c2 []float64
		for k, w := range words {
			for x := range m.Arity {
				p := 1 / float64(m.Arity)
				if m.Arity == 2 {
					p = [2]float64{1 - m.P, m.P}[x]
				}
				w2 = append(w2, append(append([]byte{}, w...), byte(x)))
				c2 = append(c2, chance[k]*p)
			}
		}
		words, chance = w2, c2
	}
	return words, chance
}

// scoreOf is what a word gains.
func scoreOf(marks []bound.Mark, gains []int, word []byte) int {
	sum := 0
	for i, m := range marks {
		if word[i] == m.Y {
			sum += gains[i]
		}
	}
	return sum
}

// bySum is the p-value of each word: how often a word scores as much or more.
func bySum(marks []bound.Mark, gains []float64, words [][]byte, chance []float64) []float64 {
	whole := on(gains)
	at := make(map[int]float64)
	for k, w := range words {
		at[scoreOf(marks, whole, w)] += chance[k]
	}
	tail := make(map[int]float64)
	for s := range at {
		for other, p := range at {
			if other >= s {
				tail[s] += p
			}
		}
	}
	out := make([]float64, len(words))
	for k, w := range words {
		out[k] = tail[scoreOf(marks, whole, w)]
	}
	return out
}

// pOf is the p-value of a word by a score, mark by mark.
func pOf(marks []bound.Mark, gains []float64, word []byte) float64 {
	whole := on(gains)
	law := []float64{1}
	for i, m := range marks {
		next := make([]float64, len(law)+whole[i])
		for s, p := range law {
			next[s] += p * (1 - innocent(m))
			next[s+whole[i]] += p * innocent(m)
		}
		law = next
	}
	sum := 0.0
	for _, p := range law[scoreOf(marks, whole, word):] {
		sum += p
	}
	return sum
}
