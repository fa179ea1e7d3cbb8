package ledger

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"
)

// Export publishes a log of that size as C2SP tlog-tiles: it calls dst with
// the path and the bytes of every bundle and tile and, when all of them have
// been written, with the checkpoint. The tiles are made from the leaves anew;
// they are compared with the stored hashes, if hashes is not nil, and their
// root with the checkpoint's before that is written.
//
// Leaves are the log's from 0 on, as [Leaf] returns them; Export takes the
// first size of them. The checkpoint is a note that [SignCheckpoint] returned
// for this size; its signature is not checked.
//
// The caller MUST NOT let the checkpoint be seen before the rest is durable,
// and MUST keep the partial tiles of every size it published until the full
// ones exist: others hold checkpoints of those sizes. Writing again what is
// there already is harmless: the same path always gets the same bytes.
//
// An error of dst or of leaves is returned as it is, wrapped; others wrap
// [ErrLog] or [ErrFormat].
func Export(dst func(path string, data []byte) error, leaves iter.Seq2[[]byte, error], hashes tlog.HashReader, size int64, checkpoint []byte) error {
	end := bytes.LastIndex(checkpoint, []byte("\n\n"))
	if end < 0 {
		return fmt.Errorf("export: checkpoint is not a signed note: %w", ErrFormat)
	}
	head, err := parseCheckpoint(string(checkpoint[:end+1]))
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if head.Size != size {
		return fmt.Errorf("export: checkpoint of size %d for a log of %d: %w", head.Size, size, ErrLog)
	}
	x := exporter{dst: dst, stored: hashes}
	x.tiles.emit = x.tile
	if err := x.leaves(leaves, size); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if root := x.edge.root(); root != head.Root {
		return fmt.Errorf("export: entries give root %v, the checkpoint says %v: %w", root, head.Root, ErrLog)
	}
	if err := dst(checkpointPath, checkpoint); err != nil {
		return fmt.Errorf("export: %s: %w", checkpointPath, err)
	}
	return nil
}

// An exporter holds the state of one Export.
type exporter struct {
	dst    func(path string, data []byte) error
	stored tlog.HashReader
	edge   edge
	tiles  tiler
	bundle []byte
}

// leaves takes the first size leaves and writes bundles and tiles.
func (x *exporter) leaves(leaves iter.Seq2[[]byte, error], size int64) error {
	if size == 0 {
		return nil
	}
	for leaf, err := range leaves {
		if err != nil {
			return fmt.Errorf("entry %d: %w", x.edge.size, err)
		}
		if err := x.leaf(leaf); err != nil {
			return err
		}
		if x.edge.size == size {
			break
		}
	}
	if x.edge.size < size {
		return fmt.Errorf("%d entries of %d: %w", x.edge.size, size, ErrLog)
	}
	if len(x.bundle) > 0 {
		if err := x.flush(); err != nil {
			return err
		}
	}
	return x.tiles.finish()
}

func (x *exporter) leaf(leaf []byte) error {
	if len(leaf) != leafSize || leaf[0] != leafVersion {
		return fmt.Errorf("entry %d: not a leaf: %w", x.edge.size, ErrFormat)
	}
	x.bundle = binary.BigEndian.AppendUint16(x.bundle, leafSize)
	x.bundle = append(x.bundle, leaf...)
	h := tlog.RecordHash(leaf)
	x.edge.add(h, nil)
	if x.edge.size%tileWidth == 0 {
		if err := x.flush(); err != nil {
			return err
		}
	}
	return x.tiles.add(0, h)
}

// flush writes the bundle that ends with the last leaf.
func (x *exporter) flush() error {
	t := tile{bundleLevel, (x.edge.size - 1) / tileWidth, len(x.bundle) / bundled}
	if err := x.dst(t.path(), x.bundle); err != nil {
		return fmt.Errorf("%s: %w", t.path(), err)
	}
	x.bundle = nil // dst may have kept it
	return nil
}

// tile compares a tile with the stored hashes and writes it.
func (x *exporter) tile(t tile, hashes []tlog.Hash) error {
	data := flatten(hashes)
	if x.stored != nil {
		stored, err := tlog.ReadTileData(tlog.Tile{H: tileHeight, L: t.level, N: t.n, W: t.width}, x.stored)
		if err != nil {
			return fmt.Errorf("%s: stored hashes: %w", t.path(), err)
		}
		if i := firstDifference(data, stored); i >= 0 {
			return fmt.Errorf("%s: stored hash %d is not that of the entries: %w", t.path(), i/tlog.HashSize, ErrLog)
		}
	}
	if err := x.dst(t.path(), data); err != nil {
		return fmt.Errorf("%s: %w", t.path(), err)
	}
	return nil
}

// CheckTiles verifies a log that was published as tiles, offline: the
// checkpoint under the log's verifier key, then every tile and the root, all
// rebuilt from the entry bundles. Partial tiles of earlier sizes are compared
// as well. What lies beyond the checkpoint is under nobody's signature and is
// not looked at, except that it must agree with the rest as far as they
// overlap.
//
// It returns the checkpoint. A log that does not verify gives [*LogError], which
// wraps [ErrTampered]; a file that is missing is such a fault. Other errors of
// fsys end the check.
func CheckTiles(fsys fs.FS, logVerifier string) (Checkpoint, error) {
	note, err := readStart(fsys, checkpointPath, maxCheckpoint+1)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("check tiles: %w", err)
	}
	head, err := OpenCheckpoint(note, logVerifier)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("check tiles: %w", err)
	}
	c := tileChecker{fsys: fsys}
	c.tiles.emit = func(t tile, hashes []tlog.Hash) error { return c.compare(t, flatten(hashes)) }
	complete, err := c.bundles(head.Size)
	if err == nil && complete {
		err = c.tiles.finish()
	}
	if err != nil {
		return Checkpoint{}, fmt.Errorf("check tiles: %w", err)
	}
	if root := c.edge.root(); complete && root != head.Root {
		c.faults.add(Fault{Index: -1, Path: checkpointPath, Err: fmt.Errorf("root %v, the entries give %v: %w", head.Root, root, ErrLog)})
	}
	if err := c.faults.orNil(); err != nil {
		return Checkpoint{}, err
	}
	return head, nil
}

// A tileChecker holds the state of one CheckTiles.
type tileChecker struct {
	fsys   fs.FS
	edge   edge
	tiles  tiler
	faults LogError
}

// bundles reads all entries and builds the tree over them. It reports whether
// it could; if not, the faults say why.
func (c *tileChecker) bundles(size int64) (complete bool, err error) {
	complete = true
	for first := int64(0); first < size; first += tileWidth {
		t := tile{bundleLevel, first / tileWidth, int(min(tileWidth, size-first))}
		data, err := c.read(t)
		if err != nil {
			return false, err
		}
		if data == nil || !c.wellFormed(t, data) {
			complete = false // the tree above cannot be rebuilt
			continue
		}
		if err := c.others(t, data); err != nil {
			return false, err
		}
		for ; complete && len(data) > 0; data = data[bundled:] {
			h := tlog.RecordHash(data[2:bundled])
			c.edge.add(h, nil)
			if err := c.tiles.add(0, h); err != nil {
				return false, err
			}
		}
	}
	return complete, nil
}

// wellFormed checks that a bundle is leaves and nothing else.
func (c *tileChecker) wellFormed(t tile, data []byte) bool {
	for i := range t.width {
		entry := data[i*bundled:]
		if binary.BigEndian.Uint16(entry) != leafSize || entry[2] != leafVersion {
			c.faults.add(Fault{Index: t.n*tileWidth + int64(i), Path: t.path(), Err: fmt.Errorf("not a leaf: %w", ErrFormat)})
			return false
		}
	}
	return true
}

// compare checks a tile, in all the forms in which it is there, against what
// was rebuilt.
func (c *tileChecker) compare(t tile, want []byte) error {
	data, err := c.read(t)
	if err != nil {
		return err
	}
	if data != nil {
		c.agree(t, data, want)
	}
	return c.others(t, want)
}

// read returns a tile's bytes, nil if it is not there in its width or full;
// that is a fault.
func (c *tileChecker) read(t tile) ([]byte, error) {
	data, err := c.file(t)
	if errors.Is(err, fs.ErrNotExist) && t.width < tileWidth {
		if data, err = c.file(t.full()); data != nil {
			data = data[:t.width*t.element()]
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		c.faults.add(Fault{Index: -1, Path: t.path(), Err: fmt.Errorf("missing: %w", ErrLog)})
		return nil, nil
	}
	return data, err
}

// file reads one form of a tile; nil if it does not have its length, which is
// a fault.
func (c *tileChecker) file(t tile) ([]byte, error) {
	want := t.width * t.element()
	data, err := readStart(c.fsys, t.path(), want+1)
	if err != nil {
		return nil, err
	}
	if len(data) != want {
		c.faults.add(Fault{Index: -1, Path: t.path(), Err: fmt.Errorf("not of %d bytes: %w", want, ErrFormat)})
		return nil, nil
	}
	return data, nil
}

// others compares the other forms of a tile with what is known of it: those
// that were published when it was shorter, and the full one.
func (c *tileChecker) others(t tile, want []byte) error {
	list, err := fs.ReadDir(c.fsys, t.partials())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, f := range list {
		other := tile{t.level, t.n, 0}
		other.width, err = strconv.Atoi(f.Name())
		if err != nil || other.width < 1 || other.width >= tileWidth || strconv.Itoa(other.width) != f.Name() {
			c.faults.add(Fault{Index: -1, Path: t.partials() + "/" + f.Name(), Err: fmt.Errorf("not a partial tile: %w", ErrLog)})
			continue
		}
		if err := c.other(t, other, want); err != nil {
			return err
		}
	}
	return c.other(t, t.full(), want)
}

func (c *tileChecker) other(t, other tile, want []byte) error {
	if other.width == t.width {
		return nil
	}
	data, err := c.file(other)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if data != nil {
		n := min(len(data), len(want))
		c.agree(other, data[:n], want[:n])
	}
	return err
}

// agree notes a fault where a form of a tile is not what it must be.
func (c *tileChecker) agree(t tile, data, want []byte) {
	if i := firstDifference(data, want); i >= 0 {
		c.faults.add(Fault{Index: -1, Path: t.path(), Err: fmt.Errorf("element %d is not what the entries give: %w", i/t.element(), ErrLog)})
	}
}

// readStart reads at most the first n bytes of a file.
func readStart(fsys fs.FS, name string, n int) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, int64(n)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return data, nil
}
