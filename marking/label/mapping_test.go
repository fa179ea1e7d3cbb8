package label_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline/marking"
	"tearline/marking/label"
	"tearline/marking/policyfile"
	"tearline/marking/spif"
)

var made = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

func policy(tb testing.TB, id string) *marking.Policy {
	tb.Helper()
	p, ok := marking.Lookup(id)
	if !ok {
		tb.Fatalf("no policy %s", id)
	}
	return p
}

// says lists what a label says, a line for each category.
func says(l *label.Label) []string {
	out := []string{l.Information.Policy.Text, l.Information.Classification.Text}
	for _, c := range l.Information.Categories {
		var values []string
		for _, v := range c.Values {
			values = append(values, v.Text)
		}
		out = append(out, c.Type[:1]+" "+c.TagName+": "+strings.Join(values, " | "))
	}
	return out
}

// TestMapping goes there, through XML, and back.
func TestMapping(t *testing.T) {
	us, tlp := policy(t, "us"), policy(t, "tlp")
	loaded, err := policyfile.Load(file(t, "testdata/quay.json"))
	if err != nil {
		t.Fatal(err)
	}
	quay, nato := loaded[0], policy(t, "nato")
	// Another policy is another value.
	quays := label.Mapping{
		Policy: "quay", Name: "QUAY", URI: "urn:oid:2.25.7003",
		Levels: []label.Level{{Level: "QUAY OPEN", Classification: "OPEN"}, {Level: "QUAY CLOSED", Classification: "CLOSED"}},
		Tags: []label.Tag{
			{Field: "cargo", Name: "Cargo", Type: label.TypeRestrictive, URI: "urn:oid:2.25.7003.1", Part: "cargo"},
			{Field: "watch", Name: "Watch", Type: label.TypeInformative, Part: "watch"},
		},
	}
	const sci = "R Sensitive Compartmented Information: "
	for _, x := range []struct {
		mapping label.Mapping
		policy  *marking.Policy
		mark    string
		want    []string
	}{
		{label.US(), us, "UNCLASSIFIED", []string{"US", "UNCLASSIFIED"}},
		{label.US(), us, "UNCLASSIFIED//FOUO", []string{"US", "UNCLASSIFIED", "R Dissemination: FOUO"}},
		{label.US(), us, "SECRET//NOFORN", []string{"US", "SECRET", "R Dissemination: NOFORN"}},
		{label.US(), us, "SECRET//REL TO USA, GBR, NATO", []string{"US", "SECRET", "P Releasable To: USA | GBR | NATO"}},
		{label.US(), us, "SECRET//ORCON/REL TO USA, GBR/DISPLAY ONLY AFG", []string{"US", "SECRET", "R Dissemination: ORCON", "P Releasable To: USA | GBR", "R Display Only: AFG"}},
		{label.US(), us, "SECRET//USA/GBR EYES ONLY", []string{"US", "SECRET", "P Eyes Only: USA | GBR"}},
		{label.US(), us, "SECRET//FGI//NOFORN", []string{"US", "SECRET", "I Foreign Government Information: FGI", "R Dissemination: NOFORN"}},
		{label.US(), us, "SECRET//FGI GBR NATO//NOFORN//EXDIS", []string{"US", "SECRET", "I Foreign Government Information: GBR | NATO", "R Dissemination: NOFORN", "R Non-IC Dissemination: EXDIS"}},
		{label.US(), us, "TOP SECRET//123/SI-G ABCD DEFG/TK//ORCON/NOFORN", []string{"US", "TOP SECRET", sci + "123 | SI | SI-G | SI-G ABCD | SI-G DEFG | TK", "R Dissemination: ORCON | NOFORN"}},
		{label.US(), us, "TOP SECRET//SAR-BP-J12 J54/CD//NOFORN", []string{"US", "TOP SECRET", "R Special Access Programs: SAR-BP | SAR-BP-J12 | SAR-BP-J12 J54 | SAR-CD", "R Dissemination: NOFORN"}},
		{label.US(), us, "SECRET//RD-CNWDI//NOFORN", []string{"US", "SECRET", "R Atomic Energy: RD | RD-CNWDI", "R Dissemination: NOFORN"}},
		{label.TLP(), tlp, "TLP:CLEAR", []string{"TLP", "CLEAR"}},
		{label.TLP(), tlp, "TLP:AMBER+STRICT", []string{"TLP", "AMBER+STRICT"}},
		{label.TLP(), tlp, "TLP:RED", []string{"TLP", "RED"}},
		{label.NATO(), nato, "NATO SECRET", []string{"NATO", "SECRET", "P Context: NATO"}},
		{label.NATO(), nato, "COSMIC TOP SECRET ATOMAL", []string{"NATO", "TOP SECRET", "P Context: NATO", "R Additional Sensitivity: ATOMAL"}},
		{label.NATO(), nato, "NATO/EAPC RESTRICTED - STAFF", []string{"NATO", "RESTRICTED", "P Context: EAPC", "I Administrative: STAFF"}},
		{label.NATO(), nato, "NATO RESTRICTED RELEASABLE TO CHE, JPN, UKR", []string{"NATO", "RESTRICTED", "P Context: NATO | Releasable", "P Releasable To: NATO | CHE | JPN | UKR"}},
		{label.NATO(), nato, "NATO/KFOR CONFIDENTIAL IRL, SWE, UKR, NATO ONLY", []string{"NATO", "CONFIDENTIAL", "P Context: KFOR", "P Only: IRL | SWE | UKR | NATO"}},
		{quays, quay, "QUAY OPEN", []string{"QUAY", "OPEN"}},
		{quays, quay, "QUAY CLOSED//OIL/GRAIN//DOG", []string{"QUAY", "CLOSED", "R Cargo: OIL | GRAIN", "I Watch: DOG"}},
	} {
		m, err := x.policy.Parse(x.mark)
		if err != nil {
			t.Errorf("%s: %v", x.mark, err)
			continue
		}
		l, err := x.mapping.FromMarking(m, made, made.AddDate(5, 0, 0))
		if err != nil {
			t.Errorf("%s: %v", x.mark, err)
			continue
		}
		if diff := cmp.Diff(x.want, says(l)); diff != "" || len(l.Validate()) != 0 {
			t.Errorf("%s: %s %v", x.mark, diff, l.Validate())
		}
		data, err := l.XML()
		if err != nil {
			t.Fatal(err)
		}
		back, err := label.Read(data)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := x.mapping.ToMarking(x.policy, back); err != nil || got != m {
			t.Errorf("%s comes back as %v, %v", x.mark, got, err)
		}
	}
}

// TestMappingLevels: every level of a policy has one classification, and every
// field of its marks that can be mapped has a tag.
func TestMappingLevels(t *testing.T) {
	for _, x := range []struct {
		mapping label.Mapping
		levels  int
	}{{label.US(), 4}, {label.TLP(), 5}, {label.NATO(), 5}} {
		p, n := policy(t, x.mapping.Policy), 0
		for _, level := range p.Levels() {
			m, err := p.Parse(level.Name)
			if err != nil {
				continue // a level that only other nations write
			}
			if _, err := x.mapping.FromMarking(m, made, made); err != nil {
				t.Errorf("%s: %v", level.Name, err)
			}
			n++
		}
		if n != x.levels {
			t.Errorf("%s: %d levels, want %d", x.mapping.Policy, n, x.levels)
		}
	}
}

func TestMappingFaults(t *testing.T) {
	us, tlp := policy(t, "us"), policy(t, "tlp")
	for _, x := range []struct {
		policy *marking.Policy
		mark   string
		rule   string
	}{
		{us, "//GBR SECRET//NOFORN", "label.equivalent"},
		{us, "//JOINT SECRET GBR USA//REL TO USA, GBR", "label.equivalent"},
		{tlp, "TLP:RED", "label.policy"},
	} {
		m, err := x.policy.Parse(x.mark)
		if err != nil {
			t.Fatal(err)
		}
		if l, err := label.US().FromMarking(m, made, made); l != nil || !slices.Equal(rules(err), []string{x.rule}) {
			t.Errorf("%s: %v, %v", x.mark, l, err)
		}
	}
	if l, err := label.US().FromMarking(marking.Marking{}, made, made); l != nil || !slices.Equal(rules(err), []string{"label.policy"}) {
		t.Errorf("the zero mark: %v, %v", l, err)
	}
	concealed, err := us.Parse("SECRET//FGI//NOFORN")
	if err != nil {
		t.Fatal(err)
	}
	without := label.US()
	without.Tags[3].Empty = ""
	if l, err := without.FromMarking(concealed, made, made); l != nil || !slices.Equal(rules(err), []string{"label.equivalent"}) {
		t.Errorf("an empty list without an equivalent: %v, %v", l, err)
	}
}

func TestToMarkingFaults(t *testing.T) {
	us := policy(t, "us")
	m, err := us.Parse("SECRET//ORCON/REL TO USA, GBR")
	if err != nil {
		t.Fatal(err)
	}
	category := func(l *label.Label, i int) *label.Category { return &l.Information.Categories[i] }
	for _, x := range []struct {
		name   string
		change func(*label.Label)
		rule   string // "" for a rule of the policy's own
	}{
		{"policy", func(l *label.Label) { l.Information.Policy.Text = "UK" }, "label.policy"},
		{"URI of the policy", func(l *label.Label) { l.Information.Policy.URI = "urn:oid:1.2" }, "label.policy"},
		{"classification", func(l *label.Label) { l.Information.Classification.Text = "OFFICIAL" }, "label.classification"},
		{"privacy mark", func(l *label.Label) { l.Information.PrivacyMark = &label.Field{Text: "x"} }, "label.equivalent"},
		{"tag", func(l *label.Label) { category(l, 0).TagName = "Colour" }, "label.equivalent"},
		{"type", func(l *label.Label) { category(l, 1).Type = label.TypeRestrictive }, "label.equivalent"},
		{"URI of a tag", func(l *label.Label) { category(l, 1).URI = "urn:oid:1.2" }, "label.equivalent"},
		{"unknown value", func(l *label.Label) { category(l, 1).Values[1].Text = "QQQ" }, ""},
		{"more in a value", func(l *label.Label) { category(l, 0).Values[0].Text = "ORCON/PROPIN" }, "label.equivalent"},
		{"a list in a value", func(l *label.Label) { category(l, 1).Values[1].Text = "GBR, AUS" }, "label.equivalent"},
		{"a part in a value", func(l *label.Label) { category(l, 1).Values[1].Text = "GBR//LES" }, "label.equivalent"},
		{"a value of another tag", func(l *label.Label) { category(l, 0).Values[0].Text = "SI" }, ""},
		{"another word for it", func(l *label.Label) { category(l, 0).Values[0].Text = "OC" }, "label.equivalent"},
		{"twice", func(l *label.Label) { category(l, 1).Values[1].Text = "USA" }, ""},
		{"against the rules", func(l *label.Label) { category(l, 0).Values[0].Text = "NOFORN" }, ""},
		{"unknown element", func(l *label.Label) { l.Elements = []string{"<x/>"} }, "label.unknown"},
		{"a successor", func(l *label.Label) { l.Kind = label.KindSuccessor }, "label.structure"},
	} {
		l, err := label.US().FromMarking(m, made, made)
		if err != nil {
			t.Fatal(err)
		}
		x.change(l)
		got, err := label.US().ToMarking(us, l)
		r := rules(err)
		if !got.IsZero() || len(r) == 0 || x.rule != "" && !slices.Contains(r, x.rule) || x.rule == "" && strings.HasPrefix(r[0], "label.") {
			t.Errorf("%s: %v, %v; want %s", x.name, got, err, x.rule)
		}
	}
	l, _ := label.US().FromMarking(m, made, made)
	if got, err := label.US().ToMarking(nil, l); !got.IsZero() || err == nil {
		t.Error("no policy")
	}
	// Without regard to case, in any order, of one tag twice.
	l.Information.Policy.Text = "us"
	l.Information.Classification.Text = "Secret"
	l.Information.Categories[0].TagName = "DISSEMINATION"
	c := l.Information.Categories[1]
	l.Information.Categories = append([]label.Category{
		{TagName: c.TagName, Type: c.Type, Values: c.Values[1:]}, {TagName: c.TagName, Type: c.Type, Values: c.Values[:1]},
	}, l.Information.Categories[0])
	if got, err := label.US().ToMarking(us, l); err == nil && got != m {
		t.Errorf("%v, %v", got, err)
	}
}

// TestNATOByPolicy: what the mapping makes of marks is what NATO's published
// policy file makes of the same labels.
func TestNATOByPolicy(t *testing.T) {
	const name = "../../../shared/data/markings/spif/nato-4774-policy.xml"
	if _, err := os.Stat(name); err != nil {
		t.Skip("the published test data are not here")
	}
	p, err := spif.Read(file(t, name))
	if err != nil {
		t.Fatal(err)
	}
	nato := policy(t, "nato")
	for mark, want := range map[string]string{
		"NATO UNCLASSIFIED":                                   "NATO UNCLASSIFIED",
		"NATO RESTRICTED RELEASABLE TO JPN, CHE, UKR":         "NATO RESTRICTED Releasable to Japan, Switzerland, Ukraine",
		"NATO/KFOR CONFIDENTIAL IRL, SWE, UKR, NATO ONLY":     "NATO/KFOR CONFIDENTIAL Ireland, Sweden, Ukraine, NATO ONLY",
		"NATO UNCLASSIFIED - STAFF":                           "NATO UNCLASSIFIED - STAFF",
		"NATO SECRET ATOMAL CRYPTO RELEASABLE TO USA - STAFF": "NATO SECRET ATOMAL CRYPTO Releasable to United States of America - STAFF",
		"COSMIC TOP SECRET BOHEMIA":                           "COSMIC TOP SECRET BOHEMIA",
	} {
		m, err := nato.Parse(mark)
		if err != nil {
			t.Errorf("%s: %v", mark, err)
			continue
		}
		l, err := label.NATO().FromMarking(m, made, made)
		if err != nil {
			t.Errorf("%s: %v", mark, err)
			continue
		}
		s, err := label.ToSPIF(l, p)
		if err != nil {
			t.Errorf("%s: %v", mark, err)
			continue
		}
		if got, err := p.Marking(s, ""); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", mark, got, err, want)
		}
	}
	// What a NATO label must have, and a mark does not write.
	m, _ := nato.Parse("NATO RESTRICTED RELEASABLE TO JPN")
	for i := range 2 {
		l, err := label.NATO().FromMarking(m, made, made)
		if err != nil {
			t.Fatal(err)
		}
		l.Information.Categories[i].Values = l.Information.Categories[i].Values[1:]
		if got, err := label.NATO().ToMarking(nato, l); !got.IsZero() || !slices.Contains(rules(err), "label.equivalent") {
			t.Errorf("without NATO: %v, %v", got, err)
		}
	}
}
