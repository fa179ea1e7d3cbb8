package release_test

import (
	"fmt"
	"testing"
	"time"

	"tearline"
	"tearline/release"
)

// A world is what one holder knows, said step by step.
type world struct{ statements []tearline.Statement }

// day returns noon of the nth day.
func day(n int) time.Time { return time.Date(2026, 1, 1+n, 12, 0, 0, 0, time.UTC) }

// say adds a statement and returns its name.
func (w *world) say(by tearline.PartyID, at time.Time, what tearline.Predicate) tearline.StatementID {
	id := tearline.StatementID(fmt.Sprintf("s%03d", len(w.statements)+1))
	w.statements = append(w.statements, tearline.Statement{ID: id, By: by, At: at, Says: what})
	return id
}

// and returns the world with more said, leaving this one as it is.
func (w *world) and(by tearline.PartyID, at time.Time, what tearline.Predicate) *world {
	next := &world{statements: append([]tearline.Statement(nil), w.statements...)}
	next.say(by, at, what)
	return next
}

func (w *world) facts(tb testing.TB) *release.Facts {
	tb.Helper()
	f, err := release.NewFacts(w.statements)
	if err != nil {
		tb.Fatalf("NewFacts: %v", err)
	}
	return f
}

func (w *world) decide(tb testing.TB, report tearline.ReportID, q release.Request) release.Decision {
	tb.Helper()
	d, err := release.Decide(w.facts(tb), report, q)
	if err != nil {
		tb.Fatalf("Decide: %v", err)
	}
	return d
}

// verdict decides and returns the verdict on one portion.
func (w *world) verdict(tb testing.TB, ref string, q release.Request) release.Verdict {
	tb.Helper()
	r := refOf(ref)
	v, ok := w.decide(tb, r.Report, q).Verdict(r.Portion)
	if !ok {
		tb.Fatalf("no portion %s", ref)
	}
	return v
}

func refOf(s string) tearline.PortionRef {
	r, err := tearline.ParsePortionRef(s)
	if err != nil {
		panic(err)
	}
	return r
}

func refs(list ...string) []tearline.PortionRef {
	var out []tearline.PortionRef
	for _, s := range list {
		out = append(out, refOf(s))
	}
	return out
}

// portion is a filed portion.
func portion(id tearline.PortionID, by tearline.PartyID, mark string, sources ...string) tearline.FiledPortion {
	return tearline.FiledPortion{ID: id, Originator: by, Marking: mark, Sources: refs(sources...)}
}

// file adds a filing by the holder on day 0, under the us policy.
func (w *world) file(id tearline.ReportID, portions ...tearline.FiledPortion) tearline.StatementID {
	return w.filePolicy("us", id, portions...)
}

func (w *world) filePolicy(policy string, id tearline.ReportID, portions ...tearline.FiledPortion) tearline.StatementID {
	return w.say("USA", day(0), &tearline.Filing{
		Report: id, Originator: portions[0].Originator, Policy: policy, Date: "2026-01-01", Portions: portions,
	})
}

// allies is a world with parties and nothing filed. The holder is USA.
func allies() *world {
	w := new(world)
	five, nato := tearline.PartyID("FVEY"), tearline.PartyID("NATO")
	for _, p := range []tearline.PartyRecord{
		{Party: "USA", MemberOf: []tearline.PartyID{five, nato}},
		{Party: "USA-FBI", Nations: []tearline.PartyID{"USA"}, MemberOf: []tearline.PartyID{"ISAC"}},
		{Party: "GBR", MemberOf: []tearline.PartyID{five, nato}},
		{Party: "GBR-SIS", Nations: []tearline.PartyID{"GBR"}},
		{Party: "FRA", MemberOf: []tearline.PartyID{nato}},
		{Party: "DEU", MemberOf: []tearline.PartyID{nato, "ISAC"}},
		{Party: "RUS"},
	} {
		w.say("USA", day(0), &p)
	}
	return w
}

// ask is a request of USA's on day 10, for a document.
func ask(to tearline.PartyID) release.Request {
	return release.Request{Holder: "USA", Recipient: to, At: day(10), Mode: tearline.Document}
}
