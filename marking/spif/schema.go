package spif

import (
	"encoding/xml"
	"strings"

	"tearline/marking/internal/xmltree"
)

const (
	namespace    = "http://www.xmlspif.org/spif"
	xmlNamespace = "http://www.w3.org/XML/1998/namespace"
)

// An element says what may be in an element of the schema: attributes and
// children by name, or text.
type element struct {
	attrs, children string
	text            bool
}

// schema is the part of XMLSPIF 2.0 and 2.1 that a policy is read from. What
// is not in it is a fault; refused says why of what the schema has and this
// package has no meaning for.
var schema = map[string]element{
	"SPIF": {
		attrs:    "schemaVersion version creationDate originatorDN keyIdentifier privilegeId rbacId userRefURI docRefURI notBefore notAfter",
		children: "defaultSecurityPolicyId securityPolicyId updateInfo securityClassifications securityCategoryTagSets privacyMarks equivalentPolicies markingData markingQualifier extensions",
	},
	"defaultSecurityPolicyId": {attrs: "name id"},
	"securityPolicyId":        {attrs: "name id"},
	"securityClassifications": {children: "securityClassification"},
	"securityClassification": {
		attrs:    "name lacv hierarchy color obsolete",
		children: "equivalentClassification markingData markingQualifier requiredCategory",
	},
	"equivalentClassification": {attrs: "policyRef lacv applied", children: "requiredCategory"},
	"securityCategoryTagSets":  {children: "securityCategoryTagSet"},
	"securityCategoryTagSet":   {attrs: "name id", children: "securityCategoryTag"},
	"securityCategoryTag": {
		attrs:    "name tagType enumType tag7Encoding singleSelection minSelection maxSelection",
		children: "tagCategory markingQualifier",
	},
	"tagCategory": {
		attrs:    "name lacv requiredClass obsolete userInput dateFormat notBefore notAfter",
		children: "equivalentSecCategoryTag markingData markingQualifier excludedClass requiredCategory excludedCategory",
	},
	"equivalentSecCategoryTag": {attrs: "policyRef tagSetId tagType enumType lacv applied action"},
	"excludedClass":            {text: true},
	"requiredCategory":         {attrs: "operation", children: "categoryGroup"},
	"categoryGroup":            {attrs: "tagSetRef tagType enumType lacv all"},
	"excludedCategory":         {attrs: "tagSetRef tagType enumType lacv all"},
	"markingData":              {attrs: "phrase", children: "code"},
	"code":                     {text: true},
	"markingQualifier":         {attrs: "markingCode code", children: "qualifier"},
	"qualifier":                {attrs: "markingQualifier qualifierCode"},
	"privacyMarks":             {children: "privacyMark"},
	"privacyMark":              {attrs: "name obsolete", children: "markingData"},
	"equivalentPolicies":       {children: "equivalentPolicy"},
	"equivalentPolicy":         {attrs: "name id docRefURI userRefURI", children: "requiredCategory"},
}

// refused are elements and attributes of the schema that change what a policy
// means in a way that this package does not follow.
var refused = map[string]string{
	"equivalentSecurityCategoryTagSet": "whole tag sets are not translated",
	"maxSelection of privacyMarks":     "a label has one privacy mark",
	"minSelection of privacyMarks":     "a label has one privacy mark",
}

// beside are elements that the format declares to be beside the policy: they
// are noted, and not read.
var beside = map[string]string{
	"extensions": "extensions are not part of the policy",
	"updateInfo": "where updates of the file come from is not part of the policy",
}

// check holds an element and all below it against the schema.
func (r *report) check(n *xmltree.Node, space string) {
	e := schema[n.Name.Local]
	r.checkAttrs(n, e)
	switch {
	case e.text && len(n.Children) > 0:
		r.at(n.Children[0], ruleUnknown, "", "there is an element where text belongs")
		return
	case !e.text && n.Text != "":
		r.at(n, ruleText, "", "there is text, %s, where only elements belong", quote(n.Text))
	}
	for _, c := range n.Children {
		switch local, own := c.Name.Local, c.Name.Space == space; {
		case own && lists(e.children, local) && beside[local] != "":
			r.note(c, ruleExtension, "%s", beside[local])
		case own && lists(e.children, local):
			r.check(c, space)
		case own && refused[local] != "":
			r.at(c, ruleUnsupported, "", "%s", refused[local])
		default:
			r.at(c, ruleUnknown, "what a reader does not know could change the meaning of the rest",
				"the format has no such element in %s", place(n))
		}
	}
}

func (r *report) checkAttrs(n *xmltree.Node, e element) {
	seen := map[xml.Name]bool{}
	for _, a := range n.Attrs {
		if seen[a.Name] {
			r.at(n, ruleXML, "", "attribute %s is there twice", quote(a.Name.Local))
		}
		seen[a.Name] = true
		switch {
		case a.Name.Space == "" && lists(e.attrs, a.Name.Local):
		case a.Name.Space == "" && refused[a.Name.Local+" of "+n.Name.Local] != "":
			r.at(n, ruleUnsupported, "", "%s: %s", a.Name.Local, refused[a.Name.Local+" of "+n.Name.Local])
		case isLang(a.Name.Space, a.Name.Local) && (n.Name.Local == "markingData" || n.Name.Local == "qualifier"):
		case a.Name.Space != "" && a.Name.Space != namespace && !isLang(a.Name.Space, a.Name.Local):
			r.note(n, ruleExtension, "attribute %s of another namespace", quote(a.Name.Local))
		default:
			r.at(n, ruleUnknown, "what a reader does not know could change the meaning of the rest",
				"the format has no attribute %s here", quote(a.Name.Local))
		}
	}
}

func isLang(space, local string) bool {
	return local == "lang" && (space == xmlNamespace || space == "xml")
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
