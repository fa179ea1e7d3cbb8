package spif_test

import (
	"fmt"
	"os"

	"tearline/marking/spif"
)

func Example() {
	data, _ := os.ReadFile("testdata/harbour.xml")
	p, err := spif.Read(data)
	if err != nil {
		fmt.Println(err)
		return
	}
	data, _ = os.ReadFile("testdata/label.xml")
	l, _ := spif.ReadLabel(data)
	data, _ = os.ReadFile("testdata/clearance.xml")
	c, _ := spif.ReadClearance(data)

	fmt.Println(p.Marking(l, ""))
	fmt.Println(p.Marking(l, "fr-CA"))
	fmt.Println(p.Admits(l, c).Admitted)
	c.Categories = c.Categories[1:]
	for _, r := range p.Admits(l, c).Reasons {
		if !r.Met {
			fmt.Println(r.Text)
		}
	}
	// Output:
	// HARBOUR CREW ONLY with FUEL [Main deck] LANTERN for Nowhere only - First <nil>
	// HARBOUR ÉQUIPAGE avec FUEL [Grand pont] LANTERN for Nowhere only - First <nil>
	// true
	// the clearance does not have restrictive category "FUEL"
}

func ExamplePolicy_Parse() {
	data, _ := os.ReadFile("testdata/harbour.xml")
	p, _ := spif.Read(data)
	l, _ := p.Parse("HARBOUR/EAST CREW ONLY LANTERN with FUEL", "")
	fmt.Println(p.Marking(l, ""))
	_, err := p.Parse("HARBOUR OPEN with FUEL", "")
	fmt.Println(err)
	// Output:
	// HARBOUR/EAST CREW ONLY with FUEL LANTERN <nil>
	// 0: category "FUEL" may not be with classification OPEN [spif.excluded-class, XMLSPIF 2.1 excludedClass]
}

func ExamplePolicies_Translate() {
	harbour, _ := os.ReadFile("testdata/harbour.xml")
	ferry, _ := os.ReadFile("testdata/ferry.xml")
	p, _ := spif.Read(harbour)
	q, _ := spif.Read(ferry)
	ps, _ := spif.NewPolicies(p, q)
	l, _ := p.Parse("HARBOUR/EAST CREW ONLY with FUEL", "")
	_, err := ps.Translate(l, q.ID())
	fmt.Println(err)
	l.Categories = l.Categories[:1]
	l, _ = ps.Translate(l, q.ID())
	fmt.Println(q.Marking(l, ""))
	// Output:
	// 0: category "EAST" has no equivalent in Ferry Company [spif.equivalence, XMLSPIF 2.1 equivalentClassification]
	// <Private | Oil | From the port> <nil>
}
