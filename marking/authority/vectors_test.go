package authority_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline/marking/authority"
)

var attribute = regexp.MustCompile(`(\w+)="([^"]*)"`)

// attributes reads an attribute string of the published table.
func attributes(s string) authority.Attributes {
	v := map[string]string{}
	for _, m := range attribute.FindAllStringSubmatch(s, -1) {
		v[m[1]] = m[2]
	}
	return authority.Attributes{
		ClassifiedBy: v["classifiedBy"], DerivativelyClassifiedBy: v["derivativelyClassifiedBy"],
		ClassificationReason: v["classificationReason"], DerivedFrom: v["derivedFrom"],
		DeclassDate: v["declassDate"], DeclassEvent: v["declassEvent"], DeclassException: v["declassException"],
		Classification: v["classification"], AtomicEnergyMarkings: v["atomicEnergyMarkings"], SCIControls: v["SCIcontrols"],
		SARIdentifier: v["SARIdentifier"], FGISourceOpen: v["FGIsourceOpen"], FGISourceProtected: v["FGIsourceProtected"],
		NonICMarkings: v["nonICmarkings"], DisseminationControls: v["disseminationControls"],
		ReleasableTo: v["releasableTo"], DisplayOnlyTo: v["displayOnlyTo"],
		CUIBasic: v["cuiBasic"], CUISpecified: v["cuiSpecified"], CUIControlledBy: v["cuiControlledBy"],
		CUIControlledByOffice: v["cuiControlledByOffice"], CUIDecontrolDate: v["cuiDecontrolDate"],
		CUIDecontrolEvent: v["cuiDecontrolEvent"], CUIPOC: v["cuiPOC"],
	}
}

// The lines of ODNI's stylesheets; "|" parts them in the table.
func TestPublishedLines(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "markings", "odni_xspec_render.tsv"))
	if err != nil {
		t.Skip("the published table is not at hand")
	}
	rows := 0
	for line := range strings.SplitSeq(string(data), "\n") {
		row := strings.Split(line, "\t")
		if len(row) < 7 || row[0] != "ism:authority" {
			continue
		}
		rows++
		style := authority.StyleISOO
		if strings.Contains(row[4], "DODStyle") {
			style = authority.StyleDoD
		}
		got := strings.Join(attributes(row[1]).Lines(style), "|")
		if diff := cmp.Diff(row[2], got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row[6], diff)
		}
	}
	if rows != 64 {
		t.Errorf("the table has %d blocks, want 64", rows)
	}
}
