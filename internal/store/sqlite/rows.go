package sqlite

import (
	"database/sql"
	"fmt"
	"iter"
	"math"
	"time"

	"tearline"
)

// A PartyRow is what the newest record says of a party: who it is and its
// keys in verifier form, "" if it has told none. Statement is the record and
// At its time.
type PartyRow struct {
	tearline.Party
	StatementKey, LogKey string
	Statement            tearline.StatementID
	At                   time.Time
}

const partyColumns = "id, name, nations, member_of, protected, statement_key, log_key, statement, at"

func scanParty(r *sql.Rows, p *PartyRow) error {
	return r.Scan(&p.ID, &p.Name, jsonOf(&p.Nations), jsonOf(&p.MemberOf), &p.Protected, &p.StatementKey, &p.LogKey, &p.Statement, (*moment)(&p.At))
}

// PutParty keeps what is said of a party, unless what is kept was said later.
func (tx *Tx) PutParty(p PartyRow) error {
	return tx.put("insert into parties ("+partyColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict do update set name = excluded.name, nations = excluded.nations, member_of = excluded.member_of, protected = excluded.protected,
			statement_key = excluded.statement_key, log_key = excluded.log_key, statement = excluded.statement, at = excluded.at
		where excluded.at >= at`,
		p.ID, p.Name, jsonOf(&p.Nations), jsonOf(&p.MemberOf), p.Protected, p.StatementKey, p.LogKey, p.Statement, moment(p.At))
}

// Party returns what is kept of a party, and whether anything is.
func (tx *Tx) Party(id tearline.PartyID) (PartyRow, bool, error) {
	return one(tx, scanParty, "select "+partyColumns+" from parties where id = ?", id)
}

// Parties returns all parties by ID.
func (tx *Tx) Parties() ([]PartyRow, error) {
	return all(tx, scanParty, "select "+partyColumns+" from parties order by id")
}

// A ReportRow is a report as a holder holds it. Ordinal is its place in the
// order of filing, from 1, without gaps in one database; [Tx.PutReport] gives
// it. Seed and Body are the caller's: the secret from which salts derive, and
// the content. Filing is the statement that filed it, at Filed.
type ReportRow struct {
	Holder                      tearline.PartyID
	ID                          tearline.ReportID
	Ordinal                     int64
	Originator                  tearline.PartyID
	Policy, Date, Banner, Title string
	Portions                    int
	Seed, Body                  []byte
	Filing                      tearline.StatementID
	Filed                       time.Time
}

// An Edge says that From derives directly from Source. Both are portions that
// one holder holds.
type Edge struct {
	From, Source tearline.PortionRef
}

const (
	reportColumns = "holder, id, ordinal, originator, policy, date, banner, title, portions, filing, filed"
	// reportPage is how many reports with their bodies are read at once.
	reportPage = 32
)

func scanReportLine(r *sql.Rows, x *ReportRow) error {
	return r.Scan(&x.Holder, &x.ID, &x.Ordinal, &x.Originator, &x.Policy, &x.Date, &x.Banner, &x.Title, &x.Portions, &x.Filing, (*moment)(&x.Filed))
}

func scanReport(r *sql.Rows, x *ReportRow) error {
	return r.Scan(&x.Holder, &x.ID, &x.Ordinal, &x.Originator, &x.Policy, &x.Date, &x.Banner, &x.Title, &x.Portions, &x.Filing, (*moment)(&x.Filed), &x.Seed, &x.Body)
}

// PutReport adds a report, with the edges from its portions to their sources,
// after all others. Its Ordinal is not looked at. A report that the holder has
// already is a Conflict that wraps [ErrExists]; the transaction may go on
// after it. The filing must have been appended when the transaction ends.
func (tx *Tx) PutReport(r ReportRow, edges []Edge) error {
	if err := tx.writable(); err != nil {
		return err
	}
	for _, e := range edges {
		if e.From.Report != r.ID {
			return misuse(tx.op, "edge from %s in report %s", e.From, r.ID)
		}
	}
	number, err := tx.newest(r.Holder)
	if err != nil {
		return err
	}
	_, err = tx.insert("report "+string(r.ID), `insert into reports
		(holder, number, id, originator, policy, date, banner, title, portions, filing, filed, seed, body)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.Holder, number+1, r.ID, r.Originator, r.Policy, r.Date, r.Banner, r.Title, r.Portions, r.Filing, moment(r.Filed), blob(r.Seed), blob(r.Body))
	if err != nil {
		return err
	}
	tx.numbers[r.Holder] = number + 1
	for _, e := range edges {
		err := tx.put(`insert into edges (holder, source_report, source_portion, derived_report, derived_portion)
			values (?, ?, ?, ?, ?) on conflict do nothing`,
			r.Holder, e.Source.Report, e.Source.Portion, e.From.Report, e.From.Portion)
		if err != nil {
			return err
		}
	}
	return nil
}

// newest returns the number of a holder's newest report, 0 if it has none.
func (tx *Tx) newest(holder tearline.PartyID) (int64, error) {
	if n, ok := tx.numbers[holder]; ok {
		return n, nil
	}
	n, _, err := one(tx, scanInt, "select number from reports where holder = ? order by ordinal desc limit 1", holder)
	if err != nil {
		return 0, err
	}
	if tx.numbers == nil {
		tx.numbers = map[tearline.PartyID]int64{}
	}
	tx.numbers[holder] = n
	return n, nil
}

// Report returns a report of a holder's, and whether it has it.
func (tx *Tx) Report(holder tearline.PartyID, id tearline.ReportID) (ReportRow, bool, error) {
	return one(tx, scanReport, "select "+reportColumns+", seed, body from reports where holder = ? and id = ?", holder, id)
}

// Reports returns a holder's reports without Seed and Body, the newest first:
// at most limit of those with an Ordinal below before, or of all if before is
// 0. Fewer than limit means that there are no more.
func (tx *Tx) Reports(holder tearline.PartyID, before int64, limit int) ([]ReportRow, error) {
	if limit < 1 || before < 0 {
		return nil, misuse(tx.op, "%d reports before %d", limit, before)
	}
	if before == 0 {
		before = math.MaxInt64
	}
	return all(tx, scanReportLine, "select "+reportColumns+" from reports where holder = ? and ordinal < ? order by ordinal desc limit ?",
		holder, before, limit)
}

// EachReport returns a holder's reports with Seed and Body, the oldest first.
func (tx *Tx) EachReport(holder tearline.PartyID) iter.Seq2[ReportRow, error] {
	return pages(func(last *ReportRow) ([]ReportRow, error) {
		var after int64
		if last != nil {
			after = last.Ordinal
		}
		return all(tx, scanReport, "select "+reportColumns+", seed, body from reports where holder = ? and ordinal > ? order by ordinal limit ?",
			holder, after, reportPage)
	})
}

// CountReports returns the number of a holder's reports.
func (tx *Tx) CountReports(holder tearline.PartyID) (int64, error) { return tx.newest(holder) }

func scanRef(r *sql.Rows, p *tearline.PortionRef) error { return r.Scan(&p.Report, &p.Portion) }

// DerivedFrom returns the portions that derive directly from a source, by
// name.
func (tx *Tx) DerivedFrom(holder tearline.PartyID, source tearline.PortionRef) ([]tearline.PortionRef, error) {
	return all(tx, scanRef, `select derived_report, derived_portion from edges
		where holder = ? and source_report = ? and source_portion = ? order by 1, 2`, holder, source.Report, source.Portion)
}

// SourcesOf returns the portions from which one derives directly, by name.
func (tx *Tx) SourcesOf(holder tearline.PartyID, from tearline.PortionRef) ([]tearline.PortionRef, error) {
	return all(tx, scanRef, `select source_report, source_portion from edges
		where holder = ? and derived_report = ? and derived_portion = ? order by 1, 2`, holder, from.Report, from.Portion)
}

// A RequestRow is a request for consent and what became of it. ID is the
// request's statement and Answer the consent's, "" while there is none. State
// is the caller's word for where it stands; Conditions and Until are those of
// the answer.
type RequestRow struct {
	ID                            tearline.StatementID
	Holder, Originator, Recipient tearline.PartyID
	Report                        tearline.ReportID
	Portions                      []tearline.PortionRef
	State                         string
	Conditions                    []tearline.Condition
	Until                         time.Time
	Answer                        tearline.StatementID
	Asked                         time.Time
}

const requestColumns = "id, holder, originator, recipient, report, portions, state, conditions, until, answer, asked"

func scanRequest(r *sql.Rows, q *RequestRow) error {
	return r.Scan(&q.ID, &q.Holder, &q.Originator, &q.Recipient, &q.Report, jsonOf(&q.Portions), &q.State,
		jsonOf(&q.Conditions), (*moment)(&q.Until), &q.Answer, (*moment)(&q.Asked))
}

// PutRequest adds a request. One that is there already is a Conflict that
// wraps [ErrExists].
func (tx *Tx) PutRequest(q RequestRow) error {
	_, err := tx.insert("request "+string(q.ID), "insert into requests ("+requestColumns+") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		q.ID, q.Holder, q.Originator, q.Recipient, q.Report, jsonOf(&q.Portions), q.State,
		jsonOf(&q.Conditions), moment(q.Until), q.Answer, moment(q.Asked))
	return err
}

// UpdateRequest replaces what became of the request of that ID: State,
// Conditions, Until, Answer. There being none is a Conflict that wraps
// [ErrAbsent].
func (tx *Tx) UpdateRequest(q RequestRow) error {
	return tx.change("request "+string(q.ID), "update requests set state = ?, conditions = ?, until = ?, answer = ? where id = ?",
		q.State, jsonOf(&q.Conditions), moment(q.Until), q.Answer, q.ID)
}

// Request returns a request, and whether there is one.
func (tx *Tx) Request(id tearline.StatementID) (RequestRow, bool, error) {
	return one(tx, scanRequest, "select "+requestColumns+" from requests where id = ?", id)
}

// FindRequests returns the requests put to an originator whose ID begins with
// a text, at most the first ten, by ID. Those put to others are not looked at.
func (tx *Tx) FindRequests(originator tearline.PartyID, idPrefix string) ([]RequestRow, error) {
	return all(tx, scanRequest, "select "+requestColumns+" from requests indexed by requests_name where originator = ? and id >= ? and id < ? order by id limit ?",
		originator, idPrefix, afterPrefix(idPrefix), maxFound)
}

// Requests returns the requests that a holder made or an originator was asked,
// by the time of asking. "" is any; with both, both must be.
func (tx *Tx) Requests(holder, originator tearline.PartyID) ([]RequestRow, error) {
	where := "?1 = '' and ?2 = ''"
	switch {
	case holder != "":
		where = "holder = ?1 and (?2 = '' or originator = ?2)"
	case originator != "":
		where = "?1 = '' and originator = ?2"
	}
	return all(tx, scanRequest, fmt.Sprintf("select %s from requests where %s order by asked, seq", requestColumns, where), holder, originator)
}
