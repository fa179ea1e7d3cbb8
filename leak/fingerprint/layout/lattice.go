package layout

import (
	"fmt"
	"slices"

	"tearline"
	"tearline/codec"
	"tearline/codec/pdf"
)

// Bounds of a reference.
const (
	maxEdges = 30_000  // of one version
	maxAll   = 120_000 // of all
	maxItems = 2_000
)

// A lattice is every way in which a version can read, line by line: nodes are
// where lines begin, edges are lines. What an edge leads to has a higher number
// than where it begins.
type lattice struct {
	nodes int
	edges []edge
	out   [][]int // edges by the node that they begin at
}

// An edge is one line as it can read.
type edge struct {
	from, to int
	portion  tearline.PortionID
	title    bool
	size     float64
	down     float64 // from the line above, in points
	words    []pdf.Word
	choices  []pdf.Choice
}

// newLattice sets a version in all its ways. Cells of tables are not in it, nor
// what is said below an item: no word there carries a mark, and lines of the
// picture that are none of the version's are left out.
func newLattice(page codec.Page) (*lattice, error) {
	if len(page.Items) > maxItems {
		return nil, fmt.Errorf("%d items: at most %d", len(page.Items), maxItems)
	}
	paragraphs, err := pdf.Paragraphs(page)
	if err != nil {
		return nil, err
	}
	g := &lattice{}
	start := g.node()
	for _, p := range paragraphs {
		switch start, err = g.add(p, start); {
		case err == nil:
		case p.Item == pdf.Title:
			return nil, fmt.Errorf("title: %w", err)
		default:
			return nil, fmt.Errorf("item %d: %w", p.Item+1, err)
		}
	}
	return g, nil
}

func (g *lattice) node() int {
	g.nodes++
	g.out = append(g.out, nil)
	return g.nodes - 1
}

// add sets a paragraph from a node on, and returns the node at its end. Places
// are taken in their order, so that they are numbered by it.
func (g *lattice) add(p *pdf.Paragraph, start int) (int, error) {
	type open struct {
		place pdf.Place
		into  []int // edges that lead there
	}
	waiting := []open{{place: p.Start()}}
	for first := true; ; first = false {
		at := waiting[0]
		waiting = waiting[1:]
		n := start
		if !first {
			n = g.node()
		}
		for _, e := range at.into {
			g.edges[e].to = n
		}
		if at.place.End() {
			return n, nil // nothing comes after it
		}
		lines, err := p.Lines(at.place, nil)
		if err != nil {
			return 0, err
		}
		down := p.Lead
		if first {
			down += p.Before
		}
		for _, l := range lines {
			if len(g.edges) == maxEdges {
				return 0, fmt.Errorf("more than %d lines as they can read", maxEdges)
			}
			g.out[n] = append(g.out[n], len(g.edges))
			k, found := slices.BinarySearchFunc(waiting, l.Next, func(o open, q pdf.Place) int { return o.place.Compare(q) })
			if !found {
				waiting = slices.Insert(waiting, k, open{place: l.Next})
			}
			waiting[k].into = append(waiting[k].into, len(g.edges))
			g.edges = append(g.edges, edge{
				from: n, portion: p.Portion, title: p.Item == pdf.Title, size: p.Size, down: down, words: l.Words, choices: l.Choices,
			})
		}
	}
}
