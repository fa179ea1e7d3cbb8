package markcmd

import (
	"maps"
	"slices"

	"tearline/internal/cli/command"
	"tearline/internal/marks"
	"tearline/internal/text"
	"tearline/marking/spif"
)

type policyLabelCmd struct {
	Policy    string   `arg:"" help:"The XML SPIF file."`
	Label     string   `arg:"" help:"The label's file: STANAG 4774, or the plain form."`
	Clearance string   `help:"A clearance's file: does it admit to what the label is on?" placeholder:"FILE"`
	Lang      string   `help:"The marking's language (\"fr\")." placeholder:"LANG"`
	To        []string `help:"Other XML SPIF files, to translate the label into." placeholder:"FILE"`
}

func (c *policyLabelCmd) Run(r *command.Run) error {
	p, err := openSPIF(r, c.Policy)
	if err != nil {
		return err
	}
	label, err := r.ReadAll(c.Label)
	if err != nil {
		return err
	}
	var clearance []byte
	if c.Clearance != "" {
		if clearance, err = r.ReadAll(c.Clearance); err != nil {
			return err
		}
	}
	var to []*spif.Policy
	for _, name := range c.To {
		other, err := openSPIF(r, name)
		if err != nil {
			return err
		}
		to = append(to, other)
	}
	a, err := marks.UnderSPIF(p, label, c.Lang, clearance, to...)
	if err != nil {
		return err
	}
	if err := r.Print(a, func(p *command.Printer) { showLabelled(p, a) }); err != nil {
		return err
	}
	switch {
	case !a.Valid || len(a.Faults) > 0:
		return command.CodeError(command.ExitError)
	case a.Admitted != nil && !*a.Admitted:
		return command.CodeError(command.ExitWithheld)
	}
	return nil
}

// spif reads an XML SPIF file.
func openSPIF(r *command.Run, name string) (*spif.Policy, error) {
	data, err := r.ReadAll(name)
	if err != nil {
		return nil, err
	}
	a := marks.ReadPolicyFile(name, data)
	if a.OK && a.XML == nil {
		return nil, command.UsageError(name+" is no XML SPIF", "tearline policy label is for XML SPIF files; our own policies read marks: tearline mark")
	}
	if !a.OK {
		return nil, checked(r, a)
	}
	return a.XML, nil
}

func showLabelled(p *command.Printer, a *marks.Labelled) {
	p.F("%s\n", a.Marking)
	for _, name := range slices.Sorted(maps.Keys(a.Translations)) {
		p.F("  %s: %s\n", name, a.Translations[name])
	}
	if a.Admitted != nil && *a.Admitted {
		p.F("  %s\n", p.Style(text.Green, "admitted"))
	} else if a.Admitted != nil {
		p.F("  %s\n", p.Style(text.Red, "not admitted"))
	}
	for _, s := range a.Reasons {
		p.Wrap("  - ", "    ", s)
	}
	showFileFaults(p, a.Faults)
}
