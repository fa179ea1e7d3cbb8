package nearest_test

import (
	"slices"
	"testing"

	"tearline/marking/internal/nearest"
)

func TestTo(t *testing.T) {
	for _, test := range []struct{ word, want string }{
		{"NOFRON", "NOFORN"}, {"NFORN", "NOFORN"}, {"ORCONN", "ORCON"}, {"QQQQ", ""}, {"", ""}, {"X", ""},
	} {
		if got := nearest.To(test.word, slices.Values([]string{"NOFORN", "ORCON", "RELIDO"})); got != test.want {
			t.Errorf("%q: %q, want %q", test.word, got, test.want)
		}
	}
}
