package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"tearline/codec"
)

// tiny is enough of everything to see that it runs.
var tiny = amount{
	reps: 2, slot: 100 * time.Microsecond, reports: 60, imports: 1, leaves: 600, rows: 300, appends: 5,
	tessera: 2, world: 200, held: 300, queries: 1, archive: 2000, marks: 500, copies: 3, calls: 2, asked: 100,
}

// TestBenchmarks runs each benchmark at its smallest and checks the shape of
// its lines.
func TestBenchmarks(t *testing.T) {
	i := 0
	err := measure(t.Context(), benchmarks, tiny, io.Discard, func(r []Result) error {
		name := benchmarks[i].name
		i++
		var lines bytes.Buffer
		if err := write(&lines, r, true); err != nil {
			return err
		}
		if len(r) == 0 {
			t.Errorf("%s: no results", name)
		}
		for line := range strings.Lines(lines.String()) {
			checkLine(t, name, line)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if i != len(benchmarks) {
		t.Errorf("%d of %d benchmarks gave results", i, len(benchmarks))
	}
}

// fields are those of every line.
var fields = []string{"goal", "max", "met", "metric", "min", "name", "peer", "peer_value", "ratio", "unit", "value"}

func checkLine(t *testing.T, name, line string) {
	t.Helper()
	var keys map[string]any
	if err := json.Unmarshal([]byte(line), &keys); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	if got := slices.Sorted(maps.Keys(keys)); !slices.Equal(got, fields) {
		t.Errorf("fields %v, want %v", got, fields)
	}
	var r Result
	if err := json.Unmarshal([]byte(line), &r); err != nil {
		t.Fatal(err)
	}
	switch {
	case r.Name != name, r.Metric == "", r.Unit == "":
		t.Errorf("%s: not named", line)
	case r.Value < 0, r.Value == 0 && r.Unit != "allocs" && r.Unit != "%":
		t.Errorf("%s: nothing measured", line)
	case r.Min > r.Value, r.Value > r.Max:
		t.Errorf("%s: the median is not between the extremes", line)
	case (r.Peer == "") != (r.PeerValue == nil), (r.Peer == "") != (r.Ratio == nil):
		t.Errorf("%s: a peer has a value and a ratio", line)
	case r.PeerValue != nil && (*r.PeerValue <= 0 || *r.Ratio <= 0):
		t.Errorf("%s: nothing measured of the peer", line)
	case (r.Goal == "") != (r.Met == nil):
		t.Errorf("%s: a goal is met or not", line)
	}
}

func TestArguments(t *testing.T) {
	for args, want := range map[string]struct {
		code int
		text string
	}{
		"list":           {0, "statement"},
		"":               {2, "usage"},
		"nothing":        {2, "no benchmark"},
		"mark --verbose": {2, "no benchmark"},
	} {
		var out bytes.Buffer
		if code := run(t.Context(), strings.Fields(args), &out, &out); code != want.code || !strings.Contains(out.String(), want.text) {
			t.Errorf("%q: code %d and %q; want %d and %q", args, code, out.String(), want.code, want.text)
		}
	}
}

func TestTable(t *testing.T) {
	b := &bench{name: "x"}
	b.add("slow", "µs", spread{1, 2000, 3}, atMost(1000), peer{"fast", 500})
	b.add("often", "1/s", spread{1, 2000, 3}, atLeast(1000), peer{"seldom", 500})
	b.add("alone", "ns", spread{1, 2, 3}, goal{})
	var got bytes.Buffer
	if err := write(&got, b.results, false); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"×0.25 2,000 fast 500 ≤ 1,000 NO", "×4 2,000 seldom 500 ≥ 1,000 yes", "alone 1 – 2 – 3 ns"} {
		line := strings.Split(got.String(), "\n")[i+1]
		for w := range strings.FieldsSeq(want) {
			if !strings.Contains(line, w) {
				t.Errorf("line %q lacks %q", line, w)
			}
		}
	}
}

// TestReports: what is generated is always the same, is read without a fault,
// and is what it is said to be.
func TestReports(t *testing.T) {
	if n := len(marks()); n < 55 || n > 60 {
		t.Errorf("%d distinct marks", n)
	}
	const n = 1000
	lines, err := newGenerator(1).lines(n)
	if err != nil {
		t.Fatal(err)
	}
	again, err := newGenerator(1).lines(n)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(lines, again, bytes.Equal) {
		t.Error("two generators differ")
	}
	dec := codec.NewDecoder(bytes.NewReader(bytes.Join(lines, nil)))
	var portions, text, points, sources, tears int
	seen := map[string]bool{}
	for {
		_, r, err := dec.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		for i := range r.Portions {
			p := &r.Portions[i]
			if p.ID == "title" {
				continue
			}
			portions++
			seen[p.Marking.Portion()] = true
			text += len(p.Wording.Source())
			if p.Wording.Points() > 0 {
				points++
			}
			if len(p.Sources) > 0 {
				sources++
			}
			if p.Tear != nil {
				tears++
			}
		}
	}
	for what, x := range map[string]struct{ got, low, high int }{
		"portions":               {portions, n * portionsEach, n * portionsEach},
		"marks":                  {len(seen), 50, 60},
		"bytes a portion":        {text / portions, 270, 330},
		"% with alternatives":    {100 * points / portions, 8, 12},
		"% with sources":         {100 * sources / portions, 17, 23},
		"% with tear-line words": {100 * tears / portions, 2, 12},
	} {
		if x.got < x.low || x.got > x.high {
			t.Errorf("%s: %d, want %d to %d", what, x.got, x.low, x.high)
		}
	}
}

// TestWorld: decisions are made among statements enough, at lineages of the
// depth that is claimed.
func TestWorld(t *testing.T) {
	w, err := newWorld(short.world)
	if err != nil {
		t.Fatal(err)
	}
	if len(w.statements) < 500 {
		t.Errorf("%d statements", len(w.statements))
	}
}
