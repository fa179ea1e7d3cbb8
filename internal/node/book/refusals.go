package book

import (
	"fmt"
	"slices"
	"strings"

	"tearline"
	"tearline/release"
)

// NothingToTell says that the rules deny, to the holder's own officer.
func NothingToTell(d release.Decision) error {
	to := d.Request().Recipient
	return &tearline.Error{
		Op: "release", Kind: tearline.Withheld, Public: fmt.Sprintf("nothing of this may be told to %s", to),
		Hint: fmt.Sprintf("tearline decide %s --to %s says why, and what would lift it", d.Report(), to),
	}
}

// AskFirst says that consents are needed first, and whose.
func AskFirst(d release.Decision, ask []tearline.PartyID) error {
	to := d.Request().Recipient
	slices.Sort(ask)
	names := make([]string, len(ask))
	for i, p := range ask {
		names[i] = string(p)
	}
	return &tearline.Error{
		Op: "release", Kind: tearline.ReferKind, Public: fmt.Sprintf("nothing may be told to %s before consent of %s", to, strings.Join(names, ", ")),
		Hint: fmt.Sprintf("tearline ask %s --to %s asks them", d.Report(), to),
	}
}
