package marking

import (
	"tearline/marking/policies"
)

// MaxPolicyFile is the length in bytes of the longest policy file that is read.
const MaxPolicyFile = policies.MaxSize

// LoadPolicy reads a policy file, as [LoadPolicies] does, and returns the
// profile that the file prefers.
func LoadPolicy(data []byte) (*Policy, error) {
	all, err := LoadPolicies(data)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// LoadPolicies reads a policy file (see the package comment), and returns the
// policy of each of its profiles, the one that the file prefers first. What is
// wrong in it is returned as [Faults], all at once; Fault.Text begins with the
// place in the file.
func LoadPolicies(data []byte) ([]*Policy, error) {
	files, wrong := policies.Read(data)
	if len(wrong) > 0 {
		var faults Faults
		for _, w := range wrong {
			faults.add(Fault{Offset: w.Offset, Rule: w.Rule, Text: w.Text})
		}
		return nil, faults
	}
	all := make([]*Policy, len(files))
	for i, f := range files {
		all[i] = build(f)
	}
	return all, nil
}

func build(f *policies.File) *Policy {
	p := &Policy{t: *policies.Compile(f)}
	p.lowest = p.intern(&policies.Body{T: &p.t})
	return p
}
