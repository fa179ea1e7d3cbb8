package spif

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tearline/marking"
	"tearline/marking/internal/xmltree"
)

// MaxFile is the length in bytes of the longest file that is read.
const MaxFile = xmltree.MaxSize

// Read reads a policy file. What is wrong in it is returned as
// [marking.Faults], all at once: Offset is the end of the start tag of the
// element that is meant, and Text begins with its name.
func Read(data []byte) (*Policy, error) {
	var r reader
	root := r.parse(data)
	if root == nil {
		return nil, r.err()
	}
	if root.Name.Local != "SPIF" || root.Name.Space != namespace && root.Name.Space != "" {
		r.at(root, ruleRoot, "the root is SPIF of namespace "+namespace, "no security policy")
		return nil, r.err()
	}
	if root.Name.Space == "" {
		r.note(root, ruleRoot, "the file has no namespace; it is read as %s", namespace)
	}
	r.version(root)
	r.check(root, root.Name.Space)
	r.policy(root)
	if err := r.err(); err != nil {
		return nil, err
	}
	p := r.p
	p.notes = r.notes
	return &p, nil
}

// A reader makes a policy of a file.
type reader struct {
	report

	p       Policy
	byClass map[string]int // by name
}

// parse reads the tree, or reports why there is none.
func (r *reader) parse(data []byte) *xmltree.Node {
	root, err := xmltree.Parse(data)
	if err == nil {
		return root
	}
	if mended, at, ok := mend(data); ok {
		if root, again := xmltree.Parse(mended); again == nil {
			r.notes = bounded(r.notes, marking.Fault{
				Offset: at, Rule: ruleMended, Severity: marking.SeverityAdvice,
				Text: "an end tag is misspelt, and ends no element that is open; it is read as the end of the innermost",
				Hint: "mend the file",
			})
			return root
		}
	}
	r.add(marking.Fault{Rule: ruleXML, Text: "no XML document: " + err.Error()})
	return nil
}

// mend spells the first misspelt end tag as the start tag that it ends, where
// nothing else can be meant: no open element has its name, and the right name
// is as long. Offsets stay as they are.
func mend(data []byte) (mended []byte, at int, ok bool) {
	dec := xml.NewDecoder(bytes.NewReader(data))
	var open []string
	for len(open) <= xmltree.MaxDepth {
		token, err := dec.RawToken()
		if err != nil {
			return nil, 0, false
		}
		switch t := token.(type) {
		case xml.StartElement:
			open = append(open, qualified(t.Name))
		case xml.EndElement:
			name := qualified(t.Name)
			switch n := len(open) - 1; {
			case n < 0:
				return nil, 0, false
			case open[n] == name:
				open = open[:n]
			case slices.Contains(open, name) || len(open[n]) != len(name):
				return nil, 0, false
			default:
				end := int(dec.InputOffset())
				i := bytes.LastIndex(data[:end], []byte("</"+name))
				if i < 0 {
					return nil, 0, false
				}
				return slices.Concat(data[:i+2], []byte(open[n]), data[i+2+len(name):]), i, true
			}
		}
	}
	return nil, 0, false
}

// qualified returns the name of a raw token as it is written.
func qualified(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

// version holds the schema's version against those that are known.
func (r *reader) version(root *xmltree.Node) {
	switch v, ok := attr(root, "schemaVersion"); {
	case !ok:
		r.note(root, ruleVersion, "the file does not say its schemaVersion; it is read as 2.1")
	case v != "1.0" && v != "2.0" && v != "2.1":
		r.at(root, ruleVersion, "2.0 and 2.1 are read; 3.0 marks in another way", "schemaVersion %s is not read", quote(v))
	}
}

// policy reads the parts in the order in which they refer to each other.
func (r *reader) policy(root *xmltree.Node) {
	p := &r.p
	id := r.one(root, "securityPolicyId")
	if id != nil {
		p.name, p.id = r.name(id), r.oid(id, "id")
	}
	p.privilege, p.rbac = r.optionalOID(root, "privilegeId"), r.optionalOID(root, "rbacId")
	p.window = r.window(root)
	r.equivalents(r.optional(root, "equivalentPolicies"))
	if n := r.one(root, "securityClassifications"); n != nil {
		r.classes(n)
	}
	r.privacy(r.optional(root, "privacyMarks"))
	if n := r.optional(root, "securityCategoryTagSets"); n != nil {
		r.sets(n)
	}
	p.quals = r.qualifiers(root)
	p.replace = r.phrases(root)
	for _, x := range p.replace {
		if !x.replace {
			r.at(root, ruleUnsupported, "use replacePolicy, or a markingQualifier",
				"a phrase of the whole file is only read where it replaces the policy's name")
		}
	}
	r.references(root)
}

// one returns the child of that name, of which there must be one.
func (r *reader) one(n *xmltree.Node, local string) *xmltree.Node {
	c := r.optional(n, local)
	if c == nil {
		r.at(n, ruleMissing, "", "there is no %s", local)
	}
	return c
}

// optional returns the child of that name, of which there may be one.
func (r *reader) optional(n *xmltree.Node, local string) *xmltree.Node {
	all := n.All(local)
	if len(all) == 0 {
		return nil
	}
	if len(all) > 1 {
		r.at(all[1], ruleDuplicate, "", "there is a second %s", local)
	}
	return all[0]
}

// need returns an attribute that must be there and not be empty.
func (r *reader) need(n *xmltree.Node, local string) string {
	v, _ := attr(n, local)
	if strings.TrimSpace(v) == "" {
		r.at(n, ruleMissing, "", "there is no %s", local)
		return ""
	}
	return v
}

// name returns the name attribute. A name is what markings are made of: it may
// be no longer than a phrase.
func (r *reader) name(n *xmltree.Node) string { return r.short(n, "name", r.need(n, "name")) }

// short reports text that is too long for a marking, or has lines in it.
func (r *reader) short(n *xmltree.Node, what, s string) string {
	if len(s) > maxPhrase {
		r.at(n, ruleLimit, "", "%s is longer than %d bytes", what, maxPhrase)
		return ""
	}
	if strings.ContainsAny(s, "\n\r\x00") {
		r.at(n, ruleValue, "", "%s has a line break in it", what)
	}
	return s
}

func (r *reader) lacv(n *xmltree.Node) string {
	s := r.need(n, "lacv")
	if s == "" {
		return ""
	}
	v, ok := lacv(s)
	if !ok {
		r.at(n, ruleValue, "", "lacv %s is no number", quote(s))
	}
	return v
}

func (r *reader) integer(n *xmltree.Node, local string) int64 {
	s := r.need(n, local)
	if s == "" {
		return 0
	}
	v, err := strconv.ParseInt(strings.TrimSpace(s), 10, 32)
	if err != nil {
		r.at(n, ruleValue, "", "%s %s is no number", local, quote(s))
	}
	return v
}

func (r *reader) boolean(n *xmltree.Node, local string) bool {
	v, ok := attr(n, local)
	switch v {
	case "true", "1":
		return true
	case "false", "0":
		return false
	}
	if ok {
		r.at(n, ruleValue, "write true or false", "%s is %s", local, quote(v))
	}
	return false
}

func (r *reader) oid(n *xmltree.Node, local string) string {
	s := r.need(n, local)
	if s != "" && !isOID(s) {
		r.at(n, ruleValue, "", "%s %s is no object identifier", local, quote(s))
	}
	return s
}

func (r *reader) optionalOID(n *xmltree.Node, local string) string {
	if _, ok := attr(n, local); !ok {
		return ""
	}
	return r.oid(n, local)
}

// isOID reports whether s is an object identifier in dotted form.
func isOID(s string) bool {
	if len(s) > 256 || !strings.Contains(s, ".") {
		return false
	}
	for arc := range strings.SplitSeq(s, ".") {
		if v, ok := lacv(arc); !ok || v != arc {
			return false
		}
	}
	return true
}

// window reads notBefore and notAfter: an xs:dateTime with its zone, or a
// GeneralizedTime in UTC.
func (r *reader) window(n *xmltree.Node) window {
	var w window
	for local, to := range map[string]*time.Time{"notBefore": &w.from, "notAfter": &w.to} {
		s, ok := attr(n, local)
		if !ok {
			continue
		}
		t, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t, err = time.Parse("20060102150405Z", s)
		}
		if err != nil {
			r.at(n, ruleValue, "write 2026-01-31T00:00:00Z", "%s %s is no time", local, quote(s))
		}
		*to = t
	}
	if !w.from.IsZero() && !w.to.IsZero() && w.to.Before(w.from) {
		r.at(n, ruleValue, "", "notAfter is before notBefore")
	}
	return w
}

// classes reads the classifications.
func (r *reader) classes(n *xmltree.Node) {
	p := &r.p
	byLacv, byRank := map[string]string{}, map[int64]string{}
	names := map[string]bool{}
	for _, c := range n.All("securityClassification") {
		x := class{name: r.name(c), lacv: r.lacv(c), hierarchy: r.integer(c, "hierarchy"), obsolete: r.boolean(c, "obsolete")}
		x.colour, _ = attr(c, "color")
		r.colour(c, x.colour)
		if names[x.name] {
			r.at(c, ruleDuplicate, "", "there is another classification of this name")
		}
		if other, ok := byLacv[x.lacv]; ok {
			r.at(c, ruleDuplicate, "", "lacv %s is that of %s, too", x.lacv, quote(other))
		}
		if other, ok := byRank[x.hierarchy]; ok {
			r.at(c, ruleDuplicate, "of two classifications one is the higher", "hierarchy %d is that of %s, too", x.hierarchy, quote(other))
		}
		names[x.name], byLacv[x.lacv], byRank[x.hierarchy] = true, x.name, x.name
		x.required = r.required(c)
		x.phrases, x.quals = r.phrases(c), r.affixes(c)
		for _, e := range c.All("equivalentClassification") {
			x.equiv = append(x.equiv, r.equivClass(e))
		}
		p.classes = append(p.classes, x)
	}
	if len(p.classes) == 0 {
		r.at(n, ruleMissing, "", "there is no securityClassification")
	}
	slices.SortStableFunc(p.classes, func(a, b class) int {
		switch {
		case a.hierarchy < b.hierarchy:
			return -1
		case a.hierarchy > b.hierarchy:
			return 1
		}
		return 0
	})
	p.byClass, r.byClass = map[string]int{}, map[string]int{}
	for i, c := range p.classes {
		p.byClass[c.lacv], r.byClass[c.name] = i, i
	}
}

// colour accepts the names of the schema's list in form only: a colour is for
// the eye, and no policy is refused for a word in it.
func (r *reader) colour(n *xmltree.Node, s string) {
	if s == "" {
		return
	}
	hex, isHex := strings.CutPrefix(s, "#")
	if isHex && (len(hex) != 6 || strings.Trim(hex, "0123456789abcdefABCDEF") != "") ||
		!isHex && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		r.at(n, ruleValue, "write a name or #RRGGBB", "color %s is no colour", quote(s))
	}
}

// privacy reads the privacy marks.
func (r *reader) privacy(n *xmltree.Node) {
	if n == nil {
		return
	}
	seen := map[string]bool{}
	for _, c := range n.All("privacyMark") {
		m := privacyMark{name: r.name(c), obsolete: r.boolean(c, "obsolete"), phrases: r.phrases(c)}
		if seen[m.name] {
			r.at(c, ruleDuplicate, "", "there is another privacy mark of this name")
		}
		seen[m.name] = true
		r.p.privacy = append(r.p.privacy, m)
	}
}

// references resolves what categories and classifications say of each other.
func (r *reader) references(root *xmltree.Node) {
	p := &r.p
	check := func(what string, refs []ref) {
		for _, x := range refs {
			if why := p.unknown(x); why != "" {
				r.at(root, ruleReference, "", "%s refers to %s", what, why)
			}
		}
	}
	for i := range p.classes {
		for _, q := range p.classes[i].required {
			check("securityClassification "+quote(p.classes[i].name), q.groups)
		}
	}
	for i := range p.cats {
		c := &p.cats[i]
		what := "tagCategory " + quote(c.name)
		check(what, c.excludes)
		for _, q := range c.required {
			check(what, q.groups)
		}
	}
}

// unknown says what of a ref the policy does not have, "" if it has it.
func (p *Policy) unknown(r ref) string {
	id, ok := p.setID[r.set]
	if !ok {
		return fmt.Sprintf("a tag set %s, which is not there", quote(r.set))
	}
	if r.lacv != "" {
		if _, ok := p.byCat[Category{id, r.kind, r.lacv}]; !ok {
			return fmt.Sprintf("a %s category %s of %s, which is not there", r.kind, r.lacv, quote(r.set))
		}
		return ""
	}
	for _, t := range p.tags {
		if t.kind == r.kind && p.sets[t.set].id == id {
			return ""
		}
	}
	return fmt.Sprintf("the %s categories of %s, of which there are none", r.kind, quote(r.set))
}
