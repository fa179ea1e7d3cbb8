package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"tearline/bench/kit"
	"tearline/bench/peers/model"
)

// Questions are a world and pairs of party and portion with known answers.
type questions struct {
	world *model.World
	bits  *model.Bits
	pairs []model.Pair
	warm  kit.Spread // of one bitset decision over these pairs, in nanoseconds
}

// questions returns those of the engines that only decide.
func (b *bench) questions() (*questions, error) {
	if b.deciding != nil {
		return b.deciding, nil
	}
	w, err := model.Generate(b.decide)
	if err != nil {
		return nil, err
	}
	b.deciding, err = b.ask(w, b.decide.Seed)
	return b.deciding, err
}

// ask draws questions about a world, and measures how long the bitsets take.
func (b *bench) ask(w *model.World, seed uint64) (*questions, error) {
	q := &questions{world: w, bits: model.NewBits(w)}
	var err error
	if q.pairs, err = w.Pairs(seed, b.pairs); err != nil {
		return nil, err
	}
	for _, p := range q.pairs {
		if got, want := q.bits.Verdict(p.Party, p.Portion), w.Decide(p.Party, p.Portion); got != want {
			return nil, fmt.Errorf("bitsets say %v of party %d, portion %d: the answer is %v", got, p.Party, p.Portion, want)
		}
	}
	q.warm, err = b.Cost(kit.CPU, func() error {
		released := 0
		for _, p := range q.pairs {
			if q.bits.Outcome(p.Party, p.Portion) == model.Released {
				released++
			}
		}
		if released != len(q.pairs)/2 {
			return fmt.Errorf("bitsets release %d of %d", released, len(q.pairs))
		}
		return nil
	})
	q.warm = q.warm.Times(1 / float64(len(q.pairs)))
	return q, err
}

// check compares an engine's answer to each pair with the plain function's.
func (q *questions) check(pairs []model.Pair, released func(i int) (bool, error)) error {
	for i, p := range pairs {
		got, err := released(i)
		if err != nil {
			return fmt.Errorf("party %d, portion %d: %w", p.Party, p.Portion, err)
		}
		if want := q.world.Decide(p.Party, p.Portion); got != (want.Outcome == model.Released) {
			return fmt.Errorf("released is %t of party %d, portion %d: the answer is %v", got, p.Party, p.Portion, want)
		}
	}
	return nil
}

// decision checks an engine on all pairs, then measures it over them: released
// answers the ith. How says what was decided and how often it was checked.
func (b *bench) decision(how string, q *questions, released func(i int) (bool, error)) error {
	if err := q.check(q.pairs, released); err != nil {
		return fmt.Errorf("%s: %w", how, err)
	}
	cycle := func() error {
		n := 0
		for i := range q.pairs {
			got, err := released(i)
			if err != nil {
				return err
			}
			if got {
				n++
			}
		}
		if n != len(q.pairs)/2 {
			return fmt.Errorf("%d of %d released", n, len(q.pairs))
		}
		return nil
	}
	s, err := b.Cost(kit.CPU, cycle)
	if err != nil {
		return err
	}
	each := 1 / float64(len(q.pairs))
	count, size, err := kit.Allocs(4, cycle)
	if err != nil {
		return err
	}
	b.Add("decision, "+how+", CPU", "µs", s.Times(each/1e3), kit.Goal{}, kit.Peer{Name: bitsetLimit, Value: q.warm.Min / 1e3})
	b.Add("decision, "+how, "allocs", kit.One(count*each), kit.Goal{})
	b.Add("decision, "+how, "B", kit.One(size*each), kit.Goal{})
	b.note("decision", how, s.Min*each)
	return nil
}

// note keeps a figure of a peer, times in nanoseconds, for Tearline to be held against.
func (b *bench) note(metric, how string, x float64) {
	b.figures[metric] = append(b.figures[metric], kit.Peer{Name: b.Name + ", " + how, Value: x})
}

// counting checks an engine's count, and measures it.
func (b *bench) counting(how string, c *listing, clock func() time.Duration, count func() (int, error), peers ...kit.Peer) error {
	s, err := b.Cost(clock, func() error {
		n, err := count()
		if err != nil {
			return err
		}
		return c.checkCount(n)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", how, err)
	}
	b.Add("count, "+how+", "+c.name+", CPU", "µs", s.Times(1e-3), kit.Goal{}, peers...)
	b.note("count, "+c.name, how, s.Min)
	return nil
}

// paging checks an engine's first page, and measures it.
func (b *bench) paging(how string, c *listing, clock func() time.Duration, page func() ([]uint32, error), peers ...kit.Peer) error {
	s, err := b.Cost(clock, func() error {
		list, err := page()
		if err != nil {
			return err
		}
		return c.checkPage(list)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", how, err)
	}
	b.Add("first page, "+how+", "+c.name+", CPU", "µs", s.Times(1e-3), kit.Goal{}, peers...)
	b.note("page, "+c.name, how, s.Min)
	return nil
}

const bitsetLimit = "limit: Go bitset, same pairs"

// An archive is a world in which parties list what they may have.
type archive struct {
	*questions
	listing *model.Listing
	cases   []listing
}

// A listing is what one party must be shown.
type listing struct {
	name  string // the share that the party sees
	party uint32
	count int
	page  []uint32
}

// check compares a count with the right one.
func (l *listing) checkCount(n int) error {
	if n != l.count {
		return fmt.Errorf("%d counted for party %d: the answer is %d", n, l.party, l.count)
	}
	return nil
}

// checkPage compares a page with the right one.
func (l *listing) checkPage(page []uint32) error {
	if !slices.Equal(page, l.page) {
		return fmt.Errorf("page %v for party %d: the answer is %v", page, l.party, l.page)
	}
	return nil
}

// shares are what the parties that list see of all portions, about.
var shares = []float64{0.001, 0.10, 0.90}

// archive returns the world of n portions in which parties list.
func (b *bench) archive(n int) (*archive, error) {
	at := &b.small
	if n != b.listing.Portions {
		at = &b.big
	}
	if *at != nil {
		return *at, nil
	}
	c := b.listing
	c.Portions = n
	w, err := model.Generate(c)
	if err != nil {
		return nil, err
	}
	a, err := b.open(w, func(l *model.Listing) []uint32 {
		var parties []uint32
		for _, s := range shares {
			parties = append(parties, l.Nearest(s))
		}
		return parties
	})
	*at = a
	return a, err
}

// oldArchive returns the large world in another order: all that the party of
// the middle share may have was filed first.
func (b *bench) oldArchive() (*archive, error) {
	if b.old != nil {
		return b.old, nil
	}
	even, err := b.archive(b.large)
	if err != nil {
		return nil, err
	}
	party := even.cases[1].party
	b.old, err = b.open(even.world.Clustered(party), func(*model.Listing) []uint32 { return []uint32{party} })
	if err == nil {
		b.old.cases[0].name += ", all old"
	}
	return b.old, err
}

// open lists plainly what the parties may have.
func (b *bench) open(w *model.World, parties func(*model.Listing) []uint32) (*archive, error) {
	q, err := b.ask(w, b.listing.Seed)
	if err != nil {
		return nil, err
	}
	a := &archive{questions: q, listing: model.NewListing(q.bits)}
	for _, p := range parties(a.listing) {
		c := listing{party: p}
		c.count, c.page = w.List(p)
		if len(c.page) == 0 {
			return nil, errors.New("a party that sees nothing")
		}
		if n := a.listing.Count(p); n != c.count {
			return nil, fmt.Errorf("counters say %d for party %d: the answer is %d", n, p, c.count)
		}
		c.name = fmt.Sprintf("%s of %s (%.2g %%)", kit.Number(float64(c.count)), kit.Number(float64(len(w.Label))), 100*float64(c.count)/float64(len(w.Label)))
		a.cases = append(a.cases, c)
	}
	return a, nil
}
