package replay

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"tearline"
	"tearline/ledger"
)

// A Bundle is all that replaying one holder's disclosures needs: its ledger,
// whole, and what it had been told by others. It contains no text of any
// report, only salted digests.
type Bundle struct {
	Party tearline.PartyID
	// LogKey is the verifier of the holder's ledger, Keys those of whoever
	// says something in the bundle.
	LogKey string
	Keys   ledger.Verifiers
	// Checkpoint is signed under LogKey, and speaks for all Entries.
	Checkpoint []byte
	Entries    []ledger.Entry
	// Heard are the envelopes of what others said that the holder's decisions
	// rest on.
	Heard [][]byte
}

// Format is what the first line of a bundle says that it is.
const Format = "tearline-replay-1"

// The bounds of a bundle that is read.
const (
	// MaxLine is the length in bytes of the longest line.
	MaxLine = 2 * ledger.MaxEnvelope
	// MaxLines bounds the lines, and so the statements.
	MaxLines = 20_000_000
)

// head is the first line.
type head struct {
	Format     string           `json:"format"`
	Party      tearline.PartyID `json:"party"`
	LogKey     string           `json:"log_key"`
	Keys       ledger.Verifiers `json:"keys"`
	Checkpoint string           `json:"checkpoint"`
	Entries    int64            `json:"entries"`
	Heard      int64            `json:"heard"`
}

// row is every other line: an entry of the ledger, with its salt, or an
// envelope of another party's, without.
type row struct {
	Salt     []byte `json:"salt,omitempty"`
	Envelope []byte `json:"envelope"`
}

// WriteTo writes the bundle as JSON Lines: who it is of and how much there is,
// the entries in order, then what was heard.
func (b *Bundle) WriteTo(w io.Writer) (int64, error) {
	c := &counter{w: w}
	out := bufio.NewWriterSize(c, 1<<16)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(head{Format, b.Party, b.LogKey, b.Keys, string(b.Checkpoint), int64(len(b.Entries)), int64(len(b.Heard))})
	for i := 0; err == nil && i < len(b.Entries); i++ {
		err = enc.Encode(row{b.Entries[i].Salt, b.Entries[i].Envelope})
	}
	for i := 0; err == nil && i < len(b.Heard); i++ {
		err = enc.Encode(row{nil, b.Heard[i]})
	}
	return c.n, errors.Join(err, out.Flush())
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// Read reads a bundle. It verifies nothing: that is [Bundle.Replay]'s. Errors
// name the line; a bundle that was cut off is one.
func Read(r io.Reader) (*Bundle, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	var h head
	if err := readLine(in, 1, &h); err != nil {
		return nil, err
	}
	switch {
	case h.Format != Format:
		return nil, invalid("export it with tearline replay --export FILE", "line 1: want format %q, not %.40q", Format, h.Format)
	case h.Entries < 0, h.Heard < 0, h.Entries > MaxLines, h.Heard > MaxLines:
		return nil, invalid("", "line 1: want at most %d entries and %d heard, not %d and %d", MaxLines, MaxLines, h.Entries, h.Heard)
	}
	b := &Bundle{Party: h.Party, LogKey: h.LogKey, Keys: h.Keys, Checkpoint: []byte(h.Checkpoint)}
	for i := range h.Entries {
		var line row
		if err := readLine(in, 2+i, &line); err != nil {
			return nil, err
		}
		b.Entries = append(b.Entries, ledger.Entry{Index: i, Salt: line.Salt, Envelope: line.Envelope})
	}
	for i := range h.Heard {
		var line row
		if err := readLine(in, 2+h.Entries+i, &line); err != nil {
			return nil, err
		}
		if line.Salt != nil {
			return nil, invalid("", "line %d: what others said has no salt here", 2+h.Entries+i)
		}
		b.Heard = append(b.Heard, line.Envelope)
	}
	if _, err := in.ReadByte(); !errors.Is(err, io.EOF) {
		return nil, invalid("", "line %d: want the end, after %d entries and %d heard", 2+h.Entries+h.Heard, h.Entries, h.Heard)
	}
	return b, nil
}

// readLine reads one line of bounded length into v.
func readLine(in *bufio.Reader, number int64, v any) error {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		if err == nil {
			break
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull) && len(line) <= MaxLine:
			continue
		case errors.Is(err, bufio.ErrBufferFull):
			return invalid("", "line %d: longer than %d bytes", number, MaxLine)
		case errors.Is(err, io.EOF):
			return invalid("copy the bundle again, whole", "line %d: the bundle ends here, and is not complete", number)
		}
		return fmt.Errorf("line %d: %w", number, err)
	}
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return invalid("", "line %d: %v", number, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return invalid("", "line %d: want one JSON object", number)
	}
	return nil
}

func invalid(hint, format string, args ...any) error {
	return &tearline.Error{Op: "replay", Kind: tearline.Invalid, Public: fmt.Sprintf(format, args...), Hint: hint}
}

// tampered says that a bundle does not verify.
func tampered(err error) error {
	return &tearline.Error{Op: "replay", Kind: tearline.Tampered, Public: "the bundle does not verify: " + err.Error(), Err: err}
}

// entries streams the ledger as package ledger checks it.
func (b *Bundle) entries() iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		for _, e := range b.Entries {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// verify checks everything in the bundle and returns the ledger's state.
func (b *Bundle) verify() (ledger.Checkpoint, error) {
	want, err := ledger.OpenCheckpoint(b.Checkpoint, b.LogKey)
	if err != nil {
		return want, tampered(fmt.Errorf("checkpoint: %w", err))
	}
	if want.Origin != ledger.Origin(b.Party) {
		return want, tampered(fmt.Errorf("the checkpoint is of %s, not of %s's ledger", want.Origin, b.Party))
	}
	got, err := ledger.CheckLog(b.Party, b.Keys, b.entries(), nil, int64(len(b.Entries)))
	if err != nil {
		return got, tampered(err)
	}
	if got.Size != want.Size || got.Root != want.Root {
		return got, tampered(fmt.Errorf("%d entries with root %s, but the checkpoint is of %d with root %s", got.Size, got.Root, want.Size, want.Root))
	}
	return got, nil
}
