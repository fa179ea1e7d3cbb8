package release_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/marking"
	"tearline/release"
)

var (
	everybody = []tearline.PartyID{"USA", "USA-FBI", "GBR", "GBR-SIS", "FRA", "DEU", "RUS"}
	groups    = []tearline.PartyID{"FVEY", "NATO", "ISAC"}
	usMarks   = []string{
		"(U)", "(C)", "(S)", "(S//NF)", "(S//REL TO USA, GBR)", "(C//REL TO USA, FRA)", "(S//REL TO USA, FVEY)", "(S//REL TO USA, NATO)",
		"(S//OC)", "(S//OC/NF)", "(S//OC/REL TO USA, GBR)", "(TS//SI//NF)", "(TS//SI//REL TO USA, FVEY)", "(TS//SI/TK//OC/REL TO USA, GBR)",
	}
	tlpMarks = []string{"(TLP:CLEAR)", "(TLP:GREEN)", "(TLP:AMBER)", "(TLP:RED)"}
	levels   = []string{"", "CONFIDENTIAL", "SECRET", "TOP SECRET", "TLP:AMBER", "TLP:GREEN", "GEHEIM", "NATO CONFIDENTIAL"}
	purposes = []string{"air safety", "customs"}
	officers = []string{"the director", "the deputy", "the clerk"}
	modes    = []tearline.Mode{tearline.Document, tearline.Visual, tearline.Oral}
)

func pick[T any](t *rapid.T, from []T, label string) T { return rapid.SampledFrom(from).Draw(t, label) }

func some[T any](t *rapid.T, from []T, most int, label string) []T {
	return rapid.SliceOfN(rapid.SampledFrom(from), 0, most).Draw(t, label)
}

// A draw is a random world being made.
type draw struct {
	*rapid.T
	world
	reports  []tearline.ReportID
	portions []tearline.PortionRef // tear-line wordings, too
}

// worlds draws a random world of at least thirty statements.
func worlds(t *rapid.T) *draw {
	d := &draw{T: t}
	for _, p := range everybody {
		d.party(p, day(0))
	}
	for i := range 4 {
		d.filing(tearline.ReportID(fmt.Sprintf("R%d", i+1)))
	}
	for range rapid.IntRange(20, 40).Draw(t, "statements") {
		d.anything()
	}
	return d
}

// recipient draws somebody to whom things go: mostly the same, so that what is
// said of it meets what is asked.
func (d *draw) recipient() tearline.PartyID {
	if rapid.Bool().Draw(d.T, "to FRA") {
		return "FRA"
	}
	return pick(d.T, everybody, "to")
}

func (d *draw) at() time.Time { return day(rapid.IntRange(0, 8).Draw(d.T, "at")) }

func (d *draw) term() tearline.Term {
	var m tearline.Term
	switch rapid.IntRange(0, 5).Draw(d.T, "term") {
	case 0:
		m.From = d.at()
	case 1:
		m.Until = d.at()
	}
	return m
}

func (d *draw) party(p tearline.PartyID, at time.Time) {
	v := &tearline.PartyRecord{Party: p, MemberOf: some(d.T, groups, 2, "member of")}
	if len(p) > 3 {
		v.Nations = []tearline.PartyID{p[:3]}
	}
	d.say("USA", at, v)
}

func (d *draw) filing(id tearline.ReportID) {
	policy, marks := "us", usMarks
	if rapid.IntRange(0, 3).Draw(d.T, "policy") == 0 {
		policy, marks = "tlp", tlpMarks
	}
	v := &tearline.Filing{Report: id, Originator: pick(d.T, everybody, "originator"), Policy: policy, Date: "2026-01-01"}
	if rapid.IntRange(0, 4).Draw(d.T, "dated") == 0 {
		v.DeclassifyOn = pick(d.T, []string{"2026-01-05", "2026-01-08", "2031-01-01"}, "declassify on")
	}
	before := slices.Clone(d.portions)
	for i := range rapid.IntRange(1, 3).Draw(d.T, "portions") {
		p := tearline.FiledPortion{
			ID:         tearline.PortionID(fmt.Sprintf("p%d", i+1)),
			Originator: pick(d.T, everybody, "portion's originator"),
			Marking:    pick(d.T, marks, "mark"),
		}
		if len(before) > 0 {
			p.Sources = some(d.T, before, 2, "sources")
		}
		d.portions = append(d.portions, tearline.PortionRef{Report: id, Portion: p.ID})
		if rapid.Bool().Draw(d.T, "tear") {
			p.Tear = pick(d.T, marks, "tear mark")
			d.portions = append(d.portions, tearline.PortionRef{Report: id, Portion: tearline.TearOf(p.ID)})
		}
		v.Portions = append(v.Portions, p)
	}
	d.reports = append(d.reports, id)
	d.say("USA", day(rapid.IntRange(0, 3).Draw(d.T, "filed")), v)
}

// anything says something at random. Those whose word it is say it mostly.
func (d *draw) anything() {
	by, at := pick(d.T, everybody, "by"), d.at()
	switch rapid.IntRange(0, 16).Draw(d.T, "kind") {
	case 0:
		d.party(by, at)
	case 1, 2:
		d.agreement(at)
	case 3:
		d.say(by, at, &tearline.Exclusion{Party: d.recipient(), Ties: rapid.Bool().Draw(d.T, "ties"), Degree: rapid.IntRange(0, 2).Draw(d.T, "degree"), Term: d.term()})
	case 4:
		d.say(by, at, &tearline.Tie{Party: d.recipient(), To: d.recipient(), Degree: rapid.IntRange(0, 2).Draw(d.T, "degree"), Term: d.term()})
	case 5:
		term := d.term()
		if term.Until.IsZero() {
			term.Until = at.Add(24 * time.Hour)
		}
		d.say(by, at, &tearline.Embargo{Report: pick(d.T, d.reports, "embargoed"), Term: term})
	case 6, 7, 8, 9:
		d.consent(at)
	case 10, 11:
		d.declassification(by, at)
	case 12:
		d.say(pick(d.T, []tearline.PartyID{"USA", by}, "at discretion"), at, &tearline.Discretion{
			Portions: some(d.T, d.portions, 4, "portions"), Recipient: d.recipient(), Modes: some(d.T, modes, 2, "modes"),
			Because: "lives are at risk", Authority: pick(d.T, officers, "authority"), Second: d.second(), Term: d.term(),
		})
	case 14:
		d.delegation(pick(d.T, []tearline.PartyID{"USA", "USA", by}, "delegating"), at)
	case 15, 16:
		d.disclosure(pick(d.T, []tearline.PartyID{"USA", "USA", by}, "disclosing"), at)
	case 13:
		s := pick(d.T, d.statements, "revoked")
		if _, ok := s.Says.(*tearline.PartyRecord); !ok {
			d.say(pick(d.T, []tearline.PartyID{s.By, by}, "revoked by"), at, &tearline.Revocation{Of: s.ID})
		}
	}
}

// second draws a second authority, mostly none.
func (d *draw) second() string {
	return pick(d.T, append([]string{"", "", ""}, officers...), "second")
}

func (d *draw) delegation(by tearline.PartyID, at time.Time) {
	d.say(by, at, &tearline.Delegation{
		To:        pick(d.T, officers, "delegated to"),
		Powers:    some(d.T, []tearline.Power{tearline.PowerConsent, tearline.PowerDeclassify, tearline.PowerDowngrade, tearline.PowerDisclose}, 4, "powers"),
		UpTo:      pick(d.T, levels, "over"),
		Delegator: pick(d.T, append([]string{"", "", ""}, officers...), "delegated by"),
		Onward:    rapid.Bool().Draw(d.T, "onward"),
		Two:       rapid.IntRange(0, 3).Draw(d.T, "two") == 0,
		Term:      d.term(),
	})
}

// disclosure rests on one of the consents that there are.
func (d *draw) disclosure(by tearline.PartyID, at time.Time) {
	var consents []tearline.StatementID
	for _, s := range d.statements {
		if _, ok := s.Says.(*tearline.Consent); ok {
			consents = append(consents, s.ID)
		}
	}
	if len(consents) == 0 {
		return
	}
	v := &tearline.Disclosure{Recipient: d.recipient(), Mode: tearline.Oral, Occurred: at}
	if rapid.IntRange(0, 3).Draw(d.T, "extract") == 0 {
		v.ToldTo = "GBR"
	}
	for range rapid.IntRange(1, 2).Draw(d.T, "items") {
		v.Items = append(v.Items, tearline.DisclosedItem{Portion: pick(d.T, d.portions, "disclosed"), Statements: []tearline.StatementID{pick(d.T, consents, "rests on")}})
	}
	d.say(by, at, v)
}

func (d *draw) agreement(at time.Time) {
	v := &tearline.Agreement{
		Name:    pick(d.T, []string{"alpha", "bravo", "charlie", "delta"}, "name"),
		Parties: [2]tearline.PartyID{"USA", pick(d.T, everybody, "with")},
		Ceiling: pick(d.T, levels, "ceiling"),
		Onward:  pick(d.T, []tearline.Onward{"", tearline.OnwardFree, tearline.OnwardAsk, tearline.OnwardNever}, "onward"),
		Term:    d.term(),
	}
	switch rapid.IntRange(0, 7).Draw(d.T, "limited") {
	case 0:
		v.Categories = []string{pick(d.T, []string{"SI", "TK", "HCS"}, "category")}
	case 1, 2:
		v.Purposes = []string{pick(d.T, purposes, "agreed purpose")}
	case 3:
		v.Equal = [][]string{{"GEHEIM", "TLP:AMBER"}, {"TLP:GREEN", "CONFIDENTIAL"}}
	}
	if rapid.Bool().Draw(d.T, "turned") {
		v.Parties[0], v.Parties[1] = v.Parties[1], v.Parties[0]
	}
	for range rapid.IntRange(0, 2).Draw(d.T, "standing") {
		v.Standing = append(v.Standing, tearline.StandingConsent{
			By:   pick(d.T, append(v.Parties[:], "RUS"), "standing by"),
			UpTo: pick(d.T, levels, "up to"),
			To:   some(d.T, append(slices.Clone(groups), everybody...), 3, "standing to"),

			Purposes: some(d.T, purposes, 1, "standing purposes"),
		})
	}
	d.say(pick(d.T, []tearline.PartyID{"USA", v.Parties[0], v.Parties[1], "FRA"}, "said by"), at, v)
}

func (d *draw) consent(at time.Time) {
	v := &tearline.Consent{
		Granted:   rapid.IntRange(0, 5).Draw(d.T, "granted") > 0,
		Recipient: d.recipient(),
		Portions:  append(some(d.T, d.portions, 6, "portions"), pick(d.T, d.portions, "portion")),
		Conditions: some(d.T, []tearline.Condition{
			tearline.OrallyOnly, tearline.ViewOnly, tearline.WithoutAttribution, "purpose=air safety", "tell nobody the date",
			tearline.TearLineOnly, "unit=Branch 4", "person=A. Reader", "copies=1", "copies=2", "copies=few",
		}, 2, "conditions"),
		Authority: pick(d.T, append([]string{""}, officers...), "authority"), Second: d.second(),
		Term: d.term(),
	}
	by := pick(d.T, everybody, "consenting")
	if rapid.Bool().Draw(d.T, "owner") {
		by = naive{all: d.statements}.originator(v.Portions[0])
	}
	d.say(by, at, v)
}

func (d *draw) declassification(by tearline.PartyID, at time.Time) {
	v := &tearline.Declassification{
		Portions: []tearline.PortionRef{pick(d.T, d.portions, "portion")}, Because: "the reason has passed", Authority: pick(d.T, officers, "authority"), Second: d.second(), Term: d.term(),
	}
	if rapid.Bool().Draw(d.T, "to something") {
		v.To = pick(d.T, append(slices.Clone(usMarks), tlpMarks...), "to")
	}
	if rapid.Bool().Draw(d.T, "owner") {
		by = naive{all: d.statements}.originator(v.Portions[0])
	}
	d.say(by, at, v)
}

func (d *draw) request() release.Request {
	q := release.Request{
		Holder: "USA", Recipient: d.recipient(),
		At:      day(rapid.IntRange(3, 9).Draw(d.T, "asked")),
		Mode:    pick(d.T, append([]tearline.Mode{tearline.Document, tearline.Oral, tearline.Document, ""}, modes...), "mode"),
		Purpose: pick(d.T, []string{"", "air safety"}, "purpose"),
		Unit:    pick(d.T, []string{"", "Branch 4"}, "unit"),
		Officer: pick(d.T, []string{"", "", "the clerk", "the director"}, "officer"),
	}
	if rapid.IntRange(0, 3).Draw(d.T, "person") == 0 {
		q.Person = &release.Person{
			Name: "A. Reader", Clearance: pick(d.T, levels, "clearance"), ReadIns: some(d.T, []string{"SI", "TK"}, 2, "read into"),
		}
	}
	return q
}

// each decides every report of the world for several requests, at several
// instants, and calls f with every decision that there is.
func (d *draw) each(f func(report tearline.ReportID, q release.Request, got release.Decision)) {
	facts, err := release.NewFacts(d.statements)
	if err != nil {
		d.Fatalf("NewFacts: %v", err)
	}
	for range 6 {
		q := d.request()
		for _, id := range d.reports {
			got, err := release.Decide(facts, id, q)
			switch {
			case errors.Is(err, release.ErrUnknownReport): // taken back by then
			case errors.Is(err, release.ErrUnknownParty):
				d.Fatalf("all parties are known: %v", err)
			case err != nil:
				d.Fatal(err)
			default:
				f(id, q, got.WithDiscretion(facts))
			}
		}
	}
}

// verdicts returns those on portions and on tear-line wordings.
func (d *draw) verdicts(got release.Decision) []release.Verdict {
	out := got.Verdicts()
	for _, v := range got.Verdicts() {
		if t, ok := got.Verdict(tearline.TearOf(v.Portion)); ok {
			out = append(out, t)
		}
	}
	return out
}

// TestDecideIsTheTable: the table of the design, read plainly, comes to the
// same as Decide.
func TestDecideIsTheTable(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := worlds(rt)
		d.each(func(id tearline.ReportID, q release.Request, got release.Decision) {
			n := naive{all: d.statements, q: q}
			var answers []answer
			for _, v := range d.verdicts(got) {
				ref := tearline.PortionRef{Report: id, Portion: v.Portion}
				want := n.decide(ref)
				if _, tear := v.Portion.IsTear(); !tear {
					answers = append(answers, want)
				}
				have := answer{Outcome: v.Outcome, Ask: v.Ask, Basis: v.Basis, Discretion: v.Discretion}
				if diff := cmp.Diff(want, have); diff != "" {
					rt.Fatalf("%s to %s, %+v (-naive +decide):\n%s%s", ref, q.Recipient, q, diff, explain(v))
				}
			}
			if want := n.report(answers); want != got.Outcome() {
				rt.Fatalf("report %s: naive says %s, decide %s", id, want, got.Outcome())
			}
		})
	})
}

// TestReplayable (invariant 7): a decision depends on what was said by the
// time asked for, not on the order in which it is given nor on what is said
// later.
func TestReplayable(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := worlds(rt)
		shuffled := rapid.Permutation(d.statements).Draw(rt, "order")
		again, err := release.NewFacts(append(shuffled, shuffled[0]))
		if err != nil {
			rt.Fatal(err)
		}
		d.each(func(id tearline.ReportID, q release.Request, got release.Decision) {
			replayed, err := release.Decide(again, id, q)
			if err != nil {
				rt.Fatal(err)
			}
			replayed = replayed.WithDiscretion(again)
			if diff := cmp.Diff(d.verdicts(got), d.verdicts(replayed)); diff != "" {
				rt.Fatalf("another order, another decision:\n%s", diff)
			}
			var known []tearline.Statement
			for _, s := range d.statements {
				if _, filed := s.Says.(*tearline.Filing); filed || !s.At.After(q.At) {
					known = append(known, s)
				}
			}
			then, err := release.NewFacts(known)
			if err != nil {
				rt.Fatal(err)
			}
			replayed, err = release.Decide(then, id, q)
			if err != nil {
				rt.Fatal(err)
			}
			replayed = replayed.WithDiscretion(then)
			if diff := cmp.Diff(d.verdicts(got), d.verdicts(replayed)); diff != "" {
				rt.Fatalf("what was said later counted:\n%s", diff)
			}
		})
	})
}

// TestExplained (invariant 8): what is not released says why, by what clause,
// and what would lift it; whoever is to be asked is named there.
func TestExplained(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := worlds(rt)
		d.each(func(_ tearline.ReportID, _ release.Request, got release.Decision) {
			for _, v := range d.verdicts(got) {
				checkExplained(rt, v)
			}
		})
	})
}

func checkExplained(t *rapid.T, v release.Verdict) {
	against := 0
	least := tearline.Release
	for _, r := range v.Reasons {
		if r.Cites == "" || r.Text == "" || r.Rule == "" {
			t.Fatalf("a reason without rule, clause or words: %+v", r)
		}
		least = min(least, r.Outcome)
		if r.Outcome == tearline.Release {
			if len(r.LiftedBy) > 0 {
				t.Fatalf("nothing to lift: %+v", r)
			}
			continue
		}
		against++
		if len(r.LiftedBy) == 0 {
			t.Fatalf("nothing lifts %+v", r)
		}
	}
	if least != v.Outcome {
		t.Fatalf("%s is %s, its reasons come to %s:\n%s", v.Portion, v.Outcome, least, explain(v))
	}
	if v.Outcome != tearline.Release && against == 0 {
		t.Fatalf("%s is %s without a reason", v.Portion, v.Outcome)
	}
	if v.Outcome != tearline.Release && (len(v.Statements) > 0 || len(v.Conditions) > 0) {
		t.Fatalf("%s is %s, and rests on %v under %v", v.Portion, v.Outcome, v.Statements, v.Conditions)
	}
	for _, o := range v.Ask {
		if !slices.ContainsFunc(v.Reasons, func(r release.Reason) bool {
			return slices.Contains(r.LiftedBy, "consent of "+string(o))
		}) {
			t.Fatalf("ask %s: no reason says so:\n%s", o, explain(v))
		}
	}
	if (v.Outcome == tearline.Refer) != (len(v.Ask) > 0) || (v.Outcome == tearline.Release) != (v.Basis != tearline.ByNothing) {
		t.Fatalf("%s is %s, asks %v, basis %q", v.Portion, v.Outcome, v.Ask, v.Basis)
	}
}

// TestAskingFrees: what is referred is released once all those asked consent.
func TestAskingFrees(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := worlds(rt)
		d.each(func(id tearline.ReportID, q release.Request, got release.Decision) {
			for _, v := range d.verdicts(got) {
				if v.Outcome != tearline.Refer {
					continue
				}
				w := &d.world
				if release.NewAuthorities("USA", d.statements).Check(release.Exercise{Power: tearline.PowerConsent, At: q.At}) != nil {
					w = w.and("USA", q.At, &tearline.Delegation{To: "the head", Powers: []tearline.Power{tearline.PowerConsent}})
				}
				for _, o := range v.Ask {
					w = w.and(o, q.At, &tearline.Consent{
						Granted: true, Recipient: q.Recipient, Portions: []tearline.PortionRef{{Report: id, Portion: v.Portion}}, Authority: "the head",
					})
				}
				ref := tearline.PortionRef{Report: id, Portion: v.Portion}
				freed := w.verdict(t, ref.String(), q)
				if freed.Outcome != tearline.Release || freed.Basis != tearline.ByConsent {
					rt.Fatalf("%s to %s: all asked consented, and it is %s:\n%s", ref, q.Recipient, freed.Outcome, explain(freed))
				}
			}
		})
	})
}

// TestOriginatorsWord (invariant 4): another party's controlled material, and
// what derives from it, goes to a third party only on that party's own consent.
func TestOriginatorsWord(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := worlds(rt)
		d.each(func(id tearline.ReportID, q release.Request, got release.Decision) {
			n := naive{all: d.statements, q: q}
			for _, v := range d.verdicts(got) {
				if v.Outcome != tearline.Release {
					continue
				}
				for _, x := range n.lineage(tearline.PortionRef{Report: id, Portion: v.Portion}) {
					m, _ := n.mark(x)
					o := n.originator(x)
					if !m.OriginatorControlled() || !n.foreign(o) {
						continue
					}
					if v.Basis != tearline.ByConsent && v.Basis != tearline.ByStandingConsent || !d.rests(v, o) {
						rt.Fatalf("%s went to %s without a word of %s:\n%s", v.Portion, q.Recipient, o, explain(v))
					}
				}
			}
		})
	})
}

// rests reports whether a verdict rests on a consent of o, particular or
// standing.
func (d *draw) rests(v release.Verdict, o tearline.PartyID) bool {
	for _, s := range d.statements {
		if !slices.Contains(v.Statements, s.ID) {
			continue
		}
		switch x := s.Says.(type) {
		case *tearline.Consent:
			if s.By == o && x.Granted {
				return true
			}
		case *tearline.Agreement:
			if slices.ContainsFunc(x.Standing, func(c tearline.StandingConsent) bool { return c.By == o }) {
				return true
			}
		}
	}
	return false
}

// TestOnlyTheOwnersWordCounts: consents and declassifications of parties that
// are not the originator, and party records, agreements and discretions of
// strangers, change nothing (invariants 4 and 5).
func TestOnlyTheOwnersWordCounts(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := worlds(rt)
		stranger := tearline.PartyID("CHE")
		w := &d.world
		for _, p := range everybody {
			w = w.and(stranger, day(1), &tearline.Consent{Granted: true, Recipient: p, Portions: d.portions})
			w = w.and(stranger, day(1), &tearline.PartyRecord{Party: p, Nations: everybody, MemberOf: groups})
			w = w.and(stranger, day(1), &tearline.Discretion{Portions: d.portions, Recipient: p, Modes: modes})
			if p == "USA" {
				continue
			}
			w = w.and(p, day(1), &tearline.Agreement{Name: "alpha", Parties: [2]tearline.PartyID{"CHE", p}, Onward: tearline.OnwardFree})
			w = w.and(p, day(1), &tearline.PartyRecord{Party: p, Nations: everybody, MemberOf: groups})
			w = w.and(p, day(1), &tearline.Discretion{Portions: d.portions, Recipient: p, Modes: modes})
		}
		w = w.and(stranger, day(1), &tearline.Declassification{Portions: d.portions, Because: "x", Authority: "x"})
		for _, s := range d.statements {
			w = w.and(stranger, day(1), &tearline.Revocation{Of: s.ID})
		}
		for _, id := range d.reports {
			w = w.and(stranger, day(1), &tearline.Embargo{Report: id})
		}
		// By those who own something, about what they do not own.
		n := naive{all: d.statements}
		for _, x := range d.portions {
			for _, p := range everybody {
				if p != n.originator(x) {
					w = w.and(p, day(1), &tearline.Declassification{Portions: []tearline.PortionRef{x}, Because: "x", Authority: "x"})
				}
			}
		}
		facts := w.facts(t)
		d.each(func(id tearline.ReportID, q release.Request, got release.Decision) {
			after, err := release.Decide(facts, id, q)
			if err != nil {
				rt.Fatal(err)
			}
			after = after.WithDiscretion(facts)
			a, b := got.Verdicts(), after.Verdicts()
			for i := range a {
				if a[i].Outcome != b[i].Outcome || a[i].Basis != b[i].Basis || a[i].Discretion != b[i].Discretion || !slices.Equal(a[i].Ask, b[i].Ask) {
					rt.Fatalf("strangers' words changed %s to %s:\n%s\n%s", a[i].Portion, q.Recipient, explain(a[i]), explain(b[i]))
				}
			}
		})
	})
}

// TestTighteningNeverReleases (invariant 9): more NOFORN, more ORCON, a higher
// level, an exclusion or an embargo never turns Deny or Refer into Release. But
// NOFORN is no tightening for the nation whose policy it is: where a partner's
// mark said nothing, it says that this nation may have it. And what was open as
// filed has no date of declassification to be lowered by: filed higher, it has,
// and is not held back by a statement that would have raised it.
func TestTighteningNeverReleases(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := worlds(rt)
		tighter := tighten(rt, d)
		facts := tighter.facts(t)
		d.each(func(id tearline.ReportID, q release.Request, before release.Decision) {
			after, err := release.Decide(facts, id, q)
			if err != nil {
				rt.Fatal(err)
			}
			for _, v := range d.verdicts(before) {
				now, _ := after.Verdict(v.Portion)
				ours := now.Marking.NoForeign() && strings.HasPrefix(string(q.Recipient), "USA")
				dated := now.Basis == tearline.ByDeclassification && d.filedOpen(id, v.Portion)
				if v.Outcome != tearline.Release && now.Outcome == tearline.Release && !ours && !dated {
					rt.Fatalf("%s to %s became a release:\n%s\n%s", v.Portion, q.Recipient, explain(v), explain(now))
				}
			}
		})
	})
}

// filedOpen reports whether a portion, or its tear line, was filed under a mark
// that anybody may have.
func (d *draw) filedOpen(report tearline.ReportID, id tearline.PortionID) bool {
	base, tear := id.IsTear()
	for _, s := range d.statements {
		f, ok := s.Says.(*tearline.Filing)
		if !ok || f.Report != report {
			continue
		}
		for _, p := range f.Portions {
			mark := p.Marking
			if tear {
				mark = p.Tear
			}
			if p.ID == base {
				return mark == "(U)" || mark == "(TLP:CLEAR)"
			}
		}
	}
	return false
}

// tighten returns the world with one thing tightened.
func tighten(t *rapid.T, d *draw) *world {
	w := &world{statements: slices.Clone(d.statements)}
	switch rapid.IntRange(0, 3).Draw(t, "tightened by") {
	case 0:
		by := pick(t, everybody, "excluding")
		return w.and(by, d.at(), &tearline.Exclusion{Party: pick(t, everybody, "excluded"), Ties: true})
	case 1:
		return w.and("USA", d.at(), &tearline.Embargo{Report: pick(t, d.reports, "embargoed")})
	}
	for i, s := range w.statements {
		v, ok := s.Says.(*tearline.Filing)
		if !ok || !rapid.Bool().Draw(t, "tighten the filing") {
			continue
		}
		filing := *v
		filing.Portions = slices.Clone(v.Portions)
		for j := range filing.Portions {
			p := &filing.Portions[j]
			p.Marking = tighterMark(t, p.Marking, p.Originator)
			if p.Tear != "" {
				p.Tear = tighterMark(t, p.Tear, p.Originator)
			}
		}
		w.statements[i].Says = &filing
	}
	return w
}

// tighterMark draws a mark that is the same or tighter. NOFORN takes the place
// of a release list only where the list named the originator: one that leaves
// out its own originator forbids what NOFORN would not.
func tighterMark(t *rapid.T, mark string, by tearline.PartyID) string {
	choices := map[string][]string{
		"(U)": {"(C)", "(S)"}, "(C)": {"(S)", "(S//NF)", "(S//OC)"}, "(S)": {"(S//NF)", "(S//OC)", "(S//OC/NF)"},
		"(S//NF)": {"(S//OC/NF)", "(TS//SI//NF)"}, "(S//OC)": {"(S//OC/NF)"},
		"(S//REL TO USA, GBR)": {"(S//OC/REL TO USA, GBR)", "(TS//SI/TK//OC/REL TO USA, GBR)"}, "(S//REL TO USA, FVEY)": {"(TS//SI//REL TO USA, FVEY)"},
		"(S//OC/REL TO USA, GBR)": {"(TS//SI/TK//OC/REL TO USA, GBR)"},
		"(TLP:CLEAR)":             {"(TLP:GREEN)", "(TLP:AMBER)", "(TLP:RED)"}, "(TLP:GREEN)": {"(TLP:AMBER)", "(TLP:RED)"}, "(TLP:AMBER)": {"(TLP:RED)"},
	}[mark]
	if by[:3] == "USA" && mark[1] != 'U' && mark[1] != 'T' {
		choices = append(choices, "(S//OC/NF)")
	}
	return pick(t, append(choices, mark), "tighter")
}

// TestMarksAreRead: the marks of these worlds are ones that the policies read,
// and of every sort that the rules tell apart.
func TestMarksAreRead(t *testing.T) {
	for policy, marks := range map[string][]string{"us": usMarks, "tlp": tlpMarks} {
		p, ok := marking.Lookup(policy)
		if !ok {
			t.Fatalf("no policy %s", policy)
		}
		for _, s := range marks {
			if _, err := p.Parse(s); err != nil {
				t.Errorf("%s: %v", s, err)
			}
		}
	}
}
