package main

import (
	"fmt"
	"testing"

	"tearline/bench/peers/model"
)

// TestEngine holds Tearline against the model's plain functions: of every party
// and portion, before and after each kind of change, and back.
func TestEngine(t *testing.T) {
	w, err := model.Generate(model.Config{Seed: 5, Labels: 300, Parties: 40, Portions: 700, Listing: true})
	if err != nil {
		t.Fatal(err)
	}
	e, err := newIndexed()
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Build(w); err != nil {
		t.Fatal(err)
	}
	agree := func(when string) {
		t.Helper()
		for p := range uint32(len(w.Parties)) {
			for x := range uint32(len(w.Label)) {
				if got, want := told(e.Decide(p, x)), told(w.Decide(p, x)); got != want {
					t.Fatalf("%s: party %d, portion %d: %v, want %v", when, p, x, got, want)
				}
			}
			count, page := w.List(p)
			n, err := e.Count(p)
			if err != nil || n != count {
				t.Fatalf("%s: party %d: %d, %v, want %d", when, p, n, err, count)
			}
			if got, err := e.Page(nil, p); err != nil || fmt.Sprint(got) != fmt.Sprint(page) {
				t.Fatalf("%s: party %d: page %v, %v, want %v", when, p, got, err, page)
			}
		}
	}
	agree("at first")
	for p := range uint32(5) {
		party := w.Parties[p]
		for x := p; x < uint32(len(w.Label)); x += 50 {
			l := &w.Labels[w.Label[x]]
			for _, given := range []bool{true, false, true} {
				w.SetConsent(x, party.Org, given)
				if err := e.SetConsent(x, party.Org, given); err != nil {
					t.Fatal(err)
				}
			}
			if x%3 != 0 {
				continue
			}
			w.SetAgreement(l.Originator, party.Org, x%2 == 0)
			if err := e.SetAgreement(l.Originator, party.Org, x%2 == 0); err != nil {
				t.Fatal(err)
			}
		}
	}
	agree("after consents and agreements")
	for _, member := range []bool{false, true} {
		for _, coalition := range []uint8{0, 3, 6} { // the first two stand on lists
			for country := range uint8(8) {
				w.SetMember(coalition, country, member)
				if err := e.SetMember(coalition, country, member); err != nil {
					t.Fatal(err)
				}
			}
		}
		agree(fmt.Sprintf("membership %t", member))
	}
}
