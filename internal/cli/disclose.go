package cli

import (
	"tearline"
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
	at, err := when("at", c.At)
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
		told, err := n.Disclose(r.ctx, node.Telling{Question: q, Portions: portionIDs(c.Portions), Gist: c.Gist, Occurred: at})
		if err != nil {
			return err
		}
		return r.print(told, func(p *printer) { showTold(p, told) })
	})
}

func showTold(p *printer, t node.Told) {
	when := "recorded beforehand"
	if t.AfterFact {
		when = p.style(yellow, "recorded after the fact")
	}
	p.f("%s to %s, %s; %s as %s, entry %d\n", t.Mode, t.Recipient, text.Stamp(t.Occurred), when, t.Disclosure, t.Receipt.Index)
	for _, it := range t.Items {
		p.f("  %-6s rules say %s; basis: %s\n", it.Portion, p.outcome(it.Outcome), p.basis(it.Basis))
	}
}
