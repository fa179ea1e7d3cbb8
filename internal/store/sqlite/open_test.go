package sqlite_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/internal/store/sqlite"
)

const dbFile = "tearline.db"

// wantError checks an error as the user sees it.
func wantError(tb testing.TB, err error, kind tearline.Kind, public string) {
	tb.Helper()
	var e *tearline.Error
	if !errors.As(err, &e) {
		tb.Fatalf("error %v (%T): want a *tearline.Error that says %q", err, err, public)
	}
	if e.Kind != kind || !strings.Contains(e.Public, public) {
		tb.Errorf("error %v %q: want %v %q", e.Kind, e.Public, kind, public)
	}
	if e.Hint == "" || e.Op == "" {
		tb.Errorf("error %q: no hint or no op: %+v", e.Public, e)
	}
	for _, s := range []string{"SQL", "sqlite", "database is locked", "SQLITE"} {
		if strings.Contains(e.Public+e.Hint, s) {
			tb.Errorf("public text %q, hint %q: %q is no word of the user's", e.Public, e.Hint, s)
		}
	}
}

// snapshot returns the bytes of all files of a directory.
func snapshot(tb testing.TB, dir string) map[string]string {
	tb.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(dir, p))
		files[p] = string(b)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return files
}

func reopen(tb testing.TB, dir string) *sqlite.DB {
	tb.Helper()
	db, err := sqlite.Open(context.Background(), dir)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	return db
}

func closed(tb testing.TB, db *sqlite.DB) {
	tb.Helper()
	if err := db.Close(); err != nil {
		tb.Fatal(err)
	}
}

func TestCreateOpen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deeper", "data")
	if _, err := sqlite.Open(context.Background(), dir); tearline.KindOf(err) != tearline.Invalid || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("open nothing: %v", err)
	}
	_, err := sqlite.Open(context.Background(), dir)
	wantError(t, err, tearline.Invalid, "no data directory at "+dir)

	db, err := sqlite.Create(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	write(t, db, func(tx *sqlite.Tx) error { return tx.SetMeta("party", "XHA") })
	_, err = sqlite.Create(context.Background(), dir)
	wantError(t, err, tearline.Conflict, "already")
	closed(t, db)
	closed(t, db) // twice is harmless
	wantError(t, db.Read(context.Background(), func(*sqlite.Tx) error { return nil }), tearline.Other, "data directory")
	_, err = sqlite.Create(context.Background(), dir)
	wantError(t, err, tearline.Conflict, "already")

	db = reopen(t, dir)
	read(t, db, func(tx *sqlite.Tx) error {
		got, ok, err := tx.Meta("party")
		if got != "XHA" || !ok {
			t.Errorf("meta = %q, %v", got, ok)
		}
		if got, ok, _ := tx.Meta("nothing"); got != "" || ok {
			t.Errorf("meta of nothing = %q, %v", got, ok)
		}
		return err
	})
	write(t, db, func(tx *sqlite.Tx) error { return tx.SetMeta("party", "XHB") })
	read(t, db, func(tx *sqlite.Tx) error {
		if got, _, _ := tx.Meta("party"); got != "XHB" {
			t.Errorf("meta = %q after a second SetMeta", got)
		}
		return nil
	})
}

func TestPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such modes")
	}
	t.Run("files", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "data")
		db, err := sqlite.Create(context.Background(), dir)
		if err != nil {
			t.Fatal(err)
		}
		defer closed(t, db)
		s := newSpeaker(t, holder)
		signed := s.say(t, &tearline.Exclusion{Party: "XHC"})
		write(t, db, func(tx *sqlite.Tx) error { _, err := tx.Append(holder, signed); return err })
		if err := db.NoteSize(holder, 1, [32]byte{1}); err != nil {
			t.Fatal(err)
		}
		modes := map[string]fs.FileMode{}
		err = filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			rel, _ := filepath.Rel(dir, p)
			modes[rel] = info.Mode()
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]fs.FileMode{
			".": fs.ModeDir | 0o700, "checkpoints": fs.ModeDir | 0o700, "checkpoints/XHA": 0o600,
			dbFile: 0o600, dbFile + "-wal": 0o600, dbFile + "-shm": 0o600,
		}
		if d := cmp.Diff(want, modes); d != "" {
			t.Error(d)
		}
	})
	t.Run("empty directory of others", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		db, err := sqlite.Create(context.Background(), dir)
		if err != nil {
			t.Fatal(err)
		}
		closed(t, db)
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
	})
	t.Run("full directory of others", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "letters.txt"), []byte("Dear all"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		before := snapshot(t, dir)
		_, err := sqlite.Create(context.Background(), dir)
		wantError(t, err, tearline.Invalid, "others can read")
		if d := cmp.Diff(before, snapshot(t, dir)); d != "" {
			t.Error(d)
		}
	})
}

// A crash during init leaves an empty file, or one that only SQLite has
// touched.
func TestCreateAfterCrash(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, dbFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := sqlite.Open(context.Background(), dir)
	wantError(t, err, tearline.Invalid, "never finished")
	db, err := sqlite.Create(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	closed(t, db)
	reopen(t, dir)
}

// Of several that make a data directory at once one succeeds, and what it has
// made is whole.
func TestCreateAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	made := make([]*sqlite.DB, 4)
	var wg sync.WaitGroup
	for i := range made {
		wg.Go(func() {
			db, err := sqlite.Create(context.Background(), dir)
			if err != nil && tearline.KindOf(err) != tearline.Conflict {
				t.Error(err)
			}
			made[i] = db
		})
	}
	wg.Wait()
	n := 0
	for _, db := range made {
		if db != nil {
			n++
			write(t, db, func(tx *sqlite.Tx) error { return tx.SetMeta("k", "v") })
			closed(t, db)
		}
	}
	if n != 1 {
		t.Errorf("%d have made it", n)
	}
	if got := metaK(t, reopen(t, dir)); got != "v" {
		t.Errorf("k = %q", got)
	}
}

func TestOddPath(t *testing.T) {
	for _, name := range []string{"a b", "50%25", "what?mode=memory", "#1", "naïve", "file:x"} {
		dir := filepath.Join(t.TempDir(), name)
		db, err := sqlite.Create(context.Background(), dir)
		if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		closed(t, db)
		if _, err := os.Stat(filepath.Join(dir, dbFile)); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		reopen(t, dir)
	}
}

func TestNotOurs(t *testing.T) {
	exec := func(query string) func(*testing.T, *sqlite.DB, string) {
		return func(t *testing.T, db *sqlite.DB, _ string) {
			t.Helper()
			if err := db.Exec(query); err != nil {
				t.Fatal(err)
			}
		}
	}
	overwrite := func(at int64, with string) func(*testing.T, *sqlite.DB, string) {
		return func(t *testing.T, db *sqlite.DB, dir string) {
			t.Helper()
			closed(t, db)
			f, err := os.OpenFile(filepath.Join(dir, dbFile), os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.WriteAt([]byte(with), at); err != nil {
				t.Fatal(err)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, tt := range []struct {
		name   string
		spoil  func(t *testing.T, db *sqlite.DB, dir string)
		kind   tearline.Kind
		public string
	}{
		{"newer version", exec("pragma user_version = 99"), tearline.Conflict, "version 99"},
		{"other program", exec("pragma application_id = 42"), tearline.Conflict, "another program"},
		{"no program", exec("pragma application_id = 0"), tearline.Conflict, "another program"},
		{"other build", exec("update migrations set checksum = 'x'"), tearline.Conflict, "another build"},
		{"half the header", exec("delete from migrations"), tearline.Tampered, "damaged"},
		{"no database", overwrite(0, "Dear Sir or Madam"), tearline.Tampered, "not a database"},
		{"damaged page", overwrite(100, strings.Repeat("\xff", 3000)), tearline.Tampered, "damaged"},
		{"a directory", func(t *testing.T, db *sqlite.DB, dir string) {
			t.Helper()
			closed(t, db)
			if err := errors.Join(os.Remove(filepath.Join(dir, dbFile)), os.Mkdir(filepath.Join(dir, dbFile), 0o700)); err != nil {
				t.Fatal(err)
			}
		}, tearline.Conflict, "another program"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db, dir := create(t)
			tt.spoil(t, db, dir)
			closed(t, db)
			before := snapshot(t, dir)
			_, err := sqlite.Open(context.Background(), dir)
			wantError(t, err, tt.kind, tt.public)
			if d := cmp.Diff(before, snapshot(t, dir)); d != "" {
				t.Errorf("it was touched: %s", d)
			}
			if tt.name == "a directory" {
				return // Create sees the same as any program: no file to open
			}
			_, err = sqlite.Create(context.Background(), dir)
			if err == nil {
				t.Error("Create made itself at home")
			}
			if d := cmp.Diff(before, snapshot(t, dir)); d != "" {
				t.Errorf("Create touched it: %s", d)
			}
		})
	}
}

// A program that is running when a newer one brings the tables up to date must
// not go on writing the old way.
func TestOvertaken(t *testing.T) {
	db, dir := create(t)
	other := reopen(t, dir)
	write(t, db, func(tx *sqlite.Tx) error { return tx.SetMeta("a", "1") })
	if err := other.Exec("pragma user_version = 99"); err != nil {
		t.Fatal(err)
	}
	err := db.Write(context.Background(), func(tx *sqlite.Tx) error { return tx.SetMeta("a", "2") })
	wantError(t, err, tearline.Conflict, "version 99")
	err = db.Read(context.Background(), func(*sqlite.Tx) error { return nil })
	wantError(t, err, tearline.Conflict, "version 99")
}

// A directory that version 1 made is brought up to date, once.
func TestUpgrade(t *testing.T) {
	db, dir := create(t)
	write(t, db, func(tx *sqlite.Tx) error { return tx.SetMeta("a", "1") })
	err := db.Exec("drop index entries_name; drop index entries_party; drop index requests_name; drop index copies_name;" +
		"drop table background; drop table watched; drop table watched_items; drop table cases;" +
		"drop table fingerprints; drop table approvals; alter table parties drop column protected; alter table copies add column choices text not null default '{}';" +
		"delete from migrations where version > 1; pragma user_version = 1")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		db := reopen(t, dir)
		n, err := db.Ask("select count(*) from sqlite_schema where name in ('entries_name', 'entries_party', 'requests_name', 'copies_name')")
		if err != nil || n != 4 {
			t.Errorf("%d of 4 indexes, %v", n, err)
		}
		read(t, db, func(tx *sqlite.Tx) error {
			v, _, err := tx.Meta("a")
			equal(t, "what was there", "1", v)
			return err
		})
	}
}

// What has been released is never edited. If this fails because a migration
// was changed before its first release, put the new checksum into the list.
func TestMigrationsUnchanged(t *testing.T) {
	onRecord, actual := sqlite.Migrations()
	if d := cmp.Diff(onRecord, actual); d != "" {
		t.Error(d)
	}
}

func TestWAL(t *testing.T) {
	db, dir := create(t)
	if err := db.Exec("pragma journal_mode = delete"); err != nil {
		t.Fatal(err)
	}
	closed(t, db)
	db = reopen(t, dir)
	for query, want := range map[string]int64{
		"select journal_mode = 'wal' from pragma_journal_mode": 1,
		"pragma synchronous":  2, // full
		"pragma foreign_keys": 1,
	} {
		if got, err := db.Ask(query); got != want || err != nil {
			t.Errorf("%s = %d, %v", query, got, err)
		}
	}
}
