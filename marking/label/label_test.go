package label_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline/marking"
	"tearline/marking/label"
	"tearline/marking/spif"
)

func file(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func read(tb testing.TB, name string) *label.Label {
	tb.Helper()
	l, err := label.Read(file(tb, "testdata/"+name))
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return l
}

func harbour(tb testing.TB) *spif.Policy {
	tb.Helper()
	p, err := spif.Read(file(tb, "../spif/testdata/harbour.xml"))
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// rules lists the rules of an error's faults, in order.
func rules(err error) []string {
	faults, ok := err.(marking.Faults) //nolint:errorlint // that it is one is what is tested
	if err != nil && !ok {
		return []string{"not Faults"}
	}
	var out []string
	for _, f := range faults {
		out = append(out, f.Rule)
	}
	slices.Sort(out)
	return out
}

func TestRead(t *testing.T) {
	l := read(t, "full.xml")
	if err := l.Validate(); err != nil {
		t.Error(err)
	}
	values := func(words ...string) []label.Value {
		var out []label.Value
		for _, w := range words {
			out = append(out, label.Value{Form: "GenericValue", Text: w})
		}
		return out
	}
	want := &label.Label{
		Kind: label.KindOriginator, ID: "label-1", ReviewDateTime: "2031-01-31T00:00:00Z",
		Information: label.Information{
			Policy:         label.Field{Text: "Harbour", URI: "urn:oid:2.25.7001"},
			Classification: label.Field{Text: "crew"},
			PrivacyMark:    &label.Field{Text: "BURSAR"},
			Categories: []label.Category{
				{TagName: "Cargo", Type: label.TypeRestrictive, URI: "urn:oid:2.25.7001.1", Values: values("FUEL")},
				{TagName: "decks", Type: label.TypePermissive, Values: values("Aft", "MAIN")},
				{TagName: "Watches", Type: label.TypeInformative, Values: values("First Dog")},
			},
		},
		OriginatorID:     &label.Originator{IDType: "rfc822Name", Text: "mate@harbour.example"},
		CreationDateTime: &label.Field{Text: "2026-01-31T12:00:00.5+01:00"},
		Succession: &label.Succession{
			DateTime: label.Field{Text: "2027-01-01T00:00:00Z"},
			Successor: label.Label{
				Kind: label.KindSuccessor,
				Information: label.Information{
					Policy: label.Field{Text: "HARBOUR"}, Classification: label.Field{Text: "OPEN"},
				},
				CreationDateTime: &label.Field{Text: "2026-01-31T12:00:00Z"},
			},
		},
	}
	if diff := cmp.Diff(want, l); diff != "" {
		t.Error(diff)
	}
}

// TestKept: what the standard does not know is written again as it was, and
// makes the label invalid.
func TestKept(t *testing.T) {
	l := read(t, "unknown.xml")
	attrs := func(x label.Extra) []string {
		var out []string
		for _, a := range x.Attrs {
			out = append(out, a.Space+" "+a.Name+"="+a.Value)
		}
		return out
	}
	c := l.Information.Categories[0]
	for _, x := range []struct {
		got  []string
		want []string
	}{
		{attrs(l.Extra), []string{"http://www.w3.org/XML/1998/namespace lang=en", `urn:invented:x stamp=blue & "round"`, " Colour=blue"}},
		{attrs(l.Information.Extra), []string{"urn:invented:x a=1"}},
		{attrs(l.Information.Policy.Extra), []string{" URL=urn:oid:2.25.7001"}},
		{attrs(l.Information.Classification.Extra), []string{"urn:invented:x b=2", "urn:invented:y b=3"}},
		{attrs(c.Extra), []string{"urn:invented:x c="}},
		{attrs(c.Values[0].Extra), []string{"urn:invented:x d="}},
		{c.Elements, []string{`<HexValue xmlns="` + label.Namespace + `">0F</HexValue>`}},
		{l.Information.Elements, []string{
			`<x:Marking xmlns="` + label.Namespace + `" xmlns:x="urn:invented:x" y:q="v" z="w" xmlns:y="urn:invented:other">text ` +
				`<x:b xsi:type="y:T" xmlns:xsi="urn:xsi"/><!-- a comment --> <![CDATA[<&>]]> tail</x:Marking>`,
		}},
		{l.Elements, []string{
			`<CustodianConfidentialityLabel xmlns="` + label.Namespace + `">of an older draft</CustodianConfidentialityLabel>`,
			`<plain xmlns=""><slab:deep xmlns:slab="urn:deep"/></plain>`,
		}},
	} {
		if diff := cmp.Diff(x.want, x.got); diff != "" {
			t.Error(diff)
		}
	}
	var unknown int
	for _, r := range rules(l.Validate()) {
		if r == "label.unknown" {
			unknown++
		}
	}
	if unknown != 13 {
		t.Errorf("%d unknown, want 13: %v", unknown, l.Validate())
	}
	data, err := l.XML()
	if err != nil {
		t.Fatal(err)
	}
	again, err := label.Read(data)
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	if diff := cmp.Diff(l, again); diff != "" {
		t.Errorf("%s\n%s", diff, data)
	}
	twice, err := again.XML()
	if err != nil || string(twice) != string(data) {
		t.Errorf("%v\n%s\n%s", err, data, twice)
	}
	if s, err := label.ToSPIF(l, harbour(t)); err == nil || !s.Equal(spif.Label{}) {
		t.Errorf("%v, %v", s, err)
	}
}

// TestUnknownDenies: one thing that the standard does not know, wherever it is.
func TestUnknownDenies(t *testing.T) {
	base, p := string(file(t, "testdata/full.xml")), harbour(t)
	for _, x := range []struct{ old, new string }{
		{`Id="label-1"`, `Id="label-1" x="1"`},
		{`<slab:ConfidentialityInformation>`, `<slab:ConfidentialityInformation x="1">`},
		{`<slab:ConfidentialityInformation>`, `<slab:ConfidentialityInformation><x/>`},
		{`URI="urn:oid:2.25.7001">`, `URI="urn:oid:2.25.7001" x="1">`},
		{`<slab:Classification>`, `<slab:Classification x="1">`},
		{`<slab:PrivacyMark>`, `<slab:PrivacyMark URI="urn:oid:1.2">`},
		{`TagName="Cargo"`, `TagName="Cargo" x="1"`},
		{`<slab:GenericValue>FUEL`, `<slab:GenericValue x="1">FUEL`},
		{`<slab:GenericValue>FUEL`, `<x/><slab:GenericValue>FUEL`},
		{`IDType=`, `x="1" IDType=`},
		{`<slab:CreationDateTime>`, `<slab:CreationDateTime x="1">`},
		{`<slab:SuccessionHandling>`, `<slab:SuccessionHandling x="1">`},
		{`<slab:SuccessionHandling>`, `<slab:SuccessionHandling><x/>`},
		{`<slab:SuccessionDateTime>`, `<slab:SuccessionDateTime x="1">`},
		{`<slab:SuccessorConfidentialityLabel>`, `<slab:SuccessorConfidentialityLabel x="1">`},
		{`</slab:SuccessorConfidentialityLabel>`, `<slab:SuccessionHandling/></slab:SuccessorConfidentialityLabel>`},
		{`</slab:originatorConfidentialityLabel>`, `<x xmlns="urn:x"/></slab:originatorConfidentialityLabel>`},
	} {
		data := strings.Replace(base, x.old, x.new, 1)
		l, err := label.Read([]byte(data))
		if data == base || err != nil {
			t.Errorf("%q: %v", x.new, err)
			continue
		}
		if got := rules(l.Valid()); !slices.Equal(got, []string{"label.unknown"}) {
			t.Errorf("%q: %v", x.new, l.Valid())
		}
		if s, err := label.ToSPIF(l, p); err == nil || !s.Equal(spif.Label{}) {
			t.Errorf("%q converts to %v", x.new, s)
		}
		out, err := l.XML()
		if err != nil {
			t.Errorf("%q: %v", x.new, err)
		}
		if again, err := label.Read(out); err != nil || cmp.Diff(l, again) != "" {
			t.Errorf("%q: %v %s", x.new, err, cmp.Diff(l, again))
		}
	}
}

func TestReadFaults(t *testing.T) {
	base := string(file(t, "testdata/full.xml"))
	for _, x := range []struct{ old, new, rule string }{
		{"</slab:originatorConfidentialityLabel>", "", "label.xml"},
		{"<!-- An", "<!DOCTYPE a><!-- An", "label.xml"},
		{`Id="label-1"`, `Id="label-1" Id="label-2"`, "label.xml"},
		{`Id="label-1"`, `xmlns:p="xmlns" p:a="1"`, "label.xml"},
		{"</slab:originatorConfidentialityLabel>", "</slab:originatorConfidentialityLabel><a/>", "label.xml"},
		{"</slab:originatorConfidentialityLabel>", "</slab:originatorConfidentialityLabel>text", "label.xml"},
		{"<slab:PrivacyMark>", strings.Repeat("<a>", 40) + strings.Repeat("</a>", 40) + "<slab:PrivacyMark>", "label.xml"},
		{"<slab:PrivacyMark>", strings.Repeat("<a/>", 1<<14) + "<slab:PrivacyMark>", "label.xml"},
		{"BURSAR", strings.Repeat("B", label.MaxSize), "label.xml"},
		{":confidentialitymetadatalabel:1:0", ":confidentialitymetadatalabel:9:0", "label.structure"},
		{"BURSAR", "<slab:x/>BURSAR", "label.structure"},
		{"<slab:Category ", "text<slab:Category ", "label.structure"},
		{"<slab:Classification>crew</slab:Classification>", "", "label.structure"},
		{"<slab:Classification>crew</slab:Classification>", "<slab:Classification>crew</slab:Classification><slab:Classification>open</slab:Classification>", "label.structure"},
		{"<slab:SuccessionDateTime>2027-01-01T00:00:00Z</slab:SuccessionDateTime>", "", "label.structure"},
		{"<slab:OriginatorID ", "<slab:CreationDateTime>2026-01-31T12:00:00Z</slab:CreationDateTime><slab:OriginatorID ", "label.structure"},
	} {
		l, err := label.Read([]byte(strings.Replace(base, x.old, x.new, 1)))
		if got := rules(err); !strings.Contains(base, x.old) || !slices.Contains(got, x.rule) || l != nil {
			t.Errorf("%.60q: %v, want %s", x.new, err, x.rule)
		}
	}
	// Many small elements that each need a long declaration from around them.
	const n = 2000
	long := strings.Replace(base, `Id="label-1"`, `xmlns:p="`+strings.Repeat("u", 10000)+`"`, 1)
	long = strings.Replace(long, "<slab:PrivacyMark>", strings.Repeat("<p:a/>", n)+"<slab:PrivacyMark>", 1)
	if _, err := label.Read([]byte(long)); !slices.Contains(rules(err), "label.limit") {
		t.Errorf("%.200v", err)
	}
	if _, err := label.Read([]byte("<a/>")); !slices.Equal(rules(err), []string{"label.structure"}) {
		t.Error(err)
	}
}

func TestValidate(t *testing.T) {
	base := string(file(t, "testdata/full.xml"))
	for _, x := range []struct{ old, new, rule string }{
		{"urn:oid:2.25.7001\"", "http://harbour.example\"", "label.policy"},
		{"urn:oid:2.25.7001\"", "urn:oid:\"", "label.policy"},
		{"<slab:Classification>", `<slab:Classification URI="urn:oid:1.2">`, "label.classification"},
		{"crew", " ", "label.classification"},
		{"      Harbour\n", "", "label.policy"},
		{"BURSAR", "", "label.privacy-mark"},
		{`Type="PERMISSIVE"`, `Type="permissive"`, "label.category"},
		{`Type="PERMISSIVE"`, ``, "label.category"},
		{`TagName="Cargo"`, ``, "label.category"},
		{"urn:oid:2.25.7001.1", "2.25.7001.1", "label.category"},
		{"<slab:GenericValue>FUEL</slab:GenericValue>", "", "label.value"},
		{"<slab:GenericValue>FUEL</slab:GenericValue>", "<slab:GenericValue/>", "label.value"},
		{"<slab:GenericValue>FUEL</slab:GenericValue>", "<slab:BitStringValue>01</slab:BitStringValue>", "label.value"},
		{"rfc822Name", "name", "label.originator"},
		{"2026-01-31T12:00:00.5+01:00", "last week", "label.time"},
		{"<slab:CreationDateTime>2026-01-31T12:00:00.5+01:00</slab:CreationDateTime>", "", "label.created"},
		{"2031-01-31T00:00:00Z", "soon", "label.time"},
		{"2027-01-01T00:00:00Z", "soon", "label.time"},
		{"OPEN", "", "label.classification"}, // of the successor
	} {
		l, err := label.Read([]byte(strings.Replace(base, x.old, x.new, 1)))
		if err != nil || !strings.Contains(base, x.old) {
			t.Errorf("%q for %q: %v", x.new, x.old, err)
			continue
		}
		if got := rules(l.Valid()); !slices.Equal(got, []string{x.rule}) {
			t.Errorf("%q for %q: %v, want %s", x.new, x.old, l.Validate(), x.rule)
		}
	}
	l := read(t, "full.xml")
	l.Succession, l.ReviewDateTime = nil, ""
	if f := l.Validate(); len(f) != 1 || f[0].Rule != "label.review" || f[0].Severity != marking.SeverityAdvice || l.Valid() != nil {
		t.Errorf("%v", f)
	}
	if err := (&label.Label{}).Valid(); len(rules(err)) < 3 {
		t.Errorf("the zero label: %v", err)
	}
	l.Information.Categories = make([]label.Category, 1000)
	if n := len(l.Validate()); n != marking.MaxFaults {
		t.Errorf("%d faults", n)
	}
}

func TestAt(t *testing.T) {
	l := read(t, "full.xml")
	from := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	if now, err := l.At(from.Add(-1)); err != nil || now != l {
		t.Errorf("before: %v, %v", now, err)
	}
	now, err := l.At(from)
	if err != nil || now.Information.Classification.Text != "OPEN" || now.Kind != label.KindOriginator || now.Valid() != nil {
		t.Errorf("from then on: %+v, %v", now, err)
	}
	if again, err := now.At(from); err != nil || again != now {
		t.Errorf("%v", err)
	}
	l.Succession.DateTime.Text = "soon"
	if now, err := l.At(from); err == nil || now != nil {
		t.Error("a time that cannot be read")
	}
	if got, err := label.Time("2026-01-31T12:00:00"); err != nil || !got.Equal(time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)) {
		t.Errorf("without a zone: %v, %v", got, err)
	}
}

func TestXMLFaults(t *testing.T) {
	for name, change := range map[string]func(*label.Label){
		"kind":              func(l *label.Label) { l.Kind = label.KindSuccessor },
		"character":         func(l *label.Label) { l.Information.Policy.Text = "a\x01" },
		"encoding":          func(l *label.Label) { l.ID = "a\xff" },
		"attribute":         func(l *label.Label) { l.Attrs = []label.Attr{{Name: `x="1" y`, Value: "2"}} },
		"declaration":       func(l *label.Label) { l.Attrs = []label.Attr{{Name: `xmlns`, Value: "2"}} },
		"element":           func(l *label.Label) { l.Elements = []string{"</x>"} },
		"two elements":      func(l *label.Label) { l.Elements = []string{"<x/><y/>"} },
		"text":              func(l *label.Label) { l.Elements = []string{"text<x/>"} },
		"element in a text": func(l *label.Label) { l.Information.Policy.Elements = []string{"<x/>"} },
		"form":              func(l *label.Label) { l.Information.Categories[0].Values[0].Form = "x/><y" },
		"successor":         func(l *label.Label) { l.Succession.Successor.Kind = label.KindPlain },
		"size":              func(l *label.Label) { l.ID = strings.Repeat("x", label.MaxSize) },
	} {
		l := read(t, "full.xml")
		change(l)
		if data, err := l.XML(); data != nil || len(rules(err)) != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSPIF(t *testing.T) {
	p := harbour(t)
	l := read(t, "full.xml")
	s, err := label.ToSPIF(l, p)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := p.Marking(s, ""); err != nil || got != "HARBOUR CREW ONLY with FUEL [Aft/Main deck] - First Dog BURSAR" {
		t.Errorf("%q, %v", got, err)
	}
	created, review := time.Date(2026, 1, 31, 12, 0, 0, 0, time.FixedZone("", 3600)), time.Date(2031, 1, 31, 0, 0, 0, 0, time.UTC)
	out, err := label.FromSPIF(s, p, created, review)
	if err != nil || len(out.Validate()) != 0 || out.CreationDateTime.Text != "2026-01-31T11:00:00Z" || out.Information.Policy.URI != "urn:oid:2.25.7001" {
		t.Fatalf("%+v, %v", out, err)
	}
	if back, err := label.ToSPIF(out, p); err != nil || !back.Equal(s) {
		t.Errorf("%v, %v; want %v", back, err, s)
	}
	if out, err := label.FromSPIF(spif.Label{}, p, created, review); out != nil || len(rules(err)) != 1 {
		t.Errorf("%v, %v", out, err)
	}
	base := string(file(t, "testdata/full.xml"))
	for _, x := range []struct{ old, new, rule string }{
		{"Harbour", "Harbor", "label.policy"},
		{"urn:oid:2.25.7001\"", "urn:oid:2.25.7002\"", "label.policy"},
		{"crew", "cook", "label.classification"},
		{"crew", "open", "spif.excluded-class"},
		{"BURSAR", "COOK", "spif.privacy-mark"},
		{"FUEL", "STEAM", "label.category"},
		{"decks", "planks", "label.category"},
		{`Type="RESTRICTIVE"`, `Type="PERMISSIVE"`, "label.category"},
		{"urn:oid:2.25.7001.1", "urn:oid:2.25.7001.2", "label.category"},
		{"<slab:GenericValue>MAIN", "<slab:GenericValue>aft", "spif.twice"},
	} {
		l, err := label.Read([]byte(strings.Replace(base, x.old, x.new, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if s, err := label.ToSPIF(l, p); !slices.Equal(slices.Compact(rules(err)), []string{x.rule}) || !s.Equal(spif.Label{}) {
			t.Errorf("%q: %v, %v; want %s", x.new, s, err, x.rule)
		}
	}
}

// TestTable17 writes the cases of ADatP-4774 Table 17, which are published in
// another form, as labels, reads them back and marks them.
func TestTable17(t *testing.T) {
	const dir = "../../../shared/data/markings"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the published test data are not here")
	}
	p, err := spif.Read(file(t, dir+"/spif/nato-4774-policy.xml"))
	if err != nil {
		t.Fatal(err)
	}
	played, created := 0, time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	for line := range strings.Lines(string(file(t, dir+"/spif_spiffing_tests.tsv"))) {
		f := strings.Split(line, "\t")
		if f[0] != "nato-4774-policy.xml" || !strings.HasSuffix(f[1], ".xml") {
			continue
		}
		s, err := spif.ReadLabel(file(t, dir+"/spif/"+f[1]))
		if err != nil {
			t.Fatal(err)
		}
		l, err := label.FromSPIF(s, p, created, created.AddDate(5, 0, 0))
		if err != nil {
			t.Errorf("%s: %v", f[1], err)
			continue
		}
		data, err := l.XML()
		if err != nil {
			t.Fatal(err)
		}
		back, err := label.Read(data)
		if err != nil || cmp.Diff(l, back) != "" {
			t.Errorf("%s: %v %s", f[1], err, cmp.Diff(l, back))
			continue
		}
		again, err := label.ToSPIF(back, p)
		if err != nil || !again.Equal(s) {
			t.Errorf("%s: %v, %v; want %v", f[1], again, err, s)
		}
		if got, err := p.Marking(again, f[2]); got != f[4] {
			t.Errorf("%s %s: %q, %v; want %q", f[1], f[2], got, err, f[4])
		}
		played++
	}
	if played != 10 {
		t.Errorf("%d rows, want 10", played)
	}
	s, err := spif.ReadLabel(file(t, dir+"/spif/nato-4774-17-5.xml"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := label.FromSPIF(s, p, created, created)
	if l != nil || !slices.Equal(rules(err), []string{"spif.excluded-class", "spif.excluded-class"}) {
		t.Errorf("case 5 is not valid: %v, %v", l, err)
	}
}
