package warrant_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/internal/warrant"
	"tearline/internal/warrant/shards"
	"tearline/marking"
	"tearline/marking/policyfile"
)

var start = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// name makes the name of a statement that begins so.
func name(s string) tearline.StatementID {
	return tearline.StatementID(s + strings.Repeat("a", 26-len(s)))
}

// said is a statement of USA's, said so many hours after the start.
func said(id string, hours int, says tearline.Predicate) tearline.Statement {
	return tearline.Statement{ID: name(id), By: "USA", At: start.Add(time.Duration(hours) * time.Hour), Says: says}
}

// holm is a warrant that has nothing wrong with it.
func holm(change ...func(*tearline.Warrant)) *tearline.Warrant {
	w := &tearline.Warrant{
		Investigator: "Insp. Holm", Authority: "Head of Security", Because: "case 12", Policy: "us", UpTo: "SECRET",
		Term: tearline.Term{Until: start.AddDate(0, 1, 0)},
	}
	for _, c := range change {
		c(w)
	}
	return w
}

func mark(tb testing.TB, policy, text string) marking.Marking {
	tb.Helper()
	p, ok := marking.Lookup(policy)
	if !ok {
		tb.Fatalf("no policy %s", policy)
	}
	m, err := p.Parse(text)
	if err != nil {
		tb.Fatalf("%s: %v", text, err)
	}
	return m
}

func parties(codes string) []tearline.PartyID {
	var out []tearline.PartyID
	for c := range strings.FieldsSeq(codes) {
		out = append(out, tearline.PartyID(c))
	}
	return out
}

// inForce returns a warrant that is.
func inForce(tb testing.TB, w *tearline.Warrant) warrant.Warrant {
	tb.Helper()
	got, err := warrant.InForce([]tearline.Statement{said("w", 0, w)}, "USA", "w", w.Investigator, start.Add(time.Hour))
	if err != nil {
		tb.Fatal(err)
	}
	return got
}

func TestInForce(t *testing.T) {
	search := []tearline.Power{tearline.PowerSearch}
	w := said("w", 0, holm())
	for _, tc := range []struct {
		name       string
		statements []tearline.Statement
		party      tearline.PartyID
		id, person string
		hours      int
		ok         bool
	}{
		{"as said", []tearline.Statement{w}, "USA", string(w.ID), "Insp. Holm", 1, true},
		{"the moment it is said", []tearline.Statement{w}, "USA", string(w.ID), "Insp. Holm", 0, true},
		{"beginning of the name", []tearline.Statement{w}, "USA", "wa", "Insp. Holm", 1, true},
		{"the name typed otherwise", []tearline.Statement{w}, "USA", "w", " insp.  HOLM", 1, true},
		{"unknown", []tearline.Statement{w}, "USA", "x", "Insp. Holm", 1, false},
		{"nothing asked for", []tearline.Statement{w}, "USA", "", "Insp. Holm", 1, false},
		{"nothing said", nil, "USA", "w", "Insp. Holm", 1, false},
		{"another person", []tearline.Statement{w}, "USA", "w", "Insp. Lind", 1, false},
		{"nobody", []tearline.Statement{w}, "USA", "w", "", 1, false},
		{"another party", []tearline.Statement{w}, "NLD", "w", "Insp. Holm", 1, false},
		{"before it was said", []tearline.Statement{w}, "USA", "w", "Insp. Holm", -1, false},
		{"after its end", []tearline.Statement{w}, "USA", "w", "Insp. Holm", 24 * 31, false},
		{"not yet", []tearline.Statement{said("w", 0, holm(func(x *tearline.Warrant) { x.From = start.AddDate(0, 0, 2) }))}, "USA", "w", "Insp. Holm", 1, false},
		{"ended", []tearline.Statement{w, said("r", 2, &tearline.Revocation{Of: w.ID})}, "USA", "w", "Insp. Holm", 2, false},
		{"ended later", []tearline.Statement{said("r", 2, &tearline.Revocation{Of: w.ID}), w}, "USA", "w", "Insp. Holm", 1, true},
		{"another is ended", []tearline.Statement{w, said("r", 0, &tearline.Revocation{Of: name("x")})}, "USA", "w", "Insp. Holm", 1, true},
		{"somebody else ends it", []tearline.Statement{w, {ID: name("r"), By: "NLD", At: start, Says: &tearline.Revocation{Of: w.ID}}}, "USA", "w", "Insp. Holm", 1, true},
		{"dated back", []tearline.Statement{{ID: w.ID, By: "USA", At: start, Recorded: start.Add(5 * time.Hour), Says: holm()}}, "USA", "w", "Insp. Holm", 4, false},
		{"dated back, from its entry on", []tearline.Statement{{ID: w.ID, By: "USA", At: start, Recorded: start.Add(5 * time.Hour), Says: holm()}}, "USA", "w", "Insp. Holm", 5, true},
		{"to himself", []tearline.Statement{said("w", 0, holm(func(x *tearline.Warrant) { x.Authority = "insp. holm" }))}, "USA", "w", "Insp. Holm", 1, false},
		{"without end", []tearline.Statement{said("w", 0, holm(func(x *tearline.Warrant) { x.Until = time.Time{} }))}, "USA", "w", "Insp. Holm", 1, false},
		{"for years", []tearline.Statement{said("w", 0, holm(func(x *tearline.Warrant) { x.Until = start.AddDate(2, 0, 0) }))}, "USA", "w", "Insp. Holm", 1, false},
		{"without the power", []tearline.Statement{w, said("d", -1, &tearline.Delegation{To: "The Minister", Powers: search})}, "USA", "w", "Insp. Holm", 1, false},
		{"another power", []tearline.Statement{w, said("d", -1, &tearline.Delegation{To: "Head of Security", Powers: []tearline.Power{tearline.PowerConsent}})}, "USA", "w", "Insp. Holm", 1, false},
		{"with the power", []tearline.Statement{w, said("d", -1, &tearline.Delegation{To: "head of security", Powers: search, UpTo: "SECRET"})}, "USA", "w", "Insp. Holm", 1, true},
		{"above the power", []tearline.Statement{w, said("d", -1, &tearline.Delegation{To: "Head of Security", Powers: search, UpTo: "CONFIDENTIAL"})}, "USA", "w", "Insp. Holm", 1, false},
		{"others have powers later", []tearline.Statement{w, said("d", 1, &tearline.Delegation{To: "The Minister", Powers: search})}, "USA", "w", "Insp. Holm", 2, true},
		{"another party's powers", []tearline.Statement{w, {ID: name("d"), By: "NLD", At: start.Add(-time.Hour), Says: &tearline.Delegation{To: "X", Powers: search}}}, "USA", "w", "Insp. Holm", 1, true},
		{"alone, and it takes two", []tearline.Statement{w, said("d", -1, &tearline.Delegation{To: "Head of Security", Powers: search, Two: true})}, "USA", "w", "Insp. Holm", 1, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := warrant.InForce(tc.statements, tc.party, tc.id, tc.person, start.Add(time.Duration(tc.hours)*time.Hour))
			if tc.ok {
				if err != nil || got.ID() != w.ID || got.Says().Investigator != "Insp. Holm" {
					t.Errorf("InForce = %+v, %v", got, err)
				}
				return
			}
			withheld(t, got, err)
		})
	}
}

// withheld fails unless the answer is the one that tells nothing.
func withheld(tb testing.TB, got warrant.Warrant, err error) {
	tb.Helper()
	var e *tearline.Error
	if !errors.As(err, &e) || cmp.Diff(tearline.NewWithheld(), error(e)) != "" || got.ID() != "" || got.Covers(parties("USA"), mark(tb, "us", "UNCLASSIFIED")) {
		tb.Errorf("InForce = %+v, %v", got, err)
	}
}

// Of several warrants of one's own more of the name is asked for; another
// person's of the same beginning do not show.
func TestSeveral(t *testing.T) {
	both := []tearline.Statement{said("wa", 0, holm()), said("wb", 0, holm())}
	at := start.Add(time.Hour)
	if got, err := warrant.InForce(both, "USA", "w", "Insp. Holm", at); tearline.KindOf(err) != tearline.Invalid || got.ID() != "" {
		t.Errorf("InForce = %+v, %v", got, err)
	}
	if got, err := warrant.InForce(both, "USA", "wb", "Insp. Holm", at); err != nil || got.ID() != name("wb") {
		t.Errorf("InForce = %+v, %v", got, err)
	}
	others := []tearline.Statement{both[0], said("wb", 0, holm(func(x *tearline.Warrant) { x.Investigator = "Insp. Lind" })), said("wc", -24*40, holm(func(x *tearline.Warrant) { x.Until = start }))}
	if got, err := warrant.InForce(others, "USA", "w", "Insp. Holm", at); err != nil || got.ID() != name("wa") {
		t.Errorf("InForce = %+v, %v", got, err)
	}
}

func TestFind(t *testing.T) {
	broken := errors.New("unreadable")
	entries := func(err error) func(func(tearline.Statement, error) bool) {
		return func(yield func(tearline.Statement, error) bool) {
			_ = yield(said("w", 0, holm()), nil) && err != nil && yield(tearline.Statement{}, err)
		}
	}
	if got, err := warrant.Find(entries(nil), "USA", "w", "Insp. Holm", start); err != nil || got.ID() != name("w") {
		t.Errorf("Find = %+v, %v", got, err)
	}
	if got, err := warrant.Find(entries(broken), "USA", "w", "Insp. Holm", start); !errors.Is(err, broken) || got.ID() != "" {
		t.Errorf("Find = %+v, %v", got, err)
	}
}

// A warrant is its own: whoever changes what it was made of, or what it says,
// widens nothing.
func TestWarrantIsImmutable(t *testing.T) {
	says := holm(func(x *tearline.Warrant) { x.Compartments, x.Originators = []string{"TK"}, parties("NLD") })
	w := inForce(t, says)
	says.Compartments[0], says.Originators[0] = "SI", "USA"
	copied := w.Says()
	copied.Compartments[0], copied.Originators[0] = "SI", "USA"
	if w.Covers(parties("USA"), mark(t, "us", "SECRET//NF")) || w.Covers(parties("NLD"), mark(t, "us", "SECRET//SI//NF")) {
		t.Error("the warrant was widened")
	}
}

func TestCovers(t *testing.T) {
	plain := func(x *tearline.Warrant) {}
	si := func(x *tearline.Warrant) { x.Compartments = []string{"si"} }
	nld := func(x *tearline.Warrant) { x.Originators = parties("NLD USA") }
	under := func(policy, level string) func(*tearline.Warrant) {
		return func(x *tearline.Warrant) { x.Policy, x.UpTo = policy, level }
	}
	for _, tc := range []struct {
		name         string
		change       func(*tearline.Warrant)
		originators  string
		policy, mark string
		want         bool
	}{
		{"at the level", plain, "USA", "us", "SECRET//NF", true},
		{"below it", plain, "USA", "us", "CONFIDENTIAL", true},
		{"above it", plain, "USA", "us", "TOP SECRET", false},
		{"anybody's", plain, "NLD GBR USA", "us", "SECRET//REL TO USA, GBR", true},
		{"nobody's", plain, "", "us", "UNCLASSIFIED", false},
		{"a compartment", plain, "USA", "us", "SECRET//SI//NF", false},
		{"the compartment named", si, "USA", "us", "SECRET//SI//NF", true},
		{"another beside it", si, "USA", "us", "TOP SECRET//SI/TK//NF", false},
		{"one below it", si, "USA", "us", "TOP SECRET//SI-G//OC/NF", false},
		{"named, and too high", si, "USA", "us", "TOP SECRET//SI//NF", false},
		{"none, where one is named", si, "USA", "us", "SECRET", true},
		{"its originator", nld, "NLD", "us", "SECRET", true},
		{"both", nld, "USA NLD", "us", "SECRET", true},
		{"one too many", nld, "USA NLD GBR", "us", "SECRET", false},
		{"another", nld, "GBR", "us", "SECRET", false},
		{"an equal level", plain, "NLD", "nato", "NATO SECRET", true},
		{"a higher one", plain, "NLD", "nato", "COSMIC TOP SECRET", false},
		{"of no equivalent", plain, "NLD", "tlp", "TLP:CLEAR", false},
		{"of a company", plain, "NLD", "acme", "PUBLIC", false},
		{"a name that another policy has as well", under("us", "CONFIDENTIAL"), "NLD", "acme", "CONFIDENTIAL", false},
		{"under the policy itself", under("tlp", "TLP:AMBER"), "NLD", "tlp", "TLP:AMBER", true},
		{"above, under the policy itself", under("tlp", "TLP:AMBER"), "NLD", "tlp", "TLP:RED", false},
		{"another profile", plain, "USA", "us@dod", "SECRET", true},
		{"counts as more here than the ceiling there", under("de", "VS-NfD"), "GBR", "uk", "SECRET", false},
		{"a ceiling of few levels does not lift", under("uk", "OFFICIAL"), "DEU", "de", "VS-NfD", false},
		{"the same the other way", under("uk", "SECRET"), "DEU", "de", "VS-NfD", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w, m := inForce(t, holm(tc.change)), mark(t, tc.policy, tc.mark)
			if got := w.Covers(parties(tc.originators), m); got != tc.want {
				t.Errorf("covers %s: %v", m, got)
			}
		})
	}
	if inForce(t, holm()).Covers(parties("USA"), marking.Marking{}) {
		t.Error("what bears no mark is covered")
	}
	for _, whose := range [][]tearline.PartyID{{"USA", ""}, {""}, nil} {
		if s := shards.Of(whose, mark(t, "us", "UNCLASSIFIED")); s != (shards.Shard{}) || inForce(t, holm()).Covers(whose, mark(t, "us", "UNCLASSIFIED")) {
			t.Errorf("%q: what is of nobody knows whom is in shard %s", whose, s)
		}
	}
}

// A policy file of one's own that calls itself by the name of an embedded one
// is no way in: nothing compares its levels.
func TestPolicyOfOnesOwn(t *testing.T) {
	all, err := policyfile.Load(marking.PolicySource("tlp"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := all[0].Parse("TLP:CLEAR")
	if err != nil || all[0].ID() != "tlp" {
		t.Fatal(m, err)
	}
	w := inForce(t, holm(func(x *tearline.Warrant) { x.Policy, x.UpTo = "tlp", "TLP:RED" }))
	if s := shards.Of(parties("USA"), m); s != (shards.Shard{}) || w.Covers(parties("USA"), m) {
		t.Errorf("%s is in shard %s", m, s)
	}
	if !w.Covers(parties("USA"), mark(t, "tlp", "TLP:CLEAR")) {
		t.Error("the embedded one is not covered")
	}
}

// marks are of every embedded policy, with and without compartments.
var marks = []struct{ policy, text string }{
	{"us", "UNCLASSIFIED"},
	{"us", "CONFIDENTIAL//REL TO USA, GBR"},
	{"us", "SECRET//NF"},
	{"us", "TOP SECRET"},
	{"us", "SECRET//SI//NF"},
	{"us", "TOP SECRET//SI/TK//NF"},
	{"us", "TOP SECRET//SI-G//OC/NF"},
	{"us", "//NATO SECRET"},
	{"us@dod", "SECRET"},
	{"nato", "NATO RESTRICTED"},
	{"nato", "NATO SECRET"},
	{"nato", "COSMIC TOP SECRET"},
	{"uk", "OFFICIAL"},
	{"uk", "SECRET"},
	{"uk", "TOP SECRET"},
	{"de", "VS-NfD"},
	{"de", "GEHEIM"},
	{"fr", "SECRET"},
	{"eu", "EU SECRET CRYPTO RELEASABLE TO USA"},
	{"tlp", "TLP:CLEAR"},
	{"tlp", "TLP:RED"},
	{"pap", "PAP:RED"},
	{"acme", "CONFIDENTIAL"},
	{"acme", "STRICTLY CONFIDENTIAL//DEAL-RED FOX//BOARD ONLY/LEGAL/FOR BANK-A, ADVISERS"},
}

var (
	codes        = rapid.SampledFrom(parties("USA NLD GBR DEU"))
	compartments = rapid.SampledFrom([]string{"SI", "TK", "SI-G", "si", "CRYPTO", "DEAL-RED FOX", "NONE"})
)

func drawWarrant(t *rapid.T) *tearline.Warrant {
	policy := rapid.SampledFrom(append(marking.Policies(), "us@dod")).Draw(t, "policy")
	p, _ := marking.Lookup(policy)
	return holm(func(x *tearline.Warrant) {
		x.Policy, x.UpTo = policy, rapid.SampledFrom(p.Levels()).Draw(t, "level").Name
		x.Compartments = rapid.SliceOfN(compartments, 0, 4).Draw(t, "compartments")
		x.Originators = rapid.SliceOfN(codes, 0, 3).Draw(t, "originators")
	})
}

func drawMark(tb testing.TB, t *rapid.T) marking.Marking {
	tb.Helper()
	m := rapid.SampledFrom(marks).Draw(t, "mark")
	return mark(tb, m.policy, m.text)
}

// Covers rests on nothing but the shard, and the shard on nothing but what the
// page says; order and repetition make no difference.
func TestPropertyShards(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w, m := inForce(t, drawWarrant(rt)), drawMark(t, rt)
		whose := rapid.SliceOfN(codes, 0, 4).Draw(rt, "whose")
		s := shards.Of(whose, m)
		if w.Covers(whose, m) != w.CoversShard(s) {
			rt.Fatalf("%s of %v: covered or not, shard %s", m, whose, s)
		}
		turned := append(slices.Clone(whose), whose...)
		slices.Reverse(turned)
		if shards.Of(turned, m) != s {
			rt.Fatalf("%v and %v are two shards", whose, turned)
		}
		if again, err := shards.Parse(s.String()); err != nil || again != s {
			rt.Fatalf("ParseShard(%q) = %q, %v", s, again, err)
		}
		other := drawMark(t, rt)
		same := len(whose) > 0 && m.Policy() == other.Policy() && m.Level() == other.Level() && slices.Equal(m.Compartments(), other.Compartments())
		if len(whose) > 0 && (shards.Of(whose, other) == s) != same {
			rt.Fatalf("%s and %s: one shard is %v", m, other, !same)
		}
	})
}

// A narrower warrant never covers more.
func TestPropertyMonotone(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		wide, m := drawWarrant(rt), drawMark(t, rt)
		narrow := *wide
		p, _ := marking.Lookup(wide.Policy)
		ceiling, _ := p.Level(wide.UpTo)
		narrow.UpTo = p.Levels()[rapid.IntRange(0, ceiling.Rank).Draw(rt, "lower")].Name
		narrow.Compartments = wide.Compartments[:rapid.IntRange(0, len(wide.Compartments)).Draw(rt, "fewer")]
		switch {
		case len(wide.Originators) == 0:
			narrow.Originators = rapid.SliceOfN(codes, 0, 2).Draw(rt, "only")
		default:
			narrow.Originators = wide.Originators[:rapid.IntRange(1, len(wide.Originators)).Draw(rt, "fewer of them")]
		}
		whose := rapid.SliceOfN(codes, 0, 4).Draw(rt, "whose")
		if inForce(t, &narrow).Covers(whose, m) && !inForce(t, wide).Covers(whose, m) {
			rt.Fatalf("%+v covers %s of %v, and %+v does not", narrow, m, whose, wide)
		}
		if (warrant.Warrant{}).Covers(whose, m) || inForce(t, wide).CoversShard(shards.Shard{}) {
			rt.Fatal("nothing covers something, or something nothing")
		}
	})
}

// Whatever a warrant covers lies within what its authority is asked about.
func TestPropertyReach(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x, m := drawWarrant(rt), drawMark(t, rt)
		x.Originators = nil
		w, reach := inForce(t, x), warrant.Reach(x)
		within := slices.ContainsFunc(reach, func(r marking.Marking) bool {
			family := func(p *marking.Policy) string { id, _, _ := strings.Cut(p.ID(), "@"); return id }
			return family(r.Policy()) == family(m.Policy()) && m.Level().Rank <= r.Level().Rank
		})
		if w.Covers(parties("USA"), m) && !within {
			rt.Fatalf("%+v covers %s, of which nobody was asked: %v", x, m, reach)
		}
	})
}

// A power that is small under its own policy does not become a large one by
// way of a policy with few levels.
func TestNoDetour(t *testing.T) {
	power := said("d", -1, &tearline.Delegation{To: "Head of Security", Powers: []tearline.Power{tearline.PowerSearch}, UpTo: "VS-NfD"})
	for _, tc := range []struct {
		policy, level string
		ok            bool
	}{
		{"de", "VS-NfD", true},
		{"de", "GEHEIM", false},
		{"uk", "SECRET", false},
		{"us", "SECRET", false},
		{"tlp", "TLP:RED", false},
	} {
		w := said("w", 0, holm(func(x *tearline.Warrant) { x.Policy, x.UpTo = tc.policy, tc.level }))
		if _, err := warrant.InForce([]tearline.Statement{power, w}, "USA", "w", "Insp. Holm", start); (err == nil) != tc.ok {
			t.Errorf("%s %s: %v", tc.policy, tc.level, err)
		}
	}
}

func TestReach(t *testing.T) {
	for _, tc := range []struct {
		policy, level string
		want          []string
	}{
		{"us", "SECRET", []string{"us SECRET", "de GEHEIM", "eu SECRET UE/EU SECRET", "fr SECRET", "nato NATO SECRET", "uk SECRET"}},
		{"tlp", "TLP:GREEN", []string{"tlp TLP:GREEN"}},
		{"us", "RESTRICTED", []string{"us CONFIDENTIAL", "de OFFEN", "eu EU UNCLASSIFIED", "fr NON PROTEGE", "nato NATO UNCLASSIFIED"}},
		{"us", "COSY", nil},
		{"nowhere", "SECRET", nil},
		{"", "", nil},
	} {
		var got []string
		for _, m := range warrant.Reach(holm(func(x *tearline.Warrant) { x.Policy, x.UpTo = tc.policy, tc.level })) {
			got = append(got, m.Policy().ID()+" "+m.Banner())
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s %s:\n%s", tc.policy, tc.level, diff)
		}
	}
}

func TestCheck(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*tearline.Warrant)
		want   []string
	}{
		{"nothing", func(*tearline.Warrant) {}, nil},
		{"a year", func(x *tearline.Warrant) { x.Until = start.AddDate(1, 0, 0) }, nil},
		{"a year from then", func(x *tearline.Warrant) { x.From, x.Until = start.AddDate(0, 6, 0), start.AddDate(1, 6, 0) }, nil},
		{"with a second", func(x *tearline.Warrant) { x.Second = "The Minister" }, nil},
		{"everything", func(x *tearline.Warrant) { *x = tearline.Warrant{} }, []string{"a warrant for nobody", "without the name of an authority", "without a purpose", `unknown policy ""`, "without an end"}},
		{"blanks", func(x *tearline.Warrant) { x.Investigator, x.Authority, x.Because = " ", "\t", " " }, []string{"for nobody", "without the name", "without a purpose"}},
		{"to himself", func(x *tearline.Warrant) { x.Investigator = "HEAD of security" }, []string{"nobody gives himself a warrant"}},
		{"as a second", func(x *tearline.Warrant) { x.Second = "insp. holm" }, []string{"as a second either"}},
		{"one for two", func(x *tearline.Warrant) { x.Second = "head of  security" }, []string{"is one authority, and no second"}},
		{"no such level", func(x *tearline.Warrant) { x.UpTo = "NATO SECRET" }, []string{`policy us has no level "NATO SECRET"`}},
		{"no level", func(x *tearline.Warrant) { x.UpTo = "" }, []string{`has no level ""`}},
		{"a compartment without a name", func(x *tearline.Warrant) { x.Compartments = []string{"SI", " "} }, []string{"without a name"}},
		{"an originator that is none", func(x *tearline.Warrant) { x.Originators = parties("N/L") }, []string{`party "N/L"`}},
		{"too many", func(x *tearline.Warrant) { x.Compartments = make([]string, 257) }, []string{"at most 256"}},
		{"over", func(x *tearline.Warrant) { x.Until = start }, []string{"would have ended on 2026-03-02T08:00:00Z"}},
		{"over before it begins", func(x *tearline.Warrant) { x.From = x.Until.AddDate(0, 0, 1) }, []string{"would have ended on"}},
		{"too long", func(x *tearline.Warrant) { x.Until = start.AddDate(1, 0, 0).Add(1) }, []string{"more than a year"}},
	} {
		got := warrant.Check(holm(tc.change), start)
		if len(got) != len(tc.want) {
			t.Errorf("%s: %v", tc.name, got)
			continue
		}
		for i := range got {
			if !strings.Contains(got[i].Text, tc.want[i]) {
				t.Errorf("%s: %q, want %q", tc.name, got[i].Text, tc.want[i])
			}
		}
	}
}

func TestParseShard(t *testing.T) {
	s := shards.Of(parties("USA NLD"), mark(t, "us", "TOP SECRET//SI/TK//NF"))
	if got := s.String(); got != "us;TOP+SECRET;SI,TK;NLD,USA" {
		t.Errorf("String() = %q", got)
	}
	for _, text := range []string{";;;", "us;SECRET;;USA", "x;y;z;A", "de;VS-NUR+F%C3%9CR+DEN+DIENSTGEBRAUCH;;DEU", s.String()} {
		if got, err := shards.Parse(text); err != nil || got.String() != text {
			t.Errorf("ParseShard(%q) = %q, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"", "us", "us;SECRET;USA", "us;SECRET;;USA;", "us;SECRET;;", "us;;;USA", ";SECRET;;USA", ";;SI;",
		"us;SECRET;TK,SI;USA", "us;SECRET;SI,SI;USA", "us;SECRET;SI,;USA", "us;SECRET;,;USA", "us;SECRET;;USA,NLD", "us;SECRET;;U%2FSA",
		"us;TOP SECRET;;USA", "us;TOP%20SECRET;;USA", "u%73;SECRET;;USA", "us;SECRET;%zz;USA", "%zz;SECRET;;USA", "us;%zz;;USA", "us;SECRET;S%49;USA", "us;SECRET;;%zz",
		"us;SECRET;" + strings.Repeat("A", shards.MaxText) + ";USA",
	} {
		if got, err := shards.Parse(text); err == nil || got != (shards.Shard{}) {
			t.Errorf("ParseShard(%.40q) = %q", text, got)
		}
	}
}

// Nothing that is wrong with a shard makes it covered.
func TestNoSuchShard(t *testing.T) {
	w := inForce(t, holm(func(x *tearline.Warrant) { x.UpTo = "TOP SECRET" }))
	if !w.CoversShard(shards.Shard{Originators: "USA", Policy: "us", Level: "SECRET"}) {
		t.Error("a shard as it should be is not covered")
	}
	for _, s := range []shards.Shard{
		{},
		{Policy: "us", Level: "SECRET"},
		{Originators: "USA", Level: "SECRET"},
		{Originators: "USA", Policy: "us"},
		{Originators: "USA", Policy: "us", Level: "COSY"},
		{Originators: "USA", Policy: "nowhere", Level: "SECRET"},
		{Originators: "USA", Policy: "us", Level: "SECRET", Compartments: ","},
		{Originators: "%zz", Policy: "us", Level: "SECRET"},
		{Originators: "USA", Policy: "us", Level: "SECRET", Compartments: "SI"},
	} {
		if w.CoversShard(s) {
			t.Errorf("%+v is covered", s)
		}
	}
}

func FuzzParseShard(f *testing.F) {
	for _, s := range []string{"us;TOP+SECRET;SI,TK;NLD,USA", ";;;", "us;SECRET;;USA", "acme;CONFIDENTIAL;DEAL-RED+FOX;A", "%3B;%2C;%25;a"} {
		f.Add(s)
	}
	w := inForce(f, holm(func(x *tearline.Warrant) { x.UpTo = "TOP SECRET" }))
	f.Fuzz(func(t *testing.T, text string) {
		s, err := shards.Parse(text)
		if err != nil {
			if s != (shards.Shard{}) {
				t.Fatalf("%q: refused, and read as %q", text, s)
			}
			return
		}
		if s.String() != text {
			t.Fatalf("%q is written as %q", text, s)
		}
		if w.CoversShard(s) && (s.Compartments != "" || s.Originators == "") {
			t.Fatalf("%q is covered", text)
		}
	})
}
