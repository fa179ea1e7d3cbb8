package release_test

import (
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/marking"
	"tearline/release"
)

// naive is the table of the design, read as plainly as it stands: it loops
// over raw statements, keeps nothing, and is as slow as that is.
type naive struct {
	all []tearline.Statement
	q   release.Request
}

// An answer is what naive and Decide must agree on.
type answer struct {
	Outcome    tearline.Outcome
	Ask        []tearline.PartyID
	Basis      tearline.Basis
	Discretion tearline.StatementID
}

// revoked: somebody took back a statement of its own by t.
func (n naive) revoked(s tearline.Statement) bool {
	for _, x := range n.all {
		if v, ok := x.Says.(*tearline.Revocation); ok && v.Of == s.ID && x.By == s.By && !x.At.After(n.q.At) {
			return true
		}
	}
	return false
}

func (n naive) inForce(s tearline.Statement, term tearline.Term) bool {
	return term.Covers(s.At, n.q.At) && !n.revoked(s)
}

func laterThan(a, b tearline.Statement) bool {
	return a.At.After(b.At) || a.At.Equal(b.At) && a.ID > b.ID
}

// filed returns a portion, or a tear-line wording as a portion of its own.
func (n naive) filed(ref tearline.PortionRef) (tearline.FiledPortion, *marking.Policy) {
	for _, s := range n.all {
		v, ok := s.Says.(*tearline.Filing)
		if !ok || v.Report != ref.Report {
			continue
		}
		policy, _ := marking.Lookup(v.Policy)
		for _, p := range v.Portions {
			if p.ID == ref.Portion {
				return p, policy
			}
			if p.Tear != "" && tearline.TearOf(p.ID) == ref.Portion {
				p.ID, p.Marking = ref.Portion, p.Tear
				return p, policy
			}
		}
	}
	panic("no portion " + ref.String())
}

func (n naive) lineage(p tearline.PortionRef) []tearline.PortionRef {
	all := []tearline.PortionRef{p}
	for i := 0; i < len(all); i++ {
		portion, _ := n.filed(all[i])
		for _, s := range portion.Sources {
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}

func (n naive) originator(q tearline.PortionRef) tearline.PartyID {
	p, _ := n.filed(q)
	return p.Originator
}

// mark is the marking of q in force, and whether a declassification made it.
func (n naive) mark(q tearline.PortionRef) (marking.Marking, bool) {
	p, policy := n.filed(q)
	m, err := policy.Parse(p.Marking)
	if err != nil {
		panic(err)
	}
	var from *tearline.Statement
	for i, s := range n.all {
		v, ok := s.Says.(*tearline.Declassification)
		if !ok || s.By != p.Originator || !slices.Contains(v.Portions, q) || !n.inForce(s, v.Term) {
			continue
		}
		to := policy.Lowest()
		if v.To != "" {
			if to, err = policy.Parse(v.To); err != nil {
				continue
			}
		}
		if from == nil || laterThan(s, *from) {
			from, m = &n.all[i], to
		}
	}
	return m, from != nil
}

// record is the holder's newest record of a party said by t; its first one
// holds for the time before it as well.
func (n naive) record(id tearline.PartyID) tearline.PartyRecord {
	var newest, first *tearline.Statement
	for i, s := range n.all {
		v, ok := s.Says.(*tearline.PartyRecord)
		if !ok || v.Party != id || s.By != n.q.Holder {
			continue
		}
		if first == nil || laterThan(*first, s) {
			first = &n.all[i]
		}
		if !s.At.After(n.q.At) && (newest == nil || laterThan(s, *newest)) {
			newest = &n.all[i]
		}
	}
	if newest == nil && first != nil {
		back := *first
		back.At = n.q.At
		newest = &back
	}
	if newest == nil {
		return tearline.PartyRecord{Party: id}
	}
	record, _ := newest.Says.(*tearline.PartyRecord)
	if !n.inForce(*newest, record.Term) {
		return tearline.PartyRecord{Party: id}
	}
	return *record
}

func (n naive) nations(id tearline.PartyID) []tearline.PartyID {
	return append([]tearline.PartyID{id}, n.record(id).Nations...)
}

func (n naive) coalitions(id tearline.PartyID) []tearline.PartyID { return n.record(id).MemberOf }

func meet(a, b []tearline.PartyID) bool {
	return slices.ContainsFunc(a, func(x tearline.PartyID) bool { return slices.Contains(b, x) })
}

func (n naive) listNames(list []tearline.PartyID) bool {
	r := n.q.Recipient
	return meet(list, n.nations(r)) || meet(list, n.coalitions(r))
}

func (n naive) markNames(m marking.Marking) bool {
	codes, ok := m.ReleasedTo()
	var list []tearline.PartyID
	for _, c := range codes {
		list = append(list, tearline.PartyID(c))
	}
	return ok && n.listNames(list)
}

// agreed is an agreement with who said it.
type agreed struct {
	by tearline.PartyID
	*tearline.Agreement
}

// agreements are those in force between the holder and another, as far as
// they bear on the other's material or, for ceilings, as the holder has said
// them.
func (n naive) agreements(other tearline.PartyID, ceilings bool) []agreed {
	counts := func(s tearline.Statement) (*tearline.Agreement, bool) {
		v, ok := s.Says.(*tearline.Agreement)
		if !ok {
			return nil, false
		}
		h := n.q.Holder
		own := s.By == h
		theirs := !ceilings && (v.Parties[0] == h && v.Parties[1] == s.By || v.Parties[1] == h && v.Parties[0] == s.By)
		return v, own || theirs
	}
	same := func(a, b [2]tearline.PartyID) bool { return a == b || a[0] == b[1] && a[1] == b[0] }
	var out []agreed
	for _, s := range n.all {
		v, ok := counts(s)
		if !ok || !same(v.Parties, [2]tearline.PartyID{n.q.Holder, other}) || !n.inForce(s, v.Term) {
			continue
		}
		replaced := false
		for _, x := range n.all {
			y, ok := counts(x)
			if ok && y.Name == v.Name && laterThan(x, s) && !x.At.After(n.q.At) {
				replaced = replaced || x.By == s.By || !ceilings && same(y.Parties, v.Parties)
			}
		}
		if !replaced {
			out = append(out, agreed{by: s.By, Agreement: v})
		}
	}
	return out
}

func (n naive) onward(o tearline.PartyID, want tearline.Onward) bool {
	for _, v := range n.agreements(o, false) {
		if v.Onward == want {
			return true
		}
	}
	return false
}

// particular: one consent of o for p; since when, zero if there is none.
func (n naive) particular(o tearline.PartyID, p tearline.PortionRef) time.Time {
	var since time.Time
	for _, s := range n.all {
		v, ok := s.Says.(*tearline.Consent)
		if !ok || s.By != o || !v.Granted || v.Recipient != n.q.Recipient || !n.inForce(s, v.Term) || !n.fit(v) {
			continue
		}
		every := true
		some := false
		for _, q := range n.lineage(p) {
			if n.originator(q) == o {
				some = true
				every = every && slices.Contains(v.Portions, q)
			}
		}
		if slices.Contains(v.Portions, p) || some && every {
			if s.At.After(since) {
				since = s.At
			}
		}
	}
	return since
}

func (n naive) fit(v *tearline.Consent) bool {
	for _, c := range v.Conditions {
		switch {
		case c == tearline.OrallyOnly && n.q.Mode != tearline.Oral:
			return false
		case c == tearline.ViewOnly && n.q.Mode != tearline.Oral && n.q.Mode != tearline.Visual:
			return false
		case strings.HasPrefix(string(c), "purpose=") && string(c) != "purpose="+n.q.Purpose:
			return false
		}
	}
	return true
}

func (n naive) standing(o tearline.PartyID, q tearline.PortionRef) bool {
	m, _ := n.mark(q)
	_, policy := n.filed(q)
	var others []tearline.PartyID
	for _, s := range n.all {
		if v, ok := s.Says.(*tearline.Agreement); ok {
			for _, p := range v.Parties {
				if !slices.Contains(others, p) {
					others = append(others, p)
				}
			}
		}
	}
	for _, other := range others {
		for _, v := range n.agreements(other, false) {
			for _, c := range v.Standing {
				level, ok := policy.Level(c.UpTo)
				mine := c.By == o && slices.Contains(v.Parties[:], o) && (v.by == o || v.by == n.q.Holder)
				if mine && ok && m.Level().Rank <= level.Rank && n.listNames(c.To) {
					return true
				}
			}
		}
	}
	return false
}

// A way satisfies a rule; the weakest is what the rule needed.
var order = []tearline.Basis{
	tearline.ByMarking, tearline.ByAgreement, tearline.ByDeclassification, tearline.ByStandingConsent, tearline.ByConsent,
}

func weakest(ways []tearline.Basis) tearline.Basis {
	for _, b := range order {
		if slices.Contains(ways, b) {
			return b
		}
	}
	return tearline.ByNothing
}

func byMark(lowered bool) tearline.Basis {
	if lowered {
		return tearline.ByDeclassification
	}
	return tearline.ByMarking
}

func (n naive) agreed(o tearline.PartyID, p, q tearline.PortionRef) (ways []tearline.Basis) {
	if !n.particular(o, p).IsZero() {
		ways = append(ways, tearline.ByConsent)
	}
	if n.standing(o, q) {
		ways = append(ways, tearline.ByStandingConsent)
	}
	return ways
}

// A ruling is what one rule says on one portion of the lineage.
type ruling struct {
	outcome tearline.Outcome
	basis   tearline.Basis
	ask     tearline.PartyID
}

func content(b tearline.Basis) ruling { return ruling{outcome: tearline.Release, basis: b} }

func (n naive) marking(p tearline.PortionRef) ruling {
	m, lowered := n.mark(p)
	o, r := n.originator(p), n.q.Recipient
	_, listed := m.ReleasedTo()
	_, policy := n.filed(p)
	own := false
	switch m.Audience() {
	case marking.AudienceNation:
		own = meet(n.nations(o), n.nations(r))
	case marking.AudienceOriginator:
		own = r == o
	case marking.AudienceCommunity:
		own = r == o || meet(n.coalitions(o), n.coalitions(r))
	case marking.AudienceEveryone:
		own = true
	}
	switch {
	case m.Open(), n.markNames(m), !listed && own:
		return content(byMark(lowered))
	case m.NoForeign() && slices.Contains(n.nations(r), tearline.PartyID(policy.Nation())):
		return content(byMark(lowered))
	case m.NoForeign():
		return ruling{}
	}
	if ways := n.agreed(o, p, p); len(ways) > 0 {
		return content(weakest(ways))
	}
	return ruling{outcome: tearline.Refer, ask: o}
}

func (n naive) clearance(p tearline.PortionRef) ruling {
	m, _ := n.mark(p)
	_, policy := n.filed(p)
	limits := n.agreements(n.q.Recipient, true)
	if len(limits) == 0 { // what the recipient itself has said
		for _, v := range n.agreements(n.q.Recipient, false) {
			if v.by == n.q.Recipient {
				limits = append(limits, v)
			}
		}
	}
	within := len(limits) == 0 || m.Open()
	for _, v := range limits {
		if level, ok := policy.Level(v.Ceiling); ok && m.Level().Rank <= level.Rank {
			within = true
		}
	}
	if !within {
		return ruling{}
	}
	if person := n.q.Person; person != nil {
		cleared := policy.Lowest().Level().Rank
		if level, ok := policy.Level(person.Clearance); ok {
			cleared = level.Rank
		}
		if cleared < m.Level().Rank {
			return ruling{}
		}
		for _, c := range m.Compartments() {
			if !slices.Contains(person.ReadIns, c) {
				return ruling{}
			}
		}
	}
	return content(tearline.ByMarking)
}

func (n naive) foreign(o tearline.PartyID) bool { return o != n.q.Holder && o != n.q.Recipient }

func (n naive) originators(p, q tearline.PortionRef) ruling {
	o := n.originator(q)
	if !n.foreign(o) {
		return content(tearline.ByMarking)
	}
	m, lowered := n.mark(q)
	_, listed := m.ReleasedTo()
	community := !listed && m.Audience() == marking.AudienceCommunity && meet(n.coalitions(o), n.coalitions(n.q.Recipient))
	orcon := m.OriginatorControlled()
	ways := n.agreed(o, p, q)
	if m.Open() || (n.markNames(m) || community) && !orcon {
		ways = append(ways, byMark(lowered))
	}
	if n.onward(o, tearline.OnwardFree) && !orcon {
		ways = append(ways, tearline.ByAgreement)
	}
	if len(ways) == 0 {
		return ruling{outcome: tearline.Refer, ask: o}
	}
	return content(weakest(ways))
}

func (n naive) thirdParty(p, q tearline.PortionRef) ruling {
	o := n.originator(q)
	if !n.foreign(o) || !n.onward(o, tearline.OnwardNever) {
		return content(tearline.ByMarking)
	}
	m, lowered := n.mark(q)
	switch {
	case m.Open():
		return content(byMark(lowered))
	case !n.particular(o, p).IsZero():
		return content(tearline.ByConsent)
	}
	return ruling{}
}

func (n naive) exclusion(p, q tearline.PortionRef) ruling {
	o, r := n.originator(q), n.q.Recipient
	result := content(tearline.ByMarking)
	if o == r {
		return result
	}
	tied := []tearline.PartyID{}
	for _, s := range n.all {
		if v, ok := s.Says.(*tearline.Tie); ok && s.By == o && v.Party == r && n.inForce(s, v.Term) {
			tied = append(tied, v.To)
		}
	}
	for _, s := range n.all {
		v, ok := s.Says.(*tearline.Exclusion)
		if !ok || s.By != o || !n.inForce(s, v.Term) {
			continue
		}
		if v.Party == r || v.Ties && slices.Contains(tied, v.Party) {
			if !n.particular(o, p).After(s.At) {
				return ruling{}
			}
			result = content(tearline.ByConsent)
		}
	}
	return result
}

func (n naive) conditions(q tearline.PortionRef) ruling {
	if n.q.Mode != tearline.Document && n.q.Mode != tearline.Visual && n.q.Mode != tearline.Oral {
		return ruling{}
	}
	for _, s := range n.all {
		v, ok := s.Says.(*tearline.Embargo)
		if !ok || v.Report != q.Report || !n.inForce(s, v.Term) {
			continue
		}
		for _, x := range n.all {
			f, ok := x.Says.(*tearline.Filing)
			if !ok || f.Report != q.Report {
				continue
			}
			say := s.By == n.q.Holder || s.By == f.Originator
			for _, p := range f.Portions {
				say = say || s.By == p.Originator
			}
			if say {
				return ruling{}
			}
		}
	}
	return content(tearline.ByMarking)
}

// decide asks every rule about every portion of the lineage.
func (n naive) decide(p tearline.PortionRef) answer {
	rulings := []ruling{n.marking(p), n.clearance(p)}
	for _, q := range n.lineage(p) {
		rulings = append(rulings, n.originators(p, q), n.thirdParty(p, q), n.exclusion(p, q), n.conditions(q))
	}
	a := answer{Outcome: tearline.Release, Basis: tearline.ByMarking}
	for _, r := range rulings {
		a.Outcome = min(a.Outcome, r.outcome)
		if r.outcome == tearline.Refer && !slices.Contains(a.Ask, r.ask) {
			a.Ask = append(a.Ask, r.ask)
		}
		if slices.Index(order, r.basis) > slices.Index(order, a.Basis) {
			a.Basis = r.basis
		}
	}
	slices.Sort(a.Ask)
	if a.Outcome != tearline.Refer {
		a.Ask = nil
	}
	if a.Outcome == tearline.Release {
		return a
	}
	a.Basis = tearline.ByNothing
	var newest *tearline.Statement
	for i, s := range n.all {
		v, ok := s.Says.(*tearline.Discretion)
		if ok && s.By == n.q.Holder && v.Recipient == n.q.Recipient && n.inForce(s, v.Term) && slices.Contains(v.Portions, p) &&
			n.q.Mode != "" && slices.Contains(v.Modes, n.q.Mode) && (newest == nil || laterThan(s, *newest)) {
			newest = &n.all[i]
			a.Discretion = s.ID
		}
	}
	return a
}

// report is the outcome for the whole report.
func (n naive) report(answers []answer) tearline.Outcome {
	all, some := len(answers) > 0, false
	for _, a := range answers {
		all = all && a.Outcome == tearline.Release
		some = some || a.Outcome == tearline.Refer
	}
	switch {
	case all:
		return tearline.Release
	case some:
		return tearline.Refer
	}
	return tearline.Deny
}
