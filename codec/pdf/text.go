package pdf

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tearline/codec/pdf/shape"
)

// A run is what is drawn in one go: characters of one font, from left to right.
type run struct {
	face   *face
	x, up  float64 // from where its word begins, and from the baseline
	width  float64
	draw   string
	actual string // what it and those with it stand for, if that is not what is drawn
	with   int    // so many runs after it belong to it: marks over a letter
	ruled  bool   // it is underlined
}

// A unit is a cluster with its fonts, at a size of 1 point.
type unit struct {
	cluster shape.Cluster
	kind    byte
	face    *face
	glyph   glyph
	marks   []placed
	level   uint8
}

// A placed mark stands over or under its letter, whose left end is 0.
type placed struct {
	face  *face
	draw  rune
	x, up float64
}

// units finds the fonts for a word. kinds says, byte by byte, in which type it
// is set; "" is all in one, base.
func (s *fonts) units(word, kinds string, base byte) ([]unit, error) {
	var out []unit
	at := 0
	for _, c := range shape.Clusters(word) {
		u := unit{cluster: c, kind: base}
		if kinds != "" {
			u.kind = kinds[at]
		}
		at += len(c.Text)
		if err := s.fit(&u); err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	return out, nil
}

// fit finds the fonts of a cluster, and the places of its marks.
func (s *fonts) fit(u *unit) (err error) {
	if u.face, u.glyph, err = s.find(u.cluster.Draw, u.kind); err != nil {
		// What is joined, or composed, may be there in its parts; a ligature's
		// letters would have other forms.
		list := []rune(u.cluster.Text)
		if list[0] == u.cluster.Draw || utf8.RuneCountInString(shape.Plain(u.cluster.Draw)) > 1 {
			return err
		}
		u.cluster.Draw, u.cluster.Marks = list[0], list[1:]
		if u.face, u.glyph, err = s.find(list[0], u.kind); err != nil {
			return err
		}
	}
	top, foot := u.glyph.top, u.glyph.foot
	for _, m := range u.cluster.Marks {
		f, g, err := s.find(m, u.kind)
		if err != nil {
			return err
		}
		p := placed{face: f, draw: m, x: (u.glyph.ink.Left + u.glyph.ink.Right - g.ink.Left - g.ink.Right) / 2}
		const apart = 0.04
		switch middle := (g.top + g.foot) / 2; {
		case middle > (u.glyph.top+u.glyph.foot)/2 && g.foot > 0.3 && g.foot < top+apart: // above
			p.up = top + apart - g.foot
			top = g.top + p.up
		case g.top < 0.1 && g.top > foot-apart: // below
			p.up = foot - apart - g.top
			foot = g.foot + p.up
		}
		u.marks = append(u.marks, p)
	}
	return nil
}

// measure returns how wide units are at a size, and their ink.
func measure(list []unit, size float64) (width float64, ink Ink) {
	for i := range list {
		ink = ink.add(list[i].glyph.ink, width)
		width += list[i].glyph.advance
	}
	ink.Left, ink.Right, ink.Center, ink.Area = ink.Left*size, ink.Right*size, ink.Center*size, ink.Area*size*size
	return width * size, ink
}

// runs sets units one after the other, in this order, from a place on.
func runs(list []unit, x, size float64) []run {
	var out []run
	open := false // what comes next may be drawn with the last one
	for i := range list {
		u := &list[i]
		r := run{face: u.face, x: x, width: u.glyph.advance * size, draw: string(u.drawn()), ruled: u.kind&underlined != 0}
		x += r.width
		if len(u.marks) == 0 && u.honest() {
			if last := len(out) - 1; open && out[last].face == r.face && out[last].ruled == r.ruled {
				out[last].draw += r.draw
				out[last].width += r.width
				continue
			}
			open = true
			out = append(out, r)
			continue
		}
		open = false
		r.actual, r.with = u.cluster.Text, len(u.marks)
		if u.level%2 == 1 {
			// Readers turn what they find among letters from right to left.
			list := []rune(r.actual)
			slices.Reverse(list)
			r.actual = string(list)
		}
		out = append(out, r)
		for _, m := range u.marks {
			out = append(out, run{face: m.face, x: r.x + m.x*size, up: m.up * size, draw: string(m.draw)})
		}
	}
	return out
}

// drawn is the character that is drawn.
func (u *unit) drawn() rune {
	if u.level%2 == 1 {
		return shape.Mirror(u.cluster.Draw)
	}
	return u.cluster.Draw
}

// honest says that what is drawn is what is read from it: the same character,
// one that means the same as a letter and its marks, or a joined form, of which
// the file says what it stands for.
func (u *unit) honest() bool {
	return string(u.cluster.Draw) == norm.NFC.String(u.cluster.Text) || shape.Plain(u.cluster.Draw) != ""
}

// breaks are the places in a word, in bytes, where a line may end: before and
// after each character of the scripts that have no blanks, but not before what
// closes, or after what opens.
func breaks(word string) []int {
	var out []int
	before := rune(0)
	for i, r := range word {
		if i > 0 && (ideograph(before) || ideograph(r)) && !closing(r) && !opening(before) {
			out = append(out, i)
		}
		before = r
	}
	return out
}

// ideograph says that a character is of a script without blanks between words.
func ideograph(r rune) bool {
	return r >= 0x2e80 && (unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef)
}

// closing says that no line begins with a character.
func closing(r rune) bool {
	return unicode.In(r, unicode.Pe, unicode.Pf, unicode.Po, unicode.Mn, unicode.Me, unicode.Lm) || strings.ContainsRune("ぁぃぅぇぉっゃゅょァィゥェォッャュョ", r)
}

// opening says that no line ends with a character.
func opening(r rune) bool { return unicode.In(r, unicode.Ps, unicode.Pi) }

// tooLong says that a word is longer than may be: where no line can end in it,
// maxWord bytes, otherwise more.
func tooLong(word string) bool {
	if len(word) <= maxWord {
		return false
	}
	last := 0
	for _, i := range append(breaks(word), len(word)) {
		if i-last > maxWord {
			return true
		}
		last = i
	}
	return len(word) > 16*maxWord
}

// firstCluster is how many bytes of a text belong to its first character, with
// its marks.
func firstCluster(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	for n < len(s) {
		m, k := utf8.DecodeRuneInString(s[n:])
		if !unicode.In(m, unicode.Mn, unicode.Me) {
			break
		}
		n += k
	}
	return n
}
