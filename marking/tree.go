package marking

import (
	"slices"
	"strings"

	"tearline/marking/policies"
)

// besideName takes a name that follows the token which it is below without
// repeating it: "ACCM-LEMONADE/PARTY FAVORS".
func (ps *parser) besideName(w string, lo, hi int) bool {
	if ps.beside < 0 || !ps.p.t.Tokens[ps.beside].Free.Admits(w) {
		return false
	}
	t := &ps.p.t.Tokens[ps.beside]
	before := len(ps.names)
	ps.setName(t.Category, ps.beside, -1, t.Full+"-"+w, lo, hi)
	if before == len(ps.names) {
		ps.again(w, lo, hi)
	}
	return true
}

// again reports what is there twice.
func (ps *parser) again(w string, lo, hi int) {
	ps.fault(lo, hi, Fault{Rule: "form.twice", Text: policies.Quote(w) + " is there twice", Hint: "write it once"})
}

// keep keeps a name that the policy does not list, once.
func (ps *parser) keep(cat int, full string) {
	entry := policies.FreeMarks[cat:cat+1] + full
	if ps.names == nil {
		ps.names = make([]string, 0, 8)
	}
	if !slices.Contains(ps.names, entry) {
		ps.names = append(ps.names, entry)
	}
}

// free takes a name that the policy does not list of a category without trees.
// With first set it takes only what stands where its category is expected, and
// may be spelt like other tokens. It reports whether it took it.
func (ps *parser) free(w string, lo, hi int, first bool) bool {
	for _, i := range ps.p.t.FlatFree {
		c := &ps.p.t.Cats[i]
		if first && !ps.expected(i) {
			continue
		}
		own, led := strings.CutPrefix(w, c.Lead)
		if !led || !c.Free.Admits(own) {
			continue
		}
		ps.enter(i, lo, hi)
		ps.set(c.Star, lo, hi)
		before := len(ps.names)
		if ps.keep(i, own); before == len(ps.names) {
			ps.again(w, lo, hi)
		}
		return true
	}
	return false
}

// expected reports whether the names of the category are read here before all
// others.
func (ps *parser) expected(cat int) bool {
	c := &ps.p.t.Cats[cat]
	if c.AfterToken < 0 || !ps.b.Tokens.Has(c.AfterToken) {
		return false
	}
	after := ps.p.t.Tokens[c.AfterToken].Category
	return ps.cat < 0 && ps.before == after || ps.cat == cat || ps.cat >= 0 && ps.p.t.Cats[ps.cat].AfterToken == c.AfterToken
}

// treeOf returns the category to which "SI-G ABCD" belongs by its first name,
// or -1.
func (ps *parser) treeOf(w string) int {
	top, _, _ := strings.Cut(w, "-")
	if x, ok := ps.p.t.Words[top]; ok && !x.Bare && ps.p.t.Cats[ps.p.t.Tokens[x.Token].Category].Tree {
		return ps.p.t.Tokens[x.Token].Category
	}
	// Within a category with a lead ("SAR-BP/CD"), and in one that admits
	// systems which the policy does not list: where that may stand.
	if ps.cat >= 0 && ps.p.t.Cats[ps.cat].Tree && ps.p.t.Cats[ps.cat].Free.Admits(top) {
		return ps.cat
	}
	for i := range ps.p.t.Cats {
		c := &ps.p.t.Cats[i]
		if c.Tree && c.Free.Admits(top) && (c.Lead == "" || ps.cat == i) {
			return i
		}
	}
	return -1
}

// tree reads "SI-G ABCD DEFG-MMM AACD" into category cat.
func (ps *parser) tree(cat int, w string, lo, hi int) {
	ps.enter(cat, lo, hi)
	before := ps.b.Tokens
	names := len(ps.names)
	first, rest, more := strings.Cut(w, "-")
	if i, ok := ps.p.t.Cats[cat].Top[first]; ok && ps.p.t.Tokens[i].Beside {
		ps.beside = i
		if !ps.besideName(rest, lo, hi) {
			ps.unknown(lo, hi, w)
		}
		return
	}
	top, name, below, ok := ps.name(cat, -1, "", strings.TrimSpace(first), ps.p.t.Cats[cat].Free)
	if !ok {
		ps.unknown(lo, hi, w)
		return
	}
	ps.setName(cat, -1, top, name, lo, hi)
	for more {
		var part string
		part, rest, more = strings.Cut(rest, "-")
		if !ps.compartment(cat, top, name, below, strings.TrimSpace(part), lo, hi) {
			ps.unknown(lo, hi, w)
			return
		}
	}
	if before == ps.b.Tokens && names == len(ps.names) {
		ps.again(w, lo, hi)
	}
}

// name resolves one name below a token (-1: at the top of the category, or
// below a name that the policy does not list, path). It returns the token or
// -1, the full name, and what is admitted below it.
func (ps *parser) name(cat, parent int, path, own string, admits *policies.Free) (token int, full string, below *policies.Free, ok bool) {
	names := ps.p.t.Cats[cat].Top
	depth := 0
	if path != "" {
		depth = 1 + min(strings.Count(path, "-"), 1)
		names = nil
	}
	if parent >= 0 {
		names = ps.p.t.Tokens[parent].ByName
	}
	if i, known := names[own]; known {
		return i, ps.p.t.Tokens[i].Full, ps.p.t.Tokens[i].Free, true
	}
	if !admits.Admits(own) {
		return -1, "", nil, false
	}
	return -1, path + policies.Joint(depth) + own, admits.Free, true
}

// compartment reads "G ABCD DEFG" below top.
func (ps *parser) compartment(cat, top int, path string, admits *policies.Free, w string, lo, hi int) bool {
	if w == "" {
		return false
	}
	own, rest := w, ""
	if top < 0 || !has(ps.p.t.Tokens[top].ByName, w) { // titles have blanks in them
		own, rest, _ = strings.Cut(w, " ")
	}
	token, full, below, ok := ps.name(cat, top, path, own, admits)
	if !ok {
		return false
	}
	ps.setName(cat, top, token, full, lo, hi)
	for sub := range strings.FieldsSeq(rest) {
		t, f, _, ok := ps.name(cat, token, full, sub, below)
		if !ok {
			return false
		}
		ps.setName(cat, token, t, f, lo, hi)
	}
	return true
}

func has(m map[string]int, w string) bool { _, ok := m[w]; return ok }

// setName adds a token, or a name that the policy does not list and the sign
// that there is one below its parent.
func (ps *parser) setName(cat, parent, token int, full string, lo, hi int) {
	if token >= 0 {
		ps.set(token, lo, hi)
		return
	}
	switch {
	case parent >= 0:
		ps.set(ps.p.t.Tokens[parent].Star, lo, hi)
	case !strings.Contains(full, "-"):
		ps.set(ps.p.t.Cats[cat].Star, lo, hi)
	}
	ps.keep(cat, full)
}
