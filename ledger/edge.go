package ledger

import (
	"bytes"
	"fmt"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"
)

// An edge is the right edge of a growing tree: the roots of its complete
// subtrees, the largest first, one for each bit of the size.
type edge struct {
	size  int64
	roots []tlog.Hash
}

// add appends a leaf's hash. It calls node, unless that is nil, with the level
// and the hash of the leaf and of each subtree that it completes, in the order
// in which they are stored; what node returns stands in the tree.
func (e *edge) add(leaf tlog.Hash, node func(level int, h tlog.Hash) tlog.Hash) {
	h := leaf
	for level := 0; ; level++ {
		if node != nil {
			h = node(level, h)
		}
		if e.size>>level&1 == 0 { // the leaf completes nothing larger
			break
		}
		last := len(e.roots) - 1
		h = tlog.NodeHash(e.roots[last], h)
		e.roots = e.roots[:last]
	}
	e.roots = append(e.roots, h)
	e.size++
}

// root returns the tree's hash, RFC 6962 §2.1.
func (e *edge) root() tlog.Hash {
	if len(e.roots) == 0 {
		return emptyRoot()
	}
	h := e.roots[len(e.roots)-1]
	for i := len(e.roots) - 2; i >= 0; i-- {
		h = tlog.NodeHash(e.roots[i], h)
	}
	return h
}

// The layout of tiles, C2SP tlog-tiles.
const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
	// bundleLevel is the level under which entry bundles are kept here; in
	// paths it reads "entries".
	bundleLevel = -1
	// checkpointPath is where the signed checkpoint is published.
	checkpointPath = "checkpoint"
	// bundled is the length of a leaf in a bundle, after 2 bytes of length.
	bundled = 2 + leafSize
)

// A tile is one tile or, at bundleLevel, one bundle of entries.
type tile struct {
	level int
	n     int64
	width int // 1 to 256; less than 256 is a partial one
}

// element returns the length of one element, in bytes.
func (t tile) element() int {
	if t.level == bundleLevel {
		return bundled
	}
	return tlog.HashSize
}

// full returns the tile when it will be full.
func (t tile) full() tile { return tile{t.level, t.n, tileWidth} }

// path returns "tile/LEVEL/N" or "tile/LEVEL/N.p/WIDTH"; N in groups of three
// digits, all but the last with an "x" before them.
func (t tile) path() string {
	if t.width == tileWidth {
		return t.base()
	}
	return t.partials() + "/" + strconv.Itoa(t.width)
}

// partials returns the path of the folder with the partial forms.
func (t tile) partials() string { return t.base() + ".p" }

func (t tile) base() string {
	level := "entries"
	if t.level != bundleLevel {
		level = strconv.Itoa(t.level)
	}
	n := fmt.Sprintf("%03d", t.n%1000)
	for rest := t.n / 1000; rest > 0; rest /= 1000 {
		n = fmt.Sprintf("x%03d/%s", rest%1000, n)
	}
	return "tile/" + level + "/" + n
}

// tiler cuts a growing tree into tiles and hands each to emit once: when it is
// full, or at the end.
type tiler struct {
	levels []openTile
	emit   func(t tile, hashes []tlog.Hash) error
}

type openTile struct {
	n      int64
	hashes []tlog.Hash
}

// add appends a hash to a level of tiles.
func (t *tiler) add(level int, h tlog.Hash) error {
	if level == len(t.levels) {
		t.levels = append(t.levels, openTile{hashes: make([]tlog.Hash, 0, tileWidth)})
	}
	o := &t.levels[level]
	o.hashes = append(o.hashes, h)
	if len(o.hashes) < tileWidth {
		return nil
	}
	if err := t.emit(tile{level, o.n, tileWidth}, o.hashes); err != nil {
		return err
	}
	parent := subtree(o.hashes)
	o.n++
	o.hashes = o.hashes[:0]
	return t.add(level+1, parent)
}

// finish emits the partial tiles.
func (t *tiler) finish() error {
	for level, o := range t.levels {
		if len(o.hashes) == 0 {
			continue
		}
		if err := t.emit(tile{level, o.n, len(o.hashes)}, o.hashes); err != nil {
			return err
		}
	}
	return nil
}

// subtree returns the root over a power of two of hashes.
func subtree(hashes []tlog.Hash) tlog.Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	half := len(hashes) / 2
	return tlog.NodeHash(subtree(hashes[:half]), subtree(hashes[half:]))
}

// flatten returns the bytes of a tile.
func flatten(hashes []tlog.Hash) []byte {
	var b bytes.Buffer
	b.Grow(len(hashes) * tlog.HashSize)
	for i := range hashes {
		b.Write(hashes[i][:])
	}
	return b.Bytes()
}
