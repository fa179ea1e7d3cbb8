package markcmd

import (
	"strings"

	"tearline/internal/cli/command"
	"tearline/internal/marks"
	"tearline/marking"
)

// policyFlag names the policy of marks.
type policyFlag struct {
	Policy  string `help:"The policy: an id of tearline policy list, or a file of one's own." default:"us" placeholder:"ID"`
	Profile string `help:"The policy's profile, such as ism-2022 or dod." placeholder:"NAME"`
}

func (f policyFlag) lookup(r *command.Run) (*marking.Policy, error) {
	if !strings.ContainsAny(f.Policy, "./") {
		if f.Profile != "" {
			return marks.Policy(f.Policy + "@" + f.Profile)
		}
		return marks.Policy(f.Policy)
	}
	data, err := r.ReadAll(f.Policy)
	if err != nil {
		return nil, err
	}
	a := marks.ReadPolicyFile(f.Policy, data)
	for _, p := range a.Own {
		if f.Profile == "" || p.Profile() == f.Profile {
			return p, nil
		}
	}
	if a.OK {
		return nil, command.UsageError(f.Policy+" has no such policy of our own format", "tearline policy show "+f.Policy+" shows what is in it")
	}
	return nil, checked(r, a)
}
