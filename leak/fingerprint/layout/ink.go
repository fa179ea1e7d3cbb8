package layout

import (
	"fmt"
	"image"
	"image/color"
	"math"
)

// floor is the least ink that counts, of 255: what is below it is paper, noise
// or the picture's compression.
const floor = 36

// A raster is how black a picture is at each pixel, 0 to 255, with the light
// that fell on the page taken away.
type raster struct {
	w, h int
	ink  []uint8
}

// inkOf makes the raster of a picture.
func inkOf(img image.Image) (*raster, error) {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if w < minSide || h < minSide || w > MaxPixels/h {
		return nil, fmt.Errorf("%w: %d × %d pixels", ErrPicture, w, h)
	}
	r := &raster{w: w, h: h, ink: grey(img)}
	r.whiten()
	return r, nil
}

// grey returns a picture's brightness, row by row.
func grey(img image.Image) []uint8 {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	out := make([]uint8, w*h)
	for y := range h {
		row := out[y*w : (y+1)*w]
		switch m := img.(type) {
		case *image.Gray:
			copy(row, m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):])
		case *image.YCbCr:
			copy(row, m.Y[m.YOffset(b.Min.X, b.Min.Y+y):])
		default:
			for x := range row {
				if g, ok := color.GrayModel.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.Gray); ok {
					row[x] = g.Y
				}
			}
		}
	}
	return out
}

// whiten turns brightness into ink: how much darker a pixel is than the paper
// around it, which is as bright as the brighter tenth of its surroundings.
func (r *raster) whiten() {
	side := min(max(max(r.w, r.h)/32, 16), 128)
	nx, ny := (r.w+side-1)/side, (r.h+side-1)/side
	paper := make([]float64, nx*ny)
	for by := range ny {
		for bx := range nx {
			paper[by*nx+bx] = r.paper(bx*side, by*side, side)
		}
	}
	weights := make([]float64, r.w) // how much of the right one of two blocks
	left := make([]int, r.w)
	for x := range r.w {
		left[x], weights[x] = between(x, side, nx)
	}
	for y := range r.h {
		top, v := between(y, side, ny)
		row := r.ink[y*r.w : (y+1)*r.w]
		upper, lower := paper[top*nx:], paper[min(top+1, ny-1)*nx:]
		for x, g := range row {
			i, u := left[x], weights[x]
			k := min(i+1, nx-1)
			white := (1-v)*((1-u)*upper[i]+u*upper[k]) + v*((1-u)*lower[i]+u*lower[k])
			row[x] = uint8(min(max(255*(white-float64(g))/white, 0), 255))
		}
	}
}

// between says which block's middle lies before a place, and how far it is on
// the way to the next.
func between(at, side, n int) (block int, share float64) {
	f := (float64(at)+0.5)/float64(side) - 0.5
	block = min(max(int(math.Floor(f)), 0), n-1)
	return block, min(max(f-float64(block), 0), 1)
}

// paper is how bright the paper is within a block.
func (r *raster) paper(x0, y0, side int) float64 {
	var count [256]int
	n := 0
	for y := y0; y < min(y0+side, r.h); y++ {
		for _, g := range r.ink[y*r.w+x0 : y*r.w+min(x0+side, r.w)] {
			count[g]++
			n++
		}
	}
	over := n / 10
	for g := 255; g > 24; g-- {
		if over -= count[g]; over < 0 {
			return float64(g)
		}
	}
	return 24
}

// turn turns a raster by a quarter, clockwise.
func (r *raster) turn() *raster {
	out := &raster{w: r.h, h: r.w, ink: make([]uint8, len(r.ink))}
	const tile = 32 // both sides stay in the cache
	for y0 := 0; y0 < r.h; y0 += tile {
		for x0 := 0; x0 < r.w; x0 += tile {
			for y := y0; y < min(y0+tile, r.h); y++ {
				for x := x0; x < min(x0+tile, r.w); x++ {
					out.ink[x*out.w+r.h-1-y] = r.ink[y*r.w+x]
				}
			}
		}
	}
	return out
}
