package sqlite

import (
	"iter"

	"tearline"
)

// ReportsAfter returns those of a holder's reports that were filed after
// the one with an Ordinal, with Seed and Body, the oldest first; all if it
// is 0.
func (tx *Tx) ReportsAfter(holder tearline.PartyID, ordinal int64) iter.Seq2[ReportRow, error] {
	return pages(func(last *ReportRow) ([]ReportRow, error) {
		after := ordinal
		if last != nil {
			after = last.Ordinal
		}
		return all(tx, scanReport, "select "+reportColumns+", seed, body from reports where holder = ? and ordinal > ? order by ordinal limit ?",
			holder, after, reportPage)
	})
}
