// Package marks numbers the codes of parties, the policies and the marks that
// are in use, each once, and keeps of each mark what the rules of package release
// ask of it, so that many can be asked at once. It is for package classes, and
// may not decide anything. Reading is safe for concurrent use while nothing is
// added.
package marks

import (
	"encoding/binary"

	"tearline"
	"tearline/marking"
	"tearline/marking/equivalence"
)

// A Book numbers the codes of parties, nations and coalitions.
type Book struct {
	index map[tearline.PartyID]int32
	Names []tearline.PartyID // by number
}

// Code returns the number of a code, a new one if it has none yet.
func (b *Book) Code(id tearline.PartyID) int32 {
	if n, ok := b.index[id]; ok {
		return n
	}
	if b.index == nil {
		b.index = make(map[tearline.PartyID]int32)
	}
	n := int32(len(b.Names)) //nolint:gosec // two thousand million parties do not fit in memory
	b.index[id] = n
	b.Names = append(b.Names, id)
	return n
}

// Codes returns the numbers of codes.
func (b *Book) Codes(ids []tearline.PartyID) []int32 {
	out := make([]int32, len(ids))
	for i, id := range ids {
		out[i] = b.Code(id)
	}
	return out
}

// A Mark is a marking with what the rules ask of it.
type Mark struct {
	marking.Marking
	Policy       int32 // number
	Rank         int   // of its level
	Open         bool
	Orcon        bool
	NoForeign    bool
	Listed       bool
	List         []int32 // codes
	Audience     marking.Audience
	Compartments []string
	Access       uint32 // what a person needs, by number
}

// A Policy is one that marks are read under.
type Policy struct {
	*marking.Policy
	Nation int32 // code, -1 if none
	levels map[string]rank
}

// A rank is that of a level, if there is one of the name.
type rank struct {
	Rank  int
	known bool
}

// An Access is what a person needs to have what is marked so.
type Access struct {
	Policy       int32 // number
	Rank         int
	Compartments []string
}

// A Table has the codes, marks and policies that are in use, each once. Their
// numbers never change.
type Table struct {
	Book     Book
	Policies []Policy
	Marks    []Mark
	Accesses []Access // the first is nobody's

	policyOf   map[string]int32
	markOf     map[markKey]int32         // as written
	same       map[marking.Marking]int32 // however written
	accessOf   map[string]uint32
	equivalent *equivalence.Table
}

// NewTable returns an empty table, with the common table of equivalences.
func NewTable() Table {
	return Table{
		policyOf: make(map[string]int32), markOf: make(map[markKey]int32), same: make(map[marking.Marking]int32), accessOf: make(map[string]uint32),
		Accesses: make([]Access, 1), equivalent: equivalence.Default(),
	}
}

type markKey struct {
	policy int32
	text   string
}

// Policy returns the number of an embedded policy, false if there is none of
// that id.
func (t *Table) Policy(id string) (int32, bool) {
	if n, ok := t.policyOf[id]; ok {
		return n, true
	}
	p, ok := marking.Lookup(id)
	if !ok {
		return 0, false
	}
	n := int32(len(t.Policies)) //nolint:gosec // a handful
	nation := int32(-1)
	if p.Nation() != "" {
		nation = t.Book.Code(tearline.PartyID(p.Nation()))
	}
	t.Policies = append(t.Policies, Policy{Policy: p, Nation: nation, levels: make(map[string]rank)})
	t.policyOf[id] = n
	return n, true
}

// LowestText is written as the text of the mark of a policy's lowest level.
const LowestText = "\x00"

// Mark reads a portion mark under a policy, the same one only once.
func (t *Table) Mark(p int32, text string) (int32, error) {
	key := markKey{policy: p, text: text}
	if n, ok := t.markOf[key]; ok {
		return n, nil
	}
	var read marking.Marking
	if text == LowestText {
		read = t.Policies[p].Lowest()
	} else {
		var err error
		if read, err = t.Policies[p].Parse(text); err != nil {
			return 0, err
		}
	}
	if n, ok := t.same[read]; ok {
		t.markOf[key] = n
		return n, nil
	}
	m := Mark{
		Marking: read, Policy: p, Rank: read.Level().Rank, Open: read.Open(), Orcon: read.OriginatorControlled(),
		NoForeign: read.NoForeign(), Audience: read.Audience(), Compartments: read.Compartments(),
	}
	codes, listed := read.ReleasedTo()
	m.Listed = listed
	for _, c := range codes {
		m.List = append(m.List, t.Book.Code(tearline.PartyID(c)))
	}
	m.Access = t.accessTo(&m)
	n := int32(len(t.Marks)) //nolint:gosec // few are different
	t.Marks = append(t.Marks, m)
	t.markOf[key], t.same[read] = n, n
	return n, nil
}

func (t *Table) accessTo(m *Mark) uint32 {
	key := binary.AppendVarint(binary.AppendVarint(nil, int64(m.Policy)), int64(m.Rank))
	for _, c := range m.Compartments {
		key = append(append(key, c...), 0)
	}
	n, ok := t.accessOf[string(key)]
	if !ok {
		n = uint32(len(t.Accesses)) //nolint:gosec // few are different
		t.Accesses = append(t.Accesses, Access{Policy: m.Policy, Rank: m.Rank, Compartments: m.Compartments})
		t.accessOf[string(key)] = n
	}
	return n
}

// Rank reads the name of a level under a policy, as package release does: see
// [equivalence.Table.Named].
func (t *Table) Rank(p int32, name string, equal [][]string) (int, bool) {
	q := &t.Policies[p]
	if len(equal) > 0 {
		l, ok := t.equivalent.Named(name, equal, q.Policy)
		return l.Rank, ok
	}
	r, ok := q.levels[name]
	if !ok {
		l, known := t.equivalent.Named(name, nil, q.Policy)
		r = rank{l.Rank, known}
		q.levels[name] = r
	}
	return r.Rank, r.known
}
