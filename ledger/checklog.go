package ledger

import (
	"bytes"
	"fmt"
	"iter"
	"runtime"
	"sync"

	"golang.org/x/mod/sumdb/tlog"

	"tearline"
)

// An Entry is an entry of a log as its owner keeps it: what the leaf is made
// of.
type Entry struct {
	Index          int64
	Salt, Envelope []byte
}

// Sizes of the batches in which a log is checked.
const (
	batchEntries = 256
	batchBytes   = 8 << 20
)

// CheckLog reads a whole log again from its bytes: that entries are numbered
// 0 to size-1 without gaps and in order; that each envelope has its one form
// and is signed by its sayer; that the leaves, and every hash that is stored
// for them and for the subtrees, follow from salt and envelope. stored may be
// nil: then the root alone speaks for the hashes.
//
// It returns the state that follows from the entries. That this is the log
// that was published, only a comparison tells: the caller MUST hold it against
// the last signed checkpoint, by equality or by [ProveConsistency].
//
// A log that does not verify gives [*LogError], which lists the first hundred
// and wraps [ErrTampered]. An error of entries or stored ends the check and is
// returned as it is, wrapped.
func CheckLog(party tearline.PartyID, keys Verifiers, entries iter.Seq2[Entry, error], stored tlog.HashReader, size int64) (Checkpoint, error) {
	if _, err := tearline.ParsePartyID(string(party)); err != nil {
		return Checkpoint{}, fmt.Errorf("check log: %w", err)
	}
	if size < 0 || size > MaxSize {
		return Checkpoint{}, fmt.Errorf("check log: size %d: want 0 to %d", size, int64(MaxSize))
	}
	c := logChecker{keys: keys, stored: storedHashes{from: stored, size: size}, size: size}
	bytesHeld := 0
	for e, err := range entries {
		if err != nil {
			return Checkpoint{}, fmt.Errorf("check log: entries: %w", err)
		}
		// The iterator may use its buffers again.
		c.batch = append(c.batch, Entry{e.Index, bytes.Clone(e.Salt), bytes.Clone(e.Envelope)})
		bytesHeld += len(e.Envelope)
		if len(c.batch) < batchEntries && bytesHeld < batchBytes {
			continue
		}
		if err := c.flush(); err != nil {
			return Checkpoint{}, fmt.Errorf("check log: %w", err)
		}
		bytesHeld = 0
	}
	if err := c.flush(); err != nil {
		return Checkpoint{}, fmt.Errorf("check log: %w", err)
	}
	if c.next < size {
		c.fault(c.next, "entries %d to %d are missing: %w", c.next, size-1, ErrLog)
	}
	if err := c.faults.orNil(); err != nil {
		return Checkpoint{}, err
	}
	return Checkpoint{Origin: Origin(party), Size: size, Root: c.edge.root()}, nil
}

// A logChecker holds the state of one CheckLog.
type logChecker struct {
	keys   Verifiers
	stored storedHashes
	size   int64
	batch  []Entry // not yet checked
	next   int64   // the number that the next entry must have
	edge   edge    // of what was checked; stands still once broken
	broken bool    // a leaf is missing and no stored hash fills its place
	faults LogError
}

func (c *logChecker) fault(index int64, format string, args ...any) {
	c.faults.add(Fault{Index: index, Err: fmt.Errorf(format, args...)})
}

// flush checks the batch: the envelopes side by side, the tree in order.
func (c *logChecker) flush() error {
	errs := make([]error, len(c.batch))
	var workers sync.WaitGroup
	n := runtime.GOMAXPROCS(0)
	for w := range n {
		workers.Go(func() {
			for i := w; i < len(c.batch); i += n {
				errs[i] = c.verify(c.batch[i])
			}
		})
	}
	workers.Wait()
	for i, e := range c.batch {
		if errs[i] != nil {
			c.faults.add(Fault{Index: e.Index, Err: errs[i]})
		}
		if err := c.place(e); err != nil {
			return err
		}
	}
	c.batch = c.batch[:0]
	return nil
}

// verify checks what one entry says for itself.
func (c *logChecker) verify(e Entry) error {
	if len(e.Salt) != SaltSize {
		return fmt.Errorf("salt of %d bytes: want %d: %w", len(e.Salt), SaltSize, ErrFormat)
	}
	_, err := Open(e.Envelope, c.keys)
	return err
}

// place puts an entry into the tree, in its turn.
func (c *logChecker) place(e Entry) error {
	switch {
	case e.Index < 0 || e.Index >= c.size:
		c.fault(e.Index, "no such entry in a log of %d: %w", c.size, ErrLog)
		return nil
	case e.Index < c.next:
		c.fault(e.Index, "comes twice or out of order, after entry %d: %w", c.next-1, ErrLog)
		return nil
	case e.Index > c.next:
		c.fault(c.next, "entries %d to %d are missing: %w", c.next, e.Index-1, ErrLog)
		if err := c.fill(e.Index); err != nil {
			return err
		}
	}
	return c.leaf(tlog.RecordHash(Leaf(e.Salt, e.Envelope)))
}

// fill takes the leaves up to an entry from the stored hashes, so that what
// comes after a gap can be checked nevertheless.
func (c *logChecker) fill(to int64) error {
	if c.stored.from == nil {
		c.broken, c.next = true, to
		return nil
	}
	for c.next < to {
		hashes, err := c.stored.of(c.next)
		if err != nil {
			return err
		}
		if err := c.leaf(hashes[0]); err != nil {
			return err
		}
	}
	return nil
}

// leaf appends a leaf's hash and compares it, and the subtrees that it
// completes, with the stored hashes. Where they differ the stored one goes
// into the tree: so a wrong byte is a fault where it is, and at most in the
// hash above, and not on every level up to the root.
func (c *logChecker) leaf(h tlog.Hash) error {
	index := c.next
	c.next++
	if c.broken {
		return nil
	}
	if c.stored.from == nil {
		c.edge.add(h, nil)
		return nil
	}
	hashes, err := c.stored.of(index)
	if err != nil {
		return err
	}
	c.edge.add(h, func(level int, h tlog.Hash) tlog.Hash {
		switch {
		case h == hashes[level]:
		case level == 0:
			c.fault(index, "salt and envelope are not those of the stored leaf: %w", ErrLog)
		default:
			c.fault(index, "stored hash of the %d entries up to here is wrong: %w", int64(1)<<level, ErrLog)
		}
		return hashes[level]
	})
	return nil
}

// storedHashes reads stored hashes ahead, those of 256 entries at a time.
type storedHashes struct {
	from  tlog.HashReader
	size  int64
	first int64 // storage index of ahead[0]
	ahead []tlog.Hash
}

// of returns the hashes stored for an entry: its own, then that of each
// subtree that it completes.
func (s *storedHashes) of(entry int64) ([]tlog.Hash, error) {
	lo, hi := tlog.StoredHashCount(entry), tlog.StoredHashCount(entry+1)
	if s.ahead == nil || lo < s.first || hi > s.first+int64(len(s.ahead)) {
		end := tlog.StoredHashCount(min(entry+batchEntries, s.size))
		indexes := make([]int64, 0, end-lo)
		for i := lo; i < end; i++ {
			indexes = append(indexes, i)
		}
		hashes, err := s.from.ReadHashes(indexes)
		if err != nil {
			return nil, fmt.Errorf("stored hashes from entry %d: %w", entry, err)
		}
		if len(hashes) != len(indexes) {
			return nil, fmt.Errorf("stored hashes from entry %d: %d of %d: %w", entry, len(hashes), len(indexes), ErrLog)
		}
		s.first, s.ahead = lo, hashes
	}
	return s.ahead[lo-s.first : hi-s.first], nil
}
