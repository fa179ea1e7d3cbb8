package equivalence

import (
	_ "embed"
	"strings"
	"sync"

	"tearline/marking"
)

// A Table says which levels of different policies agreements hold equal. It is
// made by [Load] or [Default]; the zero Table and nil hold none equal. It is
// immutable and safe for concurrent use.
type Table struct {
	id, title, cites string

	rows   []row
	owners map[string]string // by policy
	at     map[place]int     // the row of a level
}

// A place is a level of a policy, which is named without a profile.
type place struct{ policy, level string }

// A row is one level in several policies, by policy.
type row struct {
	cites             string
	levels, up, owned map[string]string
}

//go:embed default.json
var defaultFile []byte

var defaultTable = sync.OnceValue(func() *Table {
	t, _ := Load(defaultFile, marking.Lookup) // it was read by a test
	return t
})

// Default returns the embedded table: the levels of us, nato, uk, eu, de and fr
// as they are commonly compared. An agreement's own table goes before it.
func Default() *Table { return defaultTable() }

// ID returns the table's id.
func (t *Table) ID() string {
	if t == nil {
		return ""
	}
	return t.id
}

// Title returns the table's name, in words.
func (t *Table) Title() string {
	if t == nil {
		return ""
	}
	return t.title
}

// Cites returns where the comparison comes from.
func (t *Table) Cites() string {
	if t == nil {
		return ""
	}
	return t.cites
}

// family returns a policy's id without its profile: levels are the same in all
// profiles.
func family(p *marking.Policy) string {
	id, _, _ := strings.Cut(p.ID(), "@")
	return id
}

// Level returns the level of another policy that a level is equal to or counts
// as. It is not known, and the level zero, if the table has no row for it, or
// if it is no level of the policy from. Between profiles of one policy a level
// is itself. A higher level never becomes a lower one, and none comes back
// lower than it was.
func (t *Table) Level(from *marking.Policy, l marking.Level, to *marking.Policy) (marking.Level, bool) {
	if from == nil || to == nil {
		return marking.Level{}, false
	}
	if own, ok := from.Level(l.Name); !ok || own != l {
		return marking.Level{}, false
	}
	if family(from) == family(to) {
		return to.Level(l.Name)
	}
	r := t.row(from, l)
	if r == nil {
		return marking.Level{}, false
	}
	name, ok := r.levels[family(to)]
	if !ok {
		name, ok = r.up[family(to)]
	}
	if !ok {
		return marking.Level{}, false
	}
	return to.Level(name)
}

// Why returns the clause by which [Table.Level] is what it is, "" where it is
// not known or needs none.
func (t *Table) Why(from *marking.Policy, l marking.Level, to *marking.Policy) string {
	if _, ok := t.Level(from, l, to); !ok || family(from) == family(to) {
		return ""
	}
	return t.row(from, l).cites
}

// Within reports whether the level of a mark is at most a ceiling, which is a
// level of policy p, and whether that is known: whether the table has an
// equivalent of the mark's level there. What is not known is never within; the
// zero Marking is not, nor is anything within what is no level of p.
func (t *Table) Within(m marking.Marking, p *marking.Policy, ceiling marking.Level) (within, known bool) {
	if m.IsZero() || p == nil {
		return false, false
	}
	if own, ok := p.Level(ceiling.Name); !ok || own != ceiling {
		return false, false
	}
	l, known := t.Level(m.Policy(), m.Level(), p)
	return known && l.Rank <= ceiling.Rank, known
}

// row returns the row of a level, nil if there is none.
func (t *Table) row(p *marking.Policy, l marking.Level) *row {
	if t == nil {
		return nil
	}
	i, ok := t.at[place{family(p), l.Name}]
	if !ok {
		return nil
	}
	return &t.rows[i]
}

// owned returns the level in which marks of other owners in policy to say a
// level of policy from.
func (t *Table) owned(from *marking.Policy, l marking.Level, to *marking.Policy) (marking.Level, bool) {
	if r := t.row(from, l); r != nil {
		if name, ok := r.owned[family(to)]; ok {
			return to.Level(name)
		}
	}
	return t.Level(from, l, to)
}

// owner returns the code of whose policy it is, "" if that is nobody's.
func (t *Table) owner(p *marking.Policy) string {
	if n := p.Nation(); n != "" || t == nil {
		return n
	}
	return t.owners[family(p)]
}
