package stix

import (
	"fmt"
	"slices"
	"strings"
)

// everybody is the value of a scope that everybody meets.
const everybody = "ALL"

// A Subject is somebody, or a system, that wants something of a resource.
// Every token that holds is to be listed: what is not there does not hold for
// rules that permit, and where a list is empty nobody knows, which holds for
// rules that deny. The zero Subject may have nothing.
type Subject struct {
	// Nationalities are trigraphs.
	Nationalities []string
	// Organizations are tokens with all the groups that they belong to,
	// "USA.DHS.US-CERT", "USA.DHS", "USA.USG"; for sharing also FOREIGNGOV and
	// SECTOR.
	Organizations []string
	// Shareability are the communities: NCC, EM, LE, IC.
	Shareability []string
	// Entities are the kinds of person or system: MIL, GOV, CTR, SVR, SVC, DEV, NET.
	Entities []string
	// Clearance is U, C, S or TS; zero is nobody who is known.
	Clearance string
	// Authorised are control tokens with the prefixes of the Enterprise Data
	// Header, for which the subject has been authorised: "SCI:SI-G",
	// "LAC:…", "FD:FOUO", "CVT:CISAPROPRIETARY", "SENS:LES".
	Authorised []string
}

// A Decision says whether something is permitted, and why. The zero Decision
// denies.
type Decision struct {
	Permit bool
	// Reasons are all that were looked at, in their order in the marking.
	Reasons []Reason
}

// A Reason is one condition of a decision: where Permit is false, it denies.
type Reason struct {
	Permit bool
	// Rule is "acs.fault", "acs.classification", "acs.nationality",
	// "acs.organization", "acs.shareability", "acs.entity", "acs.control",
	// "acs.privilege", "acs.sharing" or "acs.default".
	Rule string
	// Cites is the property of the extension.
	Cites string
	Text  string
}

// Admits says whether the control set admits the subject at all.
func (a ACS) Admits(s Subject) Decision {
	d := &decider{}
	d.controls(a, s)
	return d.decision()
}

// Permits says whether the subject may take the action: whether the control
// set admits it, no rule denies it, and a rule or, where none is about it, the
// default permits it. All means every action.
func (a ACS) Permits(s Subject, action Action) Decision {
	d := &decider{}
	d.controls(a, s)
	d.readable(a)
	byDefault, _, _ := a.Defaults()
	asked := []string{string(action)}
	switch {
	case !slices.Contains(actions, string(action)):
		d.add(false, "acs.privilege", "access_privilege", fmt.Sprintf("%q is no action", action))
		return d.decision()
	case action == All:
		asked = slices.DeleteFunc(slices.Clone(actions), func(x string) bool { return x == everybody })
	}
	for _, x := range asked {
		d.privilege(a, s, Action(x), byDefault)
	}
	return d.decision()
}

// Shares says whether the resource may be passed on to the subject: whether
// the control set admits it, no rule denies sharing with one of its
// organisations, and a rule or, where none is about them, the default permits
// it.
func (a ACS) Shares(with Subject) Decision {
	d := &decider{}
	d.controls(a, with)
	d.readable(a)
	_, byDefault, _ := a.Defaults()
	var rules []ruled
	for _, r := range a.Sharings {
		rules = append(rules, ruled{
			effect: r.Effect, met: anyOf(r.Scope, with.Organizations, organization),
			text: "sharing with " + strings.Join(r.Scope, ", "),
		})
	}
	d.rules(rules, byDefault, "acs.sharing", "further_sharing", "sharing")
	return d.decision()
}

// A decider collects reasons.
type decider struct{ reasons []Reason }

func (d *decider) add(permit bool, rule, cites, text string) {
	d.reasons = append(d.reasons, Reason{Permit: permit, Rule: rule, Cites: cites, Text: text})
}

// decision permits if there are reasons and none denies.
func (d *decider) decision() Decision {
	denies := slices.ContainsFunc(d.reasons, func(r Reason) bool { return !r.Permit })
	return Decision{Permit: len(d.reasons) > 0 && !denies, Reasons: d.reasons}
}

// A met says whether a subject meets a condition.
type met uint8

const (
	no met = iota
	perhaps
	yes
)

// anyOf says whether one of a subject's tokens meets one of a list. With no
// token of that sort nobody knows.
func anyOf(list, have []string, one func(rule, subject string) met) met {
	if slices.Contains(list, everybody) {
		return yes
	}
	if len(have) == 0 {
		return perhaps
	}
	best := no
	for _, x := range list {
		for _, y := range have {
			best = max(best, one(x, y))
		}
	}
	return best
}

func exactly(rule, subject string) met {
	if rule == subject {
		return yes
	}
	return no
}

// groups are organisations whose members are not listed in public: one who
// does not name the group may belong to it.
var groups = []string{"USA.USG", "USA.SLTT", "CDC", "CIKR", "DIB", "FIN", "ISAC", "NONFED", "PRIVATESECTOR", "FOREIGNGOV", "SECTOR"}

func organization(rule, subject string) met {
	switch {
	case rule == subject:
		return yes
	case slices.Contains(groups, rule), strings.HasPrefix(subject, rule+"."), strings.HasPrefix(rule, subject+"."):
		return perhaps
	default:
		return no
	}
}

// controls asks for everything in the control set.
func (d *decider) controls(a ACS, s Subject) {
	for _, f := range a.faults {
		d.add(false, "acs.fault", f.Cites, f.Text)
	}
	c := a.Controls
	order := []string{"U", "C", "S", "TS"}
	level, cleared := slices.Index(order, c.Classification), slices.Index(order, s.Clearance)
	d.add(level >= 0 && cleared >= level, "acs.classification", "control_set.classification",
		fmt.Sprintf("classification %q, clearance %q", c.Classification, s.Clearance))
	if slices.Contains(c.Determinations, "NF") {
		d.list("acs.nationality", "control_set.formal_determination", []string{"USA"}, s.Nationalities, exactly)
	}
	d.list("acs.nationality", "control_set.permitted_nationalities", c.Nationalities, s.Nationalities, exactly)
	d.list("acs.organization", "control_set.permitted_organizations", c.Organizations, s.Organizations, organization)
	d.list("acs.shareability", "control_set.shareability", c.Shareability, s.Shareability, exactly)
	d.list("acs.entity", "control_set.entity", c.Entities, s.Entities, exactly)
	for _, x := range []struct {
		prefix, cites string
		tokens        []string
	}{
		{"SCI", "control_set.sci_controls", c.SCI},
		{"LAC", "control_set.logical_authority_category", c.Categories},
		{"FD", "control_set.formal_determination", c.Determinations},
		{"CVT", "control_set.caveat", c.Caveats},
		{"SENS", "control_set.sensitivity", c.Sensitivities},
	} {
		for _, token := range x.tokens {
			token = x.prefix + ":" + token
			if !slices.Contains(describes, token) {
				ok := slices.Contains(s.Authorised, token)
				d.add(ok, "acs.control", x.cites, fmt.Sprintf("%s, for which the subject is %sauthorised", token, map[bool]string{false: "not "}[ok]))
			}
		}
	}
}

// describes are the tokens whose published definitions describe the content or
// how it is to be handled, and ask nothing of a person. NF is asked by itself.
var describes = []string{
	"FD:NF", "FD:AIS", "FD:PUBREL", "FD:NO-PII-PRESENT", "FD:PII-NECESSARY-TO-UNDERSTAND-THREAT",
	"FD:INFORMATION-DIRECTLY-RELATED-TO-CYBERSECURITY-THREAT", "CVT:FISA", "CVT:POSSIBLEPII",
}

// list asks for one of a list; an empty one asks for nothing.
func (d *decider) list(rule, cites string, list, have []string, one func(rule, subject string) met) {
	if len(list) == 0 {
		return
	}
	ok := anyOf(list, have, one) == yes
	d.add(ok, rule, cites, fmt.Sprintf("%s, of which the subject has %s", strings.Join(list, ", "), map[bool]string{true: "one", false: "none"}[ok]))
}

// A ruled is a rule and how far it is about what is asked.
type ruled struct {
	effect Effect
	met    met
	text   string
}

// rules weighs rules: a rule that denies counts unless it is surely about
// somebody else, one that permits only if it is surely about this subject.
func (d *decider) rules(rules []ruled, byDefault Effect, rule, cites, what string) {
	decided := false
	for _, r := range rules {
		switch {
		case r.effect == Permit && r.met == yes:
			decided = true
			d.add(true, rule, cites, "a rule permits "+r.text)
		case r.effect != Permit && r.met != no:
			decided = true
			d.add(false, rule, cites, "a rule denies "+r.text)
		}
	}
	if !decided {
		d.add(byDefault == Permit, "acs.default", "policy_reference", fmt.Sprintf("no rule is about %s, and the default is %s", what, byDefault))
	}
}

// readable denies where a default or a rule could not be read, whatever it is
// about. What [Read] found wrong is among the faults; an ACS that somebody made
// has none.
func (d *decider) readable(a ACS) {
	if _, _, ok := a.Defaults(); !ok {
		d.add(false, "acs.default", "policy_reference", fmt.Sprintf("the policy reference %q does not say both defaults once", a.Policy))
	}
	for i, p := range a.Privileges {
		if p.Effect == Unread || !slices.Contains(actions, string(p.Action)) {
			d.add(false, "acs.privilege", "access_privilege", fmt.Sprintf("rule %d, %s %q, is not known", i+1, p.Effect, p.Action))
		}
	}
	for i, s := range a.Sharings {
		if s.Effect == Unread || len(s.Scope) == 0 {
			d.add(false, "acs.sharing", "further_sharing", fmt.Sprintf("rule %d is not known", i+1))
		}
	}
}

// privilege weighs the rules about one action.
func (d *decider) privilege(a ACS, s Subject, action Action, byDefault Effect) {
	var rules []ruled
	for _, p := range a.Privileges {
		if p.Action == action || p.Action == All {
			rules = append(rules, ruled{effect: p.Effect, met: p.Scope.met(s), text: string(p.Action)})
		}
	}
	d.rules(rules, byDefault, "acs.privilege", "access_privilege", string(action))
}

// met says whether a subject is in the scope: whether it meets each property.
// A scope without any is one that could not be read.
func (s Scope) met(who Subject) met {
	least, any := yes, false
	for _, x := range []struct {
		list, have []string
		one        func(rule, subject string) met
	}{
		{s.Nationalities, who.Nationalities, exactly},
		{s.Organizations, who.Organizations, organization},
		{s.Shareability, who.Shareability, exactly},
		{s.Entities, who.Entities, exactly},
	} {
		if len(x.list) > 0 {
			any = true
			least = min(least, anyOf(x.list, x.have, x.one))
		}
	}
	if !any {
		return perhaps
	}
	return least
}
