package sqlite_test

import (
	"strings"
	"testing"

	"tearline"
	"tearline/internal/store/sqlite"
)

// TestPlans: every question is answered by an index, whatever the database's
// size. Those that list all there is may read and sort all there is.
func TestPlans(t *testing.T) {
	db, _ := create(t)
	some := refsOf("R1/p1")
	ask := func(tx *sqlite.Tx) error {
		for _, f := range []func() error{
			func() error { _, err := tx.LogSize("XHA"); return err },
			func() error { _, _, err := tx.Meta("k"); return err },
			func() error { _, _, err := tx.Party("XHA"); return err },
			func() error { _, _, err := tx.Entry("a"); return err },
			func() error { _, _, err := tx.EntryAt("XHA", 1); return err },
			func() error { _, err := tx.FindEntries("XHA", "a", "b"); return err },
			func() error { _, err := collect(tx.Entries("XHA", 1)); return err },
			func() error { _, err := collect(tx.ByKind("", "a", "b")); return err },
			func() error { _, err := collect(tx.ByKind("XHA", "a", "b")); return err },
			func() error { _, err := collect(tx.ByKind("")); return err },
			func() error { _, err := collect(tx.ByRef("a", "b")); return err },
			func() error { _, _, err := tx.Report("XHA", "R1"); return err },
			func() error { _, err := tx.Reports("XHA", 5, 5); return err },
			func() error { _, err := collect(tx.EachReport("XHA")); return err },
			func() error { _, err := tx.CountReports("XHA"); return err },
			func() error { _, err := tx.DerivedFrom("XHA", some[0]); return err },
			func() error { _, err := tx.SourcesOf("XHA", some[0]); return err },
			func() error { _, err := tx.Disclosures("XHA", "R1"); return err },
			func() error { _, err := tx.ExposedTo("XHA", some); return err },
			func() error { _, _, err := tx.Copy("c"); return err },
			func() error { _, _, err := tx.CopyOf("XHA", "c"); return err },
			func() error { _, err := tx.Copies("XHA", "R1"); return err },
			func() error { _, err := tx.CopiesOfPortions("XHA", some); return err },
			func() error { _, err := tx.PendingCopies("XHA", "R1", "XHC"); return err },
			func() error { _, _, err := tx.Request("a"); return err },
			func() error { _, err := tx.FindRequests("XHB", "a"); return err },
			func() error { _, err := tx.Requests("XHA", ""); return err },
			func() error { _, err := tx.Requests("", "XHB"); return err },
			func() error { _, err := tx.Requests("XHA", "XHB"); return err },
			func() error { _, _, err := tx.Background(1); return err },
			func() error { _, err := collect(tx.EachBackground(1)); return err },
			func() error { _, err := tx.CountBackground(); return err },
			func() error { _, _, err := tx.Watched("XHA", "f"); return err },
			func() error { _, err := tx.Seen("XHA", "f", tearline.Digest{}); return err },
			func() error { _, _, err := tx.Case("XHA", "c"); return err },
			func() error { _, err := tx.Cases("XHA", 5, 5); return err },
		} {
			if err := f(); err != nil {
				return err
			}
		}
		return nil
	}
	read(t, db, ask)
	write(t, db, func(tx *sqlite.Tx) error {
		// Neither is there: what matters is how it is looked for.
		_ = tx.MarkHandedOut("c")
		_ = tx.UpdateRequest(sqlite.RequestRow{ID: "a"})
		_ = tx.SightCase("XHA", "c", "s")
		_ = tx.PutCase(sqlite.CaseRow{Party: "XHA", ID: "c"})
		return tx.PutParty(sqlite.PartyRow{Party: tearline.Party{ID: "XHA"}})
	})
	plans, err := db.Plans()
	if err != nil {
		t.Fatal(err)
	}
	if len(plans) < 25 {
		t.Errorf("%d plans only", len(plans))
	}
	for query, plan := range plans {
		if strings.Contains(plan, "SCAN") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s\n%s", query, plan)
		}
	}
}
