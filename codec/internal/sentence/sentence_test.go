package sentence_test

import (
	"testing"

	"tearline/codec/internal/sentence"
)

func TestEnds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"": false, "It left": false, "It left.": true, "It left.”": true, "It left (as reported).": true, "It left.[12]": false, "It left.12": true,
		"It left (as reported)": false, "三辆卡车。": true, "三辆卡车": false, "Declared:": true, "pier 12": false,
	} {
		if got := sentence.Ends(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
