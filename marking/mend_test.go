package marking_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tearline/marking"
)

func TestMend(t *testing.T) {
	for _, test := range []struct{ policy, in, want, left string }{
		{"us", "secret//noforn", "SECRET//NOFORN", ""},
		{"us", "(s//nf/nf)", "(S//NF)", ""},
		{"us", "S////NF", "S//NF", ""},
		{"us", "S//NF/", "S//NF", ""},
		{"us", "S//SI/NF", "S//SI//NF", ""},
		{"us", "S//NF//SI//OC", "S//SI//OC/NF", ""},
		{"us", "S//REL TO GBR, USA", "S//REL TO USA, GBR", ""},
		{"us", "S//REL TO GBR", "S//REL TO USA, GBR", ""},
		{"us", "C//FOUO/NF", "C//NF", ""},
		{"us", "U//FOUO/PR", "U//PR", ""},
		{"us", "TS//SI-G//NF", "TS//SI-G//OC/NF", ""},
		{"us", "S//HCS-P", "S//HCS-P//NF", ""},
		{"us", "S//NF/REL TO USA, GBR", "", "ISM-ID-00033"},
		{"us", "S//SI-G//OC/NF", "", "ISM-ID-00044"},
		{"us", "S//HCS-P//REL TO USA, GBR", "", "ISM-ID-00049"},
		{"us", "S//NFORN", "", "form.token"},
		{"us", "S//REL TO USA", "", "ISM-ID-00319"},
		{"acme", "internal//deal-falcon", "CONFIDENTIAL//DEAL-FALCON", ""},
		{"uk", "SECRET-SENSITIVE", "SECRET", ""},
		{"tlp", "TLP:RED", "TLP:RED", ""},
	} {
		got := policy(t, test.policy).Mend(test.in)
		var left []string
		for _, f := range got.Left {
			left = append(left, f.Rule)
		}
		if got.Text != test.want || !strings.Contains(strings.Join(left, " "), test.left) || (test.left == "") != (got.Left == nil) {
			t.Errorf("%q: %q, left %v; want %q, %q", test.in, got.Text, got.Left, test.want, test.left)
		}
		if got.Marking.IsZero() != (got.Text == "") {
			t.Errorf("%q: %+v", test.in, got)
		}
	}
}

// Mending admits nobody whom the mark as it was written would not: what is
// mended is at least as strict as what could be read of it.
func TestMendingNeverReleases(t *testing.T) {
	us := policy(t, "us")
	words := []string{"//", "/", "NF", "OC", "FOUO", "REL TO USA, GBR", "REL TO GBR", "SI", "SI-G", "HCS-P", "RELIDO", "PR", "nf", "SBU", "XD", "DISPLAY ONLY AFG"}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom([]string{"U", "C", "S", "TS"}).Draw(t, "level") + "//" + strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 6).Draw(t, "words"), "/")
		got := us.Mend(s)
		if got.Marking.IsZero() {
			return
		}
		if again, err := us.Parse(got.Text); err != nil || again != got.Marking {
			t.Fatalf("%q is mended to %q, which is %v, %v", s, got.Text, again, err)
		}
		if strings.Contains(strings.ToUpper(s), "NF") && !got.Marking.NoForeign() {
			t.Fatalf("%q is mended to %q", s, got.Text)
		}
		for _, code := range []string{"GBR", "AFG", "FRA"} {
			if got.Marking.Names(code) && !strings.Contains(s, code) {
				t.Fatalf("%q is mended to %q: it names %s", s, got.Text, code)
			}
		}
	})
}

func TestLint(t *testing.T) {
	for _, test := range []struct{ policy, in, want string }{
		{"us", "SECRET//NOFORN", ""},
		{"us", "SECRET//NF", "form form.portion"},
		{"us", "(S//NF/OC)", "form form.order"},
		{"us", "(S)", "advice ISM-ID-00119"},
		{"us", "SECRET//FGI NATO//NOFORN", "advice ISM-ID-00523"},
		{"us", "S//NFORN", "error form.token"},
		{"nato", "NATO SECRET ATOMAL - STAFF", ""},
		{"nato", "nato secret  atomal -STAFF", "form form.order"},
		{"nato", "NATO SECRET INTELLIGENCE", "advice nato.obsolete"},
		{"tlp", "tlp: red", "form form.order"},
	} {
		var got []string
		for _, f := range policy(t, test.policy).Lint(test.in) {
			got = append(got, f.Severity.String()+" "+f.Rule)
			if f.Offset < 0 || f.Offset+f.Length > len(test.in) || f.Text == "" {
				t.Errorf("%q: %+v", test.in, f)
			}
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%q: %v, want %q", test.in, got, test.want)
		}
	}
}

func TestParseUnder(t *testing.T) {
	us := policy(t, "us")
	for _, test := range []struct{ banner, in, want string }{
		{"SECRET//REL TO USA, GBR", "(S//REL)", "(S//REL TO USA, GBR)"},
		{"SECRET//REL TO USA, GBR", "(S//NF)", "(S//NF)"},
		{"SECRET//NOFORN", "(S//REL)", ""},
		{"//JOINT SECRET GBR USA//REL TO USA, GBR", "(//JOINT S//REL)", "(//JOINT S GBR USA//REL TO USA, GBR)"},
		{"SECRET//REL TO USA, GBR", "(//JOINT S//REL)", ""},
	} {
		m, err := us.ParseUnder(test.in, must(t, us, test.banner))
		if m.Portion() != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%s under %s: %v, %v; want %s", test.in, test.banner, m.Portion(), err, test.want)
		}
	}
	if _, err := us.ParseUnder("(S//REL)", marking.Marking{}); err == nil {
		t.Error("REL is read without a banner")
	}
	if c := us.Check("SECRET//REL TO USA, GBR", []marking.Written{{Mark: "(S//REL)"}, {Mark: "(C//REL TO USA, GBR)"}}); !c.OK() {
		t.Errorf("%v, %v", c.Faults, c.Portions)
	}
}
