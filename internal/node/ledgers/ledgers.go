// Package ledgers shows a party its own ledger: entry by entry, as proofs that
// others can check, and as tiles. It writes nothing into a ledger, and shows
// none to anybody but the party whose it is.
//
// How the books are read is the books' own affair. This package is told it by
// its caller, as [Books], and imports no package that writes them.
package ledgers

import (
	"context"
	"encoding/json"
	"iter"
	"os"
	"path/filepath"
	"time"

	"tearline"
	"tearline/internal/keys"
	"tearline/internal/store/sqlite"
	"tearline/ledger"
)

// Books are the books in which the ledgers are. Every field must be given.
type Books struct {
	// Read runs a function on the tables as they stand.
	Read func(context.Context, func(*sqlite.Tx) error) error
	// Known returns a party's row, or an error that says that there is none.
	Known func(*sqlite.Tx, tearline.PartyID) (sqlite.PartyRow, error)
	// Find finds the one entry of a party's ledger whose name begins so.
	Find func(tx *sqlite.Tx, of tearline.PartyID, begin string, kinds ...tearline.StatementKind) (sqlite.Entry, error)
	// Statement reads an entry.
	Statement func(sqlite.Entry) (tearline.Statement, error)
	// Entries streams a party's log in the form that the ledger checks.
	Entries func(context.Context, *sqlite.Tx, tearline.PartyID) iter.Seq2[ledger.Entry, error]
	// Head is a ledger's size and root.
	Head func(*sqlite.Tx, tearline.PartyID) (ledger.Checkpoint, error)
	// Keys loads the keys of a party hosted here.
	Keys func(tearline.PartyID) (*keys.Keys, error)
	// Receipt proves that a statement stands at an index of a party's ledger.
	Receipt func(ctx context.Context, of tearline.PartyID, s ledger.Signed, index int64) (ledger.Receipt, error)
}

// Entry is one entry of a ledger.
type Entry struct {
	Ledger    tearline.PartyID       `json:"ledger"`
	Index     int64                  `json:"index"`
	Statement tearline.StatementID   `json:"statement"`
	Kind      tearline.StatementKind `json:"kind"`
	At        time.Time              `json:"at"`
	// Recorded is when it was entered, if that was after it was said; it is
	// given for a single entry, as are Subjects and Says.
	Recorded time.Time          `json:"recorded,omitzero"`
	Subjects []Subject          `json:"subjects,omitempty"`
	Says     tearline.Predicate `json:"says,omitempty"`
}

// Subject is a subject for a reader.
type Subject struct {
	Name   string          `json:"name"`
	Digest tearline.Digest `json:"digest"`
}

// List lists a party's ledger from an index on, at most limit of its entries.
func (b *Books) List(ctx context.Context, as tearline.PartyID, from int64, limit int) ([]Entry, error) {
	list := []Entry{}
	err := b.Read(ctx, func(tx *sqlite.Tx) error {
		if _, err := b.Known(tx, as); err != nil {
			return err
		}
		for e, err := range tx.Entries(as, from) {
			if err != nil {
				return err
			}
			if len(list) == limit {
				return nil
			}
			list = append(list, Entry{Ledger: e.Log, Index: e.Index, Statement: e.ID, Kind: e.Kind, At: e.At})
		}
		return nil
	})
	return list, err
}

// Show shows one statement of a party's ledger; id may be its beginning.
func (b *Books) Show(ctx context.Context, as tearline.PartyID, id string) (Entry, error) {
	var out Entry
	err := b.Read(ctx, func(tx *sqlite.Tx) error {
		e, err := b.Find(tx, as, id)
		if err != nil {
			return err
		}
		s, err := b.Statement(e)
		if err != nil {
			return err
		}
		out = Entry{Ledger: e.Log, Index: e.Index, Statement: e.ID, Kind: e.Kind, At: e.At, Recorded: s.Recorded, Says: s.Says}
		for _, sub := range s.Subjects {
			out.Subjects = append(out.Subjects, Subject{Name: sub.Name, Digest: sub.Digest})
		}
		return nil
	})
	return out, err
}

// Proof is what a party needs to check one statement offline: the receipt and
// the keys to check it with.
type Proof struct {
	Party        tearline.PartyID `json:"party"`
	StatementKey string           `json:"statement_key"`
	LogKey       string           `json:"log_key"`
	Receipt      json.RawMessage  `json:"receipt"`
}

// Prove returns the proof that a statement is in a party's ledger; id may be
// the statement's beginning.
func (b *Books) Prove(ctx context.Context, as tearline.PartyID, id string) (Proof, error) {
	var s ledger.Signed
	var index int64
	var p Proof
	err := b.Read(ctx, func(tx *sqlite.Tx) error {
		e, err := b.Find(tx, as, id)
		if err != nil {
			return err
		}
		st, err := b.Statement(e)
		if err != nil {
			return err
		}
		row, err := b.Known(tx, as)
		p = Proof{Party: as, StatementKey: row.StatementKey, LogKey: row.LogKey}
		s, index = ledger.Signed{Statement: st, Envelope: e.Envelope, Salt: e.Salt}, e.Index
		return err
	})
	if err != nil {
		return Proof{}, err
	}
	r, err := b.Receipt(ctx, as, s, index)
	if err != nil {
		return Proof{}, err
	}
	p.Receipt, err = json.Marshal(r)
	return p, err
}

// Export writes a party's ledger as C2SP tlog-tiles under dir, the checkpoint
// last. It returns the checkpoint.
func (b *Books) Export(ctx context.Context, as tearline.PartyID, dir string) (ledger.Checkpoint, error) {
	k, err := b.Keys(as)
	if err != nil {
		return ledger.Checkpoint{}, err
	}
	var c ledger.Checkpoint
	err = b.Read(ctx, func(tx *sqlite.Tx) error {
		if c, err = b.Head(tx, as); err != nil {
			return err
		}
		signed, err := ledger.SignCheckpoint(k.Log, c)
		if err != nil {
			return err
		}
		leaves := func(yield func([]byte, error) bool) {
			for e, err := range b.Entries(ctx, tx, as) {
				if !yield(ledger.Leaf(e.Salt, e.Envelope), err) || err != nil {
					return
				}
			}
		}
		return ledger.Export(func(name string, data []byte) error { return writeUnder(dir, name, data) }, leaves, tx.Hashes(as), c.Size, signed)
	})
	return c, err
}

// writeUnder writes a file below dir.
func writeUnder(dir, name string, data []byte) error {
	full := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil { //nolint:gosec // exported for others to read
		return err
	}
	return os.WriteFile(full, data, 0o644) //nolint:gosec // as above
}
