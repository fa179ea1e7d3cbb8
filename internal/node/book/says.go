package book

import (
	"cmp"
	"fmt"
	"slices"

	"tearline"
	"tearline/internal/node/book/intake"
	"tearline/internal/store/sqlite"
	"tearline/lineage"
)

// Says knows who has a say in the portions of a report.
type Says struct {
	origin map[tearline.PortionRef]tearline.PartyID
	graph  lineage.Graph[tearline.PortionRef]
}

// NewSays reads the lineage of a report of a holder's.
func NewSays(tx *sqlite.Tx, holder tearline.PartyID, r *tearline.Report) (*Says, error) {
	s := &Says{origin: map[tearline.PortionRef]tearline.PartyID{}}
	seen := map[tearline.ReportID]bool{r.ID: true}
	todo := []*tearline.Report{r}
	for len(todo) > 0 {
		r, todo = todo[0], todo[1:]
		for i := range r.Portions {
			p := &r.Portions[i]
			ref := tearline.PortionRef{Report: r.ID, Portion: p.ID}
			s.origin[ref] = p.Originator
			s.graph.Add(ref, p.Sources...)
		}
		for _, id := range intake.Under(r) {
			if seen[id] {
				continue
			}
			seen[id] = true
			h, err := Holding(tx, holder, id)
			if err != nil {
				return nil, fmt.Errorf("source %s of report %s: %w", id, r.ID, err)
			}
			todo = append(todo, h.Report)
		}
	}
	return s, nil
}

// Originators returns whose say a portion is, each once, in the order of the
// lineage.
func (s *Says) Originators(ref tearline.PortionRef) []tearline.PartyID {
	out := []tearline.PartyID{}
	seen := map[tearline.PartyID]bool{}
	for _, q := range s.graph.Closure(ref) {
		if o := s.origin[q]; o != "" && !seen[o] {
			seen[o] = true
			out = append(out, o)
		}
	}
	return out
}

// Of returns the portions in a lineage that a party originated.
func (s *Says) Of(o tearline.PartyID, ref tearline.PortionRef) []tearline.PortionRef {
	var out []tearline.PortionRef
	for _, q := range s.graph.Closure(ref) {
		if s.origin[q] == o {
			out = append(out, q)
		}
	}
	return out
}

// SortedKeys returns a map's keys in order.
func SortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
