package stix_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"tearline/marking/stix"
)

func FuzzRead(f *testing.F) {
	for _, d := range stix.TLP() {
		f.Add(d.JSON())
	}
	f.Add([]byte(acsJSON(permitAll, `,"access_privilege":[`+rule("INTEL", "deny", everyone)+`],"further_sharing":[{"sharing_scope":["SECTOR"],"rule_effect":"permit"}]`+
		controls(`{"classification":"TS","sci_controls":["SI"],"formal_determination":["NF"],"permitted_nationalities":["USA","GBR"]}`))))
	f.Add([]byte(marked(`"`+white1+`"`, granule(white1, "labels.[0]", "external_references.[0].hashes"))))
	f.Add([]byte("{\"type\":\"marking-definition\",\"id\":\"" + id + "\",\"x\":[{\"\\ud800\":1,\"\":-0.0e1}]}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if marked, err := stix.Apply(data, nil); err == nil {
			for _, p := range marked.Parts {
				if _, err := marked.At(p.Selector); err != nil {
					t.Fatalf("part %q: %v", p.Selector, err)
				}
			}
		}
		d, err := stix.Read(data)
		if err != nil {
			return
		}
		var want bytes.Buffer
		if err := json.Compact(&want, data); err != nil || !bytes.Equal(want.Bytes(), d.JSON()) {
			t.Fatalf("%s became %s", data, d.JSON())
		}
		m, err := d.Marking()
		if m.IsZero() != (err != nil) {
			t.Fatalf("%s: marking %s, %v", data, m, err)
		}
		acs, ok := d.ACS()
		permit := acs.Permits(anyone, stix.Display).Permit
		if permit && (!ok || acs.Permits(stix.Subject{}, stix.Display).Permit) {
			t.Fatalf("%s: permits", data)
		}
	})
}
