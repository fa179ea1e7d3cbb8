package release

import (
	"slices"
	"time"

	"tearline"
	"tearline/marking"
	"tearline/marking/equivalence"
)

// An agreement is one between the holder and another party.
type agreement struct {
	said[*tearline.Agreement]
	// replaced is when a later agreement took its place; zero if none did.
	replaced time.Time
	// ceilingReplaced is the same for its ceiling, on which only the holder's
	// own statements bear: a recipient must neither raise what it may have
	// nor clear away what limits it.
	ceilingReplaced time.Time
}

// current reports whether the agreement holds at t.
func (a *agreement) current(t time.Time) bool {
	return a.inForce(t) && (a.replaced.IsZero() || t.Before(a.replaced))
}

// limits reports whether the agreement's ceiling holds at t.
func (a *agreement) limits(holder tearline.PartyID, t time.Time) bool {
	return a.by == holder && a.inForce(t) && (a.ceilingReplaced.IsZero() || t.Before(a.ceilingReplaced))
}

// serves reports whether the agreement is for a purpose.
func (a *agreement) serves(purpose string) bool { return fitsPurpose(a.what.Purposes, purpose) }

// fitsPurpose reports whether a list of purposes, none for any, has one.
func fitsPurpose(purposes []string, purpose string) bool {
	return len(purposes) == 0 || slices.Contains(purposes, purpose)
}

// level reads the name of a level as the two parties hold it under a policy.
func (a *agreement) level(p *marking.Policy, name string) (marking.Level, bool) {
	return equivalence.Default().Named(name, a.what.Equal, p)
}

// between is an agreement's parties, whichever is named first.
type between [2]tearline.PartyID

func parties(a *tearline.Agreement) between {
	if a.Parties[1] < a.Parties[0] {
		return between{a.Parties[1], a.Parties[0]}
	}
	return a.Parties
}

// A standing consent is one party's consent in advance, in an agreement to
// which it and the holder are parties.
type standing struct {
	agreement *agreement
	upTo      string
	to        []tearline.PartyID
	purposes  []string
}

// agreements keeps those that count, the newest first, and notes when each was
// replaced: by the next of the same name from the same party, or between the
// same parties.
func (r *reader) agreements() {
	type (
		bySayer struct {
			name string
			by   tearline.PartyID
		}
		byParties struct {
			name string
			of   between
		}
	)
	f := r.facts
	nextOfSayer := make(map[bySayer]time.Time)
	nextOfParties := make(map[byParties]time.Time)
	for _, s := range slices.Backward(r.agreed) {
		of := parties(s.what)
		other, ok := counterpart(of, f.holder)
		if s.by != f.holder && (!ok || s.by != other) {
			continue // it is not the sayer's to agree
		}
		sayer, both := bySayer{s.what.Name, s.by}, byParties{s.what.Name, of}
		if ok {
			a := &agreement{said: s, replaced: nextOfSayer[sayer], ceilingReplaced: nextOfSayer[sayer]}
			if t, found := nextOfParties[both]; found && (a.replaced.IsZero() || t.Before(a.replaced)) {
				a.replaced = t
			}
			f.agreements[other] = append(f.agreements[other], a)
			f.consentsInAdvance(a, other)
		}
		nextOfSayer[sayer], nextOfParties[both] = s.at, s.at
	}
}

// consentsInAdvance indexes an agreement's standing consents. Nobody consents
// for another: the party whose consent it is must be a party to the agreement,
// and have said so itself or to the holder.
func (f *Facts) consentsInAdvance(a *agreement, other tearline.PartyID) {
	for i := range a.what.Standing {
		s := &a.what.Standing[i]
		if (s.By == f.holder || s.By == other) && (a.by == s.By || a.by == f.holder) {
			f.standing[s.By] = append(f.standing[s.By], standing{agreement: a, upTo: s.UpTo, to: s.To, purposes: s.Purposes})
		}
	}
}

// Informs reports whether an agreement in force at t obliges the holder to tell
// a party at once of what it passes on of that party's material.
func (f *Facts) Informs(other tearline.PartyID, t time.Time) bool {
	return slices.ContainsFunc(f.agreements[other], func(a *agreement) bool { return a.what.Inform && a.current(t) })
}

// counterpart returns the party with which one party has an agreement.
func counterpart(of between, one tearline.PartyID) (tearline.PartyID, bool) {
	switch one {
	case of[0]:
		return of[1], true
	case of[1]:
		return of[0], true
	}
	return "", false
}
