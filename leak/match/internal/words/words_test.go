package words_test

import (
	"testing"

	"tearline/leak/match/internal/words"
)

func TestStem(t *testing.T) {
	for _, same := range [][]string{
		{"5.02mln", "5020000", "5.020mn"},
		{"fivemillion", "5000000", "5m", "5000k"},
		{"twentyfive", "25", "25th", "025", "25.0"},
		{"twentythousand", "20000", "20k"},
		{"third", "3", "3rd", "three"},
		{"organise", "organize"},
		{"organisations", "organizations"},
		{"colour", "color"},
		{"harbours", "harbors"},
		{"centre", "center"},
		{"travelled", "traveled"},
		{"defence", "defense"},
		{"dialogue", "dialog"},
		{"government", "govemment"},
		{"c0mpany", "company"},
		{"1eader"[1:], "eader"},
		{"sept", "september", "sep"},
		{"percent", "pct"},
		{"vvater", "water"},
	} {
		for _, word := range same[1:] {
			if a, b := words.Stem([]byte(same[0])), words.Stem([]byte(word)); a != b {
				t.Errorf("%s is %q, %s is %q", same[0], a, word, b)
			}
		}
	}
	for _, other := range [][2]string{{"5.2mln", "52000"}, {"five", "fifty"}, {"second", "seconds"}, {"2026.03.05", "20260305"}, {"f16", "f15"}, {"modern", "model"}} {
		if a, b := words.Stem([]byte(other[0])), words.Stem([]byte(other[1])); a == b {
			t.Errorf("%s and %s are both %q", other[0], other[1], a)
		}
	}
}
