package pdf

import (
	"fmt"

	"tearline"
	"tearline/codec"
)

// A Layout is a page as it is set, on as many sheets as it needs.
type Layout struct{ Sheets []Sheet }

// A Sheet is one side of paper.
type Sheet struct {
	Lines []SetLine
	// Rules are the heights, in points from the top, of the rules below the
	// banner and above the foot.
	Rules [2]float64

	strokes  []stroke
	pictures []picture
}

// A stroke is a straight line.
type stroke struct{ x0, y0, x1, y1 float64 }

// A picture has its upper left corner at x, y.
type picture struct {
	png        []byte
	x, y, w, h float64
}

// What a line belongs to that is no item.
const (
	Frame = -1 // banner, head, foot, caveats
	Title = -2
)

// A SetLine is a line in its place.
type SetLine struct {
	// Y is its baseline, in points from the top.
	Y    float64
	Size float64
	Bold bool
	// Item is the index of the page's item that it belongs to, or [Frame], or
	// [Title]; Portion is the item's.
	Item    int
	Portion tearline.PortionID
	// Words are in the order in which they are read.
	Words []Word

	visual []run // what is drawn, from left to right, if that is another order
}

// individually is the line on a copy whose words are its own.
const individually = "Individual copy: wording and spacing differ from copy to copy."

// Compose sets a page. The caller's fonts, TrueType files of at most one font
// each, are used for characters that our own lack. A page that
// [codec.Page.Check] refuses, or that has a character which no font has, is an
// error.
func Compose(page codec.Page, extra ...[]byte) (*Layout, error) {
	if err := page.Check(); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	c, err := newComposer(page, extra)
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	if err := c.all(page); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	if err := c.feet(page); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return &c.out, nil
}

// A composer fills sheets from the top.
type composer struct {
	out         Layout
	fonts       *fonts
	banner      []Line
	top, bottom float64 // of what stands between the rules: first and last baseline
	y           float64 // the last baseline
}

func newComposer(page codec.Page, extra [][]byte) (*composer, error) {
	set, err := newFonts(extra)
	if err != nil {
		return nil, err
	}
	c := &composer{fonts: set}
	if c.banner, err = c.lines(page.Banner, bannerSize, margin, pageWidth-margin, bold); err != nil {
		return nil, fmt.Errorf("banner: %w", err)
	}
	if len(c.banner) > maxBannerLines {
		return nil, fmt.Errorf("a banner of %d lines: at most %d", len(c.banner), maxBannerLines)
	}
	for i := range c.banner {
		from, width := c.banner[i].extent()
		c.banner[i].move((pageWidth - from - from - width) / 2)
	}
	deep := edge + float64(len(c.banner)-1)*bannerLead + rule
	c.top = deep + 2*leading
	c.bottom = pageHeight - deep - 2*leading - smallLead
	return c, nil
}

// lines breaks a text that is the same for all.
func (c *composer) lines(text string, size, left, right float64, kind byte) ([]Line, error) {
	p, err := plain(text, size, left, right, kind, c.fonts)
	if err != nil {
		return nil, err
	}
	lines, err := p.set(func(int) int { return 0 })
	if err != nil {
		return nil, err
	}
	return lines, p.arrange(lines)
}

// set breaks a paragraph into its lines, of which it has one at least.
func (p *Paragraph) set(pick func(point int) int) ([]Line, error) {
	var lines []Line
	for at := p.Start(); !at.End(); {
		ways, err := p.Lines(at, pick)
		if err != nil {
			return nil, err
		}
		if len(ways) != 1 || len(lines) > maxSheets*100 {
			return nil, fmt.Errorf("portion %s: a line that cannot be set", p.Portion)
		}
		lines = append(lines, ways[0])
		at = ways[0].Next
	}
	return lines, nil
}

// sheet begins a sheet with its banner.
func (c *composer) sheet() error {
	if len(c.out.Sheets) == maxSheets {
		return fmt.Errorf("more than %d sheets", maxSheets)
	}
	s := Sheet{}
	for i, l := range c.banner {
		s.Lines = append(s.Lines, SetLine{Y: edge + float64(i)*bannerLead, Size: bannerSize, Bold: true, Item: Frame, Words: l.Words, visual: l.visual})
	}
	s.Rules[0] = c.top - 2*leading
	s.Rules[1] = c.bottom + 2*leading - 8
	c.out.Sheets = append(c.out.Sheets, s)
	c.y = 0
	return nil
}

// put sets a line below the last one, on a new sheet if there is no room.
func (c *composer) put(l SetLine, lead float64) error {
	if c.y > 0 && c.y+lead > c.bottom {
		c.y = 0
		if err := c.sheet(); err != nil {
			return err
		}
	}
	if c.y == 0 {
		c.y = c.top
	} else {
		c.y += lead
	}
	l.Y = c.y
	s := &c.out.Sheets[len(c.out.Sheets)-1]
	s.Lines = append(s.Lines, l)
	return nil
}

// small sets a text in small type, the first line some way below what stands
// above.
func (c *composer) small(text string, left, before float64, kind byte) error {
	lines, err := c.lines(text, smallSize, left, pageWidth-margin, kind)
	if err != nil {
		return err
	}
	for i, l := range lines {
		down := smallLead
		if i == 0 {
			down += before
		}
		if err := c.put(SetLine{Size: smallSize, Bold: kind&bold != 0, Item: Frame, Words: l.Words, visual: l.visual}, down); err != nil {
			return err
		}
	}
	return nil
}

// all sets what stands between the banners.
func (c *composer) all(page codec.Page) error {
	if err := c.sheet(); err != nil {
		return err
	}
	for _, f := range [][2]string{{"Copy", string(page.Copy)}, {"For", page.Recipient}, {"Date", page.Date}} {
		if f[1] == "" {
			continue
		}
		if err := c.small(f[0]+": "+f[1], margin, 0, 0); err != nil {
			return fmt.Errorf("head: %w", err)
		}
	}
	for _, l := range page.Head {
		if err := c.small(l.Name+": "+l.Value, margin, 0, 0); err != nil {
			return fmt.Errorf("head: %w", err)
		}
	}
	if page.Individual {
		if err := c.small(individually, margin, 0, 0); err != nil {
			return fmt.Errorf("head: %w", err)
		}
	}
	if page.Title != nil {
		if err := c.flow(*page.Title, Title, ""); err != nil {
			return fmt.Errorf("title: %w", err)
		}
	}
	if err := c.items(page); err != nil {
		return err
	}
	if err := c.caveats(page.Caveats); err != nil {
		return err
	}
	return c.authority(page.Authority)
}

func (c *composer) caveats(list []string) error {
	for i, text := range list {
		if i == 0 {
			if err := c.small("Caveats:", textLeft, 2*gap, bold); err != nil {
				return err
			}
		}
		if err := c.small("• "+text, textLeft, 0, 0); err != nil {
			return fmt.Errorf("caveat %d: %w", i+1, err)
		}
	}
	return nil
}

// feet sets the foot of each sheet, when it is known how many there are.
func (c *composer) feet(page codec.Page) error {
	for i := range c.out.Sheets {
		s := &c.out.Sheets[i]
		y := s.Rules[1] + smallLead + 1
		line := SetLine{Y: y, Size: smallSize, Item: Frame}
		if page.Copy != "" {
			left, err := c.lines("Copy "+string(page.Copy), smallSize, margin, pageWidth-margin-100, 0)
			if err != nil {
				return fmt.Errorf("foot: %w", err)
			}
			if len(left) > 1 {
				return fmt.Errorf("foot: a copy number that does not fit on a line")
			}
			if line.Words, line.visual = left[0].Words, left[0].visual; line.visual != nil {
				s.Lines = append(s.Lines, line)
				line.Words, line.visual = nil, nil
			}
		}
		right, err := c.lines(fmt.Sprintf("page %d/%d", i+1, len(c.out.Sheets)), smallSize, margin, pageWidth-margin, 0)
		if err != nil {
			return fmt.Errorf("foot: %w", err)
		}
		words := right[0].Words
		last := words[len(words)-1]
		for k := range words {
			words[k].X += pageWidth - margin - last.X - last.Width
		}
		line.Words = append(line.Words, words...)
		s.Lines = append(s.Lines, line)
		for k, l := range c.banner {
			at := pageHeight - edge + bannerSize/2 - float64(len(c.banner)-1-k)*bannerLead
			s.Lines = append(s.Lines, SetLine{Y: at, Size: bannerSize, Bold: true, Item: Frame, Words: l.Words, visual: l.visual})
		}
	}
	return nil
}
