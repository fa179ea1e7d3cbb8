package cli

import (
	"cmp"

	"tearline"
	"tearline/internal/cli/warrantcmd"
	"tearline/internal/node"
)

// warrants are the jobs of the warrant commands.
func (r *run) warrants() warrantcmd.Jobs {
	return warrantcmd.Jobs{
		Grant: func(w *tearline.Warrant) error {
			return r.with(func(n *node.Node, as tearline.PartyID) error {
				w.Policy = cmp.Or(w.Policy, n.Policy())
				f, err := n.State(r.Ctx, as, w)
				return r.fact(f, err)
			})
		},
		End:  func(id, because string) error { return r.end(id, because, tearline.KindWarrant) },
		List: func() error { return r.facts(tearline.KindWarrant) },
	}
}
