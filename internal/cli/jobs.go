package cli

import (
	"tearline"
	"tearline/internal/attribution"
	"tearline/internal/cli/attributecmd"
	"tearline/internal/cli/fingerprintcmd"
	"tearline/internal/cli/ledgercmd"
	"tearline/internal/cli/reportcmd"
	"tearline/internal/documents"
	"tearline/internal/node"
	"tearline/internal/node/copies"
	"tearline/internal/node/trace"
	"tearline/internal/pagemarks"
	"tearline/internal/pagepicture"
	"tearline/internal/pdftext"
	"tearline/internal/pdftext/whole"
	"tearline/leak/authoring"
)

// documents are the jobs of the commands that read documents.
func (r *run) documents() reportcmd.Jobs {
	d := documents.Reader{PDF: whole.Reader(r.Ctx, "", pdftext.Cache())}
	return reportcmd.Jobs{Read: d.Read, Write: d.Write}
}

// ledgers are the jobs of the ledger commands.
func (r *run) ledgers() ledgercmd.Jobs {
	return ledgercmd.Jobs{With: func(fn func(ledgercmd.Books, tearline.PartyID) error) error {
		return r.with(func(n *node.Node, as tearline.PartyID) error {
			return fn(ledgercmd.Books{Verify: n.Verify, Entries: n.Entries, Entry: n.Entry, Prove: n.Prove, Export: n.ExportLedger}, as)
		})
	}}
}

// authors is the desk of the commands about alternatives.
func (r *run) authors() fingerprintcmd.Desk {
	var d fingerprintcmd.Desk
	d.Report = func(id tearline.ReportID) (x *tearline.Report, err error) {
		err = r.with(func(n *node.Node, as tearline.PartyID) error {
			x, err = n.Approvals(as).Report(r.Ctx, id)
			return err
		})
		return x, err
	}
	d.MayHave = func(id tearline.ReportID, to tearline.PartyID) (map[tearline.PortionID]bool, error) {
		may := map[tearline.PortionID]bool{}
		return may, r.with(func(n *node.Node, as tearline.PartyID) error {
			a, err := n.Decide(r.Ctx, node.Question{As: as, Report: id, To: to, Mode: tearline.Document})
			for _, p := range a.Portions {
				may[p.Portion] = p.Outcome == tearline.Release
			}
			return err
		})
	}
	d.Approved = func() (map[string]authoring.Approval, error) {
		out := map[string]authoring.Approval{}
		return out, r.with(func(n *node.Node, as tearline.PartyID) error {
			all, err := n.Approvals(as).List(r.Ctx)
			for key, a := range all {
				out[key] = authoring.Approval{Key: a.Key, Rule: a.Rule, Sentence: a.Sentence, Alternatives: a.Alternatives, Officer: a.Officer, Approved: a.Approved}
			}
			return err
		})
	}
	d.Approve = func(list []authoring.Approval) error {
		return r.with(func(n *node.Node, as tearline.PartyID) error {
			var out []copies.Approval
			for _, a := range list {
				out = append(out, copies.Approval{Key: a.Key, Rule: a.Rule, Sentence: a.Sentence, Alternatives: a.Alternatives, Officer: a.Officer, Approved: a.Approved})
			}
			return n.Approvals(as).Say(r.Ctx, out...)
		})
	}
	return d
}

// fingerprints are the jobs of the commands about what tells copies apart.
func (r *run) fingerprints() fingerprintcmd.Jobs {
	return fingerprintcmd.Jobs{
		Forget: func(id tearline.ReportID, officer, because string) (st tearline.StatementID, err error) {
			err = r.with(func(n *node.Node, as tearline.PartyID) error {
				st, err = n.EraseFingerprint(r.Ctx, as, id, officer, because)
				return err
			})
			return st, err
		},
	}
}

// attributing are the jobs of the commands that compare copies.
func (r *run) attributing() attributecmd.Jobs {
	return attributecmd.Jobs{
		Text: r.tracing().Text,
		Pages: func(data []byte) (copies.PageReader, error) {
			pictures, err := pagepicture.Read(r.Ctx, data, pagepicture.Child("", pdftext.Cache()))
			return pagemarks.Reader(pictures), err
		},
		Attribute: func(q trace.Question, ask copies.Question) (a *copies.Attributed, b *attribution.Bundle, err error) {
			err = r.with(func(n *node.Node, as tearline.PartyID) error {
				a, b, err = n.Attribute(r.Ctx, as, q, ask)
				return err
			})
			return a, b, err
		},
	}
}
