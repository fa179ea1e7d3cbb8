package model

import "slices"

// Sizes of the model: what is numbered from 0.
const (
	Countries    = 250 // 0 is home, 1 to 4 are close partners
	Orgs         = 500 // see [OrgCountry]
	Compartments = 64
	Levels       = 5
	Home         = 0 // the holder's country
)

// The coalitions by name and number of members, which are the first countries.
var coalitions = [...]struct {
	name    string
	members int
}{
	{"FVEY", 5},
	{"ACGU", 4},
	{"TEYE", 3},
	{"NATO", 32},
	{"ISAF", 50},
	{"EU", 27},
	{"CFCK", 2},
	{"GCTF", 30},
	{"MNFI", 38},
	{"UNCK", 17},
	{"SGAT", 7},
	{"KFOR", 28},
}

// Coalitions is how many there are.
const Coalitions = len(coalitions)

// The coalitions that labels are released to.
const (
	fvey = 0
	nato = 3
	isaf = 4
)

// CoalitionName returns the name of a coalition.
func CoalitionName(c int) string { return coalitions[c].name }

// OrgCountry returns the country of an organisation: 0-199 are at home, 200-299
// with close partners, the others abroad.
func OrgCountry(org uint16) uint8 {
	i := int(org)
	switch {
	case i < 200:
		return Home
	case i < 300:
		return uint8(1 + i%4)
	case i < 430:
		return uint8(5 + i%29)
	}
	return uint8(34 + i%216)
}

// A Release says to whom a label is released as far as countries go. The zero
// Release is home alone.
type Release uint8

// The kinds of release.
const (
	HomeOnly Release = iota // nothing said: home alone
	NoForn                  // said to be for home alone
	RelTo                   // the countries and coalitions listed
	Public                  // everybody
)

// A Label is what a portion is marked with; portions of one label differ in
// their consents alone.
type Label struct {
	Level        uint8
	Compartments []uint8 // ascending
	Originator   uint16  // an organisation
	Orcon        bool    // controlled by the originator
	Release      Release
	Countries    []uint8 // of RelTo, as written, ascending
	Coalitions   []uint8 // of RelTo, as written
}

// Origin is the originator's country.
func (l *Label) Origin() uint8 { return OrgCountry(l.Originator) }

// A Party asks for portions.
type Party struct {
	Org          uint16
	Level        uint8   // cleared for this and all below
	Compartments []uint8 // read into, ascending
}

// Country is where the party's organisation is.
func (p *Party) Country() uint8 { return OrgCountry(p.Org) }

// A World is what is decided about. Portions are numbered from 0 in the order
// of filing. It may be read by several goroutines, but not while it changes.
type World struct {
	Labels  []Label
	Parties []Party
	// Label is the index of each portion's label.
	Label []uint16

	consentAt  []uint32 // where a portion's consents begin
	consents   []uint16
	changed    map[uint32][]uint16 // the consents of portions that were changed since
	member     [Coalitions][Countries]bool
	agreements map[[2]uint16]bool // originator, recipient
}

// Consents returns the organisations that the originator has agreed may have
// the portion.
func (w *World) Consents(portion uint32) []uint16 {
	if list, ok := w.changed[portion]; ok {
		return list
	}
	if int(portion)+1 >= len(w.consentAt) { // a world made by hand
		return nil
	}
	return w.consents[w.consentAt[portion]:w.consentAt[portion+1]]
}

// Member says whether a country belongs to a coalition.
func (w *World) Member(coalition, country uint8) bool { return w.member[coalition][country] }

// CoalitionsOf returns the coalitions that a country belongs to.
func (w *World) CoalitionsOf(country uint8) []uint8 {
	var list []uint8
	for c := range uint8(Coalitions) {
		if w.member[c][country] {
			list = append(list, c)
		}
	}
	return list
}

// SetConsent gives or takes back one consent.
func (w *World) SetConsent(portion uint32, org uint16, given bool) {
	list := slices.DeleteFunc(slices.Clone(w.Consents(portion)), func(o uint16) bool { return o == org })
	if given {
		list = append(list, org)
	}
	if w.changed == nil {
		w.changed = map[uint32][]uint16{}
	}
	w.changed[portion] = list
}

// SetMember lets a country join or leave a coalition.
func (w *World) SetMember(coalition, country uint8, member bool) {
	w.member[coalition][country] = member
}

// SetAgreement makes or ends an agreement: the originator consents to the
// recipient for all its portions, whatever their release lists.
func (w *World) SetAgreement(originator, recipient uint16, made bool) {
	if w.agreements == nil {
		w.agreements = map[[2]uint16]bool{}
	}
	w.agreements[[2]uint16{originator, recipient}] = made
}

// Clustered returns the same portions filed in another order: all that may be
// released to the party first, so that what it sees is old.
func (w *World) Clustered(party uint32) *World {
	order := make([]uint32, 0, len(w.Label))
	var others []uint32
	for x := range uint32(len(w.Label)) { //nolint:gosec // far below 2³²
		if w.Decide(party, x).Outcome == Released {
			order = append(order, x)
		} else {
			others = append(others, x)
		}
	}
	c := *w
	c.Label, c.consentAt, c.consents, c.changed = make([]uint16, 0, len(w.Label)), []uint32{0}, nil, nil
	for _, x := range append(order, others...) {
		c.Label = append(c.Label, w.Label[x])
		c.consents = append(c.consents, w.Consents(x)...)
		c.consentAt = append(c.consentAt, uint32(len(c.consents))) //nolint:gosec // far below 2³²
	}
	return &c
}
