package replay_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/internal/replay"
	"tearline/ledger"
)

// random is a source of keys and salts that is the same every time.
type random struct{ n byte }

func (r *random) Read(p []byte) (int, error) {
	for i := range p {
		r.n = r.n*31 + 7
		p[i] = r.n
	}
	return len(p), nil
}

// A world is what parties say, in order, for the bundle of USA.
type world struct {
	tb      testing.TB
	dice    *random
	signers map[tearline.PartyID]*ledger.Key
	log     *ledger.Key
	bundle  *replay.Bundle
}

func day(n int) time.Time { return time.Date(2026, 3, n, 9, 0, 0, 0, time.UTC) }

func newWorld(tb testing.TB) *world {
	tb.Helper()
	w := &world{tb: tb, dice: &random{}, signers: map[tearline.PartyID]*ledger.Key{}, bundle: &replay.Bundle{Party: "USA", Keys: ledger.Verifiers{}}}
	w.log, w.bundle.LogKey = w.key(ledger.Origin("USA"))
	for _, p := range []tearline.PartyID{"USA", "GBR", "FRA"} {
		k, verifier := w.key(string(p))
		w.signers[p], w.bundle.Keys[p] = k, []string{verifier}
	}
	for _, p := range []tearline.PartyID{"USA", "GBR", "FRA"} {
		w.say("USA", day(1), &tearline.PartyRecord{Party: p, Name: string(p)})
	}
	w.say("USA", day(2), &tearline.Filing{
		Report: "R1", Originator: "USA", Policy: "us", Date: "2026-03-02",
		Portions: []tearline.FiledPortion{
			{ID: "p1", Originator: "USA", Marking: "(S//REL TO USA, FRA)"},
			{ID: "p2", Originator: "GBR", Marking: "(//GBR S//OC)"},
			{ID: "p3", Originator: "USA", Marking: "(S//NF)"},
		},
	})
	return w
}

func (w *world) key(name string) (*ledger.Key, string) {
	w.tb.Helper()
	private, verifier, err := ledger.GenerateKey(w.dice, name)
	if err != nil {
		w.tb.Fatal(err)
	}
	k, err := ledger.ParseKey(private)
	if err != nil {
		w.tb.Fatal(err)
	}
	return k, verifier
}

func (w *world) say(by tearline.PartyID, at time.Time, what tearline.Predicate) tearline.StatementID {
	w.tb.Helper()
	return w.enter(tearline.Statement{By: by, At: at, Says: what})
}

// enter signs a statement and enters it: USA's in the ledger, others' as heard.
func (w *world) enter(s tearline.Statement) tearline.StatementID {
	w.tb.Helper()
	salt := make([]byte, 32)
	if _, err := w.dice.Read(salt); err != nil {
		w.tb.Fatal(err)
	}
	signed, err := ledger.Sign(w.signers[s.By], salt, s)
	if err != nil {
		w.tb.Fatal(err)
	}
	if s.By == w.bundle.Party {
		w.bundle.Entries = append(w.bundle.Entries, ledger.Entry{Index: int64(len(w.bundle.Entries)), Salt: salt, Envelope: signed.Envelope})
	} else {
		w.bundle.Heard = append(w.bundle.Heard, signed.Envelope)
	}
	return signed.Statement.ID
}

// item is a disclosed portion of R1.
func item(p tearline.PortionID, o tearline.Outcome, b tearline.Basis, on ...tearline.StatementID) tearline.DisclosedItem {
	return tearline.DisclosedItem{Portion: tearline.PortionRef{Report: "R1", Portion: p}, Outcome: o, Basis: b, Statements: on}
}

// disclose records a disclosure to FRA, and tells GBR of it if told.
func (w *world) disclose(at time.Time, told bool, d tearline.Disclosure) {
	w.tb.Helper()
	d.Report, d.Recipient, d.Mode = "R1", "FRA", tearline.Oral
	if d.Occurred.IsZero() {
		d.Occurred = at
	}
	id := w.say("USA", at, &d)
	if told {
		d.Report, d.ToldTo, d.Of, d.Officer = "", "GBR", id, ""
		w.say("USA", at, &d)
	}
}

// sealed signs the ledger as it stands.
func (w *world) sealed() *replay.Bundle {
	w.tb.Helper()
	c, err := ledger.CheckLog("USA", w.bundle.Keys, func(yield func(ledger.Entry, error) bool) {
		for _, e := range w.bundle.Entries {
			if !yield(e, nil) {
				return
			}
		}
	}, nil, int64(len(w.bundle.Entries)))
	if err != nil {
		w.tb.Fatal(err)
	}
	if w.bundle.Checkpoint, err = ledger.SignCheckpoint(w.log, c); err != nil {
		w.tb.Fatal(err)
	}
	return w.bundle
}

func refs(ids ...tearline.PortionID) []tearline.PortionRef {
	var list []tearline.PortionRef
	for _, id := range ids {
		list = append(list, tearline.PortionRef{Report: "R1", Portion: id})
	}
	return list
}

// found are the findings of the disclosures in order, as "kind portions: text".
func found(tb testing.TB, b *replay.Bundle) []string {
	tb.Helper()
	out, err := b.Replay()
	if err != nil {
		tb.Fatal(err)
	}
	var list []string
	for _, f := range out.Look {
		for _, x := range f.Findings {
			list = append(list, fmt.Sprintf("%s %v: %s", x.Kind, x.Portions, x.Text))
		}
	}
	return list
}

const (
	release = tearline.Release
	refer   = tearline.Refer
	deny    = tearline.Deny
)

func TestReplay(t *testing.T) {
	consent := func(w *world, at time.Time) tearline.StatementID {
		return w.say("GBR", at, &tearline.Consent{Granted: true, Recipient: "FRA", Portions: refs("p2")})
	}
	discretion := func(w *world, p tearline.PortionID) tearline.StatementID {
		return w.say("USA", day(3), &tearline.Discretion{
			Portions: refs(p), Recipient: "FRA", Modes: []tearline.Mode{tearline.Oral}, Because: "lives", Authority: "A. Marren",
		})
	}
	tests := []struct {
		name string
		say  func(w *world)
		want []string
	}{
		{"as the rules say", func(w *world) {
			c := consent(w, day(3))
			w.disclose(day(4), true, tearline.Disclosure{Items: []tearline.DisclosedItem{item("p1", release, tearline.ByMarking), item("p2", release, tearline.ByConsent, c)}})
			w.say("GBR", day(5), &tearline.Revocation{Of: c}) // later: no matter
		}, nil},
		{"the rules say otherwise", func(w *world) {
			w.disclose(day(4), true, tearline.Disclosure{Items: []tearline.DisclosedItem{item("p2", release, tearline.ByMarking), item("p3", release, tearline.ByMarking), item("p9", release, tearline.ByMarking)}})
		}, []string{
			"otherwise [p2]: recorded as release by marking; the rules of that day say refer",
			"otherwise [p3]: recorded as release by marking; the rules of that day say deny",
			"otherwise [p9]: the report had no such portion",
		}},
		{"the consent had been revoked", func(w *world) {
			c := consent(w, day(3))
			w.say("GBR", day(4), &tearline.Revocation{Of: c})
			w.disclose(day(5), true, tearline.Disclosure{Items: []tearline.DisclosedItem{item("p2", release, tearline.ByConsent, c)}})
		}, []string{"otherwise [p2]: recorded as release by consent; the rules of that day say refer"}},
		{"after the fact, without a basis", func(w *world) {
			w.disclose(day(8), true, tearline.Disclosure{AfterFact: true, Occurred: day(4), Items: []tearline.DisclosedItem{item("p2", refer, ""), item("p3", deny, "")}})
		}, []string{
			"no-basis [p2]: recorded as refer, and passed on all the same",
			"no-basis [p3]: recorded as deny, and passed on all the same",
			"after-the-fact []: recorded on 2026-03-08 09:00 UTC, 4 days after it had taken place",
		}},
		{"the originator was not told", func(w *world) {
			c := consent(w, day(3))
			w.disclose(day(4), false, tearline.Disclosure{Items: []tearline.DisclosedItem{item("p2", release, tearline.ByConsent, c)}})
		}, []string{"untold [p2]: GBR has a say in it, and no extract for it is in the ledger"}},
		{"at discretion, past an embargo, by the same officer", func(w *world) {
			d := discretion(w, "p1")
			w.say("USA", day(3), &tearline.Embargo{Report: "R1", Term: tearline.Term{Until: day(20)}})
			w.disclose(day(4), false, tearline.Disclosure{Officer: "a.  marren", Items: []tearline.DisclosedItem{item("p1", deny, tearline.ByDiscretion, d)}})
		}, []string{
			"otherwise [p1]: recorded as deny, passed on by discretion; the rules of that day say deny",
			"past-embargo [p1]: USA had held report R1 back until 2026-03-20 09:00 UTC",
			"own-approval [p1]: a.  marren passed it on and approved that",
			"discretion [p1]: by A. Marren: lives",
		}},
		{"at another's discretion", func(w *world) {
			d := discretion(w, "p3")
			w.disclose(day(4), false, tearline.Disclosure{Officer: "B. Quist", Items: []tearline.DisclosedItem{item("p3", deny, tearline.ByDiscretion, d)}})
		}, []string{"discretion [p3]: by A. Marren: lives"}},
		{"declassified by the officer himself", func(w *world) {
			d := w.say("USA", day(3), &tearline.Declassification{Portions: refs("p3"), Because: "old", Authority: "B. Quist"})
			w.disclose(day(4), false, tearline.Disclosure{Officer: "B. Quist", Items: []tearline.DisclosedItem{item("p3", release, tearline.ByDeclassification, d)}})
		}, []string{"own-approval [p3]: B. Quist passed it on and approved that"}},
		{"entered afterwards", func(w *world) {
			w.disclose(day(4), true, tearline.Disclosure{Items: []tearline.DisclosedItem{item("p1", release, tearline.ByMarking), item("p2", refer, "")}})
			w.enter(tearline.Statement{By: "GBR", At: day(3), Recorded: day(6), Says: &tearline.Consent{Granted: true, Recipient: "FRA", Portions: refs("p2")}})
			w.enter(tearline.Statement{By: "USA", At: day(3), Recorded: day(7), Says: &tearline.Exclusion{Party: "FRA"}})
		}, []string{
			"no-basis [p2]: recorded as refer, and passed on all the same",
			"entered-later [p1]: with what was entered afterwards, the rules say deny",
			"entered-later [p2]: with what was entered afterwards, the rules say release by consent",
		}},
		{"entered afterwards, but before", func(w *world) {
			w.enter(tearline.Statement{By: "GBR", At: day(3), Recorded: day(4), Says: &tearline.Consent{Granted: true, Recipient: "FRA", Portions: refs("p2")}})
			w.disclose(day(4), true, tearline.Disclosure{Items: []tearline.DisclosedItem{item("p2", release, tearline.ByConsent)}})
		}, nil},
		{"excluded since the last one", func(w *world) {
			w.disclose(day(3), false, tearline.Disclosure{Items: []tearline.DisclosedItem{item("p1", release, tearline.ByMarking)}})
			w.say("USA", day(4), &tearline.Exclusion{Party: "FRA"})
			w.disclose(day(5), false, tearline.Disclosure{Items: []tearline.DisclosedItem{item("p1", release, tearline.ByMarking)}})
		}, []string{"otherwise [p1]: recorded as release by marking; the rules of that day say deny"}},
		{"to nobody known", func(w *world) {
			w.say("USA", day(3), &tearline.Disclosure{
				Report: "R1", Recipient: "NLD", Mode: tearline.Oral, Occurred: day(3), Items: []tearline.DisclosedItem{item("p1", release, tearline.ByMarking)},
			})
		}, []string{"otherwise []: there was no decision to be had: decide R1: recipient NLD: unknown party"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			test.say(w)
			b := w.sealed()
			if diff := cmp.Diff(test.want, found(t, b)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			// The same from the bytes of a bundle.
			var bytes bytes.Buffer
			if n, err := b.WriteTo(&bytes); err != nil || n != int64(bytes.Len()) {
				t.Fatalf("wrote %d of %d: %v", n, bytes.Len(), err)
			}
			again, err := replay.Read(&bytes)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(b, again); diff != "" {
				t.Errorf("read again (-written +read):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, found(t, again)); diff != "" {
				t.Errorf("replayed from the bundle (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTampered(t *testing.T) {
	other := newWorld(t)
	other.dice.n = 99
	foreign, _ := other.key("GBR")
	tests := []struct {
		name string
		do   func(w *world)
	}{
		{"an entry is missing", func(w *world) { w.bundle.Entries = w.bundle.Entries[:len(w.bundle.Entries)-1] }},
		{"entries changed places", func(w *world) {
			e := w.bundle.Entries
			e[1].Salt, e[2].Salt, e[1].Envelope, e[2].Envelope = e[2].Salt, e[1].Salt, e[2].Envelope, e[1].Envelope
		}},
		{"another salt", func(w *world) { w.bundle.Entries[1].Salt = make([]byte, 32) }},
		{"another envelope", func(w *world) { w.bundle.Entries[1].Envelope = w.bundle.Entries[2].Envelope }},
		{"an envelope that is none", func(w *world) { w.bundle.Entries[1].Envelope = []byte("{}") }},
		{"another checkpoint", func(w *world) { w.bundle.Checkpoint = append([]byte("x"), w.bundle.Checkpoint...) }},
		{"another log key", func(w *world) { _, w.bundle.LogKey = other.key(ledger.Origin("USA")) }},
		{"another party's ledger", func(w *world) { w.bundle.Party = "GBR" }},
		{"heard from nobody known", func(w *world) { delete(w.bundle.Keys, "GBR") }},
		{"signed by another key", func(w *world) {
			signed, err := ledger.Sign(foreign, make([]byte, 32), tearline.Statement{By: "GBR", At: day(3), Says: &tearline.Exclusion{Party: "FRA"}})
			if err != nil {
				t.Fatal(err)
			}
			w.bundle.Heard = append(w.bundle.Heard, signed.Envelope)
		}},
		{"the holder's own, not in its ledger", func(w *world) {
			signed, err := ledger.Sign(w.signers["USA"], make([]byte, 32), tearline.Statement{By: "USA", At: day(3), Says: &tearline.Exclusion{Party: "FRA"}})
			if err != nil {
				t.Fatal(err)
			}
			w.bundle.Heard = append(w.bundle.Heard, signed.Envelope)
		}},
		{"dated back", func(w *world) {
			w.say("USA", day(2), &tearline.Exclusion{Party: "FRA"})
			w.sealed()
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			w.say("GBR", day(3), &tearline.Exclusion{Party: "FRA"})
			w.disclose(day(4), false, tearline.Disclosure{Items: []tearline.DisclosedItem{item("p1", release, tearline.ByMarking)}})
			w.sealed()
			if _, err := w.bundle.Replay(); err != nil {
				t.Fatalf("before: %v", err)
			}
			test.do(w)
			if _, err := w.bundle.Replay(); tearline.KindOf(err) != tearline.Tampered {
				t.Errorf("error %v, want one that says tampered", err)
			}
		})
	}
}

func TestReadFaults(t *testing.T) {
	w := newWorld(t)
	w.say("GBR", day(3), &tearline.Exclusion{Party: "FRA"})
	var whole bytes.Buffer
	if _, err := w.sealed().WriteTo(&whole); err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(bytes.TrimSuffix(whole.Bytes(), []byte("\n")), []byte("\n"))
	for i := range lines { // cut off after every line, and in the middle of it
		for _, cut := range [][]byte{bytes.Join(lines[:i], nil), append(bytes.Join(lines[:i], nil), lines[i][:len(lines[i])/2]...)} {
			if _, err := replay.Read(bytes.NewReader(cut)); tearline.KindOf(err) != tearline.Invalid {
				t.Errorf("cut off in line %d: %v", i+1, err)
			}
		}
	}
	for _, text := range []string{
		"", "\n", "{}\n", "x\n", `{"format":"tearline-replay-2"}` + "\n", `{"format":"tearline-replay-1","more":1}` + "\n",
		`{"format":"tearline-replay-1","entries":-1}` + "\n", `{"format":"tearline-replay-1","entries":99999999999}` + "\n",
		`{"format":"tearline-replay-1"} {}` + "\n", `{"format":"tearline-replay-1"}` + "\n{}\n",
		whole.String() + "{}\n", `{"format":"tearline-replay-1","heard":1}` + "\n" + `{"salt":"AA==","envelope":"AA=="}` + "\n",
	} {
		if _, err := replay.Read(bytes.NewReader([]byte(text))); tearline.KindOf(err) != tearline.Invalid {
			t.Errorf("%.60q: %v", text, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	w := newWorld(f)
	w.say("GBR", day(3), &tearline.Exclusion{Party: "FRA"})
	w.disclose(day(4), false, tearline.Disclosure{Items: []tearline.DisclosedItem{item("p1", release, tearline.ByMarking)}})
	var whole bytes.Buffer
	if _, err := w.sealed().WriteTo(&whole); err != nil {
		f.Fatal(err)
	}
	f.Add(whole.Bytes())
	f.Add([]byte(`{"format":"tearline-replay-1","entries":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := replay.Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		if out, err := b.Replay(); err == nil && out.Size != int64(len(b.Entries)) {
			t.Errorf("%d entries replayed of %d", out.Size, len(b.Entries))
		}
	})
}
