package classes_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tearline"
	"tearline/release"
	"tearline/release/classes"
)

// TestPages: who pages through a list while things are filed, consented to,
// declassified and taken back sees nothing twice, nothing that may not be seen
// when the page is made, and all that may be seen all the time; no view of
// before answers after a change.
func TestPages(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newShelf(&world{T: rt, owners: make(map[tearline.PortionRef]tearline.PartyID)})
		next := func() {
			s.tell(&s.said[len(s.told)])
		}
		for _, p := range everybody {
			s.party("USA", p, day(0))
			next()
		}
		for i := range rapid.IntRange(3, 12).Draw(rt, "reports") {
			s.filing(tearline.ReportID(fmt.Sprintf("R%d", i+1)))
			next()
		}
		q := release.Request{Holder: "USA", Recipient: "GBR", At: day(9), Mode: tearline.Document}
		size := rapid.IntRange(1, 4).Draw(rt, "size")
		view, err := s.index.View(q)
		if err != nil {
			rt.Fatal(err)
		}
		all := s.visible(view)
		var seen []uint32
		var at classes.Cursor
		for {
			page, then, err := view.Page(nil, at, size)
			if err != nil {
				rt.Fatal(err)
			}
			now := s.visible(view)
			for _, x := range page {
				if !slices.Contains(now, x) || len(seen) > 0 && x >= seen[len(seen)-1] {
					rt.Fatalf("page %v after %v: of %v", page, seen, now)
				}
				seen = append(seen, x)
			}
			all = slices.DeleteFunc(all, func(x uint32) bool { return !slices.Contains(now, x) })
			at = then
			if len(page) < size {
				break
			}
			for range rapid.IntRange(0, 3).Draw(rt, "changes") {
				if rapid.Bool().Draw(rt, "file") {
					s.filing(tearline.ReportID(fmt.Sprintf("R%d", len(s.reports)+1)))
				} else {
					s.anything()
				}
				if len(s.said) > len(s.told) {
					next()
				}
			}
			if _, err := s.index.View(q); err != nil {
				return // the holder has taken back its own record
			}
			if view, err = s.index.View(q); err != nil {
				rt.Fatal(err)
			}
		}
		for _, x := range all {
			if !slices.Contains(seen, x) {
				rt.Fatalf("%d was to be seen all the time, and was not: %v", x, seen)
			}
		}
	})
}

// visible is what a view releases, by its verdicts.
func (s *shelf) visible(v *classes.View) (list []uint32) {
	for ord := range s.index.Len() {
		if v.Verdict(ord).Outcome() == tearline.Release {
			list = append(list, ord)
		}
	}
	return list
}

// TestStale: a view of before a change says nothing.
func TestStale(t *testing.T) {
	var names classes.Register
	ix := classes.New("USA", &names)
	tell := func(id tearline.StatementID, by tearline.PartyID, what tearline.Predicate) {
		s := &tearline.Statement{ID: id, By: by, At: day(0), Says: what}
		names.File(s)
		if err := ix.Say(s); err != nil {
			t.Fatal(err)
		}
	}
	tell("a", "USA", &tearline.PartyRecord{Party: "USA"})
	tell("b", "USA", &tearline.PartyRecord{Party: "GBR"})
	tell("c", "USA", &tearline.Filing{
		Report: "R", Originator: "USA", Policy: "us",
		Portions: []tearline.FiledPortion{{ID: "p", Originator: "USA", Marking: "(S//REL TO USA, GBR)"}},
	})
	q := release.Request{Holder: "USA", Recipient: "GBR", At: day(1), Mode: tearline.Document}
	v, err := ix.View(q)
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Verdict(0); got.Outcome() != tearline.Release || got.Basis() != tearline.ByMarking {
		t.Fatalf("%+v, want release by marking", got)
	}
	if got := v.Verdict(1); got.Codes != 0 || got.Outcome() != tearline.Deny {
		t.Errorf("a portion that is not there: %+v", got)
	}
	tell("d", "USA", &tearline.Embargo{Report: "R", Term: tearline.Term{From: day(2), Until: day(3)}})
	if _, err := v.Count(); !errors.Is(err, classes.ErrStale) || v.Fresh() || v.Verdict(0).Codes != 0 {
		t.Errorf("after a change: %v", err)
	}
	for i, want := range []int{1, 0, 1, 0} { // forwards, and back
		q.At = day([]int{1, 2, 3, 2}[i])
		if v, err = ix.View(q); err != nil {
			t.Fatal(err)
		}
		if n, err := v.Count(); err != nil || n != want {
			t.Errorf("on day %d: %d, %v, want %d", i, n, err, want)
		}
	}
	if _, _, err := v.Page(nil, classes.Cursor{}, 0); err == nil {
		t.Error("a page of nothing")
	}
	if _, err := ix.View(release.Request{Holder: "USA", Recipient: "RUS", At: day(1)}); !errors.Is(err, release.ErrUnknownParty) {
		t.Errorf("unknown recipient: %v", err)
	}
	if _, err := ix.View(release.Request{Holder: "GBR", Recipient: "GBR", At: day(1)}); err == nil {
		t.Error("a request of another holder's")
	}
}

// TestRefused: what the decision point would not read changes nothing.
func TestRefused(t *testing.T) {
	portion := func(id tearline.PortionID, mark string, sources ...tearline.PortionRef) tearline.FiledPortion {
		return tearline.FiledPortion{ID: id, Originator: "USA", Marking: mark, Sources: sources}
	}
	file := func(portions ...tearline.FiledPortion) *tearline.Filing {
		return &tearline.Filing{Report: "R", Originator: "USA", Policy: "us", Portions: portions}
	}
	ref := func(p tearline.PortionID) tearline.PortionRef { return tearline.PortionRef{Report: "R", Portion: p} }
	tests := []struct {
		name string
		by   tearline.PartyID
		says tearline.Predicate
	}{
		{"nothing said", "USA", nil},
		{"another holder", "GBR", file(portion("p", "(U)"))},
		{"no mark", "USA", file(portion("p", "(X)"))},
		{"unknown source", "USA", file(portion("p", "(U)", ref("q")))},
		{"its own source", "USA", file(portion("p", "(U)", ref("p")))},
		{"circle", "USA", file(portion("p", "(U)", ref("q")), portion("q", "(U)", ref("p")))},
		{"tear-line wording that is not there", "USA", file(portion("p", "(U)", ref("q~tear")), portion("q", "(U)"))},
		{"twice", "USA", file(portion("p", "(U)"), portion("p", "(U)"))},
		{"no policy", "USA", &tearline.Filing{Report: "R", Policy: "none", Portions: []tearline.FiledPortion{portion("p", "(U)")}}},
		{"no date", "USA", &tearline.Filing{Report: "R", Policy: "us", DeclassifyOn: "soon", Portions: []tearline.FiledPortion{portion("p", "(U)")}}},
		{"no originator", "USA", file(tearline.FiledPortion{ID: "p", Marking: "(U)"})},
	}
	for _, test := range tests {
		var names classes.Register
		ix := classes.New("USA", &names)
		s := &tearline.Statement{ID: "s", By: test.by, At: day(0), Says: test.says}
		names.File(s)
		if err := ix.Say(s); !errors.Is(err, classes.ErrStatement) || ix.Len() != 0 {
			t.Errorf("%s: %v, %d portions", test.name, err, ix.Len())
		}
	}
}
