package sanitize_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/release"
	"tearline/sanitize"
)

const plot = `---
id: USA-2026-0412
title: (U) Threat to airliners
originator: USA
policy: us
date: 2026-03-01
---
(U) Airlines have been warned of a plot.

(S//REL TO USA, GBR) A courier left Port Harran with {about|approximately} 4 kg of explosive.
> sources: GBR-2026-007/p1
> tear (C//REL TO USA, FRA): A courier is {under way|on the way} with explosives.

(S//NF) The source has reported reliably since 2019 from inside the cell.
`

func plotted(t *testing.T) (*world, *tearline.Report) {
	t.Helper()
	w := allies()
	w.file(t, "", "---\nid: GBR-2026-007\noriginator: GBR\npolicy: us\ndate: 2026-02-01\n---\n(C//REL TO USA, GBR, FRA) A courier was seen.\n")
	return w, w.file(t, "", plot)
}

func TestTearLine(t *testing.T) {
	w, r := plotted(t)
	tests := []struct {
		to                      tearline.PartyID
		kept, replaced, dropped string
		banner                  string
	}{
		{"GBR", "title p1 p2", "", "p3", "SECRET//REL TO USA, GBR"},
		{"FRA", "title p1", "p2", "p3", "CONFIDENTIAL//REL TO USA, FRA"},
	}
	for _, test := range tests {
		t.Run(string(test.to), func(t *testing.T) {
			v := w.version(t, r, test.to)
			got := []string{ids(v.Kept()), ids(v.Replaced()), ids(v.Dropped()), v.Banner().Banner()}
			if diff := cmp.Diff([]string{test.kept, test.replaced, test.dropped, test.banner}, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	if s := fmt.Sprintf("%v %+v %#v", w.version(t, r, "FRA"), w.version(t, r, "FRA"), w.version(t, r, "FRA")); strings.Contains(s, "courier") {
		t.Errorf("a version prints its text: %s", s)
	}
}

func TestTearLineNeedsADecision(t *testing.T) {
	w, r := plotted(t)
	other := w.file(t, "USA-2", "(U) Something else.\n")
	changed := *r
	changed.Portions = append([]tearline.Portion(nil), r.Portions[:3]...)
	renamed := *r
	renamed.Portions = append([]tearline.Portion(nil), r.Portions...)
	renamed.Portions[1].ID = "other"
	for name, test := range map[string]struct {
		r *tearline.Report
		d release.Decision
	}{
		"no decision":       {r, release.Decision{}},
		"no report":         {new(tearline.Report), release.Decision{}},
		"another report":    {r, w.decide(t, other.ID, "GBR", tearline.Document)},
		"fewer portions":    {&changed, w.decide(t, r.ID, "GBR", tearline.Document)},
		"different portion": {&renamed, w.decide(t, r.ID, "GBR", tearline.Document)},
	} {
		if v, err := sanitize.TearLine(test.r, test.d); !errors.Is(err, sanitize.ErrDecision) || v != nil {
			t.Errorf("%s: %v, %v", name, v, err)
		}
	}
}

func TestTearLineNothing(t *testing.T) {
	w := allies()
	r := w.file(t, "USA-1", "(S//NF) Nothing for anybody.\n")
	if _, err := sanitize.TearLine(r, w.decide(t, r.ID, "FRA", tearline.Document)); !errors.Is(err, sanitize.ErrNothing) {
		t.Errorf("error %v", err)
	}
	// A title alone would say that there is more.
	r = w.file(t, "", "---\nid: USA-2\ntitle: (U) Heading\noriginator: USA\npolicy: us\ndate: 2026-03-01\n---\n(S//NF) Nothing for anybody.\n")
	if _, err := sanitize.TearLine(r, w.decide(t, r.ID, "FRA", tearline.Document)); !errors.Is(err, sanitize.ErrNothing) {
		t.Errorf("title alone: error %v", err)
	}
}

// TestUnmarkedTitle: it may say anything that the report says.
// TestTearLineWordingIsDecidedToo: wording that was approved for some does not
// stand in for a portion where it may not go itself.
func TestTearLineWordingIsDecidedToo(t *testing.T) {
	w := allies()
	r := w.file(t, "R1", "(U) The harbour is open.\n\n(S//NF) A launch was seen.\n\n> tear (S//REL TO USA, GBR): Watch the harbour.\n")
	for to, want := range map[tearline.PartyID]int{"GBR": 1, "FRA": 0} {
		v := w.version(t, r, to)
		if len(v.Replaced()) != want || len(v.Dropped()) != 1-want {
			t.Errorf("%s: %v replaced, %v dropped, want %d replaced", to, v.Replaced(), v.Dropped(), want)
		}
	}
}

func TestUnmarkedTitle(t *testing.T) {
	w := allies()
	r := w.file(t, "", "---\nid: USA-1\ntitle: The courier of Port Harran\noriginator: USA\npolicy: us\ndate: 2026-03-01\n---\n"+
		"(U) One paragraph for all.\n\n(S//REL TO USA, GBR) Another for the few.\n")
	_, text := copyOf(t, w.version(t, r, "GBR"), spec("GBR"))
	contains(t, text, "# The courier of Port Harran\n")
	_, text = copyOf(t, w.version(t, r, "FRA"), spec("FRA"))
	lacks(t, text, "Harran", "# ")
}

func TestEffectiveMark(t *testing.T) {
	ref := func(s string) []tearline.PortionRef {
		r, err := tearline.ParsePortionRef(s)
		if err != nil {
			t.Fatal(err)
		}
		return []tearline.PortionRef{r}
	}
	tests := []struct {
		name, mark string
		say        func(*world)
		want       string
		basis      tearline.Basis
	}{
		{"by marking", "(S//REL TO USA, FRA)", func(*world) {}, "(S//REL TO USA, FRA)", tearline.ByMarking},
		{"by coalition", "(S//REL TO USA, NATO)", func(*world) {}, "(S//REL TO USA, NATO)", tearline.ByMarking},
		{"by consent", "(S//REL TO USA, GBR)", func(w *world) {
			w.say("USA", day(3), &tearline.Consent{Granted: true, Recipient: "FRA", Portions: ref("USA-1/p1")})
		}, "(S//REL TO USA, FRA, GBR)", tearline.ByConsent},
		{"silent, by consent", "(S)", func(w *world) {
			w.say("USA", day(3), &tearline.Consent{Granted: true, Recipient: "FRA", Portions: ref("USA-1/p1")})
		}, "(S//REL TO USA, FRA)", tearline.ByConsent},
		{"by standing consent", "(S//REL TO USA, GBR)", func(w *world) {
			w.say("USA", day(3), &tearline.Agreement{
				Name: "A", Parties: [2]tearline.PartyID{"USA", "FRA"}, Ceiling: "SECRET",
				Standing: []tearline.StandingConsent{{By: "USA", UpTo: "SECRET", To: []tearline.PartyID{"FRA"}}},
			})
		}, "(S//REL TO USA, FRA, GBR)", tearline.ByStandingConsent},
		{"by discretion", "(S//NF)", func(w *world) {
			w.say("USA", day(3), &tearline.Discretion{
				Portions: ref("USA-1/p1"), Recipient: "FRA", Modes: []tearline.Mode{tearline.Document}, Because: "lives", Authority: "Director",
			})
		}, "(S//NF)", tearline.ByDiscretion},
		{"refused a list, by consent", "(S//RELIDO)", func(w *world) {
			w.say("USA", day(3), &tearline.Consent{Granted: true, Recipient: "FRA", Portions: ref("USA-1/p1")})
		}, "(S//RELIDO)", tearline.ByConsent},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := allies()
			r := w.file(t, "USA-1", test.mark+" A text to be passed on.\n")
			test.say(w)
			v := w.version(t, r, "FRA")
			it := v.Items()[0]
			if it.Marking.Portion() != test.want || it.Basis != test.basis {
				t.Errorf("%s by %s, want %s by %s", it.Marking.Portion(), it.Basis, test.want, test.basis)
			}
		})
	}
}

func TestDraft(t *testing.T) {
	w, r := plotted(t)
	v := w.version(t, r, "FRA")
	s := spec("FRA")
	s.Individual = true
	d, text := copyOf(t, v, s)
	c := d.Record()
	if c.ID != s.Copy || c.Report != r.ID || c.Recipient != "FRA" || c.Holder != "USA" || len(sanitize.Choices(d)) != 1 || len(sanitize.Choices(d)["p2~tear"]) != 1 {
		t.Errorf("record %+v", c)
	}
	if c.Digest != tearline.DigestContent(s.Seed, text) || c.Digest != d.Digest() {
		t.Error("the digest is not that of the bytes")
	}
	way := []string{"under way", "on the way"}[sanitize.Choices(d)["p2~tear"][0]]
	want := `**CONFIDENTIAL//REL TO USA, FRA**

- Copy: 7Q2M-93KD
- For: Service FRA
- Date: 2026-03-21

Individually worded copy: the wording differs from copy to copy.

# (U) Threat to airliners

1. (U) Airlines have been warned of a plot.

2. (C//REL TO USA, FRA) A courier is ` + way + ` with explosives.

**CONFIDENTIAL//REL TO USA, FRA**
`
	if diff := cmp.Diff(want, text); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	again, _ := copyOf(t, v, s)
	if again.Digest() != d.Digest() {
		t.Error("the same copy has other bytes")
	}
	if s := fmt.Sprintf("%v %+v %#v", d, d, d); strings.Contains(s, "courier") {
		t.Errorf("a draft prints its text: %s", s)
	}
}

func TestDraftRefuses(t *testing.T) {
	w, r := plotted(t)
	v := w.version(t, r, "FRA")
	for name, change := range map[string]func(*sanitize.Spec){
		"another recipient": func(s *sanitize.Spec) { s.Recipient = "DEU" },
		"another holder":    func(s *sanitize.Spec) { s.Holder = "GBR" },
		"no number":         func(s *sanitize.Spec) { s.Copy = "" },
		"short seed":        func(s *sanitize.Spec) { s.Seed = s.Seed[:15] },
		"no choice": func(s *sanitize.Spec) {
			s.Choose = func(tearline.PortionID, tearline.Wording) ([]int, error) { return nil, errors.New("no secret") }
		},
		"a choice too few": func(s *sanitize.Spec) {
			s.Choose = func(tearline.PortionID, tearline.Wording) ([]int, error) { return nil, nil }
		},
		"hidden character": func(s *sanitize.Spec) { s.RecipientName = "a\u200bb" },
	} {
		s := spec("FRA")
		change(&s)
		if d, err := v.Draft(s); err == nil {
			t.Errorf("%s: %v", name, d)
		}
	}
	told, err := sanitize.TearLine(r, w.decide(t, r.ID, "FRA", tearline.Oral))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := told.Draft(spec("FRA")); !errors.Is(err, sanitize.ErrDecision) {
		t.Errorf("decided was to tell it: %v", err)
	}
}

// TestInvariant02NoCopyWithoutARecord: no bytes without a receipt, and none for
// a receipt of anything but this copy.
func TestInvariant02NoCopyWithoutARecord(t *testing.T) {
	w, r := plotted(t)
	if _, err := sanitize.TearLine(r, release.Decision{}); !errors.Is(err, sanitize.ErrDecision) {
		t.Errorf("a tear line without a decision: %v", err)
	}
	d, err := w.version(t, r, "FRA").Draft(spec("FRA"))
	if err != nil {
		t.Fatal(err)
	}
	s := spec("FRA")
	s.Copy = "OTHER"
	other, err := w.version(t, r, "FRA").Draft(s)
	if err != nil {
		t.Fatal(err)
	}
	disclosure := func(s *tearline.Statement) *tearline.Disclosure {
		says, ok := s.Says.(*tearline.Disclosure)
		if !ok {
			t.Fatal("no disclosure")
		}
		return says
	}
	for name, change := range map[string]func(*tearline.Statement){
		"other bytes":     func(s *tearline.Statement) { s.Subjects[0].Digest[0] ^= 1 },
		"no subject":      func(s *tearline.Statement) { s.Subjects = nil },
		"other holder":    func(s *tearline.Statement) { s.By = "GBR" },
		"other recipient": func(s *tearline.Statement) { disclosure(s).Recipient = "DEU" },
		"other number":    func(s *tearline.Statement) { disclosure(s).Copy = "OTHER" },
		"other kind": func(s *tearline.Statement) {
			s.Says = &tearline.Receipt{Copy: "7Q2M-93KD", Digest: tearline.Digest{1}}
		},
	} {
		if got, err := d.HandOut(receipt(t, d, change)); !errors.Is(err, sanitize.ErrNoReceipt) || got.Bytes != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if _, err := d.HandOut(receipt(t, other, nil)); !errors.Is(err, sanitize.ErrNoReceipt) {
		t.Errorf("receipt of another copy: %v", err)
	}
	got, err := d.HandOut(receipt(t, d, nil))
	if err != nil || got.Copy != "7Q2M-93KD" || got.MediaType == "" || len(got.Bytes) == 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestWithoutAttribution(t *testing.T) {
	w := allies()
	r := w.file(t, "", "---\nid: USA-1\noriginator: USA\npolicy: us\ndate: 2026-03-01\n---\n"+
		"(S//REL TO USA, GBR) A courier is under way with explosives.\n> originator: GBR\n\n(U) Nothing else is known.\n")
	w.say("GBR", day(3), &tearline.Consent{
		Granted: true, Recipient: "FRA", Portions: []tearline.PortionRef{{Report: "USA-1", Portion: "p1"}},
		Conditions: []tearline.Condition{tearline.WithoutAttribution, "Not to be quoted in public"},
	})
	v := w.version(t, r, "FRA")
	if who, any := v.Unattributed(); !any || len(who) != 1 || who[0] != "GBR" {
		t.Errorf("unattributed: %v, %v", who, any)
	}
	if _, err := v.Draft(spec("FRA")); err == nil {
		t.Error("drafted without saying who is to be cut")
	}
	s := spec("FRA")
	s.Cut = []tearline.Party{{ID: "GBR", Name: "Britannia Service"}}
	_, text := copyOf(t, v, s)
	contains(t, text, "(S//REL TO USA, FRA)", "**SECRET//REL TO USA, FRA**", "- Not to be quoted in public\n")
	lacks(t, text, "GBR", "attribution")
	for name, change := range map[string]func(*sanitize.Spec){
		"code":          func(s *sanitize.Spec) { s.RecipientName = "Service for GBR matters" },
		"name":          func(s *sanitize.Spec) { s.RecipientName = "Friends of the britannia  service" },
		"name in text":  func(s *sanitize.Spec) { s.Cut[0].Name = "Courier" },
		"nation itself": func(s *sanitize.Spec) { s.Cut = append(s.Cut, tearline.Party{ID: "USA"}) },
	} {
		bad := spec("FRA")
		bad.Cut = []tearline.Party{{ID: "GBR", Name: "Britannia Service"}}
		change(&bad)
		if d, err := v.Draft(bad); !errors.Is(err, sanitize.ErrSurvives) {
			t.Errorf("%s: %v, %v", name, d, err)
		}
	}
}

// TestDraftInspects: what the page is given beside the items is searched, too.
func TestDraftInspects(t *testing.T) {
	w, r := plotted(t)
	v := w.version(t, r, "FRA")
	for _, name := range []string{
		"Friends; the source has reported reliably since last year",
		"Friends: SOURCE has—reported   reliably since 2019",
		"who left port harran with about 4 kg",
		"who left port harran with approximately 4 kg",
		"office for USA-2026-0412",
		"office (usa-2026-0412/p2)",
		"office of GBR-2026-007/p1",
		"reader of GBR-2026-007",
		"reader of (S//NF) things",
	} {
		s := spec("FRA")
		s.RecipientName = name
		if d, err := v.Draft(s); !errors.Is(err, sanitize.ErrSurvives) {
			t.Errorf("%q: %v, %v", name, d, err)
		}
	}
	for _, name := range []string{
		"friends who reported reliably since 2019", "Airlines that have been warned of a plot", "USA-2026-04123", "(U) people",
	} {
		s := spec("FRA")
		s.RecipientName = name
		if _, err := v.Draft(s); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// TestInsideNamesThatAreSaid: a report whose name is an everyday word, or which
// an item quotes, can be released.
func TestInsideNamesThatAreSaid(t *testing.T) {
	w := allies()
	for _, id := range []string{"A", "Copy", "U", "R-7"} {
		r := w.file(t, id, "(U) A courier carries a copy of R-7 and of R-7/p2 to the bridge.\n\n(S//NF) The courier is ours and has been for years.\n")
		if _, err := w.version(t, r, "FRA").Draft(spec("FRA")); err != nil {
			t.Errorf("report %s: %v", id, err)
		}
	}
}

func ExampleTearLine() {
	w := allies()
	t := new(testing.T)
	r := w.file(t, "USA-2026-0412", "(U) Airlines have been warned.\n\n(S//NF) The source sits inside the cell.\n\n(S//REL TO USA, FRA) A courier is under way.\n")
	d := w.decide(t, r.ID, "FRA", tearline.Document)
	v, err := sanitize.TearLine(r, d)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(v.Banner().Banner())
	fmt.Println("kept", v.Kept(), "dropped", v.Dropped())
	for i, it := range v.Items() {
		fmt.Println(i+1, it.Marking.Portion(), it.Wording.Plain())
	}
	// Output:
	// SECRET//REL TO USA, FRA
	// kept [p1 p3] dropped [p2]
	// 1 (U) Airlines have been warned.
	// 2 (S//REL TO USA, FRA) A courier is under way.
}
