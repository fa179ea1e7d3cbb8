package cli

import (
	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/node"
)

type exclusionCmd struct {
	Add  exclusionAddCmd `cmd:"" help:"Never to a party, nor, with --ties, to parties held to be tied to it."`
	Tie  tieCmd          `cmd:"" help:"Say that a party is tied to another, in one's own view."`
	End  endExclusionCmd `cmd:"" help:"End an exclusion or a tie from now on."`
	List listExclCmd     `cmd:"" help:"List exclusions and ties."`
}

type exclusionAddCmd struct {
	Party  string `arg:"" help:"The party that is never to have one's material."`
	Ties   bool   `help:"Nor any party that one holds to be tied to it."`
	Degree int    `help:"Only by ties of this degree or closer, 1 to 9 (default: any)." placeholder:"N"`
	From   string `help:"In force from." placeholder:"TIME"`
	Until  string `help:"In force until." placeholder:"TIME"`
}

func (c *exclusionAddCmd) Run(r *run) error {
	term, err := termOf(c.From, c.Until)
	if err != nil {
		return err
	}
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		f, err := n.State(r.Ctx, as, &tearline.Exclusion{Party: tearline.PartyID(c.Party), Ties: c.Ties, Degree: c.Degree, Term: term})
		return r.fact(f, err)
	})
}

type tieCmd struct {
	Party  string `arg:"" help:"The party that is tied."`
	To     string `help:"The party that it is tied to." required:"" placeholder:"PARTY"`
	Degree int    `help:"How close, from 1 to 9, the closest (default: not said, and counts as the closest)." placeholder:"N"`
	Until  string `help:"In force until." placeholder:"TIME"`
}

func (c *tieCmd) Run(r *run) error {
	term, err := termOf("", c.Until)
	if err != nil {
		return err
	}
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		f, err := n.State(r.Ctx, as, &tearline.Tie{Party: tearline.PartyID(c.Party), To: tearline.PartyID(c.To), Degree: c.Degree, Term: term})
		return r.fact(f, err)
	})
}

type endExclusionCmd struct {
	ID      string `arg:"" help:"The statement, or the beginning of its name."`
	Because string `help:"Why." placeholder:"TEXT"`
}

func (c *endExclusionCmd) Run(r *run) error {
	return r.end(c.ID, c.Because, tearline.KindExclusion, tearline.KindTie)
}

type listExclCmd struct{}

func (c *listExclCmd) Run(r *run) error { return r.facts(tearline.KindExclusion, tearline.KindTie) }

type embargoCmd struct {
	Report  string `arg:"" help:"The report."`
	Until   string `help:"When the embargo ends." placeholder:"TIME" xor:"what"`
	Lift    bool   `help:"End one's embargoes on the report now." xor:"what"`
	Because string `help:"Why it is lifted." placeholder:"TEXT"`
}

func (c *embargoCmd) Run(r *run) error {
	if c.Until == "" && !c.Lift {
		return command.UsageError("an embargo until when?", "give --until TIME, or --lift to end it")
	}
	term, err := termOf("", c.Until)
	if err != nil {
		return err
	}
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		if c.Lift {
			f, err := n.LiftEmbargo(r.Ctx, as, tearline.ReportID(c.Report), c.Because)
			return r.fact(f, err)
		}
		f, err := n.State(r.Ctx, as, &tearline.Embargo{Report: tearline.ReportID(c.Report), Term: term})
		return r.fact(f, err)
	})
}
