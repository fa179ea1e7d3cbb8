package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"tearline"
)

// A Tx is a transaction; see [DB.Read] and [DB.Write], which alone make one.
// Inside [DB.Write] it sees its own writes. It is for one goroutine.
//
// The sequences that it returns read page by page and keep nothing open
// between steps: the caller may use the Tx while it ranges over one. After an
// error, which comes with a zero value, a sequence ends.
type Tx struct {
	db     *DB
	conn   *conn
	op     string
	ctx    context.Context // the caller's, looked at before each statement
	run    context.Context // never cancelled: a statement ends, so that its effect is known
	writes bool
	open   bool  // the database is in a transaction
	err    error // why nothing more can be done in it

	trees   map[tearline.PartyID]*tree
	numbers map[tearline.PartyID]int64 // of the holders' newest reports
}

// begin opens the transaction. Looking at the version does two things: it
// takes the snapshot, and it stops a program that a newer one has overtaken.
func (tx *Tx) begin() error {
	begin := "begin"
	if tx.writes {
		begin = "begin immediate"
	}
	if err := tx.conn.prepare(tx.run, begin); err != nil {
		return fault(tx.op, err)
	}
	// With the caller's context, as this may wait for another process. It
	// may begin just as the context ends: open whatever it returns.
	tx.open = true
	if _, err := tx.conn.stmts[begin].ExecContext(tx.ctx); err != nil {
		return fault(tx.op, err)
	}
	var version int
	err := tx.each(func(r *sql.Rows) error { return r.Scan(&version) }, "pragma user_version")
	if err == nil && version != latest() {
		err = newer(tx.op, version)
	}
	return err
}

// end runs "commit" or "rollback".
func (tx *Tx) end(how string) error {
	if err := tx.conn.prepare(tx.run, how); err != nil {
		return err
	}
	if _, err := tx.conn.stmts[how].ExecContext(tx.run); err != nil {
		return err
	}
	tx.open = false
	return nil
}

// commit writes what the transaction has held back and ends it.
func (tx *Tx) commit() error {
	if tx.err != nil {
		return tx.err
	}
	for _, t := range tx.trees {
		if err := t.flush(); err != nil {
			return err
		}
	}
	if err := tx.ctx.Err(); err != nil {
		return fault(tx.op, err)
	}
	return fault(tx.op, tx.end("commit"))
}

// spoil records why nothing more can be done and returns it. After some
// faults SQLite has rolled back by itself, and what came next would be
// committed on its own.
func (tx *Tx) spoil(err error) error {
	if tx.err == nil {
		tx.err = fault(tx.op, err)
	}
	return tx.err
}

// ready reports whether the transaction can go on.
func (tx *Tx) ready() error {
	if tx.err != nil {
		return tx.err
	}
	if err := tx.ctx.Err(); err != nil {
		return tx.spoil(err)
	}
	return nil
}

// writable is ready for a method that writes.
func (tx *Tx) writable() error {
	if !tx.writes {
		return misuse(tx.op, "write in a transaction that reads")
	}
	return tx.ready()
}

// exec runs a statement that writes. The error of a duplicate comes as SQLite
// gives it, any other has spoilt the transaction.
func (tx *Tx) exec(query string, args ...any) (sql.Result, error) {
	if err := tx.writable(); err != nil {
		return nil, err
	}
	if err := tx.conn.prepare(tx.run, query); err != nil {
		return nil, tx.spoil(err)
	}
	res, err := tx.conn.stmts[query].ExecContext(tx.run, args...)
	if isDuplicate(err) {
		return nil, err // the statement has changed nothing: the caller decides
	}
	if err != nil {
		return nil, tx.spoil(err)
	}
	return res, nil
}

// insert adds a row and returns its id; a duplicate of what is a Conflict.
func (tx *Tx) insert(what string, query string, args ...any) (int64, error) {
	res, err := tx.exec(query, args...)
	if isDuplicate(err) {
		return 0, exists(tx.op, what)
	}
	if err != nil {
		return 0, err
	}
	id, err := res.LastInsertId()
	if err != nil {
		return 0, tx.spoil(err)
	}
	return id, nil
}

// put writes rows among which none can be a duplicate.
func (tx *Tx) put(query string, args ...any) error {
	_, err := tx.exec(query, args...)
	if isDuplicate(err) {
		return tx.spoil(err)
	}
	return err
}

// change updates one row; there being none is a Conflict.
func (tx *Tx) change(what string, query string, args ...any) error {
	res, err := tx.exec(query, args...)
	if isDuplicate(err) {
		return tx.spoil(err)
	}
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return tx.spoil(err)
	}
	if n == 0 {
		return absent(tx.op, what)
	}
	return nil
}

// each calls scan for every row.
func (tx *Tx) each(scan func(*sql.Rows) error, query string, args ...any) error {
	if err := tx.ready(); err != nil {
		return err
	}
	if err := tx.conn.prepare(tx.run, query); err != nil {
		return tx.spoil(err)
	}
	rows, err := tx.conn.stmts[query].QueryContext(tx.run, args...)
	if err != nil {
		return tx.spoil(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return tx.spoil(err)
		}
	}
	if err := rows.Err(); err != nil {
		return tx.spoil(err)
	}
	return nil
}

// all returns every row of a query.
func all[T any](tx *Tx, scan func(*sql.Rows, *T) error, query string, args ...any) ([]T, error) {
	var list []T
	err := tx.each(func(r *sql.Rows) error {
		var v T
		if err := scan(r, &v); err != nil {
			return err
		}
		list = append(list, v)
		return nil
	}, query, args...)
	if err != nil {
		return nil, err
	}
	return list, nil
}

// one returns the first row of a query, and whether there is one.
func one[T any](tx *Tx, scan func(*sql.Rows, *T) error, query string, args ...any) (v T, ok bool, err error) {
	list, err := all(tx, scan, query, args...)
	if err != nil || len(list) == 0 {
		return v, false, err
	}
	return list[0], true, nil
}

// pages makes one sequence of pages. next returns what follows last, nil at
// the beginning; an empty page is the end.
func pages[T any](next func(last *T) ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var last *T
		for {
			page, err := next(last)
			if err != nil {
				var zero T
				yield(zero, err)
				return
			}
			if len(page) == 0 {
				return
			}
			for _, v := range page {
				if !yield(v, nil) {
					return
				}
			}
			last = &page[len(page)-1]
		}
	}
}

// Meta returns a setting of the data directory, and whether it is set.
func (tx *Tx) Meta(key string) (string, bool, error) {
	return one(tx, scanText, "select value from meta where key = ?", key)
}

// SetMeta sets a setting of the data directory.
func (tx *Tx) SetMeta(key, value string) error {
	return tx.put("insert into meta (key, value) values (?, ?) on conflict do update set value = excluded.value", key, value)
}

func scanText(r *sql.Rows, v *string) error { return r.Scan(v) }

// moment is a time as it is stored: a UTC text with no zone and no zeros after
// the last digit that matters, so that texts sort as times do. The zero time
// is "".
type moment time.Time

const momentLayout = "2006-01-02T15:04:05.999999999"

// Value implements [driver.Valuer].
func (m moment) Value() (driver.Value, error) {
	t := time.Time(m)
	if t.IsZero() {
		return "", nil
	}
	t = t.UTC()
	if y := t.Year(); y < 0 || y > 9999 {
		return nil, &tearline.Error{Op: "store", Kind: tearline.Invalid, Public: fmt.Sprintf("year %d: want 0 to 9999", y), Hint: "leave the time out if there is no end"}
	}
	return t.Format(momentLayout), nil
}

// Scan implements [sql.Scanner].
func (m *moment) Scan(src any) error {
	s, ok := src.(string)
	if !ok {
		return fmt.Errorf("time: got %T", src)
	}
	if s == "" {
		*m = moment{}
		return nil
	}
	t, err := time.Parse(momentLayout, s)
	*m = moment(t)
	return err
}

// document is a list or map as it is stored: JSON, "" if it is empty.
type document[T any] struct{ v *T }

// jsonOf stores and reads what v points to as JSON.
func jsonOf[T any](v *T) document[T] { return document[T]{v} }

// Value implements [driver.Valuer].
func (d document[T]) Value() (driver.Value, error) {
	b, err := json.Marshal(d.v)
	if s := string(b); s == "null" || s == "[]" || s == "{}" {
		return "", err
	}
	return string(b), err
}

// Scan implements [sql.Scanner].
func (d document[T]) Scan(src any) error {
	s, ok := src.(string)
	if !ok {
		return fmt.Errorf("document: got %T", src)
	}
	if s == "" {
		*d.v = *new(T)
		return nil
	}
	return json.Unmarshal([]byte(s), d.v)
}

// digest is a digest as it is stored: its bytes.
type digest tearline.Digest

// Value implements [driver.Valuer].
func (d digest) Value() (driver.Value, error) { return d[:], nil }

// Scan implements [sql.Scanner].
func (d *digest) Scan(src any) error {
	b, ok := src.([]byte)
	if !ok || len(b) != len(d) {
		return errors.New("digest: not 32 bytes")
	}
	copy(d[:], b)
	return nil
}

// blob makes absent bytes empty ones: the columns take no null.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
