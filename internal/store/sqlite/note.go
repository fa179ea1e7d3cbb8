package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"tearline"
	"tearline/ledger"
)

// notesDir holds, for each ledger, the last size and root that its party has
// signed or told: a file beside the database does not go back in time with it.
const notesDir = "checkpoints"

// NoteSize notes how far a ledger has come. The caller does so after the
// commit and before it tells anybody of that size, so that a database put back
// from a backup is noticed when it would go on from an older state and thereby
// fork the ledger. What is noted never goes back: a smaller size than the one
// noted changes nothing, the same size with another root is Tampered.
//
// The note is not forced to the disk: it guards against backups, and a power
// failure leaves at worst an older one.
func (db *DB) NoteSize(log tearline.PartyID, size int64, root tlog.Hash) error {
	const op = "store.note"
	path, err := db.notePath(op, log)
	if err != nil {
		return err
	}
	db.notes.Lock()
	defer db.notes.Unlock()
	old, err := readNote(op, path, log)
	if err != nil {
		return err
	}
	switch {
	case old.size == size && size > 0 && old.root != root:
		return rolledBack(op, log, fmt.Errorf("size %d noted with root %v, now with %v", size, old.root, root))
	case old.size >= size:
		return nil
	}
	text := []byte(note{size: size, root: root}.text(log))
	if old.size > 0 {
		return fault(op, overwrite(path, text))
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fault(op, err)
	}
	// The process's own name, so that two of them do not write one file.
	temp := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%d", log, os.Getpid()))
	if err := os.WriteFile(temp, text, 0o600); err != nil {
		return fault(op, errors.Join(err, os.Remove(temp)))
	}
	return fault(op, os.Rename(temp, path))
}

// overwrite puts a note in the place of one of the same length. It is one
// write within one block of the disk, so it is the old one or the new; a new
// file for each statement would cost more than the statement.
func overwrite(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0) //nolint:gosec // the party's name has been checked
	if err != nil {
		return err
	}
	_, err = f.WriteAt(text, 0)
	return errors.Join(err, f.Close())
}

func (db *DB) notePath(op string, log tearline.PartyID) (string, error) {
	if _, err := tearline.ParsePartyID(string(log)); err != nil {
		return "", misuse(op, "ledger: %w", err)
	}
	return filepath.Join(db.dir, notesDir, string(log)), nil
}

// note is a ledger's size and root; the zero note says nothing.
type note struct {
	size int64
	root tlog.Hash
}

// text returns the note in three lines: origin, size, root in base64. It is as
// long for every size, so that one can be written over another.
func (n note) text(log tearline.PartyID) string {
	return fmt.Sprintf("%s\n%016d\n%v\n", ledger.Origin(log), n.size, n.root)
}

// readNote reads a note. That there is no file, or an empty one, as a power
// failure may leave it, is the zero note.
func readNote(op, path string, log tearline.PartyID) (note, error) {
	data, err := os.ReadFile(path) //nolint:gosec // the party's name has been checked
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(data) == 0 {
		return note{}, nil
	}
	if err != nil {
		return note{}, fault(op, err)
	}
	n, err := parseNote(string(data), log)
	if err != nil {
		return note{}, &tearline.Error{
			Op: op, Kind: tearline.Tampered, Err: err,
			Public: fmt.Sprintf("the note of how far %s's ledger has come cannot be read", log),
			Hint:   fmt.Sprintf("if nobody else could write to %s in the data directory, remove the file of that party there and run tearline ledger verify", notesDir),
		}
	}
	return n, nil
}

func parseNote(text string, log tearline.PartyID) (note, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 {
		return note{}, fmt.Errorf("%d lines: want three", len(lines)-1)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 1 || size > ledger.MaxSize {
		return note{}, errors.New("second line: want a size")
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return note{}, fmt.Errorf("third line: %w", err)
	}
	n := note{size: size, root: root}
	if n.text(log) != text {
		return note{}, errors.New("not in the form in which it was written")
	}
	return n, nil
}

// CheckNoted compares a ledger with what [DB.NoteSize] last noted of it: that
// the database is older than that, or another, is Tampered. It must be called
// inside [DB.Write]: in a snapshot, what another process has noted since would
// look like it. [Tx.Append] does it by itself.
func (tx *Tx) CheckNoted(log tearline.PartyID) error {
	if err := tx.writable(); err != nil {
		return err
	}
	t, err := tx.tree(log)
	if err != nil {
		return err
	}
	return tx.db.checkNote(t)
}

// checkNote compares a ledger with what was last noted of it. The writer's
// lock is held, and notes follow commits, so that a note beyond the database
// is never one of a transaction still to be seen.
func (db *DB) checkNote(t *tree) error {
	path, err := db.notePath(t.tx.op, t.log)
	if err != nil {
		return err
	}
	n, err := readNote(t.tx.op, path, t.log)
	if err != nil {
		return err
	}
	if n.size > t.size {
		return rolledBack(t.tx.op, t.log, fmt.Errorf("size %d noted, the database has %d", n.size, t.size))
	}
	if n.size > 0 {
		root, err := tlog.TreeHash(n.size, t)
		if err != nil {
			return err
		}
		if root != n.root {
			return rolledBack(t.tx.op, t.log, fmt.Errorf("size %d noted with root %v, the database has %v", n.size, n.root, root))
		}
	}
	db.noted[t.log] = true
	return nil
}

func rolledBack(op string, log tearline.PartyID, err error) error {
	return &tearline.Error{
		Op: op, Kind: tearline.Tampered, Err: err,
		Public: fmt.Sprintf("the database is older than %s's ledger has been, or another: was it put back from a backup?", log),
		Hint: "put back the newest database; going on from an older one would fork the ledger, and partners who have seen the newer would notice. " +
			"If it is lost, ask the partners for their copies of the ledger, then remove the file of that party from " + notesDir + " in the data directory",
	}
}
