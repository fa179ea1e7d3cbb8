package fingerprint

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tearline"
)

// fold splits a text into words: runs of letters and digits, in compatibility
// form (NFKC), lower case, without accents and invisible characters. Quotation
// marks, dashes, spaces and all other punctuation are gone, so a point whose
// alternatives differ in these alone cannot be read.
func fold(text string) []string {
	var words []string
	var b strings.Builder
	end := func() {
		if b.Len() > 0 {
			words = append(words, b.String())
			b.Reset()
		}
	}
	for i, r := range text {
		switch {
		case r == '’' || r == 'ʼ' || r < utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsDigit(r):
			switch {
			case b.Len() == 0:
			case isNumber(text, i):
				b.WriteRune(r)
			case !inWord(text[i:], r):
				end()
			}
		case r < utf8.RuneSelf:
			b.WriteRune(unicode.ToLower(r))
		case unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Mn):
		default:
			wide(&b, r, end)
		}
	}
	end()
	return words
}

// inWord reports whether the punctuation c, with which rest begins, can be
// left out of the word that it stands in: an apostrophe before a letter
// ("don't" is "dont"), a comma before three digits ("5,020" is "5020").
func inWord(rest string, c rune) bool {
	next, _ := utf8.DecodeRuneInString(rest[utf8.RuneLen(c):])
	switch c {
	case '\'', '’', 'ʼ':
		return unicode.IsLetter(next)
	case ',':
		return isDigit(byteAt(rest, 1)) && isDigit(byteAt(rest, 2)) && isDigit(byteAt(rest, 3)) && !isDigit(byteAt(rest, 4))
	}
	return false
}

// isNumber reports whether text[i] is the point of a number, or a comma in the
// place of one: "4.5" must not read like "45".
func isNumber(text string, i int) bool {
	c := text[i]
	if i == 0 || c != '.' && c != ',' || !isDigit(text[i-1]) || !isDigit(byteAt(text, i+1)) {
		return false
	}
	return c == '.' || !inWord(text[i:], ',')
}

// byteAt returns s[i], 0 beyond its end.
func byteAt(s string, i int) byte {
	if i < len(s) {
		return s[i]
	}
	return 0
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// wide adds a character beyond ASCII.
func wide(b *strings.Builder, r rune, end func()) {
	for _, d := range norm.NFKD.String(string(r)) {
		switch {
		case unicode.Is(unicode.Mn, d):
		case unicode.In(d, unicode.L, unicode.N, unicode.M):
			b.WriteRune(unicode.ToLower(d))
		default:
			end()
		}
	}
}

// letters joins words without anything between, which is how alternatives are
// compared: "key-board" and "keyboard" read alike.
func letters(words []string) string { return strings.Join(words, "") }

// An item of a wording is a fixed word, or a group: points with no word
// between them, which can be read together only.
type item struct {
	word  string
	group *group
}

// A group is one point or several side by side.
type group struct {
	first  int     // the number of its first point
	points []point // at least one
	most   int     // the most words that its alternatives have together
}

// A point holds the folded words of each alternative. Parts of words that
// touch it are taken in: "colo{u|}r" reads "{colour|color}".
type point struct{ alternatives [][]string }

// items lists the wording's fixed words and groups, in order.
func items(w tearline.Wording) []item {
	var out []item
	points := 0
	segs := w.Segments()
	for i := range segs {
		if segs[i].Alternatives == nil {
			for _, word := range fold(inner(segs, i)) {
				out = append(out, item{word: word})
			}
			continue
		}
		p := point{}
		most := 0
		for _, a := range segs[i].Alternatives {
			words := fold(touching(segs, i-1, false) + a + touching(segs, i+1, true))
			p.alternatives = append(p.alternatives, words)
			most = max(most, len(words))
		}
		if n := len(out); n > 0 && out[n-1].group != nil {
			g := out[n-1].group
			g.points, g.most = append(g.points, p), g.most+most
		} else {
			out = append(out, item{group: &group{first: points, points: []point{p}, most: most}})
		}
		points++
	}
	return out
}

// inner returns the text of the fixed segment i without the parts of words
// that touch a point.
func inner(segs []tearline.Segment, i int) string {
	s := segs[i].Text
	if i > 0 && segs[i-1].Alternatives != nil {
		s = strings.TrimPrefix(s, touching(segs, i, true))
	}
	if i+1 < len(segs) && segs[i+1].Alternatives != nil && s != "" {
		s = strings.TrimSuffix(s, touching(segs, i, false))
	}
	return s
}

// touching returns the part of a word with which the fixed segment i begins
// (or ends); "" if it is a point. A segment that is one word from end to end
// belongs to the point before it.
func touching(segs []tearline.Segment, i int, begins bool) string {
	if i < 0 || i >= len(segs) || segs[i].Alternatives != nil {
		return ""
	}
	s := segs[i].Text
	if begins {
		return s[:len(s)-len(strings.TrimLeftFunc(s, wordRune))]
	}
	end := s[len(strings.TrimRightFunc(s, wordRune)):]
	if end == s && i > 0 && segs[i-1].Alternatives != nil {
		return ""
	}
	return end
}

func wordRune(r rune) bool {
	return unicode.In(r, unicode.L, unicode.N, unicode.M, unicode.Cf, unicode.Variation_Selector)
}
