package authoring

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// What an alternative says that must be the same in all.
type said struct {
	words     []string
	numbers   []string // with their units, in order of size
	negations []string
	estimates []string
	names     []string // the first of them, if the alternative begins with it
	opens     string   // its first word, if that has a capital
	places    []string
	markings  []string
}

// A factRule says in what two alternatives may not differ.
type factRule struct {
	name, what string
	differ     func(x, y said, opens bool) string
}

// factRules are all of them, in the order in which they are told.
var factRules = []factRule{
	{"number", "a number", func(x, y said, _ bool) string {
		if d := difference(x.numbers, y.numbers); d != "" {
			return d
		}
		return oneOrMore(x.words, y.words)
	}},
	{"negation", "a negation", func(x, y said, _ bool) string {
		if len(x.negations) == len(y.negations) {
			return ""
		}
		return difference(x.negations, y.negations)
	}},
	{"marking", "a marking", func(x, y said, _ bool) string { return difference(x.markings, y.markings) }},
	{"name", "a name", nameDifference},
	{"place", "a place", func(x, y said, _ bool) string { return difference(x.places, y.places) }},
	{"likelihood", "how sure it is", func(x, y said, _ bool) string { return difference(x.estimates, y.estimates) }},
}

// difference names what one of two lists has and the other has not, "" if they
// have the same in whatever order.
func difference(x, y []string) string {
	over := func(of, from []string) string {
		rest := slices.Clone(from)
		for _, w := range of {
			i := slices.Index(rest, w)
			if i < 0 {
				return strconv.Quote(w)
			}
			rest = slices.Delete(rest, i, i+1)
		}
		return ""
	}
	a, b := over(x, y), over(y, x)
	if a != "" && b != "" {
		return a + " and " + b
	}
	return a + b
}

// nameDifference compares names. A capital at the beginning of a sentence
// makes no name, and neither does one that is only written so in one of them.
func nameDifference(x, y said, opens bool) string {
	names := func(x, y said) []string {
		return slices.DeleteFunc(slices.Clone(x.names), func(n string) bool {
			return opens && n == x.opens && !slices.Contains(y.names, n) || slices.Contains(y.words, n) && !slices.Contains(y.names, n)
		})
	}
	return difference(names(x, y), names(y, x))
}

// oneOrMore names a word that stands in one list, and in the other for several,
// if the two say the same otherwise.
func oneOrMore(x, y []string) string {
	find := func(x, y []string) string {
		for _, w := range x {
			for _, s := range []string{w + "s", w + "es"} {
				if len(w) > 2 && !lists()["one_more"].has(w) && slices.Contains(y, s) && difference(without(x, w), without(y, s)) == "" {
					return strconv.Quote(w) + " and " + strconv.Quote(s)
				}
			}
		}
		return ""
	}
	if d := find(x, y); d != "" {
		return d
	}
	return find(y, x)
}

// without returns the words without one, and without articles.
func without(words []string, w string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(s string) bool { return s == w || s == "a" || s == "an" || s == "the" })
}

// saidIn reads an alternative; before and next are the words around it.
func saidIn(a, before, next string) said {
	p := &page{text: a}
	p.read()
	x := said{markings: markingPattern.FindAllString(a, -1)}
	compass, units := lists()["compass"], unitNames()
	for i := range p.elems {
		e := &p.elems[i]
		if e.kind != word {
			continue
		}
		x.words = append(x.words, e.lower)
		if e.capital && !unicode.IsDigit(rune(e.lower[0])) && e.lower != "i" {
			name := strings.TrimSuffix(e.lower, "'s")
			if x.names = append(x.names, name); len(x.words) == 1 {
				x.opens = name
			}
		}
		if u := units[e.lower]; u != "" && measures(before) {
			x.numbers = append(x.numbers, u)
		}
		before = e.lower
		if compass.has(e.lower) {
			x.places = append(x.places, e.lower)
		}
	}
	x.negations, x.estimates = x.phrases("negation"), x.likelihood()
	x.quantities(p, next)
	slices.Sort(x.numbers)
	return x
}

// measures reports whether what follows a word may be a unit: a yard is one
// after a number only.
func measures(before string) bool {
	_, kind := numeral(before)
	switch before {
	case "a", "an", "per", "square", "cubic", "few", "several", "one":
		return true
	}
	return kind != none
}

// words returns the words of a text, in lower case.
func words(s string) []string { return saidIn(s, "", "").words }

func firstWord(s string) string {
	p := &page{text: head(s)}
	if p.read(); len(p.elems) > 0 && p.elems[0].kind == word {
		return p.elems[0].lower
	}
	return ""
}

func lastWord(s string) string {
	p := &page{text: tail(s)}
	if p.read(); len(p.elems) > 0 {
		if e := p.elems[len(p.elems)-1]; e.kind == word {
			return e.lower
		}
		if n := len(p.elems); n > 1 && p.elems[n-1].kind == stop && p.elems[n-2].kind == word && strings.TrimSpace(p.text[p.elems[n-1].start:]) == "" {
			return p.elems[n-2].lower
		}
	}
	return ""
}

// phrases returns the phrases of a list that stand in the words.
func (x *said) phrases(list string) []string {
	var out []string
	b := phrases(list)
	for i := 0; i < len(x.words); {
		n := 0
		for _, p := range b[x.words[i]] {
			if i+len(p) <= len(x.words) && slices.Equal(p, x.words[i:i+len(p)]) {
				n = len(p)
				break
			}
		}
		if n > 0 {
			out = append(out, strings.Join(x.words[i:i+n], " "))
		}
		i += max(n, 1)
	}
	return out
}

// likelihood returns the words for how sure it is. "Could not" says what was
// able to be, and how sure that is it says no more than "was unable to".
func (x *said) likelihood() []string {
	y := said{words: x.words}
	if i := slices.Index(x.words, "not"); i > 0 && (x.words[i-1] == "could" || x.words[i-1] == "can") {
		y.words = slices.Delete(slices.Clone(x.words), i-1, i)
	}
	return y.phrases("estimative")
}

var markingPattern = regexp.MustCompile(`\b(?:TOP SECRET|SECRET|CONFIDENTIAL|RESTRICTED|UNCLASSIFIED|NOFORN|ORCON|PROPIN|RELIDO|FOUO|CUI|REL TO|EYES ONLY|TLP:[A-Z+]+|COSMIC|ATOMAL)\b|\((?:TS|S|C|R|U)(?://[^)]{0,80})?\)`)

// quantities reads the numbers: in figures or in words, and whether each is
// said to be about so many, or more.
func (x *said) quantities(p *page, next string) {
	var sum counting
	for i, w := range x.words {
		v, kind := numeral(w)
		if n := slices.Index(ordinals[:4], w); n > 0 && sum.value >= 20 { // twenty-first
			v, kind = float64(n), small
		}
		x.numbers = append(x.numbers, sum.take(v, kind)...)
		follows := next
		if i+1 < len(x.words) {
			follows = x.words[i+1]
		}
		if e := inexact(x.words[:i+1], follows); e != "" {
			x.estimates = append(x.estimates, e)
		}
	}
	x.numbers = append(x.numbers, sum.take(0, none)...)
	x.numbers = append(x.numbers, slices.Repeat([]string{"%"}, strings.Count(p.text, "%"))...)
}

// A counting puts the words of one number together: two score, forty-one.
type counting struct {
	value float64
	open  bool
}

// take takes in a word, and returns the number that ends before it, if one
// does.
func (c *counting) take(v float64, kind int) []string {
	switch {
	case kind == scale && c.open:
		c.value *= v
		return nil
	case kind == small && c.open && c.value >= 20 && v < c.value:
		c.value += v
		return nil
	}
	var out []string
	if c.open {
		out = []string{strconv.FormatFloat(c.value, 'f', -1, 64)}
	}
	c.value, c.open = v, kind != none
	return out
}

// inexact says whether the last of the words makes the number that follows
// about so many, or more.
func inexact(words []string, follows string) string {
	_, kind := numeral(follows)
	w := words[len(words)-1]
	switch {
	case kind == none && follows != "a" && follows != "half":
	case lists()["roughly"].has(w) && (kind != none || w == "approximately" || w == "roughly"):
		return "about"
	case kind != none && (w == "over" || w == "than" && len(words) > 1 && words[len(words)-2] == "more"):
		return "more than"
	}
	return ""
}

// What a word is to a number.
const (
	none  = iota
	small // adds to what is larger: twenty one
	scale // multiplies what stands before it: two score
)

// numeral reads a number in words or figures.
func numeral(w string) (value float64, kind int) {
	if w == "" || w[0] < '0' || w[0] > '9' {
		n := numerals()[w]
		return n.value, n.kind
	}
	figures := strings.ReplaceAll(w, ",", "")
	for _, ending := range []string{"th", "st", "nd", "rd", "s"} {
		figures = strings.TrimSuffix(figures, ending)
	}
	v, err := strconv.ParseFloat(figures, 64)
	if err != nil {
		return 0, none
	}
	return v, small
}

type number struct {
	value float64
	kind  int
}

// numerals are the words for numbers. One is none: it is said of much that is
// not counted.
var numerals = sync.OnceValue(func() map[string]number {
	out := map[string]number{
		"zero": {0, small}, "half": {0.5, small}, "pair": {2, small}, "both": {2, small}, "couple": {2, small}, "twin": {2, small},
		"twice": {2, small}, "double": {2, small}, "dozen": {12, scale}, "score": {20, scale},
		"hundred": {100, scale}, "hundreds": {100, scale}, "thousand": {1000, scale}, "thousands": {1000, scale},
		"million": {1e6, scale}, "millions": {1e6, scale}, "billion": {1e9, scale}, "billions": {1e9, scale},
	}
	for n, w := range []string{
		"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
		"fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
	} {
		out[w] = number{float64(n + 2), small}
	}
	for n, w := range []string{"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"} {
		out[w] = number{float64(n+2) * 10, small}
	}
	for n, w := range ordinals[:21] {
		if n > 3 { // the first of something is no number
			out[w] = number{float64(n), small}
		}
	}
	return out
})

// unitNames has one name for each way of writing a unit.
var unitNames = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for u := range lists()["unit"] {
		written, name, _ := strings.Cut(u, "=")
		out[written] = name
	}
	return out
})
