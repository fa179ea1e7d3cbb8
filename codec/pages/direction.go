package pages

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"

	"tearline/codec/pdf/shape"
)

// A sign is a character of a line as it stands there, with its type.
type sign struct {
	c    rune
	span int
	kind kind
}

// A kind is what a character does to the direction of its neighbours (Unicode
// Standard Annex 9, in short: the line has been laid out, and is put back).
type kind byte

const (
	blank   kind = iota
	toRight      // a letter from left to right
	toLeft       // a letter from right to left
	number       // a digit, from left to right among both
	joint        // parts the digits of a number
	unit         // stands beside a number
	upon         // stands on the character before it
)

// farBelow is how far down, in heights of the type, a line may be to go on with
// another.
const farBelow = 1.3

func kindOf(c rune) kind {
	p, _ := bidi.LookupRune(c)
	switch p.Class() { //nolint:exhaustive // the others are blanks here
	case bidi.L:
		return toRight
	case bidi.R, bidi.AL:
		return toLeft
	case bidi.EN, bidi.AN:
		return number
	case bidi.CS, bidi.ES:
		return joint
	case bidi.ET:
		return unit
	case bidi.NSM:
		return upon
	}
	return blank
}

// directed puts lines into the order in which they are read, where letters run
// from right to left.
func directed(lines []line) {
	for i := range lines {
		l := &lines[i]
		var above *line
		if i > 0 {
			above = &lines[i-1]
		}
		l.fromRight = l.runs(above)
		if !l.fromRight && !slices.ContainsFunc(l.spans, func(s span) bool { return s.visual }) {
			continue
		}
		l.logical(l.fromRight && l.closes(above))
	}
}

// anyLabel is a label of an item, whichever way it runs.
const anyLabel = `[0-9a-z.()•▪–—*◦‣●■○·∙-]{1,5}`

// code is what stands in a portion mark.
const code = `[A-Z0-9/ ,:&+.-]{0,120}`

var (
	markLeft   = regexp.MustCompile(`^(?:` + anyLabel + ` )?\([A-Z]` + code + `\)(?: |$)`)
	markRight  = regexp.MustCompile(`(?:^| )\([A-Z]` + code + `\)(?: ` + anyLabel + `)?$`)
	markOpen   = regexp.MustCompile(`^(?:` + anyLabel + ` )?\([A-Z]` + code + `$`) // and ends on the next line
	closeRight = regexp.MustCompile(`(?:^| )[A-Z]` + code + `\)$`)
)

// runs reports whether a line as a whole runs from right to left: its portion
// mark stands at the right; or the line above does, which it goes on with; or
// most of its letters do.
func (l *line) runs(above *line) bool {
	text := strings.TrimSpace(joined(l.spans))
	switch {
	case markLeft.MatchString(text):
		return false
	case l.closes(above):
		return shape.HasRight(text) && closeRight.MatchString(text)
	case markRight.MatchString(text):
		return shape.HasRight(text) || !strings.ContainsFunc(text[:strings.LastIndexByte(text, '(')], unicode.IsLetter)
	case above != nil && l.under(above) && !above.bareMark():
		return above.fromRight
	}
	n := 0
	for _, c := range text {
		switch kindOf(c) { //nolint:exhaustive // letters alone have a say
		case toLeft:
			n++
		case toRight:
			n--
		}
	}
	return n > 0
}

// closes reports whether a line ends the mark that the line above begins.
func (l *line) closes(above *line) bool {
	return above != nil && l.under(above) && markOpen.MatchString(strings.TrimSpace(joined(above.spans)))
}

// bareMark reports whether a line is a portion mark and no more, which tells
// nothing of the text's direction.
func (l *line) bareMark() bool {
	text := strings.TrimSpace(joined(l.spans))
	m := markLeft.FindString(text)
	return m != "" && m == text
}

// under reports whether a line stands right below another, in the same type.
func (l *line) under(above *line) bool {
	down := l.bottom() - above.bottom()
	return math.Abs(l.H-above.H) < 0.1*max(l.H, above.H) && down > 0.5*l.H && down < farBelow*l.H &&
		l.X < above.right() && above.X < l.right()
}

// logical puts the characters of a line that stand from left to right into the
// order in which they are read. The portion mark ends at its right if closes.
func (l *line) logical(closes bool) {
	var list []sign
	for i := range l.spans {
		for _, c := range l.spans[i].text {
			list = append(list, sign{c, i, kindOf(c)})
		}
	}
	if m := theMark(list, closes); m != nil {
		for k := m[0]; k < m[1]; k++ {
			list[k].kind = toRight // a code, whatever stands beside it
		}
	}
	levels := levelsOf(list, l.fromRight)
	order := shape.Visual(levels) // which turns back as well
	var out []span
	for from := 0; from < len(order); {
		s := l.spans[list[order[from]].span]
		s.visual = false
		var text strings.Builder
		k := from
		for ; k < len(order) && list[order[k]].span == list[order[from]].span; k++ {
			c := list[order[k]].c
			if levels[order[k]] == 1 {
				c = shape.Mirror(c)
			}
			text.WriteRune(c)
		}
		s.text = text.String()
		out = append(out, s)
		from = k
	}
	l.spans = out
}

// theMark is where the portion mark stands at an end of the line, nil if there
// is none.
func theMark(list []sign, closes bool) []int {
	var b strings.Builder
	for i := range list {
		b.WriteRune(list[i].c)
	}
	text := b.String()
	var m []int
	if closes {
		if m = closeRight.FindStringIndex(text); m != nil && text[m[0]] == ' ' {
			m[0]++
		}
	}
	for _, form := range []*regexp.Regexp{markRight, markLeft} {
		if m == nil {
			if m = form.FindStringIndex(text); m != nil {
				m[0] += strings.IndexByte(text[m[0]:m[1]], '(')
			}
		}
	}
	if m == nil {
		return nil
	}
	from := utf8.RuneCountInString(text[:m[0]])
	return []int{from, from + strings.IndexByte(text[m[0]:], ')') + 1}
}

// levelsOf says of each character how deep it stands: 1 runs from right to
// left, 0 and 2 from left to right.
func levelsOf(list []sign, fromRight bool) []uint8 {
	base := uint8(0)
	if fromRight {
		base = 1
	}
	numbers(list)
	follow(list, base)
	levels := make([]uint8, len(list))
	for i := range list {
		switch list[i].kind {
		case toLeft:
			levels[i] = 1
		case toRight:
			levels[i] = 2 * base
		case number:
			levels[i] = 2
		case blank, joint, unit, upon:
			levels[i] = base
		}
	}
	between(list, levels, base)
	return levels
}

// numbers has what stands in numbers or beside them belong to them, and what
// stands on a character run as it does.
func numbers(list []sign) {
	is := func(i int) bool { return i >= 0 && i < len(list) && list[i].kind == number }
	for i := range list {
		switch k := &list[i].kind; *k {
		case joint, unit:
			before, behind := is(i-1), is(i+1)
			if before && behind || *k == unit && (before || behind) {
				*k = number
			} else {
				*k = blank
			}
		case upon:
			*k = blank
			if i > 0 {
				*k = list[i-1].kind
			}
		case blank, toRight, toLeft, number:
		}
	}
}

// follow gives numbers the direction of letters that they follow, if that is
// their own.
func follow(list []sign, base uint8) {
	last := blank
	for k := range list {
		i := k
		if base == 1 {
			i = len(list) - 1 - k
		}
		switch k := &list[i].kind; {
		case *k == toLeft || *k == toRight:
			last = *k
		case *k == number && last == toRight:
			*k = toRight
		}
	}
}

// between gives characters without a direction the level of their neighbours,
// where both run alike: they have that of the line.
func between(list []sign, levels []uint8, base uint8) {
	side := func(k kind) kind {
		if k == number {
			return toLeft
		}
		return k
	}
	last, from := blank, 0 // what runs before a stretch without a direction, and where that begins
	for i := range list {
		k := side(list[i].kind)
		if k == blank {
			continue
		}
		if k == last {
			level := 2 * base
			if k == toLeft {
				level = 1
			}
			for at := from; at < i; at++ {
				levels[at] = level
			}
		}
		last, from = k, i+1
	}
}
