package pdf

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"tearline"
	"tearline/codec"
	"tearline/codec/pdf/shape"
)

// Marks says how a fixed word of a portion is marked: -1 shifts it to the left,
// +1 to the right, 0 leaves it in its place. It is asked for carriers alone.
type Marks func(portion tearline.PortionID, word int) int8

// Render draws a page as a PDF. With marks, the carriers are shifted; without,
// every word stands where it belongs. The same page, marks and fonts give the
// same bytes. What it refuses, and what the caller's fonts are for, is told
// with [Compose].
func Render(page codec.Page, marks Marks, extra ...[]byte) ([]byte, error) {
	l, err := Compose(page, extra...)
	if err != nil {
		return nil, err
	}
	return l.Draw(marks)
}

// families name the fonts within the file, by their place among the fonts;
// behind them are the caller's.
var families = [len(own)][2]string{
	0: {"go", ""}, bold: {"go", "B"}, italic: {"go", "I"}, bold | italic: {"go", "BI"}, wide: {"wide", ""}, wide + 1: {"wide", "B"},
}

// family returns the name of a font and its style.
func (f *face) family() (name, style string) {
	if f.key < len(families) {
		return families[f.key][0], families[f.key][1]
	}
	return "given" + strconv.Itoa(f.key-len(families)), ""
}

// A pen draws lines into a file.
type pen struct {
	file   *fpdf.Fpdf
	marks  Marks
	set    map[int]bool // fonts that are in the file
	joined map[rune]bool
}

// Draw draws a layout.
func (l *Layout) Draw(marks Marks) ([]byte, error) {
	f := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: pageWidth, Ht: pageHeight}})
	// Nothing of ours, of the machine's or of the hour's is in the file.
	f.SetProducer("", false)
	f.SetCatalogSort(true)
	f.SetCreationDate(time.Unix(0, 0).UTC())
	f.SetModificationDate(time.Unix(0, 0).UTC())
	f.SetAutoPageBreak(false, 0)
	p := pen{file: f, marks: marks, set: map[int]bool{}, joined: map[rune]bool{}}
	p.bring(&face{key: 0, ttf: goregular.TTF})
	p.bring(&face{key: int(bold), ttf: gobold.TTF})
	f.SetLineWidth(0.6)
	for i := range l.Sheets {
		p.sheet(&l.Sheets[i])
	}
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	file, err := steady(b.Bytes())
	if err != nil {
		return nil, err
	}
	return tellJoined(file, p.joined)
}

func (p *pen) sheet(s *Sheet) {
	f := p.file
	f.AddPage()
	for _, y := range s.Rules {
		f.Line(margin, y, pageWidth-margin, y)
	}
	for _, t := range s.strokes {
		f.Line(t.x0, t.y0, t.x1, t.y1)
	}
	for _, pic := range s.pictures {
		name := fmt.Sprintf("%x", sha256.Sum256(pic.png))
		options := fpdf.ImageOptions{ImageType: "PNG"}
		f.RegisterImageOptionsReader(name, options, bytes.NewReader(pic.png))
		f.ImageOptions(name, pic.x, pic.y, pic.w, pic.h, false, options, 0, "")
	}
	for k := range s.Lines {
		p.line(&s.Lines[k])
	}
}

// bring puts a font into the file.
func (p *pen) bring(f *face) {
	if !p.set[f.key] {
		p.set[f.key] = true
		name, style := f.family()
		p.file.AddUTF8FontFromBytes(name, style, f.ttf)
	}
}

func (p *pen) line(l *SetLine) {
	base := families[0]
	if l.Bold {
		base = families[bold]
	}
	p.file.SetFont(base[0], base[1], l.Size)
	if l.visual != nil {
		p.runs(l.visual, 0, l, l.Size)
		return
	}
	for i := range l.Words {
		w := &l.Words[i]
		x, last := w.X+l.ShiftOf(i, p.marks), i == len(l.Words)-1
		text := w.Text
		if !last {
			text += " " // so that the words are apart when they are copied out
		}
		if w.runs == nil {
			p.file.Text(x, l.Y, text)
			continue
		}
		p.runs(w.runs, x, l, l.Size)
		p.file.SetFont(base[0], base[1], l.Size)
		if last {
			continue
		}
		p.file.Text(x+w.Width, l.Y, " ")
		if next := l.Words[i+1].runs; next != nil && next[0].ruled && w.runs[len(w.runs)-1].ruled {
			p.under(x+w.Width, l.Words[i+1].X, l)
		}
	}
}

// runs draws runs from a place on.
func (p *pen) runs(list []run, x float64, l *SetLine, size float64) {
	open := 0
	for i := range list {
		r := &list[i]
		p.bring(r.face)
		name, style := r.face.family()
		p.file.SetFont(name, style, size)
		if r.actual != "" {
			p.file.RawWriteStr(span(r.actual))
			open = r.with + 1
		}
		for _, c := range r.draw {
			if shape.Plain(c) != "" {
				p.joined[c] = true
			}
		}
		p.file.Text(x+r.x, l.Y-r.up, r.draw)
		if open > 0 {
			if open--; open == 0 {
				p.file.RawWriteStr("EMC")
			}
		}
		if r.ruled {
			p.under(x+r.x, x+r.x+r.width, l)
		}
	}
}

// under draws a rule under words.
func (p *pen) under(from, to float64, l *SetLine) {
	y := l.Y + 0.14*l.Size
	p.file.Line(from, y, to, y)
}

// span begins what stands for another text than is drawn.
func span(actual string) string {
	var b strings.Builder
	b.WriteString("/Span <</ActualText <FEFF")
	for _, u := range utf16.Encode([]rune(actual)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	b.WriteString(">>> BDC")
	return b.String()
}

// ShiftOf returns how far a word of the line is shifted, in points.
func (l *SetLine) ShiftOf(word int, marks Marks) float64 {
	w := &l.Words[word]
	if marks == nil || !w.Carrier || l.Item < 0 {
		return 0
	}
	switch m := marks(l.Portion, w.Fixed); {
	case m < 0:
		return -Shift
	case m > 0:
		return Shift
	}
	return 0
}
