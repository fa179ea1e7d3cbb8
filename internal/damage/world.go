package damage

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/internal/set"
)

// inForce reports whether a statement holds at the time of the assessment.
func (a *assessment) inForce(s *tearline.Statement) bool {
	m := tearline.TermOf(s.Says)
	return (m == nil || m.Covers(s.At, a.At)) && !a.revoked[revocation{s.By, s.ID}]
}

// agreements returns those in force between the holder and others, in the order
// in which they were said. A later one of the same name replaces an earlier
// one, if the same party says it or it is between the same parties.
func (a *assessment) agreements() []*tearline.Statement {
	var out []*tearline.Statement
	for i := range a.said {
		s := &a.said[i]
		x, ok := s.Says.(*tearline.Agreement)
		ours := ok && slices.Contains(x.Parties[:], a.Holder)
		if !ok || s.By != a.Holder && (!ours || !slices.Contains(x.Parties[:], s.By)) {
			continue // it is not the sayer's to agree
		}
		out = slices.DeleteFunc(out, func(was *tearline.Statement) bool {
			y, is := was.Says.(*tearline.Agreement)
			return is && y.Name == x.Name && (was.By == s.By || pair(y) == pair(x))
		})
		out = append(out, s)
	}
	return slices.DeleteFunc(out, func(s *tearline.Statement) bool {
		x, ok := s.Says.(*tearline.Agreement)
		return !ok || !slices.Contains(x.Parties[:], a.Holder) || !a.inForce(s)
	})
}

func pair(x *tearline.Agreement) [2]tearline.PartyID {
	return [2]tearline.PartyID{min(x.Parties[0], x.Parties[1]), max(x.Parties[0], x.Parties[1])}
}

// touched returns the agreements that the leak touches.
func (a *assessment) touched() []Agreement {
	out := []Agreement{}
	originators, recipients := map[tearline.PartyID]bool{}, map[tearline.PartyID]bool{}
	for _, p := range a.held {
		originators[p.Originator] = originators[p.Originator] || p.state != unexposed
	}
	for _, r := range a.recipients() {
		recipients[r.Party] = true
	}
	for _, s := range a.agreements() {
		x, ok := s.Says.(*tearline.Agreement)
		if !ok {
			continue
		}
		with := x.Parties[0]
		if with == a.Holder {
			with = x.Parties[1]
		}
		if originators[with] || recipients[with] {
			out = append(out, Agreement{
				Statement: s.ID, Name: x.Name, With: with, Onward: cmp.Or(x.Onward, tearline.OnwardAsk), Inform: x.Inform,
				Originator: originators[with], Recipient: recipients[with],
			})
		}
	}
	slices.SortStableFunc(out, func(x, y Agreement) int { return cmp.Or(cmp.Compare(x.With, y.With), cmp.Compare(x.Name, y.Name)) })
	return out
}

// recipients lists who had been given what is in the open before it was seen
// there, who had most of it first.
func (a *assessment) recipients() []Recipient {
	had := map[tearline.PartyID]*Recipient{}
	portions := map[tearline.PartyID]map[tearline.PortionRef]bool{}
	given := slices.Clone(a.Given)
	slices.SortStableFunc(given, func(x, y Given) int {
		return cmp.Or(x.At.Compare(y.At), cmp.Compare(x.Party, y.Party), cmp.Compare(x.Copy, y.Copy), byName(x.Portion, y.Portion))
	})
	for _, g := range given {
		ref := g.Portion
		if p := a.held[ref]; p == nil || p.state != inOpen || !a.before(g.At, p) {
			continue
		}
		r := had[g.Party]
		if r == nil {
			r = &Recipient{Party: g.Party, First: g.At, Copies: []tearline.CopyID{}, Via: []tearline.PartyID{}}
			had[g.Party], portions[g.Party] = r, map[tearline.PortionRef]bool{}
		}
		portions[g.Party][ref] = true
		if g.Copy != "" {
			r.Copies = set.Add(r.Copies, g.Copy)
		}
		if g.Via != "" {
			r.Via = set.Add(r.Via, g.Via)
		}
	}
	out := []Recipient{}
	for _, party := range slices.Sorted(maps.Keys(had)) {
		r := *had[party]
		r.Portions = names(sorted(portions[party]))
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(x, y Recipient) int { return cmp.Or(len(y.Portions)-len(x.Portions), x.First.Compare(y.First)) })
	return out
}

// before reports whether t is not after a portion was last seen.
func (a *assessment) before(t time.Time, p *held) bool {
	return slices.ContainsFunc(p.leaks, func(i int) bool { return !t.After(a.leaks[i].Seen) })
}

// suspend lists what would let more of it go.
func (a *assessment) suspend() []Suspend {
	out := []Suspend{}
	for i := range a.said {
		s := &a.said[i]
		if !a.inForce(s) {
			continue
		}
		switch x := s.Says.(type) {
		case *tearline.Consent:
			if hit := a.touches(x.Portions); x.Granted && len(hit) > 0 {
				out = append(out, Suspend{What: SuspendConsent, Statement: s.ID, By: s.By, To: []tearline.PartyID{x.Recipient}, Portions: names(hit), Until: until(x.Term)})
			}
		case *tearline.Discretion:
			if hit := a.touches(x.Portions); s.By == a.Holder && len(hit) > 0 {
				out = append(out, Suspend{What: SuspendDiscretion, Statement: s.ID, By: s.By, To: []tearline.PartyID{x.Recipient}, Portions: names(hit), Until: until(x.Term)})
			}
		}
	}
	out = append(out, a.standing()...)
	for _, c := range a.Waiting {
		if hit := a.touches(c.Portions); len(hit) > 0 {
			out = append(out, Suspend{What: SuspendCopy, Statement: c.Disclosure, By: a.Holder, To: []tearline.PartyID{c.Recipient}, Copy: c.Copy, Portions: names(hit)})
		}
	}
	for _, q := range a.Requests {
		if hit := a.touches(q.Portions); len(hit) > 0 {
			out = append(out, Suspend{What: SuspendRequest, Statement: q.ID, By: q.Holder, To: []tearline.PartyID{q.Recipient}, Portions: names(hit)})
		}
	}
	return out
}

// standing lists the standing consents of those whose material is exposed or
// can be inferred.
func (a *assessment) standing() []Suspend {
	var out []Suspend
	touched := map[tearline.PartyID]bool{}
	for _, p := range a.held {
		touched[p.Originator] = touched[p.Originator] || p.state != unexposed
	}
	for _, s := range a.agreements() {
		x, ok := s.Says.(*tearline.Agreement)
		if !ok {
			continue
		}
		for _, c := range x.Standing {
			if touched[c.By] && (s.By == c.By || s.By == a.Holder) {
				out = append(out, Suspend{What: SuspendStanding, Statement: s.ID, By: c.By, To: c.To, UpTo: c.UpTo, Portions: []string{}, Until: until(x.Term)})
			}
		}
	}
	return out
}

// void lists what can no longer be kept: embargoes on reports of which anything
// is exposed, and exclusions of parties that may read it now.
func (a *assessment) void() []Void {
	out := []Void{}
	owners := map[tearline.PartyID]bool{}
	for _, p := range a.held {
		owners[p.Originator] = owners[p.Originator] || p.state == inOpen || p.state == source
	}
	for i := range a.said {
		s := &a.said[i]
		if !a.inForce(s) {
			continue
		}
		switch x := s.Says.(type) {
		case *tearline.Embargo:
			if slices.ContainsFunc(a.reports[x.Report], a.exposed) {
				out = append(out, Void{Kind: tearline.KindEmbargo, Statement: s.ID, By: s.By, Report: x.Report, Until: until(x.Term)})
			}
		case *tearline.Exclusion:
			if owners[s.By] {
				out = append(out, Void{Kind: tearline.KindExclusion, Statement: s.ID, By: s.By, Party: x.Party, Until: until(x.Term)})
			}
		}
	}
	slices.SortStableFunc(out, func(x, y Void) int { return strings.Compare(string(x.Kind), string(y.Kind)) })
	return out
}

func until(m tearline.Term) *time.Time {
	if m.Until.IsZero() {
		return nil
	}
	return &m.Until
}
