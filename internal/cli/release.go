package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tearline"
	"tearline/internal/node"
)

type releaseCmd struct {
	asking
	Out string `help:"Where to write the copy; - is standard output." required:"" placeholder:"FILE"`
}

func (c *releaseCmd) Run(r *run) error {
	if c.Out == "-" && r.JSON {
		return usageError("--out - and --json both want standard output", "name a file for the copy")
	}
	out, err := r.outFile(c.Out)
	if err != nil {
		return err
	}
	defer out.abandon()
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		rel, err := n.Release(r.ctx, c.question(as), out.deliver)
		if err != nil {
			return err
		}
		for _, w := range rel.WouldAdd {
			fmt.Fprintf(r.Stderr, "with the consent of %s: %s more, %s\n", list(w.Consents),
				count(len(w.Portions), "portion", "portions"), count(w.Words, "word", "words"))
		}
		if c.Out == "-" {
			return nil
		}
		return r.print(rel, func(p *printer) { c.show(p, rel) })
	})
}

func (c *releaseCmd) show(p *printer, rel node.Released) {
	p.f("copy %s for %s: %s\n", p.style(bold, string(rel.Copy)), rel.Recipient, rel.Banner)
	p.f("%s kept, %d replaced, %d dropped; written to %s\n", count(rel.Kept, "portion", "portions"), rel.Replaced, rel.Dropped, c.Out)
	p.f("recorded as %s, entry %d of %d\n", rel.Disclosure, rel.Receipt.Index, rel.Receipt.Size)
	if rel.Resumed {
		p.f("this copy had been recorded before and was not handed out until now\n")
	}
}

// An outFile takes a rendering. It is opened before anything is recorded, so
// that a place that cannot be written to stops a release early. A file comes
// to its name whole or not at all; what is no file, a pipe or a device, is
// written to as it is.
type outFile struct {
	name string // as the user gave it
	path string // where the file is to be
	temp *os.File
	to   io.Writer // instead of a file
}

func (r *run) outFile(name string) (*outFile, error) {
	o := &outFile{name: name, path: name}
	if name == "-" {
		o.to = r.Stdout
		return o, nil
	}
	st, err := os.Stat(name)
	switch {
	case err == nil && st.IsDir():
		return nil, fileError(name, errors.New("is a directory"))
	case err == nil && !st.Mode().IsRegular():
		if o.temp, err = os.OpenFile(name, os.O_WRONLY, 0); err != nil { //nolint:gosec // the user's own place
			return nil, fileError(name, err)
		}
		o.to = o.temp
		return o, nil
	case err == nil: // a link stays a link
		if o.path, err = filepath.EvalSymlinks(name); err != nil {
			return nil, fileError(name, err)
		}
	}
	if o.temp, err = os.CreateTemp(filepath.Dir(o.path), ".tearline-copy-*"); err != nil {
		return nil, fileError(name, err)
	}
	return o, nil
}

// deliver writes the bytes through to where they are to be.
func (o *outFile) deliver(rendering tearline.Rendering) error {
	if err := o.put(rendering.Bytes); err != nil {
		e := &tearline.Error{
			Op: "file", Kind: tearline.Other, Public: fmt.Sprintf("%s: %v", o.name, err), Err: err,
			Hint: fmt.Sprintf("copy %s is recorded and not handed out: the same release again hands out that very copy", rendering.Copy),
		}
		if pe, ok := errors.AsType[*os.PathError](err); ok {
			e.Public = fmt.Sprintf("%s: %v", o.name, pe.Err)
		}
		return e
	}
	return nil
}

func (o *outFile) put(b []byte) error {
	if o.to != nil {
		_, err := o.to.Write(b)
		return err
	}
	if _, err := o.temp.Write(b); err != nil {
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

// abandon gives up what was not delivered.
func (o *outFile) abandon() {
	if o.temp == nil {
		return
	}
	_ = o.temp.Close()
	if o.to == nil {
		_ = os.Remove(o.temp.Name())
	}
}
