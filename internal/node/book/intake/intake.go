// Package intake reads what is to be filed and puts it in order, before
// anything is written: the lines of an import in batches, with those refused
// whose name stood before; and drafts so that each comes after those that it
// rests on, with the circles that have no such order. What is held already it
// does not know: it sees the input alone, and no store.
package intake

import (
	"fmt"
	"slices"
	"strings"

	"tearline"
	"tearline/lineage"
)

// A Draft is a report that somebody wants to file, and where it was read.
type Draft struct {
	Name   string // the file's, for faults
	Report *tearline.Report
}

// Named puts the file's name before each fault of its report.
func (d *Draft) Named(fs tearline.Faults) tearline.Faults {
	out := slices.Clone(fs)
	for i := range out {
		if d.Name != "" {
			out[i].Text = d.Name + ": " + out[i].Text
		}
	}
	return out
}

// InOrder sorts drafts so that sources come before what rests on them, and
// returns a fault for each that rests on itself by way of others, or that has
// the name of another. Two reports may well rest on each other without any
// portion resting on itself; but they are filed one after the other, so that
// is a circle here too.
func InOrder(drafts []Draft) ([]Draft, tearline.Faults) {
	var faults tearline.Faults
	byID := map[tearline.ReportID]int{}
	rests := map[tearline.ReportID][]tearline.ReportID{}
	for i, d := range drafts {
		if j, dup := byID[d.Report.ID]; dup {
			faults = append(faults, d.Named(tearline.Faults{{
				Text: fmt.Sprintf("report id %s stands in %s as well", d.Report.ID, drafts[j].Name), Hint: "an id names one report",
			}})...)
			continue
		}
		byID[d.Report.ID] = i
		rests[d.Report.ID] = Under(d.Report)
	}
	lineage.Circular(rests)
	var ordered []Draft
	placed := map[tearline.ReportID]bool{}
	var place func(i int)
	place = func(i int) {
		d := drafts[i]
		if placed[d.Report.ID] || byID[d.Report.ID] != i {
			return
		}
		placed[d.Report.ID] = true
		for _, src := range Under(d.Report) {
			if j, ok := byID[src]; ok {
				place(j)
			}
		}
		ordered = append(ordered, d)
	}
	for i, d := range drafts {
		if _, cyclic := rests[d.Report.ID]; cyclic {
			faults = append(faults, d.Named(tearline.Faults{{
				Text: "cyclic sources: " + Circle(lineage.Cycle(rests, d.Report.ID)), Hint: "a report rests on what came before it",
			}})...)
			continue
		}
		place(i)
	}
	return ordered, faults
}

// Under returns the other reports that a report rests on directly.
func Under(r *tearline.Report) []tearline.ReportID {
	var ids []tearline.ReportID
	for i := range r.Portions {
		for _, s := range r.Portions[i].Sources {
			if s.Report != r.ID && !slices.Contains(ids, s.Report) {
				ids = append(ids, s.Report)
			}
		}
	}
	return ids
}

// Circle writes a circle down, a long one shortened.
func Circle(ids []tearline.ReportID) string {
	const most = 12
	names := make([]string, 0, len(ids))
	for i, id := range ids {
		if len(ids) > most && i == most-2 {
			names = append(names, fmt.Sprintf("%d more", len(ids)-most+1), string(ids[len(ids)-1]))
			break
		}
		names = append(names, string(id))
	}
	return strings.Join(names, " → ")
}
