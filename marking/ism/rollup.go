package ism

import (
	"fmt"

	"tearline/marking"
)

// RollUp returns the banner of portions under a profile of the us policy, as
// [marking.Policy.RollUp] does. Portions that say excludeFromRollup take no
// part (ISM-Rollup 2021-NOV); the numbers in Rolled.Why are those of all
// portions. Dates are those of the portions' sources, YYYY-MM-DD, by index;
// where there is none the date is unknown. A portion that is no mark is a fault,
// and there is no banner then.
func RollUp(p *marking.Policy, portions []Attributes, dates ...string) (marking.Rolled, error) {
	var dated []marking.Dated
	var number []int
	var faults marking.Faults
	for i, a := range portions {
		m, err := a.MarkingUnder(p)
		if wrong, ok := err.(marking.Faults); ok { //nolint:errorlint // MarkingUnder returns no other error
			for _, f := range wrong {
				f.Text = fmt.Sprintf("portion %d: %s", i, f.Text)
				faults = append(faults, f)
			}
			continue
		}
		if out := a.Get(ExcludeFromRollup); out == "true" || out == "1" {
			continue
		}
		d := marking.Dated{Marking: m}
		if i < len(dates) {
			d.Date = dates[i]
		}
		dated, number = append(dated, d), append(number, i)
	}
	if len(faults) > 0 {
		faults = faults[:min(len(faults), marking.MaxFaults)]
		return marking.Rolled{Faults: faults}, faults
	}
	rolled, err := p.RollUp(dated)
	for _, w := range rolled.Why {
		for i, n := range w.Portions {
			w.Portions[i] = number[n]
		}
	}
	return rolled, err
}
