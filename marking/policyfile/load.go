package policyfile

import (
	"slices"

	"tearline/marking"
	"tearline/marking/policies"
)

// MaxSize is the length in bytes of the longest policy file that is read.
const MaxSize = policies.MaxSize

// Load reads a policy file (see package marking), and returns the policy of
// each of its profiles, the one that the file prefers first. What is wrong in
// it is returned as [marking.Faults], all at once; Fault.Text begins with the
// place in the file.
func Load(data []byte) ([]*marking.Policy, error) {
	files, wrong := policies.Decode(data)
	for _, f := range files {
		c := checker{f: f}
		c.file()
		for _, x := range c.faults {
			if !slices.Contains(wrong, x) && len(wrong) < marking.MaxFaults {
				wrong = append(wrong, x)
			}
		}
	}
	if len(wrong) > 0 {
		faults := make(marking.Faults, len(wrong))
		for i, w := range wrong {
			faults[i] = marking.Fault{Offset: w.Offset, Rule: w.Rule, Text: w.Text}
		}
		return nil, faults
	}
	all := make([]*marking.Policy, len(files))
	for i, f := range files {
		all[i] = marking.Compile(f)
	}
	return all, nil
}
