package node

import (
	"cmp"
	"context"
	"errors"
	"io"

	"tearline"
	"tearline/internal/answer"
	"tearline/internal/node/batch"
	"tearline/internal/node/book"
	"tearline/internal/store/sqlite"
	"tearline/release"
)

// Applied counts what an application of facts came to.
type Applied = book.Applied

// Apply files facts and reports from JSON Lines: all of them, or none. See
// docs/facts.md for the lines.
func (n *Node) Apply(ctx context.Context, as tearline.PartyID, r io.Reader) (Applied, error) {
	out, err := n.book.Apply(ctx, as, r)
	if err != nil {
		return out, err
	}
	_, err = n.settled(ctx, as, "") // what was taken back is recalled
	return out, err
}

// A Batch answers many questions of one holder's about the records as they
// stand when it is made.
type Batch struct {
	n       *Node
	as      tearline.PartyID
	facts   *release.Facts
	parties map[tearline.PartyID]bool
	q       Question
}

// Batch makes ready to answer questions of a party about what it holds. The
// mode and purpose of q are those of all its questions.
func (n *Node) Batch(ctx context.Context, as tearline.PartyID, q Question) (*Batch, error) {
	b := &Batch{n: n, as: as, q: q, parties: map[tearline.PartyID]bool{}}
	err := n.book.Read(ctx, func(tx *sqlite.Tx) error {
		if _, err := book.KnownParty(tx, as); err != nil {
			return err
		}
		at, err := n.instant(tx, as, q.At)
		if err != nil {
			return err
		}
		b.q.At = at
		return b.gather(tx)
	})
	return b, err
}

// gather gathers what all its decisions rest on.
func (b *Batch) gather(tx *sqlite.Tx) error {
	ids, err := allReports(tx, b.as)
	if err != nil {
		return err
	}
	rows, err := tx.Parties()
	if err != nil {
		return err
	}
	for _, r := range rows {
		b.parties[r.ID] = true
	}
	b.facts, err = b.n.book.Facts(tx, b.as, ids...)
	return err
}

// Decide answers one question; a time that it does not give is that at which
// the batch was made. A report that the party does not hold is Withheld.
func (b *Batch) Decide(ctx context.Context, q Question) (Decided, error) {
	q.As = b.as
	if q.At.IsZero() {
		q.At = b.q.At
	}
	if !b.parties[q.To] {
		return Decided{}, book.UnknownParty(q.To)
	}
	var out Decided
	err := b.n.book.Read(ctx, func(tx *sqlite.Tx) error {
		h, err := book.Holding(tx, b.as, q.Report)
		if err != nil {
			return err
		}
		d, err := release.Decide(b.facts, q.Report, q.request(q.At.UTC()))
		if errors.Is(err, release.ErrUnknownReport) {
			return book.ErrWithheld // filed after the batch was made
		}
		if err == nil {
			out = answer.Decide(h.Report, d.WithDiscretion(b.facts))
		}
		return err
	})
	return out, err
}

// Answer answers one line: exactly one of the answers is not nil.
func (b *Batch) Answer(ctx context.Context, line []byte) (*Decided, *batch.Fault) {
	return batch.Answer(line, func(in batch.Line) (Decided, error) {
		return b.Decide(ctx, Question{
			Report: in.Report, To: in.To, At: in.At, Person: cmp.Or(in.Person, b.q.Person), Unit: cmp.Or(in.Unit, b.q.Unit),
			Mode: cmp.Or(in.Mode, b.q.Mode), Purpose: cmp.Or(in.Purpose, b.q.Purpose), Officer: cmp.Or(in.Officer, b.q.Officer),
		})
	})
}
