package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tearline"
	"tearline/codec/facts"
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
		p.Wrap(string(a.ID)+"  ", strings.Repeat(" ", len(a.ID)+2), fmt.Sprintf("%s: %s asks %s whether %s may have %s%s",
			state, a.Holder, a.Originator, forWhom(a), strings.Join(what, ", "), howAndWhy(a)))
		if len(a.Conditions) > 0 || a.Until != nil {
			words := text.List(a.Conditions)
			if a.Until != nil {
				words = strings.TrimPrefix(words+", until "+text.Stamp(*a.Until), ", ")
			}
			p.Wrap("    conditions: ", "      ", words)
		}
		if a.HoldersTold > 0 {
			p.F("    %s told; tearline recall list --as %s\n", text.Count(a.HoldersTold, "holder", "holders"), a.Originator)
		}
	}
}

// forWhom names the recipient, and whom in its service.
func forWhom(a node.Asked) string {
	who := slices.DeleteFunc([]string{a.Unit, a.Person}, func(s string) bool { return s == "" })
	if len(who) == 0 {
		return string(a.Recipient)
	}
	return string(a.Recipient) + " (" + strings.Join(who, ", ") + ")"
}

func howAndWhy(a node.Asked) string {
	words := ""
	switch a.Mode {
	case tearline.Oral:
		words = ", orally"
	case tearline.Visual:
		words = ", to see and not to keep"
	case tearline.Document:
	}
	if a.Purpose != "" {
		words += ", for " + a.Purpose
	}
	return words
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
	Condition []string `help:"orally-only, view-only, tear-line-only, without-attribution, purpose=WORDS, unit=NAME, person=NAME, copies=NUMBER, or a caveat in words, printed on the copy." placeholder:"TEXT" sep:"none"`
	Until     string   `help:"When the consent ends." placeholder:"TIME"`
	deciding
}

// deciding are the flags that say who decides.
type deciding struct {
	Authority string `help:"The person or office that decides." placeholder:"NAME"`
	Second    string `help:"The second one, where it takes two." placeholder:"NAME"`
}

func (c *consentGrantCmd) Run(r *run) error {
	until, err := command.When("until", c.Until)
	if err != nil {
		return err
	}
	terms, err := conditions(c.Condition)
	if err != nil {
		return err
	}
	return r.answer(node.Answer{
		Request: c.ID, Portions: splitList(c.Portions), Conditions: terms, Until: until, Authority: c.Authority, Second: c.Second,
	}, (*node.Node).Grant)
}

// conditions reads conditions as people write them: "orally only" is
// orally-only.
func conditions(args []string) ([]tearline.Condition, error) {
	var out []tearline.Condition
	for _, a := range args {
		known := tearline.Condition(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(a)), " ", "-"))
		switch known {
		case tearline.OrallyOnly, tearline.ViewOnly, tearline.WithoutAttribution, tearline.TearLineOnly:
			out = append(out, known)
		case "oral-only", "oral", "orally":
			out = append(out, tearline.OrallyOnly)
		default:
			out = append(out, tearline.Condition(strings.TrimSpace(a)))
		}
	}
	if faults := facts.CheckConditions(out); len(faults) > 0 {
		return nil, command.UsageError("--condition: "+faults[0].Text, faults[0].Hint)
	}
	return out, nil
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
	deciding
}

func (c *consentRefuseCmd) Run(r *run) error {
	return r.answer(node.Answer{Request: c.ID, Authority: c.Authority, Second: c.Second}, (*node.Node).Refuse)
}

type consentRevokeCmd struct {
	ID      string `arg:"" help:"The request, or the beginning of its name."`
	Because string `help:"Why." placeholder:"TEXT"`
}

func (c *consentRevokeCmd) Run(r *run) error {
	return r.answer(node.Answer{Request: c.ID, Because: c.Because}, (*node.Node).Revoke)
}
