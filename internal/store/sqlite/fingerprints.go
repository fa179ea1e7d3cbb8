package sqlite

import (
	"database/sql"
	"time"

	"tearline"
)

// A FingerprintRow is what tells the copies of a report apart. Secret is the
// caller's, wrapped. Size and Root are those of the holder's ledger as it was
// with Statement, which commits to the secret, as its last entry.
type FingerprintRow struct {
	Holder    tearline.PartyID
	Report    tearline.ReportID
	Statement tearline.StatementID
	Code      tearline.Code
	Secret    []byte
	Size      int64
	Root      [32]byte
}

// PutFingerprint adds what tells the copies of a report apart. One of that
// report is a Conflict that wraps [ErrExists].
func (tx *Tx) PutFingerprint(f FingerprintRow) error {
	_, err := tx.insert("fingerprint of "+string(f.Report), `insert into fingerprints (holder, report, statement, code, secret, size, root)
		values (?, ?, ?, ?, ?, ?, ?)`, f.Holder, f.Report, f.Statement, f.Code, blob(f.Secret), f.Size, digest(f.Root))
	return err
}

// Fingerprint returns what tells the copies of a holder's report apart, and
// whether there is anything.
func (tx *Tx) Fingerprint(holder tearline.PartyID, report tearline.ReportID) (FingerprintRow, bool, error) {
	return one(tx, func(r *sql.Rows, f *FingerprintRow) error {
		return r.Scan(&f.Holder, &f.Report, &f.Statement, &f.Code, &f.Secret, &f.Size, (*digest)(&f.Root))
	}, "select holder, report, statement, code, secret, size, root from fingerprints where holder = ? and report = ?", holder, report)
}

// EraseFingerprint overwrites the secret of a report's copies: the row stays,
// with an empty Secret, so that no other is made in its place. There being none
// is a Conflict that wraps [ErrAbsent]. What the write-ahead log still has of
// it goes when the log is folded in, at the latest when the last process closes
// the directory.
func (tx *Tx) EraseFingerprint(holder tearline.PartyID, report tearline.ReportID) error {
	if err := tx.change("fingerprint of "+string(report), "update fingerprints set secret = zeroblob(length(secret)) where holder = ? and report = ?", holder, report); err != nil {
		return err
	}
	return tx.change("fingerprint of "+string(report), "update fingerprints set secret = x'' where holder = ? and report = ?", holder, report)
}

// An ApprovalRow is what somebody said of a proposed alternative: that its
// author stands behind it in such a context, or does not. Key is that of the
// rule and its context.
type ApprovalRow struct {
	Party        tearline.PartyID
	Key          string
	Rule         string
	Sentence     string
	Alternatives []string
	Officer      string
	At           time.Time
	Approved     bool
}

// PutApproval notes what somebody said of a proposal; it replaces what was said
// of it before.
func (tx *Tx) PutApproval(a ApprovalRow) error {
	return tx.put(`insert into approvals (party, key, rule, sentence, alternatives, officer, at, approved) values (?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (party, key) do update set rule = excluded.rule, sentence = excluded.sentence, alternatives = excluded.alternatives,
			officer = excluded.officer, at = excluded.at, approved = excluded.approved`,
		a.Party, a.Key, a.Rule, a.Sentence, jsonOf(&a.Alternatives), a.Officer, moment(a.At), a.Approved)
}

// Approvals returns what was said of proposals to a party, by key.
func (tx *Tx) Approvals(party tearline.PartyID) ([]ApprovalRow, error) {
	return all(tx, func(r *sql.Rows, a *ApprovalRow) error {
		return r.Scan(&a.Party, &a.Key, &a.Rule, &a.Sentence, jsonOf(&a.Alternatives), &a.Officer, (*moment)(&a.At), &a.Approved)
	}, "select party, key, rule, sentence, alternatives, officer, at, approved from approvals where party = ? order by key", party)
}
