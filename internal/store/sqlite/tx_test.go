package sqlite_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"tearline"
	"tearline/internal/store/sqlite"
)

func metaK(tb testing.TB, db *sqlite.DB) string {
	tb.Helper()
	var v string
	read(tb, db, func(tx *sqlite.Tx) (err error) {
		v, _, err = tx.Meta("k")
		return err
	})
	return v
}

func TestRollback(t *testing.T) {
	ctx := context.Background()
	db, _ := create(t)
	set := func(tx *sqlite.Tx) {
		if err := tx.SetMeta("k", "v"); err != nil {
			t.Error(err)
		}
	}
	own := errors.New("own")
	if err := db.Write(ctx, func(tx *sqlite.Tx) error { set(tx); return own }); !errors.Is(err, own) {
		t.Errorf("Write = %v, want the function's error", err)
	}
	func() {
		defer func() {
			if recover() != "bug" {
				t.Error("the panic did not come through")
			}
		}()
		_ = db.Write(ctx, func(tx *sqlite.Tx) error { set(tx); panic("bug") })
	}()
	if got := metaK(t, db); got != "" {
		t.Errorf("k = %q after rollback", got)
	}
	write(t, db, func(tx *sqlite.Tx) error { set(tx); return nil })
	if got := metaK(t, db); got != "v" {
		t.Errorf("k = %q after commit", got)
	}
}

func TestTxMisuse(t *testing.T) {
	ctx := context.Background()
	db, _ := create(t)
	signed := newSpeaker(t, holder).say(t, &tearline.Exclusion{Party: "XHC"})
	var kept *sqlite.Tx
	write(t, db, func(tx *sqlite.Tx) error { kept = tx; return nil })
	if err := kept.SetMeta("k", "v"); tearline.KindOf(err) != tearline.Other || err == nil {
		t.Errorf("after the end: %v", err)
	}
	if _, _, err := kept.Meta("k"); err == nil {
		t.Error("Meta after the end")
	}
	if _, err := kept.Hashes(holder).ReadHashes([]int64{0}); err == nil {
		t.Error("Hashes after the end")
	}
	err := db.Read(ctx, func(tx *sqlite.Tx) error {
		if err := tx.SetMeta("k", "v"); err == nil {
			t.Error("SetMeta in Read")
		}
		if _, err := tx.Append(holder, signed); err == nil {
			t.Error("Append in Read")
		}
		if err := tx.PutReport(sqlite.ReportRow{}, nil); err == nil {
			t.Error("PutReport in Read")
		}
		_, _, err := tx.Meta("k") // the transaction itself goes on
		return err
	})
	if err != nil {
		t.Error(err)
	}
	write(t, db, func(tx *sqlite.Tx) error {
		bad := signed
		bad.Salt = bad.Salt[:8]
		if _, err := tx.Append(holder, bad); err == nil {
			t.Error("Append with a short salt")
		}
		if _, err := tx.Append("", signed); err == nil {
			t.Error("Append to nobody's ledger")
		}
		if _, err := tx.Hashes(holder).ReadHashes([]int64{0}); err == nil {
			t.Error("hash of an empty ledger")
		}
		return nil
	})
}

// A fault in the database dooms the transaction even if fn does not look.
func TestSpoilt(t *testing.T) {
	ctx := context.Background()
	db, _ := create(t)
	err := db.Write(ctx, func(tx *sqlite.Tx) error {
		if err := tx.SetMeta("k", "v"); err != nil {
			return err
		}
		far := sqlite.RequestRow{ID: "a", Asked: time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC)}
		if err := tx.PutRequest(far); tearline.KindOf(err) != tearline.Invalid {
			t.Errorf("the year 20000: %v", err)
		}
		if err := tx.SetMeta("l", "v"); err == nil {
			t.Error("the transaction went on")
		}
		return nil
	})
	if tearline.KindOf(err) != tearline.Invalid {
		t.Errorf("Write = %v, want the fault", err)
	}
	if got := metaK(t, db); got != "" {
		t.Errorf("k = %q", got)
	}
}

// What speaks of a statement that is in no ledger cannot be committed.
func TestNoRowWithoutEntry(t *testing.T) {
	s := newSpeaker(t, holder)
	signed, row := s.file(t, "R1")
	for name, put := range map[string]func(*sqlite.Tx) error{
		"report": func(tx *sqlite.Tx) error { return tx.PutReport(row, nil) },
		"disclosure": func(tx *sqlite.Tx) error {
			return tx.PutDisclosure(sqlite.DisclosureRow{Statement: signed.Statement.ID, Holder: holder}, nil)
		},
		"copy": func(tx *sqlite.Tx) error {
			return tx.PutCopy(sqlite.CopyRow{Copy: tearline.Copy{ID: "c", Disclosure: signed.Statement.ID}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			db, _ := create(t)
			err := db.Write(context.Background(), put)
			wantError(t, err, tearline.Other, "contradicts")
			write(t, db, func(tx *sqlite.Tx) error {
				if err := put(tx); err != nil { // before the entry is as good as after
					return err
				}
				_, err := tx.Append(holder, signed)
				return err
			})
		})
	}
}

func TestSnapshot(t *testing.T) {
	db, dir := create(t)
	other := reopen(t, dir)
	s := newSpeaker(t, holder)
	const n = 20
	appended(t, db, s, 1)
	read(t, other, func(tx *sqlite.Tx) error {
		// The snapshot was taken before fn began: nothing has been read yet.
		for range n {
			appended(t, db, s, 1)
		}
		seen := 0
		for _, err := range tx.Entries(holder, 0) {
			if err != nil {
				return err
			}
			seen++
		}
		size, err := tx.LogSize(holder)
		if size != 1 || seen != 1 {
			t.Errorf("size %d, %d entries: want those of the snapshot, 1", size, seen)
		}
		return err
	})
	if got := checkLog(t, other, s); got != n+1 {
		t.Errorf("%d entries afterwards, want %d", got, n+1)
	}
}

func TestGoroutines(t *testing.T) {
	db, _ := create(t)
	s := newSpeaker(t, holder)
	const each, writers = 20, 4
	var wg sync.WaitGroup
	for w := range writers {
		list := make([]tearline.Predicate, each)
		for i := range list {
			list[i] = &tearline.Exclusion{Party: tearline.PartyID(rune('A' + w))}
		}
		var said []func(*sqlite.Tx) error
		for _, p := range list {
			signed := s.say(t, p)
			said = append(said, func(tx *sqlite.Tx) error { _, err := tx.Append(holder, signed); return err })
		}
		wg.Go(func() {
			for _, f := range said {
				if err := db.Write(context.Background(), f); err != nil {
					t.Error(err)
				}
			}
		})
		wg.Go(func() {
			var last int64
			for range each {
				err := db.Read(context.Background(), func(tx *sqlite.Tx) error {
					size, err := tx.LogSize(holder)
					if size < last {
						t.Errorf("size fell from %d to %d", last, size)
					}
					last = size
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := checkLog(t, db, s); got != each*writers {
		t.Errorf("%d entries, want %d", got, each*writers)
	}
}

func TestCancel(t *testing.T) {
	db, _ := create(t)
	ctx, cancel := context.WithCancel(context.Background())
	err := db.Write(ctx, func(tx *sqlite.Tx) error {
		if err := tx.SetMeta("k", "v"); err != nil {
			return err
		}
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Write = %v", err)
	}
	if err := db.Read(ctx, func(*sqlite.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("Read = %v", err)
	}
	if got := metaK(t, db); got != "" {
		t.Errorf("k = %q", got)
	}
	write(t, db, func(tx *sqlite.Tx) error { return tx.SetMeta("k", "v") })
}

// A transaction does not wait for ever for another of its own process.
func TestImpatient(t *testing.T) {
	db, _ := create(t)
	db.SetPatience(20 * time.Millisecond)
	write(t, db, func(*sqlite.Tx) error {
		err := db.Write(context.Background(), func(*sqlite.Tx) error { return nil })
		wantError(t, err, tearline.Transient, "writing")
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		if err := db.Write(ctx, func(*sqlite.Tx) error { return nil }); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Write = %v", err)
		}
		return nil
	})
}

func TestDiskFull(t *testing.T) {
	db, dir := create(t)
	s := newSpeaker(t, holder)
	if err := db.Exec("pragma max_page_count = 60"); err != nil {
		t.Fatal(err)
	}
	var acknowledged int64
	var err error
	for i := 0; err == nil; i++ {
		if i == 1000 {
			t.Fatal("the database never fills")
		}
		err = db.Write(context.Background(), func(tx *sqlite.Tx) error {
			signed, row := s.file(t, reportID(i))
			if _, err := tx.Append(holder, signed); err != nil {
				return err
			}
			return tx.PutReport(row, nil)
		})
		if err == nil {
			acknowledged++
		}
	}
	wantError(t, err, tearline.Other, "disk is full")
	closed(t, db)
	db = reopen(t, dir)
	if got := checkLog(t, db, s); got != acknowledged || got == 0 {
		t.Errorf("%d entries, %d acknowledged", got, acknowledged)
	}
	read(t, db, func(tx *sqlite.Tx) error {
		n, err := tx.CountReports(holder)
		if n != acknowledged {
			t.Errorf("%d reports, %d acknowledged", n, acknowledged)
		}
		return err
	})
}
