package ledger

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"tearline"
)

// checkStatement finds everything in a statement that must not be signed and
// is not accepted from others. The JSON Schemas in docs/format say the same.
func checkStatement(s *tearline.Statement) error {
	if s.Says == nil || reflect.ValueOf(s.Says).IsNil() {
		return errors.New("statement says nothing")
	}
	var c checker
	c.party("by", s.By)
	c.time("at", s.At)
	if !s.Recorded.IsZero() {
		c.time("recorded", s.Recorded)
		if !s.Recorded.After(s.At) {
			c.fault("recorded %s: want it later than what was said at %s, or none", s.Recorded.Format(timeFormat), s.At.Format(timeFormat))
		}
	}
	for _, x := range s.Subjects {
		switch {
		case x.Name == "" || len(x.Name) > MaxSubjectName || !plain(x.Name):
			c.fault("subject %.80q: want 1 to %d printable ASCII characters without quotation mark and backslash", x.Name, MaxSubjectName)
		case x.Name == saysSubject:
			c.fault("subject %q: the name is reserved", x.Name)
		}
	}
	c.predicate(s.Says)
	if len(c.errs) > 0 {
		return fmt.Errorf("%s: %w", s.Kind(), errors.Join(c.errs...))
	}
	return nil
}

// withLists returns p with every list that is always written there, if empty:
// JSON would have null. It copies what it changes.
func withLists(p tearline.Predicate) tearline.Predicate {
	switch p := p.(type) {
	case *tearline.Filing:
		q := *p
		q.Portions = orEmpty(p.Portions)
		return &q
	case *tearline.Agreement:
		q := *p
		q.Standing = slices.Clone(p.Standing)
		for i := range q.Standing {
			q.Standing[i].To = orEmpty(q.Standing[i].To)
		}
		q.Equal = slices.Clone(p.Equal)
		for i := range q.Equal {
			q.Equal[i] = orEmpty(q.Equal[i])
		}
		return &q
	case *tearline.Delegation:
		q := *p
		q.Powers = orEmpty(p.Powers)
		return &q
	case *tearline.Request:
		q := *p
		q.Portions = orEmpty(p.Portions)
		return &q
	case *tearline.Consent:
		q := *p
		q.Portions = orEmpty(p.Portions)
		return &q
	case *tearline.Declassification:
		q := *p
		q.Portions = orEmpty(p.Portions)
		return &q
	case *tearline.Discretion:
		q := *p
		q.Portions, q.Modes = orEmpty(p.Portions), orEmpty(p.Modes)
		return &q
	case *tearline.Disclosure:
		q := *p
		q.Items = orEmpty(p.Items)
		return &q
	case *tearline.Sighting:
		q := *p
		q.Matches = orEmpty(p.Matches)
		return &q
	}
	return leakedWithLists(p)
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// A checker collects the faults of one statement. Its methods name the member
// at fault as it stands in JSON.
type checker struct {
	errs []error
}

func (c *checker) fault(format string, args ...any) {
	if len(c.errs) < maxFaults {
		c.errs = append(c.errs, fmt.Errorf(format, args...))
	}
}

// wrap keeps a fault that another function found.
func (c *checker) wrap(member string, err error) {
	if err != nil {
		c.fault("%s: %w", member, err)
	}
}

func (c *checker) party(member string, ids ...tearline.PartyID) {
	for _, id := range ids {
		_, err := tearline.ParsePartyID(string(id))
		c.wrap(member, err)
	}
}

func (c *checker) report(id tearline.ReportID) {
	_, err := tearline.ParseReportID(string(id))
	c.wrap("report", err)
}

func (c *checker) portions(member string, refs ...tearline.PortionRef) {
	for _, r := range refs {
		again, err := tearline.ParsePortionRef(r.String())
		if err == nil && again != r {
			err = fmt.Errorf("portion %q: slash in the portion's name", r.String())
		}
		c.wrap(member, err)
	}
}

func (c *checker) statements(member string, ids ...tearline.StatementID) {
	for _, id := range ids {
		if b, err := idEncoding.DecodeString(string(id)); err != nil || len(id) != 26 || len(b) != 16 {
			c.fault("%s: statement %.40q: want 26 characters a-z, 2-7", member, id)
		}
	}
}

// time demands a time, in UTC and with a year that RFC 3339 can write.
func (c *checker) time(member string, t time.Time) {
	if t.IsZero() {
		c.fault("%s: no time", member)
		return
	}
	if _, offset := t.Zone(); offset != 0 || t.Year() < 0 || t.Year() > 9999 {
		c.fault("%s: time %s: want UTC, years 0 to 9999", member, t.Format(timeFormat))
	}
}

func (c *checker) term(m tearline.Term) {
	if !m.From.IsZero() {
		c.time("from", m.From)
	}
	if !m.Until.IsZero() {
		c.time("until", m.Until)
	}
}

func (c *checker) some(member, text string) {
	if text == "" {
		c.fault("%s: empty", member)
	}
}

func (c *checker) modes(member string, modes ...tearline.Mode) {
	for _, m := range modes {
		switch m {
		case tearline.Document, tearline.Visual, tearline.Oral:
		default:
			c.fault("%s: %.40q: want document, visual or oral", member, m)
		}
	}
}

func (c *checker) predicate(p tearline.Predicate) {
	switch p := p.(type) {
	case *tearline.Filing:
		c.filing(p)
	case *tearline.PartyRecord:
		c.partyRecord(p)
	case *tearline.Agreement:
		c.agreement(p)
	case *tearline.Delegation:
		c.delegation(p)
	case *tearline.Warrant:
		c.warrant(p)
	case *tearline.Exclusion:
		c.party("party", p.Party)
		c.degree(p.Degree)
		c.term(p.Term)
	case *tearline.Tie:
		c.party("party", p.Party)
		c.party("to", p.To)
		c.degree(p.Degree)
		c.term(p.Term)
	case *tearline.Embargo:
		c.report(p.Report)
		c.term(p.Term)
	case *tearline.Request:
		c.request(p)
	case *tearline.Consent:
		c.consent(p)
	case *tearline.Declassification:
		c.portions("portions", p.Portions...)
		c.term(p.Term)
	case *tearline.Discretion:
		c.discretion(p)
	default:
		c.passing(p)
	}
}

// passing checks what is said when and after content was passed on.
func (c *checker) passing(p tearline.Predicate) {
	switch p := p.(type) {
	case *tearline.Disclosure:
		c.disclosure(p)
	case *tearline.Receipt:
		c.some("copy", string(p.Copy))
	case *tearline.Revocation:
		c.statements("of", p.Of)
	case *tearline.Recall:
		c.statements("of", p.Of)
		c.party("recipient", p.Recipient)
		c.time("disclosed", p.Disclosed)
	case *tearline.Confirmation:
		c.confirmation(p)
	case *tearline.Sighting:
		c.time("seen", p.Seen)
		c.portions("matches", p.Matches...)
	default:
		c.leaked(p)
	}
}

func (c *checker) discretion(p *tearline.Discretion) {
	c.portions("portions", p.Portions...)
	c.party("recipient", p.Recipient)
	c.modes("modes", p.Modes...)
	if !p.TellAfter.IsZero() {
		c.time("tell_after", p.TellAfter)
	}
	c.term(p.Term)
}

func (c *checker) filing(p *tearline.Filing) {
	c.report(p.Report)
	c.party("originator", p.Originator)
	c.some("policy", p.Policy)
	c.date("date", p.Date)
	if p.DeclassifyOn != "" {
		c.date("declassify_on", p.DeclassifyOn)
	}
	for i := range p.Portions {
		x := &p.Portions[i]
		_, err := tearline.ParsePortionID(string(x.ID))
		c.wrap("portions: id", err)
		c.party("portions: originator", x.Originator)
		c.portions("portions: sources", x.Sources...)
	}
}

func (c *checker) date(member, text string) {
	if t, err := time.Parse(time.DateOnly, text); err != nil || t.Format(time.DateOnly) != text {
		c.fault("%s: %.40q: want YYYY-MM-DD", member, text)
	}
}

func (c *checker) degree(n int) {
	if n < 0 || n > tearline.MaxDegree {
		c.fault("degree: %d: want 1 to %d, or none", n, tearline.MaxDegree)
	}
}

func (c *checker) delegation(p *tearline.Delegation) {
	c.some("to", p.To)
	for _, power := range p.Powers {
		switch power {
		case tearline.PowerDeclassify, tearline.PowerDowngrade, tearline.PowerConsent, tearline.PowerDisclose, tearline.PowerSearch, tearline.PowerAttribute:
		default:
			c.fault("powers: %.40q: want declassify, downgrade, consent, disclose, search or attribute", power)
		}
	}
	c.term(p.Term)
}

func (c *checker) warrant(p *tearline.Warrant) {
	c.some("investigator", p.Investigator)
	c.some("authority", p.Authority)
	c.some("because", p.Because)
	c.some("policy", p.Policy)
	c.some("up_to", p.UpTo)
	for _, name := range p.Compartments {
		c.some("compartments", name)
	}
	c.party("originators", p.Originators...)
	c.term(tearline.Term{From: p.From})
	c.time("until", p.Until)
}

func (c *checker) confirmation(p *tearline.Confirmation) {
	c.statements("recall", p.Recall)
	switch p.Done {
	case tearline.Destroyed, tearline.Returned, tearline.Sequestered, tearline.CannotComply:
	default:
		c.fault("done: %.40q: want destroyed, returned, sequestered or cannot-comply", p.Done)
	}
}

func (c *checker) partyRecord(p *tearline.PartyRecord) {
	c.party("party", p.Party)
	c.party("nations", p.Nations...)
	c.party("member_of", p.MemberOf...)
	c.key("statement_key", p.StatementKey)
	c.key("log_key", p.LogKey)
	c.term(p.Term)
}

// key demands a verifier key or nothing.
func (c *checker) key(member, verifier string) {
	if verifier == "" {
		return
	}
	if err := checkVerifier(verifier); err != nil {
		c.fault("%s: %w", member, err)
	}
}

func (c *checker) agreement(p *tearline.Agreement) {
	c.some("name", p.Name)
	c.party("parties", p.Parties[:]...)
	switch p.Onward {
	case "", tearline.OnwardFree, tearline.OnwardAsk, tearline.OnwardNever:
	default:
		c.fault("onward: %.40q: want free, ask or never", p.Onward)
	}
	for i := range p.Standing {
		c.party("standing: by", p.Standing[i].By)
		c.party("standing: to", p.Standing[i].To...)
	}
	c.term(p.Term)
}

func (c *checker) request(p *tearline.Request) {
	c.party("originator", p.Originator)
	c.party("recipient", p.Recipient)
	c.portions("portions", p.Portions...)
	c.modes("mode", p.Mode)
}

func (c *checker) consent(p *tearline.Consent) {
	if p.Request != "" {
		c.statements("request", p.Request)
	}
	c.party("recipient", p.Recipient)
	c.portions("portions", p.Portions...)
	c.term(p.Term)
}

func (c *checker) disclosure(p *tearline.Disclosure) {
	if p.Report != "" {
		c.report(p.Report)
	}
	c.party("recipient", p.Recipient)
	c.modes("mode", p.Mode)
	for i := range p.Items {
		c.item(&p.Items[i])
	}
	c.time("occurred", p.Occurred)
	if p.ToldTo != "" {
		c.party("told_to", p.ToldTo)
	}
	if p.Of != "" {
		c.statements("of", p.Of)
	}
}

func (c *checker) item(x *tearline.DisclosedItem) {
	c.portions("items: portion", x.Portion)
	if x.Outcome > tearline.Release {
		c.fault("items: outcome %d: want deny, refer or release", x.Outcome)
	}
	switch x.Basis {
	case tearline.ByNothing, tearline.ByMarking, tearline.ByAgreement, tearline.ByDeclassification,
		tearline.ByStandingConsent, tearline.ByConsent, tearline.ByDiscretion:
	default:
		c.fault("items: basis %.40q is not known", x.Basis)
	}
	c.statements("items: statements", x.Statements...)
}
