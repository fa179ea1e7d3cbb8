package kit

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"text/tabwriter"
)

// A Result is one line: what was measured, and what it is held against.
type Result struct {
	Name   string `json:"name"` // of the benchmark
	Metric string `json:"metric"`
	// Value is the median of the runs or the least, as the program has it.
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	// Peer is another program doing the same, or a limit: what the machine
	// allows at most. "" is none; then PeerValue and Ratio are nil.
	Peer      string   `json:"peer"`
	PeerValue *float64 `json:"peer_value"`
	// Ratio is how many times better than the peer the value is: for times
	// and counts peer/value, for what is better when more value/peer. Below 1
	// the peer is better; beside a limit that is how much of it is reached.
	Ratio *float64 `json:"ratio"`
	// Goal is "≤ N" or "≥ N", "" if there is none; then Met is nil.
	Goal string `json:"goal"`
	Met  *bool  `json:"met"`
	// Min, Median and Max are those of the runs, and Runs is how many there
	// were: 1 of what was measured once, or is exact. Of latencies the single
	// ones are meant, and Median is the percentile that the metric names.
	Min    float64 `json:"min"`
	Median float64 `json:"median"`
	Max    float64 `json:"max"`
	Runs   int     `json:"runs"`
}

// A Spread is what repetitions came to.
type Spread struct {
	Min, Median, Max float64
	Runs             int
}

// One is the spread of what was measured once, or is exact.
func One(x float64) Spread { return Spread{x, x, x, 1} }

// SpreadOf sums up repetitions, of which there is one at least.
func SpreadOf(list []float64) Spread {
	s := slices.Sorted(slices.Values(list))
	return Spread{s[0], s[len(s)/2], s[len(s)-1], len(s)}
}

// Times scales a spread by a positive factor.
func (s Spread) Times(f float64) Spread { return Spread{s.Min * f, s.Median * f, s.Max * f, s.Runs} }

// Rate turns the time of one operation, in nanoseconds, into operations per
// second, n of them to one.
func (s Spread) Rate(n float64) Spread {
	return Spread{n * 1e9 / s.Max, n * 1e9 / s.Median, n * 1e9 / s.Min, s.Runs}
}

// A Peer is what a result is held against, in the result's unit.
type Peer struct {
	Name  string
	Value float64
}

// A Goal is a bound on a value; the zero Goal is none.
type Goal struct {
	bound   float64
	atLeast bool
}

// AtMost is the goal not to be above x, which is positive.
func AtMost(x float64) Goal { return Goal{bound: x} }

// AtLeast is the goal not to be below x, which is positive.
func AtLeast(x float64) Goal { return Goal{bound: x, atLeast: true} }

// Add adds a line to the results of the benchmark at work for each peer, or one
// without.
func (b *Bench) Add(metric, unit string, s Spread, g Goal, peers ...Peer) {
	exact := s.Median
	if b.least {
		exact = s.Min
	}
	r := Result{
		Name: b.Name, Metric: metric, Value: round(exact), Unit: unit,
		Min: round(s.Min), Median: round(s.Median), Max: round(s.Max), Runs: s.Runs,
	}
	if g.bound > 0 {
		sign, met := "≤", exact <= g.bound
		if g.atLeast {
			sign, met = "≥", exact >= g.bound
		}
		r.Goal, r.Met = sign+" "+Number(g.bound), &met
	}
	if len(peers) == 0 {
		b.results = append(b.results, r)
	}
	for _, p := range peers {
		with := r
		value, ratio := round(p.Value), p.Value/exact
		if slices.Contains(b.more, unit) {
			ratio = exact / p.Value
		}
		ratio = round(ratio)
		with.Peer, with.PeerValue, with.Ratio = p.Name, &value, &ratio
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

// Number writes three figures for people, thousands apart.
func Number(x float64) string {
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
	fmt.Fprintln(t, "name\tratio\tmetric\tmin – median – max\tunit\truns\tpeer or limit\tits value\tgoal\tmet")
	for _, r := range results {
		ratio, value, met := "", "", ""
		if r.Ratio != nil {
			ratio, value = "×"+Number(*r.Ratio), Number(*r.PeerValue)
		}
		if r.Met != nil {
			met = map[bool]string{true: "yes", false: "NO"}[*r.Met]
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s – %s – %s\t%s\t%d\t%s\t%s\t%s\t%s\n",
			r.Name, ratio, r.Metric, Number(r.Min), Number(r.Median), Number(r.Max), r.Unit, r.Runs, r.Peer, value, r.Goal, met)
	}
	fmt.Fprintln(t)
	return t.Flush()
}
