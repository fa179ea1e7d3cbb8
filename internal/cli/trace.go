package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tearline"
	"tearline/codec/article"
	"tearline/internal/cli/command"
	"tearline/internal/cli/presscmd"
	"tearline/internal/cli/tracecmd"
	"tearline/internal/leakindex"
	"tearline/internal/node"
	"tearline/internal/node/press"
	"tearline/internal/node/trace"
	"tearline/internal/pdftext"
	"tearline/internal/pdftext/pdfium"
	"tearline/internal/text"
	"tearline/internal/tracepage"
)

type traceCmd struct {
	Text       tracecmd.Trace      `cmd:"" default:"withargs" help:"Trace a leaked text: tearline trace FILE. Its flags: tearline trace text --help."`
	Background presscmd.Background `cmd:"" help:"Public texts, so that what only repeats them is not taken for a leak."`
	Index      tracecmd.Index      `cmd:"" help:"Bring the index up with the store, and tell its figures."`
	Train      tracecmd.Train      `cmd:"" help:"Fit the weights of the evidence to texts of which it is known what they draw on."`
}

// tracing are the jobs of the trace commands.
func (r *run) tracing() tracecmd.Jobs {
	pdf := pdftext.Reader(r.Ctx, "", pdftext.Cache())
	return tracecmd.Jobs{
		Text: func(name string, data []byte) (article.Article, error) { return article.Read(name, data, pdf) },
		Page: tracepage.Write,
		With: func(fn func(tracecmd.Ask) error) error {
			return r.with(func(n *node.Node, as tearline.PartyID) error {
				return fn(func(q trace.Question) (trace.Result, error) { return n.Trace(r.Ctx, as, q, r.indexed()) })
			})
		},
		Index: func(anew bool) (s leakindex.Stats, err error) {
			err = r.with(func(n *node.Node, as tearline.PartyID) error {
				s, err = n.IndexLeaks(r.Ctx, as, anew, r.indexed())
				return err
			})
			return s, err
		},
	}
}

// indexed shows how far the index is, if anybody is looking and it takes long.
func (r *run) indexed() func(done, of int64) {
	if !r.Progress {
		return nil
	}
	var shown time.Time
	begun := r.Now()
	return func(done, of int64) {
		now := r.Now()
		if done < of && now.Sub(shown) < time.Second/5 || now.Sub(begun) < time.Second {
			return
		}
		shown = now
		fmt.Fprintf(r.Stderr, "\rindexing: %s of %s reports", text.Thousands(int(done)), text.Thousands(int(of)))
		if done >= of {
			fmt.Fprintln(r.Stderr)
		}
	}
}

// press are the jobs of the commands about what is published.
func (r *run) press() presscmd.Jobs {
	return presscmd.Jobs{
		PDF: pdftext.Reader(r.Ctx, "", pdftext.Cache()), PDFText: pdfium.Answer, Version: version(),
		With: func(fn func(presscmd.Desk) error) error {
			return r.with(func(n *node.Node, as tearline.PartyID) error {
				return fn(presscmd.Desk{Books: n.Press(as), Trace: func(ctx context.Context, a article.Article, atMost float64) (press.Found, error) {
					t, err := n.Trace(ctx, as, trace.Question{Text: a.Text, Seen: a.Published}, r.indexed())
					if err != nil {
						return press.Found{}, err
					}
					return foundIn(&t, atMost)
				}})
			})
		},
	}
}

// foundIn is what is kept of a trace with a case; the text is kept beside it.
func foundIn(t *trace.Result, atMost float64) (press.Found, error) {
	hits := t.Hits(atMost)
	if len(hits) == 0 {
		return press.Found{}, nil
	}
	kept := *t
	kept.Leak = ""
	b, err := json.Marshal(kept)
	return press.Found{Hits: true, Result: b, Summary: text.List(hits)}, err
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
		return r.Print(a, func(p *command.Printer) { tracecmd.ShowAudit(p, a.Events) })
	})
}
