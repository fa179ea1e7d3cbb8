package cli

import (
	"strings"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/node"
)

type initCmd struct {
	Party   string   `help:"The party whose directory it is, such as USA." required:"" placeholder:"ID"`
	Policy  string   `help:"The policy under which its reports are marked." default:"us" placeholder:"ID"`
	Name    string   `help:"The party's name." placeholder:"NAME"`
	Nations []string `help:"Nations that the party belongs to (default: its own code, if that is a nation's)." placeholder:"CODE"`
	Member  []string `help:"Coalitions that it belongs to." name:"member-of" placeholder:"CODE"`
}

func (c *initCmd) Run(r *run) error {
	p := tearline.Party{ID: tearline.PartyID(c.Party), Name: c.Name, Nations: ids(c.Nations), MemberOf: ids(c.Member)}
	if p.Name == "" {
		p.Name = c.Party
	}
	n, err := node.Init(r.Ctx, r.Data, p, c.Policy, node.Env{Now: r.Now})
	if err != nil {
		return err
	}
	defer n.Close()
	parties, err := n.Parties(r.Ctx)
	if err != nil {
		return err
	}
	r.advise(n, parties[0])
	return r.Print(map[string]any{"data": r.Data, "policy": c.Policy, "party": parties[0]}, func(p *command.Printer) {
		p.F("%s is set up for %s: keys, ledger and store, policy %s.\n", r.Data, c.Party, c.Policy)
	})
}

// ids reads a list of codes; each argument may hold several, by comma.
func ids(args []string) []tearline.PartyID {
	var out []tearline.PartyID
	for _, a := range args {
		for s := range strings.SplitSeq(a, ",") {
			if s = strings.TrimSpace(s); s != "" {
				out = append(out, tearline.PartyID(s))
			}
		}
	}
	return out
}
