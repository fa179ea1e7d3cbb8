// Package event writes a statement down as something that happened, as officers
// and programs read it. What a party may know of it, and whether it may know of it
// at all, is not decided here: its caller says what is to be left out.
package event

import (
	"cmp"
	"slices"
	"time"

	"tearline"
)

// The states of a request.
const (
	StateAsked   = "asked"
	StateGranted = "granted"
	StateRefused = "refused"
	StateRevoked = "revoked"
)

// An Event is one statement, as the asking party may know it.
type Event struct {
	At        time.Time            `json:"at"` // when it was said
	Statement tearline.StatementID `json:"statement"`
	Ledger    tearline.PartyID     `json:"ledger"`
	// Index is the entry's place in the asking party's own ledger. In
	// another's it is not told: it would count what is hidden there.
	Index     *int64                 `json:"index,omitempty"`
	Kind      tearline.StatementKind `json:"kind"`
	By        tearline.PartyID       `json:"by"`
	Recipient tearline.PartyID       `json:"recipient,omitempty"`
	Mode      tearline.Mode          `json:"mode,omitempty"`
	Copy      tearline.CopyID        `json:"copy,omitempty"`
	Occurred  *time.Time             `json:"occurred,omitempty"`
	AfterFact bool                   `json:"after_fact,omitempty"`
	Items     []Item                 `json:"items"`
	// State is what a consent, request or revocation came to.
	State      string               `json:"state,omitempty"`
	Conditions []tearline.Condition `json:"conditions,omitempty"`
	Until      *time.Time           `json:"until,omitempty"`
	Authority  string               `json:"authority,omitempty"`
	Second     string               `json:"second,omitempty"`
	Because    string               `json:"because,omitempty"`
	Marking    string               `json:"marking,omitempty"`
	// TellAfter is when originators are told of what goes out at a
	// discretion that puts it off.
	TellAfter *time.Time `json:"tell_after,omitempty"`
	// Gist is what was told, for the holder alone.
	Gist string `json:"gist,omitempty"`
	// Of is the statement that this one answers, takes back or repeats.
	Of tearline.StatementID `json:"of,omitempty"`
	// Case and Officer are the case that it is of, and who acted.
	Case    string `json:"case,omitempty"`
	Officer string `json:"officer,omitempty"`
	// Where is where something was seen in the open, at Occurred. Measures are
	// what is being done about it, and Suspend the originator's own consents
	// that it may want to take back.
	Where    string                 `json:"where,omitempty"`
	Measures string                 `json:"measures,omitempty"`
	Suspend  []tearline.StatementID `json:"suspend,omitempty"`
	// Copies are those that an attribution names.
	Copies []tearline.CopyID `json:"copies,omitempty"`

	// For order alone: when it was said, and its place in its ledger.
	said  time.Time
	place int64
}

// An Item is a portion in an event; outcome and basis are set where it
// was passed on.
type Item struct {
	Portion    string                 `json:"portion"`
	Replaced   bool                   `json:"replaced,omitempty"`
	Outcome    *tearline.Outcome      `json:"outcome,omitempty"`
	Basis      tearline.Basis         `json:"basis,omitempty"`
	Statements []tearline.StatementID `json:"statements,omitempty"`
	// Inferred says that it is not in the open, but can be inferred.
	Inferred bool `json:"inferred,omitempty"`
}

// New is the event that a statement is, which stands at a place in a ledger. Its
// index is left to those who may know it.
func New(s *tearline.Statement, ledger tearline.PartyID, place int64) Event {
	ev := Event{At: s.At, Statement: s.ID, Ledger: ledger, Kind: s.Kind(), By: s.By, Items: []Item{}, said: s.At, place: place}
	ev.fill(s.Says)
	return ev
}

// Sort puts events in the order in which they were said.
func Sort(events []Event) {
	slices.SortStableFunc(events, func(x, y Event) int {
		return cmp.Or(x.said.Compare(y.said), cmp.Compare(x.Ledger, y.Ledger), cmp.Compare(x.place, y.place))
	})
}

// fill copies what a statement says into an event.
func (ev *Event) fill(says tearline.Predicate) {
	switch x := says.(type) {
	case *tearline.Filing:
		for _, p := range x.Portions {
			ev.Items = append(ev.Items, Item{Portion: string(p.ID)})
		}
		ev.Marking = x.Banner
	case *tearline.Request:
		ev.Recipient, ev.Mode, ev.State = x.Recipient, x.Mode, StateAsked
		ev.portions(x.Portions)
	case *tearline.Consent:
		ev.Recipient, ev.Conditions, ev.Of, ev.State = x.Recipient, x.Conditions, x.Request, StateRefused
		if x.Granted {
			ev.State = StateGranted
		}
		ev.until(x.Until)
		ev.portions(x.Portions)
	case *tearline.Revocation:
		ev.Of, ev.Because, ev.State = x.Of, x.Because, StateRevoked
	case *tearline.Declassification:
		ev.Authority, ev.Second, ev.Because, ev.Marking = x.Authority, x.Second, x.Because, x.To
		ev.portions(x.Portions)
	case *tearline.Discretion:
		if !x.TellAfter.IsZero() {
			ev.TellAfter = &x.TellAfter
		}
		ev.Recipient, ev.Authority, ev.Second, ev.Because = x.Recipient, x.Authority, x.Second, x.Because
		ev.until(x.Until)
		ev.portions(x.Portions)
	case *tearline.Exclusion:
		ev.Recipient = x.Party
		ev.until(x.Until)
	case *tearline.Embargo:
		ev.until(x.Until)
	default:
		ev.passing(says)
	}
}

// passing fills in what is said when and after content was passed on.
func (ev *Event) passing(says tearline.Predicate) {
	switch x := says.(type) {
	case *tearline.Disclosure:
		ev.disclosure(x)
	case *tearline.Sighting:
		ev.Occurred, ev.Where = &x.Seen, x.Where
		ev.portions(x.Matches)
	case *tearline.Recall:
		ev.Recipient, ev.Copy, ev.Of, ev.Because = x.Recipient, x.Copy, x.Of, x.Because
		ev.Occurred = &x.Disclosed
	case *tearline.Confirmation:
		ev.Of, ev.State, ev.Because = x.Recall, string(x.Done), x.Because
	default:
		ev.leak(says)
	}
}

// leak fills in what is said of a leak.
func (ev *Event) leak(says tearline.Predicate) {
	switch x := says.(type) {
	case *tearline.Fingerprint:
		for _, p := range x.Portions {
			ev.Items = append(ev.Items, Item{Portion: string(p.ID)})
		}
	case *tearline.Erasure:
		ev.Officer, ev.Because = x.Officer, x.Because
	case *tearline.Reading:
		ev.Case, ev.Officer, ev.Second, ev.Because, ev.Occurred, ev.Where = x.Case, x.Officer, x.Second, x.Because, &x.Seen, x.Where
		ev.portions(x.Portions)
	case *tearline.Attribution:
		ev.Of, ev.State, ev.Copies = x.Reading, string(x.Finding), x.Copies
	case *tearline.CaseEntry:
		ev.Case, ev.State, ev.Officer, ev.Because = x.Case, string(x.Act), x.Officer, x.Note
	case *tearline.Exposure:
		ev.Recipient, ev.Occurred, ev.Where, ev.Measures, ev.Suspend = x.ToldTo, &x.Seen, x.Where, x.Measures, x.Suspend
		for _, p := range x.Portions {
			ev.Items = append(ev.Items, Item{Portion: p.Portion.String(), Inferred: p.Inferred})
		}
	}
}

func (ev *Event) disclosure(x *tearline.Disclosure) {
	ev.Recipient, ev.Mode, ev.Copy, ev.AfterFact, ev.Of = x.Recipient, x.Mode, x.Copy, x.AfterFact, x.Of
	ev.Occurred = &x.Occurred
	for _, it := range x.Items {
		outcome := it.Outcome
		ev.Items = append(ev.Items, Item{
			Portion: it.Portion.String(), Replaced: it.Replaced, Outcome: &outcome, Basis: it.Basis, Statements: it.Statements,
		})
	}
}

func (ev *Event) until(t time.Time) {
	if !t.IsZero() {
		ev.Until = &t
	}
}

func (ev *Event) portions(refs []tearline.PortionRef) {
	for _, r := range refs {
		ev.Items = append(ev.Items, Item{Portion: r.String()})
	}
}
