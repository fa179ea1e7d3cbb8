package plain_test

import (
	"fmt"

	"tearline/codec/plain"
)

func ExampleRead() {
	r, err := plain.Read([]byte("SECRET\n\n(U) The mole\nis closed.\n(S) The pier is not.\n\nSECRET\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, b := range r.Blocks {
		fmt.Printf("%s: %s\n", b.Where, b.Text)
	}
	// Output:
	// line 1: SECRET
	// line 7: SECRET
	// line 3: (U) The mole is closed.
	// line 5: (S) The pier is not.
}
