package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"tearline/marking"
)

type markCheckCmd struct {
	policyFlag
	Marks []string `arg:"" optional:"" name:"mark" help:"The banner, then the portions' marks (default: documents on standard input, one a line, as JSON)."`
}

// checkInput is one document as it is marked.
type checkInput struct {
	Banner   string   `json:"banner"`
	Portions []string `json:"portions"`
	Dates    []string `json:"dates"`
	Policy   string   `json:"policy"`
}

// checked is the answer to one document.
type checked struct {
	OK       bool           `json:"ok"`
	Banner   string         `json:"banner"`
	Expected string         `json:"expected"`
	Faults   []checkedFault `json:"faults"`
}

// checkedFault is a fault of the banner, or of a portion.
type checkedFault struct {
	markFault
	Severity string `json:"severity"`
	Portion  *int   `json:"portion,omitempty"` // from 0; absent: the banner
}

func (c *markCheckCmd) Run(r *run) error {
	pol, err := c.lookup()
	if err != nil {
		return err
	}
	answer := func(in checkInput, err error) (bool, error) {
		a := checkBanner(pol, in, err)
		return a.OK, r.line(a, func(p *printer) { showChecked(p, a) })
	}
	if len(c.Marks) > 0 {
		if ok, err := answer(checkInput{Banner: c.Marks[0], Portions: c.Marks[1:]}, nil); err != nil || !ok {
			return errors.Join(err, exit(exitError))
		}
		return nil
	}
	return r.perLine(nil, func(s string) (bool, error) {
		var in checkInput
		err := json.Unmarshal([]byte(s), &in)
		return answer(in, err)
	})
}

func checkBanner(pol *marking.Policy, in checkInput, err error) checked {
	a := checked{Banner: in.Banner, Faults: []checkedFault{}}
	refuse := func(text, hint string) checked {
		a.Faults = append(a.Faults, checkedFault{markFault: markFault{Text: text, Hint: hint}, Severity: marking.SeverityError.String()})
		return a
	}
	if err == nil && in.Policy != "" {
		pol, err = policyFlag{Policy: in.Policy}.lookup()
	}
	if err != nil {
		return refuse(err.Error(), `write {"banner": MARK, "portions": [MARK, …]}`)
	}
	if len(in.Dates) > 0 && len(in.Dates) != len(in.Portions) {
		return refuse(fmt.Sprintf("%d dates for %d portions", len(in.Dates), len(in.Portions)), "give one date for each portion, or none")
	}
	portions := make([]marking.Written, len(in.Portions))
	for i, s := range in.Portions {
		portions[i].Mark = s
		if len(in.Dates) > 0 {
			portions[i].Date = in.Dates[i]
		}
	}
	c := pol.Check(in.Banner, portions)
	a.OK, a.Expected = c.OK(), c.Expected.Banner()
	a.add(c.Faults, nil)
	for i, faults := range c.Portions {
		a.add(faults, &i)
	}
	return a
}

func (a *checked) add(faults marking.Faults, portion *int) {
	for _, f := range faults {
		a.Faults = append(a.Faults, checkedFault{
			markFault: markFault{f.Offset, f.Length, f.Text, f.Rule, f.Cites, f.Hint}, Severity: f.Severity.String(), Portion: portion,
		})
	}
}

func showChecked(p *printer, a checked) {
	word := p.style(green, "right")
	if !a.OK {
		word = p.style(red, "wrong")
	}
	p.f("%s\t%s\n", a.Banner, word)
	if a.Expected != "" && a.Expected != strings.TrimSpace(a.Banner) {
		p.f("  %s\n", p.style(bold, a.Expected))
	}
	faults := make([]markFault, len(a.Faults))
	for i, f := range a.Faults {
		faults[i] = f.markFault
		if f.Portion != nil {
			faults[i].Text = fmt.Sprintf("portion %d: %s", *f.Portion, f.Text)
		}
	}
	showMarkFaults(p, faults)
}
