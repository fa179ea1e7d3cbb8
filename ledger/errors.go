package ledger

import (
	"errors"
	"fmt"
	"strings"
)

// The sentinels nest: whatever does not verify is [ErrTampered], and one of
// the others says in which way.
var (
	// ErrTampered is under every error about bytes that do not verify.
	ErrTampered = errors.New("does not verify")
	// ErrFormat: the bytes are not in the one form that they must have.
	ErrFormat = fmt.Errorf("malformed: %w", ErrTampered)
	// ErrSignature: no valid signature of the party, or log, in question.
	ErrSignature = fmt.Errorf("signature: %w", ErrTampered)
	// ErrProof: an inclusion or consistency proof does not lead to the
	// signed root.
	ErrProof = fmt.Errorf("proof: %w", ErrTampered)
	// ErrLog: a log, or its tiles, are not what its hashes say.
	ErrLog = fmt.Errorf("log: %w", ErrTampered)
)

// maxFaults is how many faults of a log are listed; more are only counted. A
// log that is wrong throughout must not fill the memory.
const maxFaults = 100

// under files a cause under one of the sentinels. Which error the cause was,
// callers need not know: it stays out of the API.
func under(sentinel, cause error) error {
	return fmt.Errorf("%v: %w", cause, sentinel) //nolint:errorlint // see above
}

// A Fault is one thing wrong in a log or its tiles.
type Fault struct {
	// Index is the entry's, -1 if the fault is not one entry's.
	Index int64
	// Path is that of the tile, "" if the fault is not in a tile.
	Path string
	// Err wraps [ErrTampered].
	Err error
}

// String returns "entry N: …", "PATH: …" or both.
func (f Fault) String() string {
	var b strings.Builder
	if f.Path != "" {
		b.WriteString(f.Path + ": ")
	}
	if f.Index >= 0 {
		fmt.Fprintf(&b, "entry %d: ", f.Index)
	}
	b.WriteString(f.Err.Error())
	return b.String()
}

// A LogError says what is wrong in a log: the first hundred faults, in order,
// and the number of all.
type LogError struct {
	Faults []Fault
	Total  int
}

// Error lists the faults, one a line.
func (e *LogError) Error() string {
	var b strings.Builder
	for i, f := range e.Faults {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(f.String())
	}
	if more := e.Total - len(e.Faults); more > 0 {
		fmt.Fprintf(&b, "\nand %d more", more)
	}
	return b.String()
}

// Unwrap returns the causes, so that [errors.Is] finds their sentinels.
func (e *LogError) Unwrap() []error {
	errs := make([]error, len(e.Faults))
	for i, f := range e.Faults {
		errs[i] = f.Err
	}
	return errs
}

func (e *LogError) add(f Fault) {
	e.Total++
	if len(e.Faults) < maxFaults {
		e.Faults = append(e.Faults, f)
	}
}

// orNil returns e as an error, nil if there are no faults.
func (e *LogError) orNil() error {
	if e.Total == 0 {
		return nil
	}
	return e
}
