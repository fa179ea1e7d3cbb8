package tearline

import (
	"fmt"
	"slices"
)

// A Shape says what a portion is in its report.
type Shape string

// The shapes. The zero Shape is a paragraph.
const (
	Paragraph Shape = ""
	Heading   Shape = "heading"
	ListItem  Shape = "item"
	Cell      Shape = "cell"   // of a table
	Note      Shape = "note"   // a footnote or endnote, below what it belongs to
	Figure    Shape = "figure" // a picture; the portion's text is its caption
)

// A Form is how a portion stands in its report: what people see of it beside
// its text. It decides nothing about who may have the portion, and no rule
// looks at it. The zero Form is a paragraph in plain type.
type Form struct {
	Shape Shape `json:"shape,omitempty"`
	// Level is that of a heading, from 1 for the highest, or how deep an item
	// stands in lists, from 1; 0 for all other shapes. At most [MaxLevel].
	Level int `json:"level,omitempty"`
	// Ordered says that an item's list is numbered.
	Ordered bool `json:"ordered,omitempty"`
	// Table counts the report's tables, Row and Column the cell's place in
	// its own, each from 1. A cell that is not there is empty.
	Table  int `json:"table,omitempty"`
	Row    int `json:"row,omitempty"`
	Column int `json:"column,omitempty"`
	// Styles are stretches of the text in other type, in order, without
	// overlap. Their offsets are bytes of the wording's source; none begins
	// or ends inside alternatives.
	Styles []Style `json:"styles,omitempty"`
	// Picture is that of a figure. It is content like the text: a filing's
	// digest of the portion covers it.
	Picture *Picture `json:"picture,omitempty"`
}

// A Style is the type in which a stretch of text is set.
type Style struct {
	From      int  `json:"from"` // bytes; From is in it, To is not
	To        int  `json:"to"`
	Bold      bool `json:"bold,omitempty"`
	Italic    bool `json:"italic,omitempty"`
	Underline bool `json:"underline,omitempty"`
}

// A Picture is a picture as it is kept: decoded and written anew when it was
// read, so that it holds what can be seen in it and nothing else.
type Picture struct {
	// PNG are its bytes.
	PNG []byte `json:"png"`
	// Width and Height are in pixels.
	Width  int `json:"width"`
	Height int `json:"height"`
}

// Limits of forms.
const (
	MaxLevel  = 9
	MaxTables = 1000    // of one report
	MaxRows   = 10_000  // of one table
	MaxColumn = 256     // the last column of one table
	MaxPixels = 1 << 24 // of one picture
	// MaxPictures is the most bytes that the pictures of one report have
	// together, as PNG.
	MaxPictures = 8 << 20
	maxStyles   = 10_000
)

// Check returns what is wrong with the form of a portion of some wording, nil
// if nothing is.
func (f *Form) Check(w Wording) error {
	if err := f.shape(); err != nil {
		return err
	}
	if len(f.Styles) > maxStyles {
		return fmt.Errorf("%d stretches of other type: at most %d", len(f.Styles), maxStyles)
	}
	last := 0
	for _, s := range f.Styles {
		switch {
		case s.From < last || s.To <= s.From || s.To > len(w.Source()):
			return fmt.Errorf("type from byte %d to %d, in a text of %d, after %d", s.From, s.To, len(w.Source()), last)
		case !s.Bold && !s.Italic && !s.Underline:
			return fmt.Errorf("type from byte %d to %d that is no other", s.From, s.To)
		}
		last = s.To
		for _, seg := range w.Segments() {
			if seg.Alternatives != nil && (inside(s.From, seg) || inside(s.To, seg)) {
				return fmt.Errorf("type from byte %d to %d begins or ends inside alternatives", s.From, s.To)
			}
		}
	}
	return nil
}

func inside(at int, s Segment) bool { return at > s.Start && at < s.End }

// shape checks what is told beside the type.
func (f *Form) shape() error {
	leveled, cell := f.Shape == Heading || f.Shape == ListItem, f.Shape == Cell
	switch {
	case !slices.Contains([]Shape{Paragraph, Heading, ListItem, Cell, Note, Figure}, f.Shape):
		return fmt.Errorf("shape %q: known are heading, item, cell, note, figure, and none for a paragraph", f.Shape)
	case !given(f.Level, leveled, MaxLevel):
		return fmt.Errorf("level %d: headings and items have one from 1 to %d, others none", f.Level, MaxLevel)
	case f.Ordered && f.Shape != ListItem:
		return fmt.Errorf("only items of lists are numbered")
	case !given(f.Table, cell, MaxTables) || !given(f.Row, cell, MaxRows) || !given(f.Column, cell, MaxColumn):
		return fmt.Errorf("table %d, row %d, column %d: cells have all three, within %d, %d and %d, others none",
			f.Table, f.Row, f.Column, MaxTables, MaxRows, MaxColumn)
	case (f.Shape == Figure) != (f.Picture != nil):
		return fmt.Errorf("figures have a picture, others none")
	}
	return f.Picture.check()
}

// given reports whether n is from 1 to most, or 0 where there is to be none.
func given(n int, there bool, most int) bool { return there && n >= 1 && n <= most || !there && n == 0 }

func (p *Picture) check() error {
	if p != nil && (p.Width < 1 || p.Height < 1 || p.Width > MaxPixels/p.Height || len(p.PNG) == 0 || len(p.PNG) > MaxPictures) {
		return fmt.Errorf("a picture of %d by %d pixels in %d bytes: at most %d pixels and %d bytes", p.Width, p.Height, len(p.PNG), MaxPixels, MaxPictures)
	}
	return nil
}

// Rendered returns the styles as they stand in the text that [Wording.Render]
// makes of the wording with the same choices.
func (f *Form) Rendered(w Wording, choices []int) ([]Style, error) {
	if len(f.Styles) == 0 {
		return nil, nil
	}
	if n := w.Points(); n != len(choices) {
		return nil, fmt.Errorf("%d choices for %d points", len(choices), n)
	}
	type piece struct{ start, end, at, length int } // in the source, in the text
	var pieces []piece
	at, point := 0, 0
	for _, s := range w.Segments() {
		n := len(s.Text)
		if s.Alternatives != nil {
			c := choices[point]
			point++
			if c < 0 || c >= len(s.Alternatives) {
				return nil, fmt.Errorf("point %d: choice %d of %d alternatives", point, c, len(s.Alternatives))
			}
			n = len(s.Alternatives[c])
		}
		pieces = append(pieces, piece{s.Start, s.End, at, n})
		at += n
	}
	// place is where a byte of the source comes to stand.
	place := func(i int) int {
		for _, p := range pieces {
			switch {
			case i <= p.start:
				return p.at
			case i < p.end:
				return p.at + min(i-p.start, p.length)
			}
		}
		return at
	}
	var out []Style
	for _, s := range f.Styles {
		if s.From, s.To = place(s.From), place(s.To); s.From < s.To {
			out = append(out, s)
		}
	}
	return out, nil
}
