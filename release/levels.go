package release

import (
	"slices"

	"tearline/marking"
	"tearline/marking/equivalence"
)

// levelIn reads the name of a level under a policy: as a level of its own;
// else as one that an agreement holds equal to it; else by the common table of
// equivalences, as the lowest that the levels of that name come to. It is not
// known if none of these has it.
func levelIn(p *marking.Policy, name string, equal [][]string) (marking.Level, bool) {
	if l, ok := p.Level(name); ok || name == "" {
		return l, ok
	}
	for _, row := range equal {
		if !slices.Contains(row, name) {
			continue
		}
		for _, other := range row {
			if l, ok := p.Level(other); ok {
				return l, true
			}
		}
	}
	var lowest marking.Level
	known := false
	table := equivalence.Default()
	for _, id := range marking.Policies() {
		from, _ := marking.Lookup(id)
		own, ok := from.Level(name)
		if !ok {
			continue
		}
		if l, ok := table.Level(from, own, p); ok && (!known || l.Rank < lowest.Rank) {
			lowest, known = l, true
		}
	}
	return lowest, known
}
