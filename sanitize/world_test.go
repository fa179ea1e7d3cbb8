package sanitize_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"tearline"
	"tearline/codec"
	"tearline/leak/fingerprint"
	"tearline/ledger"
	"tearline/release"
	"tearline/sanitize"
)

// A world is what the holder, USA, knows, and the reports that it holds.
type world struct {
	statements []tearline.Statement
	reports    map[tearline.ReportID]*tearline.Report
}

func day(n int) time.Time { return time.Date(2026, 3, 1+n, 12, 0, 0, 0, time.UTC) }

// allies is a world with parties and nothing filed.
func allies() *world {
	w := &world{reports: map[tearline.ReportID]*tearline.Report{}}
	five, nato := tearline.PartyID("FVEY"), tearline.PartyID("NATO")
	for _, p := range []tearline.PartyRecord{
		{Party: "USA", MemberOf: []tearline.PartyID{five, nato}},
		{Party: "GBR", MemberOf: []tearline.PartyID{five, nato}},
		{Party: "FRA", MemberOf: []tearline.PartyID{nato}},
		{Party: "DEU", MemberOf: []tearline.PartyID{nato}},
		{Party: "SWE"},
	} {
		w.say("USA", day(0), &p)
	}
	return w
}

// say adds a statement.
func (w *world) say(by tearline.PartyID, at time.Time, what tearline.Predicate) {
	id := tearline.StatementID(fmt.Sprintf("statement%07d", len(w.statements)+1))
	w.statements = append(w.statements, tearline.Statement{ID: id, By: by, At: at, Says: what})
}

// filing is what the holder says when it files a report.
func filing(r *tearline.Report) *tearline.Filing {
	f := &tearline.Filing{
		Report: r.ID, Originator: r.Originator, Policy: r.Policy,
		Date: r.Date.Format("2006-01-02"), Banner: r.Banner.Banner(),
	}
	for i := range r.Portions {
		p := &r.Portions[i]
		fp := tearline.FiledPortion{ID: p.ID, Originator: p.Originator, Marking: p.Marking.Portion(), Sources: p.Sources}
		if p.Tear != nil {
			fp.Tear = p.Tear.Marking.Portion()
		}
		f.Portions = append(f.Portions, fp)
	}
	return f
}

// fatal is what tests and properties have in common.
type fatal interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// file reads a report from Markdown and files it.
func (w *world) file(t fatal, id, body string) *tearline.Report {
	t.Helper()
	src := body
	if !strings.HasPrefix(body, "---\n") {
		src = "---\nid: " + id + "\noriginator: USA\npolicy: us\ndate: 2026-03-01\n---\n" + body
	}
	r, err := codec.ParseMarkdown([]byte(src))
	if err != nil {
		t.Fatalf("%v in:\n%s", err, src)
	}
	w.reports[r.ID] = r
	w.say("USA", day(1), filing(r))
	return r
}

// decide asks whether a recipient may have a report, as a document.
func (w *world) decide(t fatal, id tearline.ReportID, to tearline.PartyID, mode tearline.Mode) release.Decision {
	t.Helper()
	f, err := release.NewFacts(w.statements)
	if err != nil {
		t.Fatal(err)
	}
	d, err := release.Decide(f, id, release.Request{Holder: "USA", Recipient: to, At: day(20), Mode: mode})
	if err != nil {
		t.Fatal(err)
	}
	return d.WithDiscretion(f)
}

// version makes the version of a report for a recipient.
func (w *world) version(t fatal, r *tearline.Report, to tearline.PartyID) *sanitize.Version {
	t.Helper()
	v, err := sanitize.TearLine(r, w.decide(t, r.ID, to, tearline.Document))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// chooser chooses the wording for a recipient.
func chooser(to tearline.PartyID) func(tearline.PortionID, tearline.Wording) ([]int, error) {
	return func(id tearline.PortionID, w tearline.Wording) ([]int, error) {
		secret, err := fingerprint.PortionSecret(bytes.Repeat([]byte{9}, 32), tearline.CodeHalf, tearline.PortionRef{Report: "R", Portion: id}, w)
		return secret.Key(fingerprint.Words, 1, [32]byte{}).Of(w).Choices(fingerprint.Reader{Party: to}), err
	}
}

func spec(to tearline.PartyID) sanitize.Spec {
	return sanitize.Spec{
		Copy: "7Q2M-93KD", Holder: "USA", Recipient: to, RecipientName: "Service " + string(to), Date: "2026-03-21",
		Seed: bytes.Repeat([]byte{7}, 32), Choose: chooser(to),
	}
}

// receipt records a disclosure of a draft and returns the proof.
func receipt(t fatal, d *sanitize.Draft, change func(*tearline.Statement)) ledger.Receipt {
	t.Helper()
	key := func(name string, seed byte) *ledger.Key {
		private, _, err := ledger.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{seed}, 32)), name)
		if err != nil {
			t.Fatal(err)
		}
		k, err := ledger.ParseKey(private)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	c := d.Record()
	s := tearline.Statement{
		By: c.Holder, At: day(21), Subjects: []tearline.Subject{{Name: "copy", Digest: d.Digest()}},
		Says: &tearline.Disclosure{
			Report: c.Report, Recipient: c.Recipient, Mode: tearline.Document, Copy: c.ID, Occurred: day(21),
			Items: []tearline.DisclosedItem{{Portion: tearline.PortionRef{Report: c.Report, Portion: "p1"}, Outcome: tearline.Release, Basis: tearline.ByMarking}},
		},
	}
	if change != nil {
		change(&s)
	}
	signed, err := ledger.Sign(key("USA-test-only", 1), bytes.Repeat([]byte{5}, 32), s)
	if err != nil {
		t.Fatal(err)
	}
	leaf := ledger.Leaf(signed.Salt, signed.Envelope)
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(at))
		for i, n := range at {
			out[i] = hashes[n]
		}
		return out, nil
	})
	hashes, err = tlog.StoredHashes(0, leaf, reader)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ledger.Prove(key(ledger.Origin("USA"), 2), signed, 0, 1, reader)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// draft makes a copy and hands it out.
func copyOf(t fatal, v *sanitize.Version, s sanitize.Spec) (*sanitize.Draft, string) {
	t.Helper()
	d, err := v.Draft(s)
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.HandOut(receipt(t, d, nil))
	if err != nil {
		t.Fatal(err)
	}
	return d, string(r.Bytes)
}

func ids(list []tearline.PortionID) string {
	var out []string
	for _, id := range list {
		out = append(out, string(id))
	}
	return strings.Join(out, " ")
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("no %q in:\n%s", p, text)
		}
	}
}

func lacks(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if strings.Contains(text, p) {
			t.Errorf("%q in:\n%s", p, text)
		}
	}
}
