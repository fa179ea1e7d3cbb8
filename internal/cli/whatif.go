package cli

import (
	"strings"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/node"
	"tearline/internal/text"
	"tearline/internal/whatif"
)

type whatifCmd struct {
	Reports []string `arg:"" optional:"" help:"The reports (default: all that are held)."`
	To      []string `help:"The parties (default: all)." placeholder:"PARTY"`
	Join    []string `help:"Suppose that the party joins the coalition." placeholder:"PARTY=COALITION" sep:"none"`
	Leave   []string `help:"Suppose that the party leaves the coalition." placeholder:"PARTY=COALITION" sep:"none"`
	Revoke  []string `help:"Suppose that the statement (consent, agreement, exclusion …) is taken back or ended." placeholder:"STATEMENT" sep:"none"`
	Mode    string   `help:"How: document, visual or oral." enum:"document,visual,oral" default:"document"`
	Purpose string   `help:"What for, where a consent is tied to a purpose." placeholder:"WORDS"`
	At      string   `help:"As of this time (default: now)." placeholder:"TIME"`
}

func (c *whatifCmd) Run(r *run) error {
	at, err := command.When("at", c.At)
	if err != nil {
		return err
	}
	changes, err := c.changes()
	if err != nil {
		return err
	}
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		q := whatif.Question{Holder: as, At: at, Mode: tearline.Mode(c.Mode), Purpose: c.Purpose}
		for _, id := range splitList(c.Reports) {
			q.Reports = append(q.Reports, tearline.ReportID(id))
		}
		for _, id := range splitList(c.To) {
			q.Parties = append(q.Parties, tearline.PartyID(id))
		}
		if len(changes) == 0 {
			m, err := n.Table(r.Ctx, q)
			if err != nil {
				return err
			}
			return r.Print(m, func(p *command.Printer) { showTable(p, m) })
		}
		d, err := n.Compare(r.Ctx, q, changes...)
		if err != nil {
			return err
		}
		return r.Print(d, func(p *command.Printer) { showDifference(p, d) })
	})
}

// changes are those that the flags suppose.
func (c *whatifCmd) changes() ([]whatif.Change, error) {
	var list []whatif.Change
	for _, s := range c.Join {
		m, err := membership("join", s)
		if err != nil {
			return nil, err
		}
		list = append(list, whatif.Change{Join: m})
	}
	for _, s := range c.Leave {
		m, err := membership("leave", s)
		if err != nil {
			return nil, err
		}
		list = append(list, whatif.Change{Leave: m})
	}
	for _, id := range c.Revoke {
		list = append(list, whatif.Change{Revoke: tearline.StatementID(id)})
	}
	return list, nil
}

func membership(flag, s string) (*whatif.Membership, error) {
	party, coalition, ok := strings.Cut(s, "=")
	if !ok || party == "" || coalition == "" {
		return nil, command.UsageError("--"+flag+" "+s+" is no membership", "write PARTY=COALITION, such as --"+flag+" BRA=NATO")
	}
	return &whatif.Membership{Party: tearline.PartyID(party), Coalition: tearline.PartyID(coalition)}, nil
}

// mostColumns is how many parties a table has room for.
const mostColumns = 6

// showTable shows a matrix: the parties across or, if they are too many, those
// with the same answer together.
func showTable(p *command.Printer, m whatif.Matrix) {
	report := tearline.ReportID("")
	var rows [][]string
	for i := range m.Rows {
		row := &m.Rows[i]
		if row.Report != report {
			p.Table(rows)
			report, rows = row.Report, nil
			p.F("%s\n", p.Style(text.Bold, string(report)))
			if len(m.Parties) <= mostColumns {
				rows = append(rows, append(append([]string{""}, strs(m.Parties)...), ""))
			}
		}
		if len(m.Parties) <= mostColumns {
			cells := []string{"  " + string(row.Portion)}
			for j := range row.Cells {
				cells = append(cells, inAWord(p, &row.Cells[j]))
			}
			rows = append(rows, append(cells, row.Marking))
			continue
		}
		p.F("  %s %s\n", row.Portion, row.Marking)
		together := map[string][]tearline.PartyID{}
		var order []string
		for j := range row.Cells {
			word := inAWord(p, &row.Cells[j])
			if together[word] == nil {
				order = append(order, word)
			}
			together[word] = append(together[word], m.Parties[j])
		}
		for _, word := range order {
			p.Wrap("    "+word+"  ", "      ", text.List(together[word]))
		}
	}
	p.Table(rows)
}

func strs(ids []tearline.PartyID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}

// inAWord is an answer for a table.
func inAWord(p *command.Printer, c *whatif.Cell) string {
	switch {
	case c.Outcome == tearline.Release:
		return p.Outcome(c.Outcome)
	case c.Discretion != "":
		return p.Style(text.Yellow, "discretion")
	case c.Instead != nil && c.Instead.May():
		return p.Style(text.Green, "tear line")
	}
	return p.Outcome(c.Outcome)
}

func showDifference(p *command.Printer, d whatif.Difference) {
	p.F("%s of %s would change\n", text.Thousands(len(d.Cells)), text.Count(d.Compared, "answer", "answers"))
	var rows [][]string
	for i := range d.Cells {
		c := &d.Cells[i]
		after := inAWord(p, &c.After)
		switch {
		case c.After.Outcome == tearline.Release:
			after += " by " + p.Basis(c.After.Basis)
		case len(c.After.Ask) > 0:
			after += ", ask " + text.List(c.After.Ask)
		}
		rows = append(rows, []string{"  " + string(c.Party), string(c.Report) + "/" + string(c.Portion), inAWord(p, &c.Before), "→ " + after})
	}
	p.Table(rows)
}
