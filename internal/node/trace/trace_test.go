package trace_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/internal/node"
	"tearline/internal/node/trace"
)

const report = `{"id":"M","title":"","originator":"USA","policy":"us","date":"2026-03-01","portions":[` +
	`{"id":"p1","marking":"S//REL TO USA, FRA, GBR","text":"The crates {come|are brought} to the eastern mole {by launch|in a launch} before sunrise."}]}` + "\n"

// A copy that appears in the open is traced to the portion, to all who had it
// by then, and its own wording agrees with it throughout.
func TestSearch(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	n, err := node.Init(t.Context(), t.TempDir(), tearline.Party{ID: "USA", Name: "United States"}, "us", node.Env{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	for _, p := range []tearline.PartyID{"GBR", "FRA"} {
		if _, err := n.AddParty(t.Context(), "USA", tearline.Party{ID: p}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := n.Import(t.Context(), "USA", strings.NewReader(report), nil); err != nil {
		t.Fatal(err)
	}
	before := now.Add(30 * time.Minute)
	texts := map[tearline.PartyID]string{}
	for _, to := range []tearline.PartyID{"FRA", "GBR"} {
		now = now.Add(time.Hour)
		_, err := n.Release(t.Context(), node.Question{As: "USA", Report: "M", To: to}, func(r tearline.Rendering) error {
			texts[to] = string(r.Bytes)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	between := now.Add(-30 * time.Minute)
	now = now.Add(time.Hour)
	for _, tt := range []struct {
		name string
		seen time.Time
		want []tearline.PartyID
	}{
		{"before anybody had it", before, nil},
		{"when FRA had it", between, []tearline.PartyID{"FRA"}},
		{"now", time.Time{}, []tearline.PartyID{"FRA", "GBR"}},
	} {
		got, err := n.Trace(t.Context(), "USA", texts["FRA"], tt.seen, false, "")
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Matches) != 1 || got.Matches[0].Portion != "p1" || len(got.Matches[0].Bases) != len(tt.want) || len(got.Copies) != len(tt.want) {
			t.Errorf("%s: %+v", tt.name, got)
		}
		var exposed []tearline.PartyID
		for _, p := range got.ExposedTo {
			exposed = append(exposed, p.Party)
		}
		if diff := cmp.Diff(tt.want, exposed); diff != "" {
			t.Errorf("%s, exposed to (-want +got):\n%s", tt.name, diff)
		}
		for _, c := range got.Copies {
			if c.Points != 2 || c.Recipient == "FRA" && c.Agree != 2 {
				t.Errorf("%s: %s's copy agrees at %d of %d", tt.name, c.Recipient, c.Agree, c.Points)
			}
		}
		if got.Sighting != nil {
			t.Errorf("%s: a sighting was recorded, unasked", tt.name)
		}
	}
}

func TestSees(t *testing.T) {
	t.Parallel()
	seen := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	r := trace.Result{Matches: []trace.Match{{Report: "M", Portion: "p1"}, {Report: "N", Portion: "p2"}}}
	want := &tearline.Sighting{Seen: seen, Where: "a newspaper", Matches: []tearline.PortionRef{{Report: "M", Portion: "p1"}, {Report: "N", Portion: "p2"}}}
	if diff := cmp.Diff(want, r.Sees(seen, "a newspaper")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if says := new(trace.Result).Sees(seen, ""); says.Matches == nil {
		t.Error("a sighting of nothing held has no list")
	}
}
