// Package kittest lets the tests of a program that measures with package kit
// run its benchmarks and look at every line that they print. It may not judge
// what was measured: how fast something is is no matter of tests.
package kittest

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"testing"

	"tearline/bench/kit"
)

// zero are the units in which a value may be 0.
var zero = []string{"allocs", "%", "B", "none", "in 100 words"}

// All runs all benchmarks of a program, as much as its Full says, and checks that each gives results, and what cannot be otherwise about
// each line.
func All[A any, B io.Closer](t *testing.T, p *kit.Program[A, B]) {
	t.Helper()
	var out, talk bytes.Buffer
	if code := p.Run(t.Context(), []string{"all", "--json"}, &out, &talk); code != 0 {
		t.Fatalf("exit %d: %s", code, talk.String())
	}
	var names []string // as they come
	for line := range bytes.Lines(out.Bytes()) {
		var r kit.Result
		dec := json.NewDecoder(bytes.NewReader(line))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&r); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if fault := faultOf(&r); fault != "" {
			t.Errorf("%s: %s", line, fault)
		}
		names = append(names, r.Name)
	}
	var want []string
	for _, b := range p.Benchmarks {
		want = append(want, b.Name)
	}
	if names = slices.Compact(names); !slices.Equal(names, want) {
		t.Errorf("results of %q, want them of %q", names, want)
	}
}

// faultOf says what is wrong with a result, "" if nothing.
func faultOf(r *kit.Result) string {
	switch {
	case r.Name == "", r.Metric == "", r.Unit == "", r.Runs == 0:
		return "not named"
	case r.Value < 0, r.Value == 0 && !slices.Contains(zero, r.Unit):
		return "nothing measured"
	case r.Min > r.Median, r.Median > r.Max, r.Value != r.Min && r.Value != r.Median:
		return "not in order"
	case (r.Peer == "") != (r.PeerValue == nil), (r.Peer == "") != (r.Ratio == nil):
		return "a peer has a value and a ratio"
	case r.PeerValue != nil && (*r.PeerValue <= 0 || *r.Ratio <= 0):
		return "nothing measured of the peer"
	case (r.Goal == "") != (r.Met == nil):
		return "a goal is met or not"
	}
	return ""
}
