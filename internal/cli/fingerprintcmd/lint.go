package fingerprintcmd

import (
	"fmt"
	"strings"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/text"
	"tearline/leak/authoring"
	"tearline/leak/fingerprint/bound"
)

// Lint is the command that says what is wrong with the alternatives of a
// report, and how much they can carry.
type Lint struct {
	Report     string `arg:"" help:"The report: a file in Markdown, - for standard input, or the name of one that is filed."`
	Recipients int    `help:"How many copies there are, for how long a quotation must be to name one." default:"100" placeholder:"N"`
}

// oneIn is how often any innocent copy may be named.
const oneIn = 1e-6

// linted is what there is to say of a report's alternatives.
type linted struct {
	Report   tearline.ReportID `json:"report"`
	Findings []finding         `json:"findings"`
	Portions []measured        `json:"portions"`
	Sum      measured          `json:"sum"`
}

type finding struct {
	Portion tearline.PortionID `json:"portion"`
	// Line and Column are those of the file; of a report that is filed the
	// line is 1 and the column counts the bytes of the portion.
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Rule    string `json:"rule"`
	Text    string `json:"text"`
	Hint    string `json:"hint"`
	Warning bool   `json:"warning"`
}

type measured struct {
	ID tearline.PortionID `json:"id,omitempty"`
	authoring.Capacity
	Per100 float64 `json:"per_100_words"`
	// WordsToName is how long a quotation must be, letter for letter, to name
	// one of so many copies; 0 if there are no points.
	WordsToName int `json:"words_to_name"`
}

// Run looks at all alternatives. What is to be mended sets the exit code.
func (c *Lint) Run(r *command.Run, j Desk) error {
	minPoints := func(copies int) (int, error) { return bound.MinPoints(copies, oneIn, bound.NuidaLow, 0) }
	if _, err := minPoints(c.Recipients); err != nil {
		return command.UsageError("--recipients: "+err.Error(), "give how many copies there are")
	}
	d, err := j.open(r, c.Report)
	if err != nil {
		return err
	}
	l := linted{Report: d.report.ID, Findings: []finding{}, Portions: []measured{}}
	refused := 0
	measure := func(of authoring.Capacity, id tearline.PortionID) measured {
		return measured{ID: id, Capacity: of, Per100: of.Per100(), WordsToName: of.WordsToName(c.Recipients, minPoints)}
	}
	sum := authoring.Measure(tearline.Wording{})
	for _, p := range d.portions() {
		for _, f := range authoring.Lint(p.Wording) {
			line, column := d.where(p.ID, f.Start)
			l.Findings = append(l.Findings, finding{
				Portion: p.ID, Line: line, Column: column, Rule: f.Rule, Text: f.Text, Hint: f.Hint, Warning: f.Warning,
			})
			if !f.Warning {
				refused++
			}
		}
		of := authoring.Measure(p.Wording)
		sum = sum.Add(of)
		l.Portions = append(l.Portions, measure(of, p.ID))
	}
	l.Sum = measure(sum, "")
	if err := r.Print(l, func(p *command.Printer) { c.show(p, d, &l) }); err != nil {
		return err
	}
	if refused > 0 {
		fmt.Fprintf(r.Stderr, "tearline: %s to be mended\n", text.Count(refused, "point", "points"))
		return command.CodeError(command.ExitError)
	}
	return nil
}

func (c *Lint) show(p *command.Printer, d *document, l *linted) {
	for _, f := range l.Findings {
		where := fmt.Sprintf("%s/%s:%d", d.name, f.Portion, f.Column)
		if d.src != nil {
			where = fmt.Sprintf("%s:%d:%d", d.name, f.Line, f.Column)
		}
		if f.Warning {
			where += ": warning"
		}
		p.F("%s: %s; %s\n", where, f.Text, f.Hint)
	}
	rows := [][]string{{"portion", "words", "points", "bits", "in 100 words", "outlive"}}
	for _, m := range append(l.Portions, l.Sum) {
		id := string(m.ID)
		if id == "" {
			id = "all"
		}
		var outlive []string
		for _, s := range authoring.Survivals() {
			if n := m.BySurvival[s]; n > 0 {
				outlive = append(outlive, fmt.Sprintf("%s %d", s, n))
			}
		}
		rows = append(rows, []string{
			id, text.Thousands(m.Words), text.Thousands(m.Points), fmt.Sprintf("%.1f", m.Bits), fmt.Sprintf("%.1f", m.Per100), strings.Join(outlive, ", "),
		})
	}
	p.Table(rows)
	if n := l.Sum.WordsToName; n > 0 {
		p.Wrap("", "", fmt.Sprintf("To name one of %s copies, with at most one chance in a million to name any other, takes a quotation of about %s, letter for letter.",
			text.Thousands(c.Recipients), text.Count(n, "word", "words")))
	}
}
