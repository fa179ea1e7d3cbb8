// Package tracepage writes a trace as one page of HTML to print or to hand on:
// no scripts, nothing from elsewhere, the roll-up of all that it shows at its
// head and foot. It judges nothing and leaves nothing out but the middle of
// very long texts, and every text that it shows is taken to be hostile.
package tracepage

import (
	_ "embed" // the page's form
	"html/template"
	"io"

	"tearline/internal/node/trace"
)

//go:embed page.css
var css string

//go:embed page.html
var form string

var tracePage = template.Must(template.New("page").Parse(form))

// maxExcerpt is how many bytes of either text of a match are shown.
const maxExcerpt = 20_000

// Write writes the page of a trace.
func Write(to io.Writer, t *trace.Result) error {
	return tracePage.Execute(to, newView(t))
}
