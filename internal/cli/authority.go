package cli

import (
	"strings"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/node"
	"tearline/internal/text"
)

// acting are the flags of an authority's act.
type acting struct {
	Report    string   `arg:"" help:"The report."`
	Portions  []string `help:"Only these portions (default: all)." placeholder:"ID"`
	Because   string   `help:"Why. There is no act without a reason." required:"" placeholder:"TEXT"`
	Authority string   `help:"The person or office that decides." required:"" placeholder:"NAME"`
	Second    string   `help:"The second one, where it takes two." placeholder:"NAME"`
	Until     string   `help:"When it ends." placeholder:"TIME"`
}

func (a acting) act(as tearline.PartyID) (node.Act, error) {
	until, err := command.When("until", a.Until)
	return node.Act{
		As: as, Report: tearline.ReportID(a.Report), Portions: portionIDs(a.Portions),
		Because: a.Because, Authority: a.Authority, Second: strings.TrimSpace(a.Second), Until: until,
	}, err
}

type discretionCmd struct {
	acting
	To   string   `help:"The recipient." required:"" placeholder:"PARTY"`
	Mode []string `help:"How: document, visual, oral (default: all three)." enum:"document,visual,oral"`
	Tell string   `help:"Tell the originators only then (default: at once); never is no choice." name:"tell-after" placeholder:"TIME"`
}

func (c *discretionCmd) Run(r *run) error {
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		act, err := c.act(as)
		if err != nil {
			return err
		}
		act.To = tearline.PartyID(c.To)
		if act.TellAfter, err = command.When("tell-after", c.Tell); err != nil {
			return err
		}
		for _, m := range c.Mode {
			act.Modes = append(act.Modes, tearline.Mode(m))
		}
		acted, err := n.Discretion(r.Ctx, act)
		if err != nil {
			return err
		}
		return r.Print(acted, func(p *command.Printer) {
			told := "the originators are told when something goes out on it."
			if !act.TellAfter.IsZero() {
				told = "the originators are told after " + text.Stamp(act.TellAfter) + " of what goes out on it, and at once where an agreement obliges to."
			}
			p.Wrap("", "  ", p.Basis(tearline.ByDiscretion)+" "+string(acted.Statement)+": "+text.List(acted.Portions)+" of "+c.Report+" to "+c.To+
				", decided by "+both(c.Authority, c.Second)+". It is no consent and lowers no marking; "+told)
		})
	})
}

// both names who decided.
func both(authority, second string) string {
	if second == "" {
		return authority
	}
	return authority + " and " + second
}

type declassifyCmd struct {
	acting
	Marking string `help:"The new portion mark (default: the policy's lowest level)." name:"to-marking" placeholder:"MARK"`
}

func (c *declassifyCmd) Run(r *run) error {
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		act, err := c.act(as)
		if err != nil {
			return err
		}
		act.Marking = c.Marking
		acted, err := n.Declassify(r.Ctx, act)
		if err != nil {
			return err
		}
		to := acted.Marking
		if to == "" {
			to = "the lowest level"
		}
		return r.Print(acted, func(p *command.Printer) {
			p.Wrap("", "  ", "declassification "+string(acted.Statement)+": "+text.List(acted.Portions)+" of "+c.Report+" to "+to+", decided by "+both(c.Authority, c.Second))
		})
	})
}
