package node

import (
	"context"

	"tearline"
	"tearline/internal/node/book"
	"tearline/internal/node/ledgers"
	"tearline/ledger"
)

// What is told of a ledger.
type (
	// EntryInfo is one entry of a ledger; see [ledgers.Entry].
	EntryInfo = ledgers.Entry
	// Proof is what a party needs to check one statement offline; see
	// [ledgers.Proof].
	Proof = ledgers.Proof
)

// Entries lists a party's ledger from an index on, at most limit of them.
func (n *Node) Entries(ctx context.Context, as tearline.PartyID, from int64, limit int) ([]EntryInfo, error) {
	return n.ledgers().List(ctx, as, from, limit)
}

// Entry shows one statement of a party's ledger; id may be its beginning.
func (n *Node) Entry(ctx context.Context, as tearline.PartyID, id string) (EntryInfo, error) {
	return n.ledgers().Show(ctx, as, id)
}

// Prove returns the proof that a statement is in a party's ledger.
func (n *Node) Prove(ctx context.Context, as tearline.PartyID, id string) (Proof, error) {
	return n.ledgers().Prove(ctx, as, id)
}

// ExportLedger writes a party's ledger as C2SP tlog-tiles under dir, the
// checkpoint last. It returns the checkpoint.
func (n *Node) ExportLedger(ctx context.Context, as tearline.PartyID, dir string) (ledger.Checkpoint, error) {
	return n.ledgers().Export(ctx, as, dir)
}

// ledgers are the books, for showing the ledgers in them.
func (n *Node) ledgers() *ledgers.Books {
	return &ledgers.Books{
		Read: n.book.Read, Known: book.KnownParty, Find: oneEntry, Statement: book.Statement,
		Entries: book.Entries, Head: n.book.Head, Keys: n.book.Keys,
		Receipt: func(ctx context.Context, of tearline.PartyID, s ledger.Signed, index int64) (ledger.Receipt, error) {
			return n.book.Prove(ctx, of, book.Said{Signed: s, Index: index})
		},
	}
}
