package cli

import (
	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/node"
	"tearline/internal/text"
)

type listCmd struct {
	To string `help:"The recipient." required:"" placeholder:"PARTY"`
	whom
	Mode   string `help:"How: document, visual or oral." enum:"document,visual,oral" default:"document"`
	Search string `help:"Only portions that have all of these words, the likeliest first." placeholder:"WORDS"`
	Limit  int    `help:"How many on a page, at most 1,000." default:"50" placeholder:"N"`
	After  string `help:"Go on after the page that ended with this place." placeholder:"PLACE"`
}

func (c *listCmd) Run(r *run) error {
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		q := node.ListQuestion{
			Question: node.Question{As: as, To: tearline.PartyID(c.To), Mode: tearline.Mode(c.Mode)},
			Words:    c.Search, Limit: c.Limit, After: c.After,
		}
		c.narrow(&q.Question)
		l, err := n.List(r.Ctx, q)
		if err != nil {
			return err
		}
		return r.Print(l, func(p *command.Printer) { c.show(p, l) })
	})
}

func (c *listCmd) show(p *command.Printer, l node.List) {
	what := "may have"
	if c.Search != "" {
		what = "may have and finds by these words"
	}
	p.F("%s %s %s of %s\n", l.Recipient, what, text.Thousands(l.Count), text.Count(l.Held, "portion", "portions"))
	rows := make([][]string, len(l.Portions))
	for i, x := range l.Portions {
		rows[i] = []string{string(x.Report) + "/" + string(x.Portion), x.Date, p.Basis(x.Basis), x.Marking}
	}
	p.Table(rows)
	if l.After != "" {
		p.F("more: the same with --after %s\n", l.After)
	}
}
