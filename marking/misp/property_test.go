package misp_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tearline/marking"
	"tearline/marking/misp"
)

var vocabulary = []string{
	"tlp:red", "tlp:amber", "tlp:green", "tlp:clear", "tlp:white", "tlp:ex:chr", "PAP:RED", `nato:classification="NS"`, `de-vs:Einstufung="GEHEIM"`,
	`dni-ism:classification:us="S"`, `dni-ism:classification:us="U"`, `dni-ism:dissem="NF"`, `dni-ism:dissem="OC"`, `dni-ism:dissem="RELIDO"`, `dni-ism:nonic="LES"`,
	`acs-marking:classification="S"`, `acs-marking:formal_determination="NF"`, `x:y="z"`, "a free word",
}

func drawTags(t *rapid.T) []string {
	return rapid.SliceOfN(rapid.SampledFrom(vocabulary), 0, 5).Draw(t, "tags")
}

// A set keeps its tags, whatever they are, and a machine tag is written as it
// was read.
func TestTagsSurvive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.OneOf(rapid.SampledFrom(vocabulary), rapid.String(), rapid.StringMatching(`[a-zA-Z:="]{0,12}`))
		list := rapid.SliceOfN(word, 0, 6).Draw(t, "tags")
		s, err := misp.Read(list)
		if err != nil {
			t.Skip("not UTF-8")
		}
		if !slices.Equal(s.Tags(), list) {
			t.Fatalf("%q became %q", list, s.Tags())
		}
		for _, raw := range list {
			if tag, err := misp.ParseTag(raw); err == nil {
				again, err := misp.ParseTag(tag.String())
				if tag.String() != raw || err != nil || again != tag {
					t.Fatalf("%q became %q", raw, tag)
				}
			}
		}
	})
}

// The order of tags, and one that is there twice, make no difference.
func TestOrderIsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := drawTags(t)
		other := rapid.Permutation(list).Draw(t, "order")
		if len(list) > 0 {
			other = append(other, rapid.SampledFrom(list).Draw(t, "again"))
		}
		a, errA := markings(t, list)
		b, errB := markings(t, other)
		if (errA == nil) != (errB == nil) || len(a) != len(b) {
			t.Fatalf("%v %v, %v %v", a, errA, b, errB)
		}
		for policy, m := range a {
			if !m.Equal(b[policy]) {
				t.Fatalf("%s and %s", m, b[policy])
			}
		}
	})
}

func markings(t *rapid.T, list []string) (map[string]marking.Marking, error) {
	t.Helper()
	s, err := misp.Read(list)
	if err != nil {
		t.Fatal(err)
	}
	return s.Markings()
}

// Whatever is added of a marking taxonomy that is not known takes all markings
// away; and no known tag makes a marking looser. RELIDO is left out: a mark
// without it counts as NOFORN where nobody knows its date.
func TestUnknownNeverGrants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := drawTags(t)
		namespace := rapid.SampledFrom([]string{"tlp", "TLP", "PAP", "Pap", "nato", "de-vs", "fr-classif", "dni-ism", "acs-marking", "ais-marking", "iep"}).Draw(t, "namespace")
		odd := namespace + ":" + rapid.StringMatching(`x[a-z]{0,6}(="[A-Z]{1,3}")?`).Draw(t, "rest")
		if got, err := markings(t, append(slices.Clone(list), odd)); err == nil || len(got) > 0 {
			t.Fatalf("%q beside %q: %v", odd, list, got)
		}
		before, err := markings(t, list)
		if err != nil {
			return
		}
		more := append(slices.Clone(list), rapid.SampledFrom(vocabulary).Draw(t, "more"))
		if strings.Contains(more[len(more)-1], "RELIDO") {
			return
		}
		after, err := markings(t, more)
		if err != nil {
			return
		}
		for policy, m := range before {
			if !after[policy].Dominates(m) {
				t.Fatalf("%q: %s became %s", more, m, after[policy])
			}
		}
	})
}

// Marks that tags can say come back as they were.
func TestFromMarkingRoundTrip(t *testing.T) {
	said := 0
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom([]string{"U", "C", "S", "TS"}).Draw(t, "level")
		for _, category := range [][]string{
			{"", "SI", "TK", "SI/TK", "SI-G", "HCS-P", "HCS-O/SI", "RSV"},
			{"", "RD", "RD-CNWDI", "FRD", "DCNI", "UCNI", "TFNI"},
			{"", "NF", "OC/NF", "OC-USGOV/NF", "RELIDO", "RS/NF", "IMC/NF/FISA", "PR/NF", "FOUO", "DSEN/NF"},
			{"", "LES", "SSI", "DS", "XD", "ND", "SBU", "SBU-NF", "LES-NF"},
		} {
			if c := rapid.SampledFrom(category).Draw(t, "category"); c != "" {
				line += "//" + c
			}
		}
		m, err := marking.Parse(line)
		if err != nil || strings.Contains(line, "RSV") {
			return
		}
		list, err := misp.FromMarking(m)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		said++
		if back, err := markings(t, list); err != nil || len(back) != 1 || !back["us"].Equal(m) {
			t.Fatalf("%s: back as %v, %v", line, back, err)
		}
	})
	if said == 0 {
		t.Error("no mark was said")
	}
}
