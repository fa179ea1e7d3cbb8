package authoring

import (
	"strconv"
	"strings"
)

// A form that stands more than once in a portion would be written now one way
// and now the other. So it is proposed only where it stands once; onceForms
// counts.
func (p *page) onceForms() map[string]int {
	count := map[string]int{}
	for i := range p.elems {
		e := &p.elems[i]
		switch {
		case e.kind != word:
		case p.isMonth(i):
			count["date"]++
		case e.lower == "century" || e.lower == "centuries":
			count["century"]++
		case e.number && p.percent(i):
			count["percent"]++
		case p.aroundTen(i):
			count["ten"]++
		case other(e.lower) != "":
			count["ise"]++
		case lists()["us"].has(e.lower):
			count["us"]++
		}
	}
	return count
}

// form returns another way of writing what begins at element i.
func (p *page) form(i int, once map[string]int) (candidate, bool) {
	for _, find := range []func(*page, int, map[string]int) (candidate, bool){
		(*page).date, (*page).century, (*page).percents, (*page).years, (*page).ten, (*page).ise,
	} {
		if c, ok := find(p, i, once); ok {
			return c, true
		}
	}
	return candidate{}, false
}

// at returns the word at element i in lower case, "" if there is none.
func (p *page) at(i int) string {
	if i < 0 || i >= len(p.elems) || p.elems[i].kind != word {
		return ""
	}
	return p.elems[i].lower
}

// loose reports whether the elements [i, j) are tied to nothing by a hyphen or
// another sign, and none of them is kept by a quotation, a point or an address.
// A month is a capitalised word, and yet may be written before or after its
// day.
func (p *page) loose(i, j int, month int) bool {
	if i > 0 && p.elems[i-1].kind == glue || j < len(p.elems) && p.elems[j].kind == glue {
		return false
	}
	for k := i; k < j; k++ {
		if e := &p.elems[k]; e.kept && k != month || e.kind == glue {
			return false
		}
	}
	return true
}

// date turns "March 12" into "12 March", and back, with the year if there is
// one.
func (p *page) date(i int, once map[string]int) (candidate, bool) {
	if once["date"] != 1 {
		return candidate{}, false
	}
	if p.isMonth(i) && isDay(p.at(i+1)) {
		return p.monthFirst(i)
	}
	if isDay(p.at(i)) && p.isMonth(i+1) {
		return p.dayFirst(i)
	}
	return candidate{}, false
}

func (p *page) isMonth(i int) bool { return lists()["month"].has(p.at(i)) && p.elems[i].capital }

func (p *page) monthFirst(i int) (candidate, bool) {
	c := candidate{i: i, j: i + 2, class: Form, id: "form.date"}
	turned := p.at(i+1) + " " + p.text[p.elems[i].start:p.elems[i].end]
	if c.j+1 < len(p.elems) && p.elems[c.j].kind == comma && isYear(p.at(c.j+1)) {
		turned += " " + p.at(c.j+1)
		c.j += 2
		// "March 12, 2026, in" would keep a comma that "12 March 2026" has not.
		if c.j < len(p.elems) && p.elems[c.j].kind == comma && i > 1 && p.elems[i-2].kind != stop {
			return c, false
		}
	}
	c.alternatives = []string{turned}
	return c, p.looseDate(i, c.j, i)
}

func (p *page) dayFirst(i int) (candidate, bool) {
	c := candidate{i: i, j: i + 2, class: Form, id: "form.date"}
	turned := p.text[p.elems[i+1].start:p.elems[i+1].end] + " " + p.at(i)
	if isYear(p.at(c.j)) {
		turned += ", " + p.at(c.j)
		c.j++
		if c.j < len(p.elems) && p.elems[c.j].kind == word {
			return c, false // a comma would be needed after the year
		}
	}
	c.alternatives = []string{turned}
	return c, p.looseDate(i, c.j, i+1)
}

// looseDate reports whether a date may be turned: it is no part of a name, of
// a range, or of what describes something ("a March 12 letter").
func (p *page) looseDate(i, j, month int) bool {
	l := lists()
	if before := p.at(i - 1); before != "" && (l["range"].has(before) || p.elems[i-1].number || p.elems[i-1].capital && !p.elems[i-1].first) {
		return false
	}
	if after := p.at(j); after != "" && !p.elems[j].capital {
		if l["range"].has(after) || !l["prep"].has(after) && !l["det"].has(after) && !l["be"].has(after) {
			return false
		}
	} else if after != "" {
		return false
	}
	return p.loose(i, j, month)
}

func isDay(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 1 && n <= 31 && len(s) <= 2 && s[0] != '0'
}

// ordinals are those of centuries.
var ordinals = []string{
	"", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
	"twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
	"twentieth", "twenty-first",
}

// century writes the number of a century out, or in figures.
func (p *page) century(i int, once map[string]int) (candidate, bool) {
	c := candidate{i: i, j: i + 1, class: Form, id: "form.century"}
	if once["century"] != 1 || p.at(i+1) != "century" || !p.loose(i, c.j, -1) {
		return c, false
	}
	if lists()["range"].has(p.at(i - 1)) {
		return c, false
	}
	s := p.at(i)
	for n, w := range ordinals {
		if n == 0 || n == 21 { // twenty-first is three words with a hyphen
			continue
		}
		figure := strconv.Itoa(n) + suffix(n)
		switch s {
		case w:
			c.alternatives = []string{figure}
			return c, n > 3 // the first century of something
		case figure:
			c.alternatives = []string{w}
			return c, true
		}
	}
	return c, false
}

func suffix(n int) string {
	switch {
	case n%10 == 1 && n != 11:
		return "st"
	case n%10 == 2 && n != 12:
		return "nd"
	case n%10 == 3 && n != 13:
		return "rd"
	}
	return "th"
}

// percent reports whether the number at element i has a sign or a word for
// per cent behind it.
func (p *page) percent(i int) bool {
	e := &p.elems[i]
	return e.end < len(p.text) && p.text[e.end] == '%' || p.at(i+1) == "percent" || p.at(i+1) == "per" && p.at(i+2) == "cent"
}

// percents writes 12% as 12 percent, and back.
func (p *page) percents(i int, once map[string]int) (candidate, bool) {
	c := candidate{i: i, class: Form, id: "form.percent"}
	e := &p.elems[i]
	if once["percent"] != 1 || !e.number || e.kept || !p.percent(i) || i > 0 && p.elems[i-1].kind == glue {
		return c, false
	}
	figure := p.text[e.start:e.end]
	if e.end < len(p.text) && p.text[e.end] == '%' {
		c.j = i + 1
		c.alternatives = []string{figure + " percent"}
		rest := p.text[e.end+1:]
		return c, rest == "" || strings.ContainsRune(" ,.;:)\n", rune(rest[0]))
	}
	c.j = i + 2
	if p.at(i+1) == "per" {
		c.j++
	}
	c.alternatives = []string{figure + "%"}
	return c, p.loose(i, c.j, -1)
}

// years turns "from 1930 to 1945" into "between 1930 and 1945", and "from
// 2021-2024" into "from 2021 to 2024".
func (p *page) years(i int, _ map[string]int) (candidate, bool) {
	c := candidate{i: i, class: Phrase, id: "phrase.years"}
	first, second := p.at(i+1), p.at(i+3)
	c.j = i + 4
	if !isYear(first) || !isYear(second) || c.j > len(p.elems) || !p.free(i, c.j) || first >= second {
		return p.yearRange(i)
	}
	switch joined := p.at(i) + " " + p.at(i+2); joined {
	case "from to", "from until":
		c.alternatives = []string{p.like(i, "between "+first+" and "+second)}
	case "between and":
		c.alternatives = []string{p.like(i, "from "+first+" to "+second)}
	default:
		return c, false
	}
	return c, true
}

func (p *page) yearRange(i int) (candidate, bool) {
	c := candidate{i: i, j: i + 3, class: Form, id: "form.range"}
	if c.j > len(p.elems) || !isYear(p.at(i)) || !isYear(p.at(i+2)) || p.elems[i+1].kind != glue || p.at(i-1) != "from" {
		return c, false
	}
	if p.elems[i].kept || p.elems[i+2].kept || c.j < len(p.elems) && p.elems[c.j].kind == glue {
		return c, false
	}
	c.alternatives = []string{p.at(i) + " to " + p.at(i+2)}
	return c, true
}

// tens are the numbers that some write in words and some in figures.
var tens = map[string]string{"10": "ten", "11": "eleven", "12": "twelve", "ten": "10", "eleven": "11", "twelve": "12"}

func (p *page) aroundTen(i int) bool { return tens[p.at(i)] != "" }

// ten writes ten as 10, and back, before a word that is counted.
func (p *page) ten(i int, once map[string]int) (candidate, bool) {
	c := candidate{i: i, j: i + 1, class: Form, id: "form.ten"}
	next := p.at(i + 1)
	if once["ten"] != 1 || !p.aroundTen(i) || !lists()["counted"].has(next) || !p.loose(i, c.j, -1) || p.elems[i].capital || p.elems[i].first {
		return c, false
	}
	c.alternatives = []string{tens[p.at(i)]}
	return c, i == 0 || p.elems[i-1].kind != word || !p.elems[i-1].number && !p.elems[i-1].capital
}

// ise writes organized as organised, and back, unless the portion is spelt as
// in America, where there is one way only.
func (p *page) ise(i int, once map[string]int) (candidate, bool) {
	c := candidate{i: i, j: i + 1, class: Form, id: "form.ise", alternatives: []string{other(p.at(i))}}
	return c, once["ise"] == 1 && once["us"] == 0 && c.alternatives[0] != "" && p.free(i, i+1) && !p.elems[i].capital
}

// other returns the other spelling of a word in -ise or -ize, "" for others.
func other(w string) string {
	for _, ending := range []string{"e", "es", "ed", "ing", "ation"} {
		stem, ok := strings.CutSuffix(w, ending)
		if !ok || len(stem) < 5 {
			continue
		}
		root := stem[:len(stem)-1]
		switch {
		case strings.HasSuffix(root, "i") && stem[len(stem)-1] == 'z' && lists()["ise"].has(stem+"e"):
			return root + "s" + ending
		case strings.HasSuffix(root, "i") && stem[len(stem)-1] == 's' && lists()["ise"].has(root+"ze"):
			return root + "z" + ending
		}
	}
	return ""
}
