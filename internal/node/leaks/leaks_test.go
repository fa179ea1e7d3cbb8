package leaks_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/codec"
	"tearline/codec/article"
	"tearline/internal/node"
	"tearline/internal/node/leaks"
	"tearline/internal/node/trace"
	"tearline/leak/match"
)

var start = time.Date(2031, 3, 2, 8, 0, 0, 0, time.UTC)

// A desk is a node of USA's in a test, and its clock.
type desk struct {
	*node.Node
	t   *testing.T
	dir string
	now time.Time
}

// random is a source of numbers that anybody can guess.
type random struct{ *rand.ChaCha8 }

func (d *desk) env() node.Env {
	return node.Env{Now: func() time.Time { return d.now }, Rand: random{rand.NewChaCha8([32]byte{7})}}
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, dir: t.TempDir(), now: start}
	n, err := node.Init(t.Context(), d.dir, tearline.Party{ID: "USA", Name: "United States"}, "us", d.env())
	if err != nil {
		t.Fatal(err)
	}
	d.Node = n
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, p := range []tearline.PartyID{"NLD", "BRA"} {
		if _, err := d.AddParty(t.Context(), "USA", tearline.Party{ID: p, Name: string(p)}); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// reopen closes the data directory, has somebody do something to it, and opens
// it again.
func (d *desk) reopen(meanwhile func()) {
	d.t.Helper()
	if err := d.Close(); err != nil {
		d.t.Fatal(err)
	}
	meanwhile()
	var err error
	if d.Node, err = node.Open(d.t.Context(), d.dir, d.env()); err != nil {
		d.t.Fatal(err)
	}
}

// A text is a portion: its mark, and what it says.
type text struct{ mark, says string }

// file files a report of USA's.
func (d *desk) file(id string, portions ...text) {
	d.t.Helper()
	d.now = d.now.Add(time.Second)
	type portion struct {
		ID      string `json:"id"`
		Marking string `json:"marking"`
		Text    string `json:"text"`
	}
	var of []portion
	for i, p := range portions {
		of = append(of, portion{fmt.Sprintf("p%d", i+1), p.mark, p.says})
	}
	b, err := json.Marshal(map[string]any{"id": id, "title": "", "originator": "USA", "policy": "us", "date": "2031-03-01", "portions": of})
	if err != nil {
		d.t.Fatal(err)
	}
	_, r, err := codec.NewDecoder(strings.NewReader(string(b) + "\n")).Next()
	if err != nil && !errors.Is(err, io.EOF) {
		d.t.Fatal(err)
	}
	if _, err := d.File(d.t.Context(), "USA", []node.Draft{{Name: id, Report: r}}); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) trace(q trace.Question) trace.Result {
	d.t.Helper()
	r, err := d.Trace(d.t.Context(), "USA", q, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

func (d *desk) index(anew bool) int {
	d.t.Helper()
	s, err := d.IndexLeaks(d.t.Context(), "USA", anew, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return s.Documents
}

// found are the portions that a text was found to draw on.
func found(r *trace.Result) []string {
	out := []string{}
	for i := range r.Matches {
		if m := &r.Matches[i]; m.Kind != match.Weak {
			out = append(out, fmt.Sprintf("%s %s", m.Ref(), m.Kind))
		}
	}
	return out
}

// asJSON is a result as others get it.
func asJSON(t *testing.T, r *trace.Result) string {
	t.Helper()
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// prose makes a sentence that no other number has.
func prose(n int) string {
	rng := rand.New(rand.NewPCG(uint64(n), 1))
	plain := strings.Fields("the of and to in a that it was for on with as at by from")
	words := make([]string, 24)
	for i := range words {
		words[i] = plain[rng.IntN(len(plain))]
		if i%2 == 0 {
			k := rng.IntN(2000)
			words[i] = fmt.Sprintf("%c%c%c%co", 'b'+k%20, "aeiou"[k/20%5], 'b'+k/100%20, "aeiou"[k/400%5])
		}
	}
	return strings.ToUpper(words[0][:1]) + strings.Join(words, " ")[1:] + "."
}

const (
	mole   = "Crates of rifles come to the eastern mole by launch on moonless nights, says the harbour clerk Ilvo Tarn."
	mill   = "The governor of Sandrel has met the owner of the sugar mill at Corvane twice this spring to divide the ransom."
	bridge = "Sappers have drilled the third pier of the Lunden bridge and hidden ninety kilograms of charges beneath the tar."
	quote  = "A reader sends us a paper. " + mole + " " + mill + " " + bridge + " We could not confirm any of it."
)

// What was filed a moment ago is found, without anybody asking for an index.
func TestFindsWhatWasJustFiled(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if r := d.trace(trace.Question{Text: quote}); len(r.Matches) != 0 || r.Archive.Portions != 0 {
		t.Errorf("of nothing: %+v", r)
	}
	want := []string{}
	for i, says := range []string{mole, mill, bridge} {
		d.file(fmt.Sprintf("R%d", i+1), text{"S//NF", says})
		want = append(want, fmt.Sprintf("R%d/p1 verbatim", i+1))
		r := d.trace(trace.Question{Text: quote})
		got := found(&r)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" || r.Archive.Portions != i+1 {
			t.Errorf("after %d, of %d portions (-want +got)\n%s", i+1, r.Archive.Portions, diff)
		}
	}
	// A party's own, and a file that is not told of to others.
	r, err := d.Trace(t.Context(), "BRA", trace.Question{Text: quote}, nil)
	if err != nil || len(r.Matches) != 0 || r.Archive.Portions != 0 {
		t.Errorf("BRA: %+v, %v", r, err)
	}
	if _, err := d.Trace(t.Context(), "NOBODY", trace.Question{Text: quote}, nil); err == nil {
		t.Errorf("a party that is not there: %v", err)
	}
	if _, err := d.Trace(t.Context(), "USA", trace.Question{Text: strings.Repeat("x", match.MaxLeak+1)}, nil); tearline.KindOf(err) != tearline.Invalid {
		t.Errorf("a text that is too long: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Trace(ctx, "USA", trace.Question{Text: quote}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

// holdings files what is traced, among other reports.
func (d *desk) holdings() {
	for i, says := range []string{mole, mill, bridge} {
		d.file(fmt.Sprintf("R%d", i+1), text{"S//NF", says}, text{"C", prose(10 + i)})
	}
	for i := range 20 {
		d.file(fmt.Sprintf("X%d", i), text{"C", prose(100 + i)}, text{"S//NF", prose(200 + i)})
	}
}

// Whatever becomes of the files of an index, the answer is the same.
func TestDamage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.holdings()
	question := trace.Question{Text: quote, Seen: start.AddDate(0, 0, 1)}
	first := d.trace(question)
	if len(found(&first)) != 3 {
		t.Fatalf("%v", found(&first))
	}
	want := asJSON(t, &first)
	for _, tc := range []struct {
		name string
		do   func(name string, b []byte) error
	}{
		{"nothing", func(string, []byte) error { return nil }},
		{"bits that flip", func(name string, b []byte) error {
			for i := 20; i < len(b)-200; i += 64 {
				b[i] ^= 0x10
			}
			return os.WriteFile(name, b, 0o600)
		}},
		{"the middle alone", func(name string, b []byte) error {
			clear(b[len(b)/3 : len(b)/2])
			return os.WriteFile(name, b, 0o600)
		}},
		{"half of it is gone", func(name string, b []byte) error { return os.WriteFile(name, b[:len(b)/2], 0o600) }},
		{"all of it is gone", func(name string, _ []byte) error { return os.Remove(name) }},
		{"something else", func(name string, _ []byte) error { return os.WriteFile(name, []byte("x"), 0o600) }},
	} {
		for _, which := range []string{"*.seg", "manifest.json", "calibration.json"} {
			d.index(true)
			d.reopen(func() {
				files, err := filepath.Glob(filepath.Join(d.dir, leaks.Folder, "USA", which))
				if err != nil || which != "calibration.json" && len(files) == 0 {
					t.Fatalf("%s: %v, %v", which, files, err)
				}
				for _, name := range files {
					b, err := os.ReadFile(name)
					if err == nil {
						err = tc.do(name, b)
					}
					if err != nil {
						t.Fatal(err)
					}
				}
			})
			got := d.trace(question)
			if diff := cmp.Diff(want, asJSON(t, &got)); diff != "" {
				t.Errorf("%s, in %s (-want +got)\n%s", tc.name, which, diff)
			}
		}
	}
	if n := d.index(false); n != 46 {
		t.Errorf("%d portions are indexed, not 46", n)
	}
}

// inTime is a result without what time it is.
func inTime(r trace.Result) trace.Result {
	r.Seen = time.Time{}
	return r
}

func warrant(change func(*tearline.Warrant)) *tearline.Warrant {
	w := &tearline.Warrant{
		Investigator: "Insp. Holm", Authority: "Head of Security", Because: "case 12", Policy: "us", UpTo: "SECRET",
		Term: tearline.Term{Until: start.AddDate(0, 6, 0)},
	}
	change(w)
	return w
}

func (d *desk) grant(as tearline.PartyID, w *tearline.Warrant) string {
	d.t.Helper()
	d.now = d.now.Add(time.Second)
	f, err := d.State(d.t.Context(), as, w)
	if err != nil {
		d.t.Fatal(err)
	}
	return string(f.Statement)
}

// Under a warrant, what it does not cover does not match, is not counted, and
// changes nothing: the answer is that of a world where it does not exist,
// however much of it there is, and whenever it was filed.
func TestWarrantTwoWorlds(t *testing.T) {
	t.Parallel()
	answer := func(secret bool) (string, trace.Result) {
		d := newDesk(t)
		hidden := func(id string, n int) {
			if !secret {
				return
			}
			list := []text{{"TS//SI//NF", mill}, {"S//SI//NF", bridge}, {"TS//NF", mole}}
			for i := range n {
				list = append(list, text{"TS//NF", prose(1000 + i)})
			}
			d.file(id, list...)
			d.index(false)
		}
		hidden("H1", 20)
		for i := range 15 {
			d.file(fmt.Sprintf("X%d", i), text{"C", prose(100 + i)}, text{"S//NF", prose(200 + i)})
		}
		d.file("R1", text{"S//NF", mole})
		d.index(false)
		hidden("H2", 550) // so much that all there is goes to files
		for i := range 15 {
			d.file(fmt.Sprintf("Y%d", i), text{"C", prose(300 + i)}, text{"S//NF", prose(400 + i)})
		}
		d.file("R2", text{"S//NF", strings.Replace(mole, "rifles", "mortars", 1)})
		hidden("H3", 3)
		d.now = start.Add(time.Hour)
		id := d.grant("USA", warrant(func(*tearline.Warrant) {}))
		if secret {
			if all := d.trace(trace.Question{Text: quote}); !slices.Contains(found(&all), "H1/p1 verbatim") {
				t.Errorf("without a warrant: %v", found(&all))
			}
		}
		r := inTime(d.trace(trace.Question{Text: quote, Warrant: id, Investigator: "Insp. Holm"}))
		return asJSON(t, &r), r
	}
	with, r := answer(true)
	without, _ := answer(false)
	if diff := cmp.Diff(without, with); diff != "" {
		t.Errorf("what is not covered shows (-without it +with it)\n%s", diff)
	}
	if got := found(&r); len(got) != 2 || !slices.Contains(got, "R1/p1 verbatim") || r.Archive.Portions != 62 {
		t.Errorf("%v, of %d portions", got, r.Archive.Portions)
	}
}

// What is no warrant of the person's is one and the same answer.
func TestWarrantWithheld(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.file("R1", text{"S//NF", mole}, text{"C", mill})
	mine := d.grant("USA", warrant(func(*tearline.Warrant) {}))
	low := d.grant("USA", warrant(func(w *tearline.Warrant) { w.UpTo = "CONFIDENTIAL" }))
	nobodys := d.grant("USA", warrant(func(w *tearline.Warrant) { w.Originators = []tearline.PartyID{"NLD"} }))
	ended := d.grant("USA", warrant(func(*tearline.Warrant) {}))
	brief := d.grant("USA", warrant(func(w *tearline.Warrant) { w.Until = start.Add(time.Hour) }))
	lind := d.grant("USA", warrant(func(w *tearline.Warrant) { w.Investigator = "Insp. Lind" }))
	foreign := d.grant("NLD", warrant(func(*tearline.Warrant) {}))
	if _, err := d.EndFact(t.Context(), "USA", ended, "the case is closed", tearline.KindWarrant); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		warrant  string
		want     []string
		portions int
	}{
		"all of it":         {mine, []string{"R1/p1 verbatim", "R1/p2 verbatim"}, 2},
		"up to a level":     {low, []string{"R1/p2 verbatim"}, 1},
		"another's reports": {nobodys, []string{}, 0},
	} {
		r := d.trace(trace.Question{Text: quote, Warrant: tc.warrant, Investigator: "insp.  holm"})
		got := found(&r)
		slices.Sort(got)
		if diff := cmp.Diff(tc.want, got); diff != "" || r.Archive.Portions != tc.portions {
			t.Errorf("%s: of %d portions (-want +got)\n%s", name, r.Archive.Portions, diff)
		}
		if !strings.Contains(r.Archive.Calibrated, "the warrant covers a part of the archive") {
			t.Errorf("%s: calibrated %q", name, r.Archive.Calibrated)
		}
	}
	d.now = start.Add(2 * time.Hour)
	for name, q := range map[string]trace.Question{
		"another person's":  {Warrant: lind, Investigator: "Insp. Holm"},
		"another party's":   {Warrant: foreign, Investigator: "Insp. Holm"},
		"ended":             {Warrant: ended, Investigator: "Insp. Holm"},
		"over":              {Warrant: brief, Investigator: "Insp. Holm"},
		"unknown":           {Warrant: "aaaaaaaaaaaaaaaaaaaaaaaaaa", Investigator: "Insp. Holm"},
		"of nobody":         {Warrant: mine},
		"none, of somebody": {Investigator: "Insp. Holm"},
	} {
		q.Text = quote
		for _, record := range []bool{false, true} {
			q.Record = record
			r, err := d.Trace(t.Context(), "USA", q, nil)
			var e *tearline.Error
			if !errors.As(err, &e) || cmp.Diff(tearline.NewWithheld(), error(e)) != "" || len(r.Matches) != 0 || r.Archive != (trace.Archive{}) {
				t.Errorf("%s: %+v, %v", name, r, err)
			}
		}
	}
}

// A passage that was public before the text is told, with its date; what came
// out after it, or nobody knows when, is not.
func TestBackground(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.holdings()
	seen := start.AddDate(0, 0, 3)
	question := trace.Question{Text: quote, Seen: seen}
	of := func(report string) trace.Match {
		t.Helper()
		r := d.trace(question)
		i := slices.IndexFunc(r.Matches, func(m trace.Match) bool { return string(m.Report) == report })
		if i < 0 {
			t.Fatalf("no match of %s: %v", report, found(&r))
		}
		return r.Matches[i]
	}
	if m := of("R1"); len(m.Public) != 0 || !slices.Contains(m.Verdict.Reasons, trace.NothingPublic) {
		t.Errorf("without public texts: %+v", m.Verdict)
	}
	books := d.Press("USA")
	add := func(title, says string, published time.Time) {
		t.Helper()
		a, err := books.AddText(t.Context(), "Harbour Times", article.Article{Title: title, Text: says}, published)
		if err != nil || a.Added != 1 {
			t.Fatalf("%+v, %v", a, err)
		}
	}
	before := seen.AddDate(0, 0, -2)
	add("before", "Fishing was poor this week.\n\n"+mole+"\n\nThe market was open.", before)
	add("at once", mill, seen)
	add("after", "Again: "+mill, seen.AddDate(0, 0, 1))
	add("some day", bridge, time.Time{})
	add("odd", "A line with {braces|and} a \\ backslash.\n\n"+strings.Repeat("\n\n", 50), before)

	m := of("R1")
	want := []trace.Public{{Source: "Harbour Times", Title: "before", Published: before, Kind: match.Verbatim}}
	for i := range m.Public {
		m.Public[i].Text, m.Public[i].Details = "", 0
	}
	if diff := cmp.Diff(want, m.Public); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if m.Verdict.Finding != trace.EquallyLikely || !slices.ContainsFunc(m.Verdict.Reasons, func(s string) bool { return strings.Contains(s, before.Format(time.DateOnly)) }) {
		t.Errorf("%+v", m.Verdict)
	}
	for _, report := range []string{"R2", "R3"} {
		if m := of(report); len(m.Public) != 0 || m.Verdict.Finding != trace.LeakLikelier {
			t.Errorf("%s: %+v, %+v", report, m.Public, m.Verdict)
		}
	}
	// An article of two days later had all the more to read.
	question.Seen = seen.AddDate(0, 0, 2)
	if m := of("R2"); len(m.Public) != 2 || m.Public[0].Title != "at once" || m.Public[1].Title != "after" {
		t.Errorf("later: %+v", m.Public)
	}
}
