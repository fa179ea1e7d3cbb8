// Package shards names the parts into which what a party holds is cut for
// searching: all of a portion on which it depends whether a warrant covers it,
// and nothing else. A search that opens some shards has no way of telling that
// there are others. It may not know what a warrant is, or look at a text.
package shards

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"tearline"
	"tearline/marking"
)

// MaxText is how long the text of a shard may be, in bytes.
const MaxText = 64 << 10

// A Shard is all of a portion on which it depends whether a warrant covers it:
// portions of one shard are covered by the same warrants. It is comparable.
//
// Policy and Level are names. Originators and Compartments are sets: their
// members in order, each escaped as in a query string, with commas between.
// The zero Shard is that of whatever cannot be placed; no warrant covers it.
type Shard struct {
	Originators  string
	Policy       string
	Level        string
	Compartments string
}

// Of returns the shard of a portion: originators are those with a say in
// it, over its whole lineage, in any order; m is its mark. It is the zero Shard
// if there is no originator, one has no name, or m is of no embedded policy.
func Of(originators []tearline.PartyID, m marking.Marking) Shard {
	p := m.Policy()
	if p == nil || len(originators) == 0 || slices.Contains(originators, "") {
		return Shard{}
	}
	if known, ok := marking.Lookup(p.ID()); !ok || known != p {
		return Shard{} // of a file of one's own, which nothing compares
	}
	return Shard{Originators: set(originators), Policy: p.ID(), Level: m.Level().Name, Compartments: set(m.Compartments())}
}

// set writes a set of names.
func set[S ~string](names []S) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = string(n)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	for i := range out {
		out[i] = url.QueryEscape(out[i])
	}
	return strings.Join(out, ",")
}

// List reads the names of a set, such as Originators; every other form than that of set is an error.
func List(text string) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	names := strings.Split(text, ",")
	for i := range names {
		name, err := url.QueryUnescape(names[i])
		if err != nil || name == "" {
			return nil, fmt.Errorf("list %.80q: %.80q is no name", text, names[i])
		}
		names[i] = name
	}
	if set(names) != text {
		return nil, fmt.Errorf("list %.80q: want each name once, in order and without needless escapes", text)
	}
	return names, nil
}

// String returns the shard as [Parse] reads it: policy, level,
// compartments and originators with semicolons between, in ASCII, without
// blanks. It is stable: manifests keep it.
func (s Shard) String() string {
	return url.QueryEscape(s.Policy) + ";" + url.QueryEscape(s.Level) + ";" + s.Compartments + ";" + s.Originators
}

// Parse reads what [Shard.String] wrote, and nothing else: at most
// [MaxText] bytes, every list in order. Whether there is such a policy it
// does not ask: of one that there is not nothing is covered.
func Parse(text string) (Shard, error) {
	if len(text) > MaxText {
		return Shard{}, fmt.Errorf("shard of %d bytes: at most %d", len(text), MaxText)
	}
	parts := strings.Split(text, ";")
	if len(parts) != 4 {
		return Shard{}, fmt.Errorf("shard %.80q: want policy;level;compartments;originators", text)
	}
	s := Shard{Compartments: parts[2], Originators: parts[3]}
	var err error
	if s.Policy, err = url.QueryUnescape(parts[0]); err != nil {
		return Shard{}, fmt.Errorf("shard %.80q: policy: %w", text, err)
	}
	if s.Level, err = url.QueryUnescape(parts[1]); err != nil {
		return Shard{}, fmt.Errorf("shard %.80q: level: %w", text, err)
	}
	if _, err := List(s.Compartments); err != nil {
		return Shard{}, fmt.Errorf("shard %.80q: compartments: %w", text, err)
	}
	originators, err := List(s.Originators)
	if err != nil {
		return Shard{}, fmt.Errorf("shard %.80q: originators: %w", text, err)
	}
	for _, o := range originators {
		if _, err := tearline.ParsePartyID(o); err != nil {
			return Shard{}, fmt.Errorf("shard %.80q: originators: %w", text, err)
		}
	}
	whole := s.Policy != "" && s.Level != "" && s.Originators != ""
	if s.String() != text || !whole && s != (Shard{}) {
		return Shard{}, fmt.Errorf("shard %.80q: not as it is written", text)
	}
	return s, nil
}
