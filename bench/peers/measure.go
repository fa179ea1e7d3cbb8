package main

import (
	"context"
	"runtime"
	"slices"
	"syscall"
	"time"

	"tearline/bench/peers/model"
)

// An amount says how much is done of everything.
type amount struct {
	reps int           // repetitions at least
	slot time.Duration // one repetition of something short
	long time.Duration // a call above this is repeated once only

	pairs  int          // questions that every engine is checked on
	decide model.Config // of the engines that only decide
	// listing is of those that list; large is how many portions it then has.
	listing    model.Config
	large      int
	random     int    // cold questions
	fga        int    // questions to OpenFGA
	statements int    // that Tearline loads
	buffers    string // that PostgreSQL shares
}

var (
	full = amount{
		reps: 5, slot: 250 * time.Millisecond, long: 5 * time.Second, pairs: 1024, fga: 1024, random: 1 << 22, statements: 1_000_000,
		decide:  model.Config{Seed: 7, Labels: 1024, Parties: 2000, Portions: 10_000},
		listing: model.Config{Seed: 11, Labels: 4096, Parties: 5000, Portions: 1_000_000, Listing: true}, large: 10_000_000, buffers: "3GB",
	}
	short = amount{
		reps: 4, slot: 20 * time.Millisecond, long: 200 * time.Millisecond, pairs: 1024, fga: 256, random: 1 << 18, statements: 10_000,
		decide:  model.Config{Seed: 7, Labels: 256, Parties: 300, Portions: 1000},
		listing: model.Config{Seed: 11, Labels: 1024, Parties: 1000, Portions: 20_000, Listing: true}, large: 50_000, buffers: "128MB",
	}
)

// A bench is one run of the program.
type bench struct {
	amount
	ctx     context.Context //nolint:containedctx // lives as long as one run
	dir     string          // for scratch files
	name    string          // of the benchmark at work
	results []Result
	// figures are what peers took in this run, by what was measured, for
	// Tearline to be held against.
	figures map[string][]peer

	deciding        *questions
	small, big, old *archive
	postgres        *cluster
}

// now is the one clock of this program.
func now() time.Time { return time.Now() } //nolint:forbidigo // measuring is what the program is for

// cpuTime is the processor time that the process has used, in all threads: a
// machine shared with others disturbs it less than the time of day.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

var epoch = now()

// wallTime is for what waits, such as the servers of OpenFGA among themselves.
func wallTime() time.Duration { return now().Sub(epoch) }

// spreadOf sums up repetitions.
func spreadOf(list []float64) spread {
	s := slices.Sorted(slices.Values(list))
	return spread{s[0], s[len(s)/2], s[len(s)-1], len(s)}
}

// cost returns what one call of fn takes of a clock, in nanoseconds. What is
// short is called as often as fits into a slot between two looks at it.
func (b *bench) cost(clock func() time.Duration, fn func() error) (spread, error) {
	n, reps := 1, b.reps
	var list []float64
	for {
		took, err := b.loop(clock, n, fn)
		if err != nil {
			return spread{}, err
		}
		if n == 1 && took > 4*b.slot { // long enough to count
			list = append(list, float64(took.Nanoseconds()))
			if took > b.long {
				reps = 2
			}
			break
		}
		if took >= b.slot/4 {
			n = max(1, int(float64(n)*float64(b.slot)/float64(took)))
			break
		}
		n *= 4
	}
	for len(list) < reps {
		runtime.GC() // the garbage of others is not ours
		took, err := b.loop(clock, n, fn)
		if err != nil {
			return spread{}, err
		}
		list = append(list, float64(took.Nanoseconds())/float64(n))
	}
	return spreadOf(list), nil
}

func (b *bench) loop(clock func() time.Duration, n int, fn func() error) (time.Duration, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	start := clock()
	for range n {
		if err := fn(); err != nil {
			return 0, err
		}
	}
	return max(clock()-start, 1), nil
}

// allocs returns how often one call of fn allocates, and how many bytes.
func allocs(fn func() error) (count, size float64, err error) {
	const n = 4
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if err := fn(); err != nil { // what is allocated once only
		return 0, 0, err
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range n {
		if err := fn(); err != nil {
			return 0, 0, err
		}
	}
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / n, float64(after.TotalAlloc-before.TotalAlloc) / n, nil
}
