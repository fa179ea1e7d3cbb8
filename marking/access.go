package marking

import (
	"fmt"
	"slices"
	"strings"
	"unique"

	"tearline/marking/policies"
)

// Access is what a mark lets somebody do with what it marks; more is greater.
type Access uint8

const (
	// AccessNone is may not: a condition of the mark is not met.
	AccessNone Access = iota
	// AccessSilent is that the mark does not say: an official, the originator
	// or an owner may allow it, and nobody has. It admits nobody.
	AccessSilent
	// AccessSee is may see, and neither keep, copy nor pass on (DISPLAY ONLY).
	AccessSee
	// AccessKeep is may have.
	AccessKeep
)

// String returns "may not", "silent", "may see" or "may keep".
func (a Access) String() string {
	if int(a) < len(accesses) {
		return accesses[a]
	}
	return accesses[AccessNone]
}

var accesses = [...]string{"may not", "silent", "may see", "may keep"}

// A Person is somebody who is to have something, as far as marks ask.
type Person struct {
	// Nations are the codes of the countries of affiliation.
	Nations []string
	// Coalitions are the codes of the coalitions that the nations, and the
	// organisation, are members of by the caller's records, at the time that
	// matters. Nil stands for the table's: those whose members it has and that
	// were not given up before Date. Records that leave out members of the
	// table's make a banner, whose lists name members one by one, admit whom
	// its portions refuse.
	Coalitions []string
	// Date of what is marked, YYYY-MM-DD; without it no coalition counts that
	// was ever given up (ISM.ACES 2021-NOV §5.6.8).
	Date string
	// Agency: the employing organisation is an agency of the policy's nation.
	Agency bool
	// Organisation is the code of the country or coalition that the employing
	// organisation belongs to; it may be zero for an agency.
	Organisation string
	// Clearance is a level by any of its names; zero is none.
	Clearance string
	// ReadIns are compartments as [Marking.Compartments] names them, a parent
	// beside its child, and an organisation's levels: "SI", "SI-G", "NATO-S".
	ReadIns []string
	// Listed: the owners' lists, which marks do not carry, have the person or
	// the organisation (ORCON, PROPIN, EXDIS, NODIS).
	Listed bool
}

// A Recipient is a person, made ready to be held against many marks of one
// policy. The zero Recipient may have nothing. It may be used from several
// goroutines.
type Recipient struct {
	p *Policy
	r *policies.Reader
}

// Recipient makes a person ready. It fails, with [Faults], for codes, levels
// and read-ins that the policy does not know.
func (p *Policy) Recipient(who Person) (Recipient, error) {
	r := &policies.Reader{Agency: who.Agency, Listed: who.Listed}
	var faults Faults
	unknown := func(what, name string) {
		faults.add(Fault{Rule: "person." + what, Text: fmt.Sprintf("%s is no %s that policy %s knows", policies.Quote(name), what, p.t.ID)})
	}
	for _, c := range who.Coalitions {
		if !p.KnowsCode(c) {
			unknown("code", c)
		}
	}
	codes := who.Nations
	if who.Organisation != "" {
		codes = append(slices.Clone(codes), who.Organisation)
	}
	for n, c := range codes {
		i, ok := p.t.CodeIndex[c]
		switch of := n < len(who.Nations); {
		case !ok:
			unknown("code", c)
		case of && p.t.Groups.Has(i):
			unknown("nation", c)
		case of:
			r.Nation = r.Nation || i == p.t.NationCode
			in := p.t.Memberships(i, who.Coalitions, who.Date)
			r.In.Union(&in)
		default:
			r.OrgNation = i == p.t.NationCode
			r.OrgIn = p.t.Memberships(i, who.Coalitions, who.Date)
		}
	}
	if who.Clearance != "" {
		l, ok := p.Level(who.Clearance)
		if r.Level = l.Rank; !ok {
			unknown("level", who.Clearance)
		}
	}
	for _, name := range who.ReadIns {
		if !p.t.Grant(r, name) {
			unknown("read-in", name)
		}
	}
	if len(faults) > 0 {
		return Recipient{}, faults
	}
	return Recipient{p, r}, nil
}

// Access says what the mark lets the recipient do: the least of what each of
// its conditions allows (ISM.ACES 2021-NOV §2.2.3). A mark is not the last
// word: what agreements and exclusions say is for the caller. RELIDO and no
// foreign disclosure and release marking are silent for all but the policy's
// own agencies; so is a control that asks for a list of its owner's which does
// not have the recipient. The zero Marking and marks of another policy than the
// recipient's are for nobody.
func (m Marking) Access(r Recipient) Access {
	if m.IsZero() || r.p == nil {
		return AccessNone
	}
	c := m.h.Value()
	if c.policy != r.p {
		return AccessNone
	}
	t := &c.policy.t
	if c.forEveryone() {
		return AccessKeep
	}
	var x policies.Extra
	if c.extra != (unique.Handle[policies.Extra]{}) {
		x = c.extra.Value()
	}
	if !t.ClearedFor(c.level, &c.tokens, r.r) || !t.ReadInto(&c.tokens, x.Free, r.r) {
		return AccessNone
	}
	of, concealed := c.foreign(&x)
	if t.NoRelease {
		return AccessSilent
	}
	return min(c.released(&x, r.r), Access(t.Indoctrinated(&of, concealed, c.level, r.r)), Access(t.Asked(&c.tokens, r.r)))
}

// foreign returns the owners and sources, and whether one is concealed.
func (c *core) foreign(x *policies.Extra) (of policies.CodeSet, concealed bool) {
	o := c.policy.t.Owners
	concealed = c.kind == policies.OwnerConcealed || o != nil && c.tokens.Has(o.Source) && x.Source.Empty()
	of = x.Owner
	of.Union(&x.Source)
	return of, concealed
}

// forEveryone reports whether the level is for everybody, and nothing beside it
// says otherwise.
func (c *core) forEveryone() bool {
	t := &c.policy.t
	return !t.NoRelease && c.tokens.Empty() && Audience(t.Levels[c.level].MeantFor) == AudienceEveryone
}

func (c *core) released(x *policies.Extra, r *policies.Reader) Access {
	rel := c.list()
	if t := c.policy.t.Release; t != nil && !c.tokens.Has(t.Eyes) {
		rel.Union(&t.Always)
	}
	var joint *policies.CodeSet
	if c.kind == policies.OwnerJoint && !c.tokens.Meets(&c.policy.t.ReleaseMask) {
		joint = &x.Owner
	}
	return Access(c.policy.t.Released(&c.tokens, &rel, &x.Display, joint, r))
}

// An AccessReason is one condition of a mark and what it allows.
type AccessReason struct {
	Access Access
	Rule   string // "access.clearance", "access.read-in", "access.release", "access.organisation", "access.owner"
	Cites  string
	Text   string
}

// WhyAccess says what each condition of the mark allows the recipient, those
// left out that only some marks have and this one does not. The least of them is [Marking.Access].
func (m Marking) WhyAccess(r Recipient) []AccessReason {
	if m.IsZero() || r.p == nil || m.Policy() != r.p {
		return []AccessReason{{AccessNone, "access.policy", "ISM.ACES 2021-NOV §3.1", "there is no mark, or no recipient, of one policy"}}
	}
	c := m.h.Value()
	t, b := &c.policy.t, c.body()
	if c.forEveryone() {
		return []AccessReason{{AccessKeep, "access.release", t.LevelCites, "it is for everyone"}}
	}
	yes := func(ok bool) Access {
		if ok {
			return AccessKeep
		}
		return AccessNone
	}
	of, concealed := c.foreign(&b.Extra)
	all := []AccessReason{
		{yes(t.ClearedFor(b.Level, &b.Tokens, r.r)), "access.clearance", "ISM.ACES 2021-NOV C.2.2", "it asks for clearance to " + t.Levels[b.Level].Name},
		{yes(t.ReadInto(&b.Tokens, b.Free, r.r)), "access.read-in", "ISM.ACES 2021-NOV C.3-5, C.9", "it asks for read-ins: " + strings.Join(m.Compartments(), ", ")},
		{c.released(&b.Extra, r.r), "access.release", "ISM.ACES 2021-NOV C.2.1, C.7.6-14", "of release it says: " + phrase(&b)},
		{Access(t.Indoctrinated(&of, concealed, b.Level, r.r)), "access.organisation", "ISM.ACES 2021-NOV C.2.4, C.6.2", "an organisation's own levels ask for a read-in"},
		{Access(t.Asked(&b.Tokens, r.r)), "access.owner", "ISM.ACES 2021-NOV C.7.3-7, C.8", "a control asks for its owner's list"},
	}
	return slices.DeleteFunc(all, func(x AccessReason) bool {
		// Of what only some marks ask for, what this one does not ask for is no reason.
		asks := x.Rule == "access.clearance" || x.Rule == "access.release" || x.Rule == "access.read-in" && len(m.Compartments()) > 0
		return x.Access == AccessKeep && !asks
	})
}

// Releasable returns the codes of the nations and organisations of the policy's
// table that the mark's release marking lets keep and lets only see what it
// marks, in canonical order, and whether it is silent: says nothing of release.
// Clearances, read-ins and owners' lists are not looked at. The policy's own
// nation stands for its agencies; an organisation is one if the mark names it,
// or each of the members that may stand in its place. Codes that were given up
// are left out.
func (m Marking) Releasable() (keep, see []string, silent bool) {
	if m.IsZero() {
		return nil, nil, false
	}
	c := m.h.Value()
	p, b := c.policy, c.body()
	if c.forEveryone() {
		return p.Codes(), nil, false
	}
	if p.t.Release == nil || p.t.NoRelease {
		return nil, nil, true
	}
	got := p.t.Everybody(func(r *policies.Reader) policies.Access { return policies.Access(c.released(&b.Extra, r)) })
	for i, a := range got {
		switch Access(a) {
		case AccessKeep:
			keep = append(keep, p.t.Codes[i].Code.Code)
		case AccessSee:
			see = append(see, p.t.Codes[i].Code.Code)
		case AccessNone, AccessSilent:
		}
	}
	return keep, see, c.released(&b.Extra, &policies.Reader{}) == AccessSilent
}
