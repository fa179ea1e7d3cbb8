package layout

import "math"

// What leaving out costs, in the units of the scores.
const (
	skipSeen = 2 // a line of the picture that is none of the reference's
	skipEdge = 7 // a line of the reference that was not found
)

// A link is a line of the reference on the way that was found: seen is the line
// of the picture, -1 if none is.
type link struct{ seen, edge int }

// A chain is the best way through a lattice, with what every other way would be
// worth.
type chain struct {
	g      *lattice
	n      int // lines of the picture
	score  func(seen, edge int) float64
	before []float32 // by lines used and node: the best way to there
	after  []float32 // and from there on
	links  []link
	total  float64
}

// newChain finds the best way: lines of the picture and of the reference in
// order, from anywhere to anywhere. A score says how well a line of the picture
// is an edge; 0 or less is not at all.
func newChain(g *lattice, n int, score func(seen, edge int) float64) *chain {
	c := &chain{g: g, n: n, score: score, before: make([]float32, (n+1)*g.nodes), after: make([]float32, (n+1)*g.nodes)}
	c.forward()
	c.backward()
	return c
}

func (c *chain) at(i, node int) int { return i*c.g.nodes + node }

// forward fills before; a way may begin anywhere, at no cost.
func (c *chain) forward() {
	best := float32(0)
	bi, bn := 0, 0
	for i := 0; i <= c.n; i++ {
		for node := range c.g.nodes {
			v := c.before[c.at(i, node)]
			if v > best {
				best, bi, bn = v, i, node
			}
			if i < c.n {
				raise(&c.before[c.at(i+1, node)], v-skipSeen)
			}
			for _, e := range c.g.out[node] {
				to := c.g.edges[e].to
				raise(&c.before[c.at(i, to)], v-skipEdge)
				if i < c.n {
					if s := c.score(i, e); s > 0 {
						raise(&c.before[c.at(i+1, to)], v+float32(s))
					}
				}
			}
		}
	}
	c.total = float64(best)
	c.trace(bi, bn)
}

func raise(v *float32, to float32) {
	if to > *v {
		*v = to
	}
}

// trace follows the best way back from where it ends.
func (c *chain) trace(i, node int) {
	into := make([][]int, c.g.nodes)
	for e := range c.g.edges {
		into[c.g.edges[e].to] = append(into[c.g.edges[e].to], e)
	}
	for v := c.before[c.at(i, node)]; v > 0; v = c.before[c.at(i, node)] {
		back, found := c.back(i, node, v, into[node])
		if !found {
			break // it began here
		}
		switch {
		case back.edge < 0:
			i--
			continue
		case back.seen >= 0:
			i--
		}
		node = c.g.edges[back.edge].from
		c.links = append(c.links, back)
	}
	for a, b := 0, len(c.links)-1; a < b; a, b = a+1, b-1 {
		c.links[a], c.links[b] = c.links[b], c.links[a]
	}
}

// back finds the step that led to a value; an edge of -1 is a line of the
// picture left out.
func (c *chain) back(i, node int, v float32, into []int) (link, bool) {
	for _, e := range into {
		from := c.g.edges[e].from
		if i > 0 {
			if s := c.score(i-1, e); s > 0 && c.before[c.at(i-1, from)]+float32(s) == v {
				return link{i - 1, e}, true
			}
		}
	}
	for _, e := range into {
		if c.before[c.at(i, c.g.edges[e].from)]-skipEdge == v {
			return link{-1, e}, true
		}
	}
	if i > 0 && c.before[c.at(i-1, node)]-skipSeen == v {
		return link{-1, -1}, true
	}
	return link{}, false
}

// backward fills after; a way may end anywhere.
func (c *chain) backward() {
	for i := c.n; i >= 0; i-- {
		for node := c.g.nodes - 1; node >= 0; node-- {
			v := &c.after[c.at(i, node)]
			if i < c.n {
				raise(v, c.after[c.at(i+1, node)]-skipSeen)
			}
			for _, e := range c.g.out[node] {
				to := c.g.edges[e].to
				raise(v, c.after[c.at(i, to)]-skipEdge)
				if i < c.n {
					if s := c.score(i, e); s > 0 {
						raise(v, c.after[c.at(i+1, to)]+float32(s))
					}
				}
			}
		}
	}
}

// through returns the worth of the best way on which an edge is one of the
// lines.
func (c *chain) through(e int) float64 {
	from, to := c.g.edges[e].from, c.g.edges[e].to
	best := math.Inf(-1)
	for i := 0; i <= c.n; i++ {
		at := float64(c.before[c.at(i, from)])
		best = math.Max(best, at-skipEdge+float64(c.after[c.at(i, to)]))
		if i < c.n {
			if s := c.score(i, e); s > 0 {
				best = math.Max(best, at+s+float64(c.after[c.at(i+1, to)]))
			}
		}
	}
	return best
}
