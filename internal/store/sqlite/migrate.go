package sqlite

import (
	"context"
	"crypto/sha256"
	_ "embed" // for the migrations' texts
	"encoding/hex"
	"fmt"
	"time"

	"tearline"
)

// applicationID marks a database as Tearline's: "tear" in ASCII, in the header
// field that https://www.sqlite.org/pragma.html#pragma_application_id has for
// it.
const applicationID = 0x74656172

//go:embed schema/0001.sql
var schema0001 string

//go:embed schema/0002.sql
var schema0002 string

//go:embed schema/0003.sql
var schema0003 string

//go:embed schema/0004.sql
var schema0004 string

// A migration brings the tables from the version before to its own. What has
// been released is never edited: databases remember its checksum.
type migration struct {
	version  int
	checksum string // SHA-256 of sql
	sql      string
}

// migrations are all of them; versions count from 1 without gaps.
var migrations = []migration{
	{version: 1, checksum: "b9faafeb2754f6e6aec64e04def064d6deed6b3d34d007e2d53dba256377dac9", sql: schema0001},
	{version: 2, checksum: "6cda67ed76f6e8034e18e71a619e01de735364a80ddc5d98ed541e3d0a8cfb9e", sql: schema0002},
	{version: 3, checksum: "b3c9bdfd2f2fb7732ad0f24bece973146d7c25853c1d73118e260129d09bd300", sql: schema0003},
	{version: 4, checksum: "18ae3a6441683bf1218ebdcfbb29b24204b17c96fe586a75f57d37e9c1ac7379", sql: schema0004},
}

// latest is the version that this program reads and writes.
func latest() int { return migrations[len(migrations)-1].version }

func checksum(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// identity is what a database says of itself.
type identity struct{ application, version, tables int }

// empty reports whether nobody has put anything into the database.
func (i identity) empty() bool { return i == identity{} }

const identityQuery = `
	select (select application_id from pragma_application_id),
	       (select user_version from pragma_user_version),
	       (select count(*) from sqlite_schema)`

func (c *conn) identity(ctx context.Context) (i identity, err error) {
	err = c.QueryRowContext(ctx, identityQuery).Scan(&i.application, &i.version, &i.tables)
	return i, err
}

// prepare brings the tables up to date, or to life if create. A database that
// is not for this program to write is not touched.
func (db *DB) prepare(ctx context.Context, op string, create bool) error {
	c, err := db.take(ctx, op, db.writer)
	if err != nil {
		return err
	}
	defer db.writer.give(c)
	// Before anything is written, and once more under the lock: another
	// process may be at it.
	before, err := c.identity(ctx)
	if err != nil {
		return fault(op, err)
	}
	if err := db.admit(op, before, create); err != nil {
		return err
	}
	if before.version < latest() {
		if err := db.migrate(ctx, op, c, create); err != nil {
			return err
		}
	}
	if err := c.checkMigrations(ctx, op); err != nil {
		return err
	}
	return c.useWAL(ctx, op)
}

// admit decides whether a database is one to work with.
func (db *DB) admit(op string, i identity, create bool) error {
	switch {
	case i.empty() && create:
		return nil
	case i.empty():
		return &tearline.Error{
			Op: op, Kind: tearline.Invalid,
			Public: fmt.Sprintf("the data directory at %s was never finished", db.dir),
			Hint:   "run tearline init again",
		}
	case i.application != applicationID:
		return foreign(op, db.dir, fmt.Errorf("application id %#x", i.application))
	case i.version > latest():
		return newer(op, i.version)
	case create:
		return &tearline.Error{
			Op: op, Kind: tearline.Conflict, Err: ErrExists,
			Public: fmt.Sprintf("there is a data directory at %s already", db.dir),
			Hint:   "use it as it is, or name another with --data or $TEARLINE_DATA",
		}
	}
	return nil
}

func newer(op string, version int) error {
	return &tearline.Error{
		Op: op, Kind: tearline.Conflict,
		Public: fmt.Sprintf("the data directory is of version %d; this program knows versions up to %d", version, latest()),
		Hint:   "use the newer tearline that wrote it; nothing was changed",
	}
}

// migrate applies what is missing in one transaction.
func (db *DB) migrate(ctx context.Context, op string, c *conn, create bool) (err error) {
	if _, err := c.ExecContext(ctx, "begin immediate"); err != nil {
		return fault(op, err)
	}
	run := context.WithoutCancel(ctx)
	defer func() {
		if err != nil {
			// The first error is the one to tell.
			_, _ = c.ExecContext(run, "rollback")
		}
	}()
	now, err := c.identity(run)
	if err != nil {
		return fault(op, err)
	}
	if err := db.admit(op, now, create); err != nil {
		return err
	}
	for _, m := range migrations[now.version:] {
		if _, err := c.ExecContext(run, m.sql); err != nil {
			return fault(op, fmt.Errorf("migration %d: %w", m.version, err))
		}
		if _, err := c.ExecContext(run, "insert into migrations (version, checksum) values (?, ?)", m.version, m.checksum); err != nil {
			return fault(op, fmt.Errorf("migration %d: %w", m.version, err))
		}
	}
	// Pragmas take no parameters; both are numbers of ours.
	header := fmt.Sprintf("pragma application_id = %d; pragma user_version = %d; commit", applicationID, latest())
	_, err = c.ExecContext(run, header)
	return fault(op, err)
}

// checkMigrations compares the migrations that made the tables with those that
// this program has.
func (c *conn) checkMigrations(ctx context.Context, op string) error {
	rows, err := c.QueryContext(ctx, "select version, checksum from migrations order by version")
	if err != nil {
		return fault(op, err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var version int
		var sum string
		if err := rows.Scan(&version, &sum); err != nil {
			return fault(op, err)
		}
		if n >= len(migrations) || version != migrations[n].version || sum != migrations[n].checksum {
			return &tearline.Error{
				Op: op, Kind: tearline.Conflict, Err: fmt.Errorf("migration %d has checksum %s", version, sum),
				Public: "the data directory was laid out by another build of this program",
				Hint:   "use the tearline that made it; nothing was changed",
			}
		}
		n++
	}
	if err := rows.Err(); err != nil {
		return fault(op, err)
	}
	if n != latest() {
		return byTable(op, n)
	}
	return nil
}

// byTable reports that the header and the table of migrations disagree.
func byTable(op string, n int) error {
	return &tearline.Error{
		Op: op, Kind: tearline.Tampered, Err: fmt.Errorf("%d of %d migrations recorded", n, latest()),
		Public: "the database is damaged", Hint: damagedHint,
	}
}

// useWAL makes readers and the writer independent of each other. The mode
// stays with the file. SQLite does not wait for others that look at the file
// at that moment, such as who makes the same data directory, so this does.
func (c *conn) useWAL(ctx context.Context, op string) error {
	const pause = 20 * time.Millisecond
	for range int(patience / pause) {
		err := c.tryWAL(ctx, op)
		if tearline.KindOf(err) != tearline.Transient {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
	return c.tryWAL(ctx, op)
}

func (c *conn) tryWAL(ctx context.Context, op string) error {
	var mode string
	if err := c.QueryRowContext(ctx, "pragma journal_mode").Scan(&mode); err != nil {
		return fault(op, err)
	}
	if mode == "wal" {
		return nil
	}
	if err := c.QueryRowContext(ctx, "pragma journal_mode = wal").Scan(&mode); err != nil {
		return fault(op, err)
	}
	if mode != "wal" {
		return &tearline.Error{
			Op: op, Kind: tearline.Other, Err: fmt.Errorf("journal mode %s", mode),
			Public: "the file system of the data directory cannot share memory between programs",
			Hint:   "put the data directory on a local disk",
		}
	}
	return nil
}
