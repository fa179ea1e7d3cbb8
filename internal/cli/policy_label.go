package cli

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"

	"tearline/marking"
	"tearline/marking/label"
	"tearline/marking/spif"
)

type policyLabelCmd struct {
	Policy    string   `arg:"" help:"The XML SPIF file."`
	Label     string   `arg:"" help:"The label's file: STANAG 4774, or the plain form."`
	Clearance string   `help:"A clearance's file: does it admit to what the label is on?" placeholder:"FILE"`
	Lang      string   `help:"The marking's language (\"fr\")." placeholder:"LANG"`
	To        []string `help:"Other XML SPIF files, to translate the label into." placeholder:"FILE"`
}

// labelled is the answer to a label.
type labelled struct {
	Valid        bool              `json:"valid"`
	Marking      string            `json:"marking"`
	Admitted     *bool             `json:"admitted"` // null: no clearance was given
	Reasons      []string          `json:"reasons"`
	Translations map[string]string `json:"translations"` // by policy: the marking there
	Faults       []fileFault       `json:"faults"`
}

func (c *policyLabelCmd) Run(r *run) error {
	a, err := c.answer(r)
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

func showLabelled(p *printer, a *labelled) {
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
	for _, f := range a.Faults {
		p.wrap("  - ", "    ", f.Text+" ["+f.Rule+"]")
	}
}

func (a *labelled) faults(err error) {
	var faults marking.Faults
	if errors.As(err, &faults) {
		for _, f := range faults {
			a.Faults = append(a.Faults, fileFault{f.Offset, f.Rule, f.Text, f.Hint})
		}
	}
}

func (c *policyLabelCmd) answer(r *run) (*labelled, error) {
	p, err := r.readSPIF(c.Policy)
	if err != nil {
		return nil, err
	}
	l, err := r.readLabel(c.Label, p)
	if err != nil {
		return nil, err
	}
	a := &labelled{Reasons: []string{}, Translations: map[string]string{}, Faults: []fileFault{}}
	invalid := p.Valid(l)
	a.faults(invalid)
	if a.Valid = invalid == nil; a.Valid {
		a.Marking, err = p.Marking(l, c.Lang)
		a.faults(err)
	}
	if c.Clearance != "" {
		if err := c.admits(r, p, l, a); err != nil {
			return nil, err
		}
	}
	if a.Valid && len(c.To) > 0 {
		return a, c.translate(r, p, l, a)
	}
	return a, nil
}

func (c *policyLabelCmd) admits(r *run, p *spif.Policy, l spif.Label, a *labelled) error {
	data, err := r.readAll(c.Clearance)
	if err != nil {
		return err
	}
	held, err := spif.ReadClearance(data)
	if err != nil {
		return refusedFile(c.Clearance, err)
	}
	d := p.Admits(l, held)
	a.Admitted = &d.Admitted
	for _, x := range d.Reasons {
		if !x.Met || d.Admitted {
			a.Reasons = append(a.Reasons, x.Text)
		}
	}
	return nil
}

func (c *policyLabelCmd) translate(r *run, p *spif.Policy, l spif.Label, a *labelled) error {
	all := []*spif.Policy{p}
	for _, name := range c.To {
		other, err := r.readSPIF(name)
		if err != nil {
			return err
		}
		all = append(all, other)
	}
	known, err := spif.NewPolicies(all...)
	if err != nil {
		return refusedFile(strings.Join(c.To, ", "), err)
	}
	for _, other := range all[1:] {
		out, err := known.Translate(l, other.ID())
		a.faults(err)
		if err == nil {
			text, err := other.Marking(out, c.Lang)
			a.faults(err)
			a.Translations[other.Name()] = text
		}
	}
	return nil
}

func (r *run) readSPIF(name string) (*spif.Policy, error) {
	data, err := r.readAll(name)
	if err != nil {
		return nil, err
	}
	p, err := spif.Read(data)
	return p, refusedFile(name, err)
}

// readLabel reads a label in the plain form of SPIF tools, or a STANAG 4774 one.
func (r *run) readLabel(name string, p *spif.Policy) (spif.Label, error) {
	data, err := r.readAll(name)
	if err != nil {
		return spif.Label{}, err
	}
	l, err := spif.ReadLabel(data)
	if err == nil || !bytes.Contains(data, []byte(label.Namespace)) {
		return l, refusedFile(name, err)
	}
	st, err := label.Read(data)
	if err != nil {
		return spif.Label{}, refusedFile(name, err)
	}
	l, err = label.ToSPIF(st, p)
	return l, refusedFile(name, err)
}
