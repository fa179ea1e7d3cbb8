package marking

import (
	"tearline/marking/policies"
)

// Compile returns the policy of a file. The file must be one of [policies]' own
// or have been looked at by package policyfile, which is what reads others:
// names of nothing in it are not noticed here.
func Compile(f *policies.File) *Policy {
	p := &Policy{t: *policies.Compile(f)}
	p.lowest = p.intern(&policies.Body{T: &p.t})
	return p
}
