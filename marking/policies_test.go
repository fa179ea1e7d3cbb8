package marking_test

import (
	"slices"
	"strings"
	"testing"
)

// The banners of the other policies, each by the rules of its own file.
func TestRollUpsOfEveryPolicy(t *testing.T) {
	for _, test := range []struct{ policy, portions, want string }{
		{"nato", "(NS) ; (NR REL TO JPN)", "NATO SECRET"},
		{"nato", "(NR REL TO JPN, UKR) ; (NU REL TO JPN)", "NATO RESTRICTED RELEASABLE TO JPN"},
		{"nato", "(NU) ; (NR REL TO JPN)", "NATO RESTRICTED"},
		{"nato", "(NS) ; (NC DEU, FRA ONLY)", "NATO SECRET DEU, FRA ONLY"},
		{"nato", "(NC IRL, SWE, NATO ONLY) ; (NC SWE, UKR, NATO ONLY)", "NATO CONFIDENTIAL RELEASABLE TO SWE"},
		{"nato", "(NC DEU ONLY) ; (NC FRA ONLY)", "rollup.nobody"},
		{"nato", "(NC ATOMAL) ; (CTS BOHEMIA) ; (NU - STAFF)", "COSMIC TOP SECRET ATOMAL BOHEMIA - STAFF"},
		{"nato", "(NC/KFOR) ; (NS/EAPC)", "NATO/EAPC/KFOR SECRET"},
		{"nato", "(NC/KFOR) ; (CTS)", "COSMIC TOP SECRET"},
		{"uk", "(O-SENSITIVE COMMERCIAL) ; (O)", "OFFICIAL-SENSITIVE COMMERCIAL"},
		{"uk", "(O-SENSITIVE COMMERCIAL) ; (S)", "SECRET"},
		{"uk", "(S - UK / US / NATO EYES ONLY) ; (TS - UK / US EYES ONLY)", "TOP SECRET - UK / US EYES ONLY"},
		{"uk", "(S - UK / CAN EYES ONLY) ; (S - UK / US EYES ONLY)", "SECRET - UK EYES ONLY"},
		{"uk", "(S) ; (S - UK / US EYES ONLY)", "SECRET - UK EYES ONLY"},
		{"eu", "(R-UE/EU-R REL TO CHE) ; (C-UE/EU-C REL TO CHE, NOR)", "CONFIDENTIEL UE/EU CONFIDENTIAL RELEASABLE TO CHE"}, //nolint:misspell // it is French
		{"eu", "(EU-U LIMITE) ; (R-UE/EU-R)", "RESTREINT UE/EU RESTRICTED"},
		{"de", "(VS-NFD) ; (GEH.) ; (OFFEN)", "GEHEIM"},
		{"fr", "(DR) ; (S - SF)", "SECRET - SPECIAL FRANCE"},
		{"pap", "PAP:GREEN ; PAP:RED ; PAP:CLEAR", "PAP:RED"},
		{"acme", "(C//DEAL-FALCON//FOR ADVISERS) ; (I//FOR BANK-A, COUNSEL)", "CONFIDENTIAL//DEAL-FALCON//FOR BANK-A, COUNSEL"},
		{"acme", "(I//NO PARTNERS) ; (I//FOR BANK-A)", "INTERNAL//NO PARTNERS"},
		{"acme", "(P) ; (I//FOR BANK-A)", "INTERNAL//FOR BANK-A"},
		{"acme", "(I) ; (I//FOR BANK-A)", "INTERNAL//NO PARTNERS"},
		{"us@ism-2022", "(CUI//LEI) ; (CUI//SP-CVI)", "CUI//SP-CVI/LEI"},
		{"us@ism-2022", "(CUI//LEI) ; (S//NF)", "SECRET//CUI//LEI//NOFORN"},
		{"us@dod", "(S//FRD-SG 5//NF) ; (S//RD-SG 14//NF)", "SECRET//RD-SIGMA 5 14//NOFORN"},
		{"us@dod", "(S//ACCM-OWL//NF) ; (S//DS/ACCM-FALCON//NF)", "SECRET//NOFORN//LIMDIS/ACCM-FALCON/OWL"},
	} {
		p := policy(t, test.policy)
		rolled, err := rollUp(t, p, test.portions)
		got := rolled.Banner.Banner()
		if err != nil {
			got = strings.Join(ruleIDs(t, err), " ")
		}
		if got != test.want {
			t.Errorf("%s: %s: %s, %v; want %s", test.policy, test.portions, got, err, test.want)
		}
	}
}

// Whom the marks of the other policies are for.
func TestReleasableOfEveryPolicy(t *testing.T) {
	for _, test := range []struct {
		policy, mark  string
		keep, nobody  string // codes
		silent, names bool   // names: the list names those of keep
	}{
		{"nato", "NATO SECRET", "DEU FRA NATO USA", "JPN RUS", false, true},
		{"nato", "NATO RESTRICTED RELEASABLE TO JPN", "JPN DEU NATO", "CHE", false, true},
		{"nato", "NATO CONFIDENTIAL IRL, DEU ONLY", "IRL DEU", "FRA NATO", false, true},
		{"uk", "SECRET", "GBR", "USA FRA", true, false},
		{"uk", "SECRET - UK / US EYES ONLY", "GBR USA", "FRA CAN", false, true},
		{"uk", "SECRET - UK EYES ONLY", "GBR", "USA FRA", false, true},
		{"eu", "EU SECRET", "DEU FRA EU", "CHE USA", false, true},
		{"eu", "EU RESTRICTED REL TO CHE", "CHE DEU EU", "USA", false, true},
		{"de", "GEHEIM", "", "FRA USA", true, false},
		{"fr", "SECRET - SPECIAL FRANCE", "FRA", "DEU USA", false, false},
		{"fr", "SECRET", "FRA", "DEU USA", true, false},
		{"pap", "PAP:CLEAR", "", "", true, false},
		{"tlp", "TLP:RED", "", "", true, false},
		{"acme", "PUBLIC", "BANK-A COUNSEL ADVISERS", "", false, false},
		{"acme", "INTERNAL//FOR ADVISERS", "BANK-A BANK-B COUNSEL ADVISERS", "", false, true},
		{"acme", "INTERNAL//NO PARTNERS", "", "BANK-A", false, false},
	} {
		m := must(t, policy(t, test.policy), test.mark)
		keep, see, silent := m.Releasable()
		for code := range strings.FieldsSeq(test.keep) {
			if !slices.Contains(keep, code) {
				t.Errorf("%s: not for %s, but for %v", test.mark, code, keep)
			}
			if test.names && !m.Names(code) {
				t.Errorf("%s: does not name %s", test.mark, code)
			}
		}
		for code := range strings.FieldsSeq(test.nobody) {
			if slices.Contains(keep, code) || slices.Contains(see, code) || m.Names(code) {
				t.Errorf("%s: for %s", test.mark, code)
			}
		}
		if silent != test.silent || m.Open() != (test.mark == "PUBLIC") {
			t.Errorf("%s: silent %v, open %v", test.mark, silent, m.Open())
		}
	}
	for mark, want := range map[string]string{"NATO SECRET": "NATO", "NATO RESTRICTED RELEASABLE TO JPN": "JPN NATO", "NATO SECRET IRL ONLY": "IRL"} {
		if list, ok := must(t, policy(t, "nato"), mark).ReleasedTo(); !ok || strings.Join(list, " ") != want {
			t.Errorf("%s: %v, %v", mark, list, ok)
		}
	}
	for mark, want := range map[string]bool{"SECRET - UK EYES ONLY": true, "SECRET": false, "SECRET - UK / US EYES ONLY": false} {
		if got := must(t, policy(t, "uk"), mark).NoForeign(); got != want {
			t.Errorf("%s: no foreign %v", mark, got)
		}
	}
}
