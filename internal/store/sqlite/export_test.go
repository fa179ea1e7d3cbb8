package sqlite

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tearline"
)

// Exec runs SQL on the writing connection, outside any transaction.
func (db *DB) Exec(query string) error {
	c, err := db.take(context.Background(), "test", db.writer)
	if err != nil {
		return err
	}
	defer db.writer.give(c)
	_, err = c.ExecContext(context.Background(), query)
	return err
}

// Ask returns the single value of a query on the writing connection.
func (db *DB) Ask(query string) (v int64, err error) {
	c, err := db.take(context.Background(), "test", db.writer)
	if err != nil {
		return 0, err
	}
	defer db.writer.give(c)
	err = c.QueryRowContext(context.Background(), query).Scan(&v)
	return v, err
}

// Plans returns how SQLite answers the queries that the connections have
// prepared.
func (db *DB) Plans() (map[string]string, error) {
	plans := map[string]string{}
	for _, from := range []*pool{db.writer, db.readers} {
		c, err := db.take(context.Background(), "test", from)
		if err != nil {
			return nil, err
		}
		defer from.give(c)
		for query := range c.stmts {
			rows, err := c.QueryContext(context.Background(), "explain query plan "+query, make([]any, strings.Count(query, "?"))...)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", query, err)
			}
			defer rows.Close()
			for rows.Next() {
				var id, parent, unused int
				var detail string
				if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
					return nil, err
				}
				plans[query] += detail + "; "
			}
			if err := rows.Err(); err != nil {
				return nil, err
			}
		}
	}
	return plans, nil
}

// SetPatience shortens the wait for other writers.
func (db *DB) SetPatience(d time.Duration) { db.wait = d }

// Migrations returns the checksum on record and that of the text, by version.
func Migrations() (onRecord, actual []string) {
	for i, m := range migrations {
		if m.version != i+1 {
			panic("versions do not count from 1")
		}
		onRecord = append(onRecord, m.checksum)
		actual = append(actual, checksum(m.sql))
	}
	return onRecord, actual
}

// ParseNote reads the text of a note and returns it as it would be written.
func ParseNote(text string, log tearline.PartyID) (string, error) {
	n, err := parseNote(text, log)
	return n.text(log), err
}

// ChunkHashes is how many hashes a row holds.
const ChunkHashes = chunkHashes
