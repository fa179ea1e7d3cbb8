package trace_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/internal/node/trace"
	"tearline/leak/match"
)

// Who had which passages is what a reader of the records would find, who goes
// through them for each holder and passage.
func TestWhoCouldIsTheNaiveReading(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var passages [][]tearline.PortionRef
		var refs []tearline.PortionRef
		for i := range rapid.IntRange(0, 4).Draw(t, "passages") {
			var of []tearline.PortionRef
			for k := range rapid.IntRange(1, 3).Draw(t, "portions") {
				of = append(of, ref(fmt.Sprintf("R/%c%d", 'a'+rune(i), k)))
			}
			passages, refs = append(passages, of), append(refs, of...)
		}
		refs = append(refs, ref("R/other"))
		var given []trace.Given
		for range rapid.IntRange(0, 12).Draw(t, "acts") {
			given = append(given, trace.Given{
				Portion: rapid.SampledFrom(refs).Draw(t, "portion"),
				Party:   rapid.SampledFrom([]tearline.PartyID{"GBR", "FRA", "ITA"}).Draw(t, "party"),
				Person:  rapid.SampledFrom([]string{"", "A", "B"}).Draw(t, "person"),
				Unit:    rapid.SampledFrom([]string{"", "A"}).Draw(t, "unit"),
				Mode:    tearline.Oral,
				At:      day("2026-03-01").Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "hour")) * time.Hour),
				Via:     rapid.SampledFrom([]tearline.PartyID{"", "NLD"}).Draw(t, "via"),
			})
		}
		w := trace.WhoCould(passages, given)
		had := func(i int, is func(trace.Given) bool) bool {
			return slices.ContainsFunc(given, func(g trace.Given) bool { return is(g) && slices.Contains(passages[i], g.Portion) })
		}
		holds := func(h trace.Holder, is func(trace.Given) bool) {
			n := 0
			for i := range passages {
				if had(i, is) != h.HadPassage(i) {
					t.Fatalf("%s, passage %d: %v", h.Name(), i, h.HadPassage(i))
				}
				if had(i, is) {
					n++
				}
			}
			if n == 0 || n != h.Passages {
				t.Fatalf("%s had %d, not %d", h.Name(), n, h.Passages)
			}
		}
		for _, h := range w.Parties {
			holds(h, func(g trace.Given) bool { return g.Party == h.Party })
		}
		for _, h := range w.Persons {
			holds(h, func(g trace.Given) bool { return g.Party == h.Party && g.Person == h.Person && g.Unit == h.Unit })
		}
		for _, g := range given {
			inAny := slices.ContainsFunc(passages, func(p []tearline.PortionRef) bool { return slices.Contains(p, g.Portion) })
			listed := func(all []trace.Holder, person, unit string) bool {
				return slices.ContainsFunc(all, func(h trace.Holder) bool {
					return h.Party == g.Party && h.Person == person && h.Unit == unit && !h.First.After(g.At)
				})
			}
			if inAny && !listed(w.Parties, "", "") {
				t.Fatalf("%s is missing", g.Party)
			}
			if inAny && g.Person+g.Unit != "" && !listed(w.Persons, g.Person, g.Unit) {
				t.Fatalf("%s, %s of %s is missing", g.Person, g.Unit, g.Party)
			}
		}
		for i := range passages {
			if nobody := !had(i, func(trace.Given) bool { return true }); nobody != slices.Contains(w.Undisclosed, i) {
				t.Fatalf("passage %d: given to nobody is %v", i, nobody)
			}
		}
		for i, h := range w.Parties {
			if all := i < len(w.All(w.Parties)); all != (h.Passages == len(passages)) {
				t.Fatalf("%s had %d of %d, all: %v", h.Party, h.Passages, len(passages), all)
			}
		}
	})
}

func TestSummary(t *testing.T) {
	t.Parallel()
	at := day("2026-03-01")
	one := [][]tearline.PortionRef{{ref("R/a")}}
	two := [][]tearline.PortionRef{{ref("R/a")}, {ref("R/b")}}
	gave := func(portion string, party tearline.PartyID, person string) trace.Given {
		return trace.Given{Portion: ref(portion), Party: party, Person: person, Mode: tearline.Oral, At: at}
	}
	for _, tt := range []struct {
		passages [][]tearline.PortionRef
		given    []trace.Given
		want     string
	}{
		{one, nil, ""},
		{one, []trace.Given{gave("R/a", "GBR", "")}, "1 of 1 recipient had it: GBR"},
		{two, []trace.Given{gave("R/a", "GBR", ""), gave("R/b", "FRA", "")}, "none of 2 recipients had both passages; FRA had 1"},
		{two, []trace.Given{gave("R/a", "GBR", "A. Rahn"), gave("R/b", "GBR", "A. Rahn\x1b[0m"), gave("R/b", "GBR", "A. Rahn"), gave("R/b", "FRA", "")}, "1 of 2 recipients had both passages: GBR; of those named, A. Rahn"},
	} {
		w := trace.WhoCould(tt.passages, tt.given)
		if got := w.Summary(); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

// Portions that have the same words of the text are one passage; what does not
// count is none.
func TestPassages(t *testing.T) {
	t.Parallel()
	m := func(id tearline.PortionID, kind match.Kind, finding trace.Finding, spans ...int) trace.Match {
		out := trace.Match{Report: "R", Portion: id, Kind: kind, Verdict: trace.Verdict{Finding: finding}}
		for i := 0; i < len(spans); i += 2 {
			out.Spans = append(out.Spans, trace.Span{Leak: [2]int{spans[i], spans[i+1]}})
		}
		return out
	}
	got := trace.Passages([]trace.Match{
		m("a", match.Verbatim, trace.Open, 0, 100),
		m("b", match.Edited, trace.Open, 200, 300),
		m("a~tear", match.Reworded, trace.Open, 40, 90),
		m("half", match.Verbatim, trace.Open, 90, 110),
		m("late", trace.SameEvent, trace.NotTheSource, 0, 100),
		m("weak", trace.Weak, trace.TooWeak, 0, 100),
		m("event", trace.SameEvent, trace.Open, 400, 420, 440, 450),
		m("again", match.Edited, trace.Open, 205, 305, 500, 510),
	})
	want := [][]tearline.PortionRef{
		{ref("R/a"), ref("R/a~tear")}, {ref("R/b"), ref("R/again")}, {ref("R/half")}, {ref("R/event")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
