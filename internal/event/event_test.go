package event_test

import (
	"encoding/json"
	"testing"
	"time"

	"tearline"
	"tearline/internal/event"
)

// TestEveryKind: every kind of statement is an event with its own content, in
// JSON that has no null and no empty list but the items.
func TestEveryKind(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	refs := []tearline.PortionRef{{Report: "R1", Portion: "p1"}}
	for _, c := range []struct {
		says tearline.Predicate
		want string // members beside when, which, where, what kind and who
	}{
		{&tearline.Filing{Banner: "SECRET", Portions: []tearline.FiledPortion{{ID: "p1"}}}, `"items":[{"portion":"p1"}],"marking":"SECRET"`},
		{&tearline.Request{Recipient: "FRA", Mode: tearline.Oral, Portions: refs}, `"recipient":"FRA","mode":"oral","items":[{"portion":"R1/p1"}],"state":"asked"`},
		{&tearline.Consent{Granted: true, Recipient: "FRA", Portions: refs, Request: "q"}, `"recipient":"FRA","items":[{"portion":"R1/p1"}],"state":"granted","of":"q"`},
		{&tearline.Consent{Recipient: "FRA"}, `"recipient":"FRA","items":[],"state":"refused"`},
		{&tearline.Revocation{Of: "c", Because: "why"}, `"items":[],"state":"revoked","because":"why","of":"c"`},
		{
			&tearline.Declassification{Portions: refs, To: "(C)", Because: "why", Authority: "A", Second: "B"},
			`"items":[{"portion":"R1/p1"}],"authority":"A","second":"B","because":"why","marking":"(C)"`,
		},
		{
			&tearline.Discretion{Portions: refs, Recipient: "FRA", Because: "why", Authority: "A", TellAfter: at},
			`"recipient":"FRA","items":[{"portion":"R1/p1"}],"authority":"A","because":"why","tell_after":"2026-03-02T09:00:00Z"`,
		},
		{&tearline.Exclusion{Party: "FRA", Term: tearline.Term{Until: at}}, `"recipient":"FRA","items":[],"until":"2026-03-02T09:00:00Z"`},
		{&tearline.Embargo{Term: tearline.Term{Until: at}}, `"items":[],"until":"2026-03-02T09:00:00Z"`},
		{&tearline.Sighting{Seen: at, Matches: refs}, `"occurred":"2026-03-02T09:00:00Z","items":[{"portion":"R1/p1"}]`},
		{
			&tearline.Disclosure{Recipient: "FRA", Mode: tearline.Oral, Occurred: at, AfterFact: true, Items: []tearline.DisclosedItem{{Portion: refs[0], Outcome: tearline.Refer, Basis: tearline.ByDiscretion}}},
			`"recipient":"FRA","mode":"oral","occurred":"2026-03-02T09:00:00Z","after_fact":true,"items":[{"portion":"R1/p1","outcome":"refer","basis":"discretion"}]`,
		},
		{
			&tearline.Recall{Of: "d", Recipient: "FRA", Copy: "C-1", Disclosed: at, Because: "why"},
			`"recipient":"FRA","copy":"C-1","occurred":"2026-03-02T09:00:00Z","items":[],"because":"why","of":"d"`,
		},
		{&tearline.Confirmation{Recall: "r", Done: tearline.Destroyed}, `"items":[],"state":"destroyed","of":"r"`},
		{&tearline.Sighting{Seen: at, Where: "a newspaper"}, `"occurred":"2026-03-02T09:00:00Z","items":[],"where":"a newspaper"`},
		{&tearline.Fingerprint{Report: "R1", Portions: []tearline.FingerprintedPortion{{ID: "p1"}}}, `"items":[{"portion":"p1"}]`},
		{&tearline.Erasure{Report: "R1", Officer: "A", Because: "why"}, `"items":[],"because":"why","officer":"A"`},
		{
			&tearline.Reading{Case: "K", Officer: "A", Second: "B", Because: "why", Seen: at, Where: "a newspaper", Portions: refs},
			`"occurred":"2026-03-02T09:00:00Z","items":[{"portion":"R1/p1"}],"second":"B","because":"why","case":"K","officer":"A","where":"a newspaper"`,
		},
		{&tearline.Attribution{Reading: "r", Finding: tearline.FoundCopies, Copies: []tearline.CopyID{"C-1"}}, `"items":[],"state":"copies","of":"r","copies":["C-1"]`},
		{&tearline.CaseEntry{Case: "K", Act: tearline.CaseOpened, Officer: "A", Note: "n"}, `"items":[],"state":"open","because":"n","case":"K","officer":"A"`},
		{
			&tearline.Exposure{
				ToldTo: "FRA", Seen: at, Where: "a newspaper", Portions: []tearline.ExposedPortion{{Portion: refs[0]}, {Portion: refs[0], Inferred: true}},
				Suspend: []tearline.StatementID{"c"}, Measures: "m",
			},
			`"recipient":"FRA","occurred":"2026-03-02T09:00:00Z","items":[{"portion":"R1/p1"},{"portion":"R1/p1","inferred":true}],"where":"a newspaper","measures":"m","suspend":["c"]`,
		},
	} {
		s := &tearline.Statement{ID: "s", By: "USA", At: at, Says: c.says}
		got, err := json.Marshal(event.New(s, "USA", 3))
		want := `{"at":"2026-03-02T09:00:00Z","statement":"s","ledger":"USA","kind":"` + string(s.Kind()) + `","by":"USA",` + c.want + `}`
		if err != nil || string(got) != want {
			t.Errorf("%s: %v\n%s, want\n%s", s.Kind(), err, got, want)
		}
	}
}

// TestSort: by time, then by ledger, then by place.
func TestSort(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	said := func(id tearline.StatementID, by tearline.PartyID, after time.Duration, place int64) event.Event {
		return event.New(&tearline.Statement{ID: id, By: by, At: at.Add(after), Says: &tearline.Revocation{}}, by, place)
	}
	list := []event.Event{said("d", "USA", 1, 9), said("c", "USA", 0, 8), said("b", "USA", 0, 7), said("a", "GBR", 0, 9)}
	event.Sort(list)
	for i, want := range []tearline.StatementID{"a", "b", "c", "d"} {
		if list[i].Statement != want {
			t.Errorf("event %d is %s, want %s", i, list[i].Statement, want)
		}
	}
}
