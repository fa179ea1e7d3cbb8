package verify_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tearline"
	"tearline/internal/node"
	"tearline/internal/node/verify"
)

// What has been said and done is counted, for each party apart. What a
// stranger changes in the tables is for TestVerifyFindsWhatIsChanged of
// internal/node, which has a desk at which everything has happened.
func TestLedgers(t *testing.T) {
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
	report := `{"id":%q,"title":"","originator":"USA","policy":"us","date":"2026-03-01","portions":[{"id":"p1","marking":"S//REL TO USA, GBR","text":"The mole is new."}]}` + "\n"
	if _, err := n.Import(t.Context(), "USA", strings.NewReader(fmt.Sprintf(report, "A")+fmt.Sprintf(report, "B")), nil); err != nil {
		t.Fatal(err)
	}
	question := node.Question{As: "USA", Report: "A", To: "GBR"}
	if _, err := n.Release(t.Context(), question, func(tearline.Rendering) error { return nil }); err != nil {
		t.Fatal(err)
	}
	got, err := n.Verify(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	want := []verify.Result{
		{Party: "FRA", OK: true, Faults: []string{}},
		{Party: "GBR", OK: true, Faults: []string{}},
		{Party: "USA", OK: true, Size: 6, Reports: 2, Disclosures: 1, Copies: 1, Faults: []string{}},
	}
	byParty := cmpopts.SortSlices(func(a, b verify.Result) bool { return a.Party < b.Party })
	if diff := cmp.Diff(want, got, byParty, cmpopts.IgnoreFields(verify.Result{}, "Root")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	one, err := n.Verify(t.Context(), "GBR")
	if err != nil || len(one) != 1 || one[0].Party != "GBR" {
		t.Errorf("GBR's alone: %+v, %v", one, err)
	}
	if _, err := n.Verify(t.Context(), "NOBODY"); tearline.KindOf(err) != tearline.Invalid {
		t.Errorf("nobody's: %v", err)
	}
}
