package stix_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tearline/marking"
	"tearline/marking/stix"
)

// drawJSON draws any JSON value, in any form.
func drawJSON(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		blank := rapid.SampledFrom([]string{"", " ", "\n\t"}).Draw(t, "blank")
		kinds := 4
		if depth == 0 {
			kinds = 2
		}
		switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
		case 0:
			return blank + rapid.SampledFrom([]string{"null", "true", "1.50e+2", "-0", "12345678901234567890", `"\u0061<&>"`, `"TLP:RED"`}).Draw(t, "scalar")
		case 1:
			s, _ := json.Marshal(rapid.String().Draw(t, "text"))
			return string(s) + blank
		case 2:
			return "[" + blank + strings.Join(rapid.SliceOfN(drawJSON(depth-1), 0, 3).Draw(t, "items"), ",") + "]"
		default:
			return drawObject(t, depth-1, nil, blank)
		}
	})
}

// drawObject draws an object with these members and more, in any order.
func drawObject(t *rapid.T, depth int, members []string, blank string) string {
	for i := range rapid.IntRange(0, 3).Draw(t, "more") {
		members = append(members, fmt.Sprintf(`"x%d_%s":%s`, i, rapid.StringMatching(`[a-z]{0,4}`).Draw(t, "name"), drawJSON(depth).Draw(t, "value")))
	}
	return "{" + blank + strings.Join(rapid.Permutation(members).Draw(t, "order"), ","+blank) + "}"
}

// Reading and writing leaves an object as it is, known or not.
func TestReadWriteIsIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		object := drawObject(t, 3, []string{
			`"type":"marking-definition"`, `"id":"` + id + `"`,
			`"extensions":` + drawObject(t, 2, []string{`"` + stix.ACSExtension + `":` + drawJSON(2).Draw(t, "acs")}, " "),
		}, "\n")
		d, err := stix.Read([]byte(object))
		if err != nil {
			t.Fatalf("%s: %v", object, err)
		}
		if got := string(d.JSON()); got != compacted(t, object) {
			t.Fatalf("%s\nbecame\n%s", object, got)
		}
		again, err := stix.Read(d.JSON())
		if err != nil || string(again.JSON()) != string(d.JSON()) {
			t.Fatalf("read again: %s, %v", again.JSON(), err)
		}
		if m, err := d.Marking(); err == nil || !m.IsZero() {
			t.Fatalf("%s says %s", object, m)
		}
	})
}

func drawACS(t *rapid.T) stix.ACS {
	// ALL stands alone in a list, by rule.
	word := rapid.StringMatching(`[A-Z]{2,4}(\.[A-Z]{2,4})?`).Filter(func(s string) bool { return s != "ALL" })
	some := func(name string, of ...string) []string {
		if rapid.Bool().Draw(t, name+" absent") {
			return nil
		}
		if len(of) == 0 {
			return rapid.SliceOfN(word, 1, 3).Draw(t, name)
		}
		return rapid.SliceOfN(rapid.SampledFrom(of), 1, 3).Draw(t, name)
	}
	scope := func() stix.Scope {
		return stix.Scope{
			Nationalities: []string{rapid.SampledFrom([]string{"USA", "GBR", "ALL"}).Draw(t, "nation")},
			Organizations: some("organisations"), Shareability: some("communities", "NCC", "EM", "LE", "IC"), Entities: some("entities", "GOV", "MIL", "CTR"),
		}
	}
	effect := rapid.SampledFrom([]stix.Effect{stix.Deny, stix.Permit})
	a := stix.ACS{
		Identifier: identifier, Created: created, Custodian: word.Draw(t, "custodian"), Originator: word.Draw(t, "originator"),
		Policy: stix.PolicyReference(effect.Draw(t, "privileges"), effect.Draw(t, "sharing")),
		Controls: stix.ControlSet{
			Classification: rapid.SampledFrom([]string{"U", "C", "S", "TS"}).Draw(t, "level"), SCI: some("sci", "SI", "TK", "SI-G"),
			Categories: some("lac"), Determinations: some("fd", "NF", "FOUO", "AIS", "PUBREL"), Caveats: some("caveats", "FISA", "POSSIBLEPII"),
			Sensitivities: some("sens", "LES", "PII"), Shareability: some("shar", "NCC", "LE"), Entities: some("ent", "GOV", "CTR"),
			Nationalities: some("nat", "USA", "GBR", "CAN"), Organizations: some("org"),
		},
	}
	for range rapid.IntRange(0, 3).Draw(t, "privileges") {
		action := rapid.SampledFrom([]stix.Action{stix.Intel, stix.Display, stix.All, stix.TearLine}).Draw(t, "action")
		a.Privileges = append(a.Privileges, stix.Privilege{Action: action, Effect: effect.Draw(t, "effect"), Scope: scope()})
	}
	for range rapid.IntRange(0, 2).Draw(t, "sharings") {
		a.Sharings = append(a.Sharings, stix.Sharing{Scope: rapid.SliceOfN(word, 1, 2).Draw(t, "scope"), Effect: effect.Draw(t, "effect")})
	}
	return a
}

func drawSubject(t *rapid.T) stix.Subject {
	return stix.Subject{
		Nationalities: rapid.SliceOfN(rapid.SampledFrom([]string{"USA", "GBR", "CAN"}), 0, 2).Draw(t, "nationalities"),
		Organizations: rapid.SliceOfN(rapid.StringMatching(`[A-Z]{2,3}(\.[A-Z]{2,3})?`), 0, 2).Draw(t, "organisations"),
		Shareability:  rapid.SliceOfN(rapid.SampledFrom([]string{"NCC", "LE"}), 0, 2).Draw(t, "communities"),
		Entities:      rapid.SliceOfN(rapid.SampledFrom([]string{"GOV", "MIL", "CTR"}), 0, 2).Draw(t, "entities"),
		Clearance:     rapid.SampledFrom([]string{"", "U", "S", "TS"}).Draw(t, "clearance"),
		Authorised:    rapid.SliceOfN(rapid.SampledFrom([]string{"SCI:SI", "SCI:TK", "FD:FOUO", "SENS:LES", "SENS:PII"}), 0, 5).Draw(t, "authorised"),
	}
}

func TestACSRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawACS(t)
		d, err := stix.NewACS(uuid, time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "created")), a)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := d.ACS()
		if diff := cmp.Diff(a, got, cmpopts.IgnoreUnexported(stix.ACS{})); diff != "" || !ok {
			t.Fatalf("read back (-want +got):\n%s", diff)
		}
		if m, err := a.Controls.Marking(); err == nil {
			again, err := stix.Controls(m)
			if err != nil {
				t.Fatalf("%s: %v", m, err)
			}
			if back, err := again.Marking(); err != nil || !back.Equal(m) {
				t.Fatalf("%s: back as %s, %v", m, back, err)
			}
		}
	})
}

// Marks that ACS can say come back as they were.
func TestFromMarkingRoundTrip(t *testing.T) {
	said := 0
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom([]string{"UNCLASSIFIED", "CONFIDENTIAL", "SECRET", "TOP SECRET"}).Draw(t, "level")
		for _, category := range [][]string{
			{"", "SI", "TK", "SI/TK", "HCS-P/SI"},
			{"", "FOUO", "NOFORN", "FISA", "NOFORN/FISA", "REL TO USA, GBR", "REL TO USA, CAN, NZL/FISA", "REL TO USA, FVEY", "RELIDO", "ORCON/NOFORN"},
			{"", "LES", "SSI"},
		} {
			if c := rapid.SampledFrom(category).Draw(t, "category"); c != "" {
				line += "//" + c
			}
		}
		m, err := marking.Parse(line)
		if err != nil {
			return
		}
		d, err := stix.FromMarking(m, origin)
		unsaid := slices.ContainsFunc([]string{"FVEY", "RELIDO", "ORCON", "//SSI"}, func(s string) bool { return strings.Contains(line, s) })
		if unsaid != (err != nil) {
			t.Fatalf("%s: %v", line, err)
		}
		if unsaid {
			return
		}
		said++
		if back, err := d.Marking(); err != nil || !back.Equal(m) {
			t.Fatalf("%s: back as %s, %v", m, back, err)
		}
	})
	if said == 0 {
		t.Error("no mark was said")
	}
}

// Whatever is added that is not known takes, and never gives.
func TestUnknownNeverGrants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawACS(t)
		d, err := stix.NewACS(uuid, origin.Created, a)
		if err != nil {
			t.Fatal(err)
		}
		object := string(d.JSON())
		opens := []int{}
		for i := range object {
			if object[i] == '{' {
				opens = append(opens, i+1)
			}
		}
		at := rapid.SampledFrom(opens).Draw(t, "at")
		spoiled, err := stix.Read([]byte(object[:at] + `"x_more":` + drawJSON(1).Draw(t, "value") + "," + object[at:]))
		if err != nil {
			t.Fatal(err)
		}
		if m, err := spoiled.Marking(); err == nil || !m.IsZero() {
			t.Fatalf("with more in it: %s", m)
		}
		acs, _ := spoiled.ACS()
		s := drawSubject(t)
		if acs.Permits(s, stix.Display).Permit || acs.Shares(s).Permit || acs.Admits(s).Permit {
			t.Fatalf("with more in it, it grants")
		}
	})
}

// A rule that denies never permits, and what is known about nobody is not
// permitted by a rule.
func TestRulesThatDenyOnlyTake(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, s := drawACS(t), drawSubject(t)
		before, shared := a.Permits(s, stix.Intel).Permit, a.Shares(s).Permit
		more := drawACS(t)
		b := a
		b.Privileges = slices.Clone(a.Privileges)
		b.Sharings = slices.Clone(a.Sharings)
		for _, p := range more.Privileges {
			p.Effect = stix.Deny
			b.Privileges = slices.Insert(b.Privileges, rapid.IntRange(0, len(b.Privileges)).Draw(t, "place"), p)
		}
		for _, p := range more.Sharings {
			p.Effect = stix.Unread
			b.Sharings = append(b.Sharings, p)
		}
		if b.Permits(s, stix.Intel).Permit && !before || b.Shares(s).Permit && !shared {
			t.Fatal("a rule that denies has permitted")
		}
		if d := a.Permits(stix.Subject{}, stix.Intel); d.Permit {
			t.Fatalf("nobody is permitted: %v", d)
		}
		if a.Permits(s, stix.All).Permit && !before {
			t.Fatal("all actions are permitted, and one of them is not")
		}
	})
}

// A marking more, of the object or of a part, never loosens a part's mark.
func TestMoreMarkingsNeverLoosen(t *testing.T) {
	all := []string{}
	for _, d := range stix.TLP() {
		all = append(all, d.ID())
	}
	selectors := []string{"name", "description", "labels", "labels.[0]", "labels.[1]", "external_references", "external_references.[0].hashes", "type"}
	rapid.Check(t, func(t *rapid.T) {
		ref := rapid.SampledFrom(all)
		refs := rapid.SliceOfN(ref, 0, 3).Draw(t, "refs")
		granules := []string{}
		for range rapid.IntRange(1, 4).Draw(t, "granules") {
			granules = append(granules, granule(ref.Draw(t, "ref"), rapid.SliceOfN(rapid.SampledFrom(selectors), 1, 2).Draw(t, "selectors")...))
		}
		apply := func(refs, granules []string) stix.Marked {
			quoted := ""
			if len(refs) > 0 {
				quoted = `"` + strings.Join(refs, `","`) + `"`
			}
			m, err := stix.Apply([]byte(marked(quoted, strings.Join(granules, ","))), nil)
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		less := apply(refs, granules[1:])
		for _, more := range []stix.Marked{apply(refs, granules), apply(append(slices.Clone(refs), ref.Draw(t, "more")), granules[1:])} {
			for _, s := range append(selectors, "") {
				a, errLess := less.Marking(s)
				b, err := more.Marking(s)
				if errLess == nil && (err != nil || !b.Dominates(a)) {
					t.Fatalf("%q: %s became %s, %v", s, a, b, err)
				}
			}
		}
	})
}
