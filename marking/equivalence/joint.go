package equivalence

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tearline/marking"
)

// A Joint is what a text bears that draws on texts of several policies: at most
// one mark for each policy, all of which hold. It is canonical: what is the
// same is [Joint.Equal]. It is immutable and safe for concurrent use.
//
// The zero Joint is no marking: it is for nobody.
type Joint struct {
	table *Table
	marks []marking.Marking // see inOrder
}

// inOrder compares by the order of marks in a Joint: nations' policies first,
// then by id.
func inOrder(a, b marking.Marking) int {
	p, q := a.Policy(), b.Policy()
	if (p.Nation() == "") != (q.Nation() == "") {
		if p.Nation() == "" {
			return 1
		}
		return -1
	}
	return cmp.Compare(p.ID(), q.ID())
}

// Join returns what a text bears that draws on marks of any policies. Those of
// one policy are joined by roll-up, which makes no difference to one alone
// ([marking.Join]). It fails, with [marking.Faults], without marks, for the
// zero Marking, where marks of one policy have no join, and for every two
// levels of which one has no equivalent in the other's policy. The order makes
// no difference, nor does what is there twice; a Joint's own marks join to it.
func Join(t *Table, marks ...marking.Marking) (Joint, error) {
	var c collector
	if len(marks) == 0 {
		c.add(marking.Fault{Rule: ruleZero, Text: "there is no marking"})
	}
	var of [][]marking.Marking // by policy
	for _, m := range marks {
		if m.IsZero() {
			c.add(marking.Fault{Rule: ruleZero, Text: "there is no marking among those that are joined"})
			continue
		}
		i := slices.IndexFunc(of, func(same []marking.Marking) bool { return same[0].Policy() == m.Policy() })
		switch {
		case i < 0:
			of = append(of, []marking.Marking{m})
		case !slices.Contains(of[i], m):
			of[i] = append(of[i], m)
		}
	}
	j := Joint{table: t}
	for _, same := range of {
		m, err := rolled(same)
		if err != nil {
			faults, _ := err.(marking.Faults) //nolint:errorlint // package marking returns no other
			c.all(faults)
			continue
		}
		j.marks = append(j.marks, m)
	}
	slices.SortFunc(j.marks, inOrder)
	j.compare(&c)
	if len(c.faults) > 0 {
		return Joint{}, c.faults
	}
	return j, nil
}

// rolled returns the join of marks of one policy, which differ.
func rolled(marks []marking.Marking) (marking.Marking, error) {
	if len(marks) == 1 {
		return marks[0], nil
	}
	r, err := marks[0].Policy().RollUp(dated(marks))
	return r.Banner, err
}

func dated(marks []marking.Marking) []marking.Dated {
	out := make([]marking.Dated, len(marks))
	for i, m := range marks {
		out[i] = marking.Dated{Marking: m}
	}
	return out
}

// compare reports levels that have no equivalents.
func (j Joint) compare(c *collector) {
	for i, a := range j.marks {
		for _, b := range j.marks[i+1:] {
			if a.Policy().ID() == b.Policy().ID() {
				c.add(marking.Fault{Rule: ruleFamilies, Text: "two policies have the id " + a.Policy().ID(), Hint: "read both marks under one"})
				continue
			}
			_, there := j.table.Level(a.Policy(), a.Level(), b.Policy())
			_, back := j.table.Level(b.Policy(), b.Level(), a.Policy())
			if !there || !back {
				c.add(marking.Fault{
					Rule: ruleNoLevel, Cites: j.table.Cites(),
					Text: fmt.Sprintf("%s of policy %s and %s of policy %s have no equivalents", a.Level().Name, a.Policy().ID(), b.Level().Name, b.Policy().ID()),
					Hint: "agree on some and use the agreement's table, or part the text",
				})
			}
		}
	}
}

// IsZero reports whether j is no marking at all.
func (j Joint) IsZero() bool { return len(j.marks) == 0 }

// Marks returns the marks, one for each policy: nations' policies first, then
// by id.
func (j Joint) Marks() []marking.Marking { return slices.Clone(j.marks) }

// Equal reports whether j and o are the same: the same marks, compared by the
// same table.
func (j Joint) Equal(o Joint) bool {
	return slices.Equal(j.marks, o.marks) && (j.table == o.table || j.IsZero())
}

// String returns the banners, "SECRET//NOFORN; NATO SECRET", and "no marking"
// for the zero Joint.
func (j Joint) String() string {
	if j.IsZero() {
		return marking.Marking{}.String()
	}
	lines := make([]string, len(j.marks))
	for i, m := range j.marks {
		lines[i] = m.String()
	}
	return strings.Join(lines, "; ")
}

// Level returns the level of a policy that the marks come to: the highest of
// what their levels are there. It is not known, and zero, if one of them has no
// equivalent there, and for the zero Joint.
func (j Joint) Level(p *marking.Policy) (marking.Level, bool) {
	var out marking.Level
	for i, m := range j.marks {
		l, ok := j.table.Level(m.Policy(), m.Level(), p)
		if !ok {
			return marking.Level{}, false
		}
		if i == 0 || l.Rank > out.Rank {
			out = l
		}
	}
	return out, !j.IsZero()
}

// every reports whether it is so of each mark, and there is one.
func (j Joint) every(so func(marking.Marking) bool) bool {
	return !j.IsZero() && !slices.ContainsFunc(j.marks, func(m marking.Marking) bool { return !so(m) })
}

// some reports whether it is so of a mark, or there is none.
func (j Joint) some(so func(marking.Marking) bool) bool {
	return j.IsZero() || slices.ContainsFunc(j.marks, so)
}

// Names reports whether the release list of every mark names the code: see
// [marking.Marking.Names].
func (j Joint) Names(code string) bool {
	return j.every(func(m marking.Marking) bool { return m.Names(code) })
}

// NoForeign reports whether a mark is for nobody outside the nation whose
// policy it is of. It is so of the zero Joint.
func (j Joint) NoForeign() bool { return j.some(marking.Marking.NoForeign) }

// OriginatorControlled reports whether nobody passes it on without an
// originator. It is so of the zero Joint.
func (j Joint) OriginatorControlled() bool { return j.some(marking.Marking.OriginatorControlled) }

// Open reports whether every mark is open: nothing keeps anybody from having
// it.
func (j Joint) Open() bool { return j.every(marking.Marking.Open) }

// Access says what the marks let somebody do: the least that any of them does.
// The recipients are that person under each of the policies; without one for
// the policy of a mark, nothing. Of several for one policy the one that may
// least counts.
func (j Joint) Access(recipients ...marking.Recipient) marking.Access {
	if j.IsZero() {
		return marking.AccessNone
	}
	out := marking.AccessKeep
	for _, m := range j.marks {
		asked := false
		for _, r := range recipients {
			if m.WhyAccess(r)[0].Rule == "access.policy" {
				continue // the recipient of another policy
			}
			asked = true
			out = min(out, m.Access(r))
		}
		if !asked {
			return marking.AccessNone
		}
	}
	return out
}

// Releasable returns the codes that every mark lets keep, and those that every
// mark lets keep or see and not all let keep, in the order of the first mark's
// policy. See [marking.Marking.Releasable]: clearances, read-ins and owners'
// lists are not looked at, and a mark that says nothing of release lets in
// nobody but its own nation.
func (j Joint) Releasable() (keep, see []string) {
	limiting := slices.DeleteFunc(slices.Clone(j.marks), func(m marking.Marking) bool {
		return m.Open() && m.Audience() == marking.AudienceEveryone // codes that its policy does not know included
	})
	if len(limiting) == 0 {
		limiting = j.marks
	}
	for i, m := range limiting {
		k, s, _ := m.Releasable()
		if i == 0 {
			keep, see = k, s
			continue
		}
		both := intersect(keep, k)
		see = slices.DeleteFunc(intersect(slices.Concat(keep, see), slices.Concat(k, s)), func(c string) bool { return slices.Contains(both, c) })
		keep = both
	}
	return keep, see
}

func intersect(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(c string) bool { return !slices.Contains(b, c) })
}

// Dominates reports whether a text that bears j may draw on one that bears o:
// whether j has, for every mark of o, one of the same policy that dominates it
// ([marking.Marking.Dominates]). It is false where either is zero.
func (j Joint) Dominates(o Joint) bool {
	return !j.IsZero() && o.every(func(m marking.Marking) bool {
		return slices.ContainsFunc(j.marks, func(over marking.Marking) bool { return over.Dominates(m) })
	})
}

// Into returns one banner for all the marks, of policy p: each is translated
// ([Translate]) and the portions rolled up, of unknown date. It fails, with
// [marking.Faults], where one cannot be translated, where the portions have no
// banner, and where the banner would be for anybody for whom a part is not. As
// in every roll-up, open parts take no part in whom it is for.
func (j Joint) Into(p *marking.Policy) (marking.Marking, error) {
	var c collector
	if j.IsZero() {
		c.add(marking.Fault{Rule: ruleZero, Text: "there is no marking"})
	}
	parts := make([]translated, len(j.marks))
	for i, m := range j.marks {
		part, err := translate(j.table, m, p)
		faults, _ := err.(marking.Faults) //nolint:errorlint // it returns no other
		for _, f := range faults {
			f.Text = m.String() + ": " + f.Text
			c.add(f)
		}
		parts[i] = part
	}
	if len(c.faults) > 0 {
		return marking.Marking{}, c.faults
	}
	portions := make([]marking.Marking, len(parts))
	for i, part := range parts {
		portions[i] = part.mark
	}
	r, err := p.RollUp(dated(portions))
	if err != nil {
		return marking.Marking{}, err
	}
	for i, m := range j.marks {
		c.all(widened(m, r.Banner, parts[i].kept))
	}
	if len(c.faults) > 0 {
		return marking.Marking{}, c.faults
	}
	return r.Banner, nil
}
