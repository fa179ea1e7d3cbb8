// Package cli is the command line: it reads what people type, calls one job of
// the node, and prints what came of it. stdout is data, stderr is talk. There
// are no rules here: what may be said to whom is decided below, and this
// package prints whatever it is given. One file holds one command.
//
// Exit codes: 0 done, or released; 1 an error; 2 wrong usage; 3 withheld;
// 4 consent is needed first; 5 a record does not verify.
package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"tearline"
	"tearline/internal/node"
)

// The exit codes.
const (
	exitOK       = 0
	exitError    = 1
	exitUsage    = 2
	exitWithheld = 3
	exitRefer    = 4
	exitTampered = 5
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

// globals are the flags that every command has.
type globals struct {
	Data string `help:"Data directory (default: $TEARLINE_DATA, or ${data})." placeholder:"DIR"`
	JSON bool   `help:"Print JSON, whose shape is stable." name:"json"`
	As   string `help:"Act as this party, and see what it may see (default: the directory's own)." placeholder:"PARTY"`
}

// commands is the whole command line.
type commands struct {
	globals

	Init         initCmd         `cmd:"" help:"Set up a data directory for a party."`
	Party        partyCmd        `cmd:"" help:"Parties and coalitions."`
	Agreement    agreementCmd    `cmd:"" help:"Agreements between two parties."`
	Exclusion    exclusionCmd    `cmd:"" help:"Who is never to have a party's material."`
	Embargo      embargoCmd      `cmd:"" help:"Hold a report back until a time, or no longer."`
	Report       reportCmd       `cmd:"" help:"File, list and show reports."`
	Apply        applyCmd        `cmd:"" help:"File facts and reports in bulk, from JSON Lines: all of them, or none."`
	Decide       decideCmd       `cmd:"" help:"May this party have it, and if not, who could allow it?"`
	Ask          askCmd          `cmd:"" help:"Ask the originators for their consent."`
	Consent      consentCmd      `cmd:"" help:"Requests and the originators' answers."`
	Release      releaseCmd      `cmd:"" help:"Make the tear line of what may be told now, as a recorded copy."`
	Disclose     discloseCmd     `cmd:"" help:"Record what is, or was, told or shown."`
	Discretion   discretionCmd   `cmd:"" help:"Disclose although the rules refer or deny; named as such."`
	Declassify   declassifyCmd   `cmd:"" help:"Lower or remove markings that are one's own."`
	Trace        traceCmd        `cmd:"" help:"Which portions does a leaked text draw on, and who had them?"`
	Audit        auditCmd        `cmd:"" help:"What became of a report, or of an originator's material."`
	Replay       replayCmd       `cmd:"" help:"Decide every disclosure again, and list those that an inspector should look at."`
	Ledger       ledgerCmd       `cmd:"" help:"Verify, show, prove and export the ledgers."`
	Mark         markCmd         `cmd:"" help:"Read and roll up security markings."`
	Policy       policyCmd       `cmd:"" help:"Marking policies: the embedded ones, and files of one's own."`
	Exercise     exerciseCmd     `cmd:"" help:"Play the story that shows what all this is for."`
	PrintVersion printVersionCmd `cmd:"" name:"version" help:"Print the version."`
}

// run is what a command gets.
type run struct {
	*App
	globals
	ctx context.Context //nolint:containedctx // lives as long as one command
}

// Run parses the arguments, runs the command and returns the exit code.
func (a *App) Run(ctx context.Context, args []string) int {
	var c commands
	exited := -1
	parser, err := kong.New(&c,
		kong.Name("tearline"),
		kong.Description("Originator-controlled sharing of sensitive information."),
		kong.Vars{"data": defaultData},
		kong.Writers(a.Stdout, a.Stderr),
		kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
	)
	if err != nil {
		fmt.Fprintf(a.Stderr, "tearline: %v\n", err)
		return exitError
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	kctx, err := parser.Parse(args)
	if exited >= 0 {
		return exited // help was printed
	}
	if err != nil {
		return a.usage(err)
	}
	r := &run{App: a, globals: c.globals, ctx: ctx}
	r.Data = cmp.Or(r.Data, a.Env("TEARLINE_DATA"), defaultData)
	return a.report(kctx.Run(r))
}

// defaultData is the data directory if nobody names another.
const defaultData = "./tearline-data"

// usage says what is wrong with the arguments, and where to read on.
func (a *App) usage(err error) int {
	fmt.Fprintf(a.Stderr, "tearline: %v\n", err)
	help := "tearline --help"
	if pe, ok := errors.AsType[*kong.ParseError](err); ok && pe.Context != nil && pe.Context.Command() != "" {
		help = "tearline " + strings.Fields(pe.Context.Command())[0] + " --help"
	}
	fmt.Fprintf(a.Stderr, "  %s shows how\n", help)
	return exitUsage
}

// misuse is an error in how the command was called.
type misuse struct{ what, hint string }

func (e *misuse) Error() string { return e.what }

// usageError says what in the command's arguments is not understood.
func usageError(what, hint string) error { return &misuse{what, hint} }

// exit is an error that only sets the exit code: everything has been said.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// report prints an error, or each of several, and returns the exit code.
func (a *App) report(err error) int {
	if several, ok := err.(interface{ Unwrap() []error }); ok { // this very error: what with has joined
		code := exitOK
		for _, err := range several.Unwrap() {
			code = cmp.Or(code, a.report(err))
		}
		return code
	}
	if err == nil {
		return exitOK
	}
	if code, ok := errors.AsType[exit](err); ok {
		return int(code)
	}
	if u, ok := errors.AsType[*misuse](err); ok {
		fmt.Fprintf(a.Stderr, "tearline: %s\n  %s\n", u.what, u.hint)
		return exitUsage
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintf(a.Stderr, "tearline: interrupted\n  what was acknowledged is recorded; the rest can be done again\n")
		return exitError
	}
	if e, ok := errors.AsType[*tearline.Error](err); ok {
		fmt.Fprintf(a.Stderr, "tearline: %s\n", e.Public)
		if e.Hint != "" {
			fmt.Fprintf(a.Stderr, "  %s\n", e.Hint)
		}
		return exitCode(e.Kind)
	}
	faults, ok := errors.AsType[tearline.Faults](err)
	if !ok {
		fmt.Fprintf(a.Stderr, "tearline: %v\n", err)
		return exitError
	}
	for _, f := range faults {
		fmt.Fprintf(a.Stderr, "tearline: %s\n", f)
	}
	if len(faults) > 1 {
		fmt.Fprintf(a.Stderr, "tearline: %d faults; nothing was filed\n", len(faults))
	}
	return exitError
}

func exitCode(k tearline.Kind) int {
	switch k {
	case tearline.Withheld:
		return exitWithheld
	case tearline.ReferKind:
		return exitRefer
	case tearline.Tampered:
		return exitTampered
	case tearline.Other, tearline.Invalid, tearline.Conflict, tearline.Transient:
	}
	return exitError
}

// open opens the data directory and says as whom to act.
func (r *run) open() (*node.Node, tearline.PartyID, error) {
	n, err := node.Open(r.ctx, r.Data, node.Env{Now: r.Now})
	if err != nil {
		return nil, "", err
	}
	as := n.Own()
	if r.As != "" {
		as = tearline.PartyID(r.As)
	}
	return n, as, nil
}

// with opens the data directory, runs fn, and closes it.
func (r *run) with(fn func(n *node.Node, as tearline.PartyID) error) error {
	n, as, err := r.open()
	if err != nil {
		return err
	}
	return errors.Join(fn(n, as), n.Close())
}

// print writes v as JSON if that was asked for, and otherwise as text does.
func (r *run) print(v any, text func(p *printer)) error {
	if r.JSON {
		return written(r.encoder().Encode(v))
	}
	p := &printer{colour: r.Colour}
	text(p)
	_, err := io.WriteString(r.Stdout, p.b.String())
	return written(err)
}

// encoder writes JSON to stdout, without the escapes that only HTML needs.
func (r *run) encoder() *json.Encoder {
	enc := json.NewEncoder(r.Stdout)
	enc.SetEscapeHTML(false)
	return enc
}

// written says that standard output could not be written to, if so. What the
// command did is done.
func written(err error) error {
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

// when parses a time given on the command line: RFC 3339, or a date, which is
// its midnight UTC. The empty string is the zero time. What lies before 1970
// is a mistake: nothing was said then.
func when(flag, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", dateOnly} {
		t, err := time.Parse(form, s)
		switch {
		case err != nil:
			continue
		case t.Before(time.Unix(0, 0)):
			return time.Time{}, usageError(fmt.Sprintf("--%s %s is before 1970", flag, s), "give a time since 1970, such as 2026-03-01T09:00:00Z")
		}
		return t.UTC(), nil
	}
	return time.Time{}, usageError(fmt.Sprintf("--%s %q is no time", flag, s), "write 2026-03-01T09:00:00Z or 2026-03-01")
}

const dateOnly = "2006-01-02"

// maxInput bounds a file that is read whole.
const maxInput = 64 << 20

// readAll reads a file, or standard input for "-", within a bound.
func (r *run) readAll(name string) ([]byte, error) {
	in := r.Stdin
	if name != "-" {
		f, err := os.Open(name) //nolint:gosec // the user's own file
		if err != nil {
			return nil, fileError(name, err)
		}
		defer f.Close()
		if st, err := f.Stat(); err == nil && st.IsDir() {
			return nil, fileError(name, errors.New("is a directory"))
		}
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, maxInput+1))
	if err != nil {
		return nil, fileError(name, err)
	}
	if len(b) > maxInput {
		return nil, fileError(name, fmt.Errorf("more than %d MiB", maxInput>>20))
	}
	return b, nil
}

// fileError says which file could not be used, without the call's name.
func fileError(name string, err error) error {
	if pe, ok := errors.AsType[*os.PathError](err); ok {
		err = pe.Err
	}
	return &tearline.Error{Op: "file", Kind: tearline.Invalid, Public: fmt.Sprintf("%s: %v", name, err), Err: err}
}
