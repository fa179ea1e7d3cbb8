package shape_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"tearline/codec/pdf/shape"
)

func TestClusters(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ word, want string }{
		"latin":            {"port", "port"},
		"composed":         {"e\u0301te", "éte"},
		"beginning, end":   {"بر", "\ufe91\ufeae"},
		"in the middle":    {"بيت", "\ufe91\ufef4\ufe96"},
		"not joined after": {"دار", "\ufea9\ufe8d\ufead"},
		"lam and alef":     {"سلام", "\ufeb3\ufefc\ufee1"},
		"alone":            {"لا", "\ufefb"},
		"hamza":            {"ماء", "\ufee3\ufe8e\ufe80"},
		"persian":          {"پیک", "\ufb58\ufbff\ufb8f"},
		"with vowels":      {"بَيْت", "\ufe91\ufef4\ufe96"},
		"stretched":        {"بـب", "\ufe91ـ\ufe90"},
		"alef maksura":     {"على", "\ufecb\ufee0\ufef0"},
		"hebrew":           {"שלום", "שלום"},
	} {
		got := ""
		for _, c := range shape.Clusters(tc.word) {
			got += string(c.Draw)
		}
		if got != tc.want {
			t.Errorf("%s: %+q, want %+q", name, got, tc.want)
		}
	}
	if got := shape.Clusters("q\u0301a"); len(got) != 2 || got[0].Text != "q\u0301" || string(got[0].Marks) != "\u0301" {
		t.Errorf("%+v", got)
	}
}

// visual is a text as it stands on a line; capitals run from right to left.
func visual(tb testing.TB, text string, right bool) string {
	tb.Helper()
	hebrew := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r - 'A' + '\u05d0'
		}
		return r
	}, text)
	levels, err := shape.Levels(hebrew, right)
	if err != nil {
		tb.Fatal(err)
	}
	var out []rune
	for _, i := range shape.Visual(levels) {
		r := []rune(text)[i]
		if levels[i]%2 == 1 {
			r = shape.Mirror(r)
		}
		out = append(out, r)
	}
	return string(out)
}

func TestVisual(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text  string
		right bool
		want  string
	}{
		{"abc def", false, "abc def"},
		{"abc DEF ghi", false, "abc FED ghi"},
		{"abc DEF GHI jkl", false, "abc IHG FED jkl"},
		{"abc DEF 123 GHI jkl", false, "abc IHG 123 FED jkl"},
		{"ABC 123 def", false, "123 CBA def"},
		{"ABC 12.50 def", false, "12.50 CBA def"},
		{"ABC 5% def", false, "5% CBA def"},
		{"ABC $5 def", false, "$5 CBA def"},
		{"abc 1 DEF", false, "abc 1 FED"},
		{"ABC (DEF)", true, "(FED) CBA"},
		{"ABC def GHI", true, "IHG def CBA"},
		{"ABC def 12 ghi", true, "def 12 ghi CBA"},
		{"ABC 12 DEF", true, "FED 12 CBA"},
		{"abc", true, "abc"},
		{"A", false, "A"},
		{"", false, ""},
	} {
		if got := visual(t, tc.text, tc.right); got != tc.want {
			t.Errorf("%q, from the right %v: %q, want %q", tc.text, tc.right, got, tc.want)
		}
	}
}

func TestDirection(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]bool{
		"": {}, "abc": {}, "12": {}, "«שלום» abc": {true, true}, "abc שלום": {true, false}, "سلام": {true, true}, "١٢": {true, false}, "北": {},
	} {
		if got := [2]bool{shape.HasRight(text), shape.FromRight(text)}; got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// Whatever the text, its clusters are all of it, and every character has one
// place on the line; what is drawn stands for what was written.
func TestPropertyWhole(t *testing.T) {
	letters := []rune("ab12 .,()$%éשלםابتيلء\u064b\u0301\u05b0ـپى١٢北")
	rapid.Check(t, func(rt *rapid.T) {
		text := string(rapid.SliceOfN(rapid.SampledFrom(letters), 0, 30).Draw(rt, "text"))
		var whole, plain string
		for _, c := range shape.Clusters(text) {
			whole += c.Text
			p := []rune(shape.Plain(c.Draw))
			if slices.Reverse(p); len(p) == 0 {
				p = []rune{c.Draw}
			}
			plain += string(p) + string(c.Marks)
		}
		if whole != text {
			rt.Errorf("%q, want %q", whole, text)
		}
		got, want := []rune(norm.NFKD.String(plain)), []rune(norm.NFKD.String(text))
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			rt.Errorf("(-want +got)\n%s", diff)
		}
		for _, right := range []bool{false, true} {
			levels, err := shape.Levels(text, right)
			if err != nil || len(levels) != len([]rune(text)) {
				rt.Fatalf("%d levels; %v", len(levels), err)
			}
			order := shape.Visual(levels)
			slices.Sort(order)
			for i, at := range order {
				if i != at {
					rt.Fatalf("place %d is taken by %d", i, at)
				}
			}
		}
	})
}

func FuzzLevels(f *testing.F) {
	f.Add("abc שלום 123 (سلام) $5", true)
	f.Add("a\u2029b\u202e", false)
	f.Fuzz(func(t *testing.T, text string, right bool) {
		shape.Clusters(text)
		levels, err := shape.Levels(text, right)
		if err == nil && len(shape.Visual(levels)) != len([]rune(text)) {
			t.Errorf("%q: %d levels", text, len(levels))
		}
	})
}
