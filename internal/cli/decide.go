package cli

import (
	"fmt"
	"strings"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/node"
	"tearline/internal/text"
	"tearline/release"
)

// asking are the flags of a question about a report and a recipient.
type asking struct {
	Report string `arg:"" help:"The report."`
	To     string `help:"The recipient." required:"" placeholder:"PARTY"`
	whom
}

func (a asking) question(as tearline.PartyID) node.Question {
	q := node.Question{As: as, Report: tearline.ReportID(a.Report), To: tearline.PartyID(a.To)}
	a.narrow(&q)
	return q
}

// whom are the flags that narrow a question: what for, and for whom in the
// recipient's service.
type whom struct {
	Purpose   string   `help:"What for, where an agreement or a consent is tied to a purpose." placeholder:"WORDS"`
	Unit      string   `help:"For a unit in the recipient's service." placeholder:"NAME"`
	Person    string   `help:"For a person in the recipient's service." placeholder:"NAME"`
	Clearance string   `help:"The person's clearance." placeholder:"LEVEL"`
	ReadInto  []string `help:"The compartments that the person is read into." name:"read-into" placeholder:"NAME"`
}

func (w whom) narrow(q *node.Question) {
	q.Purpose, q.Unit = w.Purpose, w.Unit
	if w.Person != "" || w.Clearance != "" || len(w.ReadInto) > 0 {
		q.Person = &release.Person{Name: w.Person, Clearance: w.Clearance, ReadIns: splitList(w.ReadInto)}
	}
}

// passing are those of passing it on.
type passing struct {
	asking
	Officer string `help:"Who passes it on; this goes on record. Nobody approves what he asks for himself." placeholder:"NAME"`
}

func (p passing) question(as tearline.PartyID) node.Question {
	q := p.asking.question(as)
	q.Officer = strings.TrimSpace(p.Officer)
	return q
}

type decideCmd struct {
	Report string `arg:"" optional:"" help:"The report."`
	To     string `help:"The recipient." placeholder:"PARTY"`
	whom
	Officer string `help:"Who asks: nobody approves what he asks for himself." placeholder:"NAME"`
	Batch   bool   `help:"Answer each line of standard input: {\"report\", \"to\", \"at\"}."`
	Mode    string `help:"How: document, visual or oral." enum:"document,visual,oral" default:"document"`
	At      string `help:"As of this time (default: now)." placeholder:"TIME"`
	Why     bool   `help:"Give the reasons of what is released as well."`
}

func (c *decideCmd) Run(r *run) error {
	at, err := command.When("at", c.At)
	if err != nil {
		return err
	}
	switch {
	case c.Batch && c.Report+c.To != "":
		return command.UsageError("--batch reads reports and recipients from standard input", "tearline decide --help shows how")
	case !c.Batch && c.Report == "":
		return command.UsageError("which report?", "tearline decide --help shows how")
	case !c.Batch && c.To == "":
		return command.UsageError("to whom?", "tearline decide --help shows how")
	}
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		q := node.Question{As: as, Report: tearline.ReportID(c.Report), To: tearline.PartyID(c.To), Officer: strings.TrimSpace(c.Officer)}
		q.At, q.Mode = at, tearline.Mode(c.Mode)
		c.narrow(&q)
		if c.Batch {
			return c.batch(r, n, q)
		}
		d, err := n.Decide(r.Ctx, q)
		if err != nil {
			return err
		}
		if err := r.Print(d, func(p *command.Printer) { c.show(p, d) }); err != nil {
			return err
		}
		return outcomeExit(d.Outcome)
	})
}

func splitList(args []string) []string {
	var out []string
	for _, id := range ids(args) {
		out = append(out, string(id))
	}
	return out
}

// outcomeExit makes an outcome an exit code.
func outcomeExit(o tearline.Outcome) error {
	switch o {
	case tearline.Release:
		return nil
	case tearline.Refer:
		return command.CodeError(command.ExitRefer)
	case tearline.Deny:
	}
	return command.CodeError(command.ExitWithheld)
}

func (c *decideCmd) show(p *command.Printer, d node.Decided) {
	p.F("%s to %s, %s: %s\n", d.Report, d.Recipient, text.Stamp(d.At), p.Outcome(d.Outcome))
	for _, x := range d.Portions {
		note := "basis: " + p.Basis(x.Basis)
		if x.Outcome != tearline.Release {
			note = ""
			if len(x.Ask) > 0 {
				note = "ask " + text.List(x.Ask)
			}
			if x.Discretion != "" {
				note += " (" + p.Basis(tearline.ByDiscretion) + " " + string(x.Discretion) + ")"
			}
			if x.TearLine != nil && *x.TearLine == tearline.Release {
				note += "; its tear line may go"
			}
		}
		note = strings.TrimLeft(note, "; ")
		pad := strings.Repeat(" ", 9-len(x.Outcome.String()))
		p.F("\n%-6s %s%s%s  %s\n", x.Portion, p.Outcome(x.Outcome), pad, x.Marking, note)
		for _, why := range x.Reasons {
			if why.Outcome == tearline.Release && !c.Why {
				continue
			}
			p.Wrap("       - ", "         ", fmt.Sprintf("%s [%s]", why.Text, why.Cites))
			if len(why.LiftedBy) > 0 {
				p.Wrap("         lifted by: ", "           ", strings.Join(why.LiftedBy, "; "))
			}
		}
	}
}
