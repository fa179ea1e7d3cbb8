package book_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/internal/node/book"
	"tearline/internal/store/sqlite"
)

var start = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// a clock that the test sets.
type clock struct{ now time.Time }

func newBook(t *testing.T) (*book.Book, *clock, string) {
	t.Helper()
	c, dir := &clock{start}, t.TempDir()
	b, err := book.Init(t.Context(), dir, tearline.Party{ID: "USA", Name: "United States"}, "us", book.Env{Now: func() time.Time { return c.now }})
	if err != nil {
		t.Fatal(err)
	}
	return b, c, dir
}

// say has USA say so many things in one transaction and returns when.
func say(t *testing.T, b *book.Book, times int) []string {
	t.Helper()
	var at []string
	err := b.Write(t.Context(), "USA", func(w *book.Writer) error {
		for range times {
			at = append(at, w.At.Format("15:04:05.000000"))
			if _, err := w.Say(nil, &tearline.Exclusion{Party: "FRA"}, book.RefParty("FRA")); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// addParty records a party that has no keys of its own here.
func addParty(t *testing.T, b *book.Book) {
	t.Helper()
	k, err := b.Keys("USA")
	if err != nil {
		t.Fatal(err)
	}
	err = b.Write(t.Context(), "USA", func(w *book.Writer) error {
		return w.RecordParty(tearline.Party{ID: "GBR", Name: "United Kingdom"}, k)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A party's statements follow each other, whatever its clock does; what others
// say in between does not show in their dates.
func TestDates(t *testing.T) {
	t.Parallel()
	b, c, _ := newBook(t)
	defer b.Close()
	c.now = start.Add(time.Minute)
	got := say(t, b, 2)
	got = append(got, say(t, b, 1)...) // the clock stands still
	c.now = start
	got = append(got, say(t, b, 1)...) // and goes back a little
	c.now = start.Add(time.Hour)
	got = append(got, say(t, b, 1)...)
	want := []string{"08:01:00.000000", "08:01:00.000001", "08:01:00.000002", "08:01:00.000003", "09:00:00.000000"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("dates (-want +got):\n%s", diff)
	}
	c.now = start.Add(time.Hour - 6*time.Minute)
	err := b.Write(t.Context(), "USA", func(*book.Writer) error { return nil })
	if tearline.KindOf(err) != tearline.Conflict || !strings.Contains(err.Error(), "but the ledger goes up to 2026-03-02T09:00:00Z") {
		t.Errorf("a clock that is far behind: %v", err)
	}
}

func TestNotBefore(t *testing.T) {
	t.Parallel()
	at := func(d time.Duration) time.Time { return start.Add(d) }
	for _, tt := range []struct {
		name string
		said []time.Time
		want time.Time
	}{
		{"nothing was said", nil, start},
		{"all was said before", []time.Time{at(-time.Hour), start}, start},
		{"a little later: the full second, not the fraction", []time.Time{at(3 * time.Microsecond), at(-1)}, at(time.Second)},
		{"another fraction, the same second", []time.Time{at(999 * time.Millisecond)}, at(time.Second)},
		{"a full second stays one", []time.Time{at(2 * time.Second)}, at(2 * time.Second)},
	} {
		if got, err := book.NotBefore(start, tt.said...); err != nil || !got.Equal(tt.want) {
			t.Errorf("%s: %s, %v", tt.name, got, err)
		}
	}
	if _, err := book.NotBefore(start, at(6*time.Minute)); tearline.KindOf(err) != tearline.Conflict {
		t.Errorf("far behind: %v", err)
	}
}

// What is committed is acknowledged, even if its note cannot be written; that
// is told at the end.
func TestUnnoted(t *testing.T) {
	t.Parallel()
	b, c, dir := newBook(t)
	c.now = start.Add(time.Minute)
	say(t, b, 1)
	notes := filepath.Join(dir, "checkpoints")
	if err := os.RemoveAll(notes); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(notes, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	say(t, b, 1)
	err := b.Close()
	if err == nil || !strings.Contains(err.Error(), "all is recorded, but how far the ledger has come could not be noted") {
		t.Errorf("close says %v", err)
	}
	if err := os.Remove(notes); err != nil {
		t.Fatal(err)
	}
	again, err := book.Open(t.Context(), dir, book.Env{Now: func() time.Time { return c.now }})
	if err != nil {
		t.Fatal(err)
	}
	say(t, again, 1)
	err = again.Read(t.Context(), func(tx *sqlite.Tx) error {
		size, err := tx.LogSize("USA")
		if size != 4 {
			t.Errorf("%d entries, want 4", size)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

// An interruption just after the commit loses nothing, and is no fault.
func TestInterruptedAfterCommit(t *testing.T) {
	t.Parallel()
	b, _, _ := newBook(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := b.Write(ctx, "USA", func(w *book.Writer) error {
		_, err := w.Say(nil, &tearline.Exclusion{Party: "FRA"})
		return err
	})
	cancel()
	if err != nil {
		t.Fatal(err)
	}
	err = b.Write(ctx, "USA", func(w *book.Writer) error {
		t.Error("an interrupted act begins")
		return nil
	})
	if err == nil {
		t.Error("an interrupted act succeeds")
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
}

// Whoever has no voice here is told why: nobody knows it, or its keys are
// missing.
func TestVoiceless(t *testing.T) {
	t.Parallel()
	b, _, _ := newBook(t)
	defer b.Close()
	addParty(t, b)
	for by, want := range map[tearline.PartyID]string{
		"NOBODY": `unknown party "NOBODY"`,
		"../USA": `unknown party "../USA"`,
		"GBR":    "there are no keys of GBR here",
	} {
		err := b.Write(t.Context(), by, func(*book.Writer) error { return nil })
		if tearline.KindOf(err) != tearline.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", by, err, want)
		}
	}
}
