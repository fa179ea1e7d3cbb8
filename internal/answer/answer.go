// Package answer puts decisions into the shape in which officers and programs
// read them; the JSON is stable. It is for the holder's own officers, as it
// names whom to ask, and may not decide or release anything.
package answer

import (
	"time"

	"tearline"
	"tearline/release"
)

// Decided is the answer to a question, for the holder's own officer.
type Decided struct {
	Report    tearline.ReportID `json:"report"`
	Recipient tearline.PartyID  `json:"recipient"`
	At        time.Time         `json:"at"`
	Outcome   tearline.Outcome  `json:"outcome"`
	Portions  []DecidedPortion  `json:"portions"`
}

// A DecidedPortion is the answer for one portion.
type DecidedPortion struct {
	Portion tearline.PortionID `json:"portion"`
	Marking string             `json:"marking"`
	Outcome tearline.Outcome   `json:"outcome"`
	Basis   tearline.Basis     `json:"basis"`
	Ask     []tearline.PartyID `json:"ask"`
	Reasons []DecidedReason    `json:"reasons"`
	// TearLine is the outcome for the approved wording, if there is one.
	TearLine *tearline.Outcome `json:"tear_line,omitempty"`
	// Discretion is the statement by which an authority discloses the
	// portion although the outcome is not Release.
	Discretion tearline.StatementID `json:"discretion,omitempty"`
	Conditions []tearline.Condition `json:"conditions,omitempty"`
}

// A DecidedReason is what one rule came to.
type DecidedReason struct {
	Rule       release.Rule           `json:"rule"`
	Outcome    tearline.Outcome       `json:"outcome"`
	Cites      string                 `json:"cites"`
	Statements []tearline.StatementID `json:"statements"`
	LiftedBy   []string               `json:"lifted_by"`
	Text       string                 `json:"text"`
}

// Decide puts a decision on a report into words and JSON. The decision must be
// on that report.
func Decide(r *tearline.Report, d release.Decision) Decided {
	q := d.Request()
	out := Decided{Report: r.ID, Recipient: q.Recipient, At: q.At, Outcome: d.Outcome(), Portions: []DecidedPortion{}}
	for _, v := range d.Verdicts() {
		p := DecidedPortion{
			Portion: v.Portion, Outcome: v.Outcome, Basis: v.Basis, Ask: append([]tearline.PartyID{}, v.Ask...), Reasons: []DecidedReason{},
			Discretion: v.Discretion, Conditions: v.Conditions,
		}
		if rp, ok := r.Portion(v.Portion); ok {
			p.Marking = rp.Marking.Portion()
		}
		for _, why := range v.Reasons {
			p.Reasons = append(p.Reasons, DecidedReason{
				Rule: why.Rule, Outcome: why.Outcome, Cites: why.Cites, Text: why.Text,
				Statements: append([]tearline.StatementID{}, why.Statements...), LiftedBy: append([]string{}, why.LiftedBy...),
			})
		}
		if t, ok := d.Verdict(tearline.TearOf(v.Portion)); ok {
			p.TearLine = &t.Outcome
		}
		out.Portions = append(out.Portions, p)
	}
	return out
}
