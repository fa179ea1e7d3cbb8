package attribution

import (
	"fmt"
	"math"
	"strings"

	"tearline"
	"tearline/internal/text"
	"tearline/leak/fingerprint/bound"
)

// Words says in sentences what was found: of copies, with every number that
// the statement rests on, and nothing of persons.
func (f *Finding) Words() []string {
	if f.Finding == tearline.FoundCopies {
		return f.named()
	}
	out := []string{"No copy is named: " + f.why() + "."}
	if n := f.Narrowed; n != nil && f.Finding == tearline.FoundNarrower {
		out = append(out, fmt.Sprintf("%s of %s remain compatible with the text, as individual wordings; one that played no part in it remains with probability %s, so that about %s such are to be expected. That names none of them.",
			text.Thousands(n.Readers), text.Count(f.Readers, "copy", "copies"), chance(n.Alpha), number(n.Expected)))
	}
	return out
}

// why says why none is named.
func (f *Finding) why() string {
	switch f.Reason {
	case bound.TooFewCopies:
		return fmt.Sprintf("%s can be compared, and fewer than %d are never told apart", text.Count(f.Readers, "copy", "copies"), bound.LeastCopies)
	case bound.TooFewPoints:
		return fmt.Sprintf("the text shows %s, and no copy is named on fewer than %d", text.Count(f.Points, "marked place", "marked places"), bound.LeastPoints)
	case bound.WithinChance:
	}
	return fmt.Sprintf("at %s chance alone may do as well as any of %s", text.Count(f.Points, "marked place", "marked places"), text.Count(f.Readers, "copy", "copies"))
}

func (f *Finding) named() []string {
	var out []string
	for _, n := range f.Named {
		which := "copy " + string(n.Copies[0])
		if len(n.Copies) > 1 {
			ids := make([]string, len(n.Copies))
			for i, id := range n.Copies {
				ids[i] = string(id)
			}
			which = "copies " + strings.Join(ids, ", ") + " (one wording)"
		}
		out = append(out, fmt.Sprintf(
			"The text agrees with %s at %d of %d marked places. If it played no part in the text, agreement this strong would arise with probability at most %s; allowing for all %s and for this being look %d, at most %s.",
			which, n.Agree, n.Points, chance(n.P), text.Count(f.Readers, "copy", "copies"), f.Look, chance(n.Adjusted)))
	}
	if len(f.Named) > 1 {
		out = append(out, fmt.Sprintf("That any of these %d played no part has, over all looks there may ever be, at most the probability %s.", len(f.Named), chance(f.Bound)))
	}
	return append(out, "This concerns copies, not persons: it does not say who handled, took, passed on or photographed one, and it is not the probability that nobody did anything wrong.")
}

// Overturns lists what would overturn a finding that names copies: what it
// takes for granted and cannot show.
func Overturns() []string {
	return []string{
		"whoever wrote the text could see the copy by other means: it was lent, stolen, intercepted or read over a shoulder",
		"somebody else had the secrets of the copies: the holder itself, which can make any copy, or whoever got at its keys",
		"the text was read, or its portions chosen, by somebody who knew the copies' wording",
		"another route gave the same wording: the draft, a translation made from the copy, a recipient's own paper",
		"copies were made that are not on record",
	}
}

// chance writes a probability, rounded up to two digits.
func chance(p float64) string {
	switch {
	case p <= 0:
		return "below 1e-300" // it underflows there
	case p >= 0.01:
		return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.3f", math.Min(1, math.Ceil(p*1000)/1000)), "0"), ".")
	}
	exp := math.Floor(math.Log10(p))
	m := math.Ceil(p/math.Pow(10, exp)*10) / 10
	if m >= 10 {
		m, exp = m/10, exp+1
	}
	return fmt.Sprintf("%.1fe%03d", m, int(exp))
}

func number(x float64) string {
	if x >= 10 {
		return text.Thousands(int(math.Ceil(x)))
	}
	return fmt.Sprintf("%.1f", math.Ceil(x*10)/10)
}
