package label

import (
	"fmt"
	"strings"
	"time"

	"tearline/marking"
)

// Namespace is that of the standard's elements.
const Namespace = "urn:nato:stanag:4774:confidentialitymetadatalabel:1:0"

// Kind is what a label is, told by its element. The zero Kind is none.
type Kind uint8

const (
	// KindUnknown is no label.
	KindUnknown Kind = iota
	// KindOriginator is the originator's own label of the data.
	KindOriginator
	// KindAlternative is an equivalent label under another policy.
	KindAlternative
	// KindMetadata is the label of the metadata themselves.
	KindMetadata
	// KindPlain is a label of an older form, which does not say what it is.
	KindPlain
	// KindSuccessor is a label that succeeds another.
	KindSuccessor
)

var kinds = [...]string{
	"", "originatorConfidentialityLabel", "alternativeConfidentialityLabel", "metadataConfidentialityLabel",
	"ConfidentialityLabel", "SuccessorConfidentialityLabel",
}

// String returns the name of the element.
func (k Kind) String() string {
	if int(k) < len(kinds) {
		return kinds[k]
	}
	return kinds[KindUnknown]
}

// A Label is a confidentiality metadata label (ADatP-4774 App. 1). The zero
// Label is invalid. Times are kept as they are written: see [Time].
type Label struct {
	Kind             Kind
	ID               string // Id, may be empty
	ReviewDateTime   string
	Information      Information
	OriginatorID     *Originator // nil if there is none
	CreationDateTime *Field      // nil if there is none
	Succession       *Succession // nil if there is none
	Extra
}

// Information is what a label says: a policy, a classification and categories.
type Information struct {
	Policy         Field
	Classification Field
	PrivacyMark    *Field // nil if there is none
	Categories     []Category
	Extra
}

// A Field is an element with text in it. URI is read for the policy and the
// classification.
type Field struct {
	Text string
	URI  string
	Extra
}

// An Originator says who made a label.
type Originator struct {
	IDType string // "rfc822Name"
	Text   string
	Extra
}

// A Category is values of one tag.
type Category struct {
	TagName string
	Type    string // RESTRICTIVE, PERMISSIVE or INFORMATIVE
	URI     string // of the tag set, may be empty
	Values  []Value
	Extra
}

// A Value is a value of a category.
type Value struct {
	Form string // "GenericValue", or a form that is not to be used: "IntegerValue", "BitStringValue"
	Text string
	Extra
}

// A Succession says which label is in force from a time on.
type Succession struct {
	DateTime  Field
	Successor Label
	Extra
}

// Extra is what the standard does not know.
type Extra struct {
	Attrs    []Attr
	Elements []string // XML, each an element that stands by itself
}

// An Attr is an attribute that the standard does not know.
type Attr struct {
	Space string // the namespace, "" for none
	Name  string
	Value string
}

// Values of Category.Type.
const (
	TypeRestrictive = "RESTRICTIVE"
	TypePermissive  = "PERMISSIVE"
	TypeInformative = "INFORMATIVE"
)

const generic = "GenericValue"

// Time reads a time as labels write it (xs:dateTime). One without a zone is
// taken to be in UTC.
func Time(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%s is no time: write 2026-01-31T12:00:00Z", quote(s))
}

// written is a time as labels write it.
func written(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// At returns the label that is in force at a time: l, or from its succession
// on what succeeds it. It fails if the time of succession cannot be read.
func (l *Label) At(t time.Time) (*Label, error) {
	if l.Succession == nil {
		return l, nil
	}
	from, err := Time(l.Succession.DateTime.Text)
	if err != nil {
		return nil, fmt.Errorf("succession: %w", err)
	}
	if t.Before(from) {
		return l, nil
	}
	next := l.Succession.Successor
	next.Kind = l.Kind
	return &next, nil
}

// Rules about labels.
const (
	ruleXML        = "label.xml"
	ruleStructure  = "label.structure"
	ruleUnknown    = "label.unknown"
	rulePolicy     = "label.policy"
	ruleClass      = "label.classification"
	ruleCategory   = "label.category"
	ruleValue      = "label.value"
	ruleCreated    = "label.created"
	ruleReview     = "label.review"
	ruleTime       = "label.time"
	ruleOrigin     = "label.originator"
	rulePrivacy    = "label.privacy-mark"
	ruleLimit      = "label.limit"
	ruleEquivalent = "label.equivalent"
)

// Validate returns all that is wrong with a label, none if it is right. Faults
// of SeverityAdvice are about what the standard asks for and most labels do
// not have: a label with those alone is valid, see [Label.Valid].
func (l *Label) Validate() marking.Faults {
	var r report
	if l.Kind == KindUnknown || l.Kind == KindSuccessor || int(l.Kind) >= len(kinds) {
		r.fault(ruleStructure, "App. 1", "", "the label does not say what it is")
	}
	l.check(&r)
	return r.faults
}

// Valid returns the faults of a label that make it invalid, nil if there are
// none.
func (l *Label) Valid() error {
	var wrong marking.Faults
	for _, f := range l.Validate() {
		if f.Severity == marking.SeverityError {
			wrong = append(wrong, f)
		}
	}
	if wrong == nil {
		return nil
	}
	return wrong
}

func (l *Label) check(r *report) {
	r.extra(l.Kind.String(), &l.Extra)
	l.Information.check(r)
	if o := l.OriginatorID; o != nil {
		r.extra("OriginatorID", &o.Extra)
		if !lists(idTypes, o.IDType) {
			r.fault(ruleOrigin, "App. 1 Table 9", "", "IDType %s is none", quote(o.IDType))
		}
	}
	if f := l.CreationDateTime; f == nil {
		r.fault(ruleCreated, "App. 1 Table 3", "", "there is no CreationDateTime")
	} else {
		r.extra("CreationDateTime", &f.Extra)
		r.time("CreationDateTime", f.Text)
	}
	switch {
	case l.ReviewDateTime != "":
		r.time("ReviewDateTime", l.ReviewDateTime)
	case l.Succession == nil && l.Kind != KindSuccessor:
		r.advice(ruleReview, "App. 1", "there is neither a ReviewDateTime nor a succession")
	}
	if s := l.Succession; s != nil {
		r.extra("SuccessionHandling", &s.Extra)
		r.extra("SuccessionDateTime", &s.DateTime.Extra)
		r.time("SuccessionDateTime", s.DateTime.Text)
		if s.Successor.Kind != KindSuccessor || s.Successor.Succession != nil {
			r.fault(ruleStructure, "App. 1", "", "what succeeds a label is a successor, and has none")
		} else {
			s.Successor.check(r)
		}
	}
}

// idTypes are the values of IDType (ADatP-4774 App. 1 Table 9).
const idTypes = "rfc822Name dNSName directoryName uniformResourceIdentifier iPAddress x400Address userPrincipalName jID"

func (x *Information) check(r *report) {
	r.extra("ConfidentialityInformation", &x.Extra)
	r.extra("PolicyIdentifier", &x.Policy.Extra)
	r.extra("Classification", &x.Classification.Extra)
	if x.Policy.Text == "" {
		r.fault(rulePolicy, "App. 1 Table 5", "", "there is no PolicyIdentifier")
	}
	r.oid(rulePolicy, "App. 1 Table 5", "PolicyIdentifier", x.Policy.URI)
	if x.Classification.Text == "" {
		r.fault(ruleClass, "App. 1 Table 6", "", "there is no Classification")
	}
	if x.Classification.URI != "" {
		r.fault(ruleClass, "App. 1 Table 6", "leave it out", "Classification has a URI")
	}
	if m := x.PrivacyMark; m != nil {
		r.extra("PrivacyMark", &m.Extra)
		if m.Text == "" || m.URI != "" {
			r.fault(rulePrivacy, "App. 1 Table 4", "", "PrivacyMark is empty, or has a URI")
		}
	}
	for i := range x.Categories {
		x.Categories[i].check(r)
	}
}

func (c *Category) check(r *report) {
	what := "Category " + quote(c.TagName)
	r.extra(what, &c.Extra)
	if c.TagName == "" {
		r.fault(ruleCategory, "App. 1 Table 8", "", "a Category has no TagName")
	}
	if c.Type != TypeRestrictive && c.Type != TypePermissive && c.Type != TypeInformative {
		r.fault(ruleCategory, "App. 1 Table 8", "RESTRICTIVE, PERMISSIVE or INFORMATIVE", "%s has Type %s", what, quote(c.Type))
	}
	r.oid(ruleCategory, "App. 1 Table 8", what, c.URI)
	if len(c.Values) == 0 {
		r.fault(ruleValue, "App. 1 Table 7", "", "%s has no value", what)
	}
	for i := range c.Values {
		v := &c.Values[i]
		r.extra(v.Form, &v.Extra)
		if v.Form != generic {
			r.fault(ruleValue, "App. 1 Table 8", "use GenericValue", "%s has a value of form %s", what, quote(v.Form))
		}
		if v.Text == "" {
			r.fault(ruleValue, "App. 1 Table 8", "", "%s has an empty value", what)
		}
	}
}

// A report collects faults, no more than marking.MaxFaults.
type report struct{ faults marking.Faults }

func (r *report) add(f marking.Fault) {
	switch {
	case len(r.faults) < marking.MaxFaults-1:
		r.faults = append(r.faults, f)
	case len(r.faults) == marking.MaxFaults-1:
		r.faults = append(r.faults, marking.Fault{Rule: "label.faults", Text: "there are more faults than are listed", Hint: "mend these first"})
	}
}

func (r *report) fault(rule, clause, hint, format string, args ...any) {
	r.add(marking.Fault{Rule: rule, Cites: "ADatP-4774 " + clause, Hint: hint, Text: fmt.Sprintf(format, args...)})
}

func (r *report) advice(rule, clause, text string) {
	r.add(marking.Fault{Rule: rule, Cites: "ADatP-4774 " + clause, Text: text, Severity: marking.SeverityAdvice})
}

// extra reports what the standard does not know.
func (r *report) extra(where string, x *Extra) {
	const hint = "what is not known may change what the label means"
	for _, a := range x.Attrs {
		r.fault(ruleUnknown, "App. 1", hint, "%s has attribute %s, which the standard does not know", where, quote(a.Name))
	}
	for _, e := range x.Elements {
		r.fault(ruleUnknown, "App. 1", hint, "%s has an element that the standard does not know: %s", where, quote(e))
	}
}

func (r *report) time(what, s string) {
	if _, err := Time(s); err != nil {
		r.fault(ruleTime, "App. 1", "", "%s: %v", what, err)
	}
}

// oid reports a URI that is no object identifier.
func (r *report) oid(rule, clause, what, uri string) {
	id, ok := strings.CutPrefix(uri, "urn:oid:")
	if uri != "" && (!ok || id == "" || strings.Trim(id, "0123456789.") != "") {
		r.fault(rule, clause, "write urn:oid:1.3.26.1.3.1", "%s has URI %s", what, quote(uri))
	}
}

func (r *report) err() error {
	if len(r.faults) == 0 {
		return nil
	}
	return r.faults
}

// quote quotes text of others, and cuts what is long.
func quote(s string) string {
	const most = 60
	if len(s) > most {
		s = s[:most] + "…"
	}
	return fmt.Sprintf("%q", s)
}

// lists reports whether a list of names, with blanks between, has one.
func lists(names, name string) bool {
	for n := range strings.FieldsSeq(names) {
		if n == name {
			return true
		}
	}
	return false
}
