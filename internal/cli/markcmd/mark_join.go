package markcmd

import (
	"strings"

	"tearline/internal/cli/command"
	"tearline/internal/marks"
	"tearline/internal/text"
	"tearline/marking"
	"tearline/marking/equivalence"
)

type markJoinCmd struct {
	Into  string   `help:"The policy in which all of them are to be said." placeholder:"ID"`
	Table string   `help:"A table of levels that an agreement holds equal (default: the commonly held one)." placeholder:"FILE"`
	Marks []string `arg:"" name:"mark" help:"Marks with their policies: \"us:SECRET//NOFORN\" \"nato:NATO SECRET\"."`
}

func (c *markJoinCmd) Run(r *command.Run) error {
	t := equivalence.Default()
	if c.Table != "" {
		data, err := r.ReadAll(c.Table)
		if err != nil {
			return err
		}
		if t, err = equivalence.Load(data, marking.Lookup); err != nil {
			return refusedLabel("a table of levels", err)
		}
	}
	var into *marking.Policy
	if c.Into != "" {
		var err error
		if into, err = marks.Policy(c.Into); err != nil {
			return err
		}
	}
	a := marks.Join(t, into, c.Marks)
	if err := r.Print(a, func(p *command.Printer) { showJoined(p, &a) }); err != nil {
		return err
	}
	if !a.OK {
		return command.CodeError(command.ExitError)
	}
	return nil
}

func showJoined(p *command.Printer, a *marks.Joined) {
	for _, m := range a.Marks {
		p.F("%-5s %s\n", m.Policy, m.Banner)
	}
	if a.Banner != "" {
		p.F("%s\n", p.Style(text.Bold, a.Banner))
	}
	if len(a.Keep) > 0 {
		p.Wrap("  may keep: ", "    ", strings.Join(a.Keep, ", "))
	}
	if len(a.See) > 0 {
		p.Wrap("  may see: ", "    ", strings.Join(a.See, ", "))
	}
	for _, f := range a.Faults {
		p.Wrap("  - ", "    ", string(f.AppendText(nil)))
	}
}
