// Package pdftext reads the text of PDFs, and draws their pages, in a process of
// its own: this program once more, with a hidden command, that gets a
// [Request] and the file on its standard input. It answers in JSON, which the
// pictures follow. A PDF is the most intricate thing that strangers send;
// one that hangs, or grows without end, or breaks its reader, takes that
// process down and nothing else.
//
// Here is only what asks: the command, the limits in time and size, and what
// the answers mean. What is asked is package pdfium, in the folder below. The
// process gets no environment, so no secret of ours, and its result is foreign
// text like any other.
package pdftext

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"tearline"
	"tearline/codec/article"
)

// Command is the hidden command of this program that answers.
const Command = "internal-pdf-text"

const (
	// timeLimit is for one file, with the time that it takes to prepare the
	// reader for the first time.
	timeLimit = 2 * time.Minute
	// maxAnswer is how many bytes an answer may have: positions come with the
	// text.
	maxAnswer = 64 << 20
	// memory is what the process's own data may take, in Go's words; what the
	// file may take is limited by itself.
	memory = "GOMEMLIMIT=1GiB"
)

// A Problem says why a file has no text for us.
type Problem string

// The problems that the process tells.
const (
	NoProblem Problem = ""
	Locked    Problem = "password" // it opens with a password only
	Damaged   Problem = "damaged"  // it is no PDF, or one that cannot be read
	TooLong   Problem = "long"     // it has more pages or text than is read
)

// An Answer is what the process says.
type Answer struct {
	Problem Problem       `json:"problem,omitempty"`
	Pages   article.Pages `json:"pages"`
}

// Reader makes a reader of PDFs that runs a program, one process at a time, as
// long as the context lasts. An empty program is this one. cache is the folder
// where the process keeps what takes long to prepare, "" for nowhere.
func Reader(ctx context.Context, program, cache string) article.PDFReader {
	ask := Asker(ctx, program, cache)
	return func(b []byte) (article.Pages, error) {
		var a Answer
		if err := ask(Request{Text: true}, b, &a); err != nil {
			return article.Pages{}, err
		}
		return a.Pages, a.Problem.Err()
	}
}

// Asker is what a [Reader] asks by: it puts a request about a file to a process
// and reads the answer, which is JSON, into a value.
func Asker(ctx context.Context, program, cache string) func(r Request, b []byte, into any) error {
	turn := make(chan struct{}, 1)
	return func(r Request, b []byte, into any) error {
		select {
		case turn <- struct{}{}:
			defer func() { <-turn }()
		case <-ctx.Done():
			return ctx.Err()
		}
		return asked(ctx, program, cache, r, b, into, timeLimit)
	}
}

func asked(ctx context.Context, program, cache string, r Request, b []byte, into any, limit time.Duration) error {
	out, err := run(ctx, program, cache, r, b, limit, maxAnswer)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(out, into); err != nil {
		return broken(err)
	}
	return nil
}

// Cache is the folder of this user's where the process keeps what takes long
// to prepare; "" if there is none that only the user can write to. What is in
// it is run as it is.
func Cache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	dir = filepath.Join(dir, "tearline", "pdf")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return ""
	}
	if st, err := os.Stat(dir); err != nil || st.Mode().Perm()&0o077 != 0 {
		return ""
	}
	return dir
}

// run runs the process on one file, and returns what it says.
func run(ctx context.Context, program, cache string, ask Request, b []byte, limit time.Duration, most int) ([]byte, error) {
	if program == "" {
		var err error
		if program, err = os.Executable(); err != nil {
			return nil, broken(err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	args := []string{Command}
	if cache != "" {
		args = append(args, "--cache="+cache)
	}
	out, talk := &capped{most: most}, &capped{most: 4096}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = io.MultiReader(strings.NewReader(ask.String()), bytes.NewReader(b)), out, talk
	cmd.Env = []string{memory}
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, invalid(fmt.Sprintf("a PDF that takes longer than %v to read", limit), err)
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, broken(fmt.Errorf("%w: %s", err, talk.b.Bytes()))
	}
	return out.b.Bytes(), nil
}

// Err says what a problem means, nil if there is none.
func (p Problem) Err() error {
	switch p {
	case NoProblem:
		return nil
	case Locked:
		e := invalid("a PDF that opens with a password only", nil)
		e.Hint = "open it, save it without the password, and try again"
		return e
	case TooLong:
		e := invalid("a PDF with more text or pages than are read", nil)
		e.Hint = "divide it"
		return e
	case Damaged:
	}
	return invalid("a PDF that is damaged", nil)
}

func invalid(what string, err error) *tearline.Error {
	return &tearline.Error{Op: "pdf", Kind: tearline.Invalid, Public: what, Hint: "save its text and use that", Err: err}
}

// broken says that the process ended without an answer.
func broken(err error) error {
	return invalid("a PDF that broke its reader", err)
}

// errTooMuch stops a process that says more than it may.
var errTooMuch = errors.New("more output than is allowed")

// capped keeps what is written to it, up to a bound.
type capped struct {
	b    bytes.Buffer
	most int
}

func (c *capped) Write(p []byte) (int, error) {
	if c.b.Len()+len(p) > c.most {
		return 0, errTooMuch
	}
	return c.b.Write(p)
}
