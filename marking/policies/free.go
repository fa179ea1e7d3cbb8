package policies

import (
	"slices"
	"strings"
)

// FreeSeparator parts the names, in a mark, that the file does not list; each
// begins with the FreeMark of its category, and they are sorted and unique.
const FreeSeparator = "/"

// FreeMarks are, by category, what its names begin with: the file has no more
// categories than there are letters.
const FreeMarks = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// FreeMark is what the names of a category begin with.
func FreeMark(cat int) byte { return FreeMarks[cat] }

// JoinFree returns the union of two sets of names that the file does not list.
func JoinFree(a, b string) string {
	switch {
	case a == b || b == "":
		return a
	case a == "":
		return b
	}
	all := append(strings.Split(a, FreeSeparator), strings.Split(b, FreeSeparator)...)
	slices.Sort(all)
	return strings.Join(slices.Compact(all), FreeSeparator)
}

// MoveFree returns the names with those moved that the effect moves.
func (e *BuiltEffect) MoveFree(free string) string {
	if len(e.Move) == 0 || free == "" {
		return free
	}
	all := strings.Split(free, FreeSeparator)
	for i, entry := range all {
		if rest, ok := strings.CutPrefix(entry[1:], e.Move[0]); ok {
			all[i] = entry[:1] + e.Move[1] + rest
		}
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), FreeSeparator)
}

// CoversFree reports whether every name of b is in a.
func CoversFree(a, b string) bool { return JoinFree(a, b) == a }
