// Package shape says which characters are drawn for a text, and in which order
// they stand on a line: Arabic letters take the form that joins them to their
// neighbours, and stretches of Hebrew and Arabic run from right to left among
// others that do not (Unicode Standard Annex 9, without its explicit marks,
// which no report may hold).
//
// The package takes texts and gives characters and numbers. It may not know
// fonts, pages or portions, nor change what a text says: every character of
// it belongs to exactly one cluster.
package shape

import (
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// A Cluster is what is drawn at one place: a letter with the marks above and
// below it, or a ligature.
type Cluster struct {
	// Text is what it stands for.
	Text string
	// Draw is the character that is drawn, Marks those over and under it.
	Draw  rune
	Marks []rune
}

// Clusters cuts a word into clusters, from first to last. Arabic letters have
// their joined forms; a letter and marks for which there is one character are
// that character.
func Clusters(word string) []Cluster {
	var out []Cluster
	for i := 0; i < len(word); {
		r, n := utf8.DecodeRuneInString(word[i:])
		c := Cluster{Draw: r}
		end := i + n
		for end < len(word) {
			m, n := utf8.DecodeRuneInString(word[end:])
			if !unicode.In(m, unicode.Mn, unicode.Me) {
				break
			}
			c.Marks = append(c.Marks, m)
			end += n
		}
		c.Text = word[i:end]
		if len(c.Marks) > 0 {
			composed := []rune(norm.NFC.String(c.Text))
			c.Draw, c.Marks = composed[0], composed[1:]
		}
		out = append(out, c)
		i = end
	}
	return join(out)
}

// forms are the joined forms of a letter: alone, at the end of what it is
// joined to, at the beginning, and in the middle; 0 if it has none of them.
type forms [4]rune

const (
	alone = iota
	final
	initial
	medial
)

const (
	lam     = '\u0644'
	tatweel = '\u0640'
)

// joined are the forms by letter, and those of lam with an alef by the alef.
// They are taken from the decompositions of the Unicode Character Database
// (blocks Arabic Presentation Forms-A and -B), where the forms of a letter
// follow each other in this order.
var joined = sync.OnceValues(func() (letters, ligatures map[rune]forms) {
	letters, ligatures = map[rune]forms{}, map[rune]forms{}
	add := func(from, to rune) {
		count := map[string]int{}
		for r := from; r <= to; r++ {
			plain := norm.NFKC.String(string(r))
			list := []rune(plain)
			into, key := letters, list[0]
			switch {
			case plain == string(r):
				continue
			case len(list) == 2 && list[0] == lam && r >= '\ufef5':
				into, key = ligatures, list[1]
			case len(list) != 1:
				continue
			}
			if n := count[plain]; n < len(forms{}) {
				f := into[key]
				if n == 0 {
					f = forms{}
				}
				f[n] = r
				into[key] = f
				count[plain]++
			}
		}
	}
	add('\ufb50', '\ufbff')
	add('\ufe80', '\ufefc') // theirs count where both have some
	return letters, ligatures
})

// Plain returns what a joined form stands for; a ligature's letters are in the
// order in which they stand on the line, from left to right. A character that
// is no joined form is "".
func Plain(r rune) string {
	if r < '\ufb50' || r > '\ufefc' || r > '\ufbff' && r < '\ufe80' {
		return ""
	}
	plain := []rune(norm.NFKC.String(string(r)))
	if len(plain) == 1 && plain[0] == r || len(plain) > 2 {
		return ""
	}
	if len(plain) == 2 {
		plain[0], plain[1] = plain[1], plain[0]
	}
	return string(plain)
}

// join gives Arabic letters the forms that join them.
func join(list []Cluster) []Cluster {
	arabic := false
	for i := range list {
		arabic = arabic || list[i].Draw >= '\u0600' && list[i].Draw <= '\u06ff'
	}
	if !arabic {
		return list
	}
	letters, ligatures := joined()
	var out []Cluster
	before := false // the one before is joined to what follows
	for i := 0; i < len(list); i++ {
		c := list[i]
		have, known := letters[c.Draw]
		if c.Draw == lam && i+1 < len(list) {
			if both, ok := ligatures[list[i+1].Draw]; ok {
				have, known = both, true
				c.Text += list[i+1].Text
				c.Marks = append(c.Marks, list[i+1].Marks...)
				i++
			}
		}
		if !known {
			before = c.Draw == tatweel
			out = append(out, c)
			continue
		}
		after := have[initial] != 0 && i+1 < len(list) && joins(letters, list[i+1].Draw)
		c.Draw = have.pick(before, after)
		before = have[initial] != 0
		out = append(out, c)
	}
	return out
}

// joins says that a letter can be joined to the one before it.
func joins(letters map[rune]forms, r rune) bool {
	return r == tatweel || letters[r][final] != 0
}

func (f forms) pick(before, after bool) rune {
	form := alone
	switch {
	case before && after && f[medial] != 0:
		form = medial
	case after && f[initial] != 0:
		form = initial
	case before && f[final] != 0:
		form = final
	}
	return f[form]
}

// mirrors are the characters that open to the other side from right to left.
const mirrors = "()[]{}<>«»‹›≤≥"

// Mirror returns what is drawn for a character from right to left.
func Mirror(r rune) rune {
	list := []rune(mirrors)
	for i, m := range list {
		if m == r {
			return list[i^1]
		}
	}
	return r
}

// class returns the class of a character in Annex 9.
func class(r rune) bidi.Class {
	p, _ := bidi.LookupRune(r)
	return p.Class()
}

// HasRight says that a text has a character that runs from right to left.
func HasRight(text string) bool {
	for _, r := range text {
		if r >= '\u0590' {
			if c := class(r); c == bidi.R || c == bidi.AL || c == bidi.AN {
				return true
			}
		}
	}
	return false
}

// FromRight says that a text as a whole runs from right to left: its first
// letter does.
func FromRight(text string) bool {
	for _, r := range text {
		if c := class(r); c == bidi.L || c == bidi.R || c == bidi.AL {
			return c != bidi.L
		}
	}
	return false
}

// Levels returns the embedding level of each character of a paragraph, which
// as a whole runs from the right or not: odd ones run from right to left.
func Levels(text string, right bool) ([]uint8, error) {
	// A letter in front sets the direction of the whole, and changes nothing
	// else: the beginning of a paragraph counts as a letter of its direction.
	lead := "a"
	if right {
		lead = "\u05d0"
	}
	var p bidi.Paragraph
	if _, err := p.SetString(lead + text); err != nil {
		return nil, err
	}
	order, err := p.Order()
	if err != nil {
		return nil, err
	}
	classes := []rune(lead + text)
	levels := make([]uint8, len(classes))
	for i := range order.NumRuns() {
		run := order.Run(i)
		from, to := run.Pos()
		for k := from; k <= to && k < len(levels); k++ {
			switch {
			case run.Direction() == bidi.RightToLeft:
				levels[k] = 1
			case right:
				levels[k] = 2
			}
		}
	}
	if !right {
		numbers(classes, levels)
	}
	return levels[1:], nil
}

// numbers raises the numbers that stand among letters from right to left, in a
// paragraph that runs from the left, to level 2 (rules W2, W5, W7 and I1): the
// library tells no more of a level than whether it is odd.
func numbers(text []rune, levels []uint8) {
	strong := bidi.L
	last := -1 // the last number raised, if only its kin stands after it
	for i, r := range text {
		switch c := class(r); {
		case c == bidi.L || c == bidi.R || c == bidi.AL:
			strong, last = c, -1
		case levels[i] == 1:
			last = -1
		case c == bidi.AN || c == bidi.EN && strong != bidi.L:
			raise(text, levels, last, i)
			last = i
		case c == bidi.ET && last == i-1 && last >= 0:
			levels[i], last = 2, i
		}
	}
}

// raise raises a number, and what binds it to the last one or stands before it
// as a sign of its own.
func raise(text []rune, levels []uint8, last, at int) {
	levels[at] = 2
	for k := at - 1; k > 0 && levels[k] == 0 && (k > last && last >= 0 || last < 0 && class(text[k]) == bidi.ET); k-- {
		levels[k] = 2
	}
}

// Visual returns the order in which what has these levels stands on a line,
// from left to right (rule L2).
func Visual(levels []uint8) []int {
	order := make([]int, len(levels))
	top := uint8(0)
	for i := range order {
		order[i] = i
		top = max(top, levels[i])
	}
	for level := top; level > 0; level-- {
		for i := 0; i < len(order); {
			if levels[i] < level {
				i++
				continue
			}
			end := i
			for end < len(order) && levels[end] >= level {
				end++
			}
			for a, b := i, end-1; a < b; a, b = a+1, b-1 {
				order[a], order[b] = order[b], order[a]
			}
			i = end
		}
	}
	return order
}
