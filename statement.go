package tearline

import "time"

// A StatementID names a statement by its content: the first 16 bytes of the
// SHA-256 of its signed payload, as 26 characters of lower-case base 32. It is
// long enough that nobody can make two statements of one name; people type
// and read its beginning.
type StatementID string

// StatementKind is the kind of thing that a statement says.
type StatementKind string

// The kinds of statement. Each has a predicate type and a JSON Schema of its
// own in docs/format.
const (
	KindFiling           StatementKind = "filing"
	KindParty            StatementKind = "party"
	KindAgreement        StatementKind = "agreement"
	KindDelegation       StatementKind = "delegation"
	KindWarrant          StatementKind = "warrant"
	KindExclusion        StatementKind = "exclusion"
	KindTie              StatementKind = "tie"
	KindEmbargo          StatementKind = "embargo"
	KindRequest          StatementKind = "request"
	KindConsent          StatementKind = "consent"
	KindDeclassification StatementKind = "declassification"
	KindDiscretion       StatementKind = "discretion"
	KindDisclosure       StatementKind = "disclosure"
	KindReceipt          StatementKind = "receipt"
	KindRevocation       StatementKind = "revocation"
	KindRecall           StatementKind = "recall"
	KindConfirmation     StatementKind = "confirmation"
	KindSighting         StatementKind = "sighting"
	KindFingerprint      StatementKind = "fingerprint"
	KindErasure          StatementKind = "erasure"
	KindReading          StatementKind = "reading"
	KindAttribution      StatementKind = "attribution"
	KindCase             StatementKind = "case"
	KindExposure         StatementKind = "exposure"
)

// A Statement is anything that a party says that matters. It is signed, dated,
// appended to the party's ledger and never changed. It never contains the
// content it speaks of, only salted digests of it: a partner can check what
// concerns it, and learns nothing about the rest.
type Statement struct {
	// ID is set when the statement is signed or opened.
	ID StatementID
	// By is the party that says it.
	By PartyID
	// At is when it was said, UTC. What it says holds from then on, unless
	// the predicate gives another beginning.
	At time.Time
	// Recorded is when it was entered in the ledger, if that was later: what
	// was said elsewhere, before, is entered afterwards, and shows that. It is
	// zero for what was entered as it was said.
	Recorded time.Time
	// Subjects are the pieces of content that it is about.
	Subjects []Subject
	// Says is the predicate; one of the types below, by pointer.
	Says Predicate
}

// Kind returns the kind of what the statement says, "" if it says nothing.
func (s *Statement) Kind() StatementKind {
	if s.Says == nil {
		return ""
	}
	return s.Says.Kind()
}

// A Subject is one piece of content by its salted digest. Its name says which
// piece ("p2", "p2~tear", "copy", "gist") to those who know the whole.
type Subject struct {
	Name   string
	Digest Digest
}

// A Predicate is what a statement says; [NewPredicate] knows the types that
// implement it.
type Predicate interface {
	Kind() StatementKind
}

// Term is the time during which something said is in force: from From, or from
// when it was said if From is zero, until just before Until, or without end if
// that is zero.
type Term struct {
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

// Covers reports whether t lies in the term of something said at said. What
// had not been said by t is not in force at t, whatever its From.
func (m Term) Covers(said, t time.Time) bool {
	return !t.Before(said) && !t.Before(m.From) && (m.Until.IsZero() || t.Before(m.Until))
}

// TermOf returns the term of what is said, nil if it has none.
func TermOf(says Predicate) *Term {
	switch x := says.(type) {
	case *PartyRecord:
		return &x.Term
	case *Agreement:
		return &x.Term
	case *Delegation:
		return &x.Term
	case *Warrant:
		return &x.Term
	case *Exclusion:
		return &x.Term
	case *Tie:
		return &x.Term
	case *Embargo:
		return &x.Term
	case *Consent:
		return &x.Term
	case *Declassification:
		return &x.Term
	case *Discretion:
		return &x.Term
	}
	return nil
}

// A Filing says that a report is held. Each portion's text, each tear-line wording and an
// unmarked title is a subject.
type Filing struct {
	Report     ReportID `json:"report"`
	Originator PartyID  `json:"originator"`
	Policy     string   `json:"policy"`
	Date       string   `json:"date"` // YYYY-MM-DD
	Banner     string   `json:"banner"`
	// DeclassifyOn is the date, YYYY-MM-DD, on whose first instant in UTC the
	// originator's own portions are declassified; "" if there is none.
	DeclassifyOn string         `json:"declassify_on,omitempty"`
	Portions     []FiledPortion `json:"portions"`
}

// A FiledPortion is what a filing says of one portion: everything that a
// decision needs, and no text.
type FiledPortion struct {
	ID         PortionID    `json:"id"`
	Originator PartyID      `json:"originator"`
	Marking    string       `json:"marking"` // canonical portion mark
	Sources    []PortionRef `json:"sources,omitempty"`
	// Tear is the canonical portion mark of the approved tear-line wording,
	// "" if there is none.
	Tear string `json:"tear,omitempty"`
	// Unmarked says that the document bore no mark here: the marking is the one
	// that whoever filed it ordered for all such.
	Unmarked bool `json:"unmarked,omitempty"`
}

// A PartyRecord says who a party is, in the eyes of the party that says it. A later
// record of the same party replaces an earlier one from the time it is said.
type PartyRecord struct {
	Party    PartyID   `json:"party"`
	Name     string    `json:"name"`
	Nations  []PartyID `json:"nations,omitempty"`
	MemberOf []PartyID `json:"member_of,omitempty"`
	// Protected says that the law protects whoever confides in the party (an
	// inspector general, an ombudsman, counsel): its copies are not worded
	// individually, and what came out through it is compared with no copy.
	Protected bool `json:"protected,omitempty"`
	// StatementKey and LogKey are the keys, in the verifier form of C2SP
	// signed notes, under which the party signs statements and checkpoints.
	StatementKey string `json:"statement_key,omitempty"`
	LogKey       string `json:"log_key,omitempty"`
	Term
}

// Onward says whether what was received under an agreement may be passed on.
type Onward string

// The onward rules. The zero value is read as "ask".
const (
	OnwardFree  Onward = "free"  // freely, within markings
	OnwardAsk   Onward = "ask"   // after asking, as the rules for originators say
	OnwardNever Onward = "never" // never without a particular consent
)

// An Agreement says that two parties exchange up to a level, under an onward rule. A later
// one of the same name replaces an earlier one.
type Agreement struct {
	Name    string     `json:"name"`
	Parties [2]PartyID `json:"parties"`
	Ceiling string     `json:"ceiling"` // a level of some policy, "SECRET"
	// Categories are the only compartments that a portion may bear under the
	// agreement; none: any.
	Categories []string `json:"categories,omitempty"`
	// Equal are levels of several policies that the two hold equal, a list for
	// each: ["SECRET", "GEHEIM"]. It goes before the common table.
	Equal [][]string `json:"equal,omitempty"`
	// Purposes are what the material may be passed on for; none: anything.
	Purposes []string          `json:"purposes,omitempty"`
	Onward   Onward            `json:"onward"`
	Standing []StandingConsent `json:"standing,omitempty"`
	// Inform obliges each party to tell the other at once of what it passes on
	// of the other's material: no authority may put the notice off.
	Inform bool `json:"inform,omitempty"`
	Term
}

// A StandingConsent is one party's consent in advance, for all of its portions
// up to a level, to recipients named as a release list names them.
type StandingConsent struct {
	By   PartyID   `json:"by"`
	UpTo string    `json:"up_to"`
	To   []PartyID `json:"to"`
	// Purposes are what for; none: anything that the agreement is for.
	Purposes []string `json:"purposes,omitempty"`
}

// A Power is something that an authority may do in its party's name.
type Power string

// The powers.
const (
	PowerDeclassify Power = "declassify" // remove a marking of the party's own
	PowerDowngrade  Power = "downgrade"  // lower one
	PowerConsent    Power = "consent"    // answer requests, or consent unasked
	PowerDisclose   Power = "disclose"   // disclose at discretion
	PowerSearch     Power = "search"     // grant warrants to search
	PowerAttribute  Power = "attribute"  // have the copies of a report compared with a leak
)

// A Delegation says that a person or office may act in the sayer's name. As soon as a party
// has one in force, its declassifications, consents, discretions and warrants count only
// if an authority that has the power made them.
type Delegation struct {
	To     string  `json:"to"`
	Powers []Power `json:"powers"`
	// UpTo is the highest level of which the power is, a level of some
	// policy; "" is any. What no level of that name reaches is not in it.
	UpTo string `json:"up_to,omitempty"`
	// Delegator is the authority that passes its own power on; it must have it,
	// with Onward. "" is the head of the party, who has all.
	Delegator string `json:"delegator,omitempty"`
	// Onward lets the authority delegate further.
	Onward bool `json:"onward,omitempty"`
	// Two demands a second authority that has the power as well.
	Two bool `json:"two,omitempty"`
	Term
}

// A Warrant says what an investigator may search of what the sayer holds, to
// find out where a leaked text comes from. Whoever has none searches nothing.
type Warrant struct {
	// Investigator is the person who may search; Authority names the person or
	// office that decided, never the investigator, Second the one that decided
	// with it.
	Investigator string `json:"investigator"`
	Authority    string `json:"authority"`
	Second       string `json:"second,omitempty"`
	// Because is the case and why it needs the search.
	Because string `json:"because"`
	// UpTo is the highest level searched, a level of the policy of that ID.
	// Marks of other policies count as what they come to there.
	Policy string `json:"policy"`
	UpTo   string `json:"up_to"`
	// Compartments are those searched as well, each by its own full name; what
	// bears another one is not covered, whatever its level.
	Compartments []string `json:"compartments,omitempty"`
	// Originators are whose material is searched: everybody with a say in a
	// portion must be among them. None: anybody's.
	Originators []PartyID `json:"originators,omitempty"`
	// Until is demanded, and is at most a year after the beginning.
	Term
}

// An Exclusion says that the sayer's material never goes to a party; with Ties, nor to any
// party that the sayer holds to be tied to it.
type Exclusion struct {
	Party PartyID `json:"party"`
	Ties  bool    `json:"ties,omitempty"`
	// Degree is the least degree of a tie that it cares about; 0 is any.
	Degree int `json:"degree,omitempty"`
	Term
}

// A Tie says that in the sayer's view a party is tied to another. Only the sayer's own
// exclusions rest on it.
type Tie struct {
	Party PartyID `json:"party"`
	To    PartyID `json:"to"`
	// Degree is how close the tie is, from 1, the loosest, to [MaxDegree]; 0
	// is not said, and counts as the closest.
	Degree int `json:"degree,omitempty"`
	Term
}

// MaxDegree is the closest degree of a tie.
const MaxDegree = 9

// An Embargo says that nothing that rests on a report goes out before Until.
type Embargo struct {
	Report ReportID `json:"report"`
	Term
}

// A Request says that the sayer asks an originator whether a recipient may have portions.
// The subjects are the portions, so that the answer is for exact content.
type Request struct {
	Originator PartyID      `json:"originator"`
	Recipient  PartyID      `json:"recipient"`
	Portions   []PortionRef `json:"portions"`
	Mode       Mode         `json:"mode"`
	Purpose    string       `json:"purpose,omitempty"`
	// Unit and Person are for whom in the recipient's service.
	Unit   string `json:"unit,omitempty"`
	Person string `json:"person,omitempty"`
}

// A Consent is an originator's answer about its own material. Granted false is a
// refusal, and consents to nothing.
type Consent struct {
	Request    StatementID  `json:"request,omitempty"`
	Granted    bool         `json:"granted"`
	Recipient  PartyID      `json:"recipient"`
	Portions   []PortionRef `json:"portions"`
	Conditions []Condition  `json:"conditions,omitempty"`
	// Authority names the person or office that decided, Second the one that
	// decided with it.
	Authority string `json:"authority,omitempty"`
	Second    string `json:"second,omitempty"`
	Term
}

// A Condition is a term of a consent, in one of the forms below or, failing
// those, a caveat in words: it limits nothing by itself and is printed on the
// copy.
type Condition string

// The conditions that decide. Others demand something: "purpose=WORDS",
// "unit=NAME", "person=NAME", "copies=NUMBER".
const (
	OrallyOnly         Condition = "orally-only"
	ViewOnly           Condition = "view-only" // visual or oral
	WithoutAttribution Condition = "without-attribution"
	// TearLineOnly: not the portion, only its approved tear-line wording.
	TearLineOnly Condition = "tear-line-only"
)

// What the conditions that demand something begin with.
const (
	PurposePrefix = "purpose="
	UnitPrefix    = "unit="
	PersonPrefix  = "person="
	// CopiesPrefix: the consent is used up when so many disclosures rest on it.
	CopiesPrefix = "copies="
)

// A Declassification says that an owner lowers or removes a marking that is its own. To
// is the new portion mark; "" is the policy's lowest level without controls.
type Declassification struct {
	Portions []PortionRef `json:"portions"`
	To       string       `json:"to,omitempty"`
	Because  string       `json:"because"`
	// Authority names the person or office that decided, Second the one that
	// decided with it.
	Authority string `json:"authority"`
	Second    string `json:"second,omitempty"`
	Term
}

// A Discretion says that an authority discloses although the rules say Refer or Deny. It
// is no consent and changes no marking; the originators are told.
type Discretion struct {
	Portions  []PortionRef `json:"portions"`
	Recipient PartyID      `json:"recipient"`
	Modes     []Mode       `json:"modes"`
	Because   string       `json:"because"`
	Authority string       `json:"authority"`
	Second    string       `json:"second,omitempty"`
	// TellAfter is when the originators are told, at the latest, of what goes
	// out on it; zero is at once. Never is no choice.
	TellAfter time.Time `json:"tell_after,omitzero"`
	Term
}

// A Disclosure says that content was passed on, or is about to be. The subjects are the
// portions, and the copy's bytes or the gist of what was said.
//
// An extract is the same disclosure as told to one originator: only the items
// in which that originator has a say, named by its own portions.
type Disclosure struct {
	// Report is the report disclosed from; "" in an extract, unless the
	// report is that originator's own.
	Report    ReportID        `json:"report,omitempty"`
	Recipient PartyID         `json:"recipient"`
	Mode      Mode            `json:"mode"`
	Copy      CopyID          `json:"copy,omitempty"`
	Items     []DisclosedItem `json:"items"`
	// Occurred is when it happened, or is to happen.
	Occurred time.Time `json:"occurred"`
	// AfterFact marks a disclosure that was recorded when it had already
	// taken place.
	AfterFact bool `json:"after_fact,omitempty"`
	// Purpose and Officer say what for, and who passed it on; Unit and Person
	// to whom in the recipient's service.
	Purpose string  `json:"purpose,omitempty"`
	Officer string  `json:"officer,omitempty"`
	Unit    string  `json:"unit,omitempty"`
	Person  *Person `json:"person,omitempty"`
	// ToldTo and Of make the statement an extract for that originator of
	// that disclosure.
	ToldTo PartyID     `json:"told_to,omitempty"`
	Of     StatementID `json:"of,omitempty"`
}

// A Person is somebody in a recipient's service to whom content goes.
type Person struct {
	Name string `json:"name,omitempty"`
	// Clearance is the name of a level, read under the policy of each
	// portion; what that policy does not know clears for its lowest level.
	Clearance string `json:"clearance,omitempty"`
	// ReadIns are the compartments that the person is read into.
	ReadIns []string `json:"read_ins,omitempty"`
}

// A DisclosedItem is one portion in a disclosure and the basis on which it
// went out.
type DisclosedItem struct {
	Portion PortionRef `json:"portion"`
	// Replaced says that the approved tear-line wording went out instead.
	Replaced   bool          `json:"replaced,omitempty"`
	Outcome    Outcome       `json:"outcome"` // what the rules said
	Basis      Basis         `json:"basis"`
	Statements []StatementID `json:"statements,omitempty"` // on which the basis rests
}

// A Receipt says that a recipient has a copy and has taken note of its conditions.
type Receipt struct {
	Copy   CopyID `json:"copy"`
	Digest Digest `json:"digest"` // plain SHA-256 of the bytes received
}

// A Revocation says that the sayer takes back a statement of its own from now on.
type Revocation struct {
	Of      StatementID `json:"of"`
	Because string      `json:"because,omitempty"`
}

// A Recall tells a recipient that what a disclosure to it rested on has been taken back:
// it may no longer use, quote or pass on what it got, and says what it did.
type Recall struct {
	// Of is the disclosure, as the recalling party recorded it.
	Of        StatementID `json:"of"`
	Recipient PartyID     `json:"recipient"`
	// Copy is the number that the copy bears; "" if it was shown or told.
	Copy CopyID `json:"copy,omitempty"`
	// Disclosed is when it was, in whole seconds.
	Disclosed time.Time `json:"disclosed"`
	Because   string    `json:"because,omitempty"`
}

// Done is what a recipient did about a recall.
type Done string

// What can be done.
const (
	Destroyed    Done = "destroyed"   // every copy, and what was drawn from it
	Returned     Done = "returned"    // to the party that recalled it
	Sequestered  Done = "sequestered" // kept where nobody uses it, for a stated reason
	CannotComply Done = "cannot-comply"
)

// A Confirmation says what its sayer did about a recall that it was told of.
type Confirmation struct {
	Recall  StatementID `json:"recall"`
	Done    Done        `json:"done"`
	Because string      `json:"because,omitempty"` // demanded unless destroyed or returned
}

// A Sighting says that text was seen where it should not be. The leaked text is the
// subject.
type Sighting struct {
	Seen    time.Time    `json:"seen"`
	Where   string       `json:"where,omitempty"`
	Matches []PortionRef `json:"matches"`
}

// Kind implements [Predicate].
func (*Filing) Kind() StatementKind { return KindFiling }

// Kind implements [Predicate].
func (*PartyRecord) Kind() StatementKind { return KindParty }

// Kind implements [Predicate].
func (*Agreement) Kind() StatementKind { return KindAgreement }

// Kind implements [Predicate].
func (*Delegation) Kind() StatementKind { return KindDelegation }

// Kind implements [Predicate].
func (*Warrant) Kind() StatementKind { return KindWarrant }

// Kind implements [Predicate].
func (*Exclusion) Kind() StatementKind { return KindExclusion }

// Kind implements [Predicate].
func (*Tie) Kind() StatementKind { return KindTie }

// Kind implements [Predicate].
func (*Embargo) Kind() StatementKind { return KindEmbargo }

// Kind implements [Predicate].
func (*Request) Kind() StatementKind { return KindRequest }

// Kind implements [Predicate].
func (*Consent) Kind() StatementKind { return KindConsent }

// Kind implements [Predicate].
func (*Declassification) Kind() StatementKind { return KindDeclassification }

// Kind implements [Predicate].
func (*Discretion) Kind() StatementKind { return KindDiscretion }

// Kind implements [Predicate].
func (*Disclosure) Kind() StatementKind { return KindDisclosure }

// Kind implements [Predicate].
func (*Receipt) Kind() StatementKind { return KindReceipt }

// Kind implements [Predicate].
func (*Revocation) Kind() StatementKind { return KindRevocation }

// Kind implements [Predicate].
func (*Recall) Kind() StatementKind { return KindRecall }

// Kind implements [Predicate].
func (*Confirmation) Kind() StatementKind { return KindConfirmation }

// Kind implements [Predicate].
func (*Sighting) Kind() StatementKind { return KindSighting }

// predicates is the one table of kinds.
var predicates = map[StatementKind]func() Predicate{
	KindFiling:           func() Predicate { return new(Filing) },
	KindParty:            func() Predicate { return new(PartyRecord) },
	KindAgreement:        func() Predicate { return new(Agreement) },
	KindDelegation:       func() Predicate { return new(Delegation) },
	KindWarrant:          func() Predicate { return new(Warrant) },
	KindExclusion:        func() Predicate { return new(Exclusion) },
	KindTie:              func() Predicate { return new(Tie) },
	KindEmbargo:          func() Predicate { return new(Embargo) },
	KindRequest:          func() Predicate { return new(Request) },
	KindConsent:          func() Predicate { return new(Consent) },
	KindDeclassification: func() Predicate { return new(Declassification) },
	KindDiscretion:       func() Predicate { return new(Discretion) },
	KindDisclosure:       func() Predicate { return new(Disclosure) },
	KindReceipt:          func() Predicate { return new(Receipt) },
	KindRevocation:       func() Predicate { return new(Revocation) },
	KindRecall:           func() Predicate { return new(Recall) },
	KindConfirmation:     func() Predicate { return new(Confirmation) },
	KindSighting:         func() Predicate { return new(Sighting) },
	KindFingerprint:      func() Predicate { return new(Fingerprint) },
	KindErasure:          func() Predicate { return new(Erasure) },
	KindReading:          func() Predicate { return new(Reading) },
	KindAttribution:      func() Predicate { return new(Attribution) },
	KindCase:             func() Predicate { return new(CaseEntry) },
	KindExposure:         func() Predicate { return new(Exposure) },
}

// NewPredicate returns an empty predicate of a kind, or false if there is no
// such kind.
func NewPredicate(k StatementKind) (Predicate, bool) {
	empty, ok := predicates[k]
	if !ok {
		return nil, false
	}
	return empty(), true
}
