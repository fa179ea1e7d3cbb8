package ism_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline/marking"
	"tearline/marking/ism"
)

// forms writes the attributes in each form and reads them again.
func forms(t interface {
	Helper()
	Errorf(format string, args ...any)
}, a ism.Attributes,
) {
	t.Helper()
	same := func(form, text string, got ism.Attributes, err error) {
		t.Helper()
		if err != nil || !slices.Equal(a, got) {
			t.Errorf("%s: %s is read as %v, %v; want %v", form, text, got, err, a)
		}
	}
	got, err := ism.Parse(a.String())
	same("text", a.String(), got, err)
	data, err := a.MarshalJSON()
	if err != nil {
		t.Errorf("%v: %v", a, err)
	}
	got, err = ism.ParseJSON(data)
	same("JSON", string(data), got, err)
	e := ism.Element{Space: "urn:example:document", Name: "para", Attributes: a}
	data, err = e.XML()
	if err != nil {
		t.Errorf("%v: %v", a, err)
	}
	back, err := ism.ParseXML(data)
	same("XML", string(data), back.Attributes, err)
	if back.Space != e.Space || back.Name != e.Name {
		t.Errorf("XML: %s is read as %s %s", data, back.Space, back.Name)
	}
}

func TestForms(t *testing.T) {
	for text, want := range map[string]ism.Attributes{
		"":                   nil,
		" \n ":               nil,
		`classification="S"`: {{Name: "classification", Value: "S"}},
		` ism:classification = 'S'
			ism:ownerProducer="USA  GBR"`: {{Name: "classification", Value: "S"}, {Name: "ownerProducer", Value: "USA  GBR"}},
		`derivedFrom="A &amp; B &#34;C&quot; &lt;&#x4e;&apos;"`: {{Name: "derivedFrom", Value: `A & B "C" <N'`}},
		`releasableTo="" zzz="not known" arh:level="1" {urn:x}a="b" {-}id="7" {urn:us:gov:ic:ism}joint="true"`: {
			{Name: "releasableTo"},
			{Name: "zzz", Value: "not known"},
			{Space: "arh", Name: "level", Value: "1"},
			{Space: "urn:x", Name: "a", Value: "b"},
			{Space: ism.Unqualified, Name: "id", Value: "7"},
			{Name: "joint", Value: "true"},
		},
		"disseminationControls=\"\tNF\n OC \"": {{Name: "disseminationControls", Value: "\tNF\n OC "}},
	} {
		got := parse(t, text)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
		forms(t, got)
	}
}

func TestXML(t *testing.T) {
	e, err := ism.ParseXML([]byte(`<?xml version="1.0"?>
<Resource xmlns="urn:doc" xmlns:m="urn:us:gov:ic:ism" xmlns:n="urn:us:gov:ic:ntk" id="r1" m:classification="S" xml:lang="en" m:future="?" n:DESVersion="7"><p m:classification="U"/>text</Resource>`))
	if err != nil {
		t.Fatal(err)
	}
	want := ism.Element{Space: "urn:doc", Name: "Resource", Attributes: ism.Attributes{
		{Space: ism.Unqualified, Name: "id", Value: "r1"},
		{Name: "classification", Value: "S"},
		{Space: "http://www.w3.org/XML/1998/namespace", Name: "lang", Value: "en"},
		{Name: "future", Value: "?"},
		{Space: "urn:us:gov:ic:ntk", Name: "DESVersion", Value: "7"},
	}}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	data, err := e.XML()
	if want := `<n3:Resource xmlns:ism="urn:us:gov:ic:ism" xmlns:n3="urn:doc" xmlns:n4="urn:us:gov:ic:ntk" id="r1" ism:classification="S" xml:lang="en" ism:future="?" n4:DESVersion="7"/>`; err != nil || string(data) != want {
		t.Errorf("%s, %v; want %s", data, err, want)
	}
	for _, e := range []ism.Element{{Name: "a"}, {Space: ism.Namespace, Name: "b"}, {Space: ism.Unqualified, Name: "c"}} {
		data, err := e.XML()
		if err != nil {
			t.Errorf("%v: %v", e, err)
		}
		if got, err := ism.ParseXML(data); err != nil || !cmp.Equal(e, got) {
			t.Errorf("%s: %v, %v", data, got, err)
		}
	}
	for _, bad := range []string{
		"", "<a", "<a/><b/>", `<!DOCTYPE a><a/>`,
		`<a xmlns:x="urn:us:gov:ic:ism" xmlns:y="urn:us:gov:ic:ism" x:joint="true" y:joint="false"/>`,
		`<a ism:classification="S"/>`, // nothing says what the prefix stands for
		`<a xmlns:x="-" x:id="1"/>`, `<a xmlns:x="{" x:id="1"/>`, `<a xmlns:x="xmlns" x:y="1" y="2" y="3"/>`,
	} {
		var faults marking.Faults
		if e, err := ism.ParseXML([]byte(bad)); !errors.As(err, &faults) || e.Name != "" || e.Attributes != nil {
			t.Errorf("%s: %v, %v; want faults", bad, e, err)
		}
	}
}

func TestJSON(t *testing.T) {
	const text = `{"classification":"S","ownerProducer":["USA"],"disseminationControls":["REL"],"releasableTo":["USA","GBR"],"joint":"false"}`
	a, err := ism.ParseJSON([]byte(text))
	if err != nil || a.Portion() != "(S//REL TO USA, GBR)" {
		t.Fatalf("%v, %v", a, err)
	}
	if data, err := json.Marshal(a); err != nil || string(data) != text {
		t.Errorf("%s, %v; want %s", data, err, text)
	}
	var b struct{ A ism.Attributes }
	if err := json.Unmarshal([]byte(`{"A":`+text+`}`), &b); err != nil || !slices.Equal(a, b.A) {
		t.Errorf("%v, %v", b, err)
	}
	for _, bad := range []string{
		"", "null", "[]", `"S"`, "{", `{"a"}`, `{"a":1}`, `{"a":null}`, `{"a":{}}`, `{"a":["b",1]}`, `{"a":["b c"]}`, `{"a":[""]}`, `{"a":["b"`,
		`{"a":"b"} x`, `{"a":"b","a":"c"}`, `{"a":"b","ism:a":"c"}`, `{"a b":"c"}`, `{"":"c"}`, `{"a":"\u0000"}`, "{\"a\":\"\xff\"}", `{"xmlns":"x"}`,
	} {
		var faults marking.Faults
		if a, err := ism.ParseJSON([]byte(bad)); !errors.As(err, &faults) || a != nil {
			t.Errorf("%s: %v, %v; want faults", bad, a, err)
		}
	}
	for _, bad := range []ism.Attributes{
		{{Name: "a b"}},
		{{Name: "a"}, {Name: "a"}},
		{{Name: "a", Value: "\x00"}},
		{{Space: ism.Namespace, Name: "a"}},
	} {
		if data, err := bad.MarshalJSON(); err == nil {
			t.Errorf("%v is written %s", bad, data)
		}
		if data, err := (ism.Element{Name: "p", Attributes: bad}).XML(); err == nil {
			t.Errorf("%v is written %s", bad, data)
		}
		if m, err := bad.Marking(); err == nil {
			t.Errorf("%v is marked %v", bad, m)
		}
	}
}

// All faults are reported, each at its place.
func TestParseFaults(t *testing.T) {
	for text, want := range map[string][]string{
		`classification`:    {"ism.value classification"},
		`classification="S`: {"ism.value "},
		`classification=S`:  {"ism.value classification"},
		`="S"`:              {"ism.name "},
		`7="S"`:             {"ism.name 7"},
		`a="1" a="2" b="&" c="<" d="&#0;" e="1"f="2"`: {"ism.twice a", "ism.value &", "ism.value <", "ism.character d", "ism.value "},
		`xmlns:ism="urn:us:gov:ic:ism"`:               {"ism.name xmlns:ism"},
		`{urn:x}="1"`:                                 {"ism.name {urn:x}"},
		`p:="1"`:                                      {"ism.name p:"},
		"a=\"\xff\"":                                  {"ism.character a"},
		strings.Repeat(" ", ism.MaxLength+1):          {"ism.length " + strings.Repeat(" ", ism.MaxLength+1)},
	} {
		a, err := ism.Parse(text)
		var faults marking.Faults
		if !errors.As(err, &faults) || a != nil {
			t.Errorf("%.60q: %v, %v", text, a, err)
			continue
		}
		var got []string
		for _, f := range faults {
			got = append(got, f.Rule+" "+text[f.Offset:f.Offset+f.Length])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%.60q (-want +got):\n%s", text, diff)
		}
	}
	many := ""
	for i := range ism.MaxAttributes + 1 {
		many += "a" + strings.Repeat("b", i) + `="" `
	}
	if a, err := ism.Parse(many); err == nil {
		t.Errorf("%d attributes are read", len(a))
	}
}

// What is valid, and the canonical attributes that it comes back as.
func TestMarking(t *testing.T) {
	for _, c := range []struct{ in, portion, out string }{
		{`classification="U" ownerProducer="USA"`, "(U)", ""},
		{`disseminationControls="NF RS OC" SCIcontrols="SI-G TK SI" classification="TS" ownerProducer="USA"`, "(TS//SI-G/TK//RS/OC/NF)", `classification="TS" ownerProducer="USA" SCIcontrols="SI SI-G TK" disseminationControls="RS OC NF"`},
		{`classification="TS" ownerProducer="USA" SCIcontrols="HCS HCS-P HCS-P-XYZ RSV RSV-ABC" disseminationControls="OC NF"`, "(TS//HCS-P XYZ/RSV-ABC//OC/NF)", ""},
		{`classification="S" ownerProducer="USA" disseminationControls="OC OC-USGOV REL RELIDO"`, "", ""},
		{`classification="S" ownerProducer="USA" disseminationControls="OC OC-USGOV NF"`, "(S//OC-USGOV/NF)", ""},
		{`classification="S" ownerProducer="USA" disseminationControls="REL RELIDO" releasableTo="USA GBR NATO GBR"`, "(S//REL TO USA, GBR, NATO/RELIDO)", `classification="S" ownerProducer="USA" disseminationControls="REL RELIDO" releasableTo="USA GBR NATO"`},
		{`classification="S" ownerProducer="USA" disseminationControls="REL" releasableTo="USA AUSTRALIA_GROUP"`, "(S//REL TO USA, AUSTRALIA_GROUP)", ""},
		{`classification="S" ownerProducer="USA" disseminationControls="REL DISPLAYONLY" releasableTo="USA AUS" displayOnlyTo="AFG IRQ"`, "(S//REL TO USA, AUS/DISPLAY ONLY AFG, IRQ)", ""},
		{`classification="S" ownerProducer="USA" disseminationControls="EYES" releasableTo="USA AUS GBR"`, "(S//USA/AUS/GBR EYES ONLY)", ""},
		{`classification="S" ownerProducer="USA" atomicEnergyMarkings="RD-SG-20 RD RD-SG-14 RD-CNWDI" disseminationControls="NF"`, "(S//RD-CNWDI-SG 14 20//NF)", `classification="S" ownerProducer="USA" atomicEnergyMarkings="RD RD-CNWDI RD-SG-14 RD-SG-20" disseminationControls="NF"`},
		{`classification="U" ownerProducer="USA" atomicEnergyMarkings="DCNI UCNI"`, "(U//DCNI/UCNI)", ""},
		{`classification="S" ownerProducer="USA" SARIdentifier="SAR-DNI:BUTTER_POPCORN SAR-DNI:BP SAR-DNI:BP-J12-J54 SAR-DNI:BP-J12" disseminationControls="NF"`, "(S//SAR-BP-J12 J54/BUTTER POPCORN//NF)", `classification="S" ownerProducer="USA" SARIdentifier="SAR-DNI:BP SAR-DNI:BP-J12 SAR-DNI:BP-J12-J54 SAR-DNI:BUTTER_POPCORN" disseminationControls="NF"`},
		{`classification="S" ownerProducer="USA" SARIdentifier="SAR-DHS:S:BP" disseminationControls="NF"`, "(S//SAR-BP//NF)", `classification="S" ownerProducer="USA" SARIdentifier="SAR-DNI:BP" disseminationControls="NF"`},
		{`classification="S" ownerProducer="USA" FGIsourceOpen="NATO DEU GBR" disseminationControls="NF"`, "(S//FGI DEU GBR NATO//NF)", `classification="S" ownerProducer="USA" FGIsourceOpen="DEU GBR NATO" disseminationControls="NF"`},
		{`classification="S" ownerProducer="USA" FGIsourceOpen="UNKNOWN" disseminationControls="NF"`, "(S//FGI//NF)", `classification="S" ownerProducer="USA" FGIsourceProtected="FGI" disseminationControls="NF"`},
		{`classification="S" ownerProducer="USA" FGIsourceOpen="GBR" FGIsourceProtected="DEU" disseminationControls="NF"`, "(S//FGI//NF)", `classification="S" ownerProducer="USA" FGIsourceProtected="FGI" disseminationControls="NF"`},
		{`classification="S" ownerProducer="USA" FGIsourceOpen="NATO" nonUSControls="BALK NATO-ATOMAL" highWaterNATO="NATO-C" disseminationControls="NF"`, "(S//BALK//ATOMAL//FGI NATO//NF)", `classification="S" ownerProducer="USA" FGIsourceOpen="NATO" nonUSControls="NATO-ATOMAL NATO-BALK" disseminationControls="NF"`},
		{`classification="R" ownerProducer="GBR"`, "(//GBR R)", ""},
		{`classification="S" ownerProducer="GBR" FGIsourceOpen="GBR"`, "(//GBR S)", `classification="S" ownerProducer="GBR"`},
		{`classification="S" ownerProducer="FGI" FGIsourceProtected="FGI" disseminationControls="NF"`, "(//FGI S//NF)", ""},
		{`classification="TS" ownerProducer="NATO" nonUSControls="NATO-BOHEMIA"`, "(//CTS//BOHEMIA)", ""},
		{`classification="S" ownerProducer="NATO:KFOR" disseminationControls="REL" releasableTo="USA NATO"`, "(//NKFORS//REL TO USA, NATO)", ""},
		{`classification="S" ownerProducer="USA GBR" joint="1" disseminationControls="REL" releasableTo="USA GBR"`, "(//JOINT S GBR USA//REL TO USA, GBR)", `classification="S" ownerProducer="GBR USA" joint="true" disseminationControls="REL" releasableTo="USA GBR"`},
		{`classification="U" ownerProducer="USA" nonICmarkings="SSI LES-NF DS"`, "(U//DS/LES-NF/SSI)", `classification="U" ownerProducer="USA" nonICmarkings="DS LES-NF SSI"`},
		{`classification="U" ownerProducer="USA" nonICmarkings="SBU-NF"`, "(U//SBU-NF)", ""},
		{`classification="S" ownerProducer="USA" disseminationControls="NF" nonICmarkings="XD"`, "(S//NF//XD)", ""},
		{`classification="S" ownerProducer="USA" disseminationControls="NF EXEMPT_FROM_ICD501_DISCOVERY" classifiedBy="A" {-}id="7" noticeType="POC"`, "(S//NF)", `classification="S" ownerProducer="USA" disseminationControls="NF"`},
	} {
		a := parse(t, c.in)
		m, err := a.Marking()
		if c.portion == "" {
			if err == nil {
				t.Errorf("%s: %v, want faults", c.in, m)
			}
			continue
		}
		if err != nil || m.Portion() != c.portion || a.Portion() != c.portion || a.Banner() != m.Banner() {
			t.Errorf("%s: %v, %v; %s; want %s", c.in, m, err, a.Portion(), c.portion)
			continue
		}
		b, err := ism.FromMarking(m)
		want := c.out
		if want == "" {
			want = c.in
		}
		if diff := cmp.Diff(want, b.String()); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", c.in, err, diff)
		}
		if back, err := b.Marking(); err != nil || back != m {
			t.Errorf("%s: %v, %v", b, back, err)
		}
	}
}

// What is not understood, or no mark can say, is a fault and nobody's.
func TestRefused(t *testing.T) {
	const s = `classification="S" ownerProducer="USA" `
	for in, rule := range map[string]string{
		``:                                                            "ism.token",
		`ownerProducer="USA"`:                                         "ism.token",
		`classification="S"`:                                          "ism.owner",
		`classification="s" ownerProducer="USA"`:                      "ism.token",
		`classification="R" ownerProducer="USA"`:                      "form.level",
		s + `joint="maybe"`:                                           "ism.token",
		s + `joint="true"`:                                            "form.joint",
		s + `future="1"`:                                              "ism.attribute",
		s + `Classification="U"`:                                      "ism.attribute",
		s + `arh:level="1"`:                                           "ism.attribute",
		s + `{urn:us:gov:ic:ntk}access="x"`:                           "ism.attribute",
		s + `disseminationControls="NOFORN"`:                          "ism.token",
		s + `disseminationControls="XX"`:                              "ism.token",
		s + `disseminationControls="NF/OC"`:                           "ism.token",
		s + `SCIcontrols="SI//NF"`:                                    "ism.token",
		s + `SCIcontrols="SI TK-"`:                                    "ism.token",
		s + `SCIcontrols="SI-G"`:                                      "ISM-ID-00388",
		s + `SCIcontrols="SI SI-G-ABCD"`:                              "ISM-ID-00388",
		s + `SCIcontrols="QQ"`:                                        "form.token",
		s + `atomicEnergyMarkings="RD-SG-14"`:                         "ISM-ID-00183",
		s + `atomicEnergyMarkings="SG-14"`:                            "ism.token",
		s + `nonUSControls="NATO-X"`:                                  "ism.token",
		s + `nonICmarkings="LIMDIS"`:                                  "ism.token",
		s + `nonICmarkings="ACCM-"`:                                   "ism.token",
		s + `FGIsourceOpen="GBR/NF"`:                                  "ism.token",
		s + `FGIsourceOpen="FGI"`:                                     "ism.token",
		s + `FGIsourceOpen="QQQ"`:                                     "ism.token",
		s + `FGIsourceProtected="FGI QQQ"`:                            "ism.token",
		s + `disseminationControls=" "`:                               "ism.empty",
		s + `disseminationControls="REL"`:                             "ISM-ID-00031",
		s + `releasableTo="USA GBR"`:                                  "ISM-ID-00032",
		s + `displayOnlyTo="AFG"`:                                     "ISM-ID-00168",
		s + `disseminationControls="DISPLAYONLY"`:                     "ISM-ID-00213",
		s + `disseminationControls="REL" releasableTo="GBR"`:          "ISM-ID-00214",
		s + `disseminationControls="REL" releasableTo="USA NATO:PfP"`: "form.code",
		s + `disseminationControls="OC-USGOV"`:                        "ISM-ID-00302",
		s + `disseminationControls="REL NF" releasableTo="USA GBR"`:   "ISM-ID-00033",
		s + `highWaterNATO="NATO-X" FGIsourceOpen="NATO"`:             "ism.token",
		s + `highWaterNATO="NATO-TS" FGIsourceOpen="NATO"`:            "ISM-ID-00525",
		s + `highWaterNATO="NATO-C"`:                                  "ISM-ID-00522",
		s + `secondBannerLine="ACPI"`:                                 "ism.second-line",
		s + `handleViaChannels="X"`:                                   "ism.second-line",
		s + `SARIdentifier="SAR-DOD:BP"`:                              "ism.program",
		s + `SARIdentifier="BP"`:                                      "ism.token",
		s + `SARIdentifier="SAR-XXX:BP"`:                              "ism.token",
		s + `SARIdentifier="SAR-DNI:Q:BP"`:                            "ism.token",
		s + `SARIdentifier="SAR-DNI:bp"`:                              "ism.token",
		`classification="S" ownerProducer="USA GBR"`:                  "ism.owner",
		`classification="S" ownerProducer="FGI GBR" joint="true"`:     "ISM-ID-00099",
		`classification="S" ownerProducer="NATO:PfP"`:                 "form.case",
		`classification="S" ownerProducer="GBR" FGIsourceOpen="DEU"`:  "form.source",
		`classification="U" ownerProducer="USA" cuiBasic="LEI//NF"`:   "ism.token",
		`classification="TS" ownerProducer="USA" compliesWith="USA-CUI-ONLY" secondBannerLine="X"`: "ism.second-line",
	} {
		m, err := parse(t, in).Marking()
		var faults marking.Faults
		if !errors.As(err, &faults) || !m.IsZero() {
			t.Errorf("%s: %v, %v; want a fault", in, m, err)
			continue
		}
		if !slices.ContainsFunc(faults, func(f marking.Fault) bool { return f.Rule == rule }) {
			t.Errorf("%s: %v; want %s", in, faults, rule)
		}
	}
	var zero ism.Attributes
	if m, err := zero.Marking(); err == nil || !m.IsZero() || zero.Banner() != "" || zero.Portion() != "" {
		t.Errorf("the zero attributes: %v, %v, %q, %q", m, err, zero.Banner(), zero.Portion())
	}
	tlp, _ := marking.Lookup("tlp")
	for _, m := range []marking.Marking{{}, tlp.Lowest()} {
		if a, err := ism.FromMarking(m); err == nil || a != nil {
			t.Errorf("%v: %v, %v; want a fault", m, a, err)
		}
	}
}

// Lines of what is no valid mark: nothing that the document says is left out.
func TestLines(t *testing.T) {
	for in, want := range map[string]string{
		`classification="S" ownerProducer="USA" disseminationControls="XX NF"`:                         "SECRET//NOFORN/XX",
		`classification="S" ownerProducer="USA" SCIcontrols="SI QQ" atomicEnergyMarkings="ZZ"`:         "SECRET//QQ/SI//ZZ",
		`classification="S" ownerProducer="USA" nonICmarkings="ZZ SSI"`:                                "SECRET//SSI/ZZ",
		`classification="X" ownerProducer="USA"`:                                                       "X",
		`classification="S" ownerProducer="USA" disseminationControls="REL"`:                           "SECRET//REL",
		`classification="S" ownerProducer="USA" disseminationControls="EYES DISPLAYONLY"`:              "SECRET//EYES ONLY/DISPLAY ONLY",
		`classification="TS" ownerProducer="NATO:KFOR"`:                                                "//NATO KFOR TOP SECRET",
		`classification="S" ownerProducer="NATO" nonUSControls="ZZ"`:                                   "//NATO SECRET//ZZ",
		`classification="S" ownerProducer="GBR" FGIsourceOpen="DEU"`:                                   "//GBR SECRET//FGI DEU",
		`compliesWith="USA-CUI-ONLY"`:                                                                  "CUI",
		`classification="S" ownerProducer="USA" secondBannerLine="HVCO ZZ" disseminationControls="NF"`: "SECRET//NOFORN|HANDLE VIA CHANNELS ONLY/ZZ",
	} {
		if got := parse(t, in).Banner(); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

func TestHostile(t *testing.T) {
	start := time.Now()
	for _, c := range []string{"<", "a", "=", `"`, " ", "&", "{", "[", `a="`, `{"a":`, "&#1;"} {
		for _, n := range []int{10 << 20, ism.MaxLength} {
			s := strings.Repeat(c, n/len(c))
			if a, err := ism.Parse(s); err == nil && len(a) > 0 {
				t.Errorf("%q: %d attributes", c, len(a))
			}
			if a, err := ism.ParseJSON([]byte(s)); err == nil {
				t.Errorf("%q: %d attributes of JSON", c, len(a))
			}
			if e, err := ism.ParseXML([]byte(s)); err == nil {
				t.Errorf("%q: %d attributes of XML", c, len(e.Attributes))
			}
		}
		for _, name := range []string{ism.SCIControls, ism.ReleasableTo, ism.Dissemination, ism.AtomicEnergyMarkings} {
			a := ism.Attributes{{Name: ism.Classification, Value: "S"}, {Name: ism.OwnerProducer, Value: "USA"}, {Name: name, Value: strings.Repeat(c+" ", ism.MaxLength/2)}}
			if m, err := a.Marking(); err == nil {
				t.Errorf("%q: %v", c, m)
			}
			a.Banner()
		}
	}
	if d := time.Since(start); d > 10*time.Second {
		t.Errorf("it took %v", d)
	}
}
