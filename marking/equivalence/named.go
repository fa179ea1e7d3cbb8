package equivalence

import (
	"slices"

	"tearline/marking"
)

// Named reads the name of a level under a policy, as those who write it in an
// agreement mean it: as a level of the policy's own; else as one that stands in
// one of the agreement's own rows of equal levels together with one of the
// policy's; else by the table, as the lowest that the levels of that name, in
// any policy, come to. It is not known if none of these has it.
func (t *Table) Named(name string, rows [][]string, p *marking.Policy) (marking.Level, bool) {
	if l, ok := p.Level(name); ok || name == "" {
		return l, ok
	}
	for _, row := range rows {
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
	for _, id := range marking.Policies() {
		from, _ := marking.Lookup(id)
		own, ok := from.Level(name)
		if !ok {
			continue
		}
		if l, ok := t.Level(from, own, p); ok && (!known || l.Rank < lowest.Rank) {
			lowest, known = l, true
		}
	}
	return lowest, known
}
