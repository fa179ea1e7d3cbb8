package cases

import (
	"cmp"
	"context"

	"tearline"
	"tearline/internal/casefile"
	"tearline/internal/store/sqlite"
	"tearline/ledger"
)

// cases reads the party's cases from its own ledger, without what is put in
// them.
func (d *Desk) cases(tx *sqlite.Tx) ([]*casefile.Case, error) {
	if _, err := d.Known(tx, d.Party); err != nil {
		return nil, err
	}
	said, err := d.entries(tx)
	return casefile.Read(said), err
}

// entries are what cases are read from.
func (d *Desk) entries(tx *sqlite.Tx) ([]casefile.Said, error) {
	var said []casefile.Said
	for e, err := range tx.ByKind(d.Party, tearline.KindCase, tearline.KindReading, tearline.KindAttribution) {
		if err != nil {
			return nil, err
		}
		s, err := d.Statement(e)
		if err != nil {
			return nil, err
		}
		said = append(said, casefile.Said{Index: e.Index, Statement: s})
	}
	return said, nil
}

// find returns a case with all that is in its file, nil if the party has none
// of that name.
func (d *Desk) find(tx *sqlite.Tx, name string) (*casefile.Case, error) {
	list, err := d.cases(tx)
	if err != nil {
		return nil, err
	}
	c := casefile.Find(list, name)
	if c == nil {
		return nil, nil //nolint:nilnil // its callers say what it means
	}
	return d.filled(tx, c)
}

// filled adds what entries have put in a case, what that names, and what took
// any of it back. What is not the party's own is not looked at.
func (d *Desk) filled(tx *sqlite.Tx, c *casefile.Case) (*casefile.Case, error) {
	said := c.All()
	asked := map[tearline.StatementID]bool{}
	for {
		more := false
		for _, id := range c.Missing {
			if asked[id] {
				continue
			}
			asked[id] = true
			e, ok, err := tx.Entry(id)
			if err != nil {
				return nil, err
			}
			if !ok || e.Log != d.Party {
				continue
			}
			s, err := d.Statement(e)
			if err != nil {
				return nil, err
			}
			said, more = append(said, casefile.Said{Index: e.Index, Statement: s}), true
		}
		if !more {
			break
		}
		c = casefile.Find(casefile.Read(said), c.Name)
	}
	back, err := d.takenBack(tx, c)
	if err != nil || len(back) == 0 {
		return c, err
	}
	return casefile.Find(casefile.Read(append(said, back...)), c.Name), nil
}

// takenBack returns the party's revocations of what is in a case.
func (d *Desk) takenBack(tx *sqlite.Tx, c *casefile.Case) ([]casefile.Said, error) {
	var out []casefile.Said
	for _, s := range c.All() {
		for e, err := range tx.ByRef(d.Under(s.ID), tearline.KindRevocation) {
			if err != nil {
				return nil, err
			}
			if e.Log != d.Party {
				continue
			}
			r, err := d.Statement(e)
			if err != nil {
				return nil, err
			}
			out = append(out, casefile.Said{Index: e.Index, Statement: r})
		}
	}
	return out, nil
}

// An Export is a case to be handed on: the bundle, and what a page of it needs.
type Export struct {
	Bundle casefile.Bundle
	File   casefile.File
	// Banners are the roll-up of the markings of the portions that it names.
	Banners []string
}

// Export makes a bundle of a case: every statement with the proof that it is in
// the party's ledger, all under one checkpoint.
func (d *Desk) Export(ctx context.Context, name string) (out Export, err error) {
	err = d.Read(ctx, func(tx *sqlite.Tx) error {
		c, err := d.find(tx, name)
		if err != nil {
			return err
		}
		if c == nil {
			return d.none(tx, name)
		}
		back, err := d.takenBack(tx, c)
		if err != nil {
			return err
		}
		out.File = c.File()
		if out.Banners, err = d.banners(tx, c); err != nil {
			return err
		}
		return d.prove(tx, c, back, &out.Bundle)
	})
	return out, err
}

// prove fills a bundle.
func (d *Desk) prove(tx *sqlite.Tx, c *casefile.Case, back []casefile.Said, b *casefile.Bundle) error {
	row, err := d.Known(tx, d.Party)
	if err != nil {
		return err
	}
	k, err := d.Keys(d.Party)
	if err != nil {
		return err
	}
	b.Party, b.Case, b.LogKey, b.Keys = d.Party, c.Name, row.LogKey, []string{row.StatementKey}
	size, err := tx.LogSize(d.Party)
	if err != nil {
		return err
	}
	hashes := tx.Hashes(d.Party)
	for _, s := range casefile.InOrder(append(c.All(), back...)) {
		e, ok, err := tx.Entry(s.ID)
		if err != nil || !ok {
			return cmp.Or[error](err, tearline.NewWithheld())
		}
		r, err := ledger.Prove(k.Log, ledger.Signed{Statement: s.Statement, Envelope: e.Envelope, Salt: e.Salt}, e.Index, size, hashes)
		if err != nil {
			return err
		}
		line, err := r.MarshalJSON()
		if err != nil {
			return err
		}
		b.Receipts, b.Checkpoint = append(b.Receipts, line), r.Checkpoint()
	}
	if len(b.Receipts) > casefile.MaxStatements {
		return invalid("close it, and go on in another case", "case %s has %d statements: at most %d can be handed on", c.Name, len(b.Receipts), casefile.MaxStatements)
	}
	return nil
}
