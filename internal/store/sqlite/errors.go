package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"tearline"
)

var (
	// ErrExists is under every Conflict about a row that is there already.
	ErrExists = errors.New("exists already")
	// ErrAbsent is under every Conflict about a row to change that is not
	// there.
	ErrAbsent = errors.New("no such row")
)

var errClosed = errors.New("the database is closed")

// fault dresses an error of the database or the file system for the boundary.
// It goes by result codes, never by texts. nil stays nil; an error that is
// dressed already, and the end of a context, stay what they are.
func fault(op string, err error) error {
	var dressed *tearline.Error
	var code *driver.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &dressed):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s: %w", op, err)
	case errors.As(err, &code):
		return byCode(op, code.Code(), err)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return full(op, err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return readOnly(op, err)
	}
	return &tearline.Error{Op: op, Kind: tearline.Other, Public: "the data directory cannot be used", Hint: "the log says why", Err: err}
}

// byCode maps SQLite's result codes, https://www.sqlite.org/rescode.html. The
// low byte is the class; the rest says more than a user can act on.
func byCode(op string, code int, err error) error {
	e := &tearline.Error{Op: op, Kind: tearline.Other, Err: err}
	if code == sqlite3.SQLITE_IOERR_SHMSIZE {
		return full(op, err) // no room for the index of the log
	}
	switch code & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
		return busy(op, err)
	case sqlite3.SQLITE_FULL:
		return full(op, err)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_CANTOPEN:
		return readOnly(op, err)
	case sqlite3.SQLITE_CORRUPT:
		e.Kind, e.Public, e.Hint = tearline.Tampered, "the database is damaged", damagedHint
	case sqlite3.SQLITE_NOTADB:
		e.Kind, e.Public, e.Hint = tearline.Tampered, fileName+" in the data directory is damaged, or not a database at all", damagedHint
	case sqlite3.SQLITE_IOERR:
		e.Public, e.Hint = "the disk fails, or is full", "look at the system's log and at the free space; nothing of this step was written"
	case sqlite3.SQLITE_NOMEM:
		e.Public, e.Hint = "out of memory", "nothing of this step was written; try again with fewer things at once"
	case sqlite3.SQLITE_TOOBIG:
		e.Kind, e.Public, e.Hint = tearline.Invalid, "too large to be stored", "divide it"
	case sqlite3.SQLITE_CONSTRAINT:
		e.Public, e.Hint = "a row contradicts what is stored", "this is a fault of the program; nothing of this step was written"
	default:
		e.Public, e.Hint = "the database refuses the step", "this is a fault of the program; nothing of this step was written"
	}
	return e
}

const damagedHint = "put the data directory back from a backup, then run tearline ledger verify"

func busy(op string, err error) error {
	return &tearline.Error{
		Op: op, Kind: tearline.Transient, Err: err,
		Public: "another process is writing to the data directory",
		Hint:   "try again in a moment; if it lasts, look for a tearline that hangs",
	}
}

func full(op string, err error) error {
	return &tearline.Error{
		Op: op, Kind: tearline.Other, Err: err,
		Public: "the disk is full",
		Hint:   "free some space and try again; nothing of this step was written",
	}
}

func readOnly(op string, err error) error {
	return &tearline.Error{
		Op: op, Kind: tearline.Other, Err: err,
		Public: "the data directory cannot be opened for writing",
		Hint:   "it and all files in it must belong to you and be writable, and so must the file system",
	}
}

func foreign(op, dir string, err error) error {
	return &tearline.Error{
		Op: op, Kind: tearline.Conflict, Err: err,
		Public: fmt.Sprintf("%s in %s belongs to another program", fileName, dir),
		Hint:   "name another data directory; nothing was changed in this one",
	}
}

// exists reports that a row is there already. The transaction goes on.
func exists(op, what string) error {
	return &tearline.Error{Op: op, Kind: tearline.Conflict, Public: what + " exists already", Err: ErrExists}
}

// absent reports that a row to change is not there. The transaction goes on.
func absent(op, what string) error {
	return &tearline.Error{Op: op, Kind: tearline.Conflict, Public: "there is no " + what, Err: ErrAbsent}
}

// misuse reports a call that no caller should make.
func misuse(op, format string, args ...any) error {
	return &tearline.Error{
		Op: op, Kind: tearline.Other, Err: fmt.Errorf(format, args...),
		Public: "the store was asked for the impossible", Hint: "this is a fault of the program",
	}
}

// isDuplicate reports whether err says that a unique row is there already.
func isDuplicate(err error) bool {
	var e *driver.Error
	return errors.As(err, &e) && (e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}
