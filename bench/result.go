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
	Value  float64 `json:"value"` // the median
	Unit   string  `json:"unit"`
	// Peer is another program doing the same, or a limit: what the machine
	// allows at most. "" is none.
	Peer      string   `json:"peer"`
	PeerValue *float64 `json:"peer_value"`
	// Ratio is how many times better than the peer the value is: for times
	// and counts peer/value, for rates value/peer. Below 1 the peer is
	// better; beside a limit that is how much of it is reached.
	Ratio *float64 `json:"ratio"`
	// Goal is "≤ N" or "≥ N", "" if there is none.
	Goal string `json:"goal"`
	Met  *bool  `json:"met"`
	// Min and Max are the extremes of the repetitions; of latencies, those
	// of the single ones.
	Min float64 `json:"min"`
	Max float64 `json:"max"`
}

// A spread is what repetitions came to.
type spread struct{ min, median, max float64 }

// times scales a spread.
func (s spread) times(f float64) spread { return spread{s.min * f, s.median * f, s.max * f} }

// rate turns the time of one operation, in nanoseconds, into operations per
// second, n of them to one.
func (s spread) rate(n float64) spread {
	return spread{n * 1e9 / s.max, n * 1e9 / s.median, n * 1e9 / s.min}
}

// A peer is what a result is held against.
type peer struct {
	name  string
	value float64
}

// A goal is a bound on a value; the zero goal is none.
type goal struct {
	bound   float64
	atLeast bool
}

func atMost(x float64) goal  { return goal{bound: x} }
func atLeast(x float64) goal { return goal{bound: x, atLeast: true} }

// rates says which units are better when greater.
var rates = map[string]bool{"1/s": true, "MB/s": true, "%": true}

// add adds a line for each peer, or one without.
func (b *bench) add(metric, unit string, s spread, g goal, peers ...peer) {
	r := Result{Name: b.name, Metric: metric, Value: round(s.median), Unit: unit, Min: round(s.min), Max: round(s.max)}
	if g.bound > 0 {
		sign, met := "≤", s.median <= g.bound
		if g.atLeast {
			sign, met = "≥", s.median >= g.bound
		}
		r.Goal, r.Met = sign+" "+number(g.bound), &met
	}
	if len(peers) == 0 {
		b.results = append(b.results, r)
	}
	for _, p := range peers {
		with := r
		value, ratio := round(p.value), p.value/s.median
		if rates[unit] {
			ratio = s.median / p.value
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
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "name\tratio\tmetric\tmin – median – max\tunit\tpeer or limit\tits value\tgoal\tmet")
	for _, r := range results {
		ratio, value, met := "", "", ""
		if r.Ratio != nil {
			ratio, value = "×"+number(*r.Ratio), number(*r.PeerValue)
		}
		if r.Met != nil {
			met = map[bool]string{true: "yes", false: "NO"}[*r.Met]
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s – %s – %s\t%s\t%s\t%s\t%s\t%s\n",
			r.Name, ratio, r.Metric, number(r.Min), number(r.Value), number(r.Max), r.Unit, r.Peer, value, r.Goal, met)
	}
	fmt.Fprintln(t)
	return t.Flush()
}
