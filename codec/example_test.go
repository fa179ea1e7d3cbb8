package codec_test

import (
	"fmt"

	"tearline/codec"
)

func ExampleParseMarkdown() {
	r, err := codec.ParseMarkdown([]byte(`---
id: USA-2026-0412
title: (U) Threat to airliners
originator: USA
policy: us
date: 2026-03-04
---

(U) Airlines have been warned.

(S//REL TO USA, GBR) A courier left with {about|approximately} 4 kg.

> sources: GBR-2026-007/p1
> tear (C//REL TO USA, FRA): A courier is under way.
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Banner.Banner())
	for _, p := range r.Portions {
		fmt.Println(p.ID, p.Marking.Portion(), p.Wording.Plain(), p.Sources)
	}
	// Output:
	// SECRET//REL TO USA, GBR
	// title (U) Threat to airliners []
	// p1 (U) Airlines have been warned. []
	// p2 (S//REL TO USA, GBR) A courier left with about 4 kg. [GBR-2026-007/p1]
}

func ExampleParseMarkdown_faults() {
	_, err := codec.ParseMarkdown([]byte(`---
id: USA-2026-0413
originator: USA
policy: us
date: 2026-03-04
---
No mark here.

(U) Text <!-- and a comment -->.
`))
	fmt.Println(err)
	// Output:
	// 7:1: a paragraph without a portion mark; begin it with its portion mark
	// 9:10: an HTML comment; text that hides is not filed; take it out, or write it as plain text
}
