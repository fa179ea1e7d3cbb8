// Package warrant says what an investigator may search: which warrant of a
// party's is in force for a person, and whether it covers a portion. It works
// on statements and a time that its caller brings; it may read no store and no
// clock, it searches nothing, and it never tells why a warrant does not count.
//
// # What is covered
//
// All of this must hold, or a portion is not covered:
//
//   - everybody with a say in the portion, over its whole lineage, is among the
//     warrant's originators, if it names any; a portion of which nobody knows
//     whose it is never is;
//   - its level is not above the warrant's, both read under the warrant's own
//     policy: a mark of another policy counts as the level that the common
//     table of equivalences holds it to be at least, and what the table does not
//     compare is not covered;
//   - every compartment of its mark is named in the warrant, whatever the level.
//
// The answer rests on nothing else, so that an archive can be cut into shards
// ([shards.Shard]) each of which is covered whole or not at all. A search that opens
// covered shards alone has no way of telling, by what it finds, by its
// statistics or by the time it takes, what is in the others.
package warrant

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"tearline"
	"tearline/internal/warrant/shards"
	"tearline/marking"
	"tearline/marking/equivalence"
	"tearline/release"
)

// A Warrant is one that is in force. Only [InForce] makes one that covers
// anything: the zero Warrant covers nothing. It is immutable and safe for
// concurrent use.
type Warrant struct {
	id   tearline.StatementID
	says tearline.Warrant
}

// ID returns the name of the statement, "" for the zero Warrant.
func (w Warrant) ID() tearline.StatementID { return w.id }

// Says returns what the warrant says; it is the caller's own copy.
func (w Warrant) Says() tearline.Warrant {
	says := w.says
	says.Compartments, says.Originators = slices.Clone(says.Compartments), slices.Clone(says.Originators)
	return says
}

// InForce returns the warrant of a party by which a person may search at a
// time. Statements are those of the party, in any order: its warrants,
// delegations and revocations at least; others' are passed over. Id is the
// statement's name or the beginning of it.
//
// A warrant that is unknown, another party's or another person's, that is not
// in force yet or any more, or that nobody had the power to grant, has one and
// the same answer, [tearline.NewWithheld]. What was entered in the ledger later
// than it was said holds from its entry on: nobody makes good a search by
// dating a warrant back. Only of several of the person's own, all in force,
// whose names begin alike is it said that more is to be given of the name.
func InForce(statements []tearline.Statement, party tearline.PartyID, id, investigator string, at time.Time) (Warrant, error) {
	c := candidates{party: party, authorities: release.NewAuthorities(party, statements), ended: ended(statements, party, at)}
	var found []Warrant
	for i := range statements {
		s := &statements[i]
		x, ok := s.Says.(*tearline.Warrant)
		if !ok || x == nil || id == "" || !strings.HasPrefix(string(s.ID), id) || !release.SamePerson(x.Investigator, investigator) {
			continue
		}
		if c.count(s, x, at) {
			w := Warrant{s.ID, *x}
			w.says = w.Says() // nobody else's slices
			found = append(found, w)
		}
	}
	switch len(found) {
	case 0:
		return Warrant{}, tearline.NewWithheld()
	case 1:
		return found[0], nil
	}
	return Warrant{}, &tearline.Error{
		Op: "warrant", Kind: tearline.Invalid, Public: fmt.Sprintf("%q begins the names of several warrants", id), Hint: "give more of its characters",
	}
}

// Kinds are the kinds of statement that [InForce] reads.
func Kinds() []tearline.StatementKind {
	return []tearline.StatementKind{tearline.KindWarrant, tearline.KindDelegation, tearline.KindRevocation}
}

// Find is [InForce] of statements that are read one by one, and of the first
// error in reading them.
func Find(statements iter.Seq2[tearline.Statement, error], party tearline.PartyID, id, investigator string, at time.Time) (Warrant, error) {
	var said []tearline.Statement
	for s, err := range statements {
		if err != nil {
			return Warrant{}, err
		}
		said = append(said, s)
	}
	return InForce(said, party, id, investigator, at)
}

// ended returns what a party has taken back by a time.
func ended(statements []tearline.Statement, party tearline.PartyID, at time.Time) map[tearline.StatementID]bool {
	out := map[tearline.StatementID]bool{}
	for i := range statements {
		s := &statements[i]
		if r, ok := s.Says.(*tearline.Revocation); ok && r != nil && s.By == party && !s.At.After(at) {
			out[r.Of] = true
		}
	}
	return out
}

// candidates are the warrants of a party, and by what they count.
type candidates struct {
	party       tearline.PartyID
	authorities *release.Authorities
	ended       map[tearline.StatementID]bool
}

// count reports whether a warrant counts at a time.
func (c *candidates) count(s *tearline.Statement, x *tearline.Warrant, at time.Time) bool {
	said := s.At
	if s.Recorded.After(said) {
		said = s.Recorded
	}
	return s.By == c.party && !c.ended[s.ID] && x.Covers(said, at) && len(Check(x, s.At)) == 0 && granted(c.authorities, x, s.At) == nil
}

// granted returns why an authority had no power to grant a warrant when it was
// said.
func granted(a *release.Authorities, x *tearline.Warrant, at time.Time) error {
	for _, m := range Reach(x) {
		err := a.Check(release.Exercise{Power: tearline.PowerSearch, Authority: x.Authority, Second: x.Second, Over: m, At: at})
		if err != nil {
			return err
		}
	}
	return nil
}

// Reach returns, for each policy of which a warrant covers anything, the plain
// mark of the highest level that it covers there: over all of them its
// authority needs the power to search. A level that no plain mark has counts
// as the next one above. It is empty for a warrant that covers nothing.
func Reach(x *tearline.Warrant) []marking.Marking {
	own, ceiling, ok := ceilingOf(x)
	if !ok {
		return nil
	}
	policies := []*marking.Policy{own}
	for _, id := range marking.Policies() {
		if p, ok := marking.Lookup(id); ok && p != own {
			policies = append(policies, p)
		}
	}
	var out []marking.Marking
	for _, p := range policies {
		covered := false
		var top marking.Marking
		for _, l := range slices.Backward(p.Levels()) {
			if m, err := p.Parse(l.Name); err == nil {
				top = m
			}
			in, known := equivalence.Default().Level(p, l, own)
			if covered = known && in.Rank <= ceiling.Rank; covered {
				break
			}
		}
		if covered {
			out = append(out, top)
		}
	}
	return out
}

// ceilingOf returns the policy and the level up to which a warrant reaches.
func ceilingOf(x *tearline.Warrant) (*marking.Policy, marking.Level, bool) {
	p, ok := marking.Lookup(x.Policy)
	if !ok || x.Policy == "" || x.UpTo == "" {
		return nil, marking.Level{}, false
	}
	l, ok := p.Level(x.UpTo)
	return p, l, ok
}

// Covers reports whether a portion may be searched: originators are those with
// a say in it, over its whole lineage, m is its mark. It is
// w.CoversShard(shards.Of(originators, m)).
func (w Warrant) Covers(originators []tearline.PartyID, m marking.Marking) bool {
	return w.CoversShard(shards.Of(originators, m))
}

// CoversShard reports whether what is in a shard may be searched. Nothing of
// the zero Shard may.
func (w Warrant) CoversShard(s shards.Shard) bool {
	own, ceiling, ok := ceilingOf(&w.says)
	if !ok || s == (shards.Shard{}) {
		return false
	}
	p, ok := marking.Lookup(s.Policy)
	if !ok || s.Policy == "" {
		return false
	}
	l, ok := p.Level(s.Level)
	if !ok {
		return false
	}
	if in, known := equivalence.Default().Level(p, l, own); !known || in.Rank > ceiling.Rank {
		return false
	}
	originators, err := shards.List(s.Originators)
	if err != nil || len(originators) == 0 {
		return false
	}
	compartments, err := shards.List(s.Compartments)
	if err != nil {
		return false
	}
	return allIn(compartments, func(c string) bool {
		return slices.ContainsFunc(w.says.Compartments, func(named string) bool { return strings.EqualFold(named, c) })
	}) && (len(w.says.Originators) == 0 || allIn(originators, func(o string) bool {
		return slices.Contains(w.says.Originators, tearline.PartyID(o))
	}))
}

func allIn(list []string, in func(string) bool) bool {
	return !slices.ContainsFunc(list, func(x string) bool { return !in(x) })
}
