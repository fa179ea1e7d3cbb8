package main

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"math"
	"slices"

	"tearline"
	"tearline/bench/kit"
	"tearline/codec"
	"tearline/codec/pdf"
	"tearline/internal/pdftext"
	"tearline/leak/fingerprint/layout"
)

// An amount is how much is done.
type amount struct {
	effort kit.Effort
	pages  int // of each channel and shift
	more   int // of the shift that is in use
	crops  int // of each page
	twice  int // pages drawn twice

	shifts   []float64 // points
	channels []channel
}

var (
	full  = amount{effort: kit.Effort{Reps: 7, Slot: 1e8, Long: 2e9, Few: 3}, pages: 4, more: 10, crops: 8, twice: 20, shifts: allShifts, channels: channels}
	short = amount{effort: kit.Effort{Reps: 3, Slot: 1e7, Long: 1e9, Few: 1}, pages: 1, more: 1, crops: 2, twice: 3, shifts: allShifts, channels: channels}
)

// allShifts are those of the table, in points.
var allShifts = []float64{.1, .2, pdf.Shift, .5}

// A bench is what all benchmarks of one run work on.
type bench struct {
	*kit.Bench
	amount
}

func newBench(k *kit.Bench, a amount) *bench {
	k.Effort = a.effort
	return &bench{Bench: k, amount: a}
}

// Close has nothing to give up.
func (b *bench) Close() error { return nil }

// A printed page is one that was set, marked and drawn.
type printed struct {
	page  codec.Page
	set   *pdf.Layout
	marks pdf.Marks
	sheet *sheet
}

// mark is a code word, by a hash: nobody's, but as balanced as a keyed one.
func mark(seed uint64) pdf.Marks {
	return func(p tearline.PortionID, word int) int8 {
		d := dice{seed}
		for _, c := range []byte(p) {
			d.state ^= uint64(c)
			d.state = d.next()
		}
		d.state ^= uint64(word) //nolint:gosec // counted from 0
		return int8(d.next()>>32&1)*2 - 1
	}
}

// print sets a page, shifts its carriers by so many points, and draws its first
// sheet as a printer does.
func (b *bench) print(seed uint64, shift float64) (*printed, error) {
	d := &dice{seed}
	page, err := d.page(9, "Royal Harbour Police")
	if err != nil {
		return nil, err
	}
	p := &printed{page: page, marks: mark(seed)}
	if p.set, err = pdf.Compose(page); err != nil {
		return nil, err
	}
	drawn, err := pdf.Compose(page)
	if err != nil {
		return nil, err
	}
	for i := range drawn.Sheets[0].Lines {
		l := &drawn.Sheets[0].Lines[i]
		for k := range l.Words {
			l.Words[k].X += l.ShiftOf(k, p.marks) / pdf.Shift * shift
		}
	}
	file, err := drawn.Draw(nil)
	if err != nil {
		return nil, err
	}
	g, err := b.draw(file, source)
	if err != nil {
		return nil, err
	}
	p.sheet = newSheet(g, source)
	return p, nil
}

// draw draws the first sheet of a PDF.
func (b *bench) draw(file []byte, dpi int) (*image.Gray, error) {
	list, _, err := pdftext.Pictures(b.Ctx, "", pdftext.Cache(), file, pdftext.Request{Count: 1, DPI: dpi})
	if err != nil {
		return nil, err
	}
	if len(list) != 1 {
		return nil, errors.New("a page that was not drawn")
	}
	return list[0].Image, nil
}

// blind is the page as the reader knows it: without a choice or a recipient.
func (p *printed) blind() layout.Reference {
	page := codec.Page{Title: p.page.Title}
	for _, it := range p.page.Items {
		page.Items = append(page.Items, codec.Item{Mark: it.Mark, Portion: it.Portion, Wording: it.Wording})
	}
	return layout.Reference{Versions: []codec.Page{page}}
}

// A tally counts what was read.
type tally struct {
	carriers              int // on the sheets
	seen, side            int // those whose displacement is known, and those of them that are on the wrong side
	right, wrong          int
	points, wrongP, lostP int
}

func (t *tally) add(p *printed, r layout.Reading) {
	for _, c := range r.Carriers {
		m := p.marks(c.Portion, c.Word)
		if c.Displacement != 0 {
			t.seen++
			if (c.Displacement > 0) != (m > 0) {
				t.side++
			}
		}
		switch c.Value {
		case 0:
		case m:
			t.right++
		default:
			t.wrong++
		}
	}
	for _, q := range r.Points {
		i := slices.IndexFunc(p.page.Items, func(it codec.Item) bool { return it.Portion == q.Portion })
		switch {
		case q.Alternative == layout.Erased:
			t.lostP++
		case i >= 0 && p.page.Items[i].Choices[q.Point] != q.Alternative:
			t.wrongP++
		default:
			t.points++
		}
	}
}

// carriersOn counts the carriers of a sheet.
func carriersOn(s *pdf.Sheet) int {
	n := 0
	for i := range s.Lines {
		for _, w := range s.Lines[i].Words {
			if w.Carrier && s.Lines[i].Item >= 0 {
				n++
			}
		}
	}
	return n
}

func percent(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return 100 * float64(n) / float64(of)
}

// benchScan reads whole pages.
func benchScan(b *bench) error {
	for _, shift := range b.shifts {
		pages := b.pages
		if shift == pdf.Shift {
			pages = b.more
		}
		tallies := make([]tally, len(b.channels))
		for i := range pages {
			p, err := b.print(uint64(100+i), shift)
			if err != nil {
				return err
			}
			for k := range b.channels {
				if err := b.Ctx.Err(); err != nil {
					return err
				}
				img, err := b.channels[k].through(&dice{uint64(i)}, p.sheet)
				if err != nil {
					return err
				}
				tallies[k].carriers += carriersOn(&p.set.Sheets[0])
				r, err := layout.Read(img, p.blind())
				if err != nil && !errors.Is(err, layout.ErrNoFit) {
					return err
				}
				tallies[k].add(p, r)
			}
		}
		for k := range b.channels {
			b.report(&b.channels[k], shift, &tallies[k])
		}
	}
	return nil
}

// report adds the lines of one channel and shift.
func (b *bench) report(c *channel, shift float64, t *tally) {
	what := fmt.Sprintf("%s, shift %g pt: ", c.name, shift)
	b.Add(what+fmt.Sprintf("on the wrong side, n = %d", t.seen), "%", kit.One(percent(t.side, t.seen)), kit.Goal{})
	if shift != pdf.Shift {
		return
	}
	wrong, erased := kit.Goal{}, kit.Goal{}
	switch c.name {
	case "scan, 200 dpi":
		wrong, erased = kit.AtMost(0.5), kit.AtMost(10)
	case "photo":
		wrong, erased = kit.AtMost(5), kit.AtMost(10)
	}
	b.Add(what+fmt.Sprintf("bit errors of those read, n = %d", t.right+t.wrong), "%", kit.One(percent(t.wrong, t.right+t.wrong)), wrong)
	b.Add(what+fmt.Sprintf("erased, n = %d", t.carriers), "%", kit.One(percent(t.carriers-t.right-t.wrong, t.carriers)), erased)
	of := t.points + t.wrongP + t.lostP
	b.Add(what+fmt.Sprintf("alternatives misread, n = %d", of), "%", kit.One(percent(t.wrongP, of)), kit.Goal{})
	b.Add(what+fmt.Sprintf("alternatives erased, n = %d", of), "%", kit.One(percent(t.lostP, of)), kit.Goal{})
}

// What eight lines are to do.
const (
	copies = 10_000
	bound  = 1e-6
	eight  = 8
)

// benchLines cuts eight lines out of a picture.
func benchLines(b *bench) error {
	for _, c := range b.channels {
		if c.name != "scan, 200 dpi" && c.name != "photo" {
			continue
		}
		named, crops, wrongly := 0, 0, 0
		var bits []float64
		for i := range b.more {
			p, err := b.print(uint64(100+i), pdf.Shift)
			if err != nil {
				return err
			}
			d := &dice{uint64(i)}
			img, err := c.through(d, p.sheet)
			if err != nil {
				return err
			}
			for range b.crops {
				part, err := c.crop(d, p, img)
				if err != nil {
					return err
				}
				crops++
				r, err := layout.Read(part, p.blind())
				if err != nil {
					continue
				}
				var t tally
				t.add(p, r)
				bits = append(bits, float64(t.right+t.wrong))
				if tail(t.right+t.wrong, t.right)*copies <= bound {
					named++
				}
				// A copy that has nothing to do with it.
				other := *p
				other.marks = mark(d.next())
				var stranger tally
				stranger.add(&other, r)
				if tail(stranger.right+stranger.wrong, stranger.right)*copies <= bound {
					wrongly++
				}
			}
		}
		what := fmt.Sprintf("%s, eight lines, %d crops: ", c.name, crops)
		b.Add(what+"one of 10,000 is named at 1e-6", "%", kit.One(percent(named, crops)), kit.AtLeast(90))
		b.Add(what+"a stranger is named", "%", kit.One(percent(wrongly, crops)), kit.Goal{})
		if len(bits) > 0 {
			b.Add(what+"bits read", "bits", kit.SpreadOf(bits), kit.Goal{})
		}
	}
	return nil
}

// tail is the probability that of m fair coins k or more agree.
func tail(m, k int) float64 {
	sum := 0.0
	for ; k <= m; k++ {
		a, _ := math.Lgamma(float64(m + 1))
		c, _ := math.Lgamma(float64(k + 1))
		d, _ := math.Lgamma(float64(m - k + 1))
		sum += math.Exp(a - c - d - float64(m)*math.Ln2)
	}
	return sum
}

// crop cuts eight lines that follow each other out of a picture, as wide as it
// is.
func (c *channel) crop(d *dice, p *printed, img *image.Gray) (image.Image, error) {
	var heights []float64
	for _, l := range p.set.Sheets[0].Lines {
		if l.Item >= 0 {
			heights = append(heights, l.Y)
		}
	}
	if len(heights) < eight {
		return nil, errors.New("a page of few lines")
	}
	first := d.under(len(heights) - eight + 1)
	scale := c.dpi / 72
	top, foot := (heights[first]-11)*scale, (heights[first+eight-1]+4.5)*scale
	w, h := float64(img.Rect.Dx()), float64(img.Rect.Dy())
	warp := c.warp(w, h)
	y0, y1 := h, 0.0
	for x := 0.1 * w; x < 0.95*w; x += w / 20 {
		for y := 0.0; y < h; y++ {
			if _, v := warp(x, y); v >= top && v <= foot {
				y0, y1 = min(y0, y), max(y1, y)
			}
		}
	}
	return img.SubImage(image.Rect(0, int(y0), img.Rect.Dx(), int(y1)+1)), nil
}

// benchIdentical draws pages twice.
func benchIdentical(b *bench) error {
	same := 0
	for i := range b.twice {
		var files [2][]byte
		for k := range files {
			d := &dice{uint64(i)}
			page, err := d.page(1+d.under(20), "Royal Harbour Police")
			if err != nil {
				return err
			}
			if files[k], err = pdf.Render(page, mark(d.next())); err != nil {
				return err
			}
		}
		if bytes.Equal(files[0], files[1]) {
			same++
		}
	}
	b.Add(fmt.Sprintf("the same bytes twice, of %d pages", b.twice), "%", kit.One(percent(same, b.twice)), kit.AtLeast(100))
	return nil
}

// benchSpeed measures time.
func benchSpeed(b *bench) error {
	p, err := b.print(100, pdf.Shift)
	if err != nil {
		return err
	}
	img, err := channels[1].through(&dice{1}, p.sheet)
	if err != nil {
		return err
	}
	for _, job := range []struct {
		what string
		do   func() error
	}{
		{"two sheets set", func() error { _, err := pdf.Compose(p.page); return err }},
		{"two sheets set and drawn", func() error { _, err := pdf.Render(p.page, p.marks); return err }},
		{"a sheet read from a scan of 200 dpi", func() error { _, err := layout.Read(img, p.blind()); return err }},
	} {
		s, err := b.Cost(kit.CPU, job.do)
		if err != nil {
			return err
		}
		b.Add(job.what+", CPU", "ms", s.Times(1e-6), kit.Goal{})
	}
	return nil
}
