package classes_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/release"
	"tearline/release/classes"
)

// A shelf is an index beside the statements that it was told.
type shelf struct {
	*world
	names classes.Register
	index *classes.Index
	told  []tearline.Statement
	filed []tearline.PortionRef // by ordinal
}

func newShelf(w *world) *shelf {
	s := &shelf{world: w}
	s.index = classes.New("USA", &s.names)
	return s
}

func (s *shelf) tell(x *tearline.Statement) {
	s.names.File(x)
	if err := s.index.Say(x); err != nil {
		s.Fatalf("%s: %v", x.ID, err)
	}
	s.told = append(s.told, *x)
	if v, ok := x.Says.(*tearline.Filing); ok {
		for _, p := range v.Portions {
			s.filed = append(s.filed, tearline.PortionRef{Report: v.Report, Portion: p.ID})
		}
	}
}

// An answer is what the index and the decision point must agree on.
type answer struct {
	Outcome tearline.Outcome
	Ask     []tearline.PartyID
	Basis   tearline.Basis
	Rules   map[release.Rule]tearline.Outcome
}

func answerOf(v *release.Verdict) answer {
	a := answer{Outcome: v.Outcome, Ask: v.Ask, Basis: v.Basis, Rules: map[release.Rule]tearline.Outcome{}}
	for _, r := range v.Reasons {
		if was, ok := a.Rules[r.Rule]; !ok || r.Outcome < was {
			a.Rules[r.Rule] = r.Outcome
		}
	}
	return a
}

var allRules = []release.Rule{
	release.RuleMarking, release.RuleClearance, release.RuleOriginator, release.RuleThirdParty, release.RuleExclusion, release.RuleConditions,
}

func indexed(v classes.Verdict) answer {
	a := answer{Outcome: v.Outcome(), Ask: v.Ask, Basis: v.Basis(), Rules: map[release.Rule]tearline.Outcome{}}
	for _, r := range allRules {
		if o, ok := v.Codes.Rule(r); ok {
			a.Rules[r] = o
		}
	}
	return a
}

// agree holds all that the index says for a request against the decision point.
func (s *shelf) agree(facts *release.Facts, q release.Request) {
	view, err := s.index.View(q)
	var want []uint32
	decided := map[tearline.ReportID]release.Decision{}
	for ord, ref := range s.filed {
		d, ok := decided[ref.Report]
		if !ok {
			var wrong error
			d, wrong = release.Decide(facts, ref.Report, q)
			if errors.Is(wrong, release.ErrUnknownParty) {
				if !errors.Is(err, release.ErrUnknownParty) {
					s.Fatalf("view: %v, want %v", err, wrong)
				}
				return
			}
			decided[ref.Report] = d
		}
		v, ok := d.Verdict(ref.Portion)
		switch {
		case err == nil:
		case ok:
			s.Fatalf("view: %v", err)
		default: // its filing was taken back: that is asked first
			continue
		}
		right := answer{Rules: map[release.Rule]tearline.Outcome{}}
		if ok {
			right = answerOf(&v)
		}
		got := view.Verdict(uint32(ord))
		if diff := cmp.Diff(right, indexed(got)); diff != "" {
			for _, x := range s.told {
				s.Logf("%s %s %s %+v", x.ID, x.By, x.At, x.Says)
			}
			s.Fatalf("%s to %s, %+v, after %d statements (-decide +index):\n%s%027b", ref, q.Recipient, q, len(s.told), diff, got.Codes)
		}
		if right.Outcome == tearline.Release {
			want = append(want, uint32(ord))
		}
	}
	if err == nil {
		s.lists(view, want)
	}
}

// lists holds count, pages and set against what there is, ascending.
func (s *shelf) lists(view *classes.View, want []uint32) {
	n, err := view.Count()
	if err != nil || n != len(want) {
		s.Fatalf("count %d, %v: want %d", n, err, len(want))
	}
	set, err := view.Set()
	if err != nil {
		s.Fatal(err)
	}
	if got := set.ToArray(); !slices.Equal(got, want) {
		s.Fatalf("set %v, want %v", got, want)
	}
	want = slices.Clone(want)
	slices.Reverse(want)
	for _, size := range []int{1, 3, 50} {
		var all, page []uint32
		var at classes.Cursor
		for {
			if page, at, err = view.Page(page[:0], at, size); err != nil {
				s.Fatal(err)
			}
			all = append(all, page...)
			if len(page) < size {
				break
			}
		}
		if !slices.Equal(all, want) {
			s.Fatalf("pages of %d: %v, want %v", size, all, want)
		}
	}
}

// ask asks for every party.
func (s *shelf) ask() {
	facts, err := release.NewFacts(s.told)
	if err != nil {
		return // party records of several, and none of the holder's yet
	}
	for _, p := range everybody {
		s.agree(facts, s.request(p))
	}
}

// TestIndexIsDecide: whatever is said, in whatever order, and whenever one
// asks, the index says of every portion what the decision point says of it on
// the same statements, and counts and lists exactly what that releases.
func TestIndexIsDecide(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newShelf(worlds(rt))
		order := s.arrival()
		for i := range order {
			s.tell(&order[i])
			if rapid.IntRange(0, 9).Draw(rt, "ask now") == 0 {
				s.ask()
			}
		}
		for range 3 {
			s.ask()
		}
	})
}

// TestAskedAgain: the same, of those who ask the same after every statement, at
// one instant or another: nothing that was kept for them is out of date.
func TestAskedAgain(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newShelf(worlds(rt))
		var asked []release.Request
		for _, p := range []tearline.PartyID{"FRA", "FRA", "GBR-SIS"} {
			q := s.request(p)
			q.Mode = pick(rt, []tearline.Mode{tearline.Document, tearline.Oral}, "way")
			asked = append(asked, q)
		}
		order := s.arrival()
		for i := range order {
			s.tell(&order[i])
			facts, err := release.NewFacts(s.told)
			if err != nil || i < len(everybody) {
				continue
			}
			for _, j := range some(rt, []int{0, 1, 2}, 3, "who asks") {
				if rapid.IntRange(0, 4).Draw(rt, "another time") == 0 {
					asked[j].At = day(rapid.IntRange(0, 9).Draw(rt, "when"))
				}
				s.agree(facts, asked[j])
			}
		}
	})
}
