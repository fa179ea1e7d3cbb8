package cli

import (
	"maps"
	"slices"

	"tearline/internal/marks"
	"tearline/marking/spif"
)

type policyLabelCmd struct {
	Policy    string   `arg:"" help:"The XML SPIF file."`
	Label     string   `arg:"" help:"The label's file: STANAG 4774, or the plain form."`
	Clearance string   `help:"A clearance's file: does it admit to what the label is on?" placeholder:"FILE"`
	Lang      string   `help:"The marking's language (\"fr\")." placeholder:"LANG"`
	To        []string `help:"Other XML SPIF files, to translate the label into." placeholder:"FILE"`
}

func (c *policyLabelCmd) Run(r *run) error {
	p, err := r.spif(c.Policy)
	if err != nil {
		return err
	}
	text, err := r.readAll(c.Label)
	if err != nil {
		return err
	}
	var clearance []byte
	if c.Clearance != "" {
		if clearance, err = r.readAll(c.Clearance); err != nil {
			return err
		}
	}
	var to []*spif.Policy
	for _, name := range c.To {
		other, err := r.spif(name)
		if err != nil {
			return err
		}
		to = append(to, other)
	}
	a, err := marks.UnderSPIF(p, text, c.Lang, clearance, to...)
	if err != nil {
		return err
	}
	if err := r.print(a, func(p *printer) { showLabelled(p, a) }); err != nil {
		return err
	}
	switch {
	case !a.Valid || len(a.Faults) > 0:
		return exit(exitError)
	case a.Admitted != nil && !*a.Admitted:
		return exit(exitWithheld)
	}
	return nil
}

// spif reads an XML SPIF file.
func (r *run) spif(name string) (*spif.Policy, error) {
	data, err := r.readAll(name)
	if err != nil {
		return nil, err
	}
	a := marks.ReadPolicyFile(name, data)
	if a.OK && a.XML == nil {
		return nil, usageError(name+" is no XML SPIF", "tearline policy label is for XML SPIF files; our own policies read marks: tearline mark")
	}
	if !a.OK {
		return nil, r.checked(a)
	}
	return a.XML, nil
}

func showLabelled(p *printer, a *marks.Labelled) {
	p.f("%s\n", a.Marking)
	for _, name := range slices.Sorted(maps.Keys(a.Translations)) {
		p.f("  %s: %s\n", name, a.Translations[name])
	}
	if a.Admitted != nil && *a.Admitted {
		p.f("  %s\n", p.style(green, "admitted"))
	} else if a.Admitted != nil {
		p.f("  %s\n", p.style(red, "not admitted"))
	}
	for _, s := range a.Reasons {
		p.wrap("  - ", "    ", s)
	}
	showFileFaults(p, a.Faults)
}
