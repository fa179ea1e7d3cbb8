package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"tearline"
	"tearline/internal/node"
)

// anyPartner is a recipient that most reports have something for.
const anyPartner tearline.PartyID = "GBR"

func benchRelease(b *bench) error {
	data, err := b.dataDir()
	if err != nil {
		return err
	}
	out := filepath.Join(b.dir, "copies")
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
		start, before := now(), cpuTime()
		_, err := data.node.Release(b.ctx, q, func(r tearline.Rendering) error { return deliver(out, r) })
		switch tearline.KindOf(err) {
		case tearline.Withheld, tearline.ReferKind:
			continue // nothing in it for that recipient
		case tearline.Other, tearline.Invalid, tearline.Conflict, tearline.Transient, tearline.Tampered:
		}
		if err != nil {
			return err
		}
		took, used = append(took, now().Sub(start)), used+cpuTime()-before
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
	what := fmt.Sprintf("Release a copy, %s reports held, ", number(float64(data.reports)))
	b.add(what+"p50, wall", "µs", p50, goal{}, peer{"limit: three fsyncs of 4 KiB, p50", 3 * sync.median})
	b.add(what+"p99, wall", "µs", p99, goal{}, peer{"limit: three fsyncs of 4 KiB, p99", 3 * syncWorst.median})
	b.add(what+"CPU time", "µs", spread{cpu, cpu, cpu}, goal{})
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
