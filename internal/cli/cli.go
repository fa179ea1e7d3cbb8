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
	"errors"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"

	"tearline"
	"tearline/internal/cli/attributecmd"
	"tearline/internal/cli/casecmd"
	"tearline/internal/cli/command"
	"tearline/internal/cli/fingerprintcmd"
	"tearline/internal/cli/ledgercmd"
	"tearline/internal/cli/markcmd"
	"tearline/internal/cli/presscmd"
	"tearline/internal/cli/reportcmd"
	"tearline/internal/cli/warrantcmd"
	"tearline/internal/node"
)

// commands is the whole command line.
type commands struct {
	command.Globals

	Init         initCmd                    `cmd:"" help:"Set up a data directory for a party."`
	Party        partyCmd                   `cmd:"" help:"Parties and coalitions."`
	Agreement    agreementCmd               `cmd:"" help:"Agreements between two parties."`
	Delegation   delegationCmd              `cmd:"" help:"Who may declassify, consent, disclose or grant warrants in a party's name."`
	Warrant      warrantcmd.Warrant         `cmd:"" help:"What an investigator may search, for how long, and who said so."`
	Exclusion    exclusionCmd               `cmd:"" help:"Who is never to have a party's material."`
	Embargo      embargoCmd                 `cmd:"" help:"Hold a report back until a time, or no longer."`
	Report       reportCmd                  `cmd:"" help:"File, list and show reports."`
	Convert      reportcmd.Convert          `cmd:"" help:"Write a report in another format, with all its marks."`
	Apply        applyCmd                   `cmd:"" help:"File facts and reports in bulk, from JSON Lines: all of them, or none."`
	Decide       decideCmd                  `cmd:"" help:"May this party have it, and if not, who could allow it?"`
	List         listCmd                    `cmd:"" help:"All that a party may have, newest first: exact count, pages, search."`
	Warn         warnCmd                    `cmd:"" help:"Somebody is in danger: what can be told now, and whose consent would add most."`
	WhatIf       whatifCmd                  `cmd:"" name:"whatif" help:"Who may have what, as a table; and what would change if."`
	Ask          askCmd                     `cmd:"" help:"Ask the originators for their consent."`
	Consent      consentCmd                 `cmd:"" help:"Requests and the originators' answers."`
	Recall       recallCmd                  `cmd:"" help:"Call back what was passed on: who has it, who has confirmed, who not yet."`
	Release      releaseCmd                 `cmd:"" help:"Make the tear line of what may be told now, as a recorded copy."`
	Disclose     discloseCmd                `cmd:"" help:"Record what is, or was, told or shown."`
	Discretion   discretionCmd              `cmd:"" help:"Disclose although the rules refer or deny; named as such."`
	Declassify   declassifyCmd              `cmd:"" help:"Lower or remove markings that are one's own."`
	Trace        traceCmd                   `cmd:"" help:"Which portions does a leaked text draw on, and who had them?"`
	Attribute    attributecmd.Attribute     `cmd:"" help:"Whose copy does a leaked text agree with, beyond what chance explains?"`
	Fingerprint  fingerprintcmd.Fingerprint `cmd:"" help:"What tells copies apart: propose, check and show alternatives; try the statistics; destroy the secrets."`
	Watch        presscmd.Watch             `cmd:"" help:"Watch the press: trace what feeds bring, and keep a lead for each hit."`
	Case         casecmd.Case               `cmd:"" help:"Files on leaks: what was seen, what was found, what was done."`
	Assess       casecmd.Assess             `cmd:"" help:"What has a leak exposed, what can be inferred, whom to tell and by when?"`
	Audit        auditCmd                   `cmd:"" help:"What became of a report, or of an originator's material."`
	Replay       replayCmd                  `cmd:"" help:"Decide every disclosure again, and list those that an inspector should look at."`
	Ledger       ledgercmd.Ledger           `cmd:"" help:"Verify, show, prove and export the ledgers."`
	Mark         markcmd.Mark               `cmd:"" help:"Read and roll up security markings."`
	Policy       markcmd.Policy             `cmd:"" help:"Marking policies: the embedded ones, and files of one's own."`
	Exercise     exerciseCmd                `cmd:"" help:"Play the story that shows what all this is for."`
	PrintVersion printVersionCmd            `cmd:"" name:"version" help:"Print the version."`
	PDFText      presscmd.PDFText           `cmd:"" name:"internal-pdf-text" hidden:""`
}

// run is what a command gets.
type run struct{ *command.Run }

// An App is the program's surroundings. The zero value is not usable.
type App command.App

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
		return command.ExitError
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
	shared := &command.Run{App: (*command.App)(a), Globals: c.Globals, Ctx: ctx}
	r := &run{shared}
	r.Data = cmp.Or(r.Data, a.Env("TEARLINE_DATA"), defaultData)
	return a.report(kctx.Run(r, shared, r.tracing(), r.press(), r.warrants(), r.cases(), r.attributing(), r.fingerprints(), r.authors(), r.ledgers(), r.documents()))
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
	return command.ExitUsage
}

// report prints an error, or each of several, and returns the exit code.
func (a *App) report(err error) int {
	if several, ok := err.(interface{ Unwrap() []error }); ok { // this very error: what with has joined
		code := command.ExitOK
		for _, err := range several.Unwrap() {
			code = cmp.Or(code, a.report(err))
		}
		return code
	}
	if err == nil {
		return command.ExitOK
	}
	if code, ok := errors.AsType[command.CodeError](err); ok {
		return int(code)
	}
	if u, ok := errors.AsType[*command.MisuseError](err); ok {
		fmt.Fprintf(a.Stderr, "tearline: %s\n  %s\n", u.What, u.Hint)
		return command.ExitUsage
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintf(a.Stderr, "tearline: interrupted\n  what was acknowledged is recorded; the rest can be done again\n")
		return command.ExitError
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
		return command.ExitError
	}
	for _, f := range faults {
		fmt.Fprintf(a.Stderr, "tearline: %s\n", f)
	}
	if len(faults) > 1 {
		fmt.Fprintf(a.Stderr, "tearline: %d faults; nothing was filed\n", len(faults))
	}
	return command.ExitError
}

func exitCode(k tearline.Kind) int {
	switch k {
	case tearline.Withheld:
		return command.ExitWithheld
	case tearline.ReferKind:
		return command.ExitRefer
	case tearline.Tampered:
		return command.ExitTampered
	case tearline.Other, tearline.Invalid, tearline.Conflict, tearline.Transient:
	}
	return command.ExitError
}

// open opens the data directory and says as whom to act.
func (r *run) open() (*node.Node, tearline.PartyID, error) {
	n, err := node.Open(r.Ctx, r.Data, node.Env{Now: r.Now})
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
