package node

import (
	"context"
	"io"

	"tearline"
	"tearline/internal/node/book"
	"tearline/internal/store/sqlite"
)

// Applied counts what an application of facts came to.
type Applied = book.Applied

// Apply files facts and reports from JSON Lines: all of them, or none. See
// docs/facts.md for the lines.
func (n *Node) Apply(ctx context.Context, as tearline.PartyID, r io.Reader) (Applied, error) {
	return n.book.Apply(ctx, as, r)
}

// A Batch answers many questions of one holder's about the records as they
// stand when it is made.
type Batch struct {
	n  *Node
	as tearline.PartyID
	d  *book.Decider
	q  Question
}

// Batch makes ready to answer questions of a party about what it holds. The
// mode and purpose of q are those of all its questions.
func (n *Node) Batch(ctx context.Context, as tearline.PartyID, q Question) (*Batch, error) {
	b := &Batch{n: n, as: as, q: q}
	err := n.book.Read(ctx, func(tx *sqlite.Tx) error {
		if _, err := book.KnownParty(tx, as); err != nil {
			return err
		}
		at, err := n.instant(tx, as, q.At)
		if err != nil {
			return err
		}
		b.q.At = at
		b.d, err = n.book.Decider(tx, as)
		return err
	})
	return b, err
}

// Decide answers one question; a time that it does not give is that at which
// the batch was made. A report that the party does not hold is Withheld.
func (b *Batch) Decide(ctx context.Context, q Question) (Decided, error) {
	q.As = b.as
	if q.At.IsZero() {
		q.At = b.q.At
	}
	d, err := b.d.Decide(q.Report, q.request(q.At.UTC()))
	if err != nil {
		return Decided{}, err
	}
	var out Decided
	err = b.n.book.Read(ctx, func(tx *sqlite.Tx) error {
		h, err := book.Holding(tx, b.as, q.Report)
		if err == nil {
			out = decided(h.Report, d)
		}
		return err
	})
	return out, err
}
