package node

import (
	"tearline"
	"tearline/internal/node/book"
	"tearline/marking"
	"tearline/release"
)

// marksOf returns the marks of portions of a report.
func marksOf(r *tearline.Report, refs []tearline.PortionRef) []marking.Marking {
	var marks []marking.Marking
	for _, ref := range refs {
		if p, ok := r.Portion(ref.Portion); ok {
			marks = append(marks, p.Marking)
		}
	}
	return marks
}

// empowered refuses what an authority has no power to do. What was said without
// it would have no effect; better that nobody relies on it.
func (w *writer) empowered(power tearline.Power, authority, second string, over []marking.Marking) error {
	own, err := w.n.book.Delegations(w.Tx, w.By)
	if err != nil {
		return err
	}
	powers := release.NewAuthorities(w.By, own)
	for _, m := range over {
		x := release.Exercise{Power: power, Authority: authority, Second: second, Over: m, At: w.At}
		if err := powers.Check(x); err != nil {
			return book.Invalid(string(power), err, "tearline delegation list shows who has which power; name one who has it with --authority, a second with --second")
		}
	}
	return nil
}
