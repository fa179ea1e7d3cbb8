// Command bench measures Tearline side by side with its peers and with what
// the machine allows: every figure of ours stands beside another program's, or
// beside a physical limit, measured in the same run on the same machine.
//
//	go run . list
//	go run . NAME... [--json] [--short]
//	go run . all [--json] [--short]
//
// Each result is a line; with --json an object
// {"name","metric","value","unit","peer","peer_value","ratio","goal","met","min","max"},
// where what there is none of is null. See [Result] for what they mean.
//
// The program may not change Tearline, keep anything on the disk, or claim
// what it has not measured: figures recorded elsewhere are said to be so.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code) //nolint:forbidigo // this is a main
}

// A benchmark is one thing that can be measured by name.
type benchmark struct {
	name, about string
	run         func(*bench) error
}

// benchmarks is the table of all, in the order of "all".
var benchmarks = []benchmark{
	{"mark", "parse, roll up and compare markings; the command over a file of marks", benchMark},
	{"decide", "the decision point per portion; the whole command", benchDecide},
	{"proof", "an inclusion proof from memory and through SQLite; Tessera's ProofBuilder", benchProof},
	{"statement", "a durable statement with its proof; Tessera's POSIX driver; fsync", benchStatement},
	{"import", "reports filed from JSON Lines; signatures, fsync, SHA-256, bare SQLite", benchImport},
	{"release", "one individual copy: decide, tear, render, inspect, record, prove, hand out", benchRelease},
	{"listing", "what a recipient may have: taken in, counted, paged, searched", benchList},
	{"trace", "an article against an archive; recall on the development data, if present", benchTrace},
	{"timing", "whether times tell what is withheld from what is not there: Welch's t of every question", benchTiming},
}

// errUsage is under every error about the arguments.
var errUsage = errors.New("usage: list | all | NAME... [--json] [--short]")

// run does what the arguments say and returns the exit code: 0, 1 if a
// benchmark failed, 2 for wrong usage. A goal that is not met is no failure,
// but for "timing".
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	out := bufio.NewWriter(stdout)
	err := command(ctx, args, out, stderr)
	if err = errors.Join(err, out.Flush()); err == nil {
		return 0
	}
	fmt.Fprintf(stderr, "bench: %v\n", err)
	if errors.Is(err, errUsage) {
		return 2
	}
	return 1
}

func command(ctx context.Context, args []string, out *bufio.Writer, stderr io.Writer) error {
	var names []string
	asJSON, amount := false, full
	for _, a := range args {
		switch a {
		case "--json":
			asJSON = true
		case "--short":
			amount = short
		default:
			names = append(names, a)
		}
	}
	if slices.Equal(names, []string{"list"}) {
		for _, b := range benchmarks {
			fmt.Fprintf(out, "%-10s %s\n", b.name, b.about)
		}
		return nil
	}
	chosen, err := choose(names)
	if err != nil {
		return err
	}
	emit := func(results []Result) error {
		if err := write(out, results, asJSON); err != nil {
			return err
		}
		return out.Flush()
	}
	return measure(ctx, chosen, amount, stderr, emit)
}

// choose returns the benchmarks of those names.
func choose(names []string) ([]benchmark, error) {
	if len(names) == 0 {
		return nil, errUsage
	}
	if slices.Equal(names, []string{"all"}) {
		return benchmarks, nil
	}
	var chosen []benchmark
	for _, n := range names {
		i := slices.IndexFunc(benchmarks, func(b benchmark) bool { return b.name == n })
		if i < 0 {
			return nil, fmt.Errorf("no benchmark %q: %w", strings.TrimSpace(n), errUsage)
		}
		chosen = append(chosen, benchmarks[i])
	}
	return chosen, nil
}

// measure runs benchmarks one after the other and hands each one's results to
// emit.
func measure(ctx context.Context, chosen []benchmark, a amount, stderr io.Writer, emit func([]Result) error) (err error) {
	dir, err := os.MkdirTemp("", "tearline-bench-")
	if err != nil {
		return err
	}
	b := &bench{amount: a, ctx: ctx, dir: dir, shared: &shared{}}
	defer func() { err = errors.Join(err, b.close(), os.RemoveAll(dir)) }()
	for _, c := range chosen {
		start := now()
		b.name, b.results = c.name, nil
		failed := c.run(b)
		if err := emit(b.results); err != nil {
			return err
		}
		if failed != nil {
			return fmt.Errorf("%s: %w", c.name, failed)
		}
		fmt.Fprintf(stderr, "bench: %s took %.1f s\n", c.name, now().Sub(start).Seconds())
	}
	return nil
}
