package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	_ "modernc.org/sqlite" // the same driver as the store's

	"tearline/bench/kit"
	"tearline/internal/node"
)

// A dataDir is a data directory with generated reports in it.
type dataDir struct {
	path    string
	node    *node.Node
	reports int
}

// newNode sets up a data directory with all parties and agreements.
func newNode(ctx context.Context, path string) (n *node.Node, err error) {
	if n, err = node.Init(ctx, path, parties[0], "us", node.Env{Now: kit.Now}); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.Close())
		}
	}()
	for _, p := range parties[1:] {
		if _, err := n.AddParty(ctx, holder, p); err != nil {
			return nil, err
		}
	}
	for _, a := range agreements() {
		if _, err := n.State(ctx, holder, a); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// file imports reports, all of which must be accepted.
func file(ctx context.Context, n *node.Node, lines [][]byte) error {
	var faults []string
	sum, err := n.Import(ctx, holder, bytes.NewReader(bytes.Join(lines, nil)), func(a node.Imported) error {
		faults = append(faults, a.Faults...)
		return nil
	})
	if err == nil && sum.Filed != len(lines) {
		err = fmt.Errorf("filed %d of %d reports: %v", sum.Filed, len(lines), faults[:min(len(faults), 3)])
	}
	return err
}

// dataDir returns the data directory that several benchmarks share.
func (b *bench) dataDir() (*dataDir, error) {
	if b.data != nil {
		return b.data, nil
	}
	lines, err := newGenerator(1).lines(b.reports)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(b.Dir, "data")
	n, err := newNode(b.Ctx, path)
	if err != nil {
		return nil, err
	}
	b.data = &dataDir{path: path, node: n, reports: len(lines)}
	return b.data, file(b.Ctx, n, lines)
}

// Close gives up what benchmarks share.
func (b *bench) Close() error {
	if b.data == nil {
		return nil
	}
	return b.data.node.Close()
}

func benchImport(b *bench) error {
	lines, err := newGenerator(1).lines(b.reports)
	if err != nil {
		return err
	}
	var size float64
	for _, l := range lines {
		size += float64(len(l))
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var wall, cpu, bare []float64
	for i := range b.imports {
		w, c, err := b.importOnce(i, lines)
		if err != nil {
			return err
		}
		s, err := b.bareSQLite(i, lines)
		if err != nil {
			return err
		}
		wall, cpu, bare = append(wall, w), append(cpu, c), append(bare, s)
	}
	limits, err := b.importLimits(lines)
	if err != nil {
		return err
	}
	n := float64(len(lines))
	what := fmt.Sprintf("import %s reports of %d portions, ", kit.Number(n), portionsEach)
	limits = append(limits, kit.Peer{Name: "limit: bare SQLite, the same bytes and batches", Value: kit.SpreadOf(bare).Rate(n).Median})
	b.Add(what+"wall", "1/s", kit.SpreadOf(wall).Rate(n), kit.AtLeast(2000), limits...)
	b.Add(what+"CPU time", "1/s", kit.SpreadOf(cpu).Rate(n), kit.Goal{})
	hash, err := b.hashing(lines)
	if err != nil {
		return err
	}
	b.Add("import, bytes read, wall", "MB/s", kit.SpreadOf(wall).Rate(size/1e6), kit.Goal{}, kit.Peer{Name: "limit: SHA-256 of the same bytes", Value: hash * size / 1e6})
	return nil
}

// importOnce imports into a new data directory and returns the time it took,
// by the clock and of the processor, in nanoseconds.
func (b *bench) importOnce(i int, lines [][]byte) (wall, cpu float64, err error) {
	path := filepath.Join(b.Dir, fmt.Sprintf("import-%d", i))
	n, err := newNode(b.Ctx, path)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, n.Close(), os.RemoveAll(path)) }()
	runtime.GC()
	start, used := kit.Now(), kit.CPU()
	err = file(b.Ctx, n, lines)
	return float64(kit.Now().Sub(start).Nanoseconds()), float64((kit.CPU() - used).Nanoseconds()), err
}

// importLimits are, each as a rate, what one report must cost at least if it
// is signed, and what it would cost if each were durable by itself.
func (b *bench) importLimits(lines [][]byte) ([]kit.Peer, error) {
	key := signingKey()
	sign, err := b.Cost(kit.CPU, func() error {
		ed25519.Sign(key, lines[0])
		return nil
	})
	if err != nil {
		return nil, err
	}
	f, err := b.newSyncer()
	if err != nil {
		return nil, err
	}
	for range b.appends {
		if err := f.sync(); err != nil {
			return nil, err
		}
	}
	sync, _, err := f.close()
	if err != nil {
		return nil, err
	}
	return []kit.Peer{
		{Name: "limit: Ed25519 signatures, one a report", Value: sign.Rate(1).Median},
		{Name: "fsync of 4 KiB, if each report had one", Value: 1e6 / sync.Median},
	}, nil
}

// hashing returns how often a second SHA-256 goes over the lines.
func (b *bench) hashing(lines [][]byte) (float64, error) {
	s, err := b.Cost(kit.CPU, func() error {
		h := sha256.New()
		for _, l := range lines {
			h.Write(l)
		}
		h.Sum(nil)
		return nil
	})
	return s.Rate(1).Median, err
}

// bareSQLite inserts the lines into a table, 500 a durable transaction, and
// returns the time it took in nanoseconds.
func (b *bench) bareSQLite(i int, lines [][]byte) (took float64, err error) {
	path := filepath.Join(b.Dir, fmt.Sprintf("bare-%d.db", i))
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=cache_size(-16384)")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close(), os.Remove(path)) }()
	conn, err := db.Conn(b.Ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(b.Ctx, "create table reports (id text primary key, body blob)"); err != nil {
		return 0, err
	}
	insert, err := conn.PrepareContext(b.Ctx, "insert into reports (id, body) values (?, ?)")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, insert.Close()) }()
	start, n := kit.Now(), 0
	for batch := range slices.Chunk(lines, 500) {
		if _, err := conn.ExecContext(b.Ctx, "begin immediate"); err != nil {
			return 0, err
		}
		for _, l := range batch {
			if _, err := insert.ExecContext(b.Ctx, string(reportID(n)), l); err != nil {
				return 0, err
			}
			n++
		}
		if _, err := conn.ExecContext(b.Ctx, "commit"); err != nil {
			return 0, err
		}
	}
	return float64(kit.Now().Sub(start).Nanoseconds()), nil
}
