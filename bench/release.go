package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"tearline"
	"tearline/bench/kit"
	"tearline/internal/node"
)

// anyPartner is a recipient that most reports have something for.
const anyPartner tearline.PartyID = "GBR"

func benchRelease(b *bench) error {
	data, err := b.dataDir()
	if err != nil {
		return err
	}
	out := filepath.Join(b.Dir, "copies")
	if err := os.Mkdir(out, 0o700); err != nil {
		return err
	}
	f, err := b.newSyncer()
	if err != nil {
		return err
	}
	var took []time.Duration
	var used time.Duration
	for i := 0; i < data.reports && len(took) < b.copies; i++ {
		q := node.Question{As: holder, Report: reportID(i), To: anyPartner}
		start, before := kit.Now(), kit.CPU()
		_, err := data.node.Release(b.Ctx, q, func(r tearline.Rendering) error { return deliver(out, r) })
		switch tearline.KindOf(err) {
		case tearline.Withheld, tearline.ReferKind:
			continue // nothing in it for that recipient
		case tearline.Other, tearline.Invalid, tearline.Conflict, tearline.Transient, tearline.Tampered:
		}
		if err != nil {
			return err
		}
		took, used = append(took, kit.Now().Sub(start)), used+kit.CPU()-before
		if err := f.sync(); err != nil {
			return err
		}
	}
	if len(took) == 0 {
		return errors.New("no report has anything for " + string(anyPartner))
	}
	cpu := float64(used.Nanoseconds()) / 1e3 / float64(len(took))
	sync, syncWorst, err := f.close()
	if err != nil {
		return err
	}
	p50, p99 := durations(took)
	what := fmt.Sprintf("Release a copy, %s reports held, ", kit.Number(float64(data.reports)))
	b.Add(what+"p50, wall", "µs", p50, kit.Goal{}, kit.Peer{Name: "limit: three fsyncs of 4 KiB, p50", Value: 3 * sync.Median})
	b.Add(what+"p99, wall", "µs", p99, kit.Goal{}, kit.Peer{Name: "limit: three fsyncs of 4 KiB, p99", Value: 3 * syncWorst.Median})
	b.Add(what+"CPU time", "µs", kit.One(cpu), kit.Goal{})
	return nil
}

// deliver puts a copy in safety.
func deliver(dir string, r tearline.Rendering) (err error) {
	f, err := os.Create(filepath.Join(dir, string(r.Copy)+".md")) //nolint:gosec // our own scratch directory
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(r.Bytes); err != nil {
		return err
	}
	return f.Sync()
}
