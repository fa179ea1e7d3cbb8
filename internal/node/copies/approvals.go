package copies

import (
	"context"
	"time"

	"tearline"
	"tearline/internal/store/sqlite"
)

// An Approval is what somebody said of a proposed alternative in its context:
// that the party's authors stand behind it there, or do not.
type Approval struct {
	Key          string    `json:"key"`
	Rule         string    `json:"rule"`
	Sentence     string    `json:"sentence"`
	Alternatives []string  `json:"alternatives"`
	Officer      string    `json:"officer"`
	At           time.Time `json:"at"`
	Approved     bool      `json:"approved"`
}

// Approvals are a party's, remembered from report to report, and the reports
// that they are about.
type Approvals struct {
	Party tearline.PartyID
	// Holdings returns the reports that a party holds.
	Holdings func(*sqlite.Tx, tearline.PartyID) func(tearline.ReportID) (*tearline.Report, error)
	// Read and Change run a function on the books as they stand, and as a
	// transaction.
	Read, Change func(context.Context, func(*sqlite.Tx) error) error
	Now          func() time.Time
}

// Report returns a report that the party holds; any other is withheld.
func (a Approvals) Report(ctx context.Context, id tearline.ReportID) (r *tearline.Report, err error) {
	err = a.Read(ctx, func(tx *sqlite.Tx) error {
		r, err = a.Holdings(tx, a.Party)(id)
		return err
	})
	return r, err
}

// List returns all that was said, by key.
func (a Approvals) List(ctx context.Context) (map[string]Approval, error) {
	out := map[string]Approval{}
	err := a.Read(ctx, func(tx *sqlite.Tx) error {
		rows, err := tx.Approvals(a.Party)
		for _, r := range rows {
			out[r.Key] = Approval{Key: r.Key, Rule: r.Rule, Sentence: r.Sentence, Alternatives: r.Alternatives, Officer: r.Officer, At: r.At, Approved: r.Approved}
		}
		return err
	})
	return out, err
}

// Say remembers what was said, as of now; At is not looked at. What was said of
// the same before is replaced.
func (a Approvals) Say(ctx context.Context, list ...Approval) error {
	return a.Change(ctx, func(tx *sqlite.Tx) error {
		at := a.Now()
		for _, x := range list {
			err := tx.PutApproval(sqlite.ApprovalRow{
				Party: a.Party, Key: x.Key, Rule: x.Rule, Sentence: x.Sentence, Alternatives: x.Alternatives, Officer: x.Officer, At: at, Approved: x.Approved,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}
