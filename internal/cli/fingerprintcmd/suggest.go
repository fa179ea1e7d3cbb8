package fingerprintcmd

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"tearline"
	"tearline/codec"
	"tearline/internal/cli/command"
	"tearline/internal/outfile"
	"tearline/internal/text"
	"tearline/leak/authoring"
)

// Suggest is the command that proposes alternatives for a report.
type Suggest struct {
	File  string   `arg:"" help:"The report, in Markdown; - is standard input."`
	Class []string `help:"Only these classes: ${enum}." enum:"form,phrase,word,syntax" placeholder:"CLASS"`
	All   bool     `help:"Show what was refused, too."`
	Apply string   `help:"Write the report with what was approved in braces, and nothing else." placeholder:"FILE"`
}

// A suggested report is what is proposed for it.
type suggested struct {
	Report   tearline.ReportID  `json:"report"`
	Portions []suggestedPortion `json:"portions"`
	Words    int                `json:"words"`
	Proposed int                `json:"proposed"`
	Approved int                `json:"approved"`
	Refused  int                `json:"refused"`
	// Per100 are the proposals in 100 words, by class.
	Per100 map[authoring.Class]float64 `json:"per_100_words"`
}

type suggestedPortion struct {
	ID        tearline.PortionID `json:"id"`
	Words     int                `json:"words"`
	Proposals []answered         `json:"proposals"`
}

// An answered proposal is one with its number in the report, from 1, and what
// an officer said to it.
type answered struct {
	Number int `json:"number"`
	authoring.Proposal
	// Approved is nil as long as nobody has answered.
	Approved *bool  `json:"approved"`
	Officer  string `json:"officer,omitempty"`
}

func (a answered) approved() bool { return a.Approved != nil && *a.Approved }
func (a answered) refused() bool  { return a.Approved != nil && !*a.Approved }

// Run proposes, or writes what was approved.
func (c *Suggest) Run(r *command.Run, j Desk) error {
	d, err := readFile(r, c.File)
	if err != nil {
		return err
	}
	s, err := j.suggest(d, c.Class)
	if err != nil {
		return err
	}
	if c.Apply != "" {
		return c.write(r, d, s)
	}
	if !c.All {
		for i := range s.Portions {
			s.Portions[i].Proposals = slices.DeleteFunc(s.Portions[i].Proposals, answered.refused)
		}
	}
	return r.Print(s, func(p *command.Printer) { c.show(p, s) })
}

// suggest proposes for all portions of a report, and says what was answered
// before. No classes are all.
func (j Desk) suggest(d *document, classes []string) (*suggested, error) {
	answers, err := j.Approved()
	if err != nil {
		return nil, err
	}
	s := &suggested{Report: d.report.ID, Portions: []suggestedPortion{}, Per100: map[authoring.Class]float64{}}
	for _, p := range d.portions() {
		sp := suggestedPortion{ID: p.ID, Words: authoring.Measure(p.Wording).Words, Proposals: []answered{}}
		s.Words += sp.Words
		for _, x := range authoring.Suggest(p.Wording) {
			if len(classes) > 0 && !slices.Contains(classes, string(x.Class)) {
				continue
			}
			s.Proposed++
			a := answered{Number: s.Proposed, Proposal: x}
			if said, ok := answers[x.Key]; ok && slices.Equal(said.Alternatives, x.Alternatives) {
				a.Approved, a.Officer = &said.Approved, said.Officer
			}
			if a.approved() {
				s.Approved++
			} else if a.refused() {
				s.Refused++
			}
			s.Per100[x.Class]++
			sp.Proposals = append(sp.Proposals, a)
		}
		s.Portions = append(s.Portions, sp)
	}
	for class, n := range s.Per100 {
		s.Per100[class] = 100 * n / float64(max(s.Words, 1))
	}
	return s, nil
}

func (c *Suggest) show(p *command.Printer, s *suggested) {
	for _, portion := range s.Portions {
		if len(portion.Proposals) == 0 {
			continue
		}
		p.F("%s\n", p.Style(text.Bold, string(portion.ID)))
		for _, a := range portion.Proposals {
			showProposal(p, a)
		}
		p.F("\n")
	}
	if s.Proposed == 0 {
		p.F("nothing is proposed\n")
		return
	}
	line := fmt.Sprintf("%s in %s: %.1f in 100 (", text.Count(s.Proposed, "proposal", "proposals"), text.Count(s.Words, "word", "words"),
		100*float64(s.Proposed)/float64(max(s.Words, 1)))
	var by []string
	for _, class := range authoring.Classes() {
		if n := s.Per100[class]; n > 0 {
			by = append(by, fmt.Sprintf("%s %.1f", class, n))
		}
	}
	line += strings.Join(by, ", ") + ")"
	if s.Approved > 0 {
		line += fmt.Sprintf("; %d approved", s.Approved)
	}
	if s.Refused > 0 {
		line += fmt.Sprintf("; %d refused", s.Refused)
		if !c.All {
			line += ", which --all shows"
		}
	}
	p.Wrap("", "", line)
}

// showProposal writes a proposal in its sentence.
func showProposal(p *command.Printer, a answered) {
	said := ""
	switch {
	case a.approved():
		said = p.Style(text.Green, "  approved") + " by " + a.Officer
	case a.refused():
		said = p.Style(text.Red, "  refused") + " by " + a.Officer
	}
	p.F("%4d  %s  %s, outlives %s%s\n", a.Number, a.Key, a.Class, a.Survives, said)
	p.Wrap("      ", "      ", a.Sentence)
}

// write writes the file with what was approved in braces. It is read again
// before it is put in its place: it must be the same report in all else.
func (c *Suggest) write(r *command.Run, d *document, s *suggested) error {
	if s.Approved == 0 {
		return &tearline.Error{
			Op: "suggest", Kind: tearline.Invalid, Public: "nothing that is proposed for " + d.name + " is approved",
			Hint: "tearline fingerprint approve " + d.name + " --review asks for each",
		}
	}
	out, err := outfile.Open(c.Apply, r.Stdout)
	if err != nil {
		return command.FileError(c.Apply, err)
	}
	defer out.Abandon()
	src, err := d.apply(s)
	if err != nil {
		return command.FileError(d.name, err)
	}
	if err := out.Put(bytes.NewBuffer(src)); err != nil {
		if c.Apply == "-" {
			return command.Written(err)
		}
		return command.FileError(c.Apply, err)
	}
	to := r.Stdout
	if c.Apply == "-" {
		to = r.Stderr
	}
	_, err = fmt.Fprintf(to, "%s: %s in braces\n", c.Apply, text.Count(s.Approved, "alternative", "alternatives"))
	return command.Written(err)
}

// apply puts what was approved into the file's bytes.
func (d *document) apply(s *suggested) ([]byte, error) {
	var out []byte
	at := 0
	for n, p := range d.portions() {
		place := d.places[p.ID]
		for _, a := range s.Portions[n].Proposals {
			if !a.approved() {
				continue
			}
			start, end := place.at(a.Start), place.at(a.End-1)+1
			out = append(out, d.src[at:start]...)
			out = append(out, '{')
			out = append(out, d.src[start:end]...)
			for _, other := range a.Alternatives[1:] {
				out = append(append(out, '|'), other...)
			}
			out = append(out, '}')
			at = end
		}
	}
	out = append(out, d.src[at:]...)
	return out, d.same(out, s)
}

// same reads what was written, and errs unless it is the report with what was
// approved.
func (d *document) same(src []byte, s *suggested) error {
	got, err := codec.ParseMarkdown(src)
	if err != nil {
		return fmt.Errorf("with what is approved: %w", err)
	}
	want := *d.report
	want.Portions = slices.Clone(want.Portions)
	for n, p := range d.portions() {
		var approved []authoring.Proposal
		for _, a := range s.Portions[n].Proposals {
			if a.approved() {
				approved = append(approved, a.Proposal)
			}
		}
		source, err := authoring.Apply(p.Wording, approved)
		if err != nil {
			return fmt.Errorf("%s: %w", p.ID, err)
		}
		i := slices.IndexFunc(want.Portions, func(x tearline.Portion) bool { return x.ID == p.ID })
		if want.Portions[i].Wording, err = tearline.ParseWording(source); err != nil {
			return fmt.Errorf("%s: %w", p.ID, err)
		}
	}
	a, err := codec.MarshalReport(got)
	if err != nil {
		return err
	}
	b, err := codec.MarshalReport(&want)
	if err != nil {
		return err
	}
	if !bytes.Equal(a, b) {
		return fmt.Errorf("what is approved cannot be put in without changing something else")
	}
	return nil
}
