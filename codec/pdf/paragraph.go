package pdf

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"tearline"
	"tearline/codec"
	"tearline/codec/pdf/shape"
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

	runs  []run  // what is drawn for it; nil is Text in the font of its line
	kinds string // the type of each byte of Text; "" is that of its line
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

	visual []run // what is drawn, if that is in another order
}

// A Place is where a line begins: after so many bytes of a part of the wording,
// with what was chosen for the word that comes next. Places can be compared.
type Place struct {
	part, alternative, offset int
	chosen                    string // of the next word's points, a byte each
	skip                      int    // bytes of the next word, too long for a line, that are set
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
	kinds string // the type of each byte of text, of a point in one; "" is that of the paragraph
	point int    // -1 of what is fixed
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
	// Item is the index of the page's item, or [Title].
	Item int

	label       string // stands before the first line
	labelX      float64
	box         float64 // where the gap for the label begins
	left, right float64
	mark        string // the first word or words of the first line
	fromRight   bool   // it runs from right to left
	still       bool   // none of its words carries a mark
	parts       []part
	fonts       *fonts
	face        *face // of its plain words
	kind        byte
	space       float64
}

// Paragraphs are those of a page that are set line by line down the sheet, in
// their order: its title, and all items but cells. Of a figure it is the
// caption. What the items' choices are is not looked at, nor what its text is,
// if it has a wording; but an item with stretches of other type has either
// both, or no text: then they are stretches of its wording's source. The
// caller's fonts are those of [Compose].
func Paragraphs(page codec.Page, extra ...[]byte) ([]*Paragraph, error) {
	set, err := newFonts(extra)
	if err != nil {
		return nil, err
	}
	var out []*Paragraph
	if page.Title != nil {
		p, err := newParagraph(*page.Title, Title, "", set)
		if err != nil {
			return nil, fmt.Errorf("title: %w", err)
		}
		out = append(out, p)
	}
	labels := page.Labels()
	for i, it := range page.Items {
		if it.Form.Shape == tearline.Cell {
			continue
		}
		p, err := newParagraph(it, i, labels[i], set)
		if err != nil {
			return nil, fmt.Errorf("item %d: %w", i+1, err)
		}
		out = append(out, p)
	}
	return out, nil
}

// newParagraph makes a paragraph of an item, or of the title.
func newParagraph(it codec.Item, index int, label string, set *fonts) (*Paragraph, error) {
	p := &Paragraph{
		Portion: it.Portion, Item: index, Size: textSize, Lead: leading, Before: gap,
		box: margin, left: textLeft, right: pageWidth - margin, label: label, labelX: margin, fonts: set,
	}
	p.stand(it.Form)
	if index == 0 {
		p.Before = 1.5 * gap
	}
	if index == Title {
		p.Size, p.Lead, p.Before, p.kind = titleSize, titleLead, 2*gap, bold
		p.left = margin
	}
	p.Bold, p.face = p.kind&bold != 0, set.of(p.kind)
	body := partsOf(it)
	if index == Title {
		for i := range body {
			body[i].fixed = nil // a title is set in another size, and too short
		}
	}
	if err := p.style(it, body); err != nil {
		return nil, err
	}
	if it.Mark != "" {
		p.mark = it.Mark
		p.parts = append(p.parts, part{text: it.Mark + " ", point: -1})
	}
	p.fromRight = shape.FromRight(cmp.Or(it.Text, it.Wording.Source()))
	p.parts = append(p.parts, body...)
	return p, p.prepare()
}

// stand says how an item of a form stands on the page.
func (p *Paragraph) stand(f tearline.Form) {
	level := float64(min(max(f.Level, 1), tearline.MaxLevel))
	switch f.Shape {
	case tearline.Heading:
		p.left, p.kind = margin, bold
		p.Size = max(textSize, 14-1.5*(level-1))
		p.Lead, p.Before = p.Size*1.35, 2*gap
	case tearline.ListItem:
		p.labelX = textLeft + (level-1)*listStep
		p.left = p.labelX + listStep
		p.Before = 2
	case tearline.Note:
		p.left, p.Size, p.Lead, p.Before, p.still = textLeft+listStep, smallSize, smallLead, 4, true
	case tearline.Figure:
		p.Before, p.still = 2, true
	case tearline.Cell:
		p.Size, p.Lead, p.Before, p.still = cellSize, cellLead, 0, true
	case tearline.Paragraph:
	}
}

// style gives the parts of an item the type of its stretches.
func (p *Paragraph) style(it codec.Item, body []part) error {
	if len(it.Form.Styles) == 0 {
		return nil
	}
	blind := it.Text == "" && it.Wording.Source() != ""
	length := len(it.Text)
	if blind {
		length = len(it.Wording.Source())
	}
	kinds, err := p.kindsIn(it.Form.Styles, length)
	if err != nil {
		return err
	}
	if blind {
		p.styleSource(it.Wording, body, kinds)
		return nil
	}
	at := 0
	for i := range body {
		b := &body[i]
		n := len(b.text)
		if b.point >= 0 {
			if b.point >= len(it.Choices) || it.Choices[b.point] < 0 || it.Choices[b.point] >= len(b.alts) {
				return fmt.Errorf("%d choices for a text with stretches of other type", len(it.Choices))
			}
			n = len(b.alts[it.Choices[b.point]])
		}
		if at+n > len(kinds) {
			return fmt.Errorf("the text is not its wording with its choices")
		}
		b.kinds = kinds[at : at+n]
		at += n
	}
	return nil
}

// kindsIn returns the type of each byte of a text with stretches of other type.
func (p *Paragraph) kindsIn(styles []tearline.Style, length int) (string, error) {
	kinds := bytes.Repeat([]byte{p.kind}, length)
	last := 0
	for _, s := range styles {
		if s.From < last || s.To <= s.From || s.To > len(kinds) {
			return "", fmt.Errorf("type from byte %d to %d, in a text of %d, after %d", s.From, s.To, len(kinds), last)
		}
		last = s.To
		kind := p.kind
		if s.Bold {
			kind |= bold
		}
		if s.Italic {
			kind |= italic
		}
		if s.Underline {
			kind |= underlined
		}
		for i := s.From; i < s.To; i++ {
			kinds[i] = kind
		}
	}
	return string(kinds), nil
}

// styleSource gives the parts of a wording the type that its source has.
func (p *Paragraph) styleSource(w tearline.Wording, body []part, kinds string) {
	i := 0
	for _, s := range w.Segments() {
		if s.Alternatives != nil {
			for body[i].point < 0 {
				i++
			}
			body[i].kinds = kinds[s.Start : s.Start+1]
			i++
			continue
		}
		b := &body[i]
		for k := range len(s.Text) { // an escape is longer in the source
			b.kinds += kinds[min(s.Start+k, s.End-1):][:1]
		}
	}
}

// plain makes a paragraph of a text that is the same for all.
func plain(text string, size, left, right float64, kind byte, set *fonts) (*Paragraph, error) {
	p := &Paragraph{
		Size: size, box: left, left: left, right: right, kind: kind, face: set.of(kind), fonts: set, Bold: kind&bold != 0, still: true,
		fromRight: shape.FromRight(text), parts: []part{{text: text, point: -1}},
	}
	return p, p.prepare()
}

// prepare measures the space, and sees that there is a font for each character.
func (p *Paragraph) prepare() error {
	g, _, err := p.face.glyph(' ')
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
				if tooLong(word) {
					return fmt.Errorf("a word of %d bytes: at most %d", len(word), maxWord)
				}
				if _, err := p.word(word, ""); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// word sets a word of its own, or a piece of one. kinds is the type of each of
// its bytes, "" that of the paragraph.
func (p *Paragraph) word(text, kinds string) (Word, error) {
	w := Word{Text: text, Fixed: -1, kinds: kinds}
	if strings.Trim(kinds, string(rune(p.kind))) == "" {
		var ok bool
		var err error
		if w.Width, w.Ink, ok, err = p.face.text(text, p.Size); ok || err != nil {
			return w, err
		}
	}
	list, err := p.fonts.units(text, kinds, p.kind)
	if err != nil {
		return w, err
	}
	w.Width, w.Ink = measure(list, p.Size)
	w.runs = runs(list, 0, p.Size)
	return w, nil
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
	kinds   string // the type of each byte, "" if it is that of the paragraph
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
	maxRoom  = 1024 // bytes of a word that are looked at for one line
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
		t.kinds = w.p.kindsOf(part, t, offset, end)
		if t.text += text[offset:end]; tooLong(t.text) {
			w.long = true
			return
		}
		offset = end
	}
	w.enter(i+1, t)
}

// kindsOf returns the type of a word that goes on with some bytes of a part.
func (p *Paragraph) kindsOf(from *part, t token, offset, end int) string {
	if from.kinds == "" && t.kinds == "" {
		return ""
	}
	kinds := t.kinds + strings.Repeat(string(rune(p.kind)), len(t.text)-len(t.kinds))
	switch {
	case from.kinds == "":
		return kinds + strings.Repeat(string(rune(p.kind)), end-offset)
	case from.point >= 0: // alternatives are all of one type
		return kinds + strings.Repeat(from.kinds[:1], end-offset)
	}
	return kinds + from.kinds[offset:end]
}

// Lines returns the ways in which the line that begins at a place can read. At
// each of the portion's points pick says which alternative it has; -1, or no
// pick, is any of them. More than 512 ways are an error.
func (p *Paragraph) Lines(from Place, pick func(point int) int) ([]Line, error) {
	b := breaker{p: p, pick: pick}
	line := Line{}
	if from == p.Start() && p.label != "" {
		w, err := p.word(p.label, "")
		if err != nil {
			return nil, err
		}
		w.X = p.labelX
		line.Words = []Word{w}
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
// word that is longer than a line, or in which a line may end, it sets a piece:
// rest is how many bytes of it are set then.
func (b *breaker) word(line Line, first int, t token, skip int) (w *Word, rest int, err error) {
	p, x := b.p, b.p.left
	if n := len(line.Words); n > first {
		x = line.Words[n-1].X + line.Words[n-1].Width + p.space
	}
	text, kinds := t.text[skip:], ""
	if t.kinds != "" {
		kinds = t.kinds[skip:]
	}
	if len(text) > maxRoom { // no line has room for so much
		n := maxRoom
		for !utf8.RuneStart(text[n]) {
			n--
		}
		text = text[:n]
	}
	end := len(text)
	out, err := p.word(text, kinds[:min(end, len(kinds))])
	if err != nil {
		return nil, 0, err
	}
	if x+out.Width > p.right {
		if end, err = p.piece(text, kinds, p.right-x, len(line.Words) > first); err != nil || end == 0 {
			return nil, 0, err
		}
		if out, err = p.word(text[:end], kinds[:min(end, len(kinds))]); err != nil {
			return nil, 0, err
		}
	}
	out.X = x
	if skip+end < len(t.text) {
		return &out, skip + end, nil
	}
	if skip == 0 {
		out.Fixed = t.fixed
	}
	return &out, 0, nil
}

// piece returns how many bytes of a word have room: up to where a line may end
// in it, otherwise none if something stands before it, otherwise as many as
// there is room for, and one character at least.
func (p *Paragraph) piece(text, kinds string, room float64, behind bool) (int, error) {
	fits := firstCluster(text)
	first := fits
	for i := first; i < len(text); {
		n := i + firstCluster(text[i:])
		w, err := p.pieceWidth(text[:n], kinds)
		if err != nil {
			return 0, err
		}
		if w > room {
			break
		}
		fits, i = n, n
	}
	best := 0
	for _, at := range breaks(text) {
		if at <= fits {
			best = at
		}
	}
	if w, err := p.pieceWidth(text[:first], kinds); err != nil || w > room && behind {
		return 0, err
	}
	if best > 0 || behind {
		return best, nil
	}
	return fits, nil
}

func (p *Paragraph) pieceWidth(text, kinds string) (float64, error) {
	w, err := p.word(text, kinds[:min(len(text), len(kinds))])
	return w.Width, err
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
	if p.still || p.fromRight || slices.ContainsFunc(words, func(w Word) bool { return w.runs != nil && shape.HasRight(w.Text) }) {
		return
	}
	for i := 1; i < len(words)-1; i++ {
		w, before, after := &words[i], &words[i-1], &words[i+1]
		left := w.X + w.Ink.Left - before.X - before.Ink.Right
		right := after.X + after.Ink.Left - w.X - w.Ink.Right
		w.Carrier = w.Fixed >= 0 && w.runs == nil && w.Fixed%2 == 1 && w.Ink.Right-w.Ink.Left >= carrierInk &&
			left-Shift >= carrierGap && right-Shift >= carrierGap
	}
}
