package misp_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tearline/marking"
	"tearline/marking/misp"
)

// rules returns the rules of an error's faults.
func rules(t *testing.T, err error) []string {
	t.Helper()
	var fs marking.Faults
	if !errors.As(err, &fs) || len(fs) == 0 {
		t.Fatalf("error %v is no faults", err)
	}
	var all []string
	for _, f := range fs {
		if f.Text == "" {
			t.Errorf("fault %+v says nothing", f)
		}
		all = append(all, f.Rule)
	}
	return all
}

func banners(marks map[string]marking.Marking) map[string]string {
	all := map[string]string{}
	for id, m := range marks {
		all[id] = m.Banner()
	}
	return all
}

func tags(t *testing.T, list ...string) misp.Set {
	t.Helper()
	s, err := misp.Read(list)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(list, s.Tags()); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	return s
}

func TestParseTag(t *testing.T) {
	for s, want := range map[string]misp.Tag{
		"tlp:red":                          {Namespace: "tlp", Predicate: "red"},
		"tlp:ex:chr":                       {Namespace: "tlp", Predicate: "ex:chr"},
		`dni-ism:classification:us="TS"`:   {Namespace: "dni-ism", Predicate: "classification:us", Value: "TS"},
		`fr-classif:classifiees="SECRET"`:  {Namespace: "fr-classif", Predicate: "classifiees", Value: "SECRET"},
		`x:y="a=b, c:d"`:                   {Namespace: "x", Predicate: "y", Value: "a=b, c:d"},
		`cnsd:Fuga de información="modi"`:  {Namespace: "cnsd", Predicate: "Fuga de información", Value: "modi"},
		`de-vs:Einstufung="STRENG GEHEIM"`: {Namespace: "de-vs", Predicate: "Einstufung", Value: "STRENG GEHEIM"},
	} {
		got, err := misp.ParseTag(s)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s (-want +got):\n%s%v", s, diff, err)
		}
		if got.String() != s {
			t.Errorf("%s is written %s", s, got)
		}
	}
	for _, s := range []string{
		"", "tlp", ":red", "tlp:", " tlp:red", "tlp :red", "tlp: red", "tlp:red ", `tlp:red="`, `tlp:="x"`, `x:y=""`, `x:y="a"b"`, `x:y="a" `, `x:y=a`,
		`x:y="a`, `x="y":z`, `"x":y`, "x:y\x00", "x:\ny", "x:y\xff", "x:" + strings.Repeat("y", misp.MaxTag),
	} {
		if got, err := misp.ParseTag(s); err == nil {
			t.Errorf("%q: %+v", s, got)
		} else {
			rules(t, err)
		}
	}
}

func TestMarkings(t *testing.T) {
	for name, tt := range map[string]struct {
		tags []string
		want map[string]string
	}{
		"none":               {nil, map[string]string{}},
		"of other things":    {[]string{"a free word", `misp-galaxy:country="atlantis"`, "nato summit", "tlpx", "papal"}, map[string]string{}},
		"amber":              {[]string{"tlp:amber", "x:y"}, map[string]string{"tlp": "TLP:AMBER"}},
		"twice the same":     {[]string{"tlp:amber", "tlp:amber"}, map[string]string{"tlp": "TLP:AMBER"}},
		"white and clear":    {[]string{"tlp:white", "tlp:clear"}, map[string]string{"tlp": "TLP:CLEAR"}},
		"strict":             {[]string{"tlp:amber+strict"}, map[string]string{"tlp": "TLP:AMBER+STRICT"}},
		"without the source": {[]string{"tlp:green", "tlp:ex:chr"}, map[string]string{"tlp": "TLP:GREEN"}},
		"only no source":     {[]string{"tlp:ex:chr"}, map[string]string{}},
		"us": {
			[]string{`dni-ism:dissem="NF"`, `dni-ism:classification:us="S"`, `dni-ism:complies:with="USIC"`},
			map[string]string{"us": "SECRET//NOFORN"},
		},
		"us, parents beside": {
			[]string{
				`dni-ism:classification:us="TS"`, `dni-ism:scicontrols="SI"`, `dni-ism:scicontrols="SI-G"`, `dni-ism:scicontrols="TK"`,
				`dni-ism:dissem="OC"`, `dni-ism:dissem="NF"`, `dni-ism:dissem="FISA"`, `dni-ism:notice="FISA"`, `dni-ism:nonic="LES"`,
			},
			map[string]string{"us": "TOP SECRET//SI-G/TK//ORCON/NOFORN/FISA//LES"},
		},
		"us, ORCON-USGOV": {
			[]string{`dni-ism:classification:us="C"`, `dni-ism:dissem="OC"`, `dni-ism:dissem="OC-USGOV"`, `dni-ism:dissem="NF"`},
			map[string]string{"us": "CONFIDENTIAL//ORCON-USGOV/NOFORN"},
		},
		"us, RD": {
			[]string{`dni-ism:classification:us="S"`, `dni-ism:atomicenergymarkings="RD"`, `dni-ism:atomicenergymarkings="RD-CNWDI"`, `dni-ism:dissem="NF"`},
			map[string]string{"us": "SECRET//RD-CNWDI//NOFORN"},
		},
		"us, unclassified": {
			[]string{`dni-ism:classification:us="U"`, `dni-ism:nonic="SBU-NF"`, `dni-ism:atomicenergymarkings="DCNI"`},
			map[string]string{"us": "UNCLASSIFIED//DOD UCNI//SBU NOFORN"},
		},
		"acs": {
			[]string{`acs-marking:classification="U"`, `acs-marking:formal_determination="FOUO"`, `acs-marking:sensitivity="LES"`},
			nil, // FOUO and LES exclude each other (ISM-ID-00328)
		},
		"acs, NF": {
			[]string{`acs-marking:classification="S"`, `acs-marking:formal_determination="NF"`, `acs-marking:caveat="FISA"`},
			map[string]string{"us": "SECRET//NOFORN/FISA"},
		},
		"acs as dni-ism": {
			[]string{`acs-marking:classification="S"`, `acs-marking:formal_determination="NF"`, `dni-ism:classification:us="S"`, `dni-ism:dissem="NF"`, "tlp:red"},
			map[string]string{"us": "SECRET//NOFORN", "tlp": "TLP:RED"},
		},
	} {
		got, err := tags(t, tt.tags...).Markings()
		if tt.want == nil {
			if err == nil {
				t.Errorf("%s: %v", name, got)
			}
			continue
		}
		if diff := cmp.Diff(tt.want, banners(got)); diff != "" || err != nil || got == nil {
			t.Errorf("%s (-want +got):\n%s%v", name, diff, err)
		}
	}
}

func TestMarkingsFault(t *testing.T) {
	ism := `dni-ism:classification:us="S"`
	for name, tt := range map[string]struct {
		tags  []string
		rules []string
	}{
		"two levels":           {[]string{"tlp:green", "tlp:red"}, []string{"misp.contradiction"}},
		"the joke":             {[]string{"tlp:unclear"}, []string{"misp.unknown"}},
		"the joke beside":      {[]string{"tlp:clear", "tlp:unclear"}, []string{"misp.unknown"}},
		"no level of tlp":      {[]string{"tlp:blue"}, []string{"misp.unknown"}},
		"upper case":           {[]string{"TLP:RED"}, []string{"misp.unknown"}},
		"upper case level":     {[]string{"tlp:RED"}, []string{"misp.unknown"}},
		"level as a value":     {[]string{`tlp:level="red"`}, []string{"misp.unknown"}},
		"a blank":              {[]string{"tlp: red"}, []string{"misp.unknown"}},
		"a blank before":       {[]string{" tlp:red"}, []string{"misp.unknown"}},
		"equals":               {[]string{"tlp=red"}, []string{"misp.unknown"}},
		"a word":               {[]string{"tlp"}, []string{"misp.unknown"}},
		"a phrase":             {[]string{"TLP RED"}, []string{"misp.unknown"}},
		"a hyphen":             {[]string{"tlp-red", "tlp:clear"}, []string{"misp.unknown"}},
		"lower case pap":       {[]string{"pap:red"}, []string{"misp.unknown"}},
		"unknown beside known": {[]string{"tlp:clear", ism, `dni-ism:dissem="XX"`}, []string{"misp.unknown"}},
		"not understood":       {[]string{"tlp:clear", `ais-marking:AISConsent="NONE"`}, []string{"misp.unknown"}},
		"iep":                  {[]string{"tlp:clear", `IEP:commercial-use="MUST NOT"`}, []string{"misp.unknown"}},
		"data-classification":  {[]string{"data-classification:sensitive-information"}, []string{"misp.unknown"}},
		"no classification":    {[]string{`dni-ism:dissem="NF"`}, []string{"misp.unsaid"}},
		"two classifications":  {[]string{ism, `dni-ism:classification:us="C"`}, []string{"misp.contradiction"}},
		"whose":                {[]string{ism, `dni-ism:classification:all="S"`}, []string{"misp.unsaid"}},
		"restricted":           {[]string{`dni-ism:classification:us="R"`}, []string{"misp.unknown", "misp.unsaid"}},
		"release to whom":      {[]string{ism, `dni-ism:dissem="REL"`}, []string{"misp.unsaid"}},
		"display to whom":      {[]string{ism, `dni-ism:dissem="DISPLAYONLY"`}, []string{"misp.unsaid"}},
		"NATO's in US":         {[]string{ism, `dni-ism:nonuscontrols="ATOMAL"`}, []string{"misp.unknown"}},
		"a notice of nothing":  {[]string{ism, `dni-ism:notice="FISA"`}, []string{"misp.unknown"}},
		"distribution":         {[]string{ism, `dni-ism:notice="DoD-Dist-B"`}, []string{"misp.unknown"}},
		"other rules":          {[]string{ism, `dni-ism:complies:with="OtherAuthority"`}, []string{"misp.unknown"}},
		"another predicate":    {[]string{ism, `dni-ism:dissem="SI"`}, []string{"misp.unknown"}},
		"no value":             {[]string{ism, "dni-ism:dissem"}, []string{"misp.unknown"}},
		"refused by the rules": {[]string{ism, `dni-ism:dissem="NF"`, `dni-ism:dissem="RELIDO"`}, []string{"ISM-ID-00169"}},
		"no longer a control":  {[]string{ism, `dni-ism:scicontrols="KDK"`, `dni-ism:dissem="NF"`}, []string{"form.token"}},
		"acs contradicts":      {[]string{ism, `acs-marking:classification="C"`}, []string{"misp.contradiction"}},
		"acs, action":          {[]string{`acs-marking:classification="U"`, `acs-marking:privilege_action="DSPLY"`}, []string{"misp.unsaid"}},
		"acs, entity":          {[]string{`acs-marking:classification="U"`, `acs-marking:entity="GOV"`}, []string{"misp.unsaid"}},
		"acs, PR":              {[]string{`acs-marking:classification="U"`, `acs-marking:sensitivity="PR"`}, []string{"misp.unsaid"}},
		"acs, PUBREL":          {[]string{`acs-marking:classification="U"`, `acs-marking:formal_determination="PUBREL"`}, []string{"misp.unsaid"}},
	} {
		got, err := tags(t, tt.tags...).Markings()
		if err == nil || got != nil {
			t.Errorf("%s: %v, %v", name, got, err)
			continue
		}
		if diff := cmp.Diff(tt.rules, rules(t, err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s%v", name, diff, err)
		}
	}
}

func TestReadBounds(t *testing.T) {
	for name, list := range map[string][]string{
		"too many":  slices.Repeat([]string{"x:y"}, misp.MaxTags+1),
		"too long":  {strings.Repeat("x", misp.MaxTag+1)},
		"not UTF-8": {"x:\xff"},
	} {
		if s, err := misp.Read(list); err == nil || len(s.Tags()) > 0 {
			t.Errorf("%s: read", name)
		}
	}
	list := slices.Repeat([]string{"tlp:" + strings.Repeat("x", misp.MaxTag-4)}, misp.MaxTags)
	for i := range list {
		list[i] = list[i][:misp.MaxTag-4] + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676))
	}
	_, err := tags(t, list...).Markings()
	if n := len(rules(t, err)); n != marking.MaxFaults {
		t.Errorf("%d faults, want %d", n, marking.MaxFaults)
	}
}

func TestHideSource(t *testing.T) {
	for tag, want := range map[string]bool{"tlp:ex:chr": true, "TLP:EX:CHR": true, "tlp:red": false, "ex:chr": false} {
		if got := tags(t, tag).HideSource(); got != want {
			t.Errorf("%s: %v", tag, got)
		}
	}
}

// Each level of the tables goes to its policy and comes back; those whose
// policy is not there are faults.
func TestTables(t *testing.T) {
	for _, tt := range []struct {
		policy string
		levels map[string]string // tags → level
		caveat map[string]string // tags → level, caveat
	}{
		{"tlp", map[string]string{
			"tlp:clear": "TLP:CLEAR", "tlp:green": "TLP:GREEN", "tlp:amber": "TLP:AMBER", "tlp:amber+strict": "TLP:AMBER+STRICT", "tlp:red": "TLP:RED",
		}, nil},
		{"pap", map[string]string{"PAP:CLEAR": "PAP:CLEAR", "PAP:GREEN": "PAP:GREEN", "PAP:AMBER": "PAP:AMBER", "PAP:RED": "PAP:RED"}, nil},
		{"nato", map[string]string{
			`nato:classification="NU"`: "NATO UNCLASSIFIED", `nato:classification="NR"`: "NATO RESTRICTED", `nato:classification="NC"`: "NATO CONFIDENTIAL",
			`nato:classification="NS"`: "NATO SECRET", `nato:classification="CTS"`: "COSMIC TOP SECRET",
		}, map[string]string{
			`nato:classification="NC-A"`: "NATO CONFIDENTIAL|ATOMAL", `nato:classification="NS-A"`: "NATO SECRET|ATOMAL",
			`nato:classification="CTS-A"`: "COSMIC TOP SECRET|ATOMAL", `nato:classification="CTS-B"`: "COSMIC TOP SECRET|BOHEMIA",
		}},
		{"de", map[string]string{
			`de-vs:Einstufung="VS-NfD"`: "VS-NUR FÜR DEN DIENSTGEBRAUCH", `de-vs:Einstufung="VS-VERTRAULICH"`: "VS-VERTRAULICH",
			`de-vs:Einstufung="GEHEIM"`: "GEHEIM", `de-vs:Einstufung="STRENG GEHEIM"`: "STRENG GEHEIM",
		}, nil},
		{"fr", map[string]string{
			`fr-classif:non-classifiees="NON-PROTEGE"`: "NON PROTEGE", `fr-classif:non-classifiees="DIFFUSION_RESTREINTE"`: "DIFFUSION RESTREINTE",
			`fr-classif:classifiees="SECRET"`: "SECRET", `fr-classif:classifiees="TRES_SECRET"`: "TRES SECRET",
		}, map[string]string{
			`fr-classif:classifiees="SECRET" fr-classif:special-france="SPECIAL_FRANCE"`:      "SECRET|SPECIAL FRANCE",
			`fr-classif:classifiees="TRES_SECRET" fr-classif:special-france="SPECIAL_FRANCE"`: "TRES SECRET|SPECIAL FRANCE",
		}},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			p, ok := marking.Lookup(tt.policy)
			if !ok {
				for tag := range tt.levels {
					if got, err := tags(t, tag).Markings(); err == nil || got != nil || rules(t, err)[0] != "misp.policy" {
						t.Errorf("%s without its policy: %v, %v", tag, got, err)
					}
				}
				t.Skipf("there is no policy %q", tt.policy)
			}
			for tag, level := range tt.levels {
				want, err := p.Parse(level)
				if err != nil {
					t.Errorf("%s: %v", level, err)
					continue
				}
				roundTrip(t, tt.policy, []string{tag}, func(m marking.Marking) bool { return m.Equal(want) })
			}
			for both, what := range tt.caveat {
				level, caveat, _ := strings.Cut(what, "|")
				bare, err := p.Parse(level)
				if err != nil {
					t.Errorf("%s: %v", level, err)
					continue
				}
				list := []string{both}
				if a, b, ok := strings.Cut(both, " fr-"); ok {
					list = []string{a, "fr-" + b}
				}
				roundTrip(t, tt.policy, list, func(m marking.Marking) bool {
					return m.Level() == bare.Level() && !m.Equal(bare) && strings.Contains(m.Banner(), caveat)
				})
			}
		})
	}
}

func roundTrip(t *testing.T, policy string, list []string, right func(marking.Marking) bool) {
	t.Helper()
	got, err := tags(t, list...).Markings()
	if err != nil || len(got) != 1 || !right(got[policy]) {
		t.Errorf("%v: %v, %v", list, got, err)
		return
	}
	back, err := misp.FromMarking(got[policy])
	if diff := cmp.Diff(list, back); diff != "" || err != nil {
		t.Errorf("%v back (-want +got):\n%s%v", list, diff, err)
	}
}

// Contradictions within the tables whose policy may not be here are faults
// with it and without it.
func TestTableContradictions(t *testing.T) {
	for _, list := range [][]string{
		{"PAP:RED", "PAP:GREEN"},
		{`nato:classification="NS"`, `nato:classification="NS-A"`},
		{`de-vs:Einstufung="GEHEIM"`, `de-vs:Schutzwort="Dummy"`},
		{`de-vs:Einstufung="GEHEIM"`, `de-vs:Einstufung="VS-NfD"`},
		{`fr-classif:classifiees="SECRET"`, `fr-classif:non-classifiees="NON-PROTEGE"`},
		{`fr-classif:special-france="SPECIAL_FRANCE"`},
		{`fr-classif:classifiees="SECRET"`, `fr-classif:classifiees="TRES_SECRET"`, `fr-classif:special-france="SPECIAL_FRANCE"`},
	} {
		if got, err := tags(t, list...).Markings(); err == nil || got != nil {
			t.Errorf("%v: %v", list, got)
		}
	}
}

func TestFromMarking(t *testing.T) {
	for banner, want := range map[string][]string{
		"SECRET//NOFORN": {`dni-ism:classification:us="S"`, `dni-ism:dissem="NF"`},
		"TOP SECRET//SI-G/TK//ORCON/NOFORN": {
			`dni-ism:classification:us="TS"`, `dni-ism:scicontrols="SI"`, `dni-ism:scicontrols="SI-G"`, `dni-ism:scicontrols="TK"`,
			`dni-ism:dissem="OC"`, `dni-ism:dissem="NF"`,
		},
		"CONFIDENTIAL//ORCON-USGOV/NOFORN": {
			`dni-ism:classification:us="C"`, `dni-ism:dissem="OC"`, `dni-ism:dissem="OC-USGOV"`, `dni-ism:dissem="NF"`,
		},
		"UNCLASSIFIED//DOD UCNI//SBU NOFORN": {
			`dni-ism:classification:us="U"`, `dni-ism:atomicenergymarkings="DCNI"`, `dni-ism:nonic="SBU-NF"`,
		},
	} {
		m, err := marking.Parse(banner)
		if err != nil {
			t.Fatal(err)
		}
		roundTrip(t, "us", want, m.Equal)
	}
	for _, banner := range []string{
		"SECRET//REL TO USA, GBR", "SECRET//FGI GBR//NOFORN", "//GBR SECRET", "SECRET//SAR-BP//NOFORN", "SECRET//DISPLAY ONLY GBR",
		"SECRET//RD-SIGMA 14//NOFORN", "TOP SECRET//SI-G ABCD//ORCON/NOFORN", "TOP SECRET//TK-KAND//NOFORN",
	} {
		m, err := marking.Parse(banner)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := misp.FromMarking(m); err == nil || got != nil {
			t.Errorf("%s: %v", banner, got)
		}
	}
	if got, err := misp.FromMarking(marking.Marking{}); err == nil || got != nil {
		t.Errorf("zero marking: %v", got)
	}
}

// Every tag of the taxonomies is a machine tag that is written as it was read;
// of the marking ones, each grants what it says or nothing.
func TestSharedTaxonomies(t *testing.T) {
	data, err := os.ReadFile("../../../shared/data/markings/misp_taxonomies.tsv")
	if err != nil {
		t.Skip("the shared table is not here")
	}
	// Of dni-ism and acs-marking the levels; all else needs one beside it.
	known := map[string]int{"tlp": 6, "dni-ism": 4, "acs-marking": 4}
	got, total := map[string]int{}, 0
	for i, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		cols := strings.Split(line, "\t")
		if i == 0 {
			continue
		}
		total++
		tag, err := misp.ParseTag(cols[4])
		if err != nil || tag.String() != cols[4] || tag.Namespace != cols[0] || tag.Predicate != cols[2] || tag.Value != cols[3] {
			t.Errorf("%s: %+v, %v", cols[4], tag, err)
		}
		if marks, err := tags(t, cols[4]).Markings(); err == nil && len(marks) == 1 {
			got[cols[0]]++
		}
	}
	if total != 554 {
		t.Errorf("%d rows, want 554", total)
	}
	for policy, namespace := range map[string]string{"pap": "PAP", "nato": "nato", "de": "de-vs", "fr": "fr-classif"} {
		if _, ok := marking.Lookup(policy); ok {
			known[namespace] = map[string]int{"PAP": 5, "nato": 9, "de-vs": 4, "fr-classif": 4}[namespace]
		}
	}
	if diff := cmp.Diff(known, got); diff != "" {
		t.Errorf("tags that alone are a marking (-want +got):\n%s", diff)
	}
}

// The values of the us taxonomies that no us mark can say, all others being
// said by some.
func TestSharedUnsayable(t *testing.T) {
	data, err := os.ReadFile("../../../shared/data/markings/misp_taxonomies.tsv")
	if err != nil {
		t.Skip("the shared table is not here")
	}
	ism := func(pairs ...string) []string {
		var all []string
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, "dni-ism:"+pairs[i]+`="`+pairs[i+1]+`"`)
		}
		return all
	}
	bases := [][]string{
		nil,
		ism("classification:us", "U"),
		ism("classification:us", "S"),
		ism("classification:us", "S", "dissem", "NF"),
		ism("classification:us", "TS", "dissem", "NF", "dissem", "OC"),
		ism("classification:us", "TS", "dissem", "NF", "dissem", "OC", "dissem", "FISA", "dissem", "IMC", "dissem", "DSEN", "nonic", "LES"),
		ism("classification:us", "S", "dissem", "NF", "atomicenergymarkings", "RD", "atomicenergymarkings", "RD-CNWDI"),
		ism("classification:us", "S", "dissem", "NF", "atomicenergymarkings", "FRD"),
		ism("classification:us", "U", "nonic", "DS"),
		ism("classification:us", "U", "nonic", "LES-NF"),
		{`acs-marking:classification="U"`},
		{`acs-marking:classification="S"`},
	}
	var unsaid []string
	for line := range strings.Lines(string(data)) {
		cols := strings.Split(line, "\t")
		if cols[0] != "dni-ism" && cols[0] != "acs-marking" {
			continue
		}
		if !slices.ContainsFunc(bases, func(base []string) bool {
			s, err := misp.Read(append(slices.Clone(base), cols[4]))
			if err != nil {
				return false
			}
			marks, err := s.Markings()
			return err == nil && len(marks) == 1
		}) {
			unsaid = append(unsaid, strings.TrimPrefix(strings.TrimPrefix(cols[4], "dni-ism:"), "acs-marking:"))
		}
	}
	if diff := cmp.Diff(strings.Fields(unsayable), unsaid); diff != "" {
		t.Errorf("tags that no mark says (-want +got):\n%s", diff)
	}
}

// unsayable are those of acs-marking, then those of dni-ism: the controls that
// the register no longer has, RSV, which needs a compartment that has no tag,
// and what doc.go gives reasons for.
const unsayable = `privilege_action="DSPLY" privilege_action="IDSRC" privilege_action="TENOT" privilege_action="NETDEF" privilege_action="LEGAL"
	privilege_action="INTEL" privilege_action="TEARLINE" privilege_action="OPACTION" privilege_action="REQUEST"
	privilege_action="ANONYMOUSACCESS" privilege_action="CISAUSES"
	formal_determination="AIS" formal_determination="PII-NECESSARY-TO-UNDERSTAND-THREAT" formal_determination="NO-PII-PRESENT"
	formal_determination="PUBREL" formal_determination="INFORMATION-DIRECTLY-RELATED-TO-CYBERSECURITY-THREAT"
	caveat="POSSIBLEPII" caveat="CISAPROPRIETARY"
	sensitivity="NTOC_DHS_ECYBER_SVC_SHARE.NSA.NSA" sensitivity="PCII" sensitivity="INT" sensitivity="PII" sensitivity="PR" sensitivity="TEI"
	shareability="NCC" shareability="EM" shareability="LE" shareability="IC" shareability="USA.USG" shareability="SECTOR" shareability="FOREIGNGOV"
	entity="MIL" entity="GOV" entity="CTR" entity="SVR" entity="SVC" entity="DEV" entity="NET"
	classification:all="R" classification:all="C" classification:all="S" classification:all="TS" classification:all="U"
	scicontrols="EL" scicontrols="EL-EU" scicontrols="EL-NK" scicontrols="KDK" scicontrols="KDK-BLFH" scicontrols="KDK-IDIT" scicontrols="KDK-KAND"
	scicontrols="RSV" complies:with="USDOD" complies:with="OtherAuthority"
	notice="DoD-Dist-A" notice="DoD-Dist-B" notice="DoD-Dist-C" notice="DoD-Dist-D" notice="DoD-Dist-E" notice="DoD-Dist-F" notice="DoD-Dist-X"
	notice="US-Person" notice="pre13526ORCON" notice="POC" notice="COMSEC"
	nonuscontrols="ATOMAL" nonuscontrols="BOHEMIA" nonuscontrols="BALK" dissem="REL" dissem="DISPLAYONLY"`
