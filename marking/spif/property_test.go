package spif_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"tearline/marking"
	"tearline/marking/spif"
)

func lacvOf(i int) string { return strconv.Itoa(i) }

func first(err error) marking.Fault {
	if f, ok := err.(marking.Faults); ok && len(f) > 0 { //nolint:errorlint // that it is one is what is tested
		return f[0]
	}
	return marking.Fault{}
}

// everyPolicy returns the policies of this package's files, and the published
// ones if they are here.
func everyPolicy(tb testing.TB) map[string]*spif.Policy {
	tb.Helper()
	out := map[string]*spif.Policy{"harbour": read(tb, "harbour.xml"), "ferry": read(tb, "ferry.xml")}
	for _, name := range []string{"food-policy", "tlp", "tlp-plus", "uk-demo", "nato-4774-policy"} {
		data, err := os.ReadFile(filepath.Join(dataDir, "spif", name+".xml"))
		if err != nil {
			continue
		}
		p, err := spif.Read(data)
		if err != nil {
			tb.Fatalf("%s: %v", name, err)
		}
		out[name] = p
	}
	return out
}

// labels draws valid labels of a policy.
func labels(p *spif.Policy) *rapid.Generator[spif.Label] {
	var cats []spif.Category
	for _, t := range p.Tags() {
		for _, c := range t.Categories {
			cats = append(cats, c.Category)
		}
	}
	drawn := rapid.Custom(func(t *rapid.T) spif.Label {
		l := spif.Label{Policy: p.ID(), Classification: rapid.SampledFrom(p.Classifications()).Draw(t, "class").Lacv}
		if len(cats) > 0 {
			l.Categories = rapid.SliceOfNDistinct(rapid.SampledFrom(cats), 0, min(len(cats), 7), rapid.ID).Draw(t, "categories")
		}
		// What the rules forbid is taken away, the last first.
		for i := len(l.Categories) - 1; i >= 0 && p.Valid(l) != nil; i-- {
			less := l
			less.Categories = append(append([]spif.Category(nil), l.Categories[:i]...), l.Categories[i+1:]...)
			if len(rules(p.Valid(less))) < len(rules(p.Valid(l))) {
				l = less
			}
		}
		return l
	})
	return drawn.Filter(func(l spif.Label) bool { return p.Valid(l) == nil })
}

// readBack reads the marking of a label: whether the label came back, a
// stricter one did, or the text was ambiguous; anything else is an error.
func readBack(t rapid.TB, p *spif.Policy, l spif.Label, lang string) string {
	text, err := p.Marking(l, lang)
	if err != nil {
		t.Fatalf("%v: %v", l, err)
	}
	// What is hidden is not read; what is left may be no valid label.
	hidden := p.Hidden(l, lang)
	seen := l
	seen.Categories = nil
	for _, c := range l.Categories {
		if !slices.Contains(hidden, c) {
			seen.Categories = append(seen.Categories, c)
		}
	}
	got, err := p.Parse(text, lang)
	switch {
	case err != nil && hasRule(err, "spif.marking.ambiguous"):
		return "ambiguous"
	case err != nil && p.Valid(seen) != nil:
		return "hidden"
	case err != nil:
		t.Fatalf("%q of %v: %v", text, l, err)
	}
	if again, err := p.Marking(got, lang); err != nil || again != text {
		t.Fatalf("%q is read as %v, which is %q, %v", text, got, again, err)
	}
	if got.Equal(seen) {
		if len(hidden) > 0 {
			return "hidden"
		}
		return "same"
	}
	if up, err := p.RollUp(got, seen); p.Valid(seen) == nil && (err != nil || !up.Equal(got)) {
		t.Fatalf("%q of %v is read as %v, which is not as strict: %v", text, l, got, err)
	}
	return "stricter"
}

func TestPropertyReadBack(t *testing.T) {
	for name, p := range everyPolicy(t) {
		t.Run(name, func(t *testing.T) {
			drawn := labels(p)
			rapid.Check(t, func(t *rapid.T) {
				readBack(t, p, drawn.Draw(t, "label"), rapid.SampledFrom([]string{"", "fr", "en-GB"}).Draw(t, "lang"))
			})
		})
	}
}

// TestReadBackCounts keeps the property from being empty: of 300 labels of each
// file, so many come back as they were. The others are those of which a policy
// hides something: that of NATO writes the context NATO as if there were none.
func TestReadBackCounts(t *testing.T) {
	want := map[string]int{
		"harbour": 50, "ferry": 300, "food-policy": 280, "tlp": 300, "tlp-plus": 300, "uk-demo": 300, "nato-4774-policy": 70,
	}
	for name, p := range everyPolicy(t) {
		drawn, n := labels(p), map[string]int{}
		for i := range 300 {
			n[readBack(t, p, drawn.Example(i), "")]++
		}
		if n["same"] < want[name] || n["same"]+n["stricter"]+n["ambiguous"]+n["hidden"] != 300 {
			t.Errorf("%s: %v, want at least %d the same", name, n, want[name])
		}
	}
}

// clearances draws clearances that name every class below one.
func clearances(p *spif.Policy) *rapid.Generator[spif.Clearance] {
	return rapid.Custom(func(t *rapid.T) spif.Clearance {
		c := spif.Clearance{Policy: p.ID()}
		for _, x := range p.Classifications()[:rapid.IntRange(0, len(p.Classifications())).Draw(t, "class")] {
			c.Classifications = append(c.Classifications, x.Lacv)
		}
		for _, x := range p.Tags() {
			for _, y := range x.Categories {
				if rapid.IntRange(0, 3).Draw(t, "has") > 0 {
					c.Categories = append(c.Categories, y.Category)
				}
			}
		}
		return c
	})
}

func TestPropertyRollUp(t *testing.T) {
	for name, p := range everyPolicy(t) {
		t.Run(name, func(t *testing.T) {
			drawn, cleared := labels(p), clearances(p)
			rapid.Check(t, func(t *rapid.T) {
				a, b, c := drawn.Draw(t, "a"), drawn.Draw(t, "b"), drawn.Draw(t, "c")
				if got, err := p.RollUp(a, a); err != nil || !got.Equal(a) {
					t.Fatalf("idempotent: %v, %v; want %v", got, err, a)
				}
				ab, errAB := p.RollUp(a, b)
				ba, errBA := p.RollUp(b, a)
				if !ab.Equal(ba) || (errAB == nil) != (errBA == nil) {
					t.Fatalf("commutative: %v, %v; %v, %v", ab, errAB, ba, errBA)
				}
				abc, err := p.RollUp(a, b, c)
				if bc, errBC := p.RollUp(b, c); errAB == nil && errBC == nil {
					left, errLeft := p.RollUp(ab, c)
					right, errRight := p.RollUp(a, bc)
					if !left.Equal(abc) || !right.Equal(abc) || (errLeft == nil) != (err == nil) || (errRight == nil) != (err == nil) {
						t.Fatalf("associative: %v, %v, %v", left, right, abc)
					}
				}
				if err != nil {
					return
				}
				who := cleared.Draw(t, "who")
				for _, part := range []spif.Label{a, b, c} {
					if p.Admits(abc, who).Admitted && !p.Admits(part, who).Admitted {
						t.Fatalf("%v admits %v, and its part %v does not", abc, who, part)
					}
				}
			})
		})
	}
}

// TestPropertyAdmits: more in a clearance never shuts out, and a restrictive
// category more in a label never lets in.
func TestPropertyAdmits(t *testing.T) {
	p := read(t, "harbour.xml")
	drawn, cleared := labels(p), clearances(p)
	rapid.Check(t, func(t *rapid.T) {
		l, a, b := drawn.Draw(t, "label"), cleared.Draw(t, "a"), cleared.Draw(t, "b")
		both := spif.Clearance{
			Policy: p.ID(), Classifications: append(append([]string(nil), a.Classifications...), b.Classifications...),
			Categories: append(append([]spif.Category(nil), a.Categories...), b.Categories...),
		}
		if p.Admits(l, a).Admitted && !p.Admits(l, both).Admitted {
			t.Fatalf("%v admits %v and not %v", l, a, both)
		}
		more := l
		for _, x := range p.Tags() {
			if x.Type.Restrictive() {
				more.Categories = append(append([]spif.Category(nil), more.Categories...), rapid.SampledFrom(x.Categories).Draw(t, "more").Category)
			}
		}
		if p.Admits(more, a).Admitted && !p.Admits(l, a).Admitted {
			t.Fatalf("%v admits %v and %v does not", more, a, l)
		}
	})
}
