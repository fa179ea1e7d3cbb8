package sqlite_test

import (
	"strings"
	"testing"

	"tearline"
	"tearline/internal/store/sqlite"
)

// TestReportsAfter: the same reports as EachReport has, from a place on,
// over several pages, and by an index.
func TestReportsAfter(t *testing.T) {
	db, _ := create(t)
	here, there := newSpeaker(t, "XHA"), newSpeaker(t, "XHB")
	const n = 80
	write(t, db, func(tx *sqlite.Tx) error {
		for i := range n {
			s := here
			if i%5 == 4 {
				s = there
			}
			signed, row := s.file(t, reportID(i))
			if _, err := tx.Append(s.party, signed); err != nil {
				return err
			}
			if err := tx.PutReport(row, nil); err != nil {
				return err
			}
		}
		return nil
	})
	read(t, db, func(tx *sqlite.Tx) error {
		for _, h := range []tearline.PartyID{"XHA", "XHB", "XHZ"} {
			all, err := collect(tx.EachReport(h))
			if err != nil {
				return err
			}
			for _, after := range []int64{0, 1, 32, 33, n - 1, n, n + 1} {
				var want []sqlite.ReportRow
				for _, r := range all {
					if r.Ordinal > after {
						want = append(want, r)
					}
				}
				got, err := collect(tx.ReportsAfter(h, after))
				if err != nil {
					return err
				}
				equal(t, "after", want, got)
			}
		}
		return nil
	})
	plans, err := db.Plans()
	if err != nil {
		t.Fatal(err)
	}
	for query, plan := range plans {
		if strings.Contains(query, "ordinal > ?") && (strings.Contains(plan, "SCAN") || strings.Contains(plan, "TEMP B-TREE")) {
			t.Errorf("%s\n%s", query, plan)
		}
	}
}
