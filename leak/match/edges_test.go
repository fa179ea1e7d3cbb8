package match_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/leak/match"
	"tearline/leak/segment"
)

// failer is a test, or a property.
type failer interface {
	Helper()
	Fatal(args ...any)
}

const meeting = `General Orlan Vesk met Minister Tadeu Brannock at Quillhaven on 14 May 2031 and handed him 4,417 rifles, which were later stored in the customs shed behind the old brewery.`

// holding is a larger archive: the small one, the meeting, and prose.
func holding(tb testing.TB) []match.Portion {
	tb.Helper()
	rng := rand.New(rand.NewPCG(9, 9))
	ps := append(archive(tb), portion(tb, "meeting", meeting))
	for i := range 200 {
		ps = append(ps, portion(tb, fmt.Sprintf("prose%03d", i), prose(rng, 40)))
	}
	return ps
}

// all returns all matches of a text, weak ones too.
func all(tb failer, a *match.Archive, leak string) []match.Match {
	tb.Helper()
	l, err := match.Prepare(leak)
	if err != nil {
		tb.Fatal(err)
	}
	got, err := a.NewSearcher().Search(l)
	if err != nil {
		tb.Fatal(err)
	}
	return got
}

// of returns the match of a report; its kind is "" if there is none.
func of(found []match.Match, report string) match.Match {
	for _, m := range found {
		if string(m.Ref.Report) == report {
			return m
		}
	}
	return match.Match{}
}

func evidence(m *match.Match, term string) float64 {
	for _, e := range m.Evidence {
		if e.Term == term {
			return e.Value
		}
	}
	return math.NaN()
}

// What kind a match is follows from what both texts have, and what they
// contradict.
func TestKinds(t *testing.T) {
	t.Parallel()
	a := index(t, holding(t)...)
	for name, tc := range map[string]struct {
		leak, report string
		want         match.Kind
	}{
		"names and figures alone":        {"Residents of Quillhaven will remember 14 May 2031. Tadeu Brannock opened a hospital with 4,417 beds that afternoon, while crowds sang; Orlan Vesk sent flowers and a telegram, which the mayor read out.", "meeting", match.SameEvent},
		"names, with other matters":      {"The ceremony at Quillhaven drew Orlan Vesk and Tadeu Brannock, whom photographers had awaited since dawn; 4,417 tickets were sold for the concert.", "meeting", match.SameEvent},
		"other figures, in other words":  {"At Quillhaven, rifles went from the hands of General Orlan Vesk to Minister Tadeu Brannock: 5,318 of them, on 19 June 2033, and a customs shed behind a brewery stored those.", "meeting", match.SameEvent},
		"the same figures, in such":      {"At Quillhaven, rifles went from the hands of General Orlan Vesk to Minister Tadeu Brannock: 4,417 of them, on 14 May 2031, and a customs shed behind an old brewery stored those.", "meeting", match.Reworded},
		"other figures, word for word":   {strings.NewReplacer("14 May 2031", "19 June 2033", "4,417", "5,318").Replace(meeting), "meeting", match.Edited},
		"one name, and plain words":      {"It was said that Envoy Halvard Brenn spoke in Tromsa.", "envoy", match.Weak},
		"a name by itself":               {"Halvard Brenn went home.", "envoy", ""},
		"one word that is rare":          {"A detonator is a small device.", "crate", ""},
		"nothing but plain words shared": {"It is said that its guards change.", "note", ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := of(all(t, a, tc.leak), tc.report)
			if m.Kind != tc.want {
				t.Errorf("kind %q, want %q: %+v", m.Kind, tc.want, m)
			}
		})
	}
}

// Figures that both have otherwise are what speaks against a match.
func TestContradictions(t *testing.T) {
	t.Parallel()
	const term = "figures contradicted"
	a := index(t, holding(t)...)
	same := of(all(t, a, meeting), "meeting")
	other := of(all(t, a, strings.NewReplacer("14", "19", "2031", "2033", "4,417", "5,318").Replace(meeting)), "meeting")
	if x, y := evidence(&same, term), evidence(&other, term); x != 0 || y < 3 {
		t.Errorf("%v figures contradicted of the text itself, %v of one with three others", x, y)
	}
	if other.EValue <= same.EValue || other.Score >= same.Score {
		t.Errorf("with other figures, E = %v and %v bits; with its own, %v and %v", other.EValue, other.Score, same.EValue, same.Score)
	}
}

// Words that differ in their last letter are two, figures above all.
func TestNextFigure(t *testing.T) {
	t.Parallel()
	a := index(t, holding(t)...)
	for figure := 2030; figure < 2040; figure++ {
		m := of(all(t, a, strings.ReplaceAll(meeting, "2031", fmt.Sprint(figure))), "meeting")
		got := slices.ContainsFunc(m.Details.Reproduced, func(r match.Reproduced) bool { return meeting[r.Portion[0]:r.Portion[1]] == "2031" })
		if got != (figure == 2031) {
			t.Errorf("%d for 2031: reproduced is %v", figure, got)
		}
	}
}

// A weak match has telling words in common with the text, and there are no
// more of them than make ten.
func TestWeak(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(4, 4))
	const least = 0.7 // of the first kind of evidence
	a, weak := index(t, holding(t)...), 0
	for range 20 {
		found := all(t, a, prose(rng, 200))
		if len(found) > 10 {
			t.Errorf("%d matches to look at", len(found))
		}
		for i := range found {
			m := &found[i]
			if (m.Kind == match.Weak) != (m.EValue > match.MostE) && m.Kind != match.Weak {
				t.Errorf("%s: %s with E = %v", m.Ref, m.Kind, m.EValue)
			}
			if m.Kind != match.Weak {
				continue
			}
			weak++
			if m.Evidence[1].Value < least {
				t.Errorf("%s: shown, with %v of %q", m.Ref, m.Evidence[1].Value, m.Evidence[1].Term)
			}
			if len(m.Shared) < 2 {
				t.Errorf("%s: shown, with %d words in common", m.Ref, len(m.Shared))
			}
		}
	}
	if weak == 0 {
		t.Error("no weak match in all these texts")
	}
}

func texts(s string, at [][2]int) []string {
	out := []string{}
	for _, x := range at {
		out = append(out, s[x[0]:x[1]])
	}
	return out
}

// Details are what few documents have: reproduced, altered, or missing.
func TestDetails(t *testing.T) {
	t.Parallel()
	const leak = "A witness writes: “General Orlan Vesk met Tadeu Branock at Quillhaven on 14 May 2031 and handed him 5,318 rifles, which were later stored in the customs shed.” No more of it is known to this newspaper."
	ps := holding(t)
	for i := range 5 { // four portions have the name, and one more the place
		text := fmt.Sprintf("Nothing was heard of Orlan %c. that week.", 'A'+rune(i))
		if i < 1 {
			text += " The sea at Quillhaven was calm."
		}
		ps = append(ps, portion(t, fmt.Sprintf("more%d", i), text))
	}
	m := of(all(t, index(t, ps...), leak), "meeting")
	var got struct {
		Reproduced, Altered, Missing []string
		In                           []int
	}
	var at, missing, altered [][2]int
	for _, r := range m.Details.Reproduced {
		at = append(at, r.Portion)
		got.In = append(got.In, r.In)
		if x, y := leak[r.Leak[0]:r.Leak[1]], meeting[r.Portion[0]:r.Portion[1]]; x != y {
			t.Errorf("%q stands for %q", x, y)
		}
	}
	for _, x := range m.Details.Altered {
		altered = append(altered, x.Portion)
		if in := leak[x.Leak[0]:x.Leak[1]]; in != "Branock" && in != "5,318" {
			t.Errorf("altered to %q", in)
		}
	}
	for _, x := range m.Details.Missing {
		missing = append(missing, x.Portion)
		if x.Leak != [2]int{} {
			t.Errorf("missing, and at %v of the leak", x.Leak)
		}
	}
	got.Reproduced, got.Altered, got.Missing = texts(meeting, at), texts(meeting, altered), texts(meeting, missing)
	want := got
	want.Reproduced = []string{"Vesk", "Tadeu", "Quillhaven", "14", "May", "2031"}
	want.In = []int{1, 1, 2, 1, 1, 1}
	want.Altered, want.Missing = []string{"Brannock", "4,417"}, []string{"Minister"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if n := len(want.Reproduced) + len(want.Altered) + len(want.Missing); m.Details.Of != n {
		t.Errorf("%d of %d", n, m.Details.Of)
	}
	// A text that says nothing of them lacks them.
	short := of(all(t, index(t, ps...), "The rifles were later stored in the customs shed behind the old brewery."), "meeting")
	if len(short.Details.Reproduced) != 0 || len(short.Details.Missing) != m.Details.Of {
		t.Errorf("%+v", short.Details)
	}
}

// damaged is a text made of another's words: some left out, some put in, some
// in another place.
func damaged(t *rapid.T, rng *rand.Rand, text string) string {
	var out []string
	for w := range strings.FieldsSeq(text) {
		switch rapid.IntRange(0, 9).Draw(t, "do") {
		case 0:
		case 1:
			out = append(out, strings.TrimRight(prose(rng, 1), "."))
		case 2:
			out = append(out, w, strings.ToLower(w)+"s")
		default:
			out = append(out, w)
		}
	}
	return strings.Join(out, " ")
}

// isWords reports whether a range is of whole words of a text: where it begins
// and ends, no word is cut.
func isWords(text string, at [2]int) bool {
	letter := func(i int) bool {
		return i >= 0 && i < len(text) && ('a' <= text[i]|0x20 && text[i]|0x20 <= 'z' || '0' <= text[i] && text[i] <= '9')
	}
	return 0 <= at[0] && at[0] < at[1] && at[1] <= len(text) && letter(at[0]) && letter(at[1]-1) && !letter(at[0]-1) && !letter(at[1])
}

// What a match says of words, details and evidence is so in both texts.
func TestPropertyExplained(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		var ps []match.Portion
		for i := range 12 {
			ps = append(ps, wordingOf(t, fmt.Sprintf("r%02d", i), prose(rng, 40)))
		}
		leak := prose(rng, 20) + " " + damaged(t, rng, ps[rapid.IntRange(0, 11).Draw(t, "portion")].Wording.Source()) + " " + prose(rng, 20)
		found := all(t, index(t, ps...), leak)
		check(t, leak, ps, found)
		for _, m := range found {
			k := slices.IndexFunc(ps, func(p match.Portion) bool { return p.Ref == m.Ref })
			explained(t, leak, ps[k].Wording.Source(), &m)
		}
	})
}

func wordingOf(tb failer, report, source string) match.Portion {
	tb.Helper()
	w, err := tearline.ParseWording(source)
	if err != nil {
		tb.Fatal(err)
	}
	return match.Portion{Ref: tearline.PortionRef{Report: tearline.ReportID(report), Portion: "p1"}, Wording: w}
}

func explained(t *rapid.T, leak, source string, m *match.Match) {
	stem := func(s string) string { return strings.Join(slices.Collect(match.Stems(s)), " ") }
	last := -1
	for _, p := range m.Words {
		x, y := "", ""
		if isWords(leak, p.Leak) && isWords(source, p.Portion) {
			x, y = leak[p.Leak[0]:p.Leak[1]], source[p.Portion[0]:p.Portion[1]]
		}
		same := strings.EqualFold(strings.ReplaceAll(x, " ", ""), strings.ReplaceAll(y, " ", ""))
		if x == "" || p.Leak[0] < last || same != (p.How == match.Same) || (p.How == match.Stem) != (!same && stem(x) == stem(y)) || (p.How == match.Changed) != (p.Bits == 0) && p.How == match.Changed {
			t.Fatalf("%s: %q and %q, %+v", m.Ref, x, y, p)
		}
		last = p.Leak[0]
	}
	for _, r := range m.Details.Reproduced {
		if !isWords(leak, r.Leak) || !isWords(source, r.Portion) || stem(leak[r.Leak[0]:r.Leak[1]]) != stem(source[r.Portion[0]:r.Portion[1]]) || r.In < 1 || r.In > 3 {
			t.Fatalf("%s: reproduced %+v", m.Ref, r)
		}
	}
	for _, x := range m.Details.Altered {
		if !isWords(leak, x.Leak) || !isWords(source, x.Portion) {
			t.Fatalf("%s: altered %+v", m.Ref, x)
		}
	}
	if n := len(m.Details.Reproduced) + len(m.Details.Altered) + len(m.Details.Missing); n != m.Details.Of {
		t.Fatalf("%s: %d details of %d", m.Ref, n, m.Details.Of)
	}
	for i, s := range m.Shared {
		if !isWords(leak, s.Leak) || !slices.Contains(slices.Collect(match.Stems(source)), stem(leak[s.Leak[0]:s.Leak[1]])) || i > 0 && s.In < m.Shared[i-1].In {
			t.Fatalf("%s: shared %+v", m.Ref, m.Shared)
		}
	}
}

// segments makes an archive of these portions, in so many segments as cuts say.
func segments(tb failer, key *segment.Key, ps []match.Portion, cuts ...int) []*segment.Segment {
	tb.Helper()
	f := match.NewFiler(key)
	var out []*segment.Segment
	from := 0
	for i, to := range append(slices.Clone(cuts), len(ps)) {
		b := segment.NewBuilder(key, [16]byte{byte(i)})
		for _, p := range ps[from:to] {
			if err := f.Documents(p, b.Add); err != nil {
				tb.Fatal(err)
			}
		}
		from = to
		var file bytes.Buffer
		if err := b.WriteTo(&file, "test"); err != nil {
			tb.Fatal(err)
		}
		s, err := segment.Open(file.Bytes(), key)
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

// How an archive is cut into segments changes no answer.
func TestPropertySegments(t *testing.T) {
	t.Parallel()
	key := segment.NewKey([32]byte{1})
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		var ps []match.Portion
		n := rapid.IntRange(1, 16).Draw(t, "portions")
		for i := range n {
			ps = append(ps, wordingOf(t, fmt.Sprintf("r%02d", i), prose(rng, 12+rng.IntN(40))))
		}
		cuts := rapid.SliceOfN(rapid.IntRange(0, n), 1, 3).Draw(t, "cuts")
		slices.Sort(cuts)
		parts := segments(t, key, ps, cuts...)
		var file bytes.Buffer
		if err := segment.Merge(&file, key, [16]byte{9}, "merged", parts...); err != nil {
			t.Fatal(err)
		}
		merged, err := segment.Open(file.Bytes(), key)
		if err != nil {
			t.Fatal(err)
		}
		leak := prose(rng, 30) + " " + damaged(t, rng, ps[rng.IntN(n)].Wording.Source()) + " " + prose(rng, 30)
		want := all(t, match.NewArchive(key, merged), leak)
		for name, a := range map[string]*match.Archive{
			"in parts": match.NewArchive(key, parts...),
			"in one":   match.NewArchive(key, segments(t, key, ps)...),
		} {
			got := all(t, a, leak)
			if diff := cmp.Diff(short(want), short(got)); diff != "" {
				t.Fatalf("%s, cut at %v (-merged +not)\n%s", name, cuts, diff)
			}
			for i := range got {
				if x, y := got[i].EValue, want[i].EValue; math.Abs(x-y) > 1e-9*max(x, y) {
					t.Fatalf("%s, cut at %v: %s: E = %v, merged %v", name, cuts, got[i].Ref, x, y)
				}
			}
		}
	})
}

// short is what matches are, in words.
func short(found []match.Match) []string {
	out := []string{}
	for _, m := range found {
		out = append(out, fmt.Sprintf("%s %s %v", m.Ref, m.Kind, m.Spans))
	}
	return out
}

// Under another key, nothing of a segment answers; it does not even open.
func TestOtherKeys(t *testing.T) {
	t.Parallel()
	mine, theirs := segment.NewKey([32]byte{1}), segment.NewKey([32]byte{2})
	b := segment.NewBuilder(theirs, [16]byte{})
	if err := match.NewFiler(theirs).Documents(portion(t, "depot", depot), b.Add); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := b.WriteTo(&file, "theirs"); err != nil {
		t.Fatal(err)
	}
	if s, err := segment.Open(file.Bytes(), mine); !errors.Is(err, segment.ErrKey) || s != nil {
		t.Fatalf("opened: %v", err)
	}
	s, err := segment.Open(file.Bytes(), theirs)
	if err != nil {
		t.Fatal(err)
	}
	if found := all(t, match.NewArchive(theirs, s), depot); len(found) != 1 || found[0].Kind != match.Verbatim {
		t.Fatalf("under its own key: %+v", found)
	}
	if found := all(t, match.NewArchive(mine, s), depot); len(found) != 0 {
		t.Errorf("under another key: %+v", found)
	}
	// One searcher, from archive to archive.
	searcher := match.NewArchive(mine).NewSearcher()
	l, err := match.Prepare(depot)
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range []*match.Archive{match.NewArchive(theirs, s), match.NewArchive(mine, s), match.NewArchive(theirs, s), match.NewArchive(mine)} {
		found, err := searcher.Over(a).Search(l)
		if want := 1 - i%2; err != nil || len(found) != want {
			t.Errorf("archive %d: %d matches, want %d, %v", i, len(found), want, err)
		}
	}
}
