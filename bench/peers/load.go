package main

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"time"

	"tearline"
	"tearline/bench/peers/model"
	"tearline/release"
	"tearline/release/classes"
)

// A maker makes statements such as a holder comes to have: three of five are
// filings of three portions, one portion in ten resting on others, one in five
// with tear-line wording, one report in ten with a date of declassification.
type maker struct {
	r     *rand.Rand //nolint:forbidigo // seeded
	book  *phrasebook
	now   time.Time
	marks []string
	names numbered // of what is filed so far
	said  []tearline.Statement
}

// Statements implements engine.
func (e *indexed) Statements(n int) (func() error, error) {
	w, err := model.Generate(model.Config{Seed: 3, Labels: 512, Parties: 1, Portions: 1})
	if err != nil {
		return nil, err
	}
	m := &maker{
		r: rand.New(rand.NewPCG(3, 3)), book: e.book, names: numbered{perReport: 3}, //nolint:forbidigo,gosec // the same every time is the point
		now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	for i := range w.Labels {
		m.marks = append(m.marks, e.book.mark(&w.Labels[i]))
	}
	m.say(holder, &tearline.PartyRecord{Party: holder, Nations: []tearline.PartyID{tearline.PartyID(e.book.countries[model.Home])}})
	for org := range uint16(model.Orgs) {
		m.say(holder, e.book.record(org, w.CoalitionsOf(model.OrgCountry(org))))
		for _, a := range e.book.agreements(org) {
			m.say(holder, a)
		}
	}
	for len(m.said) < n {
		m.anything()
	}
	m.said = m.said[:n]
	return func() error { return m.load(e.book.party(300)) }, nil
}

// load reads all statements into an empty index, and asks it something.
func (m *maker) load(to tearline.PartyID) error {
	ix := classes.New(holder, &m.names)
	for i := range m.said {
		if err := ix.Say(&m.said[i]); err != nil {
			return err
		}
	}
	v, err := ix.View(release.Request{Holder: holder, Recipient: to, At: m.now, Mode: tearline.Document})
	if err != nil {
		return err
	}
	_, err = v.Count()
	return err
}

// say adds a statement. Names are those of signed statements, but for filings.
func (m *maker) say(by tearline.PartyID, what tearline.Predicate) {
	m.now = m.now.Add(time.Second)
	h := sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(len(m.said))))
	id := tearline.StatementID(strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(h[:16])))
	if v, ok := what.(*tearline.Filing); ok {
		id = tearline.StatementID(v.Report)
	}
	m.said = append(m.said, tearline.Statement{ID: id, By: by, At: m.now, Says: what})
}

func (m *maker) under(n int) int { return m.r.IntN(n) } //nolint:forbidigo // seeded

func (m *maker) org() uint16 { return uint16(m.under(model.Orgs)) } //nolint:gosec // a few hundred

// portion names one that was filed.
func (m *maker) portion() tearline.PortionRef {
	return m.names.ref(uint32(m.under(int(m.names.n)))) //nolint:gosec // of what is filed
}

func (m *maker) anything() {
	if m.names.n == 0 {
		m.filing()
		return
	}
	switch x := m.under(1000); {
	case x < 600:
		m.filing()
	case x < 850:
		m.say(m.book.party(m.org()), &tearline.Consent{
			Granted: true, Recipient: m.book.party(m.org()), Portions: []tearline.PortionRef{m.portion(), m.portion()},
		})
	case x < 900:
		m.say(holder, &tearline.Disclosure{
			Recipient: m.book.party(m.org()), Mode: tearline.Document, Occurred: m.now,
			Items: []tearline.DisclosedItem{{Portion: m.portion(), Outcome: tearline.Release, Basis: tearline.ByConsent, Statements: []tearline.StatementID{m.any().ID}}},
		})
	case x < 930:
		m.say(m.book.party(m.org()), &tearline.Declassification{Portions: []tearline.PortionRef{m.portion()}, Because: "the reason has passed", Authority: "the head"})
	case x < 950:
		s := m.any()
		m.say(s.By, &tearline.Revocation{Of: s.ID})
	case x < 955:
		m.say(holder, &tearline.Embargo{Report: m.portion().Report, Term: tearline.Term{Until: m.now.Add(time.Hour)}})
	case x < 958:
		m.say(m.book.party(m.org()), &tearline.Exclusion{Party: m.book.party(m.org())})
	case x < 960:
		m.say(m.book.party(m.org()), &tearline.Tie{Party: m.book.party(m.org()), To: m.book.party(m.org())})
	default:
		m.say(holder, &tearline.Request{Originator: m.book.party(m.org()), Recipient: m.book.party(m.org()), Portions: []tearline.PortionRef{m.portion()}, Mode: tearline.Document})
	}
}

// any is one of the statements, not of those on parties.
func (m *maker) any() *tearline.Statement {
	const first = 1 + 2*model.Orgs
	return &m.said[min(len(m.said)-1, first+m.under(len(m.said)))]
}

func (m *maker) filing() {
	v := &tearline.Filing{
		Report: m.names.report(m.names.n / m.names.perReport), Originator: m.book.party(m.org()), Policy: "us", Date: "2026-01-01",
		Portions: make([]tearline.FiledPortion, m.names.perReport),
	}
	if m.under(10) == 0 {
		v.DeclassifyOn = "2051-01-01"
	}
	for i := range v.Portions {
		p := &v.Portions[i]
		p.ID, p.Originator, p.Marking = m.names.portion(uint32(i)), m.book.party(m.org()), m.marks[m.under(len(m.marks))]
		if m.under(10) == 0 && m.names.n > 0 {
			p.Sources = []tearline.PortionRef{m.portion(), m.portion()}
		}
		if m.under(5) == 0 {
			p.Tear = m.marks[m.under(len(m.marks))]
		}
	}
	m.names.n += m.names.perReport
	m.say(holder, v)
}
