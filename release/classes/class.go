package classes

import (
	"encoding/binary"
	"slices"

	"tearline"
	"tearline/marking"
	"tearline/marking/equivalence"
)

// A codebook numbers the codes of parties, nations and coalitions.
type codebook struct {
	index map[tearline.PartyID]int32
	names []tearline.PartyID
}

func (b *codebook) code(id tearline.PartyID) int32 {
	if n, ok := b.index[id]; ok {
		return n
	}
	if b.index == nil {
		b.index = make(map[tearline.PartyID]int32)
	}
	n := int32(len(b.names)) //nolint:gosec // two thousand million parties do not fit in memory
	b.index[id] = n
	b.names = append(b.names, id)
	return n
}

func (b *codebook) codes(ids []tearline.PartyID) []int32 {
	out := make([]int32, len(ids))
	for i, id := range ids {
		out[i] = b.code(id)
	}
	return out
}

// A mark is a marking with what the rules ask of it.
type mark struct {
	marking.Marking
	policy       int32
	rank         int
	open         bool
	orcon        bool
	noForeign    bool
	listed       bool
	list         []int32 // codes
	audience     marking.Audience
	compartments []string
	access       uint32 // what a person needs
}

// A policy is one that marks are read under.
type policy struct {
	*marking.Policy
	nation int32 // code, -1 if none
	levels map[string]rank
}

// A rank is that of a level, if there is one of the name.
type rank struct {
	rank  int
	known bool
}

// An access is what a person needs to have what is marked so.
type access struct {
	policy       int32
	rank         int
	compartments []string
}

// A table has the marks, policies and classes that are in use, each once. Their
// numbers never change.
type table struct {
	book       codebook
	policies   []policy
	policyOf   map[string]int32
	marks      []mark
	markOf     map[markKey]int32
	accesses   []access // the first is nobody's
	accessOf   map[string]uint32
	classes    []class
	access     []uint32             // of each class
	alone      [][]tearline.PartyID // whom to ask for each class; nil if it has several originators
	plain      map[plainKey]uint32
	fused      map[string]uint32
	owners     [][]int32 // lists of originators, each once
	ownersOf   map[string]int32
	solo       map[int32][]tearline.PartyID
	equivalent *equivalence.Table
}

type markKey struct {
	policy int32
	text   string
}

func (t *table) policy(id string) (int32, bool) {
	if n, ok := t.policyOf[id]; ok {
		return n, true
	}
	p, ok := marking.Lookup(id)
	if !ok {
		return 0, false
	}
	n := int32(len(t.policies)) //nolint:gosec // a handful
	nation := int32(-1)
	if p.Nation() != "" {
		nation = t.book.code(tearline.PartyID(p.Nation()))
	}
	t.policies = append(t.policies, policy{Policy: p, nation: nation, levels: make(map[string]rank)})
	t.policyOf[id] = n
	return n, true
}

// lowestText is written as the text of the mark of a policy's lowest level.
const lowestText = "\x00"

// mark reads a portion mark under a policy, the same one only once.
func (t *table) mark(p int32, text string) (int32, error) {
	key := markKey{policy: p, text: text}
	if n, ok := t.markOf[key]; ok {
		return n, nil
	}
	var read marking.Marking
	if text == lowestText {
		read = t.policies[p].Lowest()
	} else {
		var err error
		if read, err = t.policies[p].Parse(text); err != nil {
			return 0, err
		}
		if canonical := read.Portion(); canonical != text {
			n, err := t.mark(p, canonical)
			t.markOf[key] = n
			return n, err
		}
	}
	m := mark{
		Marking: read, policy: p, rank: read.Level().Rank, open: read.Open(), orcon: read.OriginatorControlled(),
		noForeign: read.NoForeign(), audience: read.Audience(), compartments: read.Compartments(),
	}
	codes, listed := read.ReleasedTo()
	m.listed = listed
	for _, c := range codes {
		m.list = append(m.list, t.book.code(tearline.PartyID(c)))
	}
	m.access = t.accessTo(&m)
	n := int32(len(t.marks)) //nolint:gosec // few are different
	t.marks = append(t.marks, m)
	t.markOf[key] = n
	return n, nil
}

func (t *table) accessTo(m *mark) uint32 {
	key := binary.AppendVarint(binary.AppendVarint(nil, int64(m.policy)), int64(m.rank))
	for _, c := range m.compartments {
		key = append(append(key, c...), 0)
	}
	n, ok := t.accessOf[string(key)]
	if !ok {
		n = uint32(len(t.accesses)) //nolint:gosec // few are different
		t.accesses = append(t.accesses, access{policy: m.policy, rank: m.rank, compartments: m.compartments})
		t.accessOf[string(key)] = n
	}
	return n
}

// rank reads the name of a level under a policy: as its own; else as one that
// an agreement holds equal to it; else by the common table, as the lowest that
// the levels of that name come to. Package release says it so.
func (t *table) rank(p int32, name string, equal [][]string) (int, bool) {
	q := &t.policies[p]
	if l, ok := q.Level(name); ok || name == "" {
		return l.Rank, ok
	}
	for _, row := range equal {
		if !slices.Contains(row, name) {
			continue
		}
		for _, other := range row {
			if l, ok := q.Level(other); ok {
				return l.Rank, true
			}
		}
	}
	r, ok := q.levels[name]
	if !ok {
		r = t.common(q.Policy, name)
		q.levels[name] = r
	}
	return r.rank, r.known
}

func (t *table) common(p *marking.Policy, name string) (lowest rank) {
	for _, id := range marking.Policies() {
		from, _ := marking.Lookup(id)
		own, ok := from.Level(name)
		if !ok {
			continue
		}
		if l, ok := t.equivalent.Level(from, own, p); ok && (!lowest.known || l.Rank < lowest.rank) {
			lowest = rank{l.Rank, true}
		}
	}
	return lowest
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
		access = t.marks[c.own.mark].access
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
			t.solo[o] = []tearline.PartyID{t.book.names[o]}
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
		policyOf: make(map[string]int32), markOf: make(map[markKey]int32), accessOf: make(map[string]uint32),
		accesses: make([]access, 1), plain: make(map[plainKey]uint32), fused: make(map[string]uint32),
		ownersOf: make(map[string]int32), solo: make(map[int32][]tearline.PartyID), equivalent: equivalence.Default(),
	}
}
