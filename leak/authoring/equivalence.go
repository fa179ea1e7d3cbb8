package authoring

import (
	"strings"

	"tearline"
)

// A PointShown is one point of a portion as every copy may say it.
type PointShown struct {
	// Number counts the points of the portion from 1.
	Number int `json:"number"`
	// Sentences are the sentence that the point stands in, once for each of
	// its alternatives, with the first alternative at all other points.
	Sentences []string `json:"sentences"`
	// Alternatives are what differs between them; an empty one says nothing.
	Alternatives []string `json:"alternatives"`
}

// A PortionShown is a portion of a report with all that its copies may say.
type PortionShown struct {
	ID     tearline.PortionID `json:"id"`
	Points []PointShown       `json:"points"`
}

// Equivalence lists, for each portion of a report that has alternatives, what
// its copies may say at each point, so that a reader can see that all of them
// say the same. It shows the whole report: whoever shows it to a partner keeps
// the portions that the partner may have, and no others, before.
func Equivalence(r *tearline.Report) []PortionShown {
	out := []PortionShown{}
	for i := range r.Portions {
		if p := &r.Portions[i]; p.Wording.Points() > 0 {
			out = append(out, PortionShown{ID: p.ID, Points: points(p.Wording)})
		}
	}
	return out
}

// points shows the points of one wording.
func points(w tearline.Wording) []PointShown {
	plain := w.Plain()
	p := &page{text: plain}
	p.read()
	var out []PointShown
	at, k := 0, 0 // in the plain text; the element there
	for _, s := range w.Segments() {
		if s.Alternatives == nil {
			at += len(s.Text)
			continue
		}
		end := at + len(s.Alternatives[0])
		for k < len(p.elems)-1 && p.elems[k].end <= at {
			k++
		}
		from, to := 0, len(plain)
		if len(p.elems) > 0 {
			from, to = p.sentence(k)
		}
		from, to = min(from, at), max(to, end)
		shown := PointShown{Number: len(out) + 1, Alternatives: s.Alternatives}
		for _, a := range s.Alternatives {
			shown.Sentences = append(shown.Sentences, strings.Join(strings.Fields(plain[from:at]+a+plain[end:to]), " "))
		}
		out = append(out, shown)
		at = end
	}
	return out
}
