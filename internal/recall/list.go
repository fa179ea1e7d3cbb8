package recall

import (
	"cmp"
	"slices"
	"time"

	"tearline"
)

// A List is what one party may know of recalls. The JSON is stable.
type List struct {
	// ToGiveUp is what the party has been told to give up.
	ToGiveUp []Demand `json:"to_give_up"`
	// Rounds are the recalls of what it has passed on, or of its own
	// material that others have.
	Rounds []Round `json:"recalled"`
}

// A Demand is a recall as its recipient reads it.
type Demand struct {
	Recall tearline.StatementID `json:"recall"`
	By     tearline.PartyID     `json:"by"`
	// Copy is the number that the copy bears; "" if it was shown or told.
	Copy      tearline.CopyID `json:"copy,omitempty"`
	Disclosed time.Time       `json:"disclosed"`
	At        time.Time       `json:"at"`
	Because   string          `json:"because"`
	// NoLonger is what may not be done with it from then on.
	NoLonger []string `json:"no_longer"`
	// Answer is what was confirmed last, null while nothing was.
	Answer *Answer `json:"confirmed"`
}

// An Answer is what a recipient did about a recall.
type Answer struct {
	Statement tearline.StatementID `json:"statement,omitempty"`
	Done      tearline.Done        `json:"done"`
	// At is when it was said; null where it was before the asking party had
	// anything to do with it.
	At      *time.Time `json:"at"`
	Because string     `json:"because,omitempty"`
}

// A Round is all that one revocation has reached, or one recall for another
// reason.
type Round struct {
	// Consent and Originator say what was taken back and by whom, where the
	// asking party knows that; else Because says why.
	Consent    tearline.StatementID `json:"consent,omitempty"`
	Originator tearline.PartyID     `json:"originator,omitempty"`
	Because    string               `json:"because"`
	At         time.Time            `json:"at"`
	// Told counts the parties that have been told, Confirmed those of them
	// that have said of everything what they did, CannotComply those of
	// these that could not give up all of it.
	Told         int      `json:"told"`
	Confirmed    int      `json:"confirmed"`
	CannotComply int      `json:"cannot_comply"`
	Holders      []Holder `json:"holders"`
}

// A Holder is one disclosure that a recall reaches: who got what, from whom.
type Holder struct {
	Party tearline.PartyID `json:"party"`
	By    tearline.PartyID `json:"by"`
	// Through is the party that passed it on, if it did not come directly
	// from the one to whom the consent was given.
	Through    tearline.PartyID     `json:"through,omitempty"`
	Disclosure tearline.StatementID `json:"disclosure"`
	// Recall is told to whoever recalls, and to nobody else.
	Recall    tearline.StatementID `json:"recall,omitempty"`
	Mode      tearline.Mode        `json:"mode"`
	Copy      tearline.CopyID      `json:"copy,omitempty"`
	Disclosed time.Time            `json:"disclosed"`
	// Told is when the recipient was told, null while it has not been.
	Told   *time.Time `json:"told"`
	Answer *Answer    `json:"confirmed"`
}

// For returns what a party may know: what it was told to give up, what it
// recalls from its own recipients, and what became of the recalls that follow
// from consents which it has taken back, as far as extracts tell it who has
// its material.
func (r *Records) For(as tearline.PartyID) List {
	l := List{ToGiveUp: []Demand{}, Rounds: []Round{}}
	var told []said[tearline.Recall]
	for _, x := range r.recalls {
		if x.says.Recipient == as {
			told = append(told, x)
		}
	}
	slices.SortFunc(told, func(a, b said[tearline.Recall]) int {
		return cmp.Or(a.At.Truncate(instant).Compare(b.At.Truncate(instant)), r.given[a.says.Of].At.Compare(r.given[b.says.Of].At), cmp.Compare(a.ID, b.ID))
	})
	for _, x := range told {
		l.ToGiveUp = append(l.ToGiveUp, r.demand(x))
	}
	for _, c := range r.revoked {
		if c.consent.By == as {
			l.Rounds = append(l.Rounds, r.Revoked(c.consent.ID))
		}
	}
	l.Rounds = append(l.Rounds, r.made(as)...)
	l.Rounds = slices.DeleteFunc(l.Rounds, func(x Round) bool { return len(x.Holders) == 0 })
	slices.SortStableFunc(l.Rounds, func(a, b Round) int { return a.At.Compare(b.At) })
	return l
}

func (r *Records) demand(x said[tearline.Recall]) Demand {
	d := Demand{
		Recall: x.ID, By: x.By, Copy: x.says.Copy, Disclosed: x.says.Disclosed.Truncate(instant), At: x.At.Truncate(instant),
		Because: x.says.Because, NoLonger: []string{"use", "quote", "pass on"},
	}
	if c, ok := r.confirmed[x.ID]; ok {
		at := c.At
		d.Answer = &Answer{Statement: c.ID, Done: c.says.Done, At: &at, Because: c.says.Because}
	}
	return d
}

// Revoked is what the revocation of a consent has reached, as the originator
// that gave it may know it: what it was told of by an extract. A consent that
// stands has reached nobody.
func (r *Records) Revoked(consent tearline.StatementID) Round {
	out := Round{Holders: []Holder{}}
	i := slices.IndexFunc(r.revoked, func(c revoked) bool { return c.consent.ID == consent })
	if i < 0 {
		return out
	}
	c := r.revoked[i]
	out.Consent, out.Originator, out.Because, out.At = consent, c.consent.By, Taken, c.at
	for _, x := range r.reach(c.consent) {
		told, ok := r.extract(x.said, c.consent.By)
		if !ok {
			continue
		}
		h := Holder{
			Party: told.says.Recipient, By: x.By, Through: x.through, Disclosure: x.ID, Mode: told.says.Mode, Copy: told.says.Copy,
			Disclosed: told.says.Occurred.Truncate(instant),
		}
		if y, ok := r.recalls[x.ID]; ok {
			// If it was recalled before, for another reason, that is
			// not the originator's business: now it stands.
			at := later(y.At, c.at).Truncate(instant)
			h.Told, h.Answer = &at, r.answer(y.ID, c.at)
		}
		out.Holders = append(out.Holders, h)
	}
	out.count()
	return out
}

// answer is what was confirmed, as an originator may know it: not why, and not
// when if that was before it took its consent back.
func (r *Records) answer(recall tearline.StatementID, since time.Time) *Answer {
	c, ok := r.confirmed[recall]
	if !ok {
		return nil
	}
	a := &Answer{Done: c.says.Done}
	if at := c.At.Truncate(instant); !c.At.Before(since) {
		a.At = &at
	}
	return a
}

// made returns the recalls that a party has made, those that follow from one
// revocation together.
func (r *Records) made(by tearline.PartyID) []Round {
	type key struct {
		consent, alone tearline.StatementID
		at             int64
	}
	var rounds []Round
	place := map[key]int{}
	for _, d := range r.givenBy[by] {
		x, ok := r.recalls[d.ID]
		if !ok {
			continue
		}
		why := r.cause(d, x)
		k := key{consent: why.Consent, at: why.At.UnixNano()}
		if x.says.Because != Taken {
			k.alone = x.ID
		}
		i, ok := place[k]
		if !ok {
			i = len(rounds)
			place[k], rounds = i, append(rounds, why)
		}
		rounds[i].Holders = append(rounds[i].Holders, r.holder(d, x))
	}
	for i := range rounds {
		rounds[i].count()
	}
	return rounds
}

// cause says why a party recalls a disclosure, as it may know it itself: the
// consents that it had are known to it, those that others had are not.
func (r *Records) cause(d said[tearline.Disclosure], x said[tearline.Recall]) Round {
	out := Round{Because: x.says.Because, At: x.At}
	if x.says.Because != Taken {
		return out
	}
	for _, it := range d.says.Items {
		for _, id := range it.Statements {
			if at, ok := r.takenAt[id]; ok && !at.After(x.At) && (out.Consent == "" || at.Before(out.At)) {
				out.Consent, out.Originator, out.At = id, r.consents[id].By, at
			}
		}
	}
	if out.Consent != "" {
		out.At = out.At.Truncate(instant)
	}
	return out
}

// holder is a recall for whoever made it.
func (r *Records) holder(d said[tearline.Disclosure], x said[tearline.Recall]) Holder {
	told := x.At
	h := Holder{
		Party: d.says.Recipient, By: d.By, Disclosure: d.ID, Recall: x.ID, Mode: d.says.Mode, Copy: d.says.Copy,
		Disclosed: d.says.Occurred.Truncate(instant), Told: &told,
	}
	if c, ok := r.confirmed[x.ID]; ok {
		at := c.At.Truncate(instant)
		h.Answer = &Answer{Done: c.says.Done, At: &at, Because: c.says.Because}
	}
	return h
}

// count counts the parties: one that holds several copies has confirmed when
// it has said of each what it did.
func (x *Round) count() {
	open, cannot := map[tearline.PartyID]bool{}, map[tearline.PartyID]bool{}
	for _, h := range x.Holders {
		if h.Told == nil {
			continue
		}
		open[h.Party] = open[h.Party] || h.Answer == nil
		cannot[h.Party] = cannot[h.Party] || h.Answer != nil && h.Answer.Done == tearline.CannotComply
	}
	x.Told = len(open)
	for p, o := range open {
		if !o {
			x.Confirmed++
			if cannot[p] {
				x.CannotComply++
			}
		}
	}
}
