package fingerprintcmd

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/text"
	"tearline/leak/authoring"
)

// Equivalence is the command that lists all that the copies of a report may
// say, for a partner who wants to see that each says the same.
type Equivalence struct {
	Report string `arg:"" help:"The report: the name of one that is filed, or a file in Markdown."`
	To     string `help:"Only the portions that this party may have now." placeholder:"PARTY"`
}

// Run lists the points with their sentences. It shows no copy and no choice, and
// to a partner no number of a portion.
func (c *Equivalence) Run(r *command.Run, j Desk) error {
	if c.To != "" && isFile(c.Report) {
		return command.UsageError("--to with a file", "what a party may have is decided of a report that is filed")
	}
	d, err := j.open(r, c.Report)
	if err != nil {
		return err
	}
	portions := authoring.Equivalence(d.report)
	if c.To != "" {
		may, err := j.MayHave(d.report.ID, tearline.PartyID(c.To))
		if err != nil {
			return err
		}
		portions = slices.DeleteFunc(portions, func(p authoring.PortionShown) bool { return !may[p.ID] })
		for i := range portions { // a gap in the numbers would tell that there is more
			portions[i].ID = tearline.PortionID(strconv.Itoa(i + 1))
		}
	}
	return r.Print(portions, func(p *command.Printer) { showEquivalence(p, portions) })
}

func showEquivalence(p *command.Printer, portions []authoring.PortionShown) {
	points := 0
	for _, portion := range portions {
		p.F("%s\n", p.Style(text.Bold, string(portion.ID)))
		for _, x := range portion.Points {
			points++
			p.F("  point %d\n", x.Number)
			for i, s := range x.Sentences {
				p.Wrap(fmt.Sprintf("    %-12s  ", alternative(x.Alternatives[i])), strings.Repeat(" ", 18), s)
			}
		}
	}
	p.F("%s in %s\n", text.Count(points, "point", "points"), text.Count(len(portions), "portion", "portions"))
}

// alternative names an alternative.
func alternative(a string) string {
	if a == "" {
		return "nothing"
	}
	return fmt.Sprintf("%q", strings.TrimSpace(a))
}
