package node

import (
	"tearline"
	"tearline/internal/node/book"
	"tearline/marking"
	"tearline/release"
)

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
