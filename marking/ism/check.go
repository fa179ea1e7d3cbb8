package ism

import (
	"fmt"
	"slices"
	"strings"

	"tearline/marking"
)

// ntk is the namespace of the attributes that say who needs to know.
const ntk = "urn:us:gov:ic:ntk"

// names reports attributes that nobody can tell what they mean.
func (a Attributes) names() marking.Faults {
	faults := a.writable()
	for _, x := range a {
		list, known := lists[x.Name]
		f := marking.Fault{Rule: "ism.attribute", Cites: cites, Hint: "mark it by hand: nobody may have what is not understood"}
		switch {
		case x.Space == "" && !known:
			f.Text = quote(x.Name) + " is no attribute of ISM that is known"
		case x.Space == "" && list && strings.TrimSpace(x.Value) == "":
			f.Rule, f.Text, f.Hint = "ism.empty", quote(x.Name)+" has no token", "leave it out if there is nothing to say"
		case isName(x.Space):
			f.Text = "nothing says whose attribute " + quote(x.qualified()) + " is"
		case x.Space == ntk && !strings.HasSuffix(x.Name, "Version"):
			f.Text = quote(x.qualified()) + " says who needs to know, which no mark can say"
		default:
			continue
		}
		faults = append(faults, f)
	}
	return faults
}

// A checker collects the faults of tokens.
type checker struct{ faults marking.Faults }

func (c *checker) add(rule, text, hint string) {
	if len(c.faults) >= marking.MaxFaults {
		return
	}
	c.faults = append(c.faults, marking.Fault{Rule: rule, Cites: cites, Text: text, Hint: hint})
}

// each reports the tokens that are not what they should be.
func (c *checker) each(name string, tokens []string, ok func(string) bool) {
	for _, t := range tokens {
		if !ok(t) {
			c.add("ism.token", name+": "+quote(t)+" is no token that is known", "")
		}
	}
}

// parents reports the tokens whose parent is missing.
func (c *checker) parents(name, rule string, tokens []string) {
	all := set(tokens)
	for _, t := range tokens {
		up := t[:max(strings.LastIndexByte(t, '-'), 0)]
		if name == AtomicEnergyMarkings {
			up = strings.TrimSuffix(up, "-SG")
		}
		if up != "" && !all[up] {
			c.add(rule, name+": "+quote(t)+" is there without "+quote(up), "write both")
		}
	}
}

// faults reports what is wrong with the tokens, as far as the policy cannot
// see it in the line, or would take one thing for another.
func (m *mark) faults() marking.Faults {
	var c checker
	m.checkOwner(&c)
	c.each(SCIControls, m.sci, isPath)
	c.parents(SCIControls, "ISM-ID-00388", m.sci)
	m.checkPrograms(&c)
	c.each(AtomicEnergyMarkings, m.aea, isAtomic)
	c.parents(AtomicEnergyMarkings, "ISM-ID-00183", m.aea)
	// A concealed source is in no line for the policy to look at.
	source := func(t string) bool {
		return isCode(t) && (m.policy().KnowsCode(t) || strings.HasPrefix(t, natoSpecial))
	}
	c.each(FGISourceOpen, m.open, func(t string) bool { return source(t) || t == "UNKNOWN" })
	c.each(FGISourceProtected, m.protected, func(t string) bool { return source(t) || t == "FGI" })
	c.each(NonUSControls, m.nonUS, func(t string) bool {
		return slices.Contains([]string{"ATOMAL", "BALK", "BOHEMIA"}, strings.TrimPrefix(t, "NATO-"))
	})
	c.each(CUIBasic, m.cuiBasic, isCategory)
	c.each(CUISpecified, m.cuiSpecified, isCategory)
	c.each(ReleasableTo, m.release, isCode)
	c.each(DisplayOnlyTo, m.show, isCode)
	c.each(Dissemination, m.dissem, func(t string) bool { return find(dissem, t) != nil })
	c.each(NonICMarkings, m.nonIC, func(t string) bool {
		name, ok := strings.CutPrefix(t, accm)
		return find(nonIC, t) != nil || ok && isProgram(name)
	})
	m.checkRelease(&c)
	m.checkHighWater(&c)
	return c.faults
}

func (m *mark) checkOwner(c *checker) {
	bare := m.cuiOnly && m.level == "" && len(m.owners) == 0 // ISM-ID-00476: CUI alone has neither
	if find(levels, m.level) == nil && !bare {
		c.add("ism.token", fmt.Sprintf("%s: %s is no classification", Classification, quote(m.level)), "write U, R, C, S or TS")
	}
	if len(m.owners) == 0 && !bare {
		c.add("ism.owner", OwnerProducer+": nobody owns it", `write ownerProducer="USA" if it is the nation's own`)
	}
	if !slices.Contains([]string{"", "true", "false", "1", "0"}, m.joint) {
		c.add("ism.token", Joint+": "+quote(m.joint)+" is neither true nor false", "")
	}
	c.each(OwnerProducer, m.owners, isCode)
	if slices.Contains(m.owners, "FGI") && len(m.owners) > 1 {
		c.add("ISM-ID-00099", OwnerProducer+": a concealed owner stands alone", "leave the others out")
	}
	if len(m.owners) > 1 && !m.jointly {
		c.add("ism.owner", OwnerProducer+": several own it, and it is not joint", `write joint="true", or the mark of one of them`)
	}
}

// checkPrograms reports the special access programs that the us policy has no
// marks for: it writes the intelligence community's.
func (m *mark) checkPrograms(c *checker) {
	for _, t := range m.sar {
		p := newProgram(t)
		switch {
		case p.authority == dod:
			c.add("ism.program", SARIdentifier+": "+quote(t)+" is marked by DoDM 5200.01, which the us policy does not have", "")
		case !slices.Contains(sarAuthorities, p.authority):
			c.add("ism.token", SARIdentifier+": "+quote(t)+" is not of an authority that is known", "write SAR-DNI:NAME")
		case !slices.Contains([]string{"", "TS", "S", "C"}, p.level) || !isProgram(p.id) || strings.Count(p.id, "-") > 2:
			c.add("ism.token", SARIdentifier+": "+quote(t)+" is no identifier of a program", "write SAR-DNI:NAME-COMPARTMENT-SUBCOMPARTMENT")
		}
	}
}

func (m *mark) checkRelease(c *checker) {
	has := func(t string) bool { return slices.Contains(m.dissem, t) }
	if len(m.release) > 0 && !has("REL") && !has("EYES") {
		c.add("ISM-ID-00032", ReleasableTo+": there is a list, and neither REL nor EYES", "")
	}
	if len(m.show) > 0 && !has("DISPLAYONLY") {
		c.add("ISM-ID-00168", DisplayOnlyTo+": there is a list, and no DISPLAYONLY", "")
	}
	if has("OC-USGOV") && !has("OC") {
		c.add("ISM-ID-00302", Dissemination+": OC-USGOV is there without OC", "write both")
	}
}

// checkHighWater reports a level of NATO information that the mark would not
// make up for.
func (m *mark) checkHighWater(c *checker) {
	if m.highWater == "" {
		return
	}
	rank := func(level string) int {
		return slices.IndexFunc(levels, func(w word) bool { return w.token == level })
	}
	level, ok := strings.CutPrefix(m.highWater, "NATO-")
	switch {
	case !ok || rank(level) < 0:
		c.add("ism.token", HighWaterNATO+": "+quote(m.highWater)+" is no level of NATO", "")
	case rank(level) > rank(m.level):
		c.add("ISM-ID-00525", HighWaterNATO+": "+quote(m.highWater)+" is above the classification", "")
	}
	if !slices.Contains(m.owners, "NATO") && !slices.Contains(m.open, "NATO") && len(m.protected) == 0 {
		c.add("ISM-ID-00522", HighWaterNATO+": there is no NATO information that it is the level of", "name NATO among the sources")
	}
}

// beyond reports what no mark can say.
func (m *mark) beyond() marking.Faults {
	var c checker
	if len(m.second) > 0 || m.channels != "" {
		c.add("ism.second-line", SecondBannerLine+": no mark can say what the second banner line does", "handle it by hand")
	}
	return c.faults
}

// only reports whether s has at least min characters, all of them upper case
// letters, digits or among more.
func only(s, more string, least int) bool {
	return len(s) >= least && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(more, r)
	})
}

// isPath reports "SI", "SI-G", "SI-G-ABCD".
func isPath(t string) bool {
	parts := strings.Split(t, "-")
	return len(parts) <= 3 && !slices.ContainsFunc(parts, func(p string) bool { return !only(p, "", 1) })
}

func isAtomic(t string) bool {
	for _, w := range aea[:2] { // RD and FRD have SIGMA numbers
		if n, ok := strings.CutPrefix(t, w.token+"-SG-"); ok {
			return only(n, "", 1) && strings.Trim(n, "0123456789") == ""
		}
	}
	return t == "RD-CNWDI" || find(aea, t) != nil
}

// isCode reports what can be the code of a nation, an organisation or an
// activity of NATO; the policy knows which of them there are.
func isCode(t string) bool {
	if name, ok := strings.CutPrefix(t, natoSpecial); ok {
		return name != "" && len(name) <= 256 && !strings.ContainsFunc(name, func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-' && r != '_'
		})
	}
	return only(t, "_", 2)
}

func isCategory(t string) bool { return only(t, "-", 2) && t[0] != '-' && t != "CUI" }

func isProgram(id string) bool {
	return only(id, "_-", 1) && !strings.HasPrefix(id, "-") && !strings.HasSuffix(id, "-") && !strings.Contains(id, "--")
}
