package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"tearline"
	"tearline/marking"
)

type markCmd struct {
	Parse      markParseCmd      `cmd:"" help:"Read marks: banner lines or portion marks, one a line."`
	Rollup     markRollupCmd     `cmd:"" help:"The banner of portions: one document a line."`
	Check      markCheckCmd      `cmd:"" help:"A declared banner against its portions: one document a line."`
	Releasable markReleasableCmd `cmd:"" help:"Who may keep and who may only see what a mark marks, by its release marking."`
}

// policyFlag names the policy of marks.
type policyFlag struct {
	Policy string `help:"The policy." default:"us" placeholder:"ID"`
}

func (f policyFlag) lookup() (*marking.Policy, error) {
	p, ok := marking.Lookup(f.Policy)
	if !ok {
		return nil, &tearline.Error{
			Op: "mark", Kind: tearline.Invalid, Public: fmt.Sprintf("unknown policy %q", f.Policy),
			Hint: "known policies: " + strings.Join(marking.Policies(), ", "),
		}
	}
	return p, nil
}

type markParseCmd struct {
	policyFlag
	Marks []string `arg:"" optional:"" help:"Marks (default: one a line on standard input)."`
}

// markFault is a fault of a mark in JSON.
type markFault struct {
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	Text   string `json:"text"`
	Rule   string `json:"rule"`
	Cites  string `json:"cites"`
	Hint   string `json:"hint"`
}

func markFaults(err error) []markFault {
	out := []markFault{}
	faults, ok := errors.AsType[marking.Faults](err)
	if err != nil && !ok {
		return append(out, markFault{Text: err.Error()})
	}
	for _, f := range faults {
		out = append(out, markFault{f.Offset, f.Length, f.Text, f.Rule, f.Cites, f.Hint})
	}
	return out
}

// parsedMark is the answer to one mark.
type parsedMark struct {
	Input   string         `json:"input"`
	OK      bool           `json:"ok"`
	Form    marking.Form   `json:"form"`
	Banner  string         `json:"canonical_banner"`
	Portion string         `json:"canonical_portion"`
	Fields  map[string]any `json:"fields"`
	Faults  []markFault    `json:"faults"`
}

func (c *markParseCmd) Run(r *run) error {
	pol, err := c.lookup()
	if err != nil {
		return err
	}
	return r.perLine(c.Marks, func(in string) (bool, error) {
		in, p, err := markInput(in, pol)
		var a parsedMark
		if err == nil {
			a = parseMark(p, in)
		} else {
			a = parsedMark{Input: in, Fields: map[string]any{}, Faults: []markFault{{Text: err.Error(), Hint: `write a mark, a JSON string, or {"input": MARK, "policy": ID}`}}}
		}
		return a.OK, r.line(a, func(p *printer) {
			if a.OK {
				p.f("%s\t%s\n", a.Banner, a.Portion)
				return
			}
			p.f("%s\t%s\n", a.Input, p.style(red, "refused"))
			showMarkFaults(p, a.Faults)
		})
	})
}

func showMarkFaults(p *printer, faults []markFault) {
	for _, f := range faults {
		text := fmt.Sprintf("at %d: %s", f.Offset, f.Text)
		if cites := strings.Trim(f.Rule+", "+f.Cites, ", "); cites != "" {
			text += " [" + cites + "]"
		}
		if f.Hint != "" {
			text += "; " + f.Hint
		}
		p.wrap("  - ", "    ", text)
	}
}

// markInput reads one line: a mark as it is, or in JSON.
func markInput(in string, pol *marking.Policy) (string, *marking.Policy, error) {
	t := strings.TrimSpace(in)
	switch {
	case strings.HasPrefix(t, `"`):
		var s string
		err := json.Unmarshal([]byte(t), &s)
		return s, pol, err
	case strings.HasPrefix(t, "{"):
		var o struct {
			Input   *string `json:"input"`
			Marking string  `json:"marking"`
			Policy  string  `json:"policy"`
		}
		if err := json.Unmarshal([]byte(t), &o); err != nil {
			return t, pol, err
		}
		if o.Policy != "" {
			var err error
			if pol, err = (policyFlag{Policy: o.Policy}).lookup(); err != nil {
				return t, pol, err
			}
		}
		if o.Input == nil {
			o.Input = &o.Marking
		}
		return *o.Input, pol, nil
	}
	return in, pol, nil
}

func parseMark(pol *marking.Policy, in string) parsedMark {
	m, form, err := pol.ParseForm(in)
	a := parsedMark{Input: in, OK: err == nil, Form: form, Fields: map[string]any{}, Faults: markFaults(err)}
	if err == nil {
		a.Banner, a.Portion, a.Fields = m.Banner(), m.Portion(), m.Fields()
	}
	return a
}

// line prints one answer: a line of JSON, or text.
func (r *run) line(v any, text func(p *printer)) error { return r.print(v, text) }

// maxMarkLine bounds one line of input.
const maxMarkLine = 1 << 20

// perLine answers each argument or, if there are none, each line of standard
// input. It exits with 1 if any was refused.
func (r *run) perLine(args []string, answer func(string) (bool, error)) error {
	bad := false
	if len(args) > 0 {
		for _, a := range args {
			ok, err := answer(a)
			if err != nil {
				return err
			}
			bad = bad || !ok
		}
	} else {
		out := bufio.NewWriterSize(r.Stdout, 1<<16)
		buffered := *r.App
		buffered.Stdout = out
		plain := r.App
		r.App = &buffered
		err := r.eachLine(func(s string) error {
			ok, err := answer(s)
			bad = bad || !ok
			return err
		})
		r.App = plain
		if err := errors.Join(err, out.Flush()); err != nil {
			return err
		}
	}
	if bad {
		return exit(exitError)
	}
	return nil
}

// eachLine reads standard input line by line, blank lines left out. A line
// that is too long is cut there: what reads it refuses it.
func (r *run) eachLine(fn func(string) error) error {
	in := bufio.NewReaderSize(r.Stdin, 1<<16)
	for {
		line, err := readLine(in)
		if s := bytes.TrimRight(line, "\r\n"); len(bytes.TrimSpace(s)) > 0 {
			if err := fn(string(s)); err != nil {
				return err
			}
		}
		if err == io.EOF { //nolint:errorlint // a reader's plain EOF
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// readLine reads to the end of a line and keeps at most maxMarkLine of it.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if len(line) < maxMarkLine {
			line = append(line, part[:min(len(part), maxMarkLine-len(line))]...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

type markRollupCmd struct {
	policyFlag
	Portions []string `arg:"" optional:"" help:"The marks of one document (default: documents on standard input, one a line, as JSON or as marks parted by semicolons)."`
}

// rollupInput is one document.
type rollupInput struct {
	Portions []string `json:"portions"`
	Dates    []string `json:"dates"`
	Policy   string   `json:"policy"`
}

// rolledUp is the answer to one document.
type rolledUp struct {
	Banner string      `json:"banner"`
	Faults []markFault `json:"faults"`
	Why    []rolledWhy `json:"why"`
}

type rolledWhy struct {
	Token    string `json:"token"`
	Portions []int  `json:"portions"` // from 0
	Rule     string `json:"rule"`
}

func (c *markRollupCmd) Run(r *run) error {
	pol, err := c.lookup()
	if err != nil {
		return err
	}
	answer := func(in rollupInput, err error) (bool, error) {
		a := rolledUp{Faults: []markFault{}, Why: []rolledWhy{}}
		p := pol
		if err == nil && in.Policy != "" {
			p, err = policyFlag{Policy: in.Policy}.lookup()
		}
		if err != nil {
			a.Faults = append(a.Faults, markFault{Text: err.Error(), Hint: `write {"portions": [MARK, …]}`})
		} else {
			a = rollup(p, in)
		}
		return len(a.Faults) == 0, r.line(a, func(p *printer) { showRollup(p, a) })
	}
	if len(c.Portions) > 0 {
		if ok, err := answer(rollupInput{Portions: c.Portions}, nil); err != nil || !ok {
			return errors.Join(err, exit(exitError))
		}
		return nil
	}
	return r.perLine(nil, func(s string) (bool, error) {
		var in rollupInput
		var err error
		if t := strings.TrimSpace(s); strings.HasPrefix(t, "{") {
			err = json.Unmarshal([]byte(t), &in)
		} else {
			for m := range strings.SplitSeq(s, ";") {
				in.Portions = append(in.Portions, strings.TrimSpace(m))
			}
		}
		return answer(in, err)
	})
}

func rollup(pol *marking.Policy, in rollupInput) rolledUp {
	a := rolledUp{Faults: []markFault{}, Why: []rolledWhy{}}
	if len(in.Dates) > 0 && len(in.Dates) != len(in.Portions) {
		a.Faults = append(a.Faults, markFault{Text: fmt.Sprintf("%d dates for %d portions", len(in.Dates), len(in.Portions)), Hint: "give one date for each portion, or none"})
		return a
	}
	dated := make([]marking.Dated, len(in.Portions))
	for i, s := range in.Portions {
		m, err := pol.Parse(s)
		for _, f := range markFaults(err) {
			f.Text = fmt.Sprintf("portion %d: %s", i, f.Text)
			a.Faults = append(a.Faults, f)
		}
		dated[i].Marking = m
		if len(in.Dates) > 0 {
			dated[i].Date = in.Dates[i]
		}
	}
	if len(a.Faults) > 0 {
		return a
	}
	rolled, err := pol.RollUp(dated)
	a.Faults = slices.Concat(a.Faults, markFaults(err))
	if err != nil {
		return a
	}
	a.Banner = rolled.Banner.Banner()
	for _, w := range rolled.Why {
		a.Why = append(a.Why, rolledWhy{w.Token, w.Portions, w.Rule})
	}
	return a
}

func showRollup(p *printer, a rolledUp) {
	if a.Banner == "" {
		p.f("%s\n", p.style(red, "refused"))
	} else {
		p.f("%s\n", p.style(bold, a.Banner))
	}
	for _, w := range a.Why {
		nums := make([]string, len(w.Portions))
		for i, n := range w.Portions {
			nums[i] = fmt.Sprint(n)
		}
		p.wrap("  ", "    ", fmt.Sprintf("%s: portions %s [%s]", w.Token, strings.Join(nums, ", "), w.Rule))
	}
	showMarkFaults(p, a.Faults)
}
