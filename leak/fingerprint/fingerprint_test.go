package fingerprint_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"math/big"
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

// secret is a report's, for tests.
var secret = []byte("0123456789abcdef0123456789abcdef")

// points returns those of a wording under a report's secret.
func points(tb testing.TB, report []byte, code tearline.Code, ref tearline.PortionRef, w tearline.Wording) *fingerprint.Points {
	tb.Helper()
	s, err := fingerprint.PortionSecret(report, code, ref, w)
	if err != nil {
		tb.Fatal(err)
	}
	return s.Key(fingerprint.Words, 7, [32]byte{1}).Of(w)
}

func TestChoicesAreStableAndKeyed(t *testing.T) {
	source := strings.Repeat("{a|b|c|d} and {x|y} ", 40)
	w := wording(t, source)
	ref := tearline.PortionRef{Report: "R-1", Portion: "p1"}
	gbr := fingerprint.Reader{Party: "GBR"}
	base := points(t, secret, tearline.CodeNuida, ref, w).Choices(gbr)
	if diff := cmp.Diff(base, points(t, secret, tearline.CodeNuida, ref, w).Choices(gbr)); diff != "" {
		t.Errorf("not stable:\n%s", diff)
	}
	if _, err := w.Render(base); err != nil {
		t.Error(err)
	}
	s, err := fingerprint.PortionSecret(secret, tearline.CodeNuida, ref, w)
	if err != nil {
		t.Fatal(err)
	}
	opened := fingerprint.OpenSecret(s.Reveal(), tearline.CodeNuida, ref, w)
	if diff := cmp.Diff(base, opened.Key(fingerprint.Words, 7, [32]byte{1}).Of(w).Choices(gbr)); diff != "" {
		t.Errorf("the revealed secret gives others:\n%s", diff)
	}
	another := bytes.Repeat([]byte{3}, fingerprint.SecretSize)
	others := map[string][]int{
		"party":   points(t, secret, tearline.CodeNuida, ref, w).Choices(fingerprint.Reader{Party: "CAN"}),
		"unit":    points(t, secret, tearline.CodeNuida, ref, w).Choices(fingerprint.Reader{Party: "GBR", Unit: "Coast Guard"}),
		"person":  points(t, secret, tearline.CodeNuida, ref, w).Choices(fingerprint.Reader{Party: "GBR", Person: "Coast Guard"}),
		"portion": points(t, secret, tearline.CodeNuida, tearline.PortionRef{Report: "R-1", Portion: "p2"}, w).Choices(gbr),
		"report":  points(t, secret, tearline.CodeNuida, tearline.PortionRef{Report: "R-2", Portion: "p1"}, w).Choices(gbr),
		"secret":  points(t, another, tearline.CodeNuida, ref, w).Choices(gbr),
		"wording": points(t, secret, tearline.CodeNuida, ref, wording(t, source+"so")).Choices(gbr),
		"use":     s.Key(fingerprint.Page, 7, [32]byte{1}).Of(w).Choices(gbr),
		"size":    s.Key(fingerprint.Words, 8, [32]byte{1}).Of(w).Choices(gbr),
		"root":    s.Key(fingerprint.Words, 7, [32]byte{2}).Of(w).Choices(gbr),
	}
	for name, c := range others {
		if cmp.Equal(base, c) {
			t.Errorf("another %s, the same choices", name)
		}
	}
	if _, err := fingerprint.PortionSecret(secret[1:], tearline.CodeNuida, ref, w); err == nil {
		t.Error("a short secret is taken")
	}
}

// A commitment binds secret, code, portion and wording; and printing tells
// nothing of what it is made from.
func TestCommitmentBinds(t *testing.T) {
	w := wording(t, "found {about|roughly} forty")
	ref := tearline.PortionRef{Report: "R-1", Portion: "p1"}
	make := func(report []byte, code tearline.Code, ref tearline.PortionRef, w tearline.Wording) fingerprint.Secret {
		s, err := fingerprint.PortionSecret(report, code, ref, w)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	base := make(secret, tearline.CodeNuida, ref, w)
	if got, want := base.Commitment(), fingerprint.OpenSecret(base.Reveal(), tearline.CodeNuida, ref, w).Commitment(); got != want {
		t.Errorf("opened: %s, want %s", got, want)
	}
	flipped := base.Reveal()
	flipped[31] ^= 1
	for name, s := range map[string]fingerprint.Secret{
		"secret":   make(bytes.Repeat([]byte{1}, 32), tearline.CodeNuida, ref, w),
		"revealed": fingerprint.OpenSecret(flipped, tearline.CodeNuida, ref, w),
		"code":     fingerprint.OpenSecret(base.Reveal(), tearline.CodeHalf, ref, w),
		"portion":  fingerprint.OpenSecret(base.Reveal(), tearline.CodeNuida, tearline.PortionRef{Report: "R-1", Portion: "p2"}, w),
		"wording":  fingerprint.OpenSecret(base.Reveal(), tearline.CodeNuida, ref, wording(t, "found {about|nearly} forty")),
	} {
		if s.Commitment() == base.Commitment() {
			t.Errorf("another %s, the same commitment", name)
		}
	}
	key := base.Key(fingerprint.Words, 1, [32]byte{})
	if s := fmt.Sprintf("%v %+v %#v %s %x %v", base, base, base, base, base, key); strings.Trim(s, " ") != "" {
		t.Errorf("a secret prints as %q", s)
	}
}

// vector pins derivation, so that bundles made today verify later.
func TestDerivationVector(t *testing.T) {
	w := wording(t, "{a|b} x {c|d|e} y {f|g} z {h|i} w {j|k}")
	s, err := fingerprint.PortionSecret(secret, tearline.CodeNuida, tearline.PortionRef{Report: "XNO/2031/7", Portion: "p1"}, w)
	if err != nil {
		t.Fatal(err)
	}
	p := s.Key(fingerprint.Words, 41, sha256.Sum256([]byte("root"))).Of(w)
	got := fmt.Sprintf("%x %s", s.Reveal(), s.Commitment())
	for i := range p.Len() {
		got += fmt.Sprintf(" %d:%.4f", p.Alternatives(i), p.Bias(i))
	}
	reader := fingerprint.Reader{Party: "XSU", Unit: "Harbour"}
	got += fmt.Sprintf(" %d %d", p.Symbols(reader), p.Choices(reader))
	const want = `a2f1d75162ea476ebdba0d45a9885e09a62e44b50799c0dc268397fa857b19c7 91b49a6b3ef1bb5efc0169d441c558e2dd448d83d3a54916fd96db68fc4b4f6d 2:0.2113 3:0.7887 2:0.2113 2:0.2113 2:0.2113 [0 0 1 0 0] [0 2 0 0 0]`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// chi returns the chi-square statistic of counts against expected shares.
func chi(counts []float64, shares ...float64) float64 {
	n, x := 0.0, 0.0
	for _, c := range counts {
		n += c
	}
	for i, c := range counts {
		want := n / float64(len(counts))
		if shares != nil {
			want = n * shares[i]
		}
		x += (c - want) * (c - want) / want
	}
	return x
}

// Symbols have the bias that their point says, both biases are as frequent,
// either alternative stands for 1 as often, and two points, portions or
// readers tell nothing of each other: chi-square with fixed keys, so the test
// cannot fail by chance; the bounds are the 99.9 % quantiles.
func TestDrawsAreBiasedAsSaidAndIndependent(t *testing.T) {
	w := wording(t, "{a|b} x {c|d} y {e|f|g}")
	const n = 8000
	var bias, order, half, three [4]float64
	var symbols [2][2]float64 // by bias
	var pairs, readers, portions [4]float64
	gbr, can := fingerprint.Reader{Party: "GBR"}, fingerprint.Reader{Party: "CAN"}
	for i := range n {
		key := sha256.Sum256(fmt.Appendf(nil, "key %d", i))
		p := points(t, key[:], tearline.CodeNuida, tearline.PortionRef{Report: "R", Portion: "p1"}, w)
		q := points(t, key[:], tearline.CodeNuida, tearline.PortionRef{Report: "R", Portion: "p2"}, w)
		h := points(t, key[:], tearline.CodeHalf, tearline.PortionRef{Report: "R", Portion: "p1"}, w)
		s, c, a := p.Symbols(gbr), p.Symbols(can), p.Choices(gbr)
		common := 0
		if p.Bias(0) > 0.5 {
			common = 1
		}
		bias[common]++
		symbols[common][s[0]]++
		order[a[0]^int(s[0])]++
		half[h.Symbols(gbr)[0]]++
		three[a[2]]++
		// Ranked by how likely they are, symbols are alike at all points.
		as := func(p *fingerprint.Points, i int, s uint8) int { return int(s) ^ int(math.Round(p.Bias(i))) }
		pairs[as(p, 0, s[0])*2+as(p, 1, s[1])]++
		readers[as(p, 0, s[0])*2+as(p, 0, c[0])]++
		portions[as(p, 0, s[0])*2+as(q, 0, q.Symbols(gbr)[0])]++
	}
	r := (3 - math.Sqrt(3)) / 6
	both := []float64{(1 - r) * (1 - r), r * (1 - r), r * (1 - r), r * r}
	for name, got := range map[string][2]float64{
		"bias":            {chi(bias[:2]), 10.83},
		"symbols, rare":   {chi(symbols[0][:], 1-r, r), 10.83},
		"symbols, common": {chi(symbols[1][:], r, 1-r), 10.83},
		"order":           {chi(order[:2]), 10.83},
		"half":            {chi(half[:2]), 10.83},
		"one of three":    {chi(three[:3]), 13.82},
		"two points":      {chi(pairs[:], both...), 16.27},
		"two readers":     {chi(readers[:], both...), 16.27},
		"two portions":    {chi(portions[:], both...), 16.27},
	} {
		if !(got[0] <= got[1]) {
			t.Errorf("%s: chi-square %.1f > %.1f", name, got[0], got[1])
		}
	}
}

// Symbol undoes what Choices did, at every point and number of alternatives.
func TestSymbolIsOfTheAlternative(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOfN(rapid.IntRange(2, tearline.MaxAlternatives), 0, 20).Draw(t, "alternatives")
		report := rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "secret")
		code := rapid.SampledFrom([]tearline.Code{tearline.CodeNuida, tearline.CodeHalf}).Draw(t, "code")
		s, err := fingerprint.PortionSecret(report, code, tearline.PortionRef{Report: "R", Portion: "p"}, tearline.Wording{})
		if err != nil {
			t.Fatal(err)
		}
		p := s.Key(fingerprint.Words, 1, [32]byte{}).Points(numbers...)
		r := fingerprint.Reader{Party: "GBR", Unit: rapid.String().Draw(t, "unit")}
		symbols := p.Symbols(r)
		for i, a := range p.Choices(r) {
			if a < 0 || a >= numbers[i] || p.Symbol(i, a) != symbols[i] {
				t.Fatalf("point %d: alternative %d of %d for symbol %d", i, a, numbers[i], symbols[i])
			}
		}
	})
}

// The nodes are those of the code, to the last bit but one.
func TestNodes(t *testing.T) {
	root := new(big.Float).SetPrec(200).Sqrt(new(big.Float).SetPrec(200).SetInt64(3))
	six := new(big.Float).SetPrec(200).SetInt64(6)
	low := new(big.Float).Quo(new(big.Float).Sub(new(big.Float).SetPrec(200).SetInt64(3), root), six)
	want, _ := low.Float64()
	seen := map[float64]bool{}
	w := wording(t, strings.Repeat("{a|b} x ", 30))
	p := points(t, secret, tearline.CodeNuida, tearline.PortionRef{Report: "R", Portion: "p"}, w)
	for i := range p.Len() {
		seen[p.Bias(i)] = true
	}
	if len(seen) != 2 || !seen[want] || !seen[1-want] {
		t.Errorf("biases %v, want %v and %v", seen, want, 1-want)
	}
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
