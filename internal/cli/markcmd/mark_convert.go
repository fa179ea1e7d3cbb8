package markcmd

import (
	"strings"
	"time"

	"tearline"
	"tearline/internal/cli/command"
	"tearline/internal/marks"
)

type markConvertCmd struct {
	policyFlag
	File    string    `arg:"" optional:"" help:"What to read (default: standard input)." default:"-"`
	From    string    `help:"Its form: mark, ism (attributes), ism-xml, ism-json, stanag4774, stix, misp (tags, one a line)." enum:"mark,ism,ism-xml,ism-json,stanag4774,stix,misp" default:"mark"`
	To      string    `help:"The form to write: the same ones, and portion." enum:"mark,portion,ism,ism-xml,ism-json,stanag4774,stix,misp" default:"mark"`
	Created time.Time `help:"When the label was made, for forms that say so (default: now)." placeholder:"TIME"`
	Review  time.Time `help:"When a STANAG 4774 label is to be looked at again." placeholder:"TIME"`
	ID      string    `help:"A UUID for a STIX definition of an ACS marking." placeholder:"UUID"`
	Owner   string    `help:"The custodian of what an ACS marking is on (\"USA.DHS\")." placeholder:"NAME"`
}

// converted is a converted label in JSON.
type converted struct {
	Banner string `json:"banner"`
	Policy string `json:"policy"`
	Form   string `json:"form"`
	Text   string `json:"text"`
}

func (c *markConvertCmd) Run(r *command.Run) error {
	pol, err := c.lookup(r)
	if err != nil {
		return err
	}
	data, err := r.ReadAll(c.File)
	if err != nil {
		return err
	}
	m, err := marks.ReadLabel(c.From, pol, data)
	if err != nil {
		return refusedLabel(c.From, err)
	}
	if c.Created.IsZero() {
		c.Created = r.Now()
	}
	text, err := marks.WriteLabel(c.To, m, marks.Label{Created: c.Created, Review: c.Review, ID: c.ID, Owner: c.Owner})
	if err != nil {
		return refusedLabel(c.To, err)
	}
	a := converted{m.Banner(), m.Policy().ID(), c.To, text}
	return r.Print(a, func(p *command.Printer) { p.F("%s\n", strings.TrimRight(text, "\n")) })
}

// refusedLabel says all that has no equivalent: nothing is left out.
func refusedLabel(form string, err error) error {
	return &tearline.Error{
		Op: "mark convert", Kind: tearline.Invalid, Public: "it cannot be said as " + form + ":\n" + err.Error(),
		Hint: "nothing was written: what has no equivalent is never dropped", Err: err,
	}
}
