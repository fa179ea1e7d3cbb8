package ism_test

import (
	"fmt"

	"tearline/marking"
	"tearline/marking/ism"
)

func ExampleParse() {
	a, err := ism.Parse(`classification="S" ownerProducer="USA" SCIcontrols="TK SI" disseminationControls="REL" releasableTo="USA GBR"`)
	fmt.Println(a.Portion(), err)
	m, err := a.Marking()
	fmt.Println(m.Names("GBR"), err)
	// Output:
	// (S//SI/TK//REL TO USA, GBR) <nil>
	// true <nil>
}

// What nobody knows is shown, and grants nothing.
func ExampleAttributes_Banner() {
	a, _ := ism.Parse(`classification="S" ownerProducer="USA" disseminationControls="NEWCONTROL NF"`)
	fmt.Println(a.Banner())
	m, err := a.Marking()
	fmt.Println(m)
	fmt.Println(err)
	// Output:
	// SECRET//NOFORN/NEWCONTROL
	// no marking
	// 0: disseminationControls: "NEWCONTROL" is no token that is known [ism.token, IC-ISM 2021-NOVr2022-NOV]
}

func ExampleFromMarking() {
	m, _ := marking.Parse("(TS//SI-G ABCD//OC/NF)")
	a, err := ism.FromMarking(m)
	fmt.Println(a, err)
	// Output:
	// classification="TS" ownerProducer="USA" SCIcontrols="SI SI-G SI-G-ABCD" disseminationControls="OC NF" <nil>
}
