package node

import (
	"context"
	"slices"
	"strings"

	"tearline"
	"tearline/internal/node/book"
	"tearline/internal/store/sqlite"
	"tearline/internal/whatif"
)

// Table answers who may have what: see [whatif.Table]. The zero time is now,
// the zero mode a document; a report that the party does not hold is Withheld.
func (n *Node) Table(ctx context.Context, q whatif.Question) (out whatif.Matrix, err error) {
	err = n.suppose(ctx, &q, func(statements []tearline.Statement) error {
		out, err = whatif.Table(statements, q)
		return err
	})
	return out, err
}

// Compare answers what would change: see [whatif.Compare]. A statement may be
// named by its beginning.
func (n *Node) Compare(ctx context.Context, q whatif.Question, changes ...whatif.Change) (out whatif.Difference, err error) {
	changes = slices.Clone(changes)
	err = n.suppose(ctx, &q, func(statements []tearline.Statement) error {
		for i := range changes {
			changes[i].Revoke = whole(statements, changes[i].Revoke)
		}
		out, err = whatif.Compare(statements, q, changes...)
		return err
	})
	return out, err
}

// whole returns the one statement whose name begins so, or what it was given.
func whole(statements []tearline.Statement, begin tearline.StatementID) tearline.StatementID {
	found := begin
	for _, s := range statements {
		switch {
		case begin == "" || !strings.HasPrefix(string(s.ID), string(begin)):
		case found != begin && found != s.ID:
			return begin
		default:
			found = s.ID
		}
	}
	return found
}

// suppose gathers what the question rests on.
func (n *Node) suppose(ctx context.Context, q *whatif.Question, fn func([]tearline.Statement) error) error {
	return n.book.Read(ctx, func(tx *sqlite.Tx) error {
		if _, err := book.KnownParty(tx, q.Holder); err != nil {
			return err
		}
		at, err := n.instant(tx, q.Holder, q.At)
		if err != nil {
			return err
		}
		q.At = at
		if q.Mode == "" {
			q.Mode = tearline.Document
		}
		reports := q.Reports
		for _, id := range reports {
			if _, err := book.Holding(tx, q.Holder, id); err != nil {
				return err
			}
		}
		if len(reports) == 0 {
			if reports, err = allReports(tx, q.Holder); err != nil {
				return err
			}
		}
		statements, err := n.book.Behind(tx, q.Holder, reports...)
		if err != nil {
			return err
		}
		return fn(statements)
	})
}

// allReports lists what a party holds.
func allReports(tx *sqlite.Tx, holder tearline.PartyID) ([]tearline.ReportID, error) {
	var ids []tearline.ReportID
	for row, err := range tx.EachReport(holder) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, row.ID)
	}
	return ids, nil
}
