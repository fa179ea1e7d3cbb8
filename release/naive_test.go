package release_test

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"tearline"
	"tearline/marking"
	"tearline/marking/equivalence"
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
	for _, s := range n.all {
		to := policy.Lowest()
		switch v := s.Says.(type) {
		case *tearline.Filing: // a date on which the originator's own portions are declassified
			date, err := time.Parse(time.DateOnly, v.DeclassifyOn)
			filed, _ := policy.Parse(p.Marking)
			if err != nil || v.Report != q.Report || v.Originator != p.Originator || filed.Open() {
				continue
			}
			s.At = date
			if n.q.At.Before(date) || n.revoked(s) {
				continue
			}
		case *tearline.Declassification:
			if s.By != p.Originator || !slices.Contains(v.Portions, q) || !n.inForce(s, v.Term) {
				continue
			}
			if v.To != "" {
				if to, err = policy.Parse(v.To); err != nil {
					continue
				}
			}
			power := tearline.PowerDowngrade
			if to.Open() {
				power = tearline.PowerDeclassify
			}
			if !n.empowered(s, power, v.Authority, v.Second, q) {
				continue
			}
		default:
			continue
		}
		if from == nil || laterThan(s, *from) {
			from, m = &s, to
		}
	}
	return m, from != nil
}

// empowered: the holder's own statement counts for a portion if, once the
// holder had delegated anything, the authority that made it had the power.
func (n naive) empowered(s tearline.Statement, power tearline.Power, authority, second string, q tearline.PortionRef) bool {
	if s.By != n.q.Holder {
		return true
	}
	then := naive{all: n.all, q: release.Request{Holder: n.q.Holder, At: s.At}}
	// What was taken back later was in force then.
	any := false
	for _, d := range then.all {
		v, ok := d.Says.(*tearline.Delegation)
		any = any || ok && d.By == n.q.Holder && then.inForce(d, v.Term)
	}
	if !any {
		return true
	}
	held, alone := then.power(power, authority, q, false, 0)
	if !held || alone {
		return held
	}
	other, _ := then.power(power, second, q, false, 0)
	return other && second != authority
}

// power: whether a name has it over a portion, and whether alone. What goes
// round in a circle has no beginning; ten steps are more than there are names.
func (n naive) power(power tearline.Power, name string, q tearline.PortionRef, onward bool, steps int) (held, alone bool) {
	p, policy := n.filed(q)
	m, err := policy.Parse(p.Marking)
	if err != nil || steps > 10 {
		return false, false
	}
	for _, s := range n.all {
		v, ok := s.Says.(*tearline.Delegation)
		if !ok || s.By != n.q.Holder || v.To != name || !slices.Contains(v.Powers, power) || onward && !v.Onward || !n.inForce(s, v.Term) {
			continue
		}
		if v.UpTo != "" {
			if level, ok := n.level(policy, v.UpTo, nil); !ok || m.Level().Rank > level.Rank {
				continue
			}
		}
		if v.Delegator != "" {
			if from, _ := n.power(power, v.Delegator, q, true, steps+1); !from {
				continue
			}
		}
		held, alone = true, alone || !v.Two
	}
	return held, alone
}

// level: the policy's own; else one that stands beside it in a list of those
// held equal; else by the common table.
func (n naive) level(p *marking.Policy, name string, equal [][]string) (marking.Level, bool) {
	if l, ok := p.Level(name); ok {
		return l, true
	}
	for _, row := range equal {
		if slices.Contains(row, name) {
			for _, other := range row {
				if l, ok := p.Level(other); ok {
					return l, true
				}
			}
		}
	}
	var found []marking.Level
	for _, id := range marking.Policies() {
		from, _ := marking.Lookup(id)
		if own, ok := from.Level(name); ok {
			if l, ok := equivalence.Default().Level(from, own, p); ok {
				found = append(found, l)
			}
		}
	}
	if len(found) == 0 {
		return marking.Level{}, false
	}
	return slices.MinFunc(found, func(a, b marking.Level) int { return a.Rank - b.Rank }), true
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
		if v.Onward == want && (want == tearline.OnwardNever || n.serves(v.Purposes)) {
			return true
		}
	}
	return false
}

func (n naive) serves(purposes []string) bool {
	return len(purposes) == 0 || slices.Contains(purposes, n.q.Purpose)
}

// particular: one consent of o for p; since when, zero if there is none.
func (n naive) particular(o tearline.PartyID, p tearline.PortionRef) time.Time {
	var since time.Time
	for _, s := range n.all {
		v, ok := s.Says.(*tearline.Consent)
		if !ok || s.By != o || !v.Granted || v.Recipient != n.q.Recipient || !n.inForce(s, v.Term) || !n.fit(s, v, p) {
			continue
		}
		names := func(q tearline.PortionRef) bool {
			named := slices.Contains(v.Portions, q)
			if of, tear := q.Portion.IsTear(); tear && slices.Contains(v.Conditions, tearline.TearLineOnly) {
				named = named || slices.Contains(v.Portions, tearline.PortionRef{Report: q.Report, Portion: of})
			}
			return named && n.empowered(s, tearline.PowerConsent, v.Authority, v.Second, q)
		}
		every := true
		some := false
		for _, q := range n.lineage(p) {
			if n.originator(q) == o {
				some = true
				every = every && names(q)
			}
		}
		if names(p) || some && every {
			if s.At.After(since) {
				since = s.At
			}
		}
	}
	return since
}

func (n naive) fit(s tearline.Statement, v *tearline.Consent, p tearline.PortionRef) bool {
	if officer := n.q.Officer; officer != "" && s.By == n.q.Holder && (v.Authority == officer || v.Second == officer) {
		return false
	}
	used := 0
	for _, x := range n.all {
		d, ok := x.Says.(*tearline.Disclosure)
		rests := func(it tearline.DisclosedItem) bool { return slices.Contains(it.Statements, s.ID) }
		if ok && x.By == n.q.Holder && d.ToldTo == "" && x.At.Before(n.q.At) && slices.ContainsFunc(d.Items, rests) {
			used++
		}
	}
	_, tear := p.Portion.IsTear()
	for _, c := range v.Conditions {
		switch {
		case c == tearline.TearLineOnly && !tear:
			return false
		case strings.HasPrefix(string(c), "unit=") && string(c) != "unit="+n.q.Unit:
			return false
		case strings.HasPrefix(string(c), "person=") && (n.q.Person == nil || string(c) != "person="+n.q.Person.Name):
			return false
		case strings.HasPrefix(string(c), "copies="):
			if most, err := strconv.Atoi(string(c)[len("copies="):]); err != nil || used >= most {
				return false
			}
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
				level, ok := n.level(policy, c.UpTo, v.Equal)
				ok = ok && n.serves(v.Purposes) && n.serves(c.Purposes)
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
		level, ok := n.level(policy, v.Ceiling, v.Equal)
		all := !slices.ContainsFunc(m.Compartments(), func(c string) bool {
			return len(v.Categories) > 0 && !slices.Contains(v.Categories, c)
		})
		if ok && m.Level().Rank <= level.Rank && all && n.serves(v.Purposes) {
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
	tied := func(x *tearline.Exclusion) bool {
		for _, s := range n.all {
			v, ok := s.Says.(*tearline.Tie)
			if ok && s.By == o && v.Party == r && n.inForce(s, v.Term) && v.To == x.Party && (v.Degree == 0 || v.Degree >= x.Degree) {
				return true
			}
		}
		return false
	}
	for _, s := range n.all {
		v, ok := s.Says.(*tearline.Exclusion)
		if !ok || s.By != o || !n.inForce(s, v.Term) {
			continue
		}
		if v.Party == r || v.Ties && tied(v) {
			if !n.particular(o, p).After(s.At) {
				return ruling{}
			}
			result = content(tearline.ByConsent)
		}
	}
	return result
}

// purpose: what was received for other purposes only.
func (n naive) purpose(p, q tearline.PortionRef) ruling {
	o := n.originator(q)
	m, _ := n.mark(q)
	list := n.agreements(o, false)
	served := slices.ContainsFunc(list, func(v agreed) bool { return n.serves(v.Purposes) })
	switch {
	case !n.foreign(o), m.Open(), len(list) == 0, served:
		return content(tearline.ByMarking)
	case !n.particular(o, p).IsZero():
		return content(tearline.ByConsent)
	}
	return ruling{}
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
		rulings = append(rulings, n.originators(p, q), n.thirdParty(p, q), n.exclusion(p, q), n.purpose(p, q), n.conditions(q))
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
			n.q.Mode != "" && slices.Contains(v.Modes, n.q.Mode) && n.empowered(s, tearline.PowerDisclose, v.Authority, v.Second, p) &&
			(n.q.Officer == "" || v.Authority != n.q.Officer && v.Second != n.q.Officer) && (newest == nil || laterThan(s, *newest)) {
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
