package misp_test

import (
	"fmt"

	"tearline/marking"
	"tearline/marking/misp"
)

func ExampleSet_Markings() {
	s, err := misp.Read([]string{"tlp:amber", `misp-galaxy:country="ruritania"`, `dni-ism:classification:us="S"`, `dni-ism:dissem="NF"`})
	if err != nil {
		fmt.Println(err)
		return
	}
	marks, err := s.Markings()
	fmt.Println(marks["tlp"], marks["us"], err)

	s, err = misp.Read([]string{"tlp:clear", "tlp:unclear"})
	if err != nil {
		fmt.Println(err)
		return
	}
	marks, err = s.Markings()
	fmt.Println(len(marks), err)
	// Output:
	// TLP:AMBER SECRET//NOFORN <nil>
	// 0 0: tlp:unclear: the tag says no level that is known here [misp.unknown]
}

func ExampleFromMarking() {
	m, err := marking.Parse("(TS//SI//NF)")
	if err != nil {
		fmt.Println(err)
		return
	}
	tags, err := misp.FromMarking(m)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, tag := range tags {
		fmt.Println(tag)
	}
	// Output:
	// dni-ism:classification:us="TS"
	// dni-ism:scicontrols="SI"
	// dni-ism:dissem="NF"
}
