package release_test

import (
	"fmt"
	"strings"

	"tearline/release"
)

// explain writes a verdict as a disclosure officer would read it.
func explain(v release.Verdict) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", v.Portion, v.Outcome)
	if v.Basis != "" {
		fmt.Fprintf(&b, " by %s", v.Basis)
	}
	if len(v.Statements) > 0 {
		fmt.Fprintf(&b, " %v", v.Statements)
	}
	if len(v.Ask) > 0 {
		fmt.Fprintf(&b, ", ask %v", v.Ask)
	}
	if v.Discretion != "" {
		fmt.Fprintf(&b, ", at discretion by %s", v.Discretion)
	}
	b.WriteString("\n")
	for _, r := range v.Reasons {
		fmt.Fprintf(&b, "  %s: %s: %s\n    [%s] %v\n", r.Rule, r.Outcome, r.Text, r.Cites, r.Statements)
		if len(r.LiftedBy) > 0 {
			fmt.Fprintf(&b, "    lifted by: %s\n", strings.Join(r.LiftedBy, "; "))
		}
	}
	for _, c := range v.Conditions {
		fmt.Fprintf(&b, "  condition: %s\n", c)
	}
	return b.String()
}
