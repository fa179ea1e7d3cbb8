package attribution

import (
	"fmt"
	"strconv"

	"tearline"
	"tearline/leak/fingerprint/bound"
)

// A Finding is what the comparison of all copies with a reading came to.
type Finding struct {
	Format  string           `json:"format"` // findingFormat
	Finding tearline.Finding `json:"finding"`
	// Rules are those by which it was compared, [Rules] here.
	Rules string `json:"rules"`
	// Look is which reading of these reports it was; see [Price].
	Look int `json:"look"`
	// Bound is the chance, over all looks there may ever be, of naming any copy
	// that the text does not come from.
	Bound float64 `json:"bound"`
	// Readers is how many individual wordings were compared, Copies how many
	// copies bear them, Points at how many places.
	Readers int `json:"readers"`
	Copies  int `json:"copies"`
	Points  int `json:"points"`
	// Reason is why none is named.
	Reason bound.Reason `json:"reason,omitempty"`
	Named  []Named      `json:"named"`
	// Narrowed is what remains if none is named.
	Narrowed *Narrowed `json:"narrowed,omitempty"`
	// Threshold is the greatest chance for a single copy at which it is named.
	Threshold float64 `json:"threshold"`
}

const findingFormat = "tearline-finding-1"

// Named is a reader's wording with which the text agrees beyond chance: one
// copy, or several of the same wording.
type Named struct {
	Copies []tearline.CopyID `json:"copies"`
	Points int               `json:"points"` // places at which it could be compared
	Agree  int               `json:"agree"`
	// P is the chance of such agreement if the copy played no part; Adjusted
	// that of any of all copies, in any look.
	P        float64 `json:"p"`
	Adjusted float64 `json:"adjusted"`
	// Round is 1 for what agrees by itself, more for what agrees with what the
	// copies named before it do not explain.
	Round int `json:"round"`
}

// Narrowed is which copies remain if none is named. One that played no part
// remains with the chance Alpha; Expected of them do.
type Narrowed struct {
	Copies   []tearline.CopyID `json:"copies"`
	Readers  int               `json:"readers"`
	Alpha    float64           `json:"alpha"`
	Expected float64           `json:"expected"`
}

// Price is what the k-th look at the copies of a report, from 1, pays: so many
// times stricter is it than the bound. All looks there may ever be pay 1/2 +
// 1/6 + 1/12 + … = 1 of it together, so that the bound holds for them all,
// however often somebody looks.
func Price(k int) int { return k * (k + 1) }

// Compare compares all candidates with a reading. Two that read the same
// everywhere must be one. The bound must be above 0 and at most 0.01.
func Compare(r *Reading, secrets Secrets, candidates []Candidate, limit float64, look int) (*Finding, error) {
	if look < 1 || look > 1000 {
		return nil, fmt.Errorf("look %d: want 1 to 1000", look)
	}
	marks, where, err := r.marks(secrets)
	if err != nil {
		return nil, err
	}
	words := make([][]byte, len(candidates))
	copies := 0
	for i := range candidates {
		words[i] = word(&candidates[i], where, len(marks))
		copies += len(candidates[i].Copies)
	}
	d, err := bound.Decode(marks, words, bound.Params{Bound: limit, Looks: Price(look)})
	if err != nil {
		return nil, fmt.Errorf("compare: %w", err)
	}
	f := &Finding{
		Format: findingFormat, Finding: tearline.FoundNothing, Rules: Rules, Look: look, Bound: d.Bound, Readers: d.Copies, Copies: copies,
		Points: d.Points, Reason: d.Reason, Named: []Named{}, Threshold: d.Threshold,
	}
	for _, n := range d.Named {
		f.Finding = tearline.FoundCopies
		f.Named = append(f.Named, Named{Copies: candidates[n.Copy].Copies, Points: n.Points, Agree: n.Agree, P: n.P, Adjusted: n.Adjusted, Round: n.Round})
	}
	if n := d.Narrowed; n != nil && len(d.Named) == 0 {
		f.Narrowed = &Narrowed{Copies: []tearline.CopyID{}, Readers: len(n.Copies), Alpha: n.Alpha, Expected: n.Expected}
		for _, i := range n.Copies {
			f.Narrowed.Copies = append(f.Narrowed.Copies, candidates[i].Copies...)
		}
		if n.Alpha < 1 && len(n.Copies) < len(candidates) {
			f.Finding = tearline.FoundNarrower
		}
	}
	return f, nil
}

// NamedCopies returns all copies that are named.
func (f *Finding) NamedCopies() []tearline.CopyID {
	var out []tearline.CopyID
	for _, n := range f.Named {
		out = append(out, n.Copies...)
	}
	return out
}

// Says is what is said of the finding in the ledger.
func (f *Finding) Says(reading tearline.StatementID) *tearline.Attribution {
	return &tearline.Attribution{Reading: reading, Finding: f.Finding, Copies: f.NamedCopies()}
}

// FormatBound writes a bound as a reading states it, rounded up to 7 digits.
func FormatBound(p float64) string { return strconv.FormatFloat(p, 'e', -1, 64) }
