package spif

import "tearline/marking/internal/xmltree"

// An equivPolicy is a policy into which labels can be translated.
type equivPolicy struct {
	name, id string
	required []requirement // in terms of that policy
}

// An equivClass is a classification of another policy that stands for one of
// this; required is in terms of that policy.
type equivClass struct {
	policy, lacv     string // the policy by its name in the file
	encrypt, decrypt bool
	required         []requirement
}

// An equivCategory is a category of another policy that stands for one of this.
type equivCategory struct {
	policy           string
	key              Category
	discard          bool // nothing stands for it there
	encrypt, decrypt bool
}

// equivalents reads the other policies.
func (r *reader) equivalents(n *xmltree.Node) {
	r.p.equiv = map[string]equivPolicy{}
	if n == nil {
		return
	}
	ids := map[string]bool{}
	for _, c := range n.All("equivalentPolicy") {
		x := equivPolicy{name: r.name(c), id: r.oid(c, "id"), required: r.required(c)}
		if _, ok := r.p.equiv[x.name]; ok || ids[x.id] {
			r.at(c, ruleDuplicate, "", "there is another equivalent policy of this name or identifier")
		}
		ids[x.id] = true
		r.p.equiv[x.name] = x
	}
}

func (r *reader) equivClass(n *xmltree.Node) equivClass {
	x := equivClass{policy: r.policyRef(n), lacv: r.lacv(n), required: r.required(n)}
	x.encrypt, x.decrypt = r.applied(n)
	return x
}

func (r *reader) equivCategory(n *xmltree.Node) equivCategory {
	x := equivCategory{policy: r.policyRef(n), key: Category{TagSet: r.oid(n, "tagSetId"), Type: r.kind(n)}}
	x.encrypt, x.decrypt = r.applied(n)
	switch action, ok := attr(n, "action"); {
	case !ok:
		x.key.Lacv = r.lacv(n)
	case action == "discard":
		x.discard = true
	default:
		r.at(n, ruleValue, "discard is the only one", "action %s is none", quote(action))
	}
	return x
}

// policyRef reads a reference to one of the equivalent policies.
func (r *reader) policyRef(n *xmltree.Node) string {
	s := r.need(n, "policyRef")
	if _, ok := r.p.equiv[s]; s != "" && !ok {
		r.at(n, ruleReference, "", "there is no equivalent policy %s", quote(s))
	}
	return s
}

// applied reads when an equivalence is applied: on the way out, on the way in.
func (r *reader) applied(n *xmltree.Node) (encrypt, decrypt bool) {
	switch s := r.need(n, "applied"); s {
	case "encrypt":
		return true, false
	case "decrypt":
		return false, true
	case "both":
		return true, true
	case "":
	default:
		r.at(n, ruleValue, "encrypt, decrypt or both", "applied is %s", quote(s))
	}
	return false, false
}
