package match_test

import (
	"bytes"
	"fmt"

	"tearline"
	"tearline/leak/match"
	"tearline/leak/segment"
)

func Example() {
	// What is secret about the index, and where it lies, is for its keeper.
	key := segment.NewKey([32]byte{})
	filer, builder := match.NewFiler(key), segment.NewBuilder(key, [16]byte{})
	for id, source := range map[tearline.PortionID]string{
		"p1": `The fuel depot at Karsun holds {about|roughly} nine thousand tonnes of diesel, and its guards change at six.`,
		"p2": `Grain exports through the strait fell by a quarter after the insurers withdrew their cover in March.`,
	} {
		w, err := tearline.ParseWording(source)
		if err == nil {
			err = filer.Documents(match.Portion{Ref: tearline.PortionRef{Report: "R-7", Portion: id}, Wording: w}, builder.Add)
		}
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	var file bytes.Buffer
	if err := builder.WriteTo(&file, "R-7"); err != nil {
		fmt.Println(err)
		return
	}
	seg, err := segment.Open(file.Bytes(), key)
	if err != nil {
		fmt.Println(err)
		return
	}
	const story = `Residents are worried. According to a paper seen by this newspaper, “the fuel depot at ` +
		`Karsun holds roughly nine thousand tonnes of diesel”. Nobody would comment.`

	leak, err := match.Prepare(story)
	if err != nil {
		fmt.Println(err)
		return
	}
	matches, err := match.NewArchive(key, seg).NewSearcher().Search(leak)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range matches {
		if m.Kind == match.Weak {
			continue
		}
		fmt.Println(m.Ref, m.Kind)
		for _, s := range m.Spans {
			fmt.Println(" ", story[s.Leak[0]:s.Leak[1]])
		}
	}
	// Output:
	// R-7/p1 verbatim
	//   the fuel depot at Karsun holds roughly nine thousand tonnes of diesel
}
