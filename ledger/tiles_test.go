package ledger_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"golang.org/x/mod/sumdb/tlog"

	"tearline/ledger"
)

// tileSizes are where a log's shape in tiles changes.
var tileSizes = []int64{0, 1, 2, 255, 256, 257, 300, 65_536, 70_000}

// bigLog is built once.
var bigLog = sync.OnceValue(func() *memLog {
	l := &memLog{}
	for i := range 70_000 {
		leaf := ledger.Leaf(testSalt(i), nil)
		hashes, err := tlog.StoredHashes(int64(i), leaf, l)
		if err != nil {
			panic(err)
		}
		l.hashes, l.leaves = append(l.hashes, hashes...), append(l.leaves, leaf)
	}
	return l
})

// logOf returns a log of at least that many entries, and skips the large ones
// under -short.
func logOf(t *testing.T, size int64) *memLog {
	t.Helper()
	if size <= 300 {
		return syntheticLog(t, int(size))
	}
	if testing.Short() {
		t.Skip("a large log")
	}
	return bigLog()
}

// export publishes a log at a size into a folder.
func export(tb testing.TB, l *memLog, size int64, into fstest.MapFS) {
	tb.Helper()
	var last string
	err := ledger.Export(func(path string, data []byte) error {
		if old := into[path]; old != nil && path != "checkpoint" && string(old.Data) != string(data) {
			tb.Errorf("%s is written again with other bytes", path)
		}
		into[path] = &fstest.MapFile{Data: slices.Clone(data)}
		last = path
		return nil
	}, seq(l.leaves), l, size, l.note(tb, size))
	if err != nil {
		tb.Fatal(err)
	}
	if last != "checkpoint" {
		tb.Errorf("%s is written last", last)
	}
}

func TestExport(t *testing.T) {
	for _, size := range tileSizes {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			l := logOf(t, size)
			dir := fstest.MapFS{}
			export(t, l, size, dir)
			got, err := ledger.CheckTiles(dir, logKey(t).Verifier())
			if err != nil || got != l.head(t, size) {
				t.Errorf("CheckTiles = %+v, %v", got, err)
			}
		})
	}
}

func TestExportPaths(t *testing.T) {
	for size, want := range map[int64]string{
		0:      "checkpoint",
		1:      "checkpoint tile/0/000.p/1 tile/entries/000.p/1",
		256:    "checkpoint tile/0/000 tile/1/000.p/1 tile/entries/000",
		257:    "checkpoint tile/0/000 tile/0/001.p/1 tile/1/000.p/1 tile/entries/000 tile/entries/001.p/1",
		65_536: "tile/1/000 tile/2/000.p/1 tile/0/255 tile/entries/255",
		70_000: "tile/0/273.p/112 tile/1/000 tile/1/001.p/17 tile/2/000.p/1 tile/entries/273.p/112",
	} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			dir := fstest.MapFS{}
			export(t, logOf(t, size), size, dir)
			got := slices.Sorted(maps.Keys(dir))
			if size <= 300 {
				if s := strings.Join(got, " "); s != want {
					t.Errorf("files %s, want %s", s, want)
				}
				return
			}
			for path := range strings.SplitSeq(want, " ") {
				if dir[path] == nil {
					t.Errorf("no %s", path)
				}
			}
		})
	}
	for n, want := range map[int64]string{0: "000", 999: "999", 1000: "x001/000", 1_234_067: "x001/x234/067", 1_000_000: "x001/x000/000"} {
		if got := ledger.TilePath(3, n, 256); got != "tile/3/"+want {
			t.Errorf("tile %d is %s", n, got)
		}
		if got := ledger.TilePath(-1, n, 7); got != "tile/entries/"+want+".p/7" {
			t.Errorf("bundle %d is %s", n, got)
		}
	}
}

// TestExportGrows publishes several sizes of one log into one folder, as a log
// that lives does, and throws away the partial tiles of full ones.
func TestExportGrows(t *testing.T) {
	l := syntheticLog(t, 600)
	dir := fstest.MapFS{}
	for _, size := range []int64{0, 1, 200, 256, 300, 511, 600} {
		export(t, l, size, dir)
		if c, err := ledger.CheckTiles(dir, logKey(t).Verifier()); err != nil || c.Size != size {
			t.Fatalf("size %d: %v", size, err)
		}
	}
	// An older checkpoint goes with the same tiles.
	for _, size := range []int64{0, 1, 200, 256, 300, 511} {
		dir["checkpoint"] = &fstest.MapFile{Data: l.note(t, size)}
		if _, err := ledger.CheckTiles(dir, logKey(t).Verifier()); err != nil {
			t.Errorf("checkpoint of %d in tiles of 600: %v", size, err)
		}
	}
	for path := range dir {
		if full, _, ok := strings.Cut(path, ".p/"); ok && dir[full] != nil {
			delete(dir, path)
		}
	}
	if _, err := ledger.CheckTiles(dir, logKey(t).Verifier()); err != nil {
		t.Errorf("without the partial tiles: %v", err)
	}
}

// TestCheckTilesFindsEveryByte flips one bit in every byte of every file,
// those of earlier sizes included.
func TestCheckTilesFindsEveryByte(t *testing.T) {
	l := syntheticLog(t, 260)
	dir := fstest.MapFS{}
	for _, size := range []int64{3, 257, 260} {
		export(t, l, size, dir)
	}
	verifier := logKey(t).Verifier()
	for path, f := range dir {
		step := 1
		if len(f.Data) > 1000 {
			step = 37 // all of them would take a minute; 37 shares no factor with the lengths
		}
		for i := 0; i < len(f.Data); i += step {
			f.Data[i] ^= 1 << (i % 8)
			if _, err := ledger.CheckTiles(dir, verifier); !errors.Is(err, ledger.ErrTampered) {
				t.Errorf("%s, byte %d: %v", path, i, err)
			}
			f.Data[i] ^= 1 << (i % 8)
		}
	}
}

func TestCheckTilesFaults(t *testing.T) {
	l := syntheticLog(t, 600)
	for _, tc := range []struct {
		name   string
		change func(fstest.MapFS)
		want   string
	}{
		{"bundle missing", func(d fstest.MapFS) { delete(d, "tile/entries/001") }, "tile/entries/001: missing"},
		{"partial bundle missing", func(d fstest.MapFS) { delete(d, "tile/entries/002.p/88") }, "tile/entries/002.p/88: missing"},
		{"tile missing", func(d fstest.MapFS) { delete(d, "tile/0/001") }, "tile/0/001: missing"},
		{"top missing", func(d fstest.MapFS) { delete(d, "tile/1/000.p/2") }, "tile/1/000.p/2: missing"},
		{"bundle too long", func(d fstest.MapFS) { d["tile/entries/000"].Data = append(d["tile/entries/000"].Data, 0) }, "tile/entries/000: not of 8960 bytes"},
		{"tile too short", func(d fstest.MapFS) { d["tile/0/001"].Data = d["tile/0/001"].Data[1:] }, "tile/0/001: not of 8192 bytes"},
		{"length of an entry", func(d fstest.MapFS) { d["tile/entries/001"].Data[35+1]-- }, "tile/entries/001: entry 257: not a leaf"},
		{"version of an entry", func(d fstest.MapFS) { d["tile/entries/001"].Data[2]++ }, "tile/entries/001: entry 256: not a leaf"},
		{"hash", func(d fstest.MapFS) { d["tile/0/001"].Data[70]++ }, "tile/0/001: element 2 is not what the entries give"},
		{"entry", func(d fstest.MapFS) { d["tile/entries/000"].Data[40]++ }, "tile/0/000: element 1 is not"},
		{"older partial", func(d fstest.MapFS) { d["tile/0/002.p/10"].Data[0]++ }, "tile/0/002.p/10: element 0"},
		{"older partial, length", func(d fstest.MapFS) { d["tile/0/002.p/10"].Data = nil }, "tile/0/002.p/10: not of 320 bytes"},
		{"partial of no width", func(d fstest.MapFS) { d["tile/0/002.p/010"] = d["tile/0/002.p/10"] }, "tile/0/002.p/010: not a partial tile"},
		{"full tile that contradicts", func(d fstest.MapFS) { d["tile/0/002"] = &fstest.MapFile{Data: make([]byte, 8192)} }, "tile/0/002: element 0"},
		{"another state", func(d fstest.MapFS) { d["checkpoint"].Data = syntheticLogNote(t) }, "checkpoint: root"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := fstest.MapFS{}
			export(t, l, 522, dir)
			export(t, l, 600, dir)
			tc.change(dir)
			_, err := ledger.CheckTiles(dir, logKey(t).Verifier())
			if !errors.Is(err, ledger.ErrTampered) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("CheckTiles = %v, want %q", err, tc.want)
			}
		})
	}
	if _, err := ledger.CheckTiles(fstest.MapFS{}, logKey(t).Verifier()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty folder: %v", err)
	}
}

// syntheticLogNote returns a checkpoint of 600 other entries.
func syntheticLogNote(t *testing.T) []byte {
	t.Helper()
	l := syntheticLog(t, 599)
	l.add(t, ledger.Leaf(testSalt(-1), nil))
	return l.note(t, 600)
}

func TestExportRefuses(t *testing.T) {
	l := syntheticLog(t, 300)
	fork := syntheticLog(t, 299)
	fork.add(t, ledger.Leaf(testSalt(-1), nil))
	full := errors.New("disk full")
	for _, tc := range []struct {
		name   string
		leaves [][]byte
		stored tlog.HashReader
		size   int64
		note   []byte
		want   error
	}{
		{"not a note", l.leaves, l, 300, nil, ledger.ErrFormat},
		{"no checkpoint", l.leaves, l, 300, []byte("x\n\n"), ledger.ErrFormat},
		{"checkpoint of another size", l.leaves, l, 300, l.note(t, 299), ledger.ErrLog},
		{"too few entries", l.leaves[:299], l, 300, l.note(t, 300), ledger.ErrLog},
		{"not a leaf", [][]byte{make([]byte, 33)}, l, 300, l.note(t, 300), ledger.ErrFormat},
		{"leaf too short", [][]byte{{1}}, l, 300, l.note(t, 300), ledger.ErrFormat},
		{"other stored hashes", l.leaves, fork, 300, l.note(t, 300), ledger.ErrLog},
		{"other entries", fork.leaves, l, 300, l.note(t, 300), ledger.ErrLog},
		{"other entries, nothing stored", fork.leaves, nil, 300, l.note(t, 300), ledger.ErrLog},
		{"another checkpoint", l.leaves, l, 300, fork.note(t, 300), ledger.ErrLog},
		{"disk full", l.leaves, l, 300, l.note(t, 300), full},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := ledger.Export(func(path string, _ []byte) error {
				if path == "checkpoint" {
					t.Error("the checkpoint is written nevertheless")
				}
				if errors.Is(tc.want, full) && path == "tile/0/000" {
					return full
				}
				return nil
			}, seq(tc.leaves), tc.stored, tc.size, tc.note)
			if !errors.Is(err, tc.want) {
				t.Errorf("Export = %v, want %v", err, tc.want)
			}
		})
	}
}
