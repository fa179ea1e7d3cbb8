package release

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"time"

	"tearline"
	"tearline/lineage"
)

// Facts are all that a decision rests on: the statements that one holder has
// of its own and of others, indexed. They are immutable and safe for
// concurrent use.
type Facts struct {
	holder   tearline.PartyID
	reports  map[tearline.ReportID]*report
	portions []portion // by number; tear-line wordings are portions here
	number   map[tearline.PortionRef]int32
	graph    lineage.Graph[int32]

	parties    map[tearline.PartyID][]said[*tearline.PartyRecord]
	agreements map[tearline.PartyID][]*agreement // with the holder, by the other party
	standing   map[tearline.PartyID][]standing   // by whose consent it is
	exclusions map[pair][]said[*tearline.Exclusion]
	ties       map[pair][]said[*tearline.Tie]
	// consents and discretions are found by what they name and for whom.
	consents    map[grant][]*consent
	discretions map[grant][]said[*tearline.Discretion]
	// uses are when the holder said the disclosures that rest on a consent, in
	// order.
	uses map[tearline.StatementID][]time.Time
}

// A pair is who says something, and of which party.
type pair struct{ by, of tearline.PartyID }

// A grant is a portion and to whom it may go.
type grant struct {
	portion int32
	to      tearline.PartyID
}

// said is something that was said, with the time for which it holds. Lists of
// such are kept in the order in which they were said.
type said[P any] struct {
	what    P
	id      tearline.StatementID
	by      tearline.PartyID
	at      time.Time
	term    tearline.Term
	revoked time.Time // zero if it never was
}

// inForce reports whether it holds at t.
func (s *said[P]) inForce(t time.Time) bool {
	return s.term.Covers(s.at, t) && !s.takenBack(t)
}

// takenBack reports whether its sayer had taken it back by t.
func (s *said[P]) takenBack(t time.Time) bool {
	return !s.revoked.IsZero() && !t.Before(s.revoked)
}

// A consent is one that was granted, with the portions known to the facts.
type consent struct {
	said[*tearline.Consent]
	portions []int32 // sorted
}

// names reports whether the consent names all of the portions.
func (c *consent) names(portions ...int32) bool {
	for _, p := range portions {
		if _, ok := slices.BinarySearch(c.portions, p); !ok {
			return false
		}
	}
	return true
}

// NewFacts reads the statements of one holder's world: the holder's own, and
// those of others that it has received, verified before. Their order does not
// matter, and one given twice counts once. Statements that no decision rests
// on are passed over.
//
// The error is [tearline.Faults], with all that is wrong: statements without
// an ID, a time or a predicate; filings of a second holder; reports or
// portions filed twice; marks that their policy does not read; sources that
// no filing has; portions that derive from themselves.
func NewFacts(statements []tearline.Statement) (*Facts, error) {
	f := &Facts{
		reports:     make(map[tearline.ReportID]*report),
		number:      make(map[tearline.PortionRef]int32),
		parties:     make(map[tearline.PartyID][]said[*tearline.PartyRecord]),
		agreements:  make(map[tearline.PartyID][]*agreement),
		standing:    make(map[tearline.PartyID][]standing),
		exclusions:  make(map[pair][]said[*tearline.Exclusion]),
		ties:        make(map[pair][]said[*tearline.Tie]),
		consents:    make(map[grant][]*consent),
		discretions: make(map[grant][]said[*tearline.Discretion]),
		uses:        make(map[tearline.StatementID][]time.Time),
	}
	r := reader{facts: f, marks: make(map[markKey]*mark)}
	ordered := r.order(statements)
	r.revocations(ordered)
	r.filings(ordered)
	r.derivations()
	r.authorities = r.delegations(f.holder, ordered)
	for _, s := range ordered {
		r.read(s)
	}
	f.sortLowered()
	r.parties()
	r.agreements()
	if err := r.faults.Err(); err != nil {
		return nil, err
	}
	return f, nil
}

// A reader fills facts from statements.
type reader struct {
	facts  *Facts
	faults tearline.Faults
	marks  map[markKey]*mark
	// revoked is when a party took a statement back; it counts only if the
	// statement was that party's.
	revoked map[revocation]time.Time
	agreed  []said[*tearline.Agreement]
	records []said[*tearline.PartyRecord]
	// authorities are those of the holder. Who may speak for another party is
	// that party's own business: its signed word binds it.
	authorities *Authorities
}

// A revocation is who takes back which statement.
type revocation struct {
	by tearline.PartyID
	of tearline.StatementID
}

func (r *reader) fault(rule Rule, hint, format string, args ...any) {
	r.faults = append(r.faults, tearline.Fault{Text: fmt.Sprintf(format, args...), Rule: string(rule), Hint: hint})
}

// order returns the statements in the order in which they were said, so that
// nothing depends on the order in which they were given.
func (r *reader) order(statements []tearline.Statement) []*tearline.Statement {
	out := make([]*tearline.Statement, 0, len(statements))
	byID := make(map[tearline.StatementID]*tearline.Statement, len(statements))
	for i := range statements {
		s := &statements[i]
		if s.ID == "" || s.At.IsZero() || isNil(s.Says) {
			r.fault("", "sign it or open it first", "statement %d of %s (%q): it has no ID, no time or no predicate", i, s.By, s.ID)
			continue
		}
		if known, ok := byID[s.ID]; ok {
			if !s.At.Equal(known.At) || s.By != known.By || !reflect.DeepEqual(s.Says, known.Says) {
				r.fault("", "", "statement %s: two different statements bear the name", s.ID)
			}
			continue
		}
		byID[s.ID] = s
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b *tearline.Statement) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// isNil reports whether p says nothing, be it by a nil pointer.
func isNil(p tearline.Predicate) bool {
	return p == nil || reflect.ValueOf(p).IsNil()
}

func (r *reader) revocations(statements []*tearline.Statement) {
	r.revoked = make(map[revocation]time.Time)
	for _, s := range statements {
		if v, ok := s.Says.(*tearline.Revocation); ok {
			key := revocation{by: s.By, of: v.Of}
			if _, again := r.revoked[key]; !again { // the first one ended it
				r.revoked[key] = s.At
			}
		}
	}
}

// say dates what a statement says.
func say[P any](r *reader, s *tearline.Statement, what P, term tearline.Term) said[P] {
	return said[P]{
		what: what, id: s.ID, by: s.By, at: s.At, term: term,
		revoked: r.revoked[revocation{by: s.By, of: s.ID}],
	}
}

// read indexes one statement other than a filing or revocation.
func (r *reader) read(s *tearline.Statement) {
	f := r.facts
	switch v := s.Says.(type) {
	case *tearline.PartyRecord:
		r.records = append(r.records, say(r, s, v, v.Term))
	case *tearline.Agreement:
		r.agreed = append(r.agreed, say(r, s, v, v.Term))
	case *tearline.Exclusion:
		key := pair{by: s.By, of: v.Party}
		f.exclusions[key] = append(f.exclusions[key], say(r, s, v, v.Term))
	case *tearline.Tie:
		key := pair{by: s.By, of: v.Party}
		f.ties[key] = append(f.ties[key], say(r, s, v, v.Term))
	case *tearline.Embargo:
		if held, ok := f.reports[v.Report]; ok && f.hasSay(s.By, held) {
			held.embargoes = append(held.embargoes, say(r, s, v, v.Term))
		}
	case *tearline.Consent:
		r.consent(s, v)
	case *tearline.Declassification:
		r.declassification(s, v)
	case *tearline.Discretion:
		if s.By != f.holder {
			return
		}
		for _, p := range r.within(s, tearline.PowerDisclose, v.Authority, v.Second, r.numbers(v.Portions)) {
			key := grant{portion: p, to: v.Recipient}
			f.discretions[key] = append(f.discretions[key], say(r, s, v, v.Term))
		}
	case *tearline.Disclosure:
		r.disclosure(s, v)
	}
}

// disclosure counts the use of what it rests on.
func (r *reader) disclosure(s *tearline.Statement, v *tearline.Disclosure) {
	if s.By != r.facts.holder || v.ToldTo != "" {
		return
	}
	seen := make(map[tearline.StatementID]bool)
	for i := range v.Items {
		for _, id := range v.Items[i].Statements {
			if !seen[id] {
				seen[id] = true
				r.facts.uses[id] = append(r.facts.uses[id], s.At)
			}
		}
	}
}

// within returns those of the portions over which a statement's authority had
// the power that it used. Statements of others are not held against it.
func (r *reader) within(s *tearline.Statement, power tearline.Power, authority, second string, portions []int32) []int32 {
	if s.By != r.facts.holder {
		return portions
	}
	return slices.DeleteFunc(portions, func(n int32) bool {
		k := r.facts.portions[n].mark
		return k != nil && r.authorities.Check(Exercise{Power: power, Authority: authority, Second: second, Over: k.Marking, At: s.At}) != nil
	})
}

// parties keeps the party records of one view: the holder's own if it has
// said any, else that of the one party that has. Were the views mixed, anybody
// could join a coalition by saying so.
func (r *reader) parties() {
	view := r.facts.holder
	if len(r.records) > 0 && !slices.ContainsFunc(r.records, func(s said[*tearline.PartyRecord]) bool { return s.by == view }) {
		view = r.records[0].by
		for _, s := range r.records {
			if s.by != view {
				r.fault(RuleMarking, "read those of the holder, or of one party that it trusts in this", "party records of both %s and %s", view, s.by)
				return
			}
		}
	}
	for _, s := range r.records {
		if s.by == view {
			r.facts.parties[s.what.Party] = append(r.facts.parties[s.what.Party], s)
		}
	}
}

// hasSay reports whether a party may put a report under embargo: the holder,
// or an originator of the report or of anything in it.
func (f *Facts) hasSay(by tearline.PartyID, held *report) bool {
	return by == f.holder || slices.Contains(held.originators, by)
}

// numbers returns the portions that the facts know, sorted, each once.
func (r *reader) numbers(refs []tearline.PortionRef) []int32 {
	out := make([]int32, 0, len(refs))
	for _, ref := range refs {
		if i, ok := r.facts.number[ref]; ok {
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (r *reader) consent(s *tearline.Statement, v *tearline.Consent) {
	if !v.Granted {
		return // a refusal consents to nothing
	}
	named := v.Portions
	if slices.Contains(v.Conditions, tearline.TearLineOnly) {
		for _, ref := range v.Portions {
			named = append(slices.Clip(named), tearline.PortionRef{Report: ref.Report, Portion: tearline.TearOf(ref.Portion)})
		}
	}
	c := &consent{said: say(r, s, v, v.Term)}
	c.portions = r.within(s, tearline.PowerConsent, v.Authority, v.Second, r.numbers(named))
	for _, p := range c.portions {
		key := grant{portion: p, to: v.Recipient}
		r.facts.consents[key] = append(r.facts.consents[key], c)
	}
}

// declassification notes the new marking of each portion that is the sayer's
// own. A mark that the policy does not read lowers nothing: what a partner
// writes must not stop the holder's decisions.
func (r *reader) declassification(s *tearline.Statement, v *tearline.Declassification) {
	for _, i := range r.numbers(v.Portions) {
		p := &r.facts.portions[i]
		if p.originator != s.By {
			continue
		}
		to := r.lowest(p.report.policy)
		if v.To != "" {
			var err error
			if to, err = r.mark(p.report.policy, v.To); err != nil {
				continue
			}
		}
		power := tearline.PowerDowngrade
		if to.open {
			power = tearline.PowerDeclassify
		}
		if len(r.within(s, power, v.Authority, v.Second, []int32{i})) == 0 {
			continue
		}
		p.lowered = append(p.lowered, say(r, s, to, v.Term))
	}
}

// sortLowered puts automatic declassifications, which are read with their
// filings, where their dates say.
func (f *Facts) sortLowered() {
	for i := range f.portions {
		slices.SortStableFunc(f.portions[i].lowered, func(a, b said[*mark]) int {
			return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.id, b.id))
		})
	}
}

// discretion returns the newest discretion of the holder's that covers the
// portion for the request, "" if there is none.
func (f *Facts) discretion(ref tearline.PortionRef, q *Request) tearline.StatementID {
	i, ok := f.number[ref]
	if !ok || q.Holder != f.holder || !passing(q.Mode) {
		return ""
	}
	list := f.discretions[grant{portion: i, to: q.Recipient}]
	for j := len(list) - 1; j >= 0; j-- {
		d := &list[j]
		if d.inForce(q.At) && slices.Contains(d.what.Modes, q.Mode) && !SamePerson(d.what.Authority, q.Officer) && !SamePerson(d.what.Second, q.Officer) {
			return d.id
		}
	}
	return ""
}

// passing reports whether m is a way of passing something on.
func passing(m tearline.Mode) bool {
	switch m {
	case tearline.Document, tearline.Visual, tearline.Oral:
		return true
	}
	return false
}
