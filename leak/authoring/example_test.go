package authoring_test

import (
	"fmt"

	"tearline"
	"tearline/leak/authoring"
)

func Example() {
	w, err := tearline.PlainWording("The firm purchased forty engines prior to the fair. The clerk said nothing of it.")
	if err != nil {
		fmt.Println(err)
		return
	}
	proposals := authoring.Suggest(w)
	for _, p := range proposals {
		fmt.Printf("%s: %q\n", p.Rule, p.Alternatives)
	}
	// A person has approved the second one only.
	source, err := authoring.Apply(w, proposals[1:])
	fmt.Println(source, err)

	bad, err := tearline.ParseWording("The firm purchased {forty|fifty} engines before the fair in spring.")
	for _, f := range authoring.Lint(bad) {
		fmt.Println(f.Fault)
	}
	fmt.Println(err)
	// Output:
	// word.purchase: ["purchased" "bought"]
	// phrase.prior-to: ["prior to" "before"]
	// The firm purchased forty engines {prior to|before} the fair. The clerk said nothing of it. <nil>
	// 1:20: "forty" and "fifty" differ in a number: "40" and "50"; offer only wordings that say the same, or take the point out
	// <nil>
}
