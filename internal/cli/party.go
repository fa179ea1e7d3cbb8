package cli

import (
	"fmt"
	"strings"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/node"
	"tearline/internal/text"
)

type partyCmd struct {
	Add  partyAddCmd  `cmd:"" help:"Record a party, or a change of what is known of it."`
	List partyListCmd `cmd:"" help:"List the parties."`
}

type partyAddCmd struct {
	ID      string   `arg:"" help:"The party's code, such as GBR or CERT-FR."`
	Name    string   `help:"Its name. What is not given stays as it was recorded before." placeholder:"NAME"`
	Nations []string `help:"Nations that it belongs to (default: its own code, if that is a nation's)." placeholder:"CODE"`
	Member  []string `help:"Coalitions that it belongs to, such as FVEY; an empty list takes it out of all." name:"member-of" placeholder:"CODE"`
	Protect bool     `help:"The law protects whoever confides in it (an inspector general, an ombudsman, counsel): its copies are not worded individually, and what came out through it is compared with none. It stays so." name:"protected"`
}

func (c *partyAddCmd) Run(r *run) error {
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		p := tearline.Party{ID: tearline.PartyID(c.ID), Name: c.Name, Nations: given(c.Nations), MemberOf: given(c.Member), Protected: c.Protect}
		info, err := n.AddParty(r.Ctx, as, p)
		if err != nil {
			return err
		}
		r.advise(n, info)
		return r.Print(info, func(p *command.Printer) { p.Table([][]string{partyRow(info)}) })
	})
}

// given is a list of codes, nil if the flag was not: what is recorded stays.
func given(args []string) []tearline.PartyID {
	if args == nil {
		return nil
	}
	return append([]tearline.PartyID{}, ids(args)...)
}

// advise says which coalitions the policy's own table counts a nation to, if
// none was recorded: decisions go by what was recorded alone.
func (r *run) advise(n *node.Node, info node.PartyInfo) {
	of := n.CoalitionsOf(info.Nations)
	if len(info.MemberOf) > 0 || len(of) == 0 {
		return
	}
	const most = 6
	names := strings.Join(of[:min(len(of), most)], ", ")
	if len(of) > most {
		names += fmt.Sprintf(" and %d more", len(of)-most)
	}
	p := command.Printer{}
	p.Wrap("note: ", "  ", fmt.Sprintf("%s is recorded in no coalition, so a release list that names one does not reach it; the policy's table has it in %s: --member-of records that",
		info.ID, names))
	fmt.Fprint(r.Stderr, p.String())
}

func partyRow(i node.PartyInfo) []string {
	of := ""
	if len(i.MemberOf) > 0 {
		of = "member of " + text.List(i.MemberOf)
	}
	if i.Protected {
		of = strings.TrimPrefix(of+"; protected", "; ")
	}
	return []string{string(i.ID), i.Name, text.List(i.Nations), of}
}

type partyListCmd struct{}

func (c *partyListCmd) Run(r *run) error {
	return r.with(func(n *node.Node, _ tearline.PartyID) error {
		parties, err := n.Parties(r.Ctx)
		if err != nil {
			return err
		}
		return r.Print(parties, func(p *command.Printer) {
			var rows [][]string
			for _, i := range parties {
				rows = append(rows, partyRow(i))
			}
			p.Table(rows)
		})
	})
}
