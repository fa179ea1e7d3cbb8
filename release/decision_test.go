package release_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/marking"
	"tearline/release"
)

// TestZeroValuesDeny (invariant 1): what nobody has decided is denied.
func TestZeroValuesDeny(t *testing.T) {
	var d release.Decision
	if d.Outcome() != tearline.Deny || d.Complete() || len(d.Verdicts()) != 0 || d.Report() != "" {
		t.Errorf("the zero decision allows something: %+v", d)
	}
	if _, ok := d.May("p1"); ok {
		t.Error("the zero decision lets a portion go")
	}
	if _, ok := d.Verdict("p1"); ok {
		t.Error("the zero decision has a verdict")
	}
	w := allies()
	w.file("R1", portion("p1", "USA", "(U)"))
	w.say("USA", day(1), &tearline.Discretion{Portions: refs("R1/p1"), Recipient: "FRA", Modes: []tearline.Mode{"", tearline.Document}})
	if _, ok := d.WithDiscretion(w.facts(t)).May("p1"); ok {
		t.Error("discretion made something of the zero decision")
	}
	if v := (release.Verdict{}); v.Outcome != tearline.Deny || v.Basis != tearline.ByNothing {
		t.Errorf("the zero verdict is %s by %q", v.Outcome, v.Basis)
	}
	q := ask("FRA")
	q.Mode = ""
	none := w.decide(t, "R1", q).WithDiscretion(w.facts(t))
	if basis, ok := none.May("p1"); ok || none.Outcome() != tearline.Deny {
		t.Errorf("no way of passing on, and yet %s by %q", none.Outcome(), basis)
	}
	if _, ok := w.decide(t, "R1", ask("FRA")).May("p2"); ok {
		t.Error("a portion that is not there may go")
	}
	if d, err := release.Decide(w.facts(t), "R1", release.Request{}); err == nil || d.Outcome() != tearline.Deny {
		t.Errorf("the zero request got %s, %v", d.Outcome(), err)
	}
	empty := allies()
	empty.say("USA", day(0), &tearline.Filing{Report: "R0", Originator: "USA", Policy: "us"})
	if d := empty.decide(t, "R0", ask("FRA")); d.Outcome() != tearline.Deny || d.Complete() {
		t.Errorf("a report without portions is %s", d.Outcome())
	}
}

func TestReportOutcome(t *testing.T) {
	const open, silent, noforn = "(U)", "(S)", "(S//NF)"
	for _, c := range []struct {
		marks    []string
		want     tearline.Outcome
		complete bool
	}{
		{[]string{open, open}, yes, true},
		{[]string{open, silent}, refer, false},
		{[]string{open, noforn}, deny, false},
		{[]string{silent, noforn}, refer, false},
		{[]string{noforn, noforn}, deny, false},
	} {
		w := allies()
		w.file("R1", portion("p1", "USA", c.marks[0]), portion("p2", "USA", c.marks[1]))
		d := w.decide(t, "R1", ask("FRA"))
		if d.Outcome() != c.want || d.Complete() != c.complete {
			t.Errorf("%v: %s, complete %t; want %s, %t", c.marks, d.Outcome(), d.Complete(), c.want, c.complete)
		}
	}
}

// TestDiscretionDiscloses (invariants 4, 5): it lets portions go, named as
// discretion, and changes nothing that the rules said.
func TestDiscretionDiscloses(t *testing.T) {
	build := func(more ...func(*world)) release.Decision {
		w := allies()
		p := portion("p1", "USA", "(S//NF)")
		p.Tear = "(S)"
		w.file("R1", p, portion("p2", "USA", "(S)"), portion("p3", "USA", "(U)"))
		for _, f := range more {
			f(w)
		}
		return w.decide(t, "R1", ask("FRA")).WithDiscretion(w.facts(t))
	}
	before := build()
	given := func(change func(*tearline.Discretion)) func(*world) {
		v := &tearline.Discretion{
			Portions: refs("R1/p1", "R1/p1~tear", "R1/p3"), Recipient: "FRA", Modes: []tearline.Mode{tearline.Oral, tearline.Document},
			Because: "lives are at risk", Authority: "the director",
		}
		if change != nil {
			change(v)
		}
		return says("USA", 2, v)
	}
	d := build(given(nil))
	for id, want := range map[tearline.PortionID]tearline.Basis{
		"p1": tearline.ByDiscretion, "p1~tear": tearline.ByDiscretion, "p2": tearline.ByNothing, "p3": tearline.ByMarking,
	} {
		if basis, ok := d.May(id); basis != want || ok != (want != tearline.ByNothing) {
			t.Errorf("%s: %q, %t; want %q", id, basis, ok, want)
		}
	}
	for _, v := range d.Verdicts() {
		was, _ := before.Verdict(v.Portion)
		v.Discretion = ""
		if diff := cmp.Diff(was, v); diff != "" {
			t.Errorf("discretion changed more than itself:\n%s", diff)
		}
	}
	if d.Outcome() != before.Outcome() || d.Complete() {
		t.Errorf("with discretion the report is %s, complete %t", d.Outcome(), d.Complete())
	}
	other := new(world)
	other.say("GBR", day(0), &tearline.Filing{
		Report: "R1", Originator: "GBR", Policy: "us", Portions: []tearline.FiledPortion{portion("p1", "GBR", "(S)")},
	})
	other.say("GBR", day(2), &tearline.Discretion{Portions: refs("R1/p1"), Recipient: "FRA", Modes: modes})
	if basis, ok := before.WithDiscretion(other.facts(t)).May("p1"); ok {
		t.Errorf("another holder's discretion about its own report: %q", basis)
	}
	all := build(given(func(v *tearline.Discretion) { v.Portions = refs("R1/p1", "R1/p2") }))
	if !all.Complete() || all.Outcome() == tearline.Release {
		t.Errorf("every portion may go: complete %t, %s", all.Complete(), all.Outcome())
	}
	for name, f := range map[string]func(*world){
		"another recipient": given(func(v *tearline.Discretion) { v.Recipient = "DEU" }),
		"another mode":      given(func(v *tearline.Discretion) { v.Modes = []tearline.Mode{tearline.Visual} }),
		"run out":           given(func(v *tearline.Discretion) { v.Until = day(9) }),
		"another's": says("FRA", 2, &tearline.Discretion{
			Portions: refs("R1/p1"), Recipient: "FRA", Modes: []tearline.Mode{tearline.Document},
		}),
		"taken back": func(w *world) {
			given(nil)(w)
			w.say("USA", day(3), &tearline.Revocation{Of: w.statements[len(w.statements)-1].ID})
		},
	} {
		if basis, ok := build(f).May("p1"); ok {
			t.Errorf("%s: %q", name, basis)
		}
	}
}

// TestBasis: the weakest ground of each rule, the strongest of all rules, and
// the statements and conditions that go with it.
func TestBasis(t *testing.T) {
	w := allies()
	w.file("G1", portion("g1", "GBR", "(S//OC/NF)"), portion("g2", "DEU", "(S)"))
	w.file("R1", portion("p1", "USA", usList, "G1/g1", "G1/g2"))
	free := w.say("USA", day(1), &tearline.Agreement{Name: "bravo", Parties: [2]tearline.PartyID{"USA", "DEU"}, Onward: tearline.OnwardFree})
	v := &tearline.Consent{
		Granted: true, Recipient: "FRA", Portions: refs("R1/p1"),
		Conditions: []tearline.Condition{"tell nobody the date", tearline.WithoutAttribution, tearline.ViewOnly, "purpose=air safety"},
	}
	w.say("GBR", day(1), consent("FRA", "R1/p1"))
	newest := w.say("GBR", day(2), v)
	w.say("DEU", day(2), v) // DEU need not be asked: its agreement is the weaker ground
	q := ask("FRA")
	q.Mode, q.Purpose = tearline.Visual, "air safety"
	got := w.verdict(t, "R1/p1", q)
	if m := got.Marking.Portion(); m != usList {
		t.Errorf("marking in force %s", m)
	}
	got.Reasons, got.Marking = nil, marking.Marking{}
	want := release.Verdict{
		Portion: "p1", Outcome: tearline.Release, Basis: tearline.ByConsent, Statements: []tearline.StatementID{free, newest},
		Conditions: []tearline.Condition{"tell nobody the date", tearline.WithoutAttribution},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestDecideErrors(t *testing.T) {
	w := allies()
	id := w.file("R1", portion("p1", "USA", "(U)"))
	w.say("USA", day(20), &tearline.Revocation{Of: id})
	w.say("USA", day(0), &tearline.PartyRecord{Party: "ITA", Term: tearline.Term{Until: day(5)}})
	f := w.facts(t)
	with := func(change func(*release.Request)) release.Request {
		q := ask("FRA")
		change(&q)
		return q
	}
	for _, c := range []struct {
		name   string
		report tearline.ReportID
		q      release.Request
		want   error // nil: some other error
	}{
		{"no such report", "R2", ask("FRA"), release.ErrUnknownReport},
		{"another's report", "R1", with(func(q *release.Request) { q.Holder = "GBR" }), release.ErrUnknownReport},
		{"filing taken back", "R1", with(func(q *release.Request) { q.At = day(20) }), release.ErrUnknownReport},
		{"unknown recipient", "R1", ask("CHE"), release.ErrUnknownParty},
		{"recipient's record run out", "R1", ask("ITA"), release.ErrUnknownParty},
		{"no time", "R1", with(func(q *release.Request) { q.At = time.Time{} }), nil},
		{"before 1970", "R1", with(func(q *release.Request) { q.At = time.Unix(-1, 0) }), nil},
	} {
		d, err := release.Decide(f, c.report, c.q)
		if err == nil || c.want != nil && !errors.Is(err, c.want) || d.Outcome() != tearline.Deny {
			t.Errorf("%s: %s, error %v; want %v", c.name, d.Outcome(), err, c.want)
		}
	}
	old := new(world)
	long := time.Unix(-1000, 0)
	old.say("USA", long, &tearline.PartyRecord{Party: "USA"})
	old.say("USA", long, &tearline.PartyRecord{Party: "FRA"})
	old.say("USA", long, &tearline.Filing{
		Report: "R1", Originator: "USA", Policy: "us", Portions: []tearline.FiledPortion{portion("p1", "USA", "(U)")},
	})
	q := ask("FRA")
	q.At = time.Unix(-1, 0)
	if d, err := release.Decide(old.facts(t), "R1", q); err == nil {
		t.Errorf("asked for %s: %s", q.At, d.Outcome())
	}
	strangers := new(world)
	strangers.file("R1", portion("p1", "USA", "(U)"))
	strangers.say("USA", day(0), &tearline.PartyRecord{Party: "FRA"})
	if _, err := release.Decide(strangers.facts(t), "R1", ask("FRA")); !errors.Is(err, release.ErrUnknownParty) {
		t.Errorf("unknown holder: %v", err)
	}
	nobody, err := release.NewFacts(nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := release.Decide(nobody, "R1", ask("FRA")); !errors.Is(err, release.ErrUnknownReport) {
		t.Errorf("no facts: %v", err)
	}
}

// TestAskedOnce: those to ask are named in order, each once, whatever rules
// refer to them.
func TestAskedOnce(t *testing.T) {
	w := allies()
	w.file("G1", portion("g1", "GBR", "(S)"), portion("g2", "DEU", "(S)"), portion("g3", "GBR", "(S//OC/NF)"))
	w.file("R1", portion("p1", "USA", "(S)", "G1/g1", "G1/g2", "G1/g3"), portion("p2", "GBR", "(S)", "G1/g2"))
	for id, want := range map[string][]tearline.PartyID{"R1/p1": parties("DEU", "GBR", "USA"), "R1/p2": parties("DEU", "GBR")} {
		if v := w.verdict(t, id, ask("FRA")); !cmp.Equal(v.Ask, want) {
			t.Errorf("%s: ask %v, want %v", id, v.Ask, want)
		}
	}
}

// TestRequestIsKept: what the caller changes afterwards is not what was
// decided.
func TestRequestIsKept(t *testing.T) {
	w := allies()
	w.file("R1", portion("p1", "USA", usList))
	q := ask("FRA")
	q.Person = &release.Person{Name: "A. Reader", Clearance: "SECRET", ReadIns: []string{"SI"}}
	d := w.decide(t, "R1", q)
	q.Person.Clearance, q.Person.ReadIns[0] = "", "TK"
	if p := d.Request().Person; p.Clearance != "SECRET" || p.ReadIns[0] != "SI" || d.Report() != "R1" {
		t.Errorf("the decision is now about %+v", p)
	}
}

// TestConcurrentDecisions: facts are shared by as many as like to. The race
// detector is the judge.
func TestConcurrentDecisions(t *testing.T) {
	w := allies()
	w.file("G1", portion("g1", "GBR", "(S//OC/NF)"), portion("g2", "DEU", "(S)"))
	for i := range 40 {
		w.file(tearline.ReportID(fmt.Sprintf("R%d", i)), portion("p1", "USA", usList, "G1/g1"), portion("p2", "GBR", "(S)", "G1/g2"))
		w.say("GBR", day(1), consent("FRA", fmt.Sprintf("R%d/p1", i)))
	}
	f := w.facts(t)
	want, err := release.Decide(f, "R35", ask("FRA"))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			got, err := release.Decide(f, "R35", ask("FRA"))
			if err != nil || !cmp.Equal(want.Verdicts(), got.WithDiscretion(f).Verdicts()) {
				t.Errorf("another decision beside others: %v", err)
			}
		})
	}
	wg.Wait()
}
