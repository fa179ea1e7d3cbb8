package label

import (
	"slices"
	"strings"
	"time"

	"tearline/marking"
)

// A Mapping says how marks of a policy of package marking and labels stand for
// each other. It is data: another policy is another value.
type Mapping struct {
	Policy string // id in package marking, without a profile: "us"
	Name   string // PolicyIdentifier
	URI    string // of the policy; may be empty
	// Levels are the classifications whose name is not the level's.
	Levels []Level
	// Tags are in the order in which a mark has them.
	Tags []Tag
}

// A Level is a level and the Classification that stands for it.
type Level struct{ Level, Classification string }

// A Tag is a field of a mark and the Category that stands for it.
type Tag struct {
	// Field is the name in [marking.Marking.Fields], "rel_to".
	Field string
	// Name, Type and URI are those of the Category; URI may be empty.
	Name, Type, URI string
	// Part is the part of a mark: what is between two double slashes. Tags of
	// one part follow each other.
	Part string
	// Lead, Separator and Tail are around and between the values in a mark,
	// "REL TO " and ", ". An empty Separator is a slash.
	Lead, Separator, Tail string
	// Word is what another tag of the part's field has for a list: "REL TO" in
	// "dissem". It is written by this tag, and is no value of that one.
	Word string
	// Absent is the value that stands for a mark without the field.
	Absent string
	// Beside are values that the category has when the mark has a field, and
	// that are not written in the mark.
	Beside []Beside
	// Empty is the value, and the whole of the mark's part, for a list that is
	// there and empty; without it such a list has no equivalent.
	Empty string
}

// A Beside is a value that a label has when a mark has a field.
type Beside struct{ Field, Value string }

// NATO is the mapping of the policy "nato" (ADatP-4774 App. 2): a label has
// always a Context, NATO for want of another; what is releasable has NATO among
// those to whom it is, and says so in its Context.
func NATO() Mapping {
	const sets = "urn:oid:1.3.26.1.4."
	return Mapping{
		Policy: "nato", Name: "NATO", URI: "urn:oid:1.3.26.1.3.1",
		Levels: []Level{
			{Level: "NATO UNCLASSIFIED", Classification: "UNCLASSIFIED"},
			{Level: "NATO RESTRICTED", Classification: "RESTRICTED"},
			{Level: "NATO CONFIDENTIAL", Classification: "CONFIDENTIAL"},
			{Level: "NATO SECRET", Classification: "SECRET"},
			{Level: "COSMIC TOP SECRET", Classification: "TOP SECRET"},
		},
		Tags: []Tag{
			{Field: "context", Name: "Context", Type: TypePermissive, URI: sets + "4", Part: "context", Absent: "NATO", Beside: []Beside{{"rel_to", "Releasable"}}},
			{Field: "sensitivity", Name: "Additional Sensitivity", Type: TypeRestrictive, URI: sets + "1", Part: "sensitivity"},
			{Field: "rel_to", Name: "Releasable To", Type: TypePermissive, URI: sets + "2", Part: "release", Lead: "RELEASABLE TO ", Separator: ", ", Word: "RELEASABLE TO", Beside: []Beside{{"rel_to", "NATO"}}},
			{Field: "eyes_only", Name: "Only", Type: TypePermissive, URI: sets + "5", Part: "release", Separator: ", ", Tail: " ONLY", Word: "ONLY"},
			{Field: "administrative", Name: "Administrative", Type: TypeInformative, URI: sets + "3", Part: "administrative"},
		},
	}
}

// US is the mapping of the policy "us". No registered policy file exists for
// it: the names of tags are this package's, and fields that say who owns what
// (of other nations' and joint marks) have no equivalent.
func US() Mapping {
	const dissem = "Dissemination"
	return Mapping{
		Policy: "us", Name: "US",
		Tags: []Tag{
			{Field: "sci", Name: "Sensitive Compartmented Information", Type: TypeRestrictive, Part: "sci"},
			{Field: "sar", Name: "Special Access Programs", Type: TypeRestrictive, Part: "sar"},
			{Field: "aea", Name: "Atomic Energy", Type: TypeRestrictive, Part: "aea"},
			{Field: "fgi", Name: "Foreign Government Information", Type: TypeInformative, Part: "fgi", Lead: "FGI ", Separator: " ", Empty: "FGI"},
			{Field: "dissem", Name: dissem, Type: TypeRestrictive, Part: "dissem"},
			{Field: "rel_to", Name: "Releasable To", Type: TypePermissive, Part: "dissem", Lead: "REL TO ", Separator: ", ", Word: "REL TO"},
			{Field: "display_only", Name: "Display Only", Type: TypeRestrictive, Part: "dissem", Lead: "DISPLAY ONLY ", Separator: ", ", Word: "DISPLAY ONLY"},
			{Field: "eyes_only", Name: "Eyes Only", Type: TypePermissive, Part: "dissem", Tail: " EYES ONLY", Word: "EYES ONLY"},
			{Field: "non_ic", Name: "Non-IC " + dissem, Type: TypeRestrictive, Part: "non_ic"},
		},
	}
}

// TLP is the mapping of the policy "tlp", the Traffic Light Protocol: levels
// only.
func TLP() Mapping {
	m := Mapping{Policy: "tlp", Name: "TLP"}
	for _, c := range []string{"CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"} {
		m.Levels = append(m.Levels, Level{Level: "TLP:" + c, Classification: c})
	}
	return m
}

// FromMarking returns a mark as an originator's label made and to be reviewed
// at those times; a zero time of review is left out. It fails, with
// [marking.Faults], for the zero mark, one of another policy, and what has no
// equivalent.
func (x Mapping) FromMarking(m marking.Marking, created, review time.Time) (*Label, error) {
	var r report
	info, ok := x.information(m, &r)
	if !ok {
		return nil, r.err()
	}
	l := made(created, review)
	l.Information = info
	if back, err := x.ToMarking(m.Policy(), l); err != nil || back != m {
		r.fault(ruleEquivalent, "App. 1", "", "the label would not say %s: it says %s", m, back)
		return nil, r.err()
	}
	return l, nil
}

// information returns what a mark says.
func (x Mapping) information(m marking.Marking, r *report) (Information, bool) {
	info := Information{Policy: Field{Text: x.Name, URI: x.URI}}
	if m.IsZero() || !x.of(m.Policy()) {
		r.fault(rulePolicy, "App. 1 Table 5", "", "%s is no mark of policy %s", m, x.Policy)
		return info, false
	}
	fields := m.Fields()
	info.Classification.Text = x.classification(m.Level().Name)
	done := map[string]bool{"policy": true, "classification": true}
	for _, t := range x.Tags {
		values, ok := x.valuesOf(t, fields)
		done[t.Field] = ok
		for _, value := range values {
			info.put(t.Name, t.Type, t.URI, value)
		}
	}
	for _, f := range sortedKeys(fields) {
		values, _ := fields[f].([]string)
		words := len(values) > 0 && !slices.ContainsFunc(values, func(v string) bool { return !x.isWord(v, fields) })
		if !done[f] && !words {
			r.fault(ruleEquivalent, "App. 1 Table 8", "", "%q of %s has no equivalent", f, m)
		}
	}
	return info, len(r.faults) == 0
}

// valuesOf returns the values of a tag for the fields of a mark, and whether the
// field has an equivalent.
func (x Mapping) valuesOf(t Tag, fields map[string]any) (values []string, ok bool) {
	for _, b := range t.Beside {
		if fields[b.Field] != nil {
			values = append(values, b.Value)
		}
	}
	v, there := fields[t.Field]
	if !there {
		if t.Absent != "" {
			values = append([]string{t.Absent}, values...)
		}
		return values, true
	}
	own, isList := v.([]string)
	if isList && len(own) == 0 && t.Empty != "" {
		own = []string{t.Empty}
	}
	for _, value := range own {
		if !x.isWord(value, fields) {
			values = append(values, value)
		}
	}
	return values, isList && len(own) > 0
}

// isWord reports whether a value stands for a list that a tag has.
func (x Mapping) isWord(value string, fields map[string]any) bool {
	return slices.ContainsFunc(x.Tags, func(t Tag) bool { return t.Word == value && fields[t.Field] != nil })
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// of reports whether the mapping is for a policy, whatever its profile.
func (x Mapping) of(p *marking.Policy) bool {
	if p == nil {
		return false
	}
	id, _, _ := strings.Cut(p.ID(), "@")
	return id == x.Policy
}

func (x Mapping) classification(level string) string {
	for _, l := range x.Levels {
		if l.Level == level {
			return l.Classification
		}
	}
	return level
}

// ToMarking returns what a label says as a mark of a policy. It fails, with
// [marking.Faults] and the zero mark, for a label that is not valid, for what
// has no equivalent, and for what the policy does not allow in a mark.
func (x Mapping) ToMarking(p *marking.Policy, l *Label) (marking.Marking, error) {
	if err := l.Valid(); err != nil {
		return marking.Marking{}, err
	}
	var r report
	info := &l.Information
	if !x.of(p) || !strings.EqualFold(info.Policy.Text, x.Name) || info.Policy.URI != "" && info.Policy.URI != x.URI {
		r.fault(rulePolicy, "App. 1 Table 5", "", "the label is of policy %s %s, and not of %s", quote(info.Policy.Text), info.Policy.URI, quote(x.Name))
		return marking.Marking{}, r.err()
	}
	if info.PrivacyMark != nil {
		r.fault(ruleEquivalent, "App. 1 Table 4", "", "a privacy mark has no equivalent in a mark of %s", x.Policy)
	}
	level := x.level(p, info.Classification.Text, &r)
	values := x.values(info, &r)
	if err := r.err(); err != nil {
		return marking.Marking{}, err
	}
	m, err := p.Parse(x.compose(level, values))
	if err != nil {
		return marking.Marking{}, err
	}
	// A value may have had more in it than its tag allows: what the mark says
	// must be what the label says, and nothing else.
	again, ok := x.information(m, &r)
	if ok && !says(x.values(&again, &r), values) {
		r.fault(ruleEquivalent, "App. 1 Table 8", "write each value as marks do, and the values that it is below", "the label would be read as %s, which says something else", m)
	}
	if err := r.err(); err != nil {
		return marking.Marking{}, err
	}
	return m, nil
}

// level returns the level that a classification stands for.
func (x Mapping) level(p *marking.Policy, classification string, r *report) string {
	for _, l := range p.Levels() {
		if strings.EqualFold(x.classification(l.Name), classification) {
			return l.Name
		}
	}
	r.fault(ruleClass, "App. 1 Table 6", "", "%s has no level for classification %s", x.Policy, quote(classification))
	return ""
}

// values returns the values of a label by tag.
func (x Mapping) values(info *Information, r *report) [][]string {
	out := make([][]string, len(x.Tags))
	for i := range info.Categories {
		c := &info.Categories[i]
		n := slices.IndexFunc(x.Tags, func(t Tag) bool {
			return strings.EqualFold(t.Name, c.TagName) && t.Type == c.Type && (c.URI == "" || c.URI == t.URI)
		})
		if n < 0 {
			r.fault(ruleEquivalent, "App. 1 Table 8", "", "%s category %s has no equivalent in a mark of %s", c.Type, quote(c.TagName), x.Policy)
			continue
		}
		for _, v := range c.Values {
			out[n] = append(out[n], v.Text)
		}
	}
	return out
}

// compose writes a mark.
func (x Mapping) compose(level string, values [][]string) string {
	var b strings.Builder
	b.WriteString(level)
	part := ""
	for i, t := range x.Tags {
		own := t.written(values[i])
		if len(own) == 0 {
			continue
		}
		if t.Part == part {
			b.WriteString("/")
		} else {
			b.WriteString("//")
		}
		part = t.Part
		if t.Empty != "" && len(own) == 1 && own[0] == t.Empty {
			b.WriteString(t.Empty)
			continue
		}
		separator := t.Separator
		if separator == "" {
			separator = "/"
		}
		b.WriteString(t.Lead + strings.Join(leaves(own), separator) + t.Tail)
	}
	return b.String()
}

// written leaves out the values that are not written in a mark.
func (t Tag) written(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool {
		return v == t.Absent || slices.ContainsFunc(t.Beside, func(b Beside) bool { return b.Value == v })
	})
}

// leaves leaves out the values that others are below: a mark says them by these.
func leaves(values []string) []string {
	var out []string
	for _, v := range values {
		above := slices.ContainsFunc(values, func(o string) bool {
			return strings.HasPrefix(o, v+"-") || strings.HasPrefix(o, v+" ") && strings.Contains(v, "-")
		})
		if !above {
			out = append(out, v)
		}
	}
	return out
}

// says reports whether a and b have the same values, in whatever order.
func says(a, b [][]string) bool {
	return slices.EqualFunc(a, b, func(v, w []string) bool {
		v, w = slices.Sorted(slices.Values(v)), slices.Sorted(slices.Values(w))
		return slices.Equal(v, w)
	})
}
