package cli

import (
	"io"

	"tearline/internal/marks"
)

type markCmd struct {
	Parse      markParseCmd      `cmd:"" help:"Read marks: banner lines or portion marks, one a line."`
	Rollup     markRollupCmd     `cmd:"" help:"The banner of portions: one document a line."`
	Check      markCheckCmd      `cmd:"" help:"A declared banner against its portions: one document a line."`
	Releasable markReleasableCmd `cmd:"" help:"Who may keep and who may only see what a mark marks, by its release marking."`
	Access     markAccessCmd     `cmd:"" help:"What a mark lets a person do with what it marks, and why."`
	Join       markJoinCmd       `cmd:"" help:"What marks of several policies come to together."`
	Convert    markConvertCmd    `cmd:"" help:"A label in another form: ISM, STANAG 4774, STIX, MISP."`
}

type markParseCmd struct {
	policyFlag
	Fix   bool     `help:"Mend what can be mended without admitting anybody, and print the mark as it should be." xor:"how"`
	Lint  bool     `help:"Say also what is written otherwise than it should be, and what the document has to see to." xor:"how"`
	Marks []string `arg:"" optional:"" help:"Marks (default: one a line on standard input)."`
}

func (c *markParseCmd) Run(r *run) error {
	pol, err := c.lookup(r)
	if err != nil {
		return err
	}
	switch {
	case c.Fix:
		return r.eachMark(c.Marks, marks.Mending(pol, markStyle(r, marks.MendedText)))
	case c.Lint:
		return r.eachMark(c.Marks, marks.Linting(pol, markStyle(r, marks.LintedText)))
	}
	return r.eachMark(c.Marks, marks.Parsing(pol, markStyle(r, marks.ParsedText)))
}

type markRollupCmd struct {
	policyFlag
	Portions []string `arg:"" optional:"" help:"The marks of one document (default: documents on standard input, one a line, as JSON or as marks parted by semicolons)."`
}

func (c *markRollupCmd) Run(r *run) error {
	pol, err := c.lookup(r)
	if err != nil {
		return err
	}
	roll := marks.NewRollUp(pol, markStyle(r, marks.RolledUpText))
	if len(c.Portions) > 0 {
		return r.answered(roll.Document(nil, &marks.Document{Portions: c.Portions}))
	}
	return r.eachMark(nil, roll.Lines())
}

// markStyle is how answers are shown: by show, or as JSON if that was asked for.
func markStyle[A any](r *run, show func(dst []byte, a *A, colour bool) []byte) func(dst []byte, a *A) []byte {
	if r.JSON {
		return nil
	}
	return func(dst []byte, a *A) []byte { return show(dst, a, r.Colour) }
}

// eachMark answers each argument or, if there are none, each line of standard
// input. It exits with 1 if any was refused.
func (r *run) eachMark(args []string, answer marks.Answer) error {
	var ok bool
	var err error
	if len(args) > 0 {
		ok, err = marks.Each(args, answersTo{r.Stdout}, answer)
	} else {
		ok, err = marks.Lines(r.ctx, r.Stdin, answersTo{r.Stdout}, answer)
	}
	if err == nil && !ok {
		return exit(exitError)
	}
	return err
}

// answered prints one answer.
func (r *run) answered(text []byte, ok bool) error {
	if _, err := (answersTo{r.Stdout}).Write(text); err != nil {
		return err
	}
	if !ok {
		return exit(exitError)
	}
	return nil
}

// answersTo writes answers to a writer, and says so if they are lost.
type answersTo struct{ io.Writer }

func (a answersTo) Write(b []byte) (int, error) {
	n, err := a.Writer.Write(b)
	return n, written(err)
}
