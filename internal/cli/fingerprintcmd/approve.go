package fingerprintcmd

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/text"
	"tearline/leak/authoring"
)

// Approve is the command with which an officer answers proposals. The answers
// are remembered wherever the same words stand in the same place.
type Approve struct {
	File    string   `arg:"" help:"The report, in Markdown."`
	Keys    []string `arg:"" optional:"" name:"key" help:"What is approved: its key, or how that begins."`
	Officer string   `help:"Who answers for the text." required:"" placeholder:"NAME"`
	Refuse  bool     `help:"Refuse it instead."`
	Review  bool     `help:"Ask for each that nobody has answered: y, n, or q to stop."`
}

// shortestKey is the least of a key that names it.
const shortestKey = 4

// Run records the answers.
func (c *Approve) Run(r *command.Run, j Desk) error {
	if err := c.check(); err != nil {
		return err
	}
	d, err := readFile(r, c.File)
	if err != nil {
		return err
	}
	s, err := j.suggest(d, nil)
	if err != nil {
		return err
	}
	var answers []authoring.Approval
	if c.Review {
		answers = c.review(r, s)
	} else if answers, err = c.named(s); err != nil {
		return err
	}
	if len(answers) > 0 {
		if err := j.Approve(answers); err != nil {
			return err
		}
	}
	if answers == nil {
		answers = []authoring.Approval{}
	}
	return r.Print(answers, func(p *command.Printer) {
		approved := 0
		for _, a := range answers {
			if a.Approved {
				approved++
			}
		}
		p.F("%d approved, %d refused by %s\n", approved, len(answers)-approved, c.Officer)
	})
}

// check refuses flags that do not go with each other.
func (c *Approve) check() error {
	switch {
	case c.Review == (len(c.Keys) > 0) || c.Review && c.Refuse:
		return command.UsageError("approve what?", "give keys as tearline fingerprint suggest shows them, or --review")
	case strings.TrimSpace(c.Officer) == "":
		return command.UsageError("approved by nobody", "--officer says who answers for the text")
	case c.Review && c.File == "-":
		return command.UsageError("--review with the report on standard input", "that is where the answers come from: give a file")
	}
	return nil
}

func (c *Approve) answer(a answered, approved bool) authoring.Approval {
	return authoring.Approval{Key: a.Key, Rule: a.Rule, Sentence: a.Sentence, Alternatives: a.Alternatives, Officer: c.Officer, Approved: approved}
}

// named answers the proposals whose keys were given, or none of them.
func (c *Approve) named(s *suggested) ([]authoring.Approval, error) {
	var out []authoring.Approval
	done := map[string]bool{}
	for _, key := range c.Keys {
		var found *answered
		for i := range s.Portions {
			for k := range s.Portions[i].Proposals {
				a := &s.Portions[i].Proposals[k]
				switch {
				case len(key) < shortestKey || !strings.HasPrefix(a.Key, key):
				case found != nil && found.Key != a.Key:
					return nil, &tearline.Error{Op: "approve", Kind: tearline.Invalid, Public: fmt.Sprintf("several proposals begin with %q", key), Hint: "give more of the key"}
				default:
					found = a
				}
			}
		}
		if found == nil {
			return nil, &tearline.Error{
				Op: "approve", Kind: tearline.Invalid, Public: fmt.Sprintf("no proposal for %s has the key %q", c.File, key),
				Hint: "tearline fingerprint suggest " + c.File + " shows the keys; nothing was recorded",
			}
		}
		if !done[found.Key] {
			done[found.Key] = true
			out = append(out, c.answer(*found, !c.Refuse))
		}
	}
	return out, nil
}

// review asks for each proposal that nobody has answered, and returns the
// answers up to the end of the input or to "q".
func (c *Approve) review(r *command.Run, s *suggested) []authoring.Approval {
	var out []authoring.Approval
	in := bufio.NewScanner(io.LimitReader(r.Stdin, command.MaxInput))
	done := map[string]bool{}
	for _, portion := range s.Portions {
		for _, a := range portion.Proposals {
			if a.Approved != nil || done[a.Key] {
				continue
			}
			p := &command.Printer{Colour: r.Colour}
			p.Wrap(fmt.Sprintf("%s %d of %d  ", portion.ID, a.Number, s.Proposed), "  ", a.Sentence)
			fmt.Fprint(r.Stderr, p.String())
			yes, more := ask(r.Stderr, in)
			if !more {
				return out
			}
			done[a.Key] = true
			out = append(out, c.answer(a, yes))
		}
	}
	if len(out) == 0 {
		fmt.Fprintf(r.Stderr, "%s: every proposal is answered\n", text.Count(s.Proposed, "proposal", "proposals"))
	}
	return out
}

// ask asks until the answer is one; more is false if there is no other.
func ask(w io.Writer, in *bufio.Scanner) (yes, more bool) {
	for {
		fmt.Fprint(w, "  may every reader have either? [y/n/q] ")
		if !in.Scan() {
			fmt.Fprintln(w)
			return false, false
		}
		switch strings.ToLower(strings.TrimSpace(in.Text())) {
		case "y", "yes":
			return true, true
		case "n", "no":
			return false, true
		case "q", "quit":
			return false, false
		}
	}
}
