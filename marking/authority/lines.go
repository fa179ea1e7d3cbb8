package authority

import (
	"cmp"
	"slices"
	"strings"
)

// A Style is how the lines about controlled unclassified information are
// written.
type Style uint8

const (
	// StyleISOO is that of 32 CFR 2002: who controls it, and until when.
	StyleISOO Style = iota
	// StyleDoD is that of DoDI 5200.48: besides, its categories and controls.
	StyleDoD
)

// Lines returns the lines at the foot of a document that the attributes ask
// for, as ODNI's own stylesheets write them: the classification authority
// block, with warnings where a classified document lacks it, and the lines
// about controlled unclassified information. They are to be shown, also where
// something is wrong with them; [FromAttributes] says what.
func (a Attributes) Lines(style Style) []string {
	var out []string
	add := func(label, value string) {
		if value != "" {
			out = append(out, label+": "+value)
		}
	}
	add("Classified by", cmp.Or(a.ClassifiedBy, a.DerivativelyClassifiedBy))
	add("Derived from", a.DerivedFrom)
	add("Reason", a.ClassificationReason)
	if a.classified() && a.ClassifiedBy == "" && a.DerivativelyClassifiedBy == "" {
		out = append(out, warn("markings for either an originally or derivatively classified document"))
	}
	add("Declassify on", a.declassify())
	if a.classified() && a.declassify() == "" {
		out = append(out, warn("declassification instructions or markings"))
	}
	add("Controlled By", a.CUIControlledBy)
	add("Controlled By", a.CUIControlledByOffice)
	if style == StyleDoD {
		add("CUI Category", a.categories())
		add("Distribution/Dissemination Control", a.limits())
	}
	add("POC", a.CUIPOC)
	add("Decontrol On", either(a.CUIDecontrolDate, a.CUIDecontrolEvent))
	return out
}

// warn writes a warning, with the hard blanks inside the parentheses that ODNI has.
func warn(what string) string {
	return "(\u00a0WARNING! This document does not contain required " + what + ".\u00a0)"
}

func (a Attributes) classified() bool { return a.Classification != "" && a.Classification != "U" }

// either writes a date, an event, or the two as an alternative.
func either(date, event string) string {
	if date != "" && event != "" {
		return long(date) + " or " + event
	}
	return long(date) + event
}

// declassify writes the instruction.
func (a Attributes) declassify() string {
	const rest = " portions. See source list for NSI portions."
	switch {
	case has(a.DeclassException, "NATO-AEA") || has(a.DeclassException, "AEA") && has(a.DeclassException, "NATO"):
		return "Not Applicable to RD/FRD/TFNI and NATO" + rest
	case has(a.DeclassException, "AEA"):
		return "Not Applicable to RD/FRD/TFNI" + rest
	case has(a.DeclassException, "NATO"):
		return "Not Applicable to NATO" + rest
	}
	exempt, end := squeeze(a.DeclassException), either(a.DeclassDate, a.DeclassEvent)
	if exempt != "" && end != "" {
		return exempt + ", " + end
	}
	return exempt + end
}

// categories writes the categories, basic ones first.
func (a Attributes) categories() string {
	out := strings.Fields(a.CUIBasic)
	for t := range strings.FieldsSeq(a.CUISpecified) {
		out = append(out, "SP-"+t)
	}
	return strings.Join(out, " ")
}

// limited are the limited dissemination controls of controlled unclassified
// information (CVEnumISMDissemCui), in its order, and in the order of lines
// that say more (CVEnumISMDissem).
var (
	limited = []string{"AC", "AWP", "DISPLAYONLY", "DL_ONLY", "EXEMPT_FROM_ICD501_DISCOVERY", "FED_ONLY", "FEDCON", "NF", "NOCON", "REL", "RELIDO"}
	mixed   = []string{"NF", "REL", "RELIDO", "DISPLAYONLY", "AC", "AWP", "DL_ONLY", "FED_ONLY", "FEDCON", "NOCON"}
)

// alone reports whether the document is marked as controlled unclassified
// information and nothing else.
func (a Attributes) alone() bool {
	others := a.SCIControls + a.SARIdentifier + a.AtomicEnergyMarkings + a.FGISourceOpen + a.FGISourceProtected + a.NonICMarkings
	return !a.classified() && strings.TrimSpace(others) == "" &&
		!slices.ContainsFunc(strings.Fields(a.DisseminationControls), func(t string) bool { return !slices.Contains(limited, t) })
}

// limits writes the limited dissemination controls.
func (a Attributes) limits() string {
	order := mixed
	if a.alone() {
		order = limited
	}
	var out []string
	for _, t := range order {
		if !has(a.DisseminationControls, t) {
			continue
		}
		switch t {
		case "NF":
			t = "NOFORN"
		case "AC":
			t = "Attorney-Client"
		case "AWP":
			t = "Attorney-WP"
		case "REL":
			t = "REL TO " + codes(a.ReleasableTo)
		case "DISPLAYONLY":
			t = "DISPLAY ONLY " + codes(a.DisplayOnlyTo)
		case "EXEMPT_FROM_ICD501_DISCOVERY": // said to machines, in no line
			continue
		}
		out = append(out, t)
	}
	return strings.Join(out, "; ")
}

// codes writes a list: USA first, then nations from A to Z, then coalitions.
func codes(list string) string {
	out := strings.Fields(list)
	rank := func(c string) int {
		switch {
		case c == "USA":
			return 0
		case len(c) == len("USA"):
			return 1
		}
		return 2
	}
	slices.SortFunc(out, func(x, y string) int { return cmp.Or(rank(x)-rank(y), strings.Compare(x, y)) })
	return strings.Join(slices.Compact(out), ", ")
}
