package release

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"tearline"
)

// epoch is the earliest instant for which a decision can be asked.
var epoch = time.Unix(0, 0)

// Decide asks the six rules about every portion of a report and every
// tear-line wording in it. The error wraps [ErrUnknownReport] or
// [ErrUnknownParty], or says that the request's time is none. It is safe for
// concurrent use, and takes a few microseconds a portion.
func Decide(f *Facts, report tearline.ReportID, q Request) (Decision, error) {
	if q.At.Before(epoch) {
		return Decision{}, fmt.Errorf("decide %s: time %s: want an instant in 1970 or later", report, q.At.Format(time.RFC3339))
	}
	if q.Person != nil { // the caller's may change, the decision may not
		person := *q.Person
		person.ReadIns = slices.Clone(person.ReadIns)
		q.Person = &person
	}
	held, ok := f.reports[report]
	if !ok || q.Holder != f.holder || held.filing.takenBack(q.At) {
		return Decision{}, fmt.Errorf("decide %s, held by %s: %w", report, q.Holder, ErrUnknownReport)
	}
	a := asking{facts: f, q: q, owners: make(map[tearline.PartyID]*owner), names: make(map[*mark]tearline.PartyID)}
	if _, ok := f.party(q.Holder, q.At); !ok {
		return Decision{}, fmt.Errorf("decide %s: holder %s: %w", report, q.Holder, ErrUnknownParty)
	}
	record, ok := f.party(q.Recipient, q.At)
	if !ok {
		return Decision{}, fmt.Errorf("decide %s: recipient %s: %w", report, q.Recipient, ErrUnknownParty)
	}
	a.recipient = record
	a.codes = a.recipient.codes()
	a.readCeilings()
	d := Decision{
		report: report, request: q, index: held.index, portions: len(held.portions),
		verdicts: make([]Verdict, 0, len(held.portions)+len(held.tears)),
	}
	for _, n := range held.portions {
		d.verdicts = append(d.verdicts, a.decide(n))
	}
	for _, n := range held.tears {
		d.verdicts = append(d.verdicts, a.decide(n))
	}
	return d, nil
}

// A member is a party as a list sees it at one instant.
type member struct {
	id         tearline.PartyID
	nations    []tearline.PartyID // its own code among them
	coalitions []tearline.PartyID
}

// party returns the newest record of a party said by t; false if there is none
// or its term does not cover t. The first record holds for the time before it
// as well: a party is no stranger in its own past, and who asks about a time
// before the records began would have no answer at all.
func (f *Facts) party(id tearline.PartyID, t time.Time) (member, bool) {
	list := f.parties[id]
	if len(list) == 0 {
		return newMember(id), false
	}
	i := len(list) - 1
	for i > 0 && list[i].at.After(t) {
		i--
	}
	s := list[i]
	if s.at.After(t) {
		s.at = t
	}
	if !s.inForce(t) {
		return newMember(id), false
	}
	m := newMember(id)
	m.nations = append(m.nations, s.what.Nations...)
	m.coalitions = s.what.MemberOf
	return m, true
}

// newMember returns a party of which only its name is known.
func newMember(id tearline.PartyID) member {
	return member{id: id, nations: []tearline.PartyID{id}}
}

// codes returns every code by which a list names the party.
func (m member) codes() []tearline.PartyID { return slices.Concat(m.nations, m.coalitions) }

// common returns the first of a that is in b, "" if none is.
func common(a, b []tearline.PartyID) tearline.PartyID {
	for _, x := range a {
		if slices.Contains(b, x) {
			return x
		}
	}
	return ""
}

// asking is one request on its way: what holds for all of its portions.
type asking struct {
	facts     *Facts
	q         Request
	recipient member
	codes     []tearline.PartyID
	owners    map[tearline.PartyID]*owner
	names     map[*mark]tearline.PartyID // by which code a list names r
	limits    []*agreement               // between h and r, with a ceiling
	shares    []*share                   // of the last portion decided, to be used again
}

// readCeilings finds the agreements between holder and recipient: those that
// the holder has said or, if it has said none, those that the recipient has.
// So a recipient's word can keep something from it, but never get it more.
func (a *asking) readCeilings() {
	list := a.facts.agreements[a.q.Recipient]
	for _, g := range list {
		if g.limits(a.q.Holder, a.q.At) {
			a.limits = append(a.limits, g)
		}
	}
	if len(a.limits) > 0 {
		return
	}
	for _, g := range list {
		if g.by != a.q.Holder && g.current(a.q.At) {
			a.limits = append(a.limits, g)
		}
	}
}

// named returns the code by which a mark's release list names the recipient,
// "" if it does not or there is none.
func (a *asking) named(m *mark) tearline.PartyID {
	if !m.listed {
		return ""
	}
	code, ok := a.names[m]
	if !ok {
		code = common(a.codes, m.list)
		a.names[m] = code
	}
	return code
}

// An owner is an originator in the view of one request.
type owner struct {
	id              tearline.PartyID
	holder          bool
	recipient       bool
	sameNation      bool // as the recipient
	sharedCoalition tearline.PartyID
	free, never     *agreement // with the holder, in force
	// other are the agreements in force with the holder, if none of them is for
	// the purpose.
	other      []*agreement
	standing   []standing // naming the recipient
	exclusions []excluded
	lifts      lifts
}

// excluded is an exclusion in force that hits the recipient, directly or by a
// tie.
type excluded struct {
	*said[*tearline.Exclusion]
	tie *said[*tearline.Tie]
}

// owner returns what holds of an originator.
func (a *asking) owner(id tearline.PartyID) *owner {
	if o, ok := a.owners[id]; ok {
		return o
	}
	record, _ := a.facts.party(id, a.q.At) // an unknown one has its own code
	o := &owner{
		id: id, holder: id == a.q.Holder, recipient: id == a.q.Recipient,
		sameNation:      common(record.nations, a.recipient.nations) != "",
		sharedCoalition: common(record.coalitions, a.recipient.coalitions),
		lifts:           liftsBy(id),
	}
	a.readAgreements(o)
	a.readExclusions(o)
	a.owners[id] = o
	return o
}

// readAgreements finds what the originator and the holder agreed.
func (a *asking) readAgreements(o *owner) {
	for _, s := range a.facts.standing[o.id] {
		fits := s.agreement.serves(a.q.Purpose) && fitsPurpose(s.purposes, a.q.Purpose)
		if fits && s.agreement.current(a.q.At) && common(a.codes, s.to) != "" {
			o.standing = append(o.standing, s)
		}
	}
	if o.holder {
		return
	}
	served := false
	for _, g := range a.facts.agreements[o.id] {
		if !g.current(a.q.At) {
			continue
		}
		serves := g.serves(a.q.Purpose)
		served = served || serves
		o.other = append(o.other, g)
		switch g.what.Onward {
		case tearline.OnwardFree:
			if serves {
				o.free = cmp.Or(o.free, g)
			}
		case tearline.OnwardNever:
			o.never = cmp.Or(o.never, g)
		case tearline.OnwardAsk:
		}
	}
	if served {
		o.other = nil
	}
}

// readExclusions finds the originator's exclusions that hit the recipient.
func (a *asking) readExclusions(o *owner) {
	t := a.q.At
	direct := a.facts.exclusions[pair{by: o.id, of: a.q.Recipient}]
	for i := range direct {
		if direct[i].inForce(t) {
			o.exclusions = append(o.exclusions, excluded{said: &direct[i]})
		}
	}
	ties := a.facts.ties[pair{by: o.id, of: a.q.Recipient}]
	for i := range ties {
		tie := &ties[i]
		if !tie.inForce(t) {
			continue
		}
		far := a.facts.exclusions[pair{by: o.id, of: tie.what.To}]
		for j := range far {
			if far[j].what.Ties && closeEnough(tie.what, far[j].what) && far[j].inForce(t) {
				o.exclusions = append(o.exclusions, excluded{said: &far[j], tie: tie})
			}
		}
	}
}

// closeEnough reports whether a tie is as close as an exclusion cares about. One whose
// degree was not said is.
func closeEnough(tie *tearline.Tie, x *tearline.Exclusion) bool {
	return tie.Degree == 0 || tie.Degree >= x.Degree
}

// inForce returns the portion's mark in force at t, and the declassification
// that made it so, nil if it is the filed one.
func (p *portion) inForce(t time.Time) (*mark, *said[*mark]) {
	for i := len(p.lowered) - 1; i >= 0; i-- {
		if p.lowered[i].inForce(t) {
			return p.lowered[i].what, &p.lowered[i]
		}
	}
	return p.mark, nil
}
