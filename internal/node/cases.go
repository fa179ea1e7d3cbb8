package node

import (
	"context"
	"encoding/json"
	"time"

	"tearline"
	"tearline/internal/node/book"
	"tearline/internal/node/cases"
	"tearline/internal/node/trace"
	"tearline/internal/store/sqlite"
)

// Cases are a party's books for its files on leaks.
func (n *Node) Cases(as tearline.PartyID) *cases.Desk {
	return &cases.Desk{
		Party: as, Read: n.book.Read, Known: book.KnownParty, Find: oneEntry, Statement: book.Statement, Behind: n.book.Behind,
		Keys: n.book.Keys, Sees: sees, Refs: book.RefsOf, Told: book.RefTold, Under: book.RefStatement, NotBefore: book.NotBefore,
		Now: func(tx *sqlite.Tx) (time.Time, error) { return n.instant(tx, as, time.Time{}) },
		Write: func(ctx context.Context, fn func(*cases.Pen) error) error {
			return n.write(ctx, as, func(w *writer) error { return fn(w.pen()) })
		},
	}
}

// pen lets package cases say things in the writer's transaction.
func (w *writer) pen() *cases.Pen {
	return &cases.Pen{
		Tx: w.Tx, At: &w.At, Random: w.n.book.RandomBytes,
		Say: func(about []tearline.Subject, says tearline.Predicate, refs ...string) (tearline.StatementID, error) {
			s, err := w.Say(about, says, refs...)
			return s.Signed.Statement.ID, err
		},
		Subjects: func(about []tearline.PortionRef) ([]tearline.Subject, error) { return w.Subjects(w.By, about) },
	}
}

// takes reports, as an error, why a party's case takes no entries; "" is none.
func (n *Node) takes(tx *sqlite.Tx, as tearline.PartyID, name string) error {
	if name == "" {
		return nil
	}
	return n.Cases(as).Takes(tx, name)
}

// intoCase puts a statement in the file of a case; "" is none.
func (w *writer) intoCase(name, officer string, id tearline.StatementID) error {
	if name == "" {
		return nil
	}
	return w.n.Cases(w.By).Put(w.pen(), name, officer, "", id)
}

// sees returns what a party says that has seen the text of which a trace was
// kept.
func sees(kept json.RawMessage, where string) (*tearline.Sighting, error) {
	var t trace.Result
	err := json.Unmarshal(kept, &t)
	return t.Sees(t.Seen, where), err
}
