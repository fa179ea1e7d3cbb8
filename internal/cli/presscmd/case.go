package presscmd

import (
	"tearline/internal/cli/command"
	"tearline/internal/node/press"
	"tearline/internal/text"
)

// Case is the case command.
type Case struct {
	List caseListCmd `cmd:"" help:"List the cases, the newest first."`
	Show caseShowCmd `cmd:"" help:"Show a case: what was published, and what it draws on."`
}

type caseListCmd struct {
	Limit int `help:"How many at most." default:"100" placeholder:"N"`
}

// Run lists a party's own cases.
func (c *caseListCmd) Run(r *command.Run, j Jobs) error {
	if c.Limit < 1 {
		return command.UsageError("--limit wants at least 1", "leave it out for the newest 100")
	}
	return j.With(func(d Desk) error {
		list, err := d.Cases(r.Ctx, c.Limit)
		if err != nil {
			return err
		}
		return r.Print(list, func(p *command.Printer) { showCases(p, list) })
	})
}

func showCases(p *command.Printer, list []press.Case) {
	if len(list) == 0 {
		p.F("no cases\n")
		return
	}
	rows := make([][]string, 0, len(list))
	for _, c := range list {
		state := "open"
		if c.Sighting != "" {
			state = "recorded"
		}
		rows = append(rows, []string{c.ID, text.Stamp(c.Opened), state, c.Title})
	}
	p.Table(rows)
}

type caseShowCmd struct {
	ID   string `arg:"" name:"case" help:"The case."`
	Text bool   `help:"Show also the whole text that was published."`
}

// Run shows one of a party's own cases; any other is withheld.
func (c *caseShowCmd) Run(r *command.Run, j Jobs) error {
	return j.With(func(d Desk) error {
		x, err := d.Case(r.Ctx, c.ID)
		if err != nil {
			return err
		}
		var shown error
		err = r.Print(x, func(p *command.Printer) {
			p.Wrap(p.Style(text.Bold, x.ID)+"  ", "    ", x.Title)
			if line := source(x.URL, x.Published); line != "" {
				p.F("    %s\n", line)
			}
			p.F("    opened %s\n", text.Stamp(x.Opened))
			if x.Sighting != "" {
				p.F("    recorded as sighting %s\n", x.Sighting)
			}
			p.F("\n")
			shown = j.Show(p, x.Result, x.Text)
			if c.Text {
				p.F("\nwhat was published:\n\n%s\n", x.Text)
			}
		})
		if shown != nil {
			return shown
		}
		return err
	})
}
