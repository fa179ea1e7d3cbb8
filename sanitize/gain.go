package sanitize

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tearline"
	"tearline/release"
)

// A Gain is what the consent of some originators would add to a tear line.
type Gain struct {
	Consents []tearline.PartyID   `json:"consents"`
	Portions []tearline.PortionID `json:"portions"`
	Words    int                  `json:"words"`
}

// Gains says, for each set of originators whose consent is lacking, which
// portions of the report it would add to the version and how many words these
// have, the most first. The version must be that of r and d.
func (v *Version) Gains(r *tearline.Report, d release.Decision) []Gain {
	byAsk := map[string]*Gain{}
	kept := v.Kept()
	for _, verdict := range d.Verdicts() {
		if verdict.Outcome != tearline.Refer || slices.Contains(kept, verdict.Portion) {
			continue
		}
		key := fmt.Sprint(verdict.Ask)
		w := byAsk[key]
		if w == nil {
			w = &Gain{Consents: verdict.Ask}
			byAsk[key] = w
		}
		w.Portions = append(w.Portions, verdict.Portion)
		if p, ok := r.Portion(verdict.Portion); ok {
			w.Words += len(strings.Fields(p.Wording.Plain()))
		}
	}
	out := []Gain{}
	for _, k := range slices.Sorted(maps.Keys(byAsk)) {
		out = append(out, *byAsk[k])
	}
	slices.SortStableFunc(out, func(a, b Gain) int { return b.Words - a.Words })
	return out
}
