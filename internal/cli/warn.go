package cli

import (
	"fmt"
	"strings"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/node"
	"tearline/internal/text"
)

type warnCmd struct {
	asking
	Mode string `help:"How: document, visual or oral." enum:"document,visual,oral" default:"document"`
	Ask  bool   `help:"Ask all of them for their consent, at once."`
}

func (c *warnCmd) Run(r *run) error {
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		q := c.question(as)
		q.Mode = tearline.Mode(c.Mode)
		w, err := n.Warn(r.Ctx, q)
		if err != nil {
			return err
		}
		out := warned{Warning: w, Asked: []node.Asked{}}
		if c.Ask {
			if out.Asked, err = n.Ask(r.Ctx, q, nil); err != nil {
				return err
			}
		}
		if err := r.Print(out, func(p *command.Printer) { c.show(p, out) }); err != nil {
			return err
		}
		switch {
		case w.Banner != "":
			return nil
		case len(w.WouldAdd) > 0:
			return command.CodeError(command.ExitRefer)
		}
		return command.CodeError(command.ExitWithheld)
	})
}

// warned is the answer in JSON: what could be told, and what was asked.
type warned struct {
	node.Warning
	Asked []node.Asked `json:"asked"`
}

func (c *warnCmd) show(p *command.Printer, w warned) {
	if w.Banner == "" {
		p.F("%s\n", p.Style(text.Red, "nothing can be told to "+string(w.Recipient)+" now"))
	} else {
		p.F("%s can be told now: %s, %s\n", w.Recipient, text.Count(w.Words, "word", "words"), w.Banner)
		if len(w.Kept) > 0 {
			p.Wrap("  as it is   ", "    ", text.List(w.Kept))
		}
		if len(w.Replaced) > 0 {
			p.Wrap("  tear line  ", "    ", text.List(w.Replaced))
		}
	}
	if len(w.Dropped) > 0 {
		p.Wrap("  withheld   ", "    ", text.List(w.Dropped))
	}
	for _, g := range w.WouldAdd {
		p.Wrap("consent of "+strings.ReplaceAll(text.List(g.Consents), ", ", " and ")+" would add ", "  ", text.Count(g.Words, "word", "words")+": "+text.List(g.Portions))
	}
	showAsked(p, w.Asked)
	if w.Banner != "" {
		p.F("give it:  %s\n", c.next())
	}
	if len(w.WouldAdd) > 0 && !c.Ask {
		p.F("ask them: the same with --ask\n")
	}
}

// next is the command that gives what can be told.
func (c *warnCmd) next() string {
	if c.Mode == string(tearline.Document) {
		return "tearline release " + c.flags() + " --out FILE"
	}
	return "tearline disclose " + c.flags() + " --gist TEXT"
}

// flags are the question's own, as they are typed.
func (c *warnCmd) flags() string {
	var s strings.Builder
	s.WriteString(c.Report + " --to " + c.To)
	for _, f := range [][2]string{{"purpose", c.Purpose}, {"unit", c.Unit}, {"person", c.Person}, {"clearance", c.Clearance}, {"read-into", strings.Join(c.ReadInto, ",")}} {
		if f[1] != "" {
			fmt.Fprintf(&s, " --%s %q", f[0], f[1])
		}
	}
	if c.Mode != string(tearline.Document) {
		s.WriteString(" --" + c.Mode)
	}
	return s.String()
}
