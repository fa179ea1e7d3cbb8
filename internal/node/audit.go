package node

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tearline"
	"tearline/internal/node/book"
	"tearline/internal/store/sqlite"
)

// Audited is everything that happened to a report, or became of an
// originator's material, in order.
type Audited struct {
	Report     tearline.ReportID `json:"report,omitempty"`
	Originator tearline.PartyID  `json:"originator,omitempty"`
	Events     []Event           `json:"events"`
}

// An Event is one statement, as the asking party may know it.
type Event struct {
	At        time.Time            `json:"at"` // when it was said
	Statement tearline.StatementID `json:"statement"`
	Ledger    tearline.PartyID     `json:"ledger"`
	// Index is the entry's place in the asking party's own ledger. In
	// another's it is not told: it would count what is hidden there.
	Index     *int64                 `json:"index,omitempty"`
	Kind      tearline.StatementKind `json:"kind"`
	By        tearline.PartyID       `json:"by"`
	Recipient tearline.PartyID       `json:"recipient,omitempty"`
	Mode      tearline.Mode          `json:"mode,omitempty"`
	Copy      tearline.CopyID        `json:"copy,omitempty"`
	Occurred  *time.Time             `json:"occurred,omitempty"`
	AfterFact bool                   `json:"after_fact,omitempty"`
	Items     []EventItem            `json:"items"`
	// State is what a consent, request or revocation came to.
	State      string               `json:"state,omitempty"`
	Conditions []tearline.Condition `json:"conditions,omitempty"`
	Until      *time.Time           `json:"until,omitempty"`
	Authority  string               `json:"authority,omitempty"`
	Because    string               `json:"because,omitempty"`
	Marking    string               `json:"marking,omitempty"`
	// Gist is what was told, for the holder alone.
	Gist string `json:"gist,omitempty"`
	// Of is the statement that this one answers, takes back or repeats.
	Of tearline.StatementID `json:"of,omitempty"`

	// For order alone.
	at    time.Time
	index int64
}

// An EventItem is a portion in an event; outcome and basis are set where it
// was passed on.
type EventItem struct {
	Portion    string                 `json:"portion"`
	Replaced   bool                   `json:"replaced,omitempty"`
	Outcome    *tearline.Outcome      `json:"outcome,omitempty"`
	Basis      tearline.Basis         `json:"basis,omitempty"`
	Statements []tearline.StatementID `json:"statements,omitempty"`
}

// AuditReport lists everything that happened to a report, for its holder.
func (n *Node) AuditReport(ctx context.Context, as tearline.PartyID, id tearline.ReportID) (Audited, error) {
	out := Audited{Report: id, Events: []Event{}}
	err := n.book.Read(ctx, func(tx *sqlite.Tx) error {
		if _, err := book.Holding(tx, as, id); err != nil {
			return err
		}
		a := auditor{tx: tx, as: as, seen: map[tearline.StatementID]bool{}}
		for e, err := range tx.ByRef(book.RefReport(id)) {
			if err != nil {
				return err
			}
			ours, err := heard(tx, as, e)
			if err != nil {
				return err
			}
			if !ours {
				continue
			}
			if err := a.add(e); err != nil {
				return err
			}
		}
		out.Events = a.sorted()
		return nil
	})
	return out, err
}

// heard reports whether a statement that mentions a report of that name is
// the holder's own or speaks to the holder.
func heard(tx *sqlite.Tx, holder tearline.PartyID, e sqlite.Entry) (bool, error) {
	if e.Log == holder {
		return true, nil
	}
	switch e.Kind { //nolint:exhaustive // what others say about what the holder has
	case tearline.KindConsent, tearline.KindDeclassification:
		return book.Concerns(tx, holder, e)
	case tearline.KindRevocation:
		s, err := book.Statement(e)
		if err != nil {
			return false, err
		}
		r, ok := s.Says.(*tearline.Revocation)
		if !ok {
			return false, nil
		}
		of, ok, err := tx.Entry(r.Of)
		if err != nil || !ok {
			return false, err
		}
		return book.Concerns(tx, holder, of)
	}
	return false, nil
}

// AuditOriginator lists everything that became of an originator's material:
// for the holder, all that it did with it; for the originator itself, what it
// was told and asked, and what it said.
func (n *Node) AuditOriginator(ctx context.Context, as, originator tearline.PartyID) (Audited, error) {
	out := Audited{Originator: originator, Events: []Event{}}
	if err := n.book.Notify(ctx); err != nil { // what is due has been told
		return out, err
	}
	err := n.book.Read(ctx, func(tx *sqlite.Tx) error {
		if _, err := book.KnownParty(tx, as); err != nil {
			return err
		}
		if _, err := book.KnownParty(tx, originator); err != nil {
			return err
		}
		a := auditor{tx: tx, as: as, seen: map[tearline.StatementID]bool{}}
		if err := a.originator(originator); err != nil {
			return err
		}
		out.Events = a.sorted()
		return nil
	})
	return out, err
}

func (a *auditor) originator(o tearline.PartyID) error {
	var kinds []tearline.StatementKind
	if o == a.as { // what it said about its own material
		kinds = []tearline.StatementKind{tearline.KindConsent, tearline.KindDeclassification, tearline.KindExclusion, tearline.KindRevocation}
		for e, err := range a.tx.ByKind(o, kinds...) {
			if err != nil {
				return err
			}
			if err := a.add(e); err != nil {
				return err
			}
		}
	}
	for _, ref := range []string{book.RefTold(o), book.RefOriginator(o)} {
		for e, err := range a.tx.ByRef(ref, tearline.KindDisclosure, tearline.KindRequest, tearline.KindFiling) {
			if err != nil {
				return err
			}
			// A filing is the holder's business; the originator is told
			// when something goes out.
			if e.Log != a.as && (o != a.as || e.Kind == tearline.KindFiling) {
				continue
			}
			if err := a.add(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// auditor turns entries into events.
type auditor struct {
	tx     *sqlite.Tx
	as     tearline.PartyID
	seen   map[tearline.StatementID]bool
	events []Event
}

// sorted returns the events in the order in which they were said.
func (a *auditor) sorted() []Event {
	slices.SortStableFunc(a.events, func(x, y Event) int {
		return cmp.Or(x.at.Compare(y.at), cmp.Compare(x.Ledger, y.Ledger), cmp.Compare(x.index, y.index))
	})
	return nonNil(a.events)
}

func (a *auditor) add(e sqlite.Entry) error {
	if a.seen[e.ID] {
		return nil
	}
	a.seen[e.ID] = true
	s, err := book.Statement(e)
	if err != nil {
		return err
	}
	ev := Event{At: s.At, Statement: e.ID, Ledger: e.Log, Kind: e.Kind, By: s.By, Items: []EventItem{}, at: s.At, index: e.Index}
	if e.Log == a.as {
		ev.Index = &e.Index
	} else {
		ev.At = s.At.Truncate(book.Instants)
	}
	ev.fill(s.Says)
	if d, ok := s.Says.(*tearline.Disclosure); ok && e.Log == a.as && d.ToldTo == "" {
		rows, err := a.tx.Disclosures(a.as, d.Report)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if r.Statement == e.ID {
				ev.Gist = r.Gist
			}
		}
	}
	a.events = append(a.events, ev)
	return nil
}

// fill copies what a statement says into an event.
func (ev *Event) fill(says tearline.Predicate) {
	switch x := says.(type) {
	case *tearline.Filing:
		for _, p := range x.Portions {
			ev.Items = append(ev.Items, EventItem{Portion: string(p.ID)})
		}
		ev.Marking = x.Banner
	case *tearline.Request:
		ev.Recipient, ev.Mode, ev.State = x.Recipient, x.Mode, book.StateAsked
		ev.portions(x.Portions)
	case *tearline.Consent:
		ev.Recipient, ev.Conditions, ev.Of, ev.State = x.Recipient, x.Conditions, x.Request, book.StateRefused
		if x.Granted {
			ev.State = book.StateGranted
		}
		ev.until(x.Until)
		ev.portions(x.Portions)
	case *tearline.Revocation:
		ev.Of, ev.Because, ev.State = x.Of, x.Because, book.StateRevoked
	case *tearline.Declassification:
		ev.Authority, ev.Because, ev.Marking = x.Authority, x.Because, x.To
		ev.portions(x.Portions)
	case *tearline.Discretion:
		ev.Recipient, ev.Authority, ev.Because = x.Recipient, x.Authority, x.Because
		ev.until(x.Until)
		ev.portions(x.Portions)
	case *tearline.Exclusion:
		ev.Recipient = x.Party
		ev.until(x.Until)
	case *tearline.Embargo:
		ev.until(x.Until)
	case *tearline.Sighting:
		ev.Occurred = &x.Seen
		ev.portions(x.Matches)
	case *tearline.Disclosure:
		ev.disclosure(x)
	}
}

func (ev *Event) disclosure(x *tearline.Disclosure) {
	ev.Recipient, ev.Mode, ev.Copy, ev.AfterFact, ev.Of = x.Recipient, x.Mode, x.Copy, x.AfterFact, x.Of
	ev.Occurred = &x.Occurred
	for _, it := range x.Items {
		outcome := it.Outcome
		ev.Items = append(ev.Items, EventItem{
			Portion: it.Portion.String(), Replaced: it.Replaced, Outcome: &outcome, Basis: it.Basis, Statements: it.Statements,
		})
	}
}

func (ev *Event) until(t time.Time) {
	if !t.IsZero() {
		ev.Until = &t
	}
}

func (ev *Event) portions(refs []tearline.PortionRef) {
	for _, r := range refs {
		ev.Items = append(ev.Items, EventItem{Portion: r.String()})
	}
}
