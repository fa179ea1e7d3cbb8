// Package page is what the pages of HTML that are handed on have alike: no
// scripts and nothing from elsewhere, which a policy in the page itself makes
// sure of; the roll-up of what is shown at the head and foot, in words and in
// the colours that readers know; a form that prints. It knows nothing of what a
// page shows.
package page

import (
	"crypto/sha256"
	_ "embed" // the common form
	"encoding/base64"
	"html/template"
	"strings"
)

//go:embed page.css
var common string

// A Frame is what every page begins with. A page's template has it embedded,
// and must show Policy, Style and Banners.
type Frame struct {
	Style   template.CSS
	Policy  string // the content security policy, for that style alone
	Banners []Banner
}

// A Banner is a line at the head and foot.
type Banner struct{ Words, Class string }

// New returns the frame of a page with a style of its own beside the common
// one, which must be the program's. Banners are the roll-up of what it shows.
func New(style string, banners []string) Frame {
	style = common + style
	sum := sha256.Sum256([]byte(style))
	f := Frame{
		Style:  template.CSS(style), //nolint:gosec // the program's own
		Policy: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'",
	}
	for _, b := range banners {
		f.Banners = append(f.Banners, Banner{b, classOf(b)})
	}
	return f
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
