package pdf

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tearline"
	"tearline/codec"
)

// A Word is a word where it stands.
type Word struct {
	Text string
	// X is where it begins, from the page's left edge, without a shift; Width
	// how far the text after it is moved on. In points.
	X, Width float64
	Ink      Ink
	// Fixed counts, from 0, the words of the portion that stand in every
	// recipient's copy, whatever alternatives it has; -1 for all other words.
	Fixed int
	// Carrier says that the word may be shifted here.
	Carrier bool
}

// A Choice is the alternative that a text has at one of its portion's points.
// Word is the index, in its line, of the word that it is part of, or that comes
// next.
type Choice struct{ Point, Alternative, Word int }

// A Line is one way in which a line can read.
type Line struct {
	Words []Word
	// Choices are what its words come from, in their order. At a line's end
	// they may be ahead of what can be seen: those of Next are not in them.
	Choices []Choice
	// Next is where the next line begins.
	Next Place
}

// A Place is where a line begins: after so many bytes of a part of the wording,
// with what was chosen for the word that comes next. Places can be compared.
type Place struct {
	part, alternative, offset int
	chosen                    string // of the next word's points, a byte each
	skip                      int    // pieces of the next word, too long for a line, that are set
	end                       bool
}

// Compare orders the places of one paragraph: what a line leads to comes after
// where it began.
func (p Place) Compare(q Place) int {
	return cmp.Or(cmp.Compare(p.part, q.part), cmp.Compare(p.offset, q.offset), cmp.Compare(p.skip, q.skip),
		cmp.Compare(p.alternative, q.alternative), cmp.Compare(p.chosen, q.chosen))
}

// End says that nothing is left.
func (p Place) End() bool { return p.end }

// A part is a stretch of a wording that is fixed, or a point.
type part struct {
	text  string
	point int // -1 of what is fixed
	alts  []string
	fixed map[int]int // where each fixed word of the text begins, and its number
}

// A Paragraph is a title or an item with all its alternatives, ready to be set
// line by line. It is not for several goroutines.
type Paragraph struct {
	// Portion is what its marks and points are numbered in.
	Portion tearline.PortionID
	// Size is that of the type, Lead how far its lines are apart, Before how
	// much further its first line is from what stands above, all in points.
	Size, Lead, Before float64
	// Bold says which font it is.
	Bold bool

	number      string // stands before the first line
	left, right float64
	parts       []part
	face        *face
	space       float64
}

// NewParagraph makes a paragraph of an item: the title if number is 0,
// otherwise the item of that number, from 1. Its choices are not looked at, nor
// its text if it has a wording.
func NewParagraph(it codec.Item, number int) (*Paragraph, error) {
	faces, err := newFaces()
	if err != nil {
		return nil, err
	}
	return newParagraph(it, number, faces)
}

func newParagraph(it codec.Item, number int, faces [2]*face) (*Paragraph, error) {
	p := &Paragraph{Portion: it.Portion, Size: textSize, Lead: leading, Before: gap, left: textLeft, right: pageWidth - margin, face: faces[0]}
	switch number {
	case 0:
		p.Size, p.Lead, p.Before, p.Bold = titleSize, titleLead, 2*gap, true
		p.left, p.face = margin, faces[1]
	case 1:
		p.Before = 1.5 * gap
		p.number = "1."
	default:
		p.number = strconv.Itoa(number) + "."
	}
	if it.Mark != "" {
		p.parts = append(p.parts, part{text: it.Mark + " ", point: -1})
	}
	body := partsOf(it)
	if number == 0 {
		for i := range body {
			body[i].fixed = nil // a title is set in another size, and too short
		}
	}
	p.parts = append(p.parts, body...)
	return p, p.prepare()
}

// plain makes a paragraph of a text that is the same for all.
func plain(text string, size, left, right float64, f *face) (*Paragraph, error) {
	p := &Paragraph{Size: size, left: left, right: right, face: f, Bold: f.name == boldName, parts: []part{{text: text, point: -1}}}
	return p, p.prepare()
}

// prepare measures the space, and sees that the font has all characters.
func (p *Paragraph) prepare() error {
	g, err := p.face.glyph(' ')
	if err != nil {
		return err
	}
	p.space = g.advance * p.Size
	if len(p.parts) > maxParts {
		return fmt.Errorf("more than %d alternatives and texts between them in one portion", maxParts)
	}
	for _, part := range p.parts {
		for _, t := range append([]string{part.text}, part.alts...) {
			for word := range strings.FieldsFuncSeq(t, blank) {
				if len(word) > maxWord {
					return fmt.Errorf("a word of %d bytes: at most %d", len(word), maxWord)
				}
				if _, _, err := p.face.text(word, p.Size); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func blank(r rune) bool { return strings.ContainsRune(blanks, r) }

// blanks part words. A line break in a text also ends the line.
const blanks = " \t\r\n"

// partsOf cuts an item's wording into parts, and numbers its fixed words: those
// that touch no point.
func partsOf(it codec.Item) []part {
	segments := it.Wording.Segments()
	if len(segments) == 0 {
		segments = []tearline.Segment{{Text: it.Text}}
	}
	var parts []part
	points := 0
	for _, s := range segments {
		n := len(parts) - 1
		switch {
		case s.Alternatives != nil:
			parts = append(parts, part{point: points, alts: s.Alternatives})
			points++
		case n >= 0 && parts[n].point < 0:
			parts[n].text += s.Text // an escape parts them in the source only
		default:
			parts = append(parts, part{text: s.Text, point: -1})
		}
	}
	fixed := 0
	for i := range parts {
		if parts[i].point < 0 {
			parts[i].fixed = map[int]int{}
			fixed = parts[i].count(fixed, i > 0, i < len(parts)-1)
		}
	}
	return parts
}

// count numbers the words of a fixed part; after and before say that there is a
// point ahead of it, and behind.
func (p *part) count(n int, after, before bool) int {
	for i := 0; i < len(p.text); {
		if strings.IndexByte(blanks, p.text[i]) >= 0 {
			i++
			continue
		}
		end := len(p.text)
		if k := strings.IndexAny(p.text[i:], blanks); k >= 0 {
			end = i + k
		}
		if (i > 0 || !after) && (end < len(p.text) || !before) {
			p.fixed[i] = n
			n++
		}
		i = end
	}
	return n
}

// Start is where the first line begins.
func (p *Paragraph) Start() Place { return Place{part: -1} }

// A token is the next word, with the points that were passed on the way.
type token struct {
	text    string
	fixed   int
	brk     bool // a line break before it
	end     bool // no word: the paragraph ends
	choices []Choice
	chosen  string
	after   Place
}

// next returns each word that can come next, by the alternatives that pick
// allows; those that are chosen already are no longer open.
func (p *Paragraph) next(from Place, pick func(point int) int) ([]token, error) {
	w := walk{p: p, pick: pick, given: from.chosen}
	t := token{fixed: -1}
	if from.part < 0 {
		w.enter(0, t)
	} else {
		w.on(from.part, from.alternative, from.offset, t)
	}
	if w.long {
		return nil, fmt.Errorf("a word of more than %d bytes", maxWord)
	}
	return w.found, nil
}

// Bounds of one paragraph: what is set takes a time that grows with them.
const (
	maxParts = 4096
	maxWord  = 4096 // bytes
)

// A walk looks for the end of the next word.
type walk struct {
	p     *Paragraph
	pick  func(point int) int
	given string
	found []token
	long  bool // a word is, with its alternatives, longer than may be
}

// enter goes on at the beginning of a part.
func (w *walk) enter(i int, t token) {
	if i >= len(w.p.parts) || w.p.parts[i].point < 0 {
		w.on(i, 0, 0, t)
		return
	}
	part := &w.p.parts[i]
	first, last := 0, len(part.alts)-1
	if n := len(t.chosen); n < len(w.given) {
		first = int(w.given[n])
		last = first
	} else if w.pick != nil {
		if c := w.pick(part.point); c >= 0 {
			first, last = c, c
		}
	}
	for a := first; a <= last && len(w.found) <= maxWays; a++ {
		u := t
		u.chosen += string([]byte{byte(a)})
		u.choices = append(slices.Clip(t.choices), Choice{Point: part.point, Alternative: a})
		w.on(i, a, 0, u)
	}
}

// on goes on within a part.
func (w *walk) on(i, alternative, offset int, t token) {
	if i >= len(w.p.parts) {
		t.end = t.text == ""
		t.after = Place{part: i}
		w.found = append(w.found, t)
		return
	}
	part := &w.p.parts[i]
	text := part.text
	if part.point >= 0 {
		text = part.alts[alternative]
	}
	for offset < len(text) {
		if c := text[offset]; strings.IndexByte(blanks, c) >= 0 {
			if t.text != "" {
				t.after = Place{part: i, alternative: alternative, offset: offset}
				w.found = append(w.found, t)
				return
			}
			t.brk = t.brk || c == '\n'
			offset++
			continue
		}
		end := len(text)
		if k := strings.IndexAny(text[offset:], blanks); k >= 0 {
			end = offset + k
		}
		if n, ok := part.fixed[offset]; ok && t.text == "" {
			t.fixed = n
		}
		if t.text += text[offset:end]; len(t.text) > maxWord {
			w.long = true
			return
		}
		offset = end
	}
	w.enter(i+1, t)
}

// Lines returns the ways in which the line that begins at a place can read. At
// each of the portion's points pick says which alternative it has; -1, or no
// pick, is any of them. More than 512 ways are an error.
func (p *Paragraph) Lines(from Place, pick func(point int) int) ([]Line, error) {
	b := breaker{p: p, pick: pick}
	line := Line{}
	if from == p.Start() && p.number != "" {
		w, ink, err := p.face.text(p.number, p.Size)
		if err != nil {
			return nil, err
		}
		line.Words = []Word{{Text: p.number, X: margin, Width: w, Ink: ink, Fixed: -1}}
	}
	b.grow(line, len(line.Words), from)
	if b.err != nil {
		return nil, b.err
	}
	if len(b.lines) > maxWays {
		return nil, fmt.Errorf("portion %s: a line of more than %d ways to read it", p.Portion, maxWays)
	}
	for i := range b.lines {
		p.carriers(b.lines[i].Words)
	}
	return b.lines, nil
}

// maxWays bounds the ways in which one line can read.
const maxWays = 512

// A breaker fills one line in all the ways there are.
type breaker struct {
	p     *Paragraph
	pick  func(point int) int
	lines []Line
	err   error
}

// grow puts the next word on the line, or ends it; the words before number
// first stand outside the text.
func (b *breaker) grow(line Line, first int, at Place) {
	if b.err != nil || len(b.lines) > maxWays {
		return
	}
	tokens, err := b.p.next(at, b.pick)
	if err != nil {
		b.err = err
	}
	for _, t := range tokens {
		if t.end {
			l := line.with(nil, t.choices)
			l.Next = t.after
			l.Next.end = true
			b.lines = append(b.lines, l)
			continue
		}
		wait := at
		wait.chosen = t.chosen
		if t.brk && len(line.Words) > first && at.skip == 0 {
			b.lines = append(b.lines, line.ending(wait))
			continue
		}
		w, rest, err := b.word(line, first, t, at.skip)
		switch {
		case err != nil:
			b.err = err
		case w == nil:
			b.lines = append(b.lines, line.ending(wait))
		case rest > 0: // the word goes on in the next line
			l := line.with(w, nil)
			wait.skip = rest
			b.lines = append(b.lines, l.ending(wait))
		default:
			b.grow(line.with(w, t.choices), first, t.after)
		}
	}
}

// word sets a token behind what is on the line, nil if there is no room. Of a
// word that is longer than a line it sets a piece: rest is how many bytes of it
// are set then.
func (b *breaker) word(line Line, first int, t token, skip int) (w *Word, rest int, err error) {
	p, x := b.p, b.p.left
	if n := len(line.Words); n > first {
		x = line.Words[n-1].X + line.Words[n-1].Width + p.space
	}
	out := Word{Text: t.text[skip:], X: x, Fixed: t.fixed}
	if out.Width, out.Ink, err = p.face.text(out.Text, p.Size); err != nil {
		return nil, 0, err
	}
	if x+out.Width <= p.right {
		if skip > 0 {
			out.Fixed = -1
		}
		return &out, 0, nil
	}
	if len(line.Words) > first {
		return nil, 0, nil
	}
	n, width := 0, 0.0
	for i, r := range out.Text {
		g, err := p.face.glyph(r)
		if err != nil {
			return nil, 0, err
		}
		if width += g.advance * p.Size; x+width > p.right && i > 0 {
			break
		}
		n = i + utf8.RuneLen(r)
	}
	out.Text, out.Fixed = out.Text[:n], -1
	if out.Width, out.Ink, err = p.face.text(out.Text, p.Size); err != nil {
		return nil, 0, err
	}
	return &out, skip + n, nil
}

// with returns the line with a word and choices more.
func (l Line) with(w *Word, choices []Choice) Line {
	words, made := slices.Clip(l.Words), slices.Clip(l.Choices)
	for _, c := range choices {
		c.Word = len(words)
		made = append(made, c)
	}
	if w != nil {
		words = append(words, *w)
	}
	return Line{Words: words, Choices: made}
}

// ending returns the line as it is, with what comes next.
func (l Line) ending(next Place) Line {
	l = l.with(nil, nil)
	l.Next = next
	return l
}

// carriers says which words of a line may be shifted: every second of the fixed
// ones, if there is a word on both sides, enough ink to say where it is, and
// enough space.
func (p *Paragraph) carriers(words []Word) {
	for i := 1; i < len(words)-1; i++ {
		w, before, after := &words[i], &words[i-1], &words[i+1]
		left := w.X + w.Ink.Left - before.X - before.Ink.Right
		right := after.X + after.Ink.Left - w.X - w.Ink.Right
		w.Carrier = w.Fixed >= 0 && w.Fixed%2 == 1 && w.Ink.Right-w.Ink.Left >= carrierInk &&
			left-Shift >= carrierGap && right-Shift >= carrierGap
	}
}
