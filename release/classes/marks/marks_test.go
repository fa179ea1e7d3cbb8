package marks_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline/release/classes/marks"
)

func TestMark(t *testing.T) {
	table := marks.NewTable()
	us, ok := table.Policy("us")
	if !ok {
		t.Fatal("no policy us")
	}
	if again, _ := table.Policy("us"); again != us {
		t.Errorf("us is %d and %d", us, again)
	}
	if _, ok := table.Policy("none"); ok {
		t.Error("a policy that there is not")
	}
	first, err := table.Mark(us, "(S//SI/TK//REL TO USA, GBR)")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"(S//SI/TK//REL TO USA, GBR)", "SECRET//TK/SI//REL TO USA, GBR"} {
		if n, err := table.Mark(us, text); err != nil || n != first {
			t.Errorf("%s: %d, %v, want %d", text, n, err, first)
		}
	}
	m := &table.Marks[first]
	if diff := cmp.Diff([]string{"SI", "TK"}, m.Compartments); diff != "" || !m.Listed || len(m.List) != 2 || m.Open || m.Orcon || m.NoForeign {
		t.Errorf("%+v\n%s", m, diff)
	}
	if n, _ := table.Mark(us, "(S//SI/TK//NF)"); table.Marks[n].Access != m.Access || m.Access == 0 {
		t.Error("a person needs the same for both, and something")
	}
	for range 2 {
		if _, err := table.Mark(us, "(S//X)"); err == nil {
			t.Error("no mark was read")
		}
	}
	if n, err := table.Mark(us, marks.LowestText); err != nil || !table.Marks[n].Open {
		t.Errorf("lowest: %v", err)
	}
}

func TestRank(t *testing.T) {
	table := marks.NewTable()
	us, _ := table.Policy("us")
	tlp, _ := table.Policy("tlp")
	tests := []struct {
		policy int32
		name   string
		equal  [][]string
		like   string // a level of the policy, "" if it is not known
	}{
		{us, "SECRET", nil, "SECRET"},
		{us, "", nil, ""},
		{us, "GEHEIM", nil, "SECRET"},
		{us, "GEHEIM", [][]string{{"GEHEIM", "CONFIDENTIAL"}}, "CONFIDENTIAL"},
		{us, "SECRET", [][]string{{"SECRET", "CONFIDENTIAL"}}, "SECRET"},
		{us, "TLP:RED", nil, ""},
		{tlp, "SECRET", nil, ""},
		{tlp, "SECRET", [][]string{{"SECRET", "TLP:AMBER"}}, "TLP:AMBER"},
	}
	for _, test := range tests {
		got, ok := table.Rank(test.policy, test.name, test.equal)
		want, known := table.Policies[test.policy].Level(test.like)
		if ok != (known && test.like != "") || ok && got != want.Rank {
			t.Errorf("%s, %v: %d, %t, want %s", test.name, test.equal, got, ok, test.like)
		}
	}
}
