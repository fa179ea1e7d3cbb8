package model

import "slices"

// An Outcome is what a decision comes to. The zero Outcome is Denied.
type Outcome uint8

// The outcomes.
const (
	Denied   Outcome = iota
	Referred         // could be released with the originator's consent
	Released
)

// Reasons are all that speaks for and against, as bits.
type Reasons uint8

// The reasons. The first four deny; of the others exactly one is always given.
const (
	BelowLevel       Reasons = 1 << iota // the party is not cleared for the level
	LacksCompartment                     // the party is not read into all compartments
	NotHome                              // not for foreigners
	NotListed                            // the release list does not name the party's country
	Uncontrolled                         // the originator need not be asked
	OwnPortion                           // the party is of the originator's organisation
	Consented                            // the originator's consent is there
	NeedsConsent                         // the originator's consent is missing
)

// Denying are the reasons each of which denies.
const Denying = BelowLevel | LacksCompartment | NotHome | NotListed

// A Verdict is a decision with all its reasons.
type Verdict struct {
	Outcome Outcome
	Reasons Reasons
}

// Of returns the verdict that reasons come to.
func Of(r Reasons) Verdict {
	switch {
	case r&Denying != 0:
		return Verdict{Denied, r}
	case r&NeedsConsent != 0:
		return Verdict{Referred, r}
	}
	return Verdict{Released, r}
}

// Decide says whether a party may have a portion. It is the plain function
// that every engine must agree with.
func (w *World) Decide(party, portion uint32) Verdict {
	p, l := &w.Parties[party], &w.Labels[w.Label[portion]]
	var r Reasons
	if l.Level > p.Level {
		r |= BelowLevel
	}
	for _, c := range l.Compartments {
		if !slices.Contains(p.Compartments, c) {
			r |= LacksCompartment
		}
	}
	release := w.release(l, p.Country())
	if release == NotListed && w.agreements[[2]uint16{l.Originator, p.Org}] { // it names the party as a list does
		release = 0
	}
	return Of(r | release | w.control(l, p, portion))
}

func (w *World) release(l *Label, country uint8) Reasons {
	switch l.Release {
	case Public:
		return 0
	case RelTo:
		if slices.Contains(l.Countries, country) {
			return 0
		}
		for _, c := range l.Coalitions {
			if w.member[c][country] {
				return 0
			}
		}
		return NotListed
	case HomeOnly, NoForn:
	}
	if country == Home {
		return 0
	}
	return NotHome
}

func (w *World) control(l *Label, p *Party, portion uint32) Reasons {
	country, origin := p.Country(), l.Origin()
	thirdParty := origin != Home && country != Home && country != origin
	switch {
	case !l.Orcon && !thirdParty:
		return Uncontrolled
	case p.Org == l.Originator:
		return OwnPortion
	case slices.Contains(w.Consents(portion), p.Org), w.agreements[[2]uint16{l.Originator, p.Org}]:
		return Consented
	}
	return NeedsConsent
}

// PageSize is how many portions a page has.
const PageSize = 50

// List decides about every portion and returns how many may be released to the
// party and the newest of them, the newest first.
func (w *World) List(party uint32) (count int, page []uint32) {
	for i := range slices.Backward(w.Label) {
		x := uint32(i) //nolint:gosec // an index
		if w.Decide(party, x).Outcome != Released {
			continue
		}
		count++
		if len(page) < PageSize {
			page = append(page, x)
		}
	}
	return count, page
}
