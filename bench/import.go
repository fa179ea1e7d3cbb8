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
	if n, err = node.Init(ctx, path, parties[0], "us", node.Env{Now: now}); err != nil {
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
	path := filepath.Join(b.dir, "data")
	n, err := newNode(b.ctx, path)
	if err != nil {
		return nil, err
	}
	b.data = &dataDir{path: path, node: n, reports: len(lines)}
	return b.data, file(b.ctx, n, lines)
}

// close gives up what benchmarks share.
func (b *bench) close() error {
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
	what := fmt.Sprintf("import %s reports of %d portions, ", number(n), portionsEach)
	limits = append(limits, peer{"limit: bare SQLite, the same bytes and batches", spreadOf(bare).rate(n).median})
	b.add(what+"wall", "1/s", spreadOf(wall).rate(n), atLeast(2000), limits...)
	b.add(what+"CPU time", "1/s", spreadOf(cpu).rate(n), goal{})
	hash, err := b.hashing(lines)
	if err != nil {
		return err
	}
	b.add("import, bytes read, wall", "MB/s", spreadOf(wall).rate(size/1e6), goal{}, peer{"limit: SHA-256 of the same bytes", hash * size / 1e6})
	return nil
}

// importOnce imports into a new data directory and returns the time it took,
// by the clock and of the processor, in nanoseconds.
func (b *bench) importOnce(i int, lines [][]byte) (wall, cpu float64, err error) {
	path := filepath.Join(b.dir, fmt.Sprintf("import-%d", i))
	n, err := newNode(b.ctx, path)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, n.Close(), os.RemoveAll(path)) }()
	runtime.GC()
	start, used := now(), cpuTime()
	err = file(b.ctx, n, lines)
	return float64(now().Sub(start).Nanoseconds()), float64((cpuTime() - used).Nanoseconds()), err
}

// importLimits are, each as a rate, what one report must cost at least if it
// is signed, and what it would cost if each were durable by itself.
func (b *bench) importLimits(lines [][]byte) ([]peer, error) {
	key := signingKey()
	sign, err := b.cost(func() error {
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
	return []peer{
		{"limit: Ed25519 signatures, one a report", sign.rate(1).median},
		{"fsync of 4 KiB, if each report had one", 1e6 / sync.median},
	}, nil
}

// hashing returns how often a second SHA-256 goes over the lines.
func (b *bench) hashing(lines [][]byte) (float64, error) {
	s, err := b.cost(func() error {
		h := sha256.New()
		for _, l := range lines {
			h.Write(l)
		}
		h.Sum(nil)
		return nil
	})
	return s.rate(1).median, err
}

// bareSQLite inserts the lines into a table, 500 a durable transaction, and
// returns the time it took in nanoseconds.
func (b *bench) bareSQLite(i int, lines [][]byte) (took float64, err error) {
	path := filepath.Join(b.dir, fmt.Sprintf("bare-%d.db", i))
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=cache_size(-16384)")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close(), os.Remove(path)) }()
	conn, err := db.Conn(b.ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(b.ctx, "create table reports (id text primary key, body blob)"); err != nil {
		return 0, err
	}
	insert, err := conn.PrepareContext(b.ctx, "insert into reports (id, body) values (?, ?)")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, insert.Close()) }()
	start, n := now(), 0
	for batch := range slices.Chunk(lines, 500) {
		if _, err := conn.ExecContext(b.ctx, "begin immediate"); err != nil {
			return 0, err
		}
		for _, l := range batch {
			if _, err := insert.ExecContext(b.ctx, string(reportID(n)), l); err != nil {
				return 0, err
			}
			n++
		}
		if _, err := conn.ExecContext(b.ctx, "commit"); err != nil {
			return 0, err
		}
	}
	return float64(now().Sub(start).Nanoseconds()), nil
}
