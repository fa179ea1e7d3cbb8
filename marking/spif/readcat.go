package spif

import (
	"strings"

	"tearline/marking/internal/xmltree"
)

// sets reads the tag sets.
func (r *reader) sets(n *xmltree.Node) {
	p := &r.p
	p.setID, p.byCat = map[string]string{}, map[Category]int{}
	ids := map[string]bool{}
	for _, s := range n.All("securityCategoryTagSet") {
		x := set{name: r.name(s), id: r.oid(s, "id")}
		if _, ok := p.setID[x.name]; ok {
			r.at(s, ruleDuplicate, "", "there is another tag set of this name")
		}
		if ids[x.id] {
			r.at(s, ruleDuplicate, "", "there is another tag set with identifier %s", x.id)
		}
		ids[x.id], p.setID[x.name] = true, x.id
		p.sets = append(p.sets, x)
		for _, t := range s.All("securityCategoryTag") {
			r.tag(t, len(p.sets)-1)
		}
	}
}

// tag reads a tag and its categories.
func (r *reader) tag(n *xmltree.Node, in int) {
	p := &r.p
	if len(p.tags) == MaxTags {
		r.at(n, ruleLimit, "", "there are more than %d tags", MaxTags)
	}
	if len(p.tags) >= MaxTags {
		return
	}
	t := tag{name: r.name(n), set: in, kind: r.kind(n), quals: r.qualifiers(n)}
	if v, ok := attr(n, "tag7Encoding"); ok && v != "bitSetAttributes" && v != "securityAttributes" {
		r.at(n, ruleValue, "", "tag7Encoding %s is none", quote(v))
	}
	r.selections(n, &t)
	p.tags = append(p.tags, t)
	names := map[string]bool{}
	for _, c := range n.All("tagCategory") {
		x := r.category(c, len(p.tags)-1)
		if names[x.name] {
			r.at(c, ruleDuplicate, "", "there is another category of this name in tag %s", quote(t.name))
		}
		names[x.name] = true
		if i, ok := p.byCat[x.key]; ok {
			r.at(c, ruleDuplicate, "", "lacv %s is that of %s, too", x.key.Lacv, quote(p.cats[i].name))
		}
		p.byCat[x.key] = len(p.cats)
		p.cats = append(p.cats, x)
	}
}

// selections reads how many categories of a tag a label may have.
func (r *reader) selections(n *xmltree.Node, t *tag) {
	if _, ok := attr(n, "minSelection"); ok {
		t.min = int(r.integer(n, "minSelection"))
	}
	if _, ok := attr(n, "maxSelection"); ok {
		t.max = int(r.integer(n, "maxSelection"))
		if t.max < 1 {
			r.at(n, ruleValue, "", "maxSelection is less than one")
		}
	}
	if r.boolean(n, "singleSelection") {
		if t.max > 1 {
			r.at(n, ruleValue, "", "maxSelection is more than a single selection")
		}
		t.max = 1
	}
	if t.min < 0 || t.max > 0 && t.min > t.max {
		r.at(n, ruleValue, "", "minSelection is more than maxSelection, or less than nothing")
	}
}

// kind reads tagType and enumType.
func (r *reader) kind(n *xmltree.Node) TagType {
	s := r.need(n, "tagType")
	enum, enumerated := attr(n, "enumType")
	if enumerated && s != "enumerated" {
		r.at(n, ruleValue, "", "there is an enumType, and the tagType is %s", quote(s))
	}
	switch s + " " + enum {
	case "restrictive ":
		return TagRestrictive
	case "permissive ":
		return TagPermissive
	case "tagType7 ":
		return TagInformative
	case "enumerated restrictive":
		return TagEnumeratedRestrictive
	case "enumerated permissive":
		return TagEnumeratedPermissive
	}
	if s != "" {
		r.at(n, ruleValue, "restrictive, permissive, tagType7, or enumerated with an enumType",
			"tagType %s with enumType %s is none that is read", quote(s), quote(enum))
	}
	return TagUnknown
}

// category reads a category.
func (r *reader) category(n *xmltree.Node, in int) category {
	t := &r.p.tags[in]
	x := category{
		name: r.name(n), tag: in, obsolete: r.boolean(n, "obsolete"), window: r.window(n),
		key:      Category{TagSet: r.p.sets[t.set].id, Type: t.kind, Lacv: r.lacv(n)},
		required: r.required(n), phrases: r.phrases(n), quals: r.affixes(n), needs: -1,
	}
	if _, x.userInput = attr(n, "userInput"); x.userInput {
		r.note(n, ruleUnsupported, "labels do not carry what a user enters: a label with this category is not valid")
	}
	seen := map[int]bool{}
	for _, c := range n.All("excludedClass") {
		i, ok := r.class(c, c.Text)
		switch {
		case !ok:
		case seen[i]:
			r.at(n, ruleDuplicate, "name it once", "classification %s is excluded twice", quote(c.Text))
		default:
			seen[i] = true
			x.excluded = append(x.excluded, i)
		}
	}
	if name, ok := attr(n, "requiredClass"); ok {
		if i, known := r.class(n, name); known {
			x.needs = i
		}
	}
	for _, c := range n.All("excludedCategory") {
		x.excludes = append(x.excludes, r.ref(c))
	}
	for _, c := range n.All("equivalentSecCategoryTag") {
		x.equiv = append(x.equiv, r.equivCategory(c))
	}
	return x
}

// class resolves the name of a classification.
func (r *reader) class(n *xmltree.Node, name string) (int, bool) {
	i, ok := r.byClass[strings.TrimSpace(name)]
	if !ok {
		r.at(n, ruleReference, "", "there is no classification %s", quote(name))
	}
	return i, ok
}

// required reads the requiredCategory elements of n.
func (r *reader) required(n *xmltree.Node) []requirement {
	var out []requirement
	for _, c := range n.All("requiredCategory") {
		var q requirement
		switch op := r.need(c, "operation"); op {
		case "onlyOne":
			q.op = opOnlyOne
		case "oneOrMore":
			q.op = opOneOrMore
		case "all":
			q.op = opAll
		case "":
		default:
			r.at(c, ruleValue, "onlyOne, oneOrMore or all", "operation %s is none", quote(op))
		}
		for _, g := range c.All("categoryGroup") {
			q.groups = append(q.groups, r.ref(g))
		}
		if len(q.groups) == 0 {
			r.at(c, ruleMissing, "", "there is no categoryGroup")
		}
		out = append(out, q)
	}
	return out
}

// ref reads a categoryGroup or an excludedCategory. One without a lacv is for
// all categories of the type, whether it says so or not.
func (r *reader) ref(n *xmltree.Node) ref {
	x := ref{set: r.need(n, "tagSetRef"), kind: r.kind(n)}
	_, has := attr(n, "lacv")
	_, says := attr(n, "all")
	all := r.boolean(n, "all")
	switch {
	case has && all:
		r.at(n, ruleValue, "keep one of them", "there are a lacv and all")
	case has:
		x.lacv = r.lacv(n)
	case says && !all:
		r.at(n, ruleMissing, "", "there is no lacv, and all is false")
	}
	return x
}
