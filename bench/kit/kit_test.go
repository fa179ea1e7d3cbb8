package kit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tearline/bench/kit"
	"tearline/bench/kit/kittest"
)

// A bench is what the benchmarks below work on.
type bench struct {
	*kit.Bench
	amount string
	closed *int
}

func (b *bench) Close() error { *b.closed++; return nil }

// program has benchmarks that are easy to foretell.
func program(closed *int) *kit.Program[string, *bench] {
	return &kit.Program[string, *bench]{
		Name: "some", Full: "full", Short: "short", More: []string{"1/s"},
		Benchmarks: []kit.Benchmark[*bench]{
			{Name: "table", About: "results of all shapes", Run: func(b *bench) error {
				s := kit.Spread{Min: 1, Median: 2000, Max: 3000, Runs: 3}
				b.Add("slow", "µs", s, kit.AtMost(1000), kit.Peer{Name: "fast", Value: 500})
				b.Add("often", "1/s", s, kit.AtLeast(1000), kit.Peer{Name: "seldom", Value: 500}, kit.Peer{Name: "more", Value: 8000})
				b.Add("alone", "ns", kit.SpreadOf([]float64{3, 1, 2}), kit.Goal{})
				return nil
			}},
			{Name: "how", About: "what it is given", Run: func(b *bench) error {
				_, err := os.Stat(b.Dir)
				b.Add(b.amount+" of "+b.Name, "B", kit.One(1), kit.Goal{})
				return err
			}},
		},
		Open: func(b *kit.Bench, amount string) *bench {
			b.Effort = kit.Effort{Reps: 3, Slot: time.Millisecond, Long: 20 * time.Millisecond, Few: 2}
			return &bench{b, amount, closed}
		},
	}
}

func run(t *testing.T, p *kit.Program[string, *bench], args string) (int, string, string) {
	t.Helper()
	var out, talk bytes.Buffer
	code := p.Run(t.Context(), strings.Fields(args), &out, &talk)
	return code, out.String(), talk.String()
}

func TestAll(t *testing.T) {
	closed := 0
	p := program(&closed)
	kittest.All(t, p)
	p.Least = true
	kittest.All(t, p)
	if closed != 2 {
		t.Errorf("closed %d times", closed)
	}
}

func TestArguments(t *testing.T) {
	closed := 0
	for args, want := range map[string]struct {
		code      int
		out, talk string
	}{
		"list":               {0, "table  results of all shapes\nhow    what it is given\n", ""},
		"":                   {2, "", "some: usage: list | all | NAME"},
		"list how":           {2, "", `no benchmark "list": usage`},
		"how --verbose":      {2, "", `no benchmark "--verbose": usage`},
		"how --short":        {0, "short of how", "some: how took"},
		"--json how table":   {0, `"full of how"`, "some: table took"},
		"all --json":         {0, `"full of how"`, "some: how took"},
		"--short --json how": {0, `"short of how"`, "took"},
	} {
		code, out, talk := run(t, program(&closed), args)
		if code != want.code || !strings.Contains(out, want.out) || !strings.Contains(talk, want.talk) || want.code != 0 && out != "" {
			t.Errorf("%q: exit %d, %q, %q; want %v", args, code, out, talk, want)
		}
	}
}

func TestTable(t *testing.T) {
	closed := 0
	_, out, _ := run(t, program(&closed), "table")
	const want = `
name ratio metric min – median – max unit runs peer or limit its value goal met
table ×0.25 slow 1 – 2,000 – 3,000 µs 3 fast 500 ≤ 1,000 NO
table ×4 often 1 – 2,000 – 3,000 1/s 3 seldom 500 ≥ 1,000 yes
table ×0.25 often 1 – 2,000 – 3,000 1/s 3 more 8,000 ≥ 1,000 yes
table alone 1 – 2 – 3 ns 3
`
	if got := squeeze(out); got != strings.TrimSpace(want) {
		t.Errorf("got\n%s\nwant%s", got, want)
	}
	p := program(&closed)
	p.Least = true
	_, out, _ = run(t, p, "table")
	for i, begins := range []string{"name", "table ×500 slow", "table ×0.002 often", "table ×0.000125 often", "table alone"} {
		if line := strings.Split(squeeze(out), "\n")[i]; !strings.HasPrefix(line, begins) {
			t.Errorf("line %q does not begin with %q", line, begins)
		}
	}
}

// squeeze leaves one space between words.
func squeeze(table string) string {
	var lines []string
	for line := range strings.Lines(strings.TrimSpace(table)) {
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	return strings.Join(lines, "\n")
}

// TestMembers: every object has the same members, whatever there is none of.
func TestMembers(t *testing.T) {
	closed, lines := 0, 0
	want := strings.Fields("goal max median met metric min name peer peer_value ratio runs unit value")
	_, out, _ := run(t, program(&closed), "all --json")
	for line := range strings.Lines(out) {
		lines++
		var members map[string]any
		if err := json.Unmarshal([]byte(line), &members); err != nil {
			t.Fatal(err)
		}
		if got := slices.Sorted(maps.Keys(members)); !slices.Equal(got, want) {
			t.Errorf("members %v, want %v", got, want)
		}
	}
	if lines != 5 {
		t.Errorf("%d lines", lines)
	}
}

// TestFailure: what was measured before is printed, and the rest is not run.
func TestFailure(t *testing.T) {
	closed := 0
	p := program(&closed)
	p.Benchmarks[0].Run = func(b *bench) error {
		b.Add("before", "B", kit.One(1), kit.Goal{})
		return errors.New("broken")
	}
	code, out, talk := run(t, p, "all --json")
	if code != 1 || strings.Count(out, "\n") != 1 || talk != "some: table: broken\n" || closed != 1 {
		t.Errorf("exit %d, %q, %q, closed %d times", code, out, talk, closed)
	}
}

// TestCost sees how often things are called, by a clock that goes on with each
// call.
func TestCost(t *testing.T) {
	for name, test := range map[string]struct {
		each        time.Duration
		calls, runs int
	}{
		// 1, 4, 16, 64 and 256 calls until a quarter of a slot has gone by, then
		// three slots.
		"short":     {time.Microsecond, 341 + 3*1000, 3},
		"counted":   {5 * time.Millisecond, 3, 3},
		"uncounted": {2 * time.Millisecond, 1 + 3, 3},
		"long":      {30 * time.Millisecond, 2, 2},
	} {
		t.Run(name, func(t *testing.T) {
			b := &kit.Bench{Ctx: t.Context(), Effort: kit.Effort{Reps: 3, Slot: time.Millisecond, Long: 20 * time.Millisecond, Few: 2}}
			calls := 0
			s, err := b.Cost(func() time.Duration { return time.Duration(calls) * test.each }, func() error { calls++; return nil })
			want := kit.SpreadOf(slices.Repeat([]float64{float64(test.each)}, test.runs))
			if err != nil || s != want || calls != test.calls {
				t.Errorf("%v after %d calls, %v; want %v after %d", s, calls, err, want, test.calls)
			}
		})
	}
	b := &kit.Bench{Ctx: t.Context(), Effort: kit.Effort{Reps: 3, Slot: time.Millisecond}}
	if _, err := b.Cost(kit.CPU, func() error { return io.EOF }); !errors.Is(err, io.EOF) {
		t.Errorf("%v of what fails", err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	b.Ctx = ended
	if _, err := b.Cost(kit.Wall, func() error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v after the end", err)
	}
}

func TestSpread(t *testing.T) {
	s := kit.SpreadOf([]float64{4e6, 1e6, 2e6})
	if want := (kit.Spread{Min: 250, Median: 500, Max: 1000, Runs: 3}); s.Rate(1) != want {
		t.Errorf("rate %v, want %v", s.Rate(1), want)
	}
	if want := (kit.Spread{Min: 1, Median: 2, Max: 4, Runs: 3}); s.Times(1e-6) != want {
		t.Errorf("scaled %v, want %v", s.Times(1e-6), want)
	}
}

func TestNumber(t *testing.T) {
	for x, want := range map[float64]string{0: "0", 0.12345: "0.123", 12.345: "12.3", 999.4: "999", 1234.4: "1,234", 1e7: "10,000,000"} {
		if got := kit.Number(x); got != want {
			t.Errorf("%v: %q, want %q", x, got, want)
		}
	}
}

func TestAllocs(t *testing.T) {
	var kept []byte
	count, size, err := kit.Allocs(100, func() error { kept = make([]byte, 4096); return nil })
	if err != nil || count < 1 || count > 1.5 || size < 4096 || size > 5000 || len(kept) == 0 {
		t.Errorf("%v allocations of %v bytes, %v", count, size, err)
	}
}
