package release_test

import (
	"errors"
	"strings"
	"testing"

	"tearline"
	"tearline/release"
)

// TestFactsFaults: all that is wrong is found at once, and nothing is decided
// on the rest.
func TestFactsFaults(t *testing.T) {
	w := allies()
	w.filePolicy("us", "R1",
		portion("p1", "USA", "(S//XYZZY)"),
		portion("p2", "USA", "(U)", "R9/p1"),
		portion("p2", "USA", "(U)"),
		portion("p3", "", "(U)"),
		portion("p4", "USA", "(U)", "R2/p1"),
		portion("p~5", "USA", "(U)"),
	)
	torn := portion("p1", "USA", "(U)", "R1/p4")
	torn.Tear = "(TOP HAT)"
	w.file("R2", torn)
	w.filePolicy("martian", "R3", portion("p1", "USA", "(U)"))
	w.file("R2", portion("p1", "USA", "(U)"))
	w.file("R//4", portion("p1", "USA", "(U)"))
	w.say("GBR", day(1), &tearline.Filing{Report: "R5", Originator: "GBR", Policy: "us"})
	w.statements = append(w.statements,
		tearline.Statement{ID: "x1", By: "USA", At: day(0)},
		tearline.Statement{ID: "x2", By: "USA", At: day(0), Says: (*tearline.Consent)(nil)},
		tearline.Statement{By: "USA", At: day(0), Says: new(tearline.Tie)},
		tearline.Statement{ID: "x3", By: "USA", Says: new(tearline.Tie)},
		tearline.Statement{ID: "s001", By: "USA", At: day(0), Says: new(tearline.Tie)},
	)
	f, err := release.NewFacts(w.statements)
	var faults tearline.Faults
	if f != nil || !errors.As(err, &faults) {
		t.Fatalf("NewFacts: %v, %v", f, err)
	}
	for _, want := range []string{
		`portion R1/p1: marking "(S//XYZZY)"`,
		"portion R1/p2: unknown source R9/p1",
		"portion R1/p2 is filed twice",
		"portion R1/p3: originator",
		`portion id "p~5"`,
		`portion R2/p1~tear: marking "(TOP HAT)"`,
		"derive from themselves: R1/p4 derives from R2/p1 derives from R1/p4",
		`there is no policy "martian"`,
		"report R2 is filed twice",
		`report id "R//4"`,
		"report R5 is filed by GBR, but these are the facts of USA",
		`("x1"): it has no ID, no time or no predicate`,
		`("x2"): it has no ID`,
		`(""): it has no ID`,
		`("x3"): it has no ID`,
		"statement s001: two different statements bear the name",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no word of %q in:\n%v", want, err)
		}
	}
}

// TestForeignWordsAreNoFaults: what others write cannot stop the holder's
// decisions.
func TestForeignWordsAreNoFaults(t *testing.T) {
	w := allies()
	w.file("R1", portion("p1", "GBR", "(S)"))
	w.say("GBR", day(1), declassify("(as you like it)", "R1/p1", "R7/p7"))
	w.say("GBR", day(1), consent("FRA", "nowhere/p1"))
	w.say("GBR", day(1), &tearline.Revocation{Of: "never said"})
	w.say("GBR", day(1), &tearline.Agreement{Name: "x", Parties: [2]tearline.PartyID{"GBR", "GBR"}})
	w.say("GBR", day(1), &tearline.Embargo{Report: "nowhere"})
	w.say("GBR", day(1), &tearline.Sighting{})
	if v := w.verdict(t, "R1/p1", ask("FRA")); v.Outcome != tearline.Refer {
		t.Errorf("got %s", explain(v))
	}
}

// TestRecordsReplace: the newest record said by then counts, with its own
// term; what it replaced does not come back.
func TestRecordsReplace(t *testing.T) {
	w := allies()
	w.file("R1", portion("p1", "USA", "(S//REL TO USA, FVEY)"))
	joined := w.say("USA", day(2), &tearline.PartyRecord{Party: "FRA", MemberOf: parties("FVEY"), Term: tearline.Term{From: day(4)}})
	w.say("USA", day(6), &tearline.Revocation{Of: joined})
	w.say("USA", day(8), &tearline.PartyRecord{Party: "FRA"})
	for n, want := range map[int]string{1: "refer", 3: "unknown", 5: "release", 7: "unknown", 9: "refer"} {
		q := ask("FRA")
		q.At = day(n)
		d, err := release.Decide(w.facts(t), "R1", q)
		got := d.Outcome().String()
		if errors.Is(err, release.ErrUnknownParty) {
			got = "unknown"
		}
		if got != want {
			t.Errorf("day %d: %s, %v; want %s", n, got, err, want)
		}
	}
}

// TestOneViewOfParties: who is a member of what is one party's view: the
// holder's, or that of the one that has records where the holder has none.
func TestOneViewOfParties(t *testing.T) {
	base := new(world)
	base.say("USA", day(0), &tearline.PartyRecord{Party: "GBR", MemberOf: parties("NATO")})
	base.say("USA", day(0), &tearline.PartyRecord{Party: "FRA", MemberOf: parties("NATO")})
	base.say("GBR", day(0), &tearline.Filing{
		Report: "R1", Originator: "GBR", Policy: "us", Portions: []tearline.FiledPortion{portion("p1", "GBR", "(S//REL TO USA, NATO)")},
	})
	q := ask("FRA")
	q.Holder = "GBR"
	if v := base.verdict(t, "R1/p1", q); v.Outcome != tearline.Release {
		t.Errorf("USA's view serves GBR: %s", explain(v))
	}
	if _, err := release.NewFacts(base.and("FRA", day(1), &tearline.PartyRecord{Party: "FRA", MemberOf: parties("FVEY")}).statements); err == nil {
		t.Error("two views, neither the holder's, and no fault")
	}
	own := base.and("GBR", day(1), &tearline.PartyRecord{Party: "GBR"}).and("GBR", day(1), &tearline.PartyRecord{Party: "FRA"})
	own = own.and("FRA", day(2), &tearline.PartyRecord{Party: "FRA", MemberOf: parties("NATO")})
	if v := own.verdict(t, "R1/p1", q); v.Outcome != tearline.Refer {
		t.Errorf("the holder's own view was not the only one: %s", explain(v))
	}
}
