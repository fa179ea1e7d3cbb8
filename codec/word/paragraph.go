package word

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"tearline"
	"tearline/codec/document"
	"tearline/codec/word/internal/look"
	"tearline/codec/word/internal/opc"
)

// story is a flow of text: the body, a header, a note, a text box, a cell.
type story struct {
	*reader
	part   string
	rels   *opc.Relations
	zone   document.Zone
	place  string   // in words, of all that stands in it; "" for the body, whose paragraphs are counted
	fields []*field // that are open
	back   string   // the colour behind the text
	inNote bool
	inCell bool
}

func (r *reader) story(part string, zone document.Zone, place string) *story {
	rels, err := r.Rels(part)
	if err != nil && r.err == nil {
		r.err = err
		rels = &opc.Relations{}
	}
	page := r.page
	if page == "" {
		page = "FFFFFF"
	}
	return &story{reader: r, part: part, rels: rels, zone: zone, place: place, back: page}
}

// flow are the blocks of a story in their order.
type flow struct{ list []*piece }

// piece is a block, with what captions are found by.
type piece struct {
	document.Block
	caption bool // may be a picture's
	alt     string
	gone    bool // into a picture's caption
}

// add takes a block, within the limits.
func (s *story) add(f *flow, p *piece) {
	if strings.TrimSpace(p.Text) == "" && p.Form.Picture == nil {
		return
	}
	s.size += len(p.Text)
	if s.reader.blocks++; (s.size > document.MaxText || s.reader.blocks > document.MaxBlocks) && s.err == nil {
		s.err = fmt.Errorf("%d bytes of text in %d blocks: %w", s.size, s.reader.blocks, opc.ErrTooMuch)
	}
	p.Zone = s.zone
	f.list = append(f.list, p)
}

// seg is text in one type.
type seg struct {
	text string
	tearline.Style
}

// paragraph is one that is being read.
type paragraph struct {
	look.Setting
	heading int
	segs    []seg
	faults  []trap
	notes   []string                      // each with %s for the place
	below   []func(where string, f *flow) // what stands behind it
	cap     bool
}

func (p *paragraph) fault(text, hint string) {
	if len(p.faults) > maxFaults {
		return // more than are listed
	}
	for _, f := range p.faults {
		if f.text == text {
			return
		}
	}
	p.faults = append(p.faults, trap{text, hint})
}

// note takes a line with %s where the paragraph's place comes.
func (p *paragraph) note(format string) { p.notes = append(p.notes, format) }

// open begins a paragraph.
func (s *story) open(n *opc.Node) *paragraph {
	p := &paragraph{Setting: look.Setting{Styles: s.styles, Own: n.Kid("w:pPr"), Back: s.back}}
	p.Style = p.Own.Kid("w:pStyle").Attr("w:val")
	if s.styles.ByID[p.Style] == nil {
		p.Style = s.styles.Standard
	}
	p.heading = s.styles.Heading(p.Style)
	if v := p.Own.Kid("w:outlineLvl").Attr("w:val"); v != "" {
		p.heading = 0
		if n := opc.Number(v); n >= 0 && n < 9 {
			p.heading = n + 1
		}
	}
	p.cap = s.styles.Caption(p.Style)
	if p.Own == nil {
		return p
	}
	p.checkOwn()
	return p
}

// checkOwn looks at what is set for the paragraph itself.
func (p *paragraph) checkOwn() {
	for _, k := range p.Own.Kids {
		switch {
		case !paraPropNames[k.Name]:
			p.fault(fmt.Sprintf("a property %q, which is not known here", opc.Clip(k.Name, nearest)), "clear the formatting there")
		}
	}
	mark := p.Own.Kid("w:rPr")
	if mark.Kid("w:del") != nil || mark.Kid("w:moveFrom") != nil {
		p.fault("a tracked deletion of the end of a paragraph", hintChanges)
	}
	if mark.Kid("w:ins") != nil || mark.Kid("w:moveTo") != nil {
		p.note("text inserted with changes tracked counts as text: %s")
	}
	if p.Own.Kid("w:pPrChange") != nil {
		p.note("a tracked change of type is left out: %s")
	}
}

// placed looks for ways to set a paragraph where nobody sees it.
func (p *paragraph) placed() {
	if n := p.Prop("w:spacing"); n.Attr("w:lineRule") == "exact" && opc.Number(n.Attr("w:line")) <= 60 {
		p.fault("lines too low to be read", "set the line spacing to single")
	}
	ind := p.Prop("w:ind")
	for _, a := range []string{"w:left", "w:start", "w:right", "w:end", "w:firstLine", "w:hanging"} {
		if v := opc.Number(ind.Attr(a)); v < -7200 || v > 14400 {
			p.fault("text indented off the sheet", "set the indents to 0")
		}
	}
	p.framed()
}

// framed looks at the frame that a paragraph may stand in.
func (p *paragraph) framed() {
	fr := p.Prop("w:framePr")
	if d := fr.Attr("w:dropCap"); d != "" && d != "none" {
		p.fault("a capital that is set apart (drop cap)", hintFlat)
	}
	for _, a := range []string{"w:x", "w:y"} {
		if v := opc.Number(fr.Attr(a)); v < -1440 || v > 20000 {
			p.fault("a frame set off the sheet", hintFlat)
		}
	}
	for _, a := range []string{"w:w", "w:h"} {
		if v := fr.Attr(a); v != "" && opc.Number(v) < 60 && opc.Number(v) != 0 && fr.Attr("w:hRule") != "atLeast" {
			p.fault("a frame too small to be seen", hintFlat)
		}
	}
}

// put takes text in a type.
func (p *paragraph) put(text string, l look.Face) {
	if text == "" {
		return
	}
	st := tearline.Style{Bold: l.Bold, Italic: l.Italic, Underline: l.Underline}
	if strings.TrimSpace(text) != "" {
		if l.Hidden != "" {
			p.fault(l.Hidden, "remove it, or set it as plain text")
			return
		}
		var ok bool
		if text, ok = l.Shown(text); !ok {
			p.fault(fmt.Sprintf("letters that %s shows as others", l.Showing()), hintFlat)
			return
		}
		unseen := rune(-1) // the last that was told
		text = strings.Map(func(c rune) rune {
			if unicode.In(c, unicode.Cf, unicode.Co) || unicode.IsControl(c) && c != '\t' && c != '\n' {
				if c != unseen {
					p.fault(fmt.Sprintf("a character that nobody sees (%U)", c), hintRemove)
				}
				unseen = c
				return -1
			}
			return c
		}, text)
	}
	if n := len(p.segs); n > 0 && p.segs[n-1].Style == st {
		p.segs[n-1].text += text
		return
	}
	p.segs = append(p.segs, seg{text, st})
}

// joined returns the text, trimmed, with its styles.
func (p *paragraph) joined() (string, []tearline.Style) {
	var b strings.Builder
	var out []tearline.Style
	for _, s := range p.segs {
		from := b.Len()
		b.WriteString(s.text)
		if s.Bold || s.Italic || s.Underline {
			st := s.Style
			st.From, st.To = from, b.Len()
			out = append(out, st)
		}
	}
	return trim(b.String(), out)
}

// trim takes the blanks from both ends of a text, and moves its styles along.
func trim(text string, in []tearline.Style) (string, []tearline.Style) {
	t := strings.TrimRightFunc(text, unicode.IsSpace)
	end := len(t)
	t = strings.TrimLeftFunc(t, unicode.IsSpace)
	start := end - len(t)
	var out []tearline.Style
	for _, s := range in {
		s.From, s.To = max(s.From, start)-start, min(s.To, end)-start
		if s.From < s.To {
			out = append(out, s)
		}
	}
	return t, out
}

// finish ends a paragraph: its block, its faults, and what stands below it.
func (s *story) finish(p *paragraph, f *flow) {
	text, types := p.joined()
	form := tearline.Form{Styles: types}
	switch {
	case s.inNote:
		form.Shape = tearline.Note
	case p.heading > 0 && s.zone == document.Body:
		form.Shape, form.Level = tearline.Heading, p.heading
	case p.Style == noteStyle && s.zone == document.Body && !s.inCell:
		form.Shape = tearline.Note
	}
	if text != "" && s.zone == document.Body {
		s.item(p, &form)
	}
	where := s.where(text != "")
	if text != "" {
		p.placed()
	}
	s.tell(p, where, text)
	b := &piece{caption: p.cap || figureText.MatchString(text)}
	b.Where, b.Text, b.Form = where, text, form
	s.add(f, b)
	for _, do := range p.below {
		if s.err == nil {
			do(where, f)
		}
	}
}

// where returns the place of a paragraph, and counts it if it is seen.
func (s *story) where(seen bool) string {
	switch {
	case s.place != "":
		return s.place
	case seen:
		s.paragraphs++
		return fmt.Sprintf("paragraph %d", s.paragraphs)
	case s.paragraphs == 0:
		return "before paragraph 1"
	}
	return fmt.Sprintf("after paragraph %d", s.paragraphs)
}

// tell reports a paragraph's faults and notes, with its place and beginning.
func (s *story) tell(p *paragraph, where, text string) {
	near := where
	if text != "" {
		near += `, near "` + opc.Clip(text[:cut(text, 400)], nearest) + `"`
	}
	for _, x := range p.faults {
		s.fault(near, x.text, x.hint)
	}
	for _, x := range p.notes {
		s.note("%s", strings.Replace(x, "%s", where, 1))
	}
}

// cut returns a length of at most n bytes at which a text can be cut.
func cut(s string, n int) int {
	if len(s) <= n {
		return len(s)
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}
