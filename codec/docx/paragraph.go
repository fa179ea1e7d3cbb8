package docx

import (
	"encoding/xml"
	"fmt"
	"strings"

	"golang.org/x/text/unicode/bidi"

	"tearline"
	"tearline/codec"
)

// A paragraph is one as it stands in a part.
type paragraph struct {
	style string
	num   int  // of the list that counts it, 0 if none does
	level int  // in that list, from 0
	keep  bool // on one sheet with the next
	bidi  bool
	runs  string
}

// portion makes a paragraph of an item: its mark, then its text.
func portion(it *codec.Item, style string) paragraph {
	p := paragraph{style: style, bidi: rightToLeft(it.Text)}
	switch {
	case it.Mark == "":
	case it.Text == "":
		p.runs = run(it.Mark, face{})
	default:
		p.runs = run(it.Mark+" ", face{})
	}
	p.runs += text(it.Text, it.Form.Styles)
	return p
}

func (w *writer) paragraph(p paragraph) { w.body.WriteString(p.String()) }

// String returns the paragraph as XML, its properties in the order that the
// format prescribes.
func (p paragraph) String() string {
	var b strings.Builder
	b.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + p.style + `"/>`)
	if p.keep {
		b.WriteString(`<w:keepNext/>`)
	}
	if p.num > 0 {
		fmt.Fprintf(&b, `<w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr>`, p.level, p.num)
	}
	if p.bidi {
		b.WriteString(`<w:bidi/>`)
	}
	b.WriteString(`</w:pPr>` + p.runs + `</w:p>`)
	return b.String()
}

// face is the type in which a run is set.
type face struct{ bold, italic, underline, rtl bool }

// text returns the runs of a text with its stretches of other type.
func text(s string, styles []tearline.Style) string {
	var b strings.Builder
	right := directions(s)
	from, at, now := 0, 0, face{}
	for i := range s {
		for at < len(styles) && styles[at].To <= i {
			at++
		}
		next := face{rtl: right != nil && right[i]}
		if at < len(styles) && styles[at].From <= i {
			next.bold, next.italic, next.underline = styles[at].Bold, styles[at].Italic, styles[at].Underline
		}
		if next != now && i > 0 {
			b.WriteString(run(s[from:i], now))
			from = i
		}
		now = next
	}
	if from < len(s) {
		b.WriteString(run(s[from:], now))
	}
	return b.String()
}

// run returns one run. Line breaks and tabs are elements of their own.
func run(s string, t face) string {
	var b strings.Builder
	b.WriteString(`<w:r>`)
	if t != (face{}) {
		b.WriteString(`<w:rPr>`)
		if t.bold {
			b.WriteString(`<w:b/><w:bCs/>`)
		}
		if t.italic {
			b.WriteString(`<w:i/><w:iCs/>`)
		}
		if t.underline {
			b.WriteString(`<w:u w:val="single"/>`)
		}
		if t.rtl {
			b.WriteString(`<w:rtl/>`)
		}
		b.WriteString(`</w:rPr>`)
	}
	for s != "" {
		i := strings.IndexAny(s, "\n\t")
		if i < 0 {
			i = len(s)
		}
		if plain := strings.TrimSuffix(s[:i], "\r"); plain != "" {
			b.WriteString(`<w:t xml:space="preserve">` + escape(plain) + `</w:t>`)
		}
		if i == len(s) {
			break
		}
		if s[i] == '\n' {
			b.WriteString(`<w:br/>`)
		} else {
			b.WriteString(`<w:tab/>`)
		}
		s = s[i+1:]
	}
	b.WriteString(`</w:r>`)
	return b.String()
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes all
	return b.String()
}

// rightToLeft reports whether a text's first strong character says that it is
// written from right to left.
func rightToLeft(s string) bool {
	for _, r := range s {
		if right, strong := direction(r); strong {
			return right
		}
	}
	return false
}

// direction reports whether a character has a direction of its own, and whether
// that is from right to left.
func direction(r rune) (right, strong bool) {
	if r < 0x80 { // most of them
		return false, 'a' <= r|0x20 && r|0x20 <= 'z'
	}
	p, _ := bidi.LookupRune(r)
	c := p.Class()
	right = c == bidi.R || c == bidi.AL
	return right, right || c == bidi.L
}

// directions says of each byte that begins a character whether it is part of a
// stretch written from right to left; nil if none is. What has no direction of
// its own goes with its neighbours if they agree, with the text if not.
func directions(s string) []bool {
	if !strings.ContainsFunc(s, func(r rune) bool { right, _ := direction(r); return right }) {
		return nil
	}
	base := rightToLeft(s)
	out := make([]bool, len(s))
	last, open := base, 0 // the last strong direction, and the byte after it
	fill := func(to int, next bool) {
		for ; open < to; open++ {
			out[open] = base
			if last == next {
				out[open] = last
			}
		}
	}
	for i, r := range s {
		right, strong := direction(r)
		if !strong {
			continue
		}
		fill(i, right)
		last, out[i], open = right, right, i+1
	}
	fill(len(s), base)
	return brackets(s, out)
}

// brackets has each closing bracket go with the one that it closes.
func brackets(s string, right []bool) []bool {
	var open []int
	for i, r := range s {
		p, _ := bidi.LookupRune(r)
		switch {
		case !p.IsBracket():
		case p.IsOpeningBracket():
			open = append(open, i)
		case len(open) > 0:
			right[i], open = right[open[len(open)-1]], open[:len(open)-1]
		}
	}
	return right
}
