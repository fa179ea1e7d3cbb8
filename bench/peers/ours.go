package main

import (
	"fmt"
	"runtime"
	"strings"

	"tearline/bench/kit"
	"tearline/bench/peers/model"
)

// An engine is Tearline as this program measures it, behind the numbers of the
// model: parties and portions count from 0, portions in the order of filing.
// It is used by one goroutine. Whatever it answers is checked against the
// model's plain function.
type engine interface {
	// Build takes in a world in place of what was held before. It may not keep
	// or change it.
	Build(w *model.World) error
	// Decide decides with all reasons, none cut short.
	Decide(party, portion uint32) model.Verdict
	// Explain appends the verdict in words: every reason, and for a referral
	// who could consent.
	Explain(dst []byte, party, portion uint32) []byte
	// Count returns how many portions may be released to the party now.
	Count(party uint32) (int, error)
	// Page appends the newest of them, at most [model.PageSize], the newest first.
	Page(dst []uint32, party uint32) ([]uint32, error)
	// SetConsent gives or takes back one consent.
	SetConsent(portion uint32, org uint16, given bool) error
	// SetMember lets a country join or leave a coalition.
	SetMember(coalition, country uint8, member bool) error
	// SetAgreement makes or ends an agreement: the originator consents to the
	// recipient for all its portions.
	SetAgreement(originator, recipient uint16, made bool) error
	// Size returns the bytes held for the portions and what lists them, all of
	// them, parties in use included.
	Size() int64
	// Statements makes n statements of filing, consent and the rest, and
	// returns what loads them into an empty engine.
	Statements(n int) (load func() error, err error)
}

// ourEngine makes the engine; nil in a test that has none. Nothing is measured
// then.
var ourEngine = newIndexed

// The goals of Tearline.
const (
	coldGoal   = 150   // ns
	warmGoal   = 25    // ns
	wordsGoal  = 10e3  // ns
	listGoal   = 100   // µs, count and page together
	changeGoal = 5_000 // µs, right after a change
	sizeGoal   = 6     // B a portion
	loadGoal   = 20    // µs a statement: a million in 20 s
)

// ours is Tearline at work on one archive.
type ours struct {
	b *bench
	e engine
	a *archive

	page []uint32 // used again and again
}

func benchTearline(b *bench) error {
	if ourEngine == nil {
		return nil
	}
	a, err := b.archive(b.large)
	if err != nil {
		return err
	}
	e, err := ourEngine()
	if err != nil {
		return err
	}
	o := &ours{b: b, e: e, a: a}
	before := heap()
	start := kit.CPU()
	if err := e.Build(a.world); err != nil {
		return err
	}
	b.Add("one portion taken in, CPU", "ns", kit.One(float64((kit.CPU()-start).Nanoseconds())/float64(len(a.world.Label))), kit.Goal{})
	b.Add("heap of all that was said, with the bench's own copies, per portion", "B", kit.One(max(heap()-before, 0)/float64(len(a.world.Label))), kit.Goal{})
	for _, part := range []func() error{o.verdicts, o.explanation, o.lists, o.changes, o.old, o.statements} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

// heap is how many bytes are in use.
func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// beside returns what peers took for the same in this run, in units of so many
// nanoseconds.
func (b *bench) beside(metric string, unit float64) []kit.Peer {
	var list []kit.Peer
	for _, p := range b.figures[metric] {
		list = append(list, kit.Peer{Name: p.Name, Value: p.Value / unit})
	}
	return list
}

// besideBoth returns what peers took for a count and a page together, in
// microseconds.
func (b *bench) besideBoth(c *listing) []kit.Peer {
	var list []kit.Peer
	for _, page := range b.figures["page, "+c.name] {
		for _, count := range b.figures["count, "+c.name] {
			if strings.HasPrefix(page.Name, count.Name) { // the name of a page may say how it was forced
				list = append(list, kit.Peer{Name: page.Name, Value: (count.Value + page.Value) / 1e3})
			}
		}
	}
	return list
}

// verdicts measures decisions with all reasons: over the warm pairs that peers
// were measured over, and over random ones of each kind.
func (o *ours) verdicts() error {
	warm, err := o.decide(o.a.pairs)
	if err != nil {
		return err
	}
	o.b.Add("verdict with all reasons, warm cycle, CPU", "ns", warm, kit.AtMost(warmGoal),
		append(o.b.beside("decision", 1), kit.Peer{Name: bitsetLimit + ", outcome alone", Value: o.a.warm.Min})...)
	random := o.a.world.RandomPairs(o.b.listing.Seed, o.b.random)
	kinds := map[model.Outcome][]model.Pair{}
	for _, p := range random {
		outcome := o.a.bits.Outcome(p.Party, p.Portion)
		kinds[outcome] = append(kinds[outcome], p)
	}
	for _, kind := range []struct {
		name  string
		pairs []model.Pair
	}{
		{"any", random}, {"released", kinds[model.Released]}, {"denied", kinds[model.Denied]}, {"referred", kinds[model.Referred]},
	} {
		cold, err := o.decide(kind.pairs)
		if err != nil {
			return fmt.Errorf("%s: %w", kind.name, err)
		}
		metric := fmt.Sprintf("verdict with all reasons, random party and portion of %s, outcome %s", kit.Number(float64(o.b.large)), kind.name)
		o.b.Add(metric+", CPU", "ns", cold, kit.AtMost(coldGoal), o.b.beside("decision", 1)...)
	}
	count, _, err := kit.Allocs(4, func() error {
		for _, p := range o.a.pairs {
			o.e.Decide(p.Party, p.Portion)
		}
		return nil
	})
	o.b.Add("verdict with all reasons", "allocs", kit.One(count/float64(len(o.a.pairs))), kit.Goal{})
	return err
}

// told is what Tearline and the model must both say. By what an originator's say
// is satisfied Tearline tells otherwise (by agreement, standing consent,
// consent); and where a release list keeps the party out it has not been told of
// consents.
func told(v model.Verdict) model.Verdict {
	v.Reasons &= model.Denying | model.NeedsConsent
	if v.Reasons&model.NotListed != 0 {
		v.Reasons &^= model.NeedsConsent
	}
	return v
}

// decide checks all verdicts and measures one.
func (o *ours) decide(pairs []model.Pair) (kit.Spread, error) {
	for _, p := range pairs {
		if got, want := told(o.e.Decide(p.Party, p.Portion)), told(o.a.world.Decide(p.Party, p.Portion)); got != want {
			return kit.Spread{}, fmt.Errorf("%v of party %d, portion %d: the answer is %v", got, p.Party, p.Portion, want)
		}
	}
	sum := 0
	s, err := o.b.Cost(kit.CPU, func() error {
		for _, p := range pairs {
			sum += int(o.e.Decide(p.Party, p.Portion).Reasons)
		}
		return nil
	})
	runtime.KeepAlive(sum)
	return s.Times(1 / float64(len(pairs))), err
}

// explanation measures a verdict in words.
func (o *ours) explanation() error {
	var words []byte
	all := func() error {
		for _, p := range o.a.pairs {
			if words = o.e.Explain(words[:0], p.Party, p.Portion); len(words) == 0 {
				return fmt.Errorf("no words for party %d, portion %d", p.Party, p.Portion)
			}
		}
		return nil
	}
	s, err := o.b.Cost(kit.CPU, all)
	if err != nil {
		return err
	}
	count, _, err := kit.Allocs(4, all)
	each := 1 / float64(len(o.a.pairs))
	o.b.Add("verdict in words, CPU", "ns", s.Times(each), kit.AtMost(wordsGoal), o.b.beside("decision", 1)...)
	o.b.Add("verdict in words", "allocs", kit.One(count*each), kit.Goal{})
	return err
}

// lists measures count and first page, and what is held for them.
func (o *ours) lists() error {
	for i := range o.a.cases {
		if err := o.list(&o.a.cases[i]); err != nil {
			return err
		}
	}
	o.b.Add("memory, per portion", "B", kit.One(float64(o.e.Size())/float64(len(o.a.world.Label))), kit.AtMost(sizeGoal), o.b.beside("size", 1)...)
	return nil
}

func (o *ours) list(c *listing) error {
	both := o.b.besideBoth(c)
	if err := o.b.counting("exact", c, kit.CPU, func() (int, error) { return o.e.Count(c.party) }, o.b.beside("count, "+c.name, 1e3)...); err != nil {
		return err
	}
	err := o.b.paging("exact", c, kit.CPU, func() (_ []uint32, err error) {
		o.page, err = o.e.Page(o.page[:0], c.party)
		return o.page, err
	}, o.b.beside("page, "+c.name, 1e3)...)
	if err != nil {
		return err
	}
	s, err := o.b.Cost(kit.CPU, func() error { return o.both(c) })
	o.b.Add("count and first page, "+c.name+", CPU", "µs", s.Times(1e-3), kit.AtMost(listGoal), both...)
	return err
}

// both counts and lists, and checks.
func (o *ours) both(c *listing) error {
	n, err := o.e.Count(c.party)
	if err != nil {
		return err
	}
	if err := c.checkCount(n); err != nil {
		return err
	}
	if o.page, err = o.e.Page(o.page[:0], c.party); err != nil {
		return err
	}
	return c.checkPage(o.page)
}

// A change can be made and taken back, in the engine and in the world alike.
type change struct {
	name  string
	ours  func(made bool) error
	world func(made bool)
}

// changes measures a change together with the count and page right after it,
// for the party of the middle share.
func (o *ours) changes() error {
	before := &o.a.cases[1]
	for _, c := range o.possible(before.party) {
		after := *before
		c.world(true)
		after.count, after.page = o.a.world.List(before.party)
		c.world(false)
		made := false
		s, err := o.b.Cost(kit.CPU, func() error {
			made = !made
			if err := c.ours(made); err != nil {
				return err
			}
			if made {
				return o.both(&after)
			}
			return o.both(before)
		})
		if err != nil {
			return fmt.Errorf("after a change of %s: %w", c.name, err)
		}
		if made {
			if err := c.ours(false); err != nil {
				return err
			}
		}
		o.b.Add("one change of "+c.name+", then count and first page, "+before.name+", CPU", "µs", s.Times(1e-3), kit.AtMost(changeGoal))
	}
	return nil
}

// possible returns changes that the party feels, where there are any.
func (o *ours) possible(party uint32) []change {
	p, country := o.a.world.Parties[party].Org, o.a.world.Parties[party].Country()
	var portion uint32
	for x := range uint32(len(o.a.world.Label)) { //nolint:gosec // far below 2³²
		if o.a.bits.Outcome(party, x) == model.Referred {
			portion = x
			break
		}
	}
	originator := o.a.bits.Labels[o.a.world.Label[portion]].Originator
	const coalition = uint8(model.Coalitions / 2)
	member := o.a.world.Member(coalition, country)
	return []change{
		{
			"consent", func(made bool) error { return o.e.SetConsent(portion, p, made) },
			func(made bool) { o.a.world.SetConsent(portion, p, made) },
		}, {
			"membership", func(made bool) error { return o.e.SetMember(coalition, country, made != member) },
			func(made bool) { o.a.world.SetMember(coalition, country, made != member) },
		}, {
			"agreement", func(made bool) error { return o.e.SetAgreement(originator, p, made) },
			func(made bool) { o.a.world.SetAgreement(originator, p, made) },
		},
	}
}

// old measures a party all of whose portions are old.
func (o *ours) old() error {
	a, err := o.b.oldArchive()
	if err != nil {
		return err
	}
	o.a = a
	if err := o.e.Build(a.world); err != nil {
		return err
	}
	return o.list(&a.cases[0])
}

// statements measures loading.
func (o *ours) statements() error {
	load, err := o.e.Statements(o.b.statements)
	if err != nil {
		return err
	}
	took, cpu := kit.Wall(), kit.CPU()
	if err := load(); err != nil {
		return err
	}
	took, cpu = kit.Wall()-took, kit.CPU()-cpu
	each := 1e6 / float64(o.b.statements)
	o.b.Add("one statement loaded, CPU", "µs", kit.One(cpu.Seconds()*each), kit.Goal{})
	o.b.Add("one statement loaded, wall", "µs", kit.One(took.Seconds()*each), kit.AtMost(loadGoal))
	return nil
}
