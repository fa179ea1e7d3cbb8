package bound

import "math"

// A score says what agreement at each mark gains a copy, 0 or more; what it
// makes of a copy is the sum over the marks at which the copy agrees. Gains
// depend on what was read and on how words were drawn, and in later rounds on
// the words of copies already named: on nothing that an innocent copy's word
// has any part in. So any gains at all keep the bound, and which are chosen
// decides how often a source is found.

// symmetric gains are those of Škorić and others: agreeing counts √((1−u)/u),
// differing −√(u/(1−u)), where u is how often an innocent copy agrees; less by
// what misreading blurs.
func symmetric(marks []Mark) []float64 {
	gains := make([]float64, len(marks))
	for i := range marks {
		m := &marks[i]
		u := m.innocent()
		gains[i] = max(0, m.shown(1)-m.shown(0)) / math.Sqrt(u*(1-u))
	}
	return gains
}

// gain is what agreement adds to a logarithm of likelihoods, if that is more
// than nothing: less agreement is never evidence here.
func (m *Mark) gain(ifAgrees, ifDiffers float64) float64 {
	return max(0, math.Log(m.shown(ifAgrees)/m.shown(ifDiffers)))
}

// interleaving gains are the likelihood, against an innocent copy's, of a copy
// that is one of so many of which each mark shows one at random. With no copy
// named, that decoder does well against every attack (Laarhoven).
//
// Words of copies already named explain a part of what was read: where they
// have it, little is to be gained, and where none of them does, another source
// must. They are chosen among the others' as they are: see Decode.
func interleaving(marks []Mark, colluders int, named [][]byte) []float64 {
	gains := make([]float64, len(marks))
	c := float64(colluders)
	for i := range marks {
		m := &marks[i]
		have, there := 0, 0
		for _, word := range named {
			if word[i] == m.Y {
				have++
			}
			if word[i] != Absent {
				there++
			}
		}
		others := float64(have) + float64((c-1-float64(there))*m.innocent())
		gains[i] = m.gain((1+others)/c, others/c)
	}
	return gains
}

// An attack says how often colluders show alternative 1 of two, of whom so many
// have it.
type attack struct {
	name  string
	shows func(have, of int) float64
}

// interleave is how every colluder counts alike; it is also what is assumed
// where a point has more than two alternatives.
const interleave = "interleave"

// attacks are those among which the adaptive score chooses. All show what all
// colluders have, where they have the same.
var attacks = [...]attack{
	{interleave, func(have, of int) float64 { return float64(have) / float64(of) }},
	{"majority", func(have, of int) float64 { return above(2*have - of) }},
	{"minority", func(have, of int) float64 { return above(of - 2*have) }},
	{"all ones", func(int, int) float64 { return 1 }},
	{"all zeros", func(int, int) float64 { return 0 }},
	{"coin", func(int, int) float64 { return .5 }},
}

func above(x int) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return 0
	}
	return .5
}

// A Model is how a leak may have come about, as the adaptive score took it from
// what was read alone.
type Model struct {
	Attack string `json:"attack"`
	// Colluders is how many copies went into it, 1 to 6.
	Colluders int `json:"colluders"`
}

const mostColluders = 6

// Prices of a model: what is read fits one of many too well by chance.
const (
	priceColluder = .3
	priceAttack   = 2
)

// ones is how often alternative 1 is shown by c colluders, of whom some have 1
// for certain, the others with probability p, and one of whom may be known to
// have 0.
func (a *attack) ones(c, known, have int, p float64) float64 {
	sum, free := 0.0, c-known
	for k := 0; k <= free; k++ {
		show := 0.0
		switch all := have + k; all {
		case 0:
		case c:
			show = 1
		default:
			show = a.shows(all, c)
		}
		sum += float64(binomial(free, k) * math.Pow(p, float64(k)) * math.Pow(1-p, float64(free-k)) * show)
	}
	return sum
}

// binomial is how many ways there are to choose k of n, both small.
func binomial(n, k int) float64 {
	b := 1.0
	for i := range k {
		b = b * float64(n-i) / float64(i+1)
	}
	return b
}

// of is how often Y is shown at a mark of two alternatives by colluders of whom
// one has Y (agrees = 1), has it not (0), or is not known (-1).
func (a *attack) of(m *Mark, c, agrees int) float64 {
	known, have := 0, 0
	if agrees >= 0 {
		known = 1
		if (agrees == 1) == (m.Y == 1) {
			have = 1
		}
	}
	one := a.ones(c, known, have, m.P)
	if m.Y == 1 {
		return one
	}
	return 1 - one
}

// adaptive gains are the likelihood under the attack, and the number of
// colluders, that made what was read most likely, given how words were drawn
// and nothing else.
func adaptive(marks []Mark) ([]float64, Model) {
	count := make(map[Mark]int)
	var kinds []Mark // in order, so that sums are the same each time
	for _, m := range marks {
		if count[m] == 0 {
			kinds = append(kinds, m)
		}
		count[m]++
	}
	best, model, top := &attacks[0], Model{interleave, 1}, math.Inf(-1)
	for k := range attacks {
		a := &attacks[k]
		for c := 1; c <= mostColluders; c++ {
			fit := -priceColluder * float64(c)
			if a.name != interleave {
				fit -= priceAttack
			}
			for i := range kinds {
				if m := &kinds[i]; m.Arity == 2 {
					fit += float64(float64(count[*m]) * math.Log(m.shown(a.of(m, c, -1))))
				}
			}
			if fit > top+1e-9 { // a tie goes to the first, on every machine
				best, model, top = a, Model{a.name, c}, fit
			}
		}
	}
	inner := interleaving(marks, model.Colluders, nil)
	gains := make([]float64, len(marks))
	known := make(map[Mark]float64, len(kinds))
	for i := range kinds {
		if m := &kinds[i]; m.Arity == 2 {
			known[*m] = m.gain(best.of(m, model.Colluders, 1), best.of(m, model.Colluders, 0))
		}
	}
	for i := range marks {
		gains[i] = inner[i]
		if marks[i].Arity == 2 {
			gains[i] = known[marks[i]]
		}
	}
	return gains, model
}

// finest is the gain of the mark that gains most, before common factors are
// taken out: rounding moves no gain by more than 1 % of that. Of very many
// marks rounding matters less, and scores are kept small.
const (
	finest = 64
	scores = finest << 11
)

// whole makes whole numbers of gains. This is a part of what the score is: its
// law is exact afterwards, ties are ties, and a difference in the last bit of a
// logarithm, from one machine to another, goes unseen.
func whole(gains []float64) []int32 {
	most := 0.0
	for _, g := range gains {
		most = max(most, g)
	}
	out := make([]int32, len(gains))
	if most == 0 {
		return out
	}
	scale := float64(min(scores/len(gains), finest))
	factor := int32(0)
	for i, g := range gains {
		out[i] = int32(math.Round(g * scale / most))
		factor = gcd(factor, out[i])
	}
	for i := range out {
		out[i] /= factor
	}
	return out
}

func gcd(a, b int32) int32 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
