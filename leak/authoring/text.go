package authoring

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tearline"
)

// What an element of a text is.
type kind uint8

const (
	word  kind = iota // letters and digits, with what belongs to them: don't, U.S., 12,000
	comma             // a comma between blanks and words
	punct             // a semicolon, a parenthesis, a dash, a quotation mark: a clause ends
	stop              // a sentence ends
	glue              // a hyphen or another sign that joins words without a blank
)

// An element is a word, or what parts two words where it is more than blanks.
// Rules look at elements, so "well known" is two beside each other and
// "well-known" is not.
type element struct {
	kind       kind
	start, end int    // bytes in the plain text
	lower      string // of a word: lower case, with one form of apostrophe
	number     bool   // of a word: begins with a digit
	capital    bool   // begins with a capital letter
	shout      bool   // has two capitals or more and no small letter, or is U.S.
	kept       bool   // must stand as it is: never part of a proposal
	first      bool   // begins a sentence
}

// A page is one portion's plain text, taken apart.
type page struct {
	text  string
	elems []element
	// spans are the stretches of the plain text that stand in the wording's
	// source byte for byte, and where.
	spans []span
}

// A span maps plain[from:to) on source[at:at+to-from).
type span struct{ from, to, at int }

// newPage takes a wording apart. Words of existing points are kept.
func newPage(w tearline.Wording) *page {
	p := &page{text: w.Plain()}
	at := 0
	var fixed []span
	for _, s := range w.Segments() {
		if s.Alternatives != nil {
			at += len(s.Alternatives[0])
			continue
		}
		fixed = append(fixed, span{from: at, to: at + len(s.Text), at: s.Start})
		at += len(s.Text)
	}
	p.spans = fixed
	p.read()
	p.keep()
	return p
}

// source returns where plain[from:to) stands in the source, false if it is not
// in one stretch of fixed text.
func (p *page) source(from, to int) (int, bool) {
	lo, hi := 0, len(p.spans)
	for lo < hi {
		if m := (lo + hi) / 2; p.spans[m].to < to {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if lo == len(p.spans) || p.spans[lo].from > from {
		return 0, false
	}
	return p.spans[lo].at + from - p.spans[lo].from, true
}

// read splits the text into elements.
func (p *page) read() {
	text := p.text
	last := 0 // end of the last word
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !wordRune(r) {
			i += n
			continue
		}
		end := wordEnd(text, i)
		p.between(last, i, nextIsCapital(text, i))
		p.word(i, end)
		i, last = end, end
	}
	if last < len(text) {
		p.elems = append(p.elems, element{kind: stop, start: last, end: len(text)})
	}
}

// word adds the word text[from:to).
func (p *page) word(from, to int) {
	s := p.text[from:to]
	e := element{kind: word, start: from, end: to, lower: strings.ToLower(strings.ReplaceAll(s, "’", "'"))}
	r, _ := utf8.DecodeRuneInString(s)
	e.number = unicode.IsDigit(r)
	e.capital = unicode.IsUpper(r)
	capitals, small := 0, 0
	for _, r := range strings.TrimSuffix(strings.TrimSuffix(s, "'s"), "’s") {
		switch {
		case unicode.IsUpper(r):
			capitals++
		case unicode.IsLower(r):
			small++
		}
	}
	e.shout = capitals > 1 && small == 0
	e.first = len(p.elems) == 0 || p.elems[len(p.elems)-1].kind == stop
	p.elems = append(p.elems, e)
}

// wordEnd returns where the word ends that begins at i: letters, digits and
// marks; an apostrophe between letters; the points of U.S. and of 4.5 and the
// comma of 12,000.
func wordEnd(text string, i int) int {
	start := i
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if wordRune(r) {
			i += n
			continue
		}
		next, _ := utf8.DecodeRuneInString(text[i+n:])
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		switch {
		case (r == '\'' || r == '’') && unicode.IsLetter(before) && unicode.IsLetter(next):
		case (r == '.' || r == ',') && unicode.IsDigit(before) && unicode.IsDigit(next):
		case r == '.' && initials(text[start:i]) && (unicode.IsLetter(next) || strings.Contains(text[start:i], ".")):
		default:
			return i
		}
		i += n
	}
	return i
}

// initials reports whether s is one letter, or letters with a point after each
// but the last: U, U.S.
func initials(s string) bool {
	if len(s) > 8 {
		return false
	}
	for i := range len(s) {
		if letter := s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z'; letter == (i%2 == 1) || i%2 == 1 && s[i] != '.' {
			return false
		}
	}
	return len(s)%2 == 1
}

func wordRune(r rune) bool {
	return unicode.In(r, unicode.L, unicode.N, unicode.M)
}

// nextIsCapital reports whether the word at i may begin a sentence.
func nextIsCapital(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsUpper(r) || unicode.IsDigit(r)
}

// sentenceSigns may part two sentences.
const sentenceSigns = " \t\r\n.!?…()[]\"'“”‘’«»"

// between adds what parts two words: the strongest of the signs in it.
func (p *page) between(from, to int, capital bool) {
	if from == to && from == 0 {
		return
	}
	gap := p.text[from:to]
	e := element{start: from, end: to}
	trimmed := strings.TrimSpace(gap)
	switch {
	case trimmed == "":
		if strings.Count(gap, "\n") < 2 && gap != "" {
			return
		}
		e.kind = stop
		if gap == "" {
			e.kind = glue
		}
	case capital && len(trimmed) < len(gap) && strings.Trim(trimmed, sentenceSigns) == "" && p.endsSentence(trimmed):
		e.kind = stop
	case trimmed == ",":
		e.kind = comma
	case joins(gap):
		e.kind = glue
	default:
		e.kind = punct
	}
	p.elems = append(p.elems, e)
}

// joins reports whether a gap has a word, or a sign of no language, on either
// side without a blank.
func joins(gap string) bool {
	if !strings.ContainsFunc(gap, unicode.IsSpace) && !strings.ContainsAny(gap, ",;:()?!—") {
		return true
	}
	return strings.ContainsAny(gap, "*_`[]@#&+=~^<>$%\\/|{}§€£")
}

// endsSentence reports whether signs before a capital end a sentence: unless
// they belong to a short form (Gen. Smith) or an initial (W. Smith).
func (p *page) endsSentence(signs string) bool {
	if strings.ContainsAny(signs, "!?…") {
		return true
	}
	if !strings.Contains(signs, ".") {
		return false
	}
	if len(p.elems) == 0 {
		return true
	}
	last := &p.elems[len(p.elems)-1]
	if last.kind != word || strings.TrimLeft(signs, ".") != "" {
		return true
	}
	_, short := lists()["short"][last.lower]
	return !short && (!last.capital || last.end-last.start > 1)
}

// A set is some words, in lower case.
type set map[string]struct{}

func (s set) has(w string) bool {
	_, ok := s[w]
	return ok
}

// keep marks the words that never vary.
func (p *page) keep() {
	p.keepPoints()
	p.keepQuoted()
	p.keepNames()
	p.keepPhrases("estimative")
	p.keepPhrases("careful")
	p.keepPhrases("negation")
	p.keepSources()
	p.keepAddresses()
}

// keepPoints keeps the words that touch no fixed text: those of points.
func (p *page) keepPoints() {
	for i := range p.elems {
		if e := &p.elems[i]; e.kind == word {
			if _, ok := p.source(e.start, e.end); !ok {
				e.kept = true
			}
		}
	}
}

// keepQuoted keeps what stands between quotation marks or backquotes. One that
// is not closed runs to the end: better too much than words put into
// somebody's mouth.
func (p *page) keepQuoted() {
	var closes rune
	from, next := 0, 0
	for i, r := range p.text {
		switch {
		case closes == 0:
			if closes = closing(r); closes == '\'' && !p.beginsWord(i) {
				closes = 0
			}
			from = i
		case r == closes && (r != '’' && r != '\'' || p.endsWord(i, r)):
			next = p.keepBetween(next, from, i)
			closes = 0
		}
	}
	if closes != 0 {
		p.keepBetween(next, from, len(p.text))
	}
}

// keepBetween keeps the words within text[from:to), of the elements from next
// on, and returns the first element after them.
func (p *page) keepBetween(next, from, to int) int {
	for ; next < len(p.elems) && p.elems[next].start < to; next++ {
		if p.elems[next].start >= from {
			p.elems[next].kept = true
		}
	}
	return next
}

// closing returns the sign that closes what r opens, 0 if r opens nothing.
func closing(r rune) rune {
	switch r {
	case '“', '„':
		return '”'
	case '‘':
		return '’'
	case '«':
		return '»'
	case '"', '`', '\'':
		return r
	}
	return 0
}

// endsWord reports whether the apostrophe at i is no part of a word.
func (p *page) endsWord(i int, r rune) bool {
	next, _ := utf8.DecodeRuneInString(p.text[i+utf8.RuneLen(r):])
	return !unicode.IsLetter(next)
}

// beginsWord reports whether the apostrophe at i opens a quotation.
func (p *page) beginsWord(i int) bool {
	before, n := utf8.DecodeLastRuneInString(p.text[:i])
	next, _ := utf8.DecodeRuneInString(p.text[i+1:])
	return (n == 0 || unicode.IsSpace(before) || before == '(') && unicode.IsLetter(next)
}

// keepNames keeps capitalised words within sentences, words in capitals
// wherever they stand, and the small words inside a name: the Bank of Brenn.
func (p *page) keepNames() {
	for i := range p.elems {
		e := &p.elems[i]
		if e.kind != word {
			continue
		}
		if e.capital && !e.first || e.shout {
			e.kept = true
		}
		if lists()["connect"].has(e.lower) && p.nameAt(i, -1) && p.nameAt(i, +1) {
			e.kept = true
		}
	}
}

// nameAt reports whether a capitalised word stands beside element i, in
// direction d, or beside a small word there.
func (p *page) nameAt(i, d int) bool {
	for k := i + d; k >= 0 && k < len(p.elems) && (k == i+d || k == i+2*d); k += d {
		if e := &p.elems[k]; e.kind != word || !e.capital && !lists()["connect"].has(e.lower) {
			return false
		} else if e.capital {
			return true
		}
	}
	return false
}

// keepPhrases keeps the words of a list of phrases.
func (p *page) keepPhrases(name string) {
	for i := range p.elems {
		if n := phrases(name).match(p.elems[i:]); n > 0 {
			for k := range n {
				p.elems[i+k].kept = true
			}
		}
	}
}

// How far the description of a source reaches around the word for it.
const sourceBefore, sourceAfter = 5, 4

// keepSources keeps descriptions of sources: the clause around a word for one.
func (p *page) keepSources() {
	for i := range p.elems {
		n := phrases("sources").match(p.elems[i:])
		if n == 0 || i+n < len(p.elems) && p.elems[i+n].lower == "of" && strings.HasPrefix(p.elems[i].lower, "source") {
			continue
		}
		for k := i; k >= max(0, i-sourceBefore) && p.elems[k].kind == word; k-- {
			p.elems[k].kept = true
		}
		for k := i; k < min(len(p.elems), i+n+sourceAfter) && p.elems[k].kind == word; k++ {
			p.elems[k].kept = true
		}
	}
}

// keepAddresses keeps the words of addresses: runs without a blank that have
// "://", "@" or "www." in them.
func (p *page) keepAddresses() {
	i := 0
	at := 0
	for _, run := range strings.FieldsFunc(p.text, unicode.IsSpace) {
		from := at + strings.Index(p.text[at:], run)
		at = from + len(run)
		address := strings.Contains(run, "://") || strings.Contains(run, "@") || strings.HasPrefix(run, "www.")
		if address {
			p.keepBetween(i, from, at)
		}
		for i < len(p.elems) && p.elems[i].start < at {
			i++
		}
	}
}

// longSentence is how many elements either side of a place are looked at for
// the ends of its sentence.
const longSentence = 120

// sentence returns the bounds of the sentence with element i.
func (p *page) sentence(i int) (from, to int) {
	k := i
	for ; k > max(0, i-longSentence) && p.elems[k].kind != stop; k-- {
	}
	from = p.elems[k].start
	if p.elems[k].kind == stop {
		from = p.elems[k].end
	}
	if k == 0 {
		from = 0
	}
	for k = i; k < min(len(p.elems)-1, i+longSentence) && p.elems[k].kind != stop; k++ {
	}
	return from, p.elems[k].end
}

// heading reports whether the portion is no sentence: a title, a heading, an
// entry of a list.
func (p *page) heading() bool {
	const most = 12 // words
	n := 0
	for i := range p.elems {
		switch p.elems[i].kind {
		case word:
			n++
		case stop:
			if strings.ContainsAny(p.text[p.elems[i].start:p.elems[i].end], ".!?…") {
				return false
			}
		case comma, punct, glue:
		}
	}
	return n <= most
}
