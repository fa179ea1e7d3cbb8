package cli

import (
	"tearline"
	"tearline/internal/casepage"
	"tearline/internal/cli/casecmd"
	"tearline/internal/cli/tracecmd"
	"tearline/internal/node"
	"tearline/internal/node/cases"
)

// cases are the jobs of the commands about leaks that somebody looks into.
func (r *run) cases() casecmd.Jobs {
	return casecmd.Jobs{
		Show: tracecmd.ShowKept, Page: casepage.Case, Picture: casepage.Damage,
		With: func(fn func(*cases.Desk) error) error {
			return r.with(func(n *node.Node, as tearline.PartyID) error { return fn(n.Cases(as)) })
		},
	}
}
