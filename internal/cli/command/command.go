// Package command is what every command of the command line gets and how it
// answers: streams and flags, exit codes, errors in how it was called, files,
// times, and a printer for people. It knows no job and no rule.
package command

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"tearline"
)

// The exit codes. See package cli for what they mean.
const (
	ExitOK       = 0
	ExitError    = 1
	ExitUsage    = 2
	ExitWithheld = 3
	ExitRefer    = 4
	ExitTampered = 5
)

// An App is the program's surroundings. The zero value is not usable.
type App struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Now is the clock.
	Now func() time.Time
	// Env looks up environment variables.
	Env func(string) string
	// Colour and Progress say whether stdout and stderr are terminals.
	Colour, Progress bool
}

// Globals are the flags that every command has.
type Globals struct {
	Data string `help:"Data directory (default: $TEARLINE_DATA, or ${data})." placeholder:"DIR"`
	JSON bool   `help:"Print JSON, whose shape is stable." name:"json"`
	As   string `help:"Act as this party, and see what it may see (default: the directory's own)." placeholder:"PARTY"`
}

// A Run is what a command gets.
type Run struct {
	*App
	Globals
	Ctx context.Context //nolint:containedctx // lives as long as one command
}

// A MisuseError is an error in how the command was called.
type MisuseError struct{ What, Hint string }

func (e *MisuseError) Error() string { return e.What }

// UsageError says what in the command's arguments is not understood.
func UsageError(what, hint string) error { return &MisuseError{what, hint} }

// A CodeError only sets the exit code: everything has been said.
type CodeError int

func (e CodeError) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// Print writes v as JSON if that was asked for, and otherwise as text does.
func (r *Run) Print(v any, text func(p *Printer)) error {
	if r.JSON {
		return Written(r.Encoder().Encode(v))
	}
	p := &Printer{Colour: r.Colour}
	text(p)
	_, err := io.WriteString(r.Stdout, p.String())
	return Written(err)
}

// Encoder writes JSON to stdout, without the escapes that only HTML needs.
func (r *Run) Encoder() *json.Encoder {
	enc := json.NewEncoder(r.Stdout)
	enc.SetEscapeHTML(false)
	return enc
}

// Written says that standard output could not be written to, if so. What the
// command did is done.
func Written(err error) error {
	if err == nil {
		return nil
	}
	if pe, ok := errors.AsType[*os.PathError](err); ok {
		err = pe.Err
	}
	return &tearline.Error{
		Op: "stdout", Public: fmt.Sprintf("standard output: %v", err), Err: err,
		Hint: "what was to be done is done and recorded; only its answer is lost",
	}
}

// When parses a time given on the command line: RFC 3339, or a date, which is
// its midnight UTC. The empty string is the zero time. What lies before 1970
// is a mistake: nothing was said then.
func When(flag, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly} {
		t, err := time.Parse(form, s)
		switch {
		case err != nil:
			continue
		case t.Before(time.Unix(0, 0)):
			return time.Time{}, UsageError(fmt.Sprintf("--%s %s is before 1970", flag, s), "give a time since 1970, such as 2026-03-01T09:00:00Z")
		}
		return t.UTC(), nil
	}
	return time.Time{}, UsageError(fmt.Sprintf("--%s %q is no time", flag, s), "write 2026-03-01T09:00:00Z or 2026-03-01")
}

// Published reads when a text was published. Of a day alone nobody knows the
// hour: whoever was given it that day may have had it before.
func Published(date string) (time.Time, error) {
	seen, err := When("date", date)
	if err == nil && len(date) == len(time.DateOnly) {
		seen = seen.AddDate(0, 0, 1).Add(-time.Microsecond)
	}
	return seen, err
}

// Open opens a file, or standard input for "-".
func (r *Run) Open(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(r.Stdin), nil
	}
	f, err := os.Open(name) //nolint:gosec // the user's own file
	if err != nil {
		return nil, FileError(name, err)
	}
	if st, err := f.Stat(); err == nil && st.IsDir() {
		return nil, cmp.Or(f.Close(), FileError(name, errors.New("is a directory")))
	}
	return f, nil
}

// HeldAgainst compares the key of the ledger that a bundle names with the one
// that the user knows to be the party's; without one it says what the bundle is
// held against.
func (r *Run) HeldAgainst(op, known, named string, party tearline.PartyID) error {
	if known == "" {
		fmt.Fprintf(r.Stderr, "note: held against the keys in the file itself; --key holds it against the one that you know to be %s's\n", party)
		return nil
	}
	if known != named {
		return &tearline.Error{Op: op, Kind: tearline.Tampered, Public: "the bundle was made with another key than the one given"}
	}
	return nil
}

// MaxInput bounds a file that is read whole.
const MaxInput = 64 << 20

// ReadAll reads a file, or standard input for "-", within a bound.
func (r *Run) ReadAll(name string) ([]byte, error) {
	in, err := r.Open(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	b, err := io.ReadAll(io.LimitReader(in, MaxInput+1))
	if err != nil {
		return nil, FileError(name, err)
	}
	if len(b) > MaxInput {
		return nil, FileError(name, fmt.Errorf("more than %d MiB", MaxInput>>20))
	}
	return b, nil
}

// FileError says which file could not be used, without the call's name.
func FileError(name string, err error) error {
	if pe, ok := errors.AsType[*os.PathError](err); ok {
		err = pe.Err
	}
	return &tearline.Error{Op: "file", Kind: tearline.Invalid, Public: fmt.Sprintf("%s: %v", name, err), Err: err}
}

// AnswersTo writes answers to a writer, and says so if they are lost.
type AnswersTo struct{ io.Writer }

func (a AnswersTo) Write(b []byte) (int, error) {
	n, err := a.Writer.Write(b)
	return n, Written(err)
}
