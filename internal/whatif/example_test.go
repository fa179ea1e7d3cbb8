package whatif_test

import (
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"tearline"
	"tearline/internal/whatif"
)

// Who may have a report; and who else could, if France joined a coalition.
func Example() {
	at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	statements := []tearline.Statement{
		{ID: "a", By: "USA", At: at, Says: &tearline.PartyRecord{Party: "USA", MemberOf: []tearline.PartyID{"FVEY", "NATO"}}},
		{ID: "b", By: "USA", At: at, Says: &tearline.PartyRecord{Party: "GBR", MemberOf: []tearline.PartyID{"FVEY", "NATO"}}},
		{ID: "c", By: "USA", At: at, Says: &tearline.PartyRecord{Party: "FRA", MemberOf: []tearline.PartyID{"NATO"}}},
		{ID: "d", By: "USA", At: at, Says: &tearline.Filing{
			Report: "AIR-7", Originator: "USA", Policy: "us", Date: "2026-03-01",
			Portions: []tearline.FiledPortion{
				{ID: "p1", Originator: "USA", Marking: "(S//REL TO USA, NATO)"},
				{ID: "p2", Originator: "USA", Marking: "(S//REL TO USA, FVEY)"},
				{ID: "p3", Originator: "USA", Marking: "(S//NF)"},
			},
		}},
	}
	q := whatif.Question{Holder: "USA", At: at.Add(time.Hour), Mode: tearline.Document, Reports: []tearline.ReportID{"AIR-7"}}

	m, err := whatif.Table(statements, q)
	if err != nil {
		fmt.Println(err)
		return
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "portion\tmarking")
	for _, p := range m.Parties {
		fmt.Fprintf(w, "\t%s", p)
	}
	fmt.Fprintln(w)
	for _, r := range m.Rows {
		fmt.Fprintf(w, "%s\t%s", r.Portion, r.Marking)
		for _, c := range r.Cells {
			fmt.Fprintf(w, "\t%s", c.Outcome)
		}
		fmt.Fprintln(w)
	}
	if err := w.Flush(); err != nil {
		fmt.Println(err)
		return
	}

	d, err := whatif.Compare(statements, q, whatif.Change{Join: &whatif.Membership{Party: "FRA", Coalition: "FVEY"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d of %d would change\n", len(d.Cells), d.Compared)
	for _, c := range d.Cells {
		fmt.Println(c.Portion, c.Party, c.Before.Outcome, "->", c.After.Outcome)
	}
	// Output:
	// portion  marking                FRA      GBR
	// p1       (S//REL TO USA, NATO)  release  release
	// p2       (S//REL TO USA, FVEY)  refer    release
	// p3       (S//NF)                deny     deny
	// 1 of 6 would change
	// p2 FRA refer -> release
}
