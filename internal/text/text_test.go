package text_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tearline/internal/text"
)

// Wrapped text has all its words in their order, none of its lines ends with a
// blank, and a line is longer than it may be only if one word is.
func TestWrap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.OneOf(
			rapid.StringOf(rapid.SampledFrom([]rune("ab é§…\t\n\x1bm\u00a0"))),
			rapid.StringMatching(`([a-z]{1,12}[ ]{1,2}){0,60}`), rapid.StringMatching(`x{70,90}( y{0,3}){0,30}`), rapid.String(),
		).Draw(t, "text")
		first := rapid.SampledFrom([]string{"  ", "  - ", "  may keep: "}).Draw(t, "first")
		out := string(text.Wrap([]byte("before"), first, "    ", in))
		rest, ok := strings.CutPrefix(out, "before")
		if !ok || !strings.HasSuffix(rest, "\n") {
			t.Fatalf("%q", out)
		}
		var words []string
		for i, line := range strings.Split(strings.TrimSuffix(rest, "\n"), "\n") {
			lead := "    "
			if i == 0 {
				lead = first
			}
			line, ok := strings.CutPrefix(line, strings.TrimRight(lead, " "))
			if !ok {
				t.Fatalf("%q does not begin with %q", line, lead)
			}
			in := strings.Fields(line)
			if text.Columns(lead+strings.Join(in, " ")) > text.Width && len(in) > 1 {
				t.Fatalf("%q is too long", line)
			}
			words = append(words, in...)
		}
		if strings.Join(words, " ") != strings.Join(strings.Fields(in), " ") {
			t.Fatalf("%q\n%q", in, words)
		}
	})
}

func TestStyle(t *testing.T) {
	for _, test := range []struct {
		s      string
		colour bool
		want   string
	}{{"x", false, "x"}, {"x", true, "\x1b[31mx\x1b[0m"}, {"", true, ""}} {
		got := text.Style(text.Red, test.s, test.colour)
		if got != test.want || text.Columns(got) != len(test.s) {
			t.Errorf("%q: %q of %d columns", test.s, got, text.Columns(got))
		}
	}
}
