// Package tearline is the vocabulary of originator-controlled sharing: one
// word for one thing, and the field's own word. Read this file first.
//
// A tear line is the line in an intelligence report below which the text may
// be passed on. An organisation (a [Party]) holds a [Report]: an ordered list
// of [Portion]s, each with its [marking.Marking], its originator, and the
// portions it derives from. Whatever a party says that matters is a
// [Statement]: signed, dated, appended to that party's ledger, never changed.
// Whether another party may have a portion is decided from statements alone;
// what may be told is cut out as a tear line; every rendering that is handed
// out is one individual [Copy], recorded before it leaves.
//
// The package does no I/O, reads no clock and holds no global state. It
// imports only the markings. Everything that other programs must agree on, or
// an inspector must be able to check without us, is said here or in the
// packages beside it; what is only our program's way of doing it lives under
// internal.
//
// Zero values fail closed: the zero [Outcome] is Deny, the zero marking is
// releasable to nobody, the zero [Mode] is no way of passing anything on.
package tearline

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"tearline/marking"
)

// PartyID names a party: a nation ("USA"), a service ("GBR-SIS"), a company, a
// CERT, or a coalition ("FVEY", "NATO") whose members are parties. It is what
// release lists name, so nations use their ISO 3166 trigraph and coalitions
// their tetragraph. See [ParsePartyID] for what is well formed.
type PartyID string

// ReportID names a report within one holder's holdings. It never travels in a
// rendering: a number in a series tells that there are others.
type ReportID string

// PortionID names a portion within its report ("p2").
type PortionID string

// TitleID is the portion that a marked title becomes.
const TitleID PortionID = "title"

// tearSuffix makes the name of a portion's approved tear-line wording. The
// character is not allowed in identifiers that people give, so the names
// cannot collide.
const tearSuffix = "~tear"

// TearOf names the approved tear-line wording of a portion. It is decided like
// a portion of its own: it has a marking of its own, and rests on what the
// portion rests on.
func TearOf(id PortionID) PortionID { return id + tearSuffix }

// IsTear reports whether id names a tear-line wording, and of which portion.
func (id PortionID) IsTear() (of PortionID, ok bool) {
	s, ok := strings.CutSuffix(string(id), tearSuffix)
	return PortionID(s), ok
}

// A PortionRef names a portion among all that one holder holds. Its text form
// is "REPORT/PORTION"; a report's name may itself contain slashes, a
// portion's may not.
type PortionRef struct {
	Report  ReportID
	Portion PortionID
}

// String returns "REPORT/PORTION".
func (r PortionRef) String() string { return string(r.Report) + "/" + string(r.Portion) }

// MarshalText implements [encoding.TextMarshaler].
func (r PortionRef) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler] by [ParsePortionRef].
func (r *PortionRef) UnmarshalText(b []byte) (err error) {
	*r, err = ParsePortionRef(string(b))
	return err
}

// A Party is an organisation or nation that originates, holds or receives, or
// a coalition of such.
type Party struct {
	ID   PartyID
	Name string
	// Nations are the nations that the party belongs to, as codes. A release
	// list names a party by its own code, by that of a nation of it, or by
	// that of a coalition in MemberOf; membership is not inherited further.
	Nations  []PartyID
	MemberOf []PartyID
	// Protected says that the law protects whoever confides in the party: see
	// [PartyRecord].
	Protected bool
}

// A Portion is the unit of control: one paragraph with its marking, its
// originator and what it rests on.
type Portion struct {
	ID         PortionID
	Originator PartyID
	Marking    marking.Marking
	Wording    Wording
	// Sources are the portions from which this one derives directly. The
	// originators of its whole lineage have a say in it.
	Sources []PortionRef
	// Tear is wording that the author has approved for readers who may not
	// have the portion itself; nil if there is none.
	Tear *Tear
	// Unmarked says that the document bore no mark here, and whoever filed it
	// ordered which it was to have.
	Unmarked bool
	// Form is how it stands in the report. A tear-line wording stands in the
	// portion's place, in plain type and without its picture.
	Form Form
}

// Content returns what a digest of the portion covers: the source of its
// wording, and its picture if it has one. The type in which it is set is none.
func (p *Portion) Content() []string {
	if p.Form.Picture != nil {
		return []string{p.Wording.Source(), string(p.Form.Picture.PNG)}
	}
	return []string{p.Wording.Source()}
}

// A Tear is the approved tear-line wording of one portion, with the marking
// under which that wording may be passed on.
type Tear struct {
	Marking marking.Marking
	Wording Wording
}

// A Report is an ordered list of portions under a banner that is their
// roll-up. It is immutable once filed: a changed report is another report, so
// that consent for exact content stays consent for exactly that.
type Report struct {
	ID ReportID
	// Title is the title when it carries no mark of its own. It may then
	// say anything that the report says, so it is passed on only with the
	// whole report. A marked title is the portion TitleID instead.
	Title      string
	Originator PartyID
	// Policy is the security policy under which every mark in the report is
	// read ("us", "tlp").
	Policy string
	Date   time.Time // of the report, UTC; the time of day is zero
	// DeclassifyOn is the date on which the originator's own portions are
	// declassified, in the form of Date; zero if none was set.
	DeclassifyOn time.Time
	// Authority is the classification authority block, a line for each thing
	// that it says, as package authority writes it; "" if there is none. It
	// names persons and sources, and stays with the holder.
	Authority string
	Banner    marking.Marking
	Portions  []Portion
}

// Portion returns the portion of that name, or false.
func (r *Report) Portion(id PortionID) (*Portion, bool) {
	for i := range r.Portions {
		if r.Portions[i].ID == id {
			return &r.Portions[i], true
		}
	}
	return nil, false
}

// DisplayTitle returns the title as its holder sees it: the marked title's
// wording, else the unmarked one.
func (r *Report) DisplayTitle() string {
	if p, ok := r.Portion(TitleID); ok {
		return p.Wording.Plain()
	}
	return r.Title
}

// Outcome is the answer to "may this party have it?". The zero value is Deny.
type Outcome uint8

// The three outcomes, from the strictest.
const (
	// Deny: no, and no consent would change it; only a rule's end (an
	// embargo, an exclusion) or an authority's discretion does.
	Deny Outcome = iota
	// Refer: not before the originators named have consented.
	Refer
	// Release: yes.
	Release
)

var outcomeNames = [...]string{"deny", "refer", "release"}

// String returns "deny", "refer" or "release".
func (o Outcome) String() string {
	if int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return outcomeNames[Deny]
}

// MarshalText implements [encoding.TextMarshaler].
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (o *Outcome) UnmarshalText(b []byte) error {
	for i, n := range outcomeNames {
		if string(b) == n {
			*o = Outcome(i)
			return nil
		}
	}
	return fmt.Errorf("outcome %q: want deny, refer or release", b)
}

// Basis says by virtue of what something was passed on. It is never
// ambiguous: what went out at an authority's discretion never reads as if the
// originator had consented.
type Basis string

// The bases, from the weakest claim on anybody's say.
const (
	// ByNothing: it was not passed on.
	ByNothing Basis = ""
	// ByMarking: the markings in force allow it by themselves.
	ByMarking Basis = "marking"
	// ByAgreement: an agreement lets the holder pass it on freely.
	ByAgreement Basis = "agreement"
	// ByDeclassification: its owner had declassified it.
	ByDeclassification Basis = "declassification"
	// ByStandingConsent: an originator's consent in advance, in an agreement.
	ByStandingConsent Basis = "standing_consent"
	// ByConsent: an originator's particular consent.
	ByConsent Basis = "consent"
	// ByDiscretion: an authority disclosed although the rules said Refer or
	// Deny.
	ByDiscretion Basis = "discretion"
)

// Mode is the way in which content is passed on. The zero value is none.
type Mode string

// The modes.
const (
	Document Mode = "document" // to keep
	Visual   Mode = "visual"   // to see, not to keep
	Oral     Mode = "oral"     // told, in words recorded as the gist
)

// A Digest is a salted SHA-256 by which a statement refers to content without
// telling it; see [DigestContent].
type Digest [32]byte

// A CopyID is the number that a copy bears. It is drawn at random: a number
// in a series would tell a recipient how many others there are.
type CopyID string

// A Copy is our record of one individual rendering for one recipient. It
// stays with the holder. Of its wording it holds nothing: which alternatives
// it has follows from a secret of the report, as long as there is that. The
// [Rendering] is what travels.
type Copy struct {
	ID        CopyID
	Holder    PartyID
	Report    ReportID
	Recipient PartyID
	// Disclosure is the statement that recorded the copy before it left.
	Disclosure StatementID
	Made       time.Time
	// Seed salts the digest.
	Seed []byte
	// Digest is that of the rendering's bytes, salted with Seed.
	Digest Digest
}

// A Rendering is what a recipient gets. It has no field for the choices made
// in its wording, so that nothing can hand them out with it.
type Rendering struct {
	Copy      CopyID
	MediaType string
	Bytes     []byte
}

// A Kind classes an error by what the caller can do about it. Kinds cross the
// process boundary: the list is append-only.
type Kind uint8

// The kinds.
const (
	// Other: a fault of the program or its surroundings.
	Other Kind = iota
	// Invalid: the input is wrong; the hint says how to mend it.
	Invalid
	// Withheld: not for you, or not there. Deliberately one kind.
	Withheld
	// ReferKind: consent is needed first.
	ReferKind
	// Conflict: the world is no longer, or not yet, as the caller assumed.
	Conflict
	// Transient: trying again may help.
	Transient
	// Tampered: a record does not verify.
	Tampered
)

var kindNames = [...]string{"other", "invalid", "withheld", "refer", "conflict", "transient", "tampered"}

// String returns the kind's name on the wire.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return kindNames[Other]
}

// An Error crosses a boundary: the command line, the API, another node. Only
// Public and Hint leave the process; Err is for the holder's own log.
type Error struct {
	Op     string // what was being done, "release.decide"
	Kind   Kind
	Public string // what is wrong, in words fit for whoever asked
	Hint   string // how to mend it; may be empty
	Err    error  // the cause; may be nil
}

// Error returns the whole story, for those who may have it.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Op != "" {
		b.WriteString(e.Op + ": ")
	}
	b.WriteString(e.Public)
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the kind of the outermost [Error] in err's chain, and Other
// if there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Other
}

// NewWithheld returns the one answer for "not for you", "not there" and "no
// comment". It takes no argument, so that no two of them can differ.
func NewWithheld() *Error {
	return &Error{Kind: Withheld, Public: "withheld: not for you, or not there"}
}

// A Fault is one thing wrong in a document that somebody wants to file. All
// faults of a document are found at once, not the first alone.
type Fault struct {
	Line, Column int    // where, from 1; Column counts bytes; 0 if unknown
	Where        string // where, in a document that has no lines: "page 2, paragraph 3"; may be empty
	Text         string // what is wrong
	Rule         string // the rule's name; may be empty
	Cites        string // the clause that it comes from; may be empty
	Hint         string // how to mend it; may be empty
}

// Faults are all the faults of one document, in its order. As an error they
// read one a line.
type Faults []Fault //nolint:errname // a list of faults is what it is; it is an error by the way

// Error lists the faults, one a line.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, x := range f {
		lines[i] = x.String()
	}
	return strings.Join(lines, "\n")
}

// Err returns f as an error, nil if there are none.
func (f Faults) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// String returns "LINE:COLUMN: text [clause]; hint", or the same with Where
// before the text.
func (f Fault) String() string {
	var b strings.Builder
	if f.Line > 0 {
		fmt.Fprintf(&b, "%d:%d: ", f.Line, max(f.Column, 1))
	}
	if f.Where != "" {
		b.WriteString(f.Where + ": ")
	}
	b.WriteString(f.Text)
	if f.Cites != "" {
		fmt.Fprintf(&b, " [%s]", f.Cites)
	}
	if f.Hint != "" {
		b.WriteString("; " + f.Hint)
	}
	return b.String()
}
