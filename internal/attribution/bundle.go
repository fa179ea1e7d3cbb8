package attribution

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/tlog"

	"tearline"
)

// Limits of a bundle that is read.
const (
	// MaxBundle is the longest, in bytes.
	MaxBundle = 512 << 20
	// MaxReceipts is how many receipts one may have.
	MaxReceipts = 1 << 20
)

const bundleFormat = "tearline-attribution-1"

// A Bundle is all that checking a finding takes: the text and what was read of
// it, the secrets of the portions concerned, every copy, and for each thing
// said the receipt that proves that, when and in which order it was said.
//
// Whoever has it can tell copies of these portions apart and reads their
// wording: it goes to those who may know both.
type Bundle struct {
	Format string           `json:"format"` // bundleFormat
	Party  tearline.PartyID `json:"party"`
	// LogKey and Keys are the verifier keys of the party's ledger and of its
	// statements. Who checks compares them with what the party gave it.
	LogKey string   `json:"log_key"`
	Keys   []string `json:"keys"`
	// Reading and Finding are the subjects of the two statements, salted with
	// the salts; LeakSalt is that of the text alone.
	Reading     Reading `json:"reading"`
	Finding     Finding `json:"finding"`
	LeakSalt    []byte  `json:"leak_salt"`
	ReadingSalt []byte  `json:"reading_salt"`
	FindingSalt []byte  `json:"finding_salt"`
	// Secrets are those of the portions read, with the proof that the ledger
	// had that root when they were committed to.
	Secrets []SecretProof `json:"secrets"`
	// Candidates are all copies compared; Disclosures proves each by the
	// statement that recorded it before it left.
	Candidates  []Candidate       `json:"candidates"`
	Disclosures []json.RawMessage `json:"disclosures"`
	ReadingIs   json.RawMessage   `json:"reading_receipt"`
	FindingIs   json.RawMessage   `json:"finding_receipt"`
}

// A SecretProof is what tells the copies of one report apart, for those of its
// portions that were read.
type SecretProof struct {
	Report tearline.ReportID `json:"report"`
	// Receipt proves the commitment.
	Receipt json.RawMessage `json:"receipt"`
	// Size and Root are those of the ledger with it as its last entry, and
	// Consistency proves that the ledger of the receipts begins with that.
	Size        int64                         `json:"size"`
	Root        string                        `json:"root"`        // base 64
	Consistency []string                      `json:"consistency"` // base 64
	Portions    map[tearline.PortionID]string `json:"portions"`    // the secrets, hexadecimal
}

// MarshalProof writes a consistency proof.
func MarshalProof(p tlog.TreeProof) []string {
	out := make([]string, len(p))
	for i, h := range p {
		out[i] = base64.StdEncoding.EncodeToString(h[:])
	}
	return out
}

func hash(s string) (tlog.Hash, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != tlog.HashSize {
		return tlog.Hash{}, fmt.Errorf("hash %.60q: want %d bytes in base 64", s, tlog.HashSize)
	}
	return tlog.Hash(b), nil
}

// Encode writes the bundle as JSON.
func (b *Bundle) Encode(w io.Writer) error {
	b.Format = bundleFormat
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(b)
}

// Decode reads a bundle and checks nothing but its form.
func Decode(r io.Reader) (*Bundle, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBundle+1))
	if err != nil {
		return nil, err
	}
	if len(data) > MaxBundle {
		return nil, fmt.Errorf("longer than %d MiB", MaxBundle>>20)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	b := &Bundle{}
	if err := dec.Decode(b); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something after its end")
	}
	if b.Format != bundleFormat || b.Reading.Format != readingFormat || b.Finding.Format != findingFormat {
		return nil, fmt.Errorf("format %.40q: want %s", b.Format, bundleFormat)
	}
	if len(b.Disclosures) > MaxReceipts || len(b.Secrets) > MaxReceipts {
		return nil, fmt.Errorf("more than %d receipts", MaxReceipts)
	}
	return b, nil
}
