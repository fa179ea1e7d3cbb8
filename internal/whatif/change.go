package whatif

import (
	"fmt"
	"slices"

	"tearline"
)

// A Membership is a party and a coalition.
type Membership struct {
	Party     tearline.PartyID `json:"party"`
	Coalition tearline.PartyID `json:"coalition"`
}

// A Change is one thing supposed to be otherwise at the instant of the
// question. Exactly one of its fields is set.
type Change struct {
	// Join supposes that a party is a member of a coalition, which may be new.
	Join *Membership `json:"join,omitempty"`
	// Leave supposes that it is no longer.
	Leave *Membership `json:"leave,omitempty"`
	// Revoke supposes that whoever made a statement takes it back.
	Revoke tearline.StatementID `json:"revoke,omitempty"`
}

// Changed is one cell that would differ.
type Changed struct {
	Report  tearline.ReportID  `json:"report"`
	Portion tearline.PortionID `json:"portion"`
	Party   tearline.PartyID   `json:"party"`
	// MarkingBefore and MarkingAfter are the portion marks in force; they
	// differ if a declassification was taken back.
	MarkingBefore string `json:"marking_before"`
	MarkingAfter  string `json:"marking_after"`
	Before        Cell   `json:"before"`
	After         Cell   `json:"after"`
}

// A Difference is what would change: the cells that differ, in the order of
// the matrix, row by row. Cells that have the same answer for another reason,
// such as another agreement, do not differ.
type Difference struct {
	// The question as it was answered: see [Matrix].
	Question
	// Compared is the number of cells that were looked at.
	Compared int       `json:"compared"`
	Cells    []Changed `json:"cells"`
}

// Compare answers a question as things are and as they would be after the
// changes, each made upon those before it. It costs twice what [Table] does.
//
// Errors are those of Table, and Invalid ones for changes that cannot be: a
// Change that sets none or several of its fields, an unknown party or
// statement, a member that joins, a stranger that leaves, a statement that
// nothing rests on or that was not in force. A statement that is not there and
// one that is not among the holder's facts give the same error.
func Compare(statements []tearline.Statement, q Question, changes ...Change) (Difference, error) {
	facts, err := read(statements)
	if err != nil {
		return Difference{}, err
	}
	w := newWorld(statements, &q)
	if q, err = w.resolve(q); err != nil {
		return Difference{}, err
	}
	if len(changes) == 0 {
		return Difference{}, invalid("name a membership or a statement", "no change is named")
	}
	for _, c := range changes {
		if err := w.suppose(c); err != nil {
			return Difference{}, err
		}
	}
	before, err := table(facts, q)
	if err != nil {
		return Difference{}, err
	}
	if facts, err = read(w.all); err != nil {
		return Difference{}, err
	}
	after, err := table(facts, q)
	if err != nil {
		return Difference{}, err
	}
	return difference(&before, &after), nil
}

// difference compares two answers to one question.
func difference(before, after *Matrix) Difference {
	d := Difference{Question: before.Question, Cells: []Changed{}}
	for i := range before.Rows {
		was, is := &before.Rows[i], &after.Rows[i]
		d.Compared += len(was.Cells)
		for j := range was.Cells {
			if was.Cells[j].equal(&is.Cells[j]) {
				continue
			}
			d.Cells = append(d.Cells, Changed{
				Report: was.Report, Portion: was.Portion, Party: before.Parties[j],
				MarkingBefore: was.Marking, MarkingAfter: is.Marking,
				Before: was.Cells[j], After: is.Cells[j],
			})
		}
	}
	return d
}

// suppose makes one change.
func (w *world) suppose(c Change) error {
	set := 0
	for _, is := range []bool{c.Join != nil, c.Leave != nil, c.Revoke != ""} {
		if is {
			set++
		}
	}
	switch {
	case set != 1:
		return invalid("name one thing in each change: to join, to leave or to revoke", "a change names %d things", set)
	case c.Join != nil:
		return w.join(*c.Join)
	case c.Leave != nil:
		return w.leave(*c.Leave)
	}
	return w.revoke(c.Revoke)
}

// say puts a statement beside the real ones. It is said at the instant of the
// question, and its name continues the greatest that was given: it cannot
// collide, and is the last of all that was said at that instant.
func (w *world) say(by tearline.PartyID, what tearline.Predicate) {
	w.supposed++
	id := w.last + tearline.StatementID(fmt.Sprintf("~%09d", w.supposed))
	w.all = append(w.all, tearline.Statement{ID: id, By: by, At: w.at, Says: what})
	w.index(&w.all[len(w.all)-1])
}

func (w *world) join(m Membership) error {
	r, err := w.member(m)
	if err != nil {
		return err
	}
	if slices.Contains(r.what.MemberOf, m.Coalition) {
		return invalid("leave this change out, or suppose that it leaves", "%s is a member of %s already", m.Party, m.Coalition)
	}
	w.amend(&r, append(slices.Clone(r.what.MemberOf), m.Coalition))
	return nil
}

func (w *world) leave(m Membership) error {
	r, err := w.member(m)
	if err != nil {
		return err
	}
	if !slices.Contains(r.what.MemberOf, m.Coalition) {
		return invalid("leave this change out, or suppose that it joins", "%s is no member of %s", m.Party, m.Coalition)
	}
	w.amend(&r, slices.DeleteFunc(slices.Clone(r.what.MemberOf), func(c tearline.PartyID) bool { return c == m.Coalition }))
	return nil
}

// member returns the record in force of a party whose membership is to change.
func (w *world) member(m Membership) (record, error) {
	if _, err := tearline.ParsePartyID(string(m.Coalition)); err != nil {
		return record{}, &tearline.Error{
			Op: op, Kind: tearline.Invalid, Public: "coalition: " + err.Error(), Err: err,
			Hint: "name the coalition as release lists do, such as NATO",
		}
	}
	r, ok := w.record(m.Party)
	switch {
	case !ok:
		return r, w.unknown(m.Party)
	case m.Party == m.Coalition:
		return r, invalid("name a party and a coalition", "%s cannot be a member of itself", m.Party)
	}
	return r, nil
}

// amend repeats a party's record with other memberships, in the name of whoever
// said it: nobody else's view of the parties counts.
func (w *world) amend(r *record, memberOf []tearline.PartyID) {
	next := *r.what
	next.MemberOf = memberOf
	w.say(r.by, &next)
}

// revoke takes a statement back in the name of whoever said it.
func (w *world) revoke(id tearline.StatementID) error {
	s, ok := w.byID[id]
	if !ok {
		return invalid("name a statement that the answers rest on: tearline decide lists them", "unknown statement %q", id)
	}
	term, err := revocable(&s)
	if err != nil {
		return err
	}
	if s.at.After(w.at) {
		return invalid("ask as of a later time", "%s %s was said only at %s", s.says.Kind(), id, stamp(s.at))
	}
	if t, over := w.takenBack(&s); over {
		return invalid("ask as of a time before that", "%s %s was taken back at %s", s.says.Kind(), id, stamp(t))
	}
	if !term.Covers(s.at, w.at) {
		return invalid("ask as of a time within its term", "%s %s is not in force at %s", s.says.Kind(), id, stamp(w.at))
	}
	if next, over := w.replaced(&s); over {
		return invalid("name the later one", "%s %s is not in force at %s: %s of %s replaced it", s.says.Kind(), id, stamp(w.at), next.id, stamp(next.at))
	}
	w.say(s.by, &tearline.Revocation{Of: id})
	return nil
}

// revocable returns the term of a statement that can be supposed to be taken
// back, or says why it cannot.
func revocable(s *said) (*tearline.Term, error) {
	switch s.says.(type) {
	case *tearline.Filing:
		return nil, invalid("leave the report out of the question", "%s is a filing: without it there are no answers to compare", s.id)
	case *tearline.PartyRecord:
		return nil, invalid("suppose that the party joins or leaves coalitions", "%s is a party's record: without it there are no answers to compare", s.id)
	}
	if term := tearline.TermOf(s.says); term != nil {
		return term, nil
	}
	return nil, invalid(
		"name an agreement, exclusion, tie, embargo, consent, declassification or discretion",
		"no answer rests on %s: it is a %s", s.id, s.says.Kind(),
	)
}

// replaced returns the later agreement because of which one has no effect any
// more. See package release: one is replaced by the next of the same name from
// the same party or between the same parties, but the ceiling of the holder's
// own only by its own.
func (w *world) replaced(s *said) (said, bool) {
	x, ok := s.says.(*tearline.Agreement)
	if !ok {
		return said{}, false
	}
	for _, y := range w.agreements {
		switch {
		case y.at.After(w.at) || !y.after(s) || y.what.Name != x.Name:
		case y.by != w.holder && (!slices.Contains(y.what.Parties[:], y.by) || !slices.Contains(y.what.Parties[:], w.holder)):
			// it is not the sayer's to agree
		case y.by == s.by, s.by != w.holder && between(x, y.what):
			return y.said, true
		}
	}
	return said{}, false
}

// between reports whether two agreements are between the same parties.
func between(a, b *tearline.Agreement) bool {
	return a.Parties == b.Parties || a.Parties[0] == b.Parties[1] && a.Parties[1] == b.Parties[0]
}
