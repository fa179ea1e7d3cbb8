package spif_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tearline/marking"
	"tearline/marking/spif"
)

const dataDir = "../../../shared/data/markings"

// published returns a file of the published test data.
func published(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dataDir, "spif", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func needPublished(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(dataDir); err != nil {
		t.Skip("the published test data are not here")
	}
}

// policies reads policy files; names are separated by commas.
func policies(t *testing.T, names string) ([]*spif.Policy, *spif.Policies) {
	t.Helper()
	var all []*spif.Policy
	for name := range strings.SplitSeq(names, ",") {
		p, err := spif.Read(published(t, name))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, p)
	}
	ps, err := spif.NewPolicies(all...)
	if err != nil {
		t.Fatal(err)
	}
	return all, ps
}

// TestPublished plays the recorded tests of another implementation, row by row.
func TestPublished(t *testing.T) {
	needPublished(t)
	data, err := os.ReadFile(filepath.Join(dataDir, "spif_spiffing_tests.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")[1:]
	played, absent := 0, 0
	for _, line := range lines {
		f := strings.Split(line, "\t")
		row := recorded{policies: f[0], label: f[1], lang: f[2], valid: f[3], marking: f[4], clearance: f[5], admits: f[6], exception: f[8]}
		for other := range strings.SplitSeq(f[7], "; ") {
			key, value, _ := strings.Cut(other, "=")
			switch key {
			case "clearance-marking":
				row.clearanceMarking = value
			case "encrypt":
				row.to = value
			case "encrypt-marking":
				row.toMarking = value
			case "":
			default:
				t.Fatalf("column %q is not played", key)
			}
		}
		if strings.HasSuffix(row.label, ".ber") || strings.HasSuffix(row.label, ".nato") {
			absent++
			continue
		}
		played++
		t.Run(row.label+" "+row.lang, row.play)
	}
	if len(lines) != 26 || played != 20 || absent != 6 {
		t.Errorf("%d rows: %d played, %d without their files; want 26, 20, 6", len(lines), played, absent)
	}
}

type recorded struct {
	policies, label, lang, valid, marking, clearance, admits, exception string
	clearanceMarking, to, toMarking                                     string
}

func (x recorded) play(t *testing.T) {
	if x.label == "" {
		_, err := spif.Read(published(t, x.policies))
		if !hasRule(err, "spif.duplicate") || !strings.Contains(err.Error(), "excluded twice") {
			t.Errorf("%s: %v, want %q", x.policies, err, x.exception)
		}
		return
	}
	all, ps := policies(t, x.policies)
	l, err := spif.ReadLabel(published(t, x.label))
	if err != nil {
		t.Fatal(err)
	}
	p, ok := ps.Lookup(l.Policy)
	if !ok {
		t.Fatalf("none of %d policies is %s", len(all), l.Policy)
	}
	if err := p.Valid(l); x.valid != "" && (err == nil) != (x.valid == "true") {
		t.Errorf("valid: %v, want %s", err, x.valid)
	}
	if x.marking != "" {
		if got, err := p.Marking(l, x.lang); got != x.marking {
			t.Errorf("marking %q, %v; want %q", got, err, x.marking)
		}
	}
	if x.to != "" {
		if l, err = ps.Translate(l, x.to); err != nil {
			t.Fatal(err)
		}
		p, _ = ps.Lookup(x.to)
		if got, err := p.Marking(l, ""); got != x.toMarking {
			t.Errorf("translated %q, %v; want %q", got, err, x.toMarking)
		}
	}
	if x.clearance == "" {
		return
	}
	c, err := spif.ReadClearance(published(t, x.clearance))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := p.ClearanceMarking(c, x.lang); x.clearanceMarking != "" && got != x.clearanceMarking {
		t.Errorf("clearance marking %q, %v; want %q", got, err, x.clearanceMarking)
	}
	if d := p.Admits(l, c); d.Admitted != (x.admits == "1") {
		t.Errorf("admitted: %+v, want %s", d, x.admits)
	}
}

func hasRule(err error, rule string) bool {
	var faults marking.Faults
	if !errors.As(err, &faults) {
		return false
	}
	for _, f := range faults {
		if f.Rule == rule {
			return true
		}
	}
	return false
}

// TestPublishedFiles: what the other published files are.
func TestPublishedFiles(t *testing.T) {
	needPublished(t)
	if _, err := spif.Read(published(t, "bsi-commercial.xml")); !hasRule(err, "spif.xml") {
		t.Errorf("bsi-commercial.xml ends before its end: %v", err)
	}
	_, err := spif.Read(append(published(t, "bsi-commercial.xml"), "</SPIF>"...))
	if got := rules(err); len(got) != 4 || got[0] != "spif.missing" || got[3] != "spif.missing" {
		t.Errorf("bsi-commercial.xml has four requirements without an operation: %v", err)
	}
	for name, notes := range map[string]int{
		"food-policy.xml": 5, "food-policy-missi.xml": 3, "tlp.xml": 0, "tlp-plus.xml": 0, "uk-demo.xml": 0, "nato-4774-policy.xml": 2,
	} {
		p, err := spif.Read(published(t, name))
		if err != nil || len(p.Notes()) != notes {
			t.Errorf("%s: %v, %v; want %d notes", name, err, p.Notes(), notes)
		}
	}
	p, _ := spif.Read(published(t, "nato-4774-policy.xml"))
	l, err := spif.ReadLabel(published(t, "nato-4774-17-5.xml"))
	if err != nil {
		t.Fatal(err)
	}
	// The fifth case of Table 17 is not valid under the policy: two categories
	// of it exclude its classification.
	if got := rules(p.Valid(l)); len(got) != 2 || got[0] != "spif.excluded-class" || got[1] != "spif.excluded-class" {
		t.Errorf("nato-4774-17-5.xml: %v", p.Valid(l))
	}
}
