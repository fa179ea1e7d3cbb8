package main

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"time"

	"tearline"
	"tearline/bench/kit"
	"tearline/codec"
	"tearline/release"
)

// A world is what one holder knows: filings and what was said about them.
type world struct {
	statements []tearline.Statement
	reports    []tearline.ReportID
}

// day returns noon of the nth day.
func day(n int) time.Time { return time.Date(2026, 1, 1+n, 12, 0, 0, 0, time.UTC) }

func (w *world) say(by tearline.PartyID, n int, says tearline.Predicate) {
	id := tearline.StatementID(fmt.Sprintf("s%015d", len(w.statements)))
	w.statements = append(w.statements, tearline.Statement{ID: id, By: by, At: day(n), Says: says})
}

// newWorld files n generated reports among the parties: agreements with all of
// them, an exclusion, a consent for one report in four, some
// declassifications.
func newWorld(n int) (*world, error) {
	w := &world{}
	for _, p := range parties {
		nations := p.Nations
		if len(nations) == 0 {
			nations = []tearline.PartyID{p.ID}
		}
		w.say(holder, 0, &tearline.PartyRecord{Party: p.ID, Name: string(p.ID), Nations: nations, MemberOf: p.MemberOf})
	}
	for _, a := range agreements() {
		w.say(holder, 1, a)
	}
	w.say("JPN", 1, &tearline.Exclusion{Party: "KOR", Ties: true})
	lines, err := newGenerator(3).lines(n)
	if err != nil {
		return nil, err
	}
	dec := codec.NewDecoder(bytes.NewReader(bytes.Join(lines, nil)))
	d := &dice{5}
	for {
		_, r, err := dec.Next()
		if errors.Is(err, io.EOF) {
			return w, nil
		}
		if err != nil {
			return nil, err
		}
		w.file(d, r)
	}
}

// file says what a report is, and what was said about it later.
func (w *world) file(d *dice, r *tearline.Report) {
	f := &tearline.Filing{Report: r.ID, Originator: r.Originator, Policy: r.Policy, Date: r.Date.Format(time.DateOnly), Banner: r.Banner.Banner()}
	for i := range r.Portions {
		p := &r.Portions[i]
		fp := tearline.FiledPortion{ID: p.ID, Originator: p.Originator, Marking: p.Marking.Portion(), Sources: p.Sources}
		if p.Tear != nil {
			fp.Tear = p.Tear.Marking.Portion()
		}
		f.Portions = append(f.Portions, fp)
	}
	w.reports = append(w.reports, r.ID)
	w.say(holder, 2, f)
	p := r.Portions[d.under(len(r.Portions))]
	refs := []tearline.PortionRef{{Report: r.ID, Portion: p.ID}}
	switch d.under(16) {
	case 0, 1, 2, 3:
		w.say(p.Originator, 3, &tearline.Consent{Granted: true, Recipient: pick(d, parties[1:]).ID, Portions: refs})
	case 4:
		w.say(p.Originator, 3, &tearline.Declassification{Portions: refs, Because: "no longer sensitive", Authority: "the archivist"})
	}
}

func benchDecide(b *bench) error {
	w, err := newWorld(b.world)
	if err != nil {
		return err
	}
	facts, err := release.NewFacts(w.statements)
	if err != nil {
		return err
	}
	d, portions, calls := &dice{9}, 0, 0
	s, err := b.Cost(kit.CPU, func() error {
		q := release.Request{Holder: holder, Recipient: pick(d, parties[1:]).ID, At: day(10), Mode: tearline.Document}
		got, err := release.Decide(facts, pick(d, w.reports), q)
		portions += len(got.Verdicts())
		calls++
		return err
	})
	if err != nil {
		return err
	}
	key := signingKey()
	message := make([]byte, 512)
	signature := ed25519.Sign(key, message)
	public, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		return errors.New("no public key")
	}
	verify, err := b.Cost(kit.CPU, func() error {
		if !ed25519.Verify(public, message, signature) {
			return errors.New("signature does not verify")
		}
		return nil
	})
	if err != nil {
		return err
	}
	limit := kit.Peer{Name: "limit: one Ed25519 verification", Value: verify.Median / 1e3}
	b.Add(fmt.Sprintf("Decide a portion with all reasons, %s statements", kit.Number(float64(len(w.statements)))), "µs",
		s.Times(1e-3*float64(calls)/float64(portions)), kit.AtMost(20), limit)
	s, err = b.Cost(kit.CPU, func() error {
		_, err := release.NewFacts(w.statements)
		return err
	})
	if err != nil {
		return err
	}
	b.Add("NewFacts a statement, unverified", "µs", s.Times(1e-3/float64(len(w.statements))), kit.Goal{}, limit)
	return b.decideCommand()
}

// decideCommand measures the whole command from start to exit, beside one that
// does nothing.
func (b *bench) decideCommand() error {
	data, err := b.dataDir()
	if err != nil {
		return err
	}
	d := &dice{13}
	idle, err := b.latency(b.calls, func(int) []string { return []string{"version"} })
	if err != nil {
		return err
	}
	s, err := b.latency(b.calls, func(int) []string {
		return []string{"decide", "--data", data.path, string(reportID(d.under(data.reports))), "--to", string(pick(d, parties[1:]).ID)}
	})
	if err != nil {
		return err
	}
	b.Add(fmt.Sprintf("tearline decide, %s reports held, p50, wall", kit.Number(float64(data.reports))), "ms", s.Times(1e-3), kit.Goal{},
		kit.Peer{Name: "limit: tearline version", Value: idle.Median / 1e3})
	return nil
}
