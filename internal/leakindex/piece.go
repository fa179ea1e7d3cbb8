package leakindex

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"

	"tearline/leak/segment"
)

// A piece is a segment that is open.
type piece struct {
	entry
	seg  *segment.Segment
	done func() // gives the bytes back; nil if they are in memory alone
	refs atomic.Int64
}

// hold keeps the piece open until release.
func (p *piece) hold() { p.refs.Add(1) }

func (p *piece) release() {
	if p.refs.Add(-1) == 0 && p.done != nil {
		p.done()
	}
}

func releaseAll(pieces []*piece) {
	for _, p := range pieces {
		p.release()
	}
}

// errUnfit is a file that is not what the manifest says; it is made anew.
var errUnfit = errors.New("not the segment that the manifest names")

// open opens the segment of an entry. The error is errUnfit, or a
// segment's, or one of the file system with which nothing can be done.
func (f folder) open(e entry, key *segment.Key) (*piece, error) {
	data, done, err := mapFile(filepath.Join(f.dir, e.File), e.Size)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.Join(errUnfit, err)
	}
	if err != nil {
		return nil, err
	}
	p := &piece{entry: e, done: done}
	p.refs.Store(1)
	if p.seg, err = segment.Open(data, key); err == nil && (p.seg.Label() != e.label() || p.seg.Len() != e.Documents) {
		err = fmt.Errorf("%w: %s is another", errUnfit, e.File)
	}
	if err != nil {
		p.release()
		return nil, err
	}
	return p, nil
}

// unfit reports whether an error of open means that the segment is to be made
// anew.
func unfit(err error) bool {
	return errors.Is(err, errUnfit) || errors.Is(err, segment.ErrDamaged) || errors.Is(err, segment.ErrKey)
}

// sized opens a regular file of that very size: what is shorter must not be
// mapped.
func sized(path string, size int64) (*os.File, error) {
	f, err := os.Open(path) //nolint:gosec // a name of ours in the caller's directory
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && (!info.Mode().IsRegular() || info.Size() != size) {
		err = fmt.Errorf("%w: %s has %d bytes, not %d", errUnfit, filepath.Base(path), info.Size(), size)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// write writes a segment to a file of its own and opens it. Its name is not
// durable yet.
func (f folder) write(e entry, key *segment.Key, content func(w io.Writer, label string) error) (*piece, error) {
	name := random()
	e.File = hex.EncodeToString(name[:]) + segSuffix
	if err := f.before("create", e.File); err != nil {
		return nil, err
	}
	path := filepath.Join(f.dir, e.File)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // a name of ours in the caller's directory
	if err != nil {
		return nil, err
	}
	err = content(file, e.label())
	if err == nil {
		err = f.before("sync", e.File)
	}
	if err == nil {
		err = file.Sync()
	}
	if err == nil {
		e.Size, err = file.Seek(0, io.SeekEnd)
	}
	var p *piece
	if err = errors.Join(err, file.Close()); err == nil {
		p, err = f.open(e, key)
	}
	if err != nil {
		return nil, errors.Join(err, f.remove(e.File))
	}
	return p, nil
}
