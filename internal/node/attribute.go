package node

import (
	"context"

	"tearline"
	"tearline/internal/attribution"
	"tearline/internal/keys"
	"tearline/internal/node/book"
	"tearline/internal/node/copies"
	"tearline/internal/node/trace"
	"tearline/internal/store/sqlite"
	"tearline/marking"
)

// Attribute compares the copies of what a leaked text draws on with it: two
// persons ask, what the text shows is on record before any copy is looked at,
// and what that comes to after. It returns the finding, and the bundle by which
// anybody can check it.
func (n *Node) Attribute(ctx context.Context, as tearline.PartyID, q trace.Question, ask copies.Question) (*copies.Attributed, *attribution.Bundle, error) {
	if err := n.drawnOn(ctx, as, q, &ask); err != nil {
		return nil, nil, err
	}
	var read *copies.Reading
	err := n.reading(ctx, as, func(b copies.Books) (err error) {
		read, err = copies.Read(b, ask)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	err = n.write(ctx, as, func(w *writer) error {
		if err := w.mayAttribute(&ask); err != nil {
			return err
		}
		return read.Commit(w.copies())
	})
	if err != nil {
		return nil, nil, err
	}
	var out *copies.Attributed
	err = n.write(ctx, as, func(w *writer) (err error) {
		out, err = read.Compare(w.copies())
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	var bundle *attribution.Bundle
	err = n.reading(ctx, as, func(b copies.Books) (err error) {
		bundle, err = read.Bundle(b, out)
		return err
	})
	return out, bundle, err
}

// drawnOn finds out what a leak draws on: a text by tracing it; a picture is of
// the report that it is said to be of.
func (n *Node) drawnOn(ctx context.Context, as tearline.PartyID, q trace.Question, ask *copies.Question) error {
	if ask.Pages != nil {
		if q.Warrant != "" || q.Investigator != "" {
			return book.Invalidf("attribute", "have an officer of the holder's compare it", "a warrant is to trace texts: it covers no picture")
		}
		return n.book.Read(ctx, func(tx *sqlite.Tx) (err error) {
			h, err := book.Holding(tx, as, ask.Report)
			if err != nil {
				return err
			}
			for _, p := range copies.Wordings(h.Report) {
				ask.Portions = append(ask.Portions, p.Ref)
			}
			ask.Seen, err = n.instant(tx, as, q.Seen)
			return err
		})
	}
	q.Record = false
	t, err := n.Trace(ctx, as, q, nil)
	ask.Leak, ask.Seen = t.Leak, t.Seen
	for i := range t.Matches {
		if t.Matches[i].Counts() {
			ask.Portions = append(ask.Portions, t.Matches[i].Ref())
		}
	}
	return err
}

// mayAttribute refuses a case that takes no entries, and whom the party has not
// given the power, once it has given it to anybody.
func (w *writer) mayAttribute(ask *copies.Question) error {
	if err := w.n.takes(w.Tx, w.By, ask.Case); err != nil {
		return err
	}
	var over []marking.Marking
	for _, ref := range ask.Portions {
		h, err := book.Holding(w.Tx, w.By, ref.Report)
		if err != nil {
			return err
		}
		ref.Portion, _ = ref.Portion.IsTear() // a tear line is a matter for whoever has the whole
		over = append(over, book.MarksOf(h.Report, []tearline.PortionRef{ref})...)
	}
	for _, two := range [][2]string{{ask.Officer, ask.Second}, {ask.Second, ask.Officer}} {
		if err := w.empowered(tearline.PowerAttribute, two[0], two[1], over); err != nil {
			return err
		}
	}
	return nil
}

// EraseFingerprint destroys the secrets by which the copies of a report are
// told apart: from then on nobody can, and new ones are in its plain wording.
func (n *Node) EraseFingerprint(ctx context.Context, as tearline.PartyID, id tearline.ReportID, officer, because string) (st tearline.StatementID, err error) {
	err = n.write(ctx, as, func(w *writer) error {
		if _, err := book.Holding(w.Tx, as, id); err != nil {
			return err
		}
		st, err = copies.Erase(w.copies(), id, officer, because)
		return err
	})
	return st, err
}

// reading runs fn on a party's books as they stand, for telling copies apart.
func (n *Node) reading(ctx context.Context, as tearline.PartyID, fn func(copies.Books) error) error {
	k, err := n.book.Keys(as)
	if err != nil {
		return err
	}
	return n.book.Read(ctx, func(tx *sqlite.Tx) error { return fn(n.copies(tx, as, k)) })
}

// copies are a party's books, for telling copies apart.
func (n *Node) copies(tx *sqlite.Tx, as tearline.PartyID, k *keys.Keys) copies.Books {
	return copies.Books{
		Tx: tx, Party: as, Keys: k, Random: n.book.RandomBytes, RefReport: book.RefReport, RefStatement: book.RefStatement, Statement: book.Statement,
		Report: book.Holdings(tx, as),
	}
}

// copies are the books, to say something of copies.
func (w *writer) copies() copies.Books {
	b := w.n.copies(w.Tx, w.By, w.Keys)
	b.Say = func(subjects []tearline.Subject, says tearline.Predicate, refs ...string) (tearline.StatementID, int64, error) {
		s, err := w.Say(subjects, says, refs...)
		return s.Signed.Statement.ID, s.Index, err
	}
	return b
}

// Approvals are what was said of proposed alternatives in a party's name.
func (n *Node) Approvals(as tearline.PartyID) copies.Approvals {
	return copies.Approvals{Party: as, Holdings: book.Holdings, Read: n.book.Read, Change: n.book.Change, Now: n.book.Now}
}
