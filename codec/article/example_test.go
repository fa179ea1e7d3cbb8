package article_test

import (
	"fmt"

	"tearline/codec/article"
)

// What a file is, its bytes say.
func ExampleRead() {
	a, err := article.Read("leak.txt", []byte(`<html><head><title>Mole closed</title>
		<meta property="article:published_time" content="2031-03-04T06:30:00+01:00"></head>
		<body><nav>Home</nav><p>The mole is closed.</p></body></html>`), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(a.Format, a.Published)
	fmt.Println(a.Text)
	// Output:
	// html 2031-03-04 05:30:00 +0000 UTC
	// Mole closed
	//
	// The mole is closed.
}
