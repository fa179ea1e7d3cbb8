package cli

import (
	"fmt"
	"strings"
	"time"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/cli/reportcmd"
	"tearline/internal/node"
	"tearline/internal/text"
)

type reportCmd struct {
	Add    reportAddCmd    `cmd:"" help:"File reports from Word files, PDFs, mails, HTML, text, Markdown or JSON."`
	Lint   reportcmd.Lint  `cmd:"" help:"List all that is wrong with a document, without filing it."`
	Import reportImportCmd `cmd:"" help:"File reports in bulk, from JSON Lines on standard input."`
	List   reportListCmd   `cmd:"" help:"List the reports held, newest first."`
	Show   reportShowCmd   `cmd:"" help:"Show a report: where each portion comes from, and who has a say."`
}

type reportAddCmd struct {
	reportcmd.Said
	Files []string `arg:"" help:"Files: Word, PDF, mail, HTML, text, Markdown or JSON, by what is in them; - is standard input." name:"file"`
}

// Run files all reports of all files, or none: every fault of every file is
// listed.
func (c *reportAddCmd) Run(r *run) error {
	if c.ID != "" && len(c.Files) > 1 {
		return command.UsageError("--id names one report", "file them one by one")
	}
	var drafts []node.Draft
	var faults tearline.Faults
	for _, name := range c.Files {
		docs, err := c.Read(r.Run, r.documents(), name)
		if err != nil {
			return err
		}
		for i := range docs {
			d := &docs[i]
			reportcmd.Tell(r.Run, d)
			for _, f := range d.Faults {
				faults = append(faults, reportcmd.InFile(d.Name, f))
			}
			drafts = append(drafts, node.Draft{Name: d.Name, Report: d.Report})
		}
	}
	if len(faults) > 0 {
		return faults
	}
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		filed, err := n.File(r.Ctx, as, drafts)
		if err != nil {
			return err
		}
		return r.Print(filed, func(p *command.Printer) {
			var rows [][]string
			for _, f := range filed {
				rows = append(rows, []string{string(f.ID), f.Banner, text.Count(f.Portions, "portion", "portions")})
			}
			p.Table(rows)
		})
	})
}

type reportImportCmd struct{}

// Run files a stream. The answers, with --json one for each line, are printed
// as their reports become durable.
func (c *reportImportCmd) Run(r *run) error {
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		start, shown := r.Now(), r.Now()
		enc := r.Encoder()
		done := 0
		sum, err := n.Import(r.Ctx, as, r.Stdin, func(a node.Imported) error {
			done++
			if !r.JSON {
				for _, f := range a.Faults {
					fmt.Fprintf(r.Stderr, "tearline: line %s\n", f)
				}
			}
			if now := r.Now(); r.Progress && now.Sub(shown) > 200*time.Millisecond {
				shown = now
				fmt.Fprintf(r.Stderr, "\r%s  %s a second ", text.Count(done, "report", "reports"), text.Thousands(rate(done, now.Sub(start))))
			}
			if r.JSON {
				return command.Written(enc.Encode(a))
			}
			return nil
		})
		if r.Progress {
			fmt.Fprint(r.Stderr, "\r\x1b[K")
		}
		if err != nil {
			return err
		}
		return r.imported(sum, r.Now().Sub(start))
	})
}

func rate(n int, d time.Duration) int {
	if d <= 0 {
		return n
	}
	return int(float64(n) / d.Seconds())
}

// imported prints the sum of an import: with --json on stderr, as stdout has
// one answer for each line.
func (r *run) imported(sum node.ImportSummary, took time.Duration) error {
	out := r.Stdout
	if r.JSON {
		out = r.Stderr
	}
	words := fmt.Sprintf("filed %s with %s in %.1f s, %s a second", text.Count(sum.Filed, "report", "reports"),
		text.Count(sum.Portions, "portion", "portions"), took.Seconds(), text.Thousands(rate(sum.Filed, took)))
	if sum.Held > 0 {
		words += fmt.Sprintf("; %s held already", text.Thousands(sum.Held))
	}
	if _, err := fmt.Fprintln(out, words); err != nil {
		return command.Written(err)
	}
	if sum.Refused > 0 {
		fmt.Fprintf(r.Stderr, "tearline: refused %s; the others are filed\n", text.Count(sum.Refused, "line", "lines"))
		return command.CodeError(command.ExitError)
	}
	return nil
}

type reportListCmd struct {
	Limit int    `help:"How many at most." default:"50"`
	After string `help:"Go on after this report, where the last page ended." placeholder:"REPORT"`
}

func (c *reportListCmd) Run(r *run) error {
	if c.Limit < 1 || c.Limit > 100_000 {
		return command.UsageError(fmt.Sprintf("--limit %d is out of range", c.Limit), "give 1 to 100000")
	}
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		reports, next, err := n.Reports(r.Ctx, as, tearline.ReportID(c.After), c.Limit)
		if err != nil {
			return err
		}
		if next != "" {
			fmt.Fprintf(r.Stderr, "there are more: --after %s shows them\n", next)
		}
		return r.Print(reports, func(p *command.Printer) {
			var rows [][]string
			for _, x := range reports {
				rows = append(rows, []string{string(x.ID), x.Date, string(x.Originator), x.Banner, x.Title})
			}
			p.Table(rows)
		})
	})
}

type reportShowCmd struct {
	ID string `arg:"" help:"The report."`
}

func (c *reportShowCmd) Run(r *run) error {
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		s, err := n.Show(r.Ctx, as, tearline.ReportID(c.ID))
		if err != nil {
			return err
		}
		return r.Print(s, func(p *command.Printer) { showReport(p, s) })
	})
}

func showReport(p *command.Printer, s node.Shown) {
	p.F("%s\n", p.Style(text.Bold, s.Banner))
	p.Wrap("", "", fmt.Sprintf("%s  %s", s.ID, s.Title))
	p.Wrap("", "", fmt.Sprintf("originator %s, %s, policy %s; filed %s as %s", s.Originator, s.Date, s.Policy, text.Stamp(s.Filed), s.Statement))
	for _, x := range s.Content {
		p.F("\n")
		p.Wrap(fmt.Sprintf("%-5s ", x.ID), "      ", x.Marking+" "+x.Text)
		if x.Unmarked {
			p.F("      without a mark in the document; %s was ordered\n", x.Marking)
		}
		if x.Tear != nil {
			p.Wrap("      tear line: ", "        ", x.Tear.Marking+" "+x.Tear.Text)
		}
		say := "say: " + text.List(x.Say)
		if len(x.Sources) > 0 {
			say += "; rests on " + refs(x.Sources)
		}
		if len(x.UsedIn) > 0 {
			say += "; used in " + refs(x.UsedIn)
		}
		p.Wrap("      ", "        ", say)
	}
	p.F("\n%s\n", p.Style(text.Bold, s.Banner))
}

func refs(rs []tearline.PortionRef) string {
	s := make([]string, len(rs))
	for i, x := range rs {
		s[i] = x.String()
	}
	return strings.Join(s, ", ")
}
