package classes_test

import (
	"fmt"

	"tearline"
	"tearline/release"
	"tearline/release/classes"
)

func Example() {
	var names classes.Register
	ix := classes.New("USA", &names)
	for i, says := range []tearline.Predicate{
		&tearline.PartyRecord{Party: "USA"},
		&tearline.PartyRecord{Party: "CAN"},
		&tearline.Filing{Report: "R1", Originator: "GBR", Policy: "us", Portions: []tearline.FiledPortion{
			{ID: "p1", Originator: "GBR", Marking: "(S//REL TO USA, CAN, GBR)"},
			{ID: "p2", Originator: "GBR", Marking: "(S//OC/REL TO USA, CAN, GBR)"},
		}},
	} {
		s := &tearline.Statement{ID: tearline.StatementID(fmt.Sprint(i)), By: "USA", At: day(0), Says: says}
		names.File(s)
		if err := ix.Say(s); err != nil {
			fmt.Println(err)
		}
	}
	v, err := ix.View(release.Request{Holder: "USA", Recipient: "CAN", At: day(1), Mode: tearline.Document})
	if err != nil {
		fmt.Println(err)
		return
	}
	n, _ := v.Count()
	page, _, _ := v.Page(nil, classes.Cursor{}, 50)
	fmt.Println(n, page, v.Verdict(0).Outcome(), v.Verdict(1).Outcome(), v.Verdict(1).Ask)
	// Output: 1 [0] release refer [GBR]
}
