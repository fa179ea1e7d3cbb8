// Package kit is what programs that measure have alike: a table of benchmarks
// that are run by name, a cost by the processor or another clock, and results
// held against peers and goals, as lines or as JSON. A program has one
// [Program] and calls its Main; it is started with
//
//	list
//	NAME... [--json] [--short]
//	all [--json] [--short]
//
// Each result is a line; with --json an object
// {"name","metric","value","unit","peer","peer_value","ratio","goal","met","min","median","max","runs"},
// see [Result] for what they mean. Every NAME stands alone and its results are
// printed as soon as it is done, so that a long run is taken up again by naming
// the rest; if it fails, what it had measured before is printed as well.
//
// The package may not know what is measured, nor keep anything on the disk. It
// is the only one that looks at a clock. Nothing here is for several goroutines
// at once.
package kit

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

// A Benchmark is one thing that can be measured by name.
type Benchmark[B any] struct {
	Name, About string
	Run         func(B) error
}

// A Program is a command that measures. A is what says how much is done, B what
// its benchmarks work on.
type Program[A any, B io.Closer] struct {
	// Name is what the program calls itself where it talks, and its scratch
	// files.
	Name string
	// Benchmarks is the table of all, in the order of "all".
	Benchmarks []Benchmark[B]
	// Full is how much is done, Short with --short.
	Full, Short A
	// Open makes what all benchmarks of one run work on, and sets the effort of
	// the bench. It is closed after the last of them.
	Open func(*Bench, A) B
	// Least makes the least of the runs the value of a result, which others on
	// the machine disturbed least; otherwise it is the median.
	Least bool
	// More are the units of which more is better, such as "1/s"; of all others
	// it is less.
	More []string
}

// errUsage is under every error about the arguments.
var errUsage = errors.New("usage: list | all | NAME... [--json] [--short]")

// Main does what the arguments of the process say, and exits.
func (p *Program[A, B]) Main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := p.Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code) //nolint:forbidigo // called by a main and by nothing else
}

// Run does what the arguments say and returns the exit code: 0, 1 if a
// benchmark failed, 2 for wrong usage. A goal that is not met is no failure.
// The first benchmark that fails ends the run.
func (p *Program[A, B]) Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	out := bufio.NewWriter(stdout)
	err := p.command(ctx, args, out, stderr)
	if err = errors.Join(err, out.Flush()); err == nil {
		return 0
	}
	fmt.Fprintf(stderr, "%s: %v\n", p.Name, err)
	if errors.Is(err, errUsage) {
		return 2
	}
	return 1
}

func (p *Program[A, B]) command(ctx context.Context, args []string, out *bufio.Writer, stderr io.Writer) error {
	var names []string
	asJSON, amount := false, p.Full
	for _, a := range args {
		switch a {
		case "--json":
			asJSON = true
		case "--short":
			amount = p.Short
		default:
			names = append(names, a)
		}
	}
	if slices.Equal(names, []string{"list"}) {
		p.list(out)
		return nil
	}
	chosen, err := p.choose(names)
	if err != nil {
		return err
	}
	emit := func(results []Result) error {
		if err := write(out, results, asJSON); err != nil {
			return err
		}
		return out.Flush()
	}
	return p.measure(ctx, chosen, amount, stderr, emit)
}

func (p *Program[A, B]) list(out io.Writer) {
	width := 0
	for _, b := range p.Benchmarks {
		width = max(width, len(b.Name))
	}
	for _, b := range p.Benchmarks {
		fmt.Fprintf(out, "%-*s  %s\n", width, b.Name, b.About)
	}
}

// choose returns the benchmarks of those names.
func (p *Program[A, B]) choose(names []string) ([]Benchmark[B], error) {
	if len(names) == 0 {
		return nil, errUsage
	}
	if slices.Equal(names, []string{"all"}) {
		return p.Benchmarks, nil
	}
	var chosen []Benchmark[B]
	for _, n := range names {
		i := slices.IndexFunc(p.Benchmarks, func(b Benchmark[B]) bool { return b.Name == n })
		if i < 0 {
			return nil, fmt.Errorf("no benchmark %q: %w", strings.TrimSpace(n), errUsage)
		}
		chosen = append(chosen, p.Benchmarks[i])
	}
	return chosen, nil
}

// measure runs benchmarks one after the other and hands each one's results to
// emit.
func (p *Program[A, B]) measure(ctx context.Context, chosen []Benchmark[B], a A, stderr io.Writer, emit func([]Result) error) (err error) {
	dir, err := os.MkdirTemp("", "tearline-"+p.Name+"-")
	if err != nil {
		return err
	}
	b := &Bench{Ctx: ctx, Dir: dir, least: p.Least, more: p.More}
	on := p.Open(b, a)
	defer func() { err = errors.Join(err, on.Close(), os.RemoveAll(dir)) }()
	for _, c := range chosen {
		start := Wall()
		b.Name, b.results = c.Name, nil
		failed := c.Run(on)
		if err := emit(b.results); err != nil {
			return err
		}
		if failed != nil {
			return fmt.Errorf("%s: %w", c.Name, failed)
		}
		fmt.Fprintf(stderr, "%s: %s took %.1f s\n", p.Name, c.Name, (Wall() - start).Seconds())
	}
	return nil
}
