package book

import (
	"context"
	"slices"

	"tearline"
	"tearline/internal/store/sqlite"
)

// Since hands over what has been said, after a place in the order of appending,
// that decisions on a holder's reports rest on, one statement after the other,
// and returns the place up to which that is. Place 0 is the beginning. A
// statement may come again that came before.
func (b *Book) Since(ctx context.Context, tx *sqlite.Tx, holder tearline.PartyID, place int64, take func(*tearline.Statement) error) (int64, error) {
	g := &gatherer{tx: tx, own: b.own, holder: holder, seen: map[tearline.StatementID]bool{}, origin: map[tearline.PartyID]bool{}}
	var filed []tearline.ReportID
	fromStart := place == 0
	for e, err := range tx.Since(place) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return place, err
		}
		place = e.Place()
		heeded, err := g.heeds(e)
		if err != nil {
			return place, err
		}
		if !heeded {
			continue
		}
		s, err := Statement(e)
		if err == nil {
			err = take(&s)
		}
		if err != nil {
			return place, err
		}
		if f, ok := s.Says.(*tearline.Filing); ok && !fromStart {
			filed = append(filed, f.Report)
		}
	}
	// What others had said about these reports before they were filed here. It
	// was met on the way if that began at the beginning.
	for _, id := range filed {
		if err := g.about(id); err != nil {
			return place, err
		}
	}
	if err := g.revocations(); err != nil {
		return place, err
	}
	for i := range g.out {
		if err := take(&g.out[i]); err != nil {
			return place, err
		}
	}
	return place, nil
}

// heeds reports whether the holder's decisions may rest on a statement.
func (g *gatherer) heeds(e sqlite.Entry) (bool, error) {
	switch e.Kind { //nolint:exhaustive // no decision rests on the others
	case tearline.KindParty:
		return e.Log == g.own, nil
	case tearline.KindExclusion, tearline.KindTie, tearline.KindRevocation:
		return true, nil // of whom, and of what, the reader sees
	case tearline.KindAgreement:
		s, err := Statement(e)
		x, ok := s.Says.(*tearline.Agreement)
		return ok && slices.Contains(x.Parties[:], g.holder), err
	case tearline.KindConsent, tearline.KindDeclassification, tearline.KindEmbargo:
		return g.concerns(e)
	case tearline.KindFiling, tearline.KindDelegation, tearline.KindDisclosure:
		return e.Log == g.holder, nil
	}
	return false, nil
}
