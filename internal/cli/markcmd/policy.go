package markcmd

import (
	"fmt"
	"strings"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/marks"
	"tearline/internal/text"
	"tearline/marking"
)

// Policy is the policy command.
type Policy struct {
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

func (c *policyListCmd) Run(r *command.Run) error {
	all := []listedPolicy{}
	for _, id := range marking.Policies() {
		p, _ := marking.Lookup(id)
		all = append(all, listedPolicy{p.ID(), p.Title(), p.Edition(), append([]string{}, marking.Profiles(id)...)})
	}
	return r.Print(all, func(p *command.Printer) {
		for _, x := range all {
			p.F("%-5s %s\n", p.Style(text.Bold, x.ID), x.Title)
			p.Wrap("      ", "      ", x.Edition)
			if len(x.Profiles) > 0 {
				p.Wrap("      ", "      ", "profiles: "+strings.Join(x.Profiles, ", "))
			}
		}
	})
}

type policyShowCmd struct {
	Policy string `arg:"" help:"A policy's id, or a file."`
}

func (c *policyShowCmd) Run(r *command.Run) error {
	id, _, _ := strings.Cut(c.Policy, "@")
	if data := marking.PolicySource(id); data != nil && r.JSON {
		_, err := r.Stdout.Write(data)
		return command.Written(err)
	}
	if p, ok := marking.Lookup(c.Policy); ok {
		return r.Print(nil, func(out *command.Printer) { showPolicy(out, p) })
	}
	data, err := r.ReadAll(c.Policy)
	if err != nil {
		return &tearline.Error{
			Op: "policy", Kind: tearline.Invalid, Public: fmt.Sprintf("%q is no policy and no file that can be read", c.Policy),
			Hint: "known policies: " + strings.Join(marking.Policies(), ", "), Err: err,
		}
	}
	a := marks.ReadPolicyFile(c.Policy, data)
	switch {
	case !a.OK:
		return checked(r, a)
	case r.JSON && a.XML == nil:
		_, err := r.Stdout.Write(data)
		return command.Written(err)
	case a.XML == nil:
		return r.Print(nil, func(out *command.Printer) { showPolicy(out, a.Own[0]) })
	}
	s := marks.Summary(a.XML)
	return r.Print(s, func(out *command.Printer) { showSPIF(out, &s) })
}

func showPolicy(out *command.Printer, p *marking.Policy) {
	out.F("%s: %s\n", out.Style(text.Bold, p.ID()), p.Title())
	out.Wrap("  ", "  ", p.Edition())
	if p.Profile() != "" {
		out.Wrap("  ", "  ", "profile "+p.Profile()+": "+p.ProfileTitle())
	}
	for _, l := range p.Levels() {
		out.F("  %s\n", l.Name)
	}
	for _, c := range p.Categories() {
		out.Wrap("  "+c.Name+": ", "    ", strings.Join(c.Tokens, ", "))
	}
	out.F("  %d codes of nations and organisations, %d rules\n", len(p.Codes()), p.NumRules())
}

func showSPIF(out *command.Printer, s *marks.SPIFPolicy) {
	out.F("%s: XML SPIF policy %s\n", out.Style(text.Bold, s.Name), s.ID)
	for _, c := range s.Classifications {
		out.F("  %s\n", c)
	}
	for _, t := range s.Tags {
		out.Wrap("  "+t.Name+" ("+t.Type+"): ", "    ", strings.Join(t.Categories, ", "))
	}
}

type policyCheckCmd struct {
	Files []string `arg:"" help:"Policy files."`
}

func (c *policyCheckCmd) Run(r *command.Run) error {
	var worst error
	for _, name := range c.Files {
		data, err := r.ReadAll(name)
		if err != nil {
			return err
		}
		if err := checked(r, marks.ReadPolicyFile(name, data)); err != nil {
			worst = err
		}
	}
	return worst
}

// checked prints the answer to a policy file.
func checked(r *command.Run, a marks.PolicyFile) error {
	err := r.Print(a, func(p *command.Printer) {
		if a.OK {
			p.F("%s: policy %s, %s\n", a.File, a.ID, p.Style(text.Green, "ok"))
		} else {
			p.F("%s: %s\n", a.File, p.Style(text.Red, "refused"))
		}
		showFileFaults(p, a.Faults)
	})
	if err == nil && !a.OK {
		return command.CodeError(command.ExitError)
	}
	return err
}

func showFileFaults(p *command.Printer, faults []marks.FileFault) {
	for _, f := range faults {
		words := f.Text + " [" + f.Rule + "]"
		if f.Offset > 0 {
			words = fmt.Sprintf("at %d: %s", f.Offset, words)
		}
		if f.Hint != "" {
			words += "; " + f.Hint
		}
		p.Wrap("  - ", "    ", words)
	}
}
