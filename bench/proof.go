package main

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"

	"github.com/transparency-dev/tessera/client"
	"golang.org/x/mod/sumdb/tlog"

	"tearline"
	"tearline/bench/kit"
	"tearline/internal/store/sqlite"
	"tearline/ledger"
)

// A tree is a log whose hashes are in memory.
type tree struct {
	leaves [][]byte
	hashes []tlog.Hash
}

// ReadHashes implements [tlog.HashReader].
func (t *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	list := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x < 0 || x >= int64(len(t.hashes)) {
			return nil, fmt.Errorf("hash %d of %d", x, len(t.hashes))
		}
		list[i] = t.hashes[x]
	}
	return list, nil
}

// entry is the ith leaf's salt and envelope, which is none that can be read.
func entry(i int) (salt, envelope []byte) {
	salt = make([]byte, ledger.SaltSize)
	binary.BigEndian.PutUint64(salt, uint64(i)) //nolint:gosec // counted up from 0
	return salt, fmt.Appendf(nil, "envelope %d", i)
}

// newTree makes a log of n leaves, of which one is a statement's.
func newTree(n, at int, s ledger.Signed) (*tree, error) {
	t := &tree{leaves: make([][]byte, 0, n), hashes: make([]tlog.Hash, 0, 2*n)}
	for i := range n {
		leaf := ledger.Leaf(entry(i))
		if i == at {
			leaf = ledger.Leaf(s.Salt, s.Envelope)
		}
		h, err := tlog.StoredHashes(int64(i), leaf, t)
		if err != nil {
			return nil, err
		}
		t.leaves, t.hashes = append(t.leaves, leaf), append(t.hashes, h...)
	}
	return t, nil
}

// prove does what ledger.Prove does besides reading and signing: the root, the
// proof, and the check of the one against the other.
func prove(i, size int64, leaf []byte, hashes tlog.HashReader) error {
	root, err := tlog.TreeHash(size, hashes)
	if err != nil {
		return err
	}
	proof, err := tlog.ProveRecord(size, i, hashes)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, size, root, i, tlog.RecordHash(leaf))
}

func benchProof(b *bench) error {
	key, logKey, err := newKeys()
	if err != nil {
		return err
	}
	signed, err := sign(key, 0)
	if err != nil {
		return err
	}
	at := b.leaves / 3
	t, err := newTree(b.leaves, at, signed)
	if err != nil {
		return err
	}
	d, size := &dice{17}, int64(b.leaves)
	whole, err := b.Cost(kit.CPU, func() error {
		i := d.under(b.leaves)
		return prove(int64(i), size, t.leaves[i], t)
	})
	if err != nil {
		return err
	}
	bare, err := b.Cost(kit.CPU, func() error {
		_, err := tlog.ProveRecord(size, int64(d.under(b.leaves)), t)
		return err
	})
	if err != nil {
		return err
	}
	receipt, err := b.Cost(kit.CPU, func() error {
		_, err := ledger.Prove(logKey, signed, int64(at), size, t)
		return err
	})
	if err != nil {
		return err
	}
	fresh, warm, err := b.proofBuilder(t, logKey)
	if err != nil {
		return err
	}
	hash, err := b.twentyHashes()
	if err != nil {
		return err
	}
	peers := []kit.Peer{
		{Name: "Tessera ProofBuilder, new for each proof, files cached by the system", Value: fresh.Median / 1e3},
		{Name: "Tessera ProofBuilder, kept, its tiles in memory", Value: warm.Median / 1e3},
	}
	limit := kit.Peer{Name: "limit: 20 SHA-256 of 65 bytes", Value: hash.Median / 1e3}
	entries := kit.Number(float64(size)) + " entries, "
	b.Add("inclusion proof with root and check, "+entries+"in memory", "µs", whole.Times(1e-3), kit.AtMost(15), append(peers, limit)...)
	b.Add("inclusion proof alone, "+entries+"in memory", "µs", bare.Times(1e-3), kit.Goal{}, peers...)
	b.Add("whole receipt with signed checkpoint, "+entries+"in memory", "µs", receipt.Times(1e-3), kit.Goal{}, limit)
	return b.storedProof(limit, peers[0])
}

// twentyHashes is what checking a proof in a tree of a million entries takes
// at least.
func (b *bench) twentyHashes() (kit.Spread, error) {
	node := make([]byte, 65)
	return b.Cost(kit.CPU, func() error {
		for range 20 {
			h := sha256.Sum256(node)
			copy(node[1:], h[:])
		}
		return nil
	})
}

// proofBuilder publishes the tree as tiles, and has Tessera's client make
// proofs from the files: with a new builder for each, as one request would,
// and with one that is kept.
func (b *bench) proofBuilder(t *tree, logKey *ledger.Key) (fresh, warm kit.Spread, err error) {
	dir := filepath.Join(b.Dir, "tiles")
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	size := int64(len(t.leaves))
	root, err := tlog.TreeHash(size, t)
	if err != nil {
		return fresh, warm, err
	}
	checkpoint, err := ledger.SignCheckpoint(logKey, ledger.Checkpoint{Origin: ledger.Origin(holder), Size: size, Root: root})
	if err != nil {
		return fresh, warm, err
	}
	err = ledger.Export(func(path string, data []byte) error {
		path = filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		return os.WriteFile(path, data, 0o600)
	}, leavesOf(t), nil, size, checkpoint)
	if err != nil {
		return fresh, warm, err
	}
	files := client.FileFetcher{Root: dir}
	d := &dice{19}
	one := func(pb *client.ProofBuilder) error {
		_, err := pb.InclusionProof(b.Ctx, uint64(d.under(len(t.leaves)))) //nolint:gosec // not below 0
		return err
	}
	if fresh, err = b.Cost(kit.CPU, func() error {
		pb, err := client.NewProofBuilder(b.Ctx, uint64(size), files.ReadTile) //nolint:gosec // as above
		if err != nil {
			return err
		}
		return one(pb)
	}); err != nil {
		return fresh, warm, err
	}
	kept, err := keptBuilder(b.Ctx, uint64(size), files)
	if err != nil {
		return fresh, warm, err
	}
	warm, err = b.Cost(kit.CPU, func() error { return one(kept) })
	return fresh, warm, err
}

// keptBuilder returns a builder that has seen every tile.
func keptBuilder(ctx context.Context, size uint64, files client.FileFetcher) (*client.ProofBuilder, error) {
	pb, err := client.NewProofBuilder(ctx, size, files.ReadTile)
	if err != nil {
		return nil, err
	}
	for i := uint64(0); i < size; i += 256 {
		if _, err := pb.InclusionProof(ctx, i); err != nil {
			return nil, err
		}
	}
	return pb, nil
}

func leavesOf(t *tree) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for _, l := range t.leaves {
			if !yield(l, nil) {
				return
			}
		}
	}
}

// storedProof measures the same proof from a ledger in SQLite. The store looks
// at no signature, so the entries are short and not signed.
func (b *bench) storedProof(peers ...kit.Peer) (err error) {
	db, err := sqlite.Create(b.Ctx, filepath.Join(b.Dir, "proofs"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for from := 0; from < b.rows; from += 5000 {
		err := db.Write(b.Ctx, func(tx *sqlite.Tx) error {
			for i := from; i < min(from+5000, b.rows); i++ {
				salt, envelope := entry(i)
				s := tearline.Statement{ID: tearline.StatementID(fmt.Sprintf("s%015d", i)), By: holder, At: day(0), Says: &tearline.Filing{}}
				if _, err := tx.Append(holder, ledger.Signed{Statement: s, Envelope: envelope, Salt: salt}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	d := &dice{23}
	s, err := b.Cost(kit.CPU, func() error {
		return db.Read(b.Ctx, func(tx *sqlite.Tx) error {
			i, size := d.under(b.rows), int64(b.rows)
			return prove(int64(i), size, ledger.Leaf(entry(i)), tx.Hashes(holder))
		})
	})
	if err != nil {
		return err
	}
	b.Add("inclusion proof with root and check, "+kit.Number(float64(b.rows))+" entries, through SQLite", "µs", s.Times(1e-3), kit.Goal{}, peers...)
	return nil
}
