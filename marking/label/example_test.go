package label_test

import (
	"fmt"
	"os"
	"time"

	"tearline/marking"
	"tearline/marking/label"
	"tearline/marking/spif"
)

func Example() {
	data, _ := os.ReadFile("testdata/full.xml")
	l, err := label.Read(data)
	if err != nil {
		fmt.Println(err)
		return
	}
	data, _ = os.ReadFile("../spif/testdata/harbour.xml")
	p, _ := spif.Read(data)
	s, _ := label.ToSPIF(l, p)
	fmt.Println(p.Marking(s, ""))
	l, _ = l.At(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC))
	s, _ = label.ToSPIF(l, p)
	fmt.Println(p.Marking(s, ""))
	// Output:
	// HARBOUR CREW ONLY with FUEL [Aft/Main deck] - First Dog BURSAR <nil>
	// HARBOUR OPEN <nil>
}

func ExampleMapping_FromMarking() {
	m, _ := marking.Parse("(S//REL TO USA, GBR)")
	l, _ := label.US().FromMarking(m, time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC), time.Date(2031, 1, 31, 0, 0, 0, 0, time.UTC))
	data, _ := l.XML()
	fmt.Printf("%s", data)
	// Output:
	// <originatorConfidentialityLabel xmlns="urn:nato:stanag:4774:confidentialitymetadatalabel:1:0" ReviewDateTime="2031-01-31T00:00:00Z">
	//   <ConfidentialityInformation>
	//     <PolicyIdentifier>US</PolicyIdentifier>
	//     <Classification>SECRET</Classification>
	//     <Category Type="PERMISSIVE" TagName="Releasable To">
	//       <GenericValue>USA</GenericValue>
	//       <GenericValue>GBR</GenericValue>
	//     </Category>
	//   </ConfidentialityInformation>
	//   <CreationDateTime>2026-01-31T12:00:00Z</CreationDateTime>
	// </originatorConfidentialityLabel>
}
