package tracepage_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline/internal/node/trace"
	"tearline/internal/tracepage"
)

var update = flag.Bool("update", false, "write testdata/page.html anew")

// result is the fixture of package trace.
const result = "../node/trace/testdata/result.json"

func fixture(t *testing.T) (r trace.Result) {
	t.Helper()
	data, err := os.ReadFile(result)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func write(tb interface{ Fatal(args ...any) }, r *trace.Result) string {
	var b bytes.Buffer
	if err := tracepage.Write(&b, r); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

func TestPage(t *testing.T) {
	t.Parallel()
	r := fixture(t)
	got := write(t, &r)
	if *update {
		if err := os.WriteFile("testdata/page.html", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/page.html")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// The banner is the first and the last thing that is read.
	for _, b := range r.Banners {
		if n := strings.Count(got, ">"+b+"</p>"); n != 2 {
			t.Errorf("%s stands %d times", b, n)
		}
	}
}

// Of nothing, there is a page as well.
func TestPageOfNothing(t *testing.T) {
	t.Parallel()
	got := write(t, new(trace.Result))
	for _, want := range []string{"No trace: nothing held", "nothing held is shown"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in it", want)
		}
	}
	if strings.Contains(got, "Who could it be") {
		t.Error("of nothing, it asks who it was")
	}
}

var (
	tag      = regexp.MustCompile(`<[^>]*>`)
	own      = regexp.MustCompile(`(?s)<style>.*</style>`)
	outsides = regexp.MustCompile(`(?i)\b(src|srcset|href|action|style|on\w+)\s*=\s*("[^"#][^"]*"|'[^'#][^']*'|[^"'#\s>][^\s>]*)`)
)

// Whatever stands in the texts, the page has the same elements, and nothing in
// it runs or refers to elsewhere.
func TestTextsAreHostile(t *testing.T) {
	t.Parallel()
	calm := fixture(t)
	page := write(t, &calm)
	shape := strings.Join(tag.FindAllString(own.ReplaceAllString(page, ""), -1), "")
	evil := rapid.StringOf(rapid.SampledFrom([]rune("<>\"'`&/=:;()!-ax \n\x00\x1b\u202e\u2028{}|\\]")))
	seeds := rapid.SampledFrom([]string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</style><script>`, `javascript:alert(1)`, `--><!--`, `{{.}}`, "\x1b]0;x\a", "\xff\xfe",
	})
	rapid.Check(t, func(t *rapid.T) {
		r, _ := clone(calm)
		word := func(label string) string {
			s := rapid.OneOf(evil, seeds).Draw(t, label)
			return s + "x"
		}
		for i := range r.Matches {
			m := &r.Matches[i]
			for k := range m.Public {
				p := &m.Public[k]
				p.Source, p.Title, p.URL = word("source"), word("title"), word("url")
			}
			for k := range m.Details.Missing {
				m.Details.Missing[k] = word("missing")
			}
			for k := range m.Evidence {
				m.Evidence[k].Term = word("term")
			}
			for k := range m.Verdict.Reasons {
				m.Verdict.Reasons[k] = word("reason")
			}
		}
		for i := range r.Who.Persons {
			r.Who.Persons[i].Person, r.Who.Persons[i].Unit = word("person"), ""
		}
		r.Archive.Calibrated = word("calibrated")
		got := own.ReplaceAllString(write(t, &r), "")
		tags := strings.Join(tag.FindAllString(got, -1), "")
		if tags != shape {
			t.Fatalf("other elements (-calm +evil):\n%s", cmp.Diff(shape, tags))
		}
		if strings.ContainsAny(got, "\x00\x1b\u202e") {
			t.Fatal("a control character")
		}
	})
	for _, out := range outsides.FindAllString(strings.Join(tag.FindAllString(page, -1), "\n"), -1) {
		t.Errorf("the page refers to elsewhere, or styles or runs something: %s", out)
	}
	if strings.Contains(page, "url(") || strings.Contains(page, "@import") {
		t.Error("the styles refer to elsewhere")
	}
}

// clone copies a trace, so that it can be changed.
func clone(r trace.Result) (out trace.Result, err error) {
	data, err := json.Marshal(r)
	if err != nil {
		return out, err
	}
	return out, json.Unmarshal(data, &out)
}

// Texts of the match itself, with offsets that do not fit them.
func TestAnyExcerpt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		place := rapid.IntRange(-2, 40)
		m := trace.Match{Report: "R", Portion: "p", Text: rapid.String().Draw(t, "portion")}
		for range rapid.IntRange(0, 6).Draw(t, "words") {
			m.Words = append(m.Words, trace.Word{
				Leak:    [2]int{place.Draw(t, "a"), place.Draw(t, "b")},
				Portion: [2]int{place.Draw(t, "c"), place.Draw(t, "d")},
				How:     rapid.SampledFrom([]string{trace.Same, trace.Stem, trace.Changed, `"><b>`}).Draw(t, "how"),
			})
		}
		r := trace.Result{Leak: rapid.String().Draw(t, "leak"), Matches: []trace.Match{m}, Who: trace.WhoCould(trace.Passages([]trace.Match{m}), nil)}
		got := write(t, &r)
		if strings.Contains(got, "<b>") {
			t.Fatal("an attribute was broken out of")
		}
	})
}
