package trace_test

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/internal/node/trace"
	"tearline/leak/match"
)

var update = flag.Bool("update", false, "write testdata/result.json anew")

// fixture is a trace of an invented article, such as those who show it get.
type fixture struct {
	t    *testing.T
	leak string
	r    trace.Result
}

func (f *fixture) at(text, words string, from int) [2]int {
	i := strings.Index(text[from:], words)
	if i < 0 {
		f.t.Fatalf("%q has no %q", text, words)
	}
	return [2]int{from + i, from + i + len(words)}
}

// words aligns pairs of words, which stand in both texts in this order: "x" is
// the same in both, "x~y" has the same stem, "x=y" is so too (y has it
// as one alternative), "x/y" is another word.
func (f *fixture) words(m *trace.Match, pairs string) {
	inLeak, inPortion := 0, 0
	for pair := range strings.FieldsSeq(pairs) {
		x, y, how := pair, pair, trace.Same
		if a, b, ok := strings.Cut(pair, "~"); ok {
			x, y, how = a, b, trace.Stem
		} else if a, b, ok := strings.Cut(pair, "="); ok {
			x, y = a, b
		} else if a, b, ok := strings.Cut(pair, "/"); ok {
			x, y, how = a, b, trace.Changed
		}
		w := trace.Word{Leak: f.at(f.leak, x, inLeak), Portion: f.at(m.Text, y, inPortion), How: how, Bits: 3}
		inLeak, inPortion = w.Leak[1], w.Portion[1]
		m.Words = append(m.Words, w)
	}
	last := len(m.Words) - 1
	m.Spans = []trace.Span{{
		Leak:    [2]int{m.Words[0].Leak[0], m.Words[last].Leak[1]},
		Portion: [2]int{m.Words[0].Portion[0], m.Words[last].Portion[1]},
	}}
	m.Passages = []string{m.Text[m.Spans[0].Portion[0]:m.Spans[0].Portion[1]]}
}

func (f *fixture) detail(m *trace.Match, text string, in int) {
	m.Details.Of++
	m.Details.Reproduced = append(m.Details.Reproduced, trace.Reproduced{Text: text, Leak: f.at(f.leak, text, 0), Portion: f.at(m.Text, text, 0), In: in})
}

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func ref(s string) tearline.PortionRef {
	r, err := tearline.ParsePortionRef(s)
	if err != nil {
		panic(err)
	}
	return r
}

func newFixture(t *testing.T) fixture {
	t.Helper()
	leak, err := os.ReadFile("testdata/article.txt")
	if err != nil {
		t.Fatal(err)
	}
	f := fixture{t: t, leak: string(leak), r: trace.Result{Leak: string(leak)}}
	f.r.Seen = day("2026-03-05").Add(24*time.Hour - time.Microsecond)
	f.r.Banners = []string{"SECRET//REL TO USA, FVEY", "NATO CONFIDENTIAL"}
	f.r.Archive = trace.Archive{Portions: 1000000, Index: "7f3a", Calibrated: "chances measured on 5,000 unrelated articles"}
	f.depot()
	f.convoys()
	f.others()
	f.r.Who = trace.WhoCould(trace.Passages(f.r.Matches), []trace.Given{
		{Portion: ref("R-7/p1"), Party: "GBR", Unit: "6 Squadron", Person: "A. Rahn", Mode: tearline.Document, At: day("2026-03-01"), Copy: "BVT6-XNYM-CM63"},
		{Portion: ref("R-7/p2"), Party: "GBR", Mode: tearline.Oral, At: day("2026-03-02")},
		{Portion: ref("R-7/p1"), Party: "FRA", Mode: tearline.Visual, At: day("2026-03-03")},
		{Portion: ref("R-7/p1"), Party: "ITA", Mode: tearline.Document, At: day("2026-03-04"), Via: "GBR"},
	})
	f.r.Who.Origins = []trace.Origin{{Party: "NLD", Passages: []int{0}}}
	f.r.ExposedTo = []trace.Party{
		{Party: "GBR", Portions: []tearline.PortionRef{ref("R-7/p1"), ref("R-7/p2")}, First: day("2026-03-01")},
		{Party: "FRA", Portions: []tearline.PortionRef{ref("R-7/p1")}, First: day("2026-03-03")},
	}
	f.r.Copies = []trace.Copy{{Copy: "BVT6-XNYM-CM63", Recipient: "GBR"}}
	f.r.Points = 5
	return f
}

// depot is a passage that is in two portions, with details that were public in
// part, and spelt otherwise there.
func (f *fixture) depot() {
	m := trace.Match{
		Report: "R-7", Portion: "p1", Marking: "(S//REL TO USA, FVEY)", Kind: match.Verbatim, EValue: new(4.9e-5), Score: 96.4,
		Text:        "The fuel depot at Karsun holds {about|roughly} 9,140 tonnes of diesel, and its guards change at six. Major Tolwin commands 212 men.",
		Originators: []tearline.PartyID{"USA", "NLD"},
		Evidence: []trace.Evidence{
			{Term: "informative words shared", Value: 9, Bits: 61.2},
			{Term: "longest run of words", Value: 18, Bits: 30.7},
			{Term: "share of the portion", Value: .7, Bits: 8},
			{Term: "names missing", Value: 1, Bits: -3.5},
		},
		Shared: []trace.Shared{{Word: "karsun", In: 2, Of: 1000000, Bits: 18.9}, {Word: "depot", In: 1412, Of: 1000000, Bits: 9.5}},
		Public: []trace.Public{
			{Source: "Harbour Times", Title: "Diesel for the winter <b>\u202e", URL: "https://harbour.example/1", Published: day("2026-03-01"), Kind: trace.SameEvent, Text: "The depot at Karsum has 9,140 tonnes of diesel."},
			{Source: "Agency", Title: "No comment", URL: "https://agency.example/?id=2&x", Published: day("2026-03-03"), Kind: match.Reworded, Text: "Nothing is known of the depot at Karsum."},
		},
		Bases: []trace.Basis{
			{Disclosure: "d1", Recipient: "GBR", Unit: "6 Squadron", Person: "A. Rahn", Mode: tearline.Document, Occurred: day("2026-03-01"), Outcome: tearline.Release, Basis: tearline.ByStandingConsent},
			{Disclosure: "d2", Recipient: "FRA", Mode: tearline.Visual, Occurred: day("2026-03-03"), AfterFact: true, Outcome: tearline.Refer},
		},
	}
	f.words(&m, "fuel depot at Karsun holds roughly={about|roughly} 9,140 tonnes of diesel and its guards change at six")
	f.detail(&m, "Karsun", 2)
	f.detail(&m, "9,140", 1)
	f.detail(&m, "Tolwin", 1)
	m.Details.Of++
	m.Details.Missing = []string{"212"}
	trace.Judge(&m, trace.Dates{Report: day("2026-02-20"), Filed: day("2026-02-21"), Seen: f.r.Seen}, true)
	again := m
	again.Report, again.Marking, again.EValue, again.Bases = "N-3", "(NC)", new(2e-4), nil
	f.r.Matches = append(f.r.Matches, m, again)
}

// convoys is a passage that somebody put in other words.
func (f *fixture) convoys() {
	m := trace.Match{
		Report: "R-7", Portion: "p2", Marking: "(S//REL TO USA, FVEY)", Kind: match.Reworded, EValue: new(.03), Score: 31.5,
		Text:        "Tanker convoys leaving by the northern gate reach the crossing at Sella before dawn, 14 at a time.",
		Originators: []tearline.PartyID{"USA"},
		Evidence:    []trace.Evidence{{Term: "informative words shared", Value: 5, Bits: 28}, {Term: "order kept", Value: .8, Bits: 3.5}},
	}
	f.words(&m, "leave~leaving north~northern gate reach Sella before daylight/dawn")
	f.detail(&m, "Sella", 3)
	m.Details.Of++
	m.Details.Altered = []trace.Altered{{Text: "dawn", LeakText: "daylight"}}
	trace.Judge(&m, trace.Dates{Report: day("2026-02-20"), Filed: day("2026-03-09"), Seen: f.r.Seen}, true)
	f.r.Matches = append(f.r.Matches, m)
}

// others are a portion that came later and one that is weak.
func (f *fixture) others() {
	late := trace.Match{Report: "R-9", Portion: "p4", Marking: "(U)", Kind: match.Edited, EValue: new(1e-9), Score: 40, Text: "The depot at Karsun, says the press, is left unguarded at dawn."}
	f.words(&late, "Karsun")
	trace.Judge(&late, trace.Dates{Report: day("2026-03-09"), Seen: f.r.Seen}, true)
	weak := trace.Match{Report: "R-2", Portion: "p1", Marking: "(C)", Kind: trace.Weak, EValue: new(3.2), Score: 12, Text: "Prices of grain have fallen in all ports of the strait."}
	f.words(&weak, "prices/Prices have fallen")
	trace.Judge(&weak, trace.Dates{Report: day("2026-01-09"), Seen: f.r.Seen}, true)
	f.r.Matches = append(f.r.Matches, late, weak)
}

// The shape of the JSON is what others rely on; those who show a trace are
// tested with it.
func TestResultAsJSON(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	got, err := json.MarshalIndent(f.r, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	if *update {
		if err := os.WriteFile("testdata/result.json", got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/result.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var back trace.Result
	if err := json.Unmarshal(got, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.MarshalIndent(back, "", "\t")
	if err != nil || string(again)+"\n" != string(got) {
		t.Errorf("what was read back is written otherwise: %v", err)
	}
}
