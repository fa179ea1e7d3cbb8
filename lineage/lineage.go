// Package lineage is the derivation graph: what derives from what, and so who
// has a say in it.
//
// It knows keys and the sources they name, nothing else: no portions, no
// markings, no parties. It does no I/O and never recurses, because how deep a
// graph goes is decided by whoever filed it, not by us. What a thing rests on
// is closed under derivation: a source's sources count.
package lineage

import "slices"

// A Graph is a derivation graph over keys of type K. The zero value is an
// empty graph. Reading it is safe for concurrent use once nothing is added any
// more.
type Graph[K comparable] struct {
	index   map[K]int32
	keys    []K
	sources [][]int32
}

// Add says that key derives from the sources, in this order. Adding a key
// again adds sources to it. A source need not have been added.
func (g *Graph[K]) Add(key K, sources ...K) {
	i := g.node(key)
	for _, s := range sources {
		j := g.node(s)
		g.sources[i] = append(g.sources[i], j)
	}
}

// node returns the number of key, giving it one if it is new.
func (g *Graph[K]) node(key K) int32 {
	if i, ok := g.index[key]; ok {
		return i
	}
	if g.index == nil {
		g.index = make(map[K]int32)
	}
	i := int32(len(g.keys)) //nolint:gosec // two thousand million keys do not fit in memory
	g.index[key] = i
	g.keys = append(g.keys, key)
	g.sources = append(g.sources, nil)
	return i
}

// Closure returns key and everything it derives from, each once: the key
// first, then its sources in the order they were added, each followed by its
// own. A key that was never added is all of its closure. A cycle does no harm.
func (g *Graph[K]) Closure(key K) []K {
	start, ok := g.index[key]
	if !ok {
		return []K{key}
	}
	var (
		seen  = seenSet{order: make([]int32, 0, 16)}
		stack = []int32{start}
		out   = make([]K, 0, 1+len(g.sources[start]))
	)
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if !seen.add(i) {
			continue
		}
		out = append(out, g.keys[i])
		for _, j := range slices.Backward(g.sources[i]) { // the first is taken next
			stack = append(stack, j)
		}
	}
	return out
}

// small is the size up to which a set of nodes is searched in a row: most
// things rest on few others, and a map costs more than they do.
const small = 128

// seenSet is a set of nodes that costs nothing while it is small.
type seenSet struct {
	order []int32
	many  map[int32]struct{}
}

// add adds i and reports whether it was new.
func (s *seenSet) add(i int32) bool {
	if s.many != nil {
		if _, ok := s.many[i]; ok {
			return false
		}
		s.many[i] = struct{}{}
		return true
	}
	if slices.Contains(s.order, i) {
		return false
	}
	s.order = append(s.order, i)
	if len(s.order) > small {
		s.many = make(map[int32]struct{}, 4*small)
		for _, j := range s.order {
			s.many[j] = struct{}{}
		}
	}
	return true
}

// Cycle returns the keys of one cycle, each deriving from the next and the
// last from the first, or nil if there is none. Of several it returns the one
// that is met first from the key that was added first. It takes time linear in
// keys and sources.
func (g *Graph[K]) Cycle() []K {
	const (
		fresh uint8 = iota
		open
		done
	)
	type step struct{ node, next int32 }
	state := make([]uint8, len(g.keys))
	var path []step
	for start := range g.keys {
		if state[start] != fresh {
			continue
		}
		state[start] = open
		path = append(path[:0], step{node: int32(start)})
		for len(path) > 0 {
			at := &path[len(path)-1]
			from := g.sources[at.node]
			if int(at.next) == len(from) {
				state[at.node] = done
				path = path[:len(path)-1]
				continue
			}
			to := from[at.next]
			at.next++
			switch state[to] {
			case open:
				i := len(path) - 1
				for path[i].node != to {
					i--
				}
				cycle := make([]K, 0, len(path)-i)
				for _, s := range path[i:] {
					cycle = append(cycle, g.keys[s.node])
				}
				return cycle
			case fresh:
				state[to] = open
				path = append(path, step{node: to})
			}
		}
	}
	return nil
}
