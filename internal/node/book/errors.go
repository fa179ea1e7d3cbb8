package book

import (
	"fmt"
	"strings"

	"tearline"
	"tearline/marking"
)

// Invalid wraps a fault of the input whose text may be told.
func Invalid(op string, err error, hint string) error {
	return &tearline.Error{Op: op, Kind: tearline.Invalid, Public: err.Error(), Hint: hint, Err: err}
}

// Invalidf is [Invalid] with a text.
func Invalidf(op, hint, format string, args ...any) error {
	return &tearline.Error{Op: op, Kind: tearline.Invalid, Public: fmt.Sprintf(format, args...), Hint: hint}
}

// Conflictf says that the world is not as the caller assumed.
func Conflictf(op, hint, format string, args ...any) error {
	return &tearline.Error{Op: op, Kind: tearline.Conflict, Public: fmt.Sprintf(format, args...), Hint: hint}
}

// UnknownPolicy says that there is no policy of that name.
func UnknownPolicy(id string) error {
	return Invalidf("policy", "known policies: "+strings.Join(marking.Policies(), ", "), "unknown policy %q", id)
}

// UnknownParty says that nobody here is known by that name.
func UnknownParty(id tearline.PartyID) error {
	return Invalidf("party", "tearline party list shows the parties; tearline party add adds one", "unknown party %q", id)
}

// ErrWithheld is the one answer for "not for you" and "not there".
var ErrWithheld error = tearline.NewWithheld()
