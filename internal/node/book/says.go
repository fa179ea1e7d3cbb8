package book

import (
	"cmp"
	"fmt"
	"slices"

	"tearline"
	"tearline/internal/node/book/intake"
	"tearline/internal/store/sqlite"
	"tearline/lineage"
	"tearline/marking"
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

// Origins returns whose say each portion of a holder's report is.
func Origins(tx *sqlite.Tx, holder tearline.PartyID) func(*tearline.Report) (func(tearline.PortionRef) []tearline.PartyID, error) {
	return func(r *tearline.Report) (func(tearline.PortionRef) []tearline.PartyID, error) {
		says, err := NewSays(tx, holder, r)
		if err != nil {
			return nil, err
		}
		return says.Originators, nil
	}
}

// Say returns whose say one portion of a holder's report is.
func Say(tx *sqlite.Tx, holder tearline.PartyID) func(*tearline.Report, tearline.PortionRef) ([]tearline.PartyID, error) {
	return func(r *tearline.Report, ref tearline.PortionRef) ([]tearline.PartyID, error) {
		says, err := NewSays(tx, holder, r)
		if err != nil {
			return nil, err
		}
		return says.Originators(ref), nil
	}
}

// Holdings returns a holder's reports, by name.
func Holdings(tx *sqlite.Tx, holder tearline.PartyID) func(tearline.ReportID) (*tearline.Report, error) {
	return func(id tearline.ReportID) (*tearline.Report, error) {
		h, err := Holding(tx, holder, id)
		return h.Report, err
	}
}

// MarksOf returns the marks of portions of a report.
func MarksOf(r *tearline.Report, refs []tearline.PortionRef) []marking.Marking {
	var marks []marking.Marking
	for _, ref := range refs {
		if p, ok := r.Portion(ref.Portion); ok {
			marks = append(marks, p.Marking)
		}
	}
	return marks
}

// Lowered checks a new mark against those it replaces, as a declassification
// never raises, and says what power it takes.
func Lowered(r *tearline.Report, refs []tearline.PortionRef, mark string) (string, tearline.Power, error) {
	if mark == "" {
		return "", tearline.PowerDeclassify, nil
	}
	pol, ok := marking.Lookup(r.Policy)
	if !ok {
		return "", "", UnknownPolicy(r.Policy)
	}
	m, err := pol.Parse(mark)
	if err != nil {
		return "", "", Invalid("declassify", fmt.Errorf("marking %q: %w", mark, err), "")
	}
	for _, ref := range refs {
		p, ok := r.Portion(ref.Portion)
		if ok && m.Level().Rank > p.Marking.Level().Rank {
			return "", "", Invalidf("declassify", "a declassification lowers; to raise a marking, file a new report",
				"%s is above the %s of portion %s", m.Portion(), p.Marking.Portion(), ref)
		}
	}
	if m.Open() {
		return m.Portion(), tearline.PowerDeclassify, nil
	}
	return m.Portion(), tearline.PowerDowngrade, nil
}
