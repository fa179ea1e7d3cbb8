package marking_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline/marking"
)

func recipient(tb testing.TB, p *marking.Policy, who marking.Person) marking.Recipient {
	tb.Helper()
	r, err := p.Recipient(who)
	if err != nil {
		tb.Fatalf("%+v: %v", who, err)
	}
	return r
}

func agency(readIns ...string) marking.Person {
	return marking.Person{Nations: []string{"USA"}, Agency: true, Clearance: "TS", ReadIns: readIns}
}

func partner(code string, readIns ...string) marking.Person {
	return marking.Person{Nations: []string{code}, Organisation: code, Clearance: "TS", ReadIns: readIns}
}

func TestAccess(t *testing.T) {
	us := policy(t, "us")
	listed, low := agency(), agency()
	listed.Listed = true
	low.Clearance = "C"
	contractor := marking.Person{Nations: []string{"USA"}, Organisation: "USA", Clearance: "TS"}
	exchange := marking.Person{Nations: []string{"GBR"}, Agency: true, Clearance: "TS"}
	stray := marking.Person{Nations: []string{"GBR"}, Organisation: "FRA", Clearance: "TS"}
	member := partner("FRA")
	member.Coalitions = []string{"FVEY"}
	old := partner("GBR")
	old.Coalitions = []string{"ISAF"}
	for _, test := range []struct {
		mark string
		who  marking.Person
		want marking.Access
	}{
		{"S", agency(), marking.AccessKeep},
		{"S", low, marking.AccessNone},
		{"//GBR R", low, marking.AccessKeep},
		{"S", partner("GBR"), marking.AccessSilent},
		{"S//RELIDO", partner("GBR"), marking.AccessSilent},
		{"S//RELIDO", agency(), marking.AccessKeep},
		{"S//NF", agency(), marking.AccessKeep},
		{"S//NF", contractor, marking.AccessNone},
		{"S//NF", exchange, marking.AccessNone},
		{"S//NF", partner("GBR"), marking.AccessNone},
		{"U//LES-NF", partner("GBR"), marking.AccessNone},
		{"S//REL TO USA, GBR", partner("GBR"), marking.AccessKeep},
		{"S//REL TO USA, GBR", contractor, marking.AccessKeep},
		{"S//REL TO USA, GBR", exchange, marking.AccessKeep},
		{"S//REL TO USA, GBR", stray, marking.AccessNone},
		{"S//REL TO USA, GBR", partner("FRA"), marking.AccessNone},
		{"S//REL TO USA, FVEY", partner("NZL"), marking.AccessKeep},
		{"S//REL TO USA, FVEY", partner("FVEY"), marking.AccessNone}, // an organisation is no nation
		{"S//REL TO USA, FVEY", member, marking.AccessKeep},
		{"S//REL TO USA, MNTF", partner("GBR"), marking.AccessNone}, // no list of its members is published
		{"S//REL TO USA, ISAF", partner("GBR"), marking.AccessNone},
		{"S//REL TO USA, ISAF", old, marking.AccessKeep},
		{"S//USA/GBR EYES ONLY", partner("GBR"), marking.AccessKeep},
		{"S//USA/GBR EYES ONLY", partner("AUS"), marking.AccessNone},
		{"S//DISPLAY ONLY AFG", partner("AFG"), marking.AccessSee},
		{"S//DISPLAY ONLY AFG", partner("GBR"), marking.AccessNone},
		{"S//DISPLAY ONLY AFG", agency(), marking.AccessKeep},
		{"S//REL TO USA, GBR/DISPLAY ONLY AFG", partner("GBR"), marking.AccessKeep},
		{"S//REL TO USA, GBR/DISPLAY ONLY AFG", partner("AFG"), marking.AccessSee},
		{"//JOINT S GBR USA", partner("GBR"), marking.AccessKeep},
		{"//JOINT S GBR USA", partner("AUS"), marking.AccessNone},
		{"TS//SI//NF", agency(), marking.AccessNone},
		{"TS//SI//NF", agency("SI"), marking.AccessKeep},
		{"TS//SI-G ABCD//OC/NF", agency("SI", "SI-G"), marking.AccessNone},
		{"TS//HCS-P//OC/NF", agency("HCS-P"), marking.AccessSilent},
		{"TS//SAR-BP-J12//NF", agency("SAR-BP", "SAR-BP-J12"), marking.AccessKeep},
		{"TS//SAR-BP-J12//NF", agency("SAR-BP"), marking.AccessNone},
		{"S//RD//NF", agency(), marking.AccessNone},
		{"S//RD//NF", agency("RD"), marking.AccessKeep},
		{"S//FRD//NF", agency(), marking.AccessKeep},
		{"//NS//REL TO USA, NATO", partner("DEU"), marking.AccessNone},
		{"//NS//REL TO USA, NATO", partner("DEU", "NATO-C"), marking.AccessNone},
		{"//NS//REL TO USA, NATO", partner("DEU", "NATO-TS"), marking.AccessKeep},
		{"S//FGI NATO//NF", agency(), marking.AccessNone},
		{"S//FGI GBR//NF", agency(), marking.AccessKeep},
		{"S//FGI//NF", agency(), marking.AccessSilent},
		{"S//OC/NF", agency(), marking.AccessSilent},
		{"S//OC/NF", listed, marking.AccessKeep},
		{"S//OC-USGOV/NF", agency(), marking.AccessKeep},
		{"S//OC-USGOV/REL TO USA, GBR", partner("GBR"), marking.AccessSilent},
		{"U//PR", agency(), marking.AccessSilent},
		{"U//SSI", low, marking.AccessNone},
		{"U//FOUO", partner("GBR"), marking.AccessSilent},
	} {
		m := must(t, us, test.mark)
		who := test.who
		if slices.Equal(who.Nations, []string{"FVEY"}) {
			who.Nations = nil
		}
		r := recipient(t, us, who)
		if got := m.Access(r); got != test.want {
			t.Errorf("%s for %+v: %v, want %v", test.mark, test.who, got, test.want)
		}
		least := marking.AccessKeep
		for _, why := range m.WhyAccess(r) {
			if why.Text == "" || why.Cites == "" {
				t.Errorf("%s: %+v", test.mark, why)
			}
			least = min(least, why.Access)
		}
		if least != test.want {
			t.Errorf("%s for %+v: the reasons come to %v", test.mark, test.who, least)
		}
	}
}

func TestRecipientsFailClosed(t *testing.T) {
	us, tlp := policy(t, "us"), policy(t, "tlp")
	r := recipient(t, us, agency())
	switch {
	case must(t, us, "U").Access(marking.Recipient{}) != marking.AccessNone:
		t.Error("the zero recipient may have something")
	case marking.Marking{}.Access(r) != marking.AccessNone:
		t.Error("the zero marking admits somebody")
	case must(t, tlp, "TLP:CLEAR").Access(r) != marking.AccessNone:
		t.Error("a recipient of one policy is held against another")
	}
	for _, who := range []marking.Person{
		{Nations: []string{"XXX"}},
		{Nations: []string{"NATO"}},
		{Organisation: "NOWHERE"},
		{Coalitions: []string{"NONE"}},
		{Clearance: "VERY SECRET"},
		{ReadIns: []string{"NOFORN/X"}},
	} {
		if x, err := us.Recipient(who); err == nil || must(t, us, "U").Access(x) != marking.AccessNone {
			t.Errorf("%+v is a recipient", who)
		}
	}
	for mark, want := range map[string]marking.Access{"TLP:CLEAR": marking.AccessKeep, "TLP:RED": marking.AccessNone} {
		got := must(t, tlp, mark).Access(recipient(t, tlp, marking.Person{}))
		if got != want && (got > marking.AccessSilent || want == marking.AccessKeep) {
			t.Errorf("%s: %v, want %v", mark, got, want)
		}
	}
}

func TestReleasable(t *testing.T) {
	us := policy(t, "us")
	for _, test := range []struct {
		mark      string
		keep, see []string
		silent    bool
	}{
		{"S//NF", []string{"USA"}, nil, false},
		{"S", []string{"USA"}, nil, true},
		{"S//RELIDO", []string{"USA"}, nil, true},
		{"S//REL TO USA, GBR", []string{"GBR", "USA"}, nil, false},
		{"S//REL TO USA, TEYE", []string{"AUS", "GBR", "USA", "TEYE"}, nil, false},
		{"S//REL TO USA, AUS, GBR", []string{"AUS", "GBR", "USA", "TEYE"}, nil, false},
		{"S//REL TO USA, MNTF", []string{"USA", "MNTF"}, nil, false},
		{"S//REL TO USA, ISAF", []string{"USA"}, nil, false},
		{"S//DISPLAY ONLY AFG, IRQ", []string{"USA"}, []string{"AFG", "IRQ"}, false},
		{"S//REL TO USA, GBR/DISPLAY ONLY AFG", []string{"GBR", "USA"}, []string{"AFG"}, false},
		{"//JOINT S CAN USA", []string{"CAN", "USA"}, nil, false},
		{"S//USA/AUS/GBR EYES ONLY", []string{"AUS", "GBR", "USA", "TEYE"}, nil, false},
	} {
		keep, see, silent := must(t, us, test.mark).Releasable()
		if d := cmp.Diff([]any{test.keep, test.see, test.silent}, []any{keep, see, silent}); d != "" {
			t.Errorf("%s (-want +got):\n%s", test.mark, d)
		}
	}
}

// people draws recipients of all sorts.
func people(us *marking.Policy) *rapid.Generator[marking.Recipient] {
	nations := []string{"USA", "GBR", "DEU", "AFG", "AUS", "FRA"}
	readIns := []string{
		"SI", "TK", "SI-G", "SI-G ABCD", "SI-MMM", "SI-MMM AACD", "HCS-P", "HCS-O", "HCS-P XYZ", "TK-BLFH", "RSV-ABC", "123", "KLM-R", "KLM",
		"BOHEMIA", "SAR-BP", "SAR-CD", "RD", "RD-CNWDI", "RD-SIGMA 14", "RD-SIGMA 20", "FRD-SIGMA 18", "ATOMAL", "NATO-TS", "NATO-S",
	}
	return rapid.Custom(func(t *rapid.T) marking.Recipient {
		who := marking.Person{
			Nations:   rapid.SliceOfNDistinct(rapid.SampledFrom(nations), 1, 2, rapid.ID).Draw(t, "nations"),
			Agency:    rapid.Bool().Draw(t, "agency"),
			Listed:    rapid.Bool().Draw(t, "listed"),
			Clearance: rapid.SampledFrom([]string{"", "C", "S", "TS", "TS", "TS"}).Draw(t, "clearance"),
		}
		who.Organisation = rapid.SampledFrom(append([]string{who.Nations[0]}, nations...)).Draw(t, "organisation")
		if rapid.IntRange(0, 3).Draw(t, "all") > 0 {
			who.ReadIns = readIns
		} else {
			who.ReadIns = rapid.SliceOfDistinct(rapid.SampledFrom(readIns), rapid.ID).Draw(t, "read-ins")
		}
		r, err := us.Recipient(who)
		if err != nil {
			t.Fatalf("%+v: %v", who, err)
		}
		return r
	})
}

// admitted is the access, with what admits nobody taken together.
func admitted(a marking.Access) marking.Access { return max(a, marking.AccessSilent) }

// Who may have a banner may have each of its portions.
func TestAccessOfJoinIsContained(t *testing.T) {
	us := policy(t, "us")
	rapid.Check(t, func(t *rapid.T) {
		a, b, r := marks(us).Draw(t, "a"), marks(us).Draw(t, "b"), people(us).Draw(t, "r")
		m, ok := join(a, b)
		if !ok {
			return
		}
		for _, part := range []marking.Marking{a, b} {
			if part != us.Lowest() && admitted(m.Access(r)) > admitted(part.Access(r)) {
				t.Fatalf("%v of %v and %v: %v; %v: %v, %+v", m, a, b, m.Access(r), part, part.Access(r), part.WhyAccess(r))
			}
		}
	})
}

// Adding a control never makes anything accessible to anybody new.
func TestControlsNeverAdmit(t *testing.T) {
	us := policy(t, "us")
	controls := [][]string{items[0], items[1], items[2], items[3], {"NF", "RELIDO"}, items[5], items[6]}
	rapid.Check(t, func(t *rapid.T) {
		m, r := marks(us).Draw(t, "mark"), people(us).Draw(t, "r")
		cat := rapid.IntRange(0, len(controls)-1).Draw(t, "category")
		add := rapid.SampledFrom(controls[cat]).Draw(t, "control")
		parts := strings.Split(strings.Trim(m.Portion(), "()"), "//")
		for i := range parts {
			for _, s := range []string{
				strings.Join(slices.Insert(slices.Clone(parts), i+1, add), "//"),
				strings.Join(slices.Concat(parts[:i], []string{parts[i] + "/" + strings.TrimPrefix(add, "SAR-")}, parts[i+1:]), "//"),
			} {
				more, err := us.Parse(s)
				if err != nil || concealedSource(m) && !concealedSource(more) {
					continue // naming a concealed source is no control more
				}
				if admitted(more.Access(r)) > admitted(m.Access(r)) {
					t.Fatalf("%v with %s is %v: %v, was %v", m, add, more, more.Access(r), m.Access(r))
				}
			}
		}
	})
}

func concealedSource(m marking.Marking) bool {
	return slices.Contains(strings.Split(strings.ReplaceAll(m.Banner(), "//", "\x00"), "\x00"), "FGI")
}

func TestAccessDoesNotAllocate(t *testing.T) {
	us := policy(t, "us")
	r := recipient(t, us, partner("GBR", "SI"))
	for _, mark := range []string{"S//REL TO USA, GBR", "TS//SI//REL TO USA, FVEY", "S//REL TO USA, GBR/DISPLAY ONLY AFG", "TS//SAR-BP-J12//NF", "S//NF"} {
		m := must(t, us, mark)
		if n := testing.AllocsPerRun(100, func() { m.Access(r) }); n != 0 {
			t.Errorf("%s: %v allocations", mark, n)
		}
	}
}
