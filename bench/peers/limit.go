package main

import (
	"fmt"
	"runtime"

	"tearline/bench/kit"
	"tearline/bench/peers/model"
)

// benchModel measures the bitsets of the model and its counters: not a peer,
// but what a decision or a count costs at least.
func benchModel(b *bench) error {
	q, err := b.questions()
	if err != nil {
		return err
	}
	b.Add("outcome alone, warm cycle, CPU", "ns", q.warm, kit.Goal{})
	a, err := b.archive(b.large)
	if err != nil {
		return err
	}
	pairs := a.world.RandomPairs(b.listing.Seed, b.random)
	for _, p := range pairs[:min(len(pairs), 100_000)] {
		if got, want := a.bits.Verdict(p.Party, p.Portion), a.world.Decide(p.Party, p.Portion); got != want {
			return fmt.Errorf("bitsets say %v of party %d, portion %d: the answer is %v", got, p.Party, p.Portion, want)
		}
	}
	sum := 0
	for _, m := range []struct {
		how string
		one func(model.Pair) int
	}{
		{"outcome alone", func(p model.Pair) int { return int(a.bits.Outcome(p.Party, p.Portion)) }},
		{"all reasons as bits", func(p model.Pair) int { return int(a.bits.Verdict(p.Party, p.Portion).Reasons) }},
	} {
		s, err := b.Cost(kit.CPU, func() error {
			for _, p := range pairs {
				sum += m.one(p)
			}
			return nil
		})
		if err != nil {
			return err
		}
		b.Add(fmt.Sprintf("%s, random party and portion of %s, CPU", m.how, kit.Number(float64(b.large))), "ns", s.Times(1/float64(len(pairs))), kit.Goal{})
	}
	for i := range a.cases {
		c := &a.cases[i]
		s, err := b.Cost(kit.CPU, func() error { return c.checkCount(a.listing.Count(c.party)) })
		if err != nil {
			return err
		}
		b.Add("count from maintained counters, "+c.name+", CPU", "µs", s.Times(1e-3), kit.Goal{})
	}
	runtime.KeepAlive(sum)
	return nil
}
