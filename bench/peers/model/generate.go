package model

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// A Config says which world to generate.
type Config struct {
	Seed                      uint64
	Labels, Parties, Portions int
	// Listing makes public labels rare, so that there are parties which see as
	// little as 0.1 % of the portions.
	Listing bool
}

// The streams of random numbers of a seed.
const (
	labelStream   = 1
	partyStream   = 2
	portionStream = 3
	pairStream    = 4
)

// dice are one stream of random numbers.
type dice struct {
	r *rand.Rand //nolint:forbidigo // seeded
}

func newDice(seed, stream uint64) dice {
	return dice{rand.New(rand.NewPCG(seed, stream))} //nolint:forbidigo,gosec // the same world every time is the point
}

// unit returns a number from 0 to below 1.
func (d dice) unit() float64 { return d.r.Float64() } //nolint:forbidigo // seeded

// under returns a number from 0 to n-1.
func (d dice) under(n int) int { return d.r.IntN(n) } //nolint:forbidigo // seeded

// skew returns a number from 0 to n-1, the small ones more often.
func (d dice) skew(n int) uint8 {
	u := d.unit()
	return uint8(u * u * float64(n))
}

// weighted returns an index, each as often as its weight says.
func (d dice) weighted(weights ...float64) uint8 {
	u := d.unit()
	for i, w := range weights[:len(weights)-1] {
		if u < w {
			return uint8(i)
		}
		u -= w
	}
	return uint8(len(weights) - 1) //nolint:gosec // a handful
}

// Generate makes a world. The same configuration always gives the same.
func Generate(c Config) (*World, error) {
	if c.Labels < 1 || c.Labels > math.MaxUint16 || c.Parties < 1 || c.Portions < 1 || c.Portions > math.MaxInt32 {
		return nil, fmt.Errorf("a world of %d labels, %d parties, %d portions", c.Labels, c.Parties, c.Portions)
	}
	w := &World{}
	for i, k := range coalitions {
		for country := range k.members {
			w.member[i][country] = true
		}
	}
	d := newDice(c.Seed, labelStream)
	for i := range c.Labels {
		w.Labels = append(w.Labels, newLabel(d, i, c.Listing))
	}
	d = newDice(c.Seed, partyStream)
	for range c.Parties {
		w.Parties = append(w.Parties, newParty(d))
	}
	w.file(newDice(c.Seed, portionStream), c.Portions)
	return w, nil
}

func newLabel(d dice, i int, listing bool) Label {
	l := Label{Level: d.weighted(.15, .05, .15, .35, .30)}
	switch {
	case l.Level == 4:
		for range d.under(5) {
			l.Compartments = append(l.Compartments, d.skew(Compartments))
		}
	case l.Level == 3 && d.unit() < .3:
		l.Compartments = append(l.Compartments, d.skew(Compartments))
	}
	l.Compartments = sorted(l.Compartments)
	l.Originator = uint16(d.under(200)) //nolint:gosec // below 200
	if d.unit() >= .8 {
		l.Originator = uint16(200 + d.under(300)) //nolint:gosec // below 500
	}
	l.Orcon = l.Level >= 2 && d.unit() < .15
	draw := d.weighted(.35, .45, .20)
	switch {
	case l.Level == 0:
		l.releaseLowest(!listing || i > 300 && i%40 == 0)
	case draw == 1 || l.Origin() != Home:
		l.releaseTo(d)
	case draw == 0 && l.Level >= 2:
		l.Release = NoForn
	}
	return l
}

// releaseLowest releases the lowest level to all or, where that would let
// everybody see much, to the first countries.
func (l *Label) releaseLowest(public bool) {
	if public {
		l.Release = Public
		return
	}
	l.Release = RelTo
	for c := range uint8(34) {
		l.Countries = append(l.Countries, c)
	}
}

// releaseTo draws a release list.
func (l *Label) releaseTo(d dice) {
	l.Release = RelTo
	l.Countries = []uint8{Home, l.Origin()}
	switch d.weighted(.4, .2, .1, .3) {
	case 0:
		l.Coalitions = []uint8{fvey}
	case 1:
		l.Coalitions = []uint8{nato}
	case 2:
		l.Coalitions = []uint8{isaf}
	default:
		for range 1 + d.under(5) {
			l.Countries = append(l.Countries, d.skew(Countries))
		}
	}
	l.Countries = sorted(l.Countries)
}

func newParty(d dice) Party {
	p := Party{Org: uint16(d.under(Orgs)), Level: d.weighted(.03, .05, .12, .35, .45)} //nolint:gosec // below 500
	switch {
	case p.Level == 4 && p.Country() == Home && d.unit() < .05:
		for c := range uint8(Compartments) {
			p.Compartments = append(p.Compartments, c)
		}
	case p.Level >= 3:
		for range d.under(60) {
			p.Compartments = append(p.Compartments, d.skew(Compartments))
		}
	}
	p.Compartments = sorted(p.Compartments)
	return p
}

// file makes the portions.
func (w *World) file(d dice, n int) {
	zipf := rand.NewZipf(d.r, 1.05, 8, uint64(len(w.Labels)-1)) //nolint:forbidigo,gosec // seeded; there are labels
	w.Label = make([]uint16, n)
	w.consentAt = make([]uint32, n+1)
	for x := range w.Label {
		w.Label[x] = uint16(zipf.Uint64()) //nolint:forbidigo,gosec // seeded; an index of a label
		if l := &w.Labels[w.Label[x]]; l.Orcon || l.Origin() != Home {
			for range d.under(4) {
				w.consents = append(w.consents, uint16(d.under(Orgs))) //nolint:gosec // below 500
			}
		}
		w.consentAt[x+1] = uint32(len(w.consents)) //nolint:gosec // at most three times 2³¹ would not fit, 10M do
	}
}

func sorted(list []uint8) []uint8 {
	slices.Sort(list)
	return slices.Compact(list)
}

// A Pair is one question: may this party have this portion?
type Pair struct{ Party, Portion uint32 }

// Pairs returns n questions: half of them released, three in ten denied, two
// in ten referred.
func (w *World) Pairs(seed uint64, n int) ([]Pair, error) {
	left := map[Outcome]int{Released: n / 2, Denied: n * 3 / 10}
	left[Referred] = n - left[Released] - left[Denied]
	d := newDice(seed, pairStream)
	list := make([]Pair, 0, n)
	for range 10_000 * n {
		if len(list) == n {
			return list, nil
		}
		p := w.draw(d)
		if o := w.Decide(p.Party, p.Portion).Outcome; left[o] > 0 {
			left[o]--
			list = append(list, p)
		}
	}
	return nil, fmt.Errorf("the world has too few of some outcome: %v missing", left)
}

// RandomPairs returns n questions as chance has it.
func (w *World) RandomPairs(seed uint64, n int) []Pair {
	d := newDice(seed, pairStream)
	list := make([]Pair, n)
	for i := range list {
		list[i] = w.draw(d)
	}
	return list
}

func (w *World) draw(d dice) Pair {
	return Pair{uint32(d.under(len(w.Parties))), uint32(d.under(len(w.Label)))} //nolint:gosec // both far below 2³²
}
