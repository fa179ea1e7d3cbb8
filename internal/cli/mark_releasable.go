package cli

import (
	"strings"

	"tearline/marking"
)

type markReleasableCmd struct {
	policyFlag
	Marks []string `arg:"" optional:"" help:"Marks (default: one a line on standard input)."`
}

// releasable is the answer to one mark: who of the policy's table its release
// marking lets keep, and who only see, what it marks.
type releasable struct {
	Input  string      `json:"input"`
	OK     bool        `json:"ok"`
	Keep   []string    `json:"keep"`
	See    []string    `json:"see"`
	Silent bool        `json:"silent"`
	Faults []markFault `json:"faults"`
}

func (c *markReleasableCmd) Run(r *run) error {
	pol, err := c.lookup()
	if err != nil {
		return err
	}
	return r.perLine(c.Marks, func(in string) (bool, error) {
		in, p, err := markInput(in, pol)
		a := releasable{Input: in, Keep: []string{}, See: []string{}, Faults: []markFault{}}
		var m marking.Marking
		if err == nil {
			m, err = p.Parse(in)
		}
		if err == nil {
			keep, see, silent := m.Releasable()
			a.OK, a.Silent = true, silent
			a.Keep, a.See = append(a.Keep, keep...), append(a.See, see...)
		} else {
			a.Faults = markFaults(err)
		}
		return a.OK, r.line(a, func(p *printer) { showReleasable(p, a) })
	})
}

func showReleasable(p *printer, a releasable) {
	if !a.OK {
		p.f("%s\t%s\n", a.Input, p.style(red, "refused"))
		showMarkFaults(p, a.Faults)
		return
	}
	p.f("%s\n", a.Input)
	if len(a.Keep) > 0 {
		p.wrap("  may keep: ", "    ", strings.Join(a.Keep, ", "))
	}
	if len(a.See) > 0 {
		p.wrap("  may see: ", "    ", strings.Join(a.See, ", "))
	}
	if a.Silent {
		p.wrap("  ", "    ", "it says nothing of release to others: an official or the originator has to")
	}
}
