package node

import (
	"cmp"
	"context"
	"crypto/rand"
	"strconv"
	"time"

	"tearline"
	"tearline/internal/keys"
	"tearline/internal/leakindex"
	"tearline/internal/node/book"
	"tearline/internal/node/leaks"
	"tearline/internal/node/press"
	"tearline/internal/node/trace"
	"tearline/internal/store/sqlite"
	"tearline/internal/warrant"
	"tearline/leak/match"
)

// newDesk keeps the leak indexes of a data directory.
func newDesk(b *book.Book) *leaks.Desk {
	return leaks.NewDesk(b.Dir(), func(p tearline.PartyID) ([32]byte, error) { return keys.LeakIndex(b.Dir(), p, rand.Reader) })
}

// Trace compares a leaked text with all that a party holds, or that a warrant
// covers. What was passed on before the text was seen counts as exposure.
// Progress is told how many of how many reports are indexed; it may be nil.
func (n *Node) Trace(ctx context.Context, as tearline.PartyID, q trace.Question, progress func(done, of int64)) (out trace.Result, err error) {
	var under *warrant.Warrant
	if q.Warrant != "" || q.Investigator != "" {
		w, err := n.Warrant(ctx, as, q.Warrant, q.Investigator, time.Time{})
		if err != nil {
			return out, err
		}
		under = &w
	}
	err = n.book.Read(ctx, func(tx *sqlite.Tx) error {
		if _, err := book.KnownParty(tx, as); err != nil {
			return err
		}
		if err := n.takes(tx, as, q.Case); err != nil {
			return err
		}
		seen, err := n.instant(tx, as, q.Seen)
		if err != nil {
			return err
		}
		found, err := n.leaks.Search(ctx, searched(tx, as, progress), leaks.Question{Text: q.Text, Warrant: under, Weights: q.Weights})
		if err != nil {
			return err
		}
		b := traced(tx, as)
		if found.Public != nil {
			b.Background = func(passage string, before time.Time) (out []trace.Public, err error) {
				items, err := found.Public(passage, before)
				for _, it := range items {
					out = append(out, trace.Public{Source: it.Source, Title: it.Title, URL: it.URL, Published: it.Published, Kind: it.Kind, Text: it.Text})
				}
				return out, err
			}
		}
		matches, err := trace.From(&b, q.Text, found.Matches)
		if err != nil {
			return err
		}
		out, err = trace.Explain(b, q.Text, matches, seen)
		out.Archive = trace.Archive{Portions: found.Portions, Index: strconv.Itoa(match.Folding), Calibrated: found.Calibrated}
		return err
	})
	if err != nil || !q.Record {
		return out, err
	}
	err = n.write(ctx, as, func(w *writer) error {
		salt, err := n.book.RandomBytes(32)
		if err != nil {
			return err
		}
		says := out.Sees(out.Seen, q.Where)
		s, err := w.Say([]tearline.Subject{{Name: "leak", Digest: tearline.DigestContent(salt, q.Text)}}, says, book.RefsOfPortions(says.Matches)...)
		out.Sighting = &trace.Sighting{Statement: s.Signed.Statement.ID, Index: s.Index}
		return cmp.Or(err, w.intoCase(q.Case, q.Officer, s.Signed.Statement.ID))
	})
	return out, err
}

// IndexLeaks brings the leak index of a party up with its books, or makes it
// anew, and returns its figures.
func (n *Node) IndexLeaks(ctx context.Context, as tearline.PartyID, anew bool, progress func(done, of int64)) (s leakindex.Stats, err error) {
	err = n.book.Read(ctx, func(tx *sqlite.Tx) error {
		if _, err = book.KnownParty(tx, as); err == nil {
			s, err = n.leaks.Index(ctx, searched(tx, as, progress), anew)
		}
		return err
	})
	return s, err
}

// Press are a party's books for watching the press.
func (n *Node) Press(as tearline.PartyID) press.Books {
	return press.Books{Party: as, Read: n.book.Read, Change: n.book.Change, Now: n.book.Now}
}

// searched and traced are a party's books for a trace.
func searched(tx *sqlite.Tx, as tearline.PartyID, progress func(done, of int64)) leaks.Books {
	return leaks.Books{Tx: tx, Party: as, Origins: book.Origins(tx, as), Progress: progress}
}

func traced(tx *sqlite.Tx, as tearline.PartyID) trace.Books {
	return trace.Books{
		Tx: tx, Party: as, Report: book.Holdings(tx, as), Say: book.Say(tx, as), Statement: book.Statement,
		Told: book.Statements(tx.ByRef(book.RefTold(as), tearline.KindDisclosure)),
	}
}
