package main

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tearline/bench/kit"
)

// An amount says how much is done of everything.
type amount struct {
	effort  kit.Effort
	reports int // imported; held by the data directory of the commands
	imports int // repetitions of the import
	leaves  int // of the tree in memory and as tiles
	rows    int // of the tree in SQLite
	appends int // single durable statements
	tessera int // single entries awaited in Tessera, per setting
	world   int // reports that decisions are made on
	held    int // generated portions that an article is held against
	marks   int // lines that the command reads
	copies  int // released
	calls   int // of the binary
	asked   int // of each question a stranger puts
}

var (
	full = amount{
		effort:  kit.Effort{Reps: 9, Slot: 250 * time.Millisecond, Long: 2500 * time.Millisecond, Few: 3},
		reports: 10_000, imports: 5, leaves: 1_000_000, rows: 1_000_000, appends: 3000,
		tessera: 60, world: 1000, held: 100_000, marks: 1_000_000, copies: 500, calls: 20, asked: 100_000,
	}
	short = amount{
		effort:  kit.Effort{Reps: 5, Slot: 30 * time.Millisecond, Long: 300 * time.Millisecond, Few: 3},
		reports: 2000, imports: 1, leaves: 200_000, rows: 20_000, appends: 300,
		tessera: 10, world: 1000, held: 100_000, marks: 100_000, copies: 50, calls: 20, asked: 5000,
	}
)

// A bench is one run of the program.
type bench struct {
	*kit.Bench
	amount
	shared
}

func newBench(k *kit.Bench, a amount) *bench {
	k.Effort = a.effort
	return &bench{Bench: k, amount: a}
}

// shared is what several benchmarks need, made when first asked for.
type shared struct {
	binary string
	data   *dataDir
}

// durations sums up latencies: the median, and the one that 99 of 100 stay
// below, each with the extremes of all, in microseconds.
func durations(list []time.Duration) (p50, p99 kit.Spread) {
	s := slices.Sorted(slices.Values(list))
	µs := func(i int) float64 { return float64(s[i].Nanoseconds()) / 1e3 }
	last := len(s) - 1
	at := func(i int) kit.Spread { return kit.Spread{Min: µs(0), Median: µs(i), Max: µs(last), Runs: len(s)} }
	return at(len(s) / 2), at(min(len(s)*99/100, last))
}

// A syncer writes 4 KiB to a file and has it on the disk, again and again:
// what a durable commit takes at least.
type syncer struct {
	f    *os.File
	page [4096]byte
	took []time.Duration
}

func (b *bench) newSyncer() (*syncer, error) {
	f, err := os.CreateTemp(b.Dir, "fsync-")
	return &syncer{f: f}, err
}

// sync does it once.
func (s *syncer) sync() error {
	n := len(s.took)
	s.page[0]++
	start := kit.Now()
	if _, err := s.f.WriteAt(s.page[:], int64(n%256)*int64(len(s.page))); err != nil {
		return err
	}
	if err := s.f.Sync(); err != nil {
		return err
	}
	s.took = append(s.took, kit.Now().Sub(start))
	return nil
}

// close ends it and sums up how long it took.
func (s *syncer) close() (p50, p99 kit.Spread, err error) {
	err = errors.Join(s.f.Close(), os.Remove(s.f.Name()))
	if err != nil || len(s.took) == 0 {
		return p50, p99, errors.Join(err, errors.New("nothing synced"))
	}
	p50, p99 = durations(s.took)
	return p50, p99, nil
}

// signingKey is a fixed key, for the limits alone.
func signingKey() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)) }

// build builds the command and returns its path.
func (b *bench) build() (string, error) {
	if b.binary != "" {
		return b.binary, nil
	}
	where, err := exec.CommandContext(b.Ctx, "go", "list", "-m", "-f", "{{.Dir}}", "tearline").Output()
	if err != nil {
		return "", fmt.Errorf("find tearline (run from inside bench/): %w", err)
	}
	path := filepath.Join(b.Dir, "tearline")
	cmd := exec.CommandContext(b.Ctx, "go", "build", "-o", path, "./cmd/tearline") //nolint:gosec // our own scratch directory
	cmd.Dir = strings.TrimSpace(string(where))
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build tearline: %w\n%s", err, out)
	}
	b.binary = path
	return path, nil
}

// call runs the binary once with standard input from a file, "" for none, and
// returns how long it took from start to exit. ok are the exit codes expected.
func (b *bench) call(stdin string, ok []int, args ...string) (time.Duration, error) {
	bin, err := b.build()
	if err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(b.Ctx, bin, args...) //nolint:gosec // the binary that build made
	if stdin != "" {
		f, err := os.Open(stdin) //nolint:gosec // our own scratch directory
		if err != nil {
			return 0, err
		}
		defer func() { _ = f.Close() }()
		cmd.Stdin = f
	}
	var talk strings.Builder
	cmd.Stderr = &talk
	start := kit.Now()
	err = cmd.Run()
	took := kit.Now().Sub(start)
	if exit, isExit := errors.AsType[*exec.ExitError](err); isExit && slices.Contains(ok, exit.ExitCode()) {
		err = nil
	}
	if err != nil {
		return 0, fmt.Errorf("tearline %s: %w: %s", strings.Join(args, " "), err, talk.String())
	}
	return took, nil
}

// latency runs the binary several times and sums up the latencies.
func (b *bench) latency(n int, args func(i int) []string) (kit.Spread, error) {
	var took []time.Duration
	for i := range n {
		t, err := b.call("", []int{0, 3, 4}, args(i)...)
		if err != nil {
			return kit.Spread{}, err
		}
		took = append(took, t)
	}
	p50, _ := durations(took)
	return p50, nil
}
