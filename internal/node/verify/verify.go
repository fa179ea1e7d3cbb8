// Package verify re-reads ledgers from their bytes: every signature, leaf and
// tree hash, and then every row of every table against the entry that it rests
// on, both ways. It changes nothing and mends nothing: it says what is wrong.
//
// How the books write things down is the books' own affair. Verify is told it
// by its caller, as [Books], and so sees the tables and the log alone: it
// imports no package that writes them.
package verify

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"tearline"
	"tearline/codec"
	"tearline/internal/store/sqlite"
	"tearline/ledger"
)

// Result is what re-reading one ledger came to.
type Result struct {
	Party tearline.PartyID `json:"party"`
	OK    bool             `json:"ok"`
	Size  int64            `json:"size"`
	Root  string           `json:"root"`
	// Reports, Disclosures and Copies count the rows that were held against
	// the entries they rest on.
	Reports     int      `json:"reports"`
	Disclosures int      `json:"disclosures"`
	Copies      int      `json:"copies"`
	Faults      []string `json:"faults"`
}

// Books are the books that are verified, and how they write things down. Every
// field must be given.
type Books struct {
	// Own is the party whose data directory it is: it records the parties.
	Own tearline.PartyID
	// Read runs a function on the tables as they stand, Change as a
	// transaction.
	Read, Change func(context.Context, func(*sqlite.Tx) error) error
	// Known returns a party's row, or an error that says that there is none.
	Known func(*sqlite.Tx, tearline.PartyID) (sqlite.PartyRow, error)
	// Entries streams a party's log in the form that the ledger checks.
	Entries func(context.Context, *sqlite.Tx, tearline.PartyID) iter.Seq2[ledger.Entry, error]
	// Fingerprint is what commits to the secrets by which a report's copies are
	// told apart.
	Fingerprint func(*sqlite.Tx, tearline.PartyID, *tearline.Report) (*tearline.Fingerprint, error)
	// Refs returns the names under which a statement is to be found.
	Refs func(tearline.Predicate) []string
	// Filing is what is said when a report is filed, and Subjects its content
	// by digest, salted from the report's seed.
	Filing   func(*tearline.Report) *tearline.Filing
	Subjects func(r *tearline.Report, seed []byte) []tearline.Subject
	// Answered returns a request's row with what became of it by what its
	// originator's ledger says.
	Answered func(*sqlite.Tx, sqlite.RequestRow) (sqlite.RequestRow, error)
	// Copy and Gist name the subjects of a disclosure that are no portions.
	Copy, Gist string
}

// Ledgers verifies the ledgers of the parties hosted in the books, and the
// tables, from their bytes. An empty as is all parties. What is wrong is in the
// results; an error says that something could not be read.
func Ledgers(ctx context.Context, b Books, as tearline.PartyID) ([]Result, error) {
	parties := []tearline.PartyID{as}
	var keys ledger.Verifiers
	err := b.Read(ctx, func(tx *sqlite.Tx) (err error) {
		var all []tearline.PartyID
		if keys, all, err = verifiers(tx); err != nil {
			return err
		}
		if as == "" {
			parties = all
			return nil
		}
		_, err = b.Known(tx, as)
		return err
	})
	if err != nil {
		return nil, err
	}
	list := []Result{}
	for _, p := range parties {
		v := verifier{book: b, ctx: ctx, keys: keys, Result: Result{Party: p, Faults: []string{}}}
		if err := v.noted(); err != nil {
			return nil, err
		}
		if err := b.Read(ctx, func(tx *sqlite.Tx) error { return v.verify(tx) }); err != nil {
			return nil, err
		}
		v.OK = len(v.Faults) == 0
		list = append(list, v.Result)
	}
	return list, nil
}

// verifiers returns the statement keys of all parties recorded here, and the
// parties in order.
func verifiers(tx *sqlite.Tx) (ledger.Verifiers, []tearline.PartyID, error) {
	rows, err := tx.Parties()
	if err != nil {
		return nil, nil, err
	}
	keys := ledger.Verifiers{}
	var parties []tearline.PartyID
	for _, r := range rows {
		keys[r.ID] = []string{r.StatementKey}
		parties = append(parties, r.ID)
	}
	return keys, parties, nil
}

// A verifier verifies one party's ledger and tables.
type verifier struct {
	Result
	book Books
	ctx  context.Context //nolint:containedctx // lives as long as one job
	tx   *sqlite.Tx
	keys ledger.Verifiers
	// found has the entries that the index finds under a name.
	found map[string]map[tearline.StatementID]bool
	// said counts the entries that must each have a row.
	said map[tearline.StatementKind]int
	// fingerprints counts the reports whose copies can or could be told apart.
	fingerprints int
}

func (v *verifier) fault(format string, args ...any) {
	const most = 100
	if len(v.Faults) < most {
		v.Faults = append(v.Faults, fmt.Sprintf(format, args...))
	}
}

// noted compares the ledger with what was last noted of it beside the
// database: one put back from a backup is older.
func (v *verifier) noted() error {
	err := v.book.Change(v.ctx, func(tx *sqlite.Tx) error { return tx.CheckNoted(v.Party) })
	if e, ok := errors.AsType[*tearline.Error](err); ok && e.Kind == tearline.Tampered {
		v.fault("%s", e.Public)
		return nil
	}
	return err
}

func (v *verifier) verify(tx *sqlite.Tx) error {
	v.tx, v.found, v.said = tx, map[string]map[tearline.StatementID]bool{}, map[tearline.StatementKind]int{}
	size, err := tx.LogSize(v.Party)
	if err != nil {
		return err
	}
	c, err := ledger.CheckLog(v.Party, v.keys, v.book.Entries(v.ctx, tx, v.Party), tx.Hashes(v.Party), size)
	if err != nil {
		if !errors.Is(err, ledger.ErrTampered) {
			return err
		}
		v.fault("%v", err)
	}
	v.Size, v.Root = c.Size, c.Root.String()
	for _, step := range []func() error{v.entries, v.reports, v.requests, v.parties} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// entries checks what is kept beside each envelope, that the index finds the
// entry, and that a copy has its row; and counts what else must have rows.
func (v *verifier) entries() error {
	for e, err := range v.tx.Entries(v.Party, 0) {
		if err := cmp.Or(err, v.ctx.Err()); err != nil {
			return err
		}
		s, err := ledger.Decode(e.Envelope)
		if err != nil {
			continue // CheckLog has said so
		}
		if s.ID != e.ID || s.Kind() != e.Kind || !s.At.Equal(e.At) || s.By != e.Log {
			v.fault("entry %d: what is kept beside it is not what it says", e.Index)
		}
		for _, ref := range v.book.Refs(s.Says) {
			ok, err := v.finds(ref, s.ID)
			if err != nil {
				return err
			}
			if !ok {
				v.fault("entry %d (%s %s) is not found under %s", e.Index, s.Kind(), s.ID, ref)
			}
		}
		if err := v.needs(s); err != nil {
			return err
		}
	}
	return nil
}

// needs counts an entry that must have a row, and looks for its copy.
func (v *verifier) needs(s tearline.Statement) error {
	if d, ok := s.Says.(*tearline.Disclosure); ok {
		if d.ToldTo != "" {
			return nil // an extract; the disclosure itself has the rows
		}
		c, there, err := v.tx.Copy(d.Copy)
		if err != nil {
			return err
		}
		if d.Copy != "" && (!there || c.Disclosure != s.ID) {
			v.fault("copy %s is in the ledger and not in the tables", d.Copy)
		}
	}
	v.said[s.Kind()]++
	return nil
}

// finds reports whether the index has an entry under a name.
func (v *verifier) finds(ref string, id tearline.StatementID) (bool, error) {
	set, ok := v.found[ref]
	if !ok {
		const most = 10_000
		if len(v.found) >= most {
			clear(v.found)
		}
		set = map[tearline.StatementID]bool{}
		for e, err := range v.tx.ByRef(ref) {
			if err != nil {
				return false, err
			}
			set[e.ID] = true
		}
		v.found[ref] = set
	}
	return set[id], nil
}

// rowsOf compares how many rows there are with how many entries say so.
func (v *verifier) rowsOf(k tearline.StatementKind, rows int) {
	if rows != v.said[k] {
		v.fault("%d entries of kind %s in the ledger, %d rows in the tables", v.said[k], k, rows)
	}
}

// statement reads the entry that a row rests on; a fault is noted if it is not
// in the party's ledger or not of that kind.
func (v *verifier) statement(of tearline.PartyID, id tearline.StatementID, kind tearline.StatementKind, what string) (tearline.Statement, bool, error) {
	e, ok, err := v.tx.Entry(id)
	if err != nil {
		return tearline.Statement{}, false, err
	}
	if !ok || e.Log != of {
		v.fault("%s: its %s %s is not in the ledger", what, kind, id)
		return tearline.Statement{}, false, nil
	}
	s, err := ledger.Decode(e.Envelope)
	if err != nil {
		return s, false, nil //nolint:nilerr // CheckLog has said so
	}
	if s.Kind() != kind {
		v.fault("%s: %s is no %s", what, id, kind)
		return s, false, nil
	}
	return s, true, nil
}

// same compares two predicates in their written form.
func same(a, b any) (bool, error) {
	x, err1 := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return string(x) == string(y), cmp.Or(err1, err2)
}

func (v *verifier) reports() error {
	disclosures := 0
	for row, err := range v.tx.EachReport(v.Party) {
		if err := cmp.Or(err, v.ctx.Err()); err != nil {
			return err
		}
		v.Reports++
		if err := v.report(row); err != nil {
			return err
		}
		n, err := v.passedOn(row.ID)
		if err != nil {
			return err
		}
		disclosures += n
	}
	v.Disclosures = disclosures
	v.rowsOf(tearline.KindFiling, v.Reports)
	v.rowsOf(tearline.KindDisclosure, v.Disclosures)
	v.rowsOf(tearline.KindFingerprint, v.fingerprints)
	return nil
}

// report checks that a report is still what its filing said.
func (v *verifier) report(row sqlite.ReportRow) error {
	what := fmt.Sprintf("report %s", row.ID)
	s, ok, err := v.statement(v.Party, row.Filing, tearline.KindFiling, what)
	if err != nil || !ok {
		return err
	}
	r, err := codec.UnmarshalReport(row.Body)
	if err != nil {
		v.fault("%s: %v", what, err)
		return nil
	}
	ok, err = same(s.Says, v.book.Filing(r))
	if err != nil {
		return err
	}
	if !ok || row.ID != r.ID {
		v.fault("%s: marks, originators or sources are not those of its filing", what)
	}
	subjects := v.book.Subjects(r, row.Seed)
	for i, sub := range subjects {
		if i >= len(s.Subjects) || s.Subjects[i] != sub {
			v.fault("%s: the text of %s is not what was filed", what, sub.Name)
		}
	}
	want := row
	want.Originator, want.Policy, want.Date, want.Banner = r.Originator, r.Policy, r.Date.Format(time.DateOnly), r.Banner.Banner()
	want.Title, want.Portions, want.Filed = r.DisplayTitle(), len(r.Portions), s.At
	if ok, err := same(row, want); err != nil || !ok {
		v.fault("%s: its line in the list is not what was filed", what)
		return err
	}
	return cmp.Or(v.derivations(r), v.fingerprint(r))
}

// derivations checks the edges from a report's portions to their sources.
func (v *verifier) derivations(r *tearline.Report) error {
	for i := range r.Portions {
		p := &r.Portions[i]
		ref := tearline.PortionRef{Report: r.ID, Portion: p.ID}
		stored, err := v.tx.SourcesOf(v.Party, ref)
		if err != nil {
			return err
		}
		if !sameSet(stored, p.Sources) {
			v.fault("portion %s: what it rests on is not what was filed", ref)
		}
	}
	return nil
}

// sameSet reports whether two lists name the same portions.
func sameSet(a, b []tearline.PortionRef) bool { return slices.Equal(distinct(a), distinct(b)) }

// distinct returns the portions that a list names, in order.
func distinct(list []tearline.PortionRef) []tearline.PortionRef {
	list = slices.Clone(list)
	slices.SortFunc(list, func(x, y tearline.PortionRef) int {
		return cmp.Or(cmp.Compare(x.Report, y.Report), cmp.Compare(x.Portion, y.Portion))
	})
	return slices.Compact(list)
}

// passedOn checks a report's disclosures, whom they exposed it to, and its
// copies; it returns the number of disclosures.
func (v *verifier) passedOn(id tearline.ReportID) (int, error) {
	rows, err := v.tx.Disclosures(v.Party, id)
	if err != nil {
		return 0, err
	}
	items := map[tearline.StatementID][]tearline.PortionRef{}
	for _, r := range rows {
		refs, err := v.disclosure(r)
		if err != nil {
			return 0, err
		}
		items[r.Statement] = refs
	}
	if err := v.exposed(items); err != nil {
		return 0, err
	}
	copies, err := v.tx.Copies(v.Party, id)
	if err != nil {
		return 0, err
	}
	for _, c := range copies {
		v.Copies++
		if err := v.copy(c); err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}

// disclosure checks one row and returns the portions that its entry names.
func (v *verifier) disclosure(r sqlite.DisclosureRow) ([]tearline.PortionRef, error) {
	what := fmt.Sprintf("disclosure %s of report %s", r.Statement, r.Report)
	s, ok, err := v.statement(v.Party, r.Statement, tearline.KindDisclosure, what)
	if err != nil || !ok {
		return nil, err
	}
	d, ok := s.Says.(*tearline.Disclosure)
	if !ok {
		return nil, nil
	}
	row := *d
	row.Report, row.Recipient, row.Mode, row.Copy, row.ToldTo = r.Report, r.Recipient, r.Mode, r.Copy, ""
	row.AfterFact, row.Occurred = r.AfterFact, r.Occurred
	if ok, err := same(d, &row); err != nil || !ok || !s.At.Equal(r.Recorded) {
		v.fault("%s: the row is not what was recorded", what)
	}
	for _, sub := range s.Subjects {
		if sub.Name == v.book.Gist && sub.Digest != tearline.DigestContent(r.Salt, r.Gist) {
			v.fault("%s: the gist is not what was recorded", what)
		}
	}
	var refs []tearline.PortionRef
	for _, it := range d.Items {
		refs = append(refs, it.Portion)
	}
	return refs, nil
}

// exposed checks that the rows by which a leak's sources are found name the
// portions of the entries.
func (v *verifier) exposed(items map[tearline.StatementID][]tearline.PortionRef) error {
	var all []tearline.PortionRef
	for _, id := range slices.Sorted(maps.Keys(items)) {
		all = append(all, items[id]...)
	}
	all = distinct(all)
	hits, err := v.tx.ExposedTo(v.Party, all)
	if err != nil {
		return err
	}
	rows := map[tearline.StatementID][]tearline.PortionRef{}
	for _, h := range hits {
		rows[h.Statement] = append(rows[h.Statement], h.Portion)
	}
	for id, refs := range items {
		if !sameSet(rows[id], refs) {
			v.fault("disclosure %s: the portions in the tables are not those that were recorded", id)
		}
	}
	return nil
}

func (v *verifier) copy(c sqlite.CopyRow) error {
	what := fmt.Sprintf("copy %s", c.ID)
	s, ok, err := v.statement(v.Party, c.Disclosure, tearline.KindDisclosure, what)
	if err != nil || !ok {
		return err
	}
	if !slices.Contains(s.Subjects, tearline.Subject{Name: v.book.Copy, Digest: c.Digest}) {
		v.fault("%s: its digest is not the recorded one", what)
	}
	d, ok := s.Says.(*tearline.Disclosure)
	if !ok || d.Copy != c.ID || d.Report != c.Report || d.Recipient != c.Recipient || !c.Made.Equal(s.At) {
		v.fault("%s: the row is not what was recorded", what)
		return nil
	}
	return nil
}

// fingerprint checks what tells the copies of a report apart: its row against
// the entry that commits to it, and both against the secret, unless that has
// been destroyed on record.
func (v *verifier) fingerprint(r *tearline.Report) error {
	row, ok, err := v.tx.Fingerprint(v.Party, r.ID)
	if err != nil || !ok {
		return err
	}
	v.fingerprints++
	what := fmt.Sprintf("what tells the copies of %s apart", r.ID)
	s, ok, err := v.statement(v.Party, row.Statement, tearline.KindFingerprint, what)
	if err != nil || !ok {
		return err
	}
	e, _, err := v.tx.Entry(row.Statement)
	if err != nil {
		return err
	}
	root, err := tlog.TreeHash(row.Size, v.tx.Hashes(v.Party))
	if err != nil || row.Size != e.Index+1 || root != tlog.Hash(row.Root) {
		v.fault("%s: it is not bound to the ledger as it was", what)
		return nil //nolint:nilerr // a size that the log does not have
	}
	if len(row.Secret) == 0 {
		return v.erased(r.ID, what)
	}
	says, err := v.book.Fingerprint(v.tx, v.Party, r)
	if err != nil {
		return err
	}
	if ok, err = same(s.Says, says); err == nil && !ok {
		v.fault("%s: the secret is not the one that was committed to", what)
	}
	return err
}

// erased checks that it is on record that a secret was destroyed.
func (v *verifier) erased(id tearline.ReportID, what string) error {
	for e, err := range v.tx.ByKind(v.Party, tearline.KindErasure) {
		if err != nil {
			return err
		}
		s, err := ledger.Decode(e.Envelope)
		if err != nil {
			continue // CheckLog has said so
		}
		if x, ok := s.Says.(*tearline.Erasure); ok && x.Report == id {
			return nil
		}
	}
	v.fault("%s: the secret is gone, and nobody said that it was destroyed", what)
	return nil
}

// requests checks the requests that the party made and what became of them.
func (v *verifier) requests() error {
	rows, err := v.tx.Requests(v.Party, "")
	if err != nil {
		return err
	}
	for _, r := range rows {
		what := fmt.Sprintf("request %s", r.ID)
		s, ok, err := v.statement(v.Party, r.ID, tearline.KindRequest, what)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		q, ok := s.Says.(*tearline.Request)
		if !ok || q.Originator != r.Originator || q.Recipient != r.Recipient || !slices.Equal(q.Portions, r.Portions) || !s.At.Equal(r.Asked) {
			v.fault("%s: the row is not what was asked", what)
		}
		if err := v.answer(r, what); err != nil {
			return err
		}
	}
	v.rowsOf(tearline.KindRequest, len(rows))
	return nil
}

// answer checks the state of a request against the originator's ledger.
func (v *verifier) answer(r sqlite.RequestRow, what string) error {
	said, err := v.book.Answered(v.tx, r)
	if err != nil {
		return err
	}
	if r.State != said.State || r.Answer != said.Answer || !r.Until.Equal(said.Until) || !slices.Equal(r.Conditions, said.Conditions) {
		v.fault("%s: what became of it is not what %s said", what, r.Originator)
	}
	return nil
}

// parties checks the directory of parties, which its own party records.
func (v *verifier) parties() error {
	if v.Party != v.book.Own {
		return nil
	}
	rows, err := v.tx.Parties()
	if err != nil {
		return err
	}
	recorded := map[tearline.PartyID]bool{}
	for e, err := range v.tx.ByKind(v.Party, tearline.KindParty) {
		if err != nil {
			return err
		}
		if s, err := ledger.Decode(e.Envelope); err == nil {
			if p, ok := s.Says.(*tearline.PartyRecord); ok {
				recorded[p.Party] = true
			}
		}
	}
	for _, r := range rows {
		what := fmt.Sprintf("party %s", r.ID)
		delete(recorded, r.ID)
		s, ok, err := v.statement(v.Party, r.Statement, tearline.KindParty, what)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		row := &tearline.PartyRecord{
			Party: r.ID, Name: r.Name, Nations: r.Nations, MemberOf: r.MemberOf, Protected: r.Protected, StatementKey: r.StatementKey, LogKey: r.LogKey,
		}
		if ok, err := same(s.Says, row); err != nil || !ok || !s.At.Equal(r.At) {
			v.fault("%s: the row is not what was recorded", what)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(recorded)) {
		v.fault("party %s is in the ledger and not in the tables", p)
	}
	return nil
}
