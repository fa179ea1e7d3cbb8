// Package fingerprintcmd is what people type about what tells copies apart:
// authors have alternatives proposed, approve and check them; a partner is shown
// that they say the same; anybody tries what the statistics promise; and secrets
// are destroyed. It opens no data directory and names no copy: what is to be done
// is done by the functions that it is given.
package fingerprintcmd

import "tearline"

// Fingerprint is the fingerprint command.
type Fingerprint struct {
	Suggest     Suggest     `cmd:"" help:"Propose alternatives that mean the same, in their sentences; write those approved into the report."`
	Approve     Approve     `cmd:"" help:"Answer proposals: an author stands behind them there, or does not. It is remembered."`
	Lint        Lint        `cmd:"" help:"What is wrong with the alternatives of a report, and how many words of quotation would name a copy."`
	Equivalence Equivalence `cmd:"" help:"All that copies of a report may say, sentence by sentence: to show a partner that each says the same."`
	Simulate    Simulate    `cmd:"" help:"How often copies behind a text are named, and innocent ones, in worlds of copies that collude."`
	PValue      PValue      `cmd:"" name:"pvalue" help:"The chance that an innocent copy agrees so well: the symmetric test by itself."`
	Forget      Forget      `cmd:"" help:"Destroy what tells the copies of a report apart: nobody can, from then on."`
}

// Jobs are what the commands have others do. Every function must be given.
type Jobs struct {
	// Forget destroys the secrets of a report's copies.
	Forget func(report tearline.ReportID, officer, because string) (tearline.StatementID, error)
}
