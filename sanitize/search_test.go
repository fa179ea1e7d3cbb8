package sanitize_test

import (
	"strings"
	"testing"

	"tearline"
	"tearline/sanitize"
)

func TestWords(t *testing.T) {
	for in, want := range map[string]string{
		"":                            "",
		"A courier left.":             "a courier left ",
		"  4\u00a0kg—of “explosive”!": " 4 kg of explosive ",
		"ＦＵＬＬ width ﬁne":              "full width fine",
		"soft\u00adhy\u200bphen":      "softhyphen",
		"cafe\u0301 CAFÉ":             "café café",
		"炸药 已 abc爆":                   " 炸 药 已 abc 爆 ",
	} {
		if got := sanitize.Words(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestSearch looks for a withheld wording in what a copy has beside its items.
func TestSearch(t *testing.T) {
	tests := []struct {
		withheld, copied string
		want             string
	}{
		{"one two three four five six", "so two three four five six it is", "two three four five six"},
		{"one two three four five six", "so two three four five it is", ""},
		{"one {two|2} three {four|} five six", "one 2 three five six", "one 2 three five six"},
		{"one {two|2} three {four|} five six", "1 2 three four five", ""},
		{"un{happy|known} men went to the docks", "unknown men went to the", "unknown men went to the"},
		{"un{happy|known} men went to the docks", "unseen men went to the", ""},
		{"on day {1|2}{1|2}{1|2} at noon", "and on day 212 at noon", "on day 212 at noon"},
		{"short text", "a SHORT, text.", "short text"},
		{"short text", "a short textile", ""},
		{"{|very }short text", "short text", "short text"},
		{"{|very }short text", "a very short text", "very short text"},
		{"one two three four open words here", "one two three four open", "one two three four open"},
		{"these open words may be told one", "so these open words may be told", ""},
		{"炸药已经装好", "我们炸药已经装了", "炸 药 已 经 装"},
		{"", "anything", ""},
		{strings.Repeat("{| |  |\t}", 300) + "x{|y} one two three four", "xy one two three four", "xy one two three four"},
		{strings.Repeat("{a|b|c|d}", 300), strings.Repeat("abcd", 75), strings.Repeat("abcd", 75)},
		{strings.Repeat("{a |b |c |d }", 300), "a b c d a", "a b c d a"},
	}
	for _, test := range tests {
		w, err := tearline.ParseWording(test.withheld)
		if err != nil {
			t.Fatal(err)
		}
		if got := sanitize.Search([]string{test.copied}, []string{"These open words may be told."}, w); got != test.want {
			t.Errorf("%.60q in %.60q: %q, want %q", test.withheld, test.copied, got, test.want)
		}
	}
}
