package tearline_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
)

func TestParseWording(t *testing.T) {
	for _, tc := range []struct {
		in, plain, last string
		points          int
	}{
		{in: "", plain: "", last: ""},
		{in: "plain text", plain: "plain text", last: "plain text"},
		{in: "left {about|approximately} 4 kg", plain: "left about 4 kg", last: "left approximately 4 kg", points: 1},
		{in: "a case{|, a battery} and {one|two|three}", plain: "a case and one", last: "a case, a battery and three", points: 2},
		{in: `a \{b|c\} d`, plain: "a {b|c} d", last: "a {b|c} d"},
		{in: `func main() { return }`, plain: `func main() { return }`, last: `func main() { return }`},
		{in: `x | y } z {`, plain: `x | y } z {`, last: `x | y } z {`},
		{in: `{a\|b|c}`, plain: "a|b", last: "c", points: 1},
		{in: `back\slash \\ end\`, plain: `back\slash \ end\`, last: `back\slash \ end\`},
		{in: `{ {a|b}`, plain: "{ a", last: "{ b", points: 1},
		{in: `{{a|b}}`, plain: "{a}", last: "{b}", points: 1},
	} {
		w, err := tearline.ParseWording(tc.in)
		if err != nil {
			t.Errorf("ParseWording(%q): %v", tc.in, err)
			continue
		}
		if w.Source() != tc.in {
			t.Errorf("ParseWording(%q).Source() = %q", tc.in, w.Source())
		}
		if d := cmp.Diff(tc.plain, w.Plain()); d != "" {
			t.Errorf("ParseWording(%q).Plain():\n%s", tc.in, d)
		}
		if w.Points() != tc.points {
			t.Errorf("ParseWording(%q).Points() = %d, want %d", tc.in, w.Points(), tc.points)
		}
		var last []int
		for _, s := range w.Segments() {
			if s.Alternatives != nil {
				last = append(last, len(s.Alternatives)-1)
			} else if got := tc.in[s.Start:s.End]; got != s.Text {
				t.Errorf("ParseWording(%q): segment %q is %q in the source", tc.in, s.Text, got)
			}
		}
		if got, err := w.Render(last); err != nil || got != tc.last {
			t.Errorf("ParseWording(%q).Render(%v) = %q, %v; want %q", tc.in, last, got, err, tc.last)
		}
	}
}

func TestParseWordingFaults(t *testing.T) {
	for in, want := range map[string]string{
		"open {a|b":                "byte 5: ",
		"{a|{b|c}}":                "inside alternatives",
		"{same|same}":              "stands twice",
		"{|}":                      "stands twice",
		strings.Repeat("x", 1<<21): "at most",
		"{" + strings.Join(numbers(65), "|") + "}": "at most 64",
	} {
		if _, err := tearline.ParseWording(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseWording(%.20q) = %v, want an error with %q", in, err, want)
		}
	}
}

func numbers(n int) []string {
	s := make([]string, n)
	for i := range s {
		s[i] = strings.Repeat("i", i)
	}
	return s
}

func TestRenderRefusesWrongChoices(t *testing.T) {
	w, err := tearline.ParseWording("{a|b} {c|d}")
	if err != nil {
		t.Fatal(err)
	}
	for _, choices := range [][]int{nil, {0}, {0, 2}, {-1, 0}, {0, 0, 0}} {
		if got, err := w.Render(choices); err == nil {
			t.Errorf("Render(%v) = %q, want an error", choices, got)
		}
	}
}

// Escaping every special character makes any text a wording of itself.
func TestWordingEscapes(t *testing.T) {
	escape := strings.NewReplacer(`\`, `\\`, `{`, `\{`, `|`, `\|`, `}`, `\}`)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune(`ab{|}\ é`))).Draw(t, "text")
		w, err := tearline.ParseWording(escape.Replace(text))
		if err != nil {
			t.Fatal(err)
		}
		if w.Plain() != text || w.Points() != 0 {
			t.Fatalf("Plain() = %q with %d points, want %q", w.Plain(), w.Points(), text)
		}
	})
}

func FuzzParseWording(f *testing.F) {
	f.Add("left {about|approximately} 4 kg")
	f.Add(`\{a|b\} {|, c}`)
	f.Fuzz(func(t *testing.T, s string) {
		w, err := tearline.ParseWording(s)
		if err != nil {
			return
		}
		pos := 0
		for _, seg := range w.Segments() {
			if seg.Start < pos || seg.End < seg.Start || seg.End > len(s) {
				t.Fatalf("segment %+v after %d", seg, pos)
			}
			pos = seg.End
		}
		if _, err := w.Render(make([]int, w.Points())); err != nil {
			t.Fatal(err)
		}
	})
}

func TestPlainWording(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune(`ab {}|\é`)), 0, 40, -1).Draw(t, "text")
		w, err := tearline.PlainWording(text)
		if err != nil || w.Plain() != text || w.Points() != 0 {
			t.Fatalf("%q: %q, %d points, %v", text, w.Plain(), w.Points(), err)
		}
	})
	if _, err := tearline.PlainWording(strings.Repeat("{", tearline.MaxWording)); err == nil {
		t.Error("a text beyond the limit was taken")
	}
}
