package equivalence_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline/marking"
	"tearline/marking/equivalence"
)

// What each level of the six policies is in the others, by hand: "=" is in the
// same row, a level alone counts as it, "-" is not known.
func TestDefaultLevels(t *testing.T) {
	const none = "-"
	order := []string{"us", "nato", "uk", "eu", "de", "fr"}
	rows := []struct {
		policy, level string
		want          [6]string
	}{
		{"us", "UNCLASSIFIED", [6]string{"UNCLASSIFIED", "NATO UNCLASSIFIED", "OFFICIAL", "EU UNCLASSIFIED", "OFFEN", "NON PROTEGE"}},
		{"us", "RESTRICTED", [6]string{"RESTRICTED", "NATO RESTRICTED", "SECRET", "RESTREINT UE/EU RESTRICTED", "VS-NUR FÜR DEN DIENSTGEBRAUCH", "DIFFUSION RESTREINTE"}},
		{"us", "CONFIDENTIAL", [6]string{"CONFIDENTIAL", "NATO CONFIDENTIAL", "SECRET", "EU CONFIDENTIAL", "VS-VERTRAULICH", "SECRET"}},
		{"us", "SECRET", [6]string{"SECRET", "NATO SECRET", "SECRET", "SECRET UE/EU SECRET", "GEHEIM", "SECRET"}},
		{"us", "TOP SECRET", [6]string{"TOP SECRET", "COSMIC TOP SECRET", "TOP SECRET", "TRÈS SECRET UE/EU TOP SECRET", "STRENG GEHEIM", "TRES SECRET"}},
		{"nato", "NATO UNCLASSIFIED", [6]string{"UNCLASSIFIED", "NATO UNCLASSIFIED", "OFFICIAL", "EU UNCLASSIFIED", "OFFEN", "NON PROTEGE"}},
		{"nato", "NATO RESTRICTED", [6]string{"CONFIDENTIAL", "NATO RESTRICTED", "SECRET", "RESTREINT UE/EU RESTRICTED", "VS-NUR FÜR DEN DIENSTGEBRAUCH", "DIFFUSION RESTREINTE"}},
		{"nato", "NATO CONFIDENTIAL", [6]string{"CONFIDENTIAL", "NATO CONFIDENTIAL", "SECRET", "EU CONFIDENTIAL", "VS-VERTRAULICH", "SECRET"}},
		{"nato", "NATO SECRET", [6]string{"SECRET", "NATO SECRET", "SECRET", "SECRET UE/EU SECRET", "GEHEIM", "SECRET"}},
		{"nato", "COSMIC TOP SECRET", [6]string{"TOP SECRET", "COSMIC TOP SECRET", "TOP SECRET", "TRÈS SECRET UE/EU TOP SECRET", "STRENG GEHEIM", "TRES SECRET"}},
		{"uk", "OFFICIAL", [6]string{"CONFIDENTIAL", "NATO RESTRICTED", "OFFICIAL", "RESTREINT UE/EU RESTRICTED", "VS-NUR FÜR DEN DIENSTGEBRAUCH", "DIFFUSION RESTREINTE"}},
		{"uk", "SECRET", [6]string{"SECRET", "NATO SECRET", "SECRET", "SECRET UE/EU SECRET", "GEHEIM", "SECRET"}},
		{"uk", "TOP SECRET", [6]string{"TOP SECRET", "COSMIC TOP SECRET", "TOP SECRET", "TRÈS SECRET UE/EU TOP SECRET", "STRENG GEHEIM", "TRES SECRET"}},
		{"eu", "RESTREINT UE", [6]string{"CONFIDENTIAL", "NATO RESTRICTED", "SECRET", "RESTREINT UE/EU RESTRICTED", "VS-NUR FÜR DEN DIENSTGEBRAUCH", "DIFFUSION RESTREINTE"}},
		{"eu", "EU CONFIDENTIAL", [6]string{"CONFIDENTIAL", "NATO CONFIDENTIAL", "SECRET", "EU CONFIDENTIAL", "VS-VERTRAULICH", "SECRET"}},
		{"de", "VS-NFD", [6]string{"CONFIDENTIAL", "NATO RESTRICTED", "SECRET", "RESTREINT UE/EU RESTRICTED", "VS-NUR FÜR DEN DIENSTGEBRAUCH", "DIFFUSION RESTREINTE"}},
		{"de", "GEHEIM", [6]string{"SECRET", "NATO SECRET", "SECRET", "SECRET UE/EU SECRET", "GEHEIM", "SECRET"}},
		{"fr", "DIFFUSION RESTREINTE", [6]string{"CONFIDENTIAL", "NATO RESTRICTED", "SECRET", "RESTREINT UE/EU RESTRICTED", "VS-NUR FÜR DEN DIENSTGEBRAUCH", "DIFFUSION RESTREINTE"}},
		{"fr", "SECRET", [6]string{"SECRET", "NATO SECRET", "SECRET", "SECRET UE/EU SECRET", "GEHEIM", "SECRET"}},
		{"tlp", "TLP:AMBER", [6]string{none, none, none, none, none, none}},
		{"pap", "PAP:RED", [6]string{none, none, none, none, none, none}},
		{"acme", "CONFIDENTIAL", [6]string{none, none, none, none, none, none}},
	}
	for _, r := range rows {
		from := policy(t, r.policy)
		var got [6]string
		for i, id := range order {
			if r.want[i] != none {
				r.want[i] = level(t, policy(t, id), r.want[i]).Name // in full
			}
			l, ok := equivalence.Default().Level(from, level(t, from, r.level), policy(t, id))
			if got[i] = l.Name; !ok {
				got[i] = none
			}
			if why := equivalence.Default().Why(from, level(t, from, r.level), policy(t, id)); (why != "") != (ok && id != r.policy) {
				t.Errorf("%s %s in %s: cites %q", r.policy, r.level, id, why)
			}
		}
		if diff := cmp.Diff(r.want, got); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", r.policy, r.level, diff)
		}
	}
}

func TestLevelIsNotKnown(t *testing.T) {
	us, nato, tlp := policy(t, "us"), policy(t, "nato"), policy(t, "tlp")
	d := equivalence.Default()
	secret := level(t, us, "SECRET")
	for name, ok := range map[string]bool{
		"no policy from":         second(d.Level(nil, secret, nato)),
		"no policy to":           second(d.Level(us, secret, nil)),
		"another's level":        second(d.Level(us, level(t, nato, "NATO SECRET"), us)),
		"a level of no rank":     second(d.Level(us, marking.Level{Name: "SECRET"}, nato)),
		"the zero mark's level":  second(d.Level(us, marking.Marking{}.Level(), nato)),
		"a policy without a row": second(d.Level(us, secret, tlp)),
		"nil table":              second((*equivalence.Table)(nil).Level(us, secret, nato)),
		"zero table":             second(new(equivalence.Table).Level(us, secret, nato)),
	} {
		if ok {
			t.Errorf("%s: it is known", name)
		}
	}
	for _, id := range []string{"us@ism-2022", "us@dod"} {
		if l, ok := d.Level(policy(t, id), secret, us); !ok || l != secret {
			t.Errorf("%s: SECRET is %v, %v", id, l, ok)
		}
		if l, ok := d.Level(nato, level(t, nato, "NATO SECRET"), policy(t, id)); !ok || l != secret {
			t.Errorf("%s: NATO SECRET is %v, %v", id, l, ok)
		}
	}
	if n := (*equivalence.Table)(nil); n.ID()+n.Title()+n.Cites() != "" {
		t.Error("the nil table says something")
	}
	if d.ID() != "common" || d.Title() == "" || d.Cites() == "" {
		t.Errorf("the default table is %q, %q, %q", d.ID(), d.Title(), d.Cites())
	}
}

func second(_ marking.Level, ok bool) bool { return ok }

func TestWithin(t *testing.T) {
	for _, r := range []struct {
		mark, policy, ceiling string
		within, known         bool
	}{
		{"us: SECRET//NOFORN", "us", "SECRET", true, true},
		{"us: TOP SECRET//SI//NOFORN", "us", "SECRET", false, true},
		{"us: SECRET//NOFORN", "us@dod", "SECRET", true, true},
		{"nato: NATO SECRET", "us", "SECRET", true, true},
		{"nato: NATO SECRET", "us", "CONFIDENTIAL", false, true},
		{"nato: NATO RESTRICTED", "us", "CONFIDENTIAL", true, true},
		{"nato: NATO RESTRICTED", "us", "RESTRICTED", false, true},
		{"nato: NATO RESTRICTED", "uk", "OFFICIAL", false, true},
		{"us: //NR", "us", "CONFIDENTIAL", true, true},
		{"us: //NR", "nato", "NATO RESTRICTED", true, true},
		{"us: //NS", "nato", "NATO CONFIDENTIAL", false, true},
		{"de: GEHEIM", "fr", "SECRET", true, true},
		{"de: VS-VERTRAULICH", "fr", "DIFFUSION RESTREINTE", false, true},
		{"uk: OFFICIAL-SENSITIVE", "nato", "NATO UNCLASSIFIED", false, true},
		{"us: UNCLASSIFIED", "nato", "NATO UNCLASSIFIED", true, true},
		{"tlp: TLP:CLEAR", "us", "TOP SECRET", false, false},
		{"tlp: TLP:AMBER", "tlp", "TLP:AMBER", true, true},
		{"us: SECRET", "tlp", "TLP:RED", false, false},
	} {
		p := policy(t, r.policy)
		within, known := equivalence.Default().Within(read(t, r.mark), p, level(t, p, r.ceiling))
		if within != r.within || known != r.known {
			t.Errorf("%s within %s %s: %v, %v", r.mark, r.policy, r.ceiling, within, known)
		}
	}
	us := policy(t, "us")
	high := level(t, us, "TOP SECRET")
	for name, f := range map[string]func() (bool, bool){
		"zero mark":           func() (bool, bool) { return equivalence.Default().Within(marking.Marking{}, us, high) },
		"no policy":           func() (bool, bool) { return equivalence.Default().Within(us.Lowest(), nil, high) },
		"another's ceiling":   func() (bool, bool) { return equivalence.Default().Within(us.Lowest(), policy(t, "nato"), high) },
		"a ceiling above all": func() (bool, bool) { return equivalence.Default().Within(us.Lowest(), us, marking.Marking{}.Level()) },
	} {
		if within, known := f(); within || known {
			t.Errorf("%s: %v, %v", name, within, known)
		}
	}
}

// lawful fails where a table breaks its laws.
func lawful(t T, d *equivalence.Table) {
	all := policies(t)
	for _, from := range all {
		for _, to := range all {
			var last marking.Level
			any := false
			for _, l := range from.Levels() {
				there, ok := d.Level(from, l, to)
				if !ok {
					continue
				}
				if any && there.Rank < last.Rank {
					t.Fatalf("%s %s is %s in %s, below what is lower", from.ID(), l.Name, there.Name, to.ID())
				}
				last, any = there, true
				if back, ok := d.Level(to, there, from); ok && back.Rank < l.Rank {
					t.Fatalf("%s %s is %s in %s, and comes back as %s", from.ID(), l.Name, there.Name, to.ID(), back.Name)
				}
			}
		}
	}
}

func TestTablesAreLawful(t *testing.T) {
	lawful(t, equivalence.Default())
	lawful(t, wildTable(t))
}

// A row is equal both ways: what comes back as itself is what shares a row.
func TestEqualRowsAreSymmetric(t *testing.T) {
	n := 0
	for _, from := range policies(t) {
		for _, to := range policies(t) {
			for _, l := range from.Levels() {
				there, ok := equivalence.Default().Level(from, l, to)
				back, _ := equivalence.Default().Level(to, there, from)
				if ok && back == l && from.ID() < to.ID() && !strings.Contains(from.ID()+to.ID(), "@") {
					n++
				}
			}
		}
	}
	// By row: 5 policies, 1, 4, 4, 6 and 6 of them, in pairs.
	if want := 10 + 0 + 6 + 6 + 15 + 15; n != want {
		t.Errorf("%d pairs of levels are equal; want %d", n, want)
	}
}

// Whatever Load takes is lawful, whatever it is: rows drawn at random, most of
// which it refuses.
func TestLoadedTablesAreLawful(t *testing.T) {
	taken := 0
	rapid.Check(t, func(t *rapid.T) {
		pool := []string{"us", "nato", "uk", "tlp", "acme"}
		next := map[string]int{}
		var rows []string
		for range rapid.IntRange(1, 4).Draw(t, "rows") {
			fields := map[string][]string{}
			for _, id := range pool {
				levels := policy(t, id).Levels()
				// Mostly the next level, sometimes any.
				i := next[id] + rapid.SampledFrom([]int{0, 0, 0, 1, 1, -1}).Draw(t, "step")
				where := rapid.SampledFrom([]string{"levels", "levels", "up", "owned", ""}).Draw(t, "where")
				if i < 0 || i >= len(levels) || where == "" {
					continue
				}
				fields[where] = append(fields[where], fmt.Sprintf("%q:%q", id, levels[i].Name))
				if where == "owned" && i+1 < len(levels) {
					fields["up"] = append(fields["up"], fmt.Sprintf("%q:%q", id, levels[i+1].Name))
				}
				next[id] = i
				if where != "up" {
					next[id]++
				}
			}
			row := `"cites":"x"`
			for _, f := range []string{"levels", "up", "owned"} {
				row += fmt.Sprintf(",%q:{%s}", f, strings.Join(fields[f], ","))
			}
			rows = append(rows, "{"+row+"}")
		}
		data := `{"format":1,"id":"x","title":"x","cites":"x","rows":[` + strings.Join(rows, ",") + `]}`
		d, err := equivalence.Load([]byte(data), marking.Lookup)
		if err != nil {
			rules(t, err)
			return
		}
		taken++
		lawful(t, d)
	})
	if taken < 5 {
		t.Errorf("only %d tables were taken: the property says little", taken)
	}
}

func TestLoadFaults(t *testing.T) {
	top := func(rows string) string {
		return `{"format":1,"id":"x","title":"X","cites":"none","rows":[` + rows + `]}`
	}
	row := func(levels, rest string) string { return `{"cites":"none","levels":{` + levels + `}` + rest + `}` }
	const low, high = `"us":"UNCLASSIFIED","nato":"NATO UNCLASSIFIED"`, `"us":"SECRET","nato":"NATO SECRET"`
	for _, r := range []struct {
		name, data string
		want       []string // rules, sorted
	}{
		{"nothing", ``, []string{"table.json"}},
		{"no object", `[]`, []string{"table.json"}},
		{"not closed", `{"format":1`, []string{"table.json"}},
		{"wrong end", `{"format":1]`, []string{"table.json"}},
		{"no name", `{1:1}`, []string{"table.json"}},
		{"more follows", top(row(low, "")) + `{}`, []string{"table.json"}},
		{"not UTF-8", "{\"format\":1,\"id\":\"\xff\"}", []string{"table.json"}},
		{"too deep", `{"rows":[[[[1]]]]}`, []string{"table.json"}},
		{"too long", strings.Repeat(" ", equivalence.MaxSize+1), []string{"table.bounds"}},
		{"empty", `{}`, []string{"table.field"}},
		{"another format", strings.Replace(top(row(low, "")), `1`, `2`, 1), []string{"table.field"}},
		{"unknown field", strings.Replace(top(row(low, "")), `"id"`, `"rank":1,"id"`, 1), []string{"table.field"}},
		{"field in capitals", strings.Replace(top(row(low, "")), `"title"`, `"Title"`, 1), []string{"table.field"}},
		{"id in capitals", strings.Replace(top(row(low, "")), `"x"`, `"X"`, 1), []string{"table.field"}},
		{"id too long", strings.Replace(top(row(low, "")), `"x"`, `"`+strings.Repeat("x", 33)+`"`, 1), []string{"table.field"}},
		{"title with an escape sequence", strings.Replace(top(row(low, "")), `"X"`, `"\u001b[2J"`, 1), []string{"table.field"}},
		{"title too long", strings.Replace(top(row(low, "")), `"X"`, `"`+strings.Repeat("x", 1025)+`"`, 1), []string{"table.bounds"}},
		{"field twice", strings.Replace(top(row(low, "")), `"id"`, `"title":"Y","id"`, 1), []string{"table.twice"}},
		{"policy twice in a row", top(row(low+`,"us":"SECRET"`, "")), []string{"table.twice"}},
		{"no rows", top(""), []string{"table.field"}},
		{"rows is a text", `{"format":1,"id":"x","title":"X","cites":"none","rows":"none"}`, []string{"table.field"}},
		{"row is a text", top(`"row"`), []string{"table.field"}},
		{"levels is an array", top(`{"cites":"none","levels":["us"]}`), []string{"table.field"}},
		{"level is a number", top(row(low+`,"uk":1`, "")), []string{"table.field"}},
		{"row without cites", top(`{"levels":{` + low + `}}`), []string{"table.field"}},
		{"row of one level", top(row(`"us":"SECRET"`, "")), []string{"table.field"}},
		{"row without levels", top(row(``, `,"up":{"us":"SECRET","uk":"SECRET"}`)), []string{"table.field"}},
		{"unknown field of a row", top(row(low, `,"down":{"uk":"OFFICIAL"}`)), []string{"table.field"}},
		{"unknown policy", top(row(low+`,"xx":"SECRET"`, "")), []string{"table.policy"}},
		{"policy with profile", top(row(low+`,"us@dod":"SECRET"`, "")), []string{"table.policy"}},
		{"unknown level", top(row(low+`,"uk":"NOTHING"`, "")), []string{"table.level"}},
		{"unknown level of up", top(row(low, `,"up":{"uk":"NOTHING"}`)), []string{"table.level"}},
		{"level twice", top(row(high, "") + "," + row(`"us":"SECRET","nato":"COSMIC TOP SECRET"`, "")), []string{"table.twice"}},
		{"other order", top(row(high, "") + "," + row(low, "")), []string{"table.order"}},
		{"order differs", top(row(`"us":"UNCLASSIFIED","nato":"NATO SECRET"`, "") + "," + row(`"us":"SECRET","nato":"NATO RESTRICTED"`, "")), []string{"table.order"}},
		{"up is a lower row", top(row(low, "") + "," + row(`"uk":"SECRET"`, `,"up":{"us":"UNCLASSIFIED"}`)), []string{"table.order"}},
		{"up is below another", top(row(low, `,"up":{"uk":"SECRET"}`) + "," + row(high, `,"up":{"uk":"OFFICIAL"}`)), []string{"table.order"}},
		{"a level below an up", top(row(low, `,"up":{"uk":"SECRET"}`) + "," + row(high+`,"uk":"OFFICIAL"`, "")), []string{"table.order"}},
		{"up beside a level", top(row(low, `,"up":{"us":"SECRET"}`)), []string{"table.up"}},
		{"owned alone", top(row(`"uk":"OFFICIAL","nato":"NATO RESTRICTED"`, `,"owned":{"us":"RESTRICTED"}`)), []string{"table.up"}},
		{"owned above up", top(row(`"uk":"OFFICIAL","nato":"NATO RESTRICTED"`, `,"up":{"us":"RESTRICTED"},"owned":{"us":"SECRET"}`)), []string{"table.up"}},
		{"owned is up", top(row(`"uk":"OFFICIAL","nato":"NATO RESTRICTED"`, `,"up":{"us":"SECRET"},"owned":{"us":"SECRET"}`)), []string{"table.up"}},
		{"owned twice", top(row(`"uk":"OFFICIAL"`, `,"up":{"us":"CONFIDENTIAL"},"owned":{"us":"RESTRICTED"}`) + "," + row(`"uk":"SECRET"`, `,"up":{"us":"SECRET"},"owned":{"us":"RESTRICTED"}`)), []string{"table.twice"}},
		{"owners is a text", strings.Replace(top(row(low, "")), `"rows"`, `"owners":"NATO","rows"`, 1), []string{"table.field"}},
		{"owner of a nation's policy", strings.Replace(top(row(low, "")), `"rows"`, `"owners":{"us":"GBR"},"rows"`, 1), []string{"table.owner"}},
		{"owner without a code", strings.Replace(top(row(low, "")), `"rows"`, `"owners":{"nato":"XYZ"},"rows"`, 1), []string{"table.owner"}},
		{"owner of no policy", strings.Replace(top(row(low, "")), `"rows"`, `"owners":{"xx":"NATO"},"rows"`, 1), []string{"table.policy"}},
		{"too many rows", top(strings.TrimSuffix(strings.Repeat(row(low, "")+",", equivalence.MaxRows+1), ",")), []string{"table.bounds"}},
		{"all at once", top(row(high+`,"xx":"A","uk":"B"`, "") + "," + row(low, `,"up":{"us":"SECRET"}`)), []string{"table.level", "table.order", "table.policy", "table.up"}},
	} {
		d, err := equivalence.Load([]byte(r.data), marking.Lookup)
		if err == nil || d != nil {
			t.Errorf("%s: %v, %v", r.name, d, err)
			continue
		}
		if diff := cmp.Diff(r.want, rules(t, err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s\n%v", r.name, diff, err)
		}
	}
	if _, err := equivalence.Load([]byte(top(row(low, ""))), nil); !cmp.Equal(rules(t, err), []string{"table.field", "table.policy"}) {
		t.Errorf("without a lookup: %v", err)
	}
	if _, err := equivalence.Load([]byte(top(row(low, ""))), marking.Lookup); err != nil {
		t.Errorf("a right one: %v", err)
	}
}

// Hostile input is refused in linear time, with few faults.
func TestLoadBounds(t *testing.T) {
	many := strings.Repeat(`"xx":"A",`, 1000)
	for name, data := range map[string]string{
		"brackets":  strings.Repeat("[", 10<<20),
		"faults":    `{"format":1,"id":"x","title":"X","cites":"none","rows":[` + strings.Repeat(`1,`, 63) + `1]}`,
		"duplicate": `{` + many + `"xx":"A"}`,
	} {
		_, err := equivalence.Load([]byte(data), marking.Lookup)
		if faults, ok := err.(marking.Faults); !ok || len(faults) > marking.MaxFaults { //nolint:errorlint // it returns no other
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The embedded file is itself a right one; Default would hide what is wrong in it.
func TestDefaultFile(t *testing.T) {
	data, err := os.ReadFile("default.json")
	if err != nil {
		t.Fatal(err)
	}
	d, err := equivalence.Load(data, marking.Lookup)
	if err != nil {
		t.Fatal(err)
	}
	if d.ID() != equivalence.Default().ID() {
		t.Errorf("the default is %q", equivalence.Default().ID())
	}
}
