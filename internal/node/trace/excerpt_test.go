package trace_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"tearline/internal/node/trace"
)

// show writes pieces as a reader would: what agrees in brackets.
func show(pieces []trace.Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		switch {
		case p.Text == "":
			b.WriteString("…")
		case p.How != "":
			b.WriteString("[" + p.Text + "]")
		default:
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestExcerpts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("and so on ", 60)
	for _, tt := range []struct {
		name, text string
		words      [][2]int
		want       string
	}{
		{"words in a row are one", "the fuel, depot burns", [][2]int{{4, 8}, {10, 15}}, "the [fuel, depot] burns"},
		{"not over a line", "the fuel\ndepot burns", [][2]int{{4, 8}, {9, 14}}, "the [fuel] [depot] burns"},
		{"out of order, overlapping, outside", "the fuel depot", [][2]int{{9, 14}, {4, 8}, {5, 11}, {-1, 3}, {9, 99}, {3, 3}}, "the [fuel depot]"},
		{"within a letter", "é fuel", [][2]int{{0, 1}, {1, 4}}, "[é f]uel"},
		{"hostile", "a\x1b[2Jb\u202ec", [][2]int{{0, 1}}, "[a]\ufffd[2Jb\ufffdc"},
		{"not from within the first word, nor to within the last", "abcdefgh " + strings.Repeat("x ", 24) + "fuel " + strings.Repeat("x ", 23) + "abcdefgh", [][2]int{{57, 61}}, "abcdefgh " + strings.Repeat("x ", 24) + "[fuel] " + strings.Repeat("x ", 23) + "abcdefgh"},
		{"long around", long + "fuel " + long, [][2]int{{600, 604}}, "…and so on and so on and so on and so on and so on [fuel] and so on and so on and so on and so on and so on…"},
	} {
		m := trace.Match{Text: "x"}
		for _, w := range tt.words {
			m.Words = append(m.Words, trace.Word{Leak: w, Portion: [2]int{0, 1}, How: trace.Same})
		}
		pieces, _ := m.Excerpts(tt.text, 600)
		if got := show(pieces); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	m := trace.Match{Text: "the fuel depot", Spans: []trace.Span{{Leak: [2]int{0, 4}, Portion: [2]int{4, 8}}}}
	a, b := m.Excerpts("Fuel burns", 600)
	if got := show(a) + "/" + show(b); got != "[Fuel] burns/the [fuel] depot" {
		t.Errorf("without words: %q", got)
	}
}

// An excerpt has the text's characters in their order, no more than asked for
// by much, and nothing that a terminal would obey.
func TestExcerptOfAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		m := trace.Match{}
		for range rapid.IntRange(0, 5).Draw(t, "words") {
			m.Words = append(m.Words, trace.Word{Leak: [2]int{rapid.IntRange(-1, 60).Draw(t, "a"), rapid.IntRange(-1, 60).Draw(t, "b")}, How: trace.Stem})
		}
		most := rapid.IntRange(1, 100).Draw(t, "most")
		pieces, _ := m.Excerpts(text, most)
		rest, whole := trace.Plain(text), true
		for _, p := range pieces {
			if !utf8.ValidString(p.Text) || strings.ContainsFunc(p.Text, unicode.IsControl) {
				t.Fatalf("%q", p.Text)
			}
			if p.Text == "" {
				whole = false
				continue
			}
			i := strings.Index(rest, p.Text)
			if i < 0 || whole && i > 0 {
				t.Fatalf("%q is not in %q", p.Text, rest)
			}
			rest = rest[i+len(p.Text):]
		}
		if whole && rest != "" {
			t.Fatalf("%q was left out", rest)
		}
	})
}
