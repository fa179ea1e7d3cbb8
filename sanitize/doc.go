// Package sanitize makes tear lines: the version of a report that one party
// may have, and the individual copy of it that leaves.
//
// The evidence is in the types. [TearLine] needs a [release.Decision], which
// only the decision point makes; the bytes of a [Draft] can be had only
// against a [ledger.Receipt], which only the ledger makes. So there is no tear
// line without a decision and no copy without a record.
//
// A version is made anew from what may be kept and is never an edited
// original: items are numbered afresh, the banner is the roll-up of what is
// there, and nothing else of the report is in it. A draft is rendered, read
// back by another path than the one that wrote it, and searched for whatever
// was withheld; what is found stops the copy ([ErrSurvives]).
//
// The package may not decide, lower a marking, record, sign, or write files.
// It reads no clock and keeps no state. Its errors are for the holder's own
// officers: they name portions that the recipient must not know of.
package sanitize

import "errors"

// The sentinels that errors of this package wrap.
var (
	// ErrDecision: the decision is none, or is about something else.
	ErrDecision = errors.New("no decision on this report")
	// ErrNothing: nothing of the report may be passed on.
	ErrNothing = errors.New("nothing of the report may be passed on")
	// ErrSurvives: something that is withheld was found in the copy.
	ErrSurvives = errors.New("something withheld survives in the copy")
	// ErrNoReceipt: no receipt was shown that covers the copy.
	ErrNoReceipt = errors.New("no receipt covers the copy")
)
