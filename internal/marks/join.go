package marks

import (
	"fmt"
	"strings"

	"tearline/marking"
	"tearline/marking/equivalence"
)

// Joined is what marks of several policies come to together.
type Joined struct {
	OK    bool         `json:"ok"`
	Marks []PolicyMark `json:"marks"` // one for each policy
	// Banner is the one banner for all of them in the policy that was asked
	// for; empty if none was, or if that policy cannot say it.
	Banner string `json:"banner"`
	// Keep and See are the codes that every mark lets keep and only see.
	Keep   []string `json:"keep"`
	See    []string `json:"see"`
	Faults []Fault  `json:"faults"`
}

// A PolicyMark is a banner of a policy.
type PolicyMark struct {
	Policy string `json:"policy"`
	Banner string `json:"banner"`
}

// Join joins marks, each "POLICY:MARK", by the table of levels that are held
// equal. With into it says what they come to in that policy, too.
func Join(t *equivalence.Table, into *marking.Policy, marks []string) Joined {
	a := Joined{Marks: []PolicyMark{}, Keep: []string{}, See: []string{}, Faults: []Fault{}}
	var read []marking.Marking
	for _, s := range marks {
		m, err := readOf(s)
		if err != nil {
			for _, f := range faultsOf(err) {
				f.Text = fmt.Sprintf("%q: %s", s, f.Text)
				a.Faults = append(a.Faults, f)
			}
			continue
		}
		read = append(read, m)
	}
	if len(a.Faults) > 0 {
		return a
	}
	j, err := equivalence.Join(t, read...)
	a.Faults = append(a.Faults, faultsOf(err)...)
	if err != nil {
		return a
	}
	for _, m := range j.Marks() {
		a.Marks = append(a.Marks, PolicyMark{m.Policy().ID(), m.Banner()})
	}
	keep, see := j.Releasable()
	a.Keep, a.See = append(a.Keep, keep...), append(a.See, see...)
	if into != nil {
		m, err := j.Into(into)
		a.Banner = m.Banner()
		a.Faults = append(a.Faults, faultsOf(err)...)
	}
	a.OK = len(a.Faults) == 0
	return a
}

// readOf reads "POLICY:MARK".
func readOf(s string) (marking.Marking, error) {
	id, mark, ok := strings.Cut(s, ":")
	if !ok {
		return marking.Marking{}, fmt.Errorf("write the policy before the mark: %q", "us:"+s)
	}
	p, err := Policy(strings.TrimSpace(id))
	if err != nil {
		return marking.Marking{}, err
	}
	return p.Parse(strings.TrimSpace(mark))
}
