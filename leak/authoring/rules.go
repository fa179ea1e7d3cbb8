package authoring

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A rule offers other words where its own stand and its conditions hold. The
// rules and the lists of words are in rules.txt, which says how they are
// written.
type rule struct {
	id    string
	class Class
	from  []string   // words in lower case
	to    [][]string // alternatives to them
	left  []condition
	right []condition
}

// A condition is a pattern that must, or must not, stand right beside the
// words.
type condition struct {
	not   bool
	items []item
}

// An item of a pattern is one element of the text, or a gap of so many words.
type item struct {
	atoms    []atom
	optional bool
	gap      int // up to so many words of any kind
}

// An atom is one way in which an element may fit.
type atom struct {
	kind rune   // '=' a word, '$' a list, '-' an ending, or a sign of rules.txt
	text string // the word, list, ending or sign
	set  set    // of '$'
}

//go:embed rules.txt
var rulesFile string

// A book is rules.txt, read.
type book struct {
	lists map[string]set
	rules map[string][]*rule // by first word, the longest first
	all   []*rule
}

// theBook reads the rules once. They are part of the program: that they can be
// read is tested, and what cannot be is a bug.
var theBook = sync.OnceValue(func() *book {
	b, err := readBook(rulesFile)
	if err != nil {
		panic(err)
	}
	return b
})

func lists() map[string]set { return theBook().lists }

// readBook reads lists and rules.
func readBook(src string) (*book, error) {
	b := &book{lists: map[string]set{}, rules: map[string][]*rule{}}
	var class Class
	for n, line := range strings.Split(src, "\n") {
		line = strings.TrimSpace(line)
		var err error
		switch {
		case line == "" || line[0] == ';':
		case line[0] == '$':
			err = b.list(line)
		case line[0] == '[':
			class = Class(strings.Trim(line, "[]"))
			if !slices.Contains(Classes(), class) {
				err = fmt.Errorf("class %q", class)
			}
		default:
			err = b.rule(class, line)
		}
		if err != nil {
			return nil, fmt.Errorf("rules, line %d: %w", n+1, err)
		}
	}
	for _, r := range b.all {
		b.rules[r.from[0]] = append(b.rules[r.from[0]], r)
	}
	for _, rs := range b.rules {
		slices.SortStableFunc(rs, func(x, y *rule) int { return len(y.from) - len(x.from) })
	}
	return b, nil
}

// list reads "$name = words and other $lists"; _ in a word is a blank.
func (b *book) list(line string) error {
	name, words, ok := strings.Cut(line[1:], "=")
	if !ok {
		return fmt.Errorf("list %q has no =", line)
	}
	name = strings.TrimSpace(name)
	if b.lists[name] == nil {
		b.lists[name] = set{}
	}
	for w := range strings.FieldsSeq(words) {
		other, ok := strings.CutPrefix(w, "$")
		if !ok {
			b.lists[name][strings.ReplaceAll(w, "_", " ")] = struct{}{}
			continue
		}
		if b.lists[other] == nil {
			return fmt.Errorf("list %q is not there", other)
		}
		for w := range b.lists[other] {
			b.lists[name][w] = struct{}{}
		}
	}
	return nil
}

// rule reads "id | from > to | left | right".
func (b *book) rule(class Class, line string) error {
	fields := strings.Split(line, "|")
	for len(fields) < 4 {
		fields = append(fields, "")
	}
	left, err := b.conditions(fields[2])
	if err != nil {
		return err
	}
	right, err := b.conditions(fields[3])
	if err != nil {
		return err
	}
	from, to, ok := strings.Cut(fields[1], ">")
	if !ok || class == "" || len(fields) > 4 {
		return fmt.Errorf("%q is no rule", line)
	}
	from, both := strings.CutSuffix(from, "<")
	id := string(class) + "." + strings.TrimSpace(fields[0])
	froms := forms(from)
	var tos [][]string
	for alternative := range strings.SplitSeq(to, "+") {
		tos = append(tos, forms(alternative))
	}
	for i, f := range froms {
		r := &rule{id: id, class: class, from: elementsOf(f), left: left, right: right}
		for _, t := range tos {
			if len(t) != len(froms) {
				return fmt.Errorf("%q: %d forms beside %d", line, len(t), len(froms))
			}
			r.to = append(r.to, strings.Fields(t[i]))
		}
		b.all = append(b.all, r)
		if both {
			b.all = append(b.all, &rule{id: id, class: class, from: elementsOf(tos[0][i]), to: [][]string{strings.Fields(f)}, left: left, right: right})
		}
	}
	return nil
}

// elementsOf splits words as a text is split: a hyphen is an element.
func elementsOf(s string) []string {
	return strings.Fields(strings.ReplaceAll(s, "-", " - "))
}

// forms splits "allow/allows".
func forms(s string) []string {
	out := strings.Split(s, "/")
	for i := range out {
		out[i] = strings.TrimSpace(out[i])
	}
	return out
}

// conditions reads patterns that are joined by "&".
func (b *book) conditions(s string) ([]condition, error) {
	if strings.TrimSpace(s) == "" {
		return nil, nil
	}
	var out []condition
	for one := range strings.SplitSeq(s, "&") {
		one, not := strings.CutPrefix(strings.TrimSpace(one), "!")
		c := condition{not: not}
		for f := range strings.FieldsSeq(one) {
			it, err := b.item(f)
			if err != nil {
				return nil, err
			}
			c.items = append(c.items, it)
		}
		if len(c.items) == 0 {
			return nil, fmt.Errorf("an empty condition in %q", s)
		}
		out = append(out, c)
	}
	return out, nil
}

// signs are the atoms that are no words.
var signs = []string{"#", "#year", "#dec", "#ord", "^", ",", "%", "<", ".", "-"}

func (b *book) item(s string) (item, error) {
	if n, ok := strings.CutPrefix(s, ".."); ok {
		if len(n) != 1 || n[0] < '1' || n[0] > '9' {
			return item{}, fmt.Errorf("gap %q", s)
		}
		return item{gap: int(n[0] - '0')}, nil
	}
	it := item{}
	s, it.optional = strings.CutSuffix(s, "?")
	for a := range strings.SplitSeq(s, "/") {
		switch {
		case a == "":
			return item{}, fmt.Errorf("an empty word in %q", s)
		case a[0] == '$':
			l := b.lists[a[1:]]
			if l == nil {
				return item{}, fmt.Errorf("list %q is not there", a)
			}
			it.atoms = append(it.atoms, atom{kind: '$', text: a[1:], set: l})
		case slices.Contains(signs, a):
			it.atoms = append(it.atoms, atom{kind: rune(a[0]), text: a[1:]})
		case a[0] == '-':
			it.atoms = append(it.atoms, atom{kind: '-', text: a[1:]})
		default:
			it.atoms = append(it.atoms, atom{kind: '=', text: a})
		}
	}
	return it, nil
}

// A phraseBook finds phrases by their first word.
type phraseBook map[string][][]string

// phraseBooks are the lists whose phrases are looked for word by word.
var phraseBooks = sync.OnceValue(func() map[string]phraseBook {
	out := map[string]phraseBook{}
	for _, name := range []string{"estimative", "careful", "negation", "sources"} {
		b := phraseBook{}
		for phrase := range lists()[name] {
			words := strings.Fields(phrase)
			b[words[0]] = append(b[words[0]], words)
		}
		for _, of := range b {
			slices.SortFunc(of, func(x, y []string) int { return len(y) - len(x) })
		}
		out[name] = b
	}
	return out
})

func phrases(name string) phraseBook { return phraseBooks()[name] }

// match returns how many elements a phrase takes that begins here, 0 for none.
func (b phraseBook) match(elems []element) int {
	if elems[0].kind != word {
		return 0
	}
	for _, words := range b[elems[0].lower] {
		if n := len(words); n <= len(elems) && sameWords(elems[:n], words) {
			return n
		}
	}
	return 0
}

// sameWords reports whether elements are these words.
func sameWords(elems []element, words []string) bool {
	for k, w := range words {
		if elems[k].kind != word && (elems[k].kind != glue || w != "-") || elems[k].kind == word && elems[k].lower != w {
			return false
		}
	}
	return true
}

// holds reports whether the conditions hold for the words [i, j) of a page.
func (r *rule) holds(p *page, i, j int) bool {
	for _, c := range r.left {
		if matchItems(c.items, p.elems, i-1, -1) == c.not {
			return false
		}
	}
	for _, c := range r.right {
		if matchItems(c.items, p.elems, j, +1) == c.not {
			return false
		}
	}
	return true
}

// matchItems reports whether the items stand at elems[at] and on, in direction
// d: backwards they are taken from the last.
func matchItems(items []item, elems []element, at, d int) bool {
	if len(items) == 0 {
		return true
	}
	it, rest := items[0], items[1:]
	if d < 0 {
		it, rest = items[len(items)-1], items[:len(items)-1]
	}
	if it.gap > 0 {
		for n := 0; ; n++ {
			if matchItems(rest, elems, at+n*d, d) {
				return true
			}
			if k := at + n*d; n == it.gap || k < 0 || k >= len(elems) || elems[k].kind != word {
				return false
			}
		}
	}
	if it.optional && matchItems(rest, elems, at, d) {
		return true
	}
	return it.fits(elems, at) && matchItems(rest, elems, at+d, d)
}

// fits reports whether the element at i is what the item asks for. Before the
// first and after the last there is the end of a sentence.
func (it item) fits(elems []element, i int) bool {
	e := element{kind: stop}
	if i >= 0 && i < len(elems) {
		e = elems[i]
	}
	return slices.ContainsFunc(it.atoms, func(a atom) bool { return a.fits(e) })
}

func (a atom) fits(e element) bool {
	if e.kind != word || strings.ContainsRune(",%<", a.kind) {
		return a.fitsSign(e.kind)
	}
	switch a.kind {
	case '=':
		return e.lower == a.text
	case '$':
		return a.set.has(e.lower)
	case '-':
		return a.text != "" && len(e.lower) > len(a.text)+2 && strings.HasSuffix(e.lower, a.text) && (!e.capital || e.first)
	case '^':
		return e.capital && (!e.first || e.shout)
	case '#':
		return e.number && numberKind(e.lower, a.text)
	}
	return a.kind == '.'
}

// fitsSign reports whether what parts words is the sign that is asked for.
func (a atom) fitsSign(k kind) bool {
	switch a.kind {
	case ',':
		return k == comma
	case '%':
		return k != word && k != glue
	case '<':
		return k == stop || k == punct
	case '-':
		return a.text == "" && k == glue
	}
	return false
}

// numberKind reports whether a number is of a kind: year, dec(ade), ord(inal);
// "" is any.
func numberKind(s, of string) bool {
	switch of {
	case "year":
		return isYear(s)
	case "dec":
		return len(s) == 5 && s[4] == 's' && isYear(s[:4])
	case "ord":
		return strings.HasSuffix(s, "th") || strings.HasSuffix(s, "st") || strings.HasSuffix(s, "nd") || strings.HasSuffix(s, "rd")
	}
	return true
}

// isYear reports whether s is a year from 1000 to 2999.
func isYear(s string) bool {
	return len(s) == 4 && (s[0] == '1' || s[0] == '2') && strings.Trim(s, "0123456789") == ""
}
