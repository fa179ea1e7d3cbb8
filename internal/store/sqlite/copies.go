package sqlite

import (
	"database/sql"
	"maps"
	"slices"
	"time"

	"tearline"
)

// A DisclosureRow is a disclosure in the ledger. Copy is the copy handed out,
// Gist what was said; either may be "". Salt is that of the gist's digest.
type DisclosureRow struct {
	Statement          tearline.StatementID
	Holder             tearline.PartyID
	Report             tearline.ReportID
	Recipient          tearline.PartyID
	Mode               tearline.Mode
	Occurred, Recorded time.Time
	AfterFact          bool
	Copy               tearline.CopyID
	Gist               string
	Salt               []byte

	seq int64
}

const disclosureColumns = "d.seq, d.statement, d.holder, d.report, d.recipient, d.mode, d.occurred, d.recorded, d.after_fact, d.copy, d.gist, d.salt"

func scanDisclosure(r *sql.Rows, d *DisclosureRow) error {
	return r.Scan(&d.seq, &d.Statement, &d.Holder, &d.Report, &d.Recipient, &d.Mode, (*moment)(&d.Occurred), (*moment)(&d.Recorded),
		&d.AfterFact, &d.Copy, &d.Gist, &d.Salt)
}

// PutDisclosure adds a disclosure and the portions that it exposed. One that
// is there already is a Conflict that wraps [ErrExists]. Its statement must
// have been appended when the transaction ends.
func (tx *Tx) PutDisclosure(d DisclosureRow, portions []tearline.PortionRef) error {
	seq, err := tx.insert("disclosure "+string(d.Statement), `insert into disclosures
		(statement, holder, report, recipient, mode, occurred, recorded, after_fact, copy, gist, salt)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		d.Statement, d.Holder, d.Report, d.Recipient, d.Mode, moment(d.Occurred), moment(d.Recorded), d.AfterFact, d.Copy, d.Gist, blob(d.Salt))
	if err != nil {
		return err
	}
	for _, p := range portions {
		err := tx.put("insert into disclosed (holder, report, portion, disclosure) values (?, ?, ?, ?) on conflict do nothing",
			d.Holder, p.Report, p.Portion, seq)
		if err != nil {
			return err
		}
	}
	return nil
}

// Disclosures returns what a holder has disclosed of a report, or of all
// reports if report is "", in the order of recording.
func (tx *Tx) Disclosures(holder tearline.PartyID, report tearline.ReportID) ([]DisclosureRow, error) {
	if report == "" {
		return all(tx, scanDisclosure, "select "+disclosureColumns+" from disclosures d where d.holder = ? order by d.seq", holder)
	}
	return all(tx, scanDisclosure, "select "+disclosureColumns+" from disclosures d where d.holder = ? and d.report = ? order by d.seq", holder, report)
}

// An Exposure is one portion that one disclosure exposed.
type Exposure struct {
	DisclosureRow
	Portion tearline.PortionRef
}

func scanExposure(r *sql.Rows, x *Exposure) error {
	d := &x.DisclosureRow
	return r.Scan(&d.seq, &d.Statement, &d.Holder, &d.Report, &d.Recipient, &d.Mode, (*moment)(&d.Occurred), (*moment)(&d.Recorded),
		&d.AfterFact, &d.Copy, &d.Gist, &d.Salt)
}

// ExposedTo returns the disclosures that exposed any of a holder's portions,
// with the portion each exposed: in the order of the portions, then of
// recording. A portion's tear-line wording is a portion of its own here.
func (tx *Tx) ExposedTo(holder tearline.PartyID, portions []tearline.PortionRef) ([]Exposure, error) {
	var list []Exposure
	for i, p := range portions {
		if slices.Contains(portions[:i], p) {
			continue
		}
		page, err := all(tx, scanExposure, "select "+disclosureColumns+` from disclosed x join disclosures d on d.seq = x.disclosure
			where x.holder = ? and x.report = ? and x.portion = ? order by x.disclosure`, holder, p.Report, p.Portion)
		if err != nil {
			return nil, err
		}
		for _, x := range page {
			x.Portion = p
			list = append(list, x)
		}
	}
	return list, nil
}

// A CopyRow is the record of a copy. Spec is the caller's: what rendering it
// again needs. Content is the caller's digest of what was disclosed to the
// recipient, by which it recognises the same disclosure again. HandedOut tells
// a copy that has left from one that was recorded and is still to go.
type CopyRow struct {
	tearline.Copy
	Spec      []byte
	Content   []byte
	HandedOut bool

	seq int64
}

const copyColumns = "c.seq, c.id, c.holder, c.report, c.recipient, c.disclosure, c.made, c.seed, c.digest, c.content, c.handed_out, c.spec"

func scanCopy(r *sql.Rows, c *CopyRow) error {
	return r.Scan(&c.seq, &c.ID, &c.Holder, &c.Report, &c.Recipient, &c.Disclosure, (*moment)(&c.Made), &c.Seed,
		(*digest)(&c.Digest), &c.Content, &c.HandedOut, &c.Spec)
}

// PutCopy adds a copy. One of that number is a Conflict that wraps
// [ErrExists]. Its disclosure must have been appended when the transaction
// ends.
func (tx *Tx) PutCopy(c CopyRow) error {
	_, err := tx.insert("copy "+string(c.ID), `insert into copies
		(id, holder, report, recipient, disclosure, made, seed, digest, content, handed_out, spec)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.ID, c.Holder, c.Report, c.Recipient, c.Disclosure, moment(c.Made), blob(c.Seed),
		digest(c.Digest), blob(c.Content), c.HandedOut, blob(c.Spec))
	return err
}

// Copy returns a copy by its number, and whether there is one.
func (tx *Tx) Copy(id tearline.CopyID) (CopyRow, bool, error) {
	return one(tx, scanCopy, "select "+copyColumns+" from copies c where c.id = ?", id)
}

// CopyOf returns a copy of a holder's by its number, and whether there is one.
// Those of others are not looked at.
func (tx *Tx) CopyOf(holder tearline.PartyID, id tearline.CopyID) (CopyRow, bool, error) {
	return one(tx, scanCopy, "select "+copyColumns+" from copies c indexed by copies_name where c.holder = ? and c.id = ?", holder, id)
}

// Copies returns the copies that a holder made of a report, or of all reports
// if report is "", in the order of recording.
func (tx *Tx) Copies(holder tearline.PartyID, report tearline.ReportID) ([]CopyRow, error) {
	if report == "" {
		return all(tx, scanCopy, "select "+copyColumns+" from copies c where c.holder = ? order by c.seq", holder)
	}
	return all(tx, scanCopy, "select "+copyColumns+" from copies c where c.holder = ? and c.report = ? order by c.seq", holder, report)
}

// CopiesOfPortions returns the copies whose disclosures exposed any of a
// holder's portions, each once, in the order of recording.
func (tx *Tx) CopiesOfPortions(holder tearline.PartyID, portions []tearline.PortionRef) ([]CopyRow, error) {
	found := map[int64]CopyRow{}
	for _, p := range portions {
		page, err := all(tx, scanCopy, "select "+copyColumns+` from disclosed x
			join disclosures d on d.seq = x.disclosure join copies c on c.disclosure = d.statement
			where x.holder = ? and x.report = ? and x.portion = ?`, holder, p.Report, p.Portion)
		if err != nil {
			return nil, err
		}
		for _, c := range page {
			found[c.seq] = c
		}
	}
	return slices.SortedFunc(maps.Values(found), func(a, b CopyRow) int { return int(a.seq - b.seq) }), nil
}

// PendingCopies returns the copies that were recorded for a recipient and have
// not been handed out, the newest first. After a crash between the two they are
// what is still to be handed out.
func (tx *Tx) PendingCopies(holder tearline.PartyID, report tearline.ReportID, recipient tearline.PartyID) ([]CopyRow, error) {
	return all(tx, scanCopy, "select "+copyColumns+` from copies c
		where c.holder = ? and c.report = ? and c.recipient = ? and c.handed_out = 0 order by c.seq desc`,
		holder, report, recipient)
}

// MarkHandedOut notes that a copy has left. There being none is a Conflict
// that wraps [ErrAbsent]; doing it twice is harmless.
func (tx *Tx) MarkHandedOut(id tearline.CopyID) error {
	return tx.change("copy "+string(id), "update copies set handed_out = 1 where id = ?", id)
}
