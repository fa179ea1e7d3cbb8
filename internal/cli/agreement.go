package cli

import (
	"fmt"
	"strings"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/cli/warrantcmd"
	"tearline/internal/node"
	"tearline/internal/text"
)

type agreementCmd struct {
	Add  agreementAddCmd `cmd:"" help:"Record an agreement between two parties."`
	End  endAgreementCmd `cmd:"" help:"End an agreement from now on."`
	List listAgreeCmd    `cmd:"" help:"List agreements."`
}

type agreementAddCmd struct {
	With     string   `help:"The other party." required:"" placeholder:"PARTY"`
	Name     string   `help:"What the agreement is called; the same name replaces it." placeholder:"NAME"`
	Ceiling  string   `help:"The highest level exchanged, such as SECRET." required:"" placeholder:"LEVEL"`
	Onward   string   `help:"May what was received be passed on: free, ask or never." enum:"free,ask,never" default:"ask"`
	Standing []string `help:"Consent in advance, as BY:LEVEL:TO[,TO]: GBR:SECRET:FVEY, or \"GBR:SECRET:FVEY for counter-terrorism\"." placeholder:"CONSENT" sep:"none"`
	Category []string `help:"The only compartments that may go (default: any)." placeholder:"NAME"`
	Purpose  []string `help:"What it may be passed on for (default: anything)." placeholder:"WORDS" sep:"none"`
	Equal    []string `help:"Levels of two policies that the two hold equal: SECRET=GEHEIM. It goes before the common table." placeholder:"LEVELS" sep:"none"`
	Inform   bool     `help:"Each tells the other at once of what it passes on; no authority puts that off."`
	From     string   `help:"In force from." placeholder:"TIME"`
	Until    string   `help:"In force until." placeholder:"TIME"`
}

func (c *agreementAddCmd) Run(r *run) error {
	term, err := termOf(c.From, c.Until)
	if err != nil {
		return err
	}
	standing, err := standingConsents(c.Standing)
	if err != nil {
		return err
	}
	var equal [][]string
	for _, e := range c.Equal {
		equal = append(equal, strings.Split(e, "="))
	}
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		name := c.Name
		if name == "" {
			name = string(as) + "-" + c.With
		}
		f, err := n.State(r.Ctx, as, &tearline.Agreement{
			Name: name, Parties: [2]tearline.PartyID{as, tearline.PartyID(c.With)}, Ceiling: c.Ceiling,
			Onward: tearline.Onward(c.Onward), Standing: standing, Term: term,
			Categories: splitList(c.Category), Purposes: c.Purpose, Equal: equal, Inform: c.Inform,
		})
		return r.fact(f, err)
	})
}

// standingConsents reads consents in advance.
func standingConsents(args []string) ([]tearline.StandingConsent, error) {
	var out []tearline.StandingConsent
	for _, s := range args {
		who, purpose, tied := strings.Cut(s, " for ")
		by, rest, ok := strings.Cut(who, ":")
		cut := strings.LastIndexByte(rest, ':')
		if !ok || cut < 0 || tied && strings.TrimSpace(purpose) == "" {
			return nil, command.UsageError("--standing "+s+" is not understood", "write BY:LEVEL:TO, such as GBR:SECRET:FVEY")
		}
		c := tearline.StandingConsent{By: tearline.PartyID(by), UpTo: rest[:cut], To: ids([]string{rest[cut+1:]})}
		if tied {
			c.Purposes = []string{strings.TrimSpace(purpose)}
		}
		out = append(out, c)
	}
	return out, nil
}

func termOf(from, until string) (tearline.Term, error) {
	f, err := command.When("from", from)
	if err != nil {
		return tearline.Term{}, err
	}
	u, err := command.When("until", until)
	if err == nil && !f.IsZero() && !u.IsZero() && !u.After(f) {
		err = command.UsageError("--until "+until+" is not after --from "+from, "what ends must have begun before")
	}
	return tearline.Term{From: f, Until: u}, err
}

// fact prints a statement of fact.
func (r *run) fact(f node.Fact, err error) error {
	if err != nil {
		return err
	}
	return r.Print(f, func(p *command.Printer) { p.Table([][]string{factRow(p, f)}) })
}

func (r *run) facts(kinds ...tearline.StatementKind) error {
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		facts, err := n.Facts(r.Ctx, as, kinds...)
		if err != nil {
			return err
		}
		return r.Print(facts, func(p *command.Printer) {
			var rows [][]string
			for _, f := range facts {
				rows = append(rows, factRow(p, f))
			}
			p.Table(rows)
		})
	})
}

func factRow(p *command.Printer, f node.Fact) []string {
	words := ""
	var term tearline.Term
	switch x := f.Says.(type) {
	case *tearline.Agreement:
		words, term = agreementWords(x), x.Term
	case *tearline.Delegation:
		words, term = delegationWords(x), x.Term
	case *tearline.Warrant:
		words, term = warrantcmd.Words(x), x.Term
	case *tearline.Exclusion:
		words, term = "never to "+string(x.Party), x.Term
		if x.Ties {
			words += ", nor to parties tied to it"
			if x.Degree > 0 {
				words += fmt.Sprintf(" in degree %d or closer", x.Degree)
			}
		}
	case *tearline.Tie:
		words, term = string(x.Party)+" is tied to "+string(x.To), x.Term
		if x.Degree > 0 {
			words += fmt.Sprintf(" in degree %d", x.Degree)
		}
	case *tearline.Embargo:
		words, term = "report "+string(x.Report), x.Term
	case *tearline.Revocation:
		words = "ends " + string(x.Of)
	}
	if !term.From.IsZero() {
		words += ", from " + text.Stamp(term.From)
	}
	if !term.Until.IsZero() {
		words += ", until " + text.Stamp(term.Until)
	}
	if f.Revoked {
		words += " " + p.Style(text.Dim, "(ended)")
	}
	return []string{string(f.Statement), string(f.Kind), string(f.By), text.Stamp(f.At), words}
}

func agreementWords(x *tearline.Agreement) string {
	ceiling := "up to " + x.Ceiling
	if len(x.Equal) > 0 {
		equal := make([]string, len(x.Equal))
		for i, row := range x.Equal {
			equal[i] = strings.Join(row, " = ")
		}
		ceiling += " (" + strings.Join(equal, "; ") + ")"
	}
	terms := []string{"with " + string(x.Parties[1]), ceiling}
	if len(x.Categories) > 0 {
		terms = append(terms, "of compartments only "+text.List(x.Categories))
	}
	if len(x.Purposes) > 0 {
		terms = append(terms, "for "+strings.Join(x.Purposes, " or ")+" only")
	}
	terms = append(terms, "onward "+string(x.Onward))
	if x.Inform {
		terms = append(terms, "each tells the other at once")
	}
	all := []string{strings.Join(terms, ", ")}
	for _, s := range x.Standing {
		c := string(s.By) + " consents up to " + s.UpTo + " for " + text.List(s.To)
		if len(s.Purposes) > 0 {
			c += " (" + text.List(s.Purposes) + ")"
		}
		all = append(all, c)
	}
	return strings.Join(all, "; ")
}

type endAgreementCmd struct {
	ID      string `arg:"" help:"The statement, or the beginning of its name."`
	Because string `help:"Why." placeholder:"TEXT"`
}

func (c *endAgreementCmd) Run(r *run) error { return r.end(c.ID, c.Because, tearline.KindAgreement) }

// end revokes a statement of fact.
func (r *run) end(id, because string, kinds ...tearline.StatementKind) error {
	return r.with(func(n *node.Node, as tearline.PartyID) error {
		f, err := n.EndFact(r.Ctx, as, id, because, kinds...)
		return r.fact(f, err)
	})
}

type listAgreeCmd struct{}

func (c *listAgreeCmd) Run(r *run) error { return r.facts(tearline.KindAgreement) }
