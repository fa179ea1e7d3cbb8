package fingerprintcmd

import (
	"tearline/internal/cli/command"
	"tearline/leak/fingerprint/bound"
)

// PValue is the command that tells how probable agreement is by chance, by the
// one test that can be checked with a table of binomials.
type PValue struct {
	Bias        string `help:"How words were drawn: nuida, the two-point code, or half." enum:"nuida,half" default:"nuida"`
	RareAgree   int    `help:"Of the points that show the rarer variant, at how many the copy agrees." placeholder:"N"`
	RareTotal   int    `help:"How many points show the rarer variant." placeholder:"N"`
	CommonAgree int    `help:"Of those that show the commoner one, at how many it agrees." placeholder:"N"`
	CommonTotal int    `help:"How many show the commoner one." placeholder:"N"`
}

// A pValue is the answer.
type pValue struct {
	P float64 `json:"p"`
}

// Run computes the p-value.
func (c *PValue) Run(r *command.Run) error {
	bias := map[string]float64{"nuida": bound.NuidaLow, "half": bound.Half}[c.Bias]
	p, err := bound.PValueSymmetric(c.RareAgree, c.RareTotal, c.CommonAgree, c.CommonTotal, bias)
	if err != nil {
		return command.UsageError(err.Error(), "give how many points of either kind were read, and at how many of them the copy agrees")
	}
	return r.Print(pValue{p}, func(out *command.Printer) {
		out.F("%.3g\n", p)
		out.Wrap("", "", "At most so often does a copy that had no part in the text agree at as many points. "+
			"To name one of N copies in K looks, that times N times K is what counts.")
	})
}
