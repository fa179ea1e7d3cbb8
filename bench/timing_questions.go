package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"runtime"
	"strings"

	"tearline"
	"tearline/internal/node"
	"tearline/internal/node/trace"
	"tearline/internal/whatif"
)

// A question is what a stranger can ask about a name.
type question struct {
	what  string
	about thing
	ask   func(ctx context.Context, h *half, name string) error
	// answered says that there is an answer: it says nothing of the name.
	answered bool
	// wasteful says that a call allocates so much that fresh memory costs more
	// than collecting garbage whenever it comes.
	wasteful bool
	// planted is how often a block is hashed where the thing is there: to see
	// that a difference is found.
	planted int
}

// check sees to it that the stranger learns nothing.
func (q *question) check(err error) error {
	switch {
	case q.answered && err == nil, !q.answered && tearline.KindOf(err) == tearline.Withheld:
		return nil
	case err == nil:
		return fmt.Errorf("%s is answered", q.what)
	}
	return err
}

// asks makes a question of a job that answers something.
func asks[T any](what string, about thing, ask func(ctx context.Context, h *half, name string) (T, error)) question {
	return question{what: what, about: about, ask: func(ctx context.Context, h *half, name string) error {
		_, err := ask(ctx, h, name)
		return err
	}}
}

// ownPrefix is what the names of the stranger's own reports begin with.
const ownPrefix = "S-"

// questions are all of them.
func questions() []question {
	return append(append(ofReports(), ofNames()...), question{
		what: "trace", about: quote, answered: true, wasteful: true,
		ask: func(ctx context.Context, h *half, text string) error {
			found, err := h.n.Trace(ctx, stranger, trace.Question{Text: text}, nil)
			for i := range found.Matches {
				// What it finds of its own, by chance, is its own.
				if m := &found.Matches[i]; !strings.HasPrefix(string(m.Report), ownPrefix) {
					err = fmt.Errorf("trace finds %s", m.Ref())
				}
			}
			return err
		},
	})
}

// about is a stranger's question about a report.
func about(name string) node.Question {
	return node.Question{As: stranger, Report: tearline.ReportID(name), To: anyPartner}
}

// act is what a stranger would do about a report.
func act(name string) node.Act {
	return node.Act{As: stranger, Report: tearline.ReportID(name), To: anyPartner, Because: "x", Authority: "x"}
}

func ofReports() []question {
	return []question{
		asks("report show", report, func(ctx context.Context, h *half, name string) (node.Shown, error) {
			return h.n.Show(ctx, stranger, tearline.ReportID(name))
		}),
		asks("report list --after", report, func(ctx context.Context, h *half, name string) ([]node.Listed, error) {
			list, _, err := h.n.Reports(ctx, stranger, tearline.ReportID(name), 50)
			return list, err
		}),
		asks("decide", report, func(ctx context.Context, h *half, name string) (node.Decided, error) {
			return h.n.Decide(ctx, about(name))
		}),
		asks("decide --batch", report, func(ctx context.Context, h *half, name string) (node.Decided, error) {
			return h.batch.Decide(ctx, about(name))
		}),
		asks("warn", report, func(ctx context.Context, h *half, name string) (node.Warning, error) {
			return h.n.Warn(ctx, about(name))
		}),
		asks("whatif", report, func(ctx context.Context, h *half, name string) (whatif.Matrix, error) {
			return h.n.Table(ctx, whatif.Question{Holder: stranger, Reports: []tearline.ReportID{tearline.ReportID(name)}})
		}),
		asks("audit", report, func(ctx context.Context, h *half, name string) (node.Audited, error) {
			return h.n.AuditReport(ctx, stranger, tearline.ReportID(name))
		}),
		asks("ask", report, func(ctx context.Context, h *half, name string) ([]node.Asked, error) {
			return h.n.Ask(ctx, about(name), nil)
		}),
		asks("release", report, func(ctx context.Context, h *half, name string) (node.Released, error) {
			return h.n.Release(ctx, about(name), func(tearline.Rendering) error { return nil })
		}),
		asks("disclose", report, func(ctx context.Context, h *half, name string) (node.Told, error) {
			q := about(name)
			q.Mode = tearline.Oral
			return h.n.Disclose(ctx, node.Telling{Question: q, Gist: "x"})
		}),
		asks("discretion", report, func(ctx context.Context, h *half, name string) (node.Acted, error) {
			return h.n.Discretion(ctx, act(name))
		}),
		asks("declassify", report, func(ctx context.Context, h *half, name string) (node.Acted, error) {
			return h.n.Declassify(ctx, act(name))
		}),
		asks("embargo", report, func(ctx context.Context, h *half, name string) (node.Fact, error) {
			return h.n.State(ctx, stranger, &tearline.Embargo{Report: tearline.ReportID(name), Term: tearline.Term{Until: day(9999)}})
		}),
		asks("embargo --lift", report, func(ctx context.Context, h *half, name string) (node.Fact, error) {
			return h.n.LiftEmbargo(ctx, stranger, tearline.ReportID(name), "x")
		}),
	}
}

// some is how many characters of a name are given where its beginning is.
const some = 8

func recall(ctx context.Context, h *half, name string) error {
	_, err := h.n.Recall(ctx, stranger, name, "x")
	return err
}

func confirm(ctx context.Context, h *half, name string) error {
	_, err := h.n.Confirm(ctx, stranger, name, tearline.Destroyed, "x")
	return err
}

func ofNames() []question {
	return []question{
		asks("consent grant", request, func(ctx context.Context, h *half, name string) (node.Asked, error) {
			return h.n.Grant(ctx, node.Answer{As: stranger, Request: name})
		}),
		asks("consent grant, beginning", request, func(ctx context.Context, h *half, name string) (node.Asked, error) {
			return h.n.Grant(ctx, node.Answer{As: stranger, Request: name[:some]})
		}),
		asks("consent refuse", request, func(ctx context.Context, h *half, name string) (node.Asked, error) {
			return h.n.Refuse(ctx, node.Answer{As: stranger, Request: name})
		}),
		asks("consent revoke", request, func(ctx context.Context, h *half, name string) (node.Asked, error) {
			return h.n.Revoke(ctx, node.Answer{As: stranger, Request: name})
		}),
		asks("ledger show", statement, func(ctx context.Context, h *half, name string) (node.EntryInfo, error) {
			return h.n.Entry(ctx, stranger, name)
		}),
		asks("ledger show, beginning", statement, func(ctx context.Context, h *half, name string) (node.EntryInfo, error) {
			return h.n.Entry(ctx, stranger, name[:some])
		}),
		asks("ledger prove", statement, func(ctx context.Context, h *half, name string) (node.Proof, error) {
			return h.n.Prove(ctx, stranger, name)
		}),
		{what: "recall", about: statement, ask: recall},
		{what: "recall, copy", about: copied, ask: recall},
		{what: "recall confirm", about: statement, ask: confirm},
		{what: "recall confirm, copy", about: copied, ask: confirm},
		asks("agreement end", statement, func(ctx context.Context, h *half, name string) (node.Fact, error) {
			return h.n.EndFact(ctx, stranger, name, "x", tearline.KindAgreement)
		}),
		asks("exclusion end", statement, func(ctx context.Context, h *half, name string) (node.Fact, error) {
			return h.n.EndFact(ctx, stranger, name, "x", tearline.KindExclusion, tearline.KindTie)
		}),
	}
}

// planted is a question in which what is there takes a little longer.
func planted() question {
	q := ofReports()[0]
	q.what, q.planted = "control: planted, five SHA-256 blocks more where it is there", 5
	return q
}

// spin hashes so many blocks.
func spin(blocks int) {
	var sum [sha256.Size]byte
	for range blocks {
		sum = sha256.Sum256(sum[:])
	}
	runtime.KeepAlive(sum) // or it would be left out
}
