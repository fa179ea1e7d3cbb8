package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tearline/bench/kit"
	"tearline/bench/kit/kittest"
	"tearline/leak/match"
	"tearline/leak/weights"
)

// tiny is enough of everything to see that it runs.
func tiny(data string) amount {
	return amount{
		data: data, sizes: []int{260}, perKind: 2, unrelated: 8, noisy: 260, handled: 2,
		speeds: []int{260, 320}, timed: 5, peers: 260, asked: 3, decoys: 8,
	}
}

// An author invents prose.
type author struct {
	dice
	words []string
}

func newAuthor() *author {
	a := &author{dice: dice{7}}
	const heads, hearts, tails = "b c d f g h k l m n p r s t v", "a e i o u ea ou", "n r st l m nd rk p"
	syllable := func() string {
		return pick(&a.dice, strings.Fields(heads)) + pick(&a.dice, strings.Fields(hearts))
	}
	for range 900 {
		a.words = append(a.words, syllable()+syllable()+pick(&a.dice, strings.Fields(tails)))
	}
	return a
}

// sentence has a comma, an adjective, a number and a word that is spelt in two
// ways, so that every way of handling it does something.
func (a *author) sentence() string {
	var w []string
	for range 9 {
		w = append(w, pick(&a.dice, strings.Fields("the of and to in a for on")), pick(&a.dice, a.words))
	}
	w[3] += ","
	w = append(w, "coastal", "harbour", fmt.Sprint(2+a.under(90)), "mln", "with", "\"colour\"")
	s := strings.Join(w, " ")
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

func (a *author) text(sentences int) string {
	var s []string
	for range sentences {
		s = append(s, a.sentence())
	}
	return strings.Join(s, " ")
}

// inventedData writes a folder like that of the development data.
func inventedData(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	a := newAuthor()
	files := map[string]*bytes.Buffer{"held_dev.jsonl": {}, "background_dev.jsonl": {}, "queries_dev.jsonl": {}}
	put := func(name string, row any) {
		if err := json.NewEncoder(files[name]).Encode(row); err != nil {
			t.Fatal(err)
		}
	}
	kinds := append(slices.Clone(inArticle), "msrp-para", "pan-para", "syn-heavy")
	for i := range 200 {
		p := portionRow{ID: fmt.Sprintf("held-%d", i), Text: a.text(2)}
		put("held_dev.jsonl", p)
		q := query{ID: fmt.Sprintf("q-%d", i), Kind: kinds[i%len(kinds)], Query: p.Text, Relevant: []string{p.ID}}
		if strings.HasPrefix(q.Kind, "inart") {
			before := a.text(3) + " "
			q.Query, q.Span = before+p.Text+" "+a.text(2), []int{len(before), len(before) + len(p.Text)}
		}
		put("queries_dev.jsonl", q)
	}
	for i := range 90 {
		put("background_dev.jsonl", portionRow{ID: fmt.Sprintf("other-%d", i), Text: a.text(2)})
	}
	for i, kind := range slices.Repeat([]string{"neg-reuters-article", "neg-reuters-sentence", "neg-brown-article", "neg-brown-sentence", "neg-book-article", near}, 60) {
		n := 1
		if strings.HasSuffix(kind, "article") {
			n = 4
		}
		put("queries_dev.jsonl", query{ID: fmt.Sprintf("n-%d", i), Kind: kind, Query: a.text(n)})
	}
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestBenchmarks runs each benchmark at its smallest on invented texts, and
// checks the shape of its lines.
func TestBenchmarks(t *testing.T) {
	t.Setenv("TEARLINE_TEXTS", "")
	p := program
	p.Full = tiny(inventedData(t))
	p.Benchmarks = slices.DeleteFunc(slices.Clone(p.Benchmarks), func(k kit.Benchmark[*bench]) bool { return k.Name == "train" })
	kittest.All(t, &p)
}

// TestTrain sees that weights are written that can be read, or, as invented
// texts may be too odd to learn from, that no file is left.
func TestTrain(t *testing.T) {
	name := filepath.Join(t.TempDir(), "weights.json")
	t.Setenv("TEARLINE_WEIGHTS", name)
	t.Setenv("TEARLINE_TEXTS", "")
	a := tiny(inventedData(t))
	a.unrelated = 25
	b := newBench(&kit.Bench{Ctx: t.Context(), Dir: t.TempDir()}, a)
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	trained := benchTrain(b)
	f, err := os.Open(name)
	switch {
	case trained != nil && !strings.HasPrefix(trained.Error(), "weights: "):
		t.Fatal(trained)
	case trained != nil && !errors.Is(err, fs.ErrNotExist):
		t.Errorf("%v, and yet there is a file: %v", trained, err)
	case trained != nil:
	case err != nil:
		t.Error(err)
	default:
		defer f.Close()
		if _, err := weights.Read(f); err != nil {
			t.Errorf("what train wrote: %v", err)
		}
	}
}

// TestNoData sees that nothing is said without the development data.
func TestNoData(t *testing.T) {
	t.Setenv("TEARLINE_WEIGHTS", filepath.Join(t.TempDir(), "weights.json"))
	p := program
	p.Full = tiny(t.TempDir())
	var out bytes.Buffer
	if code := p.Run(t.Context(), []string{"all", "--json"}, &out, io.Discard); code != 0 || out.Len() != 0 {
		t.Errorf("exit %d and %q, want 0 and nothing", code, out.String())
	}
}

// TestFound sees that what is measured is the search: every portion put in as
// it is is found first, by us and by the peers.
func TestFound(t *testing.T) {
	t.Setenv("TEARLINE_TEXTS", "")
	b := newBench(&kit.Bench{Ctx: t.Context(), Dir: t.TempDir()}, tiny(inventedData(t)))
	a, err := b.archive(b.peers)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, open := range []func() (*finder, error){b.fts, b.bleve, func() (*finder, error) { return tearlineFinder(a), nil }} {
		f, err := open()
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range b.ofKind("msrp-para", 5) {
			hits, err := f.find(q.Query)
			if err != nil || len(hits) == 0 || hits[0].id != q.Relevant[0] {
				t.Errorf("%s: %v, %v for %s", f.name, hits, err, q.Relevant)
			}
		}
		if err := f.close(); err != nil {
			t.Error(err)
		}
	}
	for _, q := range b.some(false) {
		if q.learned() {
			t.Errorf("%s was learned", q.ID)
		}
	}
}

func TestQuoting(t *testing.T) {
	const long = "seven grey cranes stood over the new quay when the harbour master counted them twice"
	b := &bench{texts: texts{rows: []portionRow{{"a", "Before it. " + strings.ToUpper(long)}, {"b", "the cranes stood over the quay"}}}}
	queries := []query{
		{ID: "quotes", Kind: "neg-brown-article", Query: "They said: " + strings.ReplaceAll(long, " ", ", ")},
		{ID: "alters", Kind: "neg-brown-article", Query: strings.Replace(long, "new quay", "old quay", 1)},
		{ID: "draws", Kind: "inart-light", Query: long, Relevant: []string{"a"}},
	}
	if got := b.quoting(2, queries); len(got) != 1 || !got["quotes"] {
		t.Errorf("%v quote", got)
	}
	b.rows = slices.Repeat(b.rows[:1], fewPortions+1)
	if got := b.quoting(len(b.rows), queries); len(got) != 0 {
		t.Errorf("%v quote what many have", got)
	}
}

func TestAbove(t *testing.T) {
	var list []rated
	for i := range 300 {
		kind := "neg-reuters-article"
		if i%3 == 0 {
			kind = "neg-book-article"
		}
		list = append(list, rated{query: &query{ID: fmt.Sprint(i), Kind: kind}, score: float64(i)})
	}
	quoting := map[string]bool{"299": true}
	for _, test := range []struct {
		news  bool
		share float64
		want  float64
	}{{true, .01, 296}, {false, .01, 296}, {false, .001, 298}} {
		if got := above(list, quoting, true, test.news, test.share); got != test.want {
			t.Errorf("news %v, share %v: above %v, want %v", test.news, test.share, got, test.want)
		}
	}
	if got := above(list, nil, false, false, .01); got < 1e308 {
		t.Errorf("above %v without a text", got)
	}
}

func TestOverlap(t *testing.T) {
	for _, test := range []struct {
		spans [][2]int
		want  float64
	}{{[][2]int{{10, 20}}, 1}, {[][2]int{{10, 15}, {15, 20}}, 1}, {[][2]int{{15, 25}}, 1. / 3}, {[][2]int{{30, 40}}, 0}} {
		var spans []match.Span
		for _, s := range test.spans {
			spans = append(spans, match.Span{Leak: s})
		}
		if got := overlap(spans, []int{10, 20}); got != test.want {
			t.Errorf("%v: %v, want %v", test.spans, got, test.want)
		}
	}
}

// TestWays looks at what each way makes of a text; formats give back its words.
func TestWays(t *testing.T) {
	const text = `The neighbouring harbour, of one colour, cost 5.5 mln and 1,234,567 in "all" -- 7 pct of a presidential election. Nobody's representative investigated.`
	for name, want := range map[string]string{
		"as it is":                       text,
		"curly quotes, dashes":           "“all” — 7 pct",
		"soft hyphens in long words":     "neighb\u00adouring",
		"numbers in another form":        "1234567",
		"capitals throughout":            "NEIGHBOURING",
		"clauses exchanged, adjectives":  "election presidential",
		"British and American spelling":  "neighboring harbor, of one color",
		"lines of 60":                    "\n",
		"HTML page":                      "Nobody's representative investigated.",
		"EML":                            "7 pct of a presidential election",
		"DOCX":                           text,
		"UTF-16":                         text,
		"invisible":                      "The",
		"Cyrillic and Greek look-alikes": "5.5",
		"OCR":                            " ",
	} {
		i := slices.IndexFunc(ways, func(w way) bool { return strings.HasPrefix(w.name, name) })
		if i < 0 {
			t.Errorf("no way %q", name)
			continue
		}
		long := strings.Repeat(text+" ", 4)
		got, err := ways[i].do(&dice{1}, long)
		if err != nil || !strings.Contains(got, want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		again, _ := ways[i].do(&dice{1}, long)
		if again != got {
			t.Errorf("%s: not the same twice", name)
		}
		same := slices.Contains([]string{"as it is", "HTML page", "EML", "DOCX", "UTF-16"}, name)
		if !same && got == long {
			t.Errorf("%s: changed nothing", name)
		}
	}
	if len(ways) != 15 {
		t.Errorf("%d ways, 15 are looked at", len(ways))
	}
}
