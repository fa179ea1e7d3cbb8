package equivalence_test

import (
	"slices"
	"testing"

	"tearline/marking"
	"tearline/marking/equivalence"
)

// Policies of one's own may call things by names that mean less there: what
// they mean is looked at, too.
func TestNamesThatMeanLess(t *testing.T) {
	const rows = `{"format":1,"id":"own","title":"X","cites":"none","owners":{"eu":"EU"},"rows":[
	 {"cites":"none","levels":{"eu":"EU UNCLASSIFIED","other":"EU UNCLASSIFIED"}},{"cites":"none","levels":{"eu":"EU SECRET","other":"EU SECRET"}}]}`
	const company = `{"format":1,"id":"own","title":"X","cites":"none","rows":[
	 {"cites":"none","levels":{"acme":"INTERNAL","other":"PUBLIC"}},{"cites":"none","levels":{"acme":"CONFIDENTIAL","other":"INTERNAL"}},
	 {"cites":"none","levels":{"acme":"STRICTLY CONFIDENTIAL","other":"STRICTLY CONFIDENTIAL"}}]}`
	for _, r := range []struct {
		name, of, table string
		replace         []string // in the other policy's file
		mark, want      string
		faults          []string
	}{
		{"the same", "eu", rows, nil, "EU SECRET CRYPTO RELEASABLE TO USA", "SECRET UE/EU SECRET CRYPTO RELEASABLE TO USA", nil},
		{"no read-in", "eu", rows, []string{`"CRYPTO", "read_in": true`, `"CRYPTO"`}, "EU SECRET CRYPTO", "", []string{control}},
		{"another member", "eu", rows, []string{`"SVN", "SWE"`, `"SVN", "SWE", "GBR"`}, "EU SECRET", "", []string{release}},
		{"a member less", "eu", rows, []string{`"SVN", "SWE"`, `"SVN"`}, "EU SECRET", "SECRET UE/EU SECRET", nil},
		{"open, and was not", "eu", rows, []string{`"closed": true,`, ``}, "EU UNCLASSIFIED", "", []string{open}},
		{"no such word", "eu", rows, []string{`"LIMITE"`, `"LIMITED"`}, "EU UNCLASSIFIED LIMITE", "", []string{control}},
		{"another name of something else", "eu", rows, []string{`{"name": "LIMITE"}`, `{"name": "LIMITED", "also": ["LIMITE"]}`, `["LIMITE"]`, `["LIMITED"]`}, "EU UNCLASSIFIED LIMITE", "", []string{control}},
		{"a code that is not known", "acme", company, []string{`"BANK-B"`, `"BANK-C"`}, "CONFIDENTIAL//FOR BANK-B", "", []string{release}},
		{"no release lists", "de", rows, nil, "EU SECRET RELEASABLE TO USA", "", []string{noLevel, release}},
		{"not the originator's say", "acme", company, []string{`{"name": "ASK FIRST", "role": "originator"}`, `{"name": "ASK FIRST"}`}, "CONFIDENTIAL//ASK FIRST", "", []string{control}},
		{"not for no partners", "acme", company, []string{`"name": "NO PARTNERS", "role": "no_foreign"`, `"name": "NO PARTNERS"`, `"none": "NO PARTNERS",`, ``}, "CONFIDENTIAL//NO PARTNERS", "", []string{release}},
		{"for everybody", "acme", company, nil, "INTERNAL", "", []string{open, release}},
		{"a rule that a higher level would mend", "acme", company, nil, "CONFIDENTIAL//DEAL-RED FOX", "", []string{breach}},
		{"as it is there", "acme", company, nil, "STRICTLY CONFIDENTIAL//DEAL-RED FOX//BOARD ONLY/LEGAL/FOR BANK-A, ADVISERS", "STRICTLY CONFIDENTIAL//DEAL-RED FOX//BOARD ONLY/LEGAL/FOR BANK-A, ADVISERS", nil},
	} {
		other := twin(t, r.of, append([]string{`"id": "` + r.of + `"`, `"id": "other"`}, r.replace...)...)
		lookup := func(id string) (*marking.Policy, bool) {
			if id == "other" {
				return other, true
			}
			return marking.Lookup(id)
		}
		d := equivalence.Default()
		if r.of != "de" {
			var err error
			if d, err = equivalence.Load([]byte(r.table), lookup); err != nil {
				t.Errorf("%s: %v", r.name, err)
				continue
			}
		}
		from := "eu"
		if r.of == "acme" {
			from = "acme"
		}
		m, err := equivalence.Translate(d, read(t, from+": "+r.mark), other)
		if m.Banner() != r.want || !slices.Equal(rules(t, err), r.faults) {
			t.Errorf("%s: %q, want %q, %v\n%v", r.name, m.Banner(), r.want, r.faults, err)
		}
	}
}

// Another edition of a policy may count others to a coalition: what is written
// alike is for others there.
func TestAnotherEdition(t *testing.T) {
	const members = `"MNE", "NLD", "NOR", "POL", "PRT", "ROU", "SVK", "SVN", "ESP", "TUR", "GBR", "USA"`
	newer := twin(t, "us", members, members+`, "SWE"`)
	if !slices.Contains(newer.Members("NATO"), "SWE") {
		t.Fatal("the twin is not another edition")
	}
	for _, r := range []struct {
		mark   string
		faults []string
	}{
		{"SECRET//REL TO USA, GBR", nil},
		{"SECRET//REL TO USA, SWE, NATO", nil},
		{"SECRET//REL TO USA, NATO", []string{release}},
		{"SECRET//DISPLAY ONLY NATO", []string{release}},
		{"SECRET//DISPLAY ONLY SWE, NATO", nil},
	} {
		m, err := equivalence.Translate(equivalence.Default(), read(t, "us: "+r.mark), newer)
		if !slices.Equal(rules(t, err), r.faults) || err == nil && m.Banner() != r.mark {
			t.Errorf("%s: %v, %v", r.mark, m, err)
		}
	}
}

// A level that only others' marks have cannot be written in one's own.
func TestLevelThatCannotBeWritten(t *testing.T) {
	d, err := equivalence.Load([]byte(`{"format":1,"id":"x","title":"X","cites":"none","rows":[{"cites":"none","levels":{"us":"RESTRICTED","tlp":"TLP:AMBER"}}]}`), marking.Lookup)
	if err != nil {
		t.Fatal(err)
	}
	if m, err := equivalence.Translate(d, read(t, "tlp: TLP:AMBER"), policy(t, "us")); !m.IsZero() || !slices.Equal(rules(t, err), []string{noLevel}) {
		t.Errorf("%v, %v", m, err)
	}
}
