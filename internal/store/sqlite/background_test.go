package sqlite_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"tearline"
	"tearline/internal/store/sqlite"
)

func TestBackground(t *testing.T) {
	db, dir := create(t)
	row := func(source, key string) sqlite.BackgroundRow {
		return sqlite.BackgroundRow{Source: source, Key: key, Title: "Mole closed", URL: "https://gazette.example/" + key, Published: epoch, Text: "Text of " + key}
	}
	for _, tt := range []struct {
		row  sqlite.BackgroundRow
		want bool
	}{
		{row("gazette", "a"), true},
		{row("gazette", "a"), false}, // once
		{row("courier", "a"), true},  // a key is the source's own
		{sqlite.BackgroundRow{Source: "gazette", Key: "b", Text: "No date."}, true},
	} {
		write(t, db, func(tx *sqlite.Tx) error {
			added, err := tx.AddBackground(tt.row)
			if added != tt.want {
				t.Errorf("%s/%s: added %v", tt.row.Source, tt.row.Key, added)
			}
			return err
		})
	}
	want := []sqlite.BackgroundRow{row("gazette", "a"), row("courier", "a"), {Source: "gazette", Key: "b", Text: "No date."}}
	for i := range want {
		want[i].ID = int64(i + 1)
	}
	read(t, reopen(t, dir), func(tx *sqlite.Tx) error {
		n, err := tx.CountBackground()
		if n != 3 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		list, err := collect(tx.EachBackground(0))
		equal(t, "all", want, list)
		if err != nil {
			return err
		}
		list, err = collect(tx.EachBackground(2))
		equal(t, "after the second", want[2:], list)
		if err != nil {
			return err
		}
		one, ok, err := tx.Background(2)
		equal(t, "the second", want[1], one)
		if !ok || err != nil {
			t.Errorf("%v, %v", ok, err)
		}
		_, ok, err = tx.Background(4)
		if ok {
			t.Error("there is a fourth")
		}
		return err
	})
}

// More than a page of them come in their order.
func TestBackgroundPages(t *testing.T) {
	db, _ := create(t)
	write(t, db, func(tx *sqlite.Tx) error {
		for i := range 200 {
			if _, err := tx.AddBackground(sqlite.BackgroundRow{Source: "s", Key: fmt.Sprint(i)}); err != nil {
				return err
			}
		}
		return nil
	})
	read(t, db, func(tx *sqlite.Tx) error {
		want := int64(50)
		for b, err := range tx.EachBackground(want) {
			if err != nil {
				return err
			}
			if want++; b.ID != want || b.Key != fmt.Sprint(want-1) {
				t.Errorf("%d %s", b.ID, b.Key)
			}
		}
		if want != 200 {
			t.Errorf("ended at %d", want)
		}
		return nil
	})
}

func TestWatched(t *testing.T) {
	db, _ := create(t)
	first := sqlite.WatchedRow{Party: "XHA", Feed: "f", ETag: `"1"`, Modified: "Tue", Tried: epoch, Next: epoch.Add(time.Hour), Failures: 2}
	second := sqlite.WatchedRow{Party: "XHA", Feed: "f", Tried: epoch.Add(time.Minute)}
	for _, w := range []sqlite.WatchedRow{first, second} {
		write(t, db, func(tx *sqlite.Tx) error { return tx.PutWatched(w) })
		read(t, db, func(tx *sqlite.Tx) error {
			got, ok, err := tx.Watched("XHA", "f")
			equal(t, "watched", w, got)
			if !ok || err != nil {
				t.Error(ok, err)
			}
			_, ok, err = tx.Watched("XHB", "f")
			if ok {
				t.Error("another party's is seen")
			}
			return err
		})
	}
}

func TestSeen(t *testing.T) {
	db, _ := create(t)
	one, two := tearline.Digest{1}, tearline.Digest{2}
	mark := func(party tearline.PartyID, feed string, item tearline.Digest) (added bool) {
		write(t, db, func(tx *sqlite.Tx) (err error) {
			added, err = tx.MarkSeen(party, feed, item, epoch)
			return err
		})
		return added
	}
	if !mark("XHA", "f", one) || mark("XHA", "f", one) || !mark("XHA", "g", one) || !mark("XHB", "f", one) {
		t.Error("not once for each party and feed")
	}
	read(t, db, func(tx *sqlite.Tx) error {
		seen, err := tx.Seen("XHA", "f", one)
		if err != nil {
			return err
		}
		unseen, err := tx.Seen("XHA", "f", two)
		if !seen || unseen {
			t.Error(seen, unseen)
		}
		return err
	})
}

func TestCases(t *testing.T) {
	db, _ := create(t)
	row := func(party tearline.PartyID, id string, n int64) sqlite.CaseRow {
		return sqlite.CaseRow{
			Party: party, Number: n, ID: id, Opened: epoch, Published: epoch.Add(-time.Hour), Title: "Mole closed", URL: "https://gazette.example/" + id,
			Text: "Crates.", Result: json.RawMessage(`{"matches":[]}`),
		}
	}
	rows := []sqlite.CaseRow{row("XHA", "c1", 1), row("XHB", "c1", 1), row("XHA", "c2", 2), row("XHA", "c3", 3)}
	for _, r := range rows {
		write(t, db, func(tx *sqlite.Tx) error {
			r.Number = 99 // it is given
			return tx.PutCase(r)
		})
	}
	write(t, db, func(tx *sqlite.Tx) error {
		if err := tx.PutCase(rows[0]); !errors.Is(err, sqlite.ErrExists) {
			t.Errorf("again: %v", err)
		}
		if err := tx.SightCase("XHB", "c2", "s"); !errors.Is(err, sqlite.ErrAbsent) {
			t.Errorf("another's: %v", err)
		}
		return tx.SightCase("XHA", "c2", "statement")
	})
	rows[2].Sighting = "statement"
	line := func(r sqlite.CaseRow) sqlite.CaseRow {
		r.Text, r.Result = "", nil
		return r
	}
	read(t, db, func(tx *sqlite.Tx) error {
		list, err := tx.Cases("XHA", 0, 2)
		equal(t, "the newest two", []sqlite.CaseRow{line(rows[3]), line(rows[2])}, list)
		if err != nil {
			return err
		}
		list, err = tx.Cases("XHA", 2, 2)
		equal(t, "those before", []sqlite.CaseRow{line(rows[0])}, list)
		if err != nil {
			return err
		}
		one, ok, err := tx.Case("XHA", "c2")
		equal(t, "one", rows[2], one)
		if !ok || err != nil {
			t.Error(ok, err)
		}
		if _, err := tx.Cases("XHA", 0, 0); err == nil {
			t.Error("none were asked for, and no error")
		}
		return nil
	})
	read(t, db, func(tx *sqlite.Tx) error {
		_, ok, err := tx.Case("XHB", "c2")
		if ok {
			t.Error("another party's case is seen")
		}
		return err
	})
}
