package cli

import (
	"context"
	"fmt"
	"strings"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/node"
	"tearline/internal/text"
)

type askCmd struct {
	asking
	Portions []string `help:"Only for these portions." placeholder:"ID"`
	Mode     string   `help:"How it is to be passed on: document, visual or oral." enum:"document,visual,oral" default:"document"`
}

func (c *askCmd) Run(r *run) error {
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		q := c.question(as)
		q.Mode = tearline.Mode(c.Mode)
		asked, err := n.Ask(r.Ctx, q, portionIDs(c.Portions))
		if err != nil {
			return err
		}
		if len(asked) == 0 && !r.JSON {
			fmt.Fprintf(r.Stderr, "tearline: nobody to ask: no consent would change the answer\n")
		}
		return r.Print(asked, func(p *command.Printer) { showAsked(p, asked) })
	})
}

func portionIDs(args []string) []tearline.PortionID {
	var out []tearline.PortionID
	for _, s := range splitList(args) {
		out = append(out, tearline.PortionID(s))
	}
	return out
}

func showAsked(p *command.Printer, asked []node.Asked) {
	for _, a := range asked {
		state := a.State
		if state == "granted" {
			state = p.Style(text.Green, state)
		}
		what := make([]string, len(a.Portions))
		for i, id := range a.Portions {
			if what[i] = id; !strings.Contains(id, "/") {
				what[i] = string(a.Report) + "/" + id
			}
		}
		p.Wrap(string(a.ID)+"  ", strings.Repeat(" ", len(a.ID)+2), fmt.Sprintf("%s: %s asks %s whether %s may have %s",
			state, a.Holder, a.Originator, a.Recipient, strings.Join(what, ", ")))
		if len(a.Conditions) > 0 || a.Until != nil {
			words := text.List(a.Conditions)
			if a.Until != nil {
				words = strings.TrimPrefix(words+", until "+text.Stamp(*a.Until), ", ")
			}
			p.Wrap("    conditions: ", "      ", words)
		}
	}
}

type consentCmd struct {
	List   consentListCmd   `cmd:"" help:"List the requests made and received."`
	Grant  consentGrantCmd  `cmd:"" help:"Consent to a request, or to a part of it."`
	Refuse consentRefuseCmd `cmd:"" help:"Refuse a request."`
	Revoke consentRevokeCmd `cmd:"" help:"Take a consent back from now on."`
}

type consentListCmd struct{}

func (c *consentListCmd) Run(r *run) error {
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		asked, err := n.Requests(r.Ctx, as)
		if err != nil {
			return err
		}
		return r.Print(asked, func(p *command.Printer) { showAsked(p, asked) })
	})
}

type consentGrantCmd struct {
	ID        string   `arg:"" help:"The request, or the beginning of its name."`
	Portions  []string `help:"Only these of the portions asked about." placeholder:"ID"`
	Condition []string `help:"orally-only, view-only, without-attribution, purpose=WORDS, or a caveat in words, printed on the copy." placeholder:"TEXT" sep:"none"`
	Until     string   `help:"When the consent ends." placeholder:"TIME"`
}

func (c *consentGrantCmd) Run(r *run) error {
	until, err := command.When("until", c.Until)
	if err != nil {
		return err
	}
	return r.answer(node.Answer{Request: c.ID, Portions: splitList(c.Portions), Conditions: conditions(c.Condition), Until: until}, (*node.Node).Grant)
}

// conditions reads conditions as people write them: "orally only" is
// orally-only.
func conditions(args []string) []tearline.Condition {
	var out []tearline.Condition
	for _, a := range args {
		known := tearline.Condition(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(a)), " ", "-"))
		switch known {
		case tearline.OrallyOnly, tearline.ViewOnly, tearline.WithoutAttribution:
			out = append(out, known)
		case "oral-only", "oral", "orally":
			out = append(out, tearline.OrallyOnly)
		default:
			out = append(out, tearline.Condition(strings.TrimSpace(a)))
		}
	}
	return out
}

func (r *run) answer(a node.Answer, job func(*node.Node, context.Context, node.Answer) (node.Asked, error)) error {
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		a.As = as
		asked, err := job(n, r.Ctx, a)
		if err != nil {
			return err
		}
		return r.Print(asked, func(p *command.Printer) { showAsked(p, []node.Asked{asked}) })
	})
}

type consentRefuseCmd struct {
	ID string `arg:"" help:"The request, or the beginning of its name."`
}

func (c *consentRefuseCmd) Run(r *run) error {
	return r.answer(node.Answer{Request: c.ID}, (*node.Node).Refuse)
}

type consentRevokeCmd struct {
	ID      string `arg:"" help:"The request, or the beginning of its name."`
	Because string `help:"Why." placeholder:"TEXT"`
}

func (c *consentRevokeCmd) Run(r *run) error {
	return r.answer(node.Answer{Request: c.ID, Because: c.Because}, (*node.Node).Revoke)
}
