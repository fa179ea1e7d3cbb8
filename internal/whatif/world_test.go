package whatif_test

import (
	"fmt"
	"testing"
	"time"

	"tearline"
	"tearline/internal/whatif"
)

// day returns noon of the nth day.
func day(n int) time.Time { return time.Date(2026, 1, 1+n, 12, 0, 0, 0, time.UTC) }

// A facts is what one holder knows, said step by step.
type facts []tearline.Statement

// say adds a statement and returns its name.
func (f *facts) say(by tearline.PartyID, at time.Time, what tearline.Predicate) tearline.StatementID {
	id := tearline.StatementID(fmt.Sprintf("s%03d", len(*f)+1))
	*f = append(*f, tearline.Statement{ID: id, By: by, At: at, Says: what})
	return id
}

// and returns the facts with more said, leaving these as they are.
func (f facts) and(by tearline.PartyID, at time.Time, what tearline.Predicate) facts {
	next := append(facts(nil), f...)
	next.say(by, at, what)
	return next
}

func ref(report tearline.ReportID, portion tearline.PortionID) tearline.PortionRef {
	return tearline.PortionRef{Report: report, Portion: portion}
}

func codes(list ...tearline.PartyID) []tearline.PartyID { return append([]tearline.PartyID{}, list...) }

// The names of what is said in harbour.
type names struct {
	consent, exclusion, embargo, lowering, agreement, discretion, filing, record, request, late, ended, taken, lapsed, old tearline.StatementID
}

// harbour is a small world of USA's: a report on a harbour, of which one
// portion rests on GBR's material, and one of DEU's that is under embargo.
func harbour() (facts, names) {
	var f facts
	var n names
	n.record = f.say("USA", day(0), &tearline.PartyRecord{Party: "USA", MemberOf: codes("FVEY", "NATO")})
	f.say("USA", day(0), &tearline.PartyRecord{Party: "GBR", MemberOf: codes("FVEY", "NATO")})
	f.say("USA", day(0), &tearline.PartyRecord{Party: "FRA", MemberOf: codes("NATO")})
	f.say("USA", day(0), &tearline.PartyRecord{Party: "DEU", MemberOf: codes("NATO")})
	f.say("USA", day(0), &tearline.PartyRecord{Party: "SWE", Term: tearline.Term{Until: day(5)}}) // over
	f.say("FRA", day(1), &tearline.PartyRecord{Party: "ITA"})                                     // not the holder's view
	f.say("USA", day(1), &tearline.Filing{Report: "GB-1", Originator: "GBR", Policy: "us", Date: "2026-01-01", Portions: []tearline.FiledPortion{
		{ID: "p1", Originator: "GBR", Marking: "(S//OC/REL TO USA, GBR)"},
	}})
	n.filing = f.say("USA", day(2), &tearline.Filing{Report: "HARBOUR", Originator: "USA", Policy: "us", Date: "2026-01-02", Portions: []tearline.FiledPortion{
		{ID: "p1", Originator: "USA", Marking: "(S//REL TO USA, NATO)", Sources: []tearline.PortionRef{ref("GB-1", "p1")}, Tear: "(C//REL TO USA, NATO)"},
		{ID: "p2", Originator: "USA", Marking: "(S//REL TO USA, FVEY)"},
		{ID: "p3", Originator: "USA", Marking: "(C//NF)"},
	}})
	f.say("USA", day(3), &tearline.Filing{Report: "PIER", Originator: "DEU", Policy: "us", Date: "2026-01-03", Portions: []tearline.FiledPortion{
		{ID: "p1", Originator: "DEU", Marking: "(U)"},
	}})
	f.say("USA", day(12), &tearline.Filing{Report: "TIDE", Originator: "USA", Policy: "us", Date: "2026-01-12", Portions: []tearline.FiledPortion{
		{ID: "p1", Originator: "USA", Marking: "(U)"},
	}})
	sunk := f.say("USA", day(3), &tearline.Filing{Report: "WRECK", Originator: "USA", Policy: "us", Date: "2026-01-03", Portions: []tearline.FiledPortion{
		{ID: "p1", Originator: "USA", Marking: "(U)"},
	}})
	f.say("USA", day(4), &tearline.Revocation{Of: sunk})
	n.consent = f.say("GBR", day(4), &tearline.Consent{
		Granted: true, Recipient: "FRA", Portions: []tearline.PortionRef{ref("GB-1", "p1")},
		Conditions: []tearline.Condition{tearline.WithoutAttribution},
	})
	n.lowering = f.say("USA", day(5), &tearline.Declassification{Portions: []tearline.PortionRef{ref("HARBOUR", "p3")}, To: "(C//REL TO USA, FRA)", Because: "it is known", Authority: "the director"})
	n.exclusion = f.say("USA", day(5), &tearline.Exclusion{Party: "DEU"})
	n.embargo = f.say("DEU", day(5), &tearline.Embargo{Report: "PIER", Term: tearline.Term{Until: day(20)}})
	n.old = f.say("USA", day(5), &tearline.Agreement{Name: "quay", Parties: [2]tearline.PartyID{"USA", "FRA"}, Ceiling: "TOP SECRET"})
	n.agreement = f.say("USA", day(6), &tearline.Agreement{Name: "quay", Parties: [2]tearline.PartyID{"FRA", "USA"}, Ceiling: "CONFIDENTIAL"})
	n.discretion = f.say("USA", day(6), &tearline.Discretion{
		Portions: []tearline.PortionRef{ref("HARBOUR", "p2")}, Recipient: "DEU", Modes: []tearline.Mode{tearline.Document},
		Because: "lives are at risk", Authority: "the director",
	})
	n.request = f.say("USA", day(6), &tearline.Request{Originator: "GBR", Recipient: "FRA", Portions: []tearline.PortionRef{ref("GB-1", "p1")}, Mode: tearline.Document})
	n.late = f.say("USA", day(11), &tearline.Exclusion{Party: "GBR"})
	n.lapsed = f.say("USA", day(5), &tearline.Exclusion{Party: "GBR", Term: tearline.Term{Until: day(6)}})
	n.ended = f.say("USA", day(5), &tearline.Exclusion{Party: "GBR"})
	n.taken = f.say("USA", day(6), &tearline.Revocation{Of: n.ended})
	return f, n
}

// onDay10 asks about some reports and parties on day 10, for a document.
func onDay10(reports []tearline.ReportID, parties ...tearline.PartyID) whatif.Question {
	return whatif.Question{Holder: "USA", At: day(10), Mode: tearline.Document, Reports: reports, Parties: parties}
}

func table(tb testing.TB, f facts, q whatif.Question) whatif.Matrix {
	tb.Helper()
	m, err := whatif.Table(f, q)
	if err != nil {
		tb.Fatalf("Table: %v", err)
	}
	return m
}

func compare(tb testing.TB, f facts, q whatif.Question, changes ...whatif.Change) whatif.Difference {
	tb.Helper()
	d, err := whatif.Compare(f, q, changes...)
	if err != nil {
		tb.Fatalf("Compare: %v", err)
	}
	return d
}

// short writes an answer in one word or a few: "release consent", "refer GBR".
func short(c whatif.Cell) string {
	s := word(c.Answer)
	if c.Instead != nil {
		s += " / " + word(*c.Instead)
	}
	return s
}

func word(a whatif.Answer) string {
	s := a.Outcome.String()
	if a.Basis != "" {
		s += " " + string(a.Basis)
	}
	for _, p := range a.Ask {
		s += " " + string(p)
	}
	for _, c := range a.Conditions {
		s += " " + string(c)
	}
	if a.Discretion != "" {
		s += " (" + string(a.Discretion) + ")"
	}
	return s
}
