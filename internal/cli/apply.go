package cli

import (
	"fmt"
	"os"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/node"
	"tearline/internal/text"
)

type applyCmd struct {
	File string `arg:"" optional:"" help:"JSON Lines: facts and reports (default: standard input)." default:"-"`
}

// Run applies facts: all of them, or none. The faults of all lines are listed.
func (c *applyCmd) Run(r *run) error {
	in := r.Stdin
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return command.FileError(c.File, err)
		}
		defer f.Close()
		in = f
	}
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		done, err := n.Apply(r.Ctx, as, in)
		if err != nil {
			return err
		}
		return r.Print(done, func(p *command.Printer) {
			words := "applied " + text.Count(done.Said, "statement", "statements")
			if done.Filed > 0 {
				words += ", " + text.Count(done.Filed, "report", "reports") + " among them"
			}
			if done.Held > 0 {
				words += fmt.Sprintf("; %s there already", text.Thousands(done.Held))
			}
			p.F("%s\n", words)
		})
	})
}
