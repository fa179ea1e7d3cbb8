package ledgers_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/internal/node"
	"tearline/ledger"
)

// A ledger is shown in its order, an entry by the beginning of its name, and
// what leaves can be checked with what is sent along.
func TestLedgers(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	n, err := node.Init(t.Context(), t.TempDir(), tearline.Party{ID: "USA", Name: "United States"}, "us", node.Env{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	if _, err := n.AddParty(t.Context(), "USA", tearline.Party{ID: "FRA"}); err != nil {
		t.Fatal(err)
	}
	f, err := n.State(t.Context(), "USA", &tearline.Exclusion{Party: "FRA"})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		from  int64
		limit int
		want  []tearline.StatementKind
	}{
		{0, 10, []tearline.StatementKind{tearline.KindParty, tearline.KindParty, tearline.KindExclusion}},
		{1, 1, []tearline.StatementKind{tearline.KindParty}},
		{3, 10, nil},
	} {
		list, err := n.Entries(t.Context(), "USA", tt.from, tt.limit)
		if err != nil {
			t.Fatal(err)
		}
		var kinds []tearline.StatementKind
		for _, e := range list {
			kinds = append(kinds, e.Kind)
		}
		if diff := cmp.Diff(tt.want, kinds); diff != "" || list == nil {
			t.Errorf("from %d, at most %d (-want +got):\n%s", tt.from, tt.limit, diff)
		}
	}
	e, err := n.Entry(t.Context(), "USA", string(f.Statement)[:8])
	if err != nil || e.Statement != f.Statement || e.Index != 2 {
		t.Errorf("the exclusion: %+v, %v", e, err)
	}
	p, err := n.Prove(t.Context(), "USA", string(f.Statement))
	if err != nil {
		t.Fatal(err)
	}
	r, err := ledger.OpenReceipt(p.Receipt, ledger.Verifiers{"USA": {p.StatementKey}}, p.LogKey)
	if err != nil || r.Statement().ID != f.Statement || r.Index() != 2 {
		t.Errorf("its receipt: %+v, %v", r, err)
	}
	dir := t.TempDir()
	c, err := n.ExportLedger(t.Context(), "USA", dir)
	if err != nil || c.Size != 3 {
		t.Fatalf("exported up to %d, %v", c.Size, err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "checkpoint")); err != nil || len(text) == 0 {
		t.Errorf("the checkpoint: %q, %v", text, err)
	}
	// Another party has no such entry, and nobody has no ledger.
	if _, err := n.Entry(t.Context(), "FRA", string(f.Statement)); tearline.KindOf(err) != tearline.Withheld {
		t.Errorf("FRA looks at it: %v", err)
	}
	if _, err := n.Entries(t.Context(), "NOBODY", 0, 1); tearline.KindOf(err) != tearline.Invalid {
		t.Errorf("nobody's ledger: %v", err)
	}
}
