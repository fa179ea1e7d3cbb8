package markcmd

import (
	"tearline/internal/cli/command"
	"tearline/internal/marks"
	"tearline/marking"
)

type markAccessCmd struct {
	policyFlag
	Nations      []string `help:"The person's countries of affiliation." placeholder:"CODE"`
	Organisation string   `help:"The country or coalition that the employing organisation belongs to." placeholder:"CODE"`
	Agency       bool     `help:"The organisation is an agency of the policy's own nation."`
	Clearance    string   `help:"The person's clearance." placeholder:"LEVEL"`
	ReadInto     []string `help:"The compartments that the person is read into." name:"read-into" placeholder:"NAME"`
	Listed       bool     `help:"The owners' lists, which marks do not carry, have the person."`
	Date         string   `help:"The date of what is marked, YYYY-MM-DD." placeholder:"DATE"`
	Marks        []string `arg:"" optional:"" help:"Marks (default: one a line on standard input)."`
}

// Run says what each mark lets a person do, condition by condition.
func (c *markAccessCmd) Run(r *command.Run) error {
	pol, err := c.lookup(r)
	if err != nil {
		return err
	}
	who := marking.Person{
		Nations: c.Nations, Organisation: c.Organisation, Agency: c.Agency, Clearance: c.Clearance, ReadIns: c.ReadInto, Listed: c.Listed, Date: c.Date,
	}
	answer, err := marks.Accessing(pol, who, markStyle(r, marks.AccessText))
	if err != nil {
		return refusedLabel("a person whom the policy knows", err)
	}
	return eachMark(r, c.Marks, answer)
}
