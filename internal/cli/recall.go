package cli

import (
	"fmt"
	"strings"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/node"
	"tearline/internal/recall"
	"tearline/internal/text"
)

type recallCmd struct {
	Make    recallMakeCmd    `cmd:"" default:"withargs" help:"Recall a copy or a disclosure: tearline recall COPY --because TEXT."`
	List    recallListCmd    `cmd:"" help:"List what one is to give up, and who has confirmed what one has called back."`
	Confirm recallConfirmCmd `cmd:"" help:"Say what was done about a recall."`
}

type recallMakeCmd struct {
	ID      string `arg:"" name:"copy" help:"The copy's number, or the disclosure, or the beginning of its name."`
	Because string `help:"Why; the recipient reads it." required:"" placeholder:"TEXT"`
}

func (c *recallMakeCmd) Run(r *run) error {
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		a, err := n.Recall(r.Ctx, as, c.ID, c.Because)
		if err != nil {
			return err
		}
		if a.Again && !r.JSON {
			fmt.Fprintf(r.Stderr, "tearline: it has been recalled before; nothing new was said\n")
		}
		return r.Print(a, func(p *command.Printer) {
			p.Wrap(string(a.Recall)+"  ", strings.Repeat(" ", len(a.Recall)+2),
				fmt.Sprintf("%s recalls %s from %s: %s", a.By, thing(a.Copy, "what it told or showed"), a.Recipient, a.Because))
		})
	})
}

type recallListCmd struct{}

func (c *recallListCmd) Run(r *run) error {
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		l, err := n.Recalls(r.Ctx, as)
		if err != nil {
			return err
		}
		return r.Print(l, func(p *command.Printer) { showRecalls(p, as, l) })
	})
}

type recallConfirmCmd struct {
	ID      string `arg:"" help:"The recall, or the beginning of its name, or the copy's number."`
	Done    string `help:"What was done: destroyed, returned, sequestered or cannot-comply." required:"" enum:"destroyed,returned,sequestered,cannot-comply" placeholder:"WHAT"`
	Because string `help:"Why; demanded for sequestered and cannot-comply." placeholder:"TEXT"`
}

func (c *recallConfirmCmd) Run(r *run) error {
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		a, err := n.Confirm(r.Ctx, as, c.ID, tearline.Done(c.Done), c.Because)
		if err != nil {
			return err
		}
		if a.Again && !r.JSON {
			fmt.Fprintf(r.Stderr, "tearline: that was confirmed before; nothing new was said\n")
		}
		return r.Print(a, func(p *command.Printer) {
			p.Wrap(string(a.Statement)+"  ", strings.Repeat(" ", len(a.Statement)+2),
				fmt.Sprintf("%s confirms to %s: %s %s%s", a.Recipient, a.By, thing(a.Copy, "what was told or shown"), a.Done, because(a.Because)))
		})
	})
}

// thing names a copy by its number, or else what was told or shown.
func thing(c tearline.CopyID, told string) string {
	if c == "" {
		return told
	}
	return "copy " + string(c)
}

func because(words string) string {
	if words == "" {
		return ""
	}
	return ", because " + words
}

func showRecalls(p *command.Printer, as tearline.PartyID, l recall.List) {
	if len(l.ToGiveUp) == 0 && len(l.Rounds) == 0 {
		p.F("nothing is recalled\n")
	}
	for _, d := range l.ToGiveUp {
		showDemand(p, d)
	}
	for _, x := range l.Rounds {
		showRound(p, as, x)
	}
}

// showDemand is a recall for the party that is to give something up.
func showDemand(p *command.Printer, d recall.Demand) {
	what := fmt.Sprintf("what %s told or showed you on %s", d.By, text.Stamp(d.Disclosed))
	if d.Copy != "" {
		what = fmt.Sprintf("copy %s, which %s gave you on %s", d.Copy, d.By, text.Stamp(d.Disclosed))
	}
	p.F("%s\n", what)
	p.Wrap("  ", "    ", "recalled on "+text.Stamp(d.At)+": "+d.Because)
	last := len(d.NoLonger) - 1
	p.F("  you may no longer %s or %s it\n", strings.Join(d.NoLonger[:last], ", "), d.NoLonger[last])
	if d.Answer == nil {
		p.F("  %s: tearline recall confirm %s --done WHAT\n", p.Style(text.Yellow, "to be confirmed"), d.Recall)
		return
	}
	p.Wrap("  ", "    ", "confirmed: "+answerWords(p, d.Answer)+" ["+string(d.Recall)+"]")
}

// showRound is a recall for whoever made it, or whose material it is.
func showRound(p *command.Printer, as tearline.PartyID, x recall.Round) {
	words := "recalled on " + text.Stamp(x.At) + ": " + x.Because
	if x.Consent != "" {
		who := string(x.Originator)
		if x.Originator == as {
			who = "you"
		}
		words = fmt.Sprintf("%s took back consent %s on %s", who, x.Consent, text.Stamp(x.At))
	}
	p.Wrap("", "  ", words)
	have := "have"
	if x.Confirmed == 1 {
		have = "has"
	}
	tally := fmt.Sprintf("%d of %d %s confirmed", x.Confirmed, x.Told, have)
	if x.CannotComply > 0 {
		tally += fmt.Sprintf("; %d cannot comply", x.CannotComply)
	}
	if x.Told == x.Confirmed && x.CannotComply == 0 {
		tally = p.Style(text.Green, tally)
	}
	p.F("  %s\n", tally)
	var rows [][]string
	for _, h := range x.Holders {
		what := map[tearline.Mode]string{tearline.Visual: "shown", tearline.Oral: "told"}[h.Mode]
		if h.Copy != "" {
			what = string(h.Copy)
		}
		if what == "" {
			what = string(h.Mode)
		}
		words := p.Style(text.Yellow, "not confirmed yet")
		switch {
		case h.Told == nil:
			words = p.Style(text.Yellow, "not told yet")
		case h.Answer != nil:
			words = answerWords(p, h.Answer)
		}
		if h.Through != "" {
			words += ", told through " + string(h.Through)
		}
		rows = append(rows, []string{"  " + string(h.Party), what, text.Stamp(h.Disclosed), words})
	}
	p.Table(rows)
}

// answerWords says what was done about a recall.
func answerWords(p *command.Printer, a *recall.Answer) string {
	words := string(a.Done)
	if a.Done == tearline.CannotComply {
		words = p.Style(text.Red, words)
	}
	if a.At == nil {
		return words + " before that"
	}
	return words + ", " + text.Stamp(*a.At) + because(a.Because)
}
