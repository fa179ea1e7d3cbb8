package fingerprint_test

import (
	"fmt"

	"tearline"
	"tearline/leak/fingerprint"
)

func Example() {
	w, err := tearline.ParseWording(`Customs officers at the {northern|upper} crossing opened a crate of {|rusted} tractor parts ` +
		`and found {about|roughly} forty detonators.`)
	if err != nil {
		fmt.Println(err)
		return
	}
	key := []byte("in earnest, 32 random bytes")
	ref := tearline.PortionRef{Report: "R-7", Portion: "p1"}

	// What was quoted: the beginning is gone.
	const story = `We learn that they “opened a crate of rusted tractor parts and found roughly forty detonators”.`
	seen := fingerprint.Read(w, story)
	fmt.Println("seen:", seen)

	for _, recipient := range []tearline.PartyID{"CAN", "FRA", "NZL"} {
		choices := fingerprint.Choose(key, recipient, ref, w)
		points, agree := fingerprint.Compare(choices, seen)
		fmt.Printf("the copy of %s agrees at %d of %d points\n", recipient, agree, points)
	}
	// Output:
	// seen: [-1 1 1]
	// the copy of CAN agrees at 2 of 2 points
	// the copy of FRA agrees at 0 of 2 points
	// the copy of NZL agrees at 1 of 2 points
}
