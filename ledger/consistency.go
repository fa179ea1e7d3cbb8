package ledger

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// ProveConsistency returns the proof that a log of newSize entries begins with
// the same oldSize entries that it had then. It is checked against the stored
// hashes before it is returned. From size 0, and to the same size, it is
// empty.
func ProveConsistency(oldSize, newSize int64, hashes tlog.HashReader) (tlog.TreeProof, error) {
	if oldSize < 0 || oldSize > newSize || newSize > MaxSize {
		return nil, fmt.Errorf("prove consistency: sizes %d and %d", oldSize, newSize)
	}
	if oldSize == 0 || oldSize == newSize {
		return tlog.TreeProof{}, nil
	}
	proof, err := tlog.ProveTree(newSize, oldSize, hashes)
	if err != nil {
		return nil, fmt.Errorf("prove consistency: stored hashes: %w", err)
	}
	older, err := tlog.TreeHash(oldSize, hashes)
	if err != nil {
		return nil, fmt.Errorf("prove consistency: stored hashes: %w", err)
	}
	newer, err := tlog.TreeHash(newSize, hashes)
	if err != nil {
		return nil, fmt.Errorf("prove consistency: stored hashes: %w", err)
	}
	if err := tlog.CheckTree(proof, newSize, newer, oldSize, older); err != nil {
		return nil, fmt.Errorf("prove consistency: sizes %d and %d: stored hashes contradict each other: %w", oldSize, newSize, ErrProof)
	}
	return proof, nil
}

// CheckConsistency reports, by a nil error, that a log at the checkpoint newer
// begins with all that it held at older. Both must come from [OpenCheckpoint];
// they must be of the same log. Errors wrap [ErrProof]: with two checkpoints
// that are validly signed, that is the evidence of a fork.
func CheckConsistency(older, newer Checkpoint, proof tlog.TreeProof) error {
	for _, c := range []Checkpoint{older, newer} {
		if err := c.check(); err != nil {
			return fmt.Errorf("consistency: %w", under(ErrProof, err))
		}
	}
	if older.Origin != newer.Origin {
		return fmt.Errorf("consistency: logs %s and %s: %w", older.Origin, newer.Origin, ErrProof)
	}
	var holds bool
	switch {
	case older.Size > newer.Size:
	case older.Size == newer.Size:
		holds = older.Root == newer.Root && len(proof) == 0
	case older.Size == 0:
		holds = len(proof) == 0
	default:
		holds = tlog.CheckTree(proof, newer.Size, newer.Root, older.Size, older.Root) == nil
	}
	if !holds {
		return fmt.Errorf("consistency of %s from size %d to %d: %w", older.Origin, older.Size, newer.Size, ErrProof)
	}
	return nil
}
