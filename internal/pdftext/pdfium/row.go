package pdfium

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"

	"tearline/codec/pages"
	"tearline/codec/pdf/shape"
)

// A letter is one of a page, with a run of its own; a blank and an end of line
// have a character alone.
type letter struct {
	c rune
	pages.Run
}

func (l *letter) placed() bool { return l.W != 0 || l.H != 0 }

// A row is the letters of one line, as PDFium tells them.
type row struct {
	letters []letter
	right   bool // some of them run from right to left
}

func (r *row) add(l letter) {
	r.letters = append(r.letters, l)
	r.right = r.right || strong(l.c) > 0
}

// before reports whether a letter does not stand in the line.
func (r *row) before(next *letter) bool {
	for i := range slices.Backward(r.letters) {
		if l := &r.letters[i]; l.placed() {
			return l.Turned || next.Turned || !near(l.Y+l.H, next.Y+next.H, 0.5*max(l.H, next.H))
		}
	}
	return false
}

// within reports whether the next letter goes on with a word.
func (r *row) within() bool {
	n := len(r.letters)
	return n > 0 && r.letters[n-1].placed()
}

// visual gives the letters of the line as they stand on it, from left to right:
// PDFium turns what runs from right to left by rules that know this line alone,
// and not where its paragraph begins.
func (r *row) visual(s *setter) {
	r.unturn()
	list := slices.DeleteFunc(slices.Clone(r.letters), func(l letter) bool { return !l.placed() })
	slices.SortStableFunc(list, func(a, b letter) int { return cmp.Compare(a.X+a.W/2, b.X+b.W/2) })
	pair(list)
	s.end()
	for i := range list {
		l := &list[i]
		l.Visual = true
		s.blank = i > 0 && apart(&list[i-1], l)
		s.add(l.c, l.Run)
	}
	s.end()
}

// apart reports whether there is a blank between two letters.
func apart(a, b *letter) bool { return b.X-(a.X+a.W) > blankGap*max(a.H, b.H) }

// pair sets brackets that touch a word on one side: as they are drawn, the one
// at its left opens and the one at its right closes, whichever way words run.
func pair(list []letter) {
	for i := range list {
		k := strings.IndexRune(pairs, list[i].c)
		if k < 0 {
			continue
		}
		left := i > 0 && wordy(list[i-1].c) && !apart(&list[i-1], &list[i])
		right := i+1 < len(list) && wordy(list[i+1].c) && !apart(&list[i], &list[i+1])
		switch {
		case right && !left:
			list[i].c = rune(pairs[k&^1])
		case left && !right:
			list[i].c = rune(pairs[k|1])
		}
	}
}

// pairs are brackets, each before the one that closes it.
const pairs = "()[]{}"

func wordy(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c) }

const blankGap = 0.13 // heights of the type: narrower than the narrowest blank

// unturn takes back what PDFium does to what it holds to run from right to
// left: it draws brackets the other way round, and tells the letters of one
// sign from its right to its left.
func (r *row) unturn() {
	for from := 0; from < len(r.letters); {
		end := from
		for end < len(r.letters) && !newline(r.letters[end].c) {
			end++
		}
		unturn(r.letters[from:end])
		from = end + 1
	}
}

func newline(c rune) bool { return c == '\r' || c == '\n' }

// unturn does so for what PDFium holds to be one line. Brackets run as the last
// letters did; those before all letters, as most words do.
func unturn(line []letter) {
	turned := mostlyRight(line)
	for i := 0; i < len(line); i++ {
		switch strong(line[i].c) {
		case -1:
			turned = false
		case 1:
			turned = true
			from := i
			for i+1 < len(line) && line[i+1].Box == line[i].Box && line[i+1].placed() {
				i++
			}
			slices.Reverse(line[from : i+1])
		default:
			if turned {
				line[i].c = shape.Mirror(line[i].c)
			}
		}
	}
}

// mostlyRight reports whether at least half of the words of a line run from
// right to left, and any does.
func mostlyRight(line []letter) bool {
	n, last, some := 0, 0, false
	for i := range line {
		is := strong(line[i].c)
		if is != last {
			n += is
		}
		last, some = is, some || is > 0
	}
	return some && n >= 0
}

// strong is 1 for a letter that runs from right to left, -1 for one that runs
// from left to right, 0 for all that has no direction of its own.
func strong(c rune) int {
	p, _ := bidi.LookupRune(c)
	switch p.Class() { //nolint:exhaustive // the others have none
	case bidi.L:
		return -1
	case bidi.R, bidi.AL:
		return 1
	}
	return 0
}
