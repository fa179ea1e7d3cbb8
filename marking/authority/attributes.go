package authority

import (
	"slices"
	"strings"

	"tearline/marking"
)

// Attributes are the values of the ISM attributes that a block comes from, and
// of those that tell how it is written, as plain strings: "" where there is
// none.
type Attributes struct {
	ClassifiedBy             string // classifiedBy: the original authority
	DerivativelyClassifiedBy string
	ClassificationReason     string
	DerivedFrom              string
	DeclassDate              string // YYYY-MM-DD
	DeclassEvent             string
	DeclassException         string // tokens of CVEnumISM25X

	Classification        string
	AtomicEnergyMarkings  string
	SCIControls           string
	SARIdentifier         string
	FGISourceOpen         string
	FGISourceProtected    string
	NonICMarkings         string
	DisseminationControls string
	ReleasableTo          string
	DisplayOnlyTo         string

	CUIBasic              string
	CUISpecified          string
	CUIControlledBy       string
	CUIControlledByOffice string
	CUIDecontrolDate      string
	CUIDecontrolEvent     string
	CUIPOC                string
}

// FromAttributes returns the block that the attributes say. All that is wrong
// is returned as [marking.Faults], and the block is then zero.
func FromAttributes(a Attributes) (Block, error) {
	var c collector
	b := Block{DerivedFrom: c.text("derivedFrom", a.DerivedFrom)}
	original, derived := c.text("classifiedBy", a.ClassifiedBy), c.text("derivativelyClassifiedBy", a.DerivativelyClassifiedBy)
	switch {
	case original != "" && derived != "":
		c.add("ISM-ID-00221", "both an original authority and one that derives are named", "keep one")
	case original == "" && derived == "":
		c.add("authority.classified-by", "nobody is said to have classified it", "")
	case derived != "" && b.DerivedFrom == "":
		c.add("ISM-ID-00143", "it is derived, and not said from what", "add derivedFrom")
	case original != "" && b.DerivedFrom != "":
		c.add("ISM-ID-00367", "an original authority derives nothing", "drop derivedFrom")
	}
	b.ClassifiedBy = original + derived
	why, f := reason(c.text("classificationReason", a.ClassificationReason))
	if b.Reason = why; f.Text != "" {
		c.add(f.Rule, f.Text, f.Hint)
	}
	if original != "" && b.Reason == "" {
		c.add("ISM-ID-00017", "an original decision has no reason", "add classificationReason")
	}
	b.Declassify = c.instruction(a)
	if len(c.faults) > 0 {
		return Block{}, c.faults
	}
	return b, nil
}

// A collector collects the faults of attributes.
type collector struct{ faults marking.Faults }

func (c *collector) add(rule, text, hint string) {
	c.faults = append(c.faults, marking.Fault{Rule: rule, Cites: "IC-ISM 2021-NOVr2022-NOV; CAPCO 2016 §E", Text: text, Hint: hint})
}

// text returns a value that may stand on a line.
func (c *collector) text(name, v string) string {
	if squeeze(v) == "" {
		return ""
	}
	if f := checkValue(name, v); f.Text != "" {
		c.add(f.Rule, f.Text, f.Hint)
	}
	return squeeze(v)
}

// instruction puts declassException, declassDate and declassEvent together.
func (c *collector) instruction(a Attributes) Instruction {
	i := Instruction{Date: strings.TrimSpace(a.DeclassDate), Event: c.text("declassEvent", a.DeclassEvent)}
	if i.Date != "" && date(i.Date) != i.Date {
		c.add("ISM-ID-00275", "declassDate: "+quote(i.Date)+" is no date", "write YYYY-MM-DD")
	}
	c.exceptions(&i, a)
	switch {
	case i == Instruction{}:
		c.add("ISM-ID-00014", "nothing says until when it is classified", "add declassDate or declassException")
	case i.apart() && (i.Exemption != "" || i.Date != "" || i.Event != ""):
		c.add("ISM-ID-00133", "no date, event or other exemption belongs to "+a.DeclassException, "list the sources instead")
	default:
		// What the line cannot hold so that it is read again is refused.
		if back, f := parseInstruction(i.String()); len(c.faults) == 0 && (f.Text != "" || back != i) {
			c.add("authority.single", "declassEvent: "+quote(a.DeclassEvent)+" is no event", "say what has to happen")
		}
	}
	return i
}

// exceptions reads declassException.
func (c *collector) exceptions(i *Instruction, a Attributes) {
	var exempt []string
	for t := range strings.FieldsSeq(a.DeclassException) {
		switch {
		case t == "AEA", t == "NATO-AEA":
			i.NATO = i.NATO || t == "NATO-AEA"
			i.atomic(a.AtomicEnergyMarkings)
		case t == "NATO":
			i.NATO = true
		case exemption(t) == t:
			exempt = append(exempt, t)
		default:
			c.add("ISM-ID-00256", "declassException: "+quote(t)+" is no exemption that is known", "")
		}
	}
	i.Exemption = strings.Join(exempt, " ")
}

// atomic notes which atomic energy information there is; all of it if that is
// not said.
func (i *Instruction) atomic(markings string) {
	for t := range strings.FieldsSeq(markings) {
		i.RD = i.RD || t == "RD" || strings.HasPrefix(t, "RD-")
		i.FRD = i.FRD || t == "FRD" || strings.HasPrefix(t, "FRD-")
		i.TFNI = i.TFNI || t == "TFNI"
	}
	if !i.RD && !i.FRD && !i.TFNI {
		i.RD, i.FRD, i.TFNI = true, true, true
	}
}

// Attributes returns the attributes of a block: what [FromAttributes] reads as
// the same block. Of atomic energy markings there are those that the block
// names, not all that the document has. It fails, with [marking.Faults], for
// retired instructions, for which ISM has no words, and for blocks that do not
// say all that they have to.
func (b Block) Attributes() (Attributes, error) {
	i := b.Declassify
	a := Attributes{DerivedFrom: b.DerivedFrom, ClassificationReason: b.Reason, DeclassDate: i.Date, DeclassEvent: i.Event, DeclassException: i.Exemption}
	if b.Derivative() {
		a.DerivativelyClassifiedBy = b.ClassifiedBy
	} else {
		a.ClassifiedBy = b.ClassifiedBy
	}
	aea := strings.Fields(strings.TrimSuffix(strings.NewReplacer("/", " ", " and ", " ").Replace(i.portions()), "NATO"))
	a.AtomicEnergyMarkings = strings.Join(aea, " ")
	switch {
	case i.NATO && len(aea) > 0:
		a.DeclassException = "NATO-AEA"
	case i.NATO:
		a.DeclassException = "NATO"
	case len(aea) > 0:
		a.DeclassException = "AEA"
	}
	var c collector
	for e := range strings.FieldsSeq(i.Exemption) {
		if strings.HasPrefix(e, "75X") && e != "75X" {
			c.add("ISM-ID-00256", "ISM has no exemption "+quote(e)+", only 75X", "")
		}
	}
	if i.Retired != "" || i.SourceDate != "" {
		c.add("authority.retired", "ISM has no words for "+quote(i.String()), "derive a date as CAPCO 2016 §E.6 says")
	}
	if len(c.faults) > 0 {
		return Attributes{}, c.faults
	}
	back, err := FromAttributes(a)
	if err != nil {
		return Attributes{}, err
	}
	if i.Calculated = false; back != (Block{b.ClassifiedBy, b.DerivedFrom, b.Reason, i}) {
		return Attributes{}, marking.Faults{{Rule: "authority.value", Text: "the block would not come back as it is: " + quote(b.String())}}
	}
	return a, nil
}

// has reports whether a list of tokens has one of them.
func has(list string, tokens ...string) bool {
	return slices.ContainsFunc(strings.Fields(list), func(t string) bool { return slices.Contains(tokens, t) })
}
