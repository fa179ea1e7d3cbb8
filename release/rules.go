package release

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"tearline"
	"tearline/marking"
)

// bases are the bases that rules give, from the weakest; a ground's strength
// is an index into them.
var bases = [...]tearline.Basis{
	byMarking:          tearline.ByMarking,
	byAgreement:        tearline.ByAgreement,
	byDeclassification: tearline.ByDeclassification,
	byStandingConsent:  tearline.ByStandingConsent,
	byConsent:          tearline.ByConsent,
}

type strength uint8

const (
	byMarking strength = iota
	byAgreement
	byDeclassification
	byStandingConsent
	byConsent
)

// A ground is what satisfies a rule for one portion of the lineage. The zero
// ground satisfies nothing.
type ground struct {
	holds     bool
	strength  strength
	statement tearline.StatementID // "" for a mark as filed
	agreement *agreement
	consent   *consent
}

// A link is one portion of the lineage of the portion decided.
type link struct {
	number  int32
	portion *portion
	mark    *mark // in force
	lowered *said[*mark]
}

// byMark is the ground that the link's mark in force gives.
func (l *link) byMark() ground {
	if l.lowered == nil {
		return ground{holds: true, strength: byMarking}
	}
	return ground{holds: true, strength: byDeclassification, statement: l.lowered.id}
}

// A share is what one originator has in the lineage of the portion decided.
type share struct {
	owner *owner
	links []link
	// consent is the originator's newest particular consent that is in force
	// for the request; unfit the newest that would be but for its conditions.
	consent, unfit *consent
}

// A matter is one portion being decided.
type matter struct {
	*asking
	self    link
	own     *share   // that of the portion's originator
	shares  []*share // by originator
	verdict Verdict
	denied  bool
	refer   bool
	basis   strength
}

// decide asks all six rules about one portion.
func (a *asking) decide(n int32) Verdict {
	m := a.matter(n)
	m.marking()
	m.clearance()
	for _, s := range m.shares {
		m.originator(s)
	}
	for _, s := range m.shares {
		m.thirdParty(s)
	}
	for _, s := range m.shares {
		m.exclusion(s)
	}
	m.conditions()
	v := &m.verdict
	switch {
	case m.denied, len(v.Reasons) == 0: // nothing goes for want of a reason against it
		v.Outcome, v.Ask = tearline.Deny, nil
	case m.refer:
		v.Outcome = tearline.Refer
		slices.Sort(v.Ask)
		v.Ask = slices.Compact(v.Ask)
	default:
		v.Outcome, v.Basis = tearline.Release, bases[m.basis]
		if m.self.lowered != nil { // under that mark it goes, whatever else it took
			v.Statements = append(v.Statements, m.self.lowered.id)
		}
		v.Statements = sorted(v.Statements)
		v.Conditions = sorted(v.Conditions)
		return *v
	}
	v.Statements, v.Conditions = nil, nil
	return *v
}

// matter gathers the lineage of a portion by originator.
func (a *asking) matter(n int32) *matter {
	m := &matter{asking: a, shares: a.shares[:0]}
	for _, i := range a.facts.graph.Closure(n) {
		p := &a.facts.portions[i]
		l := link{number: i, portion: p}
		l.mark, l.lowered = p.inForce(a.q.At)
		s := m.share(p.originator)
		s.links = append(s.links, l)
		if i == n {
			m.self, m.own = l, s
		}
	}
	slices.SortFunc(m.shares, func(x, y *share) int { return strings.Compare(string(x.owner.id), string(y.owner.id)) })
	for _, s := range m.shares {
		m.findConsent(s)
	}
	a.shares = m.shares
	m.verdict.Reasons = make([]Reason, 0, len(m.shares)+2)
	m.verdict.Portion, m.verdict.Marking = m.self.portion.ref.Portion, m.self.mark.Marking
	return m
}

// share returns the share of an originator, a new one if it has none yet.
func (m *matter) share(id tearline.PartyID) *share {
	for _, s := range m.shares {
		if s.owner.id == id {
			return s
		}
	}
	if n := len(m.shares); n < cap(m.shares) && m.shares[:n+1][n] != nil {
		m.shares = m.shares[:n+1]
		s := m.shares[n]
		*s = share{owner: m.owner(id), links: s.links[:0]}
		return s
	}
	s := &share{owner: m.owner(id)}
	m.shares = append(m.shares, s)
	return s
}

// findConsent finds the originator's particular consent for the portion: one
// that names the portion itself, or all of the originator's in its lineage.
func (m *matter) findConsent(s *share) {
	m.tryConsents(s, m.self.number)
	if s != m.own { // what names all of its portions names the first
		m.tryConsents(s, s.links[0].number)
	}
}

// tryConsents looks among the consents that name one portion. They are in the
// order in which they were said; the newest that fits is kept.
func (m *matter) tryConsents(s *share, n int32) {
	for _, c := range slices.Backward(m.facts.consents[grant{portion: n, to: m.q.Recipient}]) {
		if c.by != s.owner.id || !c.inForce(m.q.At) || !m.covers(c, s) {
			continue
		}
		if !m.fits(c) {
			s.unfit = later(s.unfit, c)
			continue
		}
		s.consent = later(s.consent, c)
		return
	}
}

// later returns the consent that was said later; either may be nil.
func later(a, b *consent) *consent {
	if a == nil || b != nil && newest(&b.said, &a.said) {
		return b
	}
	return a
}

// newest reports whether a was said after b. Of two said at the same instant
// the names decide, so that the order given does not.
func newest[P any](a, b *said[P]) bool {
	if a.at.Equal(b.at) {
		return a.id > b.id
	}
	return a.at.After(b.at)
}

// covers reports whether a consent of the share's originator is one for the
// portion decided.
func (m *matter) covers(c *consent, s *share) bool {
	if c.names(m.self.number) {
		return true
	}
	for i := range s.links {
		if !c.names(s.links[i].number) {
			return false
		}
	}
	return true
}

// fits reports whether a consent is one for the request: its conditions are
// met, and nobody consents for the holder to what he asks for himself.
func (m *matter) fits(c *consent) bool {
	return !m.ownApproval(c) && !slices.ContainsFunc(c.what.Conditions, func(x tearline.Condition) bool { return !m.meets(c, x) })
}

// ownApproval reports whether the officer who asks gave the consent, or gave it
// with another.
func (m *matter) ownApproval(c *consent) bool {
	return c.by == m.q.Holder && (SamePerson(c.what.Authority, m.q.Officer) || SamePerson(c.what.Second, m.q.Officer))
}

// meets reports whether a condition of a consent allows the request. Caveats in
// words, and how to write the copy, are no condition on whether.
func (m *matter) meets(c *consent, x tearline.Condition) bool {
	switch x {
	case tearline.OrallyOnly:
		return m.q.Mode == tearline.Oral
	case tearline.ViewOnly:
		return m.q.Mode == tearline.Visual || m.q.Mode == tearline.Oral
	case tearline.TearLineOnly:
		return m.self.portion.tear
	case tearline.WithoutAttribution:
		return true
	}
	switch kind, value := cutCondition(x); kind {
	case tearline.PurposePrefix:
		return value == m.q.Purpose
	case tearline.UnitPrefix:
		return value == m.q.Unit
	case tearline.PersonPrefix:
		return m.q.Person != nil && value == m.q.Person.Name
	case tearline.CopiesPrefix:
		most, err := strconv.Atoi(value)
		return err == nil && m.facts.used(c.id, m.q.At) < most
	}
	return true
}

// cutCondition parts a condition that demands something from what it demands;
// the kind is "" for every other.
func cutCondition(x tearline.Condition) (kind, value string) {
	for _, kind := range []string{tearline.PurposePrefix, tearline.UnitPrefix, tearline.PersonPrefix, tearline.CopiesPrefix} {
		if value, ok := strings.CutPrefix(string(x), kind); ok {
			return kind, value
		}
	}
	return "", ""
}

// used counts the disclosures said before t that rest on a consent.
func (f *Facts) used(id tearline.StatementID, t time.Time) int {
	n := 0
	for _, at := range f.uses[id] {
		if at.Before(t) {
			n++
		}
	}
	return n
}

// agreed is the ground that the originator has agreed, for one of its
// portions; the zero ground if it has not.
func (m *matter) agreed(s *share, l *link) ground {
	for _, c := range s.owner.standing {
		if upTo, ok := c.agreement.level(l.mark.policy, c.upTo); ok && l.mark.level.Rank <= upTo.Rank {
			return ground{holds: true, strength: byStandingConsent, statement: c.agreement.id, agreement: c.agreement}
		}
	}
	return s.particular()
}

// particular is the ground of the originator's particular consent.
func (s *share) particular() ground {
	if s.consent == nil {
		return ground{}
	}
	return ground{holds: true, strength: byConsent, statement: s.consent.id, consent: s.consent}
}

// rest notes a ground on which a rule was satisfied.
func (m *matter) rest(g ground) {
	m.basis = max(m.basis, g.strength)
	if g.statement != "" {
		m.verdict.Statements = append(m.verdict.Statements, g.statement)
	}
	if g.consent != nil {
		for _, c := range g.consent.what.Conditions {
			if !deciding(c) {
				m.verdict.Conditions = append(m.verdict.Conditions, c)
			}
		}
	}
}

// deciding reports whether a condition was settled by the decision itself.
func deciding(c tearline.Condition) bool {
	kind, _ := cutCondition(c)
	return kind != "" || c == tearline.OrallyOnly || c == tearline.ViewOnly || c == tearline.TearLineOnly
}

// give adds a reason and its outcome to the verdict.
func (m *matter) give(r Reason) {
	switch r.Outcome {
	case tearline.Deny:
		m.denied = true
	case tearline.Refer:
		m.refer = true
	case tearline.Release:
	}
	r.Statements = sorted(r.Statements)
	m.verdict.Reasons = append(m.verdict.Reasons, r)
}

// sorted returns the list sorted, each once, nil if it is empty.
func sorted[S ~string](list []S) []S {
	slices.Sort(list)
	return slices.Compact(list)
}

// marking: do the markings in force allow the recipient? CAPCO 2016 §H.8;
// ISM.ACES C.2.1.1, C.7.6, C.7.8; FIRST TLP 2.0.
func (m *matter) marking() {
	l, o := &m.self, m.own.owner
	r := Reason{Rule: RuleMarking, Outcome: tearline.Release, Statements: []tearline.StatementID{l.portion.report.filing.id}}
	if l.lowered != nil {
		r.Statements = append(r.Statements, l.lowered.id)
	}
	switch {
	case m.admits(&r):
		m.rest(l.byMark())
	case l.mark.noForeign:
		r.Outcome, r.LiftedBy = tearline.Deny, o.lifts.lowering
		m.sayNoForeign(&r)
	default:
		if g := m.agreed(m.own, l); g.holds {
			m.rest(g)
			r.Statements = append(r.Statements, g.statement)
			m.sayAgreed(&r, m.own, g)
			break
		}
		r.Outcome, r.LiftedBy = tearline.Refer, o.lifts.asking
		m.verdict.Ask = append(m.verdict.Ask, o.id)
		m.saySilent(&r)
	}
	m.give(r)
}

// admits reports whether the mark in force by itself lets the recipient have
// the portion, and says why.
func (m *matter) admits(r *Reason) bool {
	l, o := &m.self, m.own.owner
	code := m.named(l.mark)
	switch {
	case l.mark.open:
		m.sayOpen(r)
		return true
	case code != "":
		m.sayNamed(r, code)
		return true
	case !l.mark.listed && m.meant(l.mark, o):
		m.sayMeant(r)
		return true
	case l.mark.noForeign && m.ofNation(l.mark.policy):
		m.sayOwnNation(r)
		return true
	}
	return false
}

// meant reports whether a mark of the originator's without a release list
// means the recipient, too.
func (m *matter) meant(k *mark, o *owner) bool {
	switch k.audience {
	case marking.AudienceNation:
		return o.sameNation
	case marking.AudienceOriginator:
		return o.recipient
	case marking.AudienceCommunity:
		return o.recipient || o.sharedCoalition != ""
	case marking.AudienceEveryone:
		return true
	}
	return false
}

// ofNation reports whether the recipient is of the nation whose policy it is.
func (m *matter) ofNation(p *marking.Policy) bool {
	nation := tearline.PartyID(p.Nation())
	return nation != "" && slices.Contains(m.recipient.nations, nation)
}

// clearance: is the level within what was agreed with the recipient, and is
// the person cleared and read in? E.O. 13526 §4.1(a); ISM.ACES C.2.2, C.3.
func (m *matter) clearance() {
	if len(m.limits) > 0 {
		m.ceiling()
	}
	if m.q.Person != nil {
		m.person()
	}
}

// A reach is how far the agreements in force with the recipient go: the highest
// of their ceilings, and of those that reach the portion's level what keeps each
// of them from covering it.
type reach struct {
	highest    marking.Level
	known      bool
	covered    bool
	categories []string // compartments that no such agreement has, of the first that lacks some
	purposes   []string // that such agreements are for, if not for the request's
}

// ceiling compares the portion with what was agreed with the recipient: level,
// compartments and purpose.
func (m *matter) ceiling() {
	r := Reason{Rule: RuleClearance, Outcome: tearline.Deny}
	var to reach
	for _, g := range m.limits {
		r.Statements = append(r.Statements, g.id)
		m.extend(&to, g)
	}
	if m.self.mark.open || to.covered {
		r.Outcome = tearline.Release
	} else {
		r.LiftedBy = m.liftCeiling(&to)
	}
	m.sayCeiling(&r, &to)
	m.give(r)
}

// extend adds an agreement to the reach of those before it.
func (m *matter) extend(to *reach, g *agreement) {
	k := m.self.mark
	level, ok := g.level(k.policy, g.what.Ceiling)
	if !ok {
		return
	}
	if !to.known || level.Rank > to.highest.Rank {
		to.highest, to.known = level, true
	}
	if k.level.Rank > level.Rank {
		return
	}
	var lacking []string
	for _, c := range k.compartments {
		if len(g.what.Categories) > 0 && !slices.Contains(g.what.Categories, c) {
			lacking = append(lacking, c)
		}
	}
	switch serves := g.serves(m.q.Purpose); {
	case len(lacking) == 0 && serves:
		to.covered = true
	case len(lacking) > 0 && len(to.categories) == 0:
		to.categories = lacking
	case !serves:
		to.purposes = append(to.purposes, g.what.Purposes...)
	}
}

// person compares the person's clearance and read-ins with the marking.
func (m *matter) person() {
	k, p := m.self.mark, m.q.Person
	r := Reason{Rule: RuleClearance, Outcome: tearline.Release}
	cleared, ok := k.policy.Level(p.Clearance)
	if !ok {
		cleared = k.policy.Lowest().Level()
	}
	var missing []string
	for _, c := range k.compartments {
		if !slices.Contains(p.ReadIns, c) {
			missing = append(missing, c)
		}
	}
	if cleared.Rank < k.level.Rank || len(missing) > 0 {
		r.Outcome = tearline.Deny
	}
	m.sayPerson(&r, cleared, missing)
	m.give(r)
}

// foreign reports whether an originator has a say of its own in what goes from
// the holder to the recipient.
func (o *owner) foreign() bool { return !o.holder && !o.recipient }

// originator: has each originator other than the holder agreed? E.O. 13526
// §4.1(i); CAPCO 2016 §H.8 (ORCON); FIRST TLP 2.0.
func (m *matter) originator(s *share) {
	o := s.owner
	if !o.foreign() {
		return
	}
	r := Reason{Rule: RuleOriginator, Outcome: tearline.Release, Statements: make([]tearline.StatementID, 0, len(s.links)+1)}
	var strongest ground
	var lacking *link
	for i := range s.links {
		l := &s.links[i]
		r.Statements = append(r.Statements, l.portion.report.filing.id)
		g := m.allowed(s, l)
		if !g.holds {
			if lacking == nil || l.mark.orcon && !lacking.mark.orcon {
				lacking = l
			}
			continue
		}
		m.rest(g)
		if g.statement != "" {
			r.Statements = append(r.Statements, g.statement)
		}
		if l.lowered != nil && l.portion.mark.orcon && !l.mark.orcon && g.strength == byAgreement {
			r.Statements = append(r.Statements, l.lowered.id)
			m.verdict.Statements = append(m.verdict.Statements, l.lowered.id)
		}
		if !strongest.holds || g.strength > strongest.strength {
			strongest = g
		}
	}
	if lacking == nil {
		m.sayOriginator(&r, s, strongest)
		m.give(r)
		return
	}
	r.Outcome, r.LiftedBy = tearline.Refer, o.lifts.asking
	m.verdict.Ask = append(m.verdict.Ask, o.id)
	m.sayAsk(&r, s, lacking)
	m.give(r)
}

// allowed is the weakest ground on which the originator lets one of its
// portions go; the zero ground if there is none.
func (m *matter) allowed(s *share, l *link) ground {
	o := s.owner
	marked := l.mark.open || !l.mark.orcon && (m.named(l.mark) != "" ||
		!l.mark.listed && l.mark.audience == marking.AudienceCommunity && o.sharedCoalition != "")
	switch {
	case marked && l.lowered == nil:
		return l.byMark()
	case o.free != nil && !l.mark.orcon:
		return ground{holds: true, strength: byAgreement, statement: o.free.id, agreement: o.free}
	case marked:
		return l.byMark()
	}
	return m.agreed(s, l)
}

// thirdParty: was it received under an agreement that forbids passing on?
func (m *matter) thirdParty(s *share) {
	o := s.owner
	if !o.foreign() || o.never == nil {
		return
	}
	r := Reason{Rule: RuleThirdParty, Outcome: tearline.Release, Cites: citeThirdParty, Statements: []tearline.StatementID{o.never.id}}
	var strongest ground
	for i := range s.links {
		l := &s.links[i]
		g := s.particular()
		if l.mark.open {
			g = l.byMark()
		}
		if !g.holds {
			r.Outcome, r.LiftedBy = tearline.Deny, o.lifts.asking
			continue
		}
		m.rest(g)
		if g.statement != "" {
			r.Statements = append(r.Statements, g.statement)
		}
		if !strongest.holds || g.strength > strongest.strength {
			strongest = g
		}
	}
	m.sayThirdParty(&r, s, strongest)
	m.give(r)
}

// exclusion: has an originator named the recipient, or a party that it holds
// to be tied to the recipient, as one never to receive its material?
func (m *matter) exclusion(s *share) {
	o := s.owner
	if o.recipient || len(o.exclusions) == 0 {
		return
	}
	r := Reason{Rule: RuleExclusion, Outcome: tearline.Release, Cites: citeExclusion}
	hit := -1
	for i, e := range o.exclusions {
		r.Statements = append(r.Statements, e.id)
		if e.tie != nil {
			r.Statements = append(r.Statements, e.tie.id)
		}
		if hit < 0 && (s.consent == nil || !s.consent.at.After(e.at)) {
			hit = i
		}
	}
	if hit >= 0 {
		r.Outcome, r.LiftedBy = tearline.Deny, o.lifts.excluding
		m.sayExcluded(&r, s, o.exclusions[hit])
		m.give(r)
		return
	}
	m.rest(s.particular())
	r.Statements = append(r.Statements, s.consent.id)
	m.sayReadmitted(&r, s)
	m.give(r)
}

// conditions: does an embargo run on anything that the portion rests on, and
// is it to be passed on in some way?
func (m *matter) conditions() {
	var running []*said[*tearline.Embargo]
	for _, s := range m.shares {
		for i := range s.links {
			running = m.embargoes(running, s.links[i].portion)
		}
	}
	if len(running) > 0 {
		m.sayEmbargoes(running)
	}
	for _, s := range m.shares {
		m.purpose(s)
	}
	if !passing(m.q.Mode) {
		m.give(Reason{
			Rule: RuleConditions, Outcome: tearline.Deny, Cites: citeConditions,
			LiftedBy: []string{liftMode}, Text: "no way of passing on was named: document, visual or oral",
		})
	}
}

// purpose: was it received for another purpose than it is to be passed on for?
func (m *matter) purpose(s *share) {
	o := s.owner
	bound := slices.ContainsFunc(s.links, func(l link) bool { return !l.mark.open })
	if !o.foreign() || len(o.other) == 0 || !bound {
		return
	}
	r := Reason{Rule: RuleConditions, Outcome: tearline.Deny, Cites: citeConditions}
	var purposes []string
	for _, g := range o.other {
		r.Statements = append(r.Statements, g.id)
		purposes = append(purposes, g.what.Purposes...)
	}
	purposes = sorted(purposes)
	if g := s.particular(); g.holds {
		m.rest(g)
		r.Outcome = tearline.Release
		r.Statements = append(r.Statements, g.statement)
	} else {
		r.LiftedBy = slices.Concat(o.lifts.asking, liftPurposes(purposes))
	}
	m.sayPurpose(&r, s, purposes)
	m.give(r)
}

// embargoes adds those in force on the report of a portion.
func (m *matter) embargoes(to []*said[*tearline.Embargo], p *portion) []*said[*tearline.Embargo] {
	for i := range p.report.embargoes {
		if e := &p.report.embargoes[i]; e.inForce(m.q.At) {
			to = append(to, e)
		}
	}
	return to
}
