package ledger

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"tearline"
)

// maxReceipt is the longest receipt, in bytes: the envelope, a checkpoint and
// a proof of at most 48 hashes, twice over for white space.
const maxReceipt = 2 * (MaxEnvelope + maxCheckpoint + 64<<10)

// A Receipt is evidence that a statement is in a log under a checkpoint that
// the log's owner signed. Only [Prove] and [OpenReceipt] make one; the zero
// Receipt covers nothing. It is immutable.
//
// Its JSON form is stable and may be kept and passed to whoever may see the
// statement: with it goes the salt.
type Receipt struct {
	index      int64
	head       Checkpoint
	checkpoint []byte
	proof      tlog.RecordProof
	salt       []byte
	envelope   []byte
	digests    []tearline.Digest // of the statement's subjects
}

// Statement returns what is in the log; the zero Statement for the zero
// Receipt. It is the caller's to keep: each call reads it anew from the
// envelope.
func (r Receipt) Statement() tearline.Statement {
	s, err := Decode(r.envelope)
	if err != nil {
		return tearline.Statement{} // only the zero Receipt: the others were decoded before
	}
	return s
}

// Index returns the entry's number in the log.
func (r Receipt) Index() int64 { return r.index }

// Size returns the size of the log at the receipt's checkpoint. It is 0 for
// the zero Receipt only.
func (r Receipt) Size() int64 { return r.head.Size }

// Origin returns the name of the log, see [Origin]; "" for the zero Receipt.
func (r Receipt) Origin() string { return r.head.Origin }

// Checkpoint returns the signed checkpoint.
func (r Receipt) Checkpoint() []byte { return bytes.Clone(r.checkpoint) }

// Covers reports whether a subject of the statement has that digest.
func (r Receipt) Covers(d tearline.Digest) bool {
	return slices.Contains(r.digests, d)
}

// Prove returns the receipt of the statement at an index of a log of that
// size. It reads the stored hashes (in the order of [tlog.StoredHashIndex]),
// signs the root that they give, and checks the whole as [OpenReceipt] would,
// except for the statement's signature: what is proven is that this envelope,
// be it whose it may, is in the log of logKey.
//
// The caller MUST have committed entry and hashes: see [SignCheckpoint].
// An error that the stored hashes do not hold the entry wraps [ErrProof].
func Prove(logKey *Key, s Signed, index, size int64, hashes tlog.HashReader) (Receipt, error) {
	proof, root, err := proveInclusion(s.Salt, s.Envelope, index, size, hashes)
	if err != nil {
		return Receipt{}, err
	}
	if err := logKey.usable(); err != nil {
		return Receipt{}, fmt.Errorf("prove: %w", err)
	}
	r := Receipt{
		index: index,
		head:  Checkpoint{Origin: logKey.Name(), Size: size, Root: root},
		proof: proof,
		salt:  bytes.Clone(s.Salt), envelope: bytes.Clone(s.Envelope),
	}
	if r.checkpoint, err = SignCheckpoint(logKey, r.head); err != nil {
		return Receipt{}, fmt.Errorf("prove: %w", err)
	}
	statement, err := Decode(r.envelope)
	if err != nil {
		return Receipt{}, fmt.Errorf("prove: %w", err)
	}
	if statement.ID != s.Statement.ID {
		return Receipt{}, fmt.Errorf("prove: envelope holds statement %s, not %s: %w", statement.ID, s.Statement.ID, ErrProof)
	}
	r.digests = digestsOf(&statement)
	return r, nil
}

// proveInclusion makes the proof and the root, and checks the one against the
// other.
func proveInclusion(salt, envelope []byte, index, size int64, hashes tlog.HashReader) (tlog.RecordProof, tlog.Hash, error) {
	if index < 0 || size > MaxSize || index >= size {
		return nil, tlog.Hash{}, fmt.Errorf("prove: entry %d of %d: no such entry", index, size)
	}
	if len(salt) != SaltSize {
		return nil, tlog.Hash{}, fmt.Errorf("prove: salt of %d bytes: want %d", len(salt), SaltSize)
	}
	root, err := tlog.TreeHash(size, hashes)
	if err != nil {
		return nil, tlog.Hash{}, fmt.Errorf("prove: stored hashes: %w", err)
	}
	proof, err := tlog.ProveRecord(size, index, hashes)
	if err != nil {
		return nil, tlog.Hash{}, fmt.Errorf("prove: stored hashes: %w", err)
	}
	if err := tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(Leaf(salt, envelope))); err != nil {
		return nil, tlog.Hash{}, fmt.Errorf("prove: entry %d of %d: stored hashes are of another entry: %w", index, size, ErrProof)
	}
	return proof, root, nil
}

func digestsOf(s *tearline.Statement) []tearline.Digest {
	list := make([]tearline.Digest, len(s.Subjects))
	for i := range s.Subjects {
		list[i] = s.Subjects[i].Digest
	}
	return list
}

// receiptJSON is the stable form of a receipt. The envelope stands in it as
// the JSON object that it is.
type receiptJSON struct {
	Index      int64           `json:"index"`
	Size       int64           `json:"size"`
	Checkpoint string          `json:"checkpoint"`
	Proof      []string        `json:"proof"`
	Salt       string          `json:"salt"`
	Envelope   json.RawMessage `json:"envelope"`
}

// MarshalJSON implements [json.Marshaler]. The zero Receipt has no JSON form.
func (r Receipt) MarshalJSON() ([]byte, error) {
	if r.head.Size == 0 {
		return nil, errors.New("receipt: there is none")
	}
	j := receiptJSON{
		Index: r.index, Size: r.head.Size, Checkpoint: string(r.checkpoint), Proof: make([]string, len(r.proof)),
		Salt: base64.StdEncoding.EncodeToString(r.salt), Envelope: r.envelope,
	}
	for i, h := range r.proof {
		j.Proof[i] = base64.StdEncoding.EncodeToString(h[:])
	}
	return marshalCompact(j)
}

// marshalCompact is json.Marshal without HTML escapes.
func marshalCompact(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}

// OpenReceipt reads a receipt and verifies all of it, offline: the statement's
// signature under keys, the checkpoint's under the log's verifier key, and
// that the one is in the log of the other. White space in the JSON does not
// matter; everything else does. Errors wrap [ErrFormat], [ErrSignature] or
// [ErrProof].
func OpenReceipt(data []byte, keys Verifiers, logVerifier string) (Receipt, error) {
	r, err := decodeReceipt(data)
	if err != nil {
		return Receipt{}, fmt.Errorf("receipt: %w", err)
	}
	size := r.head.Size
	if r.head, err = OpenCheckpoint(r.checkpoint, logVerifier); err != nil {
		return Receipt{}, fmt.Errorf("receipt: %w", err)
	}
	if r.head.Size != size {
		return Receipt{}, fmt.Errorf("receipt: size %d, checkpoint of %d: %w", size, r.head.Size, ErrProof)
	}
	if r.index < 0 || r.index >= size {
		return Receipt{}, fmt.Errorf("receipt: entry %d of %d: %w", r.index, size, ErrProof)
	}
	statement, err := Open(r.envelope, keys)
	if err != nil {
		return Receipt{}, fmt.Errorf("receipt: %w", err)
	}
	if err := tlog.CheckRecord(r.proof, size, r.head.Root, r.index, tlog.RecordHash(Leaf(r.salt, r.envelope))); err != nil {
		return Receipt{}, fmt.Errorf("receipt: entry %d of %d: %w", r.index, size, ErrProof)
	}
	r.digests = digestsOf(&statement)
	return r, nil
}

// decodeReceipt reads the JSON and verifies nothing but its form.
func decodeReceipt(data []byte) (Receipt, error) {
	if len(data) > maxReceipt {
		return Receipt{}, fmt.Errorf("%d bytes: at most %d: %w", len(data), maxReceipt, ErrFormat)
	}
	if depth(data) > maxDepth {
		return Receipt{}, fmt.Errorf("nests deeper than %d: %w", maxDepth, ErrFormat)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, data); err != nil {
		return Receipt{}, under(ErrFormat, err)
	}
	var j receiptJSON
	if err := json.Unmarshal(compact.Bytes(), &j); err != nil {
		return Receipt{}, under(ErrFormat, err)
	}
	r := Receipt{
		index: j.Index, head: Checkpoint{Size: j.Size}, checkpoint: []byte(j.Checkpoint),
		proof: make(tlog.RecordProof, len(j.Proof)), envelope: j.Envelope,
	}
	for i, s := range j.Proof {
		h, err := decodeHash(s)
		if err != nil {
			return Receipt{}, fmt.Errorf("proof: %w", err)
		}
		r.proof[i] = h
	}
	salt, err := decodeHash(j.Salt) // as long as a hash
	if err != nil {
		return Receipt{}, fmt.Errorf("salt: %w", err)
	}
	r.salt = salt[:]
	// What was understood must be all that was there: this finds unknown,
	// doubled, missing and misspelt members.
	again, err := marshalCompact(j)
	if err != nil || !bytes.Equal(again, compact.Bytes()) {
		return Receipt{}, fmt.Errorf("not in its one form from byte %d of the compact JSON: %w", firstDifference(compact.Bytes(), again), ErrFormat)
	}
	return r, nil
}

// decodeHash reads 32 bytes in the one spelling of standard base 64.
func decodeHash(s string) (tlog.Hash, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != tlog.HashSize || base64.StdEncoding.EncodedLen(len(b)) != len(s) {
		return tlog.Hash{}, fmt.Errorf("%.60q: want 32 bytes in base64: %w", s, ErrFormat)
	}
	return tlog.Hash(b), nil
}
