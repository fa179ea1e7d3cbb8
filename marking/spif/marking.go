package spif

import (
	"strings"
)

// parts are what a marking is made of.
type parts struct {
	policy string // in the policy's place; may be empty
	class  string // "" if it is not shown
	groups []group
	note   string // the privacy mark
}

// A group is the categories of a tag that are shown.
type group struct {
	tag   int
	words []string
	cats  []int
}

// Marking returns the marking of a label at the head and foot of a page in a
// language ("fr-CA", "" for the file's own). It fails, with [marking.Faults],
// for a label that is not valid.
func (p *Policy) Marking(l Label, language string) (string, error) {
	var r report
	s := p.judge(l, &r)
	if err := r.err(); err != nil {
		return "", err
	}
	return p.write(p.parts(s, l.PrivacyMark, chain(language)), chain(language)), nil
}

// Hidden returns the categories of a label that its marking in a language does
// not show, by themselves or in the policy's place: they cannot be read back.
func (p *Policy) Hidden(l Label, language string) []Category {
	var r report
	s := p.hold(l, &r)
	langs := chain(language)
	seen := p.shown(s, langs)
	var out []Category
	for _, i := range s.cats {
		if !seen[i] {
			out = append(out, p.cats[i].key)
		}
	}
	return out
}

// shown returns the categories that a marking shows.
func (p *Policy) shown(s sheet, langs []string) map[int]bool {
	seen := map[int]bool{}
	for _, i := range s.cats {
		seen[i] = p.word(i, langs) != ""
	}
	if i := p.replacer(s, langs); i >= 0 {
		seen[i] = true
	}
	return seen
}

// parts takes a label apart.
func (p *Policy) parts(s sheet, privacy string, langs []string) parts {
	x := parts{policy: p.place(s, langs), class: p.className(s.class, langs), groups: p.groups(s.cats, langs)}
	for _, i := range s.cats {
		if p.suppresses(i, langs) {
			x.class = ""
		}
	}
	if m := p.privacyMark(privacy); m != nil {
		x.note = display(m.name, m.phrases, nil, langs)
	}
	return x
}

// groups returns what is shown of categories, tag by tag.
func (p *Policy) groups(cats []int, langs []string) []group {
	var out []group
	for _, i := range cats {
		w := p.word(i, langs)
		if w == "" {
			continue
		}
		if n := len(out); n == 0 || out[n-1].tag != p.cats[i].tag {
			out = append(out, group{tag: p.cats[i].tag})
		}
		g := &out[len(out)-1]
		g.words, g.cats = append(g.words, w), append(g.cats, i)
	}
	return out
}

func replaces(x phrase) bool { return x.replace }

// place returns what stands in the policy's place.
func (p *Policy) place(s sheet, langs []string) string {
	if x, ok := find(p.replace, langs, replaces); ok {
		return x.text
	}
	if x, ok := find(p.classes[s.class].phrases, langs, replaces); ok {
		return x.text
	}
	if i := p.replacer(s, langs); i >= 0 {
		x, _ := find(p.cats[i].phrases, langs, replaces)
		return x.text
	}
	return p.name
}

// replacer returns the category whose phrase stands in the policy's place, or
// -1: the file's own phrase goes before the class's, and that before all
// categories'.
func (p *Policy) replacer(s sheet, langs []string) int {
	if _, ok := find(p.replace, langs, replaces); ok {
		return -1
	}
	if s.class >= 0 {
		if _, ok := find(p.classes[s.class].phrases, langs, replaces); ok {
			return -1
		}
	}
	for _, i := range s.cats {
		if _, ok := find(p.cats[i].phrases, langs, replaces); ok {
			return i
		}
	}
	return -1
}

// suppresses reports whether a category takes the class's name away.
func (p *Policy) suppresses(cat int, langs []string) bool {
	_, ok := find(p.cats[cat].phrases, langs, func(x phrase) bool { return x.suppress })
	return ok
}

// className returns the words of a class.
func (p *Policy) className(i int, langs []string) string {
	c := &p.classes[i]
	return display(c.name, c.phrases, c.quals, langs)
}

// word returns the words of a category, "" if it is not shown.
func (p *Policy) word(i int, langs []string) string {
	c := &p.cats[i]
	return display(c.name, c.phrases, c.quals, langs)
}

// display returns the words of a name: a phrase, or the name itself.
func display(name string, phrases []phrase, quals []qualifier, langs []string) string {
	x, ok := find(phrases, langs, func(x phrase) bool { return !x.replace || x.noName })
	switch {
	case ok && x.noName:
		return ""
	case ok && x.has && !x.noMarking:
		name = x.text
	}
	if name == "" {
		return ""
	}
	return qualify(quals, langs, "prefix", "") + name + qualify(quals, langs, "suffix", "")
}

// write puts the parts of a marking together.
func (p *Policy) write(x parts, langs []string) string {
	between := qualify(p.quals, langs, "separator", " ")
	var b strings.Builder
	b.WriteString(x.policy)
	part := func(s string) {
		if b.Len() > 0 {
			b.WriteString(between)
		}
		b.WriteString(s)
	}
	if x.class != "" {
		part(x.class)
	}
	for _, g := range x.groups {
		quals := p.tags[g.tag].quals
		part(qualify(quals, langs, "prefix", "") +
			strings.Join(g.words, qualify(quals, langs, "separator", "/")) +
			qualify(quals, langs, "suffix", ""))
	}
	if x.note != "" {
		part(x.note)
	}
	return qualify(p.quals, langs, "prefix", "") + b.String() + qualify(p.quals, langs, "suffix", "")
}

// ClearanceMarking returns what a clearance is for, in words: the names of its
// classifications in braces, and its categories as in the marking of a label,
// "{OFFICIAL|SECRET} - UK / EU EYES ONLY". It fails, with [marking.Faults], for
// a clearance of another policy or with anything unknown in it.
func (p *Policy) ClearanceMarking(c Clearance, language string) (string, error) {
	var r report
	held := p.cleared(c, &r)
	if err := r.err(); err != nil {
		return "", err
	}
	var names []string
	for i := range p.classes {
		if held.classes[i] {
			names = append(names, p.classes[i].name)
		}
	}
	var cats []int
	for i := range p.cats {
		if held.cats[i] {
			cats = append(cats, i)
		}
	}
	langs := chain(language)
	return p.write(parts{policy: "{" + strings.Join(names, "|") + "}", groups: p.groups(cats, langs)}, langs), nil
}
