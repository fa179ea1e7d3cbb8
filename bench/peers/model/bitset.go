package model

import "slices"

// A CountrySet has a bit for each country.
type CountrySet [4]uint64

// Has says whether a country is in the set.
func (s *CountrySet) Has(c uint8) bool { return s[c>>6]>>(c&63)&1 != 0 }

// LabelBits is a label as bits, its release list expanded.
type LabelBits struct {
	Release      CountrySet
	Compartments uint64
	Originator   uint16
	Origin       uint8
	Level        uint8
	Orcon        bool
	noForn       Reasons // given if the release list does not have the country
}

// PartyBits is a party as bits.
type PartyBits struct {
	Compartments uint64
	Org          uint16
	Country      uint8
	Level        uint8
}

// Bits is a world as bitsets: the fastest plain way to decide, and so what the
// machine allows. It knows a world as it was when the bits were made, without
// agreements, and may be used by several goroutines.
type Bits struct {
	Labels  []LabelBits
	Parties []PartyBits
	w       *World
}

// NewBits turns a world into bits.
func NewBits(w *World) *Bits {
	b := &Bits{w: w}
	for i := range w.Labels {
		l := &w.Labels[i]
		lb := LabelBits{
			Compartments: mask(l.Compartments), Originator: l.Originator, Origin: l.Origin(),
			Level: l.Level, Orcon: l.Orcon, noForn: NotHome,
		}
		if l.Release == RelTo {
			lb.noForn = NotListed
		}
		for c := range uint8(Countries) {
			if w.release(l, c) == 0 {
				lb.Release[c>>6] |= 1 << (c & 63)
			}
		}
		b.Labels = append(b.Labels, lb)
	}
	for i := range w.Parties {
		p := &w.Parties[i]
		b.Parties = append(b.Parties, PartyBits{mask(p.Compartments), p.Org, p.Country(), p.Level})
	}
	return b
}

func mask(list []uint8) (m uint64) {
	for _, c := range list {
		m |= 1 << c
	}
	return m
}

// free says that the originator need not be asked.
func free(l *LabelBits, p *PartyBits) bool {
	return !l.Orcon && (l.Origin == Home || p.Country == Home || l.Origin == p.Country)
}

// Outcome decides, without reasons.
func (b *Bits) Outcome(party, portion uint32) Outcome {
	p, l := &b.Parties[party], &b.Labels[b.w.Label[portion]]
	o := labelOutcome(l, p)
	if o != Referred {
		return o
	}
	if slices.Contains(b.w.consents[b.w.consentAt[portion]:b.w.consentAt[portion+1]], p.Org) {
		return Released
	}
	return Referred
}

// labelOutcome decides about all portions of a label, consents left out.
func labelOutcome(l *LabelBits, p *PartyBits) Outcome {
	switch {
	case l.Level > p.Level, l.Compartments&^p.Compartments != 0, !l.Release.Has(p.Country):
		return Denied
	case free(l, p), l.Originator == p.Org:
		return Released
	}
	return Referred
}

// Verdict decides with all reasons: nothing is cut short.
func (b *Bits) Verdict(party, portion uint32) Verdict {
	p, l := &b.Parties[party], &b.Labels[b.w.Label[portion]]
	var r Reasons
	if l.Level > p.Level {
		r |= BelowLevel
	}
	if l.Compartments&^p.Compartments != 0 {
		r |= LacksCompartment
	}
	if !l.Release.Has(p.Country) {
		r |= l.noForn
	}
	switch {
	case free(l, p):
		return Of(r | Uncontrolled)
	case l.Originator == p.Org:
		return Of(r | OwnPortion)
	}
	if slices.Contains(b.w.consents[b.w.consentAt[portion]:b.w.consentAt[portion+1]], p.Org) {
		return Of(r | Consented)
	}
	return Of(r | NeedsConsent)
}

// LabelOutcomes decides about every label for a party, consents left out.
func (b *Bits) LabelOutcomes(party uint32) []Outcome {
	list := make([]Outcome, len(b.Labels))
	for i := range list {
		list[i] = labelOutcome(&b.Labels[i], &b.Parties[party])
	}
	return list
}

// A Listing counts and lists by label, from counters that a store would have
// to maintain.
type Listing struct {
	bits      *Bits
	perLabel  []int
	consented [Orgs][]uint32 // the portions that each organisation has a consent for
}

// NewListing counts the portions of each label.
func NewListing(b *Bits) *Listing {
	l := &Listing{bits: b, perLabel: make([]int, len(b.Labels))}
	for x, label := range b.w.Label {
		l.perLabel[label]++
		portion := uint32(x)
		for _, org := range b.w.Consents(portion) {
			if list := l.consented[org]; len(list) == 0 || list[len(list)-1] != portion { // drawn twice
				l.consented[org] = append(list, portion)
			}
		}
	}
	return l
}

// Consented returns the portions that each organisation has a consent for,
// ascending; the list may not be changed.
func (l *Listing) Consented() [][]uint32 { return l.consented[:] }

// Count returns how many portions may be released to the party.
func (l *Listing) Count(party uint32) int {
	n, outcomes := 0, l.bits.LabelOutcomes(party)
	for i, o := range outcomes {
		if o == Released {
			n += l.perLabel[i]
		}
	}
	for _, x := range l.consented[l.bits.Parties[party].Org] {
		if outcomes[l.bits.w.Label[x]] == Referred {
			n++
		}
	}
	return n
}

// Nearest returns the party to which the share of all portions that may be
// released comes nearest, of those that see something.
func (l *Listing) Nearest(share float64) uint32 {
	want, best, found := int(share*float64(len(l.bits.w.Label))), -1, uint32(0)
	for p := range uint32(len(l.bits.Parties)) { //nolint:gosec // a few thousand
		n := l.Count(p)
		off := max(n-want, want-n)
		if n > 0 && (best < 0 || off < best) {
			best, found = off, p
		}
	}
	return found
}
