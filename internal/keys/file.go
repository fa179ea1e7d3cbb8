package keys

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"tearline"
)

// publish writes a file that must not exist yet, so that it is there whole or
// not at all, whenever the machine stops, and is on the disk on return.
func publish(op string, party tearline.PartyID, path, text string) (err error) {
	// CreateTemp opens with O_EXCL and mode 0600.
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".")
	if err != nil {
		return fault(op, err)
	}
	defer func() {
		// Under its final name or not at all. A link leaves the
		// temporary name behind, a rename does not.
		if e := os.Remove(f.Name()); err == nil && e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = fault(op, e)
		}
	}()
	_, err = f.WriteString(text)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fault(op, err)
	}
	switch err := moveExclusive(f.Name(), path); {
	case errors.Is(err, fs.ErrExist):
		return present(op, party, path, nil)
	case err != nil:
		return fault(op, err)
	}
	return fault(op, syncDir(filepath.Dir(path)))
}

// moveExclusive gives a file its final name unless that is taken. A rename
// would write over a file that has come meanwhile; a link does not, but some
// file systems have none.
func moveExclusive(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(err, fs.ErrExist)
	}
	return os.Rename(from, to)
}

// syncDir makes a new name durable.
func syncDir(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // the data directory is the user's choice
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// fault dresses an error of the file system for the boundary.
func fault(op string, err error) error {
	if err == nil {
		return nil
	}
	e := &tearline.Error{Op: op, Kind: tearline.Other, Err: err, Public: "the key files cannot be used", Hint: "the log says why"}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		e.Public, e.Hint = "the disk is full", "free some space and try again; no key was written"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		e.Public, e.Hint = "the key files cannot be opened", "they and their directory must belong to you, and be writable when a key is made"
	}
	return e
}
