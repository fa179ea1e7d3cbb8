// Package plain reads a text file as a report: paragraphs, headings that are
// underlined, items of lists, and the banners at the top and the bottom of its
// pages. The text of a mail is made of the same paragraphs ([Blocks]).
//
// The package changes no words, and may not judge them: characters that hide
// stay where they are, for the checks that refuse them. A mark at the start of
// a line always begins a block, so that no portion is taken under the mark of
// the one before; where a line may or may not begin one, it does.
package plain

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"tearline"
	"tearline/codec/document"
)

// maxLines bounds the lines of one text: each costs more than its bytes.
const maxLines = 1_000_000

// A Line is one line of a text.
type Line struct {
	Number int // from 1
	Page   int // from 1; form feeds part pages
	Text   string
}

// Read reads a text file: UTF-8, or UTF-16 that says so by its first bytes.
// Lines that do nothing but rule (---, ___) are left out. An error is a
// [tearline.Error] of kind Invalid.
func Read(b []byte) (document.Reading, error) {
	if len(b) > document.MaxInput {
		return document.Reading{}, refuse(fmt.Sprintf("the text is larger than %d MiB", document.MaxInput>>20), "divide it", nil)
	}
	s, err := decode(b)
	if err != nil {
		return document.Reading{}, refuse(err.Error(), "save it as UTF-8 text", err)
	}
	if len(s) > document.MaxText {
		return document.Reading{}, refuse(fmt.Sprintf("the text is longer than %d MiB", document.MaxText>>20), "divide it", nil)
	}
	lines, err := Lines(s)
	if err != nil {
		return document.Reading{}, refuse(err.Error(), "divide it", err)
	}
	rest, zones := Banners(lines)
	body := Blocks("", rest)
	if len(body)+len(zones) > document.MaxBlocks {
		return document.Reading{}, refuse(fmt.Sprintf("the text has more than %d paragraphs", document.MaxBlocks), "divide it", nil)
	}
	if len(body)+len(zones) == 0 {
		return document.Reading{}, refuse("there is no text in it", "", nil)
	}
	r := document.Reading{Blocks: append(zones, body...)}
	if n := labelled(rest); n > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("numbers and bullets are left out, from line %d on: a copy is numbered anew", n))
	}
	return r, nil
}

func refuse(what, hint string, err error) error {
	return &tearline.Error{Op: "plain.read", Kind: tearline.Invalid, Public: what, Hint: hint, Err: err}
}

// decode makes a string of a text in an encoding that is certain.
func decode(b []byte) (string, error) {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		return decode16(b)
	case !utf8.Valid(b):
		return "", fmt.Errorf("the text is not UTF-8")
	case bytes.IndexByte(b, 0) >= 0:
		return "", fmt.Errorf("this is no text")
	}
	return string(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))), nil
}

// decode16 decodes UTF-16 behind its mark.
func decode16(b []byte) (string, error) {
	low, high := 0, 1
	if b[0] == 0xfe {
		low, high = 1, 0
	}
	if b = b[2:]; len(b)%2 != 0 {
		return "", fmt.Errorf("the UTF-16 text breaks off")
	}
	out := make([]byte, 0, len(b)/2)
	unit := func(i int) rune { return rune(b[i+low]) | rune(b[i+high])<<8 }
	for i := 0; i < len(b); i += 2 {
		r := unit(i)
		if utf16.IsSurrogate(r) && i+2 < len(b) {
			r = utf16.DecodeRune(r, unit(i+2))
			i += 2
		}
		switch {
		case r == 0:
			return "", fmt.Errorf("this is no text")
		case utf16.IsSurrogate(r) || r == utf8.RuneError:
			return "", fmt.Errorf("the UTF-16 text is damaged")
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out), nil
}

// Lines parts a text into lines and pages. A carriage return that ends no line
// stays in the text. It refuses a text of more than a million lines.
func Lines(s string) ([]Line, error) {
	n := strings.Count(s, "\n") + strings.Count(s, "\f") + 1
	if n > maxLines {
		return nil, fmt.Errorf("the text has more than %d lines", maxLines)
	}
	out := make([]Line, 0, n)
	page, number := 1, 0
	for l := range strings.SplitSeq(s, "\n") {
		number++
		l = strings.TrimSuffix(l, "\r")
		for i, part := range strings.Split(l, "\f") {
			if i > 0 {
				page++
			}
			out = append(out, Line{number, page, part})
		}
	}
	return out, nil
}

// Banners takes out the first and the last line of a page, or of the whole
// text, where both say the same: they come back as blocks of the header and
// the footer, each different one once.
func Banners(lines []Line) (rest []Line, banners []document.Block) {
	z := &zones{lines: lines, drop: map[int]bool{}, seen: map[string]bool{}}
	for from := 0; from < len(lines); {
		to := from + 1
		for to < len(lines) && lines[to].Page == lines[from].Page {
			to++
		}
		z.pair(from, to)
		from = to
	}
	z.pair(0, len(lines))
	if len(z.drop) == 0 {
		return lines, nil
	}
	rest = slices.Clone(lines)
	for i := range z.drop {
		rest[i].Text = "" // what stood around it does not join
	}
	return rest, z.out
}

// zones collects banners.
type zones struct {
	lines []Line
	drop  map[int]bool
	seen  map[string]bool // by zone and text
	out   []document.Block
}

// pair takes the first and the last of some lines, if they are banners.
func (z *zones) pair(from, to int) {
	for from < to && blank(z.lines[from].Text) {
		from++
	}
	for to > from && blank(z.lines[to-1].Text) {
		to--
	}
	if to-from < 2 || z.drop[from] || z.drop[to-1] || !banner(z.lines[from].Text) || trim(z.lines[from].Text) != trim(z.lines[to-1].Text) {
		return
	}
	z.add(from, document.Header)
	z.add(to-1, document.Footer)
}

func (z *zones) add(i int, zone document.Zone) {
	z.drop[i] = true
	b := document.Block{Zone: zone, Text: trim(z.lines[i].Text)}
	if k := fmt.Sprint(zone) + b.Text; !z.seen[k] {
		z.seen[k] = true
		b.Where = fmt.Sprintf("line %d", z.lines[i].Number)
		z.out = append(z.out, b)
	}
}

// banner reports whether a line may be one: it has words, no mark, and is no
// longer than a line of a page.
func banner(l string) bool {
	l = trim(l)
	return len(l) <= 300 && !rule(l) && !Marked(l)
}

func trim(l string) string { return strings.Trim(l, " \t") }

// blank reports whether a line shows nothing. One of hidden characters alone
// is none: they are to be found.
func blank(l string) bool { return strings.Trim(l, " \t\u00a0") == "" }
