package node

import (
	"context"
	"slices"

	"tearline"
	"tearline/internal/node/book"
	"tearline/internal/replay"
	"tearline/internal/store/sqlite"
	"tearline/ledger"
)

// Bundle gathers what an inspector needs to replay a party's disclosures on
// another machine: its ledger, and what it was told by others.
func (n *Node) Bundle(ctx context.Context, as tearline.PartyID) (*replay.Bundle, error) {
	out := &replay.Bundle{Party: as, Keys: ledger.Verifiers{}}
	err := n.book.Read(ctx, func(tx *sqlite.Tx) error {
		row, err := book.KnownParty(tx, as)
		if err != nil {
			return err
		}
		out.LogKey, out.Keys[as] = row.LogKey, []string{row.StatementKey}
		k, err := n.book.Keys(as)
		if err != nil {
			return err
		}
		head, err := n.book.Head(tx, as)
		if err != nil {
			return err
		}
		if out.Checkpoint, err = ledger.SignCheckpoint(k.Log, head); err != nil {
			return err
		}
		for e, err := range book.Entries(ctx, tx, as) {
			if err != nil {
				return err
			}
			out.Entries = append(out.Entries, ledger.Entry{Index: e.Index, Salt: slices.Clone(e.Salt), Envelope: slices.Clone(e.Envelope)})
		}
		return n.hear(tx, out)
	})
	return out, err
}

// hear adds what others said that decisions of the bundle's party rest on.
func (n *Node) hear(tx *sqlite.Tx, out *replay.Bundle) error {
	reports, err := allReports(tx, out.Party)
	if err != nil {
		return err
	}
	behind, err := n.book.Behind(tx, out.Party, reports...)
	if err != nil {
		return err
	}
	for _, s := range behind {
		if s.By == out.Party {
			continue // in its ledger
		}
		e, ok, err := tx.Entry(s.ID)
		if err != nil || !ok {
			return err
		}
		out.Heard = append(out.Heard, slices.Clone(e.Envelope))
		if out.Keys[s.By] == nil {
			row, err := book.KnownParty(tx, s.By)
			if err != nil {
				return err
			}
			out.Keys[s.By] = []string{row.StatementKey}
		}
	}
	return nil
}
