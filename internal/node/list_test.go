package node_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline"
	"tearline/internal/node"
)

// listed are the portions that the pages of a list have, one page after the
// other, oldest first.
func (d *desk) listed(as, to tearline.PartyID, limit int) []string {
	d.t.Helper()
	q := node.ListQuestion{Question: node.Question{As: as, To: to}, Limit: limit}
	var out []string
	for {
		l, err := d.List(d.t.Context(), q)
		if err != nil {
			d.t.Fatalf("list for %s: %v", to, err)
		}
		for _, p := range l.Portions {
			out = append(out, string(p.Report)+"/"+string(p.Portion)+" "+string(p.Basis))
		}
		if l.After == "" {
			if l.Count != len(out) {
				d.t.Fatalf("list for %s: %d counted, %d on the pages", to, l.Count, len(out))
			}
			slices.Reverse(out)
			return out
		}
		q.After = l.After
	}
}

// decidedOf is the same by deciding each report.
func (d *desk) decidedOf(as, to tearline.PartyID, reports ...tearline.ReportID) []string {
	d.t.Helper()
	var out []string
	for _, id := range reports {
		got, err := d.Decide(d.t.Context(), node.Question{As: as, Report: id, To: to})
		if err != nil {
			d.t.Fatalf("decide %s to %s: %v", id, to, err)
		}
		for _, p := range got.Portions {
			if p.Outcome == tearline.Release {
				out = append(out, string(id)+"/"+string(p.Portion)+" "+string(p.Basis))
			}
		}
	}
	return out
}

// TestListIsWhatIsDecided: whatever is said, in whatever order, the list that is
// kept current is what deciding each portion comes to.
func TestListIsWhatIsDecided(t *testing.T) {
	base := newDesk(t)
	if err := base.Close(); err != nil {
		t.Fatal(err)
	}
	world := 0
	rapid.Check(t, func(rt *rapid.T) {
		d := base.copied(t)
		defer func() {
			if err := d.Close(); err != nil {
				rt.Error(err)
			}
		}()
		world++
		d.env.begin(fmt.Sprint("list ", world), start.AddDate(0, 0, 1))
		var held []tearline.ReportID
		marks := []string{"U", "S", "S//NF", "S//REL TO USA, FRA", "S//REL TO USA, NATO", "S//OC/REL TO USA, FRA, NLD", "TS//SI//REL TO USA, FVEY"}
		parties := []tearline.PartyID{"NLD", "GBR", "BRA", "FRA"}
		for range rapid.IntRange(4, 12).Draw(rt, "steps") {
			sayOne(rt, d, &held, marks, parties)
			if rapid.Bool().Draw(rt, "look") {
				to := rapid.SampledFrom(parties).Draw(rt, "for")
				if diff := cmp.Diff(d.decidedOf("USA", to, held...), d.listed("USA", to, 3)); diff != "" {
					rt.Fatalf("for %s (-decided +listed):\n%s", to, diff)
				}
			}
		}
		for _, to := range parties {
			if diff := cmp.Diff(d.decidedOf("USA", to, held...), d.listed("USA", to, 100)); diff != "" {
				rt.Fatalf("for %s (-decided +listed):\n%s", to, diff)
			}
		}
	})
}

// sayOne lets somebody say something. What is refused is refused.
func sayOne(rt *rapid.T, d *desk, held *[]tearline.ReportID, marks []string, parties []tearline.PartyID) {
	ctx := d.t.Context()
	d.tick()
	by := rapid.SampledFrom(append([]tearline.PartyID{"USA"}, parties...)).Draw(rt, "by")
	to := rapid.SampledFrom(parties).Draw(rt, "to")
	if len(*held) == 0 {
		fileOne(rt, d, held, marks)
		return
	}
	report := rapid.SampledFrom(*held).Draw(rt, "report")
	switch rapid.IntRange(0, 7).Draw(rt, "step") {
	case 0, 1:
		fileOne(rt, d, held, marks)
	case 2:
		asked, err := d.Ask(ctx, question(report, to), nil)
		if err != nil {
			return
		}
		for _, a := range asked {
			d.tick()
			_, _ = d.Grant(ctx, node.Answer{As: a.Originator, Request: string(a.ID)}) // some are answered already
		}
	case 3:
		if asked, err := d.Requests(ctx, by); err == nil && len(asked) > 0 {
			_, _ = d.Revoke(ctx, node.Answer{As: by, Request: string(rapid.SampledFrom(asked).Draw(rt, "request").ID)})
		}
	case 4:
		if by != "USA" {
			_, _ = d.State(ctx, "USA", &tearline.Agreement{
				Name: "with " + string(by), Parties: [2]tearline.PartyID{"USA", by}, Ceiling: rapid.SampledFrom([]string{"SECRET", "TOP SECRET"}).Draw(rt, "ceiling"),
				Onward:   rapid.SampledFrom([]tearline.Onward{tearline.OnwardFree, tearline.OnwardAsk, tearline.OnwardNever}).Draw(rt, "onward"),
				Standing: []tearline.StandingConsent{{By: by, UpTo: "SECRET", To: []tearline.PartyID{to}}},
			})
		}
	case 5:
		_, _ = d.State(ctx, by, &tearline.Exclusion{Party: to})
	case 6:
		_, _ = d.Declassify(ctx, node.Act{As: "USA", Report: report, Because: "old", Authority: "I. Marren"})
	case 7:
		_, _ = d.AddParty(ctx, "USA", tearline.Party{ID: to, MemberOf: []tearline.PartyID{rapid.SampledFrom([]tearline.PartyID{"NATO", "FVEY"}).Draw(rt, "joins")}})
	}
}

func fileOne(rt *rapid.T, d *desk, held *[]tearline.ReportID, marks []string) {
	id := fmt.Sprintf("R%d", len(*held)+1)
	var portions []string
	for range rapid.IntRange(1, 3).Draw(rt, "portions") {
		source := ""
		if len(*held) > 0 && rapid.Bool().Draw(rt, "rests") {
			source = string(rapid.SampledFrom(*held).Draw(rt, "on")) + "/p1"
		}
		portions = append(portions, strings.Join([]string{
			rapid.SampledFrom(marks).Draw(rt, "mark"), "Some words.", rapid.SampledFrom([]string{"USA", "NLD", "GBR"}).Draw(rt, "originator"), source,
		}, "|"))
	}
	if _, err := d.tryFile("USA", line(id, "USA", portions...)); err == nil {
		*held = append(*held, tearline.ReportID(id))
	}
}

// TestListKeepsToItsOwn: a party's list is of what it holds itself, whoever
// asks for whom; a partner that holds nothing lists nothing.
func TestListKeepsToItsOwn(t *testing.T) {
	d := newDesk(t)
	d.file("USA", line("R1", "USA", "U|Seen by all.", "S//NF|Seen by none."))
	d.file("NLD", line("N1", "NLD", "U|Ours."))
	for _, c := range []struct {
		as, to tearline.PartyID
		want   []string
	}{
		{"USA", "FRA", []string{"R1/p1 marking"}},
		{"NLD", "FRA", []string{"N1/p1 marking"}},
		{"ADMIN", "FRA", nil},
		{"FRA", "USA", nil},
	} {
		if diff := cmp.Diff(c.want, d.listed(c.as, c.to, 10)); diff != "" {
			t.Errorf("%s for %s (-want +got):\n%s", c.as, c.to, diff)
		}
	}
}
