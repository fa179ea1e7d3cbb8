package node

import (
	"context"
	"time"

	"tearline"
	"tearline/internal/node/book"
	"tearline/internal/store/sqlite"
	"tearline/release"
)

// A Question asks whether somebody may have a report that a party holds.
type Question struct {
	As      tearline.PartyID // the holder whose officer asks
	Report  tearline.ReportID
	To      tearline.PartyID
	Person  *release.Person
	At      time.Time // zero: now
	Mode    tearline.Mode
	Purpose string
	Officer string // who passes it on, for the record of a disclosure
}

// Decided is the answer to a question, for the holder's own officer.
type Decided struct {
	Report    tearline.ReportID `json:"report"`
	Recipient tearline.PartyID  `json:"recipient"`
	At        time.Time         `json:"at"`
	Outcome   tearline.Outcome  `json:"outcome"`
	Portions  []DecidedPortion  `json:"portions"`
}

// A DecidedPortion is the answer for one portion.
type DecidedPortion struct {
	Portion tearline.PortionID `json:"portion"`
	Marking string             `json:"marking"`
	Outcome tearline.Outcome   `json:"outcome"`
	Basis   tearline.Basis     `json:"basis"`
	Ask     []tearline.PartyID `json:"ask"`
	Reasons []DecidedReason    `json:"reasons"`
	// TearLine is the outcome for the approved wording, if there is one.
	TearLine *tearline.Outcome `json:"tear_line,omitempty"`
	// Discretion is the statement by which an authority discloses the
	// portion although the outcome is not Release.
	Discretion tearline.StatementID `json:"discretion,omitempty"`
	Conditions []tearline.Condition `json:"conditions,omitempty"`
}

// A DecidedReason is what one rule came to.
type DecidedReason struct {
	Rule       release.Rule           `json:"rule"`
	Outcome    tearline.Outcome       `json:"outcome"`
	Cites      string                 `json:"cites"`
	Statements []tearline.StatementID `json:"statements"`
	LiftedBy   []string               `json:"lifted_by"`
	Text       string                 `json:"text"`
}

// Decide answers a question. The report must be held by the party that asks:
// for any other, and for one that is not there, the answer is Withheld.
func (n *Node) Decide(ctx context.Context, q Question) (Decided, error) {
	var out Decided
	err := n.book.Read(ctx, func(tx *sqlite.Tx) error {
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
		out = decided(h.Report, d)
		return nil
	})
	return out, err
}

// request is the question in the decision point's words.
func (q Question) request(at time.Time) release.Request {
	mode := q.Mode
	if mode == "" {
		mode = tearline.Document
	}
	return release.Request{Holder: q.As, Recipient: q.To, Person: q.Person, At: at, Mode: mode, Purpose: q.Purpose}
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

func decided(r *tearline.Report, d release.Decision) Decided {
	q := d.Request()
	out := Decided{Report: r.ID, Recipient: q.Recipient, At: q.At, Outcome: d.Outcome(), Portions: []DecidedPortion{}}
	for _, v := range d.Verdicts() {
		p := DecidedPortion{
			Portion: v.Portion, Outcome: v.Outcome, Basis: v.Basis, Ask: nonNil(v.Ask), Reasons: []DecidedReason{},
			Discretion: v.Discretion, Conditions: v.Conditions,
		}
		if rp, ok := r.Portion(v.Portion); ok {
			p.Marking = rp.Marking.Portion()
		}
		for _, why := range v.Reasons {
			p.Reasons = append(p.Reasons, DecidedReason{
				Rule: why.Rule, Outcome: why.Outcome, Cites: why.Cites, Text: why.Text,
				Statements: nonNil(why.Statements), LiftedBy: nonNil(why.LiftedBy),
			})
		}
		if t, ok := d.Verdict(tearline.TearOf(v.Portion)); ok {
			p.TearLine = &t.Outcome
		}
		out.Portions = append(out.Portions, p)
	}
	return out
}

// decide decides on a question now; what the writer says next is dated by it.
func (w *writer) decide(q Question) (release.Decision, error) {
	d, err := w.n.book.Decide(w.Tx, q.Report, q.request(w.At), true)
	if err == nil {
		w.At = d.Request().At
	}
	return d, err
}
