package node_test

import (
	"errors"
	"testing"
	"time"

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

// TestNoticeThatCannotBeGiven: it stops nobody else's work; the directory's own
// party learns that something is wrong, others nothing of its books.
func TestNoticeThatCannotBeGiven(t *testing.T) {
	d := newDesk(t)
	d.file("NLD", line("N1", "NLD", "S//OC/REL TO USA, NLD|The charges are in crates."))
	d.file("USA", line("N1", "NLD", "S//OC/REL TO USA, NLD|The charges are in crates."), line("F", "USA", "U|Fair weather."))
	d.tick()
	_, err := d.Discretion(t.Context(), node.Act{
		As: "USA", Report: "N1", To: "BRA", Because: "dawn", Authority: "I. Marren", TellAfter: d.env.now.Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.release(question("N1", "BRA")); err != nil {
		t.Fatal(err)
	}
	told := func() int {
		a, err := d.AuditOriginator(t.Context(), "NLD", "NLD")
		if err != nil {
			t.Fatal(err)
		}
		return len(a.Events)
	}
	if n := told(); n != 0 {
		t.Fatalf("told of %d before its time", n)
	}
	tamper(t, d.dir, "update reports set body = x'78' where holder = 'USA' and id = 'N1'")
	d.env.now = d.env.now.Add(2 * time.Hour)
	if _, err := d.release(question("F", "BRA")); err != nil {
		t.Errorf("another release: %v", err)
	}
	if n := told(); n != 0 {
		t.Errorf("told of %d that cannot be read", n)
	}
	_, err = d.AuditOriginator(t.Context(), "USA", "NLD")
	d.kind(err, tearline.Tampered)
}
