package spif

import (
	"slices"
	"strings"

	"tearline/marking"
)

// The bounds of what [Policy.Parse] does.
const (
	// MaxText is the length in bytes of the longest marking that is read.
	MaxText = 8 << 10

	maxReadings = 64      // of one text
	maxSteps    = 1 << 16 // over all of them
)

// Rules about markings that are read.
const (
	ruleMarking   = "spif.marking"
	ruleAmbiguous = "spif.marking.ambiguous"
)

// A reading is what a text may say.
type reading struct {
	policy string
	class  int // -1 if it does not say
	cats   []int
	note   int // -1 if it does not say
}

// Parse reads a marking back: it returns the valid label that [Policy.Marking]
// writes so, but for the order of tags and of categories in them, which may be
// any. Of several it returns the one that is at least as strict as each of the
// others; without such a one the text is ambiguous, and the fault names two.
// Categories that the policy hides are not read: see [Policy.Hidden], and do
// not take a label that was read from text for the one that the text was
// written from. What is wrong is returned as [marking.Faults]; the label is then zero.
func (p *Policy) Parse(text, language string) (Label, error) {
	var r report
	if len(text) > MaxText {
		r.add(marking.Fault{Offset: MaxText, Length: len(text) - MaxText, Rule: ruleLimit, Text: "the marking is too long to be one"})
		return Label{}, r.err()
	}
	langs := chain(language)
	g := p.grammar(langs)
	body, ok := p.body(text, langs)
	offset := strings.Index(text, body)
	if !ok {
		r.add(marking.Fault{Length: len(text), Rule: ruleMarking, Cites: cites("markingQualifier"), Text: "the marking does not begin and end as those of " + p.name + " do"})
		return Label{}, r.err()
	}
	s := search{g: g, text: body, dead: map[node]bool{}}
	s.walk(node{state: atStart, tag: -1})
	if s.over() {
		r.add(marking.Fault{Offset: offset, Length: len(body), Rule: ruleAmbiguous, Text: "the marking can be read in too many ways"})
		return Label{}, r.err()
	}
	if len(s.readings) == 0 {
		at := offset + s.furthest
		r.add(marking.Fault{Offset: at, Length: len(text) - at, Rule: ruleMarking, Text: "nothing that a marking of " + p.name + " can have here: " + quote(body[s.furthest:])})
		return Label{}, r.err()
	}
	return p.choose(s.readings, langs, &r)
}

// body returns a text without the prefix and suffix of the file's markings,
// and whether it has them. Blanks around it do not count.
func (p *Policy) body(text string, langs []string) (string, bool) {
	const blanks = " \t\r\n"
	before := strings.TrimLeft(qualify(p.quals, langs, "prefix", ""), blanks)
	after := strings.TrimRight(qualify(p.quals, langs, "suffix", ""), blanks)
	text, begins := strings.CutPrefix(strings.TrimLeft(text, blanks), before)
	text, ends := strings.CutSuffix(strings.TrimRight(text, blanks), after)
	return text, begins && ends
}

// A search finds the readings of a text. Places from which no reading comes are
// visited once, so that its work is at most the length of the text for each
// reading.
type search struct {
	g        *grammar
	text     string
	dead     map[node]bool
	path     []step
	readings []reading
	steps    int
	furthest int
}

func (s *search) over() bool { return len(s.readings) > maxReadings || s.steps > maxSteps }

// walk reports whether a reading comes from n.
func (s *search) walk(n node) bool {
	if s.dead[n] || s.over() {
		return false
	}
	s.steps++
	s.furthest = max(s.furthest, n.at)
	if n.at == len(s.text) && (n.state == between || n.state == atEnd) {
		s.readings = append(s.readings, s.reading())
		return true
	}
	found := false
	var ways []step
	s.g.steps(s.text, n, func(x step) { ways = append(ways, x) })
	for _, x := range ways {
		s.path = append(s.path, x)
		found = s.walk(x.to) || found
		s.path = s.path[:len(s.path)-1]
	}
	if !found {
		s.dead[n] = true
	}
	return found
}

// reading returns what the path says.
func (s *search) reading() reading {
	x := reading{class: -1, note: -1}
	for _, st := range s.path {
		switch {
		case st.what < 0:
		case st.from.state == atStart:
			x.policy = s.g.policy[st.what]
		case st.from.state == atClass:
			x.class = st.what
		case st.to.state == atEnd:
			x.note = st.what
		default:
			x.cats = append(x.cats, st.what)
		}
	}
	slices.Sort(x.cats)
	return x
}

// A candidate is a label that may be meant.
type candidate struct {
	sheet sheet
	label Label
}

// choose returns the strictest label of the readings.
func (p *Policy) choose(readings []reading, langs []string, r *report) (Label, error) {
	var all []candidate
	var wrong report
	for _, x := range readings {
		for _, c := range p.candidates(x, langs, &wrong) {
			if !slices.ContainsFunc(all, func(o candidate) bool { return o.label.Equal(c.label) }) {
				all = append(all, c)
			}
		}
	}
	if len(all) == 0 {
		if len(wrong.faults) == 0 {
			wrong.add(marking.Fault{Rule: ruleMarking, Text: "no label of " + p.name + " has this marking"})
		}
		return Label{}, wrong.err()
	}
	var top []candidate // than which there is none stricter
	for i, c := range all {
		under := false
		for j, o := range all {
			under = under || i != j && p.stricter(o, c)
		}
		if !under {
			top = append(top, c)
		}
	}
	if len(top) == 1 {
		return top[0].label, nil
	}
	r.add(marking.Fault{
		Rule: ruleAmbiguous,
		Text: "the marking is that of " + p.describe(top[0]) + " and of " + p.describe(top[1]),
	})
	return Label{}, r.err()
}

// stricter reports whether who may have a may have b.
func (p *Policy) stricter(a, b candidate) bool {
	var r report
	m := p.merge(a.sheet, b.sheet, &r)
	return len(r.faults) == 0 && a.label.PrivacyMark == b.label.PrivacyMark &&
		m.class == a.sheet.class && slices.Equal(m.cats, a.sheet.cats)
}

// candidates returns the valid labels that a reading may mean. The faults of
// those that are not valid are reported as long as there is none that is.
func (p *Policy) candidates(x reading, langs []string, wrong *report) []candidate {
	var out []candidate
	privacy := ""
	if x.note >= 0 {
		privacy = p.privacy[x.note].name
	}
	extras := append([]int{-1}, p.inPlace(x, langs)...)
	for class := range p.classes {
		if x.class >= 0 && x.class != class {
			continue
		}
		for _, extra := range extras {
			cats := slices.Clone(x.cats)
			if extra >= 0 {
				cats = append(cats, extra)
				slices.Sort(cats)
			}
			var r report
			l := p.label(sheet{class: class, cats: cats}, privacy)
			s := p.judge(l, &r)
			if !p.shows(s, l, x, langs) {
				continue
			}
			if len(r.faults) == 0 {
				out = append(out, candidate{s, l})
			} else if len(wrong.faults) == 0 {
				wrong.faults = r.faults
			}
		}
	}
	return out
}

// inPlace returns the categories that show in the policy's place only, and as
// a reading has it.
func (p *Policy) inPlace(x reading, langs []string) []int {
	var out []int
	for i := range p.cats {
		f, ok := find(p.cats[i].phrases, langs, replaces)
		if ok && f.text == x.policy && p.word(i, langs) == "" {
			out = append(out, i)
		}
	}
	return out
}

// shows reports whether the marking of a label is the one that was read.
func (p *Policy) shows(s sheet, l Label, x reading, langs []string) bool {
	parts := p.parts(s, l.PrivacyMark, langs)
	var cats []int
	for _, g := range parts.groups {
		cats = append(cats, g.cats...)
	}
	seen := p.shown(s, langs)
	for _, i := range s.cats {
		if !seen[i] {
			return false
		}
	}
	return parts.policy == x.policy && (parts.class != "") == (x.class >= 0) &&
		(parts.note != "") == (x.note >= 0) && slices.Equal(cats, x.cats)
}

// describe names what a label says.
func (p *Policy) describe(c candidate) string {
	words := []string{p.classes[c.sheet.class].name}
	for _, i := range c.sheet.cats {
		words = append(words, quote(p.cats[i].name)+" of "+quote(p.sets[p.tags[p.cats[i].tag].set].name))
	}
	if len(words) > 12 {
		words = append(words[:12], "…")
	}
	if c.label.PrivacyMark != "" {
		words = append(words, quote(c.label.PrivacyMark))
	}
	return "{" + strings.Join(words, ", ") + "}"
}
