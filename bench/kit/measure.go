package kit

import (
	"context"
	"runtime"
	"syscall"
	"time"
)

// An Effort says how much is done of what is measured again and again.
type Effort struct {
	Reps int           // repetitions at least
	Slot time.Duration // one repetition of something short
	Long time.Duration // a call above this is repeated
	Few  int           // times only, the first included, and at most Reps
}

// A Bench is what a program measures with in one run of it. It is made by
// [Program.Run]; one of a test needs a context and an effort.
type Bench struct {
	Effort
	Ctx  context.Context //nolint:containedctx // lives as long as one run
	Dir  string          // for scratch files, on the disk that is measured
	Name string          // of the benchmark at work

	least   bool
	more    []string
	results []Result
}

// Now is the time of day, which only this package reads.
func Now() time.Time { return time.Now() } //nolint:forbidigo // measuring is what the package is for

// A Clock tells how much has gone by of something since a point that is always
// the same.
type Clock func() time.Duration

// CPU is the [Clock] of the processor time that the process has used, in all
// threads: a machine shared with others disturbs it less than the time of day.
func CPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

var epoch = Now()

// Wall is the [Clock] for what waits: for a disk, or among goroutines.
func Wall() time.Duration { return Now().Sub(epoch) }

// Cost returns what one call of fn takes of a clock, in nanoseconds. What is
// short is called as often as fits into a slot between two looks at the clock.
func (b *Bench) Cost(clock Clock, fn func() error) (Spread, error) {
	n, reps := 1, b.Reps
	var list []float64
	for {
		took, err := b.loop(clock, n, fn)
		if err != nil {
			return Spread{}, err
		}
		if n == 1 && took > 4*b.Slot { // long enough to count
			list = append(list, float64(took.Nanoseconds()))
			if took > b.Long {
				reps = min(reps, b.Few)
			}
			break
		}
		if took >= b.Slot/4 {
			n = max(1, int(float64(n)*float64(b.Slot)/float64(took)))
			break
		}
		n *= 4
	}
	for len(list) < reps {
		runtime.GC() // the garbage of others is not ours
		took, err := b.loop(clock, n, fn)
		if err != nil {
			return Spread{}, err
		}
		list = append(list, float64(took.Nanoseconds())/float64(n))
	}
	return SpreadOf(list), nil
}

func (b *Bench) loop(clock Clock, n int, fn func() error) (time.Duration, error) {
	if err := b.Ctx.Err(); err != nil {
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

// Allocs returns how often one call of fn allocates, and how many bytes, both
// averages over n calls.
func Allocs(n int, fn func() error) (count, size float64, err error) {
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
	each := 1 / float64(n)
	return float64(after.Mallocs-before.Mallocs) * each, float64(after.TotalAlloc-before.TotalAlloc) * each, nil
}
