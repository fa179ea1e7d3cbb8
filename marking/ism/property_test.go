package ism_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tearline/marking"
	"tearline/marking/ism"
)

// What the generated marks are made of: heads, and by category what may be
// added to them.
var (
	heads = []string{
		"U", "C", "S", "S", "TS", "TS", "//GBR S", "//DEU C", "//GBR R", "//FGI S", "//NS", "//CTS", "//NR", "//NKFORS",
		"//JOINT S GBR USA", "//JOINT C AUS USA",
	}
	items = [][]string{
		{"SI", "TK", "SI-G ABCD", "SI-G", "SI-MMM AACD", "HCS-P", "HCS-O", "HCS-P XYZ", "TK-BLFH", "RSV-ABC", "123", "KLM-R", "BOHEMIA", "BALK"},
		{"SAR-BP", "SAR-BP-J12 J54", "SAR-BP-J12 J54-K15", "SAR-BUTTER POPCORN"},
		{"RD", "RD-CNWDI", "RD-SG 14 20", "FRD", "FRD-SG 18", "TFNI", "UCNI", "DCNI", "ATOMAL"},
		{"FGI", "FGI GBR", "FGI DEU NATO"},
		{
			"NF", "NF", "RELIDO", "REL TO USA, GBR", "REL TO USA, AUS, FVEY", "REL TO USA, DEU, NATO", "REL TO USA, AUSTRALIA_GROUP",
			"USA/GBR EYES ONLY", "DISPLAY ONLY AFG", "DISPLAY ONLY GBR, FVEY",
			"OC", "OC-USGOV", "RS", "IMC", "PR", "DSEN", "FISA", "RAWFISA", "FOUO", "WAIVED",
		},
		{"DS", "XD", "ND", "SBU", "SBU-NF", "LES", "LES-NF", "SSI", "NNPI", "ACCM-TEA LEAF"},
		{"CUI//SP-CTI/PRVCY", "CUI//LEI"},
	}
)

// marks draws a valid mark of the us policy.
func marks(t *testing.T) *rapid.Generator[marking.Marking] {
	t.Helper()
	us, _ := marking.Lookup("us")
	return rapid.Custom(func(r *rapid.T) marking.Marking {
		text := rapid.SampledFrom(heads).Draw(r, "head")
		m, err := us.Parse(text)
		if err != nil {
			r.Fatalf("%q: %v", text, err)
		}
		for cat, list := range items {
			sep := "//"
			for range rapid.IntRange(0, 3).Draw(r, "more") {
				add := rapid.SampledFrom(list).Draw(r, "item")
				if sep == "/" {
					add = strings.TrimPrefix(add, "SAR-")
				}
				if x, err := us.Parse(text + sep + add); err == nil {
					text, m = text+sep+add, x
					if sep = "/"; cat == 6 {
						break
					}
				}
			}
		}
		return m
	})
}

// What a mark is written as is read as the same mark, in every form.
func TestMarkingsComeBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m := marks(t).Draw(r, "mark")
		a, err := ism.FromMarking(m)
		if err != nil {
			r.Fatalf("%v: %v", m, err)
		}
		if back, err := a.Marking(); err != nil || back != m {
			r.Fatalf("%v: %s: %v, %v", m, a, back, err)
		}
		if a.Banner() != m.Banner() || a.Portion() != m.Portion() {
			r.Fatalf("%v: %s, %s", m, a.Banner(), a.Portion())
		}
		forms(r, a)
		again, err := ism.FromMarking(m)
		if err != nil || !slices.Equal(a, again) {
			r.Fatalf("%v: %s, then %s, %v", m, a, again, err)
		}
	})
}

// Order and repetition of tokens and attributes make no difference to the
// mark; one token more that nobody knows, and there is none.
func TestTokensAreSets(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m := marks(t).Draw(r, "mark")
		a, err := ism.FromMarking(m)
		if err != nil {
			r.Fatalf("%v: %v", m, err)
		}
		b := rapid.Permutation(a).Draw(r, "attributes")
		for i := range b {
			tokens := strings.Fields(b[i].Value)
			if b[i].Name != ism.Classification && b[i].Name != ism.Joint {
				tokens = append(tokens, tokens[0])
			}
			b[i].Value = strings.Join(rapid.Permutation(tokens).Draw(r, "tokens"), "  ")
		}
		if back, err := b.Marking(); err != nil || back != m {
			r.Fatalf("%s: %v, %v; want %v", b, back, err, m)
		}
		i := rapid.IntRange(0, len(b)-1).Draw(r, "where")
		b[i].Value += rapid.SampledFrom([]string{" ?", " NOFORN", " qq", "/NF", "//NF"}).Draw(r, "unknown")
		if back, err := b.Marking(); err == nil || !back.IsZero() {
			r.Fatalf("%s: %v", b, back)
		}
	})
}

// Attributes of any kind survive every form.
func TestFormsKeepEverything(t *testing.T) {
	name := rapid.SampledFrom([]string{"classification", "ownerProducer", "releasableTo", "derivedFrom", "future", "a.b-c_d", "ü"})
	space := rapid.SampledFrom([]string{"", "", "", ism.Unqualified, "arh", "urn:x", "http://www.w3.org/XML/1998/namespace", "xml"})
	value := rapid.StringOf(rapid.SampledFrom([]rune("AB &<>\"'\t\n\r;#é\u2028😀")))
	rapid.Check(t, func(r *rapid.T) {
		var a ism.Attributes
		seen := map[ism.Attribute]bool{}
		for range rapid.IntRange(0, 6).Draw(r, "n") {
			x := ism.Attribute{Space: space.Draw(r, "space"), Name: name.Draw(r, "name")}
			if !seen[x] {
				seen[x] = true
				x.Value = value.Draw(r, "value")
				a = append(a, x)
			}
		}
		forms(r, a)
	})
}
