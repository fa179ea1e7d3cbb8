// Package sqlite keeps a data directory: the ledgers of the parties hosted
// there and, derived from them in the same transaction, the tables that
// questions need. One SQLite file, no server, no C compiler.
//
// Everything that is read or written goes through a transaction, [DB.Read] or
// [DB.Write]. A read is a snapshot and waits for nobody; there is one writer
// at a time, in this process or another, and the others wait for it, up to ten
// seconds. What [DB.Write] has acknowledged is on the disk: a crash at any
// instant neither loses nor repeats an entry, and no row that speaks of a
// statement outlives its entry. No state is kept from one transaction to the
// next, as another process may have written in between; the one exception is
// that the check against a database put back from a backup is made once per
// ledger.
//
// Nothing else in the process may open the database's file: when it is closed
// again, POSIX drops the locks that SQLite has on it.
//
// The package stores; it does not judge. It verifies no signature, decides
// nothing, knows no party's rights: whoever may not see a row must not be
// handed what it returns. It reads no clock and draws no random numbers.
//
// Errors that a user can do something about are [tearline.Error]s. Their
// Public and Hint name what the caller named and nothing else that is stored;
// only [Create] and [Open] speak of paths, of the directory that the user
// named.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	driver "modernc.org/sqlite"

	"tearline"
)

const (
	fileName = "tearline.db"
	// patience is how long a transaction waits for another to end.
	patience = 10 * time.Second
	// maxReaders bounds the transactions that read at once; each holds a
	// connection with a page cache of its own.
	maxReaders = 16
)

// A DB is an open data directory. Its methods may be called by several
// goroutines; several processes may have the same directory open.
type DB struct {
	dir    string
	source *sql.DB // opens connections; which of them is used for what is our own affair
	wait   time.Duration

	writer, readers *pool
	closed          chan struct{}
	closing         sync.Once

	// noted names the ledgers whose size has been compared with the file
	// beside the database. Guarded by the writing connection.
	noted map[tearline.PartyID]bool
	// notes guards the files written by NoteSize.
	notes sync.Mutex
}

// A pool holds connections for one use, at most as many as there are slots.
type pool struct {
	slots chan struct{}
	reads bool

	mu   sync.Mutex
	idle []*conn // the last one is the warmest
}

func newPool(slots int, reads bool) *pool {
	return &pool{slots: make(chan struct{}, slots), reads: reads}
}

// A conn is one connection and the statements prepared on it.
type conn struct {
	*sql.Conn
	stmts map[string]*sql.Stmt
}

// Create makes a data directory, or fills an empty one. It is for its owner
// only: directory 0700, database 0600. A directory that is initialised already
// is a Conflict; one whose initialisation was cut short is finished.
func Create(ctx context.Context, dir string) (*DB, error) {
	const op = "store.create"
	if err := makePrivate(op, dir); err != nil {
		return nil, err
	}
	// SQLite would make the file readable by others. O_EXCL, as closing a
	// second descriptor of a database in use would drop its locks.
	f, err := os.OpenFile(filepath.Join(dir, fileName), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // the directory is the user's choice
	switch {
	case err == nil:
		err = errors.Join(f.Close(), syncDir(dir), syncDir(filepath.Dir(dir)))
	case errors.Is(err, fs.ErrExist):
		err = nil
	}
	if err != nil {
		return nil, fault(op, err)
	}
	return start(ctx, op, dir, true)
}

// Open opens a data directory that [Create] made, bringing its tables up to
// date if an older version of the program made it. There being none is
// Invalid; one made by a newer version is a Conflict and is left as it is.
func Open(ctx context.Context, dir string) (*DB, error) {
	const op = "store.open"
	info, err := os.Stat(filepath.Join(dir, fileName))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &tearline.Error{
			Op: op, Kind: tearline.Invalid, Err: err,
			Public: fmt.Sprintf("no data directory at %s", dir),
			Hint:   "run tearline init, or name the directory with --data or $TEARLINE_DATA",
		}
	case err != nil:
		return nil, fault(op, err)
	case !info.Mode().IsRegular():
		return nil, foreign(op, dir, fmt.Errorf("%s is not a regular file", fileName))
	}
	return start(ctx, op, dir, false)
}

// syncDir makes the names in a directory durable.
func syncDir(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // the directory is the user's choice
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// makePrivate makes dir, or checks that nobody else can look into it.
func makePrivate(op, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fault(op, err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return fault(op, err)
	}
	if info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	// An empty directory can only be meant for us. What others share with
	// the user is not ours to close.
	if list, err := os.ReadDir(dir); err != nil || len(list) > 0 {
		return &tearline.Error{
			Op: op, Kind: tearline.Invalid, Err: err,
			Public: fmt.Sprintf("%s is not empty, and others can read it", dir),
			Hint:   "name another directory, or run chmod 700 on this one",
		}
	}
	if err := os.Chmod(dir, 0o700); err != nil { //nolint:gosec // a directory needs its x bits
		return fault(op, err)
	}
	return nil
}

// start connects and brings the tables up to date.
func start(ctx context.Context, op, dir string, create bool) (*DB, error) {
	path, err := filepath.Abs(filepath.Join(dir, fileName))
	if err != nil {
		return nil, fault(op, err)
	}
	connector, err := driver.NewConnector(dsn(path))
	if err != nil {
		return nil, fault(op, err)
	}
	db := &DB{
		dir: dir, source: sql.OpenDB(connector), wait: patience,
		writer: newPool(1, false), readers: newPool(maxReaders, true),
		closed: make(chan struct{}), noted: map[tearline.PartyID]bool{},
	}
	// A connection that we close is broken: it must not be used again.
	db.source.SetMaxIdleConns(-1)
	if err := db.prepare(ctx, op, create); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// dsn names the file and sets what holds for one connection only; nothing in
// it touches the file, which may turn out not to be ours. mode=rw does not
// create it.
func dsn(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	q := url.Values{
		"mode":       {"rw"},
		"_dqs":       {"0"},
		"_defensive": {"1"},
		"_error_rc":  {"1"},
		"_pragma": {
			fmt.Sprintf("busy_timeout(%d)", patience.Milliseconds()),
			"synchronous(full)",
			"foreign_keys(on)",
			"trusted_schema(off)",
			"temp_store(memory)",
			"cache_size(-16384)",
			"journal_size_limit(67108864)",
		},
	}
	return "file://" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// Close waits for the transactions that are running and closes the database.
// Closing twice is harmless.
func (db *DB) Close() error {
	var errs []error
	db.closing.Do(func() {
		close(db.closed)
		for _, p := range []*pool{db.readers, db.writer} {
			for range cap(p.slots) {
				p.slots <- struct{}{} // as soon as whoever has it is done
			}
			for _, c := range p.idle {
				errs = append(errs, c.close())
			}
		}
		errs = append(errs, db.source.Close())
	})
	return fault("store.close", errors.Join(errs...))
}

// close gives up a connection.
func (c *conn) close() error {
	var errs []error
	for _, s := range c.stmts {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, c.Close())...)
}

// prepare sees to it that stmts has the prepared form of a query, one of the
// constants of this package.
func (c *conn) prepare(ctx context.Context, query string) error {
	if c.stmts[query] != nil {
		return nil
	}
	s, err := c.PrepareContext(ctx, query) //nolint:sqlclosecheck // close closes it
	if err != nil {
		return err
	}
	c.stmts[query] = s
	return nil
}

// take waits for a connection, opening it if need be. The caller gives it
// back.
func (db *DB) take(ctx context.Context, op string, from *pool) (*conn, error) {
	patience := time.NewTimer(db.wait)
	defer patience.Stop()
	select {
	case from.slots <- struct{}{}:
	case <-db.closed:
		return nil, fault(op, errClosed)
	case <-ctx.Done():
		return nil, fault(op, ctx.Err())
	case <-patience.C:
		return nil, busy(op, errors.New("other transactions of this process hold all connections"))
	}
	select {
	case <-db.closed: // select has no order
		from.give(nil)
		return nil, fault(op, errClosed)
	default:
	}
	if c := from.pop(); c != nil {
		return c, nil
	}
	c, err := db.connect(ctx, from.reads)
	if err != nil {
		from.give(nil)
		return nil, fault(op, err)
	}
	return c, nil
}

// pop returns the connection used last, nil if none is idle.
func (p *pool) pop() *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) == 0 {
		return nil
	}
	c := p.idle[len(p.idle)-1]
	p.idle = p.idle[:len(p.idle)-1]
	return c
}

// give takes back a connection, or its slot alone if c is nil.
func (p *pool) give(c *conn) {
	if c != nil {
		p.mu.Lock()
		p.idle = append(p.idle, c)
		p.mu.Unlock()
	}
	<-p.slots
}

func (db *DB) connect(ctx context.Context, reads bool) (*conn, error) {
	sc, err := db.source.Conn(ctx)
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: sc, stmts: map[string]*sql.Stmt{}}
	if reads {
		// There are many of them: a smaller cache each.
		if _, err := c.ExecContext(ctx, "pragma query_only = on; pragma cache_size = -4096"); err != nil {
			return nil, errors.Join(err, c.close())
		}
	}
	return c, nil
}

// Read runs fn in a transaction that sees the database as it stands when Read
// begins, whatever is written meanwhile. It returns fn's error. The Tx is good
// until fn returns, for one goroutine.
func (db *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	return db.transact(ctx, "store.read", db.readers, fn)
}

// Write runs fn in a transaction that alone writes. If fn returns nil, all
// that it wrote is durable when Write returns nil; if fn returns an error,
// which Write passes on, or panics, nothing of it is. A call inside fn that
// fails in the database dooms the transaction, even if fn makes light of it.
// fn must not call Write of the same DB. If another writer does not end within
// ten seconds the error is Transient.
func (db *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	return db.transact(ctx, "store.write", db.writer, fn)
}

func (db *DB) transact(ctx context.Context, op string, from *pool, fn func(*Tx) error) error {
	c, err := db.take(ctx, op, from)
	if err != nil {
		return err
	}
	tx := &Tx{db: db, conn: c, op: op, ctx: ctx, run: context.WithoutCancel(ctx), writes: !from.reads}
	defer func() {
		// Also on the way out of a panic in fn.
		tx.err = misuse(op, "a transaction is used after its end")
		if tx.open && tx.end("rollback") != nil {
			// Nobody knows what state it is in. The first error is the
			// one to tell.
			_ = c.close()
			c = nil
		}
		from.give(c)
	}()
	if err := tx.begin(); err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return err
	}
	if !tx.writes {
		return tx.err
	}
	return tx.commit()
}
