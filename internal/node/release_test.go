package node_test

import (
	"errors"
	"testing"

	"tearline"
	"tearline/internal/node"
)

// TestUsedUpConsentIsResumed: a copy that was recorded and not handed out is
// taken up again, although its own record has used up the consent for one.
func TestUsedUpConsentIsResumed(t *testing.T) {
	d := newDesk(t)
	d.file("NLD", line("N1", "NLD", "S//OC/REL TO USA, FRA, NLD|The charges are in crates."))
	d.file("USA", line("N1", "NLD", "S//OC/REL TO USA, FRA, NLD|The charges are in crates."))
	asked, err := d.Ask(t.Context(), question("N1", "FRA"), nil)
	if err != nil || len(asked) != 1 {
		t.Fatalf("asked %v: %v", asked, err)
	}
	d.tick()
	if _, err := d.Grant(t.Context(), node.Answer{As: "NLD", Request: string(asked[0].ID), Conditions: []tearline.Condition{"copies=1"}}); err != nil {
		t.Fatal(err)
	}
	d.tick()
	lost := errors.New("the disk is full")
	if _, err := d.Release(t.Context(), question("N1", "FRA"), func(tearline.Rendering) error { return lost }); !errors.Is(err, lost) {
		t.Fatalf("release: %v", err)
	}
	first, err := d.release(question("N1", "FRA"))
	if err != nil || !first.Resumed || len(first.bytes) == 0 {
		t.Fatalf("resumed %v, %d bytes: %v", first.Resumed, len(first.bytes), err)
	}
	if _, err := d.release(question("N1", "FRA")); tearline.KindOf(err) != tearline.ReferKind {
		t.Errorf("a second copy: %v", err)
	}
	unit := question("N1", "FRA")
	unit.Unit = "Coast Guard"
	if _, err := d.release(unit); tearline.KindOf(err) != tearline.ReferKind {
		t.Errorf("a second copy, for a unit: %v", err)
	}
}
