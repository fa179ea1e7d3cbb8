package node

import (
	"context"

	"tearline"
	"tearline/internal/event"
	"tearline/internal/node/audits"
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

// An Event is one statement, as the asking party may know it; see [event.Event].
type Event = event.Event

// AuditReport lists everything that happened to a report, for its holder.
func (n *Node) AuditReport(ctx context.Context, as tearline.PartyID, id tearline.ReportID) (Audited, error) {
	out := Audited{Report: id, Events: []Event{}}
	err := n.book.Read(ctx, func(tx *sqlite.Tx) error {
		if _, err := book.Holding(tx, as, id); err != nil {
			return err
		}
		a := audited(tx, as)
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
			if err := a.Add(e); err != nil {
				return err
			}
		}
		out.Events = nonNil(a.Events())
		return nil
	})
	return out, err
}

// audited begins an audit of a party's.
func audited(tx *sqlite.Tx, as tearline.PartyID) *audits.Audit {
	return &audits.Audit{Tx: tx, As: as, Statement: book.Statement, RefStatement: book.RefStatement, Instants: book.Instants}
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
	// What is due has been told, or the directory's own party learns why not:
	// what is wrong in somebody's books is not for others to know.
	if err := n.book.Notify(ctx); err != nil && as == n.Own() {
		return out, err
	}
	err := n.book.Read(ctx, func(tx *sqlite.Tx) error {
		if _, err := book.KnownParty(tx, as); err != nil {
			return err
		}
		if _, err := book.KnownParty(tx, originator); err != nil {
			return err
		}
		a := audited(tx, as)
		if err := of(tx, as, originator, a); err != nil {
			return err
		}
		out.Events = nonNil(a.Events())
		return nil
	})
	return out, err
}

// of adds what became of an originator's material.
func of(tx *sqlite.Tx, as, o tearline.PartyID, a *audits.Audit) error {
	var kinds []tearline.StatementKind
	if o == as { // what it said about its own material
		kinds = []tearline.StatementKind{tearline.KindConsent, tearline.KindDeclassification, tearline.KindExclusion, tearline.KindRevocation}
		for e, err := range tx.ByKind(o, kinds...) {
			if err != nil {
				return err
			}
			if err := a.Add(e); err != nil {
				return err
			}
		}
	}
	for _, ref := range []string{book.RefTold(o), book.RefOriginator(o)} {
		for e, err := range tx.ByRef(ref, tearline.KindDisclosure, tearline.KindRequest, tearline.KindFiling, tearline.KindExposure) {
			if err != nil {
				return err
			}
			// A filing is the holder's business; the originator is told
			// when something goes out.
			if e.Log != as && (o != as || e.Kind == tearline.KindFiling) {
				continue
			}
			if err := a.Add(e); err != nil {
				return err
			}
		}
	}
	return nil
}
