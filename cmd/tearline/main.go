// Command tearline is originator-controlled sharing of sensitive information:
// it files reports, decides portion by portion who may have what and who could
// allow it, cuts tear lines, records every disclosure in a ledger before it is
// made, and traces leaks. It only puts the command line into its surroundings.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"

	"tearline/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	app := cli.App{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Now: time.Now, Env: os.Getenv,
		Colour:   term.IsTerminal(int(os.Stdout.Fd())) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb",
		Progress: term.IsTerminal(int(os.Stderr.Fd())),
	}
	code := app.Run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
