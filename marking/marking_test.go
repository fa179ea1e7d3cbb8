package marking_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline/marking"
)

// The zero marking is for nobody.
func TestZeroMarkingIsForNobody(t *testing.T) {
	var m marking.Marking
	us := policy(t, "us")
	_, list := m.ReleaseList()
	_, display := m.DisplayList()
	switch {
	case !m.IsZero(), m.Open(), list, display, m.Names("USA"):
		t.Error("the zero marking admits somebody")
	case !m.NoForeign(), !m.OriginatorControlled(), m.Audience() != marking.AudienceOriginator:
		t.Error("the zero marking is not the strictest")
	case m.Dominates(us.Lowest()), us.Lowest().Dominates(m), m.Dominates(m):
		t.Error("the zero marking is compared")
	case m.Policy() != nil, m.Portion() != "", m.Banner() != "", m.Compartments() != nil, m.Owner() != nil, m.Fields() != nil, m.Advice() != nil:
		t.Error("the zero marking says something")
	}
	for _, l := range us.Levels() {
		if m.Level().Rank <= l.Rank {
			t.Errorf("the zero marking is not above %s", l.Name)
		}
	}
	if with, err := m.WithRelease("GBR"); err == nil || !with.IsZero() {
		t.Errorf("released: %v", with)
	}
}

func TestPredicates(t *testing.T) {
	type facts struct {
		Level        string
		Open, NF, OC bool
		List         []string
		Display      []string
		Owner        []string
		Compartments []string
		Audience     string
	}
	nation := marking.AudienceNation.String()
	for _, test := range []struct {
		policy, mark string
		want         facts
	}{
		{"us", "U", facts{Level: "UNCLASSIFIED", Open: true, Audience: nation}},
		{"us", "U//FOUO", facts{Level: "UNCLASSIFIED", Audience: nation}},
		{"us", "//JPN U", facts{Level: "UNCLASSIFIED", Owner: []string{"JPN"}, Audience: nation}},
		{"us", "S//OC/NF", facts{Level: "SECRET", NF: true, OC: true, Audience: nation}},
		{"us", "S//OC-USGOV/REL TO USA, NATO, GBR", facts{Level: "SECRET", OC: true, List: []string{"USA", "GBR", "NATO"}, Audience: nation}},
		{"us", "U//LES-NF", facts{Level: "UNCLASSIFIED", NF: true, Audience: nation}},
		{"us", "S//USA/AUS/GBR EYES ONLY", facts{Level: "SECRET", List: []string{"USA", "AUS", "GBR"}, Audience: nation}},
		{"us", "S//REL TO USA, GBR/DISPLAY ONLY AFG", facts{Level: "SECRET", List: []string{"USA", "GBR"}, Display: []string{"AFG"}, Audience: nation}},
		{"us", "S//RELIDO", facts{Level: "SECRET", Audience: nation}},
		{"us", "//JOINT S AUS GBR USA", facts{Level: "SECRET", List: []string{"USA", "AUS", "GBR"}, Owner: []string{"AUS", "GBR", "USA"}, Audience: nation}},
		{"us", "//JOINT S GBR USA//REL TO USA, FVEY", facts{Level: "SECRET", List: []string{"USA", "FVEY"}, Owner: []string{"GBR", "USA"}, Audience: nation}},
		{"us", "//FGI S", facts{Level: "SECRET", Owner: []string{"FGI"}, Audience: nation}},
		{"us", "//CTS//ATOMAL", facts{Level: "TOP SECRET", Owner: []string{"NATO"}, Compartments: []string{"ATOMAL"}, Audience: nation}},
		{
			"us", "TS//SI-G ABCD/TK/HCS-P//SAR-BP-J12//RD-SG 14//OC/NF",
			facts{
				Level: "TOP SECRET", NF: true, OC: true, Audience: nation,
				Compartments: []string{"HCS-P", "SI", "SI-G", "SI-G ABCD", "TK", "SAR-BP", "SAR-BP-J12", "RD", "RD-SIGMA 14"},
			},
		},
		{"us", "TS//HCS//NF", facts{Level: "TOP SECRET", NF: true, Compartments: []string{"HCS"}, Audience: nation}},
		{"tlp", "TLP:CLEAR", facts{Level: "TLP:CLEAR", Open: true, Audience: "everyone"}},
		{"tlp", "TLP:GREEN", facts{Level: "TLP:GREEN", Audience: "community"}},
		{"tlp", "TLP:AMBER", facts{Level: "TLP:AMBER", Audience: "originator"}},
		{"tlp", "TLP:AMBER+STRICT", facts{Level: "TLP:AMBER+STRICT", Audience: "originator"}},
		{"tlp", "TLP:RED", facts{Level: "TLP:RED", Audience: "originator"}},
	} {
		m := must(t, policy(t, test.policy), test.mark)
		list, _ := m.ReleaseList()
		display, _ := m.DisplayList()
		got := facts{
			Level: m.Level().Name, Open: m.Open(), NF: m.NoForeign(), OC: m.OriginatorControlled(), List: list, Display: display,
			Owner: m.Owner(), Compartments: m.Compartments(), Audience: m.Audience().String(),
		}
		if d := cmp.Diff(test.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", test.mark, d)
		}
	}
}

func TestRanks(t *testing.T) {
	us := policy(t, "us")
	var ranks []int
	for _, name := range []string{"U", "RESTRICTED", "C", "secret", "TOP SECRET"} {
		l, ok := us.Level(name)
		if !ok {
			t.Fatalf("no level %q", name)
		}
		ranks = append(ranks, l.Rank)
	}
	if !slices.IsSorted(ranks) || len(slices.Compact(ranks)) != 5 {
		t.Errorf("ranks %v", ranks)
	}
	if _, ok := us.Level("TLP:RED"); ok {
		t.Error("TLP:RED is a level of us")
	}
	if l, ok := policy(t, "tlp").Level("amber+strict"); !ok || l.Name != "TLP:AMBER+STRICT" {
		t.Errorf("%v, %v", l, ok)
	}
	if r := must(t, us, "//GBR R").Level(); r.Rank <= us.Lowest().Level().Rank || r.Rank >= must(t, us, "C").Level().Rank {
		t.Errorf("RESTRICTED has rank %d", r.Rank)
	}
}

func TestNames(t *testing.T) {
	us := policy(t, "us")
	for _, test := range []struct {
		mark, code string
		want       bool
	}{
		{"S//REL TO USA, FVEY", "GBR", true},
		{"S//REL TO USA, FVEY", "FVEY", true},
		{"S//REL TO USA, FVEY", "USA", true},
		{"S//REL TO USA, FVEY", "DEU", false},
		{"S//REL TO USA, FVEY", "ACGU", false}, // all its members are named, it is not
		{"S//REL TO USA, NATO", "DEU", true},
		{"S//REL TO USA, EU", "DEU", false}, // no list of its members is published
		{"S//REL TO USA, GBR", "CERT-FR", false},
		{"S//DISPLAY ONLY AFG", "AFG", false},
		{"S//NF", "USA", false},
		{"//JOINT S GBR USA", "GBR", true},
	} {
		if got := must(t, us, test.mark).Names(test.code); got != test.want {
			t.Errorf("%s names %s: %v", test.mark, test.code, got)
		}
	}
}

func TestWithRelease(t *testing.T) {
	us := policy(t, "us")
	for _, test := range []struct {
		policy, mark, codes, want, rules string
	}{
		{"us", "S", "GBR", "SECRET//REL TO USA, GBR", ""},
		{"us", "S//REL TO USA, GBR", "NATO AUS USA", "SECRET//REL TO USA, AUS, GBR, NATO", ""},
		{"us", "S//USA/GBR EYES ONLY", "AUS", "SECRET//USA/AUS/GBR EYES ONLY", ""},
		{"us", "S//USA/GBR EYES ONLY", "DEU", "SECRET//REL TO USA, DEU, GBR", ""},
		{"us", "S//REL TO USA, GBR/DISPLAY ONLY AFG", "AFG", "SECRET//REL TO USA, AFG, GBR", ""},
		{"us", "//JOINT S GBR USA", "AUS", "//JOINT SECRET GBR USA//REL TO USA, AUS, GBR", ""},
		{"us", "//GBR S", "DEU", "//GBR SECRET//REL TO USA, DEU", ""},
		{"us", "S", "USA", "SECRET", ""},
		{"us", "S//NF", "GBR", "", "form.release"},
		{"us", "S//RELIDO", "GBR", "", "form.release"},
		{"us", "U//LES-NF", "GBR", "", "ISM-ID-00372"},
		{"us", "S", "CERT-FR XXQ", "", "form.code form.code"},
		{"tlp", "TLP:RED", "GBR", "", "form.release"},
	} {
		m, err := must(t, policy(t, test.policy), test.mark).WithRelease(strings.Fields(test.codes)...)
		if got := strings.Join(ruleIDs(t, err), " "); m.Banner() != test.want || got != test.rules {
			t.Errorf("%s with %s: %v, %q; want %s, %q", test.mark, test.codes, m, got, test.want, test.rules)
		}
	}
	if got := us.Members("FVEY"); !slices.Equal(got, []string{"AUS", "CAN", "GBR", "NZL", "USA"}) {
		t.Errorf("FVEY has %v", got)
	}
	for _, code := range []string{"GBR", "EU", "XXQ", ""} {
		if got := us.Members(code); got != nil {
			t.Errorf("%q has %v", code, got)
		}
	}
}

func TestDominates(t *testing.T) {
	us := policy(t, "us")
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"S//NF", "U", true},
		{"S//NF", "C//REL TO USA, GBR", true},
		{"S//REL TO USA, GBR", "C//REL TO USA, FVEY", true},
		{"S//REL TO USA, FVEY", "C//REL TO USA, GBR", false},
		{"S//REL TO USA, FVEY", "S//REL TO USA, AUS, CAN, GBR, NZL", false}, // equal sets, and another text
		{"TS//SI/TK//NF", "S//SI//NF", true},
		{"TS//SI//NF", "S//TK//NF", false},
		{"S//OC/NF", "S//OC-USGOV/NF", true},
		{"S//OC-USGOV/NF", "S//OC/NF", false},
		{"S//FGI GBR//NF", "//GBR S", true},
		{"S//NF", "//GBR S", false},
		{"S//FGI//NF", "//GBR S//NF", true},
		{"//GBR S", "//GBR S", true},
		{"S//NF", "U//FOUO", true},
		{"C//NF", "S//NF", false},
	} {
		if got := must(t, us, test.a).Dominates(must(t, us, test.b)); got != test.want {
			t.Errorf("%s dominates %s: %v", test.a, test.b, got)
		}
	}
	if policy(t, "tlp").Lowest().Dominates(us.Lowest()) {
		t.Error("policies are compared")
	}
}

func TestFields(t *testing.T) {
	for _, test := range []struct{ mark, want string }{
		{
			"TS//SI-G/TK//SAR-BP//RD//FGI GBR//OC/REL TO USA, GBR/DISPLAY ONLY AFG//SSI",
			`{"aea":["RD"],"classification":"TOP SECRET","display_only":["AFG"],"dissem":["ORCON","REL TO","DISPLAY ONLY"],"fgi":["GBR"],` +
				`"non_ic":["SSI"],"policy":"us","rel_to":["USA","GBR"],"sar":["SAR-BP"],"sci":["SI","SI-G","TK"]}`,
		},
		{"S//FGI//NF", `{"classification":"SECRET","dissem":["NOFORN"],"fgi":[],"policy":"us"}`},
		{"//NKFORS", `{"activity":"KFOR","classification":"SECRET","owner":["NATO"],"policy":"us"}`},
		{"S//USA/GBR EYES ONLY", `{"classification":"SECRET","dissem":["EYES ONLY"],"eyes_only":["USA","GBR"],"policy":"us"}`},
	} {
		got, err := json.Marshal(must(t, policy(t, "us"), test.mark).Fields())
		if err != nil || string(got) != test.want {
			t.Errorf("%s:\n got %s, %v\nwant %s", test.mark, got, err, test.want)
		}
	}
}

func TestAdvice(t *testing.T) {
	for _, test := range []struct{ mark, want string }{
		{"S//NF", ""},
		{"S", "ISM-ID-00119"},
		{"U//PR", "ISM-ID-00473"},
		{"S//RD//REL TO USA, GBR", "ISM-ID-00467"},
		{"TS//HCS//NF", "ISM-ID-00474"},
		{"U//NNPI", "ISM-ID-00225"},
		{"//GBR S", ""}, // it is under another authority
	} {
		m := must(t, policy(t, "us"), test.mark)
		var ids []string
		for _, f := range m.Advice() {
			ids = append(ids, f.Rule)
		}
		if got := strings.Join(ids, " "); got != test.want {
			t.Errorf("%s: %q, want %q", test.mark, got, test.want)
		}
	}
}

func TestForm(t *testing.T) {
	for _, test := range []struct {
		mark string
		want marking.Form
	}{
		{"SECRET//NOFORN", marking.FormBanner},
		{"SECRET//NF", marking.FormBanner},
		{"S//NF", marking.FormPortion},
		{"(SECRET)", marking.FormPortion},
		{"//GBR SECRET", marking.FormBanner},
		{"//GBR S", marking.FormPortion},
		{"//NATO SECRET", marking.FormBanner},
		{"//NS", marking.FormPortion},
		{"//JOINT SECRET GBR USA", marking.FormBanner},
		{"//JOINT S GBR USA", marking.FormPortion},
		{"//NKFORS", marking.FormPortion},
	} {
		if _, got, err := policy(t, "us").ParseForm(test.mark); err != nil || got != test.want {
			t.Errorf("%s: %s, %v; want %s", test.mark, got, err, test.want)
		}
	}
}

// A fault is at the bytes that it is about, in the input as it was given.
func TestFaultSpans(t *testing.T) {
	for _, test := range []struct{ mark, rule, at string }{
		{"S//SI/NOFRON//REL TO USA, GBR", "form.token", "NOFRON"},
		{" (S//REL TO USA,  GBX)", "form.code", "GBX"},
		{"SECRET//ORCON/RELIDO", "ISM-ID-00325", "RELIDO"},
		{"TOP SECRET//SI-G//NF", "ISM-ID-00045", "SI-G"},
		{"//XXQ S", "form.code", "XXQ"},
		{"//JOINT S GBR XXQ", "form.code", "XXQ"},
		{"SECRT", "form.level", "SECRT"},
		{"S//nf", "form.case", "nf"},
	} {
		_, err := marking.Parse(test.mark)
		var faults marking.Faults
		errors.As(err, &faults)
		i := slices.IndexFunc(faults, func(f marking.Fault) bool { return f.Rule == test.rule })
		if i < 0 {
			t.Errorf("%q: no %s in %v", test.mark, test.rule, err)
			continue
		}
		f := faults[i]
		if got := test.mark[f.Offset : f.Offset+f.Length]; got != test.at {
			t.Errorf("%q: %s is at %q, want %q", test.mark, test.rule, got, test.at)
		}
	}
}

func TestHints(t *testing.T) {
	for _, test := range []struct{ mark, want string }{
		{"S//NOFRON", "NOFORN"},
		{"S//REL TO USA, GBX", "GBR"},
		{"SECRTE", "SECRET"},
		{"TLP:RED", "policy tlp"},
		{"S//REL", "write the list"},
		{"s//nf", `"S//NF"`},
		{"R", "//GBR RESTRICTED"},
	} {
		if _, err := marking.Parse(test.mark); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v; want %q in it", test.mark, err, test.want)
		}
	}
}

func TestBounds(t *testing.T) {
	us := policy(t, "us")
	for _, test := range []struct{ name, mark, rule string }{
		{"long", strings.Repeat("/", 10<<20), "form.length"},
		{"one too long", "S//" + strings.Repeat("A", marking.MaxLength-2), "form.length"},
		{"not UTF-8", "S//\xff", "form.utf8"},
		{"letters beyond ASCII", "S//NОFORN", "form.token"}, // a Cyrillic letter
	} {
		_, err := us.Parse(test.mark)
		if got := strings.Join(ruleIDs(t, err), " "); got != test.rule {
			t.Errorf("%s: %q, want %q", test.name, got, test.rule)
		}
	}
	_, err := us.Parse("S" + strings.Repeat("//X", 1000))
	if n := len(ruleIDs(t, err)); n != marking.MaxFaults {
		t.Errorf("%d faults, want %d", n, marking.MaxFaults)
	}
}
