package cli

import (
	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/node"
	"tearline/internal/text"
)

type discloseCmd struct {
	passing
	Oral     bool     `help:"It is told." xor:"mode"`
	Visual   bool     `help:"It is shown, not given." xor:"mode"`
	Portions []string `help:"Only these portions (default: all)." placeholder:"ID"`
	Gist     string   `help:"What is told or shown, in words." required:"" placeholder:"TEXT"`
	At       string   `help:"When; a past time makes it a record after the fact." placeholder:"TIME"`
}

func (c *discloseCmd) Run(r *run) error {
	at, err := command.When("at", c.At)
	if err != nil {
		return err
	}
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		q := c.question(as)
		switch {
		case c.Oral:
			q.Mode = tearline.Oral
		case c.Visual:
			q.Mode = tearline.Visual
		}
		told, err := n.Disclose(r.Ctx, node.Telling{Question: q, Portions: portionIDs(c.Portions), Gist: c.Gist, Occurred: at})
		if err != nil {
			return err
		}
		return r.Print(told, func(p *command.Printer) { showTold(p, told) })
	})
}

func showTold(p *command.Printer, t node.Told) {
	when := "recorded beforehand"
	if t.AfterFact {
		when = p.Style(text.Yellow, "recorded after the fact")
	}
	p.F("%s to %s, %s; %s as %s, entry %d\n", t.Mode, t.Recipient, text.Stamp(t.Occurred), when, t.Disclosure, t.Receipt.Index)
	for _, it := range t.Items {
		p.F("  %-6s rules say %s; basis: %s\n", it.Portion, p.Outcome(it.Outcome), p.Basis(it.Basis))
	}
}
