package policies_test

import (
	"testing"

	"tearline/marking/policies"
)

// The nodes of a file are its tokens in their places.
func TestNodes(t *testing.T) {
	for _, name := range policies.Embedded() {
		files, faults := policies.Decode(policies.Source(name))
		if len(faults) > 0 {
			t.Fatalf("%s: %v", name, faults)
		}
		for _, f := range files {
			for i, n := range f.Nodes {
				if f.Node(n.Canonical) != i || n.End <= i || n.End > len(f.Nodes) {
					t.Errorf("%s: node %d, %s, is at %d and ends at %d", name, i, n.Canonical, f.Node(n.Canonical), n.End)
				}
				if n.Parent >= 0 && (n.Parent >= i || f.Nodes[n.Parent].End < n.End || f.Nodes[n.Parent].Depth != n.Depth-1) {
					t.Errorf("%s: %s is not below its parent", name, n.Canonical)
				}
				if n.Hidden && n.Parent >= 0 && f.Nodes[n.Parent].Star != i {
					t.Errorf("%s: %s is not what its parent calls so", name, n.Canonical)
				}
			}
			for i, c := range f.Categories {
				for _, j := range f.Select([]string{"category:" + c.Name}) {
					if f.Nodes[j].Category != i {
						t.Errorf("%s: %s is not of %s", name, f.Nodes[j].Canonical, c.Name)
					}
				}
			}
		}
	}
}

func TestAdmits(t *testing.T) {
	for _, test := range []struct {
		free *policies.Free
		name string
		want bool
	}{
		{nil, "A", false},
		{&policies.Free{Letters: true, Min: 2, Max: 3}, "AB", true},
		{&policies.Free{Letters: true, Min: 2, Max: 3}, "A", false},
		{&policies.Free{Letters: true, Min: 2, Max: 3}, "ABCD", false},
		{&policies.Free{Letters: true, Min: 2, Max: 3}, "A1", false},
		{&policies.Free{Digits: true, Min: 1, Max: 3}, "123", true},
		{&policies.Free{Letters: true, Spaces: true, Min: 1, Max: 9}, "A B", true},
		{&policies.Free{Letters: true, Spaces: true, Min: 1, Max: 9}, "A  B", false},
		{&policies.Free{Letters: true, Spaces: true, Min: 1, Max: 9}, "A ", false},
		{&policies.Free{Letters: true, Digits: true, Min: 1, Max: 9}, "A-B", false},
	} {
		if got := test.free.Admits(test.name); got != test.want {
			t.Errorf("%+v admits %q: %v", test.free, test.name, got)
		}
	}
}
