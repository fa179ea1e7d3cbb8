package interop_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"tearline/ledger"
)

const origin = "tearline/XNO-S"

// A storedLog is a log in memory.
type storedLog struct {
	leaves [][]byte
	hashes []tlog.Hash
}

// ReadHashes implements tlog.HashReader.
func (l *storedLog) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	list := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x >= int64(len(l.hashes)) {
			return nil, fmt.Errorf("hash %d of %d", x, len(l.hashes))
		}
		list[i] = l.hashes[x]
	}
	return list, nil
}

// largest is the largest log that is tried.
const largest = 70_000

// wholeLog is built once; smaller logs are its beginnings.
var wholeLog = sync.OnceValue(func() *storedLog {
	n := largest
	if testing.Short() {
		n = 1000
	}
	l := &storedLog{}
	for i := range n {
		var salt [ledger.SaltSize]byte
		binary.BigEndian.PutUint64(salt[:], uint64(i))
		leaf := ledger.Leaf(salt[:], fmt.Appendf(nil, "envelope %d", i))
		hashes, err := tlog.StoredHashes(int64(i), leaf, l)
		if err != nil {
			panic(err)
		}
		l.leaves, l.hashes = append(l.leaves, leaf), append(l.hashes, hashes...)
	}
	return l
})

func testKey(t *testing.T) *ledger.Key {
	t.Helper()
	private, _, err := ledger.GenerateKey(bytes.NewReader(make([]byte, 32)), origin)
	if err != nil {
		t.Fatal(err)
	}
	k, err := ledger.ParseKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func verifier(t *testing.T) note.Verifier {
	t.Helper()
	v, err := note.NewVerifier(testKey(t).Verifier())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// export publishes the log at a size into a new folder.
func export(t *testing.T, size int64) string {
	t.Helper()
	l := wholeLog()
	root, err := tlog.TreeHash(size, l)
	if err != nil {
		t.Fatal(err)
	}
	checkpoint, err := ledger.SignCheckpoint(testKey(t), ledger.Checkpoint{Origin: origin, Size: size, Root: root})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	err = ledger.Export(func(path string, data []byte) error {
		path = filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		return os.WriteFile(path, data, 0o600)
	}, leaves(l), l, size, checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func leaves(l *storedLog) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for _, leaf := range l.leaves {
			if !yield(leaf, nil) {
				return
			}
		}
	}
}

// sizes are those of the logs that are tried; the large ones not under -short.
func sizes() []int64 {
	list := []int64{1, 2, 255, 256, 257, 1000}
	if !testing.Short() {
		list = append(list, 65_536, largest)
	}
	return list
}

// bundleHashes reads an entry bundle with Tessera's parser and hashes its
// entries with merkle's hasher.
func bundleHashes(bundle []byte) ([][]byte, error) {
	var b api.EntryBundle
	if err := b.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	hashes := make([][]byte, len(b.Entries))
	for i, e := range b.Entries {
		hashes[i] = rfc6962.DefaultHasher.HashLeaf(e)
	}
	return hashes, nil
}

// check runs Tessera's fsck over a folder.
func check(t *testing.T, dir string) error {
	t.Helper()
	return fsck.New(origin, verifier(t), client.FileFetcher{Root: dir}, bundleHashes, fsck.Opts{N: 2}).Check(context.Background())
}

func TestTesseraFsck(t *testing.T) {
	for _, size := range sizes() {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			dir := export(t, size)
			if err := check(t, dir); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestTesseraClient reads checkpoint, entries and proofs with Tessera's
// client, and verifies the proofs with merkle.
func TestTesseraClient(t *testing.T) {
	for _, size := range sizes() {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			dir := export(t, size)
			ctx := t.Context()
			f := client.FileFetcher{Root: dir}
			head, _, _, err := client.FetchCheckpoint(ctx, f.ReadCheckpoint, verifier(t), origin)
			if err != nil {
				t.Fatal(err)
			}
			if int64(head.Size) != size {
				t.Fatalf("checkpoint of %d", head.Size)
			}
			builder, err := client.NewProofBuilder(ctx, head.Size, f.ReadTile)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range some(size) {
				index := uint64(i)
				bundle, err := client.GetEntryBundle(ctx, f.ReadEntryBundle, index/256, head.Size)
				if err != nil {
					t.Fatal(err)
				}
				entry := bundle.Entries[index%256]
				if !bytes.Equal(entry, wholeLog().leaves[i]) {
					t.Errorf("entry %d is %x", i, entry)
				}
				inclusion, err := builder.InclusionProof(ctx, index)
				if err != nil {
					t.Fatal(err)
				}
				if err := proof.VerifyInclusion(rfc6962.DefaultHasher, index, head.Size, rfc6962.DefaultHasher.HashLeaf(entry), inclusion, head.Hash); err != nil {
					t.Errorf("entry %d: %v", i, err)
				}
			}
		})
	}
}

// some returns indexes at the edges of a log and of its tiles.
func some(size int64) []int64 {
	var list []int64
	for _, i := range []int64{0, 1, 127, 255, 256, 511, 65_535, 65_536, size / 2, size - 2, size - 1} {
		if i >= 0 && i < size {
			list = append(list, i)
		}
	}
	return list
}

// TestOurProofs has merkle verify the consistency proofs that we make, and us
// those that Tessera makes.
func TestOurProofs(t *testing.T) {
	l := wholeLog()
	for _, size := range sizes() {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			dir := export(t, size)
			newer, err := tlog.TreeHash(size, l)
			if err != nil {
				t.Fatal(err)
			}
			builder, err := client.NewProofBuilder(t.Context(), uint64(size), client.FileFetcher{Root: dir}.ReadTile)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range some(size) {
				old := i + 1
				older, err := tlog.TreeHash(old, l)
				if err != nil {
					t.Fatal(err)
				}
				ours, err := ledger.ProveConsistency(old, size, l)
				if err != nil {
					t.Fatal(err)
				}
				list := make([][]byte, len(ours))
				for k := range ours {
					list[k] = ours[k][:]
				}
				if err := proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(old), uint64(size), list, older[:], newer[:]); err != nil {
					t.Errorf("ours from %d: %v", old, err)
				}
				theirs, err := builder.ConsistencyProof(t.Context(), uint64(old), uint64(size))
				if err != nil {
					t.Fatal(err)
				}
				converted := make(tlog.TreeProof, len(theirs))
				for k := range theirs {
					converted[k] = tlog.Hash(theirs[k])
				}
				head := func(size int64, root tlog.Hash) ledger.Checkpoint {
					return ledger.Checkpoint{Origin: origin, Size: size, Root: root}
				}
				if err := ledger.CheckConsistency(head(old, older), head(size, newer), converted); err != nil {
					t.Errorf("theirs from %d: %v", old, err)
				}
			}
		})
	}
}

// TestFsckFindsFlippedBits flips a bit in each file: Tessera's fsck finds it,
// and so do we.
func TestFsckFindsFlippedBits(t *testing.T) {
	for _, size := range []int64{1, 256, 257, 1000} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			dir := export(t, size)
			err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				data, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				sum := sha256.Sum256([]byte(path))
				at := int(sum[0]) % len(data)
				data[at] ^= 4
				if err := os.WriteFile(path, data, 0o600); err != nil {
					return err
				}
				if check(t, dir) == nil {
					t.Errorf("%s, byte %d: not found by fsck", path, at)
				}
				if _, err := ledger.CheckTiles(os.DirFS(dir), testKey(t).Verifier()); err == nil {
					t.Errorf("%s, byte %d: not found by CheckTiles", path, at)
				}
				data[at] ^= 4
				return os.WriteFile(path, data, 0o600)
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := check(t, dir); err != nil {
				t.Errorf("restored: %v", err)
			}
		})
	}
}
