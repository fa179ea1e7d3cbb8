package markcmd

import (
	"tearline/internal/cli/command"
	"tearline/internal/marks"
)

type markReleasableCmd struct {
	policyFlag
	Marks []string `arg:"" optional:"" help:"Marks (default: one a line on standard input)."`
}

func (c *markReleasableCmd) Run(r *command.Run) error {
	pol, err := c.lookup(r)
	if err != nil {
		return err
	}
	return eachMark(r, c.Marks, marks.Releasing(pol, markStyle(r, marks.ReleasableText)))
}
