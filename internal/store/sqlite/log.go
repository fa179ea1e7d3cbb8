package sqlite

import (
	"database/sql"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"tearline"
	"tearline/ledger"
)

// An Entry is a statement in a ledger. Log is the party whose ledger it is and
// Index its place there, from 0; Kind and At are the statement's own. Envelope
// is the signed statement, and with Salt makes the leaf; see [ledger.Leaf].
type Entry struct {
	Log            tearline.PartyID
	Index          int64
	ID             tearline.StatementID
	Kind           tearline.StatementKind
	At             time.Time
	Salt, Envelope []byte

	seq int64 // order of appending over all ledgers
}

const (
	entryColumns = "e.seq, e.log, e.idx, e.id, e.kind, e.at, e.salt, e.envelope"
	// entryPage is how many entries are read at once.
	entryPage = 128
	// maxFound is how many rows a search by the beginning of an id returns.
	maxFound = 10
)

func scanEntry(r *sql.Rows, e *Entry) error {
	return r.Scan(&e.seq, &e.Log, &e.Index, &e.ID, &e.Kind, (*moment)(&e.At), &e.Salt, &e.Envelope)
}

// Append adds a statement to a party's ledger: the row, its leaf and the tree
// hashes that it completes. It returns the entry's index. refs are the names
// under which [Tx.ByRef] finds it; empty ones and repetitions count for
// nothing. A statement that any ledger of this database has already is a
// Conflict that wraps [ErrExists]; the transaction may go on after it.
//
// Before the first Append of a DB to a ledger, the ledger is compared with
// what [DB.NoteSize] last noted of it: an older or another ledger is Tampered.
func (tx *Tx) Append(log tearline.PartyID, s ledger.Signed, refs ...string) (int64, error) {
	if err := tx.writable(); err != nil {
		return 0, err
	}
	kind := s.Statement.Kind()
	if log == "" || !isSigned(&s) {
		return 0, misuse(tx.op, "append to ledger %q: statement %q is not a signed one", log, s.Statement.ID)
	}
	t, err := tx.tree(log)
	if err != nil {
		return 0, err
	}
	// Once: as long as a DB is open its file is not replaced under it.
	if !tx.db.noted[log] {
		if err := tx.db.checkNote(t); err != nil {
			return 0, tx.spoil(err)
		}
	}
	seq, err := tx.insert("statement "+string(s.Statement.ID),
		"insert into entries (log, idx, id, kind, at, salt, envelope) values (?, ?, ?, ?, ?, ?, ?)",
		log, t.size, s.Statement.ID, kind, moment(s.Statement.At), s.Salt, s.Envelope)
	if err != nil {
		return 0, err
	}
	if err := tx.putRefs(seq, kind, refs); err != nil {
		return 0, err
	}
	index := t.size
	if err := t.add(ledger.Leaf(s.Salt, s.Envelope)); err != nil {
		return 0, tx.spoil(err)
	}
	return index, nil
}

// isSigned reports whether s has all that signing gives a statement.
func isSigned(s *ledger.Signed) bool {
	return s.Statement.ID != "" && s.Statement.Kind() != "" && len(s.Salt) == ledger.SaltSize && len(s.Envelope) > 0
}

// putRefs adds the names under which an entry is found.
func (tx *Tx) putRefs(seq int64, kind tearline.StatementKind, refs []string) error {
	for i, ref := range refs {
		if ref == "" || slices.Contains(refs[:i], ref) {
			continue
		}
		if err := tx.put("insert into refs (ref, seq, kind) values (?, ?, ?)", ref, seq, kind); err != nil {
			return err
		}
	}
	return nil
}

// LogSize returns the number of entries in a party's ledger, 0 if it has none.
func (tx *Tx) LogSize(log tearline.PartyID) (int64, error) {
	t, err := tx.tree(log)
	if err != nil {
		return 0, err
	}
	return t.size, nil
}

// Hashes returns the tree hashes of a party's ledger as this transaction sees
// them, in the order of [tlog.StoredHashIndex]. The reader is good as long as
// the Tx.
func (tx *Tx) Hashes(log tearline.PartyID) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		t, err := tx.tree(log)
		if err != nil {
			return nil, err
		}
		return t.ReadHashes(indexes)
	})
}

// Entry returns the entry of a statement, and whether there is one.
func (tx *Tx) Entry(id tearline.StatementID) (Entry, bool, error) {
	return one(tx, scanEntry, "select "+entryColumns+" from entries e where e.id = ?", id)
}

// EntryAt returns an entry by its place, and whether there is one.
func (tx *Tx) EntryAt(log tearline.PartyID, index int64) (Entry, bool, error) {
	return one(tx, scanEntry, "select "+entryColumns+" from entries e where e.log = ? and e.idx = ?", log, index)
}

// FindEntries returns the entries of a ledger, of some kinds, whose ID begins
// with a text, at most the first ten, by ID. No kinds are all kinds. Other
// ledgers are not looked at: what they have shows in nothing, nor in how long
// it takes.
func (tx *Tx) FindEntries(log tearline.PartyID, idPrefix string, kinds ...tearline.StatementKind) ([]Entry, error) {
	return all(tx, scanEntry, "select "+entryColumns+` from entries e indexed by entries_name
		where e.log = ?1 and e.id >= ?2 and e.id < ?3 and (?4 = '' or instr(?4, ' ' || e.kind || ' ')) order by e.id limit ?5`,
		log, idPrefix, afterPrefix(idPrefix), words(kinds), maxFound)
}

// words writes down kinds as " kind  kind ": instr finds a whole word in it.
func words(kinds []tearline.StatementKind) string {
	var b strings.Builder
	for _, kind := range kinds {
		fmt.Fprintf(&b, " %s ", kind)
	}
	return b.String()
}

// afterPrefix sorts after every id that begins with prefix: ids are of letters
// and digits.
func afterPrefix(prefix string) string { return prefix + "~" }

// Place is where the entry stands in the order of appending over all ledgers;
// see [Tx.Since].
func (e Entry) Place() int64 { return e.seq }

// Since returns the entries of all ledgers that were appended after a place, in
// that order; 0 is before the first.
func (tx *Tx) Since(place int64) iter.Seq2[Entry, error] {
	return pages(func(last *Entry) ([]Entry, error) {
		return all(tx, scanEntry, "select "+entryColumns+" from entries e where e.seq > ? order by e.seq limit ?", max(place, after(last)), entryPage)
	})
}

// Entries returns the entries of a ledger in order, beginning at an index.
func (tx *Tx) Entries(log tearline.PartyID, from int64) iter.Seq2[Entry, error] {
	return pages(func(last *Entry) ([]Entry, error) {
		next := from
		if last != nil {
			next = last.Index + 1
		}
		return all(tx, scanEntry, "select "+entryColumns+" from entries e where e.log = ? and e.idx >= ? order by e.idx limit ?",
			log, next, entryPage)
	})
}

// ByKind returns the entries of some kinds in the order of appending: those of
// one ledger, or of all if log is "". No kinds are all kinds.
func (tx *Tx) ByKind(log tearline.PartyID, kinds ...tearline.StatementKind) iter.Seq2[Entry, error] {
	if len(kinds) == 0 {
		return tx.inOrder(log)
	}
	// One walk along the index for each kind, merged: the few agreements
	// are found without passing by the many filings.
	walks := make([]iter.Seq2[Entry, error], 0, len(kinds))
	for i, kind := range kinds {
		if slices.Contains(kinds[:i], kind) {
			continue
		}
		walks = append(walks, pages(func(last *Entry) ([]Entry, error) {
			if log != "" { // others are not passed by
				return all(tx, scanEntry, "select "+entryColumns+` from entries e
					where e.log = ? and e.kind = ? and e.seq > ? order by e.seq limit ?`, log, kind, after(last), entryPage)
			}
			return all(tx, scanEntry, "select "+entryColumns+` from entries e
				where e.kind = ? and e.seq > ? order by e.seq limit ?`, kind, after(last), entryPage)
		}))
	}
	return merge(walks)
}

// inOrder returns the entries of all kinds.
func (tx *Tx) inOrder(log tearline.PartyID) iter.Seq2[Entry, error] {
	if log != "" {
		return tx.Entries(log, 0)
	}
	return tx.Since(0)
}

// ByRef returns the entries appended under a ref in the order of appending,
// those of all ledgers. No kinds are all kinds.
func (tx *Tx) ByRef(ref string, kinds ...tearline.StatementKind) iter.Seq2[Entry, error] {
	wanted := words(kinds)
	return pages(func(last *Entry) ([]Entry, error) {
		return all(tx, scanEntry, "select "+entryColumns+` from refs r join entries e on e.seq = r.seq
			where r.ref = ?1 and r.seq > ?2 and (?3 = '' or instr(?3, ' ' || r.kind || ' ')) order by r.seq limit ?4`,
			ref, after(last), wanted, entryPage)
	})
}

// after is where the next page begins.
func after(last *Entry) int64 {
	if last == nil {
		return 0
	}
	return last.seq
}

// merge makes one sequence in the order of appending of several that have it.
func merge(walks []iter.Seq2[Entry, error]) iter.Seq2[Entry, error] {
	if len(walks) == 1 {
		return walks[0]
	}
	return func(yield func(Entry, error) bool) {
		var heads []*head
		defer func() {
			for _, h := range heads {
				h.stop()
			}
		}()
		for _, w := range walks {
			h := &head{}
			h.next, h.stop = iter.Pull2(w)
			heads = append(heads, h)
			h.step()
		}
		for {
			var first *head
			for _, h := range heads {
				if h.ok && (first == nil || h.err != nil || h.entry.seq < first.entry.seq) {
					first = h
				}
			}
			if first == nil || !yield(first.entry, first.err) || first.err != nil {
				return
			}
			first.step()
		}
	}
}

// head is the next entry of a sequence that is being merged.
type head struct {
	next  func() (Entry, error, bool)
	stop  func()
	entry Entry
	err   error
	ok    bool
}

func (h *head) step() { h.entry, h.err, h.ok = h.next() }
