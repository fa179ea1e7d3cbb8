package pagenumber_test

import (
	"testing"

	"tearline/codec/internal/pagenumber"
)

func TestIs(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"3": true, "- 3 -": true, "‐2‐": true, "— 12 —": true, "Page 3 of 12": true, "Seite 4 von 9": true, "p. iv": true, "3/12": true,
		"": false, "12345": false, "(3)": false, "pier 12": false, "3.": false, "page": false,
	} {
		if got := pagenumber.Is(s); got != want {
			t.Errorf("%q: %v, want %v", s, got, want)
		}
	}
}
