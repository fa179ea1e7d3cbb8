// Package pagenumber knows the numbers of pages. Readers of all kinds of
// documents leave them out, and must agree on what they are.
//
// It takes a line and may know nothing of where it stands: elsewhere than at an
// edge of a page it may be a text.
package pagenumber

import "regexp"

// dashes may stand around a number: "- 3 -".
const dashes = `[-‐–—\s]*`

var line = regexp.MustCompile(`(?i)^` + dashes + `(page|seite|p\.)?\s*([0-9]{1,4}|[ivxlc]{1,7})(\s*(of|/|von)\s*[0-9]{1,4})?` + dashes + `$`)

// Is reports whether a line is nothing but the number of a page: "3", "- 3 -",
// "page iv", "3 of 12".
func Is(s string) bool { return line.MatchString(s) }
