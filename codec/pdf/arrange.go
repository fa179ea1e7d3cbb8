package pdf

import (
	"math"
	"strings"

	"tearline/codec/pdf/shape"
)

// extent returns where a line begins, and how wide it is.
func (l *Line) extent() (from, width float64) {
	if len(l.Words) == 0 {
		return 0, 0
	}
	from, width = math.Inf(1), 0
	for i := range l.Words {
		from = math.Min(from, l.Words[i].X)
	}
	for i := range l.Words {
		width = math.Max(width, l.Words[i].X-from+l.Words[i].Width)
	}
	return from, width
}

// move moves a line to the right.
func (l *Line) move(by float64) {
	for i := range l.Words {
		l.Words[i].X += by
	}
	for i := range l.visual {
		l.visual[i].x += by
	}
}

// A spot is a unit on a line, and the word that it is of; -1 is a blank.
type spot struct {
	unit unit
	word int
}

// arrange gives the lines of a paragraph the order in which they stand on the
// page, where anything in it runs from right to left.
func (p *Paragraph) arrange(lines []Line) error {
	levels, err := p.levels(lines)
	if levels == nil || err != nil {
		return err
	}
	at := 0
	for i := range lines {
		l := &lines[i]
		first := 0
		if i == 0 && p.label != "" {
			first = 1
		}
		var spots []spot
		for k := first; k < len(l.Words); k++ {
			w := &l.Words[k]
			list, err := p.fonts.units(w.Text, w.kinds, p.kind)
			if err != nil {
				return err
			}
			for _, u := range list {
				u.level = levels[at]
				at += len([]rune(u.cluster.Text))
				spots = append(spots, spot{u, k})
			}
			if k < len(l.Words)-1 {
				blank := unit{cluster: shape.Cluster{Text: " ", Draw: ' '}, kind: p.kind, face: p.face, level: levels[at]}
				if blank.glyph, _, err = p.face.glyph(' '); err != nil {
					return err
				}
				if next := l.Words[k+1].kinds; w.kinds != "" && next != "" {
					blank.kind |= w.kinds[len(w.kinds)-1] & next[0] & underlined
				}
				spots = append(spots, spot{blank, -1})
			}
			at++ // the blank, or the end of the line
		}
		if err := p.place(l, spots, first); err != nil {
			return err
		}
	}
	return nil
}

// levels returns the levels of a paragraph's words, with one blank after each,
// nil if nothing in it runs from right to left. A portion mark is a code that
// runs from left to right whatever stands beside it.
func (p *Paragraph) levels(lines []Line) ([]uint8, error) {
	var text strings.Builder
	marked := 0 // characters of the mark, with its blanks
	left := len(strings.Join(strings.Fields(p.mark), ""))
	for i := range lines {
		for k, w := range lines[i].Words {
			if i == 0 && k == 0 && p.label != "" {
				continue
			}
			text.WriteString(w.Text + " ")
			if left > 0 {
				left -= len(w.Text)
				marked += len([]rune(w.Text)) + 1
			}
		}
	}
	if !shape.HasRight(text.String()) {
		return nil, nil
	}
	all := []rune(text.String())
	levels := make([]uint8, 0, len(all))
	if marked > 0 {
		for range marked - 1 {
			if p.fromRight {
				levels = append(levels, 2)
			} else {
				levels = append(levels, 0)
			}
		}
		levels = append(levels, levels[0]/2) // of the paragraph
	}
	rest, err := shape.Levels(string(all[marked:]), p.fromRight)
	return append(levels, rest...), err
}

// place sets what stands on a line from left to right.
func (p *Paragraph) place(l *Line, spots []spot, first int) error {
	levels := make([]uint8, len(spots))
	turned := p.fromRight
	width := 0.0
	for i := range spots {
		levels[i] = spots[i].unit.level
		turned = turned || levels[i] > 0
		width += spots[i].unit.glyph.advance * p.Size
	}
	if !turned {
		return nil
	}
	x := p.left
	if p.fromRight {
		x = p.right - (p.left - p.box) - width
	}
	var list []unit
	at := x
	lo, hi := make([]float64, len(l.Words)), make([]float64, len(l.Words))
	for i := range lo {
		lo[i], hi[i] = math.Inf(1), math.Inf(-1)
	}
	for _, i := range shape.Visual(levels) {
		s := &spots[i]
		list = append(list, s.unit)
		end := at + s.unit.glyph.advance*p.Size
		if s.word >= 0 {
			lo[s.word], hi[s.word] = math.Min(lo[s.word], at), math.Max(hi[s.word], end)
		}
		at = end
	}
	l.visual = runs(list, x, p.Size)
	for k := first; k < len(l.Words); k++ {
		l.Words[k].X, l.Words[k].Width = lo[k], hi[k]-lo[k]
	}
	if first == 0 {
		return nil
	}
	label := &l.Words[0]
	if p.fromRight {
		label.X = p.right - (p.labelX - p.box) - label.Width
	}
	units, err := p.fonts.units(label.Text, label.kinds, p.kind)
	if err != nil {
		return err
	}
	if levels, err = shape.Levels(label.Text, p.fromRight); err != nil {
		return err
	}
	list = nil
	for _, i := range shape.Visual(levels) {
		list = append(list, units[i])
	}
	l.visual = append(l.visual, runs(list, label.X, p.Size)...)
	return nil
}
