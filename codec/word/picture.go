package word

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/gif" // pictures in reports
	_ "image/jpeg"
	"image/png"
	"math"
	"regexp"
	"strconv"
	"strings"

	"tearline"
	"tearline/codec/word/internal/opc"
)

// maxDecoded is the most pixels that the pictures of one document have
// together before they are cropped. It bounds the time.
const maxDecoded = 2 * tearline.MaxPixels

// figureText is how the caption of a picture begins: behind its portion mark,
// or with a number.
var figureText = regexp.MustCompile(`(?i)^(\([^()]{1,200}\)\s*(figure|fig\.)|(figure|fig\.)\s*[0-9])`)

var tableText = regexp.MustCompile(`(?i)^(\([^()]{1,200}\)\s*)?table\b`)

// crop is how much of a picture is cut away at each side, as parts of it.
type crop struct{ left, top, right, bottom float64 }

// blipKids are what may be said of a picture's pixels without changing them.
var blipKids = set("a:extLst", "a:lum", "a:grayscl")

// picture reads a picture of today's kind.
func (s *story) picture(p *paragraph, n *opc.Node, d drawn) {
	blip := n.Kid("pic:blipFill").Kid("a:blip")
	alt := d.alt(p.fault, n.Kid("pic:nvPicPr").Kid("pic:cNvPr"))
	s.pointed(p, n.Kid("pic:nvPicPr").Kid("pic:cNvPr"))
	if d.tiny {
		p.fault("a picture too small to be seen", "make it larger, or remove it")
	}
	if n.Stray() != "" {
		p.fault("a picture that holds text", hintInspect)
	}
	for _, k := range blip.All() {
		switch {
		case !blipKids[k.Name]:
			p.fault("a picture whose colours are changed", "in Word: Picture Format, Reset Picture")
		case k.Name == "a:extLst":
			s.extensions(p, k)
		default:
			s.note("a picture is taken as it is stored, lighter and darker than it is shown")
		}
	}
	if x := n.Kid("pic:spPr").Kid("a:xfrm"); opc.Number(x.Attr("rot")) != 0 || x.Attr("flipH") == "1" || x.Attr("flipV") == "1" {
		s.note("a picture is taken as it is stored, not turned")
	}
	var c crop
	if r := n.Kid("pic:blipFill").Kid("a:srcRect"); r != nil {
		c = crop{part(r.Attr("l")), part(r.Attr("t")), part(r.Attr("r")), part(r.Attr("b"))}
	}
	s.figure(p, blip.Attr("r:embed"), c, alt)
}

// extensions looks at what newer programs keep with a picture: its original, or
// another form of it.
func (s *story) extensions(p *paragraph, list *opc.Node) {
	list.Each(func(k *opc.Node) {
		if k.Attr("r:embed") != "" || k.Attr("r:link") != "" {
			p.fault("a picture that is there in a second form, which may show something else",
				"save the picture as PNG, and put that in")
		}
	})
}

// part reads a share of a picture: thousandths of a percent, or a percentage.
func part(v string) float64 {
	if p, ok := strings.CutSuffix(v, "%"); ok {
		return fraction(p, 100)
	}
	return fraction(v, 100_000)
}

// fraction returns a number as a part of a whole, between 0 and 1. What is no
// number is 0: nothing is cut away.
func fraction(v string, whole float64) float64 {
	f, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsNaN(f) {
		return 0
	}
	return min(max(f/whole, 0), 1)
}

// oldPicture reads a picture of the old kind.
func (s *story) oldPicture(p *paragraph, k *opc.Node, alt string) {
	if t := opc.Squeeze(k.Attr("o:title")); t != "" && t != alt && opc.Words(t) > 3 {
		p.fault("a picture with a name that is a text", "put it in anew")
	}
	var c crop
	for _, side := range []struct {
		name string
		to   *float64
	}{{"cropleft", &c.left}, {"croptop", &c.top}, {"cropright", &c.right}, {"cropbottom", &c.bottom}} {
		v := k.Attr(side.name)
		if fixed, ok := strings.CutSuffix(v, "f"); ok {
			*side.to = fraction(fixed, 65536)
		} else if percent, ok := strings.CutSuffix(v, "%"); ok {
			*side.to = fraction(percent, 100)
		} else {
			*side.to = fraction(v, 1)
		}
	}
	s.figure(p, k.Attr("r:id"), c, alt)
}

// figure puts a picture behind its paragraph.
func (s *story) figure(p *paragraph, id string, c crop, alt string) {
	s.pictures++
	where := fmt.Sprintf("picture %d", s.pictures)
	pic, why, hint := s.decode(id, c)
	if why != "" {
		p.fault(where+": "+why, hint)
		return
	}
	p.below = append(p.below, func(place string, f *flow) {
		b := &piece{alt: alt}
		b.Where = where + ", " + at(place)
		b.Form = tearline.Form{Shape: tearline.Figure, Picture: pic}
		b.Text = alt
		s.add(f, b)
	})
}

// decode reads a picture and writes it anew: what is seen of it, on white, and
// nothing else. It returns why it cannot, and how to mend that.
func (s *story) decode(id string, c crop) (*tearline.Picture, string, string) {
	rel := s.rels.ByID[id]
	if rel == nil || rel.External || rel.Kind != "image" || s.Files[rel.Target] == nil {
		return nil, "it is not in the file", "put it in anew"
	}
	s.Used[rel.Target] = true
	b, err := s.Bytes(rel.Target)
	if err != nil {
		return nil, "it is damaged", hintAgain
	}
	out, why, hint := s.pixelsOf(b, c)
	if why != "" {
		return nil, why, hint
	}
	var w bytes.Buffer
	if err := png.Encode(&w, out); err != nil {
		return nil, "it cannot be written anew", hintAgain
	}
	if s.pngs += w.Len(); s.pngs > tearline.MaxPictures {
		return nil, fmt.Sprintf("the pictures take more than %d MB together, as PNG", tearline.MaxPictures>>20), "make them smaller"
	}
	return &tearline.Picture{PNG: w.Bytes(), Width: out.Bounds().Dx(), Height: out.Bounds().Dy()}, "", ""
}

const hintAgain = "save it as PNG or JPEG, and put that in"

// pixelsOf decodes what is seen of a picture, after a look at how large it is.
func (s *story) pixelsOf(b []byte, c crop) (*image.RGBA, string, string) {
	cfg, format, err := image.DecodeConfig(bytes.NewReader(b))
	switch {
	case err != nil:
		return nil, "it is neither PNG nor JPEG nor GIF", hintAgain
	case cfg.Width < 1 || cfg.Height < 1 || cfg.Width > tearline.MaxPixels/cfg.Height:
		return nil, fmt.Sprintf("it has %d by %d pixels, and at most %d can be taken", cfg.Width, cfg.Height, tearline.MaxPixels), "make it smaller"
	case cfg.Width*cfg.Height > tearline.MaxPixels/2 && (deep(cfg.ColorModel) || format == "jpeg" && progressive(b)):
		// Such a picture takes twice as much memory, or more.
		return nil, fmt.Sprintf("it is of a kind of which at most %d pixels can be taken", tearline.MaxPixels/2), hintAgain
	case s.pixels+cfg.Width*cfg.Height > maxDecoded:
		return nil, "the pictures have too many pixels together", "make them smaller"
	}
	s.pixels += cfg.Width * cfg.Height
	img, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, "it is damaged", hintAgain
	}
	if format == "gif" {
		s.note("of a moving picture the first is taken")
	}
	out, ok := flat(img, c)
	if !ok {
		return nil, "nothing of it is seen", "remove it"
	}
	return out, "", ""
}

// deep reports whether colours have 16 bits each.
func deep(m color.Model) bool {
	return m == color.NRGBA64Model || m == color.RGBA64Model || m == color.Gray16Model
}

// progressive reports whether a JPEG is, by the first of its frames.
func progressive(b []byte) bool {
	for i := 2; i+4 <= len(b); {
		switch {
		case b[i] != 0xff:
			i++
		case b[i+1] == 0xff || b[i+1] <= 0x01 || b[i+1] >= 0xd0 && b[i+1] <= 0xd8:
			i++
		case b[i+1] == 0xc2:
			return true
		case b[i+1] == 0xc0 || b[i+1] == 0xc1 || b[i+1] == 0xda:
			return false
		default:
			i += 2 + int(b[i+2])<<8 + int(b[i+3])
		}
	}
	return true
}

// flat returns what is seen of a picture, on white: colours beneath what is
// transparent, and those that no pixel has, are gone.
func flat(img image.Image, c crop) (*image.RGBA, bool) {
	b := img.Bounds()
	w, h := float64(b.Dx()), float64(b.Dy())
	seen := image.Rect(b.Min.X+int(c.left*w), b.Min.Y+int(c.top*h), b.Max.X-int(c.right*w), b.Max.Y-int(c.bottom*h)).Intersect(b)
	if seen.Empty() || c.left+c.right >= 1 || c.top+c.bottom >= 1 {
		return nil, false
	}
	out := image.NewRGBA(image.Rect(0, 0, seen.Dx(), seen.Dy()))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), img, seen.Min, draw.Over)
	return out, true
}

// captions gives each picture the words that stand with it.
func (f *flow) captions(r *reader) {
	usable := func(i int) bool {
		if i < 0 || i >= len(f.list) {
			return false
		}
		p := f.list[i]
		return p.caption && !p.gone && p.Form.Picture == nil && !tableText.MatchString(p.Text) && p.Form.Shape != tearline.Cell
	}
	for i, p := range f.list {
		if p.Form.Picture == nil {
			continue
		}
		at := -1
		switch {
		case usable(i + 1):
			at = i + 1
		case usable(i - 1):
			at = i - 1
		}
		if at < 0 {
			if p.Text == "" {
				r.fault(p.Where, "a picture without a caption or alternative text", "give it a caption with a portion mark")
			}
			continue
		}
		c := f.list[at]
		if p.alt != "" && p.alt != opc.Squeeze(c.Text) {
			r.fault(p.Where, "an alternative text that says something else than the caption", "clear it: the caption is enough")
		}
		p.Text, p.Form.Styles, c.gone = c.Text, c.Form.Styles, true
	}
}
