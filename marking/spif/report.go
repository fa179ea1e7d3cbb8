package spif

import (
	"fmt"
	"strconv"

	"tearline/marking"
	"tearline/marking/internal/xmltree"
)

// Rules about policy files.
const (
	ruleXML         = "spif.xml"
	ruleRoot        = "spif.root"
	ruleVersion     = "spif.version"
	ruleUnknown     = "spif.unknown"
	ruleText        = "spif.text"
	ruleMissing     = "spif.missing"
	ruleValue       = "spif.value"
	ruleDuplicate   = "spif.duplicate"
	ruleReference   = "spif.reference"
	ruleLimit       = "spif.limit"
	ruleUnsupported = "spif.unsupported"
	ruleMended      = "spif.mended"
	ruleExtension   = "spif.extension"
)

// cites names the element of the schema that a rule comes from.
func cites(element string) string { return "XMLSPIF 2.1 " + element }

// A report collects faults, no more than marking.MaxFaults of them.
type report struct {
	faults marking.Faults
	notes  marking.Faults
}

// add appends a fault; the last that fits says that there are more.
func (r *report) add(f marking.Fault) { r.faults = bounded(r.faults, f) }

// bounded appends a fault to a list, unless the list is full.
func bounded(list marking.Faults, f marking.Fault) marking.Faults {
	switch {
	case len(list) < marking.MaxFaults-1:
		return append(list, f)
	case len(list) == marking.MaxFaults-1:
		return append(list, marking.Fault{
			Offset: f.Offset, Rule: "spif.faults",
			Text: "there are more faults than are listed", Hint: "mend these first",
		})
	}
	return list
}

// at reports a fault of an element of a policy file. The text begins with the
// place.
func (r *report) at(n *xmltree.Node, rule, hint, format string, args ...any) {
	r.add(marking.Fault{
		Offset: n.Offset, Rule: rule, Cites: cites(n.Name.Local), Hint: hint,
		Text: place(n) + ": " + fmt.Sprintf(format, args...),
	})
}

// note lists something that was read past.
func (r *report) note(n *xmltree.Node, rule, format string, args ...any) {
	r.notes = bounded(r.notes, marking.Fault{
		Offset: n.Offset, Rule: rule, Cites: cites(n.Name.Local), Severity: marking.SeverityAdvice,
		Text: place(n) + ": " + fmt.Sprintf(format, args...),
	})
}

// rule reports a fault of a label or a clearance.
func (r *report) rule(rule, clause, hint, format string, args ...any) {
	r.add(marking.Fault{Rule: rule, Cites: cites(clause), Hint: hint, Text: fmt.Sprintf(format, args...)})
}

// err returns the faults, or nil if there are none.
func (r *report) err() error {
	if len(r.faults) == 0 {
		return nil
	}
	return r.faults
}

// place names an element by its name attribute, as far as it has one.
func place(n *xmltree.Node) string {
	if name, ok := attr(n, "name"); ok {
		return n.Name.Local + " " + quote(name)
	}
	return n.Name.Local
}

// quote quotes text of others, and cuts what is long.
func quote(s string) string {
	const most = 60
	if len(s) > most {
		s = s[:most] + "…"
	}
	return strconv.Quote(s)
}

// attr returns an attribute without a namespace, and whether it is there.
func attr(n *xmltree.Node, local string) (string, bool) {
	for _, a := range n.Attrs {
		if a.Name.Space == "" && a.Name.Local == local {
			return a.Value, true
		}
	}
	return "", false
}
