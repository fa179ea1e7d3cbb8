// Package outfile writes what a command makes to where the user wants it: a
// file appears under its name whole and durable, or not at all. It knows
// nothing of what it writes, and removes nothing but its own scratch file.
package outfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// A File takes what is to be written. It is opened before the work is done, so
// that a place that cannot be written to stops it early. A file comes to its
// name whole or not at all; what is no file, a pipe or a device, is written to
// as it is.
type File struct {
	path string // where the file is to be
	temp *os.File
	to   io.Writer // instead of a file
}

// Open makes ready to write to a file, or to standard output if the name is -.
// The caller must Abandon it, also after Put.
func Open(name string, stdout io.Writer) (*File, error) {
	o := &File{path: name}
	if name == "-" {
		o.to = stdout
		return o, nil
	}
	st, err := os.Stat(name)
	switch {
	case err == nil && st.IsDir():
		return nil, errors.New("is a directory")
	case err == nil && !st.Mode().IsRegular():
		if o.temp, err = os.OpenFile(name, os.O_WRONLY, 0); err != nil { //nolint:gosec // the user's own place
			return nil, err
		}
		o.to = o.temp
		return o, nil
	case err == nil: // a link stays a link
		if o.path, err = filepath.EvalSymlinks(name); err != nil {
			return nil, err
		}
	}
	if o.temp, err = os.CreateTemp(filepath.Dir(o.path), ".tearline-*"); err != nil {
		return nil, err
	}
	return o, nil
}

// Put writes all of src through to where it is to be, once.
func (o *File) Put(src io.WriterTo) error {
	if o.to != nil {
		_, err := src.WriteTo(o.to)
		return err
	}
	if _, err := src.WriteTo(o.temp); err != nil {
		return err
	}
	if err := o.temp.Sync(); err != nil {
		return err
	}
	if err := o.temp.Close(); err != nil {
		return err
	}
	if err := os.Rename(o.temp.Name(), o.path); err != nil {
		return err
	}
	o.temp = nil
	return syncDir(filepath.Dir(o.path))
}

// syncDir makes a file's new name durable: a copy that counts as handed out
// must not be lost with the power.
func syncDir(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // the user's own place
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Abandon gives up what was not put; afterwards it does nothing.
func (o *File) Abandon() {
	if o.temp == nil {
		return
	}
	_ = o.temp.Close()
	if o.to == nil {
		_ = os.Remove(o.temp.Name())
	}
}
