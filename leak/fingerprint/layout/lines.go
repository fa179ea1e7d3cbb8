package layout

import (
	"math"
	"slices"
)

// What a picture must have to be read.
const (
	minLines = 2
	maxLines = 250
	minDPI   = 60
)

// A run is a stretch of ink in a line, from pixel to pixel: a word, if all goes
// well.
type run struct{ from, to float64 }

func (r run) width() float64 { return r.to - r.from }

// A seenLine is a line of the picture.
type seenLine struct {
	y    float64 // at the middle of the picture, where small letters have theirs
	runs []run
}

// seen is what a picture shows: lines that slope by a + b·y.
type seen struct {
	*raster
	a, b  float64 // slope at the middle, and how it changes with the height
	pitch float64 // from line to line, in pixels
	lines []seenLine
}

// level returns the height at the picture's middle of the line that a pixel is
// on.
func (s *seen) level(x, y float64) float64 {
	return y - (s.a+s.b*(y/float64(s.h)-0.5))*(x-float64(s.w)/2)
}

// height returns where at x a line of a level is: the inverse of level.
func (s *seen) height(x, level float64) float64 {
	dx := x - float64(s.w)/2
	h := float64(s.h)
	return (level + (s.a-s.b*0.5)*dx) / (1 - s.b*dx/h)
}

// A dot is some ink of the picture made smaller.
type dot struct{ x, y, ink float64 }

// dots returns the ink of a picture in squares of k pixels, in pixels from its
// middle.
func (r *raster) dots(k int) []dot {
	var out []dot
	for y := 0; y+k <= r.h; y += k {
		for x := 0; x+k <= r.w; x += k {
			sum := 0
			for dy := range k {
				for _, v := range r.ink[(y+dy)*r.w+x : (y+dy)*r.w+x+k] {
					if v >= floor {
						sum += int(v)
					}
				}
			}
			if sum > 255*k*k/6 {
				out = append(out, dot{float64(x) + float64(k)/2 - float64(r.w)/2, float64(y) + float64(k)/2 - float64(r.h)/2, float64(sum)})
			}
		}
	}
	return out
}

// some returns every so many dots, up to a number.
func some(list []dot, most int) []dot {
	step := len(list)/most + 1
	var out []dot
	for i := step / 2; i < len(list); i += step {
		out = append(out, list[i])
	}
	return out
}

// lines finds lines and the runs in them, once for each distance that the lines
// may have from one another.
func (r *raster) lines() []*seen {
	k := max(1, int(math.Round(float64(r.w)/900)))
	dots := r.dots(k)
	if len(dots) < 100 {
		return nil
	}
	s := seen{raster: r}
	s.a, s.b = slope(dots, float64(r.h), float64(k))
	profile := s.profile(dots, k)
	var out []*seen
	for _, pitch := range periods(profile) {
		t := s
		t.pitch = pitch * float64(k)
		for _, y := range levels(profile, pitch) {
			if l := t.runs(y * float64(k)); len(l.runs) > 0 {
				t.lines = append(t.lines, l)
			}
		}
		if len(t.lines) >= minLines {
			out = append(out, &t)
		}
	}
	return out
}

// slope searches for the slopes at which the lines stand out most: the sum of
// squares of the ink by lines. Half a dozen degrees are searched, first coarsely.
func slope(dots []dot, h, bin float64) (a, b float64) {
	sums := make([]float64, int(2.6*h/bin)+8)
	best := 0.0
	try := func(list []dot, x, y float64) {
		if v := sharpness(list, sums, x, y, h, bin); v > best {
			best, a, b = v, x, y
		}
	}
	few := some(dots, 6_000)
	for j := -6; j <= 6; j++ {
		for i := -32; i <= 32; i++ {
			try(few, float64(i)*0.0035, float64(j)*0.02)
		}
	}
	many := some(dots, 25_000)
	best = 0
	for step := 0.0035; step > 0.0002; step /= 2 {
		a0, b0 := a, b
		for i := -2; i <= 2; i++ {
			for j := -3; j <= 3; j++ {
				try(many, a0+float64(i)*step, b0+float64(j)*step*2)
			}
		}
	}
	return a, b
}

// sharpness says how much lines of some slopes stand out.
func sharpness(dots []dot, sums []float64, a, b, h, bin float64) float64 {
	clear(sums)
	mid := float64(len(sums)) / 2
	a, b, h = a/bin, b/bin/h, 1/bin
	for _, d := range dots {
		y := d.y*h - (a+b*d.y)*d.x + mid
		i := int(y)
		if i < 0 || i+1 >= len(sums) {
			continue
		}
		f := y - float64(i)
		sums[i] += d.ink * (1 - f)
		sums[i+1] += d.ink * f
	}
	total := 0.0
	for _, v := range sums {
		total += v * v
	}
	return total
}

// profile is how much ink there is by lines.
func (s *seen) profile(dots []dot, k int) []float64 {
	out := make([]float64, s.h/k+2)
	for _, d := range dots {
		y := s.level(d.x+float64(s.w)/2, d.y+float64(s.h)/2) / float64(k)
		if i := int(y); i >= 0 && i < len(out) {
			out[i] += d.ink
		}
	}
	return out
}

// levels finds the heights of lines that are about a pitch apart.
func levels(profile []float64, pitch float64) []float64 {
	smooth := box(box(profile, 0.3*pitch), 0.2*pitch)
	top := slices.Max(smooth)
	var out []float64
	reach := int(0.5 * pitch)
	for i, v := range smooth {
		if v < 0.008*top || v == 0 {
			continue
		}
		highest := true
		for j := max(i-reach, 0); j <= min(i+reach, len(smooth)-1); j++ {
			if smooth[j] > v || smooth[j] == v && j < i {
				highest = false
				break
			}
		}
		if highest && len(out) < maxLines {
			out = append(out, float64(i)+0.5)
		}
	}
	return out
}

// periods returns the distances at which a profile may repeat, the shortest
// first: paragraphs that are alike repeat, too.
func periods(profile []float64) []float64 {
	n := len(profile)
	mean := 0.0
	for _, v := range profile {
		mean += v / float64(n)
	}
	const shortest, most = 5, 3
	longest := min(n/2, 400)
	if longest <= shortest+2 {
		return nil
	}
	auto := make([]float64, longest)
	for lag := range auto {
		for i := 0; i+lag < n; i++ {
			auto[lag] += (profile[i] - mean) * (profile[i+lag] - mean)
		}
	}
	peak := func(lag int) bool { return auto[lag] >= auto[lag-1] && auto[lag] >= auto[lag+1] }
	best := 0.0
	for lag := shortest; lag < longest-1; lag++ {
		if peak(lag) {
			best = max(best, auto[lag])
		}
	}
	var out []float64
	for lag := shortest; lag < longest-1 && len(out) < most; lag++ {
		if !peak(lag) || auto[lag] < 0.3*best || auto[lag] < 0.05*auto[0] {
			continue
		}
		l, m, r := auto[lag-1], auto[lag], auto[lag+1]
		at := float64(lag)
		if bend := l - 2*m + r; bend != 0 {
			at += (l - r) / (2 * bend)
		}
		out = append(out, at)
	}
	return out
}

// box is a moving average.
func box(v []float64, width float64) []float64 {
	half := max(int(width/2), 0)
	out := make([]float64, len(v))
	sum := 0.0
	for i := -half; i < len(v); i++ {
		if j := i + half; j < len(v) {
			sum += v[j]
		}
		if j := i - half - 1; j >= 0 {
			sum -= v[j]
		}
		if i >= 0 {
			out[i] = math.Max(sum, 0) / float64(2*half+1)
		}
	}
	return out
}

// halo is how far, in pixels, a run's ends reach beyond its ink.
const halo = 0.35

// What parts two words, and how high a line is, in parts of the pitch.
const (
	gapShare  = 0.15
	bandShare = 0.36
)

// runs cuts a line into runs of ink.
func (s *seen) runs(level float64) seenLine {
	l := seenLine{y: level}
	columns := make([]float64, s.w)
	top := 0.0
	for x := range columns {
		mid := s.height(float64(x), level)
		y0 := max(int(mid-bandShare*s.pitch), 0)
		y1 := min(int(mid+bandShare*s.pitch), s.h-1)
		for y := y0; y <= y1; y++ {
			if v := s.ink[y*s.w+x]; v >= floor {
				columns[x] += float64(v)
			}
		}
		top = math.Max(top, columns[x])
	}
	least := math.Max(0.04*top, 1.5*floor)
	from, last := -1, -1
	end := func() {
		if from >= 0 && last > from {
			// The pixels at its ends are part ink only.
			l.runs = append(l.runs, run{float64(from) + halo, float64(last+1) - halo})
		}
	}
	for x, v := range columns {
		if v < least {
			continue
		}
		if from < 0 || float64(x-last-1) > gapShare*s.pitch {
			end()
			from = x
		}
		last = x
	}
	end()
	const most = 80 // more is a picture of something else
	if len(l.runs) > most {
		l.runs = nil
	}
	return l
}
