package stix_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline/marking/stix"
)

const (
	white1 = "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"
	green2 = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
	amber2 = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"
	red2   = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
)

const report = `{"type":"report","id":"report--0f9d3b5e-6c1a-4a57-9e0e-5b8d2c7f4a11","name":"The Strelsau ferry","description":"Seen at the pier.",
	"labels":["ferry","pier"],"external_references":[{"source_name":"a desk","hashes":{"SHA-256":"00"}},{"source_name":"another"}]`

func marked(refs, granular string) string {
	s := report
	if refs != "" {
		s += `,"object_marking_refs":[` + refs + `]`
	}
	if granular != "" {
		s += `,"granular_markings":[` + granular + `]`
	}
	return s + "}"
}

func granule(ref string, selectors ...string) string {
	return `{"marking_ref":"` + ref + `","selectors":["` + strings.Join(selectors, `","`) + `"]}`
}

func ids(defs []stix.Definition) string {
	names := make([]string, len(defs))
	for i, d := range defs {
		names[i] = d.Name()
	}
	return strings.Join(names, " ")
}

func TestApply(t *testing.T) {
	own := read(t, acsJSON(permitAll, controls(`{"classification":"S","formal_determination":["NF"]}`)))
	defs := map[string]stix.Definition{id: own}
	object := marked(`"`+green2+`","`+green2+`"`, granule(amber2, "description", "external_references.[0]")+","+
		granule(red2, "external_references.[0].hashes.SHA-256", "labels.[1]", "description")+`,{"lang":"de","selectors":["name"]}`)
	m, err := stix.Apply([]byte(object), defs)
	if err != nil {
		t.Fatal(err)
	}
	if got := ids(m.Object); got != "TLP:GREEN" {
		t.Errorf("whole object: %s", got)
	}
	type part struct{ Selector, Definitions string }
	var parts []part
	for _, p := range m.Parts {
		parts = append(parts, part{p.Selector, ids(p.Definitions)})
	}
	if diff := cmp.Diff([]part{
		{"description", "TLP:AMBER TLP:RED"},
		{"external_references.[0]", "TLP:AMBER"},
		{"external_references.[0].hashes.SHA-256", "TLP:RED"},
		{"labels.[1]", "TLP:RED"},
	}, parts); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
	for selector, want := range map[string]string{
		"name":                                   "TLP:GREEN",
		"description":                            "TLP:RED",
		"labels":                                 "TLP:RED", // what is in it counts
		"labels.[0]":                             "TLP:GREEN",
		"labels.[1]":                             "TLP:RED",
		"external_references":                    "TLP:RED",
		"external_references.[0]":                "TLP:RED",
		"external_references.[0].source_name":    "TLP:AMBER", // and what is around it
		"external_references.[0].hashes.SHA-256": "TLP:RED",
		"external_references.[1].source_name":    "TLP:GREEN",
		"":                                       "TLP:RED",
	} {
		if got, err := m.Marking(selector); err != nil || got.Banner() != want {
			t.Errorf("%q: %s, %v; want %s", selector, got, err, want)
		}
	}
	for _, selector := range []string{"labels.[2]", "nothing", "name.[0]", "labels.x", "."} {
		if got, err := m.Marking(selector); err == nil || !got.IsZero() {
			t.Errorf("%q: %s", selector, got)
		}
	}
	m, err = stix.Apply([]byte(marked(`"`+id+`"`, granule(white1, "name"))), defs)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := m.Marking("description"); err != nil || got.Banner() != "SECRET//NOFORN" {
		t.Errorf("by its own definition: %s, %v", got, err)
	}
	if got, err := m.Marking("name"); err == nil || !got.IsZero() {
		t.Errorf("two policies: %s, %v", got, err)
	}
}

// What is not marked has no marking.
func TestApplyUnmarked(t *testing.T) {
	m, err := stix.Apply([]byte(marked("", granule(white1, "name"))), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := m.Marking("name"); err != nil || got.Banner() != "TLP:CLEAR" {
		t.Errorf("name: %s, %v", got, err)
	}
	if got, err := m.Marking("description"); err == nil || !got.IsZero() {
		t.Errorf("description: %s, %v", got, err)
	}
	// All that marks anything in it is clear, and yet most of it is unmarked.
	if got, err := m.Marking(""); err == nil || !got.IsZero() {
		t.Errorf("the whole object: %s, %v", got, err)
	}
	if got, err := (stix.Marked{}).Marking(""); err == nil || !got.IsZero() {
		t.Errorf("nothing: %s, %v", got, err)
	}
}

func TestApplyRefuses(t *testing.T) {
	other := "marking-definition--11111111-2222-4333-8444-555555555555"
	green := `"` + green2 + `"`
	for name, tt := range map[string]struct {
		object string
		rules  []string
	}{
		"unknown reference":      {marked(`"`+other+`"`, ""), []string{"stix.unresolved"}},
		"one of two unknown":     {marked(green+`,"`+other+`"`, ""), []string{"stix.unresolved"}},
		"unknown part":           {marked(green, granule(other, "name")), []string{"stix.unresolved"}},
		"another was given":      {marked(`"`+white1+`"`, ""), []string{"stix.unresolved"}},
		"reference to a report":  {marked(`"report--11111111-2222-4333-8444-555555555555"`, ""), []string{"stix.ref"}},
		"number for a reference": {marked(`1`, ""), []string{"stix.ref"}},
		"empty list":             {report + `,"object_marking_refs":[]}`, []string{"stix.type"}},
		"text for a list":        {report + `,"object_marking_refs":` + green + `}`, []string{"stix.type"}},
		"empty granular list":    {report + `,"granular_markings":[]}`, []string{"stix.type"}},
		"object for a list":      {report + `,"granular_markings":{}}`, []string{"stix.type"}},
		"no selectors":           {marked(green, `{"marking_ref":`+green+`}`), []string{"stix.missing"}},
		"empty selectors":        {marked(green, `{"marking_ref":`+green+`,"selectors":[]}`), []string{"stix.type"}},
		"neither":                {marked(green, `{"selectors":["name"]}`), []string{"stix.granular"}},
		"both":                   {marked(green, `{"marking_ref":`+green+`,"lang":"de","selectors":["name"]}`), []string{"stix.granular"}},
		"unknown property":       {marked(green, `{"marking_ref":`+green+`,"selectors":["name"],"unless":"x"}`), []string{"stix.unknown"}},
		"selects nothing":        {marked(green, granule(green2, "labels.[2]")), []string{"stix.selector"}},
		"index into a text":      {marked(green, granule(green2, "name.[0]")), []string{"stix.selector"}},
		"name in a list":         {marked(green, granule(green2, "labels.ferry")), []string{"stix.selector"}},
		"index with a zero":      {marked(green, granule(green2, "labels.[01]")), []string{"stix.selector"}},
		"negative index":         {marked(green, granule(green2, "labels.[-0]")), []string{"stix.selector"}},
		"index not closed":       {marked(green, granule(green2, "labels.[0")), []string{"stix.selector"}},
		"no full stop":           {marked(green, granule(green2, "labels[0]")), []string{"stix.selector"}},
		"empty component":        {marked(green, granule(green2, "labels..[0]")), []string{"stix.selector"}},
		"empty selector":         {marked(green, granule(green2, "")), []string{"stix.type"}},
		"of JSONPath":            {marked(green, granule(green2, "$.name")), []string{"stix.selector"}},
		"everything":             {marked(green, granule(green2, "*")), []string{"stix.selector"}},
		"bad selector of a lang": {marked(green, `{"lang":"de","selectors":["nothing"]}`), []string{"stix.selector"}},
		"marks itself":           {`{"type":"marking-definition","id":` + green + `,"object_marking_refs":[` + green + `]}`, []string{"stix.circular"}},
		"twice":                  {marked(green, "")[:len(marked(green, ""))-1] + `,"object_marking_refs":["` + white1 + `"]}`, []string{"stix.duplicate"}},
		"a list":                 {"[]", []string{"stix.object"}},
		"all faults":             {marked(`1,2`, granule(other, "x", "y")), []string{"stix.ref", "stix.ref", "stix.selector", "stix.selector"}},
	} {
		m, err := stix.Apply([]byte(tt.object), map[string]stix.Definition{white1: stix.TLP()[1]})
		if err == nil || m.Object != nil || m.Parts != nil {
			t.Errorf("%s: %v, %v", name, m, err)
			continue
		}
		if diff := cmp.Diff(tt.rules, rules(t, err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if got, err := m.Marking(""); err == nil || !got.IsZero() {
			t.Errorf("%s: marked %s", name, got)
		}
	}
}

func TestGranulars(t *testing.T) {
	got, err := stix.Granulars([]byte(marked("", granule(red2, "name", "nothing")+`,{"lang":"de","selectors":["name"]}`)))
	want := []stix.Granular{{Ref: red2, Selectors: []string{"name", "nothing"}}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("granular markings (-want +got):\n%s%v", diff, err)
	}
	if got, err := stix.Granulars([]byte(`{"granular_markings":[{}]}`)); err == nil {
		t.Errorf("no selectors: %v", got)
	}
	if got, err := stix.Granulars([]byte(`{}`)); err != nil || got == nil || len(got) != 0 {
		t.Errorf("none: %v, %v", got, err)
	}
}

// Hostile input costs what its length costs.
func TestHostileInput(t *testing.T) {
	n := stix.MaxSize - 100
	many := strings.TrimSuffix(strings.Repeat(`"`+white1+`",`, n/60), ",")
	props, selectors := make([]string, 60_000), make([]string, 60_000)
	for i := range props {
		props[i] = `"p` + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + time.Duration(i).String() + `":1`
		selectors[i] = "p"
	}
	for name, object := range map[string]string{
		"brackets":   strings.Repeat("[", 10<<20),
		"open":       strings.Repeat("[", n),
		"quotes":     strings.Repeat(`"`, n),
		"blanks":     strings.Repeat(" ", n),
		"references": `{"object_marking_refs":[` + many + `]}`,
		"selectors":  "{" + strings.Join(props, ",") + `,"granular_markings":[` + granule(white1, selectors...) + `]}`,
		"stops":      `{"granular_markings":[` + granule(white1, strings.Repeat(".", n)) + `]}`,
	} {
		start := time.Now()
		_, readErr := stix.Read([]byte(object))
		_, err := stix.Apply([]byte(object), nil)
		if readErr == nil || err == nil && name != "references" {
			t.Errorf("%s: read", name)
		}
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("%s: %v", name, d)
		}
	}
}
