package match

import "testing"

func TestOneNumber(t *testing.T) {
	for text, want := range map[string]string{
		"it lost 5.02 mln dlrs":        "5.02mln",
		"it lost five million dollars": "fivemillion",
		"twenty-five men":              "twentyfive",
		"7 per cent of it":             "percent",
		"7 % of it":                    "percent",
		"two hundred":                  "twohundred",
	} {
		var f folder
		f.fold(text, 0)
		found := false
		for _, tok := range f.tokens {
			found = found || string(f.letters[tok.lo:tok.hi]) == want
			if tok.start >= tok.end || tok.end > len(text) {
				t.Errorf("%q: a token at [%d, %d)", text, tok.start, tok.end)
			}
		}
		if !found {
			t.Errorf("%q has no %q", text, want)
		}
	}
	for _, text := range []string{"the second million", "one. Million", "m m", "per centimetre"} {
		var f folder
		f.fold(text, 0)
		if want := len(f.tokens); want < 2 {
			t.Errorf("%q: %d tokens", text, want)
		}
	}
}

// In capitals throughout, a capital says nothing of names.
func TestShouted(t *testing.T) {
	for text, want := range map[string]int{
		"THE FUEL DEPOT AT KARSUN HOLDS NINE TONNES":          0,
		"The Fuel Depot of Karsun Holds Nine Thousand Tonnes": 0,
		"We saw Halvard Brenn in Tromsa.":                     1,
		"Bill Gates":                                          1,
	} {
		var f folder
		f.fold(text, 0)
		runs := 0
		for _, tok := range f.tokens {
			if tok.run {
				runs++
			}
		}
		if runs != want {
			t.Errorf("%q: %d words go on with a name, want %d", text, runs, want)
		}
	}
}
