package pdf

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"

	"tearline"
	"tearline/codec"
	"tearline/codec/internal/sentence"
)

// items sets the items of a page.
func (c *composer) items(page codec.Page) error {
	labels := page.Labels()
	for i := 0; i < len(page.Items); i++ {
		var err error
		switch f := &page.Items[i].Form; f.Shape {
		case tearline.Cell:
			end := i
			for end < len(page.Items) && page.Items[end].Form.Shape == tearline.Cell && page.Items[end].Form.Table == f.Table {
				end++
			}
			if n, err := c.table(page.Items[i:end], i); err != nil {
				return fmt.Errorf("item %d: %w", n+1, err)
			}
			i = end - 1
		case tearline.Figure:
			err = c.figure(page.Items[i], i)
		case tearline.Paragraph, tearline.Heading, tearline.ListItem, tearline.Note:
			err = c.flow(page.Items[i], i, labels[i])
		}
		if err != nil {
			return fmt.Errorf("item %d: %w", i+1, err)
		}
	}
	return nil
}

// broken breaks an item, or the title, into its lines.
func (c *composer) broken(it codec.Item, index int, label string, into func(*Paragraph)) (*Paragraph, []Line, error) {
	if it.Wording.Source() != "" {
		text, err := it.Wording.Render(it.Choices)
		if err != nil {
			return nil, nil, err
		}
		if text != it.Text {
			return nil, nil, fmt.Errorf("the text is not its wording with its choices")
		}
	}
	p, err := newParagraph(it, index, label, c.fonts)
	if err != nil {
		return nil, nil, err
	}
	if into != nil {
		into(p)
	}
	lines, err := p.set(func(point int) int { return it.Choices[point] })
	if err != nil {
		return nil, nil, err
	}
	return p, lines, p.arrange(lines)
}

// line is a line of a paragraph, without its place.
func (p *Paragraph) line(l *Line) SetLine {
	return SetLine{Size: p.Size, Bold: p.Bold, Item: p.Item, Portion: p.Portion, Words: l.Words, visual: l.visual}
}

// flow sets an item, or the title, line by line.
func (c *composer) flow(it codec.Item, index int, label string) error {
	p, lines, err := c.broken(it, index, label, nil)
	if err != nil {
		return err
	}
	if it.Form.Shape == tearline.Heading {
		// A heading stays with what it heads: two lines of it at least.
		if err := c.room(p.Before + float64(len(lines))*p.Lead + gap + 2*leading); err != nil {
			return err
		}
	}
	return c.set(p, lines, it.Below)
}

// set sets the lines of a paragraph, and what is said of it under it.
func (c *composer) set(p *Paragraph, lines []Line, below []string) error {
	for i := range lines {
		down := p.Lead
		if i == 0 {
			down += p.Before
		}
		// What goes on on the next sheet must not look as if it began there.
		if err := c.room(down + float64(inMidst(lines[i:]))*p.Lead); err != nil {
			return err
		}
		if err := c.put(p.line(&lines[i]), down); err != nil {
			return err
		}
	}
	return c.below(below, p.left)
}

// inMidst counts the lines that follow the first before a sheet may end: those
// up to the next that ends in the midst of a sentence, or is the last.
func inMidst(lines []Line) int {
	n := 0
	for n < len(lines)-1 && lines[n].ends() {
		n++
	}
	return n
}

// ends reports whether the last word of a line ends a sentence.
func (l *Line) ends() bool {
	return len(l.Words) > 0 && sentence.Ends(l.Words[len(l.Words)-1].Text)
}

// below sets what is said of an item under it.
func (c *composer) below(list []string, left float64) error {
	for _, text := range list {
		if err := c.small(text, left+listStep/2, 0, 0); err != nil {
			return err
		}
	}
	return nil
}

// room begins a sheet if there is none for so much more on this one, and a
// whole sheet has it.
func (c *composer) room(high float64) error {
	if c.y == 0 || c.y+high <= c.bottom || high > c.bottom-c.top {
		return nil
	}
	c.y = 0
	return c.sheet()
}

// under is where something that is no text can begin, below the last line.
func (c *composer) under() float64 {
	if c.y == 0 {
		return c.top - ascent
	}
	return c.y + descent
}

// last is the sheet that is being filled.
func (c *composer) last() *Sheet { return &c.out.Sheets[len(c.out.Sheets)-1] }

// box draws a rectangle.
func (s *Sheet) box(x0, y0, x1, y1 float64) {
	s.strokes = append(s.strokes, stroke{x0, y0, x1, y0}, stroke{x0, y1, x1, y1}, stroke{x0, y0, x0, y1}, stroke{x1, y0, x1, y1})
}

// figure sets a picture with its caption.
func (c *composer) figure(it codec.Item, index int) error {
	seen, err := seenIn(it.Form.Picture)
	if err != nil {
		return fmt.Errorf("picture: %w", err)
	}
	p, lines, err := c.broken(it, index, "", nil)
	if err != nil {
		return err
	}
	w, h := float64(it.Form.Picture.Width)*pixel, float64(it.Form.Picture.Height)*pixel
	if full := float64(pageWidth - margin - textLeft); w > full {
		w, h = full, h*full/w
	}
	if full := figureHigh * (c.bottom - c.top); h > full {
		w, h = w*full/h, full
	}
	if err := c.room(descent + gap + h + p.Before + float64(len(lines))*p.Lead); err != nil {
		return err
	}
	y := c.under() + gap
	s := c.last()
	s.pictures = append(s.pictures, picture{png: seen, x: textLeft, y: y, w: w, h: h})
	c.y = y + h
	return c.set(p, lines, it.Below)
}

// seenIn returns a picture, which the page's check has bounded, as it is seen on
// white paper, written anew: what the file holds is what is shown, and no byte
// more.
func seenIn(p *tearline.Picture) ([]byte, error) {
	img, err := png.Decode(bytes.NewReader(p.PNG))
	if err != nil {
		return nil, err
	}
	var out draw.Image = image.NewRGBA(img.Bounds())
	if img.ColorModel() == color.GrayModel || img.ColorModel() == color.Gray16Model {
		out = image.NewGray(img.Bounds())
	}
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), img, img.Bounds().Min, draw.Over)
	var b bytes.Buffer
	if err := png.Encode(&b, out); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// authority sets the classification authority block at the foot of the last
// sheet, in a frame.
func (c *composer) authority(list []codec.Line) error {
	if len(list) == 0 {
		return nil
	}
	const pad = 6
	left, right := float64(margin), float64(pageWidth-margin)
	var lines []Line
	for _, l := range list {
		set, err := c.lines(l.Name+": "+l.Value, smallSize, left+pad, right-pad, 0)
		if err != nil {
			return fmt.Errorf("authority: %w", err)
		}
		lines = append(lines, set...)
	}
	high := float64(len(lines)) * smallLead
	if high+2*pad > c.bottom-c.top {
		return fmt.Errorf("authority: %d lines do not fit on a sheet", len(lines))
	}
	if err := c.room(2*gap + 2*pad + high); err != nil {
		return err
	}
	s := c.last()
	foot := c.bottom + descent
	top := foot - 2*pad - high
	s.box(left, top, right, foot)
	for i := range lines {
		y := top + pad + float64(i+1)*smallLead - descent + 1
		s.Lines = append(s.Lines, SetLine{Y: y, Size: smallSize, Item: Frame, Words: lines[i].Words, visual: lines[i].visual})
	}
	c.y = c.bottom
	return nil
}
