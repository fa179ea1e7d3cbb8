package authoring_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/leak/authoring"
	"tearline/leak/fingerprint"
)

func wording(tb testing.TB, source string) tearline.Wording {
	tb.Helper()
	w, err := tearline.ParseWording(source)
	if err != nil {
		tb.Fatal(err)
	}
	return w
}

// applied is the wording with all that is proposed.
func applied(tb testing.TB, source string) string {
	tb.Helper()
	w := wording(tb, source)
	out, err := authoring.Apply(w, authoring.Suggest(w))
	if err != nil {
		tb.Fatalf("%s: %v", source, err)
	}
	return out
}

// lines reads a file of testdata, without blank lines and remarks.
func lines(t *testing.T, name string) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != ';' {
			out = append(out, line)
		}
	}
	return out
}

// TestProposed: each line of proposed.txt is a text with what is proposed in
// it in braces, and nothing else is.
func TestProposed(t *testing.T) {
	for _, want := range lines(t, "proposed.txt") {
		plain := wording(t, want).Plain()
		w, err := tearline.PlainWording(plain)
		if err != nil {
			t.Fatal(err)
		}
		if got := applied(t, w.Source()); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
}

// TestNotProposed: in no line of kept.txt may anything vary.
func TestNotProposed(t *testing.T) {
	for _, text := range lines(t, "kept.txt") {
		if got := applied(t, text); got != text {
			t.Errorf("%s", got)
		}
	}
}

// TestNoDeadRules: each rule holds somewhere.
func TestNoDeadRules(t *testing.T) {
	for _, r := range authoring.DeadRules() {
		t.Error(r)
	}
}

func TestExistingPoints(t *testing.T) {
	for _, test := range []struct{ source, want string }{
		{
			`The crate was opened {before|ahead of} the inspection of the whole vessel by officers, and they purchased a second crate in return for money.`,
			`The crate was opened {before|ahead of} the inspection of the whole vessel by officers, and they {purchased|bought} a second crate {in return for|in exchange for} money.`,
		},
		{ // too close
			`They purchased {a second crate|another crate} from the harbour master in the old town.`,
			`They purchased {a second crate|another crate} from the harbour master in the old town.`,
		},
		{ // escapes stay, and are no part of a proposal
			`The code \{7|8\} was changed at \\home, and they purchased a second crate from the harbour master.`,
			`The code \{7|8\} was changed at \\home, and they {purchased|bought} a second crate from the harbour master.`,
		},
		{ // beside a sign of no language
			`\\ prior to the inspection of the whole vessel by officers of the port they left \\purchased goods`,
			`\\ prior to the inspection of the whole vessel by officers of the port they left \\purchased goods`,
		},
	} {
		if got := applied(t, test.source); got != test.want {
			t.Errorf("\n got %s\nwant %s", got, test.want)
		}
	}
}

func TestProposal(t *testing.T) {
	const text = `The crew waited. An ongoing search of the harbour began in the late 1990s, and prior to departure it was “prior to” nothing. The end.`
	got := authoring.Suggest(wording(t, text))
	for i := range got {
		if len(got[i].Key) != 12 {
			t.Errorf("key %q", got[i].Key)
		}
		got[i].Key = ""
	}
	const sentence = `An ongoing search of the harbour began in the late 1990s, and prior to departure it was “prior to” nothing.`
	in := func(old, now string) string { return strings.Replace(sentence, old, now, 1) }
	want := []authoring.Proposal{
		{Rule: "word.ongoing", Class: authoring.Word, Survives: authoring.HouseStyle, Start: 17, End: 27, Alternatives: []string{"An ongoing", "A continuing"}, Sentence: in("An ongoing", "{An ongoing|A continuing}")},
		{Rule: "word.began-a", Class: authoring.Word, Survives: authoring.HouseStyle, Start: 50, End: 55, Alternatives: []string{"began", "started"}, Sentence: in("began", "{began|started}")},
		{Rule: "phrase.in-decade", Class: authoring.Phrase, Survives: authoring.HouseStyle, Start: 56, End: 58, Alternatives: []string{"in", "during"}, Sentence: in("began in", "began {in|during}")},
		{Rule: "phrase.prior-to", Class: authoring.Phrase, Survives: authoring.HouseStyle, Start: 79, End: 87, Alternatives: []string{"prior to", "before"}, Sentence: in("prior to departure", "{prior to|before} departure")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestKeys: the key is the same wherever the same words stand in the same
// place, and another one where they do not.
func TestKeys(t *testing.T) {
	key := func(text string) string {
		p := authoring.Suggest(wording(t, text))
		if len(p) != 1 {
			t.Fatalf("%s: %d proposals", text, len(p))
		}
		return p[0].Key
	}
	base := key("The clerk left prior to our arrival at the gate.")
	if got := key("On Monday the  CLERK left prior to our arrival, she wrote to us."); got != base {
		t.Error("the same words in the same place, another key")
	}
	for _, other := range []string{
		"The clerk slept prior to our arrival at the gate.", "The clerk left prior to their arrival at the gate.",
		"The clerk left prior to our departure at the gate.", "The clerk left before opening the gate of the yard.",
	} {
		if key(other) == base {
			t.Errorf("%s: the same key", other)
		}
	}
}

// trouble are pieces of which texts are put together: words that rules look
// for, and all that may stand around them.
var trouble = []string{
	"prior to", "before", "the", "a", "an", "ongoing", "in the late 1990s", "June 12, 1998", "3 May", "NATO", "the country's economy", "and", "or",
	"political", "economic", "training", "weapons", "10", "ten", "men", "50%", "12 percent", "took part in", "participated in", ",", ".", ";", ". However,",
	". But the", "\n\n", "“", "”", "\"", "'", "’", "(", ")", "not", "could", "-", "well-known", "purchased", "bought", "led to", "in order to", "sources said",
	"{", "}", "|", "\\", "{one|another}", "{|, at night,}", "étude", "Łódź", "\u00a0", "many", "several", "reports", "over", "2,000", "continues to", "hold", "known as",
	"Velmar", "harbour", "of", "crew", "left", "was", "located", "in", "was established in 1954", "each other", "http://example.org/prior to", "century", "the 19th",
}

func drawText(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(trouble), 0, 60).Draw(t, "pieces"), rapid.SampledFrom([]string{" ", " ", "  ", ""}).Draw(t, "between"))
}

// TestRoundTrip: whatever is proposed, alone, all together or some of it, can
// be put in; the plain text stays, the points are those, each alternative is
// read back, nothing is proposed twice, and the linter has nothing to refuse.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, err := tearline.ParseWording(drawText(t))
		if err != nil {
			t.Skip()
		}
		all := authoring.Suggest(w)
		if diff := cmp.Diff(all, authoring.Suggest(w)); diff != "" {
			t.Fatalf("not the same twice\n%s", diff)
		}
		chosen := slices.Clone(all)
		if rapid.Bool().Draw(t, "some") {
			chosen = slices.DeleteFunc(chosen, func(authoring.Proposal) bool { return rapid.Bool().Draw(t, "left out") })
		}
		checkApplied(t, w, chosen)
	})
}

// What is no word after "continues to" makes no verb.
func TestSuggestWithoutAVerb(t *testing.T) {
	for _, text := range []string{"The firm continues to { prior to the fair.", "The firm continues to – so far – pay.", "It continues to"} {
		w, err := tearline.PlainWording(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range authoring.Suggest(w) {
			if p.Rule == "syntax.still" {
				t.Errorf("%s: %v", text, p)
			}
		}
	}
}

type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

func checkApplied(t fataler, w tearline.Wording, chosen []authoring.Proposal) {
	t.Helper()
	source, err := authoring.Apply(w, chosen)
	if err != nil {
		t.Fatalf("%q: %v", w.Source(), err)
	}
	got, err := tearline.ParseWording(source)
	if err != nil || got.Plain() != w.Plain() || got.Points() != w.Points()+len(chosen) {
		t.Fatalf("%q: %v\n%q", w.Source(), err, source)
	}
	own := 0
	for _, s := range w.Segments() {
		if s.Alternatives != nil {
			own++
		}
	}
	if own > 0 {
		return // whose own points may be as bad as they like
	}
	for _, f := range authoring.Lint(got) {
		t.Fatalf("%q\n%q: %+v", w.Source(), source, f)
	}
	for k := range 3 {
		choices := make([]int, 0, got.Points())
		for _, s := range got.Segments() {
			if s.Alternatives != nil {
				choices = append(choices, min(k, len(s.Alternatives)-1))
			}
		}
		text, err := got.Render(choices)
		if err != nil {
			t.Fatalf("%v", err)
		}
		if diff := cmp.Diff(choices, fingerprint.Read(got, text)); diff != "" {
			t.Fatalf("%q\n%s", source, diff)
		}
	}
}

// TestDevelopmentText: over real prose all alternatives are read back and
// nothing is refused. It needs the development data beside the repository.
func TestDevelopmentText(t *testing.T) {
	f, err := os.Open("../../../shared/data/fingerprint/portions.jsonl")
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var row struct{ Text string }
		if err := json.Unmarshal(in.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		w, err := tearline.PlainWording(row.Text)
		if err != nil {
			t.Fatal(err)
		}
		checkApplied(t, w, authoring.Suggest(w))
	}
}

func TestApplyRefuses(t *testing.T) {
	w := wording(t, "The clerk left prior to our arrival at the gate of the yard.")
	own := authoring.Suggest(w)
	if len(own) != 1 {
		t.Fatal(own)
	}
	change := func(f func(p *authoring.Proposal)) []authoring.Proposal {
		p := own[0]
		f(&p)
		return []authoring.Proposal{p}
	}
	for name, bad := range map[string][]authoring.Proposal{
		"twice":     {own[0], own[0]},
		"elsewhere": change(func(p *authoring.Proposal) { p.Start++; p.End++ }),
		"beyond":    change(func(p *authoring.Proposal) { p.End += 100 }),
		"negative":  change(func(p *authoring.Proposal) { p.Start = -3 }),
		"one":       change(func(p *authoring.Proposal) { p.Alternatives = p.Alternatives[:1] }),
		"the same":  change(func(p *authoring.Proposal) { p.Alternatives = []string{"prior to", "prior to"} }),
		"backwards": change(func(p *authoring.Proposal) { p.Start, p.End = p.End, p.Start }),
		"many": change(func(p *authoring.Proposal) {
			p.Alternatives = append([]string{"prior to"}, strings.Fields(strings.Repeat("x ", 99))...)
		}),
		"other text": change(func(p *authoring.Proposal) { p.Alternatives = []string{"before", "prior to"} }),
	} {
		if source, err := authoring.Apply(w, bad); err == nil {
			t.Errorf("%s: %s", name, source)
		}
	}
	if source, err := authoring.Apply(w, nil); err != nil || source != w.Source() {
		t.Errorf("%q, %v", source, err)
	}
	if source, err := authoring.Apply(w, change(func(p *authoring.Proposal) { p.Alternatives = []string{"prior to", `a{b|c}\`} })); err != nil || !strings.Contains(source, `{prior to|a\{b\|c\}\\}`) {
		t.Errorf("%q, %v", source, err)
	}
}

func TestLongTexts(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second")
	}
	for name, text := range map[string]string{
		"sentences":   strings.Repeat("The crew of the vessel left the harbour prior to our arrival and purchased a second crate from it. ", 300),
		"no sentence": strings.Repeat("prior to the country's economy and weapons and training in the late 1990s ", 300),
		"quotations":  strings.Repeat("“ ' \" ", 30000),
		"sources":     strings.Repeat("sources ", 25000),
		"hyphens":     strings.Repeat("a-", 90000),
		"capitals":    strings.Repeat("Of The ", 28000),
		"addresses":   strings.Repeat("http://a ", 22000),
	} {
		w, err := tearline.PlainWording(text)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		p := authoring.Suggest(w)
		source, err := authoring.Apply(w, p)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		authoring.Lint(wording(t, source))
		if d := time.Since(start); d > 10*time.Second {
			t.Errorf("%s: %v for %d bytes and %d proposals", name, d, len(text), len(p))
		}
		t.Logf("%s: %v, %d proposals", name, time.Since(start), len(p))
	}
}

func FuzzSuggest(f *testing.F) {
	f.Add("The clerk left prior to our arrival at the gate. However, the country’s economy grew by 12% in the 19th century.")
	f.Add(strings.Join(trouble, " "))
	f.Add(".\x00\xff{a|b}\\{ “prior to")
	f.Fuzz(func(t *testing.T, source string) {
		w, err := tearline.ParseWording(source)
		if err != nil {
			t.Skip()
		}
		authoring.Lint(w)
		authoring.Measure(w)
		checkApplied(t, w, authoring.Suggest(w))
	})
}
