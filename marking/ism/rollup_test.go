package ism_test

import (
	"slices"
	"strings"
	"testing"

	"tearline/marking"
	"tearline/marking/ism"
)

// What the published roll-ups come to, of those that pass in ODNI's own run.
// They differ where a portion is no mark, for what is wrong grants nothing and
// has no banner, and where the Manual says otherwise.
func TestPublishedRollUps(t *testing.T) {
	manual := map[string]string{
		"AEARollup Ensure AEA U marks drop in classified doc.": "SECRET//NOFORN", // CAPCO 2016 §H.6 UCNI: it forces NOFORN
		"NonICRollup Drop SBU-NF classified doc.":              "SECRET//NOFORN", // CAPCO 2016 §H.9 SBU: not in classified banners
	}
	for _, id := range []string{"us", "us@ism-2022"} {
		p, _ := marking.Lookup(id)
		got := map[string]int{}
		for _, row := range shared(t, "odni_xspec_rollup.tsv") {
			if row["asserts_failed"] != "0" {
				continue
			}
			var portions []ism.Attributes
			var dates []string
			for part := range strings.SplitSeq(row["portions"], " || ") {
				portions = append(portions, parse(t, part))
				dates = append(dates, "2020-06-01")
			}
			want := parse(t, row["rollup"]).Banner()
			rolled, err := ism.RollUp(p, portions, dates...)
			switch {
			case err != nil:
				got["invalid portion"]++
				if !slices.ContainsFunc(portions, func(a ism.Attributes) bool { _, err := a.MarkingUnder(p); return err != nil }) {
					t.Errorf("%s: %v", row["scenario"], err)
				}
			case rolled.Banner.Banner() == want:
				got["equal"]++
			case rolled.Banner.Banner() == manual[row["scenario"]]:
				got["manual"]++
			default:
				t.Errorf("%s: %v, want %s", row["scenario"], rolled.Banner, want)
			}
		}
		if got["equal"] != 71 || got["manual"] != 2 || got["invalid portion"] != 17 {
			t.Errorf("%s: %v", id, got)
		}
	}
}

func TestRollUp(t *testing.T) {
	p, _ := marking.Lookup("us")
	nf := parse(t, `classification="TS" ownerProducer="USA" disseminationControls="NF" excludeFromRollup="true"`)
	s := parse(t, `classification="S" ownerProducer="USA" disseminationControls="REL" releasableTo="USA GBR"`)
	rolled, err := ism.RollUp(p, []ism.Attributes{nf, s}, "", "2020-01-01")
	if err != nil || rolled.Banner.Banner() != "SECRET//REL TO USA, GBR" {
		t.Errorf("%v, %v", rolled.Banner, err)
	}
	for _, w := range rolled.Why {
		if !slices.Equal(w.Portions, []int{1}) {
			t.Errorf("%+v: want portion 1", w)
		}
	}
	if rolled, err := ism.RollUp(p, []ism.Attributes{s, nil}); err == nil || !rolled.Banner.IsZero() {
		t.Errorf("%v, %v: want a fault of portion 1", rolled.Banner, err)
	}
}
