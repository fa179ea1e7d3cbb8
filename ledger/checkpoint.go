package ledger

import (
	"encoding/base64"
	"fmt"

	"github.com/transparency-dev/formats/log"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Limits of logs and checkpoints.
const (
	// MaxSize is the largest log: storage indexes of its hashes, about twice
	// as many as entries, stay far within an int64.
	MaxSize = 1 << 48
	// maxCheckpoint bounds a signed note: three lines and a hundred
	// signatures of witnesses.
	maxCheckpoint = 64 << 10
)

// A Checkpoint is the state of a log: so many entries, under this root.
type Checkpoint struct {
	// Origin is the log's name, see [Origin].
	Origin string
	// Size is the number of entries, 0 to [MaxSize].
	Size int64
	// Root is the RFC 6962 hash of the tree; for size 0 the SHA-256 of
	// nothing.
	Root tlog.Hash
}

// check reports whether c is a state that a log can have.
func (c Checkpoint) check() error {
	if err := checkKeyName(c.Origin); err != nil {
		return fmt.Errorf("origin: %w", err)
	}
	if c.Size < 0 || c.Size > MaxSize {
		return fmt.Errorf("size %d: want 0 to %d", c.Size, int64(MaxSize))
	}
	if c.Size == 0 && c.Root != emptyRoot() {
		return fmt.Errorf("root of an empty log is %v, not %v", emptyRoot(), c.Root)
	}
	return nil
}

// emptyRoot is the root of the empty tree, RFC 6962 §2.1.
func emptyRoot() tlog.Hash {
	h, err := tlog.TreeHash(0, nil)
	if err != nil {
		return tlog.Hash{}
	}
	return h
}

// body returns the text that is signed, C2SP tlog-checkpoint.
func (c Checkpoint) body() string {
	return string(log.Checkpoint{Origin: c.Origin, Size: uint64(max(c.Size, 0)), Hash: c.Root[:]}.Marshal())
}

// SignCheckpoint returns the checkpoint as a signed note, C2SP
// tlog-checkpoint. The key's name must be the origin.
//
// The caller MUST have committed the state before it asks for a signature, and
// must never sign two roots for one size: whoever holds both notes holds proof
// that the log was forked.
func SignCheckpoint(k *Key, c Checkpoint) ([]byte, error) {
	if err := k.usable(); err != nil {
		return nil, fmt.Errorf("sign checkpoint: %w", err)
	}
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("sign checkpoint: %w", err)
	}
	if k.Name() != c.Origin {
		return nil, fmt.Errorf("sign checkpoint: key %s is not that of log %s", k.Name(), c.Origin)
	}
	signed, err := note.Sign(&note.Note{Text: c.body()}, k.signer)
	if err != nil {
		return nil, fmt.Errorf("sign checkpoint: %w", err)
	}
	return signed, nil
}

// OpenCheckpoint verifies a signed checkpoint under the log's verifier key,
// whose name must be the checkpoint's origin. Signatures of others, such as
// witnesses, may stand beside the log's and are not checked. Errors wrap
// [ErrFormat] or [ErrSignature].
func OpenCheckpoint(signed []byte, verifier string) (Checkpoint, error) {
	v, err := note.NewVerifier(verifier)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: log key: %w", under(ErrSignature, err))
	}
	if len(signed) > maxCheckpoint {
		return Checkpoint{}, fmt.Errorf("checkpoint of %d bytes: at most %d: %w", len(signed), maxCheckpoint, ErrFormat)
	}
	n, err := note.Open(signed, note.VerifierList(v))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", under(ErrSignature, err))
	}
	for _, s := range n.Sigs {
		if !strictBase64(s.Base64) {
			return Checkpoint{}, fmt.Errorf("checkpoint: base64 of the signature: %w", ErrFormat)
		}
	}
	c, err := parseCheckpoint(n.Text)
	if err != nil {
		return Checkpoint{}, err
	}
	if c.Origin != v.Name() {
		return Checkpoint{}, fmt.Errorf("checkpoint of %q under the key of %q: %w", c.Origin, v.Name(), ErrSignature)
	}
	return c, nil
}

// parseCheckpoint reads a checkpoint's text, which must be exactly what it
// would be written as: no extension lines, no zeros before the size.
func parseCheckpoint(text string) (Checkpoint, error) {
	var raw log.Checkpoint
	if _, err := raw.Unmarshal([]byte(text)); err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", under(ErrFormat, err))
	}
	if raw.Size > MaxSize || len(raw.Hash) != tlog.HashSize {
		return Checkpoint{}, fmt.Errorf("checkpoint of size %d, root of %d bytes: %w", raw.Size, len(raw.Hash), ErrFormat)
	}
	c := Checkpoint{Origin: raw.Origin, Size: int64(raw.Size), Root: tlog.Hash(raw.Hash)}
	if err := c.check(); err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", under(ErrFormat, err))
	}
	if c.body() != text {
		return Checkpoint{}, fmt.Errorf("checkpoint: not origin, size and root alone: %w", ErrFormat)
	}
	return c, nil
}

// strictBase64 reports whether s is the one standard encoding of its bytes;
// the decoder of notes ignores the unused bits at the end.
func strictBase64(s string) bool {
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	return err == nil && base64.StdEncoding.EncodedLen(len(b)) == len(s)
}
