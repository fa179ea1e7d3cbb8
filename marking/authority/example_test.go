package authority_test

import (
	"fmt"

	"tearline/marking/authority"
)

func ExampleParse() {
	b, err := authority.Parse("Classified by: J. Bloggs, Analyst\nDerived from: Invented Guide 7, 20190301\nDeclassify on: 25X1, December 31, 2045")
	fmt.Println(b, err)
	fmt.Println(b.Status("2046-01-01").Text)
	// Output:
	// Classified By: J. Bloggs, Analyst
	// Derived From: Invented Guide 7, 20190301
	// Declassify On: 25X1, 20451231 <nil>
	// it was classified until 2045-12-31
}

func ExampleRollUp() {
	first, _ := authority.ParseInstruction("20350101")
	second, _ := authority.ParseInstruction("50X1-HUM")
	r, err := authority.RollUp("J. Bloggs, Analyst", []authority.Source{
		{Name: "Report 7", Date: "2010-01-01", Block: authority.Block{Declassify: first}},
		{Name: "Report 8", Date: "2012-01-01", Block: authority.Block{Declassify: second}},
	}, "2024-05-01")
	fmt.Println(r.Block, err)
	for _, w := range r.Why {
		fmt.Println(w.Line, w.Sources, w.Cites)
	}
	// Output:
	// Classified By: J. Bloggs, Analyst
	// Derived From: Multiple Sources
	// Declassify On: 50X1-HUM <nil>
	// Classified By [] CAPCO 2016 §E.2
	// Derived From [0 1] CAPCO 2016 §E.3
	// Declassify On [1] CAPCO 2016 §E.3; ISM-ID-00133
}
