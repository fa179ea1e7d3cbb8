package authority_test

import (
	"strings"
	"testing"
	"time"

	"tearline/marking/authority"
)

// What is read is written so that it is read as the same, and nothing that is
// refused leaves a block.
func FuzzParse(f *testing.F) {
	f.Add(block)
	f.Add("Classified By: A\nReason: 1.4c\nDeclassify On: N/A to RD/FRD and NATO portions. See source list for NSI portions.")
	for _, l := range lines {
		f.Add("Classified By: A\nDerived From: B\nDeclassify On: " + l)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b, err := authority.Parse(text)
		if err != nil {
			if b != (authority.Block{}) {
				t.Errorf("%q: %+v beside %v", text, b, err)
			}
			return
		}
		again, err := authority.Parse(b.String())
		if err != nil || again != b {
			t.Errorf("%q: %+v, then %+v, %v", text, b, again, err)
		}
		if a, err := b.Attributes(); err == nil {
			if back, err := authority.FromAttributes(a); err != nil || back != b {
				t.Errorf("%q: %+v, by attributes %+v, %v", text, b, back, err)
			}
		}
	})
}

func TestHostile(t *testing.T) {
	start := time.Now()
	for _, c := range []string{"\n", "x", ":", " ", "Reason: ", "25X1 ", "Declassify On: 25X1,"} {
		if _, err := authority.Parse(strings.Repeat(c, 10<<20/len(c))); err == nil {
			t.Errorf("%q: no fault", c)
		}
		if _, err := authority.Parse(strings.Repeat(c, authority.MaxLength/len(c))); err == nil {
			t.Errorf("%q: no fault", c)
		}
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("it took %v", d)
	}
}
