package tearline

import "time"

// A Code names how often an individual copy has the rarer alternative of a
// point: the bias of the code by which copies are told apart.
type Code string

// The codes.
const (
	// CodeNuida has biases of (3 ∓ √3)/6, which stand up to four copies that
	// were put together (Nuida et al., DCC 52:339, the code for c ≤ 4).
	CodeNuida Code = "nuida"
	// CodeHalf has every bias 1/2: fewer points for a single copy, and blind to
	// three copies put together. For few recipients who do not collude.
	CodeHalf Code = "half"
)

// A Fingerprint says by which secrets the copies of a report are told apart. It
// is said before any copy is made, so that no secret can be chosen to fit a
// leak, and binds the keys to the ledger: they also rest on the root of the
// ledger as it is with this statement in it.
type Fingerprint struct {
	Report   ReportID               `json:"report"`
	Code     Code                   `json:"code"`
	Portions []FingerprintedPortion `json:"portions"`
}

// A FingerprintedPortion commits to the secret of one portion's copies.
type FingerprintedPortion struct {
	ID PortionID `json:"id"`
	// Points is at how many places its wording has alternatives.
	Points int `json:"points"`
	// Commitment is the digest of the wording and the code, salted with the
	// secret: [DigestContent] of "fingerprint", code, reference and source.
	Commitment Digest `json:"commitment"`
}

// An Erasure says that the secrets of a report's copies have been destroyed:
// from then on nobody can tell its copies apart.
type Erasure struct {
	Report  ReportID `json:"report"`
	Officer string   `json:"officer"`
	Because string   `json:"because"`
}

// A Reading says what a leaked text shows of the wording of some portions. It
// is read without knowing any copy's, and is said before any copy is compared.
// The leaked text and the reading itself are its subjects.
type Reading struct {
	// Case is the case it belongs to, "" if none.
	Case string `json:"case,omitempty"`
	// Officer and Second are the two persons without whom nothing is compared.
	Officer string `json:"officer"`
	Second  string `json:"second"`
	Because string `json:"because"`
	// Seen is when the text was seen, Where is where.
	Seen     time.Time    `json:"seen"`
	Where    string       `json:"where"`
	Portions []PortionRef `json:"portions"`
	// Points is how many places could be read; Copies how many are compared.
	Points int `json:"points"`
	Copies int `json:"copies"`
	// Look counts the readings of any of these reports, this one included.
	Look int `json:"look"`
	// Bound is the greatest chance, over all looks, of naming any copy that the
	// text does not come from: a decimal fraction such as "1e-06".
	Bound string `json:"bound"`
	// Rules names the scores and tests by which copies are compared.
	Rules string `json:"rules"`
}

// A Finding is what a comparison of copies came to.
type Finding string

// What it can come to. The zero Finding is none of them.
const (
	// FoundNothing: no copy is named, and none is left out.
	FoundNothing Finding = "nothing"
	// FoundNarrower: no copy is named; some are less likely than the others.
	FoundNarrower Finding = "narrowed"
	// FoundCopies: copies are named, within the bound of the reading.
	FoundCopies Finding = "copies"
)

// An Attribution says which copies a leaked text agrees with beyond what
// chance explains. It is of copies, never of persons. The whole finding is its
// subject.
type Attribution struct {
	Reading StatementID `json:"reading"`
	Finding Finding     `json:"finding"`
	// Copies are those named: at least one of them is behind the text, but for
	// the bound of the reading.
	Copies []CopyID `json:"copies,omitempty"`
}

// A CaseAct is what an entry does to a case.
type CaseAct string

// The acts.
const (
	CaseOpened CaseAct = "open"
	CaseAdded  CaseAct = "add"
	CaseClosed CaseAct = "close"
)

// A CaseEntry is one entry in the file on a leak.
type CaseEntry struct {
	Case    string  `json:"case"`
	Act     CaseAct `json:"act"`
	Officer string  `json:"officer"`
	// Note is the case's title when it is opened, what was done or found when
	// something is added, and how it ended when it is closed.
	Note string `json:"note,omitempty"`
	// Of are the statements that are put in the file.
	Of []StatementID `json:"of,omitempty"`
}

// An Exposure tells one originator what became public of its own material, and
// what can be inferred of it from what did.
type Exposure struct {
	ToldTo PartyID `json:"told_to"`
	// Seen is when, in whole seconds, and Where is where it was seen.
	Seen     time.Time        `json:"seen"`
	Where    string           `json:"where,omitempty"`
	Portions []ExposedPortion `json:"portions"`
	// Suspend are the originator's own consents that it may want to take back.
	Suspend []StatementID `json:"suspend,omitempty"`
	// Measures is what is being done about it.
	Measures string `json:"measures,omitempty"`
}

// An ExposedPortion is one portion in which the originator has a say.
type ExposedPortion struct {
	Portion PortionRef `json:"portion"`
	// Inferred says that the text does not draw on it, but on something that
	// rests on the same source.
	Inferred bool `json:"inferred,omitempty"`
}

// Kind implements [Predicate].
func (*Fingerprint) Kind() StatementKind { return KindFingerprint }

// Kind implements [Predicate].
func (*Erasure) Kind() StatementKind { return KindErasure }

// Kind implements [Predicate].
func (*Reading) Kind() StatementKind { return KindReading }

// Kind implements [Predicate].
func (*Attribution) Kind() StatementKind { return KindAttribution }

// Kind implements [Predicate].
func (*CaseEntry) Kind() StatementKind { return KindCase }

// Kind implements [Predicate].
func (*Exposure) Kind() StatementKind { return KindExposure }
