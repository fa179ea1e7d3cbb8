package book

import (
	"iter"

	"tearline"
	"tearline/internal/recall"
	"tearline/internal/store/sqlite"
)

// Recalls reads what bears on a party's recalls, or on one statement. It begins
// with what the party has said and was told, so that what others have between
// them neither shows nor takes time. own is the directory's party: for it facts
// are applied, and with them consents that nobody asked for.
func Recalls(tx *sqlite.Tx, own, as tearline.PartyID, only tearline.StatementID) (*recall.Records, error) {
	src := recallSource(tx)
	if only != "" {
		return recall.Gather(src, named(src, only))
	}
	made, err := tx.Requests(as, "")
	if err != nil {
		return nil, err
	}
	var revoked []tearline.StatementID
	for _, q := range made {
		if q.State == StateRevoked {
			revoked = append(revoked, q.Answer)
		}
	}
	from := []iter.Seq2[tearline.Statement, error]{
		Statements(tx.ByKind(as, tearline.KindRevocation, tearline.KindRecall)), Statements(tx.ByRef(RefRecalled(as), tearline.KindRecall)),
		named(src, revoked...),
	}
	if as == own {
		from = append(from, Statements(tx.ByKind("", tearline.KindRevocation)))
	}
	return recall.Gather(src, from...)
}

// recallSource finds statements in the books of all who are hosted here.
func recallSource(tx *sqlite.Tx) recall.Source {
	return recall.Source{
		Derived: tx.DerivedFrom,
		Statement: func(id tearline.StatementID) (s tearline.Statement, ok bool, err error) {
			e, ok, err := tx.Entry(id)
			if ok && err == nil {
				s, err = Statement(e)
			}
			return s, ok, err
		},
		Under: func(id tearline.StatementID, kinds ...tearline.StatementKind) iter.Seq2[tearline.Statement, error] {
			return Statements(tx.ByRef(RefStatement(id), kinds...))
		},
		Holders: func(request tearline.StatementID) ([]tearline.PartyID, error) {
			if q, ok, err := tx.Request(request); err != nil || ok {
				return []tearline.PartyID{q.Holder}, err
			}
			rows, err := tx.Parties()
			var all []tearline.PartyID
			for _, p := range rows {
				all = append(all, p.ID)
			}
			return all, err
		},
		Given: func(holder tearline.PartyID, portions []tearline.PortionRef) (ids []tearline.StatementID, err error) {
			hits, err := tx.ExposedTo(holder, portions)
			for _, h := range hits {
				ids = append(ids, h.Statement)
			}
			return ids, err
		},
	}
}

// named finds statements by their names.
func named(src recall.Source, ids ...tearline.StatementID) iter.Seq2[tearline.Statement, error] {
	return func(yield func(tearline.Statement, error) bool) {
		for _, id := range ids {
			if s, ok, err := src.Statement(id); (ok || err != nil) && !yield(s, err) {
				return
			}
		}
	}
}

// Statements reads entries.
func Statements(entries iter.Seq2[sqlite.Entry, error]) iter.Seq2[tearline.Statement, error] {
	return func(yield func(tearline.Statement, error) bool) {
		for e, err := range entries {
			var s tearline.Statement
			if err == nil {
				s, err = Statement(e)
			}
			if !yield(s, err) || err != nil {
				return
			}
		}
	}
}
