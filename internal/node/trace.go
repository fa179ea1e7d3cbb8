package node

import (
	"context"
	"time"

	"tearline"
	"tearline/internal/node/book"
	"tearline/internal/node/trace"
	"tearline/internal/store/sqlite"
	"tearline/leak/match"
)

// What a trace tells.
type (
	// Traced is what a leaked text draws on, who had been given it, and whose
	// copies read like it; see [trace.Result].
	Traced = trace.Result
	// A TracedCopy says how a copy's wording agrees; see [trace.Copy].
	TracedCopy = trace.Copy
)

// Trace compares a leaked text with all that a party holds. What was passed
// on before seen, the time of the leak, counts as exposure; zero is now. With
// record, the sighting goes into the party's ledger; where says where the
// text was found.
func (n *Node) Trace(ctx context.Context, as tearline.PartyID, text string, seen time.Time, record bool, where string) (Traced, error) {
	leak, err := match.Prepare(text)
	if err != nil {
		return Traced{}, book.Invalid("trace", err, "")
	}
	var out Traced
	err = n.book.Read(ctx, func(tx *sqlite.Tx) error {
		if _, err := book.KnownParty(tx, as); err != nil {
			return err
		}
		if seen, err = n.instant(tx, as, seen); err != nil {
			return err
		}
		out, err = trace.Search(ctx, traced(tx, as), text, leak, seen)
		return err
	})
	if err != nil || !record {
		return out, err
	}
	err = n.write(ctx, as, func(w *writer) error {
		salt, err := n.book.RandomBytes(32)
		if err != nil {
			return err
		}
		says := out.Sees(seen, where)
		s, err := w.Say([]tearline.Subject{{Name: "leak", Digest: tearline.DigestContent(salt, text)}}, says, book.RefsOfPortions(says.Matches)...)
		out.Sighting = &trace.Sighting{Statement: s.Signed.Statement.ID, Index: s.Index}
		return err
	})
	return out, err
}

// traced are a party's books for a trace.
func traced(tx *sqlite.Tx, as tearline.PartyID) trace.Books {
	return trace.Books{
		Tx: tx, Party: as, Statement: book.Statement,
		Report: func(id tearline.ReportID) (*tearline.Report, error) {
			h, err := book.Holding(tx, as, id)
			return h.Report, err
		},
		Say: func(r *tearline.Report, ref tearline.PortionRef) ([]tearline.PartyID, error) {
			says, err := book.NewSays(tx, as, r)
			if err != nil {
				return nil, err
			}
			return says.Originators(ref), nil
		},
	}
}
