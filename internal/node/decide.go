package node

import (
	"context"
	"time"

	"tearline"
	"tearline/internal/answer"
	"tearline/internal/node/book"
	"tearline/internal/node/copies"
	"tearline/internal/store/sqlite"
	"tearline/release"
)

// A Question asks whether somebody may have a report that a party holds.
type Question struct {
	As      tearline.PartyID // the holder whose officer asks
	Report  tearline.ReportID
	To      tearline.PartyID
	Unit    string // in the recipient's service
	Person  *release.Person
	At      time.Time // zero: now
	Mode    tearline.Mode
	Purpose string
	Officer string // who asks or passes it on, for the record of a disclosure
	// Code is how often an individual copy has the rarer alternative of a point;
	// "" is that of the report's first copy, or [tearline.CodeNuida].
	Code tearline.Code
	// Plain gives a copy in the plain wording, which no leak can be traced to.
	Plain bool
	// Format is that of the copy: how it is written, and read back by another
	// path than the one that writes it. The zero format is Markdown.
	Format copies.Format
}

// Decided is the answer to a question, for the holder's own officer.
type Decided = answer.Decided

// Warning is what somebody in danger could be told now.
type Warning = answer.Warning

// Decide answers a question. The report must be held by the party that asks:
// for any other, and for one that is not there, the answer is Withheld.
func (n *Node) Decide(ctx context.Context, q Question) (out Decided, err error) {
	err = n.decided(ctx, q, func(r *tearline.Report, d release.Decision) error {
		out = answer.Decide(r, d)
		return nil
	})
	return out, err
}

// Warn says what of a report the recipient could be told, and whose consent
// would add how much. It passes nothing on and records nothing.
func (n *Node) Warn(ctx context.Context, q Question) (out Warning, err error) {
	err = n.decided(ctx, q, func(r *tearline.Report, d release.Decision) error {
		out, err = answer.Warn(r, d)
		return err
	})
	return out, err
}

// decided decides on a question and hands the decision to fn.
func (n *Node) decided(ctx context.Context, q Question, fn func(*tearline.Report, release.Decision) error) error {
	return n.book.Read(ctx, func(tx *sqlite.Tx) error {
		h, err := book.Holding(tx, q.As, q.Report)
		if err != nil {
			return err
		}
		at, err := n.instant(tx, q.As, q.At)
		if err != nil {
			return err
		}
		d, err := n.book.Decide(tx, q.Report, q.request(at), q.At.IsZero())
		if err != nil {
			return err
		}
		return fn(h.Report, d)
	})
}

// request is the question in the decision point's words.
func (q Question) request(at time.Time) release.Request {
	mode := q.Mode
	if mode == "" {
		mode = tearline.Document
	}
	return release.Request{Holder: q.As, Recipient: q.To, Unit: q.Unit, Person: q.Person, At: at, Mode: mode, Purpose: q.Purpose, Officer: q.Officer}
}

// instant is t, or now if that is zero, as a party sees the time; an instant
// before the epoch is nobody's.
func (n *Node) instant(tx *sqlite.Tx, as tearline.PartyID, t time.Time) (time.Time, error) {
	if t.IsZero() {
		now, err := n.book.Clock()
		if err != nil {
			return now, err
		}
		return book.NextInstant(tx, as, now)
	}
	if t.Before(time.Unix(0, 0)) {
		return t, book.Invalidf("time", "give a time since 1970, such as 2026-03-01T09:00:00Z", "%s is before 1970", t.UTC().Format(time.RFC3339))
	}
	return t.UTC(), nil
}

// decide decides on a question now; what the writer says next is dated by it.
func (w *writer) decide(q Question, without ...tearline.StatementID) (release.Decision, error) {
	d, err := w.n.book.Decide(w.Tx, q.Report, q.request(w.At), true, without...)
	if err == nil {
		w.At = d.Request().At
	}
	return d, err
}
