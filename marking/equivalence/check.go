package equivalence

import (
	"slices"

	"tearline/marking"
)

// An admission is whom a mark is for.
type admission struct {
	keep, see []string
	silent    bool
}

// admits returns whom a mark lets keep and see. The parties of a nation that a
// mark without a list means are among them, also where the policy has no
// release markings at all.
func admits(m marking.Marking) admission {
	var a admission
	a.keep, a.see, a.silent = m.Releasable()
	if n := m.Policy().Nation(); a.silent && n != "" && m.Audience() == marking.AudienceNation && !slices.Contains(a.keep, n) {
		a.keep = append(a.keep, n)
	}
	return a
}

// widened reports how a mark is for more than another of which it is to keep
// the force; the zero Marking keeps none. If it says whose it is, and the other
// says nothing of release, it may be for the nation whose policy it is of.
func widened(m, out marking.Marking, kept bool) marking.Faults {
	var c collector
	fault := func(rule, text, hint string) {
		c.add(marking.Fault{Length: len(m.Banner()), Rule: rule, Text: text, Hint: hint})
	}
	if out.IsZero() {
		fault(ruleZero, "there is no marking", "")
		return c.faults
	}
	if !m.Open() {
		newcomers(m, out, kept, fault)
	}
	if m.NoForeign() && !out.NoForeign() {
		fault(ruleRelease, of(m)+" is for no foreigners, which "+of(out)+" does not say", keepBoth)
	}
	if m.OriginatorControlled() && !out.OriginatorControlled() {
		fault(ruleControl, of(m)+" is originator controlled, and "+of(out)+" is not", keepBoth)
	}
	wider := out.Audience() > m.Audience() && out.Audience() >= marking.AudienceCommunity
	if !m.Open() && (out.Open() || wider) {
		fault(ruleOpen, of(m)+" is not open, and "+of(out)+" is for anybody, or for a wider community", keepBoth)
	}
	return c.faults
}

const (
	keepBoth = "keep the mark as it is beside others"
	askOwner = "let its owner release it to them"
)

// of says a mark with its policy: levels of different policies have one name.
func of(m marking.Marking) string {
	return m.String() + " of policy " + m.Policy().ID()
}

// newcomers reports those whom out admits and m does not.
func newcomers(m, out marking.Marking, kept bool, fault func(rule, text, hint string)) {
	was, is := admits(m), admits(out)
	host := ""
	if kept && was.silent {
		host = out.Policy().Nation()
	}
	fresh := func(codes []string, may ...[]string) []string {
		return slices.DeleteFunc(slices.Clone(codes), func(c string) bool {
			return c == host && c != "" || slices.Contains(slices.Concat(may...), c)
		})
	}
	if more := fresh(is.keep, was.keep); len(more) > 0 {
		fault(ruleRelease, of(out)+" is for "+few(more)+", for whom "+of(m)+" is not", askOwner)
	}
	if more := fresh(is.see, was.keep, was.see); len(more) > 0 {
		fault(ruleRelease, of(out)+" may be seen by "+few(more)+", who may not see "+of(m), askOwner)
	}
	if _, listed := m.ReleaseList(); is.silent && !was.silent && listed {
		fault(ruleRelease, of(m)+" says for whom it is, and "+of(out)+" does not", keepBoth)
	}
}
