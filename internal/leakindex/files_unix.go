//go:build unix

package leakindex

import (
	"errors"
	"math"
	"os"

	"golang.org/x/sys/unix"
)

// mapFile returns the bytes of a file of that size, and how to give them back.
func mapFile(path string, size int64) (data []byte, done func(), err error) {
	if size > math.MaxInt {
		return nil, nil, errUnfit
	}
	f, err := sized(path, size)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	data, err = unix.Mmap(int(f.Fd()), 0, int(size), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, nil, &os.PathError{Op: "mmap", Path: path, Err: err}
	}
	return data, func() {
		if err := unix.Munmap(data); err != nil {
			panic(err) // it errs only on what is not mapped
		}
	}, nil
}

// tryLock locks an open file, unless another process has.
func tryLock(f *os.File) (bool, error) {
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, unix.EWOULDBLOCK):
			return false, nil
		case !errors.Is(err, unix.EINTR):
			return false, &os.PathError{Op: "flock", Path: f.Name(), Err: err}
		}
	}
}

// syncDir makes new names in a directory durable.
func syncDir(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // the caller's directory
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
