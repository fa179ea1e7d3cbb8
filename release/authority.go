package release

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/marking"
	"tearline/marking/equivalence"
)

// Authorities are a party's delegations: who may act in its name. A party that
// has none in force has given nobody's word a limit: whoever holds its key
// speaks for it. They are immutable and safe for concurrent use.
type Authorities struct{ list []said[*tearline.Delegation] }

// NewAuthorities reads a party's delegations among its statements. Other
// parties' are passed over, as is what is no delegation.
func NewAuthorities(party tearline.PartyID, statements []tearline.Statement) *Authorities {
	var r reader
	ordered := r.order(statements)
	r.revocations(ordered)
	return r.delegations(party, ordered)
}

func (r *reader) delegations(party tearline.PartyID, statements []*tearline.Statement) *Authorities {
	a := new(Authorities)
	for _, s := range statements {
		if v, ok := s.Says.(*tearline.Delegation); ok && s.By == party {
			a.list = append(a.list, say(r, s, v, v.Term))
		}
	}
	return a
}

// An Exercise is the use of a power.
type Exercise struct {
	Power             tearline.Power
	Authority, Second string // who decides, and who with him
	Over              marking.Marking
	At                time.Time
}

// Check returns nil if the power may be used so, and otherwise says why not:
// the authority has no such power over material so marked, or needs a second
// one that has it.
func (a *Authorities) Check(x Exercise) error {
	governed := slices.ContainsFunc(a.list, func(d said[*tearline.Delegation]) bool { return d.inForce(x.At) })
	if !governed {
		return nil
	}
	held, alone := a.holds(x, x.Authority, false, nil)
	switch {
	case x.Authority == "":
		return fmt.Errorf("nobody is named who has the power to %s", x.Power)
	case !held:
		return fmt.Errorf("%s has no power to %s what is %s", x.Authority, x.Power, x.Over.Portion())
	case alone:
		return nil
	case x.Second == "":
		return fmt.Errorf("%s may %s what is %s only together with a second authority", x.Authority, x.Power, x.Over.Portion())
	case SamePerson(x.Second, x.Authority):
		return fmt.Errorf("%s is one authority, and to %s what is %s takes two", x.Second, x.Power, x.Over.Portion())
	}
	if held, _ = a.holds(x, x.Second, false, nil); !held {
		return fmt.Errorf("%s, the second authority, has no power to %s what is %s", x.Second, x.Power, x.Over.Portion())
	}
	return nil
}

// maxChain is through how many hands a power may pass.
const maxChain = 8

// holds reports whether a name has the power, and whether it may use it alone.
// With onward, only delegations that may be passed on count. Trail has the
// names through which it came: who had it from himself has it from nobody.
func (a *Authorities) holds(x Exercise, name string, onward bool, trail []string) (held, alone bool) {
	if len(trail) > maxChain || slices.ContainsFunc(trail, func(n string) bool { return SamePerson(n, name) }) {
		return false, false
	}
	for i := range a.list {
		d := &a.list[i]
		if !SamePerson(d.what.To, name) || !slices.Contains(d.what.Powers, x.Power) || onward && !d.what.Onward || !d.inForce(x.At) || !reaches(d.what.UpTo, x.Over) {
			continue
		}
		if d.what.Delegator != "" {
			if from, _ := a.holds(x, d.what.Delegator, true, append(trail, name)); !from {
				continue
			}
		}
		held, alone = true, alone || !d.what.Two
	}
	return held, alone
}

// reaches reports whether a power up to a level is one over a mark.
func reaches(upTo string, m marking.Marking) bool {
	if upTo == "" {
		return true
	}
	p := m.Policy()
	if p == nil {
		return false
	}
	l, ok := equivalence.Default().Named(upTo, nil, p)
	return ok && m.Level().Rank <= l.Rank
}

// SamePerson reports whether two names are one person's, however they are
// typed: case and spaces make no difference. Nobody is the same as nobody.
func SamePerson(a, b string) bool {
	fold := func(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }
	return fold(a) != "" && fold(a) == fold(b)
}
