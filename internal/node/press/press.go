// Package press orders the steps of watching the press: read a feed, take what
// has not been looked at, compare it with what a party holds, and keep what
// came of it. It also fills the background: public texts, by which what is in
// everybody's mouth can be told from what is not.
//
// One item's end is one transaction: that it has been looked at, and the case
// if it draws on anything. A kill at any instant therefore neither loses a case
// nor opens one twice. What a feed's server said, so that it is not asked for
// what has not changed, is kept only when all items have been dealt with: what
// was not is offered again next time.
//
// How texts are compared, and how a party's books are read and written, it is
// told as functions; it imports no book, and writes no ledger. It shows nobody
// anything: the cases of a party are for that party.
package press

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"tearline"
	"tearline/codec/article"
	"tearline/internal/feed"
	"tearline/internal/store/sqlite"
)

// Books are one party's books. Every field must be given.
type Books struct {
	Party tearline.PartyID
	// Read and Change run a transaction: all of it, or none.
	Read, Change func(context.Context, func(*sqlite.Tx) error) error
	// Now is the clock.
	Now func() time.Time
}

// Found is what came of comparing a text.
type Found struct {
	// Hits says that the text draws on what the party holds; Result is then
	// kept with the case, and Summary is one line of it for people.
	Hits    bool
	Result  json.RawMessage
	Summary string
}

// patience is how long after it came out an item's page is waited for. What is
// older is compared by what the feed itself has of it.
const patience = 3 * 24 * time.Hour

// A Watcher looks at feeds for one party.
type Watcher struct {
	Books
	Feeds *feed.Reader
	// Trace compares an article. An error of kind Invalid is about this text
	// alone, which then counts as looked at; any other stops the watch.
	Trace func(context.Context, article.Article) (Found, error)
	// Report is told of each case opened, and of each item that could not be
	// dealt with; its error stops the watch.
	Report func(Event) error
}

// An Event is something that came of one item.
type Event struct {
	Feed      string     `json:"feed"`
	Title     string     `json:"title"`
	URL       string     `json:"url,omitempty"`
	Published *time.Time `json:"published,omitempty"`
	// Case is the case that was opened; "" if none was.
	Case    string `json:"case,omitempty"`
	Summary string `json:"summary,omitempty"`
	// Known says that the case was open already, by the same item elsewhere.
	Known bool `json:"known,omitempty"`
	// Problem says why the item, or a part of it, was not looked at; Again,
	// that it will be tried again.
	Problem string `json:"problem,omitempty"`
	Again   bool   `json:"again,omitempty"`
}

// A Round is what looking at one feed once came to.
type Round struct {
	Feed      string     `json:"feed"`
	Title     string     `json:"title,omitempty"`
	Unchanged bool       `json:"unchanged,omitempty"`
	Items     int        `json:"items"` // in the feed
	New       int        `json:"new"`   // looked at for the first time
	Cases     int        `json:"cases"` // opened
	Left      int        `json:"left"`  // for the next time
	Next      *time.Time `json:"next,omitempty"`
	Problem   string     `json:"problem,omitempty"`
}

// Look looks at one feed once. That a feed cannot be read now is the Round's
// Problem; an error is about the party's own books, or says that the context
// has ended. What was done before it is done.
func (w *Watcher) Look(ctx context.Context, name string) (Round, error) {
	out := Round{Feed: name}
	var was sqlite.WatchedRow
	err := w.Read(ctx, func(tx *sqlite.Tx) (err error) {
		was, _, err = tx.Watched(w.Party, name)
		return err
	})
	if err != nil {
		return out, err
	}
	f, next, err := w.Feeds.Read(ctx, name, feed.State{ETag: was.ETag, Modified: was.Modified, Tried: was.Tried, Next: was.Next, Failures: was.Failures})
	if ctx.Err() != nil {
		return out, ctx.Err()
	}
	if err != nil {
		out.Problem = public(err)
	}
	out.Title, out.Unchanged, out.Items = f.Title, f.Unchanged, len(f.Items)
	if err := w.items(ctx, name, f.Items, &out); err != nil {
		return out, err
	}
	if out.Left > 0 {
		next.ETag, next.Modified = was.ETag, was.Modified
	}
	if next.Next.After(next.Tried) {
		out.Next = &next.Next
	}
	return out, w.Change(ctx, func(tx *sqlite.Tx) error {
		return tx.PutWatched(sqlite.WatchedRow{
			Party: w.Party, Feed: name, ETag: next.ETag, Modified: next.Modified, Tried: next.Tried, Next: next.Next, Failures: next.Failures,
		})
	})
}

// items deals with those that have not been looked at, the oldest first, as
// feeds begin with the newest.
func (w *Watcher) items(ctx context.Context, name string, items []feed.Item, out *Round) error {
	for _, it := range slices.Backward(items) {
		if err := w.item(ctx, name, it, out); err != nil {
			return err
		}
	}
	return nil
}

func (w *Watcher) item(ctx context.Context, name string, it feed.Item, out *Round) error {
	key := it.Key()
	var seen bool
	err := w.Read(ctx, func(tx *sqlite.Tx) (err error) {
		seen, err = tx.Seen(w.Party, name, key)
		return err
	})
	if err != nil || seen {
		return err
	}
	e := Event{Feed: name, Title: it.Title, URL: it.Link, Published: stamp(it.Published)}
	a, err := w.Feeds.Article(ctx, it)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && tearline.KindOf(err) == tearline.Transient && w.givenUp(it):
		a = it.Brief()
		a.Unread = append(a.Unread, public(err))
		err = nil
	case err != nil && tearline.KindOf(err) == tearline.Transient:
		out.Left++
		e.Problem, e.Again = public(err), true
		return w.Report(e)
	}
	var found Found
	if err == nil {
		e.Title, e.Published = a.Title, stamp(a.Published)
		if len(a.Unread) > 0 {
			e.Problem = a.Unread[0]
		}
		found, err = w.Trace(ctx, a)
	}
	if err != nil {
		if ctx.Err() != nil || tearline.KindOf(err) != tearline.Invalid {
			return err
		}
		e.Problem, found = public(err), Found{}
	}
	return w.end(ctx, name, key, a, found, e, out)
}

// givenUp reports whether an item's page has been waited for long enough.
func (w *Watcher) givenUp(it feed.Item) bool {
	return !it.Published.IsZero() && w.Now().Sub(it.Published) > patience && it.Brief().Text != ""
}

// end keeps what came of an item, in one transaction, and tells of it.
func (w *Watcher) end(ctx context.Context, name string, key tearline.Digest, a article.Article, found Found, e Event, out *Round) error {
	var added, opened bool
	err := w.Change(ctx, func(tx *sqlite.Tx) (err error) {
		now := w.Now()
		added, err = tx.MarkSeen(w.Party, name, key, now)
		if err != nil || !added || !found.Hits {
			return err // who was there first has opened the case
		}
		err = tx.PutCase(sqlite.CaseRow{
			Party: w.Party, ID: CaseID(key), Opened: now, Published: a.Published, Title: a.Title, URL: a.URL, Text: a.Text, Result: found.Result,
		})
		if errors.Is(err, sqlite.ErrExists) {
			return nil
		}
		opened = err == nil
		return err
	})
	if err != nil || !added {
		return err
	}
	out.New++
	if found.Hits {
		e.Case, e.Summary, e.Known = CaseID(key), found.Summary, !opened
	}
	if opened {
		out.Cases++
	}
	if e.Case == "" && e.Problem == "" {
		return nil
	}
	return w.Report(e)
}

// CaseID names the case on what an item says: the same for the same item,
// whatever feed it stands in.
func CaseID(item tearline.Digest) string { return "C-" + hex.EncodeToString(item[:8]) }

func stamp(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// public is what of an error may be shown.
func public(err error) string {
	if e, ok := errors.AsType[*tearline.Error](err); ok {
		return e.Public
	}
	return "it cannot be read"
}

// Every looks at each feed in turn, again and again with a pause after each
// turn, until the context ends; once, if the pause is 0. done is told of each
// Round.
func (w *Watcher) Every(ctx context.Context, feeds []string, pause time.Duration, sleep func(context.Context, time.Duration) error, done func(Round) error) error {
	for {
		for _, name := range feeds {
			r, err := w.Look(ctx, name)
			if err != nil {
				return fmt.Errorf("watch %s: %w", name, err)
			}
			if err := done(r); err != nil {
				return err
			}
		}
		if pause <= 0 {
			return nil
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
}
