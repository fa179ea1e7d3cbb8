package sqlite

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"tearline"
)

const (
	// chunkHashes is how many tree hashes one row holds: as many as fit,
	// with the row's other columns, on one database page of 4096 bytes.
	chunkHashes = 120
	// maxClean is how many rows of hashes a transaction keeps at hand: all
	// that an append and its proof need, and a bound for a walk over the
	// whole tree.
	maxClean = 256
)

// A tree is the Merkle tree of one ledger within one transaction. What an
// append adds stays here until the transaction commits, so that many appends
// write few rows.
type tree struct {
	tx     *Tx
	log    tearline.PartyID
	size   int64 // entries
	chunks map[int64]*chunk
	clean  int // chunks that are as the database has them
}

// A chunk is one row of hashes.
type chunk struct {
	data  []byte
	dirty bool
}

// tree returns a ledger's tree as the transaction sees it.
func (tx *Tx) tree(log tearline.PartyID) (*tree, error) {
	if err := tx.ready(); err != nil {
		return nil, err
	}
	if t := tx.trees[log]; t != nil {
		return t, nil
	}
	size, _, err := one(tx, scanInt, "select idx + 1 from entries where log = ? order by idx desc limit 1", log)
	if err != nil {
		return nil, err
	}
	if tx.trees == nil {
		tx.trees = map[tearline.PartyID]*tree{}
	}
	t := &tree{tx: tx, log: log, size: size, chunks: map[int64]*chunk{}}
	tx.trees[log] = t
	return t, nil
}

func scanInt(r *sql.Rows, v *int64) error { return r.Scan(v) }

// ReadHashes implements [tlog.HashReader].
func (t *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	count := tlog.StoredHashCount(t.size)
	for i, x := range indexes {
		if x < 0 || x >= count {
			return nil, misuse(t.tx.op, "tree hash %d of %d in the ledger of %s", x, count, t.log)
		}
		c, err := t.chunk(x / chunkHashes)
		if err != nil {
			return nil, err
		}
		copy(hashes[i][:], c.data[x%chunkHashes*tlog.HashSize:])
	}
	return hashes, nil
}

// chunk returns a row of hashes. The tree's size says how long it must be.
func (t *tree) chunk(n int64) (*chunk, error) {
	if c := t.chunks[n]; c != nil {
		return c, nil
	}
	data, _, err := one(t.tx, scanBytes, "select data from hashes where log = ? and chunk = ?", t.log, n)
	if err != nil {
		return nil, err
	}
	if want := min(tlog.StoredHashCount(t.size)-n*chunkHashes, chunkHashes) * tlog.HashSize; int64(len(data)) != want {
		return nil, t.tx.spoil(&tearline.Error{
			Op: t.tx.op, Kind: tearline.Tampered, Err: fmt.Errorf("row %d of tree hashes has %d bytes, not %d", n, len(data), want),
			Public: fmt.Sprintf("the tree of %s's ledger does not fit its entries", t.log), Hint: damagedHint,
		})
	}
	if t.clean >= maxClean {
		maps.DeleteFunc(t.chunks, func(_ int64, c *chunk) bool { return !c.dirty })
		t.clean = 0
	}
	c := &chunk{data: data}
	t.chunks[n] = c
	t.clean++
	return c, nil
}

func scanBytes(r *sql.Rows, v *[]byte) error { return r.Scan(v) }

// add puts a leaf at the end of the tree.
func (t *tree) add(leaf []byte) error {
	hashes, err := tlog.StoredHashes(t.size, leaf, t)
	if err != nil {
		return err
	}
	at := tlog.StoredHashCount(t.size)
	for i, h := range hashes {
		x := at + int64(i)
		if x%chunkHashes == 0 {
			t.chunks[x/chunkHashes] = &chunk{dirty: true}
		}
		c, err := t.chunk(x / chunkHashes)
		if err != nil {
			return err
		}
		if !c.dirty {
			c.dirty = true
			t.clean--
		}
		c.data = append(c.data, h[:]...)
	}
	t.size++
	return nil
}

// flush writes the rows that have changed.
func (t *tree) flush() error {
	for _, n := range slices.Sorted(maps.Keys(t.chunks)) {
		c := t.chunks[n]
		if !c.dirty {
			continue
		}
		err := t.tx.put("insert into hashes (log, chunk, data) values (?, ?, ?) on conflict do update set data = excluded.data", t.log, n, c.data)
		if err != nil {
			return err
		}
		c.dirty = false
		t.clean++
	}
	return nil
}
