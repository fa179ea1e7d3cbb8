package release_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/release"
)

var update = flag.Bool("update", false, "write testdata/explanations.txt anew")

// TestExplanations: the words of the reasons, as a disclosure officer reads
// them. They are read aloud when they change.
func TestExplanations(t *testing.T) {
	const orcon = "(S//OC/NF)"
	never := &tearline.Agreement{Name: "Overlord", Parties: [2]tearline.PartyID{"USA", "GBR"}, Ceiling: "SECRET", Onward: tearline.OnwardNever}
	ceiling := &tearline.Agreement{Name: "Lafayette", Parties: [2]tearline.PartyID{"USA", "FRA"}, Ceiling: "CONFIDENTIAL"}
	equal := &tearline.Agreement{Name: "Lafayette", Parties: [2]tearline.PartyID{"USA", "FRA"}, Ceiling: "TLP:AMBER"}
	oral := consent("FRA", "R1/p1")
	oral.Conditions = []tearline.Condition{tearline.OrallyOnly, "purpose=air safety"}
	quiet := consent("FRA", "R1/p1")
	quiet.Conditions = []tearline.Condition{tearline.WithoutAttribution, "do not tell crews the date"}
	person := func(q *release.Request) {
		q.Person = &release.Person{Name: "A. Reader", Clearance: "CONFIDENTIAL", ReadIns: []string{"TK"}}
	}
	var b strings.Builder
	for _, c := range []struct {
		title string
		world func(*world)
		to    tearline.PartyID
		with  func(*release.Request)
	}{
		{title: "an open portion", world: only("(U)")},
		{title: "a coalition on the list", world: only("(S//REL TO USA, NATO)")},
		{title: "a nation on the list", world: only("(S//REL TO USA, GBR)"), to: "GBR-SIS"},
		{title: "own nation", world: only("(S)"), to: "USA-FBI"},
		{title: "the holder's own officer must decide", world: only("(S)")},
		{title: "not on the list", world: only("(S//REL TO USA, GBR)")},
		{title: "NOFORN", world: only("(S//NF)")},
		{title: "declassified by its owner", world: func(w *world) {
			only("(S//NF)")(w)
			w.say("USA", day(1), declassify("", "R1/p1"))
		}},
		{title: "downgraded by its owner", world: func(w *world) {
			only("(S//NF)")(w)
			w.say("USA", day(1), declassify("(C//REL TO USA, FRA)", "R1/p1"))
		}},
		{title: "TLP:GREEN in the community", world: tlp("GBR", "(TLP:GREEN)"), to: "FRA"},
		{title: "TLP:AMBER", world: tlp("GBR", "(TLP:AMBER)"), to: "FRA"},
		{title: "above the ceiling", world: func(w *world) { only(usList)(w); w.say("USA", day(1), ceiling) }},
		{title: "no equivalence", world: func(w *world) { only(usList)(w); w.say("USA", day(1), equal) }},
		{title: "a person", world: only("(TS//SI/TK//REL TO USA, FRA)"), with: person},
		{title: "ORCON material of a partner", world: from(orcon)},
		{title: "silent material of a partner", world: from("(S)")},
		{title: "a consent for telling only", world: from(orcon, says("GBR", 1, oral))},
		{title: "a consent with conditions", world: from(orcon, says("GBR", 1, quiet))},
		{title: "a standing consent", world: from(orcon, says("GBR", 1, agreement("", inAdvance("SECRET", "NATO"))))},
		{title: "passed on freely", world: from("(S)", says("GBR", 1, agreement(tearline.OnwardFree)))},
		{title: "never passed on", world: from(gbrList, says("USA", 1, never))},
		{title: "never, but consent", world: from(gbrList, says("USA", 1, never), says("GBR", 2, consent("FRA", "R1/p1")))},
		{title: "excluded by a tie", world: from(
			gbrList, says("GBR", 1, &tearline.Tie{Party: "FRA", To: "RUS"}), says("GBR", 2, &tearline.Exclusion{Party: "RUS", Ties: true}),
		)},
		{title: "excluded after consent", world: from(gbrList, says("GBR", 1, consent("FRA", "R1/p1")), says("GBR", 2, &tearline.Exclusion{Party: "FRA"}))},
		{title: "excluded, but consent since", world: from(gbrList, says("GBR", 1, &tearline.Exclusion{Party: "FRA"}), says("GBR", 2, consent("FRA", "R1/p1")))},
		{title: "a consent that was taken back", world: from(orcon, func(w *world) {
			id := w.say("GBR", day(1), consent("FRA", "R1/p1"))
			w.say("GBR", day(2), &tearline.Revocation{Of: id})
		})},
		{title: "a consent that ran out", world: from(orcon, func(w *world) {
			c := consent("FRA", "R1/p1")
			c.Term = tearline.Term{Until: day(3)}
			w.say("GBR", day(1), c)
		})},
		{title: "excluded by name", world: from(gbrList, says("GBR", 1, &tearline.Exclusion{Party: "FRA"}))},
		{title: "lowered by its owner, and passed on freely", world: from(orcon, func(w *world) {
			w.say("GBR", day(1), declassify("(S)", "G1/g1"))
			w.say("GBR", day(2), agreement(tearline.OnwardFree))
		})},
		{title: "a compartment that was not agreed", world: func(w *world) {
			only("(TS//SI/TK//REL TO USA, FRA)")(w)
			w.say("USA", day(1), between("FRA", func(a *tearline.Agreement) { a.Categories = []string{"SI"} }))
		}},
		{title: "agreed for another purpose", world: func(w *world) {
			only(usList)(w)
			w.say("USA", day(1), between("FRA", func(a *tearline.Agreement) { a.Purposes = []string{"customs", "air safety"} }))
		}, with: forPurpose("a trade fair")},
		{title: "a ceiling in the partner's words", world: func(w *world) {
			only(usList)(w)
			w.say("USA", day(1), between("FRA", func(a *tearline.Agreement) { a.Ceiling = "GEHEIM" }))
		}},
		{title: "received for a purpose", world: from(gbrList, says("USA", 1, between("GBR", func(a *tearline.Agreement) { a.Purposes = []string{"customs"} })))},
		{title: "received for a purpose, but consent", world: from(
			gbrList, says("USA", 1, between("GBR", func(a *tearline.Agreement) { a.Purposes = []string{"customs"} })), says("GBR", 2, consent("FRA", "G1/g1")),
		)},
		{title: "a consent for one unit and one person", world: from(orcon, limited("unit=Branch 4", "person=A. Reader"))},
		{title: "a consent for the tear line", world: from(orcon, limited(tearline.TearLineOnly))},
		{title: "a consent that is used up", world: from(orcon, limited("copies=1"), func(w *world) {
			w.say("USA", day(2), &tearline.Disclosure{Recipient: "FRA", Mode: tearline.Oral, Items: []tearline.DisclosedItem{
				{Portion: refOf("R1/p1"), Statements: []tearline.StatementID{w.statements[len(w.statements)-1].ID}},
			}})
		})},
		{title: "a consent of the officer who asks", world: func(w *world) {
			only("(S)")(w)
			c := consent("FRA", "R1/p1")
			c.Authority = "Col. Adler"
			w.say("USA", day(1), c)
		}, with: func(q *release.Request) { q.Officer = "Col. Adler" }},
		{title: "declassified on its date", world: func(w *world) {
			w.say("USA", day(0), &tearline.Filing{
				Report: "R1", Originator: "USA", Policy: "us", Date: "2026-01-01", DeclassifyOn: "2026-01-05",
				Portions: []tearline.FiledPortion{portion("p1", "USA", "(S//NF)")},
			})
		}},
		{title: "declassified, and what it rests on is not", world: from("(S//OC/NF)", says("USA", 1, declassify("", "R1/p1")))},
		{title: "the originator's own material back to it", world: from(orcon), to: "GBR"},
		{title: "two embargoes", world: from(
			gbrList, says("GBR", 1, &tearline.Embargo{Report: "G1", Term: tearline.Term{Until: day(59)}}), says("USA", 1, &tearline.Embargo{Report: "R1"}),
		)},
		{title: "all rules at once, without a mode", world: from(orcon, says("USA", 1, never), says("USA", 1, ceiling), says("GBR", 1, &tearline.Exclusion{Party: "FRA"}), func(w *world) {
			w.file("Q1", portion("q1", "DEU", "(TS//SI//NF)", "R1/p1"))
		}), with: person},
	} {
		w := allies()
		c.world(w)
		if c.to == "" {
			c.to = "FRA"
		}
		q := ask(c.to)
		if c.with != nil {
			c.with(&q)
		}
		ref := "R1/p1"
		if strings.HasPrefix(c.title, "all rules") {
			ref, q.Mode = "Q1/q1", ""
		}
		fmt.Fprintf(&b, "# %s\n%s to %s. %s\n", c.title, ref, c.to, explain(w.verdict(t, ref, q)))
	}
	const name = "testdata/explanations.txt"
	if *update {
		if err := os.MkdirAll("testdata", 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		t.Errorf("the words have changed (-golden +now); run with -update if they should:\n%s", diff)
	}
}
