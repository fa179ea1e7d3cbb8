package whatif

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/release"
)

// A Question says which answers are wanted. All of them are for one holder,
// instant and way of passing on.
type Question struct {
	Holder tearline.PartyID `json:"holder"`
	// At is the instant for which the question is asked; nothing said later
	// counts. It must be in 1970 or later.
	At time.Time `json:"at"`
	// Mode is the way of passing on. The zero Mode is none, and denied.
	Mode    tearline.Mode `json:"mode"`
	Purpose string        `json:"purpose"`
	// Reports are those to look at, each once, filed by At. None means all
	// that the holder held at At, by name.
	Reports []tearline.ReportID `json:"reports"`
	// Parties are those to look at, each once. None means all that the holder
	// had a record of in force at At, but for itself, by name.
	Parties []tearline.PartyID `json:"parties"`
}

// An Answer is what was decided on one portion, or on its approved tear-line
// wording, for one party. The zero Answer denies.
type Answer struct {
	Outcome tearline.Outcome `json:"outcome"`
	// Basis is by virtue of what it may go; ByNothing unless it is released.
	// A discretion is no basis here: see Discretion.
	Basis tearline.Basis `json:"basis"`
	// Ask names whom to ask if the outcome is Refer, sorted.
	Ask []tearline.PartyID `json:"ask"`
	// Conditions are what the holder must keep to if it passes it on, sorted.
	Conditions []tearline.Condition `json:"conditions"`
	// Discretion is the statement by which an authority discloses what the
	// rules do not release, "" if there is none.
	Discretion tearline.StatementID `json:"discretion,omitempty"`
}

// May reports whether it may go, by the rules or at discretion.
func (a *Answer) May() bool { return a.Outcome == tearline.Release || a.Discretion != "" }

func (a *Answer) equal(b *Answer) bool {
	return a.Outcome == b.Outcome && a.Basis == b.Basis && a.Discretion == b.Discretion &&
		slices.Equal(a.Ask, b.Ask) && slices.Equal(a.Conditions, b.Conditions)
}

// A Cell is the answer for one portion and one party.
type Cell struct {
	Answer
	// Instead is the answer for the approved tear-line wording, nil if there
	// is none. It may go where the portion may not.
	Instead *Answer `json:"instead,omitempty"`
}

func (c *Cell) equal(d *Cell) bool {
	if c.Instead == nil || d.Instead == nil {
		return c.Instead == d.Instead && c.Answer.equal(&d.Answer)
	}
	return c.Answer.equal(&d.Answer) && c.Instead.equal(d.Instead)
}

// A Row has the answers for one portion, one for each party of the question.
type Row struct {
	Report  tearline.ReportID  `json:"report"`
	Portion tearline.PortionID `json:"portion"`
	// Marking is the portion mark in force.
	Marking string `json:"marking"`
	Cells   []Cell `json:"cells"`
}

// A Matrix has a row for each portion of each report, in the order of the
// question and of the report, and a column for each party.
type Matrix struct {
	// The question as it was answered: with At in UTC, and all reports and
	// parties by name.
	Question
	Rows []Row `json:"rows"`
}

// Table answers a question from the statements of the holder's world, which
// are those that [release.NewFacts] reads. Each report is decided once for
// each party: a few microseconds a portion. The statements are not changed.
//
// An error is a [*tearline.Error]: Withheld if the holder holds no report of a
// name asked for, be it that it has taken the filing back; Invalid if a party
// is unknown at that time, a report was filed later or something is named
// twice. If the statements do not fit together it wraps [tearline.Faults].
func Table(statements []tearline.Statement, q Question) (Matrix, error) {
	facts, err := read(statements)
	if err != nil {
		return Matrix{}, err
	}
	if q, err = newWorld(statements, &q).resolve(q); err != nil {
		return Matrix{}, err
	}
	return table(facts, q)
}

// read reads the facts.
func read(statements []tearline.Statement) (*release.Facts, error) {
	facts, err := release.NewFacts(statements)
	if err != nil {
		return nil, fmt.Errorf("whatif: the statements do not fit together: %w", err)
	}
	return facts, nil
}

// table answers a question of which all reports and parties are known.
func table(facts *release.Facts, q Question) (Matrix, error) {
	m := Matrix{Question: q, Rows: []Row{}}
	for _, report := range q.Reports {
		if len(q.Parties) == 0 { // the portions are there all the same
			d, err := decide(facts, &q, report, q.Holder)
			if err != nil {
				return Matrix{}, err
			}
			m.head(report, d.Verdicts())
			continue
		}
		first := len(m.Rows)
		for i, party := range q.Parties {
			d, err := decide(facts, &q, report, party)
			if err != nil {
				return Matrix{}, err
			}
			verdicts := d.Verdicts()
			if i == 0 {
				m.head(report, verdicts)
			}
			for j := range verdicts {
				m.Rows[first+j].Cells = append(m.Rows[first+j].Cells, newCell(&d, &verdicts[j]))
			}
		}
	}
	return m, nil
}

// decide decides on a report for one party, discretions beside it.
func decide(facts *release.Facts, q *Question, report tearline.ReportID, to tearline.PartyID) (release.Decision, error) {
	d, err := release.Decide(facts, report, release.Request{
		Holder: q.Holder, Recipient: to, At: q.At, Mode: q.Mode, Purpose: q.Purpose,
	})
	if err != nil {
		return d, fmt.Errorf("whatif: %w", err)
	}
	return d.WithDiscretion(facts), nil
}

// head adds a row without cells for each portion of a report. The mark in
// force is the same whoever asks.
func (m *Matrix) head(report tearline.ReportID, verdicts []release.Verdict) {
	for i := range verdicts {
		v := &verdicts[i]
		m.Rows = append(m.Rows, Row{
			Report: report, Portion: v.Portion, Marking: v.Marking.Portion(),
			Cells: make([]Cell, 0, len(m.Parties)),
		})
	}
}

func newCell(d *release.Decision, v *release.Verdict) Cell {
	c := Cell{Answer: newAnswer(v)}
	if tear, ok := d.Verdict(tearline.TearOf(v.Portion)); ok {
		instead := newAnswer(&tear)
		c.Instead = &instead
	}
	return c
}

func newAnswer(v *release.Verdict) Answer {
	return Answer{
		Outcome: v.Outcome, Basis: v.Basis, Discretion: v.Discretion,
		Ask:        append([]tearline.PartyID{}, v.Ask...),
		Conditions: append([]tearline.Condition{}, v.Conditions...),
	}
}

// op names what was being done, in errors.
const op = "whatif"

// invalid says that the question is wrong, and how to mend it.
func invalid(hint, format string, args ...any) error {
	return &tearline.Error{Op: op, Kind: tearline.Invalid, Public: fmt.Sprintf(format, args...), Hint: hint}
}

// stamp writes an instant as it is written in questions.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// quoted lists names in quotation marks.
func quoted[S ~string](names []S) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = fmt.Sprintf("%q", n)
	}
	return strings.Join(out, ", ")
}
