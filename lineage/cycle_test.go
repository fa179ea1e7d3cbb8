package lineage_test

import (
	"maps"
	"slices"
	"testing"

	"tearline/lineage"
)

func TestCircular(t *testing.T) {
	rests := map[string][]string{
		"a": {"b"}, "b": {"c", "x"}, "c": {"a"}, // a circle
		"d": {"a"},             // rests on it
		"e": {"f"}, "f": {"g"}, // rest on what is elsewhere
		"s": {"s"}, // itself
	}
	lineage.Circular(rests)
	if got := slices.Sorted(maps.Keys(rests)); !slices.Equal(got, []string{"a", "b", "c", "d", "s"}) {
		t.Errorf("left: %v", got)
	}
	for from, want := range map[string][]string{
		"a": {"a", "b", "c", "a"}, "d": {"a", "b", "c", "a"}, "s": {"s", "s"},
	} {
		if got := lineage.Cycle(rests, from); !slices.Equal(got, want) {
			t.Errorf("from %s: %v, want %v", from, got, want)
		}
	}
}
