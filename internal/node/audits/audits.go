// Package audits turns entries of ledgers into events, as one party may know
// them: with the gist of what it told and the place in its own ledger, and without
// either for what others said. It decides nothing of what a party is shown: its
// caller adds the entries. It writes nothing.
package audits

import (
	"time"

	"tearline"
	"tearline/internal/event"
	"tearline/internal/store/sqlite"
)

// An Audit is a party's. Every field must be given.
type Audit struct {
	Tx *sqlite.Tx
	As tearline.PartyID
	// Statement reads an entry, RefStatement is what is indexed under a
	// statement, and Instants how exactly a party is told when others spoke.
	Statement    func(sqlite.Entry) (tearline.Statement, error)
	RefStatement func(tearline.StatementID) string
	Instants     time.Duration

	seen   map[tearline.StatementID]bool
	events []event.Event
}

// Events returns the events in the order in which they were said.
func (a *Audit) Events() []event.Event {
	event.Sort(a.events)
	return a.events
}

// Add adds an entry, once; a disclosure of the party's own with what became of
// it.
func (a *Audit) Add(e sqlite.Entry) error {
	if a.seen[e.ID] {
		return nil
	}
	if a.seen == nil {
		a.seen = map[tearline.StatementID]bool{}
	}
	a.seen[e.ID] = true
	s, err := a.Statement(e)
	if err != nil {
		return err
	}
	ev := event.New(&s, e.Log, e.Index)
	if e.Log == a.As {
		ev.Index = &e.Index
	} else {
		ev.At = s.At.Truncate(a.Instants)
	}
	if d, ok := s.Says.(*tearline.Disclosure); ok && e.Log == a.As && d.ToldTo == "" {
		if ev.Gist, err = a.gist(e.ID, d.Report); err != nil {
			return err
		}
	}
	a.events = append(a.events, ev)
	if e.Log != a.As || e.Kind != tearline.KindDisclosure && e.Kind != tearline.KindRecall {
		return nil
	}
	return a.followed(e.ID)
}

// gist is what was told by a disclosure of a report.
func (a *Audit) gist(id tearline.StatementID, report tearline.ReportID) (string, error) {
	rows, err := a.Tx.Disclosures(a.As, report)
	for _, r := range rows {
		if r.Statement == id {
			return r.Gist, err
		}
	}
	return "", err
}

// followed adds what became of a disclosure of the party's: its recall, and what
// the recipient said that it did.
func (a *Audit) followed(id tearline.StatementID) error {
	for e, err := range a.Tx.ByRef(a.RefStatement(id), tearline.KindRecall, tearline.KindConfirmation) {
		if err != nil {
			return err
		}
		if e.Kind == tearline.KindRecall && e.Log != a.As {
			continue
		}
		if err := a.Add(e); err != nil {
			return err
		}
	}
	return nil
}
