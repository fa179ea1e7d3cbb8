package marking_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline/marking"
)

// readTSV returns the fields of each line of a file of this package's vectors.
func readTSV(t *testing.T, name string, fields int) [][]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.Split(line, "\t")
		if len(row) != fields {
			t.Fatalf("%s: %q: %d fields, want %d", name, line, len(row), fields)
		}
		rows = append(rows, row)
	}
	return rows
}

func policy(tb testing.TB, id string) *marking.Policy {
	tb.Helper()
	p, ok := marking.Lookup(id)
	if !ok {
		tb.Fatalf("no policy %q", id)
	}
	return p
}

func must(tb testing.TB, p *marking.Policy, s string) marking.Marking {
	tb.Helper()
	m, err := p.Parse(s)
	if err != nil {
		tb.Fatalf("%q: %v", s, err)
	}
	return m
}

// ruleIDs returns the sorted rules of the faults that err is.
func ruleIDs(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var faults marking.Faults
	if !errors.As(err, &faults) || len(faults) == 0 {
		t.Fatalf("%v (%T): want Faults", err, err)
	}
	ids := []string{}
	for _, f := range faults {
		ids = append(ids, f.Rule)
	}
	slices.Sort(ids)
	return ids
}

func TestParseVectors(t *testing.T) {
	for _, row := range readTSV(t, "parse.tsv", 6) {
		id, in, banner, portion, rules := row[0], row[1], row[2], row[3], row[4]
		m, err := policy(t, id).Parse(in)
		if got := strings.Join(ruleIDs(t, err), " "); got != rules {
			t.Errorf("%q: faults %q, want %q\n%v", in, got, rules, err)
		}
		if m.Banner() != banner || m.Portion() != portion {
			t.Errorf("%q: %q, %q; want %q, %q", in, m.Banner(), m.Portion(), banner, portion)
		}
		if rules != "" && !m.IsZero() {
			t.Errorf("%q: a mark that is wrong is %v", in, m)
		}
	}
}

// rollUp rolls up "(S)@2015-01-01 ; (U)".
func rollUp(t *testing.T, p *marking.Policy, portions string) (marking.Rolled, error) {
	t.Helper()
	var dated []marking.Dated
	for s := range strings.SplitSeq(portions, " ; ") {
		mark, date, _ := strings.Cut(s, "@")
		dated = append(dated, marking.Dated{Marking: must(t, p, mark), Date: date})
	}
	return p.RollUp(dated)
}

func TestRollUpVectors(t *testing.T) {
	us := policy(t, "us")
	for _, file := range []string{"rollup.tsv", "table3.tsv"} {
		for _, row := range readTSV(t, file, 3) {
			rolled, err := rollUp(t, us, row[1])
			if err != nil || rolled.Banner.Banner() != row[2] {
				t.Errorf("%s %s: %s: %v, %v; want %s", file, row[0], row[1], rolled.Banner, err, row[2])
			}
		}
	}
}

// Every row of the Manual's table has a vector of its own, with the banner
// that the row says.
func TestTable3IsCovered(t *testing.T) {
	published := shared(t, "capco2016_fdr_rollup_table3.tsv")
	banners := map[string][]string{}
	for _, row := range readTSV(t, "table3.tsv", 3) {
		banners[row[0]] = append(banners[row[0]], row[2])
	}
	if len(published) != 27 {
		t.Errorf("the table has %d rows, want 27", len(published))
	}
	for _, row := range published {
		ours := banners[row["rule"]]
		if len(ours) == 0 {
			t.Errorf("row %s has no vector", row["rule"])
		}
		for _, b := range ours {
			for _, kind := range []string{"NOFORN", "REL TO", "RELIDO", "DISPLAY ONLY"} {
				if strings.Contains(b, kind) && !strings.Contains(row["banner"], kind) {
					t.Errorf("row %s: banner %s, the table says %s", row["rule"], b, row["banner"])
				}
			}
		}
	}
}

func TestWhy(t *testing.T) {
	rolled, err := rollUp(t, policy(t, "us"), "(U) ; (TS//SI//REL TO USA, FVEY) ; (//GBR S//REL TO USA, GBR) ; (S//OC-USGOV/REL TO USA, GBR)")
	if err != nil {
		t.Fatal(err)
	}
	want := []marking.Why{
		{Token: "TOP SECRET", Portions: []int{1}, Rule: "CAPCO 2016 §D.2"},
		{Token: "SI", Portions: []int{1}, Rule: "CAPCO 2016 §D.2; ISM-ID-00343"},
		{Token: "FGI GBR", Portions: []int{2}, Rule: "CAPCO 2016 §D.2, §H.7"},
		{Token: "ORCON-USGOV", Portions: []int{3}, Rule: "CAPCO 2016 §H.8 ORCON-USGOV; ISM-ID-00303"},
		{Token: "REL TO USA, GBR", Portions: []int{1, 2, 3}, Rule: "rollup.list: CAPCO 2016 §D.2 Table 3 rows 21-23; ISM-ID-00318"},
	}
	if d := cmp.Diff(want, rolled.Why); d != "" {
		t.Errorf("%v: why (-want +got):\n%s", rolled.Banner, d)
	}
}

// For each reason why a banner is NOFORN, the portions that are the reason.
func TestWhyNoForeign(t *testing.T) {
	for _, test := range []struct {
		portions string
		because  []int
		rule     string
	}{
		{"(S//NF) ; (S) ; (C//NF)", []int{0, 2}, "rollup.none"},
		{"(S//REL TO USA, GBR) ; (//DEU S) ; (S)", []int{1}, "rollup.foreign"},
		{"(S//REL TO USA, GBR) ; (U) ; (U//FOUO)", []int{2}, "rollup.unmarked"},
		{"(S//REL TO USA, GBR) ; (S//RELIDO) ; (U)", []int{0, 1}, "rollup.mixed"},
		{"(S//REL TO USA, GBR) ; (S//REL TO USA, DEU)", []int{0, 1}, "rollup.empty"},
		{"(S//REL TO USA, GBR) ; (U//LES-NF/SBU-NF) ; (U)", []int{1}, "rollup.unmarked"},
		{"(S) ; (U//UCNI)", []int{1}, "rollup.ucni"},
		{"(S) ; (U//LES-NF)", []int{1}, "rollup.les-noforn"},
	} {
		rolled, err := rollUp(t, policy(t, "us"), test.portions)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(rolled.Why, func(w marking.Why) bool { return w.Token == "NOFORN" })
		if i < 0 {
			t.Errorf("%s: %v: no reason for NOFORN", test.portions, rolled.Banner)
			continue
		}
		w := rolled.Why[i]
		if !slices.Equal(w.Portions, test.because) || !strings.HasPrefix(w.Rule, test.rule+": ") {
			t.Errorf("%s: %v by %q, want %v by %q", test.portions, w.Portions, w.Rule, test.because, test.rule)
		}
	}
}

func TestRollUpFaults(t *testing.T) {
	us, tlp := policy(t, "us"), policy(t, "tlp")
	for _, test := range []struct {
		name     string
		portions []marking.Dated
		want     string
	}{
		{"nothing", nil, "rollup.empty"},
		{"zero", []marking.Dated{{}, {Marking: us.Lowest()}}, "rollup.zero"},
		{"policies", []marking.Dated{{Marking: us.Lowest()}, {Marking: tlp.Lowest()}}, "rollup.policy"},
		// Another nation may write it; a US document may not.
		{"rule of the document", []marking.Dated{{Marking: must(t, us, "//GBR C//IMC/NF")}}, "ISM-ID-00107"},
	} {
		rolled, err := us.RollUp(test.portions)
		if got := strings.Join(ruleIDs(t, err), " "); got != test.want || !rolled.Banner.IsZero() || len(rolled.Faults) == 0 {
			t.Errorf("%s: %q and %v, want %q and no banner", test.name, got, rolled.Banner, test.want)
		}
	}
	if m, err := marking.Join(us.Lowest(), tlp.Lowest()); err == nil {
		t.Errorf("join of two policies: %v", m)
	}
	if m, err := marking.Join(marking.Marking{}, marking.Marking{}); err == nil {
		t.Errorf("join of nothing: %v", m)
	}
}

func TestTLPRollUp(t *testing.T) {
	rolled, err := rollUp(t, policy(t, "tlp"), "TLP:GREEN ; TLP:AMBER+STRICT ; TLP:CLEAR")
	if err != nil || rolled.Banner.Banner() != "TLP:AMBER+STRICT" {
		t.Errorf("%v, %v; want TLP:AMBER+STRICT", rolled.Banner, err)
	}
	want := []marking.Why{{Token: "TLP:AMBER+STRICT", Portions: []int{1}, Rule: "TLP 2.0"}}
	if d := cmp.Diff(want, rolled.Why); d != "" {
		t.Error(d)
	}
}
