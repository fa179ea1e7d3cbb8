// Package damage works out what a leak has exposed: which portions are in the
// open, on what they rest, what else that is held can be inferred from them,
// what of the same reports is still unexposed, who had been given it, which
// agreements are touched, whom to tell and by when, and what to suspend. It
// also drafts what each originator is told, from what is that originator's
// alone. It is a pure function of the facts that it is handed: it reads no
// store and no clock, says nothing, and judges nobody.
//
// What rests on the same source portion as something in the open can be
// inferred: the more steps of derivation lie between the two, the less of it.
package damage

import (
	"cmp"
	"slices"
	"time"

	"tearline"
)

// Facts are all that an assessment rests on. Portions are named as the holder
// has them; a tear-line wording rests on its portion.
type Facts struct {
	Holder tearline.PartyID
	// At is as of when; what was said later is passed over.
	At time.Time
	// Leaks are the sightings, in the order in which they were recorded.
	Leaks []Leak
	// Statements are filings of the holder's, of the portions in the leaks, of
	// all that those rest on, and of what rests on that; and agreements,
	// consents, discretions, exclusions, embargoes and revocations that bear on
	// them. Others do no harm.
	Statements []tearline.Statement
	// Given is by which acts the portions in the leaks came to somebody before
	// they were seen.
	Given []Given
	// Waiting are copies that were recorded and have not been handed out, and
	// Requests those that nobody has answered.
	Waiting  []Copy
	Requests []Request
	// Finding is what the last comparison of copies came to, "" if there was
	// none; Named are the copies that it names.
	Finding tearline.Finding
	Named   []Copy
	// Told is what originators have been told in this case.
	Told []tearline.Exposure
}

// A Leak is one sighting in the open.
type Leak struct {
	Statement tearline.StatementID `json:"statement"`
	// Known is when it was recorded, Seen when it was seen.
	Known time.Time `json:"known"`
	Seen  time.Time `json:"seen"`
	Where string    `json:"where,omitempty"`
	// Portions are those on which the text draws.
	Portions []tearline.PortionRef `json:"-"`
}

// Given is one act by which one portion came to somebody.
type Given struct {
	Portion tearline.PortionRef
	Party   tearline.PartyID
	Mode    tearline.Mode
	At      time.Time
	Copy    tearline.CopyID
	// Via is who passed it on, if that was not the holder.
	Via tearline.PartyID
}

// A Copy is one of the holder's.
type Copy struct {
	Copy       tearline.CopyID
	Recipient  tearline.PartyID
	Disclosure tearline.StatementID
	Portions   []tearline.PortionRef
}

// A Request is one for consent.
type Request struct {
	ID                            tearline.StatementID
	Holder, Originator, Recipient tearline.PartyID
	Portions                      []tearline.PortionRef
}

// The times within which an originator is told, from when the holder has
// recorded the leak, unless an agreement obliges to tell at once.
const (
	// TellExposed is for what is in the open, or what that rests on.
	TellExposed = 24 * time.Hour
	// TellInferred is for what can only be inferred.
	TellInferred = 72 * time.Hour
)

// A Damage is what a leak has exposed. Every list is there, if empty.
type Damage struct {
	Holder tearline.PartyID `json:"holder"`
	At     time.Time        `json:"at"`
	// Banners are the roll-up of the markings of all portions named, one for
	// each policy that they are of.
	Banners []string `json:"banners"`
	Leaks   []Leak   `json:"leaks"`
	// Open are the portions on which the texts draw; Sources those on which
	// they rest; Inferred what else rests on any of these, the nearest first;
	// Unexposed the other portions of the reports with something in the open.
	Open      []Portion `json:"open"`
	Sources   []Portion `json:"sources"`
	Inferred  []Portion `json:"inferred"`
	Unexposed []Portion `json:"unexposed"`
	// Recipients had been given something that is in the open.
	Recipients []Recipient `json:"recipients"`
	Agreements []Agreement `json:"agreements"`
	// Tell are the originators other than the holder, who is to be told first
	// at the head.
	Tell    []Tell    `json:"tell"`
	Suspend []Suspend `json:"suspend"`
	// Void is what can no longer be kept: embargoes and exclusions.
	Void []Void `json:"void"`
	// Attribution is nil if no copies were compared.
	Attribution *Attribution `json:"attribution,omitempty"`
	// Edges are the derivations among the portions named, for a picture.
	Edges []Edge `json:"edges"`
	// Notes say what could not be taken into account.
	Notes []string `json:"notes"`
}

// A Portion is one that is held.
type Portion struct {
	Portion    string           `json:"portion"`
	Marking    string           `json:"marking"`
	Originator tearline.PartyID `json:"originator"`
	// Tear says that it is the tear-line wording of a portion.
	Tear bool `json:"tear,omitempty"`
	// Steps of derivation lie between it and what is in the open; 0 if it is.
	Steps int `json:"steps,omitempty"`
	// Path leads there, portion by portion: first the one in the open, up to
	// what it rests on, and down to this one.
	Path []string `json:"path,omitempty"`
	// Policy is that of the marking.
	Policy string `json:"policy"`

	ref tearline.PortionRef
}

// An Edge says that From rests on To.
type Edge struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// A Recipient had been given portions before they were seen in the open.
type Recipient struct {
	Party    tearline.PartyID `json:"party"`
	Portions []string         `json:"portions"`
	First    time.Time        `json:"first"`
	// Copies are those that it was given; none where it was shown or told.
	Copies []tearline.CopyID `json:"copies"`
	// Via are those that passed it on, as they told the holder.
	Via []tearline.PartyID `json:"via"`
}

// An Agreement in force is touched if it is with an originator of what is
// exposed, or with somebody who had been given it.
type Agreement struct {
	Statement tearline.StatementID `json:"statement"`
	Name      string               `json:"name"`
	With      tearline.PartyID     `json:"with"`
	Onward    tearline.Onward      `json:"onward"`
	Inform    bool                 `json:"inform"`
	// Originator and Recipient say what the other party has to do with it.
	Originator bool `json:"originator,omitempty"`
	Recipient  bool `json:"recipient,omitempty"`
}

// Tell is one originator that is to be told.
type Tell struct {
	To tearline.PartyID `json:"to"`
	// Exposed and Inferred are its own portions. Inferred is what follows from
	// its own alone; Behind is what follows only by way of others' portions: to
	// tell it would tell of those.
	Exposed  []string `json:"exposed"`
	Inferred []string `json:"inferred"`
	Behind   []string `json:"behind"`
	// AtOnce says that an agreement obliges to tell at once. Due is the latest
	// time; nil if there is nothing to be told but what is behind others'.
	AtOnce bool       `json:"at_once,omitempty"`
	Due    *time.Time `json:"due,omitempty"`
	// Suspend are its own consents that it may want to take back.
	Suspend []tearline.StatementID `json:"suspend"`
	// Told says that it has been told all of this; Open what it has not been.
	Told bool     `json:"told,omitempty"`
	Open []string `json:"untold"`

	seen     time.Time
	wheres   []string
	exposed  []tearline.PortionRef
	inferred []tearline.PortionRef
	untold   []tearline.ExposedPortion
}

// What can be suspended.
const (
	SuspendConsent    = "consent"
	SuspendStanding   = "standing consent"
	SuspendDiscretion = "discretion"
	SuspendCopy       = "copy"    // recorded, and not handed out
	SuspendRequest    = "request" // not answered
)

// A Suspend is something that would let more go.
type Suspend struct {
	What      string               `json:"what"`
	Statement tearline.StatementID `json:"statement"`
	By        tearline.PartyID     `json:"by"`
	To        []tearline.PartyID   `json:"to"`
	Copy      tearline.CopyID      `json:"copy,omitempty"`
	// Portions are those of it that are exposed or can be inferred; none for a
	// standing consent, which is for all up to a level.
	Portions []string   `json:"portions"`
	UpTo     string     `json:"up_to,omitempty"`
	Until    *time.Time `json:"until,omitempty"`
}

// A Void is something said that the leak has made void.
type Void struct {
	Kind      tearline.StatementKind `json:"kind"` // embargo or exclusion
	Statement tearline.StatementID   `json:"statement"`
	By        tearline.PartyID       `json:"by"`
	Report    tearline.ReportID      `json:"report,omitempty"`
	Party     tearline.PartyID       `json:"party,omitempty"`
	Until     *time.Time             `json:"until,omitempty"`
}

// An Attribution is what comparing copies came to. It is of copies, never of
// persons.
type Attribution struct {
	Finding tearline.Finding `json:"finding"`
	Copies  []NamedCopy      `json:"copies"`
}

// A NamedCopy is one that was named, and to whom it had been given.
type NamedCopy struct {
	Copy      tearline.CopyID  `json:"copy"`
	Recipient tearline.PartyID `json:"recipient"`
}

// Assess works out the damage. The same facts give the same damage, whatever
// their order.
func Assess(f *Facts) *Damage {
	a := newAssessment(f)
	a.spread()
	d := &Damage{
		Holder: f.Holder, At: f.At, Leaks: a.leaks, Open: a.list(inOpen), Sources: a.list(source), Inferred: a.list(inferred),
		Unexposed: a.unexposed(), Recipients: a.recipients(), Agreements: a.touched(), Suspend: a.suspend(), Void: a.void(),
		Edges: []Edge{}, Notes: a.notes,
	}
	d.Tell = a.tell(d.Agreements)
	d.Banners = banners(d.Open, d.Sources, d.Inferred, d.Unexposed)
	d.Edges = a.edges(d)
	if f.Finding != "" {
		d.Attribution = &Attribution{Finding: f.Finding, Copies: []NamedCopy{}}
		for _, c := range f.Named {
			d.Attribution.Copies = append(d.Attribution.Copies, NamedCopy{c.Copy, c.Recipient})
		}
	}
	return d
}

// byName puts references in order.
func byName(a, b tearline.PortionRef) int {
	return cmp.Or(cmp.Compare(a.Report, b.Report), cmp.Compare(a.Portion, b.Portion))
}

// sorted returns a set's references in order.
func sorted(set map[tearline.PortionRef]bool) []tearline.PortionRef {
	out := make([]tearline.PortionRef, 0, len(set))
	for r := range set {
		out = append(out, r)
	}
	slices.SortFunc(out, byName)
	return out
}

// base is the portion whose tear-line wording r is, or r itself.
func base(r tearline.PortionRef) tearline.PortionRef {
	if id, tear := r.Portion.IsTear(); tear {
		r.Portion = id
	}
	return r
}

func names(refs []tearline.PortionRef) []string {
	out := make([]string, len(refs))
	for i, r := range refs {
		out[i] = r.String()
	}
	return out
}
