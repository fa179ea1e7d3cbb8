package classes

import (
	"encoding/binary"
	"slices"

	"tearline"
	"tearline/release/classes/marks"
)

// A table has the marks and classes that are in use, each once. Their numbers
// never change.
type table struct {
	marks.Table
	classes  []class
	access   []uint32             // of each class
	alone    [][]tearline.PartyID // whom to ask for each class; nil if it has several originators
	plain    map[plainKey]uint32
	fused    map[string]uint32
	owners   [][]int32 // lists of originators, each once
	ownersOf map[string]int32
	solo     map[int32][]tearline.PartyID
}

// A link is what one portion of a lineage is to a decision.
type link struct {
	owner   int32 // code
	mark    int32 // in force
	lowered bool  // by its originator
}

func (a link) compare(b link) int {
	switch {
	case a.owner != b.owner:
		return int(a.owner) - int(b.owner)
	case a.mark != b.mark:
		return int(a.mark) - int(b.mark)
	case a.lowered == b.lowered:
		return 0
	case b.lowered:
		return -1
	}
	return 1
}

// A class is all of a portion that decides, but for recipient and consents. Its
// number is never given to another.
type class struct {
	own     link
	filed   int32  // the portion's mark as it was filed
	rest    []link // of what it rests on, sorted, each once, own left out
	owners  int32  // whose they are, which list
	embargo bool   // one runs on something in the lineage
	gone    bool   // the filing was taken back
}

// plainKey is a class that rests on nothing.
type plainKey struct {
	own           link
	filed         int32
	embargo, gone bool
}

// class returns the number of a class, a new one if there is none yet. The
// links may be in any order and several times; they are not kept.
func (t *table) class(k plainKey, rest []link) uint32 {
	slices.SortFunc(rest, link.compare)
	rest = slices.Compact(rest)
	rest = slices.DeleteFunc(rest, func(l link) bool { return l == k.own })
	if len(rest) == 0 {
		n, ok := t.plain[k]
		if !ok {
			n = t.add(k, nil)
			t.plain[k] = n
		}
		return n
	}
	key := fusedKey(k, rest)
	n, ok := t.fused[key]
	if !ok {
		n = t.add(k, slices.Clone(rest))
		t.fused[key] = n
	}
	return n
}

func fusedKey(k plainKey, rest []link) string {
	flags := func(a, b bool) byte {
		var x byte
		if a {
			x = 1
		}
		if b {
			x |= 2
		}
		return x
	}
	put := func(b []byte, l link) []byte {
		b = binary.AppendUvarint(b, uint64(l.owner)) //nolint:gosec // numbers from 0
		b = binary.AppendUvarint(b, uint64(l.mark))  //nolint:gosec // numbers from 0
		return append(b, flags(l.lowered, false))
	}
	b := put(append(make([]byte, 0, 8+8*len(rest)), flags(k.embargo, k.gone)), k.own)
	b = binary.AppendUvarint(b, uint64(k.filed)) //nolint:gosec // a number from 0
	for _, l := range rest {
		b = put(b, l)
	}
	return string(b)
}

func (t *table) add(k plainKey, rest []link) uint32 {
	c := class{own: k.own, filed: k.filed, rest: rest, embargo: k.embargo, gone: k.gone}
	owners := []int32{k.own.owner}
	for _, l := range rest {
		if !slices.Contains(owners, l.owner) {
			owners = append(owners, l.owner)
		}
	}
	slices.Sort(owners)
	c.owners = t.ownersList(owners)
	var access uint32
	if !c.gone {
		access = t.Marks[c.own.mark].Access
	}
	t.access = append(t.access, access)
	var alone []tearline.PartyID
	if len(owners) == 1 {
		alone = t.solo[owners[0]]
	}
	t.alone = append(t.alone, alone)
	n := uint32(len(t.classes)) //nolint:gosec // no more than portions
	t.classes = append(t.classes, c)
	return n
}

func (t *table) ownersList(owners []int32) int32 {
	key := make([]byte, 0, 3*len(owners))
	for _, o := range owners {
		key = binary.AppendUvarint(key, uint64(o)) //nolint:gosec // a number from 0
		if t.solo[o] == nil {
			t.solo[o] = []tearline.PartyID{t.Book.Names[o]}
		}
	}
	n, ok := t.ownersOf[string(key)]
	if !ok {
		n = int32(len(t.owners)) //nolint:gosec // no more than portions
		t.owners = append(t.owners, owners)
		t.ownersOf[string(key)] = n
	}
	return n
}

// solely reports whether all of a class is one originator's.
func (t *table) solely(c *class) bool { return len(t.owners[c.owners]) == 1 }

func newTable() table {
	return table{
		Table: marks.NewTable(), plain: make(map[plainKey]uint32), fused: make(map[string]uint32),
		ownersOf: make(map[string]int32), solo: make(map[int32][]tearline.PartyID),
	}
}
