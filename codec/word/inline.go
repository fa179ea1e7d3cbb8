package word

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"tearline/codec/document"
	"tearline/codec/word/internal/look"
	"tearline/codec/word/internal/opc"
)

// inline reads the pieces of a paragraph.
func (s *story) inline(p *paragraph, kids []*opc.Node) {
	if !s.down() {
		return
	}
	defer s.up()
	for _, k := range kids {
		if s.err != nil {
			return
		}
		s.piece(p, k)
	}
}

func (s *story) piece(p *paragraph, k *opc.Node) {
	if s.common(k, p.fault) {
		return
	}
	switch k.Name {
	case "w:r":
		s.run(p, k)
	case "w:hyperlink":
		s.hyperlink(p, k)
	case "w:fldSimple":
		s.instruction(p, k.Attr("w:instr"), true)
		s.fieldData(p, k)
		s.inline(p, opc.Without(k, "w:fldData"))
	case "w:ins", "w:moveTo":
		p.note("text inserted with changes tracked counts as text: %s")
		s.inline(p, k.Kids)
	case "w:sdt":
		s.control(k, p.fault)
		s.inline(p, k.Kid("w:sdtContent").All())
	case "w:smartTag", "w:customXml":
		s.tagged(k, p.fault)
		s.inline(p, opc.Without(k, "w:smartTagPr", "w:customXmlPr"))
	case "mc:AlternateContent":
		s.inline(p, s.choose(k, p.fault))
	default:
		if inside[k.Name] {
			s.inline(p, k.Kids)
			return
		}
		p.fault(unknown(k), hintFlat)
	}
}

// common deals with what is the same among blocks, pieces of paragraphs and
// pieces of runs, and reports whether k was that.
func (s *story) common(k *opc.Node, fault func(text, hint string)) bool {
	if k.Name == "" {
		if strings.TrimSpace(k.Text) != "" {
			fault("text outside of the document's text", hintInspect)
		}
		return true
	}
	if t, ok := traps[k.Name]; ok && k.Name != "w:tbl" {
		k.Take()
		fault(t.text, t.hint)
		return true
	}
	if k.Name == "w:bookmarkStart" {
		if n := k.Attr("w:name"); s.telling(n) {
			fault(fmt.Sprintf("a bookmark whose name is a text, %q", opc.Clip(n, nearest)), "remove the bookmark")
		}
		return true
	}
	if !furniture[k.Name] {
		return false
	}
	if k.Stray() != "" {
		k.Take()
		fault("text outside of the document's text", hintInspect)
	}
	return true
}

func unknown(k *opc.Node) string {
	return fmt.Sprintf("an element %q, which is not known here", opc.Clip(k.Name, 2*nearest))
}

// unknown has a fault for what stands beside the body.
func (s *story) unknown(k *opc.Node, where string) {
	if k.Name != "" || strings.TrimSpace(k.Text) != "" {
		s.fault(where, unknown(k), hintFlat)
	}
}

// telling reports whether a name that nobody sees is a text, and not one that
// the document's own text has.
func (s *story) telling(name string) bool {
	for _, p := range []string{"_Toc", "_Hlk", "_Ref"} {
		if number, ok := strings.CutPrefix(name, p); ok && !strings.ContainsFunc(number, unicode.IsLetter) {
			return false
		}
	}
	return opc.Words(name) >= 3 && s.unsaid(name)
}

// unsaid reports whether the body does not have a text, word by word.
func (s *story) unsaid(text string) bool {
	if strings.TrimSpace(text) == "" {
		return false
	}
	if s.said == "" {
		var b strings.Builder
		s.body.Each(func(k *opc.Node) {
			switch k.Name {
			case "w:t":
				b.WriteString(k.Own())
			case "w:p", "w:tab", "w:br", "w:cr":
				b.WriteByte(' ')
			}
		})
		s.said = " " + bare(b.String()) + " "
	}
	return bare(text) == "" || !strings.Contains(s.said, " "+bare(text)+" ")
}

// bare returns the words of a text in small letters, parted by blanks.
func bare(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(c rune) bool { return !unicode.IsLetter(c) }), " ")
}

// tagged looks at names that a program has put around text.
func (s *story) tagged(k *opc.Node, fault func(text, hint string)) {
	for _, name := range []string{"w:smartTagPr", "w:customXmlPr"} {
		k.Kid(name).Each(func(a *opc.Node) {
			if opc.Words(a.Attr("w:val")) >= 3 || strings.TrimSpace(a.Own()) != "" {
				fault("a tag that holds text which nobody sees", hintFlat)
			}
		})
	}
}

// hyperlink reads a link: its text stays, its address is left out.
func (s *story) hyperlink(p *paragraph, k *opc.Node) {
	if strings.TrimSpace(k.Attr("w:tooltip")) != "" {
		p.fault("a link with a text that is shown only when it is pointed at", "remove the link's ScreenTip")
	}
	if id := k.Attr("r:id"); id != "" {
		s.link(p, id)
	}
	if s.telling(k.Attr("w:anchor")) {
		p.fault(fmt.Sprintf("a link to a place whose name is a text, %q", opc.Clip(k.Attr("w:anchor"), nearest)), "remove the link")
	}
	s.inline(p, k.Kids)
}

// link notes the address of a relation.
func (s *story) link(p *paragraph, id string) {
	if rel := s.rels.ByID[id]; rel != nil {
		s.told[rel.Target] = true
		p.note("the address of a link is left out, %s: " + opc.Clip(rel.Target, maxQuoted))
		return
	}
	p.fault("a link that leads nowhere", "remove the link")
}

// control looks at a content control; its text is read as any other.
func (s *story) control(k *opc.Node, fault func(text, hint string)) {
	for _, n := range opc.Without(k, "w:sdtContent", "w:sdtPr", "w:sdtEndPr") {
		fault(unknown(n), hintFlat)
	}
	text := k.Kid("w:sdtContent").Stray()
	for _, pr := range k.Kid("w:sdtPr").All() {
		switch pr.Name {
		case "w:alias", "w:tag":
			if v := pr.Attr("w:val"); opc.Words(v) >= 3 && opc.Squeeze(v) != text {
				fault(fmt.Sprintf("a content control whose name is a text, %q", opc.Clip(v, nearest)), "remove the content control")
			}
		case "w:showingPlcHdr":
			if opc.On(pr) && text != "" {
				fault("a content control that nobody filled in", "fill it in, or remove it")
			}
		case "w:comboBox", "w:dropDownList":
			if hasOther(pr, text) {
				fault("a list of choices of which one is seen", "remove the content control, and leave its text")
			}
		default:
			if !sdtProps[pr.Name] || pr.Stray() != "" {
				fault(unknown(pr), hintFlat)
			}
		}
	}
}

// hasOther reports whether a list of choices has one beside what is shown.
func hasOther(list *opc.Node, text string) bool {
	for _, item := range list.Kids {
		shows, value := opc.Squeeze(item.Attr("w:displayText")), opc.Squeeze(item.Attr("w:value"))
		if (shows != "" && shows != text || shows == "" && value != "") && value != text {
			return true
		}
	}
	return false
}

// run reads one run.
func (s *story) run(p *paragraph, n *opc.Node) {
	rpr := n.Kid("w:rPr")
	for _, k := range n.Kids {
		if k.Name == "w:rPr" && k != rpr {
			p.fault("a run with properties twice", "clear the formatting there")
		}
	}
	for _, k := range rpr.All() {
		switch {
		case !runProps[k.Name] || otherLook(k):
			p.fault(fmt.Sprintf("a property %q, which is not known here", opc.Clip(k.Name, nearest)), "clear the formatting there")
		case k.Name == "w:rPrChange":
			p.note("a tracked change of type is left out: %s")
		case k.Stray() != "":
			p.fault("text outside of the document's text", hintInspect)
		}
	}
	l := p.Face(rpr)
	s.runKids(p, n.Kids, l)
}

// otherLook reports whether a property is there in several forms that differ
// in more than the font, as emoji have it.
func otherLook(k *opc.Node) bool {
	other := false
	if k.Name == "mc:AlternateContent" {
		k.Each(func(x *opc.Node) {
			other = other || x.Name != k.Name && x.Name != "mc:Choice" && x.Name != "mc:Fallback" && x.Name != "w:rFonts"
		})
	}
	return other
}

func (s *story) runKids(p *paragraph, kids []*opc.Node, l look.Face) {
	if !s.down() {
		return
	}
	defer s.up()
	for _, k := range kids {
		if s.err != nil {
			return
		}
		if text, ok := plain(k, p.fault); ok {
			s.text(p, text, l)
			continue
		}
		s.special(p, k, l)
	}
}

// plain returns the text that an element of a run stands for.
func plain(k *opc.Node, fault func(text, hint string)) (string, bool) {
	switch k.Name {
	case "w:t":
		k.Seen = true
		t := strings.Map(func(c rune) rune {
			if c == '\n' || c == '\t' || c == '\r' {
				return ' '
			}
			return c
		}, k.Own())
		if k.Attr("xml:space") != "preserve" {
			t = strings.Trim(t, " ")
		}
		for _, x := range k.Kids {
			if x.Name != "" {
				fault(unknown(x), hintFlat)
			}
		}
		// What a soft hyphen shows, Word shows at the end of a line alone.
		return strings.ReplaceAll(t, "\u00ad", ""), true
	case "w:br":
		return "\n", true // that of a page or column parts what stands there as well
	case "w16se:symEx":
		return opc.Symbol(k.Attr("w16se:char")), true
	}
	text, ok := fixed[k.Name]
	return text, ok
}

// fixed are the elements of runs that stand for one character, or for none.
var fixed = map[string]string{"w:tab": "\t", "w:ptab": "\t", "w:cr": "\n", "w:noBreakHyphen": "-", "w:pgNum": ""}

// ofCode are the elements of runs that the code of a field may hold.
var ofCode = set("w:fldChar", "w:instrText", "w:sym", "mc:AlternateContent")

// sign takes a character of a font of signs.
func (s *story) sign(p *paragraph, k *opc.Node, l look.Face) {
	l.Font = strings.ToLower(k.Attr("w:font"))
	c := opc.Symbol(k.Attr("w:char"))
	if !look.HasSigns(l.Font) || c == "" {
		p.fault(fmt.Sprintf("a sign of the font %s that is not known here", opc.Clip(k.Attr("w:font"), nearest)), "type it as text")
		return
	}
	s.text(p, c, l)
}

// inCode reports whether the code of a field is being read.
func (s *story) inCode() bool {
	return slices.ContainsFunc(s.fields, func(f *field) bool { return !f.result })
}

// text takes text of a run, or of the code of a field.
func (s *story) text(p *paragraph, text string, l look.Face) {
	for _, f := range s.fields {
		if !f.result {
			f.code.WriteString(text)
			return
		}
	}
	p.put(text, l)
}

func (s *story) special(p *paragraph, k *opc.Node, l look.Face) {
	if s.common(k, p.fault) {
		return
	}
	if s.inCode() && !ofCode[k.Name] {
		p.fault("the code of a field that holds more than text", "in Word: select it, and press Ctrl+Shift+F9")
		return
	}
	switch k.Name {
	case "w:sym":
		s.sign(p, k, l)
	case "w:fldChar":
		s.fieldChar(p, k)
	case "w:instrText":
		s.code(p, k.Own())
	case "w:footnoteReference", "w:endnoteReference":
		if l.Hidden == "" || l.Hidden == "struck text" {
			s.refer(p, k)
		} else {
			p.fault("a note whose sign is hidden", hintFlat)
		}
	case "w:drawing":
		s.drawing(p, k, l)
	case "w:pict":
		s.pict(p, k, l)
	case "mc:AlternateContent":
		s.runKids(p, s.choose(k, p.fault), l)
	default:
		p.fault(unknown(k), hintFlat)
	}
}

// refer puts a note behind its paragraph.
func (s *story) refer(p *paragraph, k *opc.Node) {
	kind := strings.TrimSuffix(strings.TrimPrefix(k.Name, "w:"), "Reference")
	st := s.notes[kind+" "+k.Attr("w:id")]
	switch {
	case st == nil:
		p.fault("a sign of a "+kind+" that is not there", hintRemove)
		return
	case st.number > 0:
		p.fault("two signs of the same "+kind, "keep one of them")
		return
	case s.zone != document.Body || s.inNote:
		p.fault("a "+kind+" outside of the text", "put it into the text")
		return
	}
	s.seen(st)
	p.below = append(p.below, func(_ string, f *flow) { s.noteBlock(st, f) })
}

// field is a complex field that is open.
type field struct {
	code   strings.Builder
	result bool
}

func (s *story) fieldChar(p *paragraph, k *opc.Node) {
	s.fieldData(p, k)
	n := len(s.fields)
	switch k.Attr("w:fldCharType") {
	case "begin":
		if n >= maxNested {
			s.err = fmt.Errorf("fields nested %d deep: %w", n, opc.ErrTooMuch)
			return
		}
		s.fields = append(s.fields, &field{})
		return
	case "separate":
		if n > 0 && !s.fields[n-1].result {
			s.fields[n-1].result = true
			s.instruction(p, s.fields[n-1].code.String(), true)
			return
		}
	case "end":
		if n > 0 {
			f := s.fields[n-1]
			s.fields = s.fields[:n-1]
			if !f.result {
				s.instruction(p, f.code.String(), false)
			}
			return
		}
	}
	p.fault("a field that is not whole", "in Word: select it, and press Ctrl+Shift+F9")
}

// code takes a piece of the code of a field.
func (s *story) code(p *paragraph, text string) {
	for _, f := range s.fields {
		if !f.result {
			f.code.WriteString(text)
			return
		}
	}
	if strings.ContainsFunc(text, unicode.IsLetter) {
		p.fault("the code of a field outside of a field", hintFlat)
	}
}

// close ends a story: no field may be open.
func (s *story) close(where string) {
	if len(s.fields) > 0 {
		s.fault(where, "a field that does not end", "in Word: select all, and press Ctrl+Shift+F9")
		s.fields = nil
	}
}

// fieldData looks at what forms and programs keep with a field.
func (s *story) fieldData(p *paragraph, k *opc.Node) {
	for _, d := range k.Kids {
		switch d.Name {
		case "w:ffData":
			d.Each(func(x *opc.Node) {
				if strings.ContainsFunc(x.Attr("w:val"), unicode.IsLetter) && x.Name != "w:name" && x.Name != "w:enabled" && x.Name != "w:calcOnExit" {
					p.fault("a form field with texts that nobody sees", "in Word: select it, and press Ctrl+Shift+F9")
				}
			})
		case "w:fldData":
			p.fault("a field with data that nobody sees", "in Word: select it, and press Ctrl+Shift+F9")
		}
	}
}
