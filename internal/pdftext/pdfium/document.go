package pdfium

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"tearline/codec/pages"
	"tearline/internal/pdftext"
	"tearline/internal/pdftext/whole"
)

const (
	maxLetters  = 2 << 20 // of one document
	maxShapes   = 200_000 // of one document, and ten times as many points
	maxNested   = 8       // forms in forms
	maxPNG      = 8 << 20 // of all pictures
	seenDPI     = 120     // letters are looked for in drawings as fine as this
	pictureDPI  = 200     // pictures are kept as fine as this
	maxSeen     = 12 << 20
	smallest    = 8.0 // points: what is smaller than this either way is no drawing
	roundCorner = 12.0
)

// answerDocument answers with what a document shows and holds.
func answerDocument(lib pdfium.Pdfium, doc references.FPDF_DOCUMENT, out io.Writer) error {
	r := sheetReader{lib: lib, doc: doc}
	err := r.document()
	if errors.Is(err, errTooLong) {
		return json.NewEncoder(out).Encode(whole.Answer{Problem: pdftext.TooLong})
	}
	if errors.Is(err, errObjects) {
		return json.NewEncoder(out).Encode(whole.Answer{Problem: pdftext.Damaged})
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(whole.Answer{Document: r.out})
}

// sheetReader reads a document as a report.
type sheetReader struct {
	lib                    pdfium.Pdfium
	doc                    references.FPDF_DOCUMENT
	out                    pages.Document
	letters, shapes, bytes int
	named                  map[string]bool // fonts whose codes are those of Unicode
	with, without          []byte          // pixels of a page, which the next one uses again
}

func (r *sheetReader) document() error {
	n, err := r.lib.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: r.doc})
	if err != nil {
		return err
	}
	if n.PageCount > pages.MaxSheets {
		return errTooLong
	}
	var b bytes.Buffer
	if _, err := r.lib.FPDF_SaveAsCopy(&requests.FPDF_SaveAsCopy{Document: r.doc, Flags: requests.SaveFlagRemoveSecurity, FileWriter: &b}); err != nil {
		return err
	}
	if r.out.Found, r.named, err = finds(b.Bytes()); err != nil {
		return err
	}
	// A file without encryption has no handler, which the library calls an error.
	if s, err := r.lib.FPDF_GetSecurityHandlerRevision(&requests.FPDF_GetSecurityHandlerRevision{Document: r.doc}); err == nil && s.SecurityHandlerRevision >= 0 {
		r.found(pages.Find{Kind: pages.Locked})
	}
	for i := range n.PageCount {
		s, err := r.sheet(i)
		if errors.Is(err, errTooLong) {
			return err
		}
		if err != nil {
			r.found(pages.Find{Kind: pages.BrokenPage, Page: i + 1})
		}
		r.out.Sheets = append(r.out.Sheets, s)
	}
	return nil
}

func (r *sheetReader) found(f pages.Find) {
	if len(r.out.Found) < pages.MaxFinds {
		r.out.Found = append(r.out.Found, f)
	}
}

// sheet reads one page.
func (r *sheetReader) sheet(i int) (out pages.Sheet, err error) {
	loaded, err := r.lib.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: r.doc, Index: i})
	if err != nil {
		return out, err
	}
	defer func() {
		_, e := r.lib.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page})
		err = errors.Join(err, e)
	}()
	p := sheetPage{sheetReader: r, number: i + 1, page: requests.Page{ByReference: &loaded.Page}}
	if err := p.place(); err != nil {
		return out, err
	}
	out.Width, out.Height = p.width, p.height
	n, err := r.lib.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: p.page})
	if err != nil {
		return out, err
	}
	for k := range n.Count {
		o, err := r.lib.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: p.page, Index: k})
		if err != nil {
			return out, err
		}
		if err := p.object(o.PageObject, identity, 0); err != nil {
			return out, err
		}
	}
	seen, err := p.look()
	if err != nil {
		return out, err
	}
	if out.Runs, err = p.text(seen); err != nil { // before letters are hidden
		return out, err
	}
	if out.Pictures, err = p.pictures(); err != nil {
		return out, err
	}
	out.Rules = p.rules
	return out, nil
}

// sheetPage is one page as it is read.
type sheetPage struct {
	*sheetReader
	number        int
	page          requests.Page
	left, bottom  float64 // of what is shown of it
	width, height float64 // as it is shown
	turned        int     // quarters, clockwise
	texts         []references.FPDF_PAGEOBJECT
	hidden        bool        // they are not drawn
	others        []pages.Box // where anything but letters is drawn
	anywhere      bool        // something is drawn, and where is not known
	rules         []pages.Box
	drawn         []pages.Picture
}

// place finds out how the page lies.
func (p *sheetPage) place() error {
	box, err := p.lib.FPDF_GetPageBoundingBox(&requests.FPDF_GetPageBoundingBox{Page: p.page})
	if err != nil {
		return err
	}
	turn, err := p.lib.FPDFPage_GetRotation(&requests.FPDFPage_GetRotation{Page: p.page})
	if err != nil {
		return err
	}
	p.left, p.bottom = float64(min(box.Rect.Left, box.Rect.Right)), float64(min(box.Rect.Bottom, box.Rect.Top))
	p.width, p.height = float64(box.Rect.Right-box.Rect.Left), float64(box.Rect.Top-box.Rect.Bottom)
	p.width, p.height = max(p.width, -p.width), max(p.height, -p.height)
	p.turned = int(turn.PageRotation) % 4
	if p.turned%2 == 1 {
		p.width, p.height = p.height, p.width
	}
	if !(p.width >= 1 && p.height >= 1 && p.width < 20_000 && p.height < 20_000) {
		return errSize
	}
	return nil
}

// shown is where a point of the page's own space is seen.
func (p *sheetPage) shown(x, y float64) (float64, float64) {
	x, y = x-p.left, y-p.bottom
	switch p.turned {
	case 1:
		return y, x
	case 2:
		return p.width - x, y
	case 3:
		return p.width - y, p.height - x
	}
	return x, p.height - y
}

func (p *sheetPage) box(left, bottom, right, top float64) pages.Box {
	x0, y0 := p.shown(left, bottom)
	x1, y1 := p.shown(right, top)
	return pages.Box{X: min(x0, x1), Y: min(y0, y1), W: max(x0, x1) - min(x0, x1), H: max(y0, y1) - min(y0, y1)}
}

// text takes the letters of the page, as its glyphs say: what the file puts in
// their place was taken away before.
func (p *sheetPage) text(seen *sight) (runs []pages.Run, err error) {
	text, err := p.lib.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: p.page})
	if err != nil {
		return nil, err
	}
	defer func() {
		_, e := p.lib.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text.TextPage})
		err = errors.Join(err, e)
	}()
	n, err := p.lib.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: text.TextPage})
	if err != nil {
		return nil, err
	}
	if p.letters += n.Count; p.letters > maxLetters {
		return nil, errTooLong
	}
	s := setter{page: text.TextPage, p: p, seen: seen}
	for i := range n.Count {
		if err := s.letter(i); err != nil {
			return nil, err
		}
	}
	s.flush()
	s.end()
	return s.runs, seen.err
}

// setter makes runs of letters.
type setter struct {
	p     *sheetPage
	page  references.FPDF_TEXTPAGE
	seen  *sight
	runs  []pages.Run
	run   pages.Run
	text  strings.Builder
	last  pages.Box // of the last letter
	blank bool
	row   row // what is not yet taken, all of one line
	// The type of the last letters, which is asked for where it may change.
	weight       int
	bold, italic bool
	asked        bool
}

// letter takes the next letter of the page.
func (s *setter) letter(i int) error {
	lib := s.p.lib
	u, err := lib.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: s.page, Index: i})
	if err != nil {
		return err
	}
	c := rune(u.Unicode) //nolint:gosec // what is out of range is no letter, and shown as unknown below
	switch c {
	case '\r', '\n', ' ', '\u00a0', '\t':
		s.row.add(letter{c: c})
		return nil
	}
	unknown := c != 0xfffe && s.unknown(i, c)
	if unknown {
		c = '\ufffd'
	}
	at, err := lib.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: s.page, Index: i})
	if err != nil {
		return nil //nolint:nilerr // it stands nowhere: PDFium put it there
	}
	box := s.p.box(float64(at.Rect.Left), float64(at.Rect.Bottom), float64(at.Rect.Right), float64(at.Rect.Top))
	s.kind(i)
	angle, err := lib.FPDFText_GetCharAngle(&requests.FPDFText_GetCharAngle{TextPage: s.page, Index: i})
	if err != nil {
		return err
	}
	next := letter{c, pages.Run{Box: box, Bold: s.bold, Italic: s.italic, Unknown: unknown, Turned: s.turned(float64(angle.CharAngle))}}
	if s.row.before(&next) {
		s.flush()
	}
	s.row.add(next)
	return nil
}

// flush takes the letters of a line.
func (s *setter) flush() {
	if s.row.right {
		s.row.visual(s)
	} else {
		for i := range s.row.letters {
			switch l := &s.row.letters[i]; l.c {
			case '\r', '\n':
				s.end()
			case ' ', '\u00a0', '\t':
				s.blank = true
			default:
				s.add(l.c, l.Run)
			}
		}
	}
	s.row = row{letters: s.row.letters[:0]}
}

// unknown reports whether the file does not tell which letter one is.
func (s *setter) unknown(i int, c rune) bool {
	if c == 0 || !utf8.ValidRune(c) || unicode.Is(unicode.Co, c) || c == '\ufffd' {
		return true
	}
	bad, err := s.p.lib.FPDFText_HasUnicodeMapError(&requests.FPDFText_HasUnicodeMapError{TextPage: s.page, Index: i})
	return err == nil && bad.HasUnicodeMapError && !s.named(i)
}

// named reports whether the letter's font says after all which one it is, by
// its code: a range of codes over more than one row is beyond PDFium.
func (s *setter) named(i int) bool {
	info, err := s.p.lib.FPDFText_GetFontInfo(&requests.FPDFText_GetFontInfo{TextPage: s.page, Index: i})
	return err == nil && s.p.named[info.FontName]
}

// turned reports whether a letter of some angle stands upright on the page as
// it is shown.
func (s *setter) turned(angle float64) bool {
	const quarter = 1.5707963
	a := angle + float64(s.p.turned)*quarter
	for a < -quarter/2 {
		a += 4 * quarter
	}
	for a > 4*quarter-quarter/2 {
		a -= 4 * quarter
	}
	return a > 0.05 || a < -0.05
}

// kind asks for the type of a letter: its weight always, and what the font
// says of itself where a word begins or the weight changes.
func (s *setter) kind(i int) {
	weight := s.weight
	if w, err := s.p.lib.FPDFText_GetFontWeight(&requests.FPDFText_GetFontWeight{TextPage: s.page, Index: i}); err == nil {
		weight = w.FontWeight
	}
	if s.asked && weight == s.weight && s.row.within() {
		return
	}
	s.asked, s.weight = true, weight
	info, err := s.p.lib.FPDFText_GetFontInfo(&requests.FPDFText_GetFontInfo{TextPage: s.page, Index: i})
	if err != nil {
		s.bold, s.italic = weight >= 600, false
		return
	}
	name := strings.ToLower(info.FontName)
	s.bold = weight >= 600 || strings.Contains(name, "bold") || strings.Contains(name, "black") || strings.Contains(name, "heavy") || info.Flags&(1<<18) != 0
	s.italic = info.Flags&(1<<6) != 0 || strings.Contains(name, "italic") || strings.Contains(name, "oblique")
}

// add puts a letter into the run, or begins another.
func (s *setter) add(c rune, r pages.Run) {
	r.Unseen = !s.seen.at(r.Box)
	if unicode.IsPunct(c) && s.text.Len() > 0 && !s.blank {
		r.Unseen = s.run.Unseen // a dot is hard to see
	}
	if s.text.Len() == 0 || !s.goesOn(&r) {
		blank := s.blank && s.text.Len() > 0
		s.end()
		s.run = r
		if blank && len(s.runs) > 0 && follows(&s.runs[len(s.runs)-1].Box, &r.Box) {
			s.text.WriteByte(' ')
		}
	} else {
		if s.blank {
			s.text.WriteByte(' ')
		}
		right, bottom := max(s.run.X+s.run.W, r.X+r.W), max(s.run.Y+s.run.H, r.Y+r.H)
		s.run.X = min(s.run.X, r.X)
		s.run.W = right - s.run.X
		switch {
		case s.run.Turned:
			s.run.Y = min(s.run.Y, r.Y)
			s.run.H = bottom - s.run.Y
		case r.H < s.run.H: // some letters rise above the others
			s.run.Y, s.run.H = r.Y, r.H
		}
	}
	s.blank = false
	s.last = r.Box
	s.text.WriteRune(c)
}

// follows reports whether one box stands in the line of another.
func follows(a, b *pages.Box) bool {
	return near(a.Y+a.H, b.Y+b.H, 0.5*max(a.H, b.H)) && b.X-(a.X+a.W) < max(a.H, b.H) && a.X-(b.X+b.W) < max(a.H, b.H)
}

// goesOn reports whether a letter belongs to the run.
func (s *setter) goesOn(r *pages.Run) bool {
	was := &s.run
	if r.Turned || was.Turned {
		return r.Turned && was.Turned && r.Unseen == was.Unseen
	}
	if r.Box == s.last && !s.blank {
		return true // one sign for several letters
	}
	size := max(was.H, r.H)
	gap := r.X - (was.X + was.W)
	return sameType(was, r) && near(r.Y+r.H, was.Y+was.H, 0.2*size) && near(r.H, was.H, 0.1*size) && gap > -0.5*size && gap < 0.5*size
}

func sameType(a, b *pages.Run) bool {
	return a.Bold == b.Bold && a.Italic == b.Italic && a.Unseen == b.Unseen && a.Unknown == b.Unknown && a.Visual == b.Visual
}

// end ends the run.
func (s *setter) end() {
	if s.text.Len() > 0 {
		s.run.Text = s.text.String()
		s.runs = append(s.runs, s.run)
		s.text.Reset()
	}
	s.blank = false
}

// marks takes away from an object what the file says in its place, and tells
// it.
func (p *sheetPage) marks(o references.FPDF_PAGEOBJECT) error {
	n, err := p.lib.FPDFPageObj_CountMarks(&requests.FPDFPageObj_CountMarks{PageObject: o})
	if err != nil {
		return err
	}
	var list []references.FPDF_PAGEOBJECTMARK
	for i := range min(n.Count, 64) {
		m, err := p.lib.FPDFPageObj_GetMark(&requests.FPDFPageObj_GetMark{PageObject: o, Index: uint64(i)})
		if err != nil {
			return err
		}
		t, err := p.lib.FPDFPageObjMark_GetParamStringValue(&requests.FPDFPageObjMark_GetParamStringValue{PageObjectMark: m.Mark, Key: "ActualText"})
		if err != nil {
			continue // it has none
		}
		list = append(list, m.Mark)
		p.found(pages.Find{Kind: pages.Alternative, Page: p.number, Name: "ActualText", Text: cut(t.Value, 4096)})
	}
	for _, m := range slices.Backward(list) {
		if _, err := p.lib.FPDFPageObj_RemoveMark(&requests.FPDFPageObj_RemoveMark{PageObject: o, PageObjectMark: m}); err != nil {
			return err
		}
	}
	return nil
}

// invisible tells of letters that are set so that they draw nothing.
func (p *sheetPage) invisible(o references.FPDF_PAGEOBJECT) error {
	m, err := p.lib.FPDFTextObj_GetTextRenderMode(&requests.FPDFTextObj_GetTextRenderMode{PageObject: o})
	if err != nil {
		return err
	}
	if m.TextRenderMode != enums.FPDF_TEXTRENDERMODE_INVISIBLE && m.TextRenderMode != enums.FPDF_TEXTRENDERMODE_CLIP {
		c, err := p.lib.FPDFPageObj_GetFillColor(&requests.FPDFPageObj_GetFillColor{PageObject: o})
		if err != nil || c.FillColor.A > 0 || m.TextRenderMode != enums.FPDF_TEXTRENDERMODE_FILL {
			return nil //nolint:nilerr // a pattern is no colour
		}
	}
	p.found(pages.Find{Kind: pages.Invisible, Page: p.number})
	return nil
}
