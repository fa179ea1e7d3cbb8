package stix

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tearline/marking"
)

// levels are the classifications of ACS with those of the us policy.
var levels = map[string]string{"U": "UNCLASSIFIED", "C": "CONFIDENTIAL", "S": "SECRET", "TS": "TOP SECRET"}

// said are the control tokens that the us policy has a marking for: the list
// they stand in, the token there, the category and the name in the policy.
var said = []struct{ list, token, category, name string }{
	{"formal_determination", "NF", "dissem", "NOFORN"},
	{"formal_determination", "FOUO", "dissem", "FOUO"},
	{"caveat", "FISA", "dissem", "FISA"},
	{"sensitivity", "LES", "non_ic", "LES"},
}

// lists returns the control set's lists by the names of their properties.
func (c ControlSet) lists() []struct {
	name  string
	items []string
} {
	return []struct {
		name  string
		items []string
	}{
		{"sci_controls", c.SCI},
		{"logical_authority_category", c.Categories},
		{"formal_determination", c.Determinations},
		{"caveat", c.Caveats},
		{"sensitivity", c.Sensitivities},
		{"shareability", c.Shareability},
		{"entity", c.Entities},
		{"permitted_nationalities", c.Nationalities},
		{"permitted_organizations", c.Organizations},
	}
}

// Marking returns what the control set says as a mark of the us policy: who
// may have the resource, and nothing of what may be done with it. It fails,
// with a [marking.Faults], for everything in it that such a mark cannot say,
// and for what the policy refuses; the marking is then zero.
func (c ControlSet) Marking() (marking.Marking, error) {
	us, known := marking.Lookup("us")
	if !known {
		return marking.Marking{}, marking.Faults{{Rule: "stix.policy", Text: "there is no policy \"us\" here"}}
	}
	s := speaker{us: us, want: map[string][]string{}}
	level, ok := levels[c.Classification]
	if !ok {
		s.unsaid("classification", c.Classification, "")
	}
	for _, l := range c.lists() {
		for _, item := range l.items {
			s.say(l.name, item)
		}
	}
	if len(s.faults) > 0 {
		return marking.Marking{}, s.faults
	}
	m, err := us.Parse(line(level, s.want))
	if err != nil {
		return marking.Marking{}, faultsOf(err)
	}
	// Tokens are read by what they are, not by the list they came in: a
	// dissemination control among the SCI controls must not become one.
	if back, err := Controls(m); err != nil || !back.same(c) {
		return marking.Marking{}, marking.Faults{{
			Rule: "stix.acs.unsaid", Cites: citesACS, Text: fmt.Sprintf("the control set reads as %q, which says something else", m.Banner()),
		}}
	}
	return m, nil
}

// A speaker finds the tokens of the us policy for those of a control set.
type speaker struct {
	us     *marking.Policy
	want   map[string][]string // by category
	faults marking.Faults
}

func (s *speaker) unsaid(list, item, hint string) {
	s.faults = addFault(s.faults, marking.Fault{
		Rule: "stix.acs.unsaid", Cites: citesACS, Text: fmt.Sprintf("%s %q cannot be said in a us marking", list, item), Hint: hint,
	})
}

func (s *speaker) say(list, item string) {
	for _, x := range said {
		if x.list == list && x.token == item {
			s.want[x.category] = append(s.want[x.category], x.name)
			return
		}
	}
	switch {
	case list == "sci_controls" && isControl(item):
		s.want["sci"] = append(s.want["sci"], item)
	case list == "permitted_nationalities" && len(item) == 3 && s.us.KnowsCode(item) && s.us.Members(item) == nil:
		s.want["rel_to"] = append(s.want["rel_to"], item)
	case list == "permitted_nationalities":
		s.unsaid(list, item, "name nations by their trigraphs")
	default:
		s.unsaid(list, item, "")
	}
}

// line writes the banner line that says the tokens by category.
func line(level string, want map[string][]string) string {
	parts := []string{level}
	add := func(items []string) {
		if len(items) > 0 {
			parts = append(parts, strings.Join(items, "/"))
		}
	}
	add(leaves(want["sci"]))
	dissem := slices.Clone(want["dissem"])
	if rel := want["rel_to"]; len(rel) > 0 {
		dissem = append(dissem, "REL TO "+strings.Join(unique(rel), ", "))
	}
	add(unique(dissem))
	add(unique(want["non_ic"]))
	return strings.Join(parts, "//")
}

// isControl reports whether s can be one control with its compartments: the
// characters that part controls and categories are not in it.
func isControl(s string) bool {
	return s != "" && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == ""
}

// leaves drops what is the parent of another: SI beside SI-G.
func leaves(items []string) []string {
	return slices.DeleteFunc(unique(items), func(x string) bool {
		return slices.ContainsFunc(items, func(y string) bool { return strings.HasPrefix(y, x+"-") })
	})
}

func unique(items []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(items)))
}

// same reports whether two control sets that a mark can say say the same.
func (c ControlSet) same(o ControlSet) bool {
	a, b := c.lists(), o.lists()
	for i := range a {
		x, y := unique(a[i].items), unique(b[i].items)
		if a[i].name == "sci_controls" {
			x, y = leaves(x), leaves(y)
		}
		if !slices.Equal(x, y) {
			return false
		}
	}
	return c.Classification == o.Classification
}

// Controls returns the control set that says what a mark of the us policy
// says. It fails, with a [marking.Faults], for everything that ACS has no
// token for: other owners, coalitions in release lists, and the controls
// beside FOUO, NOFORN, FISA, LES and SCI.
func Controls(m marking.Marking) (ControlSet, error) {
	var c ControlSet
	var faults marking.Faults
	unsaid := func(category, token, hint string) {
		faults = addFault(faults, marking.Fault{
			Rule: "stix.acs.unsaid", Cites: citesACS, Text: fmt.Sprintf("%s %q cannot be said in a control set", category, token), Hint: hint,
		})
	}
	if m.IsZero() || m.Policy().ID() != "us" && !strings.HasPrefix(m.Policy().ID(), "us@") {
		return ControlSet{}, marking.Faults{{Rule: "stix.acs.policy", Cites: citesACS, Text: fmt.Sprintf("%q is no marking of the us policy", m)}}
	}
	for code, level := range levels {
		if level == m.Level().Name {
			c.Classification = code
		}
	}
	if c.Classification == "" {
		unsaid("classification", m.Level().Name, "")
	}
	fields := m.Fields()
	for _, category := range slices.Sorted(maps.Keys(fields)) {
		tokens, _ := fields[category].([]string)
		switch category {
		case "policy", "classification":
		case "sci":
			c.SCI = sciTokens(tokens, unsaid)
		case "rel_to":
			c.Nationalities = nations(m, tokens, unsaid)
		case "dissem", "non_ic":
			for _, token := range tokens {
				c.say(category, token, unsaid)
			}
		default:
			unsaid(category, strings.Join(tokens, " "), "")
		}
	}
	if len(faults) > 0 {
		return ControlSet{}, faults
	}
	return c, nil
}

// say adds a dissemination control or non-IC marking.
func (c *ControlSet) say(category, token string, unsaid func(category, token, hint string)) {
	if category == "dissem" && token == "REL TO" { // its list is in "rel_to"
		return
	}
	for _, s := range said {
		if s.category != category || s.name != token {
			continue
		}
		to := map[string]*[]string{
			"formal_determination": &c.Determinations, "caveat": &c.Caveats, "sensitivity": &c.Sensitivities,
		}[s.list]
		*to = append(*to, s.token)
		return
	}
	unsaid(category, token, "")
}

// sciTokens returns the controls; sub-compartments are no tokens of ACS.
func sciTokens(tokens []string, unsaid func(category, token, hint string)) []string {
	for _, t := range tokens {
		if !isControl(t) {
			unsaid("sci", t, "")
		}
	}
	return leaves(tokens)
}

// nations returns the codes of nations. A coalition's members change: who they
// are is for whoever marks.
func nations(m marking.Marking, codes []string, unsaid func(category, token, hint string)) []string {
	for _, code := range codes {
		if len(code) != 3 || m.Policy().Members(code) != nil {
			unsaid("rel_to", code, "name the members")
		}
	}
	return slices.Clone(codes)
}

// marking returns the whole definition as a mark: what the control set says,
// if nothing else limits what may be done.
func (a *ACS) marking() (marking.Marking, error) {
	var faults marking.Faults
	limit := func(text string) {
		faults = addFault(faults, marking.Fault{
			Rule: "stix.acs.limits", Cites: citesACS, Text: text + ", which a marking cannot say", Hint: "ask the definition, and use the mark of its control set",
		})
	}
	privileges, sharing, _ := a.Defaults()
	if privileges != Permit {
		limit("actions are denied where no rule permits them")
	}
	if sharing != Permit {
		limit("sharing is denied where no rule permits it")
	}
	for _, p := range a.Privileges {
		if p.Effect != Permit {
			limit(fmt.Sprintf("a rule denies the action %s", p.Action))
		}
	}
	for _, s := range a.Sharings {
		if s.Effect != Permit {
			limit("a rule denies sharing with " + strings.Join(s.Scope, ", "))
		}
	}
	m, err := a.Controls.Marking()
	if err != nil {
		faults = addFault(faults, faultsOf(err)...)
	}
	if len(faults) > 0 {
		return marking.Marking{}, faults
	}
	return m, nil
}

// An Origin is what an ACS marking says beside the mark itself. It is given,
// not made up: this package has neither a clock nor randomness.
type Origin struct {
	// ID is the definition's UUID, in lower case.
	ID string
	// Identifier is the resource's, "isa:guide.19001.ACS3-" and a UUID.
	Identifier string
	// Created is when the resource and the definition were made.
	Created time.Time
	// Custodian is the organisation that provides it, "USA.DHS".
	Custodian string
	// Originator is where it comes from; may be empty.
	Originator string
	// Privileges and Sharing are the defaults; zero denies, and then it takes
	// rules to permit anything.
	Privileges, Sharing Effect
}

// FromMarking returns the definition that says what a marking says: of the tlp
// policy, the published object of TLP 2.0, and the origin is not used; of the
// us policy, a marking of ACS 3.0. It fails, with a [marking.Faults], for what
// they cannot say, for other policies, and for the zero Marking.
func FromMarking(m marking.Marking, o Origin) (Definition, error) {
	if !m.IsZero() && m.Policy().ID() == "tlp" {
		return fromTLP(m)
	}
	c, err := Controls(m)
	if err != nil {
		return Definition{}, err
	}
	// A mark of another profile must be read as what it was.
	if back, err := c.Marking(); err != nil || back.Banner() != m.Banner() {
		return Definition{}, marking.Faults{{
			Rule: "stix.acs.unsaid", Cites: citesACS, Text: fmt.Sprintf("%q would be read as %q", m, back),
		}}
	}
	return NewACS(o.ID, o.Created, ACS{
		Identifier: o.Identifier,
		Created:    o.Created.UTC().Format("2006-01-02T15:04:05.000Z"),
		Custodian:  o.Custodian,
		Originator: o.Originator,
		Policy:     PolicyReference(o.Privileges, o.Sharing),
		Controls:   c,
	})
}
