package cases_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tearline"
	"tearline/internal/node"
)

func (d *desk) feedFile(title, says string) string {
	d.t.Helper()
	name := filepath.Join(d.t.TempDir(), "feed.xml")
	words := "<rss version='2.0'><channel><title>Gazette</title><item><guid>1</guid><title>" + title + "</title><description>" + says +
		"</description><pubDate>Mon, 02 Mar 2026 07:00:00 GMT</pubDate></item></channel></rss>"
	if err := os.WriteFile(name, []byte(words), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return name
}

// told is what an originator sees of a leak in its audit.
func (d *desk) told(o tearline.PartyID) []string {
	d.t.Helper()
	a, err := d.AuditOriginator(d.t.Context(), o, o)
	if err != nil {
		d.t.Fatal(err)
	}
	out := []string{}
	for _, e := range a.Events {
		if e.Kind != tearline.KindExposure {
			continue
		}
		line := fmt.Sprintf("%s %s %s:", e.At.Format(time.RFC3339Nano), e.Occurred.Format(time.RFC3339Nano), e.Where)
		for _, it := range e.Items {
			line += " " + it.Portion
			if it.Inferred {
				line += "?"
			}
		}
		out = append(out, line+" "+e.Measures)
	}
	return out
}

func TestNotify(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.world()
	d.tick()
	if _, err := d.State(t.Context(), "USA", &tearline.Agreement{Name: "USA-NLD", Parties: [2]tearline.PartyID{"USA", "NLD"}, Ceiling: "SECRET", Onward: tearline.OnwardAsk, Inform: true}); err != nil {
		t.Fatal(err)
	}
	name := d.open()
	d.traced(name, mole)
	a := d.assess(name)
	if len(a.Tell) != 1 || !a.Tell[0].AtOnce || strings.Join(a.Tell[0].Inferred, " ") != "N2/p1" {
		t.Fatalf("%+v", a.Tell)
	}
	var inferred []string
	for _, p := range a.Inferred {
		inferred = append(inferred, p.How())
	}
	if diff := cmp.Diff([]string{"N/p1 – N2/p1"}, inferred[:1]); diff != "" && inferred[0] != "M/p1 – N/p1 – N2/p1" {
		t.Errorf("%q", inferred)
	}
	d.now = d.now.Add(1500 * time.Millisecond)
	a, err := d.Cases("USA").Notify(t.Context(), name, "J. Smith", "The report is withdrawn.")
	if err != nil || len(a.Notices) != 1 || a.Notices[0].To != "NLD" || !a.Tell[0].Told {
		t.Fatalf("%+v, %v", a.Notices, err)
	}
	want := []string{d.now.Truncate(time.Second).Format(time.RFC3339) + " " + a.Leaks[0].Seen.Truncate(time.Second).Format(time.RFC3339) + " a newspaper: N/p1 N2/p1? The report is withdrawn."}
	if diff := cmp.Diff(want, d.told("NLD")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, o := range []tearline.PartyID{"GBR", "BRA", "USA"} {
		if got := d.told(o); len(got) != 0 {
			t.Errorf("%s sees %q", o, got)
		}
	}
	before := d.size()
	if a, err = d.Cases("USA").Notify(t.Context(), name, "J. Smith", "x"); err != nil || len(a.Notices) != 0 || d.size() != before {
		t.Errorf("told again: %+v, %v", a.Notices, err)
	}
	// What is new is told, to whom it is new.
	d.traced(name, notes)
	d.tick()
	if a, err = d.Cases("USA").Notify(t.Context(), name, "J. Smith", ""); err != nil || len(a.Notices) != 1 || a.Notices[0].To != "GBR" || len(d.told("NLD")) != 1 || len(d.told("GBR")) != 1 {
		t.Errorf("%+v, %v", a.Notices, err)
	}
	shown, err := d.Cases("USA").Show(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	last := shown.File.Items[len(shown.File.Items)-1]
	if len(last.Put) != 1 || last.Put[0].Kind != tearline.KindExposure {
		t.Errorf("%+v", last)
	}
	d.verified()
}

func (d *desk) size() int {
	d.t.Helper()
	list, err := d.Entries(d.t.Context(), "USA", 0, 1000)
	if err != nil {
		d.t.Fatal(err)
	}
	return len(list)
}

// Invariant 6: worlds that differ in what is hidden from an originator give it
// the same notice; the owner, a partner and a stranger each see their own.
func TestInvariant06Notices(t *testing.T) {
	t.Parallel()
	see := func(more bool) map[tearline.PartyID][]string {
		d := newDesk(t)
		d.world()
		leak := mole
		if more {
			d.file("USA", "S", "S//NF|The governor sold the ferry to a cousin of his for a song.", "S//FGI GBR//OC/REL TO USA, GBR|The long table is made of teak.||G/p1")
			d.file("GBR", "S", "S//NF|Quite another.")
			if _, err := d.State(t.Context(), "GBR", &tearline.Exclusion{Party: "BRA"}); err != nil {
				t.Fatal(err)
			}
			if _, err := d.Disclose(t.Context(), node.Telling{Question: node.Question{As: "USA", Report: "M", To: "GBR", Mode: tearline.Oral}, Portions: []tearline.PortionID{"p3"}, Gist: "x"}); err != nil {
				t.Fatal(err)
			}
			leak += " " + notes + " The governor sold the ferry to a cousin of his for a song. The long table is made of teak."
		}
		d.now = start.Add(time.Hour)
		name := d.open()
		d.traced(name, leak)
		d.now = start.Add(2 * time.Hour)
		if _, err := d.Cases("USA").Notify(t.Context(), name, "J. Smith", "It is withdrawn."); err != nil {
			t.Fatal(err)
		}
		out := map[tearline.PartyID][]string{}
		for _, o := range []tearline.PartyID{"NLD", "GBR", "BRA"} {
			out[o] = d.told(o)
		}
		return out
	}
	plain, secret := see(false), see(true)
	if diff := cmp.Diff(plain["NLD"], secret["NLD"]); diff != "" || len(plain["NLD"]) != 1 {
		t.Errorf("NLD sees a difference (-plain +secret):\n%s", diff)
	}
	if len(plain["GBR"]) != 0 || len(secret["GBR"]) != 1 || strings.Contains(secret["GBR"][0], "N/") {
		t.Errorf("GBR sees %q and %q", plain["GBR"], secret["GBR"])
	}
	if len(plain["BRA"])+len(secret["BRA"]) != 0 {
		t.Errorf("BRA sees %q", secret["BRA"])
	}
}
