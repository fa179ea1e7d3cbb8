// Package warrantcmd is the warrant commands: what people type when they let an
// investigator search, and the words for it. It opens no data directory and
// knows no rule: the jobs are done by what its parent hands it.
package warrantcmd

import (
	"slices"
	"strings"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/text"
)

// Warrant is the warrant command.
type Warrant struct {
	Grant grantCmd `cmd:"" help:"Let a person search some of what the party holds, for one case and a time."`
	End   endCmd   `cmd:"" help:"End a warrant from now on."`
	List  listCmd  `cmd:"" help:"List warrants."`
}

// Jobs are what the commands have done, and printed; each acts as the party of
// the call.
type Jobs struct {
	// Grant records a warrant. An empty policy is the data directory's own.
	Grant func(*tearline.Warrant) error
	// End takes the warrant back whose name begins so.
	End func(id, because string) error
	// List lists the party's warrants, oldest first.
	List func() error
}

type grantCmd struct {
	Investigator string   `arg:"" help:"The person who searches."`
	Authority    string   `help:"The person or office that decides; somebody else." required:"" placeholder:"NAME"`
	Second       string   `help:"The second one, where it takes two." placeholder:"NAME"`
	UpTo         string   `help:"The highest level searched, such as SECRET." name:"up-to" required:"" placeholder:"LEVEL"`
	Policy       string   `help:"The policy of that level (default: the data directory's). Marks of others count as what they come to there." placeholder:"ID"`
	Compartment  []string `help:"A compartment searched as well, by its own full name (default: none)." placeholder:"NAME"`
	Originator   []string `help:"Only what nobody but the parties named has a say in (default: anybody's)." placeholder:"PARTY"`
	Because      string   `help:"The case, and why it needs the search." required:"" placeholder:"TEXT"`
	From         string   `help:"In force from (default: now)." placeholder:"TIME"`
	Until        string   `help:"In force until; at most a year." required:"" placeholder:"TIME"`
}

// Run records the warrant.
func (c *grantCmd) Run(jobs Jobs) error {
	from, err := command.When("from", c.From)
	if err != nil {
		return err
	}
	until, err := command.When("until", c.Until)
	if err != nil {
		return err
	}
	w := &tearline.Warrant{
		Investigator: strings.TrimSpace(c.Investigator), Authority: strings.TrimSpace(c.Authority), Second: strings.TrimSpace(c.Second),
		Because: strings.TrimSpace(c.Because), Policy: c.Policy, UpTo: c.UpTo, Compartments: names(c.Compartment),
		Term: tearline.Term{From: from, Until: until},
	}
	for _, o := range names(c.Originator) {
		w.Originators = append(w.Originators, tearline.PartyID(o))
	}
	return jobs.Grant(w)
}

// names are the names given, each once.
func names(given []string) []string {
	var out []string
	for _, n := range given {
		if n = strings.TrimSpace(n); !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

type endCmd struct {
	ID      string `arg:"" help:"The statement, or the beginning of its name."`
	Because string `help:"Why." placeholder:"TEXT"`
}

// Run ends the warrant.
func (c *endCmd) Run(jobs Jobs) error { return jobs.End(c.ID, c.Because) }

type listCmd struct{}

// Run lists the party's warrants.
func (c *listCmd) Run(jobs Jobs) error { return jobs.List() }

// Words say a warrant in one line, all but its term.
func Words(x *tearline.Warrant) string {
	words := x.Investigator + " may search up to " + x.UpTo + " of policy " + x.Policy
	if len(x.Compartments) > 0 {
		words += ", including " + text.List(x.Compartments)
	} else {
		words += ", no compartments"
	}
	if len(x.Originators) > 0 {
		words += ", only what is of " + text.List(x.Originators)
	}
	words += ", by " + x.Authority
	if x.Second != "" {
		words += " and " + x.Second
	}
	return words + ", for " + x.Because
}
