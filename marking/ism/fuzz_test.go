package ism_test

import (
	"slices"
	"testing"

	"tearline/marking/ism"
)

// consistent holds what was read against what it says and is written as.
func consistent(t *testing.T, a ism.Attributes) {
	t.Helper()
	forms(t, a)
	line, portion := a.Banner(), a.Portion()
	m, err := a.Marking()
	if (err == nil) == m.IsZero() {
		t.Fatalf("%s: %v beside %v", a, m, err)
	}
	if err != nil {
		return
	}
	if line != m.Banner() || portion != m.Portion() {
		t.Errorf("%s: %s, %s; want %s, %s", a, line, portion, m.Banner(), m.Portion())
	}
	b, err := ism.FromMarking(m)
	if err != nil {
		t.Fatalf("%s: %v: %v", a, m, err)
	}
	if back, err := b.Marking(); err != nil || back != m {
		t.Errorf("%s: %v, then %s, %v, %v", a, m, b, back, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`classification="S" ownerProducer="USA" SCIcontrols="SI" disseminationControls="OC REL" releasableTo="USA GBR NATO:PfP"`)
	f.Add(`ism:classification='TS' ownerProducer="NATO:KFOR" nonUSControls="ATOMAL" {urn:x}y="&amp;" z="1"`)
	f.Add(`classification="S" ownerProducer="GBR USA" joint="true" SARIdentifier="SAR-DNI:A_B-C-D" atomicEnergyMarkings="RD RD-SG-14" secondBannerLine="ACPI"`)
	f.Fuzz(func(t *testing.T, s string) {
		if a, err := ism.Parse(s); err == nil {
			consistent(t, a)
		} else if a != nil {
			t.Errorf("%q: %v beside %v", s, a, err)
		}
	})
}

func FuzzParseJSON(f *testing.F) {
	f.Add([]byte(`{"classification":"S","ownerProducer":["USA"],"disseminationControls":"NF  OC","{urn:x}y":"z"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if a, err := ism.ParseJSON(data); err == nil {
			consistent(t, a)
		}
	})
}

func FuzzParseXML(f *testing.F) {
	f.Add([]byte(`<p xmlns="urn:d" xmlns:ism="urn:us:gov:ic:ism" id="1" xml:lang="en" ism:classification="S" ism:ownerProducer="USA"><q/>x</p>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := ism.ParseXML(data)
		if err != nil {
			return
		}
		consistent(t, e.Attributes)
		out, err := e.XML()
		if err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		if back, err := ism.ParseXML(out); err != nil || back.Space != e.Space || back.Name != e.Name || !slices.Equal(back.Attributes, e.Attributes) {
			t.Errorf("%s: %s: %v, %v", data, out, back, err)
		}
	})
}
