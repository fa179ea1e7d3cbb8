package spif_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline/marking"
	"tearline/marking/spif"
)

func file(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func read(tb testing.TB, name string) *spif.Policy {
	tb.Helper()
	p, err := spif.Read(file(tb, name))
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return p
}

// label writes a label by names: a classification and "Tag: category" pairs, or
// "mark: name" for the privacy mark.
func label(tb testing.TB, p *spif.Policy, words ...string) spif.Label {
	tb.Helper()
	l := spif.Label{Policy: p.ID()}
	for _, c := range p.Classifications() {
		if c.Name == words[0] {
			l.Classification = c.Lacv
		}
	}
	for _, w := range words[1:] {
		name, value, _ := strings.Cut(w, ": ")
		if name == "mark" {
			l.PrivacyMark = value
			continue
		}
		c, ok := named(p, name, value)
		if !ok {
			tb.Fatalf("no category %q", w)
		}
		l.Categories = append(l.Categories, c)
	}
	return l
}

func named(p *spif.Policy, tag, name string) (spif.Category, bool) {
	for _, x := range p.Tags() {
		for _, c := range x.Categories {
			if x.Name == tag && c.Name == name {
				return c.Category, true
			}
		}
	}
	return spif.Category{}, false
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
	p := read(t, "harbour.xml")
	got := []string{p.Name(), p.ID(), p.PrivilegeID(), p.RBACID()}
	if diff := cmp.Diff([]string{"HARBOUR", "2.25.7001", "2.25.7001.0.1", "2.25.7001.0.2"}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]spif.Classification{
		{Name: "OPEN", Lacv: "10", Hierarchy: 1, Colour: "green"},
		{Name: "CREW", Lacv: "20", Hierarchy: 2, Colour: "blue"},
		{Name: "DRYDOCK", Lacv: "25", Hierarchy: 3, Obsolete: true},
		{Name: "MASTER", Lacv: "30", Hierarchy: 30, Colour: "#AA0000"},
	}, p.Classifications()); diff != "" {
		t.Error(diff)
	}
	tags := p.Tags()
	if len(tags) != 8 || tags[4].Type != spif.TagEnumeratedPermissive || len(tags[4].Categories) != 3 ||
		tags[2].TagSet != "Decks" || tags[2].TagSetID != "2.25.7001.2" || !tags[0].Categories[2].Obsolete {
		t.Errorf("%+v", tags)
	}
	if diff := cmp.Diff([]string{"BURSAR", "PURSER"}, p.PrivacyMarks()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"spif.extension", "spif.unsupported"}, rules(p.Notes())); diff != "" {
		t.Error(diff)
	}
}

func TestReadFaults(t *testing.T) {
	base := string(file(t, "harbour.xml"))
	for _, x := range []struct{ old, new, rule string }{
		{"</s:SPIF>", "", "spif.xml"},
		{"<s:SPIF ", "<!DOCTYPE a><s:SPIF ", "spif.xml"},
		{`http://www.xmlspif.org/spif`, `http://www.xmslpif.org/spif`, "spif.root"},
		{`schemaVersion="2.1"`, `schemaVersion="3.0"`, "spif.version"},
		{`version="3"`, `version="3" version="4"`, "spif.xml"},
		{`version="3"`, `verzion="3"`, "spif.unknown"},
		{`<s:privacyMarks>`, `<s:privacyMarks><s:other/>`, "spif.unknown"},
		{`<s:privacyMarks>`, `<s:privacyMarks><other/>`, "spif.unknown"},
		{`<s:excludedClass>OPEN`, `<s:excludedClass><s:code>x</s:code>OPEN`, "spif.unknown"},
		{`<s:privacyMarks>`, `<s:privacyMarks>words`, "spif.text"},
		{`<s:privacyMarks>`, `<s:privacyMarks maxSelection="2">`, "spif.unsupported"},
		{`<s:securityPolicyId name="HARBOUR" id="2.25.7001"/>`, ``, "spif.missing"},
		{`id="2.25.7001"/>`, `/>`, "spif.missing"},
		{`id="2.25.7001"/>`, `id="2.25.07"/>`, "spif.value"},
		{`id="2.25.7001"/>`, `id="2.25.7001"/><s:securityPolicyId name="B" id="2.5"/>`, "spif.duplicate"},
		{`name="CREW" lacv="020"`, `name="CREW" lacv="30"`, "spif.duplicate"},
		{`name="CREW" lacv="020"`, `name="OPEN" lacv="020"`, "spif.duplicate"},
		{`hierarchy="2"`, `hierarchy="1"`, "spif.duplicate"},
		{`hierarchy="2"`, `hierarchy="two"`, "spif.value"},
		{`lacv="020"`, `lacv="-20"`, "spif.value"},
		{`color="blue"`, `color="#12"`, "spif.value"},
		{`obsolete="true"`, `obsolete="yes"`, "spif.value"},
		{`name="GRAIN" lacv="3"`, `name="GRAIN" lacv="02"`, "spif.duplicate"},
		{`name="GRAIN"`, `name="FUEL"`, "spif.duplicate"},
		{`id="2.25.7001.2"`, `id="2.25.7001.1"`, "spif.duplicate"},
		{`name="Decks" id`, `name="Cargo" id`, "spif.duplicate"},
		{`<s:excludedClass>OPEN</s:excludedClass>`, `<s:excludedClass>OPEN</s:excludedClass><s:excludedClass>OPEN</s:excludedClass>`, "spif.duplicate"},
		{`<s:excludedClass>OPEN`, `<s:excludedClass>SHUT`, "spif.reference"},
		{`requiredClass="MASTER"`, `requiredClass="SHUT"`, "spif.reference"},
		{`tagSetRef="Decks" tagType="permissive" all="true"`, `tagSetRef="Planks" tagType="permissive" all="true"`, "spif.reference"},
		{`tagSetRef="Decks" tagType="permissive" all="true"`, `tagSetRef="Decks" tagType="restrictive" all="true"`, "spif.reference"},
		{`enumType="permissive" lacv="7"`, `enumType="permissive" lacv="77"`, "spif.reference"},
		{`all="true"/>`, `all="true" lacv="1"/>`, "spif.value"},
		{`all="true"/>`, `all="false"/>`, "spif.missing"},
		{`operation="onlyOne"`, ``, "spif.missing"},
		{`operation="onlyOne"`, `operation="two"`, "spif.value"},
		{`<s:categoryGroup tagSetRef="Notes" tagType="tagType7" lacv="1"/>`, ``, "spif.missing"},
		{`tagType="restrictive">`, `tagType="notApplicable">`, "spif.value"},
		{`tagType="restrictive">`, `tagType="restrictive" enumType="restrictive">`, "spif.value"},
		{`tagType="restrictive">`, `tagType="enumerated">`, "spif.value"},
		{`tag7Encoding="bitSetAttributes"`, `tag7Encoding="bits"`, "spif.value"},
		{`maxSelection="3"`, `maxSelection="0"`, "spif.value"},
		{`maxSelection="3"`, `maxSelection="3" minSelection="4"`, "spif.value"},
		{`maxSelection="3"`, `maxSelection="3" singleSelection="true"`, "spif.value"},
		{`<s:code>noMarkingDisplay`, `<s:code>noDisplay`, "spif.value"},
		{`<s:code>noMarkingDisplay</s:code>`, `<s:shout/>`, "spif.unknown"},
		{`<s:markingData><s:code>noNameDisplay</s:code>`, `<s:markingData><s:code>replacePolicy</s:code>`, "spif.missing"},
		{`markingCode="portionMarking"`, `markingCode="margin"`, "spif.value"},
		{`qualifierCode="prefix"`, `qualifierCode="before"`, "spif.value"},
		{`markingQualifier="~" qualifierCode="prefix"`, `markingQualifier="~" qualifierCode="separator"`, "spif.unsupported"},
		{`phrase="KEEL"`, `phrase="` + strings.Repeat("K", 300) + `"`, "spif.limit"},
		{`phrase="KEEL"`, `phrase="KE&#10;EL"`, "spif.value"},
		{`notBefore="2026-06-01T00:00:00Z"`, `notBefore="June"`, "spif.value"},
		{`notBefore="2026-06-01T00:00:00Z"`, `notBefore="2027-06-01T00:00:00Z"`, "spif.value"},
		{`policyRef="FERRY"`, `policyRef="FERY"`, "spif.reference"},
		{`applied="both"`, `applied="always"`, "spif.value"},
		{`action="discard"`, `action="forget"`, "spif.value"},
		{`<s:equivalentPolicy name="FERRY" id="2.25.7002"/>`, `<s:equivalentPolicy name="FERRY" id="2.25.7002"/><s:equivalentPolicy name="F" id="2.25.7002"/>`, "spif.duplicate"},
		{`name="PURSER"`, `name="BURSAR"`, "spif.duplicate"},
		{`</s:SPIF>`, `<s:markingData phrase="everywhere"/></s:SPIF>`, "spif.unsupported"},
		{`<s:securityCategoryTagSet name="Fleet"`, strings.Repeat(`<s:securityCategoryTagSet name="x" id="2.5"><s:securityCategoryTag name="x" tagType="permissive"/></s:securityCategoryTagSet>`, spif.MaxTags) + `<s:securityCategoryTagSet name="Fleet"`, "spif.faults"},
	} {
		if !strings.Contains(base, x.old) {
			t.Errorf("%q is not in the file", x.old)
			continue
		}
		_, err := spif.Read([]byte(strings.Replace(base, x.old, x.new, 1)))
		if got := rules(err); !slices.Contains(got, x.rule) {
			t.Errorf("%q for %q: %v, want %s", x.new, x.old, err, x.rule)
		}
	}
}

// TestReadAll: all faults at once, with their places, and no more than fit.
func TestReadAll(t *testing.T) {
	base := string(file(t, "harbour.xml"))
	bad := strings.NewReplacer(`lacv="020"`, `lacv="x"`, `hierarchy="30"`, ``, `<s:excludedClass>OPEN`, `<s:excludedClass>SHUT`).Replace(base)
	_, err := spif.Read([]byte(bad))
	if diff := cmp.Diff([]string{"spif.missing", "spif.reference", "spif.value"}, rules(err)); diff != "" {
		t.Fatal(diff, err)
	}
	for _, f := range err.(marking.Faults) { //nolint:errorlint,errcheck,forcetypeassert // rules looked
		if f.Offset == 0 || f.Cites == "" || !strings.Contains(f.Text, ": ") {
			t.Errorf("%+v", f)
		}
	}
	_, err = spif.Read([]byte(strings.ReplaceAll(base, `lacv=`, `lcv=`)))
	if n := len(rules(err)); n != marking.MaxFaults {
		t.Errorf("%d faults, want %d", n, marking.MaxFaults)
	}
}

// TestMended: one misspelt end tag, which ends nothing else, is read; what
// could be meant otherwise is not.
func TestMended(t *testing.T) {
	base := string(file(t, "harbour.xml"))
	p, err := spif.Read([]byte(strings.Replace(base, "</s:privacyMarks>", "</s:privacyMarxs>", 1)))
	if err != nil || !slices.Contains(rules(p.Notes()), "spif.mended") || p.Notes()[0].Offset != strings.Index(base, "</s:privacyMarks>") {
		t.Errorf("%v", err)
	}
	for _, wrong := range []string{"</s:privacyMark>", "</s:SPIF>", "</s:privacy>"} {
		if _, err := spif.Read([]byte(strings.Replace(base, "</s:privacyMarks>", wrong, 1))); !slices.Contains(rules(err), "spif.xml") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}

func TestValid(t *testing.T) {
	p := read(t, "harbour.xml")
	june := time.Date(2026, 6, 15, 0, 0, 0, 0, time.UTC)
	for _, x := range []struct {
		label []string
		want  []string
	}{
		{[]string{"OPEN"}, nil},
		{[]string{"DRYDOCK", "Cargo: GRAIN", "mark: PURSER"}, nil},
		{[]string{"OPEN", "Cargo: FUEL"}, []string{"spif.excluded-class"}},
		{[]string{"CREW", "Cargo: FUEL"}, nil},
		{[]string{"CREW", "Cargo: POWDER"}, []string{"spif.required-category", "spif.required-class"}},
		{[]string{"MASTER"}, []string{"spif.required-category"}},
		{[]string{"MASTER", "Decks: Aft"}, nil},
		{[]string{"MASTER", "Words: LANTERN"}, nil},
		{[]string{"MASTER", "Words: ANCHOR"}, []string{"spif.required-category"}},
		{[]string{"MASTER", "Cargo: FUEL", "Cargo: POWDER", "Words: LANTERN"}, nil},
		{[]string{"MASTER", "Cargo: FUEL", "Cargo: POWDER", "Decks: Bow"}, []string{"spif.required-category"}},
		{[]string{"OPEN", "Decks: Sun"}, nil},
		{[]string{"OPEN", "Decks: Sun", "Decks: Bow"}, []string{"spif.excluded-category"}},
		{[]string{"OPEN", "Decks: Aft", "Decks: Bow", "Decks: Main"}, nil},
		{[]string{"OPEN", "Decks: Aft", "Decks: Bow", "Decks: Main", "Decks: Sun"}, []string{"spif.excluded-category", "spif.selection"}},
		{[]string{"OPEN", "Deck notes: Wet"}, []string{"spif.required-category"}},
		{[]string{"OPEN", "Deck notes: Wet", "Decks: Aft"}, nil},
		{[]string{"OPEN", "Deck notes: Wet", "Decks: Aft", "Decks: Bow"}, []string{"spif.required-category"}},
		{[]string{"OPEN", "Words: LANTERN", "Words: ANCHOR"}, []string{"spif.selection"}},
		{[]string{"OPEN", "Words: ANCHOR", "Ports: Elsewhere"}, []string{"spif.excluded-category"}},
		{[]string{"OPEN", "Words: ANCHOR", "Ports: Nowhere"}, nil},
		{[]string{"OPEN", "Quiet: QUIET"}, []string{"spif.required-class"}},
		{[]string{"OPEN", "Quiet: REGATTA"}, []string{"spif.window"}},
		{[]string{"OPEN", "Quiet: UNTIL"}, []string{"spif.user-input"}},
		{[]string{"OPEN", "Cargo: GRAIN", "Cargo: GRAIN"}, []string{"spif.twice"}},
		{[]string{"OPEN", "mark: BURSAR"}, nil},
		{[]string{"OPEN", "mark: COOK"}, []string{"spif.privacy-mark"}},
		{[]string{"SHUT"}, []string{"spif.class"}},
	} {
		if diff := cmp.Diff(x.want, rules(p.Valid(label(t, p, x.label...)))); diff != "" {
			t.Errorf("%q: %s", x.label, diff)
		}
	}
	regatta := label(t, p, "OPEN", "Quiet: REGATTA")
	if err := p.At(june).Valid(regatta); err != nil {
		t.Errorf("in June: %v", err)
	}
	if err := p.At(june.AddDate(0, 1, 0)).Valid(regatta); err == nil {
		t.Error("valid in July")
	}
	unknown := spif.Label{Policy: p.ID(), Classification: "10", Categories: []spif.Category{{TagSet: "2.25.7001.9", Type: spif.TagPermissive, Lacv: "5"}, {}}}
	if diff := cmp.Diff([]string{"spif.category", "spif.category"}, rules(p.Valid(unknown))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"spif.policy"}, rules(p.Valid(spif.Label{}))); diff != "" {
		t.Error(diff)
	}
	many := spif.Label{Policy: p.ID(), Classification: "10", Categories: make([]spif.Category, spif.MaxLabel+1)}
	if diff := cmp.Diff([]string{"spif.limit"}, rules(p.Valid(many))); diff != "" {
		t.Error(diff)
	}
}

func TestValidNew(t *testing.T) {
	p := read(t, "harbour.xml")
	if err := p.ValidNew(label(t, p, "CREW", "Cargo: FUEL")); err != nil {
		t.Error(err)
	}
	got := rules(p.ValidNew(label(t, p, "DRYDOCK", "Cargo: GRAIN", "mark: PURSER")))
	if diff := cmp.Diff([]string{"spif.obsolete", "spif.obsolete", "spif.obsolete"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestWindow: a policy that is valid for a time only makes no label valid at
// another, nor when the time is not known.
func TestWindow(t *testing.T) {
	data := strings.Replace(string(file(t, "ferry.xml")), `schemaVersion="2.0"`, `schemaVersion="2.0" notBefore="2026-01-01T00:00:00+01:00"`, 1)
	p, err := spif.Read([]byte(data))
	if err != nil {
		t.Fatal(err)
	}
	l := label(t, p, "Public")
	at := time.Date(2025, 12, 31, 23, 0, 0, 0, time.UTC)
	if p.Valid(l) == nil || p.At(at.Add(-1)).Valid(l) == nil || p.At(at).Valid(l) != nil {
		t.Error("window of the policy")
	}
}

func TestReadLabel(t *testing.T) {
	p := read(t, "harbour.xml")
	l, err := spif.ReadLabel(file(t, "label.xml"))
	if err != nil {
		t.Fatal(err)
	}
	want := label(t, p, "CREW", "Cargo: FUEL", "Decks: Main", "Words: LANTERN", "Ports: Nowhere", "Watches: First")
	if diff := cmp.Diff(want, l); diff != "" {
		t.Error(diff)
	}
	c, err := spif.ReadClearance(file(t, "clearance.xml"))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Classifications) != 2 || len(c.Categories) != 5 || c.Policy != p.ID() {
		t.Errorf("%+v", c)
	}
	base := string(file(t, "label.xml"))
	for _, x := range []struct{ old, new, rule string }{
		{"</label>", "", "spif.xml"},
		{"label", "lable", "spif.label"},
		{"surevine", "elsewhere", "spif.label"},
		{`<policy id="2.25.7001">Harbour</policy>`, "", "spif.label"},
		{`id="2.25.7001">`, ">", "spif.label"},
		{`lacv="020"`, "", "spif.label"},
		{`<classification lacv="020">Crew</classification>`, "", "spif.label"},
		{`</label>`, `<classification lacv="1"/></label>`, "spif.label"},
		{`</label>`, `<policy id="1.2"/></label>`, "spif.label"},
		{`</label>`, `<stamp/></label>`, "spif.label"},
		{`type="restrictive"`, `type="forbidding"`, "spif.label"},
		{`type="restrictive"`, `type="permissive" type="restrictive"`, "spif.label"},
		{`type="restrictive"`, `type="unknown"`, "spif.label"},
		{`type="restrictive"`, `type="restrictive" only="once"`, "spif.label"},
		{`id="2.25.7001.1"`, `id="cargo"`, "spif.label"},
		{`Fuel`, `<Fuel/>`, "spif.label"},
	} {
		all := x.old == "label"
		bad := strings.Replace(base, x.old, x.new, 1)
		if all {
			bad = strings.ReplaceAll(base, x.old, x.new)
		}
		l, err := spif.ReadLabel([]byte(bad))
		if got := rules(err); bad == base || !slices.Contains(got, x.rule) || !l.Equal(spif.Label{}) {
			t.Errorf("%q for %q: %v, want %s", x.new, x.old, err, x.rule)
		}
	}
	if _, err := spif.ReadClearance([]byte(base)); err == nil {
		t.Error("a label is read as a clearance")
	}
}
