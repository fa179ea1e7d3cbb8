package plain_test

import (
	"slices"
	"testing"

	"tearline/codec/plain"
)

// A banner stands alone, also where the lines of the head follow at once; a
// sentence does not.
func TestHeadWithoutBlankLines(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]string{
		"SECRET//NOFORN\nReport: USA-2026-0777\nOriginator: USA\n(U) The mole is closed.": {"SECRET//NOFORN", "Report: USA-2026-0777", "Originator: USA", "(U) The mole is closed."},
		"(U) The mole is closed\nReport: it was said\nSource: the watch":                  {"(U) The mole is closed Report: it was said Source: the watch"},
		"It was the watch that said.\nReport: by night\nSource: a lamp":                   {"It was the watch that said. Report: by night Source: a lamp"},
	} {
		r, err := plain.Read([]byte(in))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, b := range r.Blocks {
			got = append(got, b.Text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q", in, got)
		}
	}
}
