package release_test

import (
	"fmt"
	"time"

	"tearline"
	"tearline/release"
)

// A report rests on a partner's ORCON material. Its holder is referred to the
// partner; once the partner has consented, the holder may pass it on.
func Example() {
	at := func(hour int) time.Time { return time.Date(2026, 3, 1, hour, 0, 0, 0, time.UTC) }
	source := tearline.PortionRef{Report: "GB-14", Portion: "p1"}
	statements := []tearline.Statement{
		{ID: "a", By: "USA", At: at(8), Says: &tearline.PartyRecord{Party: "USA", MemberOf: []tearline.PartyID{"NATO"}}},
		{ID: "b", By: "USA", At: at(8), Says: &tearline.PartyRecord{Party: "FRA", MemberOf: []tearline.PartyID{"NATO"}}},
		{ID: "c", By: "USA", At: at(9), Says: &tearline.Filing{
			Report: "GB-14", Originator: "GBR", Policy: "us", Date: "2026-03-01",
			Portions: []tearline.FiledPortion{{ID: "p1", Originator: "GBR", Marking: "(S//OC/NF)"}},
		}},
		{ID: "d", By: "USA", At: at(9), Says: &tearline.Filing{
			Report: "AIR-7", Originator: "USA", Policy: "us", Date: "2026-03-01",
			Portions: []tearline.FiledPortion{{
				ID: "p1", Originator: "USA", Marking: "(S//REL TO USA, NATO)", Sources: []tearline.PortionRef{source},
			}},
		}},
		{ID: "e", By: "GBR", At: at(11), Says: &tearline.Consent{
			Granted: true, Recipient: "FRA", Portions: []tearline.PortionRef{source},
			Conditions: []tearline.Condition{tearline.WithoutAttribution},
		}},
	}
	facts, err := release.NewFacts(statements)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, hour := range []int{10, 12} {
		d, err := release.Decide(facts, "AIR-7", release.Request{
			Holder: "USA", Recipient: "FRA", At: at(hour), Mode: tearline.Document,
		})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%d:00 %s\n", hour, d.Outcome())
		for _, v := range d.Verdicts() {
			fmt.Println(" ", v.Portion, v.Outcome, v.Basis, v.Ask, v.Conditions)
			for _, r := range v.Reasons {
				fmt.Printf("    %s: %s\n", r.Rule, r.Text)
			}
		}
	}
	// Output:
	// 10:00 refer
	//   p1 refer  [GBR] []
	//     marking: the portion is (S//REL TO USA, NATO): its release list names NATO, of which FRA is a member
	//     originator: GBR's material is ORCON: GBR must agree before FRA may have it
	// 12:00 release
	//   p1 release consent [] [without-attribution]
	//     marking: the portion is (S//REL TO USA, NATO): its release list names NATO, of which FRA is a member
	//     originator: GBR has consented that FRA may have it
}

// An authority may disclose what the rules do not release. The rules' word
// stays on record beside it.
func ExampleDecision_WithDiscretion() {
	at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	facts, err := release.NewFacts([]tearline.Statement{
		{ID: "a", By: "USA", At: at, Says: &tearline.PartyRecord{Party: "USA"}},
		{ID: "b", By: "USA", At: at, Says: &tearline.PartyRecord{Party: "FRA"}},
		{ID: "c", By: "USA", At: at, Says: &tearline.Filing{
			Report: "AIR-7", Originator: "USA", Policy: "us", Date: "2026-03-01",
			Portions: []tearline.FiledPortion{{ID: "p1", Originator: "USA", Marking: "(S//NF)"}},
		}},
		{ID: "d", By: "USA", At: at, Says: &tearline.Discretion{
			Portions: []tearline.PortionRef{{Report: "AIR-7", Portion: "p1"}}, Recipient: "FRA",
			Modes: []tearline.Mode{tearline.Oral}, Because: "lives are at risk", Authority: "the director",
		}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err := release.Decide(facts, "AIR-7", release.Request{Holder: "USA", Recipient: "FRA", At: at, Mode: tearline.Oral})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.May("p1"))
	fmt.Println(d.WithDiscretion(facts).May("p1"))
	fmt.Println(d.WithDiscretion(facts).Outcome())
	// Output:
	//  false
	// discretion true
	// deny
}
