package stix

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tearline/marking"
)

// An Effect is what a rule or a default says.
type Effect uint8

const (
	// Unread is what could not be read. It denies.
	Unread Effect = iota
	// Deny denies.
	Deny
	// Permit permits.
	Permit
)

// String returns "unread", "deny" or "permit".
func (e Effect) String() string {
	if int(e) < len(effects) {
		return effects[e]
	}
	return effects[Unread]
}

var effects = [...]string{"unread", "deny", "permit"}

// MarshalText returns "permit" for Permit and "deny" for all else.
func (e Effect) MarshalText() ([]byte, error) {
	if e == Permit {
		return []byte("permit"), nil
	}
	return []byte("deny"), nil
}

// An ACS is what a marking of ACS 3.0 says of a resource. One that a
// [Definition] returns remembers what was wrong with it, and then grants
// nothing; so does the zero ACS. Times are texts in RFC 3339.
type ACS struct {
	// Identifier of the resource, "isa:guide.19001.ACS3-" and a UUID.
	Identifier string `json:"identifier"`
	// Name of the marking, for people; may be empty.
	Name string `json:"name,omitempty"`
	// Created is when the resource was made.
	Created string `json:"create_date_time"`
	// Custodian is the organisation that provides the resource, "USA.DHS".
	Custodian string `json:"responsible_entity_custodian"`
	// Originator is the organisation that it comes from; may be empty.
	Originator string `json:"responsible_entity_originator,omitempty"`
	// Authority are the URNs of the legal authorities it was made under.
	Authority []string `json:"authority_reference,omitempty"`
	// Policy is the policy reference. It carries the two defaults.
	Policy string `json:"policy_reference"`
	// Original and Derivative say who classified it; at most one is usual.
	Original   *Classified `json:"original_classification,omitempty"`
	Derivative *Classified `json:"derivative_classification,omitempty"`
	// Declassification says when it ceases to be classified.
	Declassification *Declassification `json:"declassification,omitempty"`
	// Disposition says what is to be done with it, and when.
	Disposition *Disposition `json:"resource_disposition,omitempty"`
	// Release says who released it to the public.
	Release *PublicRelease `json:"public_release,omitempty"`
	// Privileges permit or deny actions to those whom Controls admit.
	Privileges []Privilege `json:"access_privilege,omitempty"`
	// Sharings permit or deny passing it on.
	Sharings []Sharing `json:"further_sharing,omitempty"`
	// Controls say who may have it.
	Controls ControlSet `json:"control_set"`

	faults marking.Faults
}

// Classified says who classified something, and why. From is for derivative
// classifications, Reason and Compilation for original ones.
type Classified struct {
	By          string `json:"classified_by"`
	On          string `json:"classified_on,omitempty"`
	Reason      string `json:"classification_reason,omitempty"`
	Compilation string `json:"compilation_reason,omitempty"`
	From        string `json:"derived_from,omitempty"`
}

// Declassification says when something ceases to be classified. Period is in
// years from its making or classification.
type Declassification struct {
	Exemption string `json:"declass_exemption,omitempty"`
	Period    *int   `json:"declass_period,omitempty"`
	Date      string `json:"declass_date,omitempty"`
	Event     string `json:"declass_event,omitempty"`
}

// Disposition says when a process, such as destruction, is to begin.
type Disposition struct {
	Date    string `json:"disposition_date"`
	Process string `json:"disposition_process"`
}

// PublicRelease says who released something to the public, and when.
type PublicRelease struct {
	By string `json:"released_by"`
	On string `json:"released_on,omitempty"`
}

// A ControlSet says who may have a resource: all of it must be met.
type ControlSet struct {
	// Classification is U, C, S or TS.
	Classification string `json:"classification"`
	// SCI are controls of sensitive compartmented information, "SI-G".
	SCI []string `json:"sci_controls,omitempty"`
	// Categories are logical authority categories.
	Categories []string `json:"logical_authority_category,omitempty"`
	// Determinations are formal ones: AIS, FOUO, NF, PUBREL and others.
	Determinations []string `json:"formal_determination,omitempty"`
	// Caveats are FISA, POSSIBLEPII and CISAPROPRIETARY.
	Caveats []string `json:"caveat,omitempty"`
	// Sensitivities are LES, PCII and others.
	Sensitivities []string `json:"sensitivity,omitempty"`
	// Shareability are communities: NCC, EM, LE, IC.
	Shareability []string `json:"shareability,omitempty"`
	// Entities are kinds of persons and systems: MIL, GOV, CTR, SVR, SVC, DEV, NET.
	Entities []string `json:"entity,omitempty"`
	// Nationalities are trigraphs.
	Nationalities []string `json:"permitted_nationalities,omitempty"`
	// Organizations are tokens such as "USA.DHS".
	Organizations []string `json:"permitted_organizations,omitempty"`
}

// A Privilege permits or denies an action to those in its scope.
type Privilege struct {
	Action Action `json:"privilege_action"`
	Scope  Scope  `json:"privilege_scope"`
	Effect Effect `json:"rule_effect"`
}

// A Scope says whom a rule is about: who meets each property that it has, by
// any of its values. "ALL", alone in its list, is everybody.
type Scope struct {
	Nationalities []string `json:"permitted_nationalities,omitempty"`
	Organizations []string `json:"permitted_organizations,omitempty"`
	Shareability  []string `json:"shareability,omitempty"`
	Entities      []string `json:"entity,omitempty"`
}

// A Sharing permits or denies passing a resource on to organisations, or to
// FOREIGNGOV or SECTOR.
type Sharing struct {
	Scope  []string `json:"sharing_scope"`
	Effect Effect   `json:"rule_effect"`
}

// An Action is what somebody wants to do with a resource.
type Action string

// The actions of ACS 3.0. All is every one of them.
const (
	Display         Action = "DSPLY"
	IdentifySource  Action = "IDSRC"
	NotifyTarget    Action = "TENOT"
	NetworkDefence  Action = "NETDEF"
	Legal           Action = "LEGAL"
	Intel           Action = "INTEL"
	TearLine        Action = "TEARLINE"
	OperationAction Action = "OPACTION"
	Request         Action = "REQUEST"
	AnonymousAccess Action = "ANONYMOUSACCESS"
	CISAUses        Action = "CISAUSES"
	All             Action = "ALL"
)

// Vocabularies of the extension's schema.
var (
	actions        = []string{"DSPLY", "IDSRC", "TENOT", "NETDEF", "LEGAL", "INTEL", "TEARLINE", "OPACTION", "REQUEST", "ANONYMOUSACCESS", "CISAUSES", "ALL"}
	determinations = []string{
		"PUBREL", "NF", "AIS", "PII-NECESSARY-TO-UNDERSTAND-THREAT", "NO-PII-PRESENT", "FOUO",
		"INFORMATION-DIRECTLY-RELATED-TO-CYBERSECURITY-THREAT",
	}
	caveats       = []string{"FISA", "POSSIBLEPII", "CISAPROPRIETARY"}
	sensitivities = []string{"NTOC_DHS_ECYBER_SVC_SHARE.NSA.NSA", "PCII", "LES", "INT", "PII", "PR", "TEI"}
	shareability  = []string{"NCC", "EM", "LE", "IC"}
	entities      = []string{"MIL", "GOV", "CTR", "SVR", "SVC", "DEV", "NET"}
)

// readACS reads the extension. Its faults go to f.
func readACS(f *fieldReader, n node) *ACS {
	a := &ACS{}
	f.object(n, "acs", []field{
		{"extension_type", true, literal("property-extension")},
		{"identifier", true, str(&a.Identifier)},
		{"name", false, str(&a.Name)},
		{"create_date_time", true, timestamp(&a.Created)},
		{"responsible_entity_custodian", true, str(&a.Custodian)},
		{"responsible_entity_originator", false, str(&a.Originator)},
		{"authority_reference", false, words(&a.Authority, nil)},
		{"policy_reference", true, str(&a.Policy)},
		{"original_classification", false, func(f *fieldReader, n node, path string) {
			a.Original = &Classified{}
			f.object(n, path, a.Original.fields(false))
		}},
		{"derivative_classification", false, func(f *fieldReader, n node, path string) {
			a.Derivative = &Classified{}
			f.object(n, path, a.Derivative.fields(true))
		}},
		{"declassification", false, a.readDeclassification},
		{"resource_disposition", false, func(f *fieldReader, n node, path string) {
			a.Disposition = &Disposition{}
			f.object(n, path, []field{
				{"disposition_date", true, timestamp(&a.Disposition.Date)},
				{"disposition_process", true, str(&a.Disposition.Process)},
			})
		}},
		{"public_release", false, func(f *fieldReader, n node, path string) {
			a.Release = &PublicRelease{}
			f.object(n, path, []field{
				{"released_by", true, str(&a.Release.By)},
				{"released_on", false, timestamp(&a.Release.On)},
			})
		}},
		{"access_privilege", false, each(a.readPrivilege)},
		{"further_sharing", false, each(a.readSharing)},
		{"control_set", true, a.readControls},
	})
	if _, _, ok := a.Defaults(); !ok && a.Policy != "" {
		p, _ := n.get("policy_reference")
		f.fault(p, "stix.acs.policy", fmt.Sprintf("the policy reference %q does not say both defaults once", a.Policy))
	}
	return a
}

func (c *Classified) fields(derivative bool) []field {
	if derivative {
		return []field{
			{"classified_by", true, str(&c.By)},
			{"classified_on", false, timestamp(&c.On)},
			{"derived_from", true, str(&c.From)},
		}
	}
	return []field{
		{"classified_by", true, str(&c.By)},
		{"classified_on", false, timestamp(&c.On)},
		{"classification_reason", false, str(&c.Reason)},
		{"compilation_reason", false, str(&c.Compilation)},
	}
}

func (a *ACS) readDeclassification(f *fieldReader, n node, path string) {
	d := &Declassification{}
	a.Declassification = d
	f.object(n, path, []field{
		{"declass_exemption", false, str(&d.Exemption)},
		{"declass_period", false, whole(&d.Period)},
		{"declass_date", false, timestamp(&d.Date)},
		{"declass_event", false, str(&d.Event)},
	})
	if len(n.sub) == 0 {
		f.fault(n, "stix.missing", path+" says nothing")
	}
}

func (a *ACS) readControls(f *fieldReader, n node, path string) {
	c := &a.Controls
	f.object(n, path, []field{
		{"classification", true, func(f *fieldReader, n node, path string) {
			s, _ := n.text()
			if _, ok := levels[s]; !ok {
				f.fault(n, "stix.vocabulary", fmt.Sprintf("%s: %q is no level", path, s))
				return
			}
			c.Classification = s
		}},
		{"sci_controls", false, words(&c.SCI, nil)},
		{"logical_authority_category", false, words(&c.Categories, nil)},
		{"formal_determination", false, words(&c.Determinations, determinations)},
		{"caveat", false, words(&c.Caveats, caveats)},
		{"sensitivity", false, words(&c.Sensitivities, sensitivities)},
		{"shareability", false, words(&c.Shareability, shareability)},
		{"entity", false, words(&c.Entities, entities)},
		{"permitted_nationalities", false, words(&c.Nationalities, nil)},
		{"permitted_organizations", false, words(&c.Organizations, nil)},
	})
}

func effect(to *Effect) func(*fieldReader, node, string) {
	return func(f *fieldReader, n node, path string) {
		switch s, _ := n.text(); s {
		case "permit":
			*to = Permit
		case "deny":
			*to = Deny
		default:
			f.fault(n, "stix.vocabulary", fmt.Sprintf("%s: %q is neither permit nor deny", path, s))
		}
	}
}

func (a *ACS) readPrivilege(f *fieldReader, n node, path string) {
	var p Privilege
	f.object(n, path, []field{
		{"privilege_action", true, func(f *fieldReader, n node, path string) {
			s, _ := n.text()
			if !slices.Contains(actions, s) {
				f.fault(n, "stix.vocabulary", fmt.Sprintf("%s: %q is no action", path, s))
			}
			p.Action = Action(s)
		}},
		{"privilege_scope", true, p.Scope.read},
		{"rule_effect", true, effect(&p.Effect)},
	})
	a.Privileges = append(a.Privileges, p)
}

func (s *Scope) read(f *fieldReader, n node, path string) {
	open := func(to *[]string, vocabulary []string) func(*fieldReader, node, string) {
		return func(f *fieldReader, n node, path string) {
			if vocabulary != nil {
				vocabulary = append(slices.Clone(vocabulary), everybody)
			}
			words(to, vocabulary)(f, n, path)
			if len(*to) > 1 && slices.Contains(*to, everybody) {
				f.fault(n, "stix.acs.all", path+" has ALL beside others")
			}
		}
	}
	f.object(n, path, []field{
		{"permitted_nationalities", false, open(&s.Nationalities, nil)},
		{"permitted_organizations", false, open(&s.Organizations, nil)},
		{"shareability", false, open(&s.Shareability, shareability)},
		{"entity", false, open(&s.Entities, entities)},
	})
	if len(n.sub) == 0 {
		f.fault(n, "stix.missing", path+" says nothing")
	}
}

func (a *ACS) readSharing(f *fieldReader, n node, path string) {
	var s Sharing
	f.object(n, path, []field{
		{"sharing_scope", true, words(&s.Scope, nil)},
		{"rule_effect", true, effect(&s.Effect)},
	})
	a.Sharings = append(a.Sharings, s)
}

// Defaults returns what the policy reference says of actions and of sharing
// where no rule does, and whether it says both, and nothing else. Of several
// references all must say the same.
func (a ACS) Defaults() (privileges, sharing Effect, ok bool) {
	refs := strings.Fields(a.Policy)
	for _, ref := range refs {
		if len(refs) > 1 && ref != refs[0] {
			return Unread, Unread, false
		}
	}
	if len(refs) == 0 {
		return Unread, Unread, false
	}
	for _, privileges := range []Effect{Deny, Permit} {
		for _, sharing := range []Effect{Deny, Permit} {
			if refs[0] == PolicyReference(privileges, sharing) {
				return privileges, sharing, true
			}
		}
	}
	return Unread, Unread, false
}

// PolicyReference returns the policy reference of ACS 3.0 with these defaults
// for actions and for sharing; Unread is written as deny.
func PolicyReference(privileges, sharing Effect) string {
	word := func(e Effect) string {
		if e == Permit {
			return "permit"
		}
		return "deny"
	}
	return "urn:isa:policy:acs:ns:v3.0?privdefault=" + word(privileges) + "&sharedefault=" + word(sharing)
}

// NewACS returns the definition that says a. The id is a UUID in lower case,
// created the time of the definition, written to the millisecond. It fails,
// with a [marking.Faults], where [Read] would find something wrong with it.
func NewACS(id string, created time.Time, a ACS) (Definition, error) {
	type extension struct {
		Type string `json:"extension_type"`
		ACS
	}
	type object struct {
		Type       string               `json:"type"`
		Version    string               `json:"spec_version"`
		ID         string               `json:"id"`
		Created    string               `json:"created"`
		Extensions map[string]extension `json:"extensions"`
	}
	data, err := encode(object{
		Type: definitionType, Version: "2.1", ID: definitionType + "--" + id,
		Created:    created.UTC().Format("2006-01-02T15:04:05.000Z"),
		Extensions: map[string]extension{ACSExtension: {Type: "property-extension", ACS: a}},
	})
	if err != nil {
		return Definition{}, err
	}
	d, err := Read(data)
	if err != nil {
		return Definition{}, err
	}
	if len(d.faults) > 0 {
		return Definition{}, slices.Clone(d.faults)
	}
	return d, nil
}
