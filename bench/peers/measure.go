package main

import (
	"time"

	"tearline/bench/kit"
	"tearline/bench/peers/model"
)

// An amount says how much is done of everything.
type amount struct {
	effort kit.Effort
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
		effort: kit.Effort{Reps: 5, Slot: 250 * time.Millisecond, Long: 5 * time.Second, Few: 2},
		pairs:  1024, fga: 1024, random: 1 << 22, statements: 1_000_000,
		decide:  model.Config{Seed: 7, Labels: 1024, Parties: 2000, Portions: 10_000},
		listing: model.Config{Seed: 11, Labels: 4096, Parties: 5000, Portions: 1_000_000, Listing: true}, large: 10_000_000, buffers: "3GB",
	}
	short = amount{
		effort: kit.Effort{Reps: 4, Slot: 20 * time.Millisecond, Long: 200 * time.Millisecond, Few: 2},
		pairs:  1024, fga: 256, random: 1 << 18, statements: 10_000,
		decide:  model.Config{Seed: 7, Labels: 256, Parties: 300, Portions: 1000},
		listing: model.Config{Seed: 11, Labels: 1024, Parties: 1000, Portions: 20_000, Listing: true}, large: 50_000, buffers: "128MB",
	}
)

// A bench is one run of the program.
type bench struct {
	*kit.Bench
	amount
	// figures are what peers took in this run, by what was measured, for
	// Tearline to be held against.
	figures map[string][]kit.Peer

	deciding        *questions
	small, big, old *archive
	postgres        *cluster
}

func newBench(k *kit.Bench, a amount) *bench {
	k.Effort = a.effort
	return &bench{Bench: k, amount: a, figures: map[string][]kit.Peer{}}
}

// Close ends what benchmarks share.
func (b *bench) Close() error { return b.stopPostgres() }
