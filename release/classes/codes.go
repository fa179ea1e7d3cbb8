package classes

import (
	"tearline"
	"tearline/release"
)

// Codes are all that the rules of package release say of one portion, as bits:
// which rule, whether content, refer or deny, and by what. None is cut short.
// A rule that has nothing to say (no exclusion, no embargo) gives none. The
// zero Codes deny.
type Codes uint32

// The codes. Where several portions of the lineage are content by different
// grounds, each is there.
const (
	// MarkingByMarking and those below are of the rule on the portion's own
	// marking.
	MarkingByMarking Codes = 1 << iota
	MarkingByDeclassification
	MarkingByStandingConsent
	MarkingByConsent
	MarkingRefers
	MarkingDenies
	// ClearanceByAgreement is that what the holder and the recipient agreed on
	// covers it; ClearanceDenies, that it does not.
	ClearanceByAgreement
	ClearanceDenies
	// PersonCleared is that the person is cleared and read in; those below say
	// what is lacking.
	PersonCleared
	PersonBelowLevel
	PersonLacksReadIn
	// OriginatorByMarking and those below are of the rule on originators.
	OriginatorByMarking
	OriginatorByAgreement
	OriginatorByDeclassification
	OriginatorByStandingConsent
	OriginatorByConsent
	OriginatorRefers
	// ThirdPartyByMarking and those below are of what came under an agreement
	// that forbids passing on.
	ThirdPartyByMarking
	ThirdPartyByDeclassification
	ThirdPartyByConsent
	ThirdPartyDenies
	// ExclusionByConsent is that the recipient was excluded, and readmitted
	// since.
	ExclusionByConsent
	ExclusionDenies
	// PurposeByConsent is that it came for other purposes, and its originator
	// consents.
	PurposeByConsent
	PurposeDenies
	// EmbargoDenies is that an embargo runs; ModeDenies, that no way of passing
	// on was named.
	EmbargoDenies
	ModeDenies
)

const (
	denying   = MarkingDenies | ClearanceDenies | PersonBelowLevel | PersonLacksReadIn | ThirdPartyDenies | ExclusionDenies | PurposeDenies | EmbargoDenies | ModeDenies
	referring = MarkingRefers | OriginatorRefers
	// consentable are those that a particular consent would change.
	consentable = referring | ThirdPartyDenies | ExclusionDenies | PurposeDenies

	byConsent         = MarkingByConsent | OriginatorByConsent | ThirdPartyByConsent | ExclusionByConsent | PurposeByConsent
	byStandingConsent = MarkingByStandingConsent | OriginatorByStandingConsent
	byLowering        = MarkingByDeclassification | OriginatorByDeclassification | ThirdPartyByDeclassification
	byAgreement       = OriginatorByAgreement
)

// Outcome is what the codes come to.
func (c Codes) Outcome() tearline.Outcome {
	switch {
	case c == 0, c&denying != 0:
		return tearline.Deny
	case c&referring != 0:
		return tearline.Refer
	}
	return tearline.Release
}

// Basis is by virtue of what it is released, ByNothing if it is not.
func (c Codes) Basis() tearline.Basis {
	switch {
	case c.Outcome() != tearline.Release:
		return tearline.ByNothing
	case c&byConsent != 0:
		return tearline.ByConsent
	case c&byStandingConsent != 0:
		return tearline.ByStandingConsent
	case c&byLowering != 0:
		return tearline.ByDeclassification
	case c&byAgreement != 0:
		return tearline.ByAgreement
	}
	return tearline.ByMarking
}

// ruleCodes are the codes of each rule, by outcome: those that deny, refer and
// are content.
var ruleCodes = []struct {
	rule                  release.Rule
	denies, refers, grant Codes
}{
	{release.RuleMarking, MarkingDenies, MarkingRefers, MarkingByMarking | MarkingByDeclassification | MarkingByStandingConsent | MarkingByConsent},
	{release.RuleClearance, ClearanceDenies | PersonBelowLevel | PersonLacksReadIn, 0, ClearanceByAgreement | PersonCleared},
	{
		release.RuleOriginator, 0, OriginatorRefers,
		OriginatorByMarking | OriginatorByAgreement | OriginatorByDeclassification | OriginatorByStandingConsent | OriginatorByConsent,
	},
	{release.RuleThirdParty, ThirdPartyDenies, 0, ThirdPartyByMarking | ThirdPartyByDeclassification | ThirdPartyByConsent},
	{release.RuleExclusion, ExclusionDenies, 0, ExclusionByConsent},
	{release.RuleConditions, PurposeDenies | EmbargoDenies | ModeDenies, 0, PurposeByConsent},
}

// Rule returns the strictest that a rule says, and whether it says anything.
func (c Codes) Rule(r release.Rule) (tearline.Outcome, bool) {
	for _, k := range ruleCodes {
		if k.rule != r {
			continue
		}
		switch {
		case c&k.denies != 0:
			return tearline.Deny, true
		case c&k.refers != 0:
			return tearline.Refer, true
		case c&k.grant != 0:
			return tearline.Release, true
		}
	}
	return tearline.Deny, false
}

// A Verdict is what the rules come to for one portion. The zero Verdict denies.
type Verdict struct {
	Codes Codes
	// Ask names whom to ask if the outcome is Refer, sorted, each once; nil
	// otherwise. It is shared and must not be written to.
	Ask []tearline.PartyID
}

// Outcome is that of the codes.
func (v Verdict) Outcome() tearline.Outcome { return v.Codes.Outcome() }

// Basis is that of the codes.
func (v Verdict) Basis() tearline.Basis { return v.Codes.Basis() }
