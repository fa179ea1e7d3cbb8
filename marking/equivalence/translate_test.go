package equivalence_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline/marking"
	"tearline/marking/equivalence"
)

const (
	zero    = "equivalence.zero"
	noLevel = "equivalence.level"
	owner   = "equivalence.owner"
	control = "equivalence.control"
	breach  = "equivalence.rule"
	release = "equivalence.release"
	open    = "equivalence.open"
)

// What marks are in other policies, by hand.
func TestTranslate(t *testing.T) {
	for _, r := range []struct {
		mark, to string
		want     string   // banner
		faults   []string // rules, one for each fault, sorted
	}{
		// NATO's into a policy that writes marks of other owners.
		{"nato: NATO SECRET", "us", "//NATO SECRET", nil},
		{"nato: NATO UNCLASSIFIED", "us", "//NATO UNCLASSIFIED", nil},
		{"nato: NATO RESTRICTED", "us", "//NATO RESTRICTED", nil}, // not //NC, although it counts as CONFIDENTIAL
		{"nato: COSMIC TOP SECRET", "us", "//COSMIC TOP SECRET", nil},
		{"nato: COSMIC TOP SECRET BOHEMIA", "us", "//COSMIC TOP SECRET//BOHEMIA", nil},
		{"nato: NATO SECRET ATOMAL", "us", "//NATO SECRET//ATOMAL", nil},
		{"nato: NATO/KFOR SECRET ATOMAL", "us", "//NATO KFOR SECRET//ATOMAL", nil},
		{"nato: NATO/ISAF, KFOR SECRET", "us", "", []string{control, control}}, // one activity at most
		{"nato: NATO SECRET RELEASABLE TO SWE", "us", "//NATO SECRET//RELEASABLE TO USA, SWE, NATO", nil},
		{"nato: NATO SECRET DEU, USA ONLY", "us", "//NATO SECRET//RELEASABLE TO USA, DEU", nil},
		{"nato: NATO SECRET DEU, FRA ONLY", "us", "", []string{release}}, // the United States are not among them
		{"nato: NATO SECRET USA ONLY", "us", "", []string{release}},      // no list of one
		{"nato: NATO SECRET CRYPTO", "us", "", []string{control}},
		{"nato: NATO SECRET CRYPTO EXCLUSIVE - STAFF", "us", "", []string{control, control, control}},
		{"nato: NATO SECRET", "us@dod", "//NATO SECRET", nil},
		// Nations' and the EU's into it.
		{"de: GEHEIM", "us", "//DEU SECRET", nil},
		{"de: OFFEN", "us", "//DEU UNCLASSIFIED", nil},
		{"de: VS-NFD", "us", "//DEU RESTRICTED", nil},
		{"fr: TRES SECRET", "us", "//FRA TOP SECRET", nil},
		{"fr: SECRET - SPECIAL FRANCE", "us", "", []string{control}},
		{"uk: SECRET", "us", "//GBR SECRET", nil},
		{"uk: OFFICIAL", "us", "//GBR CONFIDENTIAL", nil},
		{"uk: OFFICIAL-SENSITIVE COMMERCIAL", "us", "", []string{control, control}},
		{"uk: SECRET - UK / US EYES ONLY", "us", "//GBR SECRET//REL TO USA, GBR", nil},
		{"uk: SECRET - UK / AUS EYES ONLY", "us", "", []string{release}},
		{"uk: SECRET - UK EYES ONLY", "us", "", []string{release, release}}, // the United States, and no foreigners
		{"eu: SECRET UE", "us", "", []string{release}},                      // not for the United States
		{"eu: SECRET UE RELEASABLE TO USA", "us", "//EU SECRET//REL TO USA, EU", nil},
		{"eu: SECRET UE CRYPTO RELEASABLE TO USA", "us", "", []string{control}},
		{"eu: EU UNCLASSIFIED LIMITE RELEASABLE TO USA", "us", "", []string{control}},
		{"tlp: TLP:AMBER", "us", "", []string{noLevel}},
		{"tlp: TLP:CLEAR", "us", "", []string{noLevel}},
		// Marks of other owners back to their owners.
		{"us: //GBR S", "uk", "SECRET", nil},
		{"us: //GBR S//REL TO USA, GBR", "uk", "SECRET - UK / US EYES ONLY", nil},
		{"us: //GBR S//NOFORN", "uk", "", []string{control}},
		{"us: //DEU S", "de", "GEHEIM", nil},
		{"us: //DEU R", "de", "VS-NUR FÜR DEN DIENSTGEBRAUCH", nil},
		{"us: //NS//REL TO USA, NATO", "nato", "NATO SECRET", nil},
		{"us: //NR//REL TO USA, NATO", "nato", "NATO RESTRICTED", nil},
		{"us: //NKFORS//REL TO USA, NATO", "nato", "NATO/KFOR SECRET", nil},
		{"us: //NBUDGETS//REL TO USA, NATO", "nato", "", []string{control}},
		{"us: //CTS//BALK//REL TO USA, NATO", "nato", "COSMIC TOP SECRET BALK", nil},
		{"us: //NS", "nato", "", []string{release}}, // it says nothing of release: the members are new
		{"us: //DEU S", "uk", "", []string{owner}},
		{"us: //FGI S", "uk", "", []string{owner}},
		{"us: //JOINT S GBR USA", "uk", "", []string{owner}},
		// The nation's own into others.
		{"us: SECRET//REL TO USA, NATO", "nato", "NATO SECRET", nil}, // the members are those whom it names
		{"us: SECRET//REL TO USA, SWE, NATO", "nato", "NATO SECRET RELEASABLE TO SWE", nil},
		{"us: SECRET//REL TO USA, GBR", "nato", "NATO SECRET GBR, USA ONLY", nil},
		{"us: SECRET//USA/GBR EYES ONLY", "nato", "NATO SECRET GBR, USA ONLY", nil},
		{"us: SECRET", "nato", "", []string{release}},
		{"us: SECRET//NOFORN", "nato", "", []string{control}},
		{"us: SECRET//REL TO USA, GBR", "uk", "SECRET - UK / US EYES ONLY", nil},
		{"us: SECRET//REL TO USA, NATO", "uk", "SECRET - UK / US / NATO EYES ONLY", nil},
		{"us: SECRET//REL TO USA, AUS", "uk", "", []string{release}}, // the list would begin with the UK
		{"us: UNCLASSIFIED//REL TO USA, GBR", "uk", "", []string{breach}},
		{"us: SECRET", "uk", "", []string{release}},
		{"us: SECRET", "de", "", []string{release}},
		{"us: SECRET//REL TO USA, DEU", "de", "", []string{release}}, // no lists there
		{"us: SECRET//ORCON/REL TO USA, DEU", "de", "", []string{control, release}},
		{"us: SECRET//RELIDO", "uk", "", []string{control}},
		{"us: SECRET//DISPLAY ONLY GBR", "uk", "", []string{release}},
		{"us: SECRET//REL TO USA, GBR/DISPLAY ONLY AFG", "uk", "", []string{release}},
		{"us: TOP SECRET", "eu", "", []string{release}},
		{"us: TOP SECRET//NOFORN", "eu", "", []string{control}},
		{"us: TOP SECRET//REL TO USA, EU", "eu", "", []string{release}}, // the us policy knows no members of the EU
		{"us: TOP SECRET//SI-G ABCD//ORCON/REL TO USA, GBR", "uk", "", []string{control, control, control, control}},
		{"us: SECRET//FGI KFOR//REL TO USA, NATO", "nato", "", []string{control}}, // a source, and not the context of that name
		{"us: SECRET//FGI//REL TO USA, NATO", "nato", "", []string{owner}},        // a concealed source
		{"us: UNCLASSIFIED", "nato", "NATO UNCLASSIFIED", nil},                    // it was open
		{"us: UNCLASSIFIED", "de", "OFFEN", nil},
		{"us: UNCLASSIFIED", "uk", "OFFICIAL", nil},
		{"us: UNCLASSIFIED//FOUO", "de", "", []string{control}},
		{"us: SECRET//NOFORN", "tlp", "", []string{control, noLevel}},
		// Organisations' and nations' among themselves.
		{"nato: NATO SECRET", "uk", "SECRET", nil},
		{"nato: NATO CONFIDENTIAL", "uk", "SECRET", nil},
		{"nato: NATO SECRET", "de", "GEHEIM", nil},
		{"nato: NATO UNCLASSIFIED", "de", "", []string{open}}, // it is not open, OFFEN is
		{"nato: NATO UNCLASSIFIED", "uk", "OFFICIAL", nil},
		{"nato: NATO SECRET RELEASABLE TO SWE", "uk", "SECRET - UK / SWE / NATO EYES ONLY", nil},
		{"nato: NATO SECRET RELEASABLE TO SWE", "de", "", []string{release}},
		{"nato: NATO SECRET - COMMERCIAL", "uk", "", []string{breach}},
		{"nato: NATO SECRET", "eu", "", []string{release}}, // Austria is no member of NATO
		{"eu: SECRET UE", "nato", "", []string{release}},
		{"eu: SECRET UE", "de", "GEHEIM", nil},
		{"eu: SECRET UE", "uk", "", []string{release}},
		{"eu: SECRET UE CRYPTO", "de", "", []string{control}},
		{"eu: SECRET UE CRYPTO RELEASABLE TO NATO", "nato", "NATO SECRET CRYPTO RELEASABLE TO EU", nil},
		{"uk: SECRET - UK EYES ONLY", "nato", "", []string{release, release}},
		{"uk: SECRET - UK / US EYES ONLY", "nato", "NATO SECRET GBR, USA ONLY", nil},
		{"fr: SECRET", "de", "", []string{release}},
		{"de: GEHEIM", "nato", "", []string{release}},
		{"acme: CONFIDENTIAL//DEAL-RED FOX//LEGAL/FOR BANK-A", "de", "", []string{control, control, noLevel, release}},
		// Profiles of one policy.
		{"us: TOP SECRET//SI-G ABCD//FGI GBR//ORCON/NOFORN", "us@ism-2022", "TOP SECRET//SI-G ABCD//FGI GBR//ORCON/NOFORN", nil},
		{"us: SECRET//SI", "us@dod", "", []string{breach}},
		{"us: SECRET//KLM-R//NOFORN", "us@dod", "SECRET//KLM-R//NOFORN", nil},
		{"us@dod: SECRET//KDK//NOFORN", "us", "", []string{control}},
		{"us: //JOINT S GBR USA//ORCON", "us@ism-2022", "//JOINT SECRET GBR USA//ORCON", nil},
		{"us: SECRET//NOFORN", "us", "SECRET//NOFORN", nil},
	} {
		got, err := equivalence.Translate(equivalence.Default(), read(t, r.mark), policy(t, r.to))
		if got.Banner() != r.want {
			t.Errorf("%s in %s: %q, want %q\n%v", r.mark, r.to, got.Banner(), r.want, err)
		}
		var faults []string
		for _, f := range asFaults(t, err) {
			faults = append(faults, f.Rule)
			if f.Text == "" || f.Hint == "" || f.Offset+f.Length > len(read(t, r.mark).Banner()) {
				t.Errorf("%s in %s: fault %+v", r.mark, r.to, f)
			}
		}
		slices.Sort(faults)
		if diff := cmp.Diff(r.faults, faults); diff != "" {
			t.Errorf("%s in %s (-want +got):\n%s%v", r.mark, r.to, diff, err)
		}
	}
}

func asFaults(t T, err error) marking.Faults {
	t.Helper()
	if err == nil {
		return nil
	}
	faults, ok := err.(marking.Faults) //nolint:errorlint // Translate returns no other
	if !ok || len(faults) == 0 {
		t.Fatalf("%v is not Faults", err)
	}
	return faults
}

func TestTranslateNothing(t *testing.T) {
	us, d := policy(t, "us"), equivalence.Default()
	for name, f := range map[string]func() (marking.Marking, error){
		"zero mark": func() (marking.Marking, error) { return equivalence.Translate(d, marking.Marking{}, us) },
		"no policy": func() (marking.Marking, error) { return equivalence.Translate(d, us.Lowest(), nil) },
	} {
		if m, err := f(); !m.IsZero() || !slices.Equal(rules(t, err), []string{zero}) {
			t.Errorf("%s: %v, %v", name, m, err)
		}
	}
	m, err := equivalence.Translate(nil, us.Lowest(), policy(t, "nato"))
	if !m.IsZero() || !slices.Contains(rules(t, err), noLevel) {
		t.Errorf("no table: %v, %v", m, err)
	}
}

// A table may hold equal what it likes: what is for few does not become what is
// for everybody.
func TestWildTable(t *testing.T) {
	for _, r := range []struct {
		mark, to, want string
		faults         []string
	}{
		{"us: CONFIDENTIAL", "acme", "", []string{open, release}}, // PUBLIC
		{"us: UNCLASSIFIED", "tlp", "TLP:CLEAR", nil},
		{"nato: NATO UNCLASSIFIED", "tlp", "", []string{open}},
		{"tlp: TLP:CLEAR", "us", "UNCLASSIFIED", nil},
		{"tlp: TLP:GREEN", "us", "", []string{release}}, // CONFIDENTIAL is for the United States
		{"tlp: TLP:GREEN", "acme", "", []string{open, release}},
		{"tlp: TLP:AMBER", "acme", "INTERNAL", nil},
		{"acme: PUBLIC", "tlp", "TLP:GREEN", nil},
		{"acme: INTERNAL", "tlp", "TLP:AMBER", nil},
		{"acme: CONFIDENTIAL//FOR BANK-A", "tlp", "", []string{release}},
		{"acme: CONFIDENTIAL//FOR BANK-A", "us", "", []string{release}}, // it knows no banks
		{"acme: CONFIDENTIAL//NO PARTNERS", "tlp", "", []string{control}},
		{"acme: CONFIDENTIAL//ASK FIRST", "us", "", []string{control}},
		{"acme: INTERNAL", "us", "", []string{release}},
		{"pap: PAP:CLEAR", "tlp", "", []string{open}},
		{"pap: PAP:GREEN", "tlp", "", []string{open}}, // GREEN is for a community
		{"pap: PAP:RED", "tlp", "TLP:RED", nil},
		{"uk: SECRET", "acme", "INTERNAL", nil},
		{"uk: OFFICIAL", "fr", "", []string{open, release}},
	} {
		m, err := equivalence.Translate(wildTable(t), read(t, r.mark), policy(t, r.to))
		if m.Banner() != r.want || !slices.Equal(rules(t, err), r.faults) {
			t.Errorf("%s in %s: %q, want %q, %v\n%v", r.mark, r.to, m.Banner(), r.want, r.faults, err)
		}
	}
}

// more is what marks of a policy may have behind their level.
var more = map[string][]string{
	"us": {
		"SI", "SI-G ABCD", "TK", "HCS-P", "SAR-BP", "RD-CNWDI", "FRD", "ATOMAL", "BOHEMIA", "FGI", "FGI GBR", "FGI DEU NATO", "FGI KFOR",
		"NOFORN", "RELIDO", "ORCON", "ORCON-USGOV", "PROPIN", "FOUO", "IMCON", "EXDIS", "LES NOFORN", "SSI",
		"REL TO USA, GBR", "REL TO USA, NATO", "REL TO USA, FVEY", "REL TO USA, SWE, NATO", "REL TO USA, DEU, EU", "USA/GBR EYES ONLY", "DISPLAY ONLY AFG",
		"DISPLAY ONLY GBR, NATO",
	},
	"nato": {
		"ATOMAL", "BALK", "CRYPTO", "SIOP", "EXCLUSIVE", "KFOR", "ISAF", "STAFF", "COMMERCIAL", "RELEASABLE TO SWE", "RELEASABLE TO EU", "RELEASABLE TO USA, UKR",
		"GBR, USA ONLY", "DEU, FRA ONLY", "USA ONLY", "NATO ONLY",
	},
	"uk":   {"SENSITIVE", "SENSITIVE COMMERCIAL", "SENSITIVE PERSONAL", "UK EYES ONLY", "UK / US EYES ONLY", "UK / US / FRA EYES ONLY", "UK / NATO EYES ONLY"},
	"eu":   {"LIMITE", "CRYPTO", "RELEASABLE TO USA", "RELEASABLE TO NATO", "RELEASABLE TO GBR, USA"},
	"fr":   {"SPECIAL FRANCE"},
	"acme": {"DEAL-RED FOX", "BOARD ONLY", "LEGAL", "ASK FIRST", "NO PARTNERS", "FOR BANK-A", "FOR ADVISERS"},
}

// heads are levels that us marks of other owners have.
var heads = []string{"//GBR S", "//GBR R", "//DEU S", "//DEU U", "//FRA TS", "//EU S", "//NS", "//CTS", "//NR", "//NKFORS", "//FGI S", "//JOINT S GBR USA", "//JOINT S DEU GBR USA"}

// drawn draws a valid mark of a policy: things are put behind a level as long
// as that is a mark.
func drawn(p *marking.Policy) *rapid.Generator[marking.Marking] {
	family, _, _ := strings.Cut(p.ID(), "@")
	var levels []string
	for _, l := range p.Levels() {
		levels = append(levels, l.Name)
	}
	if family == "us" {
		levels = append(slices.DeleteFunc(levels, func(s string) bool { return s == "RESTRICTED" }), heads...)
	}
	return rapid.Custom(func(t *rapid.T) marking.Marking {
		line := rapid.SampledFrom(levels).Draw(t, "level")
		m, err := p.Parse(line)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if more[family] == nil {
			return m
		}
		for range rapid.IntRange(0, 4).Draw(t, "more") {
			longer := line + "//" + rapid.SampledFrom(more[family]).Draw(t, "item")
			if mended := p.Mend(longer); !mended.Marking.IsZero() {
				m, line = mended.Marking, mended.Marking.Banner()
			}
		}
		return m
	})
}

// anywhere draws a mark of any policy.
func anywhere() *rapid.Generator[marking.Marking] {
	return rapid.Custom(func(t *rapid.T) marking.Marking {
		return drawn(policy(t, rapid.SampledFrom(ids).Draw(t, "policy"))).Draw(t, "mark")
	})
}

// noneNew fails where a mark is for somebody for whom another is not: the same
// person, who has every clearance and read-in, is held against both. A mark
// that says nothing of release, and whose owner the other still names, does not
// keep the agencies of the nation whose policy that is from it.
func noneNew(t T, was, is marking.Marking) {
	t.Helper()
	if was.Open() {
		return
	}
	keep, see, silent := was.Releasable()
	isKeep, isSee, _ := is.Releasable()
	host := ""
	if silent {
		host = is.Policy().Nation()
	}
	for _, c := range isKeep {
		if !slices.Contains(keep, c) && c != host {
			t.Fatalf("%v of %s is for %s, %v of %s is not", is, is.Policy().ID(), c, was, was.Policy().ID())
		}
	}
	for _, c := range isSee {
		if !slices.Contains(keep, c) && !slices.Contains(see, c) {
			t.Fatalf("%v may be seen by %s, %v may not", is, c, was)
		}
	}
	for _, nation := range []string{"USA", "GBR", "DEU", "FRA", "SWE", "UKR", "AUS", "JPN"} {
		if !was.Policy().KnowsCode(nation) || !is.Policy().KnowsCode(nation) {
			continue
		}
		may := is.Access(someone(t, is, nation))
		if may >= marking.AccessSee && may > was.Access(someone(t, was, nation)) && nation != host {
			t.Fatalf("somebody of %s %v %v, and %v %v", nation, may, is, was.Access(someone(t, was, nation)), was)
		}
	}
	if was.NoForeign() && !is.NoForeign() || was.OriginatorControlled() && !is.OriginatorControlled() || is.Open() {
		t.Fatalf("%v is weaker than %v", is, was)
	}
}

// someone is a person of a nation who may have whatever the mark does not
// release by nation.
func someone(t T, m marking.Marking, nation string) marking.Recipient {
	t.Helper()
	p := m.Policy()
	levels := p.Levels()
	who := marking.Person{
		Nations: []string{nation}, Organisation: nation, Agency: nation == p.Nation(), Listed: true,
		Clearance: levels[len(levels)-1].Name, ReadIns: m.Compartments(),
	}
	if strings.HasPrefix(p.ID(), "us") {
		who.ReadIns = append(who.ReadIns, "NATO-TS")
	}
	r, err := p.Recipient(who)
	if err != nil {
		t.Fatalf("%v: %v", m, err)
	}
	return r
}

// said returns the names of all that a mark has beside level, owner and lists,
// without the words of lists.
func said(m marking.Marking) []string {
	words := []string{"REL TO", "RELEASABLE TO", "EYES ONLY", "ONLY", "DISPLAY ONLY", "FOR"}
	var out []string
	for field, v := range m.Fields() {
		values, _ := v.([]string)
		if slices.Contains([]string{"policy", "classification", "owner", "rel_to", "eyes_only", "display_only"}, field) {
			continue
		}
		if s, ok := v.(string); ok {
			values = []string{s}
		}
		for _, name := range values {
			if !slices.Contains(words, name) {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return out
}

// No translation releases to anyone new, and none drops anything; what goes
// there and back is not lower.
func TestTranslationsKeepForce(t *testing.T) {
	all := policies(t)
	for name, d := range map[string]*equivalence.Table{"default": equivalence.Default(), "wild": wildTable(t)} {
		for _, from := range all {
			t.Run(name+"/"+from.ID(), func(t *testing.T) {
				rapid.Check(t, func(t *rapid.T) {
					m := drawn(from).Draw(t, "mark")
					to := policy(t, rapid.SampledFrom(ids).Draw(t, "to"))
					out, err := equivalence.Translate(d, m, to)
					if err != nil {
						if !out.IsZero() {
							t.Fatalf("%v is %v, and %v", m, out, err)
						}
						rules(t, err)
						return
					}
					keepsForce(t, d, m, out)
					if out.Policy() != to {
						t.Fatalf("%v is %v, of policy %s", m, out, out.Policy().ID())
					}
					if back, err := equivalence.Translate(d, out, from); err == nil {
						noneNew(t, out, back)
						if !m.Open() {
							noneNew(t, m, back)
						}
						if back.Level().Rank < m.Level().Rank {
							t.Fatalf("%v is %v, and that %v", m, out, back)
						}
					}
				})
			})
		}
	}
}

func keepsForce(t T, d *equivalence.Table, m, out marking.Marking) {
	t.Helper()
	noneNew(t, m, out)
	if diff := cmp.Diff(said(m), said(out)); diff != "" {
		t.Fatalf("%v is %v (-mark +translation):\n%s", m, out, diff)
	}
	if codes, ok := m.ReleaseList(); ok {
		for _, c := range codes {
			if !out.Names(c) {
				t.Fatalf("%v is %v, which does not name %s", m, out, c)
			}
		}
	}
	if l, ok := d.Level(m.Policy(), m.Level(), out.Policy()); !ok || out.Owner() == nil && out.Level() != l {
		t.Fatalf("%v is %v, whose level is not %s", m, out, l.Name)
	}
	if m.Owner() != nil && out.Owner() != nil && !slices.Equal(m.Owner(), out.Owner()) {
		t.Fatalf("%v is %v, which is another's", m, out)
	}
}

// How many of a policy's levels alone, without anything behind them, are marks
// of another: by hand. What is open becomes anything; nations' marks become
// their owner's where there are such, and else let in a nation that is new.
func TestBareLevels(t *testing.T) {
	got := map[string]int{}
	for _, from := range policies(t) {
		for _, l := range from.Levels() {
			m, err := from.Parse(l.Name)
			if err != nil {
				continue // RESTRICTED is no level of the us policy's own marks
			}
			for _, to := range policies(t) {
				if _, err := equivalence.Translate(equivalence.Default(), m, to); err == nil && from != to {
					got[from.ID()+" "+to.ID()]++
				}
			}
		}
	}
	want := map[string]int{
		"us us@ism-2022": 4, "us us@dod": 4, "us nato": 1, "us uk": 1, "us eu": 1, "us de": 1, "us fr": 1,
		"us@ism-2022 us": 4, "us@ism-2022 us@dod": 4, "us@ism-2022 nato": 1, "us@ism-2022 uk": 1, "us@ism-2022 eu": 1, "us@ism-2022 de": 1, "us@ism-2022 fr": 1,
		"us@dod us": 4, "us@dod us@ism-2022": 4, "us@dod nato": 1, "us@dod uk": 1, "us@dod eu": 1, "us@dod de": 1, "us@dod fr": 1,
		"nato us": 5, "nato us@ism-2022": 5, "nato us@dod": 5, "nato uk": 5, "nato de": 4, "nato fr": 4,
		"uk us": 3, "uk us@ism-2022": 3, "uk us@dod": 3,
		"eu de": 4, "eu fr": 4,
		"de us": 5, "de us@ism-2022": 5, "de us@dod": 5, "de nato": 1, "de uk": 1, "de eu": 1, "de fr": 1,
		"fr us": 4, "fr us@ism-2022": 4, "fr us@dod": 4, "fr nato": 1, "fr uk": 1, "fr eu": 1, "fr de": 1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
