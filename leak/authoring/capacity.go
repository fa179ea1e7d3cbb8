package authoring

import (
	"math"
	"slices"
	"strings"

	"tearline"
)

// A Capacity is how much the alternatives of a wording, or of several, can
// tell about whose copy a text shows.
type Capacity struct {
	// Words are those of the plain text, as blanks part them.
	Words int `json:"words"`
	// Points are the places with alternatives, Bits the sum of the logarithms
	// to base 2 of how many each has.
	Points int     `json:"points"`
	Bits   float64 `json:"bits"`
	// OneSided counts the points of which an alternative is empty: what stands
	// there is evidence, that nothing does is hardly any, once it was told in
	// other words.
	OneSided int `json:"one_sided"`
	// BySurvival counts the points by the most that they outlive. A point
	// that outlives a paraphrase outlives copying, too.
	BySurvival map[Survival]int `json:"by_survival"`
}

// Measure counts what the alternatives of a wording come to.
func Measure(w tearline.Wording) Capacity {
	c := Capacity{BySurvival: map[Survival]int{}}
	for f := range strings.FieldsSeq(w.Plain()) {
		if strings.ContainsFunc(f, wordRune) {
			c.Words++
		}
	}
	for _, s := range w.Segments() {
		if s.Alternatives == nil {
			continue
		}
		c.Points++
		c.Bits += math.Log2(float64(len(s.Alternatives)))
		of := survival(s.Alternatives)
		if of == Oral {
			c.OneSided++
		}
		c.BySurvival[of]++
	}
	return c
}

// Add sums up two capacities.
func (c Capacity) Add(d Capacity) Capacity {
	sum := Capacity{
		Words: c.Words + d.Words, Points: c.Points + d.Points, Bits: c.Bits + d.Bits, OneSided: c.OneSided + d.OneSided,
		BySurvival: map[Survival]int{},
	}
	for _, s := range Survivals() {
		if n := c.BySurvival[s] + d.BySurvival[s]; n > 0 {
			sum.BySurvival[s] = n
		}
	}
	return sum
}

// Per100 returns the points in 100 words, 0 for no words.
func (c Capacity) Per100() float64 { return per100(c.Points, c.Words) }

func per100(n, words int) float64 {
	if words == 0 {
		return 0
	}
	return 100 * float64(n) / float64(words)
}

// WordsToName returns how many words of the text must be quoted letter for
// letter before one copy of so many can be named: minPoints says how many
// points of two alternatives that takes, as
// tearline/leak/fingerprint/bound.MinPoints does. A point of four alternatives
// counts for two. It returns 0 if there are no points, or minPoints errs.
func (c Capacity) WordsToName(copies int, minPoints func(copies int) (int, error)) int {
	n, err := minPoints(copies)
	if err != nil || c.Bits == 0 {
		return 0
	}
	return int(math.Ceil(float64(n) * float64(c.Words) / c.Bits))
}

// clauseWords is from how many words that carry something on an alternative is
// a clause rather than a phrase.
const clauseWords = 2

// survival says what a point outlives, from the look of its alternatives: what
// may be left out is told from memory, or not; of clauses that have no word in
// common, one is kept by some who tell it in other words; other words outlive a
// house style; other forms of the same words do not.
func survival(alternatives []string) Survival {
	form, clauses := true, true
	first := saidIn(alternatives[0], "", "")
	for i, a := range alternatives {
		if a == "" {
			return Oral
		}
		x := saidIn(a, "", "")
		clauses = clauses && len(x.content()) >= clauseWords && (i == 0 || !shareWord(first, x))
		form = form && nearly(strings.Join(first.words, ""), strings.Join(x.words, ""))
	}
	switch {
	case form || sameQuantity(alternatives):
		return Retyping
	case clauses:
		return Paraphrase
	}
	return HouseStyle
}

// content returns the words that carry something.
func (x *said) content() []string {
	return slices.DeleteFunc(slices.Clone(x.words), func(w string) bool { return len(w) <= 3 || lists()["hollow"].has(w) })
}

// shareWord reports whether two alternatives have a word in common that carries
// something and is no name.
func shareWord(x, y said) bool {
	return slices.ContainsFunc(x.content(), func(w string) bool { return !slices.Contains(x.names, w) && slices.Contains(y.words, w) })
}

// nearly reports whether two words are spellings of one: they differ in one
// letter, or one has one more at its end.
func nearly(x, y string) bool {
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < 5 || len(y)-len(x) > 1 {
		return x == y
	}
	if len(y) > len(x) {
		return strings.HasPrefix(y, x)
	}
	differ := 0
	for i := range len(x) {
		if x[i] != y[i] {
			differ++
		}
	}
	return differ <= 1
}

// longQuantity is how many words a number or a date has at most.
const longQuantity = 4

// sameQuantity reports whether the alternatives are one number or date, written
// in several ways.
func sameQuantity(alternatives []string) bool {
	first := saidIn(alternatives[0], "", "")
	if len(first.numbers) == 0 {
		return false
	}
	for _, a := range alternatives {
		if x := saidIn(a, "", ""); len(x.words) > longQuantity || difference(first.numbers, x.numbers) != "" || difference(first.names, x.names) != "" {
			return false
		}
	}
	return true
}
