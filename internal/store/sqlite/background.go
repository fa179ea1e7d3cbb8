package sqlite

import (
	"database/sql"
	"encoding/json"
	"iter"
	"math"
	"time"

	"tearline"
)

// A BackgroundRow is a public text: news that everybody may have read. ID is
// its place in the order of adding, from 1; [Tx.AddBackground] gives it. Key
// names it within its source. Published is zero if it does not say.
type BackgroundRow struct {
	ID                            int64
	Source, Key, Title, URL, Text string
	Published                     time.Time
}

const (
	backgroundColumns = "id, source, key, title, url, published, text"
	// backgroundPage is how many public texts are read at once.
	backgroundPage = 64
)

func scanBackground(r *sql.Rows, b *BackgroundRow) error {
	return r.Scan(&b.ID, &b.Source, &b.Key, &b.Title, &b.URL, (*moment)(&b.Published), &b.Text)
}

// AddBackground adds a public text, unless its source has one of that key
// already, and reports whether it did. Its ID is not looked at.
func (tx *Tx) AddBackground(b BackgroundRow) (added bool, err error) {
	return tx.add(`insert into background (source, key, title, url, published, text) values (?, ?, ?, ?, ?, ?)
		on conflict do nothing`, b.Source, b.Key, b.Title, b.URL, moment(b.Published), b.Text)
}

// add inserts a row unless it is there, and reports whether it did.
func (tx *Tx) add(query string, args ...any) (bool, error) {
	res, err := tx.exec(query, args...)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return false, tx.spoil(err)
	}
	return n > 0, nil
}

// Background returns a public text, and whether there is one.
func (tx *Tx) Background(id int64) (BackgroundRow, bool, error) {
	return one(tx, scanBackground, "select "+backgroundColumns+" from background where id = ?", id)
}

// EachBackground returns the public texts with an ID above after, in its
// order.
func (tx *Tx) EachBackground(after int64) iter.Seq2[BackgroundRow, error] {
	return pages(func(last *BackgroundRow) ([]BackgroundRow, error) {
		if last != nil {
			after = last.ID
		}
		return all(tx, scanBackground, "select "+backgroundColumns+" from background where id > ? order by id limit ?", after, backgroundPage)
	})
}

// CountBackground returns the number of public texts: the newest's ID.
func (tx *Tx) CountBackground() (int64, error) {
	n, _, err := one(tx, scanInt, "select coalesce(max(id), 0) from background")
	return n, err
}

// A WatchedRow is how it stands with a feed that a party watches: what its
// server gave to ask it again with, when it was last tried, not before when it
// may be tried again, and how often in a row it has failed.
type WatchedRow struct {
	Party          tearline.PartyID
	Feed           string
	ETag, Modified string
	Tried, Next    time.Time
	Failures       int
}

const watchedColumns = "party, feed, etag, last_modified, tried, next, failures"

func scanWatched(r *sql.Rows, w *WatchedRow) error {
	return r.Scan(&w.Party, &w.Feed, &w.ETag, &w.Modified, (*moment)(&w.Tried), (*moment)(&w.Next), &w.Failures)
}

// PutWatched keeps how it stands with a feed, in the place of what was kept.
func (tx *Tx) PutWatched(w WatchedRow) error {
	return tx.put("insert into watched ("+watchedColumns+`) values (?, ?, ?, ?, ?, ?, ?)
		on conflict do update set etag = excluded.etag, last_modified = excluded.last_modified,
			tried = excluded.tried, next = excluded.next, failures = excluded.failures`,
		w.Party, w.Feed, w.ETag, w.Modified, moment(w.Tried), moment(w.Next), w.Failures)
}

// Watched returns how it stands with a feed of a party's, and whether the
// party has ever watched it.
func (tx *Tx) Watched(party tearline.PartyID, feed string) (WatchedRow, bool, error) {
	return one(tx, scanWatched, "select "+watchedColumns+" from watched where party = ? and feed = ?", party, feed)
}

// MarkSeen notes that a party has looked at an item of a feed, and reports
// whether that is new.
func (tx *Tx) MarkSeen(party tearline.PartyID, feed string, item tearline.Digest, at time.Time) (added bool, err error) {
	return tx.add("insert into watched_items (party, feed, item, at) values (?, ?, ?, ?) on conflict do nothing",
		party, feed, digest(item), moment(at))
}

// Seen reports whether a party has looked at an item of a feed.
func (tx *Tx) Seen(party tearline.PartyID, feed string, item tearline.Digest) (bool, error) {
	_, ok, err := one(tx, scanInt, "select 1 from watched_items where party = ? and feed = ? and item = ?", party, feed, digest(item))
	return ok, err
}

// A CaseRow is a party's file on one published text that draws on what it
// holds. Number is its place in the order of opening, from 1; [Tx.PutCase]
// gives it. Text is what was published and Result what came of comparing it,
// the caller's JSON. Sighting is the statement that recorded it, "" as long as
// there is none.
type CaseRow struct {
	Party             tearline.PartyID
	Number            int64
	ID                string
	Opened, Published time.Time
	Title, URL, Text  string
	Sighting          tearline.StatementID
	Result            json.RawMessage
}

const caseColumns = "party, number, id, opened, published, title, url, sighting"

func scanCaseLine(r *sql.Rows, c *CaseRow) error {
	return r.Scan(&c.Party, &c.Number, &c.ID, (*moment)(&c.Opened), (*moment)(&c.Published), &c.Title, &c.URL, &c.Sighting)
}

func scanCase(r *sql.Rows, c *CaseRow) error {
	var result string
	err := r.Scan(&c.Party, &c.Number, &c.ID, (*moment)(&c.Opened), (*moment)(&c.Published), &c.Title, &c.URL, &c.Sighting, &c.Text, &result)
	c.Result = json.RawMessage(result)
	return err
}

// PutCase opens a case after all others of its party. Its Number is not looked
// at. One that the party has already is a Conflict that wraps [ErrExists]; the
// transaction may go on after it.
func (tx *Tx) PutCase(c CaseRow) error {
	if err := tx.writable(); err != nil {
		return err
	}
	newest, _, err := one(tx, scanInt, "select number from cases where party = ? order by number desc limit 1", c.Party)
	if err != nil {
		return err
	}
	_, err = tx.insert("case "+c.ID, "insert into cases ("+caseColumns+", text, result) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		c.Party, newest+1, c.ID, moment(c.Opened), moment(c.Published), c.Title, c.URL, c.Sighting, c.Text, string(c.Result))
	return err
}

// Case returns a case of a party's, and whether it has it. Those of others are
// not looked at.
func (tx *Tx) Case(party tearline.PartyID, id string) (CaseRow, bool, error) {
	return one(tx, scanCase, "select "+caseColumns+", text, result from cases where party = ? and id = ?", party, id)
}

// Cases returns a party's cases without Text and Result, the newest first: at
// most limit of those with a Number below before, or of all if before is 0.
func (tx *Tx) Cases(party tearline.PartyID, before int64, limit int) ([]CaseRow, error) {
	if limit < 1 || before < 0 {
		return nil, misuse(tx.op, "%d cases before %d", limit, before)
	}
	if before == 0 {
		before = math.MaxInt64
	}
	return all(tx, scanCaseLine, "select "+caseColumns+" from cases where party = ? and number < ? order by number desc limit ?", party, before, limit)
}

// SightCase notes the statement that recorded a case. There being no such case
// of the party's is a Conflict that wraps [ErrAbsent].
func (tx *Tx) SightCase(party tearline.PartyID, id string, sighting tearline.StatementID) error {
	return tx.change("case "+id, "update cases set sighting = ? where party = ? and id = ?", sighting, party, id)
}
