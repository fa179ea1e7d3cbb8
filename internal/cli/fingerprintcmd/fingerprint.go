package fingerprintcmd

import "tearline"

// Fingerprint is the fingerprint command.
type Fingerprint struct {
	Forget Forget `cmd:"" help:"Destroy what tells the copies of a report apart: nobody can, from then on."`
}

// Jobs are what the commands have others do. Every function must be given.
type Jobs struct {
	// Forget destroys the secrets of a report's copies.
	Forget func(report tearline.ReportID, officer, because string) (tearline.StatementID, error)
}
