package classes

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"tearline"
	"tearline/release"
)

// grants are what was consented to for one recipient.
type grants struct {
	list []*consent
	// changed counts what cannot be added to what was: revocations and the
	// like.
	changed uint64
	// What requests can differ in: the rest comes to the same.
	purposes, units, persons, officers []string
}

// A consent is one that was granted.
type consent struct {
	dated
	to                int32 // code of the recipient
	nodes             []node
	conditions        []tearline.Condition // those that decide
	authority, second string
	said              time.Time
	copies            bool
}

// consented takes in a consent. Refusals consent to nothing; tear-line wordings,
// for which some are alone, are not listed.
func (ix *Index) consented(s *tearline.Statement, v *tearline.Consent) {
	if !v.Granted || slices.Contains(v.Conditions, tearline.TearLineOnly) {
		return
	}
	c := &consent{dated: ix.date(s, v.Term), to: ix.table.Book.Code(v.Recipient), nodes: make([]node, 0, len(v.Portions))}
	g := ix.grants[c.to]
	if g == nil {
		g = new(grants)
		ix.grants[c.to] = g
	}
	for _, x := range v.Conditions {
		ix.condition(g, c, x)
	}
	if c.by == ix.self {
		c.authority, c.second, c.said = v.Authority, v.Second, s.At
		ix.ours.consents = append(ix.ours.consents, c)
		mention(&g.officers, v.Authority)
		mention(&g.officers, v.Second)
	}
	ix.said[keyOf(s.ID)] = target{dated: &c.dated, consent: c}
	for _, ref := range v.Portions {
		if n, ok := ix.node(ref); ok {
			c.nodes = append(c.nodes, n)
			continue
		}
		ix.waiting[ref] = append(ix.waiting[ref], target{dated: &c.dated, consent: c})
	}
	slices.Sort(c.nodes)
	c.nodes = slices.Compact(c.nodes)
	g.list = append(g.list, c)
	ix.epoch++
}

func (ix *Index) condition(g *grants, c *consent, x tearline.Condition) {
	switch x {
	case tearline.WithoutAttribution, tearline.TearLineOnly:
		return
	case tearline.OrallyOnly, tearline.ViewOnly:
		c.conditions = append(c.conditions, x)
		return
	}
	kind, value := cutCondition(x)
	switch kind {
	case tearline.PurposePrefix:
		mention(&g.purposes, value)
	case tearline.UnitPrefix:
		mention(&g.units, value)
	case tearline.PersonPrefix:
		mention(&g.persons, value)
	case tearline.CopiesPrefix:
		c.copies = true
	default:
		return // a caveat in words
	}
	c.conditions = append(c.conditions, x)
}

func mention(list *[]string, x string) {
	if x != "" && !slices.Contains(*list, x) {
		*list = append(*list, x)
	}
}

// officer returns who asks, if that makes a difference.
func (g *grants) officer(name string) string {
	if slices.ContainsFunc(g.officers, func(x string) bool { return release.SamePerson(x, name) }) {
		return name
	}
	return ""
}

// cutCondition parts a condition that demands something from what it demands;
// the kind is "" for every other.
func cutCondition(x tearline.Condition) (kind, value string) {
	for _, kind := range []string{tearline.PurposePrefix, tearline.UnitPrefix, tearline.PersonPrefix, tearline.CopiesPrefix} {
		if value, ok := strings.CutPrefix(string(x), kind); ok {
			return kind, value
		}
	}
	return "", ""
}

// consentNames adds what a consent named before it was filed.
func (ix *Index) consentNames(c *consent, n node) {
	if i, found := slices.BinarySearch(c.nodes, n); !found {
		c.nodes = slices.Insert(c.nodes, i, n)
		ix.grants[c.to].changed++
	}
}

// isFor reports whether a consent names a node, and counts for it.
func (ix *Index) isFor(c *consent, n node) bool {
	_, found := slices.BinarySearch(c.nodes, n)
	return found && ix.counts(c, n)
}

// counts reports whether the authority that gave a consent for the holder had
// the power over the node.
func (ix *Index) counts(c *consent, n node) bool {
	if c.by != ix.self || ix.authorities == nil {
		return true
	}
	_, filed := ix.filedAs(n)
	return ix.empowered(c.by, tearline.PowerConsent, c.authority, c.second, filed, c.said)
}

// fits reports whether a consent is one for such requests, and narrows the span
// to the time for which that is so.
func (ix *Index) fits(c *consent, k *standKey, within *span) bool {
	within.narrowTo(ix.now, &c.dated)
	if c.copies {
		for _, t := range ix.uses[keyOf(c.id)] {
			within.narrow(ix.now, t+1)
		}
	}
	if !c.inForce(ix.now) || k.officer != "" && (release.SamePerson(c.authority, k.officer) || release.SamePerson(c.second, k.officer)) {
		return false
	}
	for _, x := range c.conditions {
		if !ix.meets(c, x, k) {
			return false
		}
	}
	return true
}

func (ix *Index) meets(c *consent, x tearline.Condition, k *standKey) bool {
	switch x {
	case tearline.OrallyOnly:
		return k.mode == tearline.Oral
	case tearline.ViewOnly:
		return k.mode == tearline.Visual || k.mode == tearline.Oral
	case tearline.TearLineOnly, tearline.WithoutAttribution: // not kept
	}
	switch kind, value := cutCondition(x); kind {
	case tearline.PurposePrefix:
		return value == k.purpose
	case tearline.UnitPrefix:
		return value == k.unit
	case tearline.PersonPrefix:
		return value == k.person
	case tearline.CopiesPrefix:
		used := 0
		for _, t := range ix.uses[keyOf(c.id)] {
			if t < ix.now {
				used++
			}
		}
		most, err := strconv.Atoi(value)
		return err == nil && used < most
	}
	return true
}
