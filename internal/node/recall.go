package node

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"tearline"
	"tearline/internal/node/book"
	"tearline/internal/recall"
	"tearline/internal/set"
	"tearline/internal/store/sqlite"
)

// Recalls lists what a party has been told to give up, what it recalls itself,
// and what became of its own material after it took a consent back. What is
// owed and was not said is said first.
func (n *Node) Recalls(ctx context.Context, as tearline.PartyID) (recall.List, error) {
	r, err := n.settled(ctx, as, "")
	if err != nil {
		return recall.List{}, err
	}
	return r.For(as), nil
}

// Recall recalls a copy, by its number, or a disclosure, by its name or the
// beginning of it, for a reason of the holder's own; see
// [recall.Records.Recall].
func (n *Node) Recall(ctx context.Context, as tearline.PartyID, name, because string) (a recall.Act, err error) {
	err = n.write(ctx, as, func(w *writer) error {
		id := name
		if c, ok, err := w.Tx.CopyOf(as, tearline.CopyID(strings.ToUpper(name))); err != nil || ok {
			id = string(c.Disclosure)
		}
		e, err := oneEntry(w.Tx, as, id, tearline.KindDisclosure)
		if err != nil {
			return err
		}
		r, err := book.Recalls(w.Tx, n.Own(), as, e.ID)
		if err == nil {
			a, err = r.Recall(as, e.ID, because)
		}
		return cmp.Or(err, w.act(&a))
	})
	return a, err
}

// Confirm says what a recipient did about a recall that it was told of, by the
// recall's name, the beginning of it, or the copy's number; see
// [recall.Records.Confirm].
func (n *Node) Confirm(ctx context.Context, as tearline.PartyID, name string, done tearline.Done, because string) (a recall.Act, err error) {
	err = n.write(ctx, as, func(w *writer) error {
		r, err := book.Recalls(w.Tx, n.Own(), as, "")
		if err == nil {
			a, err = r.Confirm(as, name, done, because)
		}
		return cmp.Or(err, w.act(&a))
	})
	return a, err
}

// act says what an act is to say, if that has not been said.
func (w *writer) act(a *recall.Act) (err error) {
	if a.Says == nil {
		return nil
	}
	if w.At, err = book.NotBefore(w.At, a.Since); err != nil {
		return err
	}
	s, err := w.Say(nil, a.Says, book.RefsOf(a.Says)...)
	a.Statement = s.Signed.Statement.ID
	if a.Recall == "" {
		a.Recall = a.Statement
	}
	return err
}

// told says what follows from a consent that an originator has taken back and
// counts whom that reached, as far as the originator may know it.
func (n *Node) told(ctx context.Context, as tearline.PartyID, consent tearline.StatementID) (int, error) {
	r, err := n.settled(ctx, as, consent)
	if err != nil {
		return 0, err
	}
	told := 0
	for _, round := range r.For(as).Rounds { // as originator, and as the holder itself
		if round.Consent == consent {
			told = max(told, round.Told)
		}
	}
	return told, nil
}

// settled says the recalls that are owed as far as a party has to do with
// them, or those that follow from one consent, each in the ledger of whoever
// disclosed: all of one ledger, or none. They follow from what was said, so
// that a crash between two ledgers is made up for by the next call, as is a
// consent taken back by other means.
func (n *Node) settled(ctx context.Context, as tearline.PartyID, consent tearline.StatementID) (r *recall.Records, err error) {
	read := func(tx *sqlite.Tx) error {
		if _, err := book.KnownParty(tx, as); err != nil {
			return err
		}
		r, err = book.Recalls(tx, n.Own(), as, consent)
		return err
	}
	if err := n.book.Read(ctx, read); err != nil {
		return nil, err
	}
	owed := r.Owed()
	if len(owed) == 0 {
		return r, nil
	}
	var by []tearline.PartyID
	for _, o := range owed {
		by = set.Add(by, o.By)
	}
	for _, p := range by {
		err := n.write(ctx, p, func(w *writer) error { return w.settle(as, consent) })
		if err != nil {
			return nil, &tearline.Error{
				Op: "recall", Kind: tearline.KindOf(err), Err: err, Public: "not all recalls could be recorded",
				Hint: "what was taken back is taken back; tearline recall list makes up for the rest",
			}
		}
	}
	return r, n.book.Read(ctx, read)
}

// settle says what the writer's party owes, all at one instant: a later one
// would tell that others were told as well.
func (w *writer) settle(as tearline.PartyID, consent tearline.StatementID) error {
	r, err := book.Recalls(w.Tx, w.n.Own(), as, consent)
	if err != nil {
		return err
	}
	owed := slices.DeleteFunc(r.Owed(), func(o recall.Owed) bool { return o.By != w.By })
	at := w.At
	for _, o := range owed {
		if at, err = book.NotBefore(at, o.Since); err != nil {
			return err
		}
	}
	for _, o := range owed {
		w.At = at
		if _, err := w.Say(nil, o.Says, book.RefsOf(o.Says)...); err != nil {
			return err
		}
	}
	return nil
}
