package marking_test

import (
	"testing"

	"tearline/marking"
)

// FuzzParse: whatever is read is written and read again as the same marking;
// whatever is not has faults at places in it.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"TOP SECRET//SI//NOFORN", "(S//REL TO USA, GBR)", "TS//123/SI-G ABCD DEFG-MMM AACD//OC/NF", "//GBR S//REL TO USA, GBR", "//NKFORS",
		"//JOINT S GBR USA", "S//USA/GBR EYES ONLY", "S//SAR-BUTTER POPCORN-J12 J54/CD//NF", "S//RD-CNWDI-SG 14 20//NF", "S//FGI GBR NATO",
		"S//REL TO USA, GBR/DISPLAY ONLY AFG", "U//LES-NF/SBU-NF", "TLP:RED", "(tlp:amber+strict)", "//", "()", "S//-", "S//SI-G--", "S///NF", "//FGI S//FGI",
	} {
		f.Add(s)
	}
	var policies []*marking.Policy
	for _, id := range marking.Policies() {
		policies = append(policies, policy(f, id))
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, p := range policies {
			m, _, err := p.ParseForm(s)
			if err != nil {
				checkFaults(t, s, m, err)
				continue
			}
			for _, form := range []string{m.Portion(), m.Banner()} {
				if again, err := p.Parse(form); err != nil || again != m {
					t.Fatalf("%q is %q, which is %v, %v", s, form, again, err)
				}
			}
			_, _, _, _ = m.Fields(), m.Compartments(), m.Advice(), m.Owner()
			if rolled, err := p.RollUp([]marking.Dated{{Marking: m}}); err == nil {
				if again, err := p.Parse(rolled.Banner.Banner()); err != nil || again != rolled.Banner {
					t.Fatalf("%q has banner %v, which is %v, %v", s, rolled.Banner, again, err)
				}
			}
		}
	})
}

func checkFaults(t *testing.T, s string, m marking.Marking, err error) {
	t.Helper()
	if !m.IsZero() {
		t.Fatalf("%q: %v and %v", s, m, err)
	}
	faults, ok := err.(marking.Faults) //nolint:errorlint // the error itself is promised to be a list of faults
	if !ok || len(faults) == 0 || len(faults) > marking.MaxFaults {
		t.Fatalf("%q: %T of %d", s, err, len(faults))
	}
	for _, x := range faults {
		if x.Offset < 0 || x.Length < 0 || x.Offset+x.Length > len(s) || x.Text == "" || x.Rule == "" {
			t.Fatalf("%q: %+v", s, x)
		}
	}
}
