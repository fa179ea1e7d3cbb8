package mail

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"tearline/codec/document"
	"tearline/codec/plain"
)

const (
	maxCompared = 2 << 20 // bytes of a text
	run         = 3       // words: so many together that the other lacks are told
)

var versionName = map[string]string{"text/plain": "the text part", "text/html": "the HTML part"}

// compare has the versions of one text say the same: the words, but for one or
// two between others, and all marks in their order.
func compare(c *content, kept, other *content) {
	k, o := versionName[kept.kind], versionName[other.kind]
	if k == o {
		o = "another version"
	}
	hint := "save the mail as plain text, and look through what it says"
	a, ok := words(kept.Blocks)
	b, ok2 := words(other.Blocks)
	if !ok || !ok2 {
		c.fault("text", "its versions are too long to be compared", hint)
		return
	}
	if s := lacking(b, a); s != "" {
		c.fault(o, fmt.Sprintf("%s says more than %s: %s", o, k, short(s)), hint)
	}
	// A version that says nothing is there for programs that show the other.
	if s := lacking(a, b); s != "" && len(b) > 0 {
		c.fault(k, fmt.Sprintf("%s says more than %s: %s", k, o, short(s)), hint)
	}
	if x, y := marks(kept.Blocks), marks(other.Blocks); len(b) > 0 && !slices.Equal(x, y) {
		i := 0
		for i < min(len(x), len(y)) && x[i] == y[i] {
			i++
		}
		c.fault(o, fmt.Sprintf("mark %d is not the same in %s and in %s", i+1, k, o), hint)
	}
}

var address = regexp.MustCompile(`(?i)\b(?:https?|mailto|tel|cid|ftp):[^\s<>]+|\bwww\.[^\s<>]+`)

// words are those of a text in small letters, without addresses, which one
// version has in links and the other among its words.
func words(blocks []document.Block) ([]string, bool) {
	n := 0
	var out []string
	for _, b := range blocks {
		if n += len(b.Text); n > maxCompared {
			return nil, false
		}
		t := strings.ToLower(address.ReplaceAllString(b.Text, " "))
		out = append(out, strings.FieldsFunc(t, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })...)
	}
	return out, true
}

// lacking returns the first run of words of a that b lacks: of which no three
// that stand together in a stand together in b.
func lacking(a, b []string) string {
	ids := map[string]int32{}
	number := func(ws []string) []int32 {
		out := make([]int32, run-1, len(ws)+2*run-2) // 0 before and behind the text
		for _, w := range ws {
			id, ok := ids[w]
			if !ok {
				id = int32(len(ids) + 1) //nolint:gosec // no more than the bytes compared
				ids[w] = id
			}
			out = append(out, id)
		}
		return append(out, make([]int32, run-1)...)
	}
	x, y := number(a), number(b)
	known := make(map[[run]int32]bool, len(y))
	for i := range len(y) - run + 1 {
		known[[run]int32(y[i:])] = true
	}
	covered := 0 // up to here
	for i := range len(x) - run + 1 {
		if !known[[run]int32(x[i:])] {
			continue
		}
		if from := max(covered, run-1); i-from >= run {
			return strings.Join(a[from-run+1:i-run+1], " ")
		}
		covered = i + run
	}
	if from, to := max(covered, run-1), len(x)-run+1; to-from >= run {
		return strings.Join(a[from-run+1:to-run+1], " ")
	}
	return ""
}

// marks are the portion marks of a text, in order.
func marks(blocks []document.Block) []string {
	var out []string
	for _, b := range blocks {
		if plain.Marked(b.Text) {
			_, t := plain.Begin(b.Text)
			m, _, _ := strings.Cut(t, ")")
			out = append(out, strings.Join(strings.Fields(m), " "))
		}
	}
	return out
}
