package release

import (
	"errors"
	"time"

	"tearline"
	"tearline/marking"
)

// The sentinels that Decide's errors wrap.
var (
	// ErrUnknownReport: the holder has filed no report of that name, or had
	// taken the filing back by the time of the request. When it was filed does
	// not matter: one may ask what the answer would have been.
	ErrUnknownReport = errors.New("unknown report")
	// ErrUnknownParty: the holder had no record in force of the recipient or
	// of itself, so that no list can be read.
	ErrUnknownParty = errors.New("unknown party")
)

// A Person is somebody in the recipient's service to whom content would go.
type Person = tearline.Person

// A Request asks whether a recipient may have a report of a holder's.
type Request struct {
	Holder    tearline.PartyID
	Recipient tearline.PartyID
	// Unit is the part of the recipient's service that would get it, "" if the
	// question is about all of it.
	Unit string
	// Person is who would get it, if the question is about one person.
	Person *Person
	// At is the instant for which the question is asked; nothing said later
	// counts. It must be in 1970 or later.
	At time.Time
	// Mode is the way of passing on. The zero Mode is none, and denied.
	Mode tearline.Mode
	// Purpose is what for, in the words of a consent's purpose condition.
	Purpose string
	// Officer is who asks in the holder's name: nobody approves what he asks
	// for himself. "" is nobody in particular.
	Officer string
}

// A Rule is one of the six rules of a decision. See the package comment.
type Rule string

// The rules, in the order in which reasons are given.
const (
	RuleMarking    Rule = "marking"
	RuleClearance  Rule = "clearance"
	RuleOriginator Rule = "originator"
	RuleThirdParty Rule = "third party"
	RuleExclusion  Rule = "exclusion"
	RuleConditions Rule = "conditions"
)

// A Reason says what one rule that applied came to, for one originator. Rules
// that found nothing to say (no exclusion, no embargo) give none.
type Reason struct {
	Rule    Rule
	Outcome tearline.Outcome
	// Cites is the clause that the rule comes from.
	Cites string
	// Statements are those that the rule rested on, sorted.
	Statements []tearline.StatementID
	// LiftedBy says what would lift a Refer or Deny, in stable forms: see the
	// package comment. It is empty for Release.
	LiftedBy []string
	// Text is one sentence for the holder's own disclosure officer. It may
	// name originators that the recipient must not know of.
	Text string
}

// A Verdict is the decision on one portion, or on one tear-line wording.
type Verdict struct {
	Portion tearline.PortionID
	Outcome tearline.Outcome
	// Basis is by virtue of what it is released; ByNothing if it is not.
	Basis tearline.Basis
	// Marking is the mark in force: the filed one, or what its originator has
	// declassified it to.
	Marking marking.Marking
	// Statements are the consents, agreements and declassifications on which
	// a release rests, sorted; none if the markings suffice.
	Statements []tearline.StatementID
	// Ask names whom to ask if the outcome is Refer, sorted, each once.
	Ask []tearline.PartyID
	// Reasons has at least one that is not Release if the verdict is not.
	Reasons []Reason
	// Conditions are those of the consents on which a release rests that the
	// holder must still keep: without attribution, and caveats in words.
	Conditions []tearline.Condition
	// Discretion is the statement by which an authority discloses what the
	// rules do not release; see [Decision.WithDiscretion].
	Discretion tearline.StatementID
}
