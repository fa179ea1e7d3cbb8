package damage

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/internal/set"
)

// tell works out what each originator other than the holder is to be told, the
// most pressing first.
//
// An originator's notice is made of what is its own: its portions that are
// exposed, and its portions that rest on those, by its own portions. That
// something else can be inferred by way of what others have is for the holder
// to know: the notice would tell of that.
func (a *assessment) tell(agreed []Agreement) []Tell {
	own := map[tearline.PartyID]*Tell{}
	of := func(o tearline.PartyID) *Tell {
		if own[o] == nil {
			own[o] = &Tell{To: o, Suspend: []tearline.StatementID{}}
		}
		return own[o]
	}
	for _, p := range a.held {
		switch {
		case p.Originator == a.Holder || p.state == unexposed || p.Tear: // what its wording rests on is told
		case p.state == inferred:
			of(p.Originator)
		default:
			t := of(p.Originator)
			t.exposed = append(t.exposed, p.ref)
		}
	}
	out := []Tell{}
	for _, t := range own {
		a.notice(t, agreed)
		out = append(out, *t)
	}
	slices.SortFunc(out, func(x, y Tell) int { return cmp.Or(compareDue(x.Due, y.Due), cmp.Compare(x.To, y.To)) })
	return out
}

func compareDue(x, y *time.Time) int {
	switch {
	case x == nil && y == nil:
		return 0
	case x == nil:
		return 1
	case y == nil:
		return -1
	}
	return x.Compare(*y)
}

// notice fills in what an originator is to be told and by when.
func (a *assessment) notice(t *Tell, agreed []Agreement) {
	slices.SortFunc(t.exposed, byName)
	follows := a.follows(t.To, t.exposed)
	t.inferred = sorted(follows)
	var behind []tearline.PortionRef
	for ref, p := range a.held {
		if p.Originator == t.To && p.state == inferred && !follows[ref] {
			behind = append(behind, ref)
		}
	}
	slices.SortFunc(behind, byName)
	t.Exposed, t.Inferred, t.Behind = names(t.exposed), names(t.inferred), names(behind)
	for _, ag := range agreed {
		t.AtOnce = t.AtOnce || ag.With == t.To && ag.Inform
	}
	t.Suspend = a.consentsOf(t.To, slices.Concat(t.exposed, t.inferred))
	a.untold(t)
	if len(t.exposed) == 0 {
		return // what follows from nothing of its own is behind others'
	}
	due := a.known(t.exposed)
	if !t.AtOnce {
		due = due.Add(TellExposed)
	}
	t.Due, t.Told = &due, len(t.untold) == 0
	if len(t.untold) > 0 && !t.AtOnce && !slices.ContainsFunc(t.untold, func(x tearline.ExposedPortion) bool { return !x.Inferred }) {
		later := a.known(t.exposed).Add(TellInferred)
		t.Due = &later
	}
}

// known is when the first leak was recorded that exposes any of some portions, in
// whole seconds.
func (a *assessment) known(refs []tearline.PortionRef) (first time.Time) {
	for _, ref := range refs {
		for _, i := range a.held[ref].leaks {
			if at := a.leaks[i].Known.Truncate(time.Second); first.IsZero() || at.Before(first) {
				first = at
			}
		}
	}
	return first
}

// follows returns the portions of an originator that rest on some of its own
// by its own, without those.
func (a *assessment) follows(o tearline.PartyID, from []tearline.PortionRef) map[tearline.PortionRef]bool {
	out := map[tearline.PortionRef]bool{}
	for queue := slices.Clone(from); len(queue) > 0; queue = queue[1:] {
		for _, next := range a.held[queue[0]].derived {
			if p := a.held[next]; p.Originator == o && !out[next] && !a.exposed(next) {
				out[next] = true
				queue = append(queue, next)
			}
		}
	}
	return out
}

// untold finds what an originator has not been told, and where that was seen.
func (a *assessment) untold(t *Tell) {
	told := map[tearline.PortionRef]bool{} // whether as exposed
	for _, x := range a.Told {
		if x.ToldTo != t.To {
			continue
		}
		for _, p := range x.Portions {
			told[base(p.Portion)] = told[base(p.Portion)] || !p.Inferred
		}
	}
	var about []tearline.PortionRef // on account of which it is told
	for _, ref := range t.exposed {
		if !told[ref] {
			t.untold = append(t.untold, tearline.ExposedPortion{Portion: ref})
			about = append(about, ref)
		}
	}
	for _, ref := range t.inferred {
		if _, done := told[ref]; !done {
			t.untold = append(t.untold, tearline.ExposedPortion{Portion: ref, Inferred: true})
		}
	}
	if len(about) == 0 {
		about = t.exposed
	}
	t.Open = []string{}
	for _, p := range t.untold {
		t.Open = append(t.Open, p.Portion.String())
	}
	a.where(t, about)
}

// where notes when and where some portions were seen.
func (a *assessment) where(t *Tell, about []tearline.PortionRef) {
	var leaks []int
	for _, ref := range about {
		leaks = set.Add(leaks, a.held[ref].leaks...)
	}
	slices.Sort(leaks)
	for _, i := range leaks {
		l := a.leaks[i]
		if t.seen.IsZero() || l.Seen.Before(t.seen) {
			t.seen = l.Seen
		}
		if l.Where != "" {
			t.wheres = set.Add(t.wheres, l.Where)
		}
	}
}

// consentsOf returns an originator's own consents in force that let some of its
// portions go, in the order in which they were said, and the agreements with it
// in which it consents in advance.
func (a *assessment) consentsOf(o tearline.PartyID, refs []tearline.PortionRef) []tearline.StatementID {
	out := []tearline.StatementID{}
	for i := range a.said {
		s := &a.said[i]
		if x, ok := s.Says.(*tearline.Consent); ok && s.By == o && x.Granted && a.inForce(s) &&
			slices.ContainsFunc(x.Portions, func(p tearline.PortionRef) bool { return slices.Contains(refs, base(p)) }) {
			out = append(out, s.ID)
		}
	}
	for _, s := range a.agreements() {
		x, ok := s.Says.(*tearline.Agreement)
		if ok && slices.Contains(x.Parties[:], o) && slices.ContainsFunc(x.Standing, func(c tearline.StandingConsent) bool { return c.By == o }) {
			out = append(out, s.ID)
		}
	}
	return out
}

// Notices are what there is to say now to originators, in the order of their
// names: one for each that has not been told all that is its own. Nothing in
// one depends on what is another's.
func (d *Damage) Notices(measures string) []tearline.Exposure {
	var out []tearline.Exposure
	for _, t := range d.Tell {
		if len(t.untold) == 0 {
			continue
		}
		x := tearline.Exposure{
			ToldTo: t.To, Seen: t.seen.UTC().Truncate(time.Second), Where: strings.Join(t.wheres, "; "), Portions: t.untold, Measures: measures,
		}
		if len(t.Suspend) > 0 {
			x.Suspend = t.Suspend
		}
		out = append(out, x)
	}
	slices.SortFunc(out, func(x, y tearline.Exposure) int { return cmp.Compare(x.ToldTo, y.ToldTo) })
	return out
}
