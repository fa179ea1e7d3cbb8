package casepage

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"

	"tearline/internal/damage"
	"tearline/internal/node/trace"
)

// picture is the lineage of what a leak has exposed, from the left what lies
// under everything to the right what rests on it.
type picture struct {
	Width, Height int
	Boxes         []box
	Lines         []string // SVG paths
	Left          int      // portions that are left out
}

type box struct {
	Class, Name, Words, Full string
	X, Y, W, H, TX, T1, T2   int

	column int
	under  []*box
}

// The measures of the picture, in pixels, and how much of it there is at most.
const (
	boxWidth, boxHeight = 210, 42
	gapAcross, gapDown  = 56, 14
	maxBoxes            = 60
	maxCalm             = 12
	maxColumns          = 10
	maxName             = 28
)

// newPicture draws what a damage names, the nearest first; nil if that is
// nothing.
func newPicture(d *damage.Damage) *picture {
	p := &picture{}
	at := map[string]*box{}
	var drawn, calm []*box
	for _, x := range []struct {
		list         []damage.Portion
		state, class string
		most         int
	}{
		{d.Open, "in the open", "open", maxBoxes},
		{d.Sources, "lies beneath", "source", maxBoxes},
		{d.Inferred, "can be inferred", "inferred", maxBoxes},
		{d.Unexposed, "unexposed", "calm", maxBoxes + maxCalm},
	} {
		for i := range x.list {
			q := &x.list[i]
			if len(drawn)+len(calm) >= x.most || x.class == "calm" && len(calm) >= maxCalm {
				p.Left += len(x.list) - i
				break
			}
			b := &box{Class: x.class, Name: short(q.Portion), Full: trace.Plain(q.Portion), Words: string(q.Originator) + ", " + stated(q, x.state), W: boxWidth, H: boxHeight}
			if at[q.Portion] = b; x.class == "calm" {
				calm = append(calm, b)
			} else {
				drawn = append(drawn, b)
			}
		}
	}
	if len(drawn) == 0 {
		return nil
	}
	for _, e := range d.Edges {
		if from, to := at[e.From], at[e.To]; from != nil && to != nil && from != to {
			from.under = append(from.under, to)
		}
	}
	columns := layered(drawn)
	p.place(columns)
	p.below(calm, len(columns))
	p.join(drawn)
	for _, b := range slices.Concat(drawn, calm) {
		b.TX, b.T1, b.T2 = b.X+10, b.Y+17, b.Y+34
		p.Boxes = append(p.Boxes, *b)
	}
	return p
}

// short is a name that fits into a box.
func short(name string) string {
	name = trace.Plain(name)
	if utf8.RuneCountInString(name) <= maxName {
		return name
	}
	runes := []rune(name)
	return "…" + string(runes[len(runes)-maxName+1:])
}

// layered puts each box to the right of all that it rests on. Where portions
// rest on themselves it ends after as many rounds as there are columns.
func layered(boxes []*box) [][]*box {
	for range maxColumns {
		for _, b := range boxes {
			for _, u := range b.under {
				b.column = min(max(b.column, u.column+1), maxColumns-1)
			}
		}
	}
	var columns [][]*box
	for i := range maxColumns {
		var c []*box
		for _, b := range boxes {
			if b.column == i {
				c = append(c, b)
			}
		}
		if len(c) > 0 {
			columns = append(columns, c)
		}
	}
	return columns
}

// place gives each box its place: in its column by where that is on which it
// rests.
func (p *picture) place(columns [][]*box) {
	for i, c := range columns {
		slices.SortStableFunc(c, func(a, b *box) int { return cmp.Compare(a.middle(), b.middle()) })
		for k, b := range c {
			b.X, b.Y = 2+i*(boxWidth+gapAcross), 2+k*(boxHeight+gapDown)
			p.Height = max(p.Height, b.Y+boxHeight+2)
		}
		p.Width = max(p.Width, 4+i*(boxWidth+gapAcross)+boxWidth)
	}
}

// middle is how far down that is on which a box rests.
func (b *box) middle() int {
	if len(b.under) == 0 {
		return 0
	}
	sum := 0
	for _, u := range b.under {
		sum += u.Y
	}
	return sum / len(b.under)
}

// below puts what is unexposed under the others, in rows.
func (p *picture) below(calm []*box, columns int) {
	columns = max(columns, 3)
	top := p.Height + gapDown
	for i, b := range calm {
		b.X, b.Y = 2+i%columns*(boxWidth+gapAcross), top+i/columns*(boxHeight+gapDown)
		p.Width, p.Height = max(p.Width, b.X+boxWidth+2), max(p.Height, b.Y+boxHeight+2)
	}
}

// join draws the lines.
func (p *picture) join(boxes []*box) {
	for _, b := range boxes {
		for _, u := range b.under {
			if u.X >= b.X {
				continue
			}
			x1, y1, x2, y2 := u.X+boxWidth, u.Y+boxHeight/2, b.X, b.Y+boxHeight/2
			bend := gapAcross / 2
			p.Lines = append(p.Lines, fmt.Sprintf("M%d %dC%d %d %d %d %d %d", x1, y1, x1+bend, y1, x2-bend, y2, x2, y2))
		}
	}
}
