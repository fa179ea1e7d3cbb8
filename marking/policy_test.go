package marking_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

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
