package classes

import (
	"slices"

	"tearline"
	"tearline/marking"
	"tearline/release/classes/marks"
)

// asking is one recipient's rules on their way: what holds for all classes. It
// is kept and used again.
type asking struct {
	ix        *Index
	key       standKey
	changes   uint64 // of the facts, for which it was made
	policies  int    // that there were
	recipient member
	codes     []uint64 // by which a list names it, as a set
	mode      bool     // one was named
	limits    []*agreement
	owners    []owner
	round     uint32
	marks     []markFlags
}

// markFlags are what a mark comes to for the recipient.
type markFlags uint8

const (
	named    markFlags = 1 << iota // its release list names the recipient
	national                       // the recipient is of the policy's own nation
	covered                        // by an agreement with the recipient
)

// An owner is an originator in the view of one recipient.
type owner struct {
	round              uint32 // for which the rest was made
	foreign, recipient bool
	same, shared       bool // nation; coalition
	free, never, other bool
	excluded           bool
	excludedAt         instant // the last exclusion in force
	ranks              []int   // to which it has consented in advance, by policy; nil is none
}

// ask makes asking ready for a recipient.
func (ix *Index) ask(k standKey) *asking {
	a := &ix.asking
	if a.ix == nil || a.key != k || a.changes != ix.changes || a.policies != len(ix.table.Policies) {
		a.ix, a.key, a.changes, a.policies = ix, k, ix.changes, len(ix.table.Policies)
		a.recipient = ix.party(k.recipient)
		a.mode = k.mode != ""
		a.round++
		a.marks = a.marks[:0]
		a.readCodes()
		a.readLimits()
	}
	if n := len(ix.table.Book.Names); len(a.owners) < n {
		a.owners = append(a.owners, make([]owner, n-len(a.owners))...)
	}
	for len(a.marks) < len(ix.table.Marks) {
		a.marks = append(a.marks, a.flags(&ix.table.Marks[len(a.marks)]))
	}
	return a
}

func (a *asking) readCodes() {
	a.codes = a.codes[:0]
	for _, list := range [][]int32{a.recipient.nations, a.recipient.coalitions} {
		for _, c := range list {
			for len(a.codes) <= int(c>>6) {
				a.codes = append(a.codes, 0)
			}
			a.codes[c>>6] |= 1 << (c & 63)
		}
	}
}

// names reports whether a list has a code of the recipient's.
func (a *asking) names(list []int32) bool {
	for _, c := range list {
		if int(c>>6) < len(a.codes) && a.codes[c>>6]>>(c&63)&1 != 0 {
			return true
		}
	}
	return false
}

// readLimits finds the agreements between holder and recipient: those that the
// holder has said or, if it has said none, those that the recipient has.
func (a *asking) readLimits() {
	a.limits = a.limits[:0]
	t, list := a.ix.now, a.ix.with[a.key.recipient]
	for _, g := range list {
		if g.by == a.ix.self && g.inForce(t) && t < g.ceilingReplaced {
			a.limits = append(a.limits, g)
		}
	}
	if len(a.limits) > 0 {
		return
	}
	for _, g := range list {
		if g.by != a.ix.self && g.current(t) {
			a.limits = append(a.limits, g)
		}
	}
}

func (a *asking) flags(m *marks.Mark) (f markFlags) {
	if m.Listed && a.names(m.List) {
		f |= named
	}
	if nation := a.ix.table.Policies[m.Policy].Nation; nation >= 0 && slices.Contains(a.recipient.nations, nation) {
		f |= national
	}
	if len(a.limits) > 0 && (m.Open || slices.ContainsFunc(a.limits, func(g *agreement) bool { return a.covers(g, m) })) {
		f |= covered
	}
	return f
}

// covers reports whether an agreement with the recipient reaches a mark.
func (a *asking) covers(g *agreement, m *marks.Mark) bool {
	rank, ok := a.ix.table.Rank(m.Policy, g.what.Ceiling, g.what.Equal)
	if !ok || m.Rank > rank || !g.serves(a.key.purpose) {
		return false
	}
	for _, c := range m.Compartments {
		if len(g.what.Categories) > 0 && !slices.Contains(g.what.Categories, c) {
			return false
		}
	}
	return true
}

// owner returns what holds of an originator.
func (a *asking) owner(id int32) *owner {
	o := &a.owners[id]
	if o.round == a.round {
		return o
	}
	ix := a.ix
	record := ix.party(id)
	*o = owner{
		round: a.round, foreign: id != ix.self && id != a.key.recipient, recipient: id == a.key.recipient,
		same: meet(record.nations, a.recipient.nations), shared: meet(record.coalitions, a.recipient.coalitions),
		excludedAt: dawn,
	}
	a.readAgreements(o, id)
	a.readExclusions(o, id)
	return o
}

func (a *asking) readAgreements(o *owner, id int32) {
	ix := a.ix
	for i := range ix.standings[id] {
		s := &ix.standings[id][i]
		if s.current(ix.now) && s.serves(a.key.purpose) && serves(s.purposes, a.key.purpose) && a.names(s.to) {
			a.standing(o, s)
		}
	}
	if id == ix.self {
		return
	}
	for _, g := range ix.with[id] {
		if !g.current(ix.now) {
			continue
		}
		o.other = true
		o.never = o.never || g.what.Onward == tearline.OnwardNever
		o.free = o.free || g.what.Onward == tearline.OnwardFree && g.serves(a.key.purpose)
	}
	if o.other {
		o.other = !slices.ContainsFunc(ix.with[id], func(g *agreement) bool { return g.current(ix.now) && g.serves(a.key.purpose) })
	}
}

// standing notes up to which level of each policy a consent in advance goes.
func (a *asking) standing(o *owner, s *standing) {
	t := &a.ix.table
	for len(o.ranks) < len(t.Policies) {
		o.ranks = append(o.ranks, -1)
	}
	for p := range o.ranks {
		if r, ok := t.Rank(int32(p), s.upTo, s.what.Equal); ok {
			o.ranks[p] = max(o.ranks[p], r)
		}
	}
}

func (a *asking) readExclusions(o *owner, id int32) {
	ix := a.ix
	if o.recipient {
		return
	}
	hit := func(e *exclusion) {
		if e.inForce(ix.now) {
			o.excluded, o.excludedAt = true, max(o.excludedAt, e.at)
		}
	}
	for _, e := range ix.exclusions[pair{id, a.key.recipient}] {
		hit(e)
	}
	for _, x := range ix.ties[pair{id, a.key.recipient}] {
		if !x.inForce(ix.now) {
			continue
		}
		for _, e := range ix.exclusions[pair{id, x.to}] {
			if e.reaches(x.degree) {
				hit(e)
			}
		}
	}
}

// consentedTo is what the originators of a portion have consented to: of each
// that has, whether after it had last excluded the recipient.
type consentedTo []consentOf

type consentOf struct {
	owner int32 // sole if there is no other
	after bool
}

// sole is the only originator of a lineage, whoever that is: so portions of
// different ones are alike.
const sole int32 = -1

func (c consentedTo) of(id int32) (given, after bool) {
	for _, x := range c {
		if x.owner == id || x.owner == sole {
			return true, x.after
		}
	}
	return false, false
}

// inAdvance reports whether an originator has consented in advance to what is
// so marked.
func (o *owner) inAdvance(m *marks.Mark) bool {
	return int(m.Policy) < len(o.ranks) && m.Rank <= o.ranks[m.Policy]
}

// decide asks all rules about one class, and adds whom to ask to a list.
func (a *asking) decide(c *class, given consentedTo, asked []int32) (Codes, []int32) {
	if c.gone {
		return 0, asked
	}
	codes := a.marking(c, given)
	if codes&MarkingRefers != 0 {
		asked = append(asked, c.own.owner)
	}
	if len(a.limits) > 0 {
		codes |= choose(a.marks[c.own.mark]&covered != 0, ClearanceByAgreement, ClearanceDenies)
	}
	link, askOwner := a.link(c.own, given)
	codes |= link
	if askOwner {
		asked = append(asked, c.own.owner)
	}
	for _, l := range c.rest {
		link, askOwner := a.link(l, given)
		codes |= link
		if askOwner {
			asked = append(asked, l.owner)
		}
	}
	if c.embargo {
		codes |= EmbargoDenies
	}
	if !a.mode {
		codes |= ModeDenies
	}
	return codes, asked
}

func choose(yes bool, a, b Codes) Codes {
	if yes {
		return a
	}
	return b
}

// marking: does the mark in force allow the recipient?
func (a *asking) marking(c *class, given consentedTo) Codes {
	l := c.own
	m, f, o := &a.ix.table.Marks[l.mark], a.marks[l.mark], a.owner(l.owner)
	switch {
	case m.Open, f&named != 0, !m.Listed && meant(m, o), m.NoForeign && f&national != 0:
		return choose(l.lowered, MarkingByDeclassification, MarkingByMarking)
	case m.NoForeign:
		return MarkingDenies
	case o.inAdvance(m):
		return MarkingByStandingConsent
	}
	yes, _ := given.of(l.owner)
	return choose(yes, MarkingByConsent, MarkingRefers)
}

// meant reports whether a mark without a release list means the recipient.
func meant(m *marks.Mark, o *owner) bool {
	switch m.Audience {
	case marking.AudienceNation:
		return o.same
	case marking.AudienceOriginator:
		return o.recipient
	case marking.AudienceCommunity:
		return o.recipient || o.shared
	case marking.AudienceEveryone:
		return true
	}
	return false
}

// link asks the rules that are asked of everything in the lineage, and says
// whether its originator must be asked.
func (a *asking) link(l link, given consentedTo) (codes Codes, askOwner bool) {
	o := a.owner(l.owner)
	if !o.foreign && !o.excluded {
		return 0, false
	}
	m := &a.ix.table.Marks[l.mark]
	consented, after := given.of(l.owner)
	if o.excluded {
		codes |= choose(after, ExclusionByConsent, ExclusionDenies)
	}
	if !o.foreign {
		return codes, false
	}
	by := a.allowed(l, m, o, consented)
	codes |= by
	if o.never {
		switch {
		case m.Open:
			codes |= choose(l.lowered, ThirdPartyByDeclassification, ThirdPartyByMarking)
		default:
			codes |= choose(consented, ThirdPartyByConsent, ThirdPartyDenies)
		}
	}
	if o.other && !m.Open {
		codes |= choose(consented, PurposeByConsent, PurposeDenies)
	}
	return codes, by == OriginatorRefers
}

// allowed is by what an originator lets one of its portions go.
func (a *asking) allowed(l link, m *marks.Mark, o *owner, consented bool) Codes {
	marked := m.Open || !m.Orcon && (a.marks[l.mark]&named != 0 || !m.Listed && m.Audience == marking.AudienceCommunity && o.shared)
	switch {
	case marked && !l.lowered:
		return OriginatorByMarking
	case o.free && !m.Orcon:
		return OriginatorByAgreement
	case marked:
		return OriginatorByDeclassification
	case o.inAdvance(m):
		return OriginatorByStandingConsent
	}
	return choose(consented, OriginatorByConsent, OriginatorRefers)
}
