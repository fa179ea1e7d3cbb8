package stix_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline/marking/stix"
)

// anyone meets whatever these tests ask for.
var anyone = stix.Subject{
	Nationalities: []string{"USA"}, Organizations: []string{"USA.DOA.LAB", "USA.DOA", "USA.USG"}, Shareability: []string{"NCC", "LE"},
	Entities: []string{"GOV"}, Clearance: "TS", Authorised: []string{"FD:FOUO", "SENS:LES", "SCI:SI", "LAC:LAC12", "CVT:CISAPROPRIETARY"},
}

func with(change func(*stix.Subject)) stix.Subject {
	s := anyone
	change(&s)
	return s
}

const everyone = `{"permitted_nationalities":["ALL"],"permitted_organizations":["ALL"],"shareability":["ALL"],"entity":["ALL"]}`

func rule(action, effect, scope string) string {
	return `{"privilege_action":"` + action + `","rule_effect":"` + effect + `","privilege_scope":` + scope + `}`
}

func acsOf(t *testing.T, object string) stix.ACS {
	t.Helper()
	a, ok := read(t, object).ACS()
	if !ok {
		t.Fatalf("no ACS: %s", object)
	}
	return a
}

func TestAdmits(t *testing.T) {
	foreigner := with(func(s *stix.Subject) { s.Nationalities = []string{"GBR"} })
	both := with(func(s *stix.Subject) { s.Nationalities = []string{"GBR", "USA"} })
	for name, tt := range map[string]struct {
		set     string
		subject stix.Subject
		permit  bool
	}{
		"level":                   {`{"classification":"TS"}`, anyone, true},
		"level too high":          {`{"classification":"S"}`, with(func(s *stix.Subject) { s.Clearance = "C" }), false},
		"nobody known":            {`{"classification":"U"}`, stix.Subject{}, false},
		"unknown clearance":       {`{"classification":"U"}`, stix.Subject{Clearance: "COSMIC"}, false},
		"unclassified":            {`{"classification":"U"}`, stix.Subject{Clearance: "U"}, true},
		"NF":                      {`{"classification":"U","formal_determination":["NF"]}`, anyone, true},
		"NF, foreigner":           {`{"classification":"U","formal_determination":["NF"]}`, foreigner, false},
		"NF, of two":              {`{"classification":"U","formal_determination":["NF"]}`, both, true},
		"NF, unknown":             {`{"classification":"U","formal_determination":["NF"]}`, stix.Subject{Clearance: "U"}, false},
		"nations":                 {`{"classification":"U","permitted_nationalities":["USA","GBR"]}`, foreigner, true},
		"other nations":           {`{"classification":"U","permitted_nationalities":["USA","CAN"]}`, foreigner, false},
		"organisation":            {`{"classification":"U","permitted_organizations":["USA.USG"]}`, anyone, true},
		"parent not named":        {`{"classification":"U","permitted_organizations":["USA.DOA"]}`, with(func(s *stix.Subject) { s.Organizations = []string{"USA.DOA.LAB"} }), false},
		"group not named":         {`{"classification":"U","permitted_organizations":["USA.USG"]}`, with(func(s *stix.Subject) { s.Organizations = []string{"USA.DOA"} }), false},
		"entity":                  {`{"classification":"U","entity":["MIL","GOV"]}`, anyone, true},
		"other entity":            {`{"classification":"U","entity":["MIL","CTR"]}`, anyone, false},
		"community":               {`{"classification":"U","shareability":["LE"]}`, anyone, true},
		"other community":         {`{"classification":"U","shareability":["IC"]}`, anyone, false},
		"law enforcement":         {`{"classification":"U","sensitivity":["LES"]}`, anyone, true},
		"law enforcement, no":     {`{"classification":"U","sensitivity":["LES"]}`, stix.Subject{Clearance: "TS"}, false},
		"read in":                 {`{"classification":"TS","sci_controls":["SI"]}`, anyone, true},
		"not read in":             {`{"classification":"TS","sci_controls":["SI","TK"]}`, anyone, false},
		"category":                {`{"classification":"U","logical_authority_category":["LAC12"]}`, anyone, true},
		"other category":          {`{"classification":"U","logical_authority_category":["LAC13"]}`, anyone, false},
		"official use":            {`{"classification":"U","formal_determination":["FOUO"]}`, anyone, true},
		"official use, no":        {`{"classification":"U","formal_determination":["FOUO"]}`, stix.Subject{Clearance: "U"}, false},
		"describes the content":   {`{"classification":"U","formal_determination":["AIS","PUBREL","NO-PII-PRESENT"],"caveat":["FISA","POSSIBLEPII"]}`, stix.Subject{Clearance: "U"}, true},
		"proprietary":             {`{"classification":"U","caveat":["CISAPROPRIETARY"]}`, stix.Subject{Clearance: "U"}, false},
		"unknown word":            {`{"classification":"U","sensitivity":["XYZ"]}`, with(func(s *stix.Subject) { s.Authorised = []string{"SENS:XYZ"} }), false},
		"unknown property":        {`{"classification":"U","and":"not that"}`, anyone, false},
		"all conditions, not one": {`{"classification":"U","entity":["GOV"],"permitted_nationalities":["CAN"]}`, anyone, false},
	} {
		a := acsOf(t, acsJSON(permitAll, controls(tt.set)))
		if d := a.Admits(tt.subject); d.Permit != tt.permit || len(d.Reasons) == 0 {
			t.Errorf("%s: %v", name, d)
		}
		if d := a.Permits(tt.subject, stix.Display); d.Permit != tt.permit {
			t.Errorf("%s: display %v", name, d)
		}
		if d := a.Shares(tt.subject); d.Permit != tt.permit {
			t.Errorf("%s: shares %v", name, d)
		}
	}
}

func TestPermits(t *testing.T) {
	usa, doa, sltt := `{"permitted_nationalities":["USA"]}`, `{"permitted_organizations":["USA.DOA"]}`, `{"permitted_organizations":["USA.SLTT"]}`
	lab := with(func(s *stix.Subject) { s.Organizations = []string{"USA.DOA.LAB"} })
	unknown := stix.Subject{Clearance: "TS"}
	for name, tt := range map[string]struct {
		policy  string
		rules   string
		subject stix.Subject
		action  stix.Action
		permit  bool
	}{
		"default permits":                {permitAll, "", unknown, stix.Intel, true},
		"default denies":                 {denyAll, "", anyone, stix.Intel, false},
		"no readable default":            {"urn:isa:policy:acs:ns:v3.0", "", anyone, stix.Intel, false},
		"rule permits":                   {denyAll, rule("INTEL", "permit", everyone), unknown, stix.Intel, true},
		"rule for another action":        {denyAll, rule("INTEL", "permit", everyone), anyone, stix.Legal, false},
		"rule for all":                   {denyAll, rule("ALL", "permit", everyone), anyone, stix.TearLine, true},
		"deny beats permit":              {permitAll, rule("INTEL", "permit", everyone) + "," + rule("INTEL", "deny", usa), anyone, stix.Intel, false},
		"deny beats permit, first":       {permitAll, rule("ALL", "deny", usa) + "," + rule("INTEL", "permit", everyone), anyone, stix.Intel, false},
		"deny of others":                 {permitAll, rule("INTEL", "deny", `{"permitted_nationalities":["GBR"]}`), anyone, stix.Intel, true},
		"deny, nationality unknown":      {permitAll, rule("INTEL", "deny", `{"permitted_nationalities":["GBR"]}`), unknown, stix.Intel, false},
		"permit, nationality unknown":    {denyAll, rule("INTEL", "permit", usa), unknown, stix.Intel, false},
		"each property, permit":          {denyAll, rule("INTEL", "permit", `{"permitted_nationalities":["USA"],"entity":["CTR"]}`), anyone, stix.Intel, false},
		"each property, deny":            {permitAll, rule("INTEL", "deny", `{"permitted_nationalities":["USA"],"entity":["CTR"]}`), anyone, stix.Intel, true},
		"permit, child of organisation":  {denyAll, rule("INTEL", "permit", doa), lab, stix.Intel, false},
		"deny, child of organisation":    {permitAll, rule("INTEL", "deny", doa), lab, stix.Intel, false},
		"deny, parent of organisation":   {permitAll, rule("INTEL", "deny", `{"permitted_organizations":["USA.DOA.LAB.X"]}`), lab, stix.Intel, false},
		"deny, like-named organisation":  {permitAll, rule("INTEL", "deny", `{"permitted_organizations":["USA.DOALAB"]}`), lab, stix.Intel, true},
		"deny, group":                    {permitAll, rule("INTEL", "deny", sltt), lab, stix.Intel, false},
		"permit, group":                  {denyAll, rule("INTEL", "permit", sltt), lab, stix.Intel, false},
		"all actions":                    {permitAll, "", anyone, stix.All, true},
		"all actions but one":            {permitAll, rule("ANONYMOUSACCESS", "deny", everyone), anyone, stix.All, false},
		"no such action":                 {permitAll, rule("ALL", "permit", everyone), anyone, "PRINT", false},
		"no action":                      {permitAll, "", anyone, "", false},
		"unknown action in a rule":       {permitAll, rule("PRINT", "permit", everyone), anyone, stix.Intel, false},
		"unknown effect":                 {permitAll, rule("LEGAL", "maybe", everyone), anyone, stix.Intel, false},
		"unknown community in a scope":   {permitAll, rule("INTEL", "permit", `{"shareability":["XX"]}`), anyone, stix.Intel, false},
		"unknown property in a scope":    {permitAll, rule("INTEL", "permit", `{"entity":["ALL"],"until":"then"}`), anyone, stix.Intel, false},
		"scope of nothing":               {permitAll, rule("INTEL", "permit", `{}`), anyone, stix.Intel, false},
		"not admitted, though permitted": {permitAll, rule("INTEL", "permit", everyone), stix.Subject{}, stix.Intel, false},
	} {
		more := ""
		if tt.rules != "" {
			more = `,"access_privilege":[` + tt.rules + `]`
		}
		a := acsOf(t, acsJSON(tt.policy, more+controls(`{"classification":"U"}`)))
		d := a.Permits(tt.subject, tt.action)
		if d.Permit != tt.permit {
			t.Errorf("%s: %v", name, d)
		}
		var denies bool
		for _, r := range d.Reasons {
			denies = denies || !r.Permit
			if r.Rule == "" || r.Text == "" {
				t.Errorf("%s: reason %+v", name, r)
			}
		}
		if denies == d.Permit {
			t.Errorf("%s: permit %v, and its reasons %v", name, d.Permit, d.Reasons)
		}
	}
}

func TestShares(t *testing.T) {
	permitSharing := stix.PolicyReference(stix.Deny, stix.Permit)
	sector := with(func(s *stix.Subject) { s.Organizations = []string{"SECTOR"} })
	for name, tt := range map[string]struct {
		policy, rules string
		with          stix.Subject
		permit        bool
	}{
		"default permits":   {permitSharing, "", sector, true},
		"default denies":    {denyAll, "", sector, false},
		"rule permits":      {denyAll, `{"sharing_scope":["SECTOR"],"rule_effect":"permit"}`, sector, true},
		"rule for others":   {denyAll, `{"sharing_scope":["FOREIGNGOV"],"rule_effect":"permit"}`, sector, false},
		"rule denies":       {permitSharing, `{"sharing_scope":["USA.DOA"],"rule_effect":"deny"}`, anyone, false},
		"deny beats permit": {permitSharing, `{"sharing_scope":["USA.DOA"],"rule_effect":"permit"},{"sharing_scope":["USA.DOA.LAB"],"rule_effect":"deny"}`, anyone, false},
		"with nobody":       {permitSharing, `{"sharing_scope":["USA.DOE"],"rule_effect":"deny"}`, stix.Subject{Clearance: "U"}, false},
		"deny of others":    {permitSharing, `{"sharing_scope":["USA.DOE"],"rule_effect":"deny"}`, anyone, true},
		"unknown effect":    {permitSharing, `{"sharing_scope":["USA.DOE"],"rule_effect":"PERMIT"}`, anyone, false},
		"no scope":          {permitSharing, `{"rule_effect":"permit"}`, anyone, false},
	} {
		more := ""
		if tt.rules != "" {
			more = `,"further_sharing":[` + tt.rules + `]`
		}
		a := acsOf(t, acsJSON(tt.policy, more+controls(`{"classification":"U"}`)))
		if d := a.Shares(tt.with); d.Permit != tt.permit {
			t.Errorf("%s: %v", name, d)
		}
	}
}

func TestReasons(t *testing.T) {
	a := acsOf(t, acsJSON(denyAll, `,"access_privilege":[`+rule("INTEL", "permit", everyone)+`]`+controls(`{"classification":"S","entity":["GOV"]}`)))
	want := stix.Decision{Permit: false, Reasons: []stix.Reason{
		{Permit: true, Rule: "acs.classification", Cites: "control_set.classification", Text: `classification "S", clearance "TS"`},
		{Permit: true, Rule: "acs.entity", Cites: "control_set.entity", Text: "GOV, of which the subject has one"},
		{Permit: false, Rule: "acs.default", Cites: "policy_reference", Text: "no rule is about LEGAL, and the default is deny"},
	}}
	if diff := cmp.Diff(want, a.Permits(anyone, stix.Legal)); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}

// An ACS that somebody made denies where one that was read does.
func TestMadeByHand(t *testing.T) {
	good := stix.ACS{Policy: permitAll, Controls: stix.ControlSet{Classification: "U"}}
	if !good.Permits(anyone, stix.Intel).Permit || !good.Shares(anyone).Permit {
		t.Fatal("what permits everything denies")
	}
	everybody := stix.Scope{Entities: []string{"ALL"}}
	for name, spoil := range map[string]func(*stix.ACS){
		"no policy": func(a *stix.ACS) {
			a.Policy = ""
			a.Privileges = []stix.Privilege{{Action: stix.All, Effect: stix.Permit, Scope: everybody}}
			a.Sharings = []stix.Sharing{{Scope: []string{"ALL", "USA.DOA"}, Effect: stix.Permit}}
		},
		"unknown action": func(a *stix.ACS) {
			a.Privileges = []stix.Privilege{{Action: "PRINT", Effect: stix.Permit, Scope: everybody}}
		},
		"unread effect":          func(a *stix.ACS) { a.Privileges = []stix.Privilege{{Action: stix.Legal, Scope: everybody}} },
		"unread sharing":         func(a *stix.ACS) { a.Sharings = []stix.Sharing{{Scope: []string{"USA.DOE"}}} },
		"sharing with nobody":    func(a *stix.ACS) { a.Sharings = []stix.Sharing{{Effect: stix.Permit}} },
		"unknown classification": func(a *stix.ACS) { a.Controls.Classification = "R" },
	} {
		a := good
		spoil(&a)
		if d := a.Permits(anyone, stix.Intel); d.Permit {
			t.Errorf("%s: permits: %v", name, d)
		}
		if d := a.Shares(anyone); d.Permit {
			t.Errorf("%s: shares: %v", name, d)
		}
	}
}
