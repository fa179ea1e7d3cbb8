package classes_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"tearline"
	"tearline/release"
	"tearline/release/classes"
)

// TestReaders: between two writes any number may read one view, also what is
// made when it is first asked for. It shows under the race detector.
func TestReaders(t *testing.T) {
	var names classes.Register
	ix := classes.New("USA", &names)
	n := 0
	tell := func(by tearline.PartyID, says tearline.Predicate) {
		n++
		s := &tearline.Statement{ID: tearline.StatementID(fmt.Sprint(n)), By: by, At: day(0), Says: says}
		names.File(s)
		if err := ix.Say(s); err != nil {
			t.Fatal(err)
		}
	}
	tell("USA", &tearline.PartyRecord{Party: "USA"})
	tell("USA", &tearline.PartyRecord{Party: "FRA"})
	report := &tearline.Filing{Report: "R", Originator: "GBR", Policy: "us"}
	given := &tearline.Consent{Granted: true, Recipient: "FRA"}
	for i := range 400 { // more by consent than the person may have, first
		mark := []string{"(C)", "(TS)"}[i/200]
		id := tearline.PortionID(fmt.Sprintf("p%d", i))
		report.Portions = append(report.Portions, tearline.FiledPortion{ID: id, Originator: "GBR", Marking: mark})
		given.Portions = append(given.Portions, tearline.PortionRef{Report: "R", Portion: id})
	}
	tell("USA", report)
	tell("GBR", given)
	v, err := ix.View(release.Request{
		Holder: "USA", Recipient: "FRA", At: day(1), Mode: tearline.Document, Person: &release.Person{Clearance: "SECRET"},
	})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			page, _, err := v.Page(nil, classes.Cursor{}, 50)
			set, wrong := v.Set()
			count, _ := v.Count()
			if err != nil || wrong != nil || len(page) != 50 || page[0] != 199 || page[49] != 150 || set.GetCardinality() != 200 || count != 200 {
				t.Errorf("page %v, %d of %d, %v, %v", page, set.GetCardinality(), count, err, wrong)
			}
			if got := v.Verdict(300); got.Outcome() != tearline.Deny || got.Codes&(classes.PersonBelowLevel|classes.MarkingByConsent) != classes.PersonBelowLevel|classes.MarkingByConsent {
				t.Errorf("%027b", got.Codes)
			}
		})
	}
	all.Wait()
	if held := ix.Size(); held <= 0 || ix.Classes() != 2 {
		t.Errorf("%d bytes, %d classes", held, ix.Classes())
	}
	if a, ok := ix.Class(0); !ok || slices.ContainsFunc([]uint32{1, 199}, func(x uint32) bool { b, _ := ix.Class(x); return a != b }) {
		t.Error("portions of one class")
	}
	ix.Forget()
	if v.Fresh() {
		t.Error("forgotten, and fresh")
	}
}
