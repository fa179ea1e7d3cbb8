package classes

import (
	"tearline"
)

// Names is what a caller knows portions by. A portion's ordinal is its place in
// the order of filing, from 0, without gaps; tear-line wordings have none.
type Names interface {
	// Portion returns the ordinal of a filed portion, false if there is none
	// of that name.
	Portion(ref tearline.PortionRef) (ordinal uint32, ok bool)
	// Report returns the ordinals of a report's portions, in its order: n from
	// the first; false if no report of that name was filed.
	Report(id tearline.ReportID) (first uint32, n int, ok bool)
	// Filing returns the report that a statement filed, false if it filed none.
	Filing(id tearline.StatementID) (report tearline.ReportID, ok bool)
}

// A Register is names in memory. Its zero value is empty and ready to use; it
// may be read by several goroutines while nothing is added.
type Register struct {
	portions map[tearline.PortionRef]uint32
	reports  map[tearline.ReportID]stretch
	filings  map[tearline.StatementID]tearline.ReportID
	next     uint32
}

// A stretch is ordinals in a row.
type stretch struct {
	first uint32
	n     int
}

// File gives the portions of a filing the next ordinals, before [Index.Say] is
// told of it. Statements of other kinds, and reports that have theirs, are
// passed over.
func (r *Register) File(s *tearline.Statement) {
	v, ok := s.Says.(*tearline.Filing)
	if !ok || v == nil {
		return
	}
	if _, again := r.reports[v.Report]; again {
		return
	}
	if r.portions == nil {
		r.portions = make(map[tearline.PortionRef]uint32)
		r.reports = make(map[tearline.ReportID]stretch)
		r.filings = make(map[tearline.StatementID]tearline.ReportID)
	}
	r.reports[v.Report] = stretch{r.next, len(v.Portions)}
	r.filings[s.ID] = v.Report
	for i := range v.Portions {
		r.portions[tearline.PortionRef{Report: v.Report, Portion: v.Portions[i].ID}] = r.next
		r.next++
	}
}

// Portion implements [Names].
func (r *Register) Portion(ref tearline.PortionRef) (uint32, bool) {
	n, ok := r.portions[ref]
	return n, ok
}

// Report implements [Names].
func (r *Register) Report(id tearline.ReportID) (uint32, int, bool) {
	s, ok := r.reports[id]
	return s.first, s.n, ok
}

// Filing implements [Names].
func (r *Register) Filing(id tearline.StatementID) (tearline.ReportID, bool) {
	report, ok := r.filings[id]
	return report, ok
}
