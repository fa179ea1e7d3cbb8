package marking_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tearline/marking"
)

// everyPolicy runs a law for each embedded policy in each of its profiles.
func everyPolicy(t *testing.T, law func(t *testing.T, p *marking.Policy)) {
	t.Helper()
	n := 0
	for _, id := range marking.Policies() {
		ids := []string{id}
		for _, profile := range marking.Profiles(id) {
			ids = append(ids, id+"@"+profile)
		}
		for _, id := range ids {
			n++
			t.Run(id, func(t *testing.T) { law(t, policy(t, id)) })
		}
	}
	if n < 12 {
		t.Errorf("%d policies, want all of them", n)
	}
}

func drawn(p *marking.Policy) *rapid.Generator[marking.Marking] {
	return rapid.Custom(func(t *rapid.T) marking.Marking {
		return p.Draw(func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "d") })
	})
}

// What any policy writes it reads as the same, in every form and in French.
func TestEveryPolicyReadsWhatItWrites(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p *marking.Policy) {
		t.Helper()
		rapid.Check(t, func(t *rapid.T) {
			m := drawn(p).Draw(t, "mark")
			for _, s := range []string{m.Banner(), m.Portion(), m.French()} {
				if again, err := p.Parse(s); err != nil || again != m {
					t.Fatalf("%q: %v, %v; want %v", s, again, err, m)
				}
			}
		})
	})
}

// Joins of any policy are a lattice: commutative, associative, idempotent, and
// above what is joined; and who may have the join may have each.
func TestEveryPolicyJoins(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p *marking.Policy) {
		t.Helper()
		rapid.Check(t, func(t *rapid.T) {
			a, b, c := drawn(p).Draw(t, "a"), drawn(p).Draw(t, "b"), drawn(p).Draw(t, "c")
			if m, ok := join(a, a); !ok || m != a {
				t.Fatalf("%v joined with itself is %v", a, m)
			}
			ab, ok := join(a, b)
			ba, ok2 := join(b, a)
			if ok != ok2 || ab != ba {
				t.Fatalf("%v and %v: %v one way, %v the other", a, b, ab, ba)
			}
			if !ok {
				return
			}
			if again, err := p.Parse(ab.Banner()); err != nil || again != ab {
				t.Fatalf("%v and %v: %v is no mark: %v", a, b, ab, err)
			}
			if !ab.Dominates(a) || !ab.Dominates(b) {
				t.Fatalf("%v does not dominate %v and %v", ab, a, b)
			}
			if bc, ok := join(b, c); ok {
				left, ok1 := join(ab, c)
				right, ok2 := join(a, bc)
				if ok1 && ok2 && left != right {
					t.Fatalf("%v, %v, %v: (ab)c = %v, a(bc) = %v", a, b, c, left, right)
				}
			}
			for _, part := range []marking.Marking{a, b} {
				narrower(t, p, ab, part)
			}
		})
	})
}

// narrower fails where the join is for somebody for whom the part is not.
func narrower(t *rapid.T, p *marking.Policy, join, part marking.Marking) {
	if part.Open() || p.ID() == "acme" && part == p.Lowest() {
		return // it takes no part in what the join says of release
	}
	keep, see, _ := join.Releasable()
	ofPart, seeOfPart, silent := part.Releasable()
	for _, code := range keep {
		if !slices.Contains(ofPart, code) && (!silent || code != p.Nation()) {
			t.Fatalf("%v is for %s, its part %v is not", join, code, part)
		}
	}
	for _, code := range see {
		if !slices.Contains(ofPart, code) && !slices.Contains(seeOfPart, code) {
			t.Fatalf("%v may be seen by %s, its part %v may not", join, code, part)
		}
	}
	if part.NoForeign() && !join.NoForeign() || part.OriginatorControlled() && !join.OriginatorControlled() || part.Level().Rank > join.Level().Rank {
		t.Fatalf("%v is weaker than its part %v", join, part)
	}
}
