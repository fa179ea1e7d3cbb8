package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"tearline"
	"tearline/internal/store/sqlite"
	"tearline/ledger"
)

// memory is a ledger's tree kept the plainest way.
type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var list []tlog.Hash
	for _, i := range indexes {
		list = append(list, m[i])
	}
	return list, nil
}

// signedPool is signed once for all: signing is slow, and the store does not
// look at it.
func signedPool(tb testing.TB, n int) []ledger.Signed {
	tb.Helper()
	s := newSpeaker(tb, holder)
	list := make([]ledger.Signed, n)
	for i := range list {
		list[i] = s.say(tb, &tearline.Exclusion{Party: "XHC"})
	}
	return list
}

// TestTree: whatever transactions append to however many ledgers, some rolled
// back, the hashes are those of the plain tree, seen from inside the
// transaction and from another handle.
func TestTree(t *testing.T) {
	pool := signedPool(t, 1500)
	db, _ := create(t)
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		logs := []tearline.PartyID{ledgerName("A", round), ledgerName("B", round), ledgerName("C", round)}
		sizes, trees := map[tearline.PartyID]int64{}, map[tearline.PartyID]memory{}
		used := 0
		give := errors.New("give up")
		for range rapid.IntRange(1, 4).Draw(rt, "transactions") {
			counts := rapid.SliceOfN(rapid.IntRange(0, 70), 3, 3).Draw(rt, "appends")
			commit := rapid.Bool().Draw(rt, "commit")
			next, grown := map[tearline.PartyID]int64{}, map[tearline.PartyID]memory{}
			err := db.Write(context.Background(), func(tx *sqlite.Tx) error {
				for i, log := range logs {
					size, tree := sizes[log], slices.Clip(trees[log])
					for range counts[i] {
						s := pool[used%len(pool)]
						s.Statement.ID = tearline.StatementID(fmt.Sprintf("%d-%d", round, used))
						used++
						if index, err := tx.Append(log, s); err != nil || index != size {
							rt.Fatalf("append %d of %s = %d, %v", size, log, index, err)
						}
						hashes, err := tlog.StoredHashes(size, ledger.Leaf(s.Salt, s.Envelope), tree)
						if err != nil {
							rt.Fatal(err)
						}
						tree = append(tree, hashes...)
						size++
					}
					next[log], grown[log] = size, tree
					sameTree(rt, tx, log, size, tree)
				}
				if !commit {
					return give
				}
				return nil
			})
			if commit && err != nil || !commit && !errors.Is(err, give) {
				rt.Fatal(err)
			}
			if commit {
				sizes, trees = next, grown
			}
		}
		err := db.Read(context.Background(), func(tx *sqlite.Tx) error {
			for _, log := range logs {
				sameTree(rt, tx, log, sizes[log], trees[log])
			}
			return nil
		})
		if err != nil {
			rt.Fatal(err)
		}
	})
}

// ledgerName gives each round ledgers of its own: it costs less than a
// database of its own.
func ledgerName(name string, round int) tearline.PartyID {
	return tearline.PartyID(fmt.Sprintf("X%s-%d", name, round))
}

func sameTree(rt *rapid.T, tx *sqlite.Tx, log tearline.PartyID, size int64, tree memory) {
	if n, err := tx.LogSize(log); n != size || err != nil {
		rt.Fatalf("%s has %d entries, %v; want %d", log, n, err, size)
	}
	all := make([]int64, len(tree))
	for i := range all {
		all[i] = int64(i)
	}
	got, err := tx.Hashes(log).ReadHashes(all)
	if err != nil {
		rt.Fatal(err)
	}
	for i, h := range got {
		if h != tree[i] {
			rt.Fatalf("%s: hash %d of %d differs", log, i, len(tree))
		}
	}
	if _, err := tx.Hashes(log).ReadHashes([]int64{int64(len(tree))}); err == nil {
		rt.Fatalf("%s: a hash beyond the tree", log)
	}
}
