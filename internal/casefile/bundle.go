package casefile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"tearline"
	"tearline/ledger"
)

// A Bundle is the file on a leak as it is handed on: every statement of one
// case, each with the proof that it is in the party's ledger under one
// checkpoint. It contains no text of any report, only salted digests.
type Bundle struct {
	Party tearline.PartyID
	Case  string
	// LogKey is the verifier of the party's ledger, Keys those under which it
	// signs statements.
	LogKey string
	Keys   []string
	// Checkpoint is signed under LogKey; all receipts are of it.
	Checkpoint []byte
	// Receipts are the ledger's, as JSON, in the order of the ledger.
	Receipts [][]byte
}

// Format is what the first line of a bundle says that it is.
const Format = "tearline-case-1"

// The bounds of a bundle that is read.
const (
	// MaxStatements bounds the statements of a bundle.
	MaxStatements = 10_000
	// MaxKeys bounds the keys of its party.
	MaxKeys = 16
	// MaxBundle is the length in bytes of the longest bundle.
	MaxBundle = 256 << 20
	// MaxLine is the length in bytes of the longest line.
	MaxLine = 2 * ledger.MaxEnvelope
)

// head is the first line; each of the others is a receipt.
type head struct {
	Format     string           `json:"format"`
	Party      tearline.PartyID `json:"party"`
	Case       string           `json:"case"`
	LogKey     string           `json:"log_key"`
	Keys       []string         `json:"keys"`
	Checkpoint string           `json:"checkpoint"`
	Statements int              `json:"statements"`
}

// WriteTo writes the bundle as JSON Lines: whose it is and how much there is,
// then the receipts.
func (b *Bundle) WriteTo(w io.Writer) (int64, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(head{Format, b.Party, b.Case, b.LogKey, b.Keys, string(b.Checkpoint), len(b.Receipts)}); err != nil {
		return 0, err
	}
	for _, r := range b.Receipts {
		out.Write(r)
		out.WriteByte('\n')
	}
	return out.WriteTo(w)
}

// ReadBundle reads a bundle. It verifies nothing: that is [Bundle.Verify]'s.
// Errors name the line; a bundle that was cut off is one.
func ReadBundle(r io.Reader) (*Bundle, error) {
	in := bufio.NewReaderSize(io.LimitReader(r, MaxBundle), 1<<16)
	line, err := readLine(in, 1)
	if err != nil {
		return nil, err
	}
	var h head
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&h); err != nil {
		return nil, invalid("export it with tearline case export", "line 1: %v", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, invalid("", "line 1: want one JSON object")
	}
	switch {
	case h.Format != Format:
		return nil, invalid("export it with tearline case export", "line 1: want format %q, not %.40q", Format, h.Format)
	case h.Statements < 1, h.Statements > MaxStatements:
		return nil, invalid("", "line 1: want 1 to %d statements, not %d", MaxStatements, h.Statements)
	case len(h.Keys) < 1, len(h.Keys) > MaxKeys:
		return nil, invalid("", "line 1: want 1 to %d keys, not %d", MaxKeys, len(h.Keys))
	}
	b := &Bundle{Party: h.Party, Case: h.Case, LogKey: h.LogKey, Keys: h.Keys, Checkpoint: []byte(h.Checkpoint)}
	for i := range h.Statements {
		line, err := readLine(in, 2+i)
		if err != nil {
			return nil, err
		}
		b.Receipts = append(b.Receipts, line)
	}
	if _, err := in.ReadByte(); !errors.Is(err, io.EOF) {
		return nil, invalid("", "line %d: want the end, after %d statements", 2+h.Statements, h.Statements)
	}
	return b, nil
}

// readLine reads one line of bounded length, without its end.
func readLine(in *bufio.Reader, number int) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == nil:
			return line[:len(line)-1], nil
		case len(line) > MaxLine:
			return nil, invalid("", "line %d: longer than %d bytes", number, MaxLine)
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF):
			return nil, invalid("copy the bundle again, whole", "line %d: the bundle ends here, and is not complete", number)
		}
		return nil, fmt.Errorf("line %d: %w", number, err)
	}
}

func invalid(hint, format string, args ...any) error {
	return &tearline.Error{Op: "case", Kind: tearline.Invalid, Public: fmt.Sprintf(format, args...), Hint: hint}
}

func tampered(err error) error {
	return &tearline.Error{Op: "case", Kind: tearline.Tampered, Public: "the bundle does not verify: " + err.Error(), Err: err}
}

// Verified is what verifying a bundle came to.
type Verified struct {
	File
	// Size is how many entries the party's ledger had.
	Size int64 `json:"size"`
	// Complete says that nothing of the case can be missing: it is closed, and
	// its entries name all that there is.
	Complete bool `json:"complete"`
	// Shown says in words how far it is shown that nothing is missing.
	Shown string `json:"shown"`
}

// Verify verifies all of a bundle, offline: each statement's signature, that it
// is the party's and stands in its ledger under the checkpoint, the order, and
// that nothing is missing that one of them names. An error is of kind Tampered.
// It costs about 0.2 ms a statement.
func (b *Bundle) Verify() (Verified, error) {
	head, err := ledger.OpenCheckpoint(b.Checkpoint, b.LogKey)
	if err != nil {
		return Verified{}, tampered(fmt.Errorf("checkpoint: %w", err))
	}
	if head.Origin != ledger.Origin(b.Party) {
		return Verified{}, tampered(fmt.Errorf("the checkpoint is of %s, not of %s's ledger", head.Origin, b.Party))
	}
	said, err := b.open()
	if err != nil {
		return Verified{}, tampered(err)
	}
	cases := Read(said)
	c := Find(cases, b.Case)
	if c == nil {
		return Verified{}, tampered(fmt.Errorf("the entry that opens case %.80q is not in it", b.Case))
	}
	if err := c.whole(said); err != nil {
		return Verified{}, tampered(err)
	}
	out := Verified{File: c.File(), Size: head.Size, Complete: !c.Open() && len(c.Faults) == 0}
	switch last := c.Entries[len(c.Entries)-1].Index; {
	case out.Complete:
		out.Shown = "complete: the case is closed, and each entry names what came before it"
	case !c.Open():
		out.Shown = "something was said of the case after it had been closed; see the notes"
	default:
		out.Shown = fmt.Sprintf("complete up to entry %d of the ledger, the last of the case that is here; it was open then, and what was said of it later would not show", last)
	}
	return out, nil
}

// open verifies the receipts and returns what they prove.
func (b *Bundle) open() ([]Said, error) {
	keys := ledger.Verifiers{b.Party: b.Keys}
	said := make([]Said, 0, len(b.Receipts))
	for i, data := range b.Receipts {
		r, err := ledger.OpenReceipt(data, keys, b.LogKey)
		if err != nil {
			return nil, fmt.Errorf("statement %d: %w", i+1, err)
		}
		if !bytes.Equal(r.Checkpoint(), b.Checkpoint) {
			return nil, fmt.Errorf("statement %d: its proof is of another checkpoint", i+1)
		}
		if i > 0 && r.Index() <= said[i-1].Index {
			return nil, fmt.Errorf("statement %d: entry %d stands after entry %d", i+1, r.Index(), said[i-1].Index)
		}
		said = append(said, Said{Index: r.Index(), Statement: r.Statement()})
	}
	return said, nil
}

// whole reports whether a case is all that was given, and nothing is missing
// that it names.
func (c *Case) whole(given []Said) error {
	in := c.has()
	for _, s := range given {
		if x, ok := s.Says.(*tearline.Revocation); !in[s.ID] && (!ok || !in[x.Of]) {
			return fmt.Errorf("statement %s is not of case %s", s.ID, c.Name)
		}
	}
	for _, id := range c.Missing {
		return fmt.Errorf("statement %s is missing: it is named by another of case %s", id, c.Name)
	}
	for i, e := range c.Entries {
		if i > 0 && !slices.Contains(entryOf(e).Of, c.Entries[i-1].ID) {
			return fmt.Errorf("entry %d of the ledger does not name entry %d, the one of the case before it: what stood between them is missing", e.Index, c.Entries[i-1].Index)
		}
	}
	return nil
}
