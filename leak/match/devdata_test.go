package match_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"testing"

	"tearline"
	"tearline/leak/match"
)

// The development data lie beside the repository where there are any; neither
// texts nor rows of theirs are in it.
const devData = "../../../shared/data/leak/"

type devRow struct {
	ID       string   `json:"source_id"`
	Text     string   `json:"text"`
	Query    string   `json:"query"`
	Kind     string   `json:"kind"`
	Relevant []string `json:"relevant"`
}

func devRows(t *testing.T, name string) []devRow {
	t.Helper()
	f, err := os.Open(devData + name)
	if err != nil {
		t.Skip("the development data are not there: ", err)
	}
	defer f.Close()
	var rows []devRow
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<22)
	for in.Scan() {
		var r devRow
		if err := json.Unmarshal(in.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	return rows
}

// TestFloors holds what the package comment says, on a small sample: portions
// that queries draw on, one in 200 of the others, 6 queries of a kind.
func TestFloors(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	const perKind, every = 6, 200
	wanted := map[string]bool{}
	queries := map[string][]devRow{}
	for _, q := range devRows(t, "queries_dev.jsonl") {
		queries[q.Kind] = append(queries[q.Kind], q)
	}
	for k, all := range queries {
		queries[k] = nil
		for i := range perKind {
			q := all[i*len(all)/perKind]
			queries[k] = append(queries[k], q)
			for _, r := range q.Relevant {
				wanted[r] = true
			}
		}
	}
	var ps []match.Portion
	for i, r := range append(devRows(t, "held_dev.jsonl"), devRows(t, "background_dev.jsonl")...) {
		w, err := tearline.ParseWording(r.Text)
		if err == nil && (wanted[r.ID] || i%every == 0) {
			ps = append(ps, match.Portion{Ref: tearline.PortionRef{Report: tearline.ReportID(r.ID), Portion: "p"}, Wording: w})
		}
	}
	floors := map[string]float64{
		"syn-verbatim1": .95, "syn-light": .95, "inart-verbatim1": .95, "inart-light": .95, "reuters-extract": .9,
	}
	nothing := []string{"neg-reuters-article", "neg-brown-article", "neg-reuters-sentence", "neg-book-article"}
	for kind, floor := range floors {
		found := 0
		for _, q := range queries[kind] {
			if slices.ContainsFunc(search(t, q.Query, ps...), func(m match.Match) bool {
				return m.Kind != match.Reworded && slices.Contains(q.Relevant, string(m.Ref.Report))
			}) {
				found++
			}
		}
		if share := float64(found) / perKind; share < floor {
			t.Errorf("%s: %.2f found, floor %.2f", kind, share, floor)
		}
	}
	var alarms []string
	for _, kind := range nothing {
		for _, q := range queries[kind] {
			for _, m := range search(t, q.Query, ps...) {
				if m.Kind != match.Reworded {
					alarms = append(alarms, fmt.Sprintf("%s: %s %s", kind, m.Kind, m.Ref))
				}
			}
		}
	}
	if len(alarms) > 1 {
		t.Errorf("false matches in %d queries over %d portions: %v", len(nothing)*perKind, len(ps), alarms)
	}
}
