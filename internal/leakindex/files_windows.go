package leakindex

import (
	"errors"
	"io"
	"math"
	"os"

	"golang.org/x/sys/windows"
)

// mapFile returns the bytes of a file of that size. They are read: a mapped
// file could not be removed here when it is merged.
func mapFile(path string, size int64) (data []byte, done func(), err error) {
	if size > math.MaxInt {
		return nil, nil, errUnfit
	}
	f, err := sized(path, size)
	if err != nil {
		return nil, nil, err
	}
	data = make([]byte, size)
	_, err = io.ReadFull(f, data)
	return data, nil, errors.Join(err, f.Close())
}

// tryLock locks an open file, unless another process has.
func tryLock(f *os.File) (bool, error) {
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, new(windows.Overlapped))
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return false, nil
	}
	return err == nil, err
}

// syncDir does nothing: a directory cannot be opened to be synced here.
func syncDir(string) error { return nil }
