package stix_test

import (
	"fmt"
	"time"

	"tearline/marking"
	"tearline/marking/stix"
)

func ExampleFromMarking() {
	m, err := marking.Parse("SECRET//REL TO USA, GBR")
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err := stix.FromMarking(m, stix.Origin{
		ID:         "0f9d3b5e-6c1a-4a57-9e0e-5b8d2c7f4a10",
		Identifier: "isa:guide.999191.ACS3-6a0e4c1d-2f3b-4d58-8a97-1c5e7b9d0f24",
		Created:    time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC),
		Custodian:  "USA.DOA",
		Privileges: stix.Permit, Sharing: stix.Permit,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	acs, _ := d.ACS()
	fmt.Println(acs.Controls.Classification, acs.Controls.Nationalities)
	back, err := d.Marking()
	fmt.Println(back, err)
	// Output:
	// S [USA GBR]
	// SECRET//REL TO USA, GBR <nil>
}

func ExampleApply() {
	object := `{"type":"report","name":"The Strelsau ferry","description":"Seen at the pier.",
		"object_marking_refs":["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"],
		"granular_markings":[{"marking_ref":"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1","selectors":["description"]}]}`
	marked, err := stix.Apply([]byte(object), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, selector := range []string{"name", "description", ""} {
		m, err := marked.Marking(selector)
		fmt.Printf("%q %s %v\n", selector, m, err)
	}
	// Output:
	// "name" TLP:GREEN <nil>
	// "description" TLP:RED <nil>
	// "" TLP:RED <nil>
}

func ExampleACS_Permits() {
	acs := stix.ACS{
		Policy:   stix.PolicyReference(stix.Deny, stix.Deny),
		Controls: stix.ControlSet{Classification: "U"},
		Privileges: []stix.Privilege{{
			Action: stix.NetworkDefence, Effect: stix.Permit, Scope: stix.Scope{Nationalities: []string{"USA", "GBR"}},
		}},
	}
	subject := stix.Subject{Nationalities: []string{"GBR"}, Clearance: "U"}
	for _, action := range []stix.Action{stix.NetworkDefence, stix.Intel} {
		d := acs.Permits(subject, action)
		fmt.Println(action, d.Permit, d.Reasons[len(d.Reasons)-1].Text)
	}
	// Output:
	// NETDEF true a rule permits NETDEF
	// INTEL false no rule is about INTEL, and the default is deny
}
