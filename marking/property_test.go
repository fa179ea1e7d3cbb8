package marking_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tearline/marking"
)

// What the generated marks are made of: heads, and by category what may be
// added to them.
var (
	heads = []string{
		"U", "U", "U", "C", "S", "S", "S", "TS", "TS", "TS",
		"//GBR S", "//DEU C", "//GBR R", "//JPN U", "//FGI S", "//NS", "//CTS", "//NR", "//NKFORS",
		"//JOINT S GBR USA", "//JOINT C AUS USA",
	}
	items = [][]string{
		{"SI", "TK", "SI-G ABCD", "SI-G", "SI-MMM AACD", "HCS-P", "HCS-O", "HCS-P XYZ", "TK-BLFH", "RSV-ABC", "123", "KLM-R", "BOHEMIA"},
		{"SAR-BP", "SAR-BP-J12 J54", "SAR-CD", "SAR-BUTTER POPCORN"},
		{"RD", "RD-CNWDI", "RD-SG 14 20", "FRD", "FRD-SG 18", "TFNI", "UCNI", "DCNI", "ATOMAL"},
		{"FGI", "FGI GBR", "FGI DEU NATO"},
		{
			"NF", "NF", "RELIDO", "REL TO USA, GBR", "REL TO USA, FVEY", "REL TO USA, AUS, FVEY", "REL TO USA, DEU, NATO",
			"REL TO USA, AUS, CAN, GBR, NZL", "REL TO USA, ACGU", "USA/GBR EYES ONLY", "USA/AUS/CAN/GBR EYES ONLY",
			"DISPLAY ONLY AFG", "DISPLAY ONLY AFG, GBR", "DISPLAY ONLY GBR, FVEY", "DISPLAY ONLY NATO",
		},
		{"OC", "OC-USGOV", "RS", "IMC", "PR", "DSEN", "FISA", "FOUO"},
		{"DS", "XD", "ND", "SBU", "SBU-NF", "LES", "LES-NF", "SSI"},
	}
)

// marks draws a valid mark of the us policy: tokens are added to a head as
// long as what comes out is valid.
func marks(us *marking.Policy) *rapid.Generator[marking.Marking] {
	return rapid.Custom(func(t *rapid.T) marking.Marking {
		head := rapid.SampledFrom(heads).Draw(t, "head")
		m, err := us.Parse(head)
		if err != nil {
			t.Fatalf("%q: %v", head, err)
		}
		chosen := make([][]string, len(items))
		// Release markings first: most of the others ask for one.
		for _, cat := range []int{4, 5, 4, 0, 0, 1, 2, 3, 5, 6, 6} {
			if rapid.IntRange(0, 2).Draw(t, "skip") > 0 && cat != 4 {
				continue
			}
			add := rapid.SampledFrom(items[cat]).Draw(t, "item")
			if cat == 1 && chosen[1] != nil {
				add = strings.TrimPrefix(add, "SAR-")
			}
			next := slices.Clone(chosen)
			next[cat] = append(slices.Clone(chosen[cat]), add)
			if x, err := us.Parse(write(head, next)); err == nil {
				chosen, m = next, x
			}
		}
		return m
	})
}

func write(head string, chosen [][]string) string {
	b := head
	for cat, list := range chosen {
		sep := "//"
		if cat == 5 && len(chosen[4]) > 0 {
			sep = "/" // both are dissemination controls
		}
		if len(list) > 0 {
			b += sep + strings.Join(list, "/")
		}
	}
	return b
}

// What is written is read as the same marking, in both forms, and writing is
// canonical.
func TestFormatThenParse(t *testing.T) {
	us := policy(t, "us")
	rapid.Check(t, func(t *rapid.T) {
		m := marks(us).Draw(t, "mark")
		for _, s := range []string{m.Portion(), m.Banner(), strings.Trim(m.Portion(), "()")} {
			again, err := us.Parse(s)
			if err != nil || again != m || !again.Equal(m) {
				t.Fatalf("%q: %v, %v; want %v", s, again, err, m)
			}
			if again.Portion() != m.Portion() || again.Banner() != m.Banner() {
				t.Fatalf("%q is not canonical", s)
			}
		}
	})
}

// The order of categories and of tokens, and blanks around separators, make no
// difference.
func TestOrderIsNotMeaning(t *testing.T) {
	us := policy(t, "us")
	rapid.Check(t, func(t *rapid.T) {
		m := marks(us).Draw(t, "mark")
		seed := rapid.Uint64().Draw(t, "seed")
		shuffle := rand.New(rand.NewPCG(seed, 1))
		body := strings.Trim(m.Portion(), "()")
		lead := ""
		if strings.HasPrefix(body, "//") {
			lead, body = "//", body[2:]
		}
		parts := strings.Split(body, "//")
		rest := parts[1:]
		shuffle.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
		for i, part := range rest {
			if strings.Contains(part, "EYES") || strings.HasPrefix(part, "SAR-") {
				continue
			}
			tokens := strings.Split(part, "/")
			shuffle.Shuffle(len(tokens), func(i, j int) { tokens[i], tokens[j] = tokens[j], tokens[i] })
			rest[i] = strings.Join(tokens, " / ")
		}
		s := " ( " + lead + strings.Join(append(parts[:1:1], rest...), "  // ") + " )"
		if again, err := us.Parse(s); err != nil || again != m {
			t.Fatalf("%q: %v, %v; want %v", s, again, err, m)
		}
	})
}

// join joins, and reports whether there is a join: what another nation may
// write cannot always stand in a mark of this one.
func join(a, b marking.Marking) (marking.Marking, bool) {
	m, err := marking.Join(a, b)
	return m, err == nil
}

func TestJoinLaws(t *testing.T) {
	us := policy(t, "us")
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := marks(us).Draw(t, "a"), marks(us).Draw(t, "b"), marks(us).Draw(t, "c")
		if m, ok := join(a, a); !ok || m != a {
			t.Fatalf("%v joined with itself is %v", a, m)
		}
		ab, ok1 := join(a, b)
		ba, ok2 := join(b, a)
		if ok1 != ok2 || ab != ba {
			t.Fatalf("%v and %v: %v one way, %v the other", a, b, ab, ba)
		}
		bc, ok3 := join(b, c)
		if !ok1 || !ok3 {
			return
		}
		left, ok4 := join(ab, c)
		right, ok5 := join(a, bc)
		if ok4 && ok5 && left != right {
			t.Fatalf("%v, %v, %v:\n(ab)c = %v\na(bc) = %v\n ab = %v\n bc = %v", a, b, c, left, right, ab, bc)
		}
		if !ab.Dominates(a) || !ab.Dominates(b) {
			t.Fatalf("%v does not dominate %v and %v", ab, a, b)
		}
	})
}

// A banner dominates its portions, is a valid mark, does not depend on their
// order, and does not change when it is rolled up with them.
func TestBannerDominates(t *testing.T) {
	us := policy(t, "us")
	rapid.Check(t, func(t *rapid.T) {
		var portions []marking.Dated
		for _, m := range rapid.SliceOfN(marks(us), 1, 6).Draw(t, "portions") {
			date := rapid.SampledFrom([]string{"", "2001-01-01", "2015-01-01"}).Draw(t, "date")
			portions = append(portions, marking.Dated{Marking: m, Date: date})
		}
		rolled, err := us.RollUp(portions)
		if err != nil {
			return
		}
		if m, err := us.Parse(rolled.Banner.Banner()); err != nil || m != rolled.Banner {
			t.Fatalf("%v: %v: the banner %v is no mark: %v", portions, m, rolled.Banner, err)
		}
		for _, d := range portions {
			// Without dates the banner may count as stricter, never as less strict.
			undated, err := us.RollUp([]marking.Dated{{Marking: rolled.Banner}, {Marking: d.Marking, Date: d.Date}})
			if err != nil || undated.Banner != rolled.Banner {
				t.Fatalf("%v with its portion %v: %v, %v", rolled.Banner, d, undated.Banner, err)
			}
		}
		slices.Reverse(portions)
		if again, err := us.RollUp(portions); err != nil || again.Banner != rolled.Banner {
			t.Fatalf("reversed: %v, %v; want %v", again.Banner, err, rolled.Banner)
		}
		for _, w := range rolled.Why {
			if w.Token == "" || w.Rule == "" || len(w.Portions) == 0 {
				t.Fatalf("%v of %v: %+v does not say why", rolled.Banner, portions, w)
			}
		}
	})
}

// Tightening never releases: whoever the join's list names, both lists name,
// and what adding NOFORN or ORCON leaves names nobody more.
func TestTighteningNeverWidens(t *testing.T) {
	us := policy(t, "us")
	codes := us.CodesOf()
	rapid.Check(t, func(t *rapid.T) {
		a, b := marks(us).Draw(t, "a"), marks(us).Draw(t, "b")
		for _, tighter := range []marking.Marking{b, must2(us, "S//NF"), must2(us, "S//OC"), must2(us, "S//OC/REL TO USA, FVEY")} {
			m, ok := join(a, tighter)
			if !ok || a == us.Lowest() {
				continue
			}
			for _, code := range codes {
				if m.Names(code) && !a.Names(code) {
					t.Fatalf("%v with %v is %v: it names %s", a, tighter, m, code)
				}
			}
			if a.NoForeign() && !m.NoForeign() || a.OriginatorControlled() && !m.OriginatorControlled() {
				t.Fatalf("%v with %v is %v: it lost a control", a, tighter, m)
			}
			if m.Level().Rank < a.Level().Rank {
				t.Fatalf("%v with %v is %v: it is lower", a, tighter, m)
			}
		}
	})
}

func must2(p *marking.Policy, s string) marking.Marking {
	m, err := p.Parse(s)
	if err != nil {
		panic(err)
	}
	return m
}

// WithRelease names who is added, and nobody else that was not named.
func TestWithReleaseNames(t *testing.T) {
	us := policy(t, "us")
	rapid.Check(t, func(t *rapid.T) {
		m := marks(us).Draw(t, "mark")
		code := rapid.SampledFrom([]string{"GBR", "DEU", "NATO", "FVEY", "USA"}).Draw(t, "code")
		with, err := m.WithRelease(code)
		if err != nil {
			if !with.IsZero() {
				t.Fatalf("%v and %v", with, err)
			}
			return
		}
		if _, ok := with.ReleaseList(); ok && !with.Names(code) {
			t.Fatalf("%v with %s is %v", m, code, with)
		}
		if again, err := us.Parse(with.Banner()); err != nil || again != with {
			t.Fatalf("%v with %s is %v, which is no mark: %v", m, code, with, err)
		}
		for _, other := range []string{"FRA", "JPN"} {
			if with.Names(other) && !m.Names(other) && code != "NATO" {
				t.Fatalf("%v with %s is %v: it names %s", m, code, with, other)
			}
		}
	})
}

func TestTLPLaws(t *testing.T) {
	tlp := policy(t, "tlp")
	levels := []string{"TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"}
	for i, a := range levels {
		for j, b := range levels {
			m, err := marking.Join(must(t, tlp, a), must(t, tlp, b))
			if want := levels[max(i, j)]; err != nil || m.Banner() != want {
				t.Errorf("%s and %s: %v, %v; want %s", a, b, m, err, want)
			}
			if got := must(t, tlp, a).Dominates(must(t, tlp, b)); got != (i >= j) {
				t.Errorf("%s dominates %s: %v", a, b, got)
			}
		}
	}
}

// Comparing without rolling up comes to what rolling up does.
func TestDominatesPlainly(t *testing.T) {
	us := policy(t, "us")
	rapid.Check(t, func(t *rapid.T) {
		a, b := marks(us).Draw(t, "a"), marks(us).Draw(t, "b")
		if got, want := a.Dominates(b), a.DominatesSlowly(b); got != want {
			t.Fatalf("%v dominates %v: %v, want %v", a, b, got, want)
		}
		if m, ok := join(a, b); ok && (!m.DominatesSlowly(a) || !m.Dominates(a)) {
			t.Fatalf("%v does not dominate %v", m, a)
		}
	})
}
