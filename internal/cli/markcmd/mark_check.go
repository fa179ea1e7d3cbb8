package markcmd

import (
	"tearline/internal/cli/command"
	"tearline/internal/marks"
)

type markCheckCmd struct {
	policyFlag
	Marks []string `arg:"" optional:"" name:"mark" help:"The banner, then the portions' marks (default: documents on standard input, one a line, as JSON)."`
}

func (c *markCheckCmd) Run(r *command.Run) error {
	pol, err := c.lookup(r)
	if err != nil {
		return err
	}
	check := marks.NewCheck(pol, markStyle(r, marks.CheckedText))
	if len(c.Marks) > 0 {
		text, ok := check.Document(nil, &marks.Document{Banner: c.Marks[0], Portions: c.Marks[1:]})
		return answered(r, text, ok)
	}
	return eachMark(r, nil, check.Lines())
}
