package match_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/leak/match"
	"tearline/leak/segment"
)

func portion(tb testing.TB, report, source string) match.Portion {
	tb.Helper()
	w, err := tearline.ParseWording(source)
	if err != nil {
		tb.Fatal(err)
	}
	return match.Portion{Ref: tearline.PortionRef{Report: tearline.ReportID(report), Portion: "p1"}, Wording: w}
}

// index makes an archive of one segment.
func index(tb interface {
	Helper()
	Fatal(...any)
}, ps ...match.Portion,
) *match.Archive {
	tb.Helper()
	key := segment.NewKey([32]byte{7})
	f, b := match.NewFiler(key), segment.NewBuilder(key, [16]byte{1})
	for _, p := range ps {
		if err := f.Documents(p, b.Add); err != nil {
			tb.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := b.WriteTo(&out, "test"); err != nil {
		tb.Fatal(err)
	}
	s, err := segment.Open(out.Bytes(), key)
	if err != nil {
		tb.Fatal(err)
	}
	return match.NewArchive(key, s)
}

// search returns all matches that are not weak.
func search(tb interface {
	Helper()
	Fatal(...any)
}, leak string, ps ...match.Portion,
) []match.Match {
	tb.Helper()
	l, err := match.Prepare(leak)
	if err != nil {
		tb.Fatal(err)
	}
	got, err := index(tb, ps...).NewSearcher().Search(l)
	if err != nil {
		tb.Fatal(err)
	}
	return slices.DeleteFunc(got, func(m match.Match) bool { return m.Kind == match.Weak })
}

// archive is a small holding; its portions share plain words only.
func archive(tb testing.TB) []match.Portion {
	tb.Helper()
	return []match.Portion{
		portion(tb, "depot", `The fuel depot at Karsun holds about nine thousand tonnes of diesel, and its guards change at six in the morning.`),
		portion(tb, "envoy", `Envoy Halvard Brenn told the committee that the ceasefire talks would resume in Tromsa before the thaw, whatever the militia said.`),
		portion(tb, "crate", `Customs officers at the {northern|upper} crossing opened a crate of {|rusted} tractor parts and found {about|roughly} forty detonators wrapped in old newspapers.`),
		portion(tb, "grain", `Grain exports through the strait fell by a quarter after the insurers withdrew their cover in March.`),
		portion(tb, "note", `No change.`),
		portion(tb, "café", `The café owner Zoë Müller passed the courier a “blue” envelope; the co-operative's ledger lists it as a gift.`),
	}
}

const article = `Prices rose again in the capital on Monday. Shopkeepers said they had seen nothing like it for years, and the ministry promised to look into it. %s The opposition called for a debate. A spokesman would not comment on when it might take place, or who would be asked to speak.`

const depot = `The fuel depot at Karsun holds about nine thousand tonnes of diesel, and its guards change at six in the morning.`

func TestSearch(t *testing.T) {
	type want struct {
		ref           string
		kind          match.Kind
		leak, portion string // the text of the only span, or of the first
	}
	tests := map[string]struct {
		leak string
		want []want
	}{
		"alone": {depot, []want{{"depot", match.Verbatim, strings.TrimSuffix(depot, "."), strings.TrimSuffix(depot, ".")}}},
		"in an article": {
			fmt.Sprintf(article, depot),
			[]want{{"depot", match.Verbatim, strings.TrimSuffix(depot, "."), strings.TrimSuffix(depot, ".")}},
		},
		"part of it in an article": {
			fmt.Sprintf(article, "We know that the fuel depot at Karsun holds about nine thousand tonnes of diesel."),
			[]want{{"depot", match.Verbatim, "the fuel depot at Karsun holds about nine thousand tonnes of diesel", "The fuel depot at Karsun holds about nine thousand tonnes of diesel"}},
		},
		"capitals, full-width letters, spacing": {
			"THE  FUEL\tDEPOT at Ｋａｒｓｕｎ holds about nine\n thousand tonnes of diesel - and its guards change at six in the morning",
			[]want{{"depot", match.Verbatim, "THE  FUEL\tDEPOT at Ｋａｒｓｕｎ holds about nine\n thousand tonnes of diesel - and its guards change at six in the morning", strings.TrimSuffix(depot, ".")}},
		},
		"invisible characters and a soft hyphen": {
			"The fu\u200bel depot at Kar\u00adsun holds ab\u2060out nine thou\ufeffsand tonnes of die\u200dsel",
			[]want{{"depot", match.Verbatim, "The fu\u200bel depot at Kar\u00adsun holds ab\u2060out nine thou\ufeffsand tonnes of die\u200dsel", "The fuel depot at Karsun holds about nine thousand tonnes of diesel"}},
		},
		"letters that look like others": {
			"Тhe fuеl dероt аt Kаrsun hоlds аbоut ninе thоusаnd tоnnеs оf diеsеl",
			[]want{{"depot", match.Verbatim, "Тhe fuеl dероt аt Kаrsun hоlds аbоut ninе thоusаnd tоnnеs оf diеsеl", "The fuel depot at Karsun holds about nine thousand tonnes of diesel"}},
		},
		"hyphens at the ends of lines": {
			"The fuel de-\npot at Karsun holds about nine thou-\n  sand tonnes of diesel, and its guards",
			[]want{{"depot", match.Verbatim, "The fuel de-\npot at Karsun holds about nine thou-\n  sand tonnes of diesel, and its guards", "The fuel depot at Karsun holds about nine thousand tonnes of diesel, and its guards"}},
		},
		"accents, quotation marks, compounds": {
			`The cafe owner Zoe Muller passed the courier a "blue" envelope; the cooperative’s ledger lists it as a gift.`,
			[]want{{"café", match.Verbatim, `The cafe owner Zoe Muller passed the courier a "blue" envelope; the cooperative’s ledger lists it as a gift`, "The café owner Zoë Müller passed the courier a “blue” envelope; the co-operative's ledger lists it as a gift"}},
		},
		"accents decomposed": {
			"The cafe\u0301 owner Zoe\u0308 Mu\u0308ller passed the courier a blue envelope",
			[]want{{"café", match.Verbatim, "The cafe\u0301 owner Zoe\u0308 Mu\u0308ller passed the courier a blue envelope", "The café owner Zoë Müller passed the courier a “blue” envelope"}},
		},
		"first alternatives": {
			"Customs officers at the northern crossing opened a crate of tractor parts and found about forty detonators",
			[]want{{"crate", match.Verbatim, "Customs officers at the northern crossing opened a crate of tractor parts and found about forty detonators", `Customs officers at the {northern|upper} crossing opened a crate of {|rusted} tractor parts and found {about|roughly} forty detonators`}},
		},
		"other alternatives": {
			"Customs officers at the upper crossing opened a crate of rusted tractor parts and found roughly forty detonators",
			[]want{{"crate", match.Verbatim, "Customs officers at the upper crossing opened a crate of rusted tractor parts and found roughly forty detonators", `Customs officers at the {northern|upper} crossing opened a crate of {|rusted} tractor parts and found {about|roughly} forty detonators`}},
		},
		"a span that ends in a point takes all of it": {
			"opened a crate of rusted tractor parts and found roughly",
			[]want{{"crate", match.Verbatim, "opened a crate of rusted tractor parts and found roughly", `opened a crate of {|rusted} tractor parts and found {about|roughly}`}},
		},
		"small changes": {
			"The big fuel depot at Karsun holds some 9 thousand tonnes of diesel, and the guards there change at six each morning.",
			[]want{{"depot", match.Edited, "The big fuel depot at Karsun holds some 9 thousand tonnes of diesel, and the guards there change at six each morning", strings.TrimSuffix(depot, ".")}},
		},
		"in other words": {
			"Guards at Karsun, where the fuel depots are holding thousands of tonnes in diesel, change at six.",
			[]want{{"depot", match.Reworded, "", ""}},
		},
		"two at once": {
			fmt.Sprintf(article, depot) + " Grain exports through the strait fell by a quarter after the insurers withdrew their cover in March.",
			[]want{
				{"depot", match.Verbatim, strings.TrimSuffix(depot, "."), strings.TrimSuffix(depot, ".")},
				{"grain", match.Verbatim, "Grain exports through the strait fell by a quarter after the insurers withdrew their cover in March", "Grain exports through the strait fell by a quarter after the insurers withdrew their cover in March"},
			},
		},
		"unrelated":                     {fmt.Sprintf(article, ""), nil},
		"too short to mean anything":    {"There was no change. No change.", nil},
		"a name alone":                  {"Halvard Brenn went home.", nil},
		"plain words alone":             {"It is said that the talks would resume before the end of the year, as they had said it would be.", nil},
		"empty":                         {"", nil},
		"not UTF-8":                     {"\xff\xfe\x00\x80", nil},
		"nothing but invisible letters": {"\u200b\u200b", nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			ps := archive(t)
			var got []want
			for _, m := range search(t, tc.leak, ps...) {
				i := slices.IndexFunc(ps, func(p match.Portion) bool { return p.Ref == m.Ref })
				s := m.Spans[0]
				w := want{string(m.Ref.Report), m.Kind, tc.leak[s.Leak[0]:s.Leak[1]], ps[i].Wording.Source()[s.Portion[0]:s.Portion[1]]}
				if m.Kind == match.Reworded {
					w.leak, w.portion = "", ""
				}
				got = append(got, w)
				if len(m.Spans) != 1 {
					t.Errorf("%s: spans %v", m.Ref, m.Spans)
				}
			}
			if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(want{})); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestEveryPortionWithTheSameWords(t *testing.T) {
	ps := []match.Portion{portion(t, "b", depot), portion(t, "c", "Nothing of note."), portion(t, "a", depot)}
	var refs []string
	for _, m := range search(t, fmt.Sprintf(article, depot), ps...) {
		refs = append(refs, m.Ref.String())
	}
	if diff := cmp.Diff([]string{"a/p1", "b/p1"}, refs); diff != "" {
		t.Errorf("ties go by reference (-want +got)\n%s", diff)
	}
}

func TestQuotedTwiceAndInPieces(t *testing.T) {
	leak := "Its guards change at six in the morning, we read; and before that: " + fmt.Sprintf(article, "The fuel depot at Karsun holds about nine thousand tonnes of diesel.") +
		" Once more, the fuel depot at Karsun holds about nine thousand tonnes of diesel."
	got := search(t, leak, archive(t)...)
	if len(got) != 1 {
		t.Fatalf("got %+v", got)
	}
	var spans []string
	for _, s := range got[0].Spans {
		spans = append(spans, leak[s.Leak[0]:s.Leak[1]])
	}
	want := []string{
		"Its guards change at six in the morning",
		"The fuel depot at Karsun holds about nine thousand tonnes of diesel",
		"the fuel depot at Karsun holds about nine thousand tonnes of diesel",
	}
	if diff := cmp.Diff(want, spans); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestQuotationTakenApart(t *testing.T) {
	leak := "Grain exports through the strait fell by a quarter, which is more than anybody in the trade, from brokers to the captains of the " +
		"smallest coasters, had thought possible a year ago, after the insurers withdrew their cover in March."
	got := search(t, leak, portion(t, "plain", "Grain exports through the strait fell by a quarter. No more is known. It came after the insurers withdrew their cover in March."))
	if len(got) != 1 || got[0].Kind != match.Verbatim {
		t.Fatalf("got %+v", got)
	}
	var spans []string
	for _, s := range got[0].Spans {
		spans = append(spans, leak[s.Leak[0]:s.Leak[1]])
	}
	if diff := cmp.Diff([]string{"Grain exports through the strait fell by a quarter", "after the insurers withdrew their cover in March"}, spans); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A phrase that many portions have says little about any of them.
func TestSetPhrases(t *testing.T) {
	const phrase = "The committee said in a statement that it expects to report results for the quarter"
	var ps []match.Portion
	rng := rand.New(rand.NewPCG(5, 6))
	for i := range 1500 {
		ps = append(ps, portion(t, fmt.Sprintf("r%d", i), prose(rng, 12)+" "+phrase+" "+prose(rng, 12)))
	}
	if got := search(t, prose(rng, 40)+" "+phrase+" "+prose(rng, 40), ps...); len(got) != 0 {
		t.Errorf("%d matches by a set phrase, first %+v", len(got), got[0])
	}
}

func TestLongPortionsAndLeaks(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	long := prose(rng, 5000)
	other := prose(rng, 5000)
	ps := append(archive(t), portion(t, "long", long), portion(t, "other", other))
	from := strings.Index(long[len(long)/2:], ". ") + len(long)/2 + 2
	quote := long[from : from+3000]
	got := search(t, prose(rng, 300)+" "+quote+" "+prose(rng, 300), ps...)
	if len(got) != 1 || got[0].Ref.Report != "long" || got[0].Kind != match.Verbatim {
		t.Fatalf("got %+v", got)
	}
	for _, x := range []string{"{short|" + long + "}", long + " {short|" + other + "} " + long} {
		if got := search(t, quote, portion(t, "huge", x)); len(got) != 1 || got[0].Kind != match.Verbatim {
			t.Errorf("within a point longer than a unit: got %d matches", len(got))
		}
	}
	covered := 0
	for _, s := range got[0].Spans {
		covered += s.Portion[1] - s.Portion[0]
	}
	if covered < 2900 || covered > 3000 {
		t.Errorf("%d bytes of %d covered, by %v", covered, len(quote), got[0].Spans)
	}
}

// A whole holding that leaks is found, not the first so many of it.
func TestWholeHolding(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var ps []match.Portion
	var all strings.Builder
	for i := range 400 {
		s := prose(rng, 40)
		ps = append(ps, portion(t, fmt.Sprintf("r%03d", i), s))
		all.WriteString(s + "\n\n")
	}
	got := search(t, all.String(), ps...)
	if len(got) != len(ps) {
		t.Fatalf("%d of %d portions found", len(got), len(ps))
	}
	for _, m := range got {
		if m.Kind != match.Verbatim {
			t.Errorf("%s: %s", m.Ref, m.Kind)
		}
	}
}

func TestLimits(t *testing.T) {
	if _, err := match.Prepare(strings.Repeat("x", match.MaxLeak+1)); err == nil {
		t.Error("a leak beyond the limit was taken")
	}
	l, err := match.Prepare("x")
	if err != nil {
		t.Fatal(err)
	}
	got, err := match.NewArchive(segment.NewKey([32]byte{})).NewSearcher().Search(l)
	if err != nil || got == nil || len(got) != 0 {
		t.Errorf("an empty archive: %v, %v", got, err)
	}
}

// Time must grow with the length of the texts, not with its square.
func TestTakesLinearTime(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second")
	}
	tests := map[string][2]string{
		"one word":       {strings.Repeat("depot ", 50_000), strings.Repeat("depot ", 10_000)},
		"no separator":   {strings.Repeat("x", 1<<18), strings.Repeat("x", 1<<19)},
		"one sentence":   {strings.Repeat("the depot at karsun was full and ", 5000), strings.Repeat("depot the karsun at full ", 3000)},
		"all points":     {strings.Repeat("a b ", 10_000), strings.Repeat("{a|b}", 10_000)},
		"wide points":    {strings.Repeat("a b ", 10_000), strings.Repeat("{a b|b|c d|e} a ", 1000)},
		"one huge point": {strings.Repeat("the depot at karsun was full and ", 10_000), "{" + strings.Repeat("depot the karsun at full ", 2000) + "|" + strings.Repeat("the depot at karsun ", 2000) + "}"},
		"combining mark": {"e" + strings.Repeat("\u0301", 500_000), "e" + strings.Repeat("\u0301", 200_000)},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			search(t, tc[0], portion(t, "r", tc[1]))
			if d := time.Since(start); d > 20*time.Second {
				t.Errorf("took %v", d)
			}
		})
	}
}

// prose makes n words in sentences, from a vocabulary with rare and plain
// words.
func prose(rng *rand.Rand, n int) string {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	plain := strings.Fields("the of and to in a that it was for on with as at by from said had")
	var b strings.Builder
	for i := range n {
		word := plain[rng.IntN(len(plain))]
		if i%2 == 0 || i%12 == 11 {
			k := rng.IntN(20_000)
			word = fmt.Sprintf("%c%c%c%co", letters[k%26], "aeiou"[k/26%5], letters[k/130%26], "aeiou"[k/3380%5])
		}
		if i%12 == 0 {
			if i > 0 {
				b.WriteString(". ")
			}
			word = strings.ToUpper(word[:1]) + word[1:]
		} else {
			b.WriteByte(' ')
		}
		b.WriteString(word)
	}
	return b.String() + "."
}

// check states what holds for every answer.
func check(t interface {
	Helper()
	Fatalf(string, ...any)
}, leak string, ps []match.Portion, got []match.Match,
) {
	t.Helper()
	for i, m := range got {
		k := slices.IndexFunc(ps, func(p match.Portion) bool { return p.Ref == m.Ref })
		source := ps[k].Wording.Source()
		if len(m.Spans) == 0 || !(m.EValue > 0) {
			t.Fatalf("%s: no spans, or E = %v", m.Ref, m.EValue)
		}
		sum := 0.0
		for _, e := range m.Evidence {
			sum += e.Bits
		}
		if math.Abs(sum-m.Score) > 1e-6 {
			t.Fatalf("%s: the evidence adds up to %v, the score is %v", m.Ref, sum, m.Score)
		}
		if i > 0 && got[i-1].Score < m.Score {
			t.Fatalf("not best first")
		}
		end := 0
		for _, s := range m.Spans {
			if s.Leak[0] < end || s.Leak[0] >= s.Leak[1] || s.Leak[1] > len(leak) {
				t.Fatalf("%s: spans %v in a leak of %d bytes", m.Ref, m.Spans, len(leak))
			}
			end = s.Leak[1]
			if s.Portion[0] < 0 || s.Portion[0] >= s.Portion[1] || s.Portion[1] > len(source) {
				t.Fatalf("%s: spans %v in a portion of %d bytes", m.Ref, m.Spans, len(source))
			}
			if utf8.ValidString(leak) && !utf8.ValidString(leak[s.Leak[0]:s.Leak[1]]) ||
				utf8.ValidString(source) && !utf8.ValidString(source[s.Portion[0]:s.Portion[1]]) {
				t.Fatalf("%s: span %v cuts a character", m.Ref, s)
			}
		}
	}
}

func TestInsertedSentenceIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		var ps []match.Portion
		for i := range 30 {
			w, err := tearline.ParseWording(prose(rng, 36))
			if err != nil {
				t.Fatal(err)
			}
			ps = append(ps, match.Portion{Ref: tearline.PortionRef{Report: "r", Portion: tearline.PortionID(fmt.Sprintf("p%02d", i))}, Wording: w})
		}
		p := ps[rapid.IntRange(0, 29).Draw(t, "portion")]
		sentence := strings.SplitAfter(p.Wording.Source(), ". ")[rapid.IntRange(0, 2).Draw(t, "sentence")]
		sentence = strings.TrimRight(sentence, ". ")
		before := prose(rng, rapid.IntRange(0, 300).Draw(t, "before")+1) + " Zzyzx "
		leak := before + planted(t, sentence)
		length := len(leak) - len(before)
		leak += ". Qqeeq " + prose(rng, rapid.IntRange(0, 100).Draw(t, "after")+1)
		got := search(t, leak, ps...)
		check(t, leak, ps, got)
		if len(got) == 0 || got[0].Ref != p.Ref || got[0].Kind != match.Verbatim {
			t.Fatalf("%q in %q: %+v", sentence, leak, got)
		}
		at := strings.Index(p.Wording.Source(), sentence)
		want := []match.Span{{Leak: [2]int{len(before), len(before) + length}, Portion: [2]int{at, at + len(sentence)}}}
		if diff := cmp.Diff(want, got[0].Spans); diff != "" {
			t.Fatalf("(-want +got)\n%s", diff)
		}
	})
}

// planted changes a sentence in ways that must not matter.
func planted(t *rapid.T, s string) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && r != ' ' && rapid.IntRange(0, 9).Draw(t, "hide") == 0 {
			b.WriteString(rapid.SampledFrom([]string{"\u200b", "\u00ad", "\u2060", "\u200d"}).Draw(t, "hidden"))
		}
		switch {
		case r == ' ':
			b.WriteString(rapid.SampledFrom([]string{" ", "\u00a0", " \n ", ", ", " — "}).Draw(t, "space"))
		case rapid.IntRange(0, 9).Draw(t, "change") == 0:
			b.WriteString(strings.ToUpper(string(r)))
		case r == 'o' && rapid.Bool().Draw(t, "look"):
			b.WriteRune('о')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func FuzzSearch(f *testing.F) {
	f.Add(fmt.Sprintf(article, depot), depot)
	f.Add("Customs officers at the upper crossing opened a crate of rusted tractor parts", `Customs officers at the {northern|upper} crossing opened a {|rus}ted crate of {|rusted} tractor parts \{and}`)
	f.Add("ﬁnal ½ ①②③ 東京都の話 e\u0301 \xff", "final 1⁄2 123 東京都の話 é {ｘ|y}")
	f.Fuzz(func(t *testing.T, leak, source string) {
		w, err := tearline.ParseWording(source)
		if err != nil || len(leak) > match.MaxLeak {
			t.Skip()
		}
		ps := []match.Portion{{Ref: tearline.PortionRef{Report: "r", Portion: "p"}, Wording: w}}
		check(t, leak, ps, search(t, leak, ps...))
		check(t, source, ps, search(t, source, ps...))
	})
}
