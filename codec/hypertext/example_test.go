package hypertext_test

import (
	"fmt"
	"strings"

	"tearline/codec"
	"tearline/codec/hypertext"
)

func ExampleRender() {
	b, err := hypertext.Render(codec.Page{
		Banner: "CONFIDENTIAL",
		Items:  []codec.Item{{Mark: "(C)", Text: "Profits of <Asel & Sons> fell."}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, body, _ := strings.Cut(string(b), "<main>\n")
	text, _, _ := strings.Cut(body, "</main>")
	fmt.Print(text)
	// Output:
	// <p class="numbered" dir="auto"><span class="number">1.</span> <span class="mark" dir="ltr">(C)</span> Profits of &lt;Asel &amp; Sons&gt; fell.</p>
}
