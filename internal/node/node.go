// Package node does Tearline's jobs: file, decide, ask, answer, release,
// disclose, trace, audit. It is the only place that orders steps; the rules
// themselves are in the packages that it calls, and what people type or read
// is in the command line above it. No surface reaches the store except through
// a job, so a party's view is cut in one place.
//
// Every act is a statement: signed with the acting party's key, appended to
// that party's ledger and written to the tables that questions need in one
// transaction, then acknowledged. A job that fails has changed nothing.
//
// A [Node] may be used by several goroutines; several processes may work in
// one data directory.
package node

import (
	"context"
	"errors"
	"io"

	"tearline"
	"tearline/internal/node/book"
	"tearline/internal/node/book/intake"
	"tearline/internal/node/copies"
	"tearline/internal/node/leaks"
	"tearline/internal/node/verify"
	"tearline/internal/store/sqlite"
	"tearline/leak/authoring"
)

// A Node is one data directory at work. Its own party's officers see all that
// the party holds; every other party hosted here sees its own view.
type Node struct {
	book    *book.Book
	shelves shelves
	leaks   *leaks.Desk
}

// Env is what a node takes from the world besides its data directory.
type Env = book.Env

// Init makes a data directory for a party, with its keys, ledger and store.
// The party's first statement says who it is.
func Init(ctx context.Context, dir string, p tearline.Party, policy string, env Env) (*Node, error) {
	env.Lint = lint
	b, err := book.Init(ctx, dir, p, policy, env)
	if err != nil {
		return nil, err
	}
	return &Node{book: b, leaks: newDesk(b)}, nil
}

// Open opens a data directory.
func Open(ctx context.Context, dir string, env Env) (*Node, error) {
	env.Lint = lint
	b, err := book.Open(ctx, dir, env)
	if err != nil {
		return nil, err
	}
	return &Node{book: b, leaks: newDesk(b)}, nil
}

// lint refuses alternatives that do not say the same, whoever offers them: the
// copies of a report would tell their readers different things. What is only
// badly offered is for tearline fingerprint lint to say.
func lint(r *tearline.Report) tearline.Faults {
	var out tearline.Faults
	for _, p := range copies.Wordings(r) {
		for _, f := range authoring.Unlike(p.Wording) {
			f.Line, f.Column, f.Text = 0, 0, "portion "+string(p.Ref.Portion)+": "+f.Text
			out = append(out, f)
		}
	}
	return out
}

// Close releases the data directory. It also tells if a ledger's size could
// not be noted beside the database: all that was acknowledged is recorded
// nevertheless.
func (n *Node) Close() error { return errors.Join(n.leaks.Close(), n.book.Close()) }

// Own returns the party whose data directory it is.
func (n *Node) Own() tearline.PartyID { return n.book.Own() }

// Policy returns the default policy of the data directory.
func (n *Node) Policy() string { return n.book.Policy() }

// A writer is one write transaction in which a party says something.
type writer struct {
	*book.Writer
	n *Node
}

// write runs fn as one transaction in which by says things; see
// [book.Book.Write]. Notices that have become due go out before it.
func (n *Node) write(ctx context.Context, by tearline.PartyID, fn func(*writer) error) error {
	// A notice that cannot be given now must not stop what somebody else does:
	// the next one tries again, the own party's audit of originators says why, and
	// replay shows whom it has not reached.
	_ = n.book.Notify(ctx)
	return n.book.Write(ctx, by, func(w *book.Writer) error { return fn(&writer{w, n}) })
}

// Reports that are filed, and the answers to filing them.
type (
	// A Draft is a report that somebody wants to file; see [intake.Draft].
	Draft = intake.Draft
	// Filed is the answer to a report's filing; see [book.Filed].
	Filed = book.Filed
	// Imported is the answer to one line of an import; see [book.Imported].
	Imported = book.Imported
	// ImportSummary is what an import came to; see [book.ImportSummary].
	ImportSummary = book.ImportSummary
	// Verified is what re-reading a ledger came to; see [verify.Result].
	Verified = verify.Result
)

// File files reports for a party: all of them, or none and every fault of
// every one. They may rest on each other in any order.
func (n *Node) File(ctx context.Context, as tearline.PartyID, drafts []Draft) ([]Filed, error) {
	return n.book.File(ctx, as, drafts)
}

// Import files reports from JSON Lines and answers each line once its report
// is durable; see [book.Book.Import].
func (n *Node) Import(ctx context.Context, as tearline.PartyID, r io.Reader, answer func(Imported) error) (ImportSummary, error) {
	return n.book.Import(ctx, as, r, answer)
}

// Verify re-reads the ledgers of the parties hosted here, and the tables, from
// their bytes. An empty as is all parties; see [verify.Ledgers].
func (n *Node) Verify(ctx context.Context, as tearline.PartyID) ([]Verified, error) {
	fingerprint := func(tx *sqlite.Tx, p tearline.PartyID, r *tearline.Report) (*tearline.Fingerprint, error) {
		k, err := n.book.Keys(p)
		if err != nil {
			return nil, err
		}
		return copies.Commitment(copies.Books{Tx: tx, Party: p, Keys: k}, r)
	}
	return verify.Ledgers(ctx, verify.Books{
		Own: n.book.Own(), Read: n.book.Read, Change: n.book.Change, Known: book.KnownParty, Entries: book.Entries, Fingerprint: fingerprint,
		Refs: book.RefsOf, Filing: book.FilingOf, Subjects: book.SubjectsOf, Answered: book.Answered,
		Copy: book.SubjectCopy, Gist: book.SubjectGist,
	}, as)
}
