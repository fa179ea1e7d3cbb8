package ism

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tearline/marking"
)

// Namespace is the URI of the XML namespace of the attributes.
const Namespace = "urn:us:gov:ic:ism"

// Unqualified is the [Attribute.Space] of an XML attribute without a
// namespace, which belongs to its element's own vocabulary and not to ISM.
const Unqualified = "-"

// Limits of what is read: the attributes of one element.
const (
	MaxLength     = 64 << 10 // bytes of an attribute string or JSON object, and of all values together
	MaxAttributes = 256
)

// The attributes that this package gives a meaning to. The others that ISM has
// are known by name only, and say nothing of who may have what they mark.
const (
	Classification       = "classification"
	OwnerProducer        = "ownerProducer"
	Joint                = "joint"
	SCIControls          = "SCIcontrols"
	SARIdentifier        = "SARIdentifier"
	AtomicEnergyMarkings = "atomicEnergyMarkings"
	FGISourceOpen        = "FGIsourceOpen"
	FGISourceProtected   = "FGIsourceProtected"
	NonUSControls        = "nonUSControls"
	HighWaterNATO        = "highWaterNATO"
	CUIBasic             = "cuiBasic"
	CUISpecified         = "cuiSpecified"
	Dissemination        = "disseminationControls"
	ReleasableTo         = "releasableTo"
	DisplayOnlyTo        = "displayOnlyTo"
	NonICMarkings        = "nonICmarkings"
	CompliesWith         = "compliesWith"
	SecondBannerLine     = "secondBannerLine"
	HandleViaChannels    = "handleViaChannels"
	ExcludeFromRollup    = "excludeFromRollup"
)

// lists are the attributes whose values are lists of tokens (xs:NMTOKENS);
// the value of a known attribute that is not here is text.
var lists = map[string]bool{
	OwnerProducer: true, SCIControls: true, SARIdentifier: true, AtomicEnergyMarkings: true,
	FGISourceOpen: true, FGISourceProtected: true, NonUSControls: true, CUIBasic: true, CUISpecified: true,
	Dissemination: true, ReleasableTo: true, DisplayOnlyTo: true, NonICMarkings: true, CompliesWith: true,
	SecondBannerLine: true, HandleViaChannels: false, "exemptFrom": true, "noticeType": true, "pocType": true,
	"declassException": true,

	Classification: false, Joint: false, HighWaterNATO: false,
	"DESVersion": false, "ISMCATCESVersion": false, "resourceElement": false, "createDate": false,
	ExcludeFromRollup: false, "hasApproximateMarkings": false, "noAggregation": false, "compilationReason": false,
	"classifiedBy": false, "derivativelyClassifiedBy": false, "classificationReason": false, "derivedFrom": false,
	"declassDate": false, "declassEvent": false,
	"cuiControlledBy": false, "cuiControlledByOffice": false, "cuiDecontrolDate": false, "cuiDecontrolEvent": false, "cuiPOC": false,
	"noticeDate": false, "noticeReason": false, "noticeProseID": false, "unregisteredNoticeType": false, "externalNotice": false,
}

// An Attribute is one attribute as it was written.
type Attribute struct {
	// Space is empty for ISM's own attributes, [Unqualified] for an XML
	// attribute without a namespace, else the namespace's URI, or the prefix
	// where nothing says what it stands for.
	Space string
	Name  string // without prefix
	Value string // as it was written, its blanks included
}

// Attributes are the attributes of one element, in the order in which they
// were written: those that this package knows, and all others verbatim. The
// zero Attributes mark nothing, and nobody may have what they mark.
//
// Attributes may be used from several goroutines that do not change them.
type Attributes []Attribute

// Get returns the value of ISM's attribute of that name, "" if it is not there.
func (a Attributes) Get(name string) string {
	for _, x := range a {
		if x.Space == "" && x.Name == name {
			return x.Value
		}
	}
	return ""
}

// Tokens returns the tokens of ISM's attribute of that name, in the order in
// which they were written, each as often as it was.
func (a Attributes) Tokens(name string) []string { return strings.Fields(a.Get(name)) }

// qualified is how the attribute string and JSON name an attribute.
func (x Attribute) qualified() string {
	switch {
	case x.Space == "":
		return x.Name
	case isName(x.Space):
		return x.Space + ":" + x.Name
	}
	return "{" + x.Space + "}" + x.Name
}

// named reads what qualified writes, and "ism:name".
func named(s string) (x Attribute, ok bool) {
	if rest, found := strings.CutPrefix(s, "{"); found {
		if x.Space, x.Name, ok = strings.Cut(rest, "}"); x.Space == Namespace {
			x.Space = ""
		}
		return x, ok && isSpace(x.Space) && isName(x.Name)
	}
	prefix, name, found := strings.Cut(s, ":")
	switch {
	case !found:
		x.Name = s
	case !isName(prefix):
		return x, false
	case prefix == "ism":
		x.Name = name
	default:
		x.Space, x.Name = prefix, name
	}
	return x, isName(x.Name)
}

// isName reports whether s can be the local name of an XML attribute.
func isName(s string) bool {
	for i, r := range s {
		switch {
		case unicode.IsLetter(r), r == '_':
		case i > 0 && (unicode.IsDigit(r) || unicode.IsMark(r) || r == '-' || r == '.' || r == '·'):
		default:
			return false
		}
	}
	return s != "" && readable(s)
}

// readable reports whether what reads XML takes s for a name: of other scripts'
// letters and marks it knows those of XML's own tables alone.
func readable(s string) bool {
	if !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return true
	}
	token, err := xml.NewDecoder(strings.NewReader("<" + s + "/>")).Token()
	start, ok := token.(xml.StartElement)
	return err == nil && ok && start.Name.Local == s
}

// isSpace reports whether s can be written between braces.
func isSpace(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return r == '{' || r == '}' || r == '"' || r == '\'' || unicode.IsSpace(r) || !isChar(r)
	})
}

// isChar reports whether XML can write the character.
func isChar(r rune) bool {
	return r >= 0x20 && r < 0xFFFE || r > 0xFFFF || r == '\t' || r == '\n' || r == '\r'
}

// declares reports a declaration of a namespace, which is no attribute.
func (x Attribute) declares() bool {
	return x.Space == "xmlns" || x.Name == "xmlns" && (x.Space == "" || x.Space == Unqualified)
}

// writable reports what would not come back as it is.
func (a Attributes) writable() marking.Faults {
	var b builder
	for _, x := range a {
		b.add(0, 0, x)
	}
	return b.faults
}

// A builder collects attributes and what is wrong with them.
type builder struct {
	out    Attributes
	seen   map[Attribute]bool // by space and name
	length int                // of all values
	faults marking.Faults
}

func (b *builder) fault(offset, length int, f marking.Fault) {
	if len(b.faults) < marking.MaxFaults {
		f.Offset, f.Length = offset, length
		b.faults = append(b.faults, f)
	}
}

// add takes an attribute whose name is at offset.
func (b *builder) add(offset, length int, x Attribute) {
	if b.seen == nil {
		b.seen = map[Attribute]bool{}
	}
	key := Attribute{Space: x.Space, Name: x.Name}
	name := quote(x.qualified())
	b.length += len(x.Value)
	switch {
	case b.length > MaxLength:
		b.fault(offset, length, marking.Fault{Rule: "ism.length", Text: fmt.Sprintf("the values are longer than %d bytes", MaxLength)})
		return
	case len(b.out) >= MaxAttributes:
		b.fault(offset, length, marking.Fault{Rule: "ism.count", Text: fmt.Sprintf("there are more than %d attributes", MaxAttributes)})
		return
	case !isName(x.Name) || !isSpace(x.Space) || x.Space == Namespace || x.Space == "ism" || x.declares():
		b.fault(offset, length, marking.Fault{Rule: "ism.name", Text: name + " is no name of an attribute"})
	case b.seen[key]:
		b.fault(offset, length, marking.Fault{Rule: "ism.twice", Text: name + " is there twice", Hint: "write it once"})
	case !utf8.ValidString(x.Value) || strings.ContainsFunc(x.Value, func(r rune) bool { return !isChar(r) }):
		b.fault(offset, length, marking.Fault{Rule: "ism.character", Text: "the value of " + name + " has a character that XML cannot write"})
	}
	b.seen[key] = true
	b.out = append(b.out, x)
}

// done returns the attributes, or what is wrong.
func (b *builder) done() (Attributes, error) {
	if len(b.faults) > 0 {
		return nil, b.faults
	}
	return b.out, nil
}

// quote quotes a word of the input for a fault, shortened.
func quote(s string) string {
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40]) + "…"
	}
	return fmt.Sprintf("%q", s)
}

// set returns the tokens as a set.
func set(tokens []string) map[string]bool {
	out := make(map[string]bool, len(tokens))
	for _, t := range tokens {
		out[t] = true
	}
	return out
}

// unique returns the tokens once each, in the order of their first place.
func unique(tokens []string) []string {
	seen := make(map[string]bool, len(tokens))
	return slices.DeleteFunc(tokens, func(t string) bool {
		was := seen[t]
		seen[t] = true
		return was
	})
}
