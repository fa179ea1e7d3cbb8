package node

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"tearline"
	"tearline/internal/node/book"
	"tearline/internal/store/sqlite"
	"tearline/ledger"
)

// EntryInfo is one entry of a ledger.
type EntryInfo struct {
	Ledger    tearline.PartyID       `json:"ledger"`
	Index     int64                  `json:"index"`
	Statement tearline.StatementID   `json:"statement"`
	Kind      tearline.StatementKind `json:"kind"`
	At        time.Time              `json:"at"`
	// Recorded is when it was entered, if that was after it was said; it is
	// given for a single entry, as are Subjects and Says.
	Recorded time.Time          `json:"recorded,omitzero"`
	Subjects []SubjectInfo      `json:"subjects,omitempty"`
	Says     tearline.Predicate `json:"says,omitempty"`
}

// SubjectInfo is a subject for a reader.
type SubjectInfo struct {
	Name   string          `json:"name"`
	Digest tearline.Digest `json:"digest"`
}

// Entries lists a party's ledger from an index on, at most limit of them.
func (n *Node) Entries(ctx context.Context, as tearline.PartyID, from int64, limit int) ([]EntryInfo, error) {
	list := []EntryInfo{}
	err := n.book.Read(ctx, func(tx *sqlite.Tx) error {
		if _, err := book.KnownParty(tx, as); err != nil {
			return err
		}
		for e, err := range tx.Entries(as, from) {
			if err != nil {
				return err
			}
			if len(list) == limit {
				return nil
			}
			list = append(list, EntryInfo{Ledger: e.Log, Index: e.Index, Statement: e.ID, Kind: e.Kind, At: e.At})
		}
		return nil
	})
	return list, err
}

// Entry shows one statement of a party's ledger; id may be its beginning.
func (n *Node) Entry(ctx context.Context, as tearline.PartyID, id string) (EntryInfo, error) {
	var out EntryInfo
	err := n.book.Read(ctx, func(tx *sqlite.Tx) error {
		e, err := oneEntry(tx, as, id)
		if err != nil {
			return err
		}
		s, err := book.Statement(e)
		if err != nil {
			return err
		}
		out = EntryInfo{Ledger: e.Log, Index: e.Index, Statement: e.ID, Kind: e.Kind, At: e.At, Recorded: s.Recorded, Says: s.Says}
		for _, sub := range s.Subjects {
			out.Subjects = append(out.Subjects, SubjectInfo{Name: sub.Name, Digest: sub.Digest})
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

// Prove returns the proof that a statement is in a party's ledger.
func (n *Node) Prove(ctx context.Context, as tearline.PartyID, id string) (Proof, error) {
	var s book.Said
	var p Proof
	err := n.book.Read(ctx, func(tx *sqlite.Tx) error {
		e, err := oneEntry(tx, as, id)
		if err != nil {
			return err
		}
		st, err := book.Statement(e)
		if err != nil {
			return err
		}
		row, err := book.KnownParty(tx, as)
		p = Proof{Party: as, StatementKey: row.StatementKey, LogKey: row.LogKey}
		s = book.Said{Signed: ledger.Signed{Statement: st, Envelope: e.Envelope, Salt: e.Salt}, Index: e.Index}
		return err
	})
	if err != nil {
		return Proof{}, err
	}
	r, err := n.book.Prove(ctx, as, s)
	if err != nil {
		return Proof{}, err
	}
	p.Receipt, err = json.Marshal(r)
	return p, err
}

// ExportLedger writes a party's ledger as C2SP tlog-tiles under dir, the
// checkpoint last. It returns the checkpoint.
func (n *Node) ExportLedger(ctx context.Context, as tearline.PartyID, dir string) (ledger.Checkpoint, error) {
	k, err := n.book.Keys(as)
	if err != nil {
		return ledger.Checkpoint{}, err
	}
	var c ledger.Checkpoint
	err = n.book.Read(ctx, func(tx *sqlite.Tx) error {
		if c, err = n.book.Head(tx, as); err != nil {
			return err
		}
		signed, err := ledger.SignCheckpoint(k.Log, c)
		if err != nil {
			return err
		}
		leaves := func(yield func([]byte, error) bool) {
			for e, err := range book.Entries(ctx, tx, as) {
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
