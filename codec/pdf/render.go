package pdf

import (
	"bytes"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"tearline"
	"tearline/codec"
)

// Marks says how a fixed word of a portion is marked: -1 shifts it to the left,
// +1 to the right, 0 leaves it in its place. It is asked for carriers alone.
type Marks func(portion tearline.PortionID, word int) int8

// Render draws a page as a PDF. With marks, the carriers are shifted; without,
// every word stands where it belongs. The same page and marks give the same
// bytes. A page that [codec.Page.Check] refuses, or that has a character which
// the fonts lack, is an error.
func Render(page codec.Page, marks Marks) ([]byte, error) {
	l, err := Compose(page)
	if err != nil {
		return nil, err
	}
	return l.Draw(marks)
}

// family names the fonts within the file.
const family = "go"

// Draw draws a layout.
func (l *Layout) Draw(marks Marks) ([]byte, error) {
	f := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: pageWidth, Ht: pageHeight}})
	// Nothing of ours, of the machine's or of the hour's is in the file.
	f.SetProducer("", false)
	f.SetCatalogSort(true)
	f.SetCreationDate(time.Unix(0, 0).UTC())
	f.SetModificationDate(time.Unix(0, 0).UTC())
	f.SetAutoPageBreak(false, 0)
	f.AddUTF8FontFromBytes(family, "", goregular.TTF)
	f.AddUTF8FontFromBytes(family, "B", gobold.TTF)
	f.SetLineWidth(0.6)
	for i := range l.Sheets {
		f.AddPage()
		for _, y := range l.Sheets[i].Rules {
			f.Line(margin, y, pageWidth-margin, y)
		}
		for k := range l.Sheets[i].Lines {
			drawLine(f, &l.Sheets[i].Lines[k], marks)
		}
	}
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	return b.Bytes(), nil
}

func drawLine(f *fpdf.Fpdf, l *SetLine, marks Marks) {
	style := ""
	if l.Bold {
		style = "B"
	}
	f.SetFont(family, style, l.Size)
	for i, w := range l.Words {
		text := w.Text
		if i < len(l.Words)-1 {
			text += " " // so that the words are apart when they are copied out
		}
		f.Text(w.X+l.ShiftOf(i, marks), l.Y, text)
	}
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
