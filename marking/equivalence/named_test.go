package equivalence_test

import (
	"testing"

	"tearline/marking"
	"tearline/marking/equivalence"
)

func TestNamed(t *testing.T) {
	rows := [][]string{{"TLP:AMBER", "CONFIDENTIAL"}, {"GEHEIM", "TOP SECRET"}, {"COSY"}}
	for _, c := range []struct {
		name, policy string
		rows         [][]string
		want         string // "" is not known
	}{
		{"SECRET", "us", nil, "SECRET"},
		{"SECRET", "us", [][]string{{"SECRET", "CONFIDENTIAL"}}, "SECRET"}, // the policy's own goes first
		{"GEHEIM", "us", nil, "SECRET"},
		{"GEHEIM", "us", rows, "TOP SECRET"},
		{"TLP:AMBER", "us", nil, ""},
		{"TLP:AMBER", "us", rows, "CONFIDENTIAL"},
		{"CONFIDENTIAL", "tlp", rows, "TLP:AMBER"},
		{"SECRET", "de", nil, "GEHEIM"}, // of us, uk and fr alike
		{"COSY", "us", rows, ""},
		{"", "us", rows, ""},
	} {
		p, ok := marking.Lookup(c.policy)
		if !ok {
			t.Fatal(c.policy)
		}
		got, known := equivalence.Default().Named(c.name, c.rows, p)
		if known != (c.want != "") || got.Name != c.want {
			t.Errorf("%q under %s with %v: %q, %v; want %q", c.name, c.policy, c.rows, got.Name, known, c.want)
		}
	}
}
