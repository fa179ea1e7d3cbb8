package classes

import (
	"cmp"
	"fmt"
	"slices"

	"tearline"
	"tearline/release/classes/column"
)

// A standKey is a recipient and what of a request its consents and agreements
// tell apart: what they do not name all comes to the same.
type standKey struct {
	recipient                      int32
	mode                           tearline.Mode // "" is none
	purpose, unit, person, officer string
}

// another stands for every word that nobody has mentioned.
const another = "\x00"

// A stand is how a recipient stands: what the rules say of each class, and what
// was consented to, persons left out.
type stand struct {
	codes []Codes // by class
	// bearing are the portions that consents bear on, each with what was
	// consented to as its state. Extra are the places there of those that are
	// released by consent, their classes not being; ofClass says how many of
	// each class.
	bearing column.Postings
	states  []consentedTo
	extra   column.Bitset
	ofClass []classCount
	// special are what the rules say of classes in states but the first two,
	// whom to ask beside it.
	special map[consentedClass]Codes
	askMore map[consentedClass][]tearline.PartyID

	released []uint64
	asks     map[uint32][]tearline.PartyID // of classes of several originators

	// What it was made for. Whether a consent was after exclusions was told by
	// the exclusions in since.
	key                         standKey
	facts, grants, filed, moved uint64
	taken                       int  // consents taken in
	span                        span // within which the same consents fit
	epoch                       uint64
	since                       map[int32]instant
	fresh                       []consentTo // taken in, not yet among those bearing
}

// A consentTo is one originator's consent to one portion.
type consentTo struct {
	ord uint32
	by  consentOf
}

type consentedClass struct {
	class, state uint32
}

type classCount struct{ class, n uint32 }

// The states that every stand has: what the only originator of all has
// consented to, after it had last excluded the recipient, and before.
const (
	soleAfter = iota
	soleBefore
	otherStates
)

// consented is what the codes of a class come to when its only originator
// consents.
func (c Codes) consented(state uint32) Codes {
	swap := func(from, to Codes) {
		if c&from != 0 {
			c = c&^from | to
		}
	}
	swap(MarkingRefers, MarkingByConsent)
	swap(OriginatorRefers, OriginatorByConsent)
	swap(ThirdPartyDenies, ThirdPartyByConsent)
	swap(PurposeDenies, PurposeByConsent)
	if state == soleAfter {
		swap(ExclusionDenies, ExclusionByConsent)
	}
	return c
}

// refresh brings a stand up to date. If what it says changes with time alone,
// all views are out of date: those of this stand must not be taken for new.
func (ix *Index) refresh(s *stand) {
	if s.epoch == ix.epoch {
		if s.span.has(ix.now) {
			return
		}
		ix.epoch++
	}
	again := s.facts != ix.changes
	if again {
		s.facts = ix.changes
		s.codes, s.asks = s.codes[:0], nil
		clear(s.released)
	}
	if len(s.codes) < len(ix.table.classes) {
		ix.decideClasses(s)
	}
	more := ix.takeConsents(s, again)
	if again || more || s.moved != ix.moved {
		s.moved = ix.moved
		ix.release(s)
	}
	s.epoch = ix.epoch
}

// decideClasses asks the rules about the classes that have not been asked
// about.
func (ix *Index) decideClasses(s *stand) {
	a := ix.ask(s.key)
	for n := (len(ix.table.classes) + 63) / 64; len(s.released) < n; {
		s.released = append(s.released, 0)
	}
	if cap(s.codes) < len(ix.table.classes) {
		s.codes = slices.Grow(s.codes, len(ix.table.classes)-len(s.codes))
	}
	var asked [16]int32
	for i := len(s.codes); i < len(ix.table.classes); i++ {
		c := &ix.table.classes[i]
		codes, list := a.decide(c, nil, asked[:0])
		s.codes = append(s.codes, codes)
		switch codes.Outcome() {
		case tearline.Release:
			s.released[i>>6] |= 1 << (i & 63)
		case tearline.Refer:
			if !ix.table.solely(c) {
				if s.asks == nil {
					s.asks = make(map[uint32][]tearline.PartyID)
				}
				s.asks[uint32(i)] = ix.table.askAll(list) //nolint:gosec // a class
			}
		case tearline.Deny:
		}
	}
}

// askAll names whom to ask, sorted, each once.
func (t *table) askAll(list []int32) []tearline.PartyID {
	out := make([]tearline.PartyID, 0, len(list))
	for _, o := range list {
		out = append(out, t.Book.Names[o])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// takeConsents finds what the originators have consented to: what is new is
// added; if anything else has changed, all is found again. It reports whether
// there is anything to be looked at again.
func (ix *Index) takeConsents(s *stand, facts bool) bool {
	g := ix.grants[s.key.recipient]
	if g == nil {
		s.span = span{dawn, never}
		return false
	}
	if facts {
		for o, t := range s.since {
			if ix.ask(s.key).owner(o).excludedAt != t {
				s.taken = -1
			}
		}
	}
	if s.since == nil || s.taken < 0 || s.grants != g.changed || s.filed != ix.filed || !s.span.has(ix.now) {
		s.bearing, s.taken, s.span, s.since = column.Postings{}, 0, span{dawn, never}, make(map[int32]instant)
		s.states = append(s.states[:0], consentedTo{{sole, true}}, consentedTo{{sole, false}})
	}
	s.grants, s.filed = g.changed, ix.filed
	more := s.taken == 0 || s.taken < len(g.list)
	for ; s.taken < len(g.list); s.taken++ {
		if c := g.list[s.taken]; ix.fits(c, &s.key, &s.span) {
			ix.take(s, c)
		}
	}
	s.settle()
	return more
}

// take adds one consent.
func (ix *Index) take(s *stand, c *consent) {
	excluded := ix.ask(s.key).owner(c.by).excludedAt
	s.since[c.by] = excluded
	after := c.at > excluded
	for _, n := range c.nodes {
		if !ix.counts(c, n) {
			continue
		}
		if n&tear == 0 && ix.hasShare(c.by, n.ordinal()) {
			ix.bears.Add(n.ordinal())
			s.fresh = append(s.fresh, consentTo{n.ordinal(), consentOf{ix.soleOr(n.ordinal(), c.by), after}})
		}
		for _, ord := range ix.resting(n) {
			if ix.coversAll(c, ord) {
				ix.bears.Add(ord)
				s.fresh = append(s.fresh, consentTo{ord, consentOf{ix.soleOr(ord, c.by), after}})
			}
		}
	}
}

// hasShare reports whether an originator has something in a portion's lineage.
func (ix *Index) hasShare(by int32, ord uint32) bool {
	owners := ix.table.owners[ix.table.classes[ix.column.At(ord)].owners]
	return slices.Contains(owners, by)
}

// soleOr returns an originator of something in a portion's lineage, or that it
// is the only one.
func (ix *Index) soleOr(ord uint32, by int32) int32 {
	if ix.table.solely(&ix.table.classes[ix.column.At(ord)]) {
		return sole
	}
	return by
}

// coversAll reports whether a consent names all that its sayer has in a
// portion's lineage, and that is something.
func (ix *Index) coversAll(c *consent, ord uint32) bool {
	some := false
	for _, n := range append(ix.closure(node(ord)), node(ord)) {
		if owner, _ := ix.filedAs(n); owner != c.by {
			continue
		}
		if !ix.isFor(c, n) {
			return false
		}
		some = true
	}
	return some
}

// settle brings what was taken in among what bears.
func (s *stand) settle() {
	if len(s.fresh) == 0 {
		return
	}
	slices.SortFunc(s.fresh, func(x, y consentTo) int { return cmp.Compare(x.ord, y.ord) })
	old := s.bearing
	s.bearing = column.NewPostings(old.Len()+len(s.fresh), s.fresh[len(s.fresh)-1].ord)
	fresh := s.fresh
	merge := func(upTo uint64) { // what is fresh, below an ordinal
		for len(fresh) > 0 && uint64(fresh[0].ord) < upTo {
			fresh = s.join(fresh, nil)
		}
	}
	old.All(func(i int, ord uint32) {
		merge(uint64(ord))
		if len(fresh) > 0 && fresh[0].ord == ord {
			fresh = s.join(fresh, s.states[old.State(i)])
			return
		}
		s.bearing.Push(ord, old.State(i))
	})
	merge(1 << 32)
	s.bearing.Done()
	s.fresh = nil
}

// join adds the first portion of what is fresh to what bears, with what was
// consented to before, and returns the rest.
func (s *stand) join(fresh []consentTo, given consentedTo) []consentTo {
	ord, n := fresh[0].ord, 0
	for n < len(fresh) && fresh[n].ord == ord {
		if had, after := given.of(fresh[n].by.owner); !had || !after && fresh[n].by.after {
			given = slices.DeleteFunc(slices.Clone(given), func(x consentOf) bool { return x.owner == fresh[n].by.owner })
			given = append(given, fresh[n].by)
		}
		n++
	}
	slices.SortFunc(given, func(x, y consentOf) int { return cmp.Compare(x.owner, y.owner) })
	state := slices.IndexFunc(s.states, func(x consentedTo) bool { return slices.Equal(x, given) })
	if state < 0 {
		state = len(s.states)
		s.states = append(s.states, given)
	}
	s.bearing.Push(ord, uint32(state)) //nolint:gosec // no more than portions
	return fresh[n:]
}

// release finds what is released by consent.
func (ix *Index) release(s *stand) {
	s.special, s.askMore, s.extra, s.ofClass = nil, nil, nil, nil
	if s.bearing.Len() == 0 {
		return
	}
	s.extra = make(column.Bitset, (s.bearing.Len()+63)/64)
	counts := make(map[uint32]uint32)
	s.bearing.All(func(i int, ord uint32) {
		class := ix.column.At(ord)
		if s.codes[class]&consentable == 0 {
			return
		}
		at := consentedClass{class, s.bearing.State(i)}
		codes, known := s.special[at]
		switch {
		case at.state < otherStates:
			codes = s.codes[class].consented(at.state)
		case !known:
			codes = ix.ask(s.key).special(s, at, s.states[at.state])
		}
		if codes.Outcome() == tearline.Release {
			s.extra.Add(uint32(i)) //nolint:gosec // no more than portions
			counts[class]++
		}
	})
	s.ofClass = make([]classCount, 0, len(counts))
	for class, n := range counts {
		s.ofClass = append(s.ofClass, classCount{class, n})
	}
	slices.SortFunc(s.ofClass, func(x, y classCount) int { return cmp.Compare(x.class, y.class) })
}

// special asks the rules about a class of which something was consented to.
func (a *asking) special(s *stand, at consentedClass, given consentedTo) Codes {
	t := &a.ix.table
	codes, list := a.decide(&t.classes[at.class], given, nil)
	if s.special == nil {
		s.special = make(map[consentedClass]Codes)
	}
	s.special[at] = codes
	if codes.Outcome() == tearline.Refer {
		if s.askMore == nil {
			s.askMore = make(map[consentedClass][]tearline.PartyID)
		}
		s.askMore[at] = t.askAll(list)
	}
	return codes
}

// keyFor brings a request to the form in which all that come to the same are
// the same.
func (ix *Index) keyFor(k standKey, named bool) standKey {
	g := ix.grants[k.recipient]
	if g == nil {
		g = &grants{}
	}
	switch k.mode {
	case tearline.Document, tearline.Visual, tearline.Oral:
	default:
		k.mode = ""
	}
	if k.purpose != "" && !ix.purposes[k.purpose] && !slices.Contains(g.purposes, k.purpose) {
		k.purpose = another
	}
	if k.unit != "" && !slices.Contains(g.units, k.unit) {
		k.unit = another
	}
	if !named || k.person != "" && !slices.Contains(g.persons, k.person) {
		k.person = another
	}
	k.officer = g.officer(k.officer)
	return k
}

// errRequest says what is wrong with a request.
func errRequest(format string, args ...any) error { return fmt.Errorf("view: "+format, args...) }
