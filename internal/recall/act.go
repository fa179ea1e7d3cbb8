package recall

import (
	"fmt"
	"strings"
	"time"

	"tearline"
)

// An Act is the answer to a recall or a confirmation.
type Act struct {
	// Statement is the recall or confirmation; Again says that it had been
	// said before, and that nothing new was.
	Statement tearline.StatementID `json:"statement"`
	Recall    tearline.StatementID `json:"recall"`
	By        tearline.PartyID     `json:"by"`
	Recipient tearline.PartyID     `json:"recipient"`
	Copy      tearline.CopyID      `json:"copy,omitempty"`
	Done      tearline.Done        `json:"done,omitempty"`
	Because   string               `json:"because,omitempty"`
	Again     bool                 `json:"again,omitempty"`
	// Says is what is to be said, nil if it has been; Since is when what it
	// follows from was said.
	Says  tearline.Predicate `json:"-"`
	Since time.Time          `json:"-"`
}

// Recall is how a party recalls a disclosure of its own, or the one that an
// extract of its own is of, for a reason of its own. What has been recalled is
// not recalled again. What is not the party's is withheld.
func (r *Records) Recall(by tearline.PartyID, id tearline.StatementID, because string) (Act, error) {
	if strings.TrimSpace(because) == "" {
		return Act{}, invalid("say why: --because TEXT", "a recall without a reason")
	}
	for k := range r.extracts {
		if r.extracts[k].ID == id {
			id = k.of
			break
		}
	}
	d, ok := r.given[id]
	if !ok || d.By != by {
		return Act{}, tearline.NewWithheld()
	}
	a := Act{By: by, Recipient: d.says.Recipient, Copy: d.says.Copy, Because: because}
	if x, ok := r.recalls[id]; ok {
		a.Statement, a.Recall, a.Because, a.Again = x.ID, x.ID, x.says.Because, true
		return a, nil
	}
	a.Says, a.Since = recallOf(d, because), d.At
	return a, nil
}

// Confirm is how a party says what it did about a recall that it was told,
// under a name that begins so or for the copy of that number. What it has said
// already is not said again. What it was not told is withheld.
func (r *Records) Confirm(as tearline.PartyID, name string, done tearline.Done, because string) (Act, error) {
	because = strings.TrimSpace(because)
	if err := checkDone(done, because); err != nil {
		return Act{}, err
	}
	var found []said[tearline.Recall]
	for _, x := range r.recalls {
		if name != "" && x.says.Recipient == as && (strings.HasPrefix(string(x.ID), name) || string(x.says.Copy) == strings.ToUpper(name)) {
			found = append(found, x)
		}
	}
	switch {
	case len(found) == 0:
		return Act{}, tearline.NewWithheld()
	case len(found) > 1:
		return Act{}, invalid("give more of its characters", "%q begins the names of several recalls", name)
	}
	x := found[0]
	a := Act{Recall: x.ID, By: x.By, Recipient: as, Copy: x.says.Copy, Done: done, Because: because}
	if c, ok := r.confirmed[x.ID]; ok && c.says.Done == done && c.says.Because == because {
		a.Statement, a.Again = c.ID, true
		return a, nil
	}
	a.Says, a.Since = &tearline.Confirmation{Recall: x.ID, Done: done, Because: because}, x.At
	return a, nil
}

// checkDone refuses what nobody can have done about a recall, and without a
// reason what leaves the material where it is.
func checkDone(d tearline.Done, because string) error {
	switch d {
	case tearline.Destroyed, tearline.Returned:
		return nil
	case tearline.Sequestered, tearline.CannotComply:
		if because == "" {
			return invalid("say why: --because TEXT", "%s without a reason", d)
		}
		return nil
	}
	return invalid("give --done destroyed, returned, sequestered or cannot-comply", "%q is nothing that can be done", d)
}

func invalid(hint, format string, args ...any) error {
	return &tearline.Error{Op: "recall", Kind: tearline.Invalid, Public: fmt.Sprintf(format, args...), Hint: hint}
}

// recallOf is the recall of a disclosure.
func recallOf(d said[tearline.Disclosure], because string) *tearline.Recall {
	return &tearline.Recall{
		Of: d.ID, Recipient: d.says.Recipient, Copy: d.says.Copy, Disclosed: d.says.Occurred.Truncate(instant), Because: because,
	}
}
