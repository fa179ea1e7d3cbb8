package marking

import (
	"tearline/marking/policies"
)

// MaxPolicyFile is the length in bytes of the longest policy file that is read.
const MaxPolicyFile = policies.MaxSize

// LoadPolicy reads a policy file (see the package comment). What is wrong in
// it is returned as [Faults], all at once; Fault.Text begins with the place in
// the file. Of a file with several profiles it returns the one that the file
// prefers.
func LoadPolicy(data []byte) (*Policy, error) {
	all, err := loadAll(data)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// loadAll reads a policy file, and returns the policy of each profile, the one
// that the file prefers first.
func loadAll(data []byte) ([]*Policy, error) {
	f, wrong := policies.Read(data)
	if len(wrong) > 0 {
		var faults Faults
		for _, w := range wrong {
			faults.add(Fault{Offset: w.Offset, Rule: w.Rule, Text: w.Text})
		}
		return nil, faults
	}
	all := []*Policy{build(f, f.Profile)}
	for profile := range f.Profiles {
		if profile != f.Profile {
			all = append(all, build(f, profile))
		}
	}
	return all, nil
}

func build(f *policies.File, profile string) *Policy {
	p := &Policy{t: *policies.Compile(f, profile)}
	p.lowest = intern(&body{policy: p})
	return p
}
