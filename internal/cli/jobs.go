package cli

import (
	"tearline"
	"tearline/internal/attribution"
	"tearline/internal/cli/attributecmd"
	"tearline/internal/cli/fingerprintcmd"
	"tearline/internal/cli/ledgercmd"
	"tearline/internal/node"
	"tearline/internal/node/copies"
	"tearline/internal/node/trace"
	"tearline/internal/pagemarks"
	"tearline/internal/pagepicture"
	"tearline/internal/pdftext"
)

// ledgers are the jobs of the ledger commands.
func (r *run) ledgers() ledgercmd.Jobs {
	return ledgercmd.Jobs{With: func(fn func(ledgercmd.Books, tearline.PartyID) error) error {
		return r.with(func(n *node.Node, as tearline.PartyID) error {
			return fn(ledgercmd.Books{Verify: n.Verify, Entries: n.Entries, Entry: n.Entry, Prove: n.Prove, Export: n.ExportLedger}, as)
		})
	}}
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
