package trace_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/codec"
	"tearline/internal/node"
	"tearline/internal/node/trace"
	"tearline/internal/store/sqlite"
	"tearline/leak/match"
	"tearline/ledger"
)

const (
	report = `{"id":"M","title":"","originator":"USA","policy":"us","date":"2026-03-01","portions":[` +
		`{"id":"p1","marking":"S//REL TO USA, FRA, GBR","text":"The crates {come|are brought} to the eastern mole {by launch|in a launch} before sunrise."},` +
		`{"id":"p2","marking":"S//FGI NLD//REL TO USA, NLD","sources":["N/p1"],"text":"A guard at the mole is paid by the owner of the launch."}]}` + "\n"
	later = `{"id":"L","title":"","originator":"USA","policy":"us","date":"2026-03-09","portions":[{"id":"p1","marking":"TS//NF","text":"The crates are gone."}]}` + "\n"
	dutch = `{"id":"N","title":"","originator":"NLD","policy":"us","date":"2026-02-28","portions":[{"id":"p1","marking":"S//FGI NLD//REL TO USA, NLD","text":"The launch's owner pays a guard."}]}` + "\n"
)

// a world is a data directory in which things have happened.
type world struct {
	t   *testing.T
	dir string
	now time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	n, err := node.Init(t.Context(), w.dir, tearline.Party{ID: "USA", Name: "United States"}, "us", node.Env{Now: func() time.Time { return w.now }})
	w.check(err)
	for _, p := range []tearline.PartyID{"GBR", "FRA", "NLD"} {
		_, err := n.AddParty(t.Context(), "USA", tearline.Party{ID: p})
		w.check(err)
	}
	for _, x := range []struct {
		as    tearline.PartyID
		lines string
	}{{"NLD", dutch}, {"USA", dutch}, {"USA", report + later}} {
		_, err := n.Import(t.Context(), x.as, strings.NewReader(x.lines), nil)
		w.check(err)
	}
	for _, to := range []tearline.PartyID{"FRA", "GBR"} {
		w.now = w.now.Add(time.Hour)
		_, err = n.Release(t.Context(), node.Question{As: "USA", Report: "M", To: to}, func(tearline.Rendering) error { return nil })
		w.check(err)
	}
	w.now = w.now.Add(time.Hour)
	_, err = n.Disclose(t.Context(), node.Telling{
		Question: node.Question{As: "USA", Report: "M", To: "GBR", Mode: tearline.Oral, Unit: "6 Squadron", Person: &tearline.Person{Name: "A. Rahn"}},
		Portions: []tearline.PortionID{"p2"}, Gist: "The guard.", Occurred: w.now.Add(-time.Minute),
	})
	w.check(err)
	_, err = n.Disclose(t.Context(), node.Telling{
		Question: node.Question{As: "NLD", Report: "N", To: "FRA", Mode: tearline.Oral}, Gist: "The launch.", Occurred: w.now.Add(-30 * time.Second),
	})
	w.check(err)
	w.now = w.now.Add(time.Hour)
	w.check(n.Close())
	return w
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// explain explains matches from the books of a party, as its node would.
func (w *world) explain(as tearline.PartyID, background trace.Background, seen time.Time, found ...trace.Match) trace.Result {
	w.t.Helper()
	db, err := sqlite.Open(w.t.Context(), w.dir)
	w.check(err)
	defer db.Close()
	var out trace.Result
	w.check(db.Read(w.t.Context(), func(tx *sqlite.Tx) error {
		b := trace.Books{
			Tx: tx, Party: as, Background: background,
			Statement: func(e sqlite.Entry) (tearline.Statement, error) { return ledger.Decode(e.Envelope) },
			Report: func(id tearline.ReportID) (*tearline.Report, error) {
				row, ok, err := tx.Report(as, id)
				if err != nil || !ok {
					return nil, tearline.NewWithheld()
				}
				return codec.UnmarshalReport(row.Body)
			},
			Say: func(r *tearline.Report, _ tearline.PortionRef) ([]tearline.PartyID, error) {
				return []tearline.PartyID{r.Originator}, nil
			},
			Told: func(yield func(tearline.Statement, error) bool) {
				// More than it was told: what others gave, and told others.
				for _, log := range []tearline.PartyID{"USA", "NLD"} {
					for e, err := range tx.ByKind(log, tearline.KindDisclosure) {
						var s tearline.Statement
						if err == nil {
							s, err = ledger.Decode(e.Envelope)
						}
						if !yield(s, err) {
							return
						}
					}
				}
			},
		}
		var err error
		out, err = trace.Explain(b, "The crates come to the eastern mole in a launch, and a guard is paid.", found, seen)
		return err
	}))
	return out
}

func crates() trace.Match {
	return trace.Match{Report: "M", Portion: "p1", Kind: match.Verbatim, Score: 70, Spans: []trace.Span{{Leak: [2]int{0, 46}, Portion: [2]int{0, 64}}}}
}

func guard(report tearline.ReportID, portion tearline.PortionID) trace.Match {
	return trace.Match{Report: report, Portion: portion, Kind: match.Reworded, Score: 30, Spans: []trace.Span{{Leak: [2]int{52, 67}, Portion: [2]int{0, 7}}}}
}

// Who had the portions by then, on what basis, and whose copies read so.
func TestExplain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	start := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	type party struct {
		Party    tearline.PartyID
		Passages int
	}
	for _, tt := range []struct {
		name    string
		seen    time.Time
		parties []party
		persons int
		copies  int
		nobody  []int
	}{
		{"before anybody had it", start.Add(time.Minute), nil, 0, 0, []int{0, 1}},
		{"when FRA had it", start.Add(90 * time.Minute), []party{{"FRA", 1}}, 0, 1, []int{1}},
		{"when all had it", w.now, []party{{"GBR", 2}, {"FRA", 1}}, 1, 2, nil},
	} {
		got := w.explain("USA", nil, tt.seen, crates(), guard("M", "p2"))
		var parties []party
		for _, h := range got.Who.Parties {
			parties = append(parties, party{h.Party, h.Passages})
		}
		if diff := cmp.Diff(tt.parties, parties); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if diff := cmp.Diff(append([]int{}, tt.nobody...), got.Who.Undisclosed); diff != "" {
			t.Errorf("%s, given to nobody (-want +got):\n%s", tt.name, diff)
		}
		if len(got.Who.Persons) != tt.persons || len(got.Who.Origins) != 0 || len(got.ExposedTo) != len(tt.parties) || len(got.Copies) != tt.copies {
			t.Errorf("%s: %+v", tt.name, got)
		}
		if tt.copies > 0 && got.Points != 2 {
			t.Errorf("%s: the text shows %d points", tt.name, got.Points)
		}
		if diff := cmp.Diff([]string{"SECRET//FGI NLD//NOFORN"}, got.Banners); diff != "" {
			t.Errorf("%s, banner (-want +got):\n%s", tt.name, diff)
		}
	}
	got := w.explain("USA", nil, w.now, crates(), guard("M", "p2"))
	if m := got.Matches[1]; m.Text != "A guard at the mole is paid by the owner of the launch." || m.Passages[0] != "A guard" ||
		len(m.Bases) != 1 || m.Bases[0].To() != "GBR (A. Rahn, 6 Squadron)" || !m.Bases[0].AfterFact || m.Bases[0].Basis != tearline.ByNothing {
		t.Errorf("%+v", m)
	}
}

// What others passed on is known as far as they told the originator; a person
// is never told.
func TestOnward(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.explain("NLD", nil, w.now, guard("N", "p1"))
	at := w.now.Add(-time.Hour - time.Minute)
	since := at.Add(30 * time.Second)
	want := []trace.Holder{
		{Party: "GBR", Passages: 1, First: at, Had: []trace.Had{
			{Portion: ref("N/p1"), First: at, Modes: []tearline.Mode{tearline.Oral}, Via: []tearline.PartyID{"USA"}},
		}},
		{Party: "FRA", Passages: 1, First: since, Had: []trace.Had{{Portion: ref("N/p1"), First: since, Modes: []tearline.Mode{tearline.Oral}}}},
	}
	if diff := cmp.Diff(want, got.Who.Parties); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(got.ExposedTo) != 1 || len(got.Who.Persons) != 0 || got.Who.Parties[0].Way() != "USA" {
		t.Errorf("%+v", got)
	}
	// What NLD gave FRA is not USA's to know, though it holds the same.
	if usa := w.explain("USA", nil, w.now, guard("N", "p1")); len(usa.Who.Parties) != 0 {
		t.Errorf("USA was not told of %+v", usa.Who.Parties)
	}
	if before := w.explain("NLD", nil, at.Add(-time.Second), guard("N", "p1")); len(before.Who.Parties) != 0 {
		t.Errorf("before it was told: %+v", before.Who.Parties)
	}
}

// What is weak or came later counts for nothing, comes last, and is shown under
// its own mark all the same.
func TestWhatDoesNotCount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	weak := crates()
	weak.Kind = trace.Weak
	late := trace.Match{Report: "L", Portion: "p1", Kind: match.Verbatim, Spans: []trace.Span{{Leak: [2]int{0, 10}, Portion: [2]int{0, 10}}}}
	asked := 0
	background := func(string, time.Time) ([]trace.Public, error) { asked++; return nil, nil }
	got := w.explain("USA", background, w.now, weak, late, guard("N", "p1"))
	var order []string
	for i := range got.Matches {
		order = append(order, got.Matches[i].Ref().String()+" "+string(got.Matches[i].Kind))
	}
	if diff := cmp.Diff([]string{"N/p1 reworded", "L/p1 same event", "M/p1 weak"}, order); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(got.ExposedTo)+len(got.Copies) != 0 || len(got.Who.Passages) != 1 {
		t.Errorf("%+v", got)
	}
	if diff := cmp.Diff([]trace.Origin{{Party: "NLD", Passages: []int{0}}}, got.Who.Origins); diff != "" {
		t.Errorf("origins (-want +got):\n%s", diff)
	}
	if len(got.Banners) != 1 || !strings.HasPrefix(got.Banners[0], "TOP SECRET//") {
		t.Errorf("banner %q", got.Banners)
	}
	if asked != 2 { // not for the weak one
		t.Errorf("the background was asked %d times", asked)
	}
	says := got.Sees(w.now, "a newspaper")
	if diff := cmp.Diff(&tearline.Sighting{Seen: w.now, Where: "a newspaper", Matches: []tearline.PortionRef{ref("N/p1")}}, says); diff != "" {
		t.Errorf("sighting (-want +got):\n%s", diff)
	}
}

// The background is asked for the words of the text, and what was published
// later is no background.
func TestBackground(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.explain("USA", func(passage string, before time.Time) ([]trace.Public, error) {
		if passage != "The crates come to the eastern mole in a launc\n" || !before.Equal(w.now) {
			t.Errorf("asked for %q, %s", passage, before)
		}
		return []trace.Public{
			{Source: "later", Published: w.now.Add(time.Hour)},
			{Source: "second", Published: w.now.Add(-time.Hour), Kind: match.Verbatim},
			{Source: "first", Published: w.now.Add(-2 * time.Hour), Kind: match.Edited},
		}, nil
	}, w.now, crates())
	m := got.Matches[0]
	if len(m.Public) != 2 || m.Public[0].Source != "first" || m.Verdict.Finding != trace.EquallyLikely {
		t.Errorf("%+v, %+v", m.Public, m.Verdict)
	}
}

// Nothing found is an answer without gaps, and a sighting of it has a list.
func TestNothingFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.explain("FRA", nil, w.now)
	if got.Matches == nil || got.Banners == nil || got.Who.Passages == nil || got.Who.Parties == nil || got.Sees(w.now, "").Matches == nil {
		t.Errorf("%+v", got)
	}
}
