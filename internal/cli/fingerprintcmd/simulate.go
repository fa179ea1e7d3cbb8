package fingerprintcmd

import (
	"fmt"
	"strconv"
	"time"

	"tearline/internal/cli/command"
	"tearline/internal/text"
	"tearline/leak/fingerprint/simulate"
)

// Simulate is the command that plays leaks in made-up worlds.
type Simulate struct {
	Recipients int     `help:"How many copies there are, one for each recipient." default:"1000" placeholder:"N"`
	Points     int     `help:"How many points of them the leaked text has." required:"" placeholder:"N"`
	Coalition  int     `help:"How many copies the text is made from; with 0, from none of them." default:"1" placeholder:"N"`
	Attack     string  `help:"What is shown where those copies differ: ${enum}." enum:"interleave,majority,minority,all-ones,reword,coin" default:"interleave"`
	Flips      float64 `help:"How often a point is misread, from 0 to less than 0.5." default:"0" placeholder:"RATE"`
	Trials     int     `help:"How many leaks are played." default:"100" placeholder:"N"`
	FWER       float64 `name:"fwer" help:"The bound: how often any innocent copy may be named." default:"1e-6" placeholder:"P"`
	Bias       string  `help:"How words are drawn: nuida, the two-point code, or half." enum:"nuida,half" default:"nuida"`
	Seed       uint64  `help:"The same seed gives the same trials." default:"1" placeholder:"N"`
}

// Run plays the trials, on all processors.
func (c *Simulate) Run(r *command.Run) error {
	p := simulate.Plan{
		Recipients: c.Recipients, Points: c.Points, Coalition: c.Coalition, Attack: simulate.Attack(c.Attack),
		Bias: simulate.Bias(c.Bias), Flips: c.Flips, Bound: c.FWER,
	}
	if err := p.Check(); err != nil {
		return command.UsageError(err.Error(), "see tearline fingerprint simulate --help")
	}
	if c.Trials < 1 || c.Trials > simulate.MaxTrials {
		return command.UsageError(fmt.Sprintf("--trials %d", c.Trials), fmt.Sprintf("give 1 to %s", text.Thousands(simulate.MaxTrials)))
	}
	got, err := simulate.Run(r.Ctx, p, c.Trials, c.Seed, c.progress(r))
	if err != nil {
		return err
	}
	return r.Print(got, func(out *command.Printer) {
		out.F("a source was named in %s of %s trials: %s %%\n", text.Thousands(got.Detected), text.Thousands(got.Trials),
			strconv.FormatFloat(100*float64(got.Detected)/float64(got.Trials), 'g', 3, 64))
		out.F("an innocent copy was named in %s\n", text.Thousands(got.FalseAccusations))
		out.F("a copy is named if its p-value is at most %.2g, which is %.2g by %s copies\n", got.ThresholdP, c.FWER, text.Thousands(c.Recipients))
	})
}

// progress shows how far it is, if anybody is looking and it takes long.
func (c *Simulate) progress(r *command.Run) func(done int) {
	if !r.Progress {
		return nil
	}
	begun := r.Now()
	shown := begun
	return func(done int) {
		now := r.Now()
		if now.Sub(begun) < time.Second || done < c.Trials && now.Sub(shown) < time.Second/5 {
			return
		}
		shown = now
		fmt.Fprintf(r.Stderr, "\rplayed: %s of %s trials", text.Thousands(done), text.Thousands(c.Trials))
		if done == c.Trials {
			fmt.Fprintln(r.Stderr)
		}
	}
}
