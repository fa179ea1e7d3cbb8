package sqlite_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"tearline"
	"tearline/internal/store/sqlite"
)

// root returns a ledger's size and root.
func root(tb testing.TB, db *sqlite.DB, log tearline.PartyID) (size int64, root tlog.Hash) {
	tb.Helper()
	read(tb, db, func(tx *sqlite.Tx) (err error) {
		if size, err = tx.LogSize(log); err != nil {
			return err
		}
		root, err = tlog.TreeHash(size, tx.Hashes(log))
		return err
	})
	return size, root
}

func noted(tb testing.TB, db *sqlite.DB) {
	tb.Helper()
	size, root := root(tb, db, holder)
	if err := db.NoteSize(holder, size, root); err != nil {
		tb.Fatal(err)
	}
}

func tryAppend(tb testing.TB, db *sqlite.DB, s *speaker) error {
	tb.Helper()
	signed := s.say(tb, &tearline.Exclusion{Party: "XHC"})
	return db.Write(context.Background(), func(tx *sqlite.Tx) error {
		_, err := tx.Append(s.party, signed)
		return err
	})
}

// copyFile copies the database of a closed data directory.
func copyFile(tb testing.TB, from, to string) {
	tb.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		tb.Fatal(err)
	}
}

func TestPutBackFromBackup(t *testing.T) {
	db, dir := create(t)
	file, backup := filepath.Join(dir, dbFile), filepath.Join(t.TempDir(), "backup")
	s := newSpeaker(t, holder)
	appended(t, db, s, 5)
	noted(t, db)
	closed(t, db)
	copyFile(t, file, backup)

	db = reopen(t, dir)
	if err := tryAppend(t, db, s); err != nil {
		t.Fatal(err)
	}
	noted(t, db)
	appended(t, db, s, 3) // committed, then killed before it was noted
	closed(t, db)

	db = reopen(t, dir)
	if err := tryAppend(t, db, s); err != nil {
		t.Errorf("the note is behind the database: %v", err)
	}
	closed(t, db)

	copyFile(t, file, backup+"2")
	copyFile(t, backup, file)
	db = reopen(t, dir)
	wantError(t, tryAppend(t, db, s), tearline.Tampered, "older than")
	wantError(t, tryAppend(t, db, s), tearline.Tampered, "older than") // not only the first time
	if n := checkLog(t, db, s); n != 5 {                               // it can still be read
		t.Errorf("%d entries", n)
	}
	check := func(db *sqlite.DB) error {
		return db.Write(context.Background(), func(tx *sqlite.Tx) error { return tx.CheckNoted(holder) })
	}
	wantError(t, check(db), tearline.Tampered, "older than")
	other := newSpeaker(t, "XHB")
	if err := tryAppend(t, db, other); err != nil {
		t.Errorf("another party's ledger: %v", err)
	}
	closed(t, db)

	copyFile(t, backup+"2", file)
	db = reopen(t, dir)
	if err := tryAppend(t, db, s); err != nil {
		t.Errorf("the newest database again: %v", err)
	}
	if err := check(db); err != nil {
		t.Errorf("the newest database again: %v", err)
	}
}

// A database of the same or greater size with another past.
func TestAnotherDatabase(t *testing.T) {
	for name, n := range map[string]int{"same size": 3, "longer": 9} {
		t.Run(name, func(t *testing.T) {
			a, dirA := create(t)
			appended(t, a, newSpeaker(t, holder), 3)
			noted(t, a)
			closed(t, a)
			b, dirB := create(t)
			s := newSpeaker(t, holder)
			s.said = 1000
			appended(t, b, s, n)
			closed(t, b)
			copyFile(t, filepath.Join(dirB, dbFile), filepath.Join(dirA, dbFile))
			a = reopen(t, dirA)
			wantError(t, tryAppend(t, a, s), tearline.Tampered, "or another")
		})
	}
}

func TestNoteSize(t *testing.T) {
	db, dir := create(t)
	path := filepath.Join(dir, "checkpoints", string(holder))
	one, two := tlog.Hash{1}, tlog.Hash{2}
	text := func() string {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if err := db.NoteSize(holder, 7, one); err != nil {
		t.Fatal(err)
	}
	want := "tearline/XHA\n0000000000000007\nAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
	if got := text(); got != want {
		t.Errorf("note %q, want %q", got, want)
	}
	if err := db.NoteSize(holder, 6, two); err != nil || text() != want {
		t.Errorf("it went back: %v, %q", err, text())
	}
	wantError(t, db.NoteSize(holder, 7, two), tearline.Tampered, "older")
	if err := db.NoteSize(holder, 8, two); err != nil || text() == want {
		t.Errorf("it did not go on: %v, %q", err, text())
	}
	if err := db.NoteSize("../XHA", 8, two); tearline.KindOf(err) != tearline.Other || err == nil {
		t.Errorf("a party of that name: %v", err)
	}
	list, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(list) != 1 {
		t.Errorf("left over: %v, %v", list, err)
	}
	// Whatever a power failure or another hand made of it.
	if err := os.WriteFile(path, []byte("tearline/XHB\n7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantError(t, tryAppend(t, db, newSpeaker(t, holder)), tearline.Tampered, "cannot be read")
	wantError(t, db.NoteSize(holder, 9, two), tearline.Tampered, "cannot be read")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := tryAppend(t, db, newSpeaker(t, holder)); err != nil {
		t.Errorf("an empty note: %v", err)
	}
}

// Somebody with the database's file may cut off entries, or the tree.
func TestTreeDoesNotFit(t *testing.T) {
	for name, query := range map[string]string{
		"entries gone":    "pragma foreign_keys = off; delete from entries where idx >= 90; pragma foreign_keys = on",
		"hashes gone":     "delete from hashes where chunk = (select max(chunk) from hashes)",
		"half the hashes": "update hashes set data = substr(data, 1, 32)",
	} {
		t.Run(name, func(t *testing.T) {
			db, dir := create(t)
			s := newSpeaker(t, holder)
			appended(t, db, s, 100)
			if err := db.Exec(query); err != nil {
				t.Fatal(err)
			}
			closed(t, db)
			db = reopen(t, dir)
			// Some appends need no hash of the last row: the tree's root does.
			err := tryAppend(t, db, s)
			if err == nil {
				err = db.Read(context.Background(), func(tx *sqlite.Tx) error {
					_, err := tlog.TreeHash(101, tx.Hashes(holder))
					return err
				})
			}
			wantError(t, err, tearline.Tampered, "does not fit")
		})
	}
}

func FuzzParseNote(f *testing.F) {
	f.Add("tearline/XHA\n0000000000000007\nAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
	f.Add("tearline/XHA\n007\nAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := sqlite.ParseNote(text, holder); err == nil && got != text {
			t.Errorf("%q reads as %q", text, got)
		}
	})
}
