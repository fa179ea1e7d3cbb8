package classes_test

import (
	"fmt"
	"testing"

	"tearline"
	"tearline/release"
	"tearline/release/classes"
)

// A step says something, or nothing, and asks on a day what FRA may have.
type step struct {
	by   tearline.PartyID
	on   int
	says tearline.Predicate
	day  int
	want int
}

// TestKept: what is kept from one question to the next is not used when it no
// longer holds, and a view of before says nothing then.
func TestKept(t *testing.T) {
	file := func(id tearline.ReportID, policy, mark string) *tearline.Filing {
		return &tearline.Filing{Report: id, Originator: "GBR", Policy: policy, Portions: []tearline.FiledPortion{{ID: "p", Originator: "GBR", Marking: mark}}}
	}
	consent := func(conditions ...tearline.Condition) *tearline.Consent {
		return &tearline.Consent{Granted: true, Recipient: "FRA", Portions: []tearline.PortionRef{{Report: "R", Portion: "p"}}, Conditions: conditions}
	}
	used := &tearline.Disclosure{Items: []tearline.DisclosedItem{{Statements: []tearline.StatementID{"s3"}}}}
	tests := map[string][]step{
		"used up": {
			{"USA", 0, file("R", "us", "(S//OC)"), 1, 0}, {"GBR", 0, consent("copies=1"), 1, 1}, {"USA", 2, used, 2, 1}, {day: 3, want: 0}, {day: 2, want: 1},
		},
		"used up before one asks": {
			{"USA", 0, file("R", "us", "(S//OC)"), 1, 0}, {"GBR", 0, consent("copies=1"), 1, 1}, {"USA", 0, used, 1, 0},
		},
		"taken back": {
			{"USA", 0, file("R", "us", "(S//OC)"), 1, 0}, {"GBR", 0, consent(), 1, 1}, {"GBR", 0, &tearline.Revocation{Of: "s3"}, 1, 0},
		},
		"taken back before it was said": {
			{"USA", 0, file("R", "us", "(S//OC)"), 1, 0}, {"GBR", 0, &tearline.Revocation{Of: "s4"}, 1, 0}, {"GBR", 0, consent(), 1, 0},
		},
		"ends": {
			{"USA", 0, file("R", "us", "(S//OC)"), 1, 0},
			{"GBR", 0, &tearline.Consent{Granted: true, Recipient: "FRA", Portions: consent().Portions, Term: tearline.Term{Until: day(2)}}, 1, 1},
			{day: 2, want: 0},
		},
		"a consent in advance, and then a policy that nobody had used": {
			{"USA", 0, &tearline.Agreement{Parties: [2]tearline.PartyID{"USA", "GBR"}, Standing: []tearline.StandingConsent{{By: "GBR", UpTo: "SECRET", To: []tearline.PartyID{"FRA"}}}}, 1, 0},
			{"USA", 0, file("R", "us", "(S)"), 1, 1},
			{"USA", 0, file("Q", "uk", "SECRET"), 1, 2},
		},
		"a filing taken back": {
			{"USA", 0, file("R", "us", "(U)"), 1, 1}, {"USA", 2, &tearline.Revocation{Of: "s2"}, 1, 1}, {day: 2, want: 0}, {day: 1, want: 1},
		},
	}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) { play(t, steps) })
	}
}

func play(t *testing.T, steps []step) {
	t.Helper()
	var names classes.Register
	ix := classes.New("USA", &names)
	n := 0
	say := func(x step) {
		s := &tearline.Statement{ID: tearline.StatementID(fmt.Sprintf("s%d", n)), By: x.by, At: day(x.on), Says: x.says}
		n++
		names.File(s)
		if err := ix.Say(s); err != nil {
			t.Fatal(err)
		}
	}
	say(step{by: "USA", says: &tearline.PartyRecord{Party: "USA"}})
	say(step{by: "USA", says: &tearline.PartyRecord{Party: "FRA"}})
	var other *classes.View // of a person who may have all that FRA may
	for i, x := range steps {
		if x.says != nil {
			say(x)
		}
		q := release.Request{Holder: "USA", Recipient: "FRA", At: day(x.day), Mode: tearline.Document}
		v, err := ix.View(q)
		if err != nil {
			t.Fatal(err)
		}
		got, err := v.Count()
		if err != nil || got != x.want {
			t.Errorf("step %d: %d, %v, want %d", i, got, err, x.want)
		}
		if other != nil && other.Fresh() {
			if n, err := other.Count(); err != nil || n != got {
				t.Errorf("step %d: a view of before says %d, %v, want %d", i, n, err, got)
			}
		}
		q.Person = &release.Person{Name: "A. Reader", Clearance: "TOP SECRET"}
		if other, err = ix.View(q); err != nil {
			t.Fatal(err)
		}
	}
}
