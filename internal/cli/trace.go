package cli

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/node"
	"tearline/internal/text"
)

type traceCmd struct {
	File   string `arg:"" help:"The leaked text; - is standard input."`
	Date   string `help:"When it was published, a day or a time: what was passed on later is no exposure (default: now)." placeholder:"TIME"`
	Record bool   `help:"Record the sighting in the ledger."`
	Where  string `help:"Where the text was found." placeholder:"TEXT"`
}

func (c *traceCmd) Run(r *run) error {
	seen, err := command.When("date", c.Date)
	if err != nil {
		return err
	}
	if len(c.Date) == len(time.DateOnly) {
		// Of a day alone nobody knows the hour: whoever was given it that
		// day may have had it before.
		seen = seen.AddDate(0, 0, 1).Add(-time.Microsecond)
	}
	words, err := r.ReadAll(c.File)
	if err != nil {
		return err
	}
	if !utf8.Valid(words) {
		return command.FileError(c.File, fmt.Errorf("is not UTF-8 text"))
	}
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		t, err := n.Trace(r.Ctx, as, string(words), seen, c.Record, c.Where)
		if err != nil {
			return err
		}
		return r.Print(t, func(p *command.Printer) { showTrace(p, t) })
	})
}

func showTrace(p *command.Printer, t node.Traced) {
	if len(t.Matches) == 0 {
		p.F("no trace: nothing held has words in common with this beyond chance\n")
	}
	for _, m := range t.Matches {
		p.F("%s/%s %s  %s\n", m.Report, m.Portion, m.Marking, p.Style(text.Bold, string(m.Kind)))
		for _, s := range m.Passages {
			p.Wrap("    “", "     ", s+"”")
		}
		p.Wrap("    originators: ", "      ", text.List(m.Originators))
		for _, b := range m.Bases {
			after := ""
			if b.AfterFact {
				after = ", recorded after the fact"
			}
			p.F("    %s to %s, %s: %s%s\n", b.Mode, b.Recipient, text.Stamp(b.Occurred), p.Basis(b.Basis), after)
		}
		if len(m.Bases) == 0 {
			p.F("    never passed on, as far as is recorded\n")
		}
	}
	if len(t.ExposedTo) > 0 {
		p.F("\nwho had it before:\n")
		for _, x := range t.ExposedTo {
			p.Wrap("  "+string(x.Party)+"  ", "      ", fmt.Sprintf("since %s: %s", text.Stamp(x.First), refs(x.Portions)))
		}
	}
	if len(t.Copies) > 0 {
		p.F("\ncopies of these portions, and how their wording agrees:\n")
		for _, c := range t.Copies {
			p.F("  %s  %-8s %s\n", c.Copy, c.Recipient, agreement(c))
		}
		p.Wrap("  ", "  ", "This is about copies, not persons; without a bound on chance it names nobody.")
	}
	if t.Sighting != nil {
		p.F("\nrecorded as sighting %s, entry %d\n", t.Sighting.Statement, t.Sighting.Index)
	}
}

func agreement(c node.TracedCopy) string {
	if c.Points == 0 {
		return "the text shows none of its marked points"
	}
	return fmt.Sprintf("%d of %d marked points %s", c.Agree, c.Points, strings.Repeat("■", c.Agree)+strings.Repeat("□", c.Points-c.Agree))
}

type auditCmd struct {
	Report     string `arg:"" optional:"" help:"The report."`
	Originator string `help:"Instead of a report: what became of this party's material." placeholder:"PARTY"`
}

func (c *auditCmd) Run(r *run) error {
	if (c.Report == "") == (c.Originator == "") {
		return command.UsageError("audit of what?", "give a report, or --originator PARTY")
	}
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		var a node.Audited
		var err error
		if c.Report != "" {
			a, err = n.AuditReport(r.Ctx, as, tearline.ReportID(c.Report))
		} else {
			a, err = n.AuditOriginator(r.Ctx, as, tearline.PartyID(c.Originator))
		}
		if err != nil {
			return err
		}
		return r.Print(a, func(p *command.Printer) { showAudit(p, a) })
	})
}

func showAudit(p *command.Printer, a node.Audited) {
	if len(a.Events) == 0 {
		p.F("nothing is recorded\n")
	}
	for _, e := range a.Events {
		p.Wrap(text.Stamp(e.At)+"  ", "  ", eventLine(p, e))
		for _, it := range e.Items {
			if it.Outcome == nil {
				continue
			}
			replaced := ""
			if it.Replaced {
				replaced = " (tear line)"
			}
			p.F("    %s%s: rules say %s; basis: %s\n", it.Portion, replaced, p.Outcome(*it.Outcome), p.Basis(it.Basis))
		}
		for _, t := range []struct{ label, words string }{{"gist", e.Gist}, {"because", e.Because}} {
			if t.words != "" {
				p.Wrap("    "+t.label+": ", "      ", t.words)
			}
		}
	}
}

// eventLine says in one sentence what a statement did.
func eventLine(p *command.Printer, e node.Event) string {
	id := fmt.Sprintf("[%s %s]", e.Ledger, e.Statement)
	if e.Index != nil {
		id = fmt.Sprintf("[%s #%d %s]", e.Ledger, *e.Index, e.Statement)
	}
	what := portionsOf(e)
	switch e.Kind { //nolint:exhaustive // the others read well by their name
	case tearline.KindFiling:
		return fmt.Sprintf("%s filed it under %s %s", e.By, e.Marking, id)
	case tearline.KindRequest:
		return fmt.Sprintf("%s asked whether %s may have %s %s", e.By, e.Recipient, what, id)
	case tearline.KindConsent:
		words := fmt.Sprintf("%s consented to %s for %s", e.By, what, e.Recipient)
		if e.State != "granted" {
			words = fmt.Sprintf("%s refused %s to %s", e.By, what, e.Recipient)
		}
		if len(e.Conditions) > 0 {
			words += " (" + text.List(e.Conditions) + ")"
		}
		return words + " " + id
	case tearline.KindRevocation:
		return fmt.Sprintf("%s took back %s %s", e.By, e.Of, id)
	case tearline.KindDeclassification:
		return fmt.Sprintf("%s declassified %s, by %s %s", e.By, what, both(e.Authority, e.Second), id)
	case tearline.KindDiscretion:
		return fmt.Sprintf("%s: %s of %s decides to tell %s: %s %s", p.Basis(tearline.ByDiscretion), both(e.Authority, e.Second), e.By, e.Recipient, what, id)
	case tearline.KindDisclosure:
		return disclosureLine(e) + " " + id
	case tearline.KindRecall:
		return fmt.Sprintf("%s recalled %s from %s %s", e.By, thing(e.Copy, "what it told or showed"), e.Recipient, id)
	case tearline.KindConfirmation:
		return fmt.Sprintf("%s confirmed the recall %s: %s %s", e.By, e.Of, e.State, id)
	case tearline.KindSighting:
		return fmt.Sprintf("%s saw text of %s in the open %s", e.By, what, id)
	}
	return fmt.Sprintf("%s: %s %s", e.By, e.Kind, id)
}

func disclosureLine(e node.Event) string {
	verb := map[tearline.Mode]string{tearline.Document: "gave a copy to", tearline.Visual: "showed", tearline.Oral: "told"}[e.Mode]
	words := fmt.Sprintf("%s %s %s", e.By, verb, e.Recipient)
	if e.Copy != "" {
		words = fmt.Sprintf("%s gave copy %s to %s", e.By, e.Copy, e.Recipient)
	}
	if e.Occurred != nil && text.Stamp(*e.Occurred) != text.Stamp(e.At) {
		words += " on " + text.Stamp(*e.Occurred)
	}
	if e.AfterFact {
		words += ", recorded after the fact"
	}
	return words
}

func portionsOf(e node.Event) string {
	s := make([]string, len(e.Items))
	for i, it := range e.Items {
		s[i] = it.Portion
	}
	return strings.Join(s, ", ")
}
