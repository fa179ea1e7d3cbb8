package main

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"math"
)

// source is how many pixels to an inch a page is drawn with before it goes
// through a channel: as a printer does.
const source = 600

// A channel is what happens to a page on its way to us, simulated.
type channel struct {
	name string
	dpi  float64
	// angle is how much it is turned, in degrees; bend moves the corners
	// inwards, in parts of the page's width: upper left, upper right, lower
	// right, lower left, each to the right and down.
	angle float64
	bend  [4][2]float64
	// curl is how far the paper's waves move things, in points.
	curl float64
	// blur is the standard deviation of the lens or the paper's, in pixels;
	// noise that of the brightness, of 255.
	blur, noise float64
	// dark and light are the brightness of ink and paper; shade is how much
	// darker one side is than the other, a share.
	dark, light, shade float64
	// jpeg is the quality of the compression, 0 for none.
	jpeg int
	// bilevel makes each pixel black or white.
	bilevel bool
	// before is a channel that it went through first.
	before *channel
}

// channels are those of the table.
var channels = []channel{
	{name: "clean, 200 dpi", dpi: 200, dark: 0, light: 255},
	{name: "scan, 200 dpi", dpi: 200, angle: 0.7, blur: 0.8, noise: 5, dark: 35, light: 240, jpeg: 40},
	{name: "scan, 150 dpi", dpi: 150, angle: -1.1, blur: 0.8, noise: 5, dark: 35, light: 240, jpeg: 30},
	{name: "bilevel fax, 200 dpi", dpi: 200, angle: 0.4, blur: 0.7, noise: 18, dark: 20, light: 235, bilevel: true},
	{
		name: "photo", dpi: 190, angle: -1.6, bend: [4][2]float64{{0.03, 0.01}, {-0.01, 0.02}, {0.015, -0.02}, {-0.02, 0}}, curl: 1,
		blur: 1.2, noise: 7, dark: 60, light: 215, shade: 0.35, jpeg: 30,
	},
	{
		name: "photocopied twice", dpi: 200, angle: -0.5, blur: 0.8, noise: 8, dark: 40, light: 235, jpeg: 40,
		before: &channel{
			dpi: 300, angle: 0.6, blur: 1.3, noise: 25, dark: 20, light: 235, bilevel: true,
			before: &channel{dpi: 300, angle: 0.3, blur: 1.3, noise: 25, dark: 20, light: 235, bilevel: true},
		},
	},
}

// A sheet is a picture as shares of ink, at some dpi.
type sheet struct {
	w, h int
	dpi  float64
	ink  []float32
}

func newSheet(g *image.Gray, dpi float64) *sheet {
	s := &sheet{w: g.Rect.Dx(), h: g.Rect.Dy(), dpi: dpi}
	s.ink = make([]float32, s.w*s.h)
	for y := range s.h {
		for x := range s.w {
			s.ink[y*s.w+x] = 1 - float32(g.Pix[y*g.Stride+x])/255
		}
	}
	return s
}

// at is the ink at a place between pixels.
func (s *sheet) at(x, y float64) float32 {
	x, y = x-0.5, y-0.5
	i, j := int(math.Floor(x)), int(math.Floor(y))
	if i < 0 || j < 0 || i+1 >= s.w || j+1 >= s.h {
		return 0
	}
	u, v := float32(x-float64(i)), float32(y-float64(j))
	p := s.ink[j*s.w+i:]
	q := s.ink[(j+1)*s.w+i:]
	return (1-v)*((1-u)*p[0]+u*p[1]) + v*((1-u)*q[0]+u*q[1])
}

// through sends a sheet through the channel.
func (c *channel) through(d *dice, s *sheet) (*image.Gray, error) {
	if c.before != nil {
		g, err := c.before.through(d, s)
		if err != nil {
			return nil, err
		}
		s = newSheet(g, c.before.dpi)
	}
	k := c.dpi / s.dpi
	out := &sheet{w: int(float64(s.w) * k), h: int(float64(s.h) * k), dpi: c.dpi}
	out.ink = make([]float32, out.w*out.h)
	warp := c.warp(float64(out.w), float64(out.h))
	n := max(1, int(math.Round(1/k)))
	for y := range out.h {
		for x := range out.w {
			sum := float32(0)
			for b := range n {
				for a := range n {
					u, v := warp(float64(x)+(float64(a)+0.5)/float64(n), float64(y)+(float64(b)+0.5)/float64(n))
					sum += s.at(u/k, v/k)
				}
			}
			out.ink[y*out.w+x] = sum / float32(n*n)
		}
	}
	out.soften(c.blur)
	return c.expose(d, out)
}

// warp returns which place of the page, in pixels, is at a pixel.
func (c *channel) warp(w, h float64) func(x, y float64) (u, v float64) {
	sin, cos := math.Sincos(c.angle * math.Pi / 180)
	corners := [4][2]float64{{0, 0}, {w, 0}, {w, h}, {0, h}}
	for i := range corners {
		corners[i][0] += c.bend[i][0] * w
		corners[i][1] += c.bend[i][1] * w
	}
	p := square(corners)
	wave := c.curl * c.dpi / 72
	return func(x, y float64) (u, v float64) {
		dx, dy := x-w/2, y-h/2
		x, y = w/2+cos*dx+sin*dy, h/2-sin*dx+cos*dy
		// The inverse of the map from the unit square to the corners.
		a, b, e := p[0]-x*p[6], p[1]-x*p[7], x-p[2]
		k, l, g := p[3]-y*p[6], p[4]-y*p[7], y-p[5]
		det := a*l - b*k
		u, v = w*(e*l-b*g)/det, h*(a*g-e*k)/det
		return u + wave*math.Sin(2*math.Pi*v/h), v + wave*math.Sin(2*math.Pi*u/w)
	}
}

// square is the homography from the unit square to four corners (Heckbert
// 1989, §2.2.3).
func square(c [4][2]float64) [8]float64 {
	dx1, dx2, dx3 := c[1][0]-c[2][0], c[3][0]-c[2][0], c[0][0]-c[1][0]+c[2][0]-c[3][0]
	dy1, dy2, dy3 := c[1][1]-c[2][1], c[3][1]-c[2][1], c[0][1]-c[1][1]+c[2][1]-c[3][1]
	det := dx1*dy2 - dx2*dy1
	g, h := (dx3*dy2-dx2*dy3)/det, (dx1*dy3-dx3*dy1)/det
	return [8]float64{
		c[1][0] - c[0][0] + g*c[1][0], c[3][0] - c[0][0] + h*c[3][0], c[0][0],
		c[1][1] - c[0][1] + g*c[1][1], c[3][1] - c[0][1] + h*c[3][1], c[0][1], g, h,
	}
}

// soften blurs a sheet.
func (s *sheet) soften(sigma float64) {
	if sigma <= 0 {
		return
	}
	r := int(3*sigma) + 1
	weights := make([]float32, 2*r+1)
	sum := float32(0)
	for i := range weights {
		weights[i] = float32(math.Exp(-float64((i-r)*(i-r)) / (2 * sigma * sigma)))
		sum += weights[i]
	}
	pass := func(step, length, lines, jump int) {
		line := make([]float32, length)
		for l := range lines {
			for i := range length {
				line[i] = s.ink[l*jump+i*step]
			}
			for i := range length {
				v := float32(0)
				for k, w := range weights {
					v += w * line[min(max(i+k-r, 0), length-1)]
				}
				s.ink[l*jump+i*step] = v / sum
			}
		}
	}
	pass(1, s.w, s.h, s.w)
	pass(s.w, s.h, s.w, 1)
}

// expose turns ink into brightness: light, noise, levels, compression.
func (c *channel) expose(d *dice, s *sheet) (*image.Gray, error) {
	g := image.NewGray(image.Rect(0, 0, s.w, s.h))
	for y := range s.h {
		for x := range s.w {
			i := y*s.w + x
			light := c.light * (1 - c.shade*float64(x)/float64(s.w)*(0.5+0.5*float64(y)/float64(s.h)))
			v := light - (light-c.dark*light/c.light)*float64(s.ink[i])
			if c.noise > 0 {
				v += c.noise * d.normal()
			}
			if c.bilevel {
				v = math.Floor(v/((c.dark+c.light)/2)) * 255
			}
			g.Pix[y*g.Stride+x] = uint8(min(max(v, 0), 255))
		}
	}
	if c.jpeg == 0 {
		return g, nil
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, g, &jpeg.Options{Quality: c.jpeg}); err != nil {
		return nil, err
	}
	img, err := jpeg.Decode(&b)
	if err != nil {
		return nil, err
	}
	back, ok := img.(*image.Gray)
	if !ok {
		return nil, fmt.Errorf("a picture in grey came back as %T", img)
	}
	return back, nil
}
