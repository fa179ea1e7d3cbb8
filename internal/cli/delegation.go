package cli

import (
	"tearline"
	"tearline/internal/node"
	"tearline/internal/text"
)

type delegationCmd struct {
	Add  delegationAddCmd `cmd:"" help:"Give a person or an office a power. From the first on, nobody without a power acts in the party's name."`
	End  endDelegationCmd `cmd:"" help:"Take a power back from now on."`
	List listDelegateCmd  `cmd:"" help:"List who has which power."`
}

type delegationAddCmd struct {
	To    string   `arg:"" help:"The person or office."`
	Power []string `help:"What it may do: declassify, downgrade, consent, disclose (at discretion), search (grant warrants), attribute (have copies compared with a leak)." required:"" enum:"declassify,downgrade,consent,disclose,search,attribute"`
	UpTo  string   `help:"Over what: the highest level, such as SECRET (default: any)." name:"up-to" placeholder:"LEVEL"`
	By    string   `help:"The authority that passes its own power on (default: the head of the party)." placeholder:"NAME"`
	Again bool     `help:"It may be passed on further." name:"onward"`
	Two   bool     `help:"Only together with a second authority that has the power."`
	From  string   `help:"In force from." placeholder:"TIME"`
	Until string   `help:"In force until." placeholder:"TIME"`
}

func (c *delegationAddCmd) Run(r *run) error {
	term, err := termOf(c.From, c.Until)
	if err != nil {
		return err
	}
	d := &tearline.Delegation{To: c.To, UpTo: c.UpTo, Delegator: c.By, Onward: c.Again, Two: c.Two, Term: term}
	for _, p := range c.Power {
		d.Powers = append(d.Powers, tearline.Power(p))
	}
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		f, err := n.State(r.Ctx, as, d)
		return r.fact(f, err)
	})
}

func delegationWords(x *tearline.Delegation) string {
	words := x.To + " may " + text.List(x.Powers)
	if x.UpTo != "" {
		words += " up to " + x.UpTo
	}
	if x.Two {
		words += ", with a second authority"
	}
	if x.Onward {
		words += ", and pass it on"
	}
	if x.Delegator != "" {
		words += ", by " + x.Delegator
	}
	return words
}

type endDelegationCmd struct {
	ID      string `arg:"" help:"The statement, or the beginning of its name."`
	Because string `help:"Why." placeholder:"TEXT"`
}

func (c *endDelegationCmd) Run(r *run) error {
	return r.end(c.ID, c.Because, tearline.KindDelegation)
}

type listDelegateCmd struct{}

func (c *listDelegateCmd) Run(r *run) error { return r.facts(tearline.KindDelegation) }
