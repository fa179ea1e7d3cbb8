package book

import (
	"context"
	"slices"

	"tearline"
	"tearline/internal/store/sqlite"
)

// Since returns what has been said, after a place in the order of appending,
// that decisions on a holder's reports rest on, and the place up to which that
// is. Place 0 is the beginning. A statement may come again that came before.
func (b *Book) Since(ctx context.Context, tx *sqlite.Tx, holder tearline.PartyID, place int64) ([]tearline.Statement, int64, error) {
	g := &gatherer{tx: tx, own: b.own, holder: holder, seen: map[tearline.StatementID]bool{}, origin: map[tearline.PartyID]bool{}}
	var filed []tearline.ReportID
	for e, err := range tx.Since(place) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, place, err
		}
		place = e.Place()
		if e.Log == holder && e.Kind == tearline.KindFiling {
			s, err := g.add(e)
			if err != nil {
				return nil, place, err
			}
			if f, ok := s.Says.(*tearline.Filing); ok {
				filed = append(filed, f.Report)
			}
			continue
		}
		if err := g.heed(e); err != nil {
			return nil, place, err
		}
	}
	// What others had said about these reports before they were filed here.
	for _, id := range filed {
		if err := g.about(id); err != nil {
			return nil, place, err
		}
	}
	return g.out, place, g.revocations()
}

// heed adds a statement if the holder's decisions may rest on it.
func (g *gatherer) heed(e sqlite.Entry) error {
	heeded := e.Log == g.holder
	switch e.Kind { //nolint:exhaustive // no decision rests on the others
	case tearline.KindParty:
		heeded = e.Log == g.own
	case tearline.KindExclusion, tearline.KindTie, tearline.KindRevocation:
		heeded = true // of whom, and of what, the reader sees
	case tearline.KindAgreement:
		s, err := Statement(e)
		if err != nil {
			return err
		}
		if x, ok := s.Says.(*tearline.Agreement); ok {
			heeded = slices.Contains(x.Parties[:], g.holder)
		}
	case tearline.KindConsent, tearline.KindDeclassification, tearline.KindEmbargo:
		var err error
		if heeded, err = g.concerns(e); err != nil {
			return err
		}
	case tearline.KindDelegation, tearline.KindDisclosure:
	default:
		return nil
	}
	if !heeded {
		return nil
	}
	_, err := g.add(e)
	return err
}
