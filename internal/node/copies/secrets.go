// Package copies tells individual copies apart: it keeps the secrets by which
// they are worded, and compares them with what a leaked text shows of them,
// two persons asking and everything on record. It names a copy only within the
// bound stated before any was looked at, and never a person.
//
// How a party's books are read and written is the books' own affair. Copies is
// told it by its caller, as [Books], and imports no package that writes them.
package copies

import (
	"cmp"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"tearline"
	"tearline/internal/attribution"
	"tearline/internal/keys"
	"tearline/internal/store/sqlite"
	"tearline/leak/fingerprint"
)

// Books are one party's books, in a transaction. Every field must be given.
type Books struct {
	Tx    *sqlite.Tx
	Party tearline.PartyID
	Keys  *keys.Keys
	// Random returns so many random bytes.
	Random func(int) ([]byte, error)
	// Say says something in the party's name, indexed under refs, and returns
	// the statement and its place; nil where nothing is to be said.
	Say func(subjects []tearline.Subject, says tearline.Predicate, refs ...string) (tearline.StatementID, int64, error)
	// Report returns a report that the party holds.
	Report func(tearline.ReportID) (*tearline.Report, error)
	// Statement reads an entry.
	Statement func(sqlite.Entry) (tearline.Statement, error)
	// RefReport and RefStatement are what statements about a report, and about
	// another statement, are indexed under.
	RefReport    func(tearline.ReportID) string
	RefStatement func(tearline.StatementID) string
}

// Secrets tell the copies of one report apart.
type Secrets struct {
	row    sqlite.FingerprintRow
	report []byte // the report's secret
}

// SecretsOf returns the secrets of a report's copies, and whether there are
// any: none are made before the first individual copy, and they may have been
// destroyed.
func SecretsOf(b Books, report tearline.ReportID) (*Secrets, bool, error) {
	row, ok, err := b.Tx.Fingerprint(b.Party, report)
	if err != nil || !ok || len(row.Secret) == 0 {
		return nil, false, err
	}
	secret, err := b.Keys.Unwrap(about(b.Party, report), row.Secret)
	if err != nil {
		return nil, false, err
	}
	return &Secrets{row: row, report: secret}, true, nil
}

func about(holder tearline.PartyID, report tearline.ReportID) string {
	return "fingerprint " + string(holder) + " " + string(report)
}

// errErased is that the secrets of a report's copies have been destroyed: it
// goes out in its plain wording from then on.
var errErased = &tearline.Error{
	Op: "fingerprint", Kind: tearline.Conflict, Public: "the secrets of this report's copies have been destroyed",
	Hint: "it can be given out in its plain wording: --plain",
}

// MakeSecrets returns the secrets of a report's copies. If there are none, it
// makes them and says in the ledger what commits to them; their keys rest on
// the ledger as it then is. Other codes than the first are a Conflict.
func MakeSecrets(b Books, r *tearline.Report, code tearline.Code) (*Secrets, error) {
	row, ok, err := b.Tx.Fingerprint(b.Party, r.ID)
	switch {
	case err != nil:
		return nil, err
	case ok && len(row.Secret) == 0:
		return nil, errErased
	case ok && code != "" && row.Code != code:
		return nil, &tearline.Error{
			Op: "fingerprint", Kind: tearline.Conflict, Public: fmt.Sprintf("copies of %s are told apart by the code %s", r.ID, row.Code),
			Hint: "a report keeps the code of its first copy: leave --code out",
		}
	case ok:
		s, _, err := SecretsOf(b, r.ID)
		return s, err
	}
	return makeSecrets(b, r, cmp.Or(code, tearline.CodeNuida))
}

func makeSecrets(b Books, r *tearline.Report, code tearline.Code) (*Secrets, error) {
	report, err := b.Random(fingerprint.SecretSize)
	if err != nil {
		return nil, err
	}
	s := &Secrets{report: report, row: sqlite.FingerprintRow{Holder: b.Party, Report: r.ID, Code: code}}
	says, err := s.commit(r)
	if err != nil {
		return nil, err
	}
	id, index, err := b.Say(nil, says, b.RefReport(r.ID))
	if err != nil {
		return nil, err
	}
	s.row.Statement, s.row.Size = id, index+1
	root, err := tlog.TreeHash(s.row.Size, b.Tx.Hashes(b.Party))
	if err != nil {
		return nil, err
	}
	s.row.Root = root
	nonce, err := b.Random(keys.NonceSize)
	if err != nil {
		return nil, err
	}
	if s.row.Secret, err = b.Keys.Wrap(nonce, about(b.Party, r.ID), report); err != nil {
		return nil, err
	}
	return s, b.Tx.PutFingerprint(s.row)
}

// commit is what commits to the secrets of a report's portions, without
// telling them.
func (s *Secrets) commit(r *tearline.Report) (*tearline.Fingerprint, error) {
	says := &tearline.Fingerprint{Report: r.ID, Code: s.row.Code}
	for _, p := range Wordings(r) {
		secret, err := fingerprint.PortionSecret(s.report, s.row.Code, p.Ref, p.Wording)
		if err != nil {
			return nil, err
		}
		says.Portions = append(says.Portions, tearline.FingerprintedPortion{ID: p.Ref.Portion, Points: p.Wording.Points(), Commitment: secret.Commitment()})
	}
	return says, nil
}

// Commitment is what the statement must say that commits to the secrets of a
// report's copies, which there must be.
func Commitment(b Books, r *tearline.Report) (*tearline.Fingerprint, error) {
	s, ok, err := SecretsOf(b, r.ID)
	if err != nil || !ok {
		return nil, err
	}
	return s.commit(r)
}

// Of returns the keys of a portion, or of a portion's tear-line wording.
func (s *Secrets) Of(ref tearline.PortionRef, w tearline.Wording) (attribution.Keys, error) {
	secret, err := fingerprint.PortionSecret(s.report, s.row.Code, ref, w)
	return attribution.Keys{Secret: secret, Size: s.row.Size, Root: s.row.Root}, err
}

// Chooser chooses the wording of a reader.
func (s *Secrets) Chooser(r fingerprint.Reader) func(tearline.PortionID, tearline.Wording) ([]int, error) {
	return func(id tearline.PortionID, w tearline.Wording) ([]int, error) {
		k, err := s.Of(tearline.PortionRef{Report: s.row.Report, Portion: id}, w)
		if err != nil {
			return nil, err
		}
		return k.Secret.Key(fingerprint.Words, k.Size, k.Root).Of(w).Choices(r), nil
	}
}

// Erase destroys the secrets of a report's copies, and says so.
func Erase(b Books, report tearline.ReportID, officer, because string) (tearline.StatementID, error) {
	if strings.TrimSpace(officer) == "" || strings.TrimSpace(because) == "" {
		return "", &tearline.Error{
			Op: "fingerprint", Kind: tearline.Invalid, Public: "secrets destroyed without a name or a reason",
			Hint: "say who does it and why: --officer NAME --because TEXT",
		}
	}
	_, ok, err := SecretsOf(b, report)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", &tearline.Error{
			Op: "fingerprint", Kind: tearline.Conflict, Public: fmt.Sprintf("there are no secrets of copies of %s", report),
			Hint: "they are made with the first individual copy, and destroyed once",
		}
	}
	if err := b.Tx.EraseFingerprint(b.Party, report); err != nil {
		return "", err
	}
	id, _, err := b.Say(nil, &tearline.Erasure{Report: report, Officer: officer, Because: because}, b.RefReport(report))
	return id, err
}
