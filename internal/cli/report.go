package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"tearline"
	"tearline/codec"
	"tearline/internal/cli/command"
	"tearline/internal/node"
	"tearline/internal/text"
)

type reportCmd struct {
	Add    reportAddCmd    `cmd:"" help:"File reports from Markdown or JSON."`
	Import reportImportCmd `cmd:"" help:"File reports in bulk, from JSON Lines on standard input."`
	List   reportListCmd   `cmd:"" help:"List the reports held, newest first."`
	Show   reportShowCmd   `cmd:"" help:"Show a report: where each portion comes from, and who has a say."`
}

type reportAddCmd struct {
	Files []string `arg:"" help:"Files; - is standard input." name:"file"`
}

// Run files all reports of all files, or none: every fault of every file is
// listed.
func (c *reportAddCmd) Run(r *run) error {
	var drafts []node.Draft
	var faults tearline.Faults
	for _, name := range c.Files {
		src, err := r.ReadAll(name)
		if err != nil {
			return err
		}
		ds, err := parseReports(name, src)
		if fs, ok := errors.AsType[tearline.Faults](err); ok {
			for _, f := range fs {
				faults = append(faults, inFile(name, f))
			}
			continue
		}
		if err != nil {
			return err
		}
		drafts = append(drafts, ds...)
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

// inFile puts a file's name before a fault, as compilers do.
func inFile(name string, f tearline.Fault) tearline.Fault {
	if f.Line > 0 {
		f.Text = fmt.Sprintf("%s:%d:%d: %s", name, f.Line, max(f.Column, 1), f.Text)
		f.Line = 0
		return f
	}
	f.Text = name + ": " + f.Text
	return f
}

// parseReports reads a file by its content: JSON objects, one a line, if it
// begins with a brace, else one Markdown report.
func parseReports(name string, src []byte) ([]node.Draft, error) {
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(src, []byte("\ufeff")), " \t\r\n")
	if len(trimmed) == 0 || trimmed[0] != '{' {
		report, err := codec.ParseMarkdown(src)
		if err != nil {
			return nil, err
		}
		return []node.Draft{{Name: name, Report: report}}, nil
	}
	var drafts []node.Draft
	var faults tearline.Faults
	dec := codec.NewDecoder(bytes.NewReader(oneLine(src)))
	for {
		_, report, err := dec.Next()
		if err == io.EOF { //nolint:errorlint // the decoder's contract
			return drafts, faults.Err()
		}
		if fs, ok := errors.AsType[tearline.Faults](err); ok {
			faults = append(faults, fs...)
			continue
		}
		if err != nil {
			return nil, err
		}
		drafts = append(drafts, node.Draft{Name: name, Report: report})
	}
}

// oneLine puts a single JSON value that was written over several lines on one.
func oneLine(src []byte) []byte {
	var one bytes.Buffer
	if json.Compact(&one, src) == nil {
		return one.Bytes()
	}
	return src
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
