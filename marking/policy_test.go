package marking_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tearline/marking"
)

func TestEmbeddedPolicies(t *testing.T) {
	if got := marking.Policies(); !slices.Contains(got, "us") || !slices.Contains(got, "tlp") || !slices.IsSorted(got) {
		t.Errorf("policies %v", got)
	}
	files, err := filepath.Glob("policies/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p, err := marking.LoadPolicy(data)
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
	_, err := marking.LoadPolicy([]byte(strings.Replace(small, `"levels": [{"name"`, `"levels": [`+levels+`{"name"`, 1)))
	if got := strings.Join(ruleIDs(t, err), " "); got != "policy.bounds" {
		t.Errorf("%q\n%v", got, err)
	}
}

func TestPolicyFacts(t *testing.T) {
	us, tlp := policy(t, "us"), policy(t, "tlp")
	if us.Nation() != "USA" || tlp.Nation() != "" || !us.HasReleaseLists() || tlp.HasReleaseLists() {
		t.Error("nation or release lists")
	}
	if !us.KnowsCode("NATO") || us.KnowsCode("CERT-FR") || tlp.KnowsCode("USA") {
		t.Error("codes")
	}
	if us.Profile() != "ic-2016" || policy(t, "us@ism-2022").Profile() != "ism-2022" {
		t.Error("profiles")
	}
	if us.Title() == "" || us.Edition() == "" {
		t.Error("title or edition")
	}
}

// Profiles differ in what a roll-up may expand, and nothing of one is a
// marking of the other.
func TestProfiles(t *testing.T) {
	const portions = "(S//REL TO USA, NATO) ; (S//REL TO USA, DEU)"
	for id, want := range map[string]string{"us": "SECRET//NOFORN", "us@ism-2022": "SECRET//REL TO USA, DEU"} {
		rolled, err := rollUp(t, policy(t, id), portions)
		if err != nil || rolled.Banner.Banner() != want {
			t.Errorf("%s: %v, %v; want %s", id, rolled.Banner, err, want)
		}
	}
	if policy(t, "us").Lowest() == policy(t, "us@ism-2022").Lowest() {
		t.Error("markings of two profiles are one")
	}
}

// Every published code of release lists is in the table, in its order, and
// the members of coalitions are the published ones.
func TestPublishedCodes(t *testing.T) {
	us := policy(t, "us")
	var published []string
	for _, row := range shared(t, "ismcat_codes.tsv") {
		if row["list"] == "RelTo" && row["code"] != "USA" && !strings.Contains(row["code"], "[") {
			published = append(published, row["code"])
		}
	}
	ours := slices.DeleteFunc(us.CodesOf(), func(c string) bool { return c == "USA" })
	if !slices.Equal(ours, published) {
		t.Errorf("%d codes, want %d in their order", len(ours), len(published))
	}
	for _, row := range shared(t, "ismcat_tetragraphs.tsv") {
		if row["form"] != "Denormalized" || row["decomposable"] != "Yes" {
			continue
		}
		want := strings.Fields(row["countries"])
		slices.Sort(want)
		if got := us.Members(row["tetragraph"]); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", row["tetragraph"], got, want)
		}
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
	p, err := marking.LoadPolicy([]byte(small))
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
		rolled, err := rollUp(t, p, test.portions)
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
		_, err := marking.LoadPolicy([]byte(strings.Replace(small, test.old, test.new, 1)))
		if ids := ruleIDs(t, err); !slices.Contains(ids, test.want) {
			t.Errorf("%s: %v, want %s\n%v", test.new, ids, test.want, err)
		}
	}
	two := strings.Replace(strings.Replace(small, `"Acme"`, `""`, 1), `["INTERNAL"]`, `["SECRET"]`, 1)
	if _, err := marking.LoadPolicy([]byte(two)); len(ruleIDs(t, err)) != 2 {
		t.Errorf("%v: want two faults", err)
	}
	if _, err := marking.LoadPolicy([]byte(small + "{}")); err == nil {
		t.Error("more than a policy was read")
	}
	if _, err := marking.LoadPolicy(make([]byte, marking.MaxPolicyFile+1)); strings.Join(ruleIDs(t, err), " ") != "policy.size" {
		t.Errorf("%v", err)
	}
}

// Every rule of the embedded policies cites a clause, in the file itself.
func TestEveryRuleCitesItsClause(t *testing.T) {
	data, err := os.ReadFile("policies/us.json")
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Rules  []struct{ Rule, Cites, Text, Hint string }
		Rollup struct {
			Effects []struct{ Rule, Cites string }
		}
	}
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	if len(f.Rules) < 40 || len(f.Rollup.Effects) < 15 {
		t.Errorf("%d rules, %d effects", len(f.Rules), len(f.Rollup.Effects))
	}
	for _, r := range f.Rules {
		clause := regexp.MustCompile(`2016 §|^IC-ISM|^DoDM 5200.01 V2 |^32 CFR 2002`)
		if !clause.MatchString(r.Cites) {
			t.Errorf("%s cites %q", r.Rule, r.Cites)
		}
	}
}
