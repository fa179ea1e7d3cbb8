package fingerprint_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/leak/fingerprint"
)

const (
	erased  = fingerprint.Erased
	altered = fingerprint.Altered
)

func wording(tb testing.TB, source string) tearline.Wording {
	tb.Helper()
	w, err := tearline.ParseWording(source)
	if err != nil {
		tb.Fatal(err)
	}
	return w
}

// crate has a point in the middle, an optional detail, two points side by
// side, and one at the end.
const crate = `Customs officers at the {northern|upper} crossing opened a crate of {|rusted} tractor parts ` +
	`on Tuesday and found {about|roughly} {forty|two score} detonators wrapped in old newspapers, said the {duty|senior} clerk.`

func TestRead(t *testing.T) {
	tests := map[string]struct {
		source, text string
		want         []int
	}{
		"whole, first alternatives": {
			crate,
			"Customs officers at the northern crossing opened a crate of tractor parts on Tuesday and found about forty detonators wrapped in old newspapers, said the duty clerk.",
			[]int{0, 0, 0, 0, 0},
		},
		"whole, others": {
			crate,
			"Customs officers at the upper crossing opened a crate of rusted tractor parts on Tuesday and found roughly two score detonators wrapped in old newspapers, said the senior clerk.",
			[]int{1, 1, 1, 1, 1},
		},
		"case, quotation marks, dashes, spaces": {
			crate,
			"CUSTOMS OFFICERS at the “upper”\n crossing opened   a crate of rusted—tractor—parts on Tuesday and found ‘roughly’ two-score detonators wrapped in old newspapers",
			[]int{1, 1, 1, 1, erased},
		},
		"within an article": {
			crate,
			"The border has been quiet since spring. A paper seen by this newspaper says that a crate of rusted tractor parts on Tuesday turned out to hold more. Ministers declined to say anything.",
			[]int{erased, 1, erased, erased, erased},
		},
		"an optional detail needs both neighbours": {
			crate,
			"They opened a crate of. Nothing is known so far of any other tractor parts on Tuesday",
			[]int{erased, erased, erased, erased, erased},
		},
		"like none of the alternatives": {
			crate,
			"Customs officers at the eastern crossing opened a crate of new tractor parts on Tuesday",
			[]int{altered, altered, erased, erased, erased},
		},
		"one side reworded": {
			crate,
			"Customs officers at the upper bridge broke open something else",
			[]int{1, erased, erased, erased, erased},
		},
		"one side reworded, and too little on the other": {
			crate,
			"men standing at the upper bridge broke open something else",
			[]int{erased, erased, erased, erased, erased},
		},
		"two quotations agree": {
			crate,
			"Customs officers at the upper crossing opened a crate, it is said. Again: customs officers at the upper crossing opened a crate!",
			[]int{1, erased, erased, erased, erased},
		},
		"two quotations disagree": {
			crate,
			"Customs officers at the upper crossing opened a crate, it is said. Again: customs officers at the northern crossing opened a crate!",
			[]int{erased, erased, erased, erased, erased},
		},
		"points within a word": {
			`The envoy praised the colo{u|}r of the harbo{u|}r at sunset and went home early`,
			"The envoy praised the color of the harbour at sunset and went home early",
			[]int{1, 0},
		},
		"alternatives that begin alike, one side": {
			`The convoy carried spare engines {from|from near} the valley depot in winter`,
			"The convoy carried spare engines from near somewhere",
			[]int{erased},
		},
		"a decimal point is not punctuation": {
			`The shipment weighed exactly {4.5|5.4} tonnes when it was measured`,
			"The shipment weighed exactly 45 tonnes when it was measured",
			[]int{altered},
		},
		"alternatives that differ in what is not looked at": {
			`The shipment of engines weighed {4,500|4500} tonnes when it was measured`,
			"The shipment of engines weighed 4500 tonnes when it was measured",
			[]int{erased},
		},
		"the same words stand around two points": {
			`Guards left the gate {early|late} on Monday evening. Guards left the gate {early|late} on Monday evening.`,
			"Guards left the gate late on Monday evening",
			[]int{erased, erased},
		},
		"no points":    {`Nothing varies here.`, "Nothing varies here.", []int{}},
		"nothing else": {`{a|b}`, "a", []int{erased}},
		"empty text":   {crate, "", []int{erased, erased, erased, erased, erased}},
		"unrelated":    {crate, strings.Repeat("The weather stayed fine all week and nobody complained. ", 100), []int{erased, erased, erased, erased, erased}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, fingerprint.Read(wording(t, tc.source), tc.text)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestReadLongText(t *testing.T) {
	filler := strings.Repeat("Elsewhere the ministry spoke of ordinary matters and of rain. ", 400)
	text, err := wording(t, crate).Render([]int{1, 0, 1, 0, 1})
	if err != nil {
		t.Fatal(err)
	}
	got := fingerprint.Read(wording(t, crate), filler+text+" "+filler)
	if diff := cmp.Diff([]int{1, 0, 1, 0, 1}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// vocabulary makes n distinct words, none of which is part of another.
func vocabulary(n int) []string {
	words := make([]string, n)
	for i := range words {
		words[i] = fmt.Sprintf("%cq%c%c%c%cz", 'a'+i%26, 'a'+i/26%26, 'a'+i%7, 'a'+i/7%26, 'a'+i%11)
	}
	return words
}

// drawWording draws a wording of distinct words, with fixed words enough
// around each point, and the choices of one copy.
func drawWording(t *rapid.T, most int) (tearline.Wording, []int) {
	words := vocabulary(20 + most*12)
	take := func(n int) []string {
		out := words[:n]
		words = words[n:]
		return out
	}
	var b strings.Builder
	b.WriteString(strings.Join(take(5), " "))
	points := rapid.IntRange(1, most).Draw(t, "points")
	choices := make([]int, points)
	for i := range choices {
		n := rapid.IntRange(2, 4).Draw(t, "alternatives")
		var alts []string
		for range n {
			alts = append(alts, strings.Join(take(rapid.IntRange(1, 2).Draw(t, "words")), " "))
		}
		choices[i] = rapid.IntRange(0, n-1).Draw(t, "choice")
		fmt.Fprintf(&b, " {%s} %s", strings.Join(alts, "|"), strings.Join(take(rapid.IntRange(2, 4).Draw(t, "fixed")), " "))
	}
	b.WriteString(" " + strings.Join(take(3), " ") + ".")
	w, err := tearline.ParseWording(b.String())
	if err != nil {
		t.Fatal(err)
	}
	return w, choices
}

func TestReadGivesBackWhatWasRendered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, choices := drawWording(t, 60)
		text, err := w.Render(choices)
		if err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "within") {
			text = strings.Repeat("Something unrelated was printed as well. ", rapid.IntRange(1, 200).Draw(t, "filler")) + text
		}
		if diff := cmp.Diff(choices, fingerprint.Read(w, text)); diff != "" {
			t.Fatalf("%s\n%s\n(-rendered +read)\n%s", w.Source(), text, diff)
		}
	})
}

func TestDeletionsOnlyErase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, choices := drawWording(t, 12)
		text, err := w.Render(choices)
		if err != nil {
			t.Fatal(err)
		}
		words := strings.Fields(text)
		keep := rapid.SliceOfN(rapid.IntRange(0, 9), len(words), len(words)).Draw(t, "keep")
		gone := rapid.IntRange(1, 8).Draw(t, "gone")
		var left []string
		for i, word := range words {
			if keep[i] >= gone {
				left = append(left, word)
			}
		}
		for i, s := range fingerprint.Read(w, strings.Join(left, " ")) {
			if s >= 0 && s != choices[i] {
				t.Fatalf("point %d: read %d, rendered %d\n%s\n%s", i, s, choices[i], w.Source(), strings.Join(left, " "))
			}
		}
	})
}

// Chance alone must not read alternatives that are not there: replacing words
// by others never turns one alternative into another.
func TestReplacementsOnlyErase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, choices := drawWording(t, 12)
		text, err := w.Render(choices)
		if err != nil {
			t.Fatal(err)
		}
		words := strings.Fields(text)
		for i := range words {
			if rapid.IntRange(0, 4).Draw(t, "edit") == 0 {
				words[i] = "another"
			}
		}
		for i, s := range fingerprint.Read(w, strings.Join(words, " ")) {
			if s >= 0 && s != choices[i] {
				t.Fatalf("point %d: read %d, rendered %d\n%s\n%s", i, s, choices[i], w.Source(), strings.Join(words, " "))
			}
		}
	})
}

func TestReadTakesLinearTime(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second")
	}
	w := wording(t, strings.Repeat("guards left {the|that} gate at noon ", 3000))
	text := strings.Repeat("guards left that gate at noon and ", 30000)
	start := time.Now()
	fingerprint.Read(w, text)
	if d := time.Since(start); d > 20*time.Second {
		t.Errorf("%v for a wording of %d bytes and a text of %d", d, len(w.Source()), len(text))
	}
}

func TestCompare(t *testing.T) {
	tests := []struct {
		choices, seen []int
		points, agree int
	}{
		{nil, nil, 0, 0},
		{[]int{0, 1, 2}, []int{0, 1, 2}, 3, 3},
		{[]int{0, 1, 2}, []int{erased, 0, 2}, 2, 1},
		{[]int{0, 1}, []int{altered, erased}, 0, 0},
		{[]int{0}, []int{0, 1}, 1, 1},
	}
	for _, tc := range tests {
		points, agree := fingerprint.Compare(tc.choices, tc.seen)
		if points != tc.points || agree != tc.agree {
			t.Errorf("Compare(%v, %v) = %d, %d; want %d, %d", tc.choices, tc.seen, points, agree, tc.points, tc.agree)
		}
	}
}

func TestChooseIsStableAndKeyed(t *testing.T) {
	source := strings.Repeat("{a|b|c|d} and ", 40)
	w := wording(t, source)
	ref := tearline.PortionRef{Report: "R-1", Portion: "p1"}
	key := []byte("0123456789abcdef0123456789abcdef")
	base := fingerprint.Choose(key, "GBR", ref, w)
	if diff := cmp.Diff(base, fingerprint.Choose(key, "GBR", ref, w)); diff != "" {
		t.Errorf("not stable:\n%s", diff)
	}
	if _, err := w.Render(base); err != nil {
		t.Error(err)
	}
	others := map[string][]int{
		"recipient": fingerprint.Choose(key, "CAN", ref, w),
		"portion":   fingerprint.Choose(key, "GBR", tearline.PortionRef{Report: "R-1", Portion: "p2"}, w),
		"report":    fingerprint.Choose(key, "GBR", tearline.PortionRef{Report: "R-2", Portion: "p1"}, w),
		"key":       fingerprint.Choose([]byte("another"), "GBR", ref, w),
		"wording":   fingerprint.Choose(key, "GBR", ref, wording(t, source+"so")),
	}
	for name, c := range others {
		if cmp.Equal(base, c) {
			t.Errorf("another %s, the same choices", name)
		}
	}
}

// The choices are uniform, and those of two points, portions or recipients
// tell nothing of each other: chi-square with fixed keys, so the test cannot
// fail by chance; the bounds are the 99.9 % quantiles.
func TestChoicesAreUniformAndIndependent(t *testing.T) {
	w := wording(t, "{a|b|c|d} x {a|b|c|d} y {a|b|c}")
	const n = 8000
	var single [4]float64
	var three [3]float64
	var points, portions, recipients [16]float64
	for i := range n {
		key := fmt.Appendf(nil, "key %d", i)
		a := fingerprint.Choose(key, "GBR", tearline.PortionRef{Report: "R", Portion: "p1"}, w)
		b := fingerprint.Choose(key, "GBR", tearline.PortionRef{Report: "R", Portion: "p2"}, w)
		c := fingerprint.Choose(key, "CAN", tearline.PortionRef{Report: "R", Portion: "p1"}, w)
		single[a[0]]++
		three[a[2]]++
		points[a[0]*4+a[1]]++
		portions[a[0]*4+b[0]]++
		recipients[a[0]*4+c[0]]++
	}
	check := func(name string, counts []float64, bound float64) {
		t.Helper()
		want := n / float64(len(counts))
		x := 0.0
		for _, c := range counts {
			x += (c - want) * (c - want) / want
		}
		if x > bound || math.IsNaN(x) {
			t.Errorf("%s: chi-square %.1f > %.1f: %v", name, x, bound, counts)
		}
	}
	check("one of four", single[:], 16.27)
	check("one of three", three[:], 13.82)
	check("two points", points[:], 37.70)
	check("two portions", portions[:], 37.70)
	check("two recipients", recipients[:], 37.70)
}

func FuzzRead(f *testing.F) {
	f.Add(crate, "Customs officers at the upper crossing opened a crate")
	f.Add(`a{b|}c\{d{|e}{f|g}`, "abc{d e f")
	f.Add("{“x”|é}", "\xff\u200bx")
	f.Fuzz(func(t *testing.T, source, text string) {
		w, err := tearline.ParseWording(source)
		if err != nil {
			t.Skip()
		}
		seen := fingerprint.Read(w, text)
		if len(seen) != w.Points() {
			t.Fatalf("%d readings of %d points", len(seen), w.Points())
		}
		i := 0
		for _, s := range w.Segments() {
			if s.Alternatives == nil {
				continue
			}
			if seen[i] < altered || seen[i] >= len(s.Alternatives) {
				t.Fatalf("point %d: %d", i, seen[i])
			}
			i++
		}
	})
}
