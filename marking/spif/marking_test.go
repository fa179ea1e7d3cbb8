package spif_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline/marking/spif"
)

func TestMarking(t *testing.T) {
	p, ferry := read(t, "harbour.xml"), read(t, "ferry.xml")
	for _, x := range []struct {
		p     *spif.Policy
		lang  string
		label []string
		want  string
	}{
		{p, "", []string{"OPEN"}, "HARBOUR OPEN"},
		{p, "", []string{"CREW"}, "HARBOUR CREW ONLY"},
		{p, "fr-CA", []string{"CREW"}, "HARBOUR ÉQUIPAGE"},
		{p, "FR", []string{"CREW", "Cargo: FUEL", "Cargo: GRAIN"}, "HARBOUR ÉQUIPAGE avec FUEL+GRAIN"},
		{p, "de", []string{"CREW"}, "HARBOUR CREW ONLY"}, // its phrase is for portions
		{p, "", []string{"DRYDOCK"}, "HARBOUR ~DRYDOCK~"},
		{p, "", []string{"MASTER", "Decks: Aft"}, "KEEL MASTER [Aft]"},
		{p, "fr", []string{"MASTER", "Decks: Aft", "Fleet: EAST"}, "KEEL CAPITAINE [Aft]"},
		{p, "", []string{"OPEN", "Fleet: EAST"}, "HARBOUR/EAST OPEN"},
		{p, "", []string{"OPEN", "Fleet: EAST", "Fleet: HOME"}, "HARBOUR OPEN"},
		{p, "", []string{"OPEN", "Fleet: SHARED"}, "HARBOUR OPEN"},
		{p, "", []string{"OPEN", "Decks: Main", "Decks: Aft", "Words: ANCHOR"}, "HARBOUR OPEN [Aft/Main deck] ANCHOR"},
		{p, "fr-CH-1996", []string{"OPEN", "Decks: Main"}, "HARBOUR OPEN [Grand pont]"},
		{p, "", []string{"CREW", "Quiet: QUIET", "Quiet: STORM", "Ports: Nowhere", "Ports: Elsewhere"}, "HARBOUR for Elsewhere, Nowhere only CREW-QUIET/STORM!"},
		{p, "", []string{"OPEN", "Watches: First", "Watches: Dog", "mark: BURSAR"}, "HARBOUR OPEN - First Dog BURSAR"},
		{p, "fr", []string{"OPEN", "mark: BURSAR"}, "HARBOUR OPEN ÉCONOME"},
		{p, strings.Repeat("fr-", 100), []string{"CREW"}, "HARBOUR CREW ONLY"}, // no language
		{ferry, "", []string{"Public"}, "<Public>"},
		{ferry, "", []string{"Private", "Salons: Stern", "Salons: Bar", "Goods: Oil"}, "<Private | Oil | Bar/Stern>"},
	} {
		l := label(t, x.p, x.label...)
		if got, err := x.p.Marking(l, x.lang); got != x.want || err != nil {
			t.Errorf("%q %s: %q, %v; want %q", x.label, x.lang, got, err, x.want)
		}
	}
	if got, err := p.Marking(label(t, p, "MASTER"), ""); got != "" || len(rules(err)) != 1 {
		t.Errorf("an invalid label has marking %q, %v", got, err)
	}
}

func TestHidden(t *testing.T) {
	p := read(t, "harbour.xml")
	for _, x := range []struct {
		label []string
		want  []string
	}{
		{[]string{"OPEN", "Words: ANCHOR"}, nil},
		{[]string{"OPEN", "Fleet: EAST"}, nil},
		{[]string{"OPEN", "Fleet: EAST", "Fleet: HOME", "Fleet: SHARED"}, []string{"2", "3"}},
		{[]string{"MASTER", "Decks: Aft", "Fleet: EAST"}, []string{"2"}},
	} {
		var got []string
		for _, c := range p.Hidden(label(t, p, x.label...), "") {
			got = append(got, c.Lacv)
		}
		if diff := cmp.Diff(x.want, got); diff != "" {
			t.Errorf("%q: %s", x.label, diff)
		}
	}
}

func TestParse(t *testing.T) {
	p, ferry := read(t, "harbour.xml"), read(t, "ferry.xml")
	for _, x := range []struct {
		p    *spif.Policy
		lang string
		text string
		want []string
	}{
		{p, "", "HARBOUR OPEN", []string{"OPEN", "Fleet: HOME"}}, // the strictest that is shown
		{p, "", " HARBOUR CREW ONLY\n", []string{"CREW", "Fleet: HOME"}},
		{p, "", "HARBOUR/EAST OPEN", []string{"OPEN", "Fleet: EAST"}},
		{p, "", "KEEL MASTER [Aft]", []string{"MASTER", "Decks: Aft"}},
		{p, "fr", "KEEL CAPITAINE [Grand pont/Aft]", []string{"MASTER", "Decks: Aft", "Decks: Main"}},
		{p, "", "HARBOUR CREW ONLY ANCHOR for Nowhere only [Main deck/Aft] with GRAIN+FUEL", []string{
			"CREW", "Fleet: HOME", "Words: ANCHOR", "Ports: Nowhere", "Decks: Main", "Decks: Aft", "Cargo: GRAIN", "Cargo: FUEL",
		}},
		{p, "", "HARBOUR CREW-QUIET", []string{"CREW", "Fleet: HOME", "Quiet: QUIET"}}, // the class is not written
		{p, "", "HARBOUR OPEN BURSAR", []string{"OPEN", "Fleet: HOME", "mark: BURSAR"}},
		{ferry, "", "<Private | Stern/Bar | Oil>", []string{"Private", "Salons: Stern", "Salons: Bar", "Goods: Oil"}},
	} {
		got, err := x.p.Parse(x.text, x.lang)
		if want := label(t, x.p, x.want...); !got.Equal(want) || err != nil {
			t.Errorf("%q: %v, %v; want %v", x.text, got, err, want)
		}
	}
}

func TestParseFaults(t *testing.T) {
	p, ferry := read(t, "harbour.xml"), read(t, "ferry.xml")
	for _, x := range []struct {
		p          *spif.Policy
		text, rule string
		offset     int
		says       string
	}{
		{p, "", "spif.marking", 0, "nothing"},
		{p, "HARBOUR", "spif.marking", 0, "no label"},
		{p, "HARBOR OPEN", "spif.marking", 0, "HARBOR"},
		{p, "HARBOUR OPEN [Aft", "spif.marking", 17, "nothing"},
		{p, "HARBOUR OPEN [Aft/Poop]", "spif.marking", 18, "Poop"},
		{p, "HARBOUR OPEN ANCHOR ANCHOR", "spif.marking", 20, "nothing"},
		{p, "HARBOUR OPEN ANCHOR [Aft] ANCHOR", "spif.marking", 0, "no label"},
		{p, "HARBOUR OPEN [Aft/Aft]", "spif.marking", 0, "no label"},
		{p, "HARBOUR OPEN with FUEL", "spif.excluded-class", 0, "FUEL"},
		{p, "HARBOUR OPEN - First Dog", "spif.marking.ambiguous", 0, `{OPEN, "First" of "Watches", "Dog" of "Watches"`},
		{p, "HARBOUR OPEN - First Dog", "spif.marking.ambiguous", 0, `"First Dog" of "Watches"`},
		{p, strings.Repeat("A", 10<<20), "spif.limit", spif.MaxText, "too long"},
		{ferry, "Public", "spif.marking", 0, "begin and end"},
		{ferry, "<>", "spif.marking", 0, "no label"},
		{ferry, "<Public | >", "spif.marking", 10, "nothing"},
	} {
		got, err := x.p.Parse(x.text, "")
		if !hasRule(err, x.rule) || !strings.Contains(err.Error(), x.says) || !got.Equal(spif.Label{}) {
			t.Errorf("%.40q: %v, %v; want %s, %s", x.text, got, err, x.rule, x.says)
			continue
		}
		if at := first(err).Offset; at != x.offset {
			t.Errorf("%.40q: at %d, want %d", x.text, at, x.offset)
		}
	}
}

// TestParseIntricate: a policy whose words run into each other is no trap.
func TestParseIntricate(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<SPIF schemaVersion="2.1"><securityPolicyId name="a" id="1.2"/><securityClassifications><securityClassification name="a" lacv="1" hierarchy="1"/></securityClassifications><securityCategoryTagSets>`)
	for i := range 64 {
		n := string(rune('A'+i/26)) + string(rune('A'+i%26))
		b.WriteString(`<securityCategoryTagSet name="` + n + `" id="1.2.` + lacvOf(i) + `"><securityCategoryTag name="t" tagType="permissive">`)
		for j := range 8 {
			b.WriteString(`<tagCategory name="` + strings.Repeat("a", j+1) + `" lacv="` + lacvOf(j) + `"/>`)
		}
		b.WriteString(`<markingQualifier><qualifier markingQualifier="a" qualifierCode="separator"/></markingQualifier></securityCategoryTag></securityCategoryTagSet>`)
	}
	b.WriteString(`</securityCategoryTagSets><markingQualifier><qualifier markingQualifier="a" qualifierCode="separator"/></markingQualifier></SPIF>`)
	p, err := spif.Read([]byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{strings.Repeat("a", spif.MaxText), strings.Repeat("a", spif.MaxText-1) + "b"} {
		if _, err := p.Parse(text, ""); err == nil {
			t.Error("it is read")
		}
	}
}

func TestAdmits(t *testing.T) {
	p := read(t, "harbour.xml")
	l, _ := spif.ReadLabel(file(t, "label.xml"))
	c, _ := spif.ReadClearance(file(t, "clearance.xml"))
	with := func(f func(*spif.Clearance)) spif.Clearance {
		d := spif.Clearance{Policy: c.Policy, Classifications: append([]string(nil), c.Classifications...), Categories: append([]spif.Category(nil), c.Categories...)}
		f(&d)
		return d
	}
	without := func(i int) spif.Clearance {
		return with(func(d *spif.Clearance) { d.Categories = append(d.Categories[:i], d.Categories[i+1:]...) })
	}
	for _, x := range []struct {
		name  string
		label spif.Label
		clear spif.Clearance
		unmet []string // rules of the conditions that are not met, with their tags
	}{
		{"all", l, c, nil},
		{"no categories", label(t, p, "OPEN"), spif.Clearance{Policy: p.ID(), Classifications: []string{"10"}}, nil},
		{"informative only", label(t, p, "OPEN", "Watches: Dog"), spif.Clearance{Policy: p.ID(), Classifications: []string{"10"}}, nil},
		{"class", l, with(func(d *spif.Clearance) { d.Classifications = []string{"30"} }), []string{"admits.class "}},
		{"restrictive", l, without(0), []string{"admits.restrictive Cargo"}},
		{"permissive, the other one", l, without(2), nil},
		{"permissive", l, without(1), []string{"admits.permissive Decks"}},
		{"enumerated restrictive", l, without(3), []string{"admits.restrictive Words"}},
		{"enumerated permissive", l, without(4), []string{"admits.permissive Ports"}},
		{"unknown grants nothing", l, with(func(d *spif.Clearance) {
			d.Categories = append(d.Categories[1:], spif.Category{TagSet: "2.25.7001.1", Type: spif.TagPermissive, Lacv: "1"})
		}), []string{"admits.restrictive Cargo"}},
		{"other policy", l, with(func(d *spif.Clearance) { d.Policy = "2.25.7002" }), []string{
			"admits.policy ", "admits.class ", "admits.restrictive Cargo", "admits.permissive Decks", "admits.restrictive Words", "admits.permissive Ports",
		}},
		{"nothing", l, spif.Clearance{}, []string{
			"admits.policy ", "admits.class ", "admits.restrictive Cargo", "admits.permissive Decks", "admits.restrictive Words", "admits.permissive Ports",
		}},
		{"invalid label", label(t, p, "OPEN", "Cargo: FUEL"), c, []string{"admits.label "}},
		{"zero label", spif.Label{}, c, []string{"admits.label "}},
	} {
		d := p.Admits(x.label, x.clear)
		var unmet []string
		for _, r := range d.Reasons {
			if r.Text == "" {
				t.Errorf("%s: a reason without words", x.name)
			}
			if !r.Met {
				unmet = append(unmet, r.Rule+" "+r.Tag)
			}
		}
		if diff := cmp.Diff(x.unmet, unmet); diff != "" || d.Admitted != (x.unmet == nil) {
			t.Errorf("%s: %+v %s", x.name, d, diff)
		}
	}
	if (spif.Decision{}).Admitted {
		t.Error("the zero decision admits")
	}
}

func TestClearanceMarking(t *testing.T) {
	p := read(t, "harbour.xml")
	c, _ := spif.ReadClearance(file(t, "clearance.xml"))
	if got, err := p.ClearanceMarking(c, ""); got != "{OPEN|CREW} with FUEL [Aft/Main deck] LANTERN for Nowhere only" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	c.Classifications = append(c.Classifications, "99")
	c.Categories = append(c.Categories, spif.Category{})
	if got, err := p.ClearanceMarking(c, ""); got != "" || len(rules(err)) != 2 {
		t.Errorf("%q, %v", got, err)
	}
}

func TestTranslate(t *testing.T) {
	p, ferry := read(t, "harbour.xml"), read(t, "ferry.xml")
	ps, err := spif.NewPolicies(p, ferry)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		name    string
		receive bool
		label   []string
		want    []string
		rules   []string
	}{
		{"class", false, []string{"OPEN"}, []string{"Public"}, nil},
		{"class and what it requires", false, []string{"CREW"}, []string{"Private", "Notes: From the port"}, nil},
		{"categories", false, []string{"CREW", "Cargo: FUEL", "Decks: Aft"}, []string{"Private", "Notes: From the port", "Goods: Oil", "Salons: Bar", "Salons: Stern"}, nil},
		{"discarded", false, []string{"OPEN", "Decks: Aft", "Deck notes: Wet"}, []string{"Public", "Salons: Bar", "Salons: Stern"}, nil},
		{"discarded, and would let in", false, []string{"MASTER", "Cargo: FUEL", "Cargo: POWDER", "Words: LANTERN"}, nil, []string{"spif.equivalence", "spif.equivalence"}},
		{"no equivalents", false, []string{"DRYDOCK", "Decks: Bow", "mark: BURSAR"}, nil, []string{"spif.equivalence", "spif.equivalence", "spif.equivalence"}},
		{"invalid", false, []string{"OPEN", "Cargo: FUEL"}, nil, []string{"spif.excluded-class"}},
		{"in", true, []string{"CREW", "Cargo: FUEL"}, []string{"Private", "Goods: Oil"}, nil},
		{"in, none", true, []string{"OPEN"}, nil, []string{"spif.equivalence"}},
		{"in, several", true, []string{"MASTER", "Decks: Aft"}, nil, []string{"spif.equivalence", "spif.equivalence"}},
	} {
		f := ps.Translate
		if x.receive {
			f = ps.Receive
		}
		got, err := f(label(t, p, x.label...), ferry.ID())
		var want spif.Label
		if x.want != nil {
			want = label(t, ferry, x.want...)
		}
		if diff := cmp.Diff(x.rules, rules(err)); diff != "" || !got.Equal(want) {
			t.Errorf("%s: %v, %v; want %v", x.name, got, err, want)
		}
	}
	// Back: the requirement of the other policy leaves a choice.
	if _, err := ps.Translate(label(t, ferry, "Public"), p.ID()); !hasRule(err, "spif.equivalence") || !strings.Contains(err.Error(), "leaves to choose") {
		t.Error(err)
	}
	if _, err := ps.Translate(spif.Label{}, "1.1"); len(rules(err)) != 2 {
		t.Error(err)
	}
	if _, err := spif.NewPolicies(p, p, nil); len(rules(err)) != 2 {
		t.Error(err)
	}
	alone, _ := spif.NewPolicies(p, read(t, "ferry.xml"))
	if q, ok := alone.Lookup(p.ID()); !ok || q != p {
		t.Error("Lookup")
	}
}

func TestRollUp(t *testing.T) {
	p := read(t, "harbour.xml")
	for _, x := range []struct {
		parts [][]string
		want  []string
		rules []string
	}{
		{[][]string{{"OPEN"}}, []string{"OPEN"}, nil},
		{[][]string{{"OPEN"}, {"CREW", "Cargo: FUEL"}, {"OPEN", "Cargo: GRAIN", "Watches: Dog"}}, []string{"CREW", "Cargo: FUEL", "Cargo: GRAIN", "Watches: Dog"}, nil},
		{[][]string{{"OPEN", "Decks: Aft", "Decks: Bow"}, {"OPEN"}, {"OPEN", "Decks: Bow", "Decks: Main"}}, []string{"OPEN", "Decks: Bow"}, nil},
		{[][]string{{"OPEN", "Decks: Aft"}, {"OPEN", "Decks: Bow"}}, nil, []string{"spif.rollup.nobody"}},
		{[][]string{{"OPEN", "Ports: Nowhere"}, {"OPEN", "Decks: Bow"}}, []string{"OPEN", "Ports: Nowhere", "Decks: Bow"}, nil},
		{[][]string{{"OPEN", "mark: BURSAR"}, {"OPEN"}}, []string{"OPEN", "mark: BURSAR"}, nil},
		{[][]string{{"OPEN"}, {"OPEN", "mark: BURSAR"}, {"OPEN", "mark: PURSER"}}, nil, []string{"spif.rollup.privacy-mark"}},
		{[][]string{{"OPEN", "Words: LANTERN"}, {"OPEN", "Words: ANCHOR"}}, nil, []string{"spif.selection"}},
		{[][]string{{"OPEN"}, {"OPEN", "Cargo: FUEL"}}, nil, []string{"spif.excluded-class"}},
		{nil, nil, []string{"spif.rollup.empty"}},
	} {
		var parts []spif.Label
		for _, l := range x.parts {
			parts = append(parts, label(t, p, l...))
		}
		got, err := p.RollUp(parts...)
		var want spif.Label
		if x.want != nil {
			want = label(t, p, x.want...)
		}
		if diff := cmp.Diff(x.rules, rules(err)); diff != "" || !got.Equal(want) {
			t.Errorf("%q: %v, %v; want %v", x.parts, got, err, want)
		}
	}
}
