package main

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"

	"tearline"
	"tearline/bench/kit"
	"tearline/codec"
	"tearline/codec/pdf"
)

// Two recipients' copies of one page.
var recipients = []struct {
	file, name string
	number     tearline.CopyID
	seed       uint64
}{
	{"copy-a.png", "Royal Harbour Police", "K-0417", 41},
	{"copy-b.png", "Coastal Customs Service", "K-0418", 52},
}

// imageDPI is how fine the pictures are.
const (
	imageDPI = 110
	drawnDPI = 440
)

// benchImages writes the pictures of docs/images: two copies of a page, and
// where they differ.
func benchImages(b *bench) error {
	dir := os.Getenv("TEARLINE_IMAGES")
	if dir == "" {
		return nil
	}
	var pictures []*image.Gray
	for _, r := range recipients {
		page, err := copyFor(r.seed)
		if err != nil {
			return err
		}
		page.Recipient, page.Copy = r.name, r.number
		file, err := pdf.Render(page, mark(r.seed))
		if err != nil {
			return err
		}
		g, err := b.draw(file, drawnDPI)
		if err != nil {
			return err
		}
		small := shrink(g, drawnDPI/imageDPI)
		if err := save(filepath.Join(dir, r.file), small, greys()); err != nil {
			return err
		}
		pictures = append(pictures, small)
	}
	diff, palette := difference(pictures[0], pictures[1])
	if err := save(filepath.Join(dir, "copies-differ.png"), diff, palette); err != nil {
		return err
	}
	b.Add("pictures written", "none", kit.One(float64(len(pictures)+1)), kit.Goal{})
	return nil
}

// prose is the page of the pictures: the title, and its items with their marks.
var prose = [][2]string{
	{"(C)", "Vessel traffic at the Port of Sellin, 2 to 9 March"},
	{"(S//REL TO USA, CAN, GBR)", "A coaster under the name ANNA REED lay at the fish quay from the evening of 4 March until shortly before sunrise on 5 March. It showed no lights and took on neither a pilot nor stores. A guard of the Harbour Office who wanted to see the papers was {told|assured} that the agent in town had them."},
	{"(S//REL TO USA, CAN, GBR)", "Between two and four in the morning about forty crates were carried from a shed of the Lantern Company to the ship. The crates had been sealed and bore the stencil of a dealer in pump engines. Two men {could not lift one|were unable to lift one}; a hand truck was fetched, and broke."},
	{"(C//REL TO USA, CAN, GBR)", "The dealer has not sold an engine since the autumn of last year. Its bookkeeper told a customer that the stencil was given to a friend of the owner, and that the rent of the shed is paid in cash, on the first of each month, by a woman whom {nobody|no one} at the office knows by name."},
	{"(S//REL TO USA, CAN, GBR)", "The ANNA REED cleared for Marrow Island, where she never arrived. A survey launch met a coaster of the same lines near the northern shoals on 7 March; it bore no name, its deck was empty, and it altered course to the west {as soon as|the moment} it was hailed."},
	{"(U)", "The shed has been to let since 8 March. The advertisement gives a telephone number that is answered in the afternoon only, and asks for {a tenant|somebody} who does not mind the noise of the ferry stage."},
	{"(S//REL TO USA, CAN, GBR)", "A second shipment is being prepared. The same agent has asked the pilots' office for the tides of the night of 21 March, and the Lantern Company has {ordered|bought} two hand trucks of a stronger kind."},
	{"(C//REL TO USA, CAN, GBR)", "The woman who pays the rent was seen twice at the ferry stage, on 6 and 8 March, each time with the mate of the ANNA REED. She carries the keys of the shed on a ring with a brass float, as they are {sold|given out} at the chandler's, and speaks the dialect of the islands."},
	{"(U)", "The Harbour Office will repeat its survey of the quay after the spring tides. Sheds without a tenant are to be opened in the presence of the owner, and what is found in them entered in the {books|registers} of the port."},
}

// copyFor is the page with the wording of one copy.
func copyFor(seed uint64) (codec.Page, error) {
	d := &dice{seed}
	page := codec.Page{
		Banner: "SECRET//REL TO USA, CAN, GBR", Date: "2026-03-14", Individual: true,
		Title: &codec.Item{Mark: prose[0][0], Text: prose[0][1]}, Caveats: []string{"Only for the purpose of port security"},
	}
	for i, p := range prose[1:] {
		w, err := tearline.ParseWording(p[1])
		if err != nil {
			return page, err
		}
		it := codec.Item{Mark: p[0], Portion: tearline.PortionID(fmt.Sprintf("p%d", i+1)), Wording: w}
		for _, s := range w.Segments() {
			if s.Alternatives != nil {
				it.Choices = append(it.Choices, d.under(len(s.Alternatives)))
			}
		}
		if it.Text, err = w.Render(it.Choices); err != nil {
			return page, err
		}
		page.Items = append(page.Items, it)
	}
	return page, nil
}

// shrink averages squares of k pixels.
func shrink(g *image.Gray, k int) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, g.Rect.Dx()/k, g.Rect.Dy()/k))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			sum := 0
			for dy := range k {
				for dx := range k {
					sum += int(g.Pix[(y*k+dy)*g.Stride+x*k+dx])
				}
			}
			out.Pix[y*out.Stride+x] = uint8(sum / (k * k)) //nolint:gosec // an average of bytes
		}
	}
	return out
}

// shades is how many greys a picture has: few are smaller.
const shades = 16

func greys() color.Palette {
	var p color.Palette
	for i := range shades {
		v := uint8(i * 255 / (shades - 1))
		p = append(p, color.Gray{Y: v})
	}
	return p
}

// difference shows what one copy has and the other has not: blue is the first
// one's ink, orange the second one's, grey is both.
func difference(a, b *image.Gray) (*image.Gray, color.Palette) {
	var p color.Palette
	for i := range shades / 2 { // how much ink both have, by twos
		v := uint8(255 - i*20)
		p = append(p, color.RGBA{v, v, v, 255})
	}
	for i := range shades / 2 {
		v := uint8(240 - i*30)
		p = append(p, color.RGBA{v, v/2 + 110, 255, 255})
	}
	for i := range shades / 2 {
		v := uint8(235 - i*30)
		p = append(p, color.RGBA{255, v/2 + 90, v, 255})
	}
	out := image.NewGray(a.Rect)
	for y := range a.Rect.Dy() {
		for x := range a.Rect.Dx() {
			i, j := int(255-a.Pix[y*a.Stride+x]), int(255-b.Pix[y*b.Stride+x])
			index := min(i, j) / 32
			if d := i - j; d > 48 {
				index = shades/2 + d/32
			} else if d < -48 {
				index = shades + -d/32
			}
			out.Pix[y*out.Stride+x] = uint8(index)
		}
	}
	return out, p
}

// save writes a picture as a PNG of few colours. Of greys, the pixels are
// brightnesses; otherwise they are indices already.
func save(name string, g *image.Gray, p color.Palette) (err error) {
	out := image.NewPaletted(g.Rect, p)
	for y := range g.Rect.Dy() {
		for x := range g.Rect.Dx() {
			v := int(g.Pix[y*g.Stride+x])
			if len(p) == shades {
				v = (v*(shades-1) + 127) / 255
			}
			out.Pix[y*out.Stride+x] = uint8(v) //nolint:gosec // an index of the palette
		}
	}
	f, err := os.Create(name) //nolint:gosec // in the folder that was asked for
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil && e != nil {
			err = fmt.Errorf("%s: %w", name, e)
		}
	}()
	return (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(f, out)
}
