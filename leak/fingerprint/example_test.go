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
	secret := []byte("in earnest, these are all random") // the report's
	portion, err := fingerprint.PortionSecret(secret, tearline.CodeHalf, tearline.PortionRef{Report: "R-7", Portion: "p1"}, w)
	if err != nil {
		fmt.Println(err)
		return
	}
	// The ledger had 41 entries, the last of them the commitment.
	points := portion.Key(fingerprint.Words, 41, [32]byte{}).Of(w)

	// What was quoted: the beginning is gone.
	const story = `We learn that they “opened a crate of rusted tractor parts and found roughly forty detonators”.`
	seen := fingerprint.Read(w, story)
	fmt.Println("seen:", seen)

	for _, party := range []tearline.PartyID{"CAN", "FRA", "NZL"} {
		fmt.Println(party, "reads:", points.Choices(fingerprint.Reader{Party: party}))
	}
	// Output:
	// seen: [-1 1 1]
	// CAN reads: [0 0 1]
	// FRA reads: [0 1 1]
	// NZL reads: [1 0 1]
}
