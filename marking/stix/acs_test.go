package stix_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tearline/marking"
	"tearline/marking/stix"
)

var origin = stix.Origin{
	ID: uuid, Identifier: identifier, Created: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC),
	Custodian: "USA.DOA", Privileges: stix.Permit, Sharing: stix.Permit,
}

func TestControls(t *testing.T) {
	for banner, want := range map[string]stix.ControlSet{
		"UNCLASSIFIED":       {Classification: "U"},
		"UNCLASSIFIED//FOUO": {Classification: "U", Determinations: []string{"FOUO"}},
		"UNCLASSIFIED//LES":  {Classification: "U", Sensitivities: []string{"LES"}},
		"CONFIDENTIAL//REL TO USA, CAN, GBR": {
			Classification: "C", Nationalities: []string{"USA", "CAN", "GBR"},
		},
		"SECRET":         {Classification: "S"},
		"SECRET//NOFORN": {Classification: "S", Determinations: []string{"NF"}},
		"SECRET//REL TO USA, GBR/FISA": {
			Classification: "S", Nationalities: []string{"USA", "GBR"}, Caveats: []string{"FISA"},
		},
		"TOP SECRET//SI/TK//NOFORN//LES": {
			Classification: "TS", SCI: []string{"SI", "TK"}, Determinations: []string{"NF"}, Sensitivities: []string{"LES"},
		},
		"TOP SECRET//HCS-P/TK//NOFORN": {
			Classification: "TS", SCI: []string{"HCS-P", "TK"}, Determinations: []string{"NF"},
		},
	} {
		m := mark(t, banner)
		got, err := stix.Controls(m)
		if err != nil {
			t.Errorf("%s: %v", banner, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", banner, diff)
		}
		if back, err := got.Marking(); err != nil || !back.Equal(m) {
			t.Errorf("%s: back as %s, %v", banner, back, err)
		}
		d, err := stix.FromMarking(m, origin)
		if err != nil {
			t.Errorf("%s: %v", banner, err)
			continue
		}
		if back, err := d.Marking(); err != nil || !back.Equal(m) || d.ID() != id {
			t.Errorf("%s: read back as %s, %v", banner, back, err)
		}
	}
}

// What ACS has no token for is a fault, and no definition is made.
func TestControlsCannotSay(t *testing.T) {
	for _, banner := range []string{
		"SECRET//REL TO USA, FVEY", "SECRET//ORCON/NOFORN", "SECRET//RELIDO", "SECRET//FGI GBR//NOFORN", "//GBR SECRET", "//JOINT SECRET GBR USA",
		"SECRET//DISPLAY ONLY GBR", "SECRET//RD//NOFORN", "TOP SECRET//SI-G ABCD//ORCON/NOFORN", "SECRET//SAR-BP//NOFORN",
		"UNCLASSIFIED//LES NOFORN", "UNCLASSIFIED//SBU", "SECRET//NOFORN//EXDIS", "SECRET//IMCON/NOFORN",
	} {
		d, err := stix.FromMarking(mark(t, banner), origin)
		if err == nil {
			t.Errorf("%s: %s", banner, d.JSON())
			continue
		}
		for _, rule := range rules(t, err) {
			if rule != "stix.acs.unsaid" {
				t.Errorf("%s: rule %s", banner, rule)
			}
		}
	}
	if d, err := stix.FromMarking(marking.Marking{}, origin); err == nil {
		t.Errorf("zero marking: %s", d.JSON())
	}
	bad := origin
	bad.ID, bad.Custodian = "not-a-uuid", ""
	if d, err := stix.FromMarking(mark(t, "SECRET"), bad); err == nil {
		t.Errorf("no id: %s", d.JSON())
	}
	bad.ID = uuid
	if d, err := stix.FromMarking(mark(t, "SECRET"), bad); err == nil {
		t.Errorf("no custodian: %s", d.JSON())
	}
}

// What a us mark cannot say of a control set is a fault.
func TestControlSetCannotBeSaid(t *testing.T) {
	for name, c := range map[string]stix.ControlSet{
		"zero":                {},
		"lower case":          {Classification: "s"},
		"programme":           {Classification: "U", Determinations: []string{"AIS"}},
		"public release":      {Classification: "U", Determinations: []string{"PUBREL"}},
		"personal data":       {Classification: "U", Caveats: []string{"POSSIBLEPII"}},
		"proprietary":         {Classification: "U", Caveats: []string{"CISAPROPRIETARY"}},
		"PR is no PROPIN":     {Classification: "U", Sensitivities: []string{"PR"}},
		"entities":            {Classification: "TS", Entities: []string{"GOV", "MIL"}},
		"organisations":       {Classification: "U", Organizations: []string{"USA.USG"}},
		"community":           {Classification: "U", Shareability: []string{"LE"}},
		"category":            {Classification: "U", Categories: []string{"LAC12"}},
		"USA alone":           {Classification: "S", Nationalities: []string{"USA"}},
		"without USA":         {Classification: "S", Nationalities: []string{"GBR", "CAN"}},
		"a coalition":         {Classification: "S", Nationalities: []string{"USA", "FVEY"}},
		"members unknown":     {Classification: "S", Nationalities: []string{"USA", "CLFC"}},
		"no nation":           {Classification: "S", Nationalities: []string{"USA", "ZZZ"}},
		"everybody":           {Classification: "S", Nationalities: []string{"ALL"}},
		"nations and NF":      {Classification: "S", Nationalities: []string{"USA", "GBR"}, Determinations: []string{"NF"}},
		"FOUO, classified":    {Classification: "S", Determinations: []string{"FOUO"}},
		"a control of SCI":    {Classification: "S", SCI: []string{"NF"}},
		"a list of SCI":       {Classification: "S", SCI: []string{"SI//REL TO USA, GBR"}},
		"a release in SCI":    {Classification: "S", SCI: []string{"RELIDO"}},
		"unknown SCI":         {Classification: "S", SCI: []string{"QQQ"}},
		"an owner as a level": {Classification: "//GBR S"},
	} {
		if m, err := c.Marking(); err == nil || !m.IsZero() {
			t.Errorf("%s: %s, %v", name, m, err)
		} else {
			rules(t, err)
		}
	}
}

// Everything that an ACS can say, written and read.
func TestNewACS(t *testing.T) {
	years := 25
	a := stix.ACS{
		Identifier: identifier, Name: "Harbour <survey> & more", Created: created, Custodian: "USA.DOA", Originator: "PRIVATESECTOR",
		Authority: []string{"urn:isa:authority:misa"}, Policy: stix.PolicyReference(stix.Deny, stix.Permit),
		Original:         &stix.Classified{By: "A. Dee", On: created, Reason: "1.4(c)", Compilation: "taken together"},
		Derivative:       &stix.Classified{By: "B. Cee", On: created, From: "Guide 7"},
		Declassification: &stix.Declassification{Exemption: "25X1", Period: &years, Date: created, Event: "the end of the survey"},
		Disposition:      &stix.Disposition{Date: created, Process: "destruction"},
		Release:          &stix.PublicRelease{By: "C. Bee", On: created},
		Privileges: []stix.Privilege{
			{Action: stix.Intel, Effect: stix.Permit, Scope: stix.Scope{
				Nationalities: []string{"USA", "GBR"}, Organizations: []string{"USA.DOA"}, Shareability: []string{"NCC"}, Entities: []string{"ALL"},
			}},
			{Action: stix.All, Effect: stix.Deny, Scope: stix.Scope{Entities: []string{"CTR"}}},
		},
		Sharings: []stix.Sharing{{Scope: []string{"FOREIGNGOV"}, Effect: stix.Deny}},
		Controls: stix.ControlSet{
			Classification: "TS", SCI: []string{"SI"}, Categories: []string{"LAC12"}, Determinations: []string{"AIS"}, Caveats: []string{"FISA"},
			Sensitivities: []string{"PCII"}, Shareability: []string{"EM"}, Entities: []string{"GOV"}, Nationalities: []string{"USA"}, Organizations: []string{"USA.USG"},
		},
	}
	d, err := stix.NewACS(uuid, origin.Created, a)
	if err != nil {
		t.Fatal(err)
	}
	got, ok := d.ACS()
	if diff := cmp.Diff(a, got, cmpopts.IgnoreUnexported(stix.ACS{})); diff != "" || !ok {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	if again := read(t, string(d.JSON())); string(again.JSON()) != string(d.JSON()) {
		t.Errorf("read again: %s", again.JSON())
	}
	p, s, ok := got.Defaults()
	if p != stix.Deny || s != stix.Permit || !ok {
		t.Errorf("defaults %s, %s, %v", p, s, ok)
	}
	for name, spoil := range map[string]func(*stix.ACS){
		"scope of nobody": func(a *stix.ACS) { a.Privileges[0].Scope = stix.Scope{} },
		"unknown action":  func(a *stix.ACS) { a.Privileges[0].Action = "PRINT" },
		"no policy":       func(a *stix.ACS) { a.Policy = "urn:isa:policy:acs:ns:v3.0" },
		"no identifier":   func(a *stix.ACS) { a.Identifier = "" },
		"no level":        func(a *stix.ACS) { a.Controls.Classification = "" },
		"unknown entity":  func(a *stix.ACS) { a.Controls.Entities = []string{"NPE"} },
	} {
		b := a
		b.Privileges = append([]stix.Privilege(nil), a.Privileges...)
		spoil(&b)
		if d, err := stix.NewACS(uuid, origin.Created, b); err == nil {
			t.Errorf("%s: %s", name, d.JSON())
		}
	}
}
