package layout_test

import (
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tearline"
	"tearline/codec"
	"tearline/codec/pdf"
	"tearline/leak/fingerprint/layout"
)

// A generator invents pages.
type generator struct{ *rand.Rand }

func seeded(seed uint64) generator { return generator{rand.New(rand.NewPCG(seed, 7))} }

func (g generator) pick(list string) string {
	all := strings.Split(list, "/")
	return all[g.IntN(len(all))]
}

// sentence has a point or two.
func (g generator) sentence() string {
	const (
		things = "sealed crates/radio sets/oil drums/pump engines/cable reels/survey maps"
		places = "fish quay/northern crossing/old tannery/upper lock/railway yard"
		people = "bookkeeper/night guard/surveyor/interpreter/deputy foreman"
		when   = "on Tuesday/before sunrise/in the last days of March/twice/a week ago"
	)
	return g.pick(fmt.Sprintf("The %s said %s that {about|roughly} forty %s lay at the %s and {would|were to} leave it./"+
		"A %s {saw|had noticed} %s how the %s were brought to the %s without a word being said./"+
		"No %s was paid %s for the %s{|, which were heavy,} that the office at the %s had asked for./"+
		"Since then the %s has been looking %s for {the lost|all of the} %s near the %s.",
		g.pick(people), g.pick(when), g.pick(things), g.pick(places), g.pick(people), g.pick(when), g.pick(things), g.pick(places),
		g.pick(people), g.pick(when), g.pick(things), g.pick(places), g.pick(people), g.pick(when), g.pick(things), g.pick(places)))
}

// page invents one recipient's page of some items.
func (g generator) page(tb testing.TB, items int) codec.Page {
	tb.Helper()
	p := codec.Page{Banner: "SECRET", Copy: "K-0417", Recipient: "Royal Harbour Police", Date: "2026-03-14", Title: &codec.Item{Text: "Traffic at the crossing"}}
	for i := range items {
		var s []string
		for range 3 + g.IntN(3) {
			s = append(s, g.sentence())
		}
		w, err := tearline.ParseWording(strings.Join(s, " "))
		if err != nil {
			tb.Fatal(err)
		}
		it := codec.Item{Mark: g.pick("(S)/(C)/(U)"), Portion: tearline.PortionID(fmt.Sprintf("p%d", i+1)), Wording: w}
		for _, s := range w.Segments() {
			if s.Alternatives != nil {
				it.Choices = append(it.Choices, g.IntN(len(s.Alternatives)))
			}
		}
		if it.Text, err = w.Render(it.Choices); err != nil {
			tb.Fatal(err)
		}
		p.Items = append(p.Items, it)
	}
	return p
}

// coin is a code word: of each word of each portion, by a hash.
func coin(seed uint64) pdf.Marks {
	return func(p tearline.PortionID, word int) int8 {
		h := seed
		for _, c := range fmt.Sprint(p, "/", word) {
			h = (h ^ uint64(c)) * 0x9e3779b97f4a7c15
			h ^= h >> 29
		}
		return int8(h>>40&1)*2 - 1
	}
}

func compose(tb testing.TB, p codec.Page) *pdf.Layout {
	tb.Helper()
	l, err := pdf.Compose(p)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

// A tally is what a reading came to.
type tally struct{ right, wrong, erased, points, wrongPoints, erasedPoints int }

func count(r layout.Reading, p codec.Page, marks pdf.Marks) tally {
	var t tally
	for _, c := range r.Carriers {
		switch c.Value {
		case 0:
			t.erased++
		case marks(c.Portion, c.Word):
			t.right++
		default:
			t.wrong++
		}
	}
	for _, q := range r.Points {
		for _, it := range p.Items {
			switch {
			case it.Portion != q.Portion:
			case q.Alternative == layout.Erased:
				t.erasedPoints++
			case it.Choices[q.Point] == q.Alternative:
				t.points++
			default:
				t.wrongPoints++
			}
		}
	}
	return t
}

func reference(pages ...codec.Page) layout.Reference {
	ref := layout.Reference{Versions: pages}
	for i := range ref.Versions { // blind: no choice, no recipient
		p := codec.Page{Title: ref.Versions[i].Title}
		for _, it := range ref.Versions[i].Items {
			p.Items = append(p.Items, codec.Item{Mark: it.Mark, Portion: it.Portion, Wording: it.Wording, Form: it.Form})
		}
		ref.Versions[i] = p
	}
	return ref
}

// carriers counts the carriers of a sheet.
func carriers(s *pdf.Sheet) int {
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

// A clean picture gives every mark and every alternative.
func TestPropertyCleanPicture(t *testing.T) {
	if err := flag.Set("rapid.checks", "6"); err != nil { // each takes a fifth of a second
		t.Fatal(err)
	}
	paint := newPainter(t)
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64Range(0, 1<<40).Draw(rt, "seed")
		p := seeded(seed).page(t, rapid.IntRange(1, 3).Draw(rt, "items"))
		l := compose(t, p)
		img := paint.draw(t, &l.Sheets[0], upper(200), coin(seed))
		r, err := layout.Read(img, reference(p))
		if err != nil {
			rt.Fatal(err)
		}
		got := count(r, p, coin(seed))
		all := carriers(&l.Sheets[0])
		if got.wrong > 0 || got.wrongPoints > 0 || got.right < all*9/10 || len(r.Carriers) > all || r.Plain {
			rt.Errorf("of %d carriers %+v; %+v", all, got, figures(r))
		}
	})
}

// Headings, lists and a table among the paragraphs leave the marks to be read.
func TestForms(t *testing.T) {
	t.Parallel()
	paint := newPainter(t)
	for seed := range uint64(2) {
		p := seeded(seed).page(t, 5)
		p.Items[1].Form = tearline.Form{Shape: tearline.ListItem, Level: 1}
		p.Items[2].Form = tearline.Form{Shape: tearline.ListItem, Level: 2, Ordered: true}
		p.Items[4].Form = tearline.Form{Shape: tearline.Note}
		head := codec.Item{Mark: "(U)", Text: "What the harbour office knows", Form: tearline.Form{Shape: tearline.Heading, Level: 2}, Portion: "h"}
		p.Items = slices.Insert(p.Items, 1, head)
		for i := range 6 {
			cell := codec.Item{Mark: "(S)", Text: "Crates on the quay", Portion: "c", Form: tearline.Form{Shape: tearline.Cell, Table: 1, Row: 1 + i/2, Column: 1 + i%2}}
			p.Items = slices.Insert(p.Items, 4+i, cell)
		}
		l := compose(t, p)
		img := paint.draw(t, &l.Sheets[0], whole(200), coin(seed))
		r, err := layout.Read(img, layout.Reference{Versions: []codec.Page{p}})
		if err != nil {
			t.Fatal(err)
		}
		got := count(r, p, coin(seed))
		if all := carriers(&l.Sheets[0]); got.wrong > 0 || got.wrongPoints > 0 || got.right < all*9/10 || len(r.Carriers) > all {
			t.Errorf("of %d carriers %+v; %+v", all, got, figures(r))
		}
	}
}

func figures(r layout.Reading) layout.Reading {
	r.Carriers, r.Points = nil, nil
	return r
}

// Parts of a page, turned and tilted.
func TestViews(t *testing.T) {
	t.Parallel()
	p := seeded(3).page(t, 10)
	l := compose(t, p)
	all := carriers(&l.Sheets[0])
	strip := whole(200)
	strip.h, strip.midY = 8*14*200/72, 400
	left := whole(200)
	left.w, left.midX = left.w*6/10, 180
	for name, tc := range map[string]struct {
		view  view
		share float64 // of the carriers, that must be read
	}{
		"turned left":        {turned(upper(150), -3), 0.3},
		"turned right":       {turned(whole(150), 3), 0.9},
		"tilted":             {view{w: 1340, h: 1900, dpi: 150, angle: 1, tiltX: 0.05, tiltY: -0.06, midX: 297.5, midY: 421}, 0.9},
		"coarse":             {whole(120), 0.9},
		"fine":               {upper(300), 0.3},
		"eight lines":        {strip, 0.14},
		"eight lines turned": {turned(strip, 2), 0.1},
		"the left part":      {left, 0.4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			img := newPainter(t).draw(t, &l.Sheets[0], tc.view, coin(5))
			r, err := layout.Read(img, reference(p))
			if err != nil {
				t.Fatal(err)
			}
			got := count(r, p, coin(5))
			if got.wrong > 0 || got.wrongPoints > 0 || float64(got.right) < tc.share*float64(all) {
				t.Errorf("of %d carriers %+v; %+v", all, got, figures(r))
			}
		})
	}
}

func turned(v view, degrees float64) view {
	v.angle = degrees
	return v
}

// A page on its side, or upside down.
func TestTurned(t *testing.T) {
	t.Parallel()
	p := seeded(6).page(t, 3)
	l := compose(t, p)
	strip := whole(110)
	strip.h, strip.midY = strip.h*4/10, 200
	img := newPainter(t).draw(t, &l.Sheets[0], strip, coin(5))
	for turned := range 4 {
		r, err := layout.Read(img, reference(p))
		if got := count(r, p, coin(5)); err != nil || r.Turned != turned || got.wrong > 0 || got.right < 30 {
			t.Errorf("turned %d: %+v, %+v, %v", turned, got, figures(r), err)
		}
		back := image.NewGray(image.Rect(0, 0, img.Rect.Dy(), img.Rect.Dx())) // by a quarter to the left
		for y := range img.Rect.Dy() {
			for x := range img.Rect.Dx() {
				back.SetGray(y, img.Rect.Dx()-1-x, img.GrayAt(x, y))
			}
		}
		img = back
	}
}

// No other report of the same kind is taken for it.
func TestStrangers(t *testing.T) {
	t.Parallel()
	paint := newPainter(t)
	ref := reference(seeded(3).page(t, 6))
	strip := whole(100)
	strip.h, strip.midY = strip.h/2, 240
	for seed := range uint64(3) {
		l := compose(t, seeded(100+seed).page(t, 5))
		if r, err := layout.Read(paint.draw(t, &l.Sheets[0], strip, coin(5)), ref); !errors.Is(err, layout.ErrNoFit) {
			t.Errorf("seed %d: %+v, %v", seed, figures(r), err)
		}
	}
}

func TestNoFit(t *testing.T) {
	t.Parallel()
	p := seeded(3).page(t, 3)
	blank := image.NewGray(image.Rect(0, 0, 800, 800))
	noise := image.NewGray(image.Rect(0, 0, 500, 500))
	g := seeded(1)
	for i := range noise.Pix {
		noise.Pix[i] = uint8(g.IntN(256))
	}
	for name, tc := range map[string]struct {
		img  image.Image
		ref  layout.Reference
		want error
	}{
		"blank":              {blank, reference(p), layout.ErrNoFit},
		"noise":              {noise, reference(p), layout.ErrNoFit},
		"too small":          {image.NewGray(image.Rect(0, 0, 30, 800)), reference(p), layout.ErrPicture},
		"too large":          {image.NewUniform(color.White), reference(p), layout.ErrPicture},
		"nothing to compare": {blank, layout.Reference{}, layout.ErrReference},
	} {
		if r, err := layout.Read(tc.img, tc.ref); !errors.Is(err, tc.want) {
			t.Errorf("%s: %+v, %v", name, figures(r), err)
		}
	}
}

// A page without marks is told, and none is read.
func TestPlain(t *testing.T) {
	t.Parallel()
	p := seeded(3).page(t, 10)
	l := compose(t, p)
	r, err := layout.Read(newPainter(t).draw(t, &l.Sheets[0], upper(150), nil), reference(p))
	if got := count(r, p, coin(1)); err != nil || !r.Plain || got.right+got.wrong > 0 {
		t.Errorf("%+v, %+v, %v", got, figures(r), err)
	}
}

// Of several versions, that is taken which was photographed.
func TestVersions(t *testing.T) {
	t.Parallel()
	p := seeded(3).page(t, 10)
	short := p
	short.Items = append(append([]codec.Item(nil), p.Items[:2]...), p.Items[4:]...)
	l := compose(t, short)
	img := newPainter(t).draw(t, &l.Sheets[0], upper(120), coin(5))
	r, err := layout.Read(img, reference(p, short))
	if got := count(r, p, coin(5)); err != nil || r.Version != 1 || r.Margin < 10 || got.wrong > 0 || got.wrongPoints > 0 || got.right < 60 {
		t.Errorf("%+v, %+v, %v", got, figures(r), err)
	}
}

// Whatever a picture shows, reading it ends, and says at most what is in the
// reference.
func FuzzRead(f *testing.F) {
	p := seeded(3).page(f, 3)
	ref := reference(p)
	l := compose(f, p)
	strip := whole(100)
	strip.h, strip.midY = 300, 210
	img := newPainter(f).draw(f, &l.Sheets[0], strip, coin(5))
	f.Add(uint16(strip.w), img.Pix[:1<<14], uint8(3))
	f.Add(uint16(60), []byte{0, 255, 255, 0, 7}, uint8(200))
	f.Add(uint16(0), []byte{}, uint8(0))
	f.Fuzz(func(t *testing.T, width uint16, pix []byte, times uint8) {
		w := int(width%700) + 1
		g := image.NewGray(image.Rect(0, 0, w, 1+min((len(pix)*(int(times)+1))/w, 500)))
		for i := range g.Pix {
			g.Pix[i] = 255
			if len(pix) > 0 {
				g.Pix[i] = pix[i%len(pix)]
			}
		}
		r, err := layout.Read(g, ref)
		if err != nil {
			return
		}
		if r.Words == 0 || r.Residual > 1 || len(r.Carriers) > carriers(&l.Sheets[0]) {
			t.Errorf("%+v", figures(r))
		}
	})
}
