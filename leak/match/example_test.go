package match_test

import (
	"fmt"

	"tearline"
	"tearline/leak/match"
)

func Example() {
	archive := func(yield func(match.Portion, error) bool) {
		for id, source := range map[tearline.PortionID]string{
			"p1": `The fuel depot at Karsun holds {about|roughly} nine thousand tonnes of diesel, and its guards change at six.`,
			"p2": `Grain exports through the strait fell by a quarter after the insurers withdrew their cover in March.`,
		} {
			w, err := tearline.ParseWording(source)
			if !yield(match.Portion{Ref: tearline.PortionRef{Report: "R-7", Portion: id}, Wording: w}, err) {
				return
			}
		}
	}
	const story = `Residents are worried. According to a paper seen by this newspaper, “the fuel depot at ` +
		`Karsun holds roughly nine thousand tonnes of diesel”. Nobody would comment.`

	leak, err := match.Prepare(story)
	if err != nil {
		fmt.Println(err)
		return
	}
	matches, err := leak.Search(archive)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range matches {
		fmt.Println(m.Ref, m.Kind)
		for _, s := range m.Spans {
			fmt.Println(" ", story[s.Leak[0]:s.Leak[1]])
		}
	}
	// Output:
	// R-7/p1 verbatim
	//   the fuel depot at Karsun holds roughly nine thousand tonnes of diesel
}
