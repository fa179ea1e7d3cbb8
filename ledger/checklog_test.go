package ledger_test

import (
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"tearline/ledger"
)

func TestCheckLog(t *testing.T) {
	l := statementLog(t, 259)
	for _, size := range []int64{0, 1, 2, 3, 255, 256, 257, 259} {
		for _, stored := range []tlog.HashReader{nil, l} {
			got, err := ledger.CheckLog(norland, testKeys(t), seq(l.entries[:size]), stored, size)
			if err != nil || got != l.head(t, size) {
				t.Errorf("size %d: %+v, %v", size, got, err)
			}
		}
	}
}

// changed returns a copy of a log with one thing changed.
func (l *memLog) changed(change func(*memLog)) *memLog {
	c := &memLog{hashes: slices.Clone(l.hashes), entries: slices.Clone(l.entries), leaves: l.leaves}
	for i := range c.entries {
		c.entries[i].Salt, c.entries[i].Envelope = slices.Clone(c.entries[i].Salt), slices.Clone(c.entries[i].Envelope)
	}
	change(c)
	return c
}

func TestCheckLogFaults(t *testing.T) {
	l := statementLog(t, 20)
	for _, tc := range []struct {
		name   string
		change func(*memLog)
		want   []string // with the stored hashes
	}{
		{"envelope", func(l *memLog) { l.entries[5].Envelope[40] ^= 1 }, []string{"entry 5: ", "entry 5: salt and envelope"}},
		{"salt", func(l *memLog) { l.entries[5].Salt[0] ^= 1 }, []string{"entry 5: salt and envelope"}},
		{"short salt", func(l *memLog) { l.entries[5].Salt = nil }, []string{"entry 5: salt of 0 bytes", "entry 5: salt and envelope"}},
		{"stored leaf", func(l *memLog) { l.hashes[tlog.StoredHashIndex(0, 7)][3] ^= 1 }, []string{"entry 7: salt and envelope", "entry 7: stored hash of the 2"}},
		{"stored node", func(l *memLog) { l.hashes[tlog.StoredHashIndex(2, 1)][3] ^= 1 }, []string{"entry 7: stored hash of the 4", "entry 7: stored hash of the 8"}},
		{"stored top", func(l *memLog) { l.hashes[tlog.StoredHashIndex(4, 0)][3] ^= 1 }, []string{"entry 15: stored hash of the 16"}},
		{"one missing", func(l *memLog) { l.entries = slices.Delete(l.entries, 4, 5) }, []string{"entry 4: entries 4 to 4 are missing"}},
		{"first missing", func(l *memLog) { l.entries = l.entries[2:] }, []string{"entry 0: entries 0 to 1 are missing"}},
		{"end missing", func(l *memLog) { l.entries = l.entries[:17] }, []string{"entry 17: entries 17 to 19 are missing"}},
		{"all missing", func(l *memLog) { l.entries = nil }, []string{"entry 0: entries 0 to 19 are missing"}},
		{"twice", func(l *memLog) { l.entries = slices.Insert(l.entries, 4, l.entries[3]) }, []string{"entry 3: comes twice"}},
		{"too many", func(l *memLog) { l.entries = append(l.entries, ledger.Entry{Index: 20}) }, []string{"entry 20: salt", "entry 20: no such entry"}},
		{"exchanged", func(l *memLog) { l.entries[3], l.entries[4] = l.entries[4], l.entries[3] }, []string{"entry 3: entries 3 to 3 are missing", "entry 3: comes twice or out of order"}},
		{"renumbered", func(l *memLog) {
			l.entries[3], l.entries[4] = l.entries[4], l.entries[3]
			l.entries[3].Index, l.entries[4].Index = 3, 4
		}, []string{"entry 3: salt and envelope", "entry 4: salt and envelope"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := l.changed(tc.change)
			_, err := ledger.CheckLog(norland, testKeys(t), seq(c.entries), c, 20)
			var faults *ledger.LogError
			if !errors.Is(err, ledger.ErrTampered) || !errors.As(err, &faults) {
				t.Fatalf("CheckLog = %v", err)
			}
			lines := strings.Split(err.Error(), "\n")
			for i := range max(len(lines), len(tc.want)) {
				if i >= len(lines) || i >= len(tc.want) || !strings.HasPrefix(lines[i], tc.want[i]) {
					t.Fatalf("faults\n%s\nwant\n%s", err, strings.Join(tc.want, "\n"))
				}
			}
			// Without stored hashes, the root tells.
			got, err := ledger.CheckLog(norland, testKeys(t), seq(c.entries), nil, 20)
			if err == nil && got == l.head(t, 20) && !strings.HasPrefix(tc.name, "stored") {
				t.Error("not found without the stored hashes")
			}
		})
	}
}

func TestCheckLogBoundsFaults(t *testing.T) {
	l := statementLog(t, 300)
	_, err := ledger.CheckLog(norland, nil, seq(l.entries), l, 300)
	var faults *ledger.LogError
	if !errors.As(err, &faults) || len(faults.Faults) != 100 || faults.Total != 300 || !strings.HasSuffix(err.Error(), "and 200 more") || !errors.Is(err, ledger.ErrSignature) {
		t.Errorf("CheckLog = %v", err)
	}
}

// TestCheckLogReturnsErrors of what it reads from, as they are.
func TestCheckLogReturnsErrors(t *testing.T) {
	l := statementLog(t, 3)
	broken := errors.New("disk on fire")
	var entries iter.Seq2[ledger.Entry, error] = func(yield func(ledger.Entry, error) bool) {
		_ = yield(l.entries[0], nil) && yield(ledger.Entry{}, broken)
	}
	_, err := ledger.CheckLog(norland, testKeys(t), entries, l, 3)
	if !errors.Is(err, broken) || errors.Is(err, ledger.ErrTampered) {
		t.Errorf("entries: %v", err)
	}
	hashes := tlog.HashReaderFunc(func([]int64) ([]tlog.Hash, error) { return nil, broken })
	if _, err := ledger.CheckLog(norland, testKeys(t), seq(l.entries), hashes, 3); !errors.Is(err, broken) {
		t.Errorf("stored: %v", err)
	}
	few := tlog.HashReaderFunc(func([]int64) ([]tlog.Hash, error) { return nil, nil })
	if _, err := ledger.CheckLog(norland, testKeys(t), seq(l.entries), few, 3); !errors.Is(err, ledger.ErrLog) {
		t.Errorf("too few stored hashes: %v", err)
	}
	if _, err := ledger.CheckLog("", nil, seq(l.entries), nil, 3); err == nil {
		t.Error("no party")
	}
	if _, err := ledger.CheckLog(norland, nil, seq(l.entries), nil, -1); err == nil {
		t.Error("negative size")
	}
}
