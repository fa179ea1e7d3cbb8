package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"k8s.io/klog/v2"

	"tearline"
	"tearline/bench/kit"
	"tearline/internal/store/sqlite"
	"tearline/ledger"
)

// A speaker signs statements of the holder and appends them to its ledger.
type speaker struct {
	db       *sqlite.DB
	key, log *ledger.Key
	said     int
}

// newKeys makes a statement key and a log key of the holder.
func newKeys() (statement, log *ledger.Key, err error) {
	list := make([]*ledger.Key, 2)
	for i, name := range []string{string(holder), ledger.Origin(holder)} {
		private, _, err := ledger.GenerateKey(rand.Reader, name)
		if err != nil {
			return nil, nil, err
		}
		if list[i], err = ledger.ParseKey(private); err != nil {
			return nil, nil, err
		}
	}
	return list[0], list[1], nil
}

// filing is a statement about a report of five portions.
func filing(i int) tearline.Statement {
	f := &tearline.Filing{Report: reportID(i), Originator: holder, Policy: "us", Date: "2026-01-01", Banner: "SECRET//NOFORN"}
	s := tearline.Statement{By: holder, At: day(0).Add(time.Duration(i) * time.Microsecond), Says: f}
	for p := range portionsEach {
		id := tearline.PortionID(fmt.Sprintf("p%d", p+1))
		f.Portions = append(f.Portions, tearline.FiledPortion{ID: id, Originator: holder, Marking: "(S//NF)"})
		s.Subjects = append(s.Subjects, tearline.Subject{Name: string(id), Digest: tearline.DigestContent(make([]byte, 16), fmt.Sprint(i, p))})
	}
	return s
}

// sign signs the ith filing.
func sign(k *ledger.Key, i int) (ledger.Signed, error) {
	salt := make([]byte, ledger.SaltSize)
	if _, err := rand.Read(salt); err != nil {
		return ledger.Signed{}, err
	}
	return ledger.Sign(k, salt, filing(i))
}

// say does what a node does for one act: sign, append, commit, note the size
// beside the database, and only then sign the checkpoint and prove.
func (s *speaker) say(ctx context.Context) error {
	signed, err := sign(s.key, s.said)
	if err != nil {
		return err
	}
	s.said++
	var index int64
	err = s.db.Write(ctx, func(tx *sqlite.Tx) error {
		index, err = tx.Append(holder, signed)
		return err
	})
	if err != nil {
		return err
	}
	return s.db.Read(ctx, func(tx *sqlite.Tx) error {
		size, err := tx.LogSize(holder)
		if err != nil {
			return err
		}
		root, err := tlog.TreeHash(size, tx.Hashes(holder))
		if err != nil {
			return err
		}
		if err := s.db.NoteSize(holder, size, root); err != nil {
			return err
		}
		r, err := ledger.Prove(s.log, signed, index, size, tx.Hashes(holder))
		if err == nil && r.Index() != index {
			err = fmt.Errorf("receipt is for entry %d, not %d", r.Index(), index)
		}
		return err
	})
}

func benchStatement(b *bench) (err error) {
	klog.LogToStderr(false) // Tessera's; it has nothing to say here
	klog.SetOutput(io.Discard)
	s := &speaker{}
	if s.key, s.log, err = newKeys(); err != nil {
		return err
	}
	if s.db, err = sqlite.Create(b.Ctx, filepath.Join(b.Dir, "statements")); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.db.Close()) }()
	f, err := b.newSyncer()
	if err != nil {
		return err
	}
	var used time.Duration
	took, err := each(b.appends, func() error {
		start := kit.CPU()
		err := s.say(b.Ctx)
		used += kit.CPU() - start
		return err
	}, f.sync)
	if err != nil {
		return err
	}
	sync, syncWorst, err := f.close()
	if err != nil {
		return err
	}
	half := []kit.Peer{{Name: "limit: fsync of 4 KiB, p50", Value: sync.Median}}
	worst := []kit.Peer{{Name: "limit: fsync of 4 KiB, p99", Value: syncWorst.Median}}
	for _, t := range []struct {
		batch uint
		age   time.Duration
		label string
	}{
		{256, 100 * time.Millisecond, "Tessera POSIX, batch 256 or 100 ms, checkpoint every 100 ms, "},
		{1, time.Millisecond, "Tessera POSIX, batch 1 or 1 ms, checkpoint every 100 ms (its minimum), "},
	} {
		p50, p99, err := b.tesseraAppend(t.batch, t.age)
		if err != nil {
			return err
		}
		half, worst = append(half, kit.Peer{Name: t.label + "p50", Value: p50.Median}), append(worst, kit.Peer{Name: t.label + "p99", Value: p99.Median})
	}
	p50, p99 := durations(took)
	const what = "durable statement, signed checkpoint, verified proof, one a commit, "
	b.Add(what+"p50, wall", "µs", p50, kit.AtMost(1000), half...)
	b.Add(what+"p99, wall", "µs", p99, kit.Goal{}, worst...)
	cpu := float64(used.Nanoseconds()) / 1e3 / float64(len(took)+1)
	b.Add(what+"CPU time", "µs", kit.One(cpu), kit.Goal{})
	return b.nodeStatement()
}

// each calls fn n times, once beforehand, and times each call. After each it
// does the rest, so that both meet the same load.
func each(n int, fn func() error, rest ...func() error) ([]time.Duration, error) {
	if err := fn(); err != nil {
		return nil, err
	}
	took := make([]time.Duration, n)
	for i := range took {
		start := kit.Now()
		if err := fn(); err != nil {
			return nil, err
		}
		took[i] = kit.Now().Sub(start)
		for _, r := range rest {
			if err := r(); err != nil {
				return nil, err
			}
		}
	}
	return took, nil
}

// nodeStatement measures the same through the node, all its checks included.
func (b *bench) nodeStatement() error {
	n, err := newNode(b.Ctx, filepath.Join(b.Dir, "said"))
	if err != nil {
		return err
	}
	i := 0
	took, err := each(b.appends, func() error {
		i++
		fact, err := n.State(b.Ctx, holder, &tearline.Exclusion{Party: pick(&dice{uint64(i)}, parties[1:]).ID}) //nolint:gosec // counted up from 0
		if err != nil {
			return err
		}
		_, err = n.Prove(b.Ctx, holder, string(fact.Statement))
		return err
	})
	if err = errors.Join(err, n.Close()); err != nil {
		return err
	}
	p50, _ := durations(took)
	b.Add("the same through the node (State, Prove), p50, wall", "µs", p50, kit.Goal{})
	return nil
}

// tesseraAppend adds entries of the length of an envelope to a new log, one
// after the other, and waits for each until a published checkpoint covers it.
func (b *bench) tesseraAppend(batch uint, age time.Duration) (p50, p99 kit.Spread, err error) {
	ctx, cancel := context.WithCancel(b.Ctx)
	defer cancel()
	private, _, err := note.GenerateKey(rand.Reader, "tearline/bench")
	if err != nil {
		return p50, p99, err
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		return p50, p99, err
	}
	driver, err := posix.New(ctx, posix.Config{Path: filepath.Join(b.Dir, fmt.Sprintf("tessera-%d", batch))})
	if err != nil {
		return p50, p99, err
	}
	opts := tessera.NewAppendOptions().WithCheckpointSigner(signer).WithBatching(batch, age).WithCheckpointInterval(100 * time.Millisecond)
	appender, shutdown, reader, err := tessera.NewAppender(ctx, driver, opts)
	if err != nil {
		return p50, p99, err
	}
	awaiter := tessera.NewPublicationAwaiter(ctx, reader.ReadCheckpoint, time.Millisecond)
	i := 0
	took, err := each(b.tessera, func() error {
		i++
		_, _, err := awaiter.Await(ctx, appender.Add(ctx, tessera.NewEntry(bytes.Repeat(fmt.Appendf(nil, "%08d", i), 160))))
		return err
	})
	if err = errors.Join(err, shutdown(ctx)); err != nil {
		return p50, p99, err
	}
	p50, p99 = durations(took)
	return p50, p99, nil
}
