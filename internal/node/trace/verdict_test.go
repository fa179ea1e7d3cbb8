package trace_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline/internal/node/trace"
	"tearline/leak/match"
)

func details(words ...string) trace.Details {
	d := trace.Details{Of: len(words) + 1, Missing: []string{"212"}}
	for _, w := range words {
		d.Reproduced = append(d.Reproduced, trace.Reproduced{Text: w, In: 1})
	}
	return d
}

func TestJudge(t *testing.T) {
	t.Parallel()
	const portion = "The depot at Karsun holds 9,140 tonnes of diesel under Major Tolwin."
	item := func(on, text string, kind match.Kind) trace.Public {
		return trace.Public{Source: "Harbour Times", Published: day(on), Kind: kind, Text: text}
	}
	seen := day("2026-03-05")
	for _, tt := range []struct {
		name    string
		kind    match.Kind
		details trace.Details
		public  []trace.Public
		dates   trace.Dates
		kept    bool
		want    trace.Finding
		reasons string // joined by |
		errors  []trace.Error
	}{
		{
			"only here", match.Reworded, details("Karsun", "9,140"), nil,
			trace.Dates{},
			true, trace.LeakLikelier,
			"it reproduces 2 of 3 distinctive details: Karsun, 9,140|nothing public kept here had it before", nil,
		},
		{
			"one detail only here", match.Reworded, details("Karsun"), nil,
			trace.Dates{},
			true, trace.Open,
			"it reproduces 1 of 2 distinctive details: Karsun|nothing public kept here had it before", nil,
		},
		{
			"the words only here", match.Verbatim,
			trace.Details{},
			nil,
			trace.Dates{},
			true, trace.LeakLikelier,
			"nothing public kept here had it before", nil,
		},
		{"the words, and nothing to compare with", match.Verbatim, trace.Details{}, nil, trace.Dates{}, false, trace.Open, trace.NothingPublic, nil},
		{
			"words and details, and nothing to compare with", match.Edited, details("Karsun", "Tolwin"), nil,
			trace.Dates{},
			false, trace.LeakLikelier,
			"it reproduces 2 of 3 distinctive details: Karsun, Tolwin|" + trace.NothingPublic, nil,
		},
		{
			"details, and nothing to compare with", match.Reworded, details("Karsun", "Tolwin"), nil,
			trace.Dates{},
			false, trace.Open,
			"it reproduces 2 of 3 distinctive details: Karsun, Tolwin|" + trace.NothingPublic, nil,
		},
		{
			"part was public", match.Reworded, details("Karsun", "9,140", "Tolwin"),
			[]trace.Public{item("2026-03-01", "Major TOLWIN was seen.", trace.SameEvent)},
			trace.Dates{},
			true, trace.LeakLikelier,
			"it reproduces 3 of 4 distinctive details: Karsun, 9,140, Tolwin|1 of them was public on 2026-03-01 (Harbour Times)", nil,
		},
		{
			"all was public", match.Reworded, details("Karsun", "9,140"),
			[]trace.Public{
				item("2026-03-01", "In Karsun they grumble.", trace.SameEvent), item("2026-03-02", "It holds 9140 tonnes.", match.Reworded),
			},
			trace.Dates{},
			true, trace.EquallyLikely,
			"it reproduces 2 of 3 distinctive details: Karsun, 9,140|2 of them were public on 2026-03-01 (Harbour Times)|all of it was public before", nil,
		},
		{
			"the matter was public, and nothing is distinctive", match.Reworded,
			trace.Details{},
			[]trace.Public{item("2026-03-01", "A depot is guarded badly.", trace.SameEvent)},
			trace.Dates{},
			true, trace.Open,
			"the same matter was public on 2026-03-01 (Harbour Times)", nil,
		},
		{
			"the words were public", match.Verbatim,
			trace.Details{},
			[]trace.Public{item("2026-03-01", "The depot …", match.Verbatim)},
			trace.Dates{},
			true, trace.EquallyLikely,
			"its wording was public on 2026-03-01 (Harbour Times)|all of it was public before", nil,
		},
		{
			"the matter was public, none of the details", match.Reworded, details("Karsun"),
			[]trace.Public{item("2026-03-01", "A depot is guarded badly.", trace.SameEvent)},
			trace.Dates{},
			true, trace.Open,
			"it reproduces 1 of 2 distinctive details: Karsun|the same matter was public on 2026-03-01 (Harbour Times), with none of these details", nil,
		},
		{
			"a shared spelling", match.Reworded, details("Karsun"),
			[]trace.Public{item("2026-03-01", "The Karsum depot.", trace.SameEvent), item("2026-03-02", "Karusn!", trace.SameEvent)},
			trace.Dates{},
			true, trace.LeakLikelier,
			"it reproduces 1 of 2 distinctive details: Karsun|the same matter was public on 2026-03-01 (Harbour Times), with none of these details|it has “Karsun” as the portion has, where public texts have “karsum”, “karusn”",
			[]trace.Error{{Text: "Karsun", Elsewhere: []string{"karsum", "karusn"}}},
		},
		{
			"an inflected name is no error", match.Reworded, details("Karsun"),
			[]trace.Public{item("2026-03-01", "The Karsuns of old.", trace.SameEvent)},
			trace.Dates{},
			true, trace.Open,
			"it reproduces 1 of 2 distinctive details: Karsun|the same matter was public on 2026-03-01 (Harbour Times), with none of these details", nil,
		},
		{
			"a shared figure", match.Reworded, details("9,140"),
			[]trace.Public{item("2026-03-01", "Some 9,410 tonnes.", trace.SameEvent)},
			trace.Dates{},
			true, trace.LeakLikelier,
			"it reproduces 1 of 2 distinctive details: 9,140|the same matter was public on 2026-03-01 (Harbour Times), with none of these details|it has “9,140” as the portion has, where public texts have “9410”",
			[]trace.Error{{Text: "9,140", Elsewhere: []string{"9410"}}},
		},
		{
			"two figures there tell nothing", match.Reworded, details("9,140"),
			[]trace.Public{item("2026-03-01", "Some 9,410 tonnes, then 17 tonnes.", trace.SameEvent)},
			trace.Dates{},
			true, trace.Open,
			"it reproduces 1 of 2 distinctive details: 9,140|the same matter was public on 2026-03-01 (Harbour Times), with none of these details", nil,
		},
		{
			"the report came after", match.Verbatim, details("Karsun"), nil,
			trace.Dates{Report: day("2026-03-09")},
			true, trace.NotTheSource,
			"its report is dated 2026-03-09, after the text of 2026-03-05", nil,
		},
		{
			"of the next day, where that has begun", match.Verbatim,
			trace.Details{},
			nil,
			trace.Dates{Report: seen.Add(13 * time.Hour)},
			true, trace.LeakLikelier,
			"nothing public kept here had it before", nil,
		},
		{"weak, however much it has", trace.Weak, details("Karsun", "9,140"), nil, trace.Dates{}, true, trace.TooWeak, "", nil},
		{"weak and later", trace.Weak, details("Karsun", "9,140"), nil, trace.Dates{Report: day("2026-03-09")}, true, trace.TooWeak, "", nil},
		{
			"filed after", match.Verbatim,
			trace.Details{},
			nil,
			trace.Dates{Report: day("2026-03-01"), Filed: day("2026-03-07")},
			false, trace.Open,
			trace.NothingPublic + "|it was filed here only on 2026-03-07, after the text", nil,
		},
	} {
		m := trace.Match{Kind: tt.kind, Text: portion, Details: tt.details, Public: tt.public}
		tt.dates.Seen = seen
		trace.Judge(&m, tt.dates, tt.kept)
		if m.Verdict.Finding != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, m.Verdict.Finding, tt.want)
		}
		if got := strings.Join(m.Verdict.Reasons, "|"); got != tt.reasons {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.reasons)
		}
		if diff := cmp.Diff(append([]trace.Error{}, tt.errors...), m.Verdict.SharedErrors); diff != "" {
			t.Errorf("%s: shared errors (-want +got):\n%s", tt.name, diff)
		}
		if late := tt.want == trace.NotTheSource; late != (m.Kind == trace.SameEvent) || m.Counts() == (late || tt.kind == trace.Weak) {
			t.Errorf("%s: kind %s, counts %v", tt.name, m.Kind, m.Counts())
		}
	}
}

func TestDetailsOfPublicItems(t *testing.T) {
	t.Parallel()
	m := trace.Match{Kind: match.Reworded, Text: "p", Details: details("Karsun", "6 Squadron", "9,140"), Public: []trace.Public{
		{Published: day("2026-03-01"), Text: "the 6 squadron at KARSUN"}, {Published: day("2026-03-02"), Text: "squadron 6"}, {Published: day("2026-03-02"), Details: 1},
	}}
	trace.Judge(&m, trace.Dates{Seen: day("2026-03-05")}, true)
	var got []int
	for _, p := range m.Public {
		got = append(got, p.Details)
	}
	if diff := cmp.Diff([]int{2, 0, 1}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestChance(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		e    float64
		want string
	}{
		{4.9e-5, "1 in 20,000 unrelated texts of this length does as well by chance"},
		{0.001, "1 in 1,000 unrelated texts of this length does as well by chance"},
		{0.5, "1 in 2 unrelated texts of this length does as well by chance"},
		{0, "fewer than 1 in 1,000,000 unrelated texts of this length do as well by chance"},
		{1.2, "any text of this length has about 1 as good by chance"},
		{math.Inf(1), "any text of this length has about 1,000,000,000 as good by chance"},
		{math.NaN(), "how often chance does as well is not known"},
	} {
		m := trace.Match{EValue: &tt.e}
		if got := m.Chance(); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.e, got, tt.want)
		}
	}
	if got := new(trace.Match).Chance(); got != "how often chance does as well is not known" {
		t.Errorf("nothing known: %q", got)
	}
}
