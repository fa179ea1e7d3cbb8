package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"text/tabwriter"
)

// A Result is one line: what was measured, and what it is held against.
type Result struct {
	Name   string  `json:"name"`
	Metric string  `json:"metric"`
	Value  float64 `json:"value"` // the least of the runs, which others on the machine disturbed least
	Unit   string  `json:"unit"`
	// Peer is another engine doing the same, or a limit: what the machine
	// allows at most. "" is none.
	Peer      string   `json:"peer"`
	PeerValue *float64 `json:"peer_value"`
	// Ratio is how many times better than the peer the value is. Below 1 the
	// peer is better; beside a limit that is how much of it is reached.
	Ratio *float64 `json:"ratio"`
	// Goal is "≤ N", "" if there is none.
	Goal string `json:"goal"`
	Met  *bool  `json:"met"`
	// Median and Max are those of the runs.
	Median float64 `json:"median"`
	Max    float64 `json:"max"`
	Runs   int     `json:"runs"`
}

// A spread is what repetitions came to.
type spread struct {
	min, median, max float64
	runs             int
}

// one is the spread of what was measured once, or is exact.
func one(x float64) spread { return spread{x, x, x, 1} }

// times scales a spread.
func (s spread) times(f float64) spread { return spread{s.min * f, s.median * f, s.max * f, s.runs} }

// A peer is what a result is held against.
type peer struct {
	name  string
	value float64
}

// found is the unit of what is better when there is more of it.
const found = "objects"

// add adds a line for each peer, or one without. A goal of 0 is none.
func (b *bench) add(metric, unit string, s spread, goal float64, peers ...peer) {
	r := Result{
		Name: b.name, Metric: metric, Value: round(s.min), Unit: unit,
		Median: round(s.median), Max: round(s.max), Runs: s.runs,
	}
	if goal > 0 {
		met := s.min <= goal
		r.Goal, r.Met = "≤ "+number(goal), &met
	}
	if len(peers) == 0 {
		b.results = append(b.results, r)
	}
	for _, p := range peers {
		with := r
		value, ratio := round(p.value), p.value/s.min
		if unit == found {
			ratio = s.min / p.value
		}
		ratio = round(ratio)
		with.Peer, with.PeerValue, with.Ratio = p.name, &value, &ratio
		b.results = append(b.results, with)
	}
}

// round keeps four figures: the rest is noise.
func round(x float64) float64 {
	if x == 0 || math.IsInf(x, 0) || math.IsNaN(x) {
		return 0
	}
	p := math.Pow(10, 3-math.Floor(math.Log10(math.Abs(x))))
	return math.Round(x*p) / p
}

// number writes three figures for people, thousands apart.
func number(x float64) string {
	if a := math.Abs(x); a < 1000 {
		return strconv.FormatFloat(x, 'g', 3, 64)
	}
	s := strconv.FormatFloat(math.Round(x), 'f', 0, 64)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// write prints results as JSON Lines or as a table.
func write(w io.Writer, results []Result, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		for _, r := range results {
			if err := enc.Encode(r); err != nil {
				return err
			}
		}
		return nil
	}
	if len(results) == 0 {
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "name\tmetric\tmin – median – max\tunit\truns\tpeer or limit\tits value\tratio\tgoal\tmet")
	for _, r := range results {
		ratio, value, met := "", "", ""
		if r.Ratio != nil {
			ratio, value = "×"+number(*r.Ratio), number(*r.PeerValue)
		}
		if r.Met != nil {
			met = map[bool]string{true: "yes", false: "NO"}[*r.Met]
		}
		fmt.Fprintf(t, "%s\t%s\t%s – %s – %s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\n",
			r.Name, r.Metric, number(r.Value), number(r.Median), number(r.Max), r.Unit, r.Runs, r.Peer, value, ratio, r.Goal, met)
	}
	fmt.Fprintln(t)
	return t.Flush()
}
