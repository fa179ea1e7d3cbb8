// Package look takes the last look at a file before it leaves: it reads a Word
// file ([DOCX]), a web page ([HTML]) or a PDF ([PDF]) from its bytes, and
// returns every text that a person or a tool could find in it, whether it
// shows or not.
//
// It shares no code with the packages that write these files, nor with those
// that read foreign ones: what one of them overlooks, another must not. It
// knows what our own writers make, and nothing else: every byte of a file is
// accounted for, and an element, an attribute, a member, an object or an
// operator that no copy of ours has is an error. Texts come back even beside an
// error, the shown ones first, in order: words that follow each other on the
// page are in one text. Numbers that a Word file or a web page has beside its
// text follow each other from 1: a gap would tell of what is not there. No file
// says when it was made.
//
// The package may not judge what is withheld, mend a file, read files, the
// clock or the network. It says nothing of what letters look like: a picture is
// checked for what it holds beside its pixels, a font for what it holds beside
// its outlines.
package look

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// errForeign: something that no copy of ours has.
var errForeign = errors.New("not a copy as it was written")

// Limits of one file.
const (
	maxFile     = 64 << 20
	maxInflated = 96 << 20  // of all that is packed in it, but pictures
	maxRows     = 256 << 20 // of all pictures, unpacked; they are not kept
	maxDepth    = 64        // of elements, dictionaries and arrays
	maxMembers  = 2000      // of a package
	maxObjects  = 200_000   // of a PDF
	maxValues   = 1 << 21   // of its objects together, and of one of its pages
	maxErrors   = 40        // more say nothing new
)

// A gather collects what a file holds.
type gather struct {
	shown, rest []string
	errs        []error
	more        int
	room, rows  int // bytes that may still be unpacked
}

func newGather() *gather { return &gather{room: maxInflated, rows: maxRows} }

// show keeps a text that stands on the page.
func (g *gather) show(s string) {
	if strings.TrimSpace(s) != "" {
		g.shown = append(g.shown, strings.ToValidUTF8(s, " "))
		g.legible(s)
	}
}

// keep keeps a text from elsewhere.
func (g *gather) keep(s string) {
	if strings.TrimSpace(s) != "" {
		g.rest = append(g.rest, strings.ToValidUTF8(s, " "))
	}
}

// legible refuses characters that carry text past the eye.
func (g *gather) legible(s string) {
	if !utf8.ValidString(s) {
		g.foreign("text that is not UTF-8")
	}
	for _, r := range s {
		if unseen(r) {
			g.foreign("hidden character %U", r)
			return
		}
	}
}

// foreign notes something that no copy has.
func (g *gather) foreign(format string, args ...any) {
	if len(g.errs) == maxErrors {
		g.more++
		return
	}
	g.errs = append(g.errs, fmt.Errorf("%w: %s", errForeign, fmt.Sprintf(format, args...)))
}

// stray notes bytes that stand where none should be.
func (g *gather) stray(what string, b []byte) {
	if len(b) == 0 {
		return
	}
	g.foreign("%d bytes %s", len(b), what)
	g.keep(string(b))
	g.print(b)
}

// print keeps what can be read of bytes that are no text.
func (g *gather) print(b []byte) {
	p := printed{keep: g.keep}
	p.add(b)
	p.end()
}

// all returns what was found.
func (g *gather) all() ([]string, error) {
	if g.more > 0 {
		g.errs = append(g.errs, fmt.Errorf("%w: %d things more", errForeign, g.more))
	}
	return append(g.shown, g.rest...), errors.Join(g.errs...)
}

// printed finds runs of letters in bytes that are no text, of one byte or two
// each.
type printed struct {
	keep    func(string)
	run     []byte
	letters int
	gap     bool // the last byte was a zero
}

// minRun is the shortest run: shorter ones turn up by chance.
const minRun = 12

func (p *printed) add(b []byte) {
	for _, c := range b {
		switch {
		case c >= ' ' && c < 0x7f:
			p.run = append(p.run, c)
			if c == ' ' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' {
				p.letters++
			}
			p.gap = false
		case c == 0 && !p.gap && len(p.run) > 0:
			p.gap = true
		default:
			p.end()
		}
	}
}

func (p *printed) end() {
	if len(p.run) >= minRun && 4*p.letters >= 3*len(p.run) {
		p.keep(string(p.run))
	}
	p.run, p.letters, p.gap = p.run[:0], 0, false
}

// Write makes it the end of a stream.
func (p *printed) Write(b []byte) (int, error) {
	p.add(b)
	return len(b), nil
}

// unseen is this package's own list of characters that show nothing.
func unseen(r rune) bool {
	switch {
	case r < ' ' && r != '\t' && r != '\n', r >= 0x7f && r < 0xa0:
		return true
	case r == 0xad, r == 0x34f, r == 0x61c, r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5, r == 0x3164, r == 0xffa0, r == 0xfeff:
		return true
	case r >= 0x180b && r <= 0x180f, r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f:
		return true
	case r >= 0xfe00 && r <= 0xfe0f, r >= 0xfff0 && r <= 0xfffb, r >= 0xe000 && r <= 0xf8ff:
		return true
	}
	return r >= 0xe0000
}

// bright reports whether a colour, of parts from 0 to 1, is too near to paper
// for text.
func bright(r, g, b float64) bool { return 0.2126*r+0.7152*g+0.0722*b > 0.6 }

// list is a set of the words of s.
func list(s string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		out[w] = true
	}
	return out
}
