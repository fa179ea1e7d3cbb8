// Command peers measures other engines on one model of releasability, side by
// side: how long a decision takes, and how long it takes to count and list
// exactly what a party may have. Every engine is first checked against the
// plain function of package model, on every question that is timed, and the
// first difference fails the run.
//
//	go run . list
//	go run . NAME... [--json] [--short]
//	go run . all [--json] [--short]
//
// Each result is a line; with --json an object
// {"name","metric","value","unit","peer","peer_value","ratio","goal","met","median","max","runs"},
// where what there is none of is null. See [Result] for what they mean. Every
// NAME stands alone and its results are printed as soon as it is done, so that
// a long run is taken up again by naming the rest.
//
// The program may not keep anything on the disk, open a network port, or claim
// what it has not measured.
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
	{"model", "the model itself as Go bitsets: what the machine allows", benchModel},
	{"cedar", "Cedar (cedar-go), one decision", benchCedar},
	{"cel", "CEL (cel-go), one decision, as bitmasks and as sets of strings", benchCEL},
	{"casbin", "casbin, one decision", benchCasbin},
	{"opa", "OPA, one decision, prepared, input as maps and as ast.Value", benchOPA},
	{"openfga", "OpenFGA embedded over SQLite: one decision, ListObjects", benchOpenFGA},
	{"sqlite", "SQLite, 1M portions: one decision, exact count, first page", benchSQLite},
	{"sqlite-10m", "the same, 10M portions", benchSQLiteLarge},
	{"sqlite-old", "the same, 10M portions, all that the party sees is old", benchSQLiteOld},
	{"postgres", "PostgreSQL, row-level security, 1M portions: decision, count, page", benchPostgres},
	{"postgres-10m", "the same, 10M portions", benchPostgresLarge},
	{"postgres-old", "the same, 10M portions, all that the party sees is old", benchPostgresOld},
	{"tearline", "Tearline's index of release classes on the same model, told in statements", benchTearline},
}

// errUsage is under every error about the arguments.
var errUsage = errors.New("usage: list | all | NAME... [--json] [--short]")

// run does what the arguments say and returns the exit code: 0, 1 if a
// benchmark failed, 2 for wrong usage. A goal that is not met is no failure.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	out := bufio.NewWriter(stdout)
	err := command(ctx, args, out, stderr)
	if err = errors.Join(err, out.Flush()); err == nil {
		return 0
	}
	fmt.Fprintf(stderr, "peers: %v\n", err)
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
			fmt.Fprintf(out, "%-13s %s\n", b.name, b.about)
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
	dir, err := os.MkdirTemp("", "tearline-peers-")
	if err != nil {
		return err
	}
	b := &bench{amount: a, ctx: ctx, dir: dir, figures: map[string][]peer{}}
	defer func() { err = errors.Join(err, b.stopPostgres(), os.RemoveAll(dir)) }()
	for _, c := range chosen {
		start := now()
		b.name, b.results = c.name, nil
		if err := c.run(b); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		if err := emit(b.results); err != nil {
			return err
		}
		fmt.Fprintf(stderr, "peers: %s took %.1f s\n", c.name, now().Sub(start).Seconds())
	}
	return nil
}
