package fingerprintcmd

import (
	"tearline"
	"tearline/internal/cli/command"
)

// Forget destroys what tells the copies of a report apart.
type Forget struct {
	Report  string `arg:"" help:"The report."`
	Officer string `help:"Who does it." required:"" placeholder:"NAME"`
	Because string `help:"Why." required:"" placeholder:"TEXT"`
}

// Forgotten is the answer.
type Forgotten struct {
	Report    tearline.ReportID    `json:"report"`
	Statement tearline.StatementID `json:"statement"`
}

// Run destroys the secrets.
func (c *Forget) Run(r *command.Run, j Jobs) error {
	id, err := j.Forget(tearline.ReportID(c.Report), c.Officer, c.Because)
	if err != nil {
		return err
	}
	return r.Print(Forgotten{Report: tearline.ReportID(c.Report), Statement: id}, func(p *command.Printer) {
		p.F("%s: nobody can tell the copies of %s apart any more; recorded as %s\n", p.Style("", c.Report), c.Report, id)
	})
}
