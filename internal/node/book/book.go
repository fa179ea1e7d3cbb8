// Package book keeps the books of a data directory: which parties are hosted
// there and by which keys they speak, what they hold, what they have said. It
// dates and signs what a party says and appends it to the party's ledger in
// the transaction that writes the tables; it files reports, one or millions;
// and it gathers from all that was said the facts on which a holder's decision
// rests.
//
// It is below the jobs of internal/node and cuts no view: what it returns of
// one party's books is for that party, and its caller must not hand it to
// another. It makes no rule; what a decision comes to is release's.
//
// A [Book] may be used by several goroutines; several processes may work in
// one data directory.
package book

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"tearline"
	"tearline/internal/keys"
	"tearline/internal/store/sqlite"
	"tearline/marking"
)

// A Book is one open data directory.
type Book struct {
	dir    string
	db     *sqlite.DB
	own    tearline.PartyID
	policy string
	env    Env

	mu   sync.Mutex
	keys map[tearline.PartyID]*keys.Keys
	// unnoted is why a ledger's size could not be noted; Close tells it.
	unnoted error
}

// Env is what the books take from the world besides its data directory.
type Env struct {
	// Now is the clock.
	Now func() time.Time
	// Rand is the source of keys, salts and copy numbers; nil is
	// crypto/rand, and only tests have a reason for another.
	Rand io.Reader
	// Lint says which alternatives of a report's wordings may not be filed; nil
	// lets all be.
	Lint func(*tearline.Report) tearline.Faults
}

// Names of the data directory's settings in the store.
const (
	metaParty  = "party"
	metaPolicy = "policy"
)

// earliest is before any instant at which a party can have said anything
// here: a clock that shows less was never set.
var earliest = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// Init makes a data directory for a party, with its keys, ledger and store.
// The party's first statement says who it is.
func Init(ctx context.Context, dir string, p tearline.Party, policy string, env Env) (*Book, error) {
	if _, ok := marking.Lookup(policy); !ok {
		return nil, UnknownPolicy(policy)
	}
	if _, err := tearline.ParsePartyID(string(p.ID)); err != nil {
		return nil, Invalid("init", err, "")
	}
	b := &Book{dir: dir, own: p.ID, policy: policy, env: env, keys: map[tearline.PartyID]*keys.Keys{}}
	if _, err := b.Clock(); err != nil {
		return nil, err
	}
	db, err := sqlite.Create(ctx, dir)
	if err != nil {
		return nil, err
	}
	b.db = db
	if err := b.found(ctx, p); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return b, nil
}

// found writes the first rows of a data directory.
func (b *Book) found(ctx context.Context, p tearline.Party) error {
	if len(p.Nations) == 0 {
		p.Nations = b.NationsOf(p.ID)
	}
	k, err := keys.Generate(b.dir, p.ID, b.Random())
	if tearline.KindOf(err) == tearline.Conflict {
		// An earlier init was cut short after it had made them. Should they
		// have spoken in a database that is gone, the note of how far their
		// ledger had come stops the first statement.
		k, err = keys.Load(b.dir, p.ID)
	}
	if err != nil {
		return err
	}
	b.keys[p.ID] = k
	return b.Write(ctx, b.own, func(w *Writer) error {
		if err := w.Tx.SetMeta(metaParty, string(p.ID)); err != nil {
			return err
		}
		if err := w.Tx.SetMeta(metaPolicy, b.policy); err != nil {
			return err
		}
		return w.RecordParty(p, k)
	})
}

// NationsOf guesses nothing: a party whose code is one that the policy lists
// is that nation, any other has none until somebody says so.
func (b *Book) NationsOf(id tearline.PartyID) []tearline.PartyID {
	pol, ok := marking.Lookup(b.policy)
	if !ok || !pol.KnowsCode(string(id)) || pol.Members(string(id)) != nil {
		return nil
	}
	return []tearline.PartyID{id}
}

// Open opens a data directory.
func Open(ctx context.Context, dir string, env Env) (*Book, error) {
	db, err := sqlite.Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	b := &Book{dir: dir, db: db, env: env, keys: map[tearline.PartyID]*keys.Keys{}}
	err = db.Read(ctx, func(tx *sqlite.Tx) error {
		own, ok, err := tx.Meta(metaParty)
		if err != nil {
			return err
		}
		if !ok {
			return &tearline.Error{
				Op: "open", Kind: tearline.Invalid, Public: "the data directory was not set up to the end",
				Hint: "remove it and run tearline init again: nothing was filed in it",
			}
		}
		b.own = tearline.PartyID(own)
		b.policy, _, err = tx.Meta(metaPolicy)
		return err
	})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return b, nil
}

// Close releases the data directory. It also tells if a ledger's size could
// not be noted beside the database: all that was acknowledged is recorded
// nevertheless.
func (b *Book) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	err := b.unnoted
	b.unnoted = nil
	return errors.Join(err, b.db.Close())
}

// Own returns the party whose data directory it is.
func (b *Book) Own() tearline.PartyID { return b.own }

// Policy returns the default policy of the data directory.
func (b *Book) Policy() string { return b.policy }

// Random is the source of keys, salts and copy numbers.
func (b *Book) Random() io.Reader {
	if b.env.Rand != nil {
		return b.env.Rand
	}
	return rand.Reader
}

// RandomBytes draws k bytes.
func (b *Book) RandomBytes(k int) ([]byte, error) {
	bytes := make([]byte, k)
	if _, err := io.ReadFull(b.Random(), bytes); err != nil {
		return nil, fmt.Errorf("random source: %w", err)
	}
	return bytes, nil
}

// Clock returns the time, refusing a clock that was never set: what is said
// at a wrong time is wrong for good.
func (b *Book) Clock() (time.Time, error) {
	t := b.env.Now().UTC()
	if t.Before(earliest) {
		return time.Time{}, &tearline.Error{
			Op: "clock", Kind: tearline.Invalid,
			Public: fmt.Sprintf("the clock says %s", t.Format(time.RFC3339)),
			Hint:   "set the system's clock: every statement is dated by it",
		}
	}
	return t, nil
}

// Now is what the clock says, unchecked: for what is no statement.
func (b *Book) Now() time.Time { return b.env.Now().UTC() }

// Keys loads the keys of a party hosted here, once.
func (b *Book) Keys(p tearline.PartyID) (*keys.Keys, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if k := b.keys[p]; k != nil {
		return k, nil
	}
	k, err := keys.Load(b.dir, p)
	if err != nil {
		return nil, err
	}
	b.keys[p] = k
	return k, nil
}

// Dir returns the data directory.
func (b *Book) Dir() string { return b.dir }

// Read runs fn on the books as they stand.
func (b *Book) Read(ctx context.Context, fn func(*sqlite.Tx) error) error { return b.db.Read(ctx, fn) }

// Change runs fn as a transaction in which nobody says anything.
func (b *Book) Change(ctx context.Context, fn func(*sqlite.Tx) error) error {
	return b.db.Write(ctx, fn)
}
