package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tearline"
	"tearline/bench/peers/model"
	"tearline/release"
	"tearline/release/classes"
)

// indexed is Tearline: its index of release classes, told the model's world in
// statements, and its decision point for words.
type indexed struct {
	book    *phrasebook
	names   numbered
	index   *classes.Index
	now     time.Time
	said    int // statements, for their names
	labels  []model.Label
	label   []uint16 // of the portions
	parties []model.Party
	views   []*classes.View // by party

	member   [model.Coalitions][model.Countries]bool
	consents [model.Orgs]consents
	made     map[[2]uint16][]tearline.StatementID // agreements by originator and recipient

	base  []tearline.Statement         // on parties, for words
	facts *release.Facts               // base, and a portion of each label
	given map[[2]uint16]*release.Facts // by label and recipient: the originator has consented
}

// consents are those to one organisation. One to what the release list does not
// name it for is not said: the model denies then, whatever the originator
// consents to, and Tearline would let it go.
type consents struct {
	portions []uint32 // ascending
	spoken   map[tearline.StatementID][]uint32
}

func newIndexed() (engine, error) {
	book, err := newPhrasebook()
	if err != nil {
		return nil, err
	}
	return &indexed{book: book}, nil
}

// Build implements engine: every portion is filed, a hundred a report.
func (e *indexed) Build(w *model.World) error {
	*e = indexed{
		book: e.book, names: numbered{perReport: 100, n: uint32(len(w.Label))}, //nolint:gosec // far below 2³²
		now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), labels: w.Labels, label: slices.Clone(w.Label), parties: w.Parties,
		views: make([]*classes.View, len(w.Parties)), made: make(map[[2]uint16][]tearline.StatementID), given: make(map[[2]uint16]*release.Facts),
	}
	for c := range e.member {
		for country := range e.member[c] {
			e.member[c][country] = w.Member(uint8(c), uint8(country))
		}
	}
	e.index = classes.New(holder, &e.names)
	if err := e.organisations(w); err != nil {
		return err
	}
	if err := e.file(); err != nil {
		return err
	}
	for x := range uint32(len(w.Label)) { //nolint:gosec // far below 2³²
		for _, org := range w.Consents(x) {
			c := &e.consents[org]
			if n := len(c.portions); n == 0 || c.portions[n-1] != x { // drawn twice
				c.portions = append(c.portions, x)
			}
		}
	}
	for org := range e.consents {
		if err := e.speak(uint16(org)); err != nil {
			return err
		}
	}
	return nil
}

// say tells the index, and returns the statement's name.
func (e *indexed) say(by tearline.PartyID, what tearline.Predicate) (tearline.StatementID, error) {
	s := e.statement(by, what)
	return s.ID, e.index.Say(&s)
}

func (e *indexed) statement(by tearline.PartyID, what tearline.Predicate) tearline.Statement {
	e.said++
	return tearline.Statement{ID: tearline.StatementID("s" + strconv.Itoa(e.said)), By: by, At: e.now, Says: what}
}

// sayBase tells the index what the holder says and words rest on, too.
func (e *indexed) sayBase(what tearline.Predicate) (tearline.StatementID, error) {
	s := e.statement(holder, what)
	e.base, e.facts = append(e.base, s), nil
	clear(e.given)
	return s.ID, e.index.Say(&s)
}

func (e *indexed) organisations(w *model.World) error {
	home := &tearline.PartyRecord{Party: holder, Nations: []tearline.PartyID{tearline.PartyID(e.book.countries[model.Home])}}
	_, err := e.sayBase(home)
	for org := range uint16(model.Orgs) {
		_, fault := e.sayBase(e.book.record(org, w.CoalitionsOf(model.OrgCountry(org))))
		err = errors.Join(err, fault)
		for _, a := range e.book.agreements(org) {
			_, fault := e.sayBase(a)
			err = errors.Join(err, fault)
		}
	}
	return err
}

func (e *indexed) file() error {
	owners, marks := make([]tearline.PartyID, len(e.labels)), make([]string, len(e.labels))
	for i := range e.labels {
		owners[i], marks[i] = e.book.originator(&e.labels[i]), e.book.mark(&e.labels[i])
	}
	ids := make([]tearline.PortionID, e.names.perReport)
	for i := range ids {
		ids[i] = e.names.portion(uint32(i))
	}
	for first := uint32(0); first < e.names.n; first += e.names.perReport {
		last := min(first+e.names.perReport, e.names.n)
		v := &tearline.Filing{
			Report: e.names.report(first / e.names.perReport), Originator: holder, Policy: "us", Date: "2026-01-01",
			Portions: make([]tearline.FiledPortion, last-first),
		}
		for i, label := range e.label[first:last] {
			v.Portions[i] = tearline.FiledPortion{ID: ids[i], Originator: owners[label], Marking: marks[label]}
		}
		s := tearline.Statement{ID: tearline.StatementID(v.Report), By: holder, At: e.now, Says: v}
		if err := e.index.Say(&s); err != nil {
			return err
		}
	}
	return nil
}

// listed reports whether a label's release list does not keep an organisation
// out.
func (e *indexed) listed(label uint16, org uint16) bool {
	l, country := &e.labels[label], model.OrgCountry(org)
	return l.Release != model.RelTo || slices.Contains(l.Countries, country) ||
		slices.ContainsFunc(l.Coalitions, func(c uint8) bool { return e.member[c][country] })
}

// speak says all consents to an organisation that its lists do not keep from
// it, one statement for each originator, in place of those said before.
func (e *indexed) speak(org uint16) error {
	c := &e.consents[org]
	var err error
	for id := range c.spoken {
		_, fault := e.say(e.owner(c.spoken[id][0]), &tearline.Revocation{Of: id})
		err = errors.Join(err, fault)
	}
	c.spoken = make(map[tearline.StatementID][]uint32)
	byOwner := make(map[tearline.PartyID][]uint32)
	var owners []tearline.PartyID
	for _, x := range c.portions {
		if !e.listed(e.label[x], org) {
			continue
		}
		o := e.owner(x)
		if byOwner[o] == nil {
			owners = append(owners, o)
		}
		byOwner[o] = append(byOwner[o], x)
	}
	for _, o := range owners {
		err = errors.Join(err, e.consent(o, org, byOwner[o]))
	}
	return err
}

func (e *indexed) owner(portion uint32) tearline.PartyID {
	return e.book.originator(&e.labels[e.label[portion]])
}

func (e *indexed) consent(by tearline.PartyID, org uint16, portions []uint32) error {
	refs := make([]tearline.PortionRef, len(portions))
	for i, x := range portions {
		refs[i] = e.names.ref(x)
	}
	id, err := e.say(by, &tearline.Consent{Granted: true, Recipient: e.book.party(org), Portions: refs})
	e.consents[org].spoken[id] = portions
	return err
}

// request asks for a party of the model: a person in an organisation.
func (e *indexed) request(party uint32) release.Request {
	p := &e.parties[party]
	return release.Request{
		Holder: holder, Recipient: e.book.party(p.Org), At: e.now, Mode: tearline.Document,
		Person: &release.Person{Clearance: levelNames[p.Level], ReadIns: mapped(p.Compartments, system)},
	}
}

func (e *indexed) view(party uint32) (*classes.View, error) {
	if v := e.views[party]; v != nil && v.Fresh() {
		return v, nil
	}
	v, err := e.index.View(e.request(party))
	if err == nil {
		e.views[party] = v
	}
	return v, err
}

// Decide implements engine. By what the originator's say is satisfied is told
// in Tearline's own codes, for which the model has no words but these.
func (e *indexed) Decide(party, portion uint32) model.Verdict {
	v := e.views[party]
	if v == nil || !v.Fresh() {
		var err error
		if v, err = e.view(party); err != nil {
			return model.Verdict{}
		}
	}
	return e.inModel(v.Verdict(portion).Codes)
}

func (e *indexed) inModel(c classes.Codes) model.Verdict {
	r := model.Uncontrolled
	switch {
	case c&classes.OriginatorRefers != 0:
		r = model.NeedsConsent
	case c&(classes.OriginatorByConsent|classes.OriginatorByStandingConsent) != 0:
		r = model.Consented
	}
	if c&classes.PersonBelowLevel != 0 {
		r |= model.BelowLevel
	}
	if c&classes.PersonLacksReadIn != 0 {
		r |= model.LacksCompartment
	}
	if c&classes.MarkingDenies != 0 {
		r |= model.NotHome
	}
	if c&classes.MarkingRefers != 0 {
		r |= model.NotListed
	}
	return model.Of(r)
}

// Explain implements engine: the decision point decides anew, and says why.
func (e *indexed) Explain(dst []byte, party, portion uint32) []byte {
	label, q := e.label[portion], e.request(party)
	f, err := e.factsOf(label, e.parties[party].Org, portion)
	if err != nil {
		return dst
	}
	d, err := release.Decide(f, e.names.report(uint32(label)), q)
	if err != nil {
		return dst
	}
	v, _ := d.Verdict("p0")
	dst = append(append(dst, v.Outcome.String()...), '\n')
	for i := range v.Reasons {
		r := &v.Reasons[i]
		dst = fmt.Appendf(dst, "%s: %s [%s]\n", r.Rule, r.Text, r.Cites)
		if len(r.LiftedBy) > 0 {
			dst = append(append(append(dst, "  lifted by "...), strings.Join(r.LiftedBy, ", ")...), '\n')
		}
	}
	return dst
}

// factsOf returns facts with a portion like the one asked for: of its label and,
// if so, with its originator's consent.
func (e *indexed) factsOf(label, org uint16, portion uint32) (*release.Facts, error) {
	_, found := slices.BinarySearch(e.consents[org].portions, portion)
	if found = found && e.listed(label, org); !found {
		return e.everyLabel()
	}
	at := [2]uint16{label, org}
	if f := e.given[at]; f != nil {
		return f, nil
	}
	l := &e.labels[label]
	statements := slices.DeleteFunc(slices.Clone(e.base), func(s tearline.Statement) bool { return !about(&s, holder, e.book.originator(l), e.book.party(org)) })
	statements = append(statements, e.specimen(label), e.statement(e.book.originator(l), &tearline.Consent{
		Granted: true, Recipient: e.book.party(org), Portions: []tearline.PortionRef{{Report: e.names.report(uint32(label)), Portion: "p0"}},
	}))
	f, err := release.NewFacts(statements)
	e.given[at] = f
	return f, err
}

// about reports whether a statement on parties is about some of these.
func about(s *tearline.Statement, parties ...tearline.PartyID) bool {
	switch v := s.Says.(type) {
	case *tearline.PartyRecord:
		return slices.Contains(parties, v.Party)
	case *tearline.Agreement:
		return slices.Contains(parties, v.Parties[1])
	}
	return true
}

// specimen files a portion of a label.
func (e *indexed) specimen(label uint16) tearline.Statement {
	l := &e.labels[label]
	return e.statement(holder, &tearline.Filing{
		Report: e.names.report(uint32(label)), Originator: holder, Policy: "us", Date: "2026-01-01",
		Portions: []tearline.FiledPortion{{ID: "p0", Originator: e.book.originator(l), Marking: e.book.mark(l)}},
	})
}

func (e *indexed) everyLabel() (_ *release.Facts, err error) {
	if e.facts == nil {
		statements := slices.Clone(e.base)
		for label := range e.labels {
			statements = append(statements, e.specimen(uint16(label)))
		}
		e.facts, err = release.NewFacts(statements)
	}
	return e.facts, err
}

// Count implements engine.
func (e *indexed) Count(party uint32) (int, error) {
	v, err := e.view(party)
	if err != nil {
		return 0, err
	}
	return v.Count()
}

// Page implements engine.
func (e *indexed) Page(dst []uint32, party uint32) ([]uint32, error) {
	v, err := e.view(party)
	if err != nil {
		return dst, err
	}
	dst, _, err = v.Page(dst, classes.Cursor{}, model.PageSize)
	return dst, err
}

// later lets a second pass, so that what is said now is said after the rest.
func (e *indexed) later() { e.now = e.now.Add(time.Second) }

// SetConsent implements engine.
func (e *indexed) SetConsent(portion uint32, org uint16, given bool) error {
	e.later()
	c := &e.consents[org]
	at, found := slices.BinarySearch(c.portions, portion)
	if found == given {
		return nil
	}
	clear(e.given)
	if given {
		c.portions = slices.Insert(c.portions, at, portion)
		if !e.listed(e.label[portion], org) {
			return nil
		}
		return e.consent(e.owner(portion), org, []uint32{portion})
	}
	c.portions = slices.Delete(c.portions, at, at+1)
	for id, portions := range c.spoken {
		if !slices.Contains(portions, portion) {
			continue
		}
		delete(c.spoken, id)
		_, err := e.say(e.owner(portion), &tearline.Revocation{Of: id})
		if rest := slices.DeleteFunc(slices.Clone(portions), func(x uint32) bool { return x == portion }); len(rest) > 0 {
			err = errors.Join(err, e.consent(e.owner(portion), org, rest))
		}
		return err
	}
	return nil
}

// SetMember implements engine: all organisations of the country are recorded
// anew.
func (e *indexed) SetMember(coalition, country uint8, member bool) error {
	e.later()
	if e.member[coalition][country] == member {
		return nil
	}
	e.member[coalition][country] = member
	var list []uint8
	for c := range e.member {
		if e.member[c][country] {
			list = append(list, uint8(c))
		}
	}
	written := slices.ContainsFunc(e.labels, func(l model.Label) bool { return slices.Contains(l.Coalitions, coalition) })
	var err error
	for org := range uint16(model.Orgs) {
		if model.OrgCountry(org) != country {
			continue
		}
		_, fault := e.sayBase(e.book.record(org, list))
		err = errors.Join(err, fault)
		if written {
			err = errors.Join(err, e.speak(org))
		}
	}
	return err
}

// SetAgreement implements engine: a consent in advance.
func (e *indexed) SetAgreement(originator, recipient uint16, made bool) error {
	e.later()
	at := [2]uint16{originator, recipient}
	var err error
	for _, id := range e.made[at] {
		_, fault := e.sayBase(&tearline.Revocation{Of: id})
		err = errors.Join(err, fault)
	}
	delete(e.made, at)
	if !made {
		return err
	}
	for _, o := range e.book.names(originator) {
		v := agreement(o, tearline.OnwardAsk, e.book.party(recipient))
		v.Name += " for " + orgName(recipient)
		id, fault := e.sayBase(v)
		err = errors.Join(err, fault)
		e.made[at] = append(e.made[at], id)
	}
	return err
}

// Size implements engine.
func (e *indexed) Size() int64 { return e.index.Size() }
