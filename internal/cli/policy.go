package cli

import (
	"fmt"
	"strings"

	"tearline"
	"tearline/internal/marks"
	"tearline/marking"
)

type policyCmd struct {
	List  policyListCmd  `cmd:"" help:"The policies that marks may be of, with their profiles."`
	Show  policyShowCmd  `cmd:"" help:"A policy's levels and categories; with --json its whole file."`
	Check policyCheckCmd `cmd:"" help:"Read a policy file of one's own, ours or XML SPIF, and say all that is wrong in it."`
	Label policyLabelCmd `cmd:"" help:"What a label says under an XML SPIF policy, and whether a clearance admits to it."`
}

type policyListCmd struct{}

// listedPolicy is a policy in JSON.
type listedPolicy struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Edition  string   `json:"edition"`
	Profiles []string `json:"profiles"` // the preferred one first
}

func (c *policyListCmd) Run(r *run) error {
	all := []listedPolicy{}
	for _, id := range marking.Policies() {
		p, _ := marking.Lookup(id)
		all = append(all, listedPolicy{p.ID(), p.Title(), p.Edition(), append([]string{}, marking.Profiles(id)...)})
	}
	return r.print(all, func(p *printer) {
		for _, x := range all {
			p.f("%-5s %s\n", p.style(bold, x.ID), x.Title)
			p.wrap("      ", "      ", x.Edition)
			if len(x.Profiles) > 0 {
				p.wrap("      ", "      ", "profiles: "+strings.Join(x.Profiles, ", "))
			}
		}
	})
}

type policyShowCmd struct {
	Policy string `arg:"" help:"A policy's id, or a file."`
}

func (c *policyShowCmd) Run(r *run) error {
	id, _, _ := strings.Cut(c.Policy, "@")
	if data := marking.PolicySource(id); data != nil && r.JSON {
		_, err := r.Stdout.Write(data)
		return written(err)
	}
	if p, ok := marking.Lookup(c.Policy); ok {
		return r.print(nil, func(out *printer) { showPolicy(out, p) })
	}
	data, err := r.readAll(c.Policy)
	if err != nil {
		return &tearline.Error{
			Op: "policy", Kind: tearline.Invalid, Public: fmt.Sprintf("%q is no policy and no file that can be read", c.Policy),
			Hint: "known policies: " + strings.Join(marking.Policies(), ", "), Err: err,
		}
	}
	a := marks.ReadPolicyFile(c.Policy, data)
	switch {
	case !a.OK:
		return r.checked(a)
	case r.JSON && a.XML == nil:
		_, err := r.Stdout.Write(data)
		return written(err)
	case a.XML == nil:
		return r.print(nil, func(out *printer) { showPolicy(out, a.Own[0]) })
	}
	s := marks.Summary(a.XML)
	return r.print(s, func(out *printer) { showSPIF(out, &s) })
}

func showPolicy(out *printer, p *marking.Policy) {
	out.f("%s: %s\n", out.style(bold, p.ID()), p.Title())
	out.wrap("  ", "  ", p.Edition())
	if p.Profile() != "" {
		out.wrap("  ", "  ", "profile "+p.Profile()+": "+p.ProfileTitle())
	}
	for _, l := range p.Levels() {
		out.f("  %s\n", l.Name)
	}
	for _, c := range p.Categories() {
		out.wrap("  "+c.Name+": ", "    ", strings.Join(c.Tokens, ", "))
	}
	out.f("  %d codes of nations and organisations, %d rules\n", len(p.Codes()), p.NumRules())
}

func showSPIF(out *printer, s *marks.SPIFPolicy) {
	out.f("%s: XML SPIF policy %s\n", out.style(bold, s.Name), s.ID)
	for _, c := range s.Classifications {
		out.f("  %s\n", c)
	}
	for _, t := range s.Tags {
		out.wrap("  "+t.Name+" ("+t.Type+"): ", "    ", strings.Join(t.Categories, ", "))
	}
}

type policyCheckCmd struct {
	Files []string `arg:"" help:"Policy files."`
}

func (c *policyCheckCmd) Run(r *run) error {
	var worst error
	for _, name := range c.Files {
		data, err := r.readAll(name)
		if err != nil {
			return err
		}
		if err := r.checked(marks.ReadPolicyFile(name, data)); err != nil {
			worst = err
		}
	}
	return worst
}

// checked prints the answer to a policy file.
func (r *run) checked(a marks.PolicyFile) error {
	err := r.print(a, func(p *printer) {
		if a.OK {
			p.f("%s: policy %s, %s\n", a.File, a.ID, p.style(green, "ok"))
		} else {
			p.f("%s: %s\n", a.File, p.style(red, "refused"))
		}
		showFileFaults(p, a.Faults)
	})
	if err == nil && !a.OK {
		return exit(exitError)
	}
	return err
}

func showFileFaults(p *printer, faults []marks.FileFault) {
	for _, f := range faults {
		text := f.Text + " [" + f.Rule + "]"
		if f.Offset > 0 {
			text = fmt.Sprintf("at %d: %s", f.Offset, text)
		}
		if f.Hint != "" {
			text += "; " + f.Hint
		}
		p.wrap("  - ", "    ", text)
	}
}
