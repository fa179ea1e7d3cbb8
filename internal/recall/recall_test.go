package recall_test

import (
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/internal/recall"
)

var start = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// A world is a list of statements, each said a minute after the one before.
type world struct{ all []tearline.Statement }

func (w *world) say(id string, by tearline.PartyID, says tearline.Predicate) {
	s := tearline.Statement{ID: tearline.StatementID(id), By: by, At: start.Add(time.Duration(len(w.all)) * time.Minute), Says: says}
	w.all = append(w.all, s)
}

func refs(names ...string) []tearline.PortionRef {
	var out []tearline.PortionRef
	for _, n := range names {
		report, portion, _ := strings.Cut(n, "/")
		out = append(out, tearline.PortionRef{Report: tearline.ReportID(report), Portion: tearline.PortionID(portion)})
	}
	return out
}

func (w *world) consent(id string, by, to tearline.PartyID, names ...string) {
	w.say(id, by, &tearline.Consent{Granted: true, Recipient: to, Portions: refs(names...)})
}

// give records a disclosure of "PORTION" or "PORTION:STATEMENT", and an extract
// of it for o of "PORTION" or "PORTION:STATEMENT".
func (w *world) give(id string, by, to tearline.PartyID, items []string, o tearline.PartyID, told ...string) {
	list := func(names []string) []tearline.DisclosedItem {
		var out []tearline.DisclosedItem
		for _, n := range names {
			name, on, _ := strings.Cut(n, ":")
			it := tearline.DisclosedItem{Portion: refs(name)[0], Basis: tearline.ByConsent}
			if on != "" {
				it.Statements = []tearline.StatementID{tearline.StatementID(on)}
			}
			out = append(out, it)
		}
		return out
	}
	at := start.Add(time.Duration(len(w.all)) * time.Minute)
	w.say(id, by, &tearline.Disclosure{Recipient: to, Mode: tearline.Oral, Occurred: at, Items: list(items)})
	if o != "" {
		w.say(id+"-"+string(o), by, &tearline.Disclosure{Recipient: to, Mode: tearline.Oral, Occurred: at, Items: list(told), ToldTo: o, Of: tearline.StatementID(id)})
	}
}

func (w *world) revoke(consent string, by tearline.PartyID) {
	w.say("r-"+consent, by, &tearline.Revocation{Of: tearline.StatementID(consent), Because: "secret"})
}

// settle says what is owed, and returns it as "BY recalls OF from TO".
func (w *world) settle() []string {
	out := []string{}
	for _, o := range recall.Read(w.all).Owed() {
		w.say("x-"+string(o.Says.Of), o.By, o.Says)
		out = append(out, fmt.Sprintf("%s recalls %s from %s", o.By, o.Says.Of, o.Says.Recipient))
	}
	return out
}

func (w *world) confirm(of string, by tearline.PartyID, done tearline.Done) {
	w.say(fmt.Sprintf("c-%s-%d", of, len(w.all)), by, &tearline.Confirmation{Recall: tearline.StatementID("x-" + of), Done: done, Because: "private"})
}

// basic is NLD's consent to USA that BRA may have N/p1, and a disclosure on it.
func basic() *world {
	w := &world{}
	w.consent("c1", "NLD", "BRA", "N/p1")
	w.give("d1", "USA", "BRA", []string{"M/p1", "M/p2:c1"}, "NLD", "N/p1:c1")
	return w
}

func TestOwed(t *testing.T) {
	t.Parallel()
	d1 := "USA recalls d1 from BRA"
	tests := []struct {
		name string
		do   func(w *world)
		want []string
	}{
		{"a consent that stands", func(*world) {}, []string{}},
		{"a consent taken back", func(w *world) { w.revoke("c1", "NLD") }, []string{d1}},
		{"taken back by somebody else", func(w *world) { w.revoke("c1", "GBR") }, []string{}},
		{"taken back twice", func(w *world) { w.revoke("c1", "NLD"); w.revoke("c1", "NLD") }, []string{d1}},
		{"another consent", func(w *world) { w.consent("c2", "NLD", "BRA", "N/p1"); w.revoke("c2", "NLD") }, []string{}},
		{"recorded after that", func(w *world) {
			w.revoke("c1", "NLD")
			w.give("d2", "USA", "BRA", []string{"M/p2:c1"}, "NLD", "N/p1:c1")
		}, []string{d1, "USA recalls d2 from BRA"}},
		{"two consents, one disclosure", func(w *world) {
			w.consent("c2", "GBR", "BRA", "G/p1")
			w.give("d2", "USA", "BRA", []string{"M/p2:c1", "M/p3:c2"}, "NLD", "N/p1:c1")
			w.revoke("c2", "GBR")
			w.revoke("c1", "NLD")
		}, []string{"USA recalls d2 from BRA", d1}},
		{"recalled before", func(w *world) {
			w.say("x-d1", "USA", &tearline.Recall{Of: "d1", Recipient: "BRA", Because: "wrong"})
			w.revoke("c1", "NLD")
		}, []string{}},
		{"recalled by somebody else, which is no recall", func(w *world) {
			w.say("x", "GBR", &tearline.Recall{Of: "d1", Recipient: "BRA", Because: "wrong"})
			w.revoke("c1", "NLD")
		}, []string{d1}},
		{"passed on", func(w *world) {
			w.give("d2", "BRA", "FRA", []string{"B/p1"}, "NLD", "N/p1")
			w.give("d3", "FRA", "DEU", []string{"F/p1"}, "NLD", "N/p1")
			w.revoke("c1", "NLD")
		}, []string{d1, "BRA recalls d2 from FRA", "FRA recalls d3 from DEU"}},
		{"passed on after it was taken back", func(w *world) {
			w.revoke("c1", "NLD")
			w.give("d2", "BRA", "FRA", []string{"B/p1"}, "NLD", "N/p1")
		}, []string{d1, "BRA recalls d2 from FRA"}},
		{"passed on as the tear line", func(w *world) {
			w.give("d2", "BRA", "FRA", []string{"N/p1~tear"}, "NLD", "N/p1")
			w.revoke("c1", "NLD")
		}, []string{d1, "BRA recalls d2 from FRA"}},
		{"in a circle", func(w *world) {
			w.give("d2", "BRA", "FRA", []string{"B/p1"}, "NLD", "N/p1")
			w.give("d3", "FRA", "BRA", []string{"F/p1"}, "NLD", "N/p1")
			w.revoke("c1", "NLD")
		}, []string{d1, "BRA recalls d2 from FRA", "FRA recalls d3 from BRA"}},
		{"something else passed on", func(w *world) {
			w.give("d2", "BRA", "FRA", []string{"B/p1"}, "NLD", "N/p2")
			w.give("d3", "BRA", "DEU", []string{"B/p1"}, "GBR", "N/p1")
			w.give("d4", "FRA", "DEU", []string{"B/p1"}, "NLD", "N/p1")
			w.revoke("c1", "NLD")
		}, []string{d1}},
		{"back to its owner and to whoever had it", func(w *world) {
			w.give("d2", "BRA", "NLD", []string{"B/p1"}, "NLD", "N/p1")
			w.give("d3", "BRA", "USA", []string{"B/p1"}, "NLD", "N/p1")
			w.revoke("c1", "NLD")
		}, []string{d1}},
		{"passed on by another consent that stands", func(w *world) {
			w.consent("c2", "NLD", "FRA", "N/p1")
			w.give("d2", "BRA", "FRA", []string{"B/p1:c2"}, "NLD", "N/p1:c2")
			w.revoke("c1", "NLD")
		}, []string{d1}},
		{"passed on by another consent, taken back as well", func(w *world) {
			w.consent("c2", "NLD", "FRA", "N/p1")
			w.give("d2", "BRA", "FRA", []string{"B/p1:c2"}, "NLD", "N/p1:c2")
			w.revoke("c1", "NLD")
			w.revoke("c2", "NLD")
		}, []string{d1, "BRA recalls d2 from FRA"}},
		{"an extract that somebody else made up", func(w *world) {
			w.give("d2", "BRA", "FRA", []string{"B/p1"}, "", "")
			w.say("d2-NLD", "DEU", &tearline.Disclosure{Recipient: "FRA", Occurred: start.Add(time.Hour), Items: []tearline.DisclosedItem{{Portion: refs("N/p1")[0]}}, ToldTo: "NLD", Of: "d2"})
			w.revoke("c1", "NLD")
		}, []string{d1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := basic()
			test.do(w)
			if diff := cmp.Diff(test.want, w.settle()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if again := w.settle(); len(again) > 0 {
				t.Errorf("and again: %v", again)
			}
		})
	}
}

// What was passed on before it came from there came from elsewhere; without
// attribution nobody can have passed it on under the originator's name.
func TestNotPassedOn(t *testing.T) {
	t.Parallel()
	w := &world{}
	w.consent("c1", "NLD", "BRA", "N/p1")
	w.give("d0", "BRA", "FRA", []string{"B/p1"}, "NLD", "N/p1")
	w.give("d1", "USA", "BRA", []string{"M/p2:c1"}, "NLD", "N/p1:c1")
	w.revoke("c1", "NLD")
	if diff := cmp.Diff([]string{"USA recalls d1 from BRA"}, w.settle()); diff != "" {
		t.Errorf("before (-want +got):\n%s", diff)
	}
	w = &world{}
	w.say("c1", "NLD", &tearline.Consent{Granted: true, Recipient: "BRA", Portions: refs("N/p1"), Conditions: []tearline.Condition{tearline.WithoutAttribution}})
	w.give("d1", "USA", "BRA", []string{"M/p2:c1"}, "NLD", "N/p1:c1")
	w.give("d2", "BRA", "FRA", []string{"B/p1"}, "NLD", "N/p1")
	w.revoke("c1", "NLD")
	if diff := cmp.Diff([]string{"USA recalls d1 from BRA"}, w.settle()); diff != "" {
		t.Errorf("without attribution (-want +got):\n%s", diff)
	}
}

// table writes a list as people read it.
func table(l recall.List) []string {
	out := []string{}
	words := func(a *recall.Answer) string {
		if a == nil {
			return "open"
		}
		w := string(a.Done)
		if a.At == nil {
			w += " before"
		}
		if a.Because != "" {
			w += " because " + a.Because
		}
		return w
	}
	for _, d := range l.ToGiveUp {
		out = append(out, fmt.Sprintf("give up %s to %s: %s: %s", d.Recall, d.By, d.Because, words(d.Answer)))
	}
	for _, x := range l.Rounds {
		out = append(out, fmt.Sprintf("%s %s: %s: %d of %d, %d cannot", x.Consent, x.Originator, x.Because, x.Confirmed, x.Told, x.CannotComply))
		for _, h := range x.Holders {
			through := ""
			if h.Through != "" {
				through = " through " + string(h.Through)
			}
			out = append(out, fmt.Sprintf("  %s of %s by %s%s: %s", h.Party, h.Disclosure, h.By, through, words(h.Answer)))
		}
	}
	return out
}

func TestFor(t *testing.T) {
	t.Parallel()
	w := basic()
	w.consent("c2", "GBR", "BRA", "G/p1")
	w.give("d2", "USA", "BRA", []string{"M/p2:c1", "M/p3:c2"}, "NLD", "N/p1:c1")
	w.give("d3", "BRA", "FRA", []string{"B/p1"}, "NLD", "N/p1")
	w.give("d4", "BRA", "DEU", []string{"B/p1"}, "NLD", "N/p1")
	w.give("d5", "USA", "FRA", []string{"M/p1"}, "", "")
	w.say("x-d5", "USA", &tearline.Recall{Of: "d5", Recipient: "FRA", Because: "it is wrong"})
	w.revoke("c1", "NLD")
	w.settle()
	w.confirm("d1", "BRA", tearline.Sequestered)
	w.confirm("d1", "BRA", tearline.Destroyed)
	w.confirm("d1", "FRA", tearline.CannotComply) // which it was not told
	w.confirm("d3", "FRA", tearline.CannotComply)
	w.confirm("d4", "DEU", tearline.Returned)
	w.confirm("d5", "FRA", tearline.Destroyed)
	w.revoke("c2", "GBR")
	taken := recall.Taken
	tests := map[tearline.PartyID][]string{
		"NLD": {
			"c1 NLD: " + taken + ": 2 of 3, 1 cannot",
			"  BRA of d1 by USA: destroyed", "  BRA of d2 by USA: open",
			"  FRA of d3 by BRA through BRA: cannot-comply", "  DEU of d4 by BRA through BRA: returned",
		},
		// There is no extract for GBR.
		"GBR": {},
		"USA": {
			" : it is wrong: 1 of 1, 0 cannot", "  FRA of d5 by USA: destroyed because private",
			"c1 NLD: " + taken + ": 0 of 1, 0 cannot",
			"  BRA of d1 by USA: destroyed because private", "  BRA of d2 by USA: open",
		},
		"BRA": {
			"give up x-d1 to USA: " + taken + ": destroyed because private", "give up x-d2 to USA: " + taken + ": open",
			" : " + taken + ": 1 of 1, 1 cannot", "  FRA of d3 by BRA: cannot-comply because private",
			" : " + taken + ": 1 of 1, 0 cannot", "  DEU of d4 by BRA: returned because private",
		},
		"FRA":    {"give up x-d5 to USA: it is wrong: destroyed because private", "give up x-d3 to BRA: " + taken + ": cannot-comply because private"},
		"DEU":    {"give up x-d4 to BRA: " + taken + ": returned because private"},
		"NOBODY": {},
	}
	for p, want := range tests {
		if diff := cmp.Diff(want, table(recall.Read(w.all).For(p))); diff != "" {
			t.Errorf("for %s (-want +got):\n%s", p, diff)
		}
	}
}

// A party with several copies has confirmed when it has said of each what it
// did. What was passed on by another consent is reached through both, once
// that one is taken back, too.
func TestCounts(t *testing.T) {
	t.Parallel()
	w := basic()
	w.give("d2", "USA", "BRA", []string{"M/p2:c1"}, "NLD", "N/p1:c1")
	w.consent("c2", "NLD", "FRA", "N/p1")
	w.give("d3", "BRA", "FRA", []string{"B/p1:c2"}, "NLD", "N/p1:c2")
	w.revoke("c1", "NLD")
	w.settle()
	w.confirm("d2", "BRA", tearline.CannotComply)
	want := []string{"c1 NLD: " + recall.Taken + ": 0 of 1, 0 cannot", "  BRA of d1 by USA: open", "  BRA of d2 by USA: cannot-comply"}
	if diff := cmp.Diff(want, table(recall.Read(w.all).For("NLD"))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	w.confirm("d1", "BRA", tearline.Destroyed)
	w.revoke("c2", "NLD")
	want = []string{
		"c1 NLD: " + recall.Taken + ": 1 of 1, 1 cannot", "  BRA of d1 by USA: destroyed", "  BRA of d2 by USA: cannot-comply",
		"  FRA of d3 by BRA through BRA: open", "c2 NLD: " + recall.Taken + ": 0 of 0, 0 cannot", "  FRA of d3 by BRA: open",
	}
	if diff := cmp.Diff(want, table(recall.Read(w.all).For("NLD"))); diff != "" {
		t.Errorf("owed (-want +got):\n%s", diff)
	}
	w.settle()
	want[0], want[4] = "c1 NLD: "+recall.Taken+": 1 of 2, 1 cannot", "c2 NLD: "+recall.Taken+": 0 of 1, 0 cannot"
	if diff := cmp.Diff(want, table(recall.Read(w.all).For("NLD"))); diff != "" {
		t.Errorf("settled (-want +got):\n%s", diff)
	}
}

// What happened before an originator took its consent back it reads without a
// time, and not why.
func TestBeforeItWasTakenBack(t *testing.T) {
	t.Parallel()
	w := basic()
	w.say("x-d1", "USA", &tearline.Recall{Of: "d1", Recipient: "BRA", Because: "GBR wants it back"})
	w.confirm("d1", "BRA", tearline.Destroyed)
	if got := table(recall.Read(w.all).For("NLD")); len(got) > 0 {
		t.Errorf("before: %v", got)
	}
	w.revoke("c1", "NLD")
	l := recall.Read(w.all).For("NLD")
	want := []string{"c1 NLD: " + recall.Taken + ": 1 of 1, 0 cannot", "  BRA of d1 by USA: destroyed before"}
	if diff := cmp.Diff(want, table(l)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if told := l.Rounds[0].Holders[0].Told; told == nil || !told.Equal(l.Rounds[0].At) {
		t.Errorf("told %v, want when it was taken back, %v", told, l.Rounds[0].At)
	}
	if l.Rounds[0].Holders[0].Recall != "" {
		t.Error("NLD is told the name of USA's recall")
	}
}

func TestRecallAndConfirm(t *testing.T) {
	t.Parallel()
	w := basic()
	r := recall.Read(w.all)
	kind := func(err error, want tearline.Kind) {
		t.Helper()
		if err == nil || tearline.KindOf(err) != want {
			t.Errorf("got %v, want an error of kind %s", err, want)
		}
	}
	for _, id := range []tearline.StatementID{"d1", "d1-NLD"} {
		a, err := r.Recall("USA", id, "wrong")
		want := &tearline.Recall{Of: "d1", Recipient: "BRA", Disclosed: start.Add(time.Minute), Because: "wrong"}
		if diff := cmp.Diff(tearline.Predicate(want), a.Says); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", id, err, diff)
		}
	}
	_, err := r.Recall("USA", "d1", " ")
	kind(err, tearline.Invalid)
	_, err = r.Recall("GBR", "d1", "wrong")
	kind(err, tearline.Withheld)
	_, err = r.Recall("USA", "d9", "wrong")
	kind(err, tearline.Withheld)
	w.revoke("c1", "NLD")
	w.give("d2", "USA", "BRA", []string{"M/p2:c1"}, "", "")
	w.settle()
	r = recall.Read(w.all)
	if a, err := r.Recall("USA", "d1", "wrong"); err != nil || !a.Again || a.Says != nil || a.Recall != "x-d1" || a.Because != recall.Taken {
		t.Errorf("recalled again: %+v, %v", a, err)
	}
	for _, done := range []tearline.Done{tearline.Sequestered, tearline.CannotComply, "", "burnt"} {
		_, err = r.Confirm("BRA", "x-d1", done, "")
		kind(err, tearline.Invalid)
	}
	for _, as := range []tearline.PartyID{"USA", "NLD", ""} {
		_, err = r.Confirm(as, "x-d1", tearline.Destroyed, "")
		kind(err, tearline.Withheld)
	}
	_, err = r.Confirm("BRA", "", tearline.Destroyed, "")
	kind(err, tearline.Withheld)
	_, err = r.Confirm("BRA", "x-", tearline.Destroyed, "")
	kind(err, tearline.Invalid)
	a, err := r.Confirm("BRA", "x-d1", tearline.Sequestered, "a court")
	if diff := cmp.Diff(tearline.Predicate(&tearline.Confirmation{Recall: "x-d1", Done: tearline.Sequestered, Because: "a court"}), a.Says); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	w.say("c", "BRA", a.Says)
	r = recall.Read(w.all)
	if a, err := r.Confirm("BRA", "x-d1", tearline.Sequestered, "a court"); err != nil || !a.Again || a.Says != nil || a.Statement != "c" {
		t.Errorf("confirmed again: %+v, %v", a, err)
	}
	if a, err := r.Confirm("BRA", "x-d1", tearline.Sequestered, "another court"); err != nil || a.Again || a.Says == nil {
		t.Errorf("confirmed for another reason: %+v, %v", a, err)
	}
	if a, err := r.Confirm("BRA", "x-d1", tearline.Destroyed, ""); err != nil || a.Again || a.Says == nil {
		t.Errorf("confirmed otherwise: %+v, %v", a, err)
	}
}

// source finds the statements of a world, in whose books everything is named
// alike but M/p2, which derives from N/p1 in USA's.
func (w *world) source() recall.Source {
	return recall.Source{
		Statement: func(id tearline.StatementID) (tearline.Statement, bool, error) {
			for _, s := range w.all {
				if s.ID == id {
					return s, true, nil
				}
			}
			return tearline.Statement{}, false, nil
		},
		Under: func(id tearline.StatementID, kinds ...tearline.StatementKind) iter.Seq2[tearline.Statement, error] {
			return func(yield func(tearline.Statement, error) bool) {
				for _, s := range w.all {
					of := map[tearline.StatementKind]tearline.StatementID{}
					switch x := s.Says.(type) {
					case *tearline.Revocation:
						of[tearline.KindRevocation] = x.Of
					case *tearline.Disclosure:
						of[tearline.KindDisclosure] = x.Of
					case *tearline.Recall:
						of[tearline.KindRecall] = x.Of
					case *tearline.Confirmation:
						of[tearline.KindConfirmation] = x.Recall
					}
					for _, k := range kinds {
						if of[k] == id && !yield(s, nil) {
							return
						}
					}
				}
			}
		},
		Holders: func(tearline.StatementID) ([]tearline.PartyID, error) { return []tearline.PartyID{"USA"}, nil },
		Derived: func(by tearline.PartyID, p tearline.PortionRef) ([]tearline.PortionRef, error) {
			if by == "USA" && p == refs("N/p1")[0] {
				return refs("M/p2"), nil
			}
			return nil, nil
		},
		Given: func(by tearline.PartyID, portions []tearline.PortionRef) ([]tearline.StatementID, error) {
			var out []tearline.StatementID
			for _, s := range w.all {
				d, ok := s.Says.(*tearline.Disclosure)
				if !ok || d.ToldTo != "" || s.By != by {
					continue
				}
				for _, it := range d.Items {
					for _, p := range portions {
						if it.Portion == p {
							out = append(out, s.ID)
						}
					}
				}
			}
			return out, nil
		},
	}
}

// Whatever end one begins with, all that belongs to it is gathered, and
// nothing that has nothing to do with it.
func TestGather(t *testing.T) {
	t.Parallel()
	w := basic()
	w.give("d2", "BRA", "FRA", []string{"N/p1"}, "NLD", "N/p1")
	w.give("d3", "BRA", "FRA", []string{"B/p7"}, "NLD", "B/p7")
	w.give("d4", "DEU", "FRA", []string{"N/p1"}, "NLD", "N/p1")
	w.revoke("c1", "NLD")
	w.settle()
	w.confirm("d2", "FRA", tearline.Destroyed)
	for _, from := range []string{"c1", "r-c1", "d1", "d1-NLD", "x-d1"} {
		seed := func(yield func(tearline.Statement, error) bool) {
			s, _, err := w.source().Statement(tearline.StatementID(from))
			yield(s, err)
		}
		r, err := recall.Gather(w.source(), seed)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []tearline.PartyID{"NLD", "USA", "BRA", "FRA"} {
			if diff := cmp.Diff(table(recall.Read(w.all).For(p)), table(r.For(p))); diff != "" {
				t.Errorf("from %s, for %s (-all +gathered):\n%s", from, p, diff)
			}
		}
		if _, err := r.Recall("DEU", "d4", "x"); tearline.KindOf(err) != tearline.Withheld {
			t.Errorf("from %s: what DEU gave was gathered, too (%v)", from, err)
		}
	}
}

// An error of the source is no short list.
func TestGatherErrors(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	w := basic()
	w.revoke("c1", "NLD")
	seed := func(yield func(tearline.Statement, error) bool) { yield(w.all[0], nil) }
	breaks := map[string]func(*recall.Source){
		"statement": func(s *recall.Source) {
			s.Statement = func(tearline.StatementID) (tearline.Statement, bool, error) {
				return tearline.Statement{}, false, broken
			}
		},
		"under": func(s *recall.Source) {
			s.Under = func(tearline.StatementID, ...tearline.StatementKind) iter.Seq2[tearline.Statement, error] {
				return func(yield func(tearline.Statement, error) bool) { yield(tearline.Statement{}, broken) }
			}
		},
		"holders": func(s *recall.Source) {
			s.Holders = func(tearline.StatementID) ([]tearline.PartyID, error) { return nil, broken }
		},
		"derived": func(s *recall.Source) {
			s.Derived = func(tearline.PartyID, tearline.PortionRef) ([]tearline.PortionRef, error) { return nil, broken }
		},
		"given": func(s *recall.Source) {
			s.Given = func(tearline.PartyID, []tearline.PortionRef) ([]tearline.StatementID, error) { return nil, broken }
		},
	}
	for name, spoil := range breaks {
		src := w.source()
		spoil(&src)
		if _, err := recall.Gather(src, seed); !errors.Is(err, broken) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if _, err := recall.Gather(w.source(), func(yield func(tearline.Statement, error) bool) { yield(tearline.Statement{}, broken) }); !errors.Is(err, broken) {
		t.Errorf("seed: error %v", err)
	}
}
