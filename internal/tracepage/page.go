// Package tracepage writes a trace as one page of HTML to print or to hand on:
// no scripts, nothing from elsewhere, the roll-up of all that it shows at its
// head and foot. It judges nothing and leaves nothing out but the middle of
// very long texts, and every text that it shows is taken to be hostile.
package tracepage

import (
	"crypto/sha256"
	_ "embed" // the page's form
	"encoding/base64"
	"html/template"
	"io"
	"strings"

	"tearline/internal/node/trace"
)

//go:embed page.css
var css string

//go:embed page.html
var form string

var page = template.Must(template.New("page").Parse(form))

// maxExcerpt is how many bytes of either text of a match are shown.
const maxExcerpt = 20_000

// Write writes the page of a trace.
func Write(to io.Writer, t *trace.Result) error {
	v := newView(t)
	sum := sha256.Sum256([]byte(css))
	v.CSS = template.CSS(css) //nolint:gosec // the package's own
	v.Policy = "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
	return page.Execute(to, v)
}

// levels are the colours of levels that everybody knows; words say it first.
var levels = []struct{ begins, class string }{
	{"TOP SECRET//SI", "tssci"},
	{"TOP SECRET", "ts"},
	{"COSMIC TOP SECRET", "ts"},
	{"NATO SECRET", "s"},
	{"SECRET", "s"},
	{"NATO CONFIDENTIAL", "c"},
	{"CONFIDENTIAL", "c"},
	{"CUI", "cui"},
	{"NATO UNCLASSIFIED", "u"},
	{"UNCLASSIFIED", "u"},
	{"TLP:RED", "tred"},
	{"TLP:AMBER", "tamber"},
	{"TLP:GREEN", "tgreen"},
	{"TLP:CLEAR", "tclear"},
}

// classOf returns the colour of a banner; plain if its level is not known.
func classOf(banner string) string {
	for _, l := range levels {
		if strings.HasPrefix(banner, l.begins) {
			return l.class
		}
	}
	return "plain"
}
