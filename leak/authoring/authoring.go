// Package authoring helps an author to offer alternatives at which copies can
// be told apart: it proposes some that say the same, refuses those that do not,
// and tells how much a wording can carry.
//
// [Suggest] goes through a portion by rule and proposes alternatives; [Apply]
// puts those that a person has approved into braces; [Lint] finds what is wrong
// with a wording's alternatives, whoever wrote them; [Measure] counts what they
// come to; [Equivalence] lists them all for a reader who wants to see that each
// copy says the same.
//
// # What it may not do
//
// Nothing is put into a report by itself: a proposal is a question to a person,
// who answers for the text. No rule touches what is somebody else's words or
// carries a fact or a judgement: quotations, names, titles, headings, figures,
// units, places, negation, markings, descriptions of sources, words of
// likelihood. The rules know words and not meanings, so that some proposals are
// wrong in their place; docs/capacity.md says how many. The package does no
// I/O, and everything in it takes time in proportion to the text.
package authoring

import (
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tearline"
)

// A Class is a kind of alternative.
type Class string

// The classes.
const (
	// Form: another way of writing the same: 12 March, March 12.
	Form Class = "form"
	// Phrase: small words of one meaning: prior to, before.
	Phrase Class = "phrase"
	// Word: words of one meaning in their place: purchased, bought.
	Word Class = "word"
	// Syntax: another order, or a word that may be left out.
	Syntax Class = "syntax"
)

// Classes returns all classes, in the order in which they are listed.
func Classes() []Class { return []Class{Form, Phrase, Word, Syntax} }

// A Survival says what handling of a text an alternative outlives: this one,
// and those before it. It is a rule of thumb for each class and no promise.
type Survival string

// What is survived, from the least.
const (
	Verbatim   Survival = "verbatim"    // copied letter for letter
	Retyping   Survival = "retyping"    // read and typed again
	HouseStyle Survival = "house style" // put into a newspaper's own forms
	Paraphrase Survival = "paraphrase"  // told in other words
	Oral       Survival = "oral"        // told from memory
)

// Survivals returns all, from the least.
func Survivals() []Survival {
	return []Survival{Verbatim, Retyping, HouseStyle, Paraphrase, Oral}
}

// survives says what a class outlives.
func (c Class) survives() Survival {
	if c == Form {
		return Retyping
	}
	return HouseStyle
}

// A Proposal is a place in a portion, and what could stand there instead.
type Proposal struct {
	// Key names the rule in this context: the words replaced, their
	// alternatives and two words on either side, whatever their case and
	// wherever they stand. Who has approved a key has approved it there.
	Key string `json:"key"`
	// Rule is the rule's name, "CLASS.NAME".
	Rule     string   `json:"rule"`
	Class    Class    `json:"class"`
	Survives Survival `json:"survives"`
	// Start and End are byte offsets in the wording's source.
	Start int `json:"start"`
	End   int `json:"end"`
	// Alternatives are at least two; the first is what stands there.
	Alternatives []string `json:"alternatives"`
	// Sentence is the sentence that it stands in, with the alternatives in
	// braces.
	Sentence string `json:"sentence"`
}

// An Approval is a person's answer to a proposal. Refusals are answers, too,
// and are remembered.
type Approval struct {
	Key          string   `json:"key"`
	Rule         string   `json:"rule"`
	Sentence     string   `json:"sentence"`
	Alternatives []string `json:"alternatives"`
	Officer      string   `json:"officer"`
	Approved     bool     `json:"approved"`
}

// A candidate is a proposal in the making: it replaces the words [i, j) of a
// page.
type candidate struct {
	i, j         int
	id           string
	class        Class
	alternatives []string // without what stands there
}

// Suggest proposes alternatives for a portion, in the order of its text. No
// two overlap, none touches a point that is there already, and all of them
// together can be put in and read back from a leaked text. The same wording
// always gives the same proposals. A portion that is a heading gets none.
func Suggest(w tearline.Wording) []Proposal {
	p := newPage(w)
	if p.heading() {
		return nil
	}
	var found []Proposal
	for _, c := range p.spread(p.candidates()) {
		if proposal, ok := p.propose(c); ok {
			found = append(found, proposal)
		}
	}
	return readBack(w, found)
}

// candidates finds all that the rules offer, in the order of the text, of
// those that overlap the one that begins first.
func (p *page) candidates() []candidate {
	var out []candidate
	once := p.onceForms()
	end := 0
	for i := range p.elems {
		if i < end || p.elems[i].kind != word {
			continue
		}
		if c, ok := p.candidate(i, once); ok && !p.stutters(c) {
			out = append(out, c)
			end = c.j
		}
	}
	return out
}

// candidate returns what begins at element i. Rules of words go before rules of
// form and order, which outlive less.
func (p *page) candidate(i int, once map[string]int) (candidate, bool) {
	for _, r := range theBook().rules[p.elems[i].lower] {
		j := i + len(r.from)
		if j > len(p.elems) || !sameWords(p.elems[i:j], r.from) || !p.free(i, j) || !r.holds(p, i, j) {
			continue
		}
		c := candidate{i: i, j: j, id: r.id, class: r.class}
		for _, to := range r.to {
			c.alternatives = append(c.alternatives, p.like(i, strings.Join(to, " ")))
		}
		if c, ok := p.withArticle(c); ok && !p.repeats(c) {
			return c, true
		}
	}
	for _, find := range []func(*page, int) (candidate, bool){(*page).swap, (*page).possessive, (*page).ofThe, (*page).but, (*page).still} {
		if c, ok := find(p, i); ok {
			return p.withArticle(c)
		}
	}
	return p.form(i, once)
}

// nearby is how far apart the same word is heard twice, in elements.
const nearby = 8

// repeats reports whether an alternative says a word again that stands close by
// and is not in what it replaces.
func (p *page) repeats(c candidate) bool {
	for _, a := range c.alternatives {
		for w := range strings.FieldsSeq(strings.ToLower(a)) {
			if lists()["small"].has(w) || slices.ContainsFunc(p.elems[c.i:c.j], func(e element) bool { return e.lower == w }) {
				continue
			}
			for k := max(0, c.i-nearby); k < min(len(p.elems), c.j+nearby); k++ {
				if p.elems[k].lower == w {
					return true
				}
			}
		}
	}
	return false
}

// stutters reports whether what stands there, or an alternative, begins or ends
// with the word beside it.
func (p *page) stutters(c candidate) bool {
	before, after := p.at(c.i-1), p.at(c.j)
	if before != "" && before == p.elems[c.i].lower || after != "" && after == p.elems[c.j-1].lower {
		return true
	}
	return slices.ContainsFunc(c.alternatives, func(a string) bool {
		w := words(a)
		return len(w) > 0 && (w[0] == before || w[len(w)-1] == after)
	})
}

// free reports whether the words [i, j) may vary: none is kept, and no hyphen
// or apostrophe ties them to others.
func (p *page) free(i, j int) bool {
	if i > 0 && p.elems[i-1].kind == glue || j < len(p.elems) && p.elems[j].kind == glue {
		return false
	}
	return !slices.ContainsFunc(p.elems[i:j], func(e element) bool { return e.kept || e.kind != word && e.kind != glue })
}

// like gives an alternative the capital of what stands at element i, and the
// text's own form of apostrophe.
func (p *page) like(i int, s string) string {
	if p.curly(i) {
		s = strings.ReplaceAll(s, "'", "’")
	}
	if p.elems[i].capital && p.elems[i].first {
		return strings.ToUpper(s[:1]) + s[1:]
	}
	return s
}

// curly reports whether apostrophes are written ’ at element i: as in the next
// few words, or else anywhere in the text.
func (p *page) curly(i int) bool {
	here := p.text[p.elems[i].start:p.elems[min(i+aroundWords, len(p.elems)-1)].end]
	if strings.Contains(here, "'") {
		return false
	}
	return strings.Contains(p.text, "’")
}

// withArticle takes in the article before, if another is needed before an
// alternative.
func (p *page) withArticle(c candidate) (candidate, bool) {
	if c.i == 0 || p.elems[c.i-1].kind != word || p.elems[c.i-1].lower != "a" && p.elems[c.i-1].lower != "an" {
		return c, true
	}
	own := article(p.elems[c.i].lower)
	if own != p.elems[c.i-1].lower {
		return c, false // written against the rule: we do not know how it is said
	}
	if !slices.ContainsFunc(c.alternatives, func(a string) bool { return article(a) != own }) {
		return c, true
	}
	c.i--
	if !p.free(c.i, c.j) {
		return c, false
	}
	for k, a := range c.alternatives {
		c.alternatives[k] = p.like(c.i, article(a)+" "+a)
	}
	return c, true
}

// article returns the indefinite article for what comes after it.
func article(s string) string {
	first, _, _ := strings.Cut(s, " ")
	for _, x := range []string{"uni", "use", "usu", "uti", "eu", "one", "once", "u.", "us", "uk"} {
		if strings.HasPrefix(first, x) {
			return "a"
		}
	}
	for _, x := range []string{"hour", "honest", "honou", "honor", "heir", "11", "18"} {
		if strings.HasPrefix(first, x) {
			return "an"
		}
	}
	if first != "" && strings.ContainsRune("aeiou8", rune(first[0])) {
		return "an"
	}
	return "a"
}

// How much must stay as it is around a point, or around points side by side,
// so that [fingerprint.Read] finds the place.
const (
	aroundWords   = 3
	aroundLetters = 12
	sideBySide    = 3 // points
)

// spread leaves out candidates that stand too close to others to be read.
// Taking the first that fits, from left to right, leaves out the fewest.
func (p *page) spread(in []candidate) []candidate {
	var out []candidate
	end, row, before := 0, 0, 0 // of the last row of points: its end, its points, the words before it
	for _, c := range in {
		words, letters := p.fixed(end, c.i)
		after, lettersAfter := p.fixed(c.j, len(p.elems))
		switch {
		case row > 0 && words == 0:
			if row == sideBySide || before == 0 || after == 0 || before+after < aroundWords || p.elems[c.i-1].kind != word {
				continue
			}
			row++
		case row > 0 && before+words < aroundWords:
			continue
		case words+after < aroundWords || letters+lettersAfter < aroundLetters:
			continue
		default:
			row, before = 1, words
		}
		out = append(out, c)
		end = c.j
	}
	return out
}

// fixed counts the words of elements [i, j) that no point touches, and their
// letters.
func (p *page) fixed(i, j int) (words, letters int) {
	for k := i; k < min(j, i+2*aroundWords); k++ {
		if e := &p.elems[k]; e.kind == word {
			words++
			letters += len(e.lower)
		}
	}
	return words, letters
}

// propose makes a proposal of a candidate, unless it is not in one stretch of
// fixed text or a point is close.
func (p *page) propose(c candidate) (Proposal, bool) {
	start, end := p.elems[c.i].start, p.elems[c.j-1].end
	if p.elems[c.j-1].kind == comma {
		end = p.elems[c.j-1].start + 1
	}
	if c.class == Form && end < len(p.text) && p.text[end] == '%' {
		end++
	}
	at, ok := p.source(start, end)
	if !ok || p.nearPoint(c) {
		return Proposal{}, false
	}
	own := p.text[start:end]
	alternatives := append([]string{own}, c.alternatives...)
	if p.refused(c, start, end, alternatives) {
		return Proposal{}, false
	}
	from, to := p.sentence(c.i)
	sentence := strings.TrimSpace(p.text[from:start]) + " " + braces(alternatives) + p.text[end:to]
	return Proposal{
		Key: p.key(c, alternatives), Rule: c.id, Class: c.class, Survives: c.class.survives(),
		Start: at, End: at + end - start, Alternatives: alternatives,
		Sentence: strings.Join(strings.Fields(sentence), " "),
	}, true
}

// refused reports whether the linter would refuse a candidate among the words
// around it: no rule of proposing knows more than it.
func (p *page) refused(c candidate, start, end int, alternatives []string) bool {
	from, to := p.elems[max(0, c.i-aroundWords)].start, p.elems[min(len(p.elems), c.j+aroundWords)-1].end
	w, err := tearline.ParseWording(escape(p.text[from:start]) + braces(alternatives) + escape(p.text[end:max(end, to)]))
	if err != nil {
		return true
	}
	l := &linter{segs: w.Segments()}
	for i, s := range l.segs {
		if s.Alternatives != nil && (l.facts(i, s) || l.shape(i, s)) {
			return true
		}
	}
	return false
}

// nearPoint reports whether words of a point that is there already are among
// the next few.
func (p *page) nearPoint(c candidate) bool {
	for k := max(0, c.i-aroundWords); k < min(len(p.elems), c.j+aroundWords); k++ {
		if e := &p.elems[k]; e.kind == word {
			if _, ok := p.source(e.start, e.end); !ok {
				return true
			}
		}
	}
	return false
}

// key names a candidate in its context.
func (p *page) key(c candidate, alternatives []string) string {
	h := sha256.New()
	write := func(s string) { fmt.Fprintf(h, "%d:%s\n", len(s), s) }
	write(c.id)
	for _, a := range alternatives {
		write(strings.ToLower(strings.Join(strings.Fields(a), " ")))
	}
	for _, side := range [][]string{p.words(c.i-1, -1), p.words(c.j, +1)} {
		for _, w := range side {
			write(w)
		}
		write("")
	}
	return strings.ToLower(base32.StdEncoding.EncodeToString(h.Sum(nil)[:10])[:12])
}

// words returns up to two words beside a place, within a few elements.
func (p *page) words(at, d int) []string {
	var out []string
	for k := at; k >= 0 && k < len(p.elems) && len(out) < 2 && (k-at)*d < 4; k += d {
		if e := &p.elems[k]; e.kind == word {
			out = append(out, e.lower)
		}
	}
	return out
}

// escape writes a text so that it stands for itself: in an alternative, or
// before one.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `{`, `\{`, `|`, `\|`, `}`, `\}`).Replace(s)
}

// braces writes alternatives as a point.
func braces(alternatives []string) string {
	escaped := make([]string, len(alternatives))
	for i, a := range alternatives {
		escaped[i] = escape(a)
	}
	return "{" + strings.Join(escaped, "|") + "}"
}

// Apply puts proposals into a wording and returns the source that says so. Its
// plain text is the same as before. The proposals are of this wording, in any
// order; an error says which are not, or overlap.
func Apply(w tearline.Wording, accepted []Proposal) (string, error) {
	source := w.Source()
	list := slices.SortedFunc(slices.Values(accepted), func(x, y Proposal) int { return x.Start - y.Start })
	var b strings.Builder
	at := 0
	for _, a := range list {
		if a.Start < at || a.End > len(source) || a.Start >= a.End || len(a.Alternatives) < 2 || source[a.Start:a.End] != a.Alternatives[0] {
			return "", fmt.Errorf("byte %d: proposal %s does not fit here", a.Start, a.Key)
		}
		b.WriteString(source[at:a.Start])
		b.WriteString(braces(a.Alternatives))
		at = a.End
	}
	b.WriteString(source[at:])
	got, err := tearline.ParseWording(b.String())
	if err != nil {
		return "", err
	}
	if got.Plain() != w.Plain() || got.Points() != w.Points()+len(list) {
		return "", errors.New("the proposals are not of this wording")
	}
	return b.String(), nil
}
