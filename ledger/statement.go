package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"time"

	"tearline"
)

// Limits of statements.
const (
	// MaxEnvelope is the longest envelope, in bytes: room for a filing of
	// ten thousand portions.
	MaxEnvelope = 16 << 20
	// SaltSize is the length of a leaf's salt, in bytes.
	SaltSize = 32
	// MaxSubjectName is the longest name of a subject, in bytes: a portion
	// with its report.
	MaxSubjectName = 256
	// maxDepth is how deep the JSON of a predicate may nest. The deepest
	// that we write is 4.
	maxDepth = 32
)

// A Signed is a signed statement with the salt of its leaf.
type Signed struct {
	// Statement is what was signed, with its ID.
	Statement tearline.Statement
	// Envelope is the DSSE envelope, which proves it.
	Envelope []byte
	// Salt is the 32 random bytes that blind the leaf. Who knows them can
	// test whether a leaf of the log is this envelope.
	Salt []byte
}

// idEncoding is RFC 4648 base 32 in lower case.
var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// idOf names a statement by its payload, see [tearline.StatementID]: sixteen
// bytes of the hash are 26 characters.
func idOf(payload []byte) tearline.StatementID {
	sum := sha256.Sum256(payload)
	return tearline.StatementID(idEncoding.EncodeToString(sum[:16]))
}

// Sign signs a statement with its party's statement key. It returns the
// statement with its ID and with At in UTC; the predicate is shared with s and
// must not be changed afterwards. The salt is 32 random bytes that the caller
// draws afresh for each statement.
//
// What Sign accepts, [Open] accepts: identifiers well formed, times in UTC
// between the years 0 and 9999, subject names of printable ASCII without
// quotation mark and backslash, and not "says", which in the payload stands
// for a statement that has no subject. The error lists all faults of a
// predicate. Whether k is the key of the party in By, the caller knows.
func Sign(k *Key, salt []byte, s tearline.Statement) (Signed, error) {
	if err := k.usable(); err != nil {
		return Signed{}, fmt.Errorf("sign: %w", err)
	}
	if len(salt) != SaltSize {
		return Signed{}, fmt.Errorf("sign: salt of %d bytes: want %d", len(salt), SaltSize)
	}
	if k.Name() == Origin(s.By) {
		return Signed{}, fmt.Errorf("sign: %s is a log key, which signs checkpoints only", k.Name())
	}
	s.At, s.Recorded = s.At.UTC().Round(0), s.Recorded.UTC().Round(0) // Round: no monotonic clock reading
	payload, err := encodePayload(&s)
	if err != nil {
		return Signed{}, fmt.Errorf("sign: %w", err)
	}
	sig, err := k.signer.Sign(pae(payload))
	if err != nil {
		return Signed{}, fmt.Errorf("sign: %w", err)
	}
	envelope := encodeEnvelope(payload, k.id, sig)
	if len(envelope) > MaxEnvelope {
		return Signed{}, fmt.Errorf("sign: envelope of %d bytes: at most %d", len(envelope), MaxEnvelope)
	}
	s.ID = idOf(payload)
	return Signed{Statement: s, Envelope: envelope, Salt: bytes.Clone(salt)}, nil
}

// Decode reads a statement without verifying it. It is for what one's own
// store holds and was verified on its way in; for everything else use [Open].
// Errors wrap [ErrFormat].
func Decode(envelope []byte) (tearline.Statement, error) {
	e, err := decodeEnvelope(envelope)
	if err != nil {
		return tearline.Statement{}, err
	}
	return decodePayload(e.payload)
}

// Open verifies an envelope, then reads its statement. It demands one
// signature, valid under one of the statement keys of the very party that the
// statement names as its sayer. Errors wrap [ErrFormat] or [ErrSignature].
func Open(envelope []byte, keys Verifiers) (tearline.Statement, error) {
	e, err := decodeEnvelope(envelope)
	if err != nil {
		return tearline.Statement{}, err
	}
	signers := map[tearline.PartyID]bool{}
	message := pae(e.payload)
	for _, c := range keys.candidates(e.keyID) {
		if !signers[c.party] && c.verifier.Verify(message, e.sig) {
			signers[c.party] = true
		}
	}
	if len(signers) == 0 {
		return tearline.Statement{}, fmt.Errorf("statement under key %s: %w", e.keyID, ErrSignature)
	}
	s, err := decodePayload(e.payload)
	if err != nil {
		return tearline.Statement{}, err
	}
	if !signers[s.By] {
		return tearline.Statement{}, fmt.Errorf("statement %s of %s: key %s is not that party's: %w", s.ID, s.By, e.keyID, ErrSignature)
	}
	return s, nil
}

// leafVersion is the first byte of every leaf.
const leafVersion = 0x01

// leafSize is the length of every leaf.
const leafSize = 1 + sha256.Size

// Leaf returns the entry of a log for an envelope, 33 bytes: version 0x01,
// then SHA-256("tearline/leaf/v1" ‖ salt ‖ envelope). Its RFC 6962 hash is
// what the tree holds. The length is the same for all, and the salt keeps
// anybody from testing a guess, so the leaf may be published.
//
// The salt MUST be [SaltSize] bytes, or salt and envelope could be parted in
// another place; everything that verifies refuses other lengths.
func Leaf(salt, envelope []byte) []byte {
	h := sha256.New()
	h.Write([]byte("tearline/leaf/v1"))
	h.Write(salt)
	h.Write(envelope)
	leaf := make([]byte, 1, leafSize)
	leaf[0] = leafVersion
	return h.Sum(leaf)
}

// timeFormat is RFC 3339 with as many digits of the second as there are.
const timeFormat = time.RFC3339Nano
