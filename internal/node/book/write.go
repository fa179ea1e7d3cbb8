package book

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"tearline"
	"tearline/internal/keys"
	"tearline/internal/store/sqlite"
	"tearline/ledger"
)

// A Writer is one write transaction in which a party says something.
type Writer struct {
	// Tx is the transaction, By whose ledger what is said goes into, and Keys
	// that party's.
	Tx   *sqlite.Tx
	By   tearline.PartyID
	Keys *keys.Keys
	// At is when the next thing is said; each is later than the one before.
	At time.Time

	book *Book
	said int // how many statements
}

// Said is a statement that has been appended, and its place in the ledger.
type Said struct {
	Signed ledger.Signed
	Index  int64
}

// Tick is the least time between two statements of one party: dated apart,
// they have an order that replay can rely on.
const Tick = time.Microsecond

// behind is how far the clock may be behind the ledger's last entry, as
// clocks that are set over the network jump a little.
const behind = 5 * time.Minute

// Write runs fn as one transaction in which by says things, commits it, and
// notes the ledger's new size outside the database, so that a database put
// back from a backup is noticed. What is committed is done: that the note
// could not be written undoes nothing, the next one makes up for it, and Close
// tells.
func (b *Book) Write(ctx context.Context, by tearline.PartyID, fn func(*Writer) error) error {
	now, err := b.Clock()
	if err != nil {
		return err
	}
	k, err := b.Keys(by)
	if err != nil {
		return b.voiceless(ctx, by, err)
	}
	var w *Writer
	err = b.db.Write(ctx, func(tx *sqlite.Tx) error {
		w = &Writer{book: b, Tx: tx, By: by, Keys: k}
		if w.At, err = NextInstant(tx, by, now); err != nil {
			return err
		}
		return fn(w)
	})
	if err != nil || w.said == 0 {
		return err
	}
	b.noted(ctx, by)
	return nil
}

// noted notes how far a ledger has come, also if somebody has just interrupted
// us: it is said. That it could not be noted is told by Close.
func (b *Book) noted(ctx context.Context, by tearline.PartyID) {
	if err := b.noteSize(context.WithoutCancel(ctx), by); err != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.unnoted = &tearline.Error{
			Op: "note", Kind: tearline.KindOf(err), Err: err, Public: "all is recorded, but how far the ledger has come could not be noted",
			Hint: "look at the free space and the rights of the data directory; the next act notes it again",
		}
	}
}

// voiceless says why a party whose keys cannot be had cannot act: nobody knows
// it, or something is wrong with its keys.
func (b *Book) voiceless(ctx context.Context, by tearline.PartyID, why error) error {
	err := b.db.Read(ctx, func(tx *sqlite.Tx) error {
		_, err := KnownParty(tx, by)
		return err
	})
	return cmp.Or(err, why)
}

// NextInstant dates what a party says next: now, or just after what it said
// last if the clock is a little behind that. Only the party's own ledger and
// its own record count: what else is said here must not show in its dates.
func NextInstant(tx *sqlite.Tx, by tearline.PartyID, now time.Time) (time.Time, error) {
	now = now.Truncate(Tick)
	var last time.Time
	switch size, err := tx.LogSize(by); {
	case err != nil:
		return now, err
	case size > 0:
		e, _, err := tx.EntryAt(by, size-1)
		if err != nil {
			return now, err
		}
		last = e.At.Add(Tick)
	}
	row, _, err := tx.Party(by)
	if err != nil {
		return now, err
	}
	at := now
	if last.After(at) {
		at = last
	}
	if err := notBehind(now, at); err != nil {
		return now, err
	}
	return NotBefore(at, row.At)
}

// NotBefore is now, or when others have said what it rests on if the clock is
// a little behind that. It is then rounded up: the fractions would tell how
// much else they have said.
func NotBefore(now time.Time, said ...time.Time) (time.Time, error) {
	at := now
	for _, t := range said {
		if t.After(at) {
			at = t.Add(Instants - 1).Truncate(Instants)
		}
	}
	return at, notBehind(now, at)
}

// Instants is how exactly a party is told when others said something.
const Instants = time.Second

// notBehind refuses a clock that is further behind the ledger than clocks
// jump.
func notBehind(now, at time.Time) error {
	if at.Sub(now) > behind {
		return &tearline.Error{
			Op: "clock", Kind: tearline.Conflict,
			Public: fmt.Sprintf("the clock says %s, but the ledger goes up to %s", now.Format(time.RFC3339), at.Format(time.RFC3339)),
			Hint:   "set the system's clock: a statement is never dated before the one it follows",
		}
	}
	return nil
}

// noteSize writes down, beside the database, how far a ledger has come.
func (b *Book) noteSize(ctx context.Context, log tearline.PartyID) error {
	return b.db.Read(ctx, func(tx *sqlite.Tx) error {
		c, err := b.Head(tx, log)
		if err != nil {
			return err
		}
		return b.db.NoteSize(log, c.Size, c.Root)
	})
}

// Say signs what the writer's party says, appends it to the party's ledger and
// indexes it under refs.
func (w *Writer) Say(subjects []tearline.Subject, says tearline.Predicate, refs ...string) (Said, error) {
	return w.sayAt(w.At, subjects, says, refs...)
}

// sayAt is Say for what was said at a time that may have passed: it is entered
// now, and shows that.
func (w *Writer) sayAt(at time.Time, subjects []tearline.Subject, says tearline.Predicate, refs ...string) (Said, error) {
	s := tearline.Statement{By: w.By, At: at, Subjects: subjects, Says: says}
	if at.Before(w.At) {
		s.Recorded = w.At
	} else {
		s.At = w.At
	}
	salt, err := w.book.RandomBytes(32)
	if err != nil {
		return Said{}, err
	}
	signed, err := ledger.Sign(w.Keys.Statement, salt, s)
	if err != nil {
		return Said{}, err
	}
	index, err := w.Tx.Append(w.By, signed, refs...)
	if err != nil {
		return Said{}, err
	}
	w.At = w.At.Add(Tick)
	w.said++
	return Said{Signed: signed, Index: index}, nil
}

// Prove returns the receipt of a statement that has been committed.
func (b *Book) Prove(ctx context.Context, by tearline.PartyID, s Said) (ledger.Receipt, error) {
	k, err := b.Keys(by)
	if err != nil {
		return ledger.Receipt{}, err
	}
	var r ledger.Receipt
	err = b.db.Read(ctx, func(tx *sqlite.Tx) error {
		size, err := tx.LogSize(by)
		if err != nil {
			return err
		}
		r, err = ledger.Prove(k.Log, s.Signed, s.Index, size, tx.Hashes(by))
		return err
	})
	return r, err
}

// RecordParty says who a party is.
func (w *Writer) RecordParty(p tearline.Party, k *keys.Keys) error {
	slices.Sort(p.MemberOf)
	p.MemberOf = slices.Compact(p.MemberOf)
	at := w.At
	s, err := w.Say(nil, &tearline.PartyRecord{
		Party: p.ID, Name: p.Name, Nations: p.Nations, MemberOf: p.MemberOf, Protected: p.Protected,
		StatementKey: k.Statement.Verifier(), LogKey: k.Log.Verifier(),
	}, RefParty(p.ID))
	if err != nil {
		return err
	}
	return w.Tx.PutParty(sqlite.PartyRow{
		Party: p, StatementKey: k.Statement.Verifier(), LogKey: k.Log.Verifier(),
		Statement: s.Signed.Statement.ID, At: at,
	})
}

// Subjects returns the salted digests of portions, as their holder filed them.
// They are named REPORT/PORTION, as they may stand in several reports.
func (w *Writer) Subjects(holder tearline.PartyID, about []tearline.PortionRef) ([]tearline.Subject, error) {
	return subjects(about, func(id tearline.ReportID) (*Held, error) {
		h, err := Holding(w.Tx, holder, id)
		return &h, err
	})
}

// subjects are the digests of portions of the reports that holding finds.
func subjects(about []tearline.PortionRef, holding func(tearline.ReportID) (*Held, error)) ([]tearline.Subject, error) {
	var out []tearline.Subject
	held := map[tearline.ReportID]*Held{} // a report's body is read once, not once for each portion
	for _, ref := range about {
		h, ok := held[ref.Report]
		if !ok {
			var err error
			if h, err = holding(ref.Report); err != nil {
				return nil, err
			}
			held[ref.Report] = h
		}
		s, err := h.Subject(ref.Portion)
		if err != nil {
			return nil, err
		}
		s.Name = ref.String()
		out = append(out, s)
	}
	return out, nil
}

// Head is a ledger's size and root, from committed rows.
func (b *Book) Head(tx *sqlite.Tx, log tearline.PartyID) (ledger.Checkpoint, error) {
	size, err := tx.LogSize(log)
	if err != nil {
		return ledger.Checkpoint{}, err
	}
	root, err := tlog.TreeHash(size, tx.Hashes(log))
	if err != nil {
		return ledger.Checkpoint{}, fmt.Errorf("root of %s's ledger: %w", log, err)
	}
	return ledger.Checkpoint{Origin: ledger.Origin(log), Size: size, Root: root}, nil
}

// Entries streams a log in the form that the ledger checks.
func Entries(ctx context.Context, tx *sqlite.Tx, p tearline.PartyID) iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		for e, err := range tx.Entries(p, 0) {
			if err == nil {
				err = ctx.Err()
			}
			if !yield(ledger.Entry{Index: e.Index, Salt: e.Salt, Envelope: e.Envelope}, err) || err != nil {
				return
			}
		}
	}
}
