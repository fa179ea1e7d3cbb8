package casecmd

import (
	"bytes"
	"strings"

	"tearline/internal/cli/command"
	"tearline/internal/damage"
	"tearline/internal/node/cases"
	"tearline/internal/node/trace"
	"tearline/internal/text"
)

// Assess is the assess command.
type Assess struct {
	Name     string `arg:"" name:"case" help:"The case."`
	HTML     string `name:"html" help:"Write it as a page, too, with a picture." placeholder:"FILE"`
	Notify   bool   `help:"Tell each originator what it has not been told of its own material, and record that."`
	Officer  string `help:"With --notify: who tells them." placeholder:"NAME"`
	Measures string `help:"With --notify: what is being done; every originator reads the same words." placeholder:"TEXT"`
	All      bool   `help:"Show all portions, however many."`
}

// Run works out the damage and shows it.
func (c *Assess) Run(r *command.Run, j Jobs) error {
	switch {
	case c.Notify && strings.TrimSpace(c.Officer) == "":
		return command.UsageError("--notify wants --officer", "name who tells the originators")
	case !c.Notify && (c.Officer != "" || c.Measures != ""):
		return command.UsageError("--officer and --measures are for --notify", "add --notify to tell the originators")
	}
	var a cases.Assessment
	err := j.With(func(d *cases.Desk) (err error) {
		if c.Notify {
			a, err = d.Notify(r.Ctx, c.Name, c.Officer, c.Measures)
		} else {
			a, err = d.Assess(r.Ctx, c.Name)
		}
		return err
	})
	if err != nil {
		return err
	}
	if c.HTML != "" {
		var page bytes.Buffer
		if err := j.Picture(&page, &a.Damage, a.Case, a.Title); err != nil {
			return err
		}
		if _, err := put(r, c.HTML, &page); err != nil || c.HTML == "-" {
			return err
		}
	}
	return r.Print(a, func(p *command.Printer) { c.show(p, &a) })
}

func (c *Assess) show(p *command.Printer, a *cases.Assessment) {
	p.Wrap(p.Style(text.Bold, a.Case)+"  ", "    ", trace.Plain(a.Title))
	for i := range a.Leaks {
		p.Wrap("    ", "      ", trace.Plain(a.Leaks[i].Words()))
	}
	for _, n := range a.Notes {
		p.Wrap("    "+p.Style(text.Yellow, "note")+"  ", "      ", n)
	}
	c.portions(p, "in the open", a.Open)
	c.portions(p, "exposed: it lies beneath what is in the open", a.Sources)
	c.portions(p, "can be inferred, the nearest first", a.Inferred)
	c.portions(p, "still unexposed in the same reports", a.Unexposed)
	showTell(p, a)
	showHad(p, a)
	lines(p, "agreements touched", len(a.Agreements), func(i int) string { return a.Agreements[i].Words() })
	lines(p, "to suspend", len(a.Suspend), func(i int) string { return a.Suspend[i].Words() + " [" + string(a.Suspend[i].Statement) + "]" })
	lines(p, "what can no longer be kept", len(a.Void), func(i int) string { return a.Void[i].Words() })
}

// heading begins a part.
func heading(p *command.Printer, words string) { p.F("\n%s\n", p.Style(text.Bold, words)) }

func lines(p *command.Printer, words string, n int, line func(int) string) {
	if n == 0 {
		return
	}
	heading(p, words)
	for i := range n {
		p.Wrap("  ", "    ", trace.Plain(line(i)))
	}
}

// mostShown is how many portions of a part are shown, unless all are wanted.
const mostShown = 20

func (c *Assess) portions(p *command.Printer, words string, list []damage.Portion) {
	if len(list) == 0 {
		return
	}
	heading(p, words)
	for i := range list {
		if i == mostShown && !c.All {
			p.F("  and %s more: --all shows them\n", text.Thousands(len(list)-i))
			break
		}
		x := &list[i]
		p.Wrap("  "+x.Portion+"  ", "    ", x.Marking+", "+string(x.Originator))
		if how := x.How(); how != "" {
			p.Wrap("    ", "      ", text.Count(x.Steps, "step", "steps")+": "+how)
		}
	}
}

func showTell(p *command.Printer, a *cases.Assessment) {
	heading(p, "whom to tell")
	if len(a.Tell) == 0 {
		p.F("  nobody: all of it is %s's own\n", a.Holder)
	}
	for i := range a.Tell {
		t := &a.Tell[i]
		when := t.When(a.At)
		if t.Pressing(a.At) {
			when = p.Style(text.Red, when)
		}
		p.F("  %s  %s\n", t.To, when)
		for _, x := range []struct {
			words string
			list  []string
		}{{"exposed", t.Exposed}, {"can be inferred", t.Inferred}, {"only by way of others', not to be told before they agree", t.Behind}, {"may want to take back", strings.Fields(strings.ReplaceAll(text.List(t.Suspend), ",", " "))}} {
			if len(x.list) > 0 {
				p.Wrap("    "+x.words+": ", "      ", strings.Join(x.list, ", "))
			}
		}
	}
	for _, n := range a.Notices {
		p.Wrap("  told now: ", "    ", string(n.To)+": "+strings.Join(n.Portions, ", ")+" ["+string(n.Statement)+"]")
	}
}

func showHad(p *command.Printer, a *cases.Assessment) {
	heading(p, "who had been given it before it was seen, as far as is recorded")
	if len(a.Recipients) == 0 {
		p.F("  nobody: it may have come from here\n")
	}
	for _, r := range a.Recipients {
		words := strings.Join(r.Portions, ", ")
		if len(r.Copies) > 0 {
			words += "; copy " + text.List(r.Copies)
		}
		if len(r.Via) > 0 {
			words += "; by way of " + text.List(r.Via)
		}
		p.Wrap("  "+string(r.Party)+"  since "+text.Stamp(r.First)+"  ", "    ", words)
	}
	if len(a.Recipients) > 0 {
		p.F("  To have had it is not to have passed it on.\n")
	}
	if a.Attribution != nil {
		p.Wrap("  ", "  ", a.Attribution.Words())
	}
}
