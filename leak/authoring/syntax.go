package authoring

import "strings"

// swap turns "A and B" into "B and A", and "A, B, and C" into "B, A, and C",
// where each is a single word of which the order says nothing, and nothing
// before or after belongs to one of them alone.
func (p *page) swap(i int) (candidate, bool) {
	if and := p.at(i + 1); and == "and" || and == "or" {
		return p.swapPair(i, " "+and+" ", i+2)
	}
	if i+3 < len(p.elems) && p.elems[i+1].kind == comma && p.elems[i+3].kind == comma && (p.at(i+4) == "and" || p.at(i+4) == "or") {
		if alike(p.at(i), p.at(i+2), p.at(i+5)) != "" {
			return p.swapPair(i, ", ", i+2)
		}
	}
	return candidate{}, false
}

// alike returns the list that has all the words, "" if none has.
func alike(words ...string) string {
	for _, name := range []string{"adjectives", "nouns", "attributes"} {
		in := 0
		for _, w := range words {
			if lists()[name].has(w) {
				in++
			}
		}
		if in == len(words) {
			return name
		}
	}
	return ""
}

// swapPair changes the words at elements i and j, which sign parts.
func (p *page) swapPair(i int, sign string, j int) (candidate, bool) {
	c := candidate{i: i, j: j + 1, class: Syntax, id: "syntax.swap"}
	if j >= len(p.elems) || p.elems[i].capital || !p.free(i, i+1) || !p.free(j, j+1) || p.elems[i+1].kept {
		return c, false
	}
	first, second := p.at(i), p.at(j)
	if first == second || lists()["pairs"].has(first+" "+second) || !p.anyOrder(i, c.j, sign == ", ") {
		return c, false
	}
	c.alternatives = []string{second + sign + first}
	return c, true
}

// anyOrder reports whether the two words of which the first is at i and the
// second before j could stand the other way round; listed: in a list that goes
// on.
func (p *page) anyOrder(i, j int, listed bool) bool {
	l := lists()
	before, describe := p.at(i-1), !listed && p.at(j) != "" && !l["small_next"].has(p.at(j))
	switch alike(p.at(i), p.at(j-1)) {
	case "adjectives":
		return !l["grades"].has(before) && !strings.HasSuffix(before, "ly") && (listed || describe)
	case "nouns":
		return p.alone(i, j, listed) || describe && p.attributes(i, j)
	case "attributes":
		return describe && p.attributes(i, j)
	}
	return false
}

// alone reports whether two nouns stand alone: nothing before or after belongs
// to one of them.
func (p *page) alone(i, j int, listed bool) bool {
	return p.opens(i) && article(p.at(i)) != p.at(i-1) && p.at(i-2) != "between" && (listed || p.afterNouns(j))
}

// attributes reports whether the words at i and before j are nouns that
// describe another, with nothing before them that describes the first alone.
func (p *page) attributes(i, j int) bool {
	l := lists()
	return l["attributes"].has(p.at(i)) && l["attributes"].has(p.at(j-1)) && (p.opens(i) || l["attribute_opens"].has(p.at(i-1)))
}

// opens reports whether the word at i begins what it stands in, after a
// preposition, an article or an owner: an adjective before the first of two
// nouns would move to the other.
func (p *page) opens(i int) bool {
	before := p.at(i - 1)
	if strings.HasSuffix(before, "ing") {
		return !lists()["grows"].has(before)
	}
	return lists()["opens"].has(before) || strings.HasSuffix(before, "'s") || strings.HasSuffix(before, "s'")
}

// afterNouns reports whether nothing at j belongs to the second noun alone: a
// noun that it describes, or "of" and "that".
func (p *page) afterNouns(j int) bool {
	if j >= len(p.elems) || p.elems[j].kind == stop {
		return true
	}
	if p.elems[j].kind == word {
		return lists()["goes_on"].has(p.at(j))
	}
	return p.elems[j].kind != glue && p.at(j+1) != "which" && p.at(j+1) != "and" && p.at(j+1) != "or"
}

// but turns "However, the" into "But the", and back.
func (p *page) but(i int) (candidate, bool) {
	c := candidate{i: i, j: i + 1, class: Phrase, id: "phrase.but"}
	if !p.elems[i].first && !p.afterSemicolon(i) || !p.free(i, i+1) || i+2 >= len(p.elems) || p.elems[i+2].kind != word {
		return c, false
	}
	switch {
	case p.at(i) == "however" && p.elems[i+1].kind == comma:
		c.j = i + 2
		c.alternatives = []string{p.like(i, "but")}
		return c, p.subject(i + 2)
	case p.at(i) == "but":
		c.alternatives = []string{p.like(i, "however,")}
		return c, p.subject(i + 1)
	}
	return c, false
}

func (p *page) afterSemicolon(i int) bool {
	return i > 0 && p.elems[i-1].kind == punct && strings.Contains(p.text[p.elems[i-1].start:p.elems[i-1].end], ";")
}

// subject reports whether a word begins what a sentence speaks of.
func (p *page) subject(i int) bool {
	w := p.at(i)
	return w != "" && w != "no" && w != "all" && (lists()["det"].has(w) || lists()["pron"].has(w) || p.elems[i].capital)
}

// still turns "continues to pursue" into "still pursues".
func (p *page) still(i int) (candidate, bool) {
	c := candidate{i: i, j: i + 3, class: Syntax, id: "syntax.still"}
	if c.j > len(p.elems) || p.at(i) != "continues" || p.at(i+1) != "to" || !p.free(i, c.j) {
		return c, false
	}
	l, verb := lists(), p.at(i+2)
	if verb == "" || l["det"].has(verb) || l["prep"].has(verb) || l["poss"].has(verb) || strings.HasSuffix(verb, "ly") {
		return c, false
	}
	c.alternatives = []string{"still " + thirdPerson(verb)}
	return c, true
}

// thirdPerson returns the form of a verb that goes with "it".
func thirdPerson(verb string) string {
	last := verb[len(verb)-1]
	switch {
	case verb == "be":
		return "is"
	case verb == "have":
		return "has"
	case last == 'y' && !strings.HasSuffix(verb, "ay") && !strings.HasSuffix(verb, "ey") && !strings.HasSuffix(verb, "oy"):
		return verb[:len(verb)-1] + "ies"
	case last == 's' || last == 'x' || last == 'z' || last == 'o' || strings.HasSuffix(verb, "ch") || strings.HasSuffix(verb, "sh"):
		return verb + "es"
	}
	return verb + "s"
}

// possessive turns "the country's economy" into "the economy of the country".
func (p *page) possessive(i int) (candidate, bool) {
	c := candidate{i: i, j: i + 3, class: Syntax, id: "syntax.of"}
	if c.j > len(p.elems) || p.at(i) != "the" || !p.free(i, c.j) {
		return c, false
	}
	owner, ok := strings.CutSuffix(p.at(i+1), "'s")
	thing := p.at(i + 2)
	l := lists()
	if !ok || !l["owners"].has(owner) || !l["owned"].has(thing) || !p.headNoun(c.j) {
		return c, false
	}
	c.alternatives = []string{p.like(i, "the "+thing+" of the "+owner)}
	return c, true
}

// ofThe turns "the economy of the country" into "the country's economy".
func (p *page) ofThe(i int) (candidate, bool) {
	c := candidate{i: i, j: i + 5, class: Syntax, id: "syntax.of"}
	if c.j > len(p.elems) || p.at(i) != "the" || p.at(i+2) != "of" || p.at(i+3) != "the" || !p.free(i, c.j) {
		return c, false
	}
	thing, owner := p.at(i+1), p.at(i+4)
	if l := lists(); !l["owners"].has(owner) || !l["owned"].has(thing) || !p.headNoun(c.j) {
		return c, false
	}
	c.alternatives = []string{p.like(i, "the "+owner+"'s "+thing)}
	return c, true
}

// headNoun reports whether the noun before element j ends what it stands in:
// no noun, "of" or "and" follows.
func (p *page) headNoun(j int) bool {
	if j >= len(p.elems) || p.elems[j].kind == stop {
		return true
	}
	if p.elems[j].kind == comma { // "the country's economy, army and police"
		return !lists()["nouns"].has(p.at(j+1)) && p.at(j+1) != "and"
	}
	return p.elems[j].kind == word && lists()["after_head"].has(p.at(j))
}
