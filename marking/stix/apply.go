package stix

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tearline/marking"
)

const (
	citesObject   = "STIX 2.1 §7.2.2"
	citesGranular = "STIX 2.1 §7.2.3"
)

// A Granular is one entry of an object's granular_markings: the definition
// that it refers to and the parts that it marks.
type Granular struct {
	Ref       string
	Selectors []string
}

// A Part is a part of an object with the definitions that mark it, beside
// those that mark the whole object and the parts around it.
type Part struct {
	Selector    string
	Definitions []Definition
}

// Marked says which definitions apply to which parts of an object. The zero
// Marked says that nothing is marked, and what is not marked is for nobody.
type Marked struct {
	// Object are the definitions that mark the whole object, in its order,
	// each once.
	Object []Definition
	// Parts are the parts with markings of their own, in the order in which
	// the object first selects them.
	Parts []Part

	object node
}

// Apply says which definitions mark an object and its parts. The definitions
// are given by their ids; the published ones of TLP need not be among them.
// The object may be of any type of STIX, a marking-definition too.
//
// Apply fails, with a [marking.Faults], for objects that are not JSON within
// the limits or have a property twice, for references to what is not given,
// for lists that are empty or of the wrong form, for definitions that mark
// themselves, and for selectors that select nothing. Then nothing is known of
// how the object is marked: it is for nobody.
//
// Entries that only name a language mark nothing and are left out. Languages
// beside a reference are a fault: an entry has one of them.
func Apply(object []byte, defs map[string]Definition) (Marked, error) {
	n, err := readJSON(object)
	if err != nil {
		return Marked{}, err
	}
	if n.kind != '{' {
		return Marked{}, marking.Faults{n.fault("stix.object", citesObject, "this is no object")}
	}
	a := applier{object: n, defs: defs, known: map[string]Definition{}, parts: map[string]int{}}
	a.marked.object = n
	if own, ok := n.get("id"); ok {
		a.own, _ = own.text()
	}
	if refs, ok := n.get("object_marking_refs"); ok {
		a.refs(refs)
	}
	if granular, ok := n.get("granular_markings"); ok {
		a.granular(granular)
	}
	if len(a.faults) > 0 {
		return Marked{}, a.faults
	}
	return a.marked, nil
}

// Granulars returns the entries of an object's granular_markings that refer to
// definitions, as they are written. It fails as [Apply] does, but does not ask
// whether definitions and parts exist.
func Granulars(object []byte) ([]Granular, error) {
	n, err := readJSON(object)
	if err != nil {
		return nil, err
	}
	f := &fieldReader{cites: citesGranular}
	all := []Granular{}
	if list, ok := n.get("granular_markings"); ok {
		each(func(f *fieldReader, x node, path string) {
			if g, ok := readGranular(f, x, path); ok {
				all = append(all, g)
			}
		})(f, list, "granular_markings")
	}
	if len(f.faults) > 0 {
		return nil, f.faults
	}
	return all, nil
}

// readGranular reads one entry; ok is false where it refers to no definition.
func readGranular(f *fieldReader, n node, path string) (g Granular, ok bool) {
	var lang string
	f.object(n, path, []field{
		{"marking_ref", false, str(&g.Ref)},
		{"lang", false, str(&lang)},
		{"selectors", true, words(&g.Selectors, nil)},
	})
	if (g.Ref == "") == (lang == "") {
		f.fault(n, "stix.granular", path+" has not one of marking_ref and lang")
		return Granular{}, false
	}
	return g, g.Ref != ""
}

// An applier collects what marks an object.
type applier struct {
	object node
	own    string // the object's id
	defs   map[string]Definition
	known  map[string]Definition // resolved before
	parts  map[string]int        // selector → index
	marked Marked
	faults marking.Faults
}

func (a *applier) refs(n node) {
	if n.kind != '[' || len(n.sub) == 0 {
		a.faults = addFault(a.faults, n.fault("stix.type", citesObject, "object_marking_refs is no list with items"))
		return
	}
	seen := map[string]bool{}
	for _, x := range n.sub {
		ref, _ := x.text()
		if d, ok := a.resolve(x, ref); ok && !seen[ref] {
			seen[ref] = true
			a.marked.Object = append(a.marked.Object, d)
		}
	}
}

// resolve returns the definition of that id.
func (a *applier) resolve(n node, ref string) (Definition, bool) {
	fault := func(rule, text string) (Definition, bool) {
		a.faults = addFault(a.faults, n.fault(rule, "STIX 2.1 §7.2", text))
		return Definition{}, false
	}
	if d, ok := a.known[ref]; ok {
		return d, true
	}
	if !isID(ref, definitionType) {
		return fault("stix.ref", fmt.Sprintf("%s is no reference to a marking-definition", n.raw))
	}
	if ref == a.own {
		return fault("stix.circular", "the definition marks itself")
	}
	d, ok := a.defs[ref]
	if !ok {
		d, ok = published(ref)
	}
	if !ok {
		return fault("stix.unresolved", ref+" is not known here")
	}
	if d.id != ref {
		return fault("stix.unresolved", fmt.Sprintf("%s was given for %s", d.id, ref))
	}
	a.known[ref] = d
	return d, true
}

func (a *applier) granular(n node) {
	f := &fieldReader{cites: citesGranular}
	each(func(f *fieldReader, x node, path string) {
		g, ok := readGranular(f, x, path)
		for _, s := range g.Selectors {
			if !a.object.has(s) {
				f.fault(x, "stix.selector", fmt.Sprintf("%s: %q selects nothing", path, s))
				ok = false
			}
		}
		if !ok {
			return
		}
		ref, _ := x.get("marking_ref")
		d, ok := a.resolve(ref, g.Ref)
		if !ok {
			return
		}
		for _, s := range g.Selectors {
			a.mark(s, d)
		}
	})(f, n, "granular_markings")
	a.faults = addFault(a.faults, f.faults...)
}

func (a *applier) mark(selector string, d Definition) {
	i, ok := a.parts[selector]
	if !ok {
		i = len(a.marked.Parts)
		a.parts[selector] = i
		a.marked.Parts = append(a.marked.Parts, Part{Selector: selector})
	}
	p := &a.marked.Parts[i]
	if !slices.ContainsFunc(p.Definitions, func(x Definition) bool { return x.id == d.id }) {
		p.Definitions = append(p.Definitions, d)
	}
}

// has reports whether a selector selects something: names of properties and
// zero-based indices in brackets, parted by full stops, from the object on.
func (n node) has(selector string) bool {
	for c := range strings.SplitSeq(selector, ".") {
		index, isIndex := strings.CutPrefix(c, "[")
		ok := false
		if isIndex {
			n, ok = n.item(index)
		} else if isName(c) {
			n, ok = n.get(c)
		}
		if !ok {
			return false
		}
	}
	return true
}

// item returns the item of an array that "4]" selects.
func (n node) item(index string) (node, bool) {
	digits, ok := strings.CutSuffix(index, "]")
	i, err := strconv.Atoi(digits)
	if !ok || err != nil || n.kind != '[' || i < 0 || i >= len(n.sub) || digits != strconv.Itoa(i) {
		return node{}, false
	}
	return n.sub[i], true
}

// isName reports whether s can be the name of a property or the key of a
// dictionary (STIX 2.1 §3.1, §2.3).
func isName(s string) bool {
	return s != "" && len(s) <= 250 &&
		strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == ""
}

// At returns the definitions that apply to a part with everything in it: those
// of the whole object, of the parts around it, of itself, and of the parts in
// it. A marking of a list or an object marks all that is in it (§7.2.3). Who
// may have what they allow may have the part whole. "" is the whole object. It
// fails, with a [marking.Faults], where the selector selects nothing, and
// where neither the object, nor what is around the part, nor itself is marked:
// then something in it is not marked, whatever the marks of the rest.
func (m Marked) At(selector string) ([]Definition, error) {
	fault := func(rule, text string) ([]Definition, error) {
		return nil, marking.Faults{{Rule: rule, Cites: citesGranular, Text: fmt.Sprintf("%q %s", selector, text)}}
	}
	if selector != "" && !m.object.has(selector) {
		return fault("stix.selector", "selects nothing")
	}
	all := slices.Clone(m.Object)
	seen := map[string]bool{}
	for _, d := range all {
		seen[d.id] = true
	}
	covered := len(all) > 0
	for _, p := range m.Parts {
		around := p.Selector == selector || strings.HasPrefix(selector, p.Selector+".")
		inside := selector == "" || strings.HasPrefix(p.Selector, selector+".")
		covered = covered || around
		if !around && !inside {
			continue
		}
		for _, d := range p.Definitions {
			if !seen[d.id] {
				seen[d.id] = true
				all = append(all, d)
			}
		}
	}
	if !covered {
		return fault("stix.unmarked", "is not marked, or not all of it")
	}
	return all, nil
}

// Marking returns the mark of a part with everything in it: what [Combine]
// makes of the definitions that apply [Marked.At] it.
func (m Marked) Marking(selector string) (marking.Marking, error) {
	defs, err := m.At(selector)
	if err != nil {
		return marking.Marking{}, err
	}
	return Combine(defs...)
}
