package match_test

import (
	"fmt"
	"slices"

	"tearline/leak/match"
)

func ExampleStems() {
	fmt.Println(slices.Collect(match.Stems("Two Boats, “seen” at Dover’s harbours — naïvely.")))
	// Output: [2 boat seen at dover harbor naiv]
}
