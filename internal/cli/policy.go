package cli

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"tearline"
	"tearline/marking"
	"tearline/marking/policyfile"
	"tearline/marking/spif"
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
		return noPolicy(c.Policy, err)
	}
	own, xml, err := readPolicy(c.Policy, data)
	switch {
	case err != nil:
		return err
	case r.JSON && own != nil:
		_, err := r.Stdout.Write(data)
		return written(err)
	case own != nil:
		return r.print(nil, func(out *printer) { showPolicy(out, own[0]) })
	}
	return r.print(spifSummary(xml), func(out *printer) { showSPIF(out, xml) })
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

// checkedPolicy is the answer to a policy file.
type checkedPolicy struct {
	OK     bool        `json:"ok"`
	File   string      `json:"file"`
	ID     string      `json:"id"`
	Faults []fileFault `json:"faults"`
}

type fileFault struct {
	Offset int    `json:"offset"`
	Rule   string `json:"rule"`
	Text   string `json:"text"`
	Hint   string `json:"hint"`
}

type policyCheckCmd struct {
	Files []string `arg:"" help:"Policy files."`
}

func (c *policyCheckCmd) Run(r *run) error {
	bad := false
	for _, name := range c.Files {
		data, err := r.readAll(name)
		if err != nil {
			return err
		}
		a := checkPolicy(name, data)
		bad = bad || !a.OK
		if err := r.print(a, func(p *printer) { showChecked(p, a) }); err != nil {
			return err
		}
	}
	if bad {
		return exit(exitError)
	}
	return nil
}

func checkPolicy(name string, data []byte) checkedPolicy {
	a := checkedPolicy{File: name, Faults: []fileFault{}}
	own, xml, err := readPolicy(name, data)
	var faults marking.Faults
	switch {
	case errors.As(err, &faults):
	case err != nil:
		faults = marking.Faults{{Text: err.Error()}}
	case own != nil:
		a.ID = own[0].ID()
	default:
		a.ID, faults = xml.Name(), xml.Notes()
	}
	a.OK = err == nil
	for _, f := range faults {
		a.Faults = append(a.Faults, fileFault{f.Offset, f.Rule, f.Text, f.Hint})
	}
	return a
}

func showChecked(p *printer, a checkedPolicy) {
	switch {
	case a.OK:
		p.f("%s: policy %s, %s\n", a.File, a.ID, p.style(green, "ok"))
	default:
		p.f("%s: %s\n", a.File, p.style(red, "refused"))
	}
	for _, f := range a.Faults {
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

// readPolicy reads a policy file of either format: what begins with "<" is XML.
func readPolicy(name string, data []byte) ([]*marking.Policy, *spif.Policy, error) {
	if bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n"), []byte("<")) {
		p, err := spif.Read(data)
		return nil, p, refusedFile(name, err)
	}
	all, err := policyfile.Load(data)
	return all, nil, refusedFile(name, err)
}

func refusedFile(name string, err error) error {
	if err == nil {
		return nil
	}
	return &tearline.Error{Op: "policy", Kind: tearline.Invalid, Public: name + " is no policy:\n" + err.Error(), Hint: "mend what is listed; tearline policy check lists it too", Err: err}
}

// noPolicy says what is neither a policy's id nor a file.
func noPolicy(name string, err error) error {
	return &tearline.Error{
		Op: "policy", Kind: tearline.Invalid, Public: fmt.Sprintf("%q is no policy and no file that can be read", name),
		Hint: "known policies: " + strings.Join(marking.Policies(), ", "), Err: err,
	}
}

// spifTag is a tag of an XML SPIF policy in JSON.
type spifTag struct {
	Name       string   `json:"name"`
	Type       string   `json:"type"`
	Categories []string `json:"categories"`
}

type spifPolicy struct {
	Name            string    `json:"name"`
	ID              string    `json:"id"`
	Classifications []string  `json:"classifications"`
	Tags            []spifTag `json:"tags"`
}

func spifSummary(x *spif.Policy) spifPolicy {
	out := spifPolicy{Name: x.Name(), ID: x.ID(), Classifications: []string{}, Tags: []spifTag{}}
	for _, c := range x.Classifications() {
		out.Classifications = append(out.Classifications, c.Name)
	}
	for _, t := range x.Tags() {
		tag := spifTag{Name: t.Name, Type: t.Type.String(), Categories: []string{}}
		for _, c := range t.Categories {
			tag.Categories = append(tag.Categories, c.Name)
		}
		out.Tags = append(out.Tags, tag)
	}
	return out
}

func showSPIF(out *printer, x *spif.Policy) {
	s := spifSummary(x)
	out.f("%s: XML SPIF policy %s\n", out.style(bold, s.Name), s.ID)
	for _, c := range s.Classifications {
		out.f("  %s\n", c)
	}
	for _, t := range s.Tags {
		out.wrap("  "+t.Name+" ("+t.Type+"): ", "    ", strings.Join(t.Categories, ", "))
	}
}
