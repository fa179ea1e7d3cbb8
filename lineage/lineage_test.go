package lineage_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tearline/lineage"
)

// read makes a graph from lines "c <- a b": c derives from a and b.
func read(text string) *lineage.Graph[string] {
	g := new(lineage.Graph[string])
	for line := range strings.Lines(text) {
		if key, sources, ok := strings.Cut(line, "<-"); ok {
			g.Add(strings.TrimSpace(key), strings.Fields(sources)...)
		}
	}
	return g
}

func TestClosure(t *testing.T) {
	const diamond = `
		d <- b c
		b <- a
		c <- a e
		a <-`
	for _, c := range []struct{ name, graph, key, want string }{
		{"nothing added", "", "a", "a"},
		{"no sources", "a <-", "a", "a"},
		{"a source that was never added", "b <- a", "b", "b a"},
		{"that source itself", "b <- a", "a", "a"},
		{"key first, each source followed by its own", diamond, "d", "d b a c e"},
		{"from the middle", diamond, "c", "c a e"},
		{"added twice", "b <- a\nb <- c a", "b", "b a c"},
		{"on itself", "a <- a", "a", "a"},
		{"round in a ring", "a <- b\nb <- c\nc <- a", "b", "b c a"},
	} {
		got := strings.Join(read(c.graph).Closure(c.key), " ")
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestCycle(t *testing.T) {
	for _, c := range []struct{ name, graph, want string }{
		{"empty", "", ""},
		{"diamond", "d <- b c\nb <- a\nc <- a", ""},
		{"on itself", "a <- a", "a"},
		{"two", "a <- b\nb <- a", "a b"},
		{"behind a tail", "t <- a\na <- b\nb <- c\nc <- a", "a b c"},
		{"the first met", "x <- y\ny <- x\na <- a", "x y"},
	} {
		got := strings.Join(read(c.graph).Cycle(), " ")
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// TestDeep: a chain as deep as somebody cares to file neither overflows nor
// takes more than linear time.
func TestDeep(t *testing.T) {
	const n = 200_000
	g := new(lineage.Graph[int])
	for i := range n {
		g.Add(i, i+1)
	}
	if got := len(g.Closure(0)); got != n+1 {
		t.Errorf("closure of %d, want %d", got, n+1)
	}
	if c := g.Cycle(); c != nil {
		t.Errorf("a cycle of %d in a chain", len(c))
	}
	g.Add(n, 0)
	if got := len(g.Cycle()); got != n+1 {
		t.Errorf("cycle of %d, want %d", got, n+1)
	}
}

// graphs draws the sources of nodes 0 to n-1.
func graphs(t *rapid.T) [][]int {
	n := rapid.IntRange(1, 40).Draw(t, "nodes")
	sources := make([][]int, n)
	for i := range sources {
		sources[i] = rapid.SliceOfN(rapid.IntRange(0, n-1), 0, 3).Draw(t, "sources")
	}
	return sources
}

// TestClosureIsReachability: the closure has what can be reached, each once,
// the key first, the same every time.
func TestClosureIsReachability(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sources := graphs(t)
		g := new(lineage.Graph[int])
		for i, s := range sources {
			g.Add(i, s...)
		}
		for key := range sources {
			want := map[int]bool{key: true}
			for range sources {
				for i := range want {
					for _, s := range sources[i] {
						want[s] = true
					}
				}
			}
			got := g.Closure(key)
			have := make(map[int]bool)
			for _, i := range got {
				have[i] = true
			}
			if got[0] != key || len(have) != len(got) || !cmp.Equal(want, have) {
				t.Fatalf("closure of %d: %v, want %v", key, got, want)
			}
			if again := g.Closure(key); !slices.Equal(got, again) {
				t.Fatalf("closure of %d: first %v, then %v", key, got, again)
			}
		}
	})
}

// TestCycleIsOne: what Cycle returns is a cycle, and it finds one if something
// can be reached from itself.
func TestCycleIsOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sources := graphs(t)
		g := new(lineage.Graph[int])
		for i, s := range sources {
			g.Add(i, s...)
		}
		cyclic := false
		for key, from := range sources {
			for _, s := range from {
				cyclic = cyclic || slices.Contains(g.Closure(s), key)
			}
		}
		cycle := g.Cycle()
		if cyclic != (cycle != nil) {
			t.Fatalf("cyclic %t, but Cycle is %v", cyclic, cycle)
		}
		for i, key := range cycle {
			if next := cycle[(i+1)%len(cycle)]; !slices.Contains(sources[key], next) {
				t.Fatalf("cycle %v: %d does not derive from %d", cycle, key, next)
			}
		}
	})
}

func ExampleGraph() {
	var g lineage.Graph[string]
	g.Add("assessment", "intercept", "agent report")
	g.Add("warning", "assessment")
	fmt.Println(g.Closure("warning"))
	g.Add("agent report", "warning")
	fmt.Println(g.Cycle())
	// Output:
	// [warning assessment intercept agent report]
	// [assessment agent report warning]
}
