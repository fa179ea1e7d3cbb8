package layout

import (
	"math"
	"slices"
)

// A fit says where on the picture a place of the page is: a homography, from
// points to pixels. Both are scaled to about 1, for the sums.
type fit struct {
	p [8]float64
	// unit is how many pixels, middle where on the picture, 0 is.
	unit, midX, midY float64
	// baseX and baseY are the middle of the page's part, in points.
	baseX, baseY float64
}

const pageUnit = 300 // points

// pixel returns where a place is.
func (f *fit) pixel(x, y float64) (px, py float64) {
	x, y = (x-f.baseX)/pageUnit, (y-f.baseY)/pageUnit
	d := 1 + f.p[6]*x + f.p[7]*y
	return f.midX + f.unit*(f.p[0]*x+f.p[1]*y+f.p[2])/d, f.midY + f.unit*(f.p[3]*x+f.p[4]*y+f.p[5])/d
}

// inverse returns which place is at a pixel.
func (f *fit) inverse(px, py float64) (x, y float64) {
	u, v := (px-f.midX)/f.unit, (py-f.midY)/f.unit
	a, b, e := f.p[0]-u*f.p[6], f.p[1]-u*f.p[7], u-f.p[2]
	c, d, g := f.p[3]-v*f.p[6], f.p[4]-v*f.p[7], v-f.p[5]
	det := a*d - b*c
	if math.Abs(det) < 1e-12 {
		return math.Inf(1), math.Inf(1)
	}
	return f.baseX + pageUnit*(e*d-b*g)/det, f.baseY + pageUnit*(a*g-e*c)/det
}

// jacobian returns how far on the picture a point to the right, and a point
// down, lead from a place.
func (f *fit) jacobian(x, y float64) (xx, yx, xy, yy float64) {
	ax, ay := f.pixel(x-0.5, y)
	bx, by := f.pixel(x+0.5, y)
	cx, cy := f.pixel(x, y-0.5)
	dx, dy := f.pixel(x, y+0.5)
	return bx - ax, by - ay, dx - cx, dy - cy
}

// A match is a place of the page and where it was seen.
type match struct{ x, y, px, py float64 }

// solve fits a homography, or if affine an affine map, to matches by least
// squares. It reports whether there is one.
func (f *fit) solve(list []match, affine bool) bool {
	n := 8
	if affine {
		n = 6
	}
	var m [8][9]float64
	add := func(row [9]float64) {
		for i := range n {
			for j := range n {
				m[i][j] += row[i] * row[j]
			}
			m[i][8] += row[i] * row[8]
		}
	}
	for _, k := range list {
		x, y := (k.x-f.baseX)/pageUnit, (k.y-f.baseY)/pageUnit
		u, v := (k.px-f.midX)/f.unit, (k.py-f.midY)/f.unit
		add([9]float64{x, y, 1, 0, 0, 0, -x * u, -y * u, u})
		add([9]float64{0, 0, 0, x, y, 1, -x * v, -y * v, v})
	}
	ridge := 1e-6 * float64(len(list))
	m[6][6] += ridge
	m[7][7] += ridge
	p, ok := gauss(&m, n)
	if ok {
		f.p = p
	}
	return ok
}

// gauss solves n equations.
func gauss(m *[8][9]float64, n int) (p [8]float64, ok bool) {
	for i := range n {
		best := i
		for k := i + 1; k < n; k++ {
			if math.Abs(m[k][i]) > math.Abs(m[best][i]) {
				best = k
			}
		}
		m[i], m[best] = m[best], m[i]
		if math.Abs(m[i][i]) < 1e-9 {
			return p, false
		}
		for k := i + 1; k < n; k++ {
			by := m[k][i] / m[i][i]
			for j := i; j < 9; j++ {
				m[k][j] -= by * m[i][j]
			}
		}
	}
	for i := n - 1; i >= 0; i-- {
		p[i] = m[i][8]
		for j := i + 1; j < n; j++ {
			p[i] -= m[i][j] * p[j]
		}
		p[i] /= m[i][i]
	}
	return p, true
}

// errorsOf returns how far each match is from its place, in points.
func (f *fit) errorsOf(list []match) []float64 {
	out := make([]float64, len(list))
	for i, k := range list {
		x, y := f.inverse(k.px, k.py)
		out[i] = math.Hypot(x-k.x, y-k.y)
	}
	return out
}

// robust fits matches some of which are wrong: first those near to what most of
// them agree on, then, step by step, those near to the fit. It returns how many
// are near in the end.
func (f *fit) robust(list []match, scales ramp) (inliers []match) {
	if len(list) < minWords {
		return nil
	}
	var dx []float64
	// Where the middle of the page's text would be by each of them.
	middle := func(k match) float64 { return k.px - scales.of(k.py)*(k.x-f.baseX) }
	for _, k := range list {
		dx = append(dx, middle(k))
	}
	slices.Sort(dx)
	usual := dx[len(dx)/2]
	for _, k := range list {
		if math.Abs(middle(k)-usual) < 0.12*f.unit {
			inliers = append(inliers, k)
		}
	}
	for _, tolerance := range []float64{24, 12, 6, 4, 3, 2, 2, 2} {
		rows := distinctRows(inliers)
		if len(inliers) < minWords || rows < minLines || !f.solve(inliers, tolerance > 6 || rows < 5) {
			return nil
		}
		far := f.errorsOf(list)
		inliers = inliers[:0:0]
		for i, k := range list {
			if far[i] < tolerance {
				inliers = append(inliers, k)
			}
		}
	}
	return inliers
}

// distinctRows counts the lines that matches are on.
func distinctRows(list []match) int {
	rows := map[float64]bool{}
	for _, k := range list {
		rows[k.y] = true
	}
	return len(rows)
}
