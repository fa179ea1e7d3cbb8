package tracecmd

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/marks"
	"tearline/internal/node/batch"
	"tearline/internal/node/trace"
	"tearline/leak/match"
)

// A batchLine is one text to trace.
type batchLine struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	Date string `json:"date"`
}

// A batchAnswer stands in the place of a batchLine.
type batchAnswer struct {
	ID      string       `json:"id"`
	Matches []batchMatch `json:"matches"`
}

// A batchMatch is the short form of a match.
type batchMatch struct {
	Report  tearline.ReportID  `json:"report"`
	Portion tearline.PortionID `json:"portion"`
	Marking string             `json:"marking"`
	Kind    match.Kind         `json:"kind"`
	EValue  *float64           `json:"evalue"`
	Score   float64            `json:"score"`
	Finding trace.Finding      `json:"finding"`
	Spans   []trace.Span       `json:"spans"`
}

// A batchFault stands in the place of an answer that there is none of.
type batchFault struct {
	ID    string      `json:"id"`
	Error batch.Error `json:"error"`
}

// batch traces texts line for line. A line that has no answer has an error in
// its place, and the others are answered.
func (c *Trace) batch(r *command.Run, j Jobs) error {
	if c.File != "" && c.File != "-" || c.HTML != "" || c.Record || c.Where+c.Case+c.Officer != "" {
		return command.UsageError("--batch with a file, --html, --record, --where or --case", "it reads standard input, answers line for line, and records nothing")
	}
	seen, err := command.Published(c.Date)
	if err != nil {
		return err
	}
	return j.With(func(ask Ask) error {
		ok, err := marks.Lines(r.Ctx, r.Stdin, command.AnswersTo{Writer: r.Stdout}, func(dst, line []byte) ([]byte, bool) {
			id, t, err := c.answer(line, seen, ask)
			switch {
			case err != nil && r.JSON:
				return appendJSON(dst, batchFault{id, told(err)}), false
			case err != nil:
				return fmt.Appendf(dst, "%s: %s\n\n", trace.Plain(id), trace.Plain(told(err).Public)), false
			case r.JSON:
				return appendJSON(dst, short(id, &t)), true
			}
			p := &command.Printer{Colour: r.Colour}
			showShort(p, id, &t)
			return append(dst, p.String()...), true
		})
		if err == nil && !ok {
			return command.CodeError(command.ExitError)
		}
		return err
	})
}

// answer traces the text of one line; the name of the text is told as far as
// it could be read.
func (c *Trace) answer(line []byte, seen time.Time, ask Ask) (id string, t trace.Result, err error) {
	in, err := readLine(line)
	if err != nil {
		return in.ID, t, err
	}
	if in.Date != "" {
		if seen, err = command.Published(in.Date); err != nil {
			return in.ID, t, err
		}
	}
	t, err = ask(c.question(in.Text, seen))
	return in.ID, t, err
}

// readLine reads one line of a batch.
func readLine(line []byte) (in batchLine, err error) {
	refuse := func(why any) error {
		return &tearline.Error{Op: "trace", Kind: tearline.Invalid, Public: fmt.Sprintf(`want {"id": ID, "text": TEXT, "date": TIME}: %v`, why)}
	}
	switch {
	case len(line) > marks.MaxLine:
		return in, refuse(fmt.Sprintf("a line of more than %d MiB", marks.MaxLine>>20))
	case !utf8.Valid(line):
		return in, refuse("not UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		return in, refuse(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return in, refuse("more than one value")
	}
	return in, nil
}

// told is what of an error leaves the process.
func told(err error) batch.Error {
	out := batch.Error{Kind: tearline.KindOf(err).String(), Public: err.Error()}
	if e, ok := errors.AsType[*tearline.Error](err); ok {
		out.Public, out.Hint = e.Public, e.Hint
	}
	if e, ok := errors.AsType[*command.MisuseError](err); ok {
		out.Kind, out.Hint = tearline.Invalid.String(), e.Hint
	}
	return out
}

func short(id string, t *trace.Result) batchAnswer {
	out := batchAnswer{id, []batchMatch{}}
	for i := range t.Matches {
		m := &t.Matches[i]
		out.Matches = append(out.Matches, batchMatch{m.Report, m.Portion, m.Marking, m.Kind, m.EValue, m.Score, m.Verdict.Finding, m.Spans})
	}
	return out
}

// showShort shows an answer in a few lines: the weak matches are not worth one.
func showShort(p *command.Printer, id string, t *trace.Result) {
	p.F("%s\n", trace.Plain(id))
	none := true
	for i := range t.Matches {
		m := &t.Matches[i]
		if m.Kind == trace.Weak {
			continue
		}
		none = false
		p.Wrap("  ", "      ", fmt.Sprintf("%s %s  %s: %s; %s", m.Ref(), m.Marking, m.Kind, m.Chance(), m.Verdict.Finding))
	}
	if none {
		p.F("  no trace\n")
	}
	p.F("\n")
}

// appendJSON appends a line of JSON.
func appendJSON(dst []byte, v any) []byte {
	b := bytes.NewBuffer(dst)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Appendf(dst, `{"error":{"kind":"other","public":%q}}`+"\n", err)
	}
	return b.Bytes()
}
