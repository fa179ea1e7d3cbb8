package spif_test

import (
	"testing"

	"tearline/marking/spif"
)

func FuzzRead(f *testing.F) {
	f.Add(file(f, "harbour.xml"))
	f.Add(file(f, "ferry.xml"))
	f.Add([]byte(`<SPIF><securityPolicyId name="a" id="1.2"/></SPIF>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := spif.Read(data)
		if (p == nil) == (err == nil) {
			t.Fatalf("%v, %v", p, err)
		}
		if err != nil {
			return
		}
		// Whatever was read, its labels are written and read without harm.
		for _, c := range p.Classifications() {
			l := spif.Label{Policy: p.ID(), Classification: c.Lacv}
			if text, err := p.Marking(l, ""); err == nil {
				if _, err := p.Parse(text, ""); err == nil && p.Valid(l) != nil {
					t.Fatalf("%q", text)
				}
			}
		}
	})
}

func FuzzReadLabel(f *testing.F) {
	f.Add(file(f, "label.xml"))
	f.Add(file(f, "clearance.xml"))
	p := read(f, "harbour.xml")
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := spif.ReadLabel(data)
		if err != nil && !l.Equal(spif.Label{}) {
			t.Fatalf("%v beside %v", l, err)
		}
		c, _ := spif.ReadClearance(data)
		if p.Admits(l, c).Admitted && p.Valid(l) != nil {
			t.Fatalf("%v is not valid, and admits %v", l, c)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"HARBOUR OPEN", "KEEL CAPITAINE [Grand pont/Aft]", "HARBOUR CREW-QUIET/STORM! for Nowhere, Elsewhere only", "HARBOUR OPEN - First Dog BURSAR"} {
		f.Add(s, "fr")
	}
	p := read(f, "harbour.xml")
	f.Fuzz(func(t *testing.T, text, lang string) {
		l, err := p.Parse(text, lang)
		if err != nil {
			if !l.Equal(spif.Label{}) {
				t.Fatalf("%v beside %v", l, err)
			}
			return
		}
		again, err := p.Marking(l, lang)
		if err != nil {
			t.Fatalf("%q is read as %v: %v", text, l, err)
		}
		if back, err := p.Parse(again, lang); err != nil || !back.Equal(l) {
			t.Fatalf("%q is %v, and written %q is %v, %v", text, l, again, back, err)
		}
	})
}
