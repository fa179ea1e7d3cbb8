// Package markcmd is the mark and policy commands: what people type and read.
// The jobs are done by internal/marks; there is no data directory here.
package markcmd

import (
	"tearline/internal/cli/command"
	"tearline/internal/marks"
)

// Mark is the mark command.
type Mark struct {
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

func (c *markParseCmd) Run(r *command.Run) error {
	pol, err := c.lookup(r)
	if err != nil {
		return err
	}
	switch {
	case c.Fix:
		return eachMark(r, c.Marks, marks.Mending(pol, markStyle(r, marks.MendedText)))
	case c.Lint:
		return eachMark(r, c.Marks, marks.Linting(pol, markStyle(r, marks.LintedText)))
	}
	return eachMark(r, c.Marks, marks.Parsing(pol, markStyle(r, marks.ParsedText)))
}

type markRollupCmd struct {
	policyFlag
	Portions []string `arg:"" optional:"" help:"The marks of one document (default: documents on standard input, one a line, as JSON or as marks parted by semicolons)."`
}

func (c *markRollupCmd) Run(r *command.Run) error {
	pol, err := c.lookup(r)
	if err != nil {
		return err
	}
	roll := marks.NewRollUp(pol, markStyle(r, marks.RolledUpText))
	if len(c.Portions) > 0 {
		text, ok := roll.Document(nil, &marks.Document{Portions: c.Portions})
		return answered(r, text, ok)
	}
	return eachMark(r, nil, roll.Lines())
}

// markStyle is how answers are shown: by show, or as JSON if that was asked for.
func markStyle[A any](r *command.Run, show func(dst []byte, a *A, colour bool) []byte) func(dst []byte, a *A) []byte {
	if r.JSON {
		return nil
	}
	return func(dst []byte, a *A) []byte { return show(dst, a, r.Colour) }
}

// eachMark answers each argument or, if there are none, each line of standard
// input. It exits with 1 if any was refused.
func eachMark(r *command.Run, args []string, answer marks.Answer) error {
	var ok bool
	var err error
	if len(args) > 0 {
		ok, err = marks.Each(args, command.AnswersTo{Writer: r.Stdout}, answer)
	} else {
		ok, err = marks.Lines(r.Ctx, r.Stdin, command.AnswersTo{Writer: r.Stdout}, answer)
	}
	if err == nil && !ok {
		return command.CodeError(command.ExitError)
	}
	return err
}

// answered prints one answer.
func answered(r *command.Run, text []byte, ok bool) error {
	if _, err := (command.AnswersTo{Writer: r.Stdout}).Write(text); err != nil {
		return err
	}
	if !ok {
		return command.CodeError(command.ExitError)
	}
	return nil
}
