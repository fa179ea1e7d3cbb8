package node_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/marking"
)

// Invariant 13: an investigator searches only what a warrant covers, nobody
// gives himself one, and what is no warrant of his is one and the same answer.
func TestInvariant13WarrantsOnly(t *testing.T) {
	t.Parallel()
	d := world(t)
	grant := func(as tearline.PartyID, w *tearline.Warrant) (string, error) {
		d.tick()
		f, err := d.State(t.Context(), as, w)
		return string(f.Statement), err
	}
	must := func(as tearline.PartyID, w *tearline.Warrant) string {
		id, err := grant(as, w)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	changed := func(change func(*tearline.Warrant)) *tearline.Warrant {
		w := holm("NLD")
		change(w)
		return w
	}
	mine, ended, foreign := must("USA", holm("NLD")), must("USA", holm("NLD")), must("NLD", holm("NLD"))
	others := must("USA", changed(func(w *tearline.Warrant) { w.Investigator = "Insp. Lind" }))
	brief := must("USA", changed(func(w *tearline.Warrant) { w.Until = start.Add(6 * time.Hour) }))
	later := must("USA", changed(func(w *tearline.Warrant) { w.From = start.AddDate(0, 1, 0) }))
	d.tick()
	if _, err := d.EndFact(t.Context(), "USA", ended[:8], "the case is closed", tearline.KindWarrant); err != nil {
		t.Fatal(err)
	}
	at := start.Add(24 * time.Hour)

	w, err := d.Warrant(t.Context(), "USA", mine, "insp. holm", at)
	if err != nil {
		t.Fatal(err)
	}
	us, _ := marking.Lookup("us")
	secret, err := us.Parse("SECRET")
	if err != nil {
		t.Fatal(err)
	}
	if !w.Covers([]tearline.PartyID{"NLD"}, secret) || w.Covers([]tearline.PartyID{"NLD", "USA"}, secret) {
		t.Error("the warrant covers something else than what it says")
	}
	for name, ask := range map[string]struct {
		as     tearline.PartyID
		id, by string
	}{
		"ended":            {"USA", ended, "Insp. Holm"},
		"over":             {"USA", brief, "Insp. Holm"},
		"not yet":          {"USA", later, "Insp. Holm"},
		"another party's":  {"USA", foreign, "Insp. Holm"},
		"another person's": {"USA", others, "Insp. Holm"},
		"nobody's":         {"USA", mine, ""},
		"unknown":          {"USA", "aaaaaaaaaaaaaaaaaaaaaaaaaa", "Insp. Holm"},
		"none":             {"USA", "", "Insp. Holm"},
		"a stranger's":     {"BRA", mine, "Insp. Holm"},
	} {
		got, err := d.Warrant(t.Context(), ask.as, ask.id, ask.by, at)
		var e *tearline.Error
		if !errors.As(err, &e) || cmp.Diff(tearline.NewWithheld(), error(e)) != "" || got.ID() != "" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}

	// As soon as anybody has a power, only who has this one grants; and what was
	// granted before stays.
	_, err = grant("USA", changed(func(w *tearline.Warrant) { w.Authority = w.Investigator }))
	d.kind(err, tearline.Invalid)
	_, err = grant("USA", changed(func(w *tearline.Warrant) { w.Originators = []tearline.PartyID{"NOBODY"} }))
	d.kind(err, tearline.Invalid)
	d.tick()
	if _, err := d.State(t.Context(), "USA", &tearline.Delegation{To: "The Minister", Powers: []tearline.Power{tearline.PowerSearch}, UpTo: "CONFIDENTIAL", Two: true}); err != nil {
		t.Fatal(err)
	}
	for _, w := range []*tearline.Warrant{
		holm("NLD"),
		changed(func(w *tearline.Warrant) { w.Authority, w.Second = "The Minister", "Head of Security" }),
		changed(func(w *tearline.Warrant) { w.Authority, w.UpTo = "The Minister", "CONFIDENTIAL" }),
		changed(func(w *tearline.Warrant) {
			w.Authority, w.UpTo, w.Second = "The Minister", "CONFIDENTIAL", "Head of Security"
		}),
	} {
		_, err := grant("USA", w)
		d.kind(err, tearline.Invalid)
	}
	if _, err := d.Warrant(t.Context(), "USA", mine, "Insp. Holm", time.Time{}); err != nil {
		t.Error(err)
	}
	d.verified()
}
