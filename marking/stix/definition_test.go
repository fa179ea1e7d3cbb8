package stix_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline/marking"
	"tearline/marking/stix"
)

func TestPublishedTLP(t *testing.T) {
	type row struct{ ID, Name, Kind, Banner string }
	want := []row{
		{"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", "TLP:WHITE", "tlp 1", "TLP:CLEAR"},
		{"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", "TLP:GREEN", "tlp 1", "TLP:GREEN"},
		{"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", "TLP:AMBER", "tlp 1", "TLP:AMBER"},
		{"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "TLP:RED", "tlp 1", "TLP:RED"},
		{"marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", "TLP:CLEAR", "tlp 2.0", "TLP:CLEAR"},
		{"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "TLP:GREEN", "tlp 2.0", "TLP:GREEN"},
		{"marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", "TLP:AMBER", "tlp 2.0", "TLP:AMBER"},
		{"marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", "TLP:AMBER+STRICT", "tlp 2.0", "TLP:AMBER+STRICT"},
		{"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", "TLP:RED", "tlp 2.0", "TLP:RED"},
	}
	var got []row
	for _, d := range stix.TLP() {
		m, err := d.Marking()
		if err != nil {
			t.Errorf("%s: %v", d.ID(), err)
		}
		got = append(got, row{d.ID(), d.Name(), d.Kind().String(), m.Banner()})
		if d.Kind() != stix.KindTLP2 {
			continue
		}
		back, err := stix.FromMarking(m, stix.Origin{})
		if err != nil || string(back.JSON()) != string(d.JSON()) {
			t.Errorf("FromMarking(%s) = %s, %v", m, back.JSON(), err)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("published objects (-want +got):\n%s", diff)
	}
	strict := `{"type":"marking-definition","spec_version":"2.1","id":"marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",` +
		`"created":"2022-10-01T00:00:00.000Z","name":"TLP:AMBER+STRICT","extensions":{"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d":` +
		`{"extension_type":"property-extension","tlp_2_0":"amber+strict"}}}`
	if diff := cmp.Diff(strict, string(stix.TLP()[7].JSON())); diff != "" {
		t.Errorf("TLP:AMBER+STRICT (-want +got):\n%s", diff)
	}
}

// The table of levels agrees with the one in the shared data.
func TestSharedTLPTable(t *testing.T) {
	data, err := os.ReadFile("../../../shared/data/markings/tlp_pap.tsv")
	if err != nil {
		t.Skip("the shared table is not here")
	}
	byID := map[string]stix.Definition{}
	for _, d := range stix.TLP() {
		byID[d.ID()] = d
	}
	rows := 0
	for line := range strings.Lines(string(data)) {
		cols := strings.Split(line, "\t")
		if !strings.HasPrefix(cols[0], "TLP") {
			continue
		}
		rows++
		if d := byID[cols[3]]; d.Name() != cols[1] {
			t.Errorf("%s is %q, the table says %q", cols[3], d.Name(), cols[1])
		}
	}
	if rows != 6 {
		t.Errorf("%d rows of TLP, want 6", rows)
	}
}

func TestReadRefuses(t *testing.T) {
	green := string(stix.TLP()[1].JSON())
	deep := strings.Repeat("[", stix.MaxDepth) + strings.Repeat("]", stix.MaxDepth)
	for name, tt := range map[string]struct{ object, rule string }{
		"nothing":         {"", "stix.json"},
		"half":            {green[:len(green)-1], "stix.json"},
		"two":             {green + green, "stix.json"},
		"array":           {"[" + green + "]", "stix.definition"},
		"another type":    {replace(t, green, `"type":"marking-definition"`, `"type":"indicator"`), "stix.definition"},
		"no id":           {`{"type":"marking-definition"}`, "stix.id"},
		"id of another":   {replace(t, green, `"marking-definition--3`, `"identity--3`), "stix.id"},
		"upper case id":   {replace(t, green, "34098fce", "34098FCE"), "stix.id"},
		"twice":           {replace(t, green, `"definition":`, `"name":"TLP:RED","definition":`), "stix.duplicate"},
		"twice, escaped":  {replace(t, green, `"definition":`, `"n\u0061me":"TLP:RED","definition":`), "stix.duplicate"},
		"twice, deep":     {replace(t, green, `{"tlp":"green"}`, `{"tlp":"green","x":[{"y":1,"y":1}]}`), "stix.duplicate"},
		"not UTF-8":       {replace(t, green, "TLP:GREEN", "TLP:\xff"), "stix.utf8"},
		"too deep":        {replace(t, green, `{"tlp":"green"}`, deep), "stix.depth"},
		"too many values": {replace(t, green, `{"tlp":"green"}`, "["+strings.Repeat("1,", stix.MaxValues)+"1]"), "stix.values"},
		"too long":        {green + strings.Repeat(" ", stix.MaxSize), "stix.size"},
	} {
		d, err := stix.Read([]byte(tt.object))
		if err == nil {
			t.Errorf("%s: read as %s", name, d.JSON())
			continue
		}
		if diff := cmp.Diff([]string{tt.rule}, rules(t, err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What is wrong, or not known, in a definition is kept and grants nothing.
func TestMarkingFaults(t *testing.T) {
	white, green, amber2 := string(stix.TLP()[0].JSON()), string(stix.TLP()[1].JSON()), string(stix.TLP()[6].JSON())
	statement := `{"type":"marking-definition","spec_version":"2.1","id":"` + id + `","created":"` + created +
		`","definition_type":"statement","definition":{"statement":"For the Ruritanian desk."}}`
	acs := acsJSON(permitAll, controls(`{"classification":"U"}`))
	for name, tt := range map[string]struct {
		object string
		rules  []string
	}{
		"statement":                {statement, []string{"stix.statement"}},
		"empty statement":          {replace(t, statement, "For the Ruritanian desk.", ""), []string{"stix.type"}},
		"statement with a TLP id":  {replace(t, statement, uuid, "613f2e26-407d-48c7-9eca-b8e91df99dc9"), []string{"stix.tlp.id"}},
		"level of another id":      {replace(t, green, `"tlp":"green"`, `"tlp":"white"`), []string{"stix.tlp.id", "stix.tlp.name"}},
		"name of another level":    {replace(t, green, "TLP:GREEN", "TLP:WHITE"), []string{"stix.tlp.name"}},
		"name of TLP 2":            {replace(t, white, "TLP:WHITE", "TLP:CLEAR"), []string{"stix.tlp.name"}},
		"upper case level":         {replace(t, green, `"tlp":"green"`, `"tlp":"GREEN"`), []string{"stix.tlp.level"}},
		"level of no TLP 1":        {replace(t, green, `"tlp":"green"`, `"tlp":"clear"`), []string{"stix.tlp.level"}},
		"own id":                   {replace(t, green, "34098fce-860f-48ae-8e50-ebd3cc5e41da", uuid), []string{"stix.tlp.id"}},
		"no level":                 {replace(t, green, `{"tlp":"green"}`, `{}`), []string{"stix.missing", "stix.tlp.level"}},
		"level is a number":        {replace(t, green, `"tlp":"green"`, `"tlp":1`), []string{"stix.type", "stix.tlp.level"}},
		"more in the definition":   {replace(t, green, `"tlp":"green"`, `"tlp":"green","but":"x"`), []string{"stix.unknown"}},
		"more in the object":       {replace(t, green, `"definition":`, `"x_only":"red","definition":`), []string{"stix.unknown"}},
		"another version":          {replace(t, green, `"2.1"`, `"2.2"`), []string{"stix.literal"}},
		"no created":               {replace(t, green, `"created":"2017-01-20T00:00:00.000Z",`, ``), []string{"stix.missing"}},
		"created at no time":       {replace(t, green, `2017-01-20T00:00:00.000Z`, `then`), []string{"stix.type"}},
		"unknown type":             {replace(t, green, `"definition_type":"tlp"`, `"definition_type":"x-iep"`), []string{"stix.kinds", "stix.tlp.id"}},
		"no definition":            {replace(t, green, `,"definition":{"tlp":"green"}`, ``), []string{"stix.kinds", "stix.tlp.id"}},
		"two kinds":                {replace(t, amber2, `"extensions":`, `"definition_type":"tlp","extensions":`), []string{"stix.kinds", "stix.tlp.id"}},
		"TLP 2 without a name":     {replace(t, amber2, `"name":"TLP:AMBER",`, ``), []string{"stix.tlp.name"}},
		"TLP 2 without a version":  {replace(t, amber2, `"spec_version":"2.1",`, ``), []string{"stix.missing"}},
		"TLP 2 of another type":    {replace(t, amber2, "property-extension", "toplevel-property-extension"), []string{"stix.literal"}},
		"TLP 2, more in it":        {replace(t, amber2, `"tlp_2_0":"amber"`, `"tlp_2_0":"amber","x":1`), []string{"stix.unknown"}},
		"TLP 2, another level":     {replace(t, amber2, `"tlp_2_0":"amber"`, `"tlp_2_0":"clear"`), []string{"stix.tlp.id", "stix.tlp.name"}},
		"unknown extension":        {replace(t, amber2, stix.TLP2Extension, "extension-definition--"+uuid), []string{"stix.extension", "stix.tlp.id"}},
		"extension beside":         {replace(t, amber2, `"extensions":{`, `"extensions":{"extension-definition--`+uuid+`":{},`), []string{"stix.kinds", "stix.extension"}},
		"extensions are a text":    {replace(t, statement, `"definition_type":"statement","definition":{"statement":"For the Ruritanian desk."}`, `"extensions":"x"`), []string{"stix.kinds"}},
		"ACS with a TLP id":        {replace(t, acs, uuid, "613f2e26-407d-48c7-9eca-b8e91df99dc9"), []string{"stix.tlp.id"}},
		"ACS, unknown property":    {replace(t, acs, `"classification":"U"`, `"classification":"U","x":["y"]`), []string{"stix.unknown"}},
		"ACS, unknown level":       {replace(t, acs, `"classification":"U"`, `"classification":"R"`), []string{"stix.vocabulary"}},
		"ACS, no policy":           {replace(t, acs, `"policy_reference":"`+permitAll+`",`, ``), []string{"stix.missing"}},
		"ACS, other separator":     {acsJSON("urn:isa:policy:acs:ns:v3.0?privdefault=permit?sharedefault=permit", controls(`{"classification":"U"}`)), []string{"stix.acs.policy"}},
		"ACS, two policies":        {acsJSON(permitAll+" "+denyAll, controls(`{"classification":"U"}`)), []string{"stix.acs.policy"}},
		"ACS, policy and another":  {acsJSON(permitAll+" urn:x:y", controls(`{"classification":"U"}`)), []string{"stix.acs.policy"}},
		"ACS, empty list":          {replace(t, acs, `"classification":"U"`, `"classification":"U","caveat":[]`), []string{"stix.type"}},
		"ACS, unknown caveat":      {replace(t, acs, `"classification":"U"`, `"classification":"U","caveat":["NOFORN"]`), []string{"stix.vocabulary"}},
		"ACS, default of deny":     {acsJSON(denyAll, controls(`{"classification":"U"}`)), []string{"stix.acs.limits", "stix.acs.limits"}},
		"ACS, period as a text":    {acsJSON(permitAll, `,"declassification":{"declass_period":"25"}`+controls(`{"classification":"U"}`)), []string{"stix.type"}},
		"ACS, declassifies nohow":  {acsJSON(permitAll, `,"declassification":{}`+controls(`{"classification":"U"}`)), []string{"stix.missing"}},
		"ACS, derived from naught": {acsJSON(permitAll, `,"derivative_classification":{"classified_by":"A. Dee"}`+controls(`{"classification":"U"}`)), []string{"stix.missing"}},
		"ACS, everybody and more": {acsJSON(permitAll, `,"access_privilege":[{"privilege_action":"INTEL","rule_effect":"permit","privilege_scope":{"entity":["ALL","GOV"]}}]`+
			controls(`{"classification":"U"}`)), []string{"stix.acs.all"}},
		"ACS, a rule denies": {acsJSON(permitAll, `,"access_privilege":[{"privilege_action":"INTEL","rule_effect":"deny","privilege_scope":{"entity":["ALL"]}}],`+
			`"further_sharing":[{"sharing_scope":["SECTOR"],"rule_effect":"deny"}]`+controls(`{"classification":"U"}`)), []string{"stix.acs.limits", "stix.acs.limits"}},
	} {
		d := read(t, tt.object)
		m, err := d.Marking()
		if !m.IsZero() || err == nil {
			t.Errorf("%s: marking %q, %v", name, m, err)
			continue
		}
		if diff := cmp.Diff(tt.rules, rules(t, err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s\n%v", name, diff, err)
		}
		if string(d.JSON()) != compacted(t, tt.object) {
			t.Errorf("%s: written as %s", name, d.JSON())
		}
		if acs, ok := d.ACS(); ok && name != "ACS, default of deny" && name != "ACS, a rule denies" {
			if dec := acs.Permits(anyone, stix.Display); dec.Permit {
				t.Errorf("%s: permits: %v", name, dec)
			}
		}
	}
	if text, ok := read(t, statement).Statement(); !ok || text != "For the Ruritanian desk." {
		t.Errorf("statement %q, %v", text, ok)
	}
}

// Form is nobody's meaning: blanks, escapes, order and who made it.
func TestMarkingWhateverForm(t *testing.T) {
	for name, object := range map[string]string{
		"STIX 2.0": `{"type":"marking-definition","id":"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
			"created":"2017-01-20T00:00:00.000Z","definition_type":"tlp","definition":{"tlp":"amber"}}`,
		"order and escapes": `{"definition":{"tlp":"\u0061mber"},"name":"TLP:AMB\u0045R","definition_type":"tlp", "created":"2017-01-20T00:00:00Z",
			"id":"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82","spec_version":"2.1","type":"marking-definition"}`,
		"maker": `{"type":"marking-definition","spec_version":"2.1","id":"marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421","created":"2022-10-01T00:00:00.000Z",
			"created_by_ref":"identity--` + uuid + `","external_references":[{"source_name":"x","n":1.50e+2}],"object_marking_refs":["` + id + `"],"name":"TLP:AMBER",
			"extensions":{"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d":{"tlp_2_0":"amber","extension_type":"property-extension"}}}`,
	} {
		d := read(t, object)
		m, err := d.Marking()
		if err != nil || m.Banner() != "TLP:AMBER" {
			t.Errorf("%s: %s, %v", name, m, err)
		}
		if string(d.JSON()) != compacted(t, object) {
			t.Errorf("%s: written as %s", name, d.JSON())
		}
	}
}

func TestZeroDefinition(t *testing.T) {
	var d stix.Definition
	m, err := d.Marking()
	if !m.IsZero() || err == nil || d.JSON() != nil && len(d.JSON()) > 0 || d.Kind() != stix.KindUnknown {
		t.Errorf("zero definition: %s, %v, %q", m, err, d.JSON())
	}
	if a, ok := d.ACS(); ok || a.Permits(anyone, stix.Display).Permit || a.Shares(anyone).Permit || a.Admits(anyone).Permit {
		t.Error("a zero ACS grants something")
	}
	if stix.Kind(99).String() != "unknown" || stix.Effect(99).String() != "unread" {
		t.Error("what is no kind or effect has a name")
	}
}

func TestCombine(t *testing.T) {
	all := stix.TLP()
	secret := read(t, acsJSON(permitAll, controls(`{"classification":"S","permitted_nationalities":["USA","GBR"]}`)))
	noforn := read(t, acsJSON(permitAll, controls(`{"classification":"C","formal_determination":["NF"]}`)))
	for name, tt := range map[string]struct {
		defs  []stix.Definition
		want  string
		rules []string
	}{
		"none":         {nil, "", []string{"stix.unmarked"}},
		"one":          {all[1:2], "TLP:GREEN", nil},
		"highest":      {[]stix.Definition{all[8], all[4], all[0]}, "TLP:RED", nil},
		"white, clear": {[]stix.Definition{all[0], all[4]}, "TLP:CLEAR", nil},
		"us":           {[]stix.Definition{secret, noforn}, "SECRET//NOFORN", nil},
		"two policies": {[]stix.Definition{secret, all[4]}, "", []string{"rollup.policy"}},
		"with a zero":  {[]stix.Definition{all[4], {}}, "", []string{"stix.definition"}},
	} {
		m, err := stix.Combine(tt.defs...)
		if tt.rules != nil {
			if !m.IsZero() || err == nil {
				t.Errorf("%s: %s, %v", name, m, err)
			} else if diff := cmp.Diff(tt.rules, rules(t, err)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
			continue
		}
		if err != nil || m.Banner() != tt.want {
			t.Errorf("%s: %s, %v", name, m, err)
		}
	}
}

func TestFaultsAreBounded(t *testing.T) {
	many := strings.Repeat(`"BAD",`, 500)
	d := read(t, acsJSON(permitAll, controls(`{"classification":"U","caveat":[`+many+`"BAD"]}`)))
	_, err := d.Marking()
	if n := len(rules(t, err)); n != marking.MaxFaults {
		t.Errorf("%d faults, want %d", n, marking.MaxFaults)
	}
}
