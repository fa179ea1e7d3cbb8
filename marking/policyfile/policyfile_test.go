package policyfile_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tearline/marking"
	"tearline/marking/policyfile"
)

// load reads a file, and returns the profile that it prefers.
func load(data []byte) (*marking.Policy, error) {
	all, err := policyfile.Load(data)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// ruleIDs returns the rules of the faults that an error holds.
func ruleIDs(t *testing.T, err error) []string {
	t.Helper()
	var faults marking.Faults
	if err != nil && !errors.As(err, &faults) {
		t.Fatalf("%v (%T): want Faults", err, err)
	}
	var ids []string
	for _, f := range faults {
		ids = append(ids, f.Rule)
	}
	return ids
}

func must(t *testing.T, p *marking.Policy, s string) marking.Marking {
	t.Helper()
	m, err := p.Parse(s)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return m
}

func TestEmbeddedPolicies(t *testing.T) {
	if got := marking.Policies(); !slices.Contains(got, "us") || !slices.Contains(got, "tlp") || !slices.IsSorted(got) {
		t.Errorf("policies %v", got)
	}
	files, err := filepath.Glob("../policies/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p, err := load(data)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if p.ID()+".json" != filepath.Base(file) {
			t.Errorf("%s holds policy %s", file, p.ID())
		}
		closed := map[string]bool{"eu": true, "nato": true, "pap": true, "uk": true}
		if m := p.Lowest(); m.Open() == closed[p.ID()] || m.Policy() != p {
			t.Errorf("%s: the lowest marking %v is not open", file, m)
		}
	}
	if _, ok := marking.Lookup("nowhere"); ok {
		t.Error("there is a policy nowhere")
	}
}

// A file of more than the bounds is refused for that alone.
func TestPolicyBounds(t *testing.T) {
	levels := strings.Repeat(`{"name": "X", "portion": "X", "audience": "nation"},`, 17)
	_, err := load([]byte(strings.Replace(small, `"levels": [{"name"`, `"levels": [`+levels+`{"name"`, 1)))
	if got := strings.Join(ruleIDs(t, err), " "); got != "policy.bounds" {
		t.Errorf("%q\n%v", got, err)
	}
}

// small is a policy of a company: a file of its own, with release lists but
// without a nation.
const small = `{"format": 1, "id": "acme", "title": "Acme", "edition": "2024",
 "line": {"category": "//", "token": "/", "cites": "§0"},
 "levels": [{"name": "PUBLIC", "portion": "P", "audience": "everyone"}, {"name": "INTERNAL", "portion": "I", "audience": "originator"}],
 "categories": [{"name": "to", "form": "flat", "cites": "§2", "tokens": [
   {"name": "DEAL", "cites": "§3"},
   {"name": "FOR", "list": {"kind": "release", "separator": ", ", "empty": {"rule": "acme-1", "cites": "§2", "hint": "name them"}, "alone": {}, "nation": {}}}]}],
 "release": {"list": "FOR", "cites": {"none": "§2", "official": "§2", "list": "§2", "display": "§2", "empty": "§2", "mixed": "§2", "unmarked": "§2", "foreign": "§2"}},
 "rules": [{"rule": "acme-2", "cites": "§3", "text": "DEAL needs INTERNAL", "if": ["DEAL"], "levels": ["INTERNAL"]}],
 "rollup": {"level": "§1"},
 "codes": [{"code": "BANK-A", "name": "Bank A"}, {"code": "BANK-B", "name": "Bank B"}, {"code": "BANKS", "name": "Both", "group": true, "members": ["BANK-A", "BANK-B"]}]}`

func TestPolicyOfOnesOwn(t *testing.T) {
	p, err := load([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	m := must(t, p, "INTERNAL//FOR BANK-B, BANK-A/DEAL")
	if m.Portion() != "(I//DEAL/FOR BANK-A, BANK-B)" || !m.Names("BANK-A") {
		t.Errorf("%s", m.Portion())
	}
	list, ok := m.ReleaseList()
	if !ok || !slices.Equal(list, []string{"BANK-A", "BANK-B"}) {
		t.Errorf("%v, %v", list, ok)
	}
	if _, err := p.Parse("P//DEAL"); strings.Join(ruleIDs(t, err), " ") != "acme-2" {
		t.Errorf("%v", err)
	}
	if _, err := p.Parse("I//FOR"); strings.Join(ruleIDs(t, err), " ") != "acme-1" {
		t.Errorf("%v", err)
	}
	// A policy without a word for "nobody else" drops the list.
	for _, test := range []struct{ portions, want string }{
		{"I//FOR BANK-A, BANK-B ; I//FOR BANK-B", "INTERNAL//FOR BANK-B"},
		{"I//FOR BANK-A ; I//FOR BANK-B", "INTERNAL"},
		{"I//FOR BANK-A ; I ; P", "INTERNAL"},
		{"I//FOR BANK-A ; P", "INTERNAL//FOR BANK-A"},
	} {
		var dated []marking.Dated
		for s := range strings.SplitSeq(test.portions, " ; ") {
			dated = append(dated, marking.Dated{Marking: must(t, p, s)})
		}
		rolled, err := p.RollUp(dated)
		if err != nil || rolled.Banner.Banner() != test.want {
			t.Errorf("%s: %v, %v; want %s", test.portions, rolled.Banner, err, test.want)
		}
	}
}

// Each fault of a policy file is found, all of them at once.
func TestLoadPolicyFaults(t *testing.T) {
	for _, test := range []struct{ old, new, want string }{
		{`"format": 1`, `"format": 2`, "policy.format"},
		{`"id": "acme"`, `"id": "Acme!"`, "policy.id"},
		{`"title": "Acme"`, `"title": ""`, "policy.title"},
		{`"audience": "everyone"`, `"audience": "friends"`, "policy.levels"},
		{`"portion": "I"`, `"portion": "P"`, "policy.levels"},
		{`"portion": "I"`, `"portion": "i"`, "policy.levels"},
		{`"portion": "P", `, `"portion": "P", "owned": true, `, "policy.levels"},
		{`"form": "flat"`, `"form": "round"`, "policy.categories"},
		{`"cites": "§2", "tokens"`, `"tokens"`, "policy.categories"},
		{`"name": "DEAL", "cites"`, `"name": "FOR", "cites"`, "policy.tokens"},
		{`"name": "DEAL", "cites"`, `"name": "DE/AL", "cites"`, "policy.tokens"},
		{`"name": "DEAL", "cites"`, `"name": "DEAL", "role": "king", "cites"`, "policy.tokens"},
		{`"name": "DEAL", "cites"`, `"name": "DEAL", "children": [{"name": "X"}], "cites"`, "policy.tokens"},
		{`"kind": "release"`, `"kind": "secret"`, "policy.lists"},
		{`"separator": ", "`, `"separator": "x"`, "policy.lists"},
		{`"release": {"list": "FOR"`, `"release": {"list": "DEAL"`, "policy.release"},
		{`"release": {"list": "FOR"`, `"release": {"list": "NOBODY"`, "policy.reference"},
		{`"mixed": "§2", `, ``, "policy.release"},
		{`"rule": "acme-2", "cites": "§3"`, `"rule": "acme-2", "cites": ""`, "policy.rules"},
		{`"levels": ["INTERNAL"]`, `"levels": ["SECRET"]`, "policy.reference"},
		{`"if": ["DEAL"]`, `"if": ["category:from"]`, "policy.reference"},
		{`"if": ["DEAL"]`, `"if": ["DEAL"], "scope": "universe"`, "policy.rules"},
		{`"if": ["DEAL"]`, `"if": ["DEAL"], "owners": "gods"`, "policy.rules"},
		{`"if": ["DEAL"]`, `"if": ["DEAL"], "profiles": ["new"]`, "policy.profiles"},
		{`"rollup": {"level": "§1"}`, `"rollup": {"level": ""}`, "policy.rollup"},
		{`"rollup": {"level": "§1"}`, `"rollup": {"level": "§1", "effects": [{"rule": "x", "cites": "y", "if": ["DEAL"]}]}`, "policy.rollup"},
		{`"rollup": {"level": "§1"}`, `"rollup": {"level": "§1", "effects": [{"rule": "x", "cites": "y", "if": ["DEAL"], "add": ["FOR"]}]}`, "policy.rollup"},
		{`"code": "BANK-B"`, `"code": "BANK-A"`, "policy.codes"},
		{`"code": "BANK-B"`, `"code": "bank b"`, "policy.codes"},
		{`"members": ["BANK-A"`, `"members": ["BANK-C"`, "policy.codes"},
		{`"format": 1`, `"format": 1, "nation": "USA"`, "policy.codes"},
		{`"format": 1`, `"format": 1, "profiles": {"a": {}}`, "policy.profile"},
		{`"format": 1`, `"format": 1, "profile": "a", "profiles": {"a": {"expand": ["BANK-A"]}}`, "policy.profiles"},
		{`"format": 1`, `"format": 1, "owners": {"organisations": [{"code": "NATO"}]}`, "policy.owners"},
		{`"format": 1`, `"format": 1, "owners": {"joint": "JOINT"}`, "policy.owners"},
		{`"format": 1`, `"format": "one"`, "policy.json"},
		{`"format": 1`, `"format": 1, "colour": "red"`, "policy.json"},
	} {
		if !strings.Contains(small, test.old) {
			t.Fatalf("the policy has no %s", test.old)
		}
		_, err := load([]byte(strings.Replace(small, test.old, test.new, 1)))
		if ids := ruleIDs(t, err); !slices.Contains(ids, test.want) {
			t.Errorf("%s: %v, want %s\n%v", test.new, ids, test.want, err)
		}
	}
	two := strings.Replace(strings.Replace(small, `"Acme"`, `""`, 1), `["INTERNAL"]`, `["SECRET"]`, 1)
	if _, err := load([]byte(two)); len(ruleIDs(t, err)) != 2 {
		t.Errorf("%v: want two faults", err)
	}
	if _, err := load([]byte(small + "{}")); err == nil {
		t.Error("more than a policy was read")
	}
	if _, err := load(make([]byte, policyfile.MaxSize+1)); strings.Join(ruleIDs(t, err), " ") != "policy.size" {
		t.Errorf("%v", err)
	}
}

// What a check refers to must be there.
func TestChecksAreChecked(t *testing.T) {
	const file = `{"format": 1, "id": "x", "title": "x", "edition": "x", "line": {"cites": "x"}, "levels": [{"name": "LOW", "portion": "L", "audience": "everyone"}],
		"rollup": {"level": "x", "checks": [{"rule": "r", "cites": "c", "text": "t", %s}]}}`
	for body, ok := range map[string]bool{
		`"never": true`:                            true,
		`"levels": ["LOW"]`:                        true,
		`"on": ["LOW"]`:                            false,
		`"levels": ["HIGH"]`:                       false,
		`"needs": ["X"]`:                           false,
		`"each": ["category:x"]`:                   false,
		`"list": "release"`:                        false,
		`"list": "nonsense"`:                       false,
		`"list": "sources", "sources": ["NOBODY"]`: false,
		`"never": true, "above": "HIGH"`:           false,
	} {
		if _, err := policyfile.Load([]byte(strings.Replace(file, "%s", body, 1))); (err == nil) != ok {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// FuzzLoad: a file is a policy or has faults, and a policy works.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(small))
	tlp, err := os.ReadFile("../policies/tlp.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(tlp)
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := load(data)
		if err != nil {
			if _, ok := err.(marking.Faults); !ok || p != nil { //nolint:errorlint // as above
				t.Fatalf("%v and %T", p, err)
			}
			return
		}
		low := p.Lowest()
		for _, l := range p.Levels() {
			m, err := p.Parse(l.Name)
			if err != nil {
				continue
			}
			if again, err := p.Parse(m.Portion()); err != nil || again != m || !strings.HasPrefix(m.Portion(), "(") {
				t.Fatalf("%s: %v, %v", l.Name, again, err)
			}
			if _, err := marking.Join(low, m); err != nil {
				t.Fatal(err)
			}
		}
	})
}
