package release

import (
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/marking"
)

// The clauses that rules come from. Where the field has none, the rule is our
// own and stands in docs/rules.md.
const (
	citeNoForeign  = "CAPCO 2016 §H.8 (NOFORN); ISM.ACES C.7.6"
	citeRelTo      = "CAPCO 2016 §H.8 (REL TO); ISM.ACES C.7.8"
	citeOrcon      = "CAPCO 2016 §H.8 (ORCON); ISM.ACES C.7.3"
	citeSilent     = "ISM.ACES C.2.1.1"
	citeLevel      = "ISM.ACES C.2.2"
	citeAccess     = "E.O. 13526 §4.1(a)"
	citeAgency     = "E.O. 13526 §4.1(i)"
	citeLowering   = "E.O. 13526 §3.1"
	citeTLP        = "FIRST TLP 2.0"
	citeMarking    = "Tearline rule: marking"
	citeClearance  = "Tearline rule: clearance"
	citeOriginator = "Tearline rule: originator"
	citeThirdParty = "Tearline rule: third party"
	citeExclusion  = "Tearline rule: exclusion"
	citeConditions = "Tearline rule: conditions"
)

// cite returns the clause of the policy's own field: that of US marks, that of
// TLP, or our own rule where a policy's text is not public.
func cite(p *marking.Policy, us, own string) string {
	switch p.ID() {
	case "us":
		return us
	case "tlp":
		return citeTLP
	}
	return own
}

// What lifts a reason, where no party's name is in it.
const (
	liftDiscretion = "discretion of an authority"
	liftMode       = "mode named: document, visual or oral"
)

// lifts is what an originator could do about a reason.
type lifts struct {
	asking, lowering, excluding []string
}

func liftsBy(id tearline.PartyID) lifts {
	consent, lowering := "consent of "+string(id), "declassification by "+string(id)
	return lifts{
		asking:    []string{consent, lowering, liftDiscretion},
		lowering:  []string{lowering, liftDiscretion},
		excluding: []string{consent, "exclusion ended by " + string(id), liftDiscretion},
	}
}

func (m *matter) liftCeiling(to *reach) []string {
	return slices.Concat([]string{
		"agreement between " + string(m.q.Holder) + " and " + string(m.q.Recipient),
		"declassification by " + string(m.own.owner.id),
		liftDiscretion,
	}, liftPurposes(to.purposes))
}

// liftPurposes says for what purposes it would be another matter.
func liftPurposes(purposes []string) []string {
	list := make([]string, len(purposes))
	for i, p := range purposes {
		list[i] = "purpose " + p
	}
	return sorted(list)
}

// to names the recipient in a sentence.
func (m *matter) to() string { return string(m.q.Recipient) }

// marked says how the portion is marked, and who made it so.
func (m *matter) marked() string {
	l := &m.self
	if l.lowered == nil {
		return "the portion is " + l.mark.text
	}
	return string(l.lowered.by) + " has changed the portion's marking to " + l.mark.text
}

func (m *matter) sayOpen(r *Reason) {
	l := &m.self
	if l.lowered != nil {
		r.Cites = cite(l.mark.policy, citeLowering, citeMarking)
		r.Text = string(l.lowered.by) + " has declassified the portion: anybody may have it"
		if l.lowered.id == l.portion.report.filing.id {
			r.Text = string(l.lowered.by) + "'s date for declassifying the portion has come: anybody may have it"
		}
		return
	}
	r.Cites = cite(l.mark.policy, citeLevel, citeMarking)
	r.Text = m.marked() + ", without controls: anybody may have it"
}

func (m *matter) sayNamed(r *Reason, code tearline.PartyID) {
	r.Cites = cite(m.self.mark.policy, citeRelTo, citeMarking)
	r.Text = m.marked() + ": its release list names " + m.by(code)
}

// by names the recipient and the code by which a list names it.
func (m *matter) by(code tearline.PartyID) string {
	switch {
	case code == m.q.Recipient:
		return m.to()
	case slices.Contains(m.recipient.nations, code):
		return string(code) + ", the nation of " + m.to()
	}
	return string(code) + ", of which " + m.to() + " is a member"
}

func (m *matter) sayMeant(r *Reason) {
	l, o := &m.self, m.own.owner
	r.Cites = cite(l.mark.policy, citeSilent, citeMarking)
	switch {
	case l.mark.audience == marking.AudienceEveryone:
		r.Text = m.marked() + ": anybody may have it"
	case o.recipient:
		r.Text = m.marked() + ": it is " + m.to() + "'s own material"
	case l.mark.audience == marking.AudienceCommunity:
		r.Text = m.marked() + ", for the community: " + m.to() + " is in " + string(o.sharedCoalition) + " together with " + string(o.id)
	default:
		r.Text = m.marked() + ", without a release list: " + m.to() + " is of " + string(o.id) + "'s own nation"
	}
}

// sayOwnNation says that a mark which keeps foreigners out lets the
// recipient in.
func (m *matter) sayOwnNation(r *Reason) {
	k := m.self.mark
	r.Cites = cite(k.policy, citeNoForeign, citeMarking)
	r.Text = m.marked() + ": it is for " + k.policy.Nation() + ", of which " + m.to() + " is"
}

func (m *matter) sayNoForeign(r *Reason) {
	k := m.self.mark
	r.Cites = cite(k.policy, citeNoForeign, citeMarking)
	nation := k.policy.Nation()
	if nation == "" {
		nation = string(m.own.owner.id)
	}
	r.Text = m.marked() + ": nobody outside " + nation + " may have it, and so neither may " + m.to()
}

func (m *matter) sayAgreed(r *Reason, s *share, g ground) {
	r.Cites = cite(m.self.mark.policy, citeAgency, citeMarking)
	r.Text = m.agreement(s, g)
}

// agreement says how an originator has agreed.
func (m *matter) agreement(s *share, g ground) string {
	id := string(s.owner.id)
	if g.strength == byStandingConsent {
		return id + " has consented in advance, under " + quote(g.agreement) + ", that " + m.to() + " may have its material"
	}
	return id + " has consented that " + m.to() + " may have it"
}

// quote names an agreement.
func quote(g *agreement) string {
	if g.what.Name == "" {
		return "their agreement"
	}
	return `"` + g.what.Name + `"`
}

// saySilent says why the originator must decide.
func (m *matter) saySilent(r *Reason) {
	l, o := &m.self, m.own.owner
	r.Cites = cite(l.mark.policy, citeSilent, citeMarking)
	why := ", which says nothing of "
	switch {
	case l.mark.listed:
		r.Cites = cite(l.mark.policy, citeRelTo, citeMarking)
		why = ", whose release list does not name "
	case l.mark.audience == marking.AudienceOriginator, l.mark.audience == marking.AudienceCommunity:
		why = ", which is not meant for "
	}
	who := string(o.id) + " must agree first"
	if o.holder {
		who = string(o.id) + "'s own disclosure officer must decide"
	}
	r.Text = m.marked() + why + m.to() + ": " + who + m.unfit(m.own)
}

// unfit says why a consent that is there does not serve.
func (m *matter) unfit(s *share) string {
	if s.consent != nil || s.unfit == nil {
		return ""
	}
	var terms []string
	if m.ownApproval(s.unfit) {
		terms = append(terms, "that of "+m.q.Officer+", who asks for it himself")
	}
	for _, c := range s.unfit.what.Conditions {
		if !m.meets(s.unfit, c) {
			terms = append(terms, limit(c))
		}
	}
	return "; its consent is " + strings.Join(terms, " and ")
}

// limit is a condition in words that follow "its consent is".
func limit(c tearline.Condition) string {
	switch c {
	case tearline.OrallyOnly:
		return "for telling orally only"
	case tearline.ViewOnly:
		return "for viewing only"
	case tearline.TearLineOnly:
		return "for the tear-line wording only"
	case tearline.WithoutAttribution: // never stands in the way
	}
	switch kind, value := cutCondition(c); kind {
	case tearline.UnitPrefix:
		return "for the unit " + value + " only"
	case tearline.PersonPrefix:
		return "for " + value + " alone"
	case tearline.CopiesPrefix:
		if value == "1" {
			return "used up: it was for one disclosure"
		}
		return "used up: it was for " + value + " disclosures"
	default:
		return "for the purpose of " + value + " only"
	}
}

func (m *matter) sayCeiling(r *Reason, to *reach) {
	k := m.self.mark
	r.Cites = citeClearance
	between := string(m.q.Holder) + " and " + m.to()
	highest := to.highest
	switch {
	case r.Outcome == tearline.Deny && len(to.categories) > 0:
		r.Text = between + " have agreed to exchange up to " + highest.Name + ", but not " + strings.Join(to.categories, " or ") + ", which the portion bears"
	case r.Outcome == tearline.Deny && len(to.purposes) > 0:
		r.Text = between + " have agreed to exchange up to " + highest.Name + " for " + strings.Join(sorted(to.purposes), " or ") + " only" + m.forWhat()
	case !to.known:
		r.Text = between + " have agreed on no level of the " + k.policy.ID() + " policy: there is no equivalence by which " + m.to() + " may have it"
	case r.Outcome == tearline.Release:
		r.Text = between + " have agreed to exchange up to " + highest.Name + ": the portion is within that"
	default:
		r.Text = between + " have agreed to exchange up to " + highest.Name + ", and the portion is " + k.level.Name
	}
}

func (m *matter) sayPerson(r *Reason, cleared marking.Level, missing []string) {
	k := m.self.mark
	r.Cites = cite(k.policy, citeAccess, citeClearance)
	if r.Outcome == tearline.Release {
		r.Text = "the person is cleared for the portion"
		return
	}
	var lacks []string
	if cleared.Rank < k.level.Rank {
		lacks = append(lacks, "the person is cleared to "+cleared.Name+", and the portion is "+k.level.Name)
		r.LiftedBy = append(r.LiftedBy, "clearance of the person to "+k.level.Name)
	}
	if len(missing) > 0 {
		lacks = append(lacks, "the person is not read into "+strings.Join(missing, ", "))
		for _, c := range missing {
			r.LiftedBy = append(r.LiftedBy, "read-in of the person to "+c)
		}
	}
	r.LiftedBy = append(r.LiftedBy, liftDiscretion)
	r.Text = strings.Join(lacks, "; ")
}

// sayOriginator says why an originator's say is satisfied.
func (m *matter) sayOriginator(r *Reason, s *share, g ground) {
	p, id := s.links[0].mark.policy, string(s.owner.id)
	r.Cites = cite(p, citeAgency, citeOriginator)
	switch g.strength {
	case byMarking:
		r.Cites = cite(p, citeRelTo, citeOriginator)
		r.Text = id + "'s own marking lets " + m.to() + " have its material"
	case byAgreement:
		r.Text = id + " lets " + string(m.q.Holder) + " pass its material on freely, under " + quote(g.agreement)
	case byDeclassification:
		r.Cites = cite(p, citeLowering, citeOriginator)
		r.Text = id + " has lowered the marking of its material so that " + m.to() + " may have it"
	case byStandingConsent, byConsent:
		r.Text = m.agreement(s, g)
	}
}

// sayAsk says why an originator must be asked.
func (m *matter) sayAsk(r *Reason, s *share, lacking *link) {
	id := string(s.owner.id)
	r.Cites = cite(lacking.mark.policy, citeAgency, citeOriginator)
	why := " is not marked for " + m.to()
	switch {
	case lacking.mark.orcon:
		r.Cites = cite(lacking.mark.policy, citeOrcon, citeOriginator)
		why = " is ORCON"
		if lacking.mark.policy.ID() != "us" {
			why = " is originator-controlled"
		}
	case lacking.mark.audience == marking.AudienceOriginator:
		why = " is " + strings.Trim(lacking.mark.text, "()")
	}
	r.Text = id + "'s material" + why + ": " + id + " must agree before " + m.to() + " may have it" + m.unfit(s)
}

func (m *matter) sayThirdParty(r *Reason, s *share, g ground) {
	o := s.owner
	received := string(m.q.Holder) + " has " + string(o.id) + "'s material under " + quote(o.never) + ", which forbids passing it on"
	switch {
	case r.Outcome != tearline.Release:
		r.Text = received + ": without " + string(o.id) + "'s particular consent " + m.to() + " may not have it" + m.unfit(s)
	case g.strength == byConsent:
		r.Text = received + ", but " + m.agreement(s, g)
	default:
		r.Text = received + ", but what is open is not bound by it"
	}
}

func (m *matter) sayExcluded(r *Reason, s *share, e excluded) {
	id := string(s.owner.id)
	r.Text = id + " has ruled that its material never goes to " + m.to()
	if e.tie != nil {
		r.Text = id + " has ruled that its material never goes to " + string(e.what.Party) + ", to which it holds " + m.to() + " to be tied"
	}
	if s.consent != nil {
		r.Text += "; its consent is older than that"
		return
	}
	r.Text += m.unfit(s)
}

func (m *matter) sayReadmitted(r *Reason, s *share) {
	id := string(s.owner.id)
	r.Text = id + " had excluded " + m.to() + ", but has since consented that it may have this"
}

// forWhat says what the request is for.
func (m *matter) forWhat() string {
	if m.q.Purpose == "" {
		return ", and no purpose was named"
	}
	return ", and this is for " + m.q.Purpose
}

func (m *matter) sayPurpose(r *Reason, s *share, purposes []string) {
	o := s.owner
	received := string(m.q.Holder) + " has " + string(o.id) + "'s material for " + strings.Join(purposes, " or ") + " only"
	if r.Outcome == tearline.Release {
		r.Text = received + m.forWhat() + "; but " + m.agreement(s, s.particular())
		return
	}
	r.Text = received + m.forWhat() + m.unfit(s)
}

// sayEmbargoes gives one reason for each party whose embargoes run.
func (m *matter) sayEmbargoes(running []*said[*tearline.Embargo]) {
	slices.SortFunc(running, func(a, b *said[*tearline.Embargo]) int {
		if by := strings.Compare(string(a.by), string(b.by)); by != 0 {
			return by
		}
		return strings.Compare(string(a.id), string(b.id))
	})
	for len(running) > 0 {
		by := running[0].by
		n := 1
		for n < len(running) && running[n].by == by {
			n++
		}
		m.sayEmbargo(by, running[:n])
		running = running[n:]
	}
}

func (m *matter) sayEmbargo(by tearline.PartyID, running []*said[*tearline.Embargo]) {
	r := Reason{Rule: RuleConditions, Outcome: tearline.Deny, Cites: citeConditions}
	var until time.Time
	endless := false
	var reports []string
	for _, e := range running {
		r.Statements = append(r.Statements, e.id)
		reports = append(reports, string(e.what.Report))
		if e.term.Until.IsZero() {
			endless = true
			continue
		}
		if e.term.Until.After(until) {
			until = e.term.Until
		}
	}
	r.Text = strings.Join(sorted(reports), " and ") + " is under " + string(by) + "'s embargo"
	if endless {
		r.LiftedBy = append(r.LiftedBy, "embargo ended by "+string(by))
		r.Text += " until further notice"
	} else {
		end := until.UTC().Format(time.RFC3339Nano)
		r.LiftedBy = append(r.LiftedBy, "embargo ends "+end)
		r.Text += " until " + end
	}
	r.LiftedBy = append(r.LiftedBy, liftDiscretion)
	m.give(r)
}
